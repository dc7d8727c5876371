//! The reforms from the recorded changes: every number resolves, and sums over successors are kept.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use num_rational::BigRational;
use num_traits::One;
use tildel_registers::klass::{read_changes, read_codes};
use tildel_registers::municipality::{Finding, History, LifeId, SplitWeights, StepKind};

use crate::recorded;

/// The changes since 2013 and those of 2026, with the numbers that no change mentions from the list of 2022.
fn history() -> Option<History> {
    let changes = |name: &str| Some(read_changes(&recorded(name)?).unwrap());
    let builder = History::builder()
        .changes(changes("ssb-klass/131-changes-2013-2024.json")?)
        .changes(changes("ssb-klass/131-changes-2026.json")?)
        .changes(changes("ssb-klass/131-changes-2024.json")?)
        .codes(read_codes(&recorded("ssb-klass/131-codesAt-2022.json")?).unwrap());
    Some(builder.build())
}

fn sources(history: &History, code: &str, on: Date) -> Vec<(String, StepKind)> {
    let life = history.life_on(code, on).unwrap();
    let steps = history.steps_to(life).iter().filter(|step| step.on == on);
    steps.map(|step| (history.life(step.from).code.clone(), step.kind)).collect()
}

fn became(history: &History, code: &str, day: Date) -> Vec<String> {
    let resolved = history.resolve_code(code, day, &SplitWeights::none()).unwrap();
    resolved.successors.iter().map(|place| history.life(place.life).code.clone()).collect()
}

#[test]
fn sandnes_and_stavanger_in_2020() {
    let Some(history) = history() else { return };
    let reform = date(2020, 1, 1);
    let merged = |code: &str| (code.to_owned(), StepKind::Merged);
    assert_eq!(sources(&history, "1108", reform), [merged("1102"), merged("1129")]);
    assert_eq!(sources(&history, "1103", reform), [merged("1141"), merged("1142")]);
    assert_eq!(became(&history, "1102", date(2024, 6, 1)), ["1108"]);
    assert_eq!(became(&history, "1102", date(2019, 12, 31)), ["1102"]);
    assert_eq!(became(&history, "1142", date(2026, 11, 27)), ["1103"]);
    // Stavanger is one life throughout, as 1103 leads to itself.
    assert_eq!(history.lives_of("1103").len(), 1);
}

#[test]
fn alesund_and_haram_part_in_2024() {
    let Some(history) = history() else { return };
    let alesund = history.life_on("1507", date(2023, 12, 31)).unwrap();
    let kinds: Vec<_> = history.steps_from(alesund).iter().map(|step| step.kind).collect();
    assert_eq!(kinds, [StepKind::Split, StepKind::Split]);
    assert_eq!(became(&history, "1507", date(2024, 1, 1)), ["1508", "1580"]);
    // Haram itself went into Ålesund in 2020 and so came out again with it: by the lists alone nobody can tell.
    let resolved = history.resolve_code("1534", date(2024, 1, 1), &SplitWeights::none()).unwrap();
    assert!(resolved.is_assumed);
    // With weights of the parts the shares are those: 8 000 and 2 000 of 10 000.
    let weights = SplitWeights::none().with(date(2024, 1, 1), "1507", "1508", 8000).with(
        date(2024, 1, 1),
        "1507",
        "1580",
        2000,
    );
    let shares = history.resolve_code("1507", date(2024, 1, 1), &weights).unwrap();
    assert!(!shares.is_assumed);
    let shares: Vec<_> = shares.successors.iter().map(|place| place.share.to_string()).collect();
    assert_eq!(shares, ["4/5", "1/5"]);
}

#[test]
fn renames_and_boundary_moves_are_neither_mergers_nor_splits() {
    let Some(history) = history() else { return };
    let day = date(2026, 1, 1);
    // Oslo, Steinkjer and Lyngen get names in more languages; no step at all.
    for (code, name) in
        [("0301", "Oslo - Oslove"), ("5006", "Steinkjer - Stïentje"), ("5536", "Lyngen - Ivgu - Yykeä")]
    {
        let life = history.life_on(code, day).unwrap();
        assert_eq!(history.life(life).name_on(day), name);
        assert_ne!(history.life(life).name_on(date(2025, 12, 31)), name);
        assert!(history.steps_from(life).is_empty() && history.life(life).to.is_none(), "{code}");
    }
    // Indre Østfold lives on; parts go to Nordre Follo and Vestby, which have been there since 2024.
    let indre = history.life_on("3118", day).unwrap();
    assert_eq!(history.life(indre).to, None);
    let moved: Vec<_> = history
        .steps_from(indre)
        .iter()
        .map(|step| (history.life(step.to).code.as_str(), step.kind))
        .collect();
    assert_eq!(moved, [("3207", StepKind::BoundaryMoved), ("3216", StepKind::BoundaryMoved)]);
    assert_eq!(became(&history, "3118", date(2026, 11, 27)), ["3118"]);
    assert_eq!(history.life(history.life_on("3207", day).unwrap()).from, Some(date(2024, 1, 1)));
}

