//! What an award has to be: a line for each application, with years that fit, and reasons where it departs from the advice.

use crate::application::{Application, ApplicationState};
use crate::decision::{AwardLine, DecidedOutcome, Decision};
use crate::recommendation::Recommendation;
use crate::refusal::{Refusal, RefusalCode};
use crate::round::Round;
use crate::{Actor, Entry};

impl Decision {
    /// Prepares a decision on the applications of a round, from the adopted recommendations.
    pub fn prepare_award(
        &self,
        lines: &[AwardLine],
        round: &Round,
        applications: &[Application],
        recommendations: &[Recommendation],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        check_award(lines, round, applications, recommendations)?;
        Ok(Entry::new("decision.create", "decision", self.id).with("roundId", round.id.to_string()))
    }

    /// Prepares the new decision on an application whose appeal was upheld.
    pub fn prepare_appeal_award(
        &self,
        lines: &[AwardLine],
        round: &Round,
        application: &Application,
        recommendations: &[Recommendation],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        check_appeal_award(lines, round, application, recommendations)?;
        Ok(self.entry_on_appeal().with("roundId", round.id.to_string()))
    }

    pub(super) fn entry_on_appeal(&self) -> Entry {
        let entry = Entry::new("decision.create", "decision", self.id);
        match self.appeal_id {
            Some(appeal_id) => entry.with("appealId", appeal_id.to_string()),
            None => entry,
        }
    }
}

/// Checks an award: a line for each application that was handed in, fitting outcomes, and a reason with a legal basis
/// wherever a line departs from an adopted recommendation (rule 5).
pub fn check_award(
    lines: &[AwardLine],
    round: &Round,
    applications: &[Application],
    recommendations: &[Recommendation],
) -> Result<(), Refusal> {
    if recommendations.is_empty() {
        return Err(Refusal::new(RefusalCode::RecommendationMissing));
    }
    let decidable = |state| {
        matches!(
            state,
            ApplicationState::Eligible
                | ApplicationState::Deferred
                | ApplicationState::Ranked
                | ApplicationState::Reserve
                | ApplicationState::NotRecommended
        )
    };
    for (index, line) in lines.iter().enumerate() {
        let pointer = format!("/matter/lines/{index}");
        let application = applications
            .iter()
            .find(|application| application.id == line.application_id && decidable(application.state))
            .ok_or_else(|| Refusal::invalid(&pointer, "an application of the round that can be decided"))?;
        if lines[..index].iter().any(|other| other.application_id == line.application_id) {
            return Err(Refusal::invalid(&pointer, "each application once"));
        }
        if line.outcome == DecidedOutcome::Granted && application.state == ApplicationState::Deferred {
            return Err(Refusal::invalid(&format!("{pointer}/outcome"), "deferred, as screening put it off"));
        }
        check_years_of(line, round, &pointer)?;
        check_departures(line, application, recommendations, &pointer)?;
    }
    let missing = applications.iter().find(|application| {
        decidable(application.state) && !lines.iter().any(|line| line.application_id == application.id)
    });
    match missing {
        Some(application) => {
            Err(Refusal::new(RefusalCode::DecisionLineMissing).with("application", &application.reference))
        }
        None => Ok(()),
    }
}

/// Checks the new decision on an application whose appeal was upheld: its one line grants what was declined or put off. Nothing
/// else moves, so what is promised to others stands, and the frame says whether there is room.
pub fn check_appeal_award(
    lines: &[AwardLine],
    round: &Round,
    application: &Application,
    recommendations: &[Recommendation],
) -> Result<(), Refusal> {
    let pointer = "/matter/lines/0";
    let [line] = lines else {
        return Err(Refusal::invalid("/matter/lines", "one line, on the application of the appeal"));
    };
    if line.application_id != application.id {
        return Err(Refusal::invalid(&format!("{pointer}/applicationId"), "the application of the appeal"));
    }
    if !matches!(application.state, ApplicationState::Declined | ApplicationState::Deferred) {
        return Err(Refusal::wrong_state("application", application.state.as_str(), "declined, deferred"));
    }
    if line.outcome != DecidedOutcome::Granted {
        return Err(Refusal::invalid(&format!("{pointer}/outcome"), "granted, as the appeal was upheld"));
    }
    check_years_of(line, round, pointer)?;
    check_departures(line, application, recommendations, pointer)
}

fn check_departures(
    line: &AwardLine,
    application: &Application,
    recommendations: &[Recommendation],
    pointer: &str,
) -> Result<(), Refusal> {
    let advised = recommendations.iter().flat_map(|recommendation| &recommendation.lines);
    let mut advised = advised.filter(|advised| advised.application_id == line.application_id);
    if advised.any(|advised| line.departure_from(advised).is_some()) {
        line.justification().require(&application.reference, pointer)?;
    }
    Ok(())
}

fn check_years_of(line: &AwardLine, round: &Round, pointer: &str) -> Result<(), Refusal> {
    match line.outcome {
        DecidedOutcome::Granted => {
            let (Some(first), Some(last)) = (line.first_year, line.last_year) else {
                return Err(Refusal::invalid(&format!("{pointer}/firstYear"), "the first and the last year"));
            };
            if first != round.budget_year || last < first || !crate::scheme::YEARS.contains(&last) {
                return Err(Refusal::invalid(
                    &format!("{pointer}/firstYear"),
                    format!("years that begin with the round's budget year {}", round.budget_year),
                ));
            }
            Ok(())
        }
        DecidedOutcome::Deferred => {
            if line.deferred_to_year.is_none_or(|year| year <= round.budget_year) {
                return Err(Refusal::new(RefusalCode::DeferralNotLater)
                    .with("year", round.budget_year)
                    .at(format!("{pointer}/deferredToYear")));
            }
            if line.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                return Err(Refusal::new(RefusalCode::ReasonRequired).at(format!("{pointer}/reason")));
            }
            Ok(())
        }
        DecidedOutcome::Declined => Ok(()),
    }
}
