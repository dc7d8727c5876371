//! What a decision on amounts has to be: each amount as the run holds it, and a reason where a forum advised another.

use crate::decision::{AmountLine, Decision};
use crate::grant::Grant;
use crate::recommendation::Recommendation;
use crate::refusal::{Refusal, RefusalCode};
use crate::run::Run;
use crate::{Actor, Entry};

/// A grant with the advice that it rests on.
#[derive(Clone, Copy, Debug)]
pub struct GrantAdvice<'a> {
    /// The grant.
    pub grant: &'a Grant,
    /// The adopted recommendations on its round.
    pub recommendations: &'a [Recommendation],
}

impl GrantAdvice<'_> {
    /// The first year of the grant: the one that forums advise amounts of.
    pub fn first_year(&self) -> i16 {
        self.grant.years.iter().map(|year| year.year).min().unwrap_or_default()
    }
}

impl Decision {
    /// Prepares a decision on amounts: each one as the run holds it (rule 8), with a reason where a forum advised another
    /// (rule 5). `advice` has the grants of the lines.
    pub fn prepare_amounts(
        &self,
        lines: &[AmountLine],
        run: &Run,
        advice: &[GrantAdvice<'_>],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        if run.office_id != self.office_id {
            return Err(Refusal::new(RefusalCode::OtherOffice));
        }
        check_amounts(lines, run, advice)?;
        Ok(self.entry_on_appeal().with("runId", run.id.to_string()))
    }
}

/// Checks amounts against the run that they are from and the advice of the forums.
pub fn check_amounts(lines: &[AmountLine], run: &Run, advice: &[GrantAdvice<'_>]) -> Result<(), Refusal> {
    if lines.is_empty() {
        return Err(Refusal::invalid("/matter/lines", "at least one amount"));
    }
    for (index, line) in lines.iter().enumerate() {
        let pointer = format!("/matter/lines/{index}");
        let repeated =
            lines[..index].iter().any(|other| other.grant_id == line.grant_id && other.year == line.year);
        if repeated {
            return Err(Refusal::invalid(&pointer, "each grant and year once"));
        }
        let refused = |code| Err(Refusal::new(code).with("year", line.year).at(pointer.clone()));
        match run.amount(line.grant_id, line.year) {
            None => return refused(RefusalCode::AmountNotOfRun),
            Some(None) => return refused(RefusalCode::AmountPending),
            Some(Some(amount)) if amount != line.amount => return refused(RefusalCode::AmountNotOfRun),
            Some(Some(_)) => {}
        }
        if let Some(advice) = advice.iter().find(|advice| advice.grant.id == line.grant_id) {
            check_departure(line, *advice, &pointer)?;
        }
    }
    Ok(())
}

fn check_departure(line: &AmountLine, advice: GrantAdvice<'_>, pointer: &str) -> Result<(), Refusal> {
    let first_year = advice.first_year();
    let advised = advice.recommendations.iter().flat_map(|recommendation| &recommendation.lines);
    let mut advised = advised.filter(|advised| advised.application_id == advice.grant.application_id);
    if advised.any(|advised| line.departure_from(advised, first_year).is_some()) {
        line.justification().require(&advice.grant.reference, pointer)?;
    }
    Ok(())
}
