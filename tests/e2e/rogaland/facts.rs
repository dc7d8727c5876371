//! The facts of the county governor's letter of June 2020, and how they read.
//!
//! Snippets are the letter's own words. Where our letter says the same in other words the snippet is cut around them: the
//! letter joins «regional og desentralisert ordning», has «prosjekter» in quotation marks and misspells «helhetsvurdering».

use std::collections::BTreeSet;
use std::path::PathBuf;

/// A fact of the list, with what shows it in the text.
pub(crate) struct Fact {
    id: &'static str,
    snippets: &'static [&'static str],
}

/// The one fact that is replaced, by the amounts, once they are known.
pub(crate) const PENDING: &str = "F11";
/// The one fact that shows only after approval.
pub(crate) const APPROVED: &str = "F20";

/// All facts. Names of people are the case's, as titles alone are the letter's.
const FACTS: &[Fact] = &[
    Fact { id: "F01", snippets: &["Samarbeidsforumene for barnehage og skole"] },
    Fact {
        id: "F02",
        snippets: &["Kontakt saksbehandler", "Maria Strandvik, seniorrådgiver", "51 00 00 11"],
    },
    Fact {
        id: "F03",
        snippets: &["Kommuner til oppstartsfase Kompetanseløftet spesialpedagogikk og inkluderende praksis"],
    },
    Fact {
        id: "F04",
        snippets: &[
            "Vi viser til sak i møte i samarbeidsforumene",
            "regional ordning og desentralisert ordning",
            "19. og 20. mai 2020",
            "vedrørende kommuner til oppstartsfase",
        ],
    },
    Fact { id: "F05", snippets: &["10 kommuner og en friskole søkte om deltakelse høsten 2020"] },
    Fact { id: "F06", snippets: &["Fylkesmannen i Rogaland har fått tildelt to plasser til to prosjekter"] },
    Fact {
        id: "F07",
        snippets: &[
            "Ut fra en helhetsvurdering er Sandnes kommune og Jærbarnehagene prioritert i denne omgang",
        ],
    },
    Fact { id: "F08", snippets: &["Gjesdal, Klepp, Time og Hå"] },
    Fact { id: "F09", snippets: &["På LAG for livslang lærelyst i Sandnes kommune"] },
    Fact { id: "F10", snippets: &["Utviklingsstøttende praksiser for barn 1-3 år"] },
    Fact {
        id: PENDING,
        snippets: &[
            "Udir jobber med å beregne tildelingene til de ulike prosjektene, ut fra en modell med et grunnbeløp og en \
             faktor basert på antall ansatte i skole og barnehage pr prosjekt",
            "Vi kommer tilbake til dette så snart vi vet noe mer",
        ],
    },
    Fact {
        id: "F12", snippets: &["er i en oppstartsfase og skal gjennomføres i løpet av en femårsperiode"]
    },
    Fact {
        id: "F13",
        snippets: &[
            "Samarbeidsforumene vil bli involvert i det videre arbeidet for å forankre arbeidet i regional",
            "desentralisert ordning",
        ],
    },
    Fact {
        id: "F14",
        snippets: &[
            "Samarbeidsforum skal vurdere i hvilken grad prosjektene som nå blir tildelt midler",
            "skal motta støtte i mer enn ett år",
        ],
    },
    Fact {
        id: "F15",
        snippets: &[
            "Det vil komme nye midler til kompetanseløftet i årene framover",
            "samarbeidsforum skal også legge til rette for at nye kommuner får ta del i ordningen",
        ],
    },
    Fact {
        id: "F16",
        snippets: &["søknader fra videregående opplæring ikke blir vurdert før ved oppstart i 2021"],
    },
    Fact {
        id: "F17",
        snippets: &["Det skal avholdes regionale konferanser til høsten i forbindelse med oppstarten"],
    },
    Fact {
        id: "F18",
        snippets: &[
            "Vi avventer ytterligere avklaringer fra Udir og kommer tilbake med mer informasjon om dette så snart som \
             mulig",
        ],
    },
    Fact {
        id: "F19",
        snippets: &[
            "Med vennlig hilsen Ingrid Fjellheim utdanningsdirektør Jonas Lid seniorrådgiver Maria Strandvik \
             seniorrådgiver",
        ],
    },
    Fact { id: APPROVED, snippets: &["Dokumentet er elektronisk godkjent"] },
];

/// The facts that a text lacks.
pub(crate) fn missing(text: &str) -> Vec<&'static str> {
    let lacking = |fact: &&Fact| fact.snippets.iter().any(|snippet| !text.contains(snippet));
    FACTS.iter().filter(lacking).map(|fact| fact.id).collect()
}

/// The text of a page: without tags, with one space wherever there is any white space.
pub(crate) fn text_of_html(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page.split_once("</style>").map_or(page, |(_, body)| body);
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        // Inline tags stand within sentences; all others part words.
        let (tag, after) = tag.split_once('>').unwrap();
        let inline = ["em", "/em", "strong", "/strong"].contains(&tag);
        if !inline {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    let text = text.replace("&#39;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_list_of_facts_is_covered() {
    let list = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/seed/facts.csv");
    let Ok(list) = std::fs::read_to_string(&list) else {
        println!("not held against the list of facts, as shared/data/seed/facts.csv is not there");
        return;
    };
    let wanted: BTreeSet<&str> = list
        .lines()
        .skip(1)
        .filter(|line| line.rsplit(',').next().is_some_and(|must_appear| must_appear.starts_with("yes")))
        .filter_map(|line| line.split(',').next())
        .collect();
    let covered: BTreeSet<&str> = FACTS.iter().map(|fact| fact.id).collect();
    assert_eq!(wanted.len(), 20, "the list is read wrongly: {wanted:?}");
    assert_eq!(covered, wanted);
}

#[test]
fn a_fact_that_is_not_there_is_missing() {
    let all: Vec<&str> = FACTS.iter().flat_map(|fact| fact.snippets).copied().collect();
    let all = all.join(" ");
    assert!(missing(&all).is_empty());
    let without = all.replace("i løpet av en femårsperiode", "i løpet av fem år");
    assert_eq!(missing(&without), ["F12"]);
    assert_eq!(missing("").len(), FACTS.len());
}

#[test]
fn tags_and_styles_are_no_text() {
    let page =
        "<html><style>p { x }</style>\n<p>to\u{a0}<em>plasser</em>, R&amp;D</p><p>og<br>\nmer</p></html>";
    assert_eq!(text_of_html(page), "to plasser, R&D og mer");
}
