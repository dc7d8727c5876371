//! Granted projects over years.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::{FrameStatus, Nok, RenewalOutcome};

use crate::grant_year::outcome_name;
pub use crate::grant_year::{GrantPayment, GrantRenewal, GrantYear, GrantYearState};
use crate::id::{
    ApplicationId, DecisionId, GrantId, ImpactReportId, OfficeId, OrganisationId, RoundId, RunId, SchemeId,
};
use crate::refusal::{Refusal, RefusalCode};
use crate::{Actor, Entry};

/// Where a grant is in its life. Reporting and settlement are not built yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// Decided; the recipient has not answered.
    Offered,
    /// Accepted by the recipient.
    Accepted,
    /// Declined by the recipient.
    Declined,
}

impl GrantState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }
}

/// A granted project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Id.
    pub id: GrantId,
    /// Human reference.
    pub reference: String,
    /// The application it answers.
    pub application_id: ApplicationId,
    /// The round it is from.
    pub round_id: RoundId,
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// The decision that made it.
    pub decision_id: DecisionId,
    /// The recipient who answers for it.
    pub lead_id: OrganisationId,
    /// Name of the project, such as «Jærbarnehagene».
    pub name: String,
    /// Title of the project.
    pub title: String,
    /// State.
    pub state: GrantState,
    /// The years, first to last.
    pub years: Vec<GrantYear>,
    /// The year before which it ends, where it was stopped; what was decided for the years before stands.
    pub stopped_from: Option<i16>,
    /// When the recipient answered.
    pub answered_at: Option<Timestamp>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Grant {
    /// The recipient takes the grant.
    pub fn accept(&mut self, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        self.answer(actor, now, GrantState::Accepted, "grant.accept")
    }

    /// The recipient does not take the grant.
    pub fn decline(&mut self, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        self.answer(actor, now, GrantState::Declined, "grant.decline")
    }

    fn answer(
        &mut self,
        actor: &Actor,
        now: Timestamp,
        state: GrantState,
        action: &'static str,
    ) -> Result<Entry, Refusal> {
        actor.require_organisation(self.lead_id)?;
        if self.state != GrantState::Offered {
            return Err(Refusal::wrong_state("grant", self.state.as_str(), "offered"));
        }
        self.state = state;
        self.answered_at = Some(now);
        Ok(Entry::new(action, "grant", self.id).with("to", state.as_str()))
    }

    /// Takes over the amounts of a new run, in years that nothing is promised for. Returns whether anything changed.
    pub fn plan(&mut self, run_id: RunId, amount_of: impl Fn(i16) -> Option<Nok>) -> Option<Entry> {
        let mut changed = false;
        for year in &mut self.years {
            let planned = amount_of(year.year);
            if year.planned != planned {
                year.planned = planned;
                year.planned_run_id = Some(run_id);
                changed = true;
            }
        }
        changed.then(|| Entry::new("grant.plan", "grant", self.id).with("runId", run_id.to_string()))
    }

    /// Promises a year's amount: decided where the frame is decided, else pre-notified and conditional (rule 7).
    ///
    /// Returns by how much the promise grew. A decided amount changes only by a new decision (rule 8), so the same decision
    /// can not promise twice.
    pub fn promise(
        &mut self,
        year: i16,
        amount: Nok,
        run_id: RunId,
        decision_id: DecisionId,
        frame_status: FrameStatus,
    ) -> Result<(Nok, Entry), Refusal> {
        let id = self.id;
        if self.is_stopped_in(year) {
            return Err(Refusal::wrong_state("grant", "stopped", "renewed"));
        }
        let grant_year =
            self.years.iter_mut().find(|grant_year| grant_year.year == year).ok_or_else(|| {
                Refusal::invalid("/matter/lines", format!("years of the grant, not {year}"))
            })?;
        if grant_year.decision_id == Some(decision_id) {
            return Err(Refusal::new(RefusalCode::DecidedAmountFixed).with("year", year));
        }
        let before = grant_year.promised.unwrap_or(Nok::ZERO);
        let growth = amount
            .checked_sub(before)
            .map_err(|_| Refusal::invalid("/matter/lines", "amounts that can be subtracted"))?;
        grant_year.promised = Some(amount);
        grant_year.promised_run_id = Some(run_id);
        grant_year.decision_id = Some(decision_id);
        grant_year.impact_report_id = None;
        grant_year.conditional = frame_status == FrameStatus::Expected;
        grant_year.state = match frame_status {
            FrameStatus::Decided => GrantYearState::Decided,
            FrameStatus::Expected => GrantYearState::PreNotified,
        };
        let entry = Entry::new("grant.promise", "grant", id)
            .with("year", year)
            .with("amount", amount.to_string())
            .with("state", grant_year.state.as_str());
        Ok((growth, entry))
    }

    /// Moves what is pre-notified for a year to the run of an accepted impact report; what is decided never moves so
    /// (rule 8). Returns by how much the promise grew; none where there is nothing to move.
    pub fn follow_report(
        &mut self,
        year: i16,
        amount: Nok,
        run_id: RunId,
        report_id: ImpactReportId,
    ) -> Result<Option<(Nok, Entry)>, Refusal> {
        let id = self.id;
        let grant_year = self
            .years
            .iter_mut()
            .find(|grant_year| grant_year.year == year && grant_year.state == GrantYearState::PreNotified);
        let Some((grant_year, before)) =
            grant_year.and_then(|year| year.promised.map(|before| (year, before)))
        else {
            return Ok(None);
        };
        if before == amount {
            return Ok(None);
        }
        let growth = amount
            .checked_sub(before)
            .map_err(|_| Refusal::invalid("/", "amounts that can be subtracted"))?;
        grant_year.promised = Some(amount);
        grant_year.promised_run_id = Some(run_id);
        grant_year.impact_report_id = Some(report_id);
        let entry = Entry::new("grant.follow_report", "grant", id)
            .with("year", year)
            .with("from", before.to_string())
            .with("to", amount.to_string())
            .with("impactReportId", report_id.to_string());
        Ok(Some((growth, entry)))
    }

    /// Whether a forum is to say if the grant goes on in a year: a later year of a grant that was neither declined nor
    /// stopped, and one whose amount is not decided.
    pub fn awaits_judgement(&self, year: i16) -> bool {
        let later = self.years.iter().skip(1).find(|grant_year| grant_year.year == year);
        self.state != GrantState::Declined
            && !self.is_stopped_in(year)
            && later.is_some_and(|grant_year| grant_year.state != GrantYearState::Decided)
    }

    /// Takes over what was decided of a later year: it goes on, or it ends before the year.
    pub fn judge(
        &mut self,
        year: i16,
        outcome: RenewalOutcome,
        decision_id: DecisionId,
    ) -> Result<Entry, Refusal> {
        if !self.awaits_judgement(year) {
            return Err(Refusal::wrong_state(
                "grant",
                self.state.as_str(),
                "running, with an open later year",
            ));
        }
        for grant_year in self.years.iter_mut().filter(|grant_year| grant_year.year == year) {
            grant_year.judgement = Some(outcome);
        }
        if outcome == RenewalOutcome::Stopped {
            self.stopped_from = Some(year);
        }
        Ok(Entry::new("grant.judge", "grant", self.id)
            .with("year", year)
            .with("outcome", outcome_name(outcome))
            .with("decisionId", decision_id.to_string()))
    }

    /// Whether the grant has ended before a year.
    pub fn is_stopped_in(&self, year: i16) -> bool {
        self.stopped_from.is_some_and(|from| from <= year)
    }

    /// Checks that a payment can be made: of a decided amount, within what is left of it. `paid` is what was paid of the year
    /// before.
    pub fn check_payment(&self, year: i16, amount: Nok, paid: &[Nok], actor: &Actor) -> Result<(), Refusal> {
        actor.require_office(self.office_id)?;
        self.check_not_declined()?;
        if amount <= Nok::ZERO {
            return Err(Refusal::invalid("/amount/amount", "more than zero"));
        }
        let grant_year = self.years.iter().find(|grant_year| grant_year.year == year);
        let grant_year = grant_year.ok_or_else(|| Refusal::invalid("/year", "a year of the grant"))?;
        let (GrantYearState::Decided, Some(decided)) = (grant_year.state, grant_year.promised) else {
            return Err(Refusal::wrong_state("year", grant_year.state.as_str(), "decided").at("/year"));
        };
        let beyond = || {
            Refusal::new(RefusalCode::PaymentExceedsAmount)
                .with("year", year)
                .with("decided", decided)
                .at("/amount/amount")
        };
        let sum = Nok::checked_sum(paid.iter().copied().chain([amount])).map_err(|_| beyond())?;
        if sum > decided { Err(beyond()) } else { Ok(()) }
    }

    fn check_not_declined(&self) -> Result<(), Refusal> {
        if self.state == GrantState::Declined {
            return Err(Refusal::wrong_state("grant", self.state.as_str(), "offered, accepted"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn grant() -> Grant {
        let id = Uuid::from_u128;
        Grant {
            id: GrantId(id(1)),
            reference: "RO-2020-0011".into(),
            application_id: ApplicationId(id(2)),
            round_id: RoundId(id(3)),
            office_id: OfficeId(id(4)),
            scheme_id: SchemeId(id(5)),
            decision_id: DecisionId(id(6)),
            lead_id: OrganisationId(id(7)),
            name: "Sandnes kommune".into(),
            title: "På LAG".into(),
            state: GrantState::Offered,
            years: vec![GrantYear::new(2020), GrantYear::new(2021)],
            stopped_from: None,
            answered_at: None,
            version: 1,
        }
    }

    /// Rule 8: the same decision can not promise twice; a new one changes the amount, and only the difference is new money.
    #[test]
    fn a_promise_changes_only_by_another_decision() {
        let (run, first, second) =
            (RunId(Uuid::from_u128(8)), DecisionId(Uuid::from_u128(9)), DecisionId(Uuid::from_u128(10)));
        let mut grant = grant();
        let (growth, _) =
            grant.promise(2020, Nok::from_ore(1_000), run, first, FrameStatus::Decided).unwrap();
        assert_eq!(growth, Nok::from_ore(1_000));
        let again = grant.promise(2020, Nok::from_ore(2_000), run, first, FrameStatus::Decided);
        assert_eq!(again.unwrap_err().code, RefusalCode::DecidedAmountFixed);
        assert_eq!(grant.years[0].promised, Some(Nok::from_ore(1_000)), "a refusal changes nothing");
        let (growth, _) = grant.promise(2020, Nok::from_ore(900), run, second, FrameStatus::Decided).unwrap();
        assert_eq!(growth, Nok::from_ore(-100));
    }

    /// Rule 8: an accepted report moves what is pre-notified, and nothing else.
    #[test]
    fn a_report_moves_pre_notified_amounts_only() {
        let (run, decision) = (RunId(Uuid::from_u128(8)), DecisionId(Uuid::from_u128(9)));
        let report = ImpactReportId(Uuid::from_u128(11));
        let mut grant = grant();
        grant.promise(2020, Nok::from_ore(500), run, decision, FrameStatus::Decided).unwrap();
        grant.promise(2021, Nok::from_ore(500), run, decision, FrameStatus::Expected).unwrap();
        let later = RunId(Uuid::from_u128(12));
        assert_eq!(grant.follow_report(2020, Nok::from_ore(900), later, report).unwrap(), None);
        let (growth, _) = grant.follow_report(2021, Nok::from_ore(450), later, report).unwrap().unwrap();
        assert_eq!(growth, Nok::from_ore(-50));
        let promised: Vec<_> = grant.years.iter().map(|year| (year.promised, year.promised_run_id)).collect();
        assert_eq!(
            promised,
            [(Some(Nok::from_ore(500)), Some(run)), (Some(Nok::from_ore(450)), Some(later))]
        );
        assert_eq!(grant.follow_report(2021, Nok::from_ore(450), later, report).unwrap(), None);
    }

    #[test]
    fn only_what_is_decided_is_paid_and_never_more() {
        let (run, decision) = (RunId(Uuid::from_u128(8)), DecisionId(Uuid::from_u128(9)));
        let mut grant = grant();
        grant.promise(2020, Nok::from_ore(500), run, decision, FrameStatus::Decided).unwrap();
        grant.promise(2021, Nok::from_ore(500), run, decision, FrameStatus::Expected).unwrap();
        let pay =
            |year, ore, paid: &[Nok]| grant.check_payment(year, Nok::from_ore(ore), paid, &Actor::SYSTEM);
        assert_eq!(pay(2020, 200, &[Nok::from_ore(300)]), Ok(()));
        let code = |outcome: Result<(), Refusal>| outcome.unwrap_err().code;
        assert_eq!(code(pay(2020, 201, &[Nok::from_ore(300)])), RefusalCode::PaymentExceedsAmount);
        assert_eq!(code(pay(2020, 0, &[])), RefusalCode::InvalidValue);
        assert_eq!(code(pay(2021, 1, &[])), RefusalCode::WrongState);
        assert_eq!(code(pay(2022, 1, &[])), RefusalCode::InvalidValue);
    }

    #[test]
    fn a_later_year_that_is_not_decided_is_judged_once_it_is_stopped_no_more() {
        let (run, decision) = (RunId(Uuid::from_u128(8)), DecisionId(Uuid::from_u128(9)));
        let mut grant = grant();
        grant.years.push(GrantYear::new(2022));
        let waiting = |grant: &Grant| [2020, 2021, 2022, 2023].map(|year| grant.awaits_judgement(year));
        assert_eq!(waiting(&grant), [false, true, true, false]);
        grant.judge(2021, RenewalOutcome::Renewed, decision).unwrap();
        assert_eq!(grant.years[1].judgement, Some(RenewalOutcome::Renewed));
        grant.promise(2021, Nok::from_ore(500), run, decision, FrameStatus::Decided).unwrap();
        assert_eq!(waiting(&grant), [false, false, true, false], "what is decided is not judged again");
        grant.judge(2022, RenewalOutcome::Stopped, decision).unwrap();
        assert_eq!((waiting(&grant), grant.stopped_from), ([false; 4], Some(2022)));
        let promised = grant.promise(2022, Nok::from_ore(500), run, decision, FrameStatus::Decided);
        assert_eq!(promised.unwrap_err().code, RefusalCode::WrongState);
        assert!(grant.judge(2022, RenewalOutcome::Renewed, decision).is_err());
    }

    /// Rule 7: what is promised within an expected frame depends on the budget.
    #[test]
    fn a_promise_within_an_expected_frame_is_conditional() {
        let (run, decision) = (RunId(Uuid::from_u128(8)), DecisionId(Uuid::from_u128(9)));
        let mut grant = grant();
        grant.promise(2020, Nok::from_ore(1), run, decision, FrameStatus::Decided).unwrap();
        grant.promise(2021, Nok::from_ore(1), run, decision, FrameStatus::Expected).unwrap();
        let states: Vec<_> = grant.years.iter().map(|year| (year.state, year.conditional)).collect();
        assert_eq!(states, [(GrantYearState::Decided, false), (GrantYearState::PreNotified, true)]);
    }
}
