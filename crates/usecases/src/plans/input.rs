//! The input of a run: everything that a plan rests on, as it stands now. `docs/bundle.md`, section 3.

use std::collections::{BTreeMap, BTreeSet};

use tildel_domain::allocation::{
    FrameInput, Nok, OrganisationInput, PlanInput, ProjectInput, ProjectStatus, PromiseState, PromisedYear,
    RenewalInput,
};
use tildel_domain::application::{Application, ApplicationState};
use tildel_domain::grant::{Grant, GrantYearState};
use tildel_domain::headcount_choice::choose;
use tildel_domain::id::{ApplicationId, GrantId, OfficeId, OrganisationId, SchemeId};
use tildel_domain::organisation::{Organisation, OrganisationHeadcount};
use tildel_domain::recommendation::{RecommendationLine, RecommendedOutcome};
use tildel_domain::scheme::{Office, Scheme};
use tildel_storage::{
    applications, frames, funding_models, grant_payments, grant_renewals, headcounts, organisations,
    recommendations, rounds,
};

use crate::context::Context;
use crate::decisions::parties_with_employees;
use crate::failure::Outcome;

/// What is to be taken as if it were stored, to see what it would do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    /// Organisations in the place of those that are stored.
    pub(crate) organisations: Vec<Organisation>,
    /// Headcounts beside those that are stored.
    pub(crate) headcounts: Vec<OrganisationHeadcount>,
}

/// Gathers the input of an office and scheme. `standing` are the grants that were not declined.
pub(super) fn gather(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
    standing: &[Grant],
    overlay: &Overlay,
) -> Outcome<PlanInput> {
    let office: Office = cx.find(office_id)?;
    let scheme: Scheme = cx.find(scheme_id)?;
    let models = funding_models::list_for(cx.db, scheme_id)?;
    let frames = frames::list_for(cx.db, office_id, scheme_id)?;
    let advice = Advice::gather(cx, office_id, scheme_id)?;
    let history = History::gather(cx, standing)?;
    let mut wanted: Vec<ApplicationId> = standing.iter().map(|grant| grant.application_id).collect();
    wanted.extend(advice.reserve.keys());
    let all = applications::find_many(cx.db, &wanted)?;
    let by_id: BTreeMap<ApplicationId, &Application> =
        all.iter().map(|application| (application.id, application)).collect();
    let register = Register::gather(cx, &all, overlay)?;

    let mut projects = Vec::with_capacity(all.len());
    for grant in standing {
        if let Some(application) = by_id.get(&grant.application_id) {
            projects.push(running(grant, application, &advice, &history, &register));
        }
    }
    let granted: BTreeSet<ApplicationId> = standing.iter().map(|grant| grant.application_id).collect();
    for (application_id, reserve) in &advice.reserve {
        // Before the decision nobody knows yet who is left to wait.
        let waits = |application: &&&Application| {
            application.state == ApplicationState::Declined && !granted.contains(application_id)
        };
        if let Some(application) = by_id.get(application_id).filter(waits) {
            projects.push(waiting(application, reserve, &scheme, &register));
        }
    }
    let first_year = projects.iter().map(|project| project.first_year).min();
    let last_year = projects.iter().map(|project| project.last_year).max();
    Ok(PlanInput {
        office: office.key,
        scheme: scheme.key,
        first_year: first_year.unwrap_or(scheme.first_year),
        last_year: last_year.unwrap_or(scheme.last_year),
        carried_in: None,
        models: models.into_iter().map(|published| published.model).collect(),
        frames: frames
            .into_iter()
            .map(|frame| FrameInput {
                year: frame.year,
                status: frame.status,
                amount: frame.amount,
                places: frame.places,
            })
            .collect(),
        organisations: register.occurring(&projects),
        projects,
        history: Vec::new(),
    })
}

/// A line of the reserve list, and the budget year of its round.
struct Reserve {
    line: RecommendationLine,
    budget_year: i16,
}

/// What the forums have advised.
struct Advice {
    /// The best place of each application in any recommendation.
    ranks: BTreeMap<ApplicationId, u32>,
    reserve: BTreeMap<ApplicationId, Reserve>,
}

