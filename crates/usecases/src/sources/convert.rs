//! From what a register says to the shape that we keep.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tildel_domain::allocation::{Ownership, UnitKind};
use tildel_domain::register::RegisterUnit;
use tildel_registers::enhetsregisteret::{Activity, Unit, UnitKind as Half};
use tildel_registers::udir::{Relation, UdirUnit};

/// A unit of Enhetsregisteret; `half` is where it was asked for, for answers that do not say.
pub(super) fn of_enhetsregisteret(unit: &Unit, half: Half) -> RegisterUnit {
    let is_sub_unit = unit.kind().unwrap_or(half) == Half::Sub;
    // Codes of trade of a legal entity say what it is for, not that it is a place with employees: those are counted at its sub-units.
    let unit_kind = match unit.activity() {
        Activity::Kindergarten if is_sub_unit => Some(UnitKind::Kindergarten),
        Activity::PrimarySchool if is_sub_unit => Some(UnitKind::PrimarySchool),
        Activity::UpperSecondary if is_sub_unit => Some(UnitKind::UpperSecondary),
        _ => None,
    };
    RegisterUnit {
        number: unit.number.as_str().to_owned(),
        is_sub_unit,
        name: unit.name.clone(),
        form: unit.form.as_ref().map(|form| form.code.clone()),
        parent: unit.parent.as_ref().map(|parent| parent.as_str().to_owned()),
        owner: None,
        municipality_number: unit.municipality().map(str::to_owned),
        unit_kind,
        ownership: None,
        headcount: unit.headcount(),
        headcount_on: unit.employees_on,
        ended_on: unit.closed_on.or(unit.deleted_on),
    }
}

/// A unit of Udir's registers since an instant. They do not say of when a headcount is, so it is of the day since when the row is so; the same for
/// the end of a unit that has ended without a date.
pub(super) fn of_udir(unit: &UdirUnit, since: Timestamp, zone: &TimeZone) -> RegisterUnit {
    let day = since.to_zoned(zone.clone()).date();
    let form = unit.form.as_ref().map(|form| form.id.clone());
    let number_of = |relation| unit.above(&relation).map(|relative| relative.number.as_str().to_owned());
    let unit_kind = if unit.is_kindergarten() {
        Some(UnitKind::Kindergarten)
    } else if unit.is_upper_secondary() && !unit.is_primary_school() {
        Some(UnitKind::UpperSecondary)
    } else {
        // Special schools with basic education have no flag of their own stage.
        unit.is_school().then_some(UnitKind::PrimarySchool)
    };
    let of_owner = |private| if private { Ownership::Private } else { Ownership::Public };
    RegisterUnit {
        number: unit.number.as_str().to_owned(),
        is_sub_unit: form.as_deref().is_some_and(|form| matches!(form, "BEDR" | "AAFY")),
        name: unit.name.clone(),
        form,
        parent: number_of(Relation::Attachment),
        owner: number_of(Relation::Owner),
        municipality_number: unit.municipality.as_ref().map(|place| place.number.clone()),
        unit_kind,
        ownership: unit.is_private().map(of_owner),
        headcount: unit.headcount(),
        headcount_on: Some(day),
        ended_on: unit.ended_on.or_else(|| unit.has_ended().then_some(day)),
    }
}

/// Whether a unit of Udir's registers is a person.
pub(super) fn is_person(unit: &UdirUnit) -> bool {
    unit.form.as_ref().is_some_and(|form| matches!(form.id.as_str(), "ENK" | "PERS"))
}
