use diesel::prelude::*;
use tildel_domain::register::{RegisterKey, RegisterUnit, RegisterUnitState};

use crate::columns::{DbDate, DbInstant, DbJson};
use crate::schema::registers::register_units;
use crate::stored::Stored;
use crate::{Place, StorageError};

/// A row, in the order of its columns.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = register_units, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) register: String,
    pub(super) number: String,
    pub(super) since: DbInstant,
    pub(super) until: Option<DbInstant>,
    is_sub_unit: bool,
    name: String,
    form: Option<String>,
    parent: Option<String>,
    owner: Option<String>,
    municipality_number: Option<String>,
    unit_kind: Option<String>,
    ownership: Option<String>,
    headcount: DbJson,
    headcount_on: Option<DbDate>,
    ended_on: Option<DbDate>,
}

impl Row {
    pub(super) fn of(
        register: RegisterKey,
        since: DbInstant,
        unit: &RegisterUnit,
    ) -> Result<Self, StorageError> {
        let at = |column| Place::new("register_units", &unit.number, column);
        Ok(Self {
            register: register.as_str().to_owned(),
            number: unit.number.clone(),
            since,
            until: None,
            is_sub_unit: unit.is_sub_unit,
            name: unit.name.clone(),
            form: unit.form.clone(),
            parent: unit.parent.clone(),
            owner: unit.owner.clone(),
            municipality_number: unit.municipality_number.clone(),
            unit_kind: unit.unit_kind.to_column(&at("unit_kind"))?,
            ownership: unit.ownership.to_column(&at("ownership"))?,
            headcount: unit.headcount.to_column(&at("headcount"))?,
            headcount_on: unit.headcount_on.map(DbDate),
            ended_on: unit.ended_on.map(DbDate),
        })
    }

    pub(super) fn into_state(self) -> Result<RegisterUnitState, StorageError> {
        let number = self.number;
        let at = |column| Place::new("register_units", &number, column);
        let unit = RegisterUnit {
            is_sub_unit: self.is_sub_unit,
            name: self.name,
            form: self.form,
            parent: self.parent,
            owner: self.owner,
            municipality_number: self.municipality_number,
            unit_kind: Stored::from_column(self.unit_kind, &at("unit_kind"))?,
            ownership: Stored::from_column(self.ownership, &at("ownership"))?,
            headcount: Stored::from_column(self.headcount, &at("headcount"))?,
            headcount_on: self.headcount_on.map(|DbDate(day)| day),
            ended_on: self.ended_on.map(|DbDate(day)| day),
            number: number.clone(),
        };
        Ok(RegisterUnitState {
            register: Stored::from_column(self.register, &at("register"))?,
            since: self.since.0,
            until: self.until.map(|DbInstant(until)| until),
            unit,
        })
    }
}
