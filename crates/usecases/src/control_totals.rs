//! Control totals: sums of schools and kindergartens held against what Statistics Norway counts in municipalities.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use tildel_domain::allocation::{Headcount, Measure, Quantity, UnitKind};
use tildel_domain::control_total::{Agreement, ControlTotal, UnitSum, add, compare, registers_of};
use tildel_domain::policy::Operation;
use tildel_domain::register::RegisterKey;
use tildel_domain::source::SourceName;
use tildel_registers::municipality::{History, SplitWeights};
pub use tildel_storage::control_totals::ControlTotalFilter;
use tildel_storage::{Page, PageRequest, control_totals, register_units, sources};
use uuid::Uuid;

use crate::context::Context;
use crate::failure::Outcome;
use crate::sources::{ControlSettings, municipality_history};
use crate::stretch;

/// A municipality of today, with what is counted in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Which units.
    pub unit_kind: UnitKind,
    /// The number that is valid today.
    pub municipality_number: String,
    /// Its name today, where Klass was read.
    pub municipality_name: Option<String>,
    /// The year at whose end was counted.
    pub year: i16,
    /// What is counted.
    pub measure: Measure,
    /// The table.
    pub table: String,
    /// The variable of the table.
    pub contents: String,
    /// What the table says, added up where municipalities have been merged since; unknown where one has been split, or says nothing.
    pub total: Headcount,
    /// The numbers that the table has, where they are others than today's.
    pub counted_as: Vec<String>,
    /// How far a sum may be from it, in hundredths of it.
    pub tolerance_percent: u8,
    /// Since when the table is known to say so.
    pub since: Timestamp,
    /// What each register says that was read.
    pub sums: Vec<RegisterSum>,
}

/// What the units of a municipality add up to in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterSum {
    /// Which register.
    pub register: RegisterKey,
    /// The sum of what stands now.
    pub sum: UnitSum,
    /// Whether it can be what the table says.
    pub agreement: Agreement,
}

/// The place of a control in lists.
pub fn place_of(control: &Control) -> Uuid {
    place(control.unit_kind, &control.municipality_number)
}

fn place(kind: UnitKind, number: &str) -> Uuid {
    let number: u128 = number.parse().unwrap_or_default();
    Uuid::from_u128((u128::from(kind as u8) + 1) << 32 | number)
}

/// Controls by kind and number.
pub fn list(
    cx: &mut Context<'_>,
    filter: ControlTotalFilter,
    municipality_number: Option<&str>,
    page: &PageRequest,
) -> Outcome<Page<Control>> {
    cx.require(Operation::ControlTotalList)?;
    let mut items = gather(cx, filter)?;
    items.retain(|control| municipality_number.is_none_or(|wanted| control.municipality_number == wanted));
    let mut page = stretch::page(items, place_of, page);
    add_sums(cx, &mut page.items)?;
    Ok(page)
}

/// A sentence for each sum that can not be what the newest of these tables says.
pub(crate) fn findings(cx: &mut Context<'_>, of: &[ControlSettings]) -> Outcome<Vec<String>> {
    let mut controls = gather(cx, ControlTotalFilter::default())?;
    // What was read of a table that is not asked for any more says nothing of now.
    let is_asked_for = |control: &Control, of: &ControlSettings| {
        (control.unit_kind, &control.table, &control.contents) == (of.unit_kind, &of.table, &of.contents)
    };
    controls.retain(|control| of.iter().any(|of| is_asked_for(control, of)));
    add_sums(cx, &mut controls)?;
    let mut findings = Vec::new();
    for control in &controls {
        for sum in &control.sums {
            if matches!(sum.agreement, Agreement::Less | Agreement::More) {
                findings.push(sentence(control, sum)?);
            }
        }
    }
    Ok(findings)
}

fn sentence(control: &Control, RegisterSum { register, sum, .. }: &RegisterSum) -> Outcome<String> {
    let (units, low, high) = (sum.units, sum.low()?, sum.high()?);
    let told = match high {
        Some(high) if high == low => format!("{low}"),
        Some(high) => format!("{low} to {high}"),
        None => format!("{low} or more"),
    };
    let total = match control.total {
        Headcount::Known(total) => total.to_string(),
        _ => "0".to_owned(),
    };
    let Control { municipality_number, municipality_name, year, table, contents, .. } = control;
    let name = municipality_name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
    let kind = match control.unit_kind {
        UnitKind::Kindergarten => "kindergartens",
        UnitKind::PrimarySchool => "primary schools",
        UnitKind::UpperSecondary => "upper secondary schools",
    };
    let measure = if control.measure == Measure::ManYears { "man-years" } else { "employees" };
    let title = register.title();
    Ok(format!(
        "{municipality_number}{name}, {kind}: {title} has {told} employees (units: {units}); table {table} ({contents}) says {total} {measure} in {year}"
    ))
}

