//! What happened, told from two states: each kind by hand, with what must not be told beside it.

#![allow(clippy::unwrap_used, reason = "tests may stop at once")]

use jiff::civil::Date;
use tildel_domain::allocation::{Headcount, Quantity, UnitKind};
use tildel_domain::change::{ChangeKind, Followed, Found, find, id_of};
use tildel_domain::register::{Difference, RegisterKey, RegisterUnit};
use uuid::Uuid;

const OWNER: &str = "864969682";
const OTHER_OWNER: &str = "859223672";
const THIRD: &str = "964969590";

fn known(count: u32) -> Headcount {
    Headcount::Known(Quantity::from_whole(count))
}

fn school(number: &str) -> RegisterUnit {
    RegisterUnit {
        number: number.to_owned(),
        is_sub_unit: true,
        name: "Skule".to_owned(),
        form: Some("BEDR".to_owned()),
        parent: Some(OWNER.to_owned()),
        owner: None,
        municipality_number: Some("1120".to_owned()),
        unit_kind: Some(UnitKind::PrimarySchool),
        ownership: None,
        headcount: known(20),
        headcount_on: None,
        ended_on: None,
    }
}

/// Since the evening before 1 March in UTC, which is 1 March in Norway.
fn between(before: Option<RegisterUnit>, after: Option<RegisterUnit>) -> Difference {
    let since = "2021-02-28T23:30:00Z".parse().unwrap();
    Difference { register: RegisterKey::Nsr, since, before, after }
}

fn followed() -> Followed {
    let mut followed = Followed::default();
    followed.organisations.insert(OWNER.to_owned(), Uuid::from_u128(1).into());
    followed.organisations.insert(OTHER_OWNER.to_owned(), Uuid::from_u128(2).into());
    followed
}

fn found(differences: &[Difference]) -> Vec<Found> {
    let mut followed = followed();
    followed.learn(differences);
    find(differences, &followed).unwrap()
}

/// The kinds and days of what one difference tells.
fn told(change: impl FnOnce(&mut RegisterUnit)) -> Vec<(ChangeKind, String)> {
    let mut after = school("974101");
    change(&mut after);
    let found = found(&[between(Some(school("974101")), Some(after))]);
    found.into_iter().map(|one| (one.kind, one.effective_on.to_string())).collect()
}