impl Advice {
    fn gather(cx: &mut Context<'_>, office_id: OfficeId, scheme_id: SchemeId) -> Outcome<Self> {
        let round_ids = rounds::ids_for(cx.db, office_id, scheme_id)?;
        let signed = recommendations::signed_in_rounds(cx.db, &round_ids)?;
        let mut budget_years = BTreeMap::new();
        for round_id in signed.iter().filter_map(|recommendation| recommendation.round_id) {
            if !budget_years.contains_key(&round_id)
                && let Some(round) = rounds::find(cx.db, round_id)?
            {
                budget_years.insert(round_id, round.budget_year);
            }
        }
        let mut advice = Self { ranks: BTreeMap::new(), reserve: BTreeMap::new() };
        for recommendation in signed {
            let budget_year =
                recommendation.round_id.and_then(|round_id| budget_years.get(&round_id).copied());
            let Some(budget_year) = budget_year else { continue };
            for line in recommendation.lines {
                advice.add(line, budget_year);
            }
        }
        Ok(advice)
    }

    fn add(&mut self, line: RecommendationLine, budget_year: i16) {
        let better = |known: u32| line.rank.is_none_or(|rank| known <= rank);
        let id = line.application_id;
        if let Some(rank) = line.rank {
            let best = self.ranks.entry(id).or_insert(rank);
            *best = rank.min(*best);
        }
        if line.outcome == RecommendedOutcome::Reserve {
            let known = self.reserve.get(&id).and_then(|reserve| reserve.line.rank);
            if !known.is_some_and(better) {
                self.reserve.insert(id, Reserve { line, budget_year });
            }
        }
    }
}

/// What has become of the grants.
struct History {
    renewals: BTreeMap<(GrantId, i16), RenewalInput>,
    paid: BTreeMap<(GrantId, i16), Vec<Nok>>,
}

impl History {
    fn gather(cx: &mut Context<'_>, standing: &[Grant]) -> Outcome<Self> {
        let ids: Vec<GrantId> = standing.iter().map(|grant| grant.id).collect();
        let mut history = Self { renewals: BTreeMap::new(), paid: BTreeMap::new() };
        // The newest comes last and counts.
        for renewal in grant_renewals::list_for(cx.db, &ids)? {
            let input = RenewalInput { year: renewal.year, outcome: renewal.outcome };
            history.renewals.insert((renewal.grant_id, renewal.year), input);
        }
        let mut payments = grant_payments::list_for(cx.db, &ids)?;
        payments.sort_by_key(|payment| payment.sequence);
        for payment in payments {
            history.paid.entry((payment.grant_id, payment.year)).or_default().push(payment.amount);
        }
        Ok(history)
    }
}

/// The organisations with their people.
struct Register {
    organisations: BTreeMap<OrganisationId, Organisation>,
    headcounts: BTreeMap<OrganisationId, Vec<OrganisationHeadcount>>,
}

impl Register {
    fn gather(cx: &mut Context<'_>, applications: &[Application], overlay: &Overlay) -> Outcome<Self> {
        let ids: BTreeSet<OrganisationId> = applications.iter().flat_map(parties_with_employees).collect();
        let ids: Vec<OrganisationId> = ids.into_iter().collect();
        let mut register = Self { organisations: BTreeMap::new(), headcounts: BTreeMap::new() };
        let mut found = organisations::find_many(cx.db, &ids)?;
        while !found.is_empty() {
            for organisation in found {
                let laid_over = overlay.organisations.iter().find(|other| other.id == organisation.id);
                let organisation = laid_over.cloned().unwrap_or(organisation);
                register.organisations.insert(organisation.id, organisation);
            }
            // Who came after one that ceased is paid in its place.
            let missing = register.successors_missing();
            let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
            found =
                if missing.is_empty() { Vec::new() } else { organisations::with_numbers(cx.db, &missing)? };
        }
        let laid_over = overlay.headcounts.iter().cloned();
        for headcount in headcounts::list_for(cx.db, &ids)?.into_iter().chain(laid_over) {
            register.headcounts.entry(headcount.organisation_id).or_default().push(headcount);
        }
        Ok(register)
    }

