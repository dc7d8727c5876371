//! One made-up unit, with the fields that recorded ones have and about as often.

use serde_json::{Map, Value, json};

use crate::random::Random;

const BASE: &str = "https://data.brreg.no/enhetsregisteret/api";

const FORMS: &[&(&str, &str)] = &[
    &("AS", "Aksjeselskap"),
    &("AS", "Aksjeselskap"),
    &("AS", "Aksjeselskap"),
    &("ENK", "Enkeltpersonforetak"),
    &("ENK", "Enkeltpersonforetak"),
    &("ENK", "Enkeltpersonforetak"),
    &("FLI", "Forening/lag/innretning"),
    &("NUF", "Norskregistrert utenlandsk foretak"),
    &("STI", "Stiftelse"),
    &("ORGL", "Organisasjonsledd"),
];
const TRADES: &[&(&str, &str)] = &[
    &("85.100", "Førskoleundervisning og drift av barnehager"),
    &("85.201", "Ordinær grunnskoleundervisning"),
    &("68.200", "Utleie og drift av egen eller leid fast eiendom"),
    &("41.000", "Oppføring av bygninger"),
    &("94.991", "Aktiviteter i andre interesseorganisasjoner ikke nevnt annet sted"),
    &("62.100", "Programmeringstjenester"),
    &("47.110", "Butikkhandel med bredt vareutvalg med hovedvekt på nærings- og nytelsesmidler"),
];
const PLACES: &[&(&str, &str, &str)] = &[
    &("4306", "SANDNES", "1108"),
    &("4352", "KLEPPE", "1120"),
    &("0181", "OSLO", "0301"),
    &("5003", "BERGEN", "4601"),
    &("9730", "KARASJOK", "5610"),
    &("6002", "ÅLESUND", "1508"),
    &("2500", "TYNSET", "3427"),
];
const WORDS: &[&str] = &["ØSTRE", "LILLE", "NYE", "ÅS", "FJELL", "HAV", "BRØDRENE", "NORD", "SOL", "VÅR"];

/// A unit.
pub(super) fn unit(number: String, random: &mut Random) -> Value {
    let (form, form_words) = random.one_of(FORMS);
    let name = format!("{} {} {number}", random.one_of(WORDS), random.one_of(WORDS));
    let mut unit = Map::new();
    let mut put = |key: &str, value: Value| drop(unit.insert(key.to_owned(), value));
    put("navn", json!(name));
    put(
        "organisasjonsform",
        json!({
            "kode": form,
            "beskrivelse": form_words,
            "_links": {"self": {"href": format!("{BASE}/organisasjonsformer/{form}")}},
        }),
    );
    if random.percent(25) {
        put("hjemmeside", json!(format!("www.{number}.example.org")));
    }
    if random.percent(40) {
        put("postadresse", address(random, "Postboks"));
    }
    put("registreringsdatoEnhetsregisteret", date(random));
    put("registrertIMvaregisteret", json!(random.percent(45)));
    let (trade, trade_words) = random.one_of(TRADES);
    put("naeringskode1", json!({"kode": trade, "beskrivelse": trade_words}));
    if random.percent(6) {
        let (trade, trade_words) = random.one_of(TRADES);
        put("naeringskode2", json!({"kode": trade, "beskrivelse": trade_words}));
    }
    let has_employees = random.percent(22);
    put("harRegistrertAntallAnsatte", json!(has_employees));
    if has_employees {
        let count = 1 + random.below(12) * random.below(12);
        // One to four are withheld.
        if count >= 5 {
            put("antallAnsatte", json!(count));
        }
        put("registreringsdatoAntallAnsatteEnhetsregisteret", date(random));
        put("registreringsdatoAntallAnsatteNAVAaregisteret", date(random));
    }
    put("forretningsadresse", address(random, "Gate"));
    put("stiftelsesdato", date(random));
    put("institusjonellSektorkode", json!({"kode": "2100", "beskrivelse": "Private aksjeselskaper mv."}));
    for key in [
        "registrertIForetaksregisteret",
        "registrertIStiftelsesregisteret",
        "registrertIFrivillighetsregisteret",
    ] {
        put(key, json!(random.percent(20)));
    }
    if random.percent(35) {
        put("sisteInnsendteAarsregnskap", json!("2025"));
    }
    for key in ["konkurs", "underAvvikling", "underTvangsavviklingEllerTvangsopplosning"] {
        put(key, json!(random.percent(1)));
    }
    put("maalform", json!(if random.percent(85) { "Bokmål" } else { "Nynorsk" }));
    if random.percent(50) {
        put("vedtektsdato", date(random));
        put(
            "vedtektsfestetFormaal",
            json!([
                "Drift av virksomhet og det som naturlig hører til,",
                "herunder å eie andeler i \"andre\" selskaper."
            ]),
        );
        put("aktivitet", json!(["Utleie av lokaler og tjenester til", "kommuner og organisasjoner."]));
    }
    put("_links", json!({"self": {"href": format!("{BASE}/enheter/{number}")}}));
    put("respons_klasse", json!("Enhet"));
    put("organisasjonsnummer", json!(number));
    Value::Object(unit)
}

fn address(random: &mut Random, street: &str) -> Value {
    let (postal_code, town, municipality) = random.one_of(PLACES);
    json!({
        "land": "Norge",
        "landkode": "NO",
        "postnummer": postal_code,
        "poststed": town,
        "adresse": [format!("{street} {}", random.below(400))],
        "kommune": town,
        "kommunenummer": municipality,
    })
}

fn date(random: &mut Random) -> Value {
    json!(format!("{}-{:02}-{:02}", 1995 + random.below(31), 1 + random.below(12), 1 + random.below(28)))
}