/// The totals by today's municipalities, without sums.
fn gather(cx: &mut Context<'_>, filter: ControlTotalFilter) -> Outcome<Vec<Control>> {
    let totals = control_totals::list(cx.db, filter)?;
    let history = municipality_history(cx)?;
    let today = cx.today()?;
    let mut controls: BTreeMap<(UnitKind, String), Control> = BTreeMap::new();
    for total in totals {
        let heirs = heirs(&history, &total, today);
        let is_split = heirs.len() > 1;
        for number in heirs {
            let life = history.life_on(&number, today);
            let key = (total.unit_kind, number.clone());
            let fresh = || Control {
                unit_kind: total.unit_kind,
                municipality_name: life.map(|life| history.life(life).name_on(today).to_owned()),
                municipality_number: number,
                year: total.year,
                measure: total.measure,
                table: total.table.clone(),
                contents: total.contents.clone(),
                total: Headcount::Known(Quantity::ZERO),
                counted_as: Vec::new(),
                tolerance_percent: total.tolerance_percent,
                since: total.since,
                sums: Vec::new(),
            };
            let control = controls.entry(key).or_insert_with(fresh);
            control.total = if is_split { Headcount::Unknown } else { together(control.total, total.value)? };
            control.since = control.since.max(total.since);
            control.counted_as.push(total.municipality_number.clone());
        }
    }
    let mut controls: Vec<Control> = controls.into_values().collect();
    for control in &mut controls {
        if control.counted_as == [control.municipality_number.as_str()] {
            control.counted_as.clear();
        }
    }
    Ok(controls)
}

/// What a municipality of a table is today; itself where Klass was not read. Tables keep numbers that are no municipality's any more, or have
/// groups of four digits: these are nobody.
fn heirs(history: &History, total: &ControlTotal, today: Date) -> Vec<String> {
    let code = &total.municipality_number;
    let itself = || vec![code.clone()];
    let Ok(counted_on) = Date::new(total.year, 12, 31) else { return itself() };
    if history.codes().len() == 0 {
        return itself();
    }
    let Some(life) = history.life_on(code, counted_on) else { return Vec::new() };
    let resolved = history.resolve(life, today, &SplitWeights::none());
    resolved.successors.iter().map(|successor| history.life(successor.life).code.clone()).collect()
}

/// Two answers together: what is withheld or not known in one of them is so of both.
fn together(left: Headcount, right: Headcount) -> Outcome<Headcount> {
    use Headcount::{Known, NoneRegistered, Unknown, Withheld};
    Ok(match (left, right) {
        (Unknown, _) | (_, Unknown) => Unknown,
        (Withheld, _) | (_, Withheld) => Withheld,
        (NoneRegistered, other) | (other, NoneRegistered) => other,
        (Known(left), Known(right)) => Known(add(left, right)?),
    })
}

/// Adds what registers say now, by few queries for all.
fn add_sums(cx: &mut Context<'_>, controls: &mut [Control]) -> Outcome<()> {
    let read = read_registers(cx)?;
    let kinds: BTreeSet<UnitKind> = controls.iter().map(|control| control.unit_kind).collect();
    let mut sums: BTreeMap<(UnitKind, RegisterKey, String), UnitSum> = BTreeMap::new();
    for kind in kinds {
        let wanted = controls.iter().filter(|control| control.unit_kind == kind);
        let numbers: Vec<&str> = wanted.flat_map(numbers_of).collect();
        for counted in register_units::counted_in(cx.db, kind, &numbers)? {
            let key = (kind, counted.register, counted.municipality_number);
            sums.entry(key).or_default().add(counted.headcount)?;
        }
    }
    for control in controls {
        for register in registers_of(control.unit_kind).into_iter().filter(|register| read.contains(register))
        {
            let mut sum = UnitSum::default();
            for number in numbers_of(control) {
                let key = (control.unit_kind, register, number.to_owned());
                sum.join(sums.get(&key).copied().unwrap_or_default())?;
            }
            let agreement = compare(control.total, control.measure, &sum, control.tolerance_percent)?;
            control.sums.push(RegisterSum { register, sum, agreement });
        }
    }
    Ok(())
}

/// The numbers under which registers may have its units: today's, and those of before that led to it alone, as registers are late at the turn of a year.
fn numbers_of(control: &Control) -> impl Iterator<Item = &str> {
    let before = control.counted_as.iter().filter(|number| **number != control.municipality_number);
    let before = before.filter(|_| control.total != Headcount::Unknown);
    [&control.municipality_number].into_iter().chain(before).map(String::as_str)
}

/// The registers whose units were read: of the others, nothing can be said.
fn read_registers(cx: &mut Context<'_>) -> Outcome<BTreeSet<RegisterKey>> {
    let known = sources::list(cx.db)?;
    let is_read = |name| known.iter().any(|source| source.name == name && source.last_success_at.is_some());
    let of_units = [
        (SourceName::EnhetsregisteretSubUnits, RegisterKey::Enhetsregisteret),
        (SourceName::Nsr, RegisterKey::Nsr),
        (SourceName::Nbr, RegisterKey::Nbr),
    ];
    Ok(of_units.into_iter().filter(|(name, _)| is_read(*name)).map(|(_, register)| register).collect())
}
