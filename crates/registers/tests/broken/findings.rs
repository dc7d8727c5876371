//! Each finding with rows that have it, and the rows next to them that do not.

use jiff::civil::{Date, date};
use tildel_registers::klass::{CodeChange, CodeName, KlassCode};
use tildel_registers::municipality::{Finding, History, SplitWeights, StepKind};

fn named(code: &str) -> Option<CodeName> {
    (!code.is_empty()).then(|| CodeName { code: code.to_owned(), name: format!("Place {code}") })
}

/// A history of rows «year, old, new».
fn history(rows: &[(i16, &str, &str)]) -> History {
    let changes = rows.iter().map(|(year, old, new)| CodeChange {
        on: date(*year, 1, 1),
        old: named(old),
        new: named(new),
    });
    History::builder().changes(changes).build()
}

fn day(year: i16) -> Date {
    date(year, 1, 1)
}

fn is(history: &History, code: &str, year: i16) -> Vec<(String, String)> {
    let resolved = history.resolve_code(code, day(year), &SplitWeights::none()).unwrap();
    resolved
        .successors
        .iter()
        .map(|place| (history.life(place.life).code.clone(), place.share.to_string()))
        .collect()
}

fn one(code: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), "1".to_owned())]
}

#[test]
fn a_missing_row_is_a_gap() {
    // 0001 gives to 0002 in 1900 and changes again in 1910: the row to itself is missing.
    let gap = history(&[(1900, "0001", "0002"), (1900, "0003", "0002"), (1910, "0001", "0004")]);
    assert_eq!(gap.findings(), [Finding::Gap { code: "0001".into(), on: day(1900) }]);
    assert_eq!((is(&gap, "0001", 1905), is(&gap, "0001", 1950)), (one("0001"), one("0004")));
    // With a new beginning in between there is none, and the first 0001 is 0002.
    let reused = history(&[
        (1900, "0001", "0002"),
        (1900, "0003", "0002"),
        (1905, "0005", "0001"),
        (1910, "0001", "0004"),
    ]);
    assert_eq!(reused.findings(), []);
    assert_eq!(reused.lives_of("0001").len(), 2);
    assert_eq!((is(&reused, "0001", 1902), is(&reused, "0001", 1950)), (one("0002"), one("0004")));
}

#[test]
fn a_circle_is_found_and_read_by_the_day() {
    let circle = history(&[(1900, "0001", "0002"), (1900, "0002", "0003"), (1900, "0003", "0001")]);
    let codes = ["0001", "0002", "0003"].map(str::to_owned).to_vec();
    assert_eq!(circle.findings(), [Finding::Circle { on: day(1900), codes }]);
    let first = circle.life_on("0001", day(1899)).unwrap();
    let became = circle.resolve(first, day(1950), &SplitWeights::none());
    assert_eq!(circle.life(became.successors[0].life).code, "0002");
    // A number that goes and comes back on another day is no circle.
    assert_eq!(history(&[(1900, "0001", "0002"), (1910, "0002", "0001")]).findings(), []);
}

#[test]
fn an_end_that_leads_nowhere_loses_its_share() {
    let ends = history(&[(1900, "0001", "0002"), (1900, "0001", "0003"), (1910, "0003", "")]);
    assert_eq!(ends.findings(), [Finding::EndsNowhere { code: "0003".into(), on: day(1910) }]);
    let resolved = ends.resolve_code("0001", day(1950), &SplitWeights::none()).unwrap();
    assert_eq!(
        (resolved.lost.to_string(), is(&ends, "0001", 1950)),
        ("1/2".into(), vec![("0002".into(), "1/2".into())])
    );
    assert_eq!(is(&ends, "0001", 1905).len(), 2);
}

#[test]
fn who_gets_a_part_was_there_unless_something_says_no() {
    let kinds = |history: &History| -> Vec<StepKind> {
        let giver = history.life_on("0001", day(1900)).unwrap();
        history.steps_from(giver).iter().map(|step| step.kind).collect()
    };
    let rows = [(1900, "0001", "0001"), (1900, "0001", "0002")];
    let unclear = history(&rows);
    assert_eq!(unclear.findings(), [Finding::Unclear { code: "0002".into(), on: day(1900) }]);
    assert_eq!(kinds(&unclear), [StepKind::BoundaryMoved]);
    // Listed as beginning on that day: a part became a place of its own. Listed before: it was there. Neither is unclear.
    for (from, kind) in [(day(1900), StepKind::PartedOff), (day(1838), StepKind::BoundaryMoved)] {
        let listed = KlassCode {
            code: "0002".into(),
            parent: None,
            level: None,
            name: "Place".into(),
            from: Some(from),
            to: None,
        };
        let changes = rows.iter().map(|(year, old, new)| CodeChange {
            on: day(*year),
            old: named(old),
            new: named(new),
        });
        let history = History::builder().changes(changes).codes([listed]).build();
        assert_eq!((history.findings(), kinds(&history)), (&[][..], vec![kind]));
        assert_eq!(history.life(history.life_on("0002", day(1900)).unwrap()).from, Some(from));
        assert_eq!(is(&history, "0001", 1950), one("0001"), "it lives on in any case");
    }
}

#[test]
fn the_same_change_with_two_spellings_counts_once() {
    let mut other = CodeChange { on: day(1900), old: named("0001"), new: named("0002") };
    let first = other.clone();
    other.new = Some(CodeName { code: "0002".into(), name: "Plass 2".into() });
    let history = History::builder().changes([first.clone(), other]).build();
    let differ = Finding::NamesDiffer { on: day(1900), old: "0001".into(), new: "0002".into() };
    assert_eq!(history.findings(), [differ]);
    assert_eq!(is(&history, "0001", 1950), one("0002"));
    assert_eq!(History::builder().changes([first.clone(), first]).build().findings(), []);
}

#[test]
fn parts_meet_again_and_add_up() {
    // 0001 splits in three; two of them merge; what they hold of it is 2/3.
    let rows = [
        (1900, "0001", "0002"),
        (1900, "0001", "0003"),
        (1900, "0001", "0004"),
        (1910, "0002", "0005"),
        (1910, "0003", "0005"),
    ];
    let history = history(&rows);
    assert_eq!(is(&history, "0001", 1950), [("0004".into(), "1/3".into()), ("0005".into(), "2/3".into())]);
    let weights = SplitWeights::none().with(day(1900), "0001", "0002", 1).with(day(1900), "0001", "0003", 2);
    let incomplete = history.resolve_code("0001", day(1950), &weights).unwrap();
    assert!(incomplete.is_assumed, "a weight is missing, so none counts");
    let whole = history.resolve_code("0001", day(1950), &weights.with(day(1900), "0001", "0004", 0)).unwrap();
    assert!(!whole.is_assumed);
    assert_eq!(whole.successors.len(), 1, "a part of weight zero has nothing of it");
}
