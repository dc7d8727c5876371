//! Which source counts: a table by hand, and what holds of all of them.

#![allow(clippy::unwrap_used, reason = "tests may stop at once")]

use proptest::prelude::*;
use tildel_domain::allocation::{
    CountedUnit, Headcount, HeadcountRecord, Measure, Ownership, Quantity, UnitKind,
};
use tildel_domain::headcount_choice::{ChoiceRule, choose};
use tildel_domain::organisation::{OrganisationHeadcount, OrganisationKind};
use tildel_domain::register::RegisterKey::{self, Enhetsregisteret, Nbr};
use tildel_domain::unit::Unit;
use uuid::Uuid;

const UNKNOWN: Headcount = Headcount::Unknown;

fn known(count: u32) -> Headcount {
    Headcount::Known(Quantity::from_whole(count))
}

/// A count of one kindergarten; the number tells when it was recorded.
fn counted(id: u128, register: Option<RegisterKey>, date: &str, value: Headcount) -> OrganisationHeadcount {
    OrganisationHeadcount {
        id: Uuid::from_u128(id).into(),
        organisation_id: Uuid::from_u128(1).into(),
        record: HeadcountRecord {
            unit_kind: UnitKind::Kindergarten,
            measure: Measure::Employees,
            ownership: None,
            date: date.parse().unwrap(),
            value,
            source: register.map_or("Notat", RegisterKey::title).to_owned(),
            practice: false,
            unit: Some(CountedUnit { number: "974101".to_owned(), name: "Barnehage".to_owned() }),
        },
        register,
        reason: None,
        recorded_by: None,
        departs: false,
    }
}

fn set(id: u128, date: &str, value: Headcount) -> OrganisationHeadcount {
    OrganisationHeadcount { reason: Some("talt".to_owned()), ..counted(id, None, date, value) }
}

/// The rule on each record, and what is counted: date and value, by date.
fn told(headcounts: &[OrganisationHeadcount]) -> (Vec<ChoiceRule>, Vec<(String, Headcount)>) {
    let choice = choose(headcounts);
    let mut counted: Vec<_> =
        choice.records.iter().map(|record| (record.date.to_string(), record.value)).collect();
    counted.sort_unstable();
    (choice.verdicts.iter().map(|verdict| verdict.rule).collect(), counted)
}

fn on(date: &str, value: Headcount) -> (String, Headcount) {
    (date.to_owned(), value)
}

/// The unit closed or went to another owner.
fn left(id: u128, register: RegisterKey, date: &str) -> OrganisationHeadcount {
    OrganisationHeadcount { departs: true, ..counted(id, Some(register), date, Headcount::NoneRegistered) }
}

#[test]
fn who_leaves_is_counted_no_more_whichever_register_says_so() {
    let mut records = vec![
        counted(1, Some(Nbr), "2019-12-15", known(40)),
        left(2, Enhetsregisteret, "2020-03-01"),
        counted(3, Some(Enhetsregisteret), "2020-06-01", known(37)),
        counted(4, Some(Nbr), "2020-12-15", known(38)),
    ];
    let (rules, counts) = told(&records[..2]);
    assert_eq!(rules, [ChoiceRule::SectorRegister, ChoiceRule::UnitLeft]);
    assert_eq!(counts, [on("2019-12-15", known(40)), on("2020-03-01", Headcount::NoneRegistered)]);
    // It comes back: Enhetsregisteret counts again until the other register has answered anew.
    let (rules, _) = told(&records);
    assert_eq!(rules[2..], [ChoiceRule::EntityRegister, ChoiceRule::SectorRegister]);
    // What the other register said of the very day is not told beside it.
    records.truncate(1);
    records.extend([counted(2, Some(Nbr), "2020-03-01", known(41)), left(3, Enhetsregisteret, "2020-03-01")]);
    let (rules, counts) = told(&records);
    assert_eq!(rules, [ChoiceRule::SectorRegister, ChoiceRule::RecordedAgain, ChoiceRule::UnitLeft]);
    assert_eq!(counts, [on("2019-12-15", known(40)), on("2020-03-01", Headcount::NoneRegistered)]);
    // And what a person set stands.
    records.push(set(4, "2020-01-01", known(39)));
    assert_eq!(told(&records).0[2], ChoiceRule::Contradicts);
}

