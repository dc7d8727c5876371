//! Every fact of the letter stands in each form of it.

use std::collections::BTreeSet;
use std::path::Path;

use tildel_letters::{plain_text, render_html};

use crate::fixture::{composed, letter};

/// What a reader finds in the letter for each fact, in the words of the letter of June 2020.
const FACTS: [(&str, &[&str]); 20] = [
    ("F01", &["Samarbeidsforumene for barnehage og skole"]),
    ("F02", &["Kontakt saksbehandler", "Anita Olufsen, seniorrådgiver", "51 56 87 37"]),
    ("F03", &["Kommuner til oppstartsfase Kompetanseløftet spesialpedagogikk og inkluderende praksis"]),
    (
        "F04",
        &["Vi viser til sak i møte", "regional ordning og desentralisert ordning", "19. og 20. mai 2020"],
    ),
    ("F05", &["10 kommuner og en friskole søkte om deltakelse høsten 2020"]),
    ("F06", &["Fylkesmannen i Rogaland har fått tildelt to plasser til to prosjekter"]),
    ("F07", &["en helhetsvurdering er Sandnes kommune og Jærbarnehagene prioritert i denne omgang"]),
    ("F08", &["Samarbeidsprosjekt mellom Gjesdal, Klepp, Time og Hå"]),
    ("F09", &["På LAG for livslang lærelyst i Sandnes kommune"]),
    ("F10", &["Utviklingsstøttende praksiser for barn 1-3 år"]),
    (
        "F11",
        &[
            "Udir jobber med å beregne tildelingene til de ulike prosjektene",
            "et grunnbeløp og en faktor basert på antall ansatte i skole og barnehage per prosjekt",
            "Vi kommer tilbake til dette så snart vi vet noe mer",
        ],
    ),
    ("F12", &["er i en oppstartsfase og skal gjennomføres i løpet av en femårsperiode"]),
    (
        "F13",
        &[
            "vil bli involvert i det videre arbeidet for å forankre arbeidet i regional ordning og desentralisert",
        ],
    ),
    ("F14", &["i hvilken grad prosjektene som nå blir tildelt midler, skal motta støtte i mer enn ett år"]),
    (
        "F15",
        &[
            "Det vil komme nye midler til kompetanseløftet i årene framover",
            "legge til rette for at nye kommuner får ta del i ordningen",
        ],
    ),
    ("F16", &["søknader fra videregående opplæring ikke blir vurdert før ved oppstart i 2021"]),
    ("F17", &["Det skal avholdes regionale konferanser til høsten i forbindelse med oppstarten"]),
    ("F18", &["Vi avventer ytterligere avklaringer fra Udir og kommer tilbake med mer informasjon"]),
    (
        "F19",
        &[
            "Marianne Skøgerbø\nutdanningsdirektør",
            "Randi Bjørkås\nseniorrådgiver",
            "Anita Olufsen\nseniorrådgiver",
        ],
    ),
    ("F20", &["Dokumentet er elektronisk godkjent"]),
];

/// No-break spaces read as spaces.
fn spaced(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[test]
fn plain_text_states_every_fact() {
    let text = spaced(&plain_text(&composed(&letter())));
    for (id, phrases) in FACTS {
        for phrase in phrases {
            assert!(text.contains(phrase), "{id}: {phrase:?} is not in\n{text}");
        }
    }
}

#[test]
fn html_states_every_fact() {
    let page = render_html(&composed(&letter()));
    let (_, body) = page.split_once("<body>").unwrap();
    let text = spaced(&without_tags(body));
    for (id, phrases) in FACTS {
        for phrase in phrases {
            assert!(text.contains(phrase), "{id}: {phrase:?} is not in\n{text}");
        }
    }
}

#[test]
fn the_list_of_facts_is_covered() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/seed/facts.csv");
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("shared data is absent: the list of facts was not compared");
        return;
    };
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let required: BTreeSet<&str> =
        rows.iter().filter(|row| row[2].starts_with("yes")).map(|row| row.get(0).unwrap()).collect();
    assert_eq!(required, FACTS.iter().map(|(id, _)| *id).collect());
}

/// The text between tags; the page has no `>` within attribute values.
fn without_tags(html: &str) -> String {
    html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect()
}
