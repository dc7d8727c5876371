//! What each kind of component comes to.

use jiff::civil::Date;

use super::counting::{Group, count, count_on, groups};
use super::entitlement::{Evaluation, Outcome};
use crate::model::{Band, BasePer, CountFilter, LumpPer, Rate};
use crate::money::Overflow;
use crate::text::Shown;
use crate::trace::{Step, StepInput, StepKind};
use crate::{Exact, Nok, Quantity};

impl Evaluation<'_, '_> {
    pub(super) fn base(&mut self, per: BasePer, amount: Nok) -> Result<Outcome, Overflow> {
        let times = match per {
            BasePer::Project => 1,
            BasePer::Partner => u32::try_from(self.parties.len()).map_err(|_| Overflow)?,
            BasePer::Municipality => self.municipalities,
        };
        if per == BasePer::Partner {
            self.credit_each(Exact::from(amount))?;
        }
        let step = Step {
            inputs: vec![StepInput::plain("amount", amount), StepInput::plain("times", u64::from(times))],
            ..Step::empty(StepKind::Base)
        };
        let exact = Exact::from(amount).checked_mul(Exact::whole(i128::from(times)))?;
        Ok(Outcome { exact: Some(exact), step })
    }

    pub(super) fn per_head(&mut self, rates: &[Rate], filters: &[CountFilter]) -> Result<Outcome, Overflow> {
        let rate = rate_on(rates, Date::constant(self.year.clamp(1, 9999), 12, 31));
        let mut sum = Some(Quantity::ZERO);
        let mut steps = Vec::with_capacity(self.parties.len() * filters.len());
        for place in 0..self.parties.len() {
            let (party_sum, known) = self.count_party(place, filters, &mut steps)?;
            let of_party = Exact::product(rate, known);
            self.by_party[place] = self.by_party[place].checked_add(of_party)?;
            sum = match (sum, party_sum) {
                (Some(sum), Some(more)) => Some(sum.checked_add(more)?),
                _ => None,
            };
        }
        let mut inputs = vec![StepInput::plain("rate", rate)];
        inputs.extend(sum.map(|sum| StepInput::plain("headcount", sum)));
        let exact = sum.map(|sum| Exact::product(rate, sum));
        Ok(Outcome { exact, step: Step { inputs, steps, ..Step::empty(StepKind::PerHead) } })
    }

    /// Counts one party for all filters: the sum if all is known, and the sum of what is known.
    fn count_party(
        &mut self,
        place: usize,
        filters: &[CountFilter],
        steps: &mut Vec<Step>,
    ) -> Result<(Option<Quantity>, Quantity), Overflow> {
        let (mut sum, mut known) = (Some(Quantity::ZERO), Quantity::ZERO);
        let index = self.index;
        let organisation = &index.organisations[self.parties[place]];
        for filter in filters {
            for group in groups(organisation, *filter, self.year) {
                let counted = count(self.rules, organisation, *filter, &group, self.year, &mut self.flags)?;
                steps.push(counted.step);
                match counted.count {
                    Some(count) => {
                        known = known.checked_add(count)?;
                        sum = sum.map(|sum| sum.checked_add(count)).transpose()?;
                    }
                    None => sum = None,
                }
            }
        }
        Ok((sum, known))
    }

    pub(super) fn per_head_split(
        &mut self,
        rates: &[Rate],
        filters: &[CountFilter],
    ) -> Result<Outcome, Overflow> {
        let mut sum = Some(Exact::ZERO);
        let mut steps = Vec::new();
        let index = self.index;
        for place in 0..self.parties.len() {
            let organisation = &index.organisations[self.parties[place]];
            for filter in filters {
                for group in groups(organisation, *filter, self.year) {
                    for (first_day, days) in pieces(self.year, rates, &group) {
                        let rate = rate_on(rates, first_day);
                        let counted =
                            count_on(self.rules, organisation, *filter, &group, first_day, &mut self.flags)?;
                        let exact = counted
                            .count
                            .map(|count| {
                                let days_in_year = days_in_year(self.year);
                                let part = Exact::fraction(i128::from(days), i128::from(days_in_year))
                                    .ok_or(Overflow)?;
                                Exact::product(rate, count).checked_mul(part)
                            })
                            .transpose()?;
                        if let Some(exact) = exact {
                            self.by_party[place] = self.by_party[place].checked_add(exact)?;
                        }
                        sum = match (sum, exact) {
                            (Some(sum), Some(exact)) => Some(sum.checked_add(exact)?),
                            _ => None,
                        };
                        steps.push(Step {
                            inputs: vec![
                                StepInput::plain("from", first_day),
                                StepInput::plain("days", u64::from(days)),
                                StepInput::plain("rate", rate),
                            ],
                            result: exact.map(|exact| exact.text()),
                            steps: vec![counted.step],
                            ..Step::empty(StepKind::Piece)
                        });
                    }
                }
            }
        }
        Ok(Outcome { exact: sum, step: Step { steps, ..Step::empty(StepKind::PerHead) } })
    }

