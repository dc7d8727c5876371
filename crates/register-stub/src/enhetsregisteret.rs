//! Enhetsregisteret: units, searches, feeds and files in the shapes that were recorded.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use crate::places::name_of;
use crate::random::Random;
use crate::scene::{Employees, Entry, Scene, Trade, Unit};
use crate::server::{Asked, Reply};

const BASE: &str = "https://data.brreg.no/enhetsregisteret/api";
/// Register and feed give no more than this many in one window.
const WINDOW: usize = 10_000;

/// What a path below the register's base is answered with.
pub(crate) fn answer(
    scene: &Scene,
    asked: &Asked,
    path: &[&str],
    query: &[(String, String)],
    mixed: bool,
) -> Reply {
    if asked.header("accept").is_some_and(|accept| accept.contains(".v1+")) {
        return Reply::status(406);
    }
    match path {
        ["oppdateringer", half] => {
            is_sub(half).map_or(Reply::status(404), |sub| feed(scene, sub, query, mixed))
        }
        [half, "lastned"] => is_sub(half).map_or(Reply::status(404), |sub| file(scene, sub, asked)),
        [half, number] => is_sub(half).map_or(Reply::status(404), |sub| one(scene, sub, number)),
        [half] => is_sub(half).map_or(Reply::status(404), |sub| search(scene, sub, query)),
        _ => Reply::status(404),
    }
}

fn is_sub(half: &str) -> Option<bool> {
    match half {
        "enheter" => Some(false),
        "underenheter" => Some(true),
        _ => None,
    }
}

fn value<'q>(query: &'q [(String, String)], key: &str) -> Option<&'q str> {
    query.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
}

fn complaint(what: &str) -> Reply {
    let body = json!({"status": 400, "feilmelding": "Feilaktig forespørsel", "valideringsfeil": [{"feilmelding": what}]});
    let mut reply = Reply::json(body.to_string());
    reply.status = 400;
    reply
}

fn one(scene: &Scene, sub: bool, number: &str) -> Reply {
    match scene.units.get(number).filter(|unit| unit.is_sub == sub) {
        None => Reply::status(404),
        Some(unit) if unit.is_removed => {
            let body = json!({"organisasjonsnummer": number, "slettedato": "2026-11-01", "_links": {}});
            let mut reply = Reply::json(body.to_string());
            reply.status = 410;
            reply
        }
        Some(unit) => Reply::json(written(unit).to_string()),
    }
}

fn search(scene: &Scene, sub: bool, query: &[(String, String)]) -> Reply {
    let number =
        |key: &str, otherwise: usize| value(query, key).map_or(Some(otherwise), |text| text.parse().ok());
    let (Some(page), Some(size)) = (number("page", 0), number("size", 20)) else {
        return complaint("page, size");
    };
    if page.saturating_add(1).saturating_mul(size) > WINDOW {
        return complaint("Antall treff per side og sidetall må være innenfor 10000");
    }
    let among = |key: &str, own: Option<&str>| {
        value(query, key).is_none_or(|wanted| own.is_some_and(|own| wanted.split(',').any(|one| one == own)))
    };
    let found: Vec<&Unit> = scene
        .units
        .values()
        .filter(|unit| unit.is_sub == sub && !unit.is_removed && unit.deleted_on.is_none())
        .filter(|unit| among("organisasjonsnummer", Some(&unit.number)))
        .filter(|unit| among("overordnetEnhet", unit.parent.as_deref()))
        .filter(|unit| among("kommunenummer", Some(unit.municipality)))
        .collect();
    let items: Vec<Value> = found.iter().skip(page * size).take(size).map(|unit| written(unit)).collect();
    let list = if sub { "underenheter" } else { "enheter" };
    paged(list, items, found.len(), page, size)
}

/// A list as HAL has it: without `_embedded` where it is empty.
fn paged(list: &str, items: Vec<Value>, total: usize, page: usize, size: usize) -> Reply {
    let pages = total.div_ceil(size.max(1));
    let mut body = json!({"_links": {}, "page": {"size": size, "totalElements": total, "totalPages": pages, "number": page}});
    if !items.is_empty() {
        body["_embedded"] = json!({ list: items });
    }
    Reply::json(body.to_string())
}

fn feed(scene: &Scene, sub: bool, query: &[(String, String)], mixed: bool) -> Reply {
    let feed = &scene.feeds[usize::from(sub)];
    let size = value(query, "size").map_or(Ok(20), str::parse);
    let Some(size) = size.ok().filter(|size| (1..=WINDOW).contains(size)) else { return complaint("size") };
    let first = match (value(query, "oppdateringsid"), value(query, "dato")) {
        (Some(id), None) => id.parse().ok().map(|id: i64| feed.partition_point(|entry| entry.id < id)),
        // An offset is refused, as the register does.
        (None, Some(date)) if date.ends_with('Z') => {
            date.parse().ok().map(|since: jiff::Timestamp| feed.partition_point(|entry| entry.at < since))
        }
        (None, None) => Some(0),
        _ => None,
    };
    let Some(first) = first else { return complaint("dato eller oppdateringsid") };
    let page = &feed[first..feed.len().min(first + size)];
    let mut entries: Vec<&Entry> = page.iter().collect();
    if mixed && !page.is_empty() {
        mix(&mut entries, feed, first);
    }
    let items = entries.into_iter().map(|entry| written_entry(entry, sub)).collect();
    let list = if sub { "oppdaterteUnderenheter" } else { "oppdaterteEnheter" };
    paged(list, items, feed.len() - first, 0, size)
}