    /// The successors that are not among the organisations yet.
    fn successors_missing(&self) -> BTreeSet<String> {
        let known: BTreeSet<&str> =
            self.organisations.values().map(|organisation| organisation.number.as_str()).collect();
        let all = self.organisations.values().flat_map(|organisation| &organisation.successors);
        let numbers = all.map(|successor| successor.organisation.as_str());
        numbers.filter(|number| !known.contains(number)).map(str::to_owned).collect()
    }

    fn number(&self, id: OrganisationId) -> String {
        self.organisations.get(&id).map(|organisation| organisation.number.clone().into()).unwrap_or_default()
    }

    /// Those that occur in a project, so that nothing else makes a run differ.
    fn occurring(&self, projects: &[ProjectInput]) -> Vec<OrganisationInput> {
        let mut numbers: BTreeSet<&str> = projects.iter().flat_map(ProjectInput::parties).collect();
        let mut open: Vec<&str> = numbers.iter().copied().collect();
        while let Some(number) = open.pop() {
            let mut all = self.organisations.values();
            let Some(organisation) = all.find(|other| other.number.as_str() == number) else { continue };
            for successor in &organisation.successors {
                if numbers.insert(&successor.organisation) {
                    open.push(&successor.organisation);
                }
            }
        }
        self.organisations
            .values()
            .filter(|organisation| numbers.contains(organisation.number.as_str()))
            .map(|organisation| OrganisationInput {
                number: organisation.number.clone().into(),
                name: organisation.name.clone(),
                municipality: organisation.municipality_number.clone(),
                // One that ceased without a successor is its own until somebody says who came after it.
                ceased: organisation.ceased_on.filter(|_| !organisation.successors.is_empty()),
                successors: organisation.successors.clone(),
                headcounts: self
                    .headcounts
                    .get(&organisation.id)
                    .map(|theirs| choose(theirs).records)
                    .unwrap_or_default(),
            })
            .collect()
    }

    /// The lead and the partners of an application, by number.
    fn parties(&self, application: &Application) -> (String, Vec<String>) {
        let mut numbers = parties_with_employees(application).into_iter().map(|id| self.number(id));
        (numbers.next().unwrap_or_default(), numbers.collect())
    }
}

fn running(
    grant: &Grant,
    application: &Application,
    advice: &Advice,
    history: &History,
    register: &Register,
) -> ProjectInput {
    let years = || grant.years.iter().map(|year| year.year);
    let (lead, partners) = register.parties(application);
    let promised = grant.years.iter().filter_map(|year| {
        let state = match year.state {
            GrantYearState::Planned => return None,
            GrantYearState::PreNotified => PromiseState::PreNotified,
            GrantYearState::Decided => PromiseState::Decided,
        };
        Some(PromisedYear {
            year: year.year,
            state,
            amount: year.promised?,
            run: year.promised_run_id.map(|id| id.to_string()),
            decision: year.decision_id.map(|id| id.to_string()),
            paid: history.paid.get(&(grant.id, year.year)).cloned().unwrap_or_default(),
        })
    });
    ProjectInput {
        id: grant.id.to_string(),
        reference: grant.reference.clone(),
        title: grant.title.clone(),
        first_year: years().min().unwrap_or_default(),
        last_year: years().max().unwrap_or_default(),
        status: ProjectStatus::Running,
        priority: advice.ranks.get(&grant.application_id).copied(),
        lead,
        partners,
        supporters: Vec::new(),
        tags: Vec::new(),
        renewals: years().filter_map(|year| history.renewals.get(&(grant.id, year)).cloned()).collect(),
        years: promised.collect(),
    }
}

/// A project of the reserve list: as long as the forum advised, else to the end of the scheme.
fn waiting(
    application: &Application,
    reserve: &Reserve,
    scheme: &Scheme,
    register: &Register,
) -> ProjectInput {
    let (lead, partners) = register.parties(application);
    let first_year = reserve.line.first_year.unwrap_or(reserve.budget_year);
    ProjectInput {
        id: application.id.to_string(),
        reference: application.reference.clone(),
        title: application.content.title.clone(),
        first_year,
        last_year: reserve.line.last_year.unwrap_or(scheme.last_year).max(first_year),
        status: ProjectStatus::Waiting,
        priority: reserve.line.rank,
        lead,
        partners,
        supporters: Vec::new(),
        tags: Vec::new(),
        renewals: Vec::new(),
        years: Vec::new(),
    }
}
