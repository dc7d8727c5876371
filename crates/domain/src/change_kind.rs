//! What happened, told from two states of a unit in a register, and of which of those things plans may rest.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_allocation::{Headcount, hash_of};
use uuid::Uuid;

use crate::calendar::day_of;
use crate::id::{ChangeId, OrganisationId};
use crate::refusal::Refusal;
use crate::register::{Difference, RegisterUnit};

/// How far up a chain of units is walked to the organisation that stands behind a school.
/// Departments lie in departments; deeper than this nobody nests them, and circles end here.
pub const GENERATIONS_MAX: usize = 8;

/// Within how many days closed and new units are taken to go together.
const RELATED_WITHIN_DAYS: i32 = 31;

macro_rules! change_kinds {
    ($($(#[$meta:meta])* $name:ident = $word:literal,)+) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ChangeKind {
            $($(#[$meta])* $name,)+
        }

        impl ChangeKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

change_kinds! {
    /// The unit was not there before.
    New = "new",
    /// It has another name.
    Renamed = "renamed",
    /// It lies in another municipality.
    Moved = "moved",
    /// It closed, with others, and one new unit of the same owner began; or one organisation took over what was theirs.
    Merged = "merged",
    /// It closed, and several new units of the same owner began; or several organisations took over what was its.
    Split = "split",
    /// It closed.
    Closed = "closed",
    /// It closed, and one new unit of the same owner began; or one organisation took over what was its.
    ClosedWithSuccessor = "closed_with_successor",
    /// It has another owner.
    OwnerChanged = "owner_changed",
    /// It has more or fewer people, or the register tells otherwise of them.
    HeadcountChanged = "headcount_changed",
    /// It was closed, and is not any more.
    Reopened = "reopened",
    /// It is gone from the register.
    Purged = "purged",
}

impl ChangeKind {
    /// Whether it closed, alone or with others.
    pub const fn closes(self) -> bool {
        matches!(self, Self::Closed | Self::ClosedWithSuccessor | Self::Merged | Self::Split)
    }
}

/// What is held here, so that somebody follows it.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// Organisations, by number.
    pub organisations: BTreeMap<String, OrganisationId>,
    /// The organisations of schools and kindergartens that are held, by their number.
    pub units: BTreeMap<String, OrganisationId>,
    /// The number right above a unit, as far as known: from the units that differ, and from elsewhere.
    pub parents: BTreeMap<String, String>,
}

/// A change that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its place among the differences.
    pub place: usize,
    /// The organisation that is concerned.
    pub organisation_id: OrganisationId,
    /// The organisation that the unit goes to.
    pub to_organisation_id: Option<OrganisationId>,
    /// What happened.
    pub kind: ChangeKind,
    /// The day from which it is so.
    pub effective_on: Date,
    /// The numbers of the units that it goes together with; of organisations, where one of them ends.
    pub related: Vec<String>,
    /// Whether it is of the organisation itself.
    pub of_itself: bool,
}

impl Followed {
    /// The numbers that have to be looked up to follow these differences: the units themselves, their owners, and what is above.
    pub fn wanted(differences: &[Difference]) -> BTreeSet<&str> {
        let states = differences.iter().flat_map(|one| one.before.iter().chain(&one.after));
        let numbers = states.flat_map(|unit| [Some(&unit.number), unit.parent.as_ref(), unit.owner.as_ref()]);
        numbers.flatten().map(String::as_str).collect()
    }

    /// Learns what is above which unit.
    pub fn learn(&mut self, differences: &[Difference]) {
        for unit in differences.iter().flat_map(|one| one.before.iter().chain(&one.after)) {
            if let Some(above) = unit.parent.as_ref().or(unit.owner.as_ref()) {
                self.parents.insert(unit.number.clone(), above.clone());
            }
        }
    }

    /// The organisation behind a unit: its owner, or the first one that is held on the way up.
    fn holder(&self, unit: &RegisterUnit) -> Option<OrganisationId> {
        let held = |number: &String| self.organisations.get(number).copied();
        if let Some(owner) = unit.owner.as_ref().and_then(held) {
            return Some(owner);
        }
        let mut next = unit.parent.as_ref().or(unit.owner.as_ref());
        for _ in 0..GENERATIONS_MAX {
            let number = next?;
            if let Some(found) = held(number) {
                return Some(found);
            }
            next = self.parents.get(number);
        }
        None
    }
}

/// Finds the changes of what is followed.
pub fn find(differences: &[Difference], followed: &Followed) -> Result<Vec<Found>, Refusal> {
    let mut found = Vec::new();
    for (place, difference) in differences.iter().enumerate() {
        of_difference(place, difference, followed, day_of(difference.since)?, &mut found);
    }
    relate(differences, &mut found);
    relate_owners(followed, &mut found);
    Ok(found)
}

/// The id of a change: of register, number, kind, instant and contents, so that the same is one. It begins with the instant, so
/// that changes are listed in their order.
pub fn id_of(difference: &Difference, kind: ChangeKind, number: &str) -> Result<ChangeId, Refusal> {
    let unreadable = |_| Refusal::invalid("/", "a state of a unit that can be written down");
    let content = (&difference.before, &difference.after);
    let hash = hash_of(&(difference.register, number, kind, difference.since.to_string(), content))
        .map_err(unreadable)?;
    let mut bytes = [0_u8; 16];
    for (byte, pair) in bytes.iter_mut().zip(hash.as_bytes().chunks_exact(2)) {
        let digits = std::str::from_utf8(pair).unwrap_or_default();
        *byte = u8::from_str_radix(digits, 16).unwrap_or_default();
    }
    let since = difference.since.as_millisecond().max(0).to_be_bytes();
    bytes[..6].copy_from_slice(&since[2..]);
    // A custom id (version 8 of RFC 9562).
    Ok(Uuid::from_bytes(mark(bytes)).into())
}

fn mark(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}

fn of_difference(
    place: usize,
    difference: &Difference,
    followed: &Followed,
    day: Date,
    found: &mut Vec<Found>,
) {
    let (before, after) = (difference.before.as_ref(), difference.after.as_ref());
    let Some(subject) = after.or(before) else { return };
    let itself = followed.organisations.get(&subject.number).copied();
    let unit = followed.units.get(&subject.number).copied();
    let (from, to) =
        (before.and_then(|unit| followed.holder(unit)), after.and_then(|unit| followed.holder(unit)));
    let teaches = [before, after].into_iter().flatten().any(|state| state.unit_kind.is_some());
    let holder = match (itself, unit) {
        (Some(itself), _) => Some(itself),
        (None, Some(holder)) => Some(holder),
        (None, None) if teaches => from.or(to),
        (None, None) => None,
    };
    let Some(organisation_id) = holder else { return };
    let add = |found: &mut Vec<Found>, kind, effective_on| {
        let (to_organisation_id, related, of_itself) = (None, Vec::new(), itself.is_some());
        found.push(Found {
            place,
            organisation_id,
            to_organisation_id,
            kind,
            effective_on,
            related,
            of_itself,
        });
    };
    let Some(after) = after else {
        add(found, ChangeKind::Purged, day);
        return;
    };
    let counted_on = after.headcount_on.unwrap_or(day);
    let Some(before) = before else {
        // What is held already was seen first by another register, whose people may be others.
        if itself.is_some() || after.ended_on.is_some() {
            return;
        }
        match unit {
            None => add(found, ChangeKind::New, day),
            Some(_) if after.headcount != Headcount::Unknown => {
                add(found, ChangeKind::HeadcountChanged, counted_on);
            }
            Some(_) => {}
        }
        return;
    };
    let ended = match (before.ended_on, after.ended_on) {
        (None, Some(last)) => Some((ChangeKind::Closed, last)),
        (Some(_), None) => Some((ChangeKind::Reopened, day)),
        _ => None,
    };
    if let Some((kind, on)) = ended {
        add(found, kind, on);
    }
    if before.name != after.name {
        add(found, ChangeKind::Renamed, day);
    }
    // A number that was missing before tells of no move.
    if let (Some(was), Some(is)) = (&before.municipality_number, &after.municipality_number)
        && was != is
    {
        add(found, ChangeKind::Moved, day);
    }
    if itself.is_some() {
        return;
    }
    let stands_under = |state: &RegisterUnit| (state.owner.clone(), state.parent.clone());
    // An order within the same owner is no change of the owner.
    // A deleted unit is told of without who owned it.
    if after.ended_on.is_none() && stands_under(before) != stands_under(after) && from != to {
        // Where another register has told of it already, the count at who had it before is still to be ended.
        let organisation_id = from.filter(|_| unit.is_some() && unit == to).unwrap_or(organisation_id);
        let (kind, related) = (ChangeKind::OwnerChanged, Vec::new());
        found.push(Found {
            place,
            organisation_id,
            to_organisation_id: to,
            kind,
            effective_on: day,
            related,
            of_itself: false,
        });
    }
    // What closes or comes back tells of its people itself.
    if before.headcount != after.headcount && ended.is_none() {
        add(found, ChangeKind::HeadcountChanged, counted_on);
    }
}

/// Takes closed and new units of one organisation, kind and municipality together that follow each other within a month.
fn relate<'d>(differences: &'d [Difference], found: &mut [Found]) {
    let mut groups: BTreeMap<_, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (place, one) in found.iter().enumerate() {
        let difference = &differences[one.place];
        let Some(unit) = &difference.after else { continue };
        // A deleted unit is told of in few words; what it was stands before.
        let before = difference.before.as_ref();
        let unit_kind = unit.unit_kind.or_else(|| before.and_then(|before| before.unit_kind));
        let lies_in = |unit: &'d RegisterUnit| unit.municipality_number.as_deref();
        let municipality = lies_in(unit).or_else(|| before.and_then(lies_in));
        let key = (difference.register, one.organisation_id, unit_kind, municipality);
        let (closed, new) = groups.entry(key).or_default();
        match one.kind {
            ChangeKind::Closed if unit.is_sub_unit => closed.push(place),
            ChangeKind::New => new.push(place),
            _ => {}
        }
    }
    for (closed, new) in groups.into_values() {
        let days = || closed.iter().chain(&new).map(|place| found[*place].effective_on);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { continue };
        let apart = first.until(last).map_or(i32::MAX, |span| span.get_days());
        let kind = match (closed.len(), new.len()) {
            (0, _) | (_, 0) => continue,
            _ if apart > RELATED_WITHIN_DAYS => continue,
            (1, 1) => ChangeKind::ClosedWithSuccessor,
            (_, 1) => ChangeKind::Merged,
            (1, _) => ChangeKind::Split,
            // Who follows whom can not be told.
            _ => continue,
        };
        let numbers = |places: &[usize], found: &[Found]| -> Vec<String> {
            let units = places.iter().filter_map(|place| differences[found[*place].place].after.as_ref());
            let mut numbers: Vec<String> = units.map(|unit| unit.number.clone()).collect();
            numbers.sort_unstable();
            numbers
        };
        let (old, young) = (numbers(&closed, found), numbers(&new, found));
        for place in closed {
            found[place].kind = kind;
            found[place].related.clone_from(&young);
        }
        for place in new {
            found[place].related.clone_from(&old);
        }
    }
}

/// Takes the end of an organisation together with those that its schools and kindergartens go to within a month.
fn relate_owners(followed: &Followed, found: &mut [Found]) {
    let numbers: BTreeMap<OrganisationId, &String> =
        followed.organisations.iter().map(|(number, id)| (*id, number)).collect();
    // None stands for all who are not entered here.
    let mut takers: BTreeMap<usize, BTreeSet<Option<OrganisationId>>> = BTreeMap::new();
    for (place, closed) in found.iter().enumerate() {
        // A school that closes ends nobody but itself.
        if closed.kind != ChangeKind::Closed || !closed.of_itself {
            continue;
        }
        let goes_along = |other: &&Found| {
            let span = closed.effective_on.until(other.effective_on);
            let near = span.is_ok_and(|span| span.get_days().abs() <= RELATED_WITHIN_DAYS);
            let theirs = other.organisation_id == closed.organisation_id;
            theirs && near && other.kind == ChangeKind::OwnerChanged
        };
        let went = found.iter().filter(goes_along).map(|other| other.to_organisation_id);
        takers.insert(place, went.filter(|to| *to != Some(closed.organisation_id)).collect());
    }
    for (place, theirs) in &takers {
        let several = takers.values().filter(|others| *others == theirs).count() > 1;
        found[*place].kind = match theirs.len() {
            0 => continue,
            // Gone to somebody whom nobody knows here.
            1 if theirs.contains(&None) => continue,
            1 if several => ChangeKind::Merged,
            1 => ChangeKind::ClosedWithSuccessor,
            _ => ChangeKind::Split,
        };
        let related = theirs.iter().flatten().filter_map(|id| numbers.get(id));
        found[*place].related = related.map(|number| (*number).clone()).collect();
        found[*place].related.sort_unstable();
    }
}