#[test]
fn a_unit_that_does_not_tell_is_owned_as_the_others_are() {
    let unit = |ownership| Unit {
        id: Uuid::from_u128(9).into(),
        number: "974109".to_owned(),
        organisation_id: Uuid::from_u128(1).into(),
        name: "Ny barnehage".to_owned(),
        unit_kind: UnitKind::Kindergarten,
        ownership,
        municipality_number: None,
        since: "2020-01-01".parse().unwrap(),
        ended_on: None,
        version: 1,
    };
    let owned = |id, ownership| {
        let mut one = counted(id, Some(Nbr), "2019-12-15", known(40)).record;
        one.ownership = ownership;
        one
    };
    let (private, public) = (Some(Ownership::Private), Some(Ownership::Public));
    let day = "2020-03-01".parse().unwrap();
    let among = |told, records: &[HeadcountRecord], owner| unit(told).ownership_among(records, owner, day);
    let university = OrganisationKind::University;
    assert_eq!(among(None, &[owned(1, private), owned(2, private)], university), private);
    assert_eq!(among(public, &[owned(1, private)], university), public);
    // The others do not agree, or there are none: then as the owner is.
    assert_eq!(among(None, &[owned(1, private), owned(2, public)], OrganisationKind::Municipality), public);
    assert_eq!(among(None, &[], OrganisationKind::KindergartenOwner), private);
    assert_eq!(among(None, &[], university), None);
}

#[test]
fn enhetsregisteret_counts_until_the_sector_register_has_answered() {
    let records = [
        counted(1, Some(Enhetsregisteret), "2019-06-01", known(10)),
        counted(2, Some(Nbr), "2019-12-15", UNKNOWN),
        counted(3, Some(Enhetsregisteret), "2020-03-01", known(11)),
        counted(4, Some(Nbr), "2020-12-15", known(14)),
        counted(5, Some(Enhetsregisteret), "2021-03-01", known(12)),
        counted(6, Some(Nbr), "2021-12-15", known(15)),
    ];
    let (rules, counted) = told(&records);
    let expected = [
        ChoiceRule::EntityRegister,
        ChoiceRule::NoAnswer,
        ChoiceRule::EntityRegister,
        ChoiceRule::SectorRegister,
        ChoiceRule::SectorRegisterGoesFirst,
        ChoiceRule::SectorRegister,
    ];
    assert_eq!(rules, expected);
    let expected = [
        on("2019-06-01", known(10)),
        on("2020-03-01", known(11)),
        on("2020-12-15", known(14)),
        on("2021-12-15", known(15)),
    ];
    assert_eq!(counted, expected);
}

#[test]
fn a_sector_register_without_an_answer_falls_back() {
    let records = [
        counted(1, Some(Nbr), "2019-12-15", known(14)),
        counted(2, Some(Enhetsregisteret), "2020-03-01", known(11)),
        counted(3, Some(Nbr), "2020-12-15", UNKNOWN),
        counted(4, Some(Enhetsregisteret), "2021-03-01", known(12)),
        counted(5, Some(Nbr), "2021-12-15", Headcount::Withheld),
    ];
    let (rules, counted) = told(&records);
    let expected = [
        ChoiceRule::SectorRegister,
        ChoiceRule::FallsBack,
        ChoiceRule::NoAnswer,
        ChoiceRule::FallsBack,
        ChoiceRule::SectorRegister,
    ];
    assert_eq!(rules, expected);
    let expected = [
        on("2019-12-15", known(14)),
        // What Enhetsregisteret had said counts from the day on which the other has no answer any more.
        on("2020-12-15", known(11)),
        on("2021-03-01", known(12)),
        on("2021-12-15", Headcount::Withheld),
    ];
    assert_eq!(counted, expected);
    let records = choose(&records).records;
    let fallback = records.iter().find(|record| record.date.to_string() == "2020-12-15").unwrap();
    assert_eq!(fallback.source, "Enhetsregisteret (2020-03-01)");
}

#[test]
fn an_unknown_without_another_source_stays_unknown() {
    let (rules, counted) = told(&[counted(1, Some(Nbr), "2019-12-15", UNKNOWN)]);
    assert_eq!((rules, counted), (vec![ChoiceRule::SectorRegister], vec![on("2019-12-15", UNKNOWN)]));
}

#[test]
fn what_a_person_set_with_a_reason_is_contradicted_never_overwritten() {
    let records = [
        counted(1, Some(Nbr), "2019-12-15", known(14)),
        set(2, "2020-08-01", known(20)),
        counted(3, Some(Nbr), "2020-12-15", known(15)),
        counted(4, Some(Enhetsregisteret), "2021-01-15", known(9)),
    ];
    let choice = choose(&records);
    let (rules, counted_) = told(&records);
    let contradicts = ChoiceRule::Contradicts;
    assert_eq!(rules, [ChoiceRule::SectorRegister, ChoiceRule::SetByPerson, contradicts, contradicts]);
    assert_eq!(counted_, [on("2019-12-15", known(14)), on("2020-08-01", known(20))]);
    assert_eq!(choice.verdicts[2].contradicts, Some(records[1].id));
    // The control: without the reason it is a record like others, and the register goes on.
    let mut plain = records.clone();
    plain[1].reason = None;
    let (rules, _) = told(&plain);
    assert_eq!(rules[1..3], [ChoiceRule::Recorded, ChoiceRule::SectorRegister]);
    // Another unit is another scope.
    let mut other = records.clone();
    other[1].record.unit = None;
    assert_eq!(told(&other).0[2], ChoiceRule::SectorRegister);
}

