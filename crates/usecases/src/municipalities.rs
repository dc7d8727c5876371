//! Municipality numbers by day: what they were, are and became, by what was read of SSB's Klass.

use jiff::civil::Date;
use tildel_domain::Refusal;
use tildel_domain::policy::Operation;
use tildel_registers::municipality::{SplitWeights, tell};
pub use tildel_registers::municipality::{StepKind, Told, ToldLife, ToldPlace, ToldStep, ToldSuccessor};
use tildel_storage::{Page, PageRequest};
use uuid::Uuid;

use crate::context::Context;
use crate::failure::Outcome;
use crate::sources::municipality_history;
use crate::stretch;

/// A municipality on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// The number.
    pub number: String,
    /// The name on the day.
    pub name: String,
}

/// The place of a number in lists.
pub fn place_of(number: &str) -> Uuid {
    Uuid::from_u128(number.parse().unwrap_or_default())
}

/// The municipalities of a day, by number; today's where no day is given.
pub fn list(cx: &mut Context<'_>, as_of: Option<Date>, page: &PageRequest) -> Outcome<Page<Municipality>> {
    cx.require(Operation::MunicipalityList)?;
    let day = as_of.map_or_else(|| cx.today(), Ok)?;
    let history = municipality_history(cx)?;
    let numbers = history.as_of(day);
    let items: Vec<Municipality> = numbers
        .into_iter()
        .map(|(number, name)| Municipality { number: number.to_owned(), name: name.to_owned() })
        .collect();
    Ok(stretch::page(items, |municipality| place_of(&municipality.number), page))
}

/// What a number was, is and became, as seen from a day; from today where none is given.
pub fn read(cx: &mut Context<'_>, number: &str, as_of: Option<Date>) -> Outcome<Told> {
    cx.require(Operation::MunicipalityRead)?;
    let day = as_of.map_or_else(|| cx.today(), Ok)?;
    let history = municipality_history(cx)?;
    let told = tell(&history, number, day, &SplitWeights::none());
    told.ok_or_else(|| Refusal::not_found("municipality number").into())
}