/// Some twice, some of long ago again, and all out of order; the same for the same page.
fn mix<'e>(entries: &mut Vec<&'e Entry>, feed: &'e [Entry], first: usize) {
    let mut random = Random::new(feed[first].id.unsigned_abs());
    for _ in 0..=entries.len() / 10 {
        entries.push(entries[random.place(entries.len())]);
        if first > 0 {
            entries.push(&feed[random.place(first)]);
        }
    }
    for last in (1..entries.len()).rev() {
        entries.swap(last, random.place(last + 1));
    }
}

fn written_entry(entry: &Entry, sub: bool) -> Value {
    let (link, half) = if sub { ("underenhet", "underenheter") } else { ("enhet", "enheter") };
    let mut written = json!({
        "oppdateringsid": entry.id,
        "dato": entry.at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        "organisasjonsnummer": entry.number,
        "endringstype": entry.change,
    });
    // What was removed has no address any more.
    if entry.change != "Fjernet" {
        written["_links"] = json!({ link: {"href": format!("{BASE}/{half}/{}", entry.number)} });
    }
    written
}

fn file(scene: &Scene, sub: bool, asked: &Asked) -> Reply {
    let mark = format!("\"{}-{sub}\"", scene.listed_at.as_millisecond());
    if asked.header("if-none-match") == Some(&mark) {
        return Reply::status(304).with("ETag", mark);
    }
    let mut text = String::from("[");
    for unit in scene.listed.values().filter(|unit| unit.is_sub == sub) {
        let separator = if text.len() == 1 { "" } else { ",\n" };
        // Into memory, where nothing fails.
        let _ = write!(text, "{separator}{}", written(unit));
    }
    text.push(']');
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let _ = packed.write_all(text.as_bytes());
    let body = packed.finish().unwrap_or_default();
    let modified = scene.listed_at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    Reply {
        status: 200,
        headers: vec![("Content-Type", "application/octet-stream".into())],
        body,
        ..Reply::default()
    }
    .with("ETag", mark)
    .with("Last-Modified", modified)
}

/// A unit as the register writes it: what is missing has no key.
fn written(unit: &Unit) -> Value {
    let half = if unit.is_sub { "underenheter" } else { "enheter" };
    let (form, form_words) = match unit.trade {
        Trade::Municipality => ("KOMM", "Kommune"),
        Trade::Part => ("ORGL", "Organisasjonsledd"),
        Trade::Company => ("AS", "Aksjeselskap"),
        _ => ("BEDR", "Underenhet til næringsdrivende og offentlig forvaltning"),
    };
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| drop(fields.insert(key.to_owned(), value));
    put("organisasjonsnummer", json!(unit.number));
    put("navn", json!(unit.name));
    put("organisasjonsform", json!({"kode": form, "beskrivelse": form_words}));
    put("_links", json!({"self": {"href": format!("{BASE}/{half}/{}", unit.number)}}));
    if let Some(day) = &unit.deleted_on {
        put("slettedato", json!(day));
        if unit.is_sub {
            put("nedleggelsesdato", json!(day));
        }
        put("respons_klasse", json!(if unit.is_sub { "SlettetUnderenhet" } else { "SlettetEnhet" }));
        return Value::Object(fields);
    }
    put("respons_klasse", json!(if unit.is_sub { "Underenhet" } else { "Enhet" }));
    put("registreringsdatoEnhetsregisteret", json!("2019-08-01"));
    put("harRegistrertAntallAnsatte", json!(unit.employees != Employees::None));
    if let Employees::Shown(count) = unit.employees {
        put("antallAnsatte", json!(count));
    }
    if unit.employees != Employees::None {
        put("registreringsdatoAntallAnsatteEnhetsregisteret", json!(unit.employees_on));
    }
    if let Some(parent) = &unit.parent {
        put("overordnetEnhet", json!(parent));
    }
    let (code, words) = match unit.trade {
        Trade::Municipality | Trade::Part => ("84.110", "Generell offentlig administrasjon"),
        Trade::Kindergarten => ("85.100", "Førskoleundervisning og drift av barnehager"),
        Trade::PrimarySchool | Trade::Company => ("85.201", "Ordinær grunnskoleundervisning"),
        Trade::UpperSecondary => ("85.310", "Videregående opplæring innen allmennfaglige studieretninger"),
        Trade::Other => ("68.200", "Utleie og drift av egen eller leid fast eiendom"),
    };
    put("naeringskode1", json!({"kode": code, "beskrivelse": words}));
    let address = json!({
        "land": "Norge", "landkode": "NO", "postnummer": "4300", "poststed": name_of(unit.municipality).to_uppercase(),
        "adresse": ["Øvingsveien 1"], "kommune": name_of(unit.municipality).to_uppercase(),
        "kommunenummer": unit.municipality,
    });
    put(if unit.is_sub { "beliggenhetsadresse" } else { "forretningsadresse" }, address);
    Value::Object(fields)
}