#[test]
fn the_last_of_what_was_recorded_for_a_day_counts() {
    let records = [
        set(3, "2020-08-01", known(20)),
        set(2, "2020-08-01", known(19)),
        counted(4, Some(Nbr), "2020-08-01", known(1)),
    ];
    let (rules, counted) = told(&records);
    assert_eq!(rules, [ChoiceRule::SetByPerson, ChoiceRule::RecordedAgain, ChoiceRule::Contradicts]);
    assert_eq!(counted, [on("2020-08-01", known(20))]);
}

#[test]
fn a_source_that_does_not_tell_the_owner_takes_over_what_was_known() {
    let mut first = counted(1, Some(Nbr), "2019-12-15", known(14));
    first.record.ownership = Some(Ownership::Private);
    let records = [first, set(2, "2020-08-01", known(20))];
    let owners: Vec<_> = choose(&records).records.iter().map(|record| record.ownership).collect();
    assert_eq!(owners, [Some(Ownership::Private); 2]);
    // Not from what comes later: that would move an early year.
    let early = counted(3, Some(Enhetsregisteret), "2018-01-01", known(9));
    let records = [records[0].clone(), early];
    assert!(choose(&records).records.iter().any(|record| record.ownership.is_none()));
}

fn any_headcount() -> impl Strategy<Value = OrganisationHeadcount> {
    let register = prop_oneof![Just(None), Just(Some(Enhetsregisteret)), Just(Some(Nbr))];
    let value = prop_oneof![Just(UNKNOWN), Just(Headcount::Withheld), (0..4_u32).prop_map(known)];
    let owner = prop_oneof![3 => Just(None), 1 => Just(Some(Ownership::Private))];
    (0..9_u128, register, 1..10_u8, value, any::<bool>(), any::<bool>(), owner).prop_map(
        |(id, register, month, value, reasoned, of_unit, ownership)| {
            let mut headcount = counted(id, register, &format!("2020-{month:02}-01"), value);
            headcount.record.ownership = ownership;
            if reasoned && register.is_none() {
                headcount.reason = Some("talt".to_owned());
            }
            if !of_unit {
                headcount.record.unit = None;
            }
            headcount
        },
    )
}

/// Some headcounts, each with an id of its own.
fn some() -> impl Strategy<Value = Vec<OrganisationHeadcount>> {
    prop::collection::vec(any_headcount(), 0..9).prop_map(|mut all| {
        for (place, headcount) in all.iter_mut().enumerate() {
            let given: Uuid = headcount.id.into();
            headcount.id = Uuid::from_u128(given.as_u128() * 100 + place as u128).into();
        }
        all
    })
}

fn sorted(headcounts: &[OrganisationHeadcount]) -> Vec<HeadcountRecord> {
    let mut records = choose(headcounts).records;
    records.sort_unstable();
    records
}

proptest! {
    #[test]
    fn an_early_year_is_never_moved_by_a_later_record(all in some(), month in 1..10_u8) {
        let day = format!("2020-{month:02}-01").parse().unwrap();
        let until = |record: &HeadcountRecord| record.date <= day;
        let mut of_all = sorted(&all);
        of_all.retain(until);
        let early: Vec<_> = all.into_iter().filter(|headcount| until(&headcount.record)).collect();
        prop_assert_eq!(of_all, sorted(&early));
    }

    #[test]
    fn the_order_of_records_means_nothing(all in some()) {
        let mut other = all.clone();
        other.reverse();
        prop_assert_eq!(sorted(&all), sorted(&other));
    }

    #[test]
    fn no_register_moves_what_a_person_set_with_a_reason(all in some()) {
        let by_hand: Vec<_> = all.iter().filter(|one| one.register.is_none()).cloned().collect();
        let first = by_hand.iter().filter(|one| one.reason.is_some() && one.record.unit.is_some());
        if let Some(first) = first.map(|one| one.record.date).min() {
            let standing = |records: Vec<HeadcountRecord>| -> Vec<_> {
                let of_unit = |record: &HeadcountRecord| record.unit.is_some() && record.date >= first;
                let told = records.into_iter().filter(of_unit);
                told.map(|record| (record.date, record.value, record.source)).collect()
            };
            prop_assert_eq!(standing(sorted(&all)), standing(sorted(&by_hand)));
        }
    }

    #[test]
    fn each_record_has_one_verdict_in_its_place(all in some()) {
        let choice = choose(&all);
        let ids: Vec<_> = choice.verdicts.iter().map(|verdict| verdict.id).collect();
        prop_assert_eq!(ids, all.iter().map(|headcount| headcount.id).collect::<Vec<_>>());
        for verdict in &choice.verdicts {
            prop_assert_eq!(verdict.chosen, verdict.rule.counts());
            prop_assert_eq!(verdict.contradicts.is_some(), verdict.rule == ChoiceRule::Contradicts);
        }
    }
}