fn day(kind: ChangeKind) -> Vec<(ChangeKind, String)> {
    vec![(kind, "2021-03-01".to_owned())]
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn each_field_tells_its_kind() {
    assert_eq!(told(|_| ()), []);
    assert_eq!(told(|unit| unit.name = "Ny skule".to_owned()), day(ChangeKind::Renamed));
    assert_eq!(told(|unit| unit.municipality_number = Some("1121".to_owned())), day(ChangeKind::Moved));
    assert_eq!(told(|unit| unit.headcount = known(21)), day(ChangeKind::HeadcountChanged));
    assert_eq!(told(|unit| unit.headcount = Headcount::Unknown), day(ChangeKind::HeadcountChanged));
    // The day of the register's own goes before that of the reading.
    let counted = told(|unit| (unit.headcount, unit.headcount_on) = (known(21), Some(date("2020-12-15"))));
    assert_eq!(counted, [(ChangeKind::HeadcountChanged, "2020-12-15".to_owned())]);
    // A closed unit tells of its people by that.
    let closed = told(|unit| (unit.headcount, unit.ended_on) = (known(0), Some(date("2021-07-31"))));
    assert_eq!(closed, [(ChangeKind::Closed, "2021-07-31".to_owned())]);
    // A number that is told for the first time, or not any more, is no move.
    assert_eq!(told(|unit| unit.municipality_number = None), []);
    // Several things at once are several changes.
    let both = told(|unit| (unit.headcount, unit.name) = (known(3), "Ny".to_owned()));
    assert_eq!(
        both.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>(),
        [ChangeKind::Renamed, ChangeKind::HeadcountChanged]
    );
}

#[test]
fn units_come_and_go() {
    let only = |before, after| {
        let found = found(&[between(before, after)]);
        found.into_iter().map(|one| one.kind).collect::<Vec<_>>()
    };
    let closed = || RegisterUnit { ended_on: Some(date("2020-07-31")), ..school("974101") };
    assert_eq!(only(None, Some(school("974101"))), [ChangeKind::New]);
    assert_eq!(only(Some(school("974101")), None), [ChangeKind::Purged]);
    assert_eq!(only(Some(closed()), Some(school("974101"))), [ChangeKind::Reopened]);
    // One that is closed when it is seen first was never here.
    assert_eq!(only(None, Some(closed())), []);
    // What is no school and no kindergarten is nobody's to follow.
    let office = || RegisterUnit { unit_kind: None, ..school("974101") };
    assert_eq!(only(None, Some(office())), []);
    // And so is a school of somebody who is not held.
    let elsewhere = RegisterUnit { parent: Some("964969590".to_owned()), ..school("974101") };
    assert_eq!(only(None, Some(elsewhere)), []);
}

#[test]
fn the_owner_is_found_on_the_way_up() {
    let part = |above: &str| RegisterUnit {
        number: "974100".to_owned(),
        is_sub_unit: false,
        unit_kind: None,
        form: Some("ORGL".to_owned()),
        parent: Some(above.to_owned()),
        ..school("974100")
    };
    let below = RegisterUnit { parent: Some("974100".to_owned()), ..school("974101") };
    let found_ = found(&[between(None, Some(part(OWNER))), between(None, Some(below.clone()))]);
    assert_eq!(found_.len(), 1);
    assert_eq!(found_[0].organisation_id, Uuid::from_u128(1).into());
    // A circle ends.
    let circle = found(&[between(None, Some(part("974101"))), between(None, Some(below))]);
    assert_eq!(circle, []);
}

#[test]
fn another_owner_is_one_that_is_another_organisation() {
    let sold = told(|unit| unit.parent = Some(OTHER_OWNER.to_owned()));
    assert_eq!(sold, day(ChangeKind::OwnerChanged));
    let after = RegisterUnit { parent: Some(OTHER_OWNER.to_owned()), ..school("974101") };
    let found = found(&[between(Some(school("974101")), Some(after))]);
    assert_eq!(found[0].to_organisation_id, Some(Uuid::from_u128(2).into()));
    // Named as the owner, too, it is the same one.
    assert_eq!(told(|unit| unit.owner = Some(OWNER.to_owned())), []);
}

#[test]
fn the_register_that_tells_last_tells_of_the_old_owner() {
    let mut followed = followed();
    followed.units.insert("974101".to_owned(), Uuid::from_u128(2).into());
    let after = RegisterUnit { parent: Some(OTHER_OWNER.to_owned()), ..school("974101") };
    let found = find(&[between(Some(school("974101")), Some(after))], &followed).unwrap();
    assert_eq!(found[0].organisation_id, Uuid::from_u128(1).into());
    assert_eq!(found[0].to_organisation_id, Some(Uuid::from_u128(2).into()));
}

#[test]
fn what_is_held_already_was_seen_first_by_another_register() {
    let mut followed = followed();
    followed.units.insert("974101".to_owned(), Uuid::from_u128(1).into());
    let only = |unit: RegisterUnit| {
        let found = find(&[between(None, Some(unit))], &followed).unwrap();
        found.into_iter().map(|one| one.kind).collect::<Vec<_>>()
    };
    assert_eq!(only(school("974101")), [ChangeKind::HeadcountChanged]);
    assert_eq!(only(RegisterUnit { headcount: Headcount::Unknown, ..school("974101") }), []);
}

#[test]
fn closed_and_new_units_go_together() {
    let closes = |number: &str, on: &str| {
        between(Some(school(number)), Some(RegisterUnit { ended_on: Some(date(on)), ..school(number) }))
    };
    let begins = |number: &str| between(None, Some(school(number)));
    let kinds = |differences: &[Difference]| {
        let found = found(differences);
        found.into_iter().map(|one| (one.kind, one.related)).collect::<Vec<_>>()
    };
    let of = |kind, related: &[&str]| {
        (kind, related.iter().map(|number| (*number).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(
        kinds(&[closes("974101", "2021-02-28"), begins("974109")]),
        [of(ChangeKind::ClosedWithSuccessor, &["974109"]), of(ChangeKind::New, &["974101"])]
    );
    assert_eq!(
        kinds(&[closes("974101", "2021-02-28"), closes("974102", "2021-02-28"), begins("974109")]),
        [
            of(ChangeKind::Merged, &["974109"]),
            of(ChangeKind::Merged, &["974109"]),
            of(ChangeKind::New, &["974101", "974102"]),
        ]
    );
    assert_eq!(
        kinds(&[closes("974101", "2021-02-28"), begins("974108"), begins("974109")])[0],
        of(ChangeKind::Split, &["974108", "974109"])
    );
    // Two and two can not be told apart, a year is too long, and another municipality is elsewhere.
    let plain = of(ChangeKind::Closed, &[]);
    let many =
        [closes("974101", "2021-02-28"), closes("974102", "2021-02-28"), begins("974108"), begins("974109")];
    assert_eq!(kinds(&many)[0], plain);
    assert_eq!(kinds(&[closes("974101", "2020-02-28"), begins("974109")])[0], plain);
    let far = RegisterUnit { municipality_number: Some("1121".to_owned()), ..school("974109") };
    assert_eq!(kinds(&[closes("974101", "2021-02-28"), between(None, Some(far))])[0], plain);
}

#[test]
fn a_deleted_unit_is_told_of_in_few_words() {
    let deleted = RegisterUnit {
        parent: None,
        municipality_number: None,
        unit_kind: None,
        headcount: Headcount::Unknown,
        ended_on: Some(date("2021-02-28")),
        ..school("974101")
    };
    let found =
        found(&[between(Some(school("974101")), Some(deleted)), between(None, Some(school("974109")))]);
    let kinds: Vec<_> = found.into_iter().map(|one| (one.kind, one.related)).collect();
    let of = |kind, number: &str| (kind, vec![number.to_owned()]);
    assert_eq!(kinds, [of(ChangeKind::ClosedWithSuccessor, "974109"), of(ChangeKind::New, "974101")]);
}

#[test]
fn an_id_is_of_what_the_change_is() {
    let id = |difference: &Difference, kind| Uuid::from(id_of(difference, kind, "974101").unwrap());
    let one = between(None, Some(school("974101")));
    let made = id(&one, ChangeKind::New);
    assert_eq!(made, id(&one.clone(), ChangeKind::New));
    assert_eq!((made.get_version_num(), made.get_variant()), (8, uuid::Variant::RFC4122));
    // It begins with the instant: 1 614 555 000 000 milliseconds.
    assert_eq!(made.as_u128() >> 80, 1_614_555_000_000);
    assert_ne!(made, id(&one, ChangeKind::Renamed));
    let more = between(None, Some(RegisterUnit { headcount: known(21), ..school("974101") }));
    assert_ne!(made, id(&more, ChangeKind::New));
    assert_ne!(made, id(&Difference { register: RegisterKey::Nbr, ..one.clone() }, ChangeKind::New));
}

#[test]
fn an_organisation_that_ends_goes_with_those_that_take_its_schools() {
    let head = |number: &str, ended: bool| RegisterUnit {
        is_sub_unit: false,
        unit_kind: None,
        parent: None,
        ended_on: ended.then(|| date("2021-03-01")),
        ..school(number)
    };
    let ends = |number: &str| between(Some(head(number, false)), Some(head(number, true)));
    let goes = |number: &str, to: &str| {
        let after = RegisterUnit { parent: Some(to.to_owned()), ..school(number) };
        between(Some(school(number)), Some(after))
    };
    let told = |differences: &[Difference]| {
        let mut followed = followed();
        followed.organisations.insert(THIRD.to_owned(), Uuid::from_u128(3).into());
        followed.learn(differences);
        let found = find(differences, &followed).unwrap();
        let ended = found.into_iter().filter(|one| one.kind != ChangeKind::OwnerChanged);
        ended.map(|one| (one.kind, one.related)).collect::<Vec<_>>()
    };
    let taker = |number: &str| vec![number.to_owned()];
    assert_eq!(told(&[ends(OWNER)]), [(ChangeKind::Closed, vec![])]);
    let one = told(&[goes("974101", OTHER_OWNER), goes("974102", OTHER_OWNER), ends(OWNER)]);
    assert_eq!(one, [(ChangeKind::ClosedWithSuccessor, taker(OTHER_OWNER))]);
    let two = told(&[ends(OWNER), goes("974101", OTHER_OWNER), goes("974102", THIRD)]);
    assert_eq!(two, [(ChangeKind::Split, vec![OTHER_OWNER.to_owned(), THIRD.to_owned()])]);
    // Two that end and go to the same one.
    let third = RegisterUnit { parent: Some(THIRD.to_owned()), ..school("974103") };
    let after = RegisterUnit { parent: Some(OTHER_OWNER.to_owned()), ..third.clone() };
    let both = [goes("974101", OTHER_OWNER), between(Some(third), Some(after)), ends(OWNER), ends(THIRD)];
    assert_eq!(
        told(&both),
        [(ChangeKind::Merged, taker(OTHER_OWNER)), (ChangeKind::Merged, taker(OTHER_OWNER))]
    );
    // What goes long after it goes for another reason.
    let mut later = goes("974101", OTHER_OWNER);
    later.since = "2021-06-01T10:00:00Z".parse().unwrap();
    assert_eq!(told(&[ends(OWNER), later]), [(ChangeKind::Closed, vec![])]);
}