    pub(super) fn lump(
        &mut self,
        per: LumpPer,
        bands: &[Band],
        filters: &[CountFilter],
    ) -> Result<Outcome, Overflow> {
        let mut sizes = Vec::new();
        let mut steps = Vec::new();
        for place in 0..self.parties.len() {
            let counted = self.count_party(place, filters, &mut steps)?;
            sizes.push(counted);
        }
        let mut inputs = Vec::new();
        let mut sum = Some(Exact::ZERO);
        match per {
            LumpPer::Project => {
                let whole =
                    sizes.iter().try_fold(Some(Quantity::ZERO), |sum, (size, _)| match (sum, size) {
                        (Some(sum), Some(size)) => sum.checked_add(*size).map(Some),
                        _ => Ok(None),
                    })?;
                sum = whole.map(|size| band_amount(bands, size, &mut inputs)).transpose()?;
            }
            LumpPer::Partner => {
                for (place, (size, _)) in sizes.into_iter().enumerate() {
                    let exact = size.map(|size| band_amount(bands, size, &mut inputs)).transpose()?;
                    // Without a size there is no amount, for who receives the money too.
                    let credit = exact.unwrap_or(Exact::ZERO);
                    self.by_party[place] = self.by_party[place].checked_add(credit)?;
                    sum = match (sum, exact) {
                        (Some(sum), Some(exact)) => Some(sum.checked_add(exact)?),
                        _ => None,
                    };
                }
            }
        }
        Ok(Outcome { exact: sum, step: Step { inputs, steps, ..Step::empty(StepKind::Lump) } })
    }

    fn credit_each(&mut self, amount: Exact) -> Result<(), Overflow> {
        for credit in &mut self.by_party {
            *credit = credit.checked_add(amount)?;
        }
        Ok(())
    }
}

/// The last rate that holds on a day; none holds: nothing.
fn rate_on(rates: &[Rate], day: Date) -> Nok {
    rates.iter().rfind(|rate| rate.from.is_none_or(|from| from <= day)).map_or(Nok::ZERO, |rate| rate.rate)
}

/// The amount of the band of a size, whose values are told.
fn band_amount(bands: &[Band], size: Quantity, inputs: &mut Vec<StepInput>) -> Result<Exact, Overflow> {
    inputs.push(StepInput::plain("headcount", size));
    let Some(band) = bands.iter().rfind(|band| band.from <= size) else { return Ok(Exact::ZERO) };
    inputs.push(StepInput::plain("amount", band.amount));
    inputs.push(StepInput::plain("rate", band.rate));
    Exact::from(band.amount).checked_add(Exact::product(band.rate, size))
}

/// The pieces of a year in which neither the rate nor a record changes: first day and number of days.
fn pieces(year: i16, rates: &[Rate], group: &Group<'_>) -> Vec<(Date, u16)> {
    let new_year = Date::constant(year.clamp(1, 9999), 1, 1);
    let mut starts = vec![new_year];
    let inside = |date: &Date| date.year() == year && *date > new_year;
    if !group.records.is_empty() {
        starts.extend(rates.iter().filter_map(|rate| rate.from).filter(inside));
        starts.extend(group.records.iter().map(|record| record.date).filter(inside));
        starts.sort_unstable();
        starts.dedup();
    }
    let day_of_year = |date: Date| date.day_of_year().unsigned_abs();
    let ends = starts.iter().skip(1).map(|date| day_of_year(*date)).chain([days_in_year(year) + 1]);
    starts.iter().zip(ends).map(|(start, end)| (*start, end - day_of_year(*start))).collect()
}

fn days_in_year(year: i16) -> u16 {
    Date::constant(year.clamp(1, 9999), 12, 31).day_of_year().unsigned_abs()
}
