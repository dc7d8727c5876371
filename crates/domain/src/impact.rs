//! Impact reports: what a new run moves, told before anything that was promised moves.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::impact::{Move, Reason};
use tildel_allocation::{LineState, Nok};

use crate::grant::{Grant, GrantYear, GrantYearState};
use crate::id::{GrantId, ImpactReportId, OfficeId, PersonId, RunId, SchemeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::run::Run;
use crate::{Actor, Entry};

/// Where an impact report is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImpactReportState {
    /// Pre-notified amounts would move; somebody has to accept it first.
    Open,
    /// Nothing moves that was told to anybody.
    Informative,
    /// Accepted: the pre-notified amounts have moved.
    Accepted,
    /// A newer run says something else.
    Superseded,
}

impl ImpactReportState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Informative => "informative",
            Self::Accepted => "accepted",
            Self::Superseded => "superseded",
        }
    }
}

/// What a run moves as against the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImpactReport {
    /// Id.
    pub id: ImpactReportId,
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// The run that moves the amounts.
    pub run_id: RunId,
    /// The run before it; none where there was none, and the run differs from what was told nevertheless.
    pub previous_run_id: Option<RunId>,
    /// Who, which year, from what, to what, and why; by reference and year.
    pub moves: Vec<Move>,
    /// State.
    pub state: ImpactReportState,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who accepted it.
    pub accepted_by: Option<PersonId>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// The version, counted up by each write.
    pub version: i64,
}

/// The amount to which an accepted report moves a pre-notified year: what the run has, and nothing where the run has
/// the year no longer. None while the run's amount is pending, as nothing can be promised then.
pub fn amount_of(run: &Run, grant_id: GrantId, year: i16) -> Option<Nok> {
    run.amount(grant_id, year).unwrap_or(Some(Nok::ZERO))
}

/// The pre-notified years of grants that differ from a run.
fn stale<'g>(run: &'g Run, grants: &'g [Grant]) -> impl Iterator<Item = (&'g Grant, &'g GrantYear)> {
    let years = grants.iter().flat_map(|grant| grant.years.iter().map(move |year| (grant, year)));
    years.filter(|(grant, year)| {
        year.state == GrantYearState::PreNotified && amount_of(run, grant.id, year.year) != year.promised
    })
}

/// The runs from which the promises come that a run does not agree with.
pub fn runs_of_stale_promises(run: &Run, grants: &[Grant]) -> BTreeSet<RunId> {
    stale(run, grants).filter_map(|(_, year)| year.promised_run_id).collect()
}

/// What a report is on: the moves between two runs, completed by what is pre-notified and differs from the new run. Between two
/// runs nothing may have moved, and a promise may still wait since an older one. `since` has, for each of
/// [`runs_of_stale_promises`] that can be read, the moves from there: all that has happened since the promise.
pub fn moves_of(
    between: Vec<Move>,
    run: &Run,
    grants: &[Grant],
    since: &BTreeMap<RunId, Vec<Move>>,
) -> (Vec<Move>, ImpactReportState) {
    let mut moves = between;
    let mut state = ImpactReportState::Informative;
    for (grant, year) in stale(run, grants) {
        state = ImpactReportState::Open;
        let project = grant.id.to_string();
        let is_it = |other: &Move| other.project == project && other.year == year.year;
        let place = moves.iter().position(is_it).unwrap_or_else(|| {
            moves.push(Move {
                project: project.clone(),
                reference: grant.reference.clone(),
                organisation: lead_of(run, &project),
                year: year.year,
                state: LineState::PreNotified,
                from: None,
                to: run.amount(grant.id, year.year).flatten(),
                reasons: Vec::new(),
            });
            moves.len() - 1
        });
        let told = &mut moves[place];
        told.state = LineState::PreNotified;
        // What counts for the recipient is what was told, not what the run before said.
        told.from = year.promised;
        let older = year.promised_run_id.and_then(|id| since.get(&id));
        let older = older.and_then(|moves| moves.iter().find(|other| is_it(other)));
        add_reasons(&mut told.reasons, older.map(|older| older.reasons.as_slice()).unwrap_or_default());
    }
    moves.sort_by(|left, right| (&left.reference, left.year).cmp(&(&right.reference, right.year)));
    (moves, state)
}

/// Adds what has happened since a promise, apart from the promise itself.
fn add_reasons(reasons: &mut Vec<Reason>, older: &[Reason]) {
    for reason in older {
        let is_news = !matches!(reason, Reason::OthersChanged | Reason::PromiseChanged { .. });
        if is_news && !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    if reasons.len() > 1 {
        reasons.retain(|reason| *reason != Reason::OthersChanged);
    }
    if reasons.is_empty() {
        reasons.push(Reason::OthersChanged);
    }
}

fn lead_of(run: &Run, project: &str) -> String {
    let found = run.input.projects.iter().find(|other| other.id == project);
    found.map(|project| project.lead.clone()).unwrap_or_default()
}

impl ImpactReport {
    /// The entry for the journal when it is made.
    pub fn store(&self) -> Entry {
        Entry::new("impact_report.create", "impact_report", self.id)
            .with("runId", self.run_id.to_string())
            .with("state", self.state.as_str())
    }

    /// Somebody of the office accepts that the pre-notified amounts move.
    pub fn accept(&mut self, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require_open()?;
        self.accepted_by = Some(actor.person()?);
        self.accepted_at = Some(now);
        self.state = ImpactReportState::Accepted;
        Ok(self.moved("impact_report.accept"))
    }

    /// A newer run takes its place.
    pub fn supersede(&mut self) -> Result<Entry, Refusal> {
        self.require_open()?;
        self.state = ImpactReportState::Superseded;
        Ok(self.moved("impact_report.supersede"))
    }

    fn require_open(&self) -> Result<(), Refusal> {
        if self.state == ImpactReportState::Open {
            return Ok(());
        }
        Err(Refusal::new(RefusalCode::ImpactReportNotOpen).with("state", self.state.as_str()))
    }

    fn moved(&self, action: &'static str) -> Entry {
        Entry::new(action, "impact_report", self.id)
            .with("runId", self.run_id.to_string())
            .with("to", self.state.as_str())
    }
}
