//! Nasjonalt skoleregister and Nasjonalt barnehageregister, version 4.

use serde_json::{Value, json};

use crate::places::{COUNTIES, name_of};
use crate::scene::{Employees, Scene, Trade, Unit};
use crate::server::Reply;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Register {
    Schools,
    Kindergartens,
}

impl Register {
    /// Owners are in both.
    fn holds(self, unit: &Unit) -> bool {
        let own = match self {
            Self::Schools => matches!(unit.trade, Trade::PrimarySchool | Trade::UpperSecondary),
            Self::Kindergartens => unit.trade == Trade::Kindergarten,
        };
        !unit.is_removed && (own || matches!(unit.trade, Trade::Municipality | Trade::Company))
    }
}

/// What a path below the register's base is answered with.
pub(crate) fn answer(scene: &Scene, register: Register, path: &[&str], query: &[(String, String)]) -> Reply {
    let value = |key: &str| query.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
    let units = || scene.units.values().filter(move |unit| register.holds(unit));
    let list = |units: Vec<&Unit>| {
        let items: Vec<Value> = units.into_iter().map(|unit| listed(register, unit)).collect();
        Reply::json(json!({ "EnhetListe": items }).to_string())
    };
    match path {
        ["enhet", number] => match units().find(|unit| unit.number == *number) {
            Some(unit) => Reply::json(detailed(scene, register, unit).to_string()),
            None => Reply::status(404),
        },
        ["enheter", "kommune", number] => list(units().filter(|unit| unit.municipality == *number).collect()),
        ["enheter", "fylke", number] => {
            list(units().filter(|unit| unit.municipality.starts_with(number)).collect())
        }
        ["enheter", "endretetter"] => {
            // The day is as coarse as the register's own.
            let day = value("dato").unwrap_or_default();
            list(
                units()
                    .filter(|unit| unit.written_at.strftime("%Y-%m-%d").to_string().as_str() > day)
                    .collect(),
            )
        }
        ["enheter"] => {
            let number = |key: &str, otherwise: usize| {
                value(key).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
            };
            let (page, size) = (number("sidenummer", 1).max(1), number("antallperside", 20).clamp(1, 20_000));
            let all: Vec<&Unit> = units().collect();
            let items: Vec<Value> =
                all.iter().skip((page - 1) * size).take(size).map(|unit| listed(register, unit)).collect();
            let body = json!({
                "Sidenummer": page, "AntallPerSide": size, "AntallSider": all.len().div_ceil(size),
                "TotaltAntallEnheter": all.len(), "EnhetListe": items,
            });
            Reply::json(body.to_string())
        }
        _ => Reply::status(404),
    }
}

fn stamp(unit: &Unit) -> String {
    unit.written_at.strftime("%Y-%m-%dT%H:%M:%S.%3f+00:00").to_string()
}

/// The name in mixed case, as these registers have it.
fn mixed(name: &str) -> String {
    let words = name.split(' ').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_string() + &letters.as_str().to_lowercase())
    });
    words.collect::<Vec<_>>().join(" ")
}

fn flags(register: Register, unit: &Unit) -> Value {
    let is_active = unit.deleted_on.is_none();
    match register {
        Register::Schools => json!({
            "ErAktiv": is_active,
            "ErSkole": matches!(unit.trade, Trade::PrimarySchool | Trade::UpperSecondary),
            "ErSkoleeier": !unit.is_sub,
            "ErGrunnskole": unit.trade == Trade::PrimarySchool,
            "ErVideregaaendeSkole": unit.trade == Trade::UpperSecondary,
            "ErGrunnopplaering": unit.is_sub,
            "ErSpesialskole": false,
            "ErPrivatskole": unit.is_private,
            "ErOffentligSkole": !unit.is_private,
        }),
        Register::Kindergartens => json!({
            "ErAktiv": is_active,
            "ErBarnehage": unit.trade == Trade::Kindergarten,
            "ErBarnehageEier": !unit.is_sub,
            "ErOffentligBarnehage": !unit.is_private,
            "ErPrivatBarnehage": unit.is_private,
            "ErInaktivIBasil": false,
        }),
    }
}

fn listed(register: Register, unit: &Unit) -> Value {
    let mut written = flags(register, unit);
    written["Organisasjonsnummer"] = json!(unit.number);
    written["Navn"] = json!(mixed(&unit.name));
    written["FulltNavn"] = json!(mixed(&unit.name));
    written["Karakteristikk"] = Value::Null;
    written["Fylkesnummer"] = json!(&unit.municipality[..2]);
    written["Kommunenummer"] = json!(unit.municipality);
    written["DatoEndret"] = json!(stamp(unit));
    written
}

fn detailed(scene: &Scene, register: Register, unit: &Unit) -> Value {
    let mut written = listed(register, unit);
    let county = &unit.municipality[..2];
    let county_name = COUNTIES.iter().find(|(known, _)| *known == county).map_or("", |(_, name)| name);
    written["Fylke"] = json!({
        "Fylkesnummer": county, "Navn": county_name, "Organisasjonsnummer": "971045698",
        "StatsforvalterOrganisasjonsnummer": "974763230",
    });
    written["Kommune"] = json!({
        "Navn": name_of(unit.municipality), "Kommunenummer": unit.municipality, "ErNedlagt": false, "Fylkesnummer": county,
    });
    written["Organisasjonsform"] = json!({"Id": if unit.is_sub { "BEDR" } else { "KOMM" }, "Navn": ""});
    let code = match unit.trade {
        Trade::Kindergarten => "85.100",
        Trade::UpperSecondary => "85.310",
        _ => "85.201",
    };
    written["Naeringskoder"] = json!([{"Prioritet": 1, "Kode": code, "Navn": "", "Versjon": "2025"}]);
    written["Utgaattype"] = json!({"Id": if unit.deleted_on.is_some() { "N" } else { "A" }, "Navn": ""});
    written["UtgaattDato"] = json!(unit.deleted_on.as_ref().map(|day| format!("{day}T00:00:00+00:00")));
    // Closed units and counts of one to four have no number here.
    written["AntallAnsatte"] = match unit.employees {
        Employees::Shown(count) if unit.deleted_on.is_none() && unit.is_sub => json!(count),
        _ => Value::Null,
    };
    let name = |number: &str| scene.units.get(number).map(|unit| mixed(&unit.name));
    let (owner, attachment) = if register == Register::Schools { ("1", "4") } else { ("6", "9") };
    let relations =
        [(owner, "Eierstruktur", &unit.owner), (attachment, "Tilknytningsstruktur", &unit.parent)];
    let relations = relations.into_iter().filter_map(|(id, words, number)| {
        let number = number.as_ref()?;
        Some(json!({
            "Enhet": {"Organisasjonsnummer": number, "Navn": name(number)}, "Relasjonstype": {"Id": id, "Navn": words},
        }))
    });
    written["ForeldreRelasjoner"] = relations.collect();
    written["BarnRelasjoner"] = json!([]);
    written
}