#[test]
fn boundary_moves_alone_are_told_too() {
    // The six changes of 2026 without anything before: what was there before is taken to have been, and that is said.
    let Some(body) = recorded("ssb-klass/131-changes-2026.json") else { return };
    let history = History::builder().changes(read_changes(&body).unwrap()).build();
    assert_eq!(became(&history, "3118", date(2026, 1, 1)), ["3118"]);
    let on = date(2026, 1, 1);
    let unclear = |code: &str| Finding::Unclear { code: code.to_owned(), on };
    assert_eq!(history.findings(), [unclear("3207"), unclear("3216")]);
}

#[test]
fn each_number_resolves_to_numbers_that_are_valid_and_nothing_is_lost() {
    let Some(history) = history() else { return };
    let days = [2013, 2015, 2017, 2018, 2019, 2020, 2022, 2023, 2024, 2026, 2030];
    for code in history.codes() {
        for id in history.lives_of(code) {
            for day in days.map(|year| date(year, 6, 1)) {
                check_resolves(&history, *id, day);
            }
        }
    }
    assert_eq!(history.findings(), []);
}

fn check_resolves(history: &History, id: LifeId, day: Date) {
    let resolved = history.resolve(id, day, &SplitWeights::none());
    let shares: BigRational = resolved.successors.iter().map(|place| &place.share).sum();
    assert_eq!(shares, BigRational::one(), "{} on {day}", history.life(id).code);
    for place in &resolved.successors {
        let life = history.life(place.life);
        let is_to_come = life.from.is_some_and(|from| from > day);
        assert!(life.is_valid_on(day) || (is_to_come && place.life == id), "{} on {day}", life.code);
    }
}

#[test]
fn as_many_municipalities_as_there_were() {
    let Some(history) = history() else { return };
    // Norway had 428 municipalities from 2013, 426 from 2017, 422 from 2018 to 2019, 356 from 2020 and 357 from 2024 (SSB).
    for (day, count) in [
        (date(2013, 6, 1), 428),
        (date(2017, 6, 1), 426),
        (date(2018, 6, 1), 422),
        (date(2019, 12, 31), 422),
        (date(2020, 1, 1), 356),
        (date(2023, 12, 31), 356),
        (date(2024, 1, 1), 357),
        (date(2026, 6, 1), 357),
    ] {
        assert_eq!(history.as_of(day).len(), count, "{day}");
    }
    let listed = read_codes(&recorded("ssb-klass/131-codesAt-2022.json").unwrap()).unwrap();
    assert_eq!(history.compare(&listed, date(2022, 6, 1)), []);
    // Of the 118 rows of 2024, three rename; they give up 114 numbers and bring 115.
    assert_eq!(history.compare(&listed, date(2024, 6, 1)).len(), 114 + 115, "another year's list is another");
    if let Some(body) = recorded("kommuner/kommuner-2025.json") {
        let list: Vec<serde_json::Value> = serde_json::from_slice(&body).unwrap();
        let listed: BTreeSet<&str> = list.iter().filter_map(|place| place["k_id"].as_str()).collect();
        assert_eq!(history.as_of(date(2025, 6, 1)).into_keys().collect::<BTreeSet<_>>(), listed);
    }
}

#[test]
fn the_graph_that_others_made_has_the_same_lives() {
    let (Some(history), Some(body)) = (history(), recorded("ssb-klass/131-graph-since-2013.json")) else {
        return;
    };
    let graph: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let (vertices, edges) = (graph["vertices"].as_array().unwrap(), graph["edges"].as_array().unwrap());
    assert_eq!((vertices.len(), edges.len()), (882, 529));
    // A vertex is one code with one name for a while: on each day of it the history has that code, with that name.
    for vertex in vertices.iter().filter(|vertex| vertex["code"] != "9999") {
        let (code, name) = (vertex["code"].as_str().unwrap(), vertex["name"].as_str().unwrap());
        let day = |key: &str| vertex[key].as_str().and_then(|text| text.parse::<Date>().ok());
        let from = day("validFrom").unwrap().max(date(2013, 1, 1));
        let last = day("validTo").map_or(date(2024, 6, 1), |to| to.yesterday().unwrap());
        for day in [from, last].into_iter().filter(|_| from <= last) {
            let life = history.life_on(code, day).unwrap_or_else(|| panic!("{code} on {day}"));
            assert_eq!(history.life(life).name_on(day), name, "{code} on {day}");
        }
    }
}
