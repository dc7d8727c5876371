//! What must not be kept: persons, and what is theirs. A place of work of a sole proprietor mostly bears its owner's name, and does not say what its
//! owner is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tildel_domain::register::RegisterUnit;
use tildel_storage::Db;
use tildel_storage::register_units::{self, NewState};

use crate::failure::Outcome;

/// States by whether they may be kept.
#[derive(Default)]
pub(super) struct Sifted {
    /// What may be kept.
    pub(super) kept: Vec<NewState>,
    /// Units of persons, and since when: what is held of them goes.
    pub(super) of_persons: Vec<(String, Timestamp)>,
    /// How many are not kept as nobody can tell whose they are.
    pub(super) of_nobody: usize,
}

/// Parts states by whose they are. A state is kept if no person is above it or owns it, and if that can be told: there must be a unit above it that is
/// kept, or it must be a school or kindergarten, or be kept already.
pub(super) fn sift(db: &mut Db, states: &[NewState]) -> Outcome<Sifted> {
    let above: BTreeSet<&str> = states.iter().flat_map(|state| relatives(&state.unit)).collect();
    let above: Vec<&str> = above.into_iter().collect();
    let persons: BTreeSet<String> = register_units::persons_among(db, &above)?.into_iter().collect();
    let doubtful: BTreeSet<&str> = states
        .iter()
        .filter(|state| is_doubtful(&state.unit))
        .flat_map(|state| known_by(&state.unit))
        .collect();
    let doubtful: Vec<&str> = doubtful.into_iter().collect();
    let mut known: BTreeSet<String> = register_units::held(db, &doubtful)?.into_iter().collect();
    known.extend(
        states.iter().filter(|state| !is_doubtful(&state.unit)).map(|state| state.unit.number.clone()),
    );
    let mut sifted = Sifted::default();
    for state in states {
        if relatives(&state.unit).any(|number| persons.contains(number)) {
            sifted.of_persons.push((state.unit.number.clone(), state.since));
        } else if is_doubtful(&state.unit) && !known_by(&state.unit).any(|number| known.contains(number)) {
            sifted.of_nobody += 1;
        } else {
            sifted.kept.push(state.clone());
        }
    }
    Ok(sifted)
}

/// Units that are held and turn out to be a person's.
pub(super) fn theirs(db: &mut Db, persons: &BTreeMap<&str, Timestamp>) -> Outcome<Vec<(String, Timestamp)>> {
    let numbers: Vec<&str> = persons.keys().copied().collect();
    let below = register_units::below(db, &numbers)?;
    let found = below.into_iter().filter_map(|(number, parent, owner)| {
        let since =
            [parent, owner].into_iter().flatten().find_map(|above| persons.get(above.as_str()).copied());
        Some((number, since?))
    });
    Ok(found.collect())
}

/// Whether the unit alone does not tell that it is nobody's place of work: units that are gone say neither form nor what is above them.
fn is_doubtful(unit: &RegisterUnit) -> bool {
    let is_gone = unit.ended_on.is_some() && unit.form.is_none();
    unit.unit_kind.is_none() && (unit.is_sub_unit || is_gone)
}

fn relatives(unit: &RegisterUnit) -> impl Iterator<Item = &str> {
    unit.parent.iter().chain(&unit.owner).map(String::as_str)
}

/// Units by which a doubtful unit is known, if they are kept: the one above it, and itself as it was.
fn known_by(unit: &RegisterUnit) -> impl Iterator<Item = &str> {
    unit.parent.iter().chain([&unit.number]).map(String::as_str)
}
