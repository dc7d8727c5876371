//! Organisations with people, and what became of them.

use jiff::civil::Date;
use tildel_allocation::{
    CountedUnit, Headcount, HeadcountRecord, Measure, OrganisationInput, Ownership, Quantity, Share,
    SuccessorInput, UnitKind,
};

use super::Frame;
use crate::draw::Draw;

const NAMES: [&str; 6] = ["Ål", "Hå", "Sandnes", "Gáivuotna – Kåfjord", "Time \"øving\"", "Kl\\epp 🏔"];
pub(super) const KINDS: [UnitKind; 2] = [UnitKind::Kindergarten, UnitKind::PrimarySchool];
pub(super) const MEASURES: [Measure; 2] = [Measure::Employees, Measure::ManYears];
pub(super) const OWNERSHIPS: [Option<Ownership>; 4] =
    [None, None, Some(Ownership::Public), Some(Ownership::Private)];

/// Different numbers, of different lengths, so that the order of texts is not that of numbers.
pub(super) fn numbers(draw: &mut Draw, count: i64) -> Vec<String> {
    let mut numbers: Vec<String> = (0..count)
        .map(|place| match draw.below(4) {
            0 => format!("{}", 7 * place + 2),
            1 => format!("U{place}"),
            2 => format!("å{place}"),
            _ => format!("9{:08}", 37 * place + draw.between(0, 36)),
        })
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    // The lists of an input are handed over in any order.
    if draw.chance(50) {
        numbers.reverse();
    }
    numbers
}

/// The organisations. Successors always stand later in the list, so that nobody comes after itself.
pub(super) fn organisations(draw: &mut Draw, frame: &Frame) -> Vec<OrganisationInput> {
    let municipalities = ["1108", "1122", "1120", "1580"];
    (0..frame.numbers.len())
        .map(|place| {
            let later = &frame.numbers[place + 1..];
            let (ceased, successors) = if !later.is_empty() && draw.chance(20) {
                (Some(ceased(draw, frame)), successors(draw, later))
            } else {
                (None, Vec::new())
            };
            OrganisationInput {
                number: frame.numbers[place].clone(),
                name: draw.one(&NAMES).to_owned(),
                municipality: draw.maybe(80, |draw| draw.one(&municipalities).to_owned()),
                ceased,
                successors,
                headcounts: headcounts(draw, frame),
            }
        })
        .collect()
}

fn ceased(draw: &mut Draw, frame: &Frame) -> Date {
    let year = frame.year(draw);
    if draw.chance(60) { day(year, 1, 1) } else { any_day(draw, year) }
}

fn successors(draw: &mut Draw, later: &[String]) -> Vec<SuccessorInput> {
    let mut chosen = draw.some(later, 40);
    if chosen.is_empty() {
        chosen.push(later[0].clone());
    }
    chosen.truncate(4);
    let whole: i64 = draw.one(&[4, 12, 100, 7, 1000]);
    let mut left = whole;
    let last = chosen.len() - 1;
    chosen
        .into_iter()
        .enumerate()
        .map(|(place, organisation)| {
            let part = if place == last { left } else { draw.between(0, left) };
            left -= part;
            SuccessorInput { organisation, share: Share::new(part, whole).unwrap_or(Share::ZERO) }
        })
        .collect()
}

fn headcounts(draw: &mut Draw, frame: &Frame) -> Vec<HeadcountRecord> {
    let mut records = Vec::new();
    let is_rich = draw.chance(60);
    for kind in KINDS {
        for measure in MEASURES {
            let by_unit = draw.chance(35);
            for _ in 0..draw.between(i64::from(is_rich), if by_unit { 7 } else { 3 }) {
                records.push(record(draw, frame, (kind, measure), by_unit));
            }
        }
    }
    records
}

/// One of a few units, so that most have several records, now and then under another name.
fn unit(draw: &mut Draw) -> CountedUnit {
    let number = draw.one(&["974101", "974102", "97", "Å"]).to_owned();
    let name = if draw.chance(90) { format!("Enhet {number}") } else { "Ny skole".to_owned() };
    CountedUnit { number, name }
}

fn record(
    draw: &mut Draw,
    frame: &Frame,
    (unit_kind, measure): (UnitKind, Measure),
    by_unit: bool,
) -> HeadcountRecord {
    let year = draw.year(frame.first_year - 2, frame.last_year);
    let date = if draw.chance(50) { day(year, 10, 1) } else { any_day(draw, year) };
    let value = match draw.below(14) {
        0 => Headcount::Withheld,
        1 => Headcount::NoneRegistered,
        2 => Headcount::Unknown,
        3 => Headcount::Known(Quantity::ZERO),
        4..=7 => known(draw.between(1, 30) * 10_000),
        8 => known(draw.between(0, 1_000_000_000)),
        _ => known(draw.between(0, 2_000_000)),
    };
    HeadcountRecord {
        unit_kind,
        measure,
        ownership: draw.one(&OWNERSHIPS),
        date,
        value,
        source: draw.one(&["Skoleporten", "GSI", "Øvingsverdi", "Æ"]).to_owned(),
        practice: draw.chance(15),
        unit: if by_unit && draw.chance(75) { Some(unit(draw)) } else { None },
    }
}

fn known(milli: i64) -> Headcount {
    Headcount::Known(Quantity::from_milli(milli).unwrap_or(Quantity::ZERO))
}

pub(super) fn any_day(draw: &mut Draw, year: i16) -> Date {
    let month = i8::try_from(draw.between(1, 12)).unwrap_or(1);
    let on = match draw.below(4) {
        0 => 1,
        1 => 28,
        _ => i8::try_from(draw.between(1, 28)).unwrap_or(1),
    };
    day(year, month, on)
}

pub(super) fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::ZERO)
}
