//! The input seen so that the computation finds what it needs: organisations by number, projects in their order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::model::{Component, CountFilter};
use crate::text::Text;
use crate::{
    FrameInput, FundingModel, HeadcountRecord, OrganisationInput, PlanInput, ProjectInput, ProjectStatus,
    PromiseState, PromisedYear, RenewalOutcome,
};

/// An organisation, by its place among all in the order of their numbers.
pub(super) type OrgId = usize;
/// A project, by its place in the order of projects.
pub(super) type ProjectId = usize;

pub(super) struct Index<'a> {
    pub(super) input: &'a PlanInput,
    /// In the order of their numbers.
    pub(super) organisations: Vec<Organisation<'a>>,
    /// In the order of projects: running first, then by priority and reference.
    pub(super) projects: Vec<Project<'a>>,
    /// All models, compiled.
    models: Vec<Rules<'a>>,
}

pub(super) struct Organisation<'a> {
    pub(super) input: &'a OrganisationInput,
    pub(super) number: Arc<str>,
    pub(super) name: Arc<str>,
    /// The sources of its headcounts, in their order.
    sources: Vec<Text>,
    /// Successors with their shares.
    pub(super) successors: Vec<(OrgId, crate::Share)>,
    /// How many organisations come after each other from here, on the longest way.
    pub(super) generations: usize,
}

pub(super) struct Project<'a> {
    pub(super) input: &'a ProjectInput,
    pub(super) lead: OrgId,
    /// Lead and partners, in the order of their numbers.
    pub(super) parties: Vec<OrgId>,
    /// Parties and supporters, in the order of their numbers.
    pub(super) voters: Vec<OrgId>,
    /// How many different municipalities the parties are of.
    pub(super) municipalities: u32,
}

/// A model with what is derived from it once.
pub(super) struct Rules<'a> {
    pub(super) model: &'a FundingModel,
    /// `key@version`.
    pub(super) rule: Arc<str>,
    pub(super) basis: Arc<str>,
    pub(super) components: Vec<ComponentRules<'a>>,
    /// The different filters of all components, for limits per head.
    pub(super) heads: Vec<CountFilter>,
    /// The seed of the lot, if ties are broken by lot.
    seed: Option<Vec<u8>>,
}

pub(super) struct ComponentRules<'a> {
    pub(super) component: &'a Component,
    /// `key@version#component`.
    pub(super) rule: Arc<str>,
    pub(super) basis: Arc<str>,
}

impl<'a> Index<'a> {
    /// The input must have been checked.
    pub(super) fn new(input: &'a PlanInput) -> Self {
        let mut sorted: Vec<&OrganisationInput> = input.organisations.iter().collect();
        sorted.sort_unstable_by(|left, right| left.number.cmp(&right.number));
        let ids: BTreeMap<&str, OrgId> =
            sorted.iter().enumerate().map(|(id, organisation)| (organisation.number.as_str(), id)).collect();
        let id = |number: &str| ids.get(number).copied();
        // Few sources stand behind many records.
        let mut texts: BTreeMap<&str, Text> = BTreeMap::new();
        let mut organisations: Vec<Organisation<'a>> = sorted
            .iter()
            .map(|organisation| Organisation {
                input: organisation,
                number: Arc::from(organisation.number.as_str()),
                name: Arc::from(organisation.name.as_str()),
                sources: organisation
                    .headcounts
                    .iter()
                    .map(|record| {
                        texts
                            .entry(&record.source)
                            .or_insert_with(|| Text::from(record.source.as_str()))
                            .clone()
                    })
                    .collect(),
                successors: organisation
                    .successors
                    .iter()
                    .filter_map(|successor| Some((id(&successor.organisation)?, successor.share)))
                    .collect(),
                generations: 0,
            })
            .collect();
        count_generations(&mut organisations);
        let mut projects: Vec<Project<'a>> = input
            .projects
            .iter()
            .filter_map(|project| {
                let mut parties: Vec<OrgId> = project.parties().filter_map(id).collect();
                parties.sort_unstable();
                let mut voters: Vec<OrgId> = parties
                    .iter()
                    .copied()
                    .chain(project.supporters.iter().filter_map(|number| id(number)))
                    .collect();
                voters.sort_unstable();
                voters.dedup();
                let municipalities: BTreeSet<&str> =
                    parties.iter().filter_map(|party| sorted.get(*party)?.municipality.as_deref()).collect();
                Some(Project {
                    input: project,
                    lead: id(&project.lead)?,
                    municipalities: u32::try_from(municipalities.len()).unwrap_or(u32::MAX),
                    parties,
                    voters,
                })
            })
            .collect();
        projects.sort_unstable_by(|left, right| order(left.input, right.input));
        let models = input.models.iter().map(Rules::new).collect();
        Self { input, organisations, projects, models }
    }

    /// The highest version that holds in the year; the check has seen to it that only one key does.
    pub(super) fn rules(&self, year: i16) -> Option<&Rules<'a>> {
        self.models.iter().filter(|rules| rules.model.holds_in(year)).max_by_key(|rules| rules.model.version)
    }

    /// The frame of a year; a decided one goes before an expected one.
    pub(super) fn frame(&self, year: i16) -> Option<&'a FrameInput> {
        self.input.frames.iter().filter(|frame| frame.year == year).max_by_key(|frame| frame.status)
    }

    /// The last year of a project within the horizon.
    pub(super) fn last_year(&self, project: ProjectId) -> i16 {
        self.projects[project].input.last_year.min(self.input.last_year)
    }
}

/// Finds how many organisations come after each. The check has refused circles; a list of its own, as chains may be longer than
/// the program's stack.
fn count_generations(organisations: &mut [Organisation<'_>]) {
    let mut predecessors: Vec<Vec<OrgId>> = vec![Vec::new(); organisations.len()];
    for (id, organisation) in organisations.iter().enumerate() {
        for (successor, _) in &organisation.successors {
            predecessors[*successor].push(id);
        }
    }
    let mut open: Vec<usize> =
        organisations.iter().map(|organisation| organisation.successors.len()).collect();
    let mut settled: Vec<OrgId> = (0..organisations.len()).filter(|id| open[*id] == 0).collect();
    while let Some(id) = settled.pop() {
        let generations = organisations[id].generations + 1;
        for predecessor in &predecessors[id] {
            let known = &mut organisations[*predecessor].generations;
            *known = generations.max(*known);
            open[*predecessor] -= 1;
            if open[*predecessor] == 0 {
                settled.push(*predecessor);
            }
        }
    }
}

/// The order of projects: running before waiting, then the lower priority, then the lower reference.
fn order(left: &ProjectInput, right: &ProjectInput) -> Ordering {
    let key = |project: &ProjectInput| {
        let waiting = project.status == ProjectStatus::Waiting;
        (waiting, project.priority.is_none(), project.priority)
    };
    key(left).cmp(&key(right)).then_with(|| left.reference.cmp(&right.reference))
}

impl Organisation<'_> {
    /// The source of one of its headcounts, shared.
    pub(super) fn source(&self, record: &HeadcountRecord) -> Text {
        let place = self.input.headcounts.iter().position(|other| std::ptr::eq(other, record));
        place
            .and_then(|place| self.sources.get(place).cloned())
            .unwrap_or_else(|| Text::from(record.source.as_str()))
    }
}

impl Project<'_> {
    /// Whether the year is one of its years.
    pub(super) fn spans(&self, year: i16) -> bool {
        (self.input.first_year..=self.input.last_year).contains(&year)
    }

    /// What was promised for a year.
    pub(super) fn promise(&self, year: i16) -> Option<&PromisedYear> {
        self.input.years.iter().find(|promised| promised.year == year)
    }

    /// What was decided for a year.
    pub(super) fn decided(&self, year: i16) -> Option<&PromisedYear> {
        self.promise(year).filter(|promised| promised.state == PromiseState::Decided)
    }

    /// Whether the forum ended it before or in a year.
    pub(super) fn stopped(&self, year: i16) -> bool {
        self.input
            .renewals
            .iter()
            .any(|renewal| renewal.outcome == RenewalOutcome::Stopped && renewal.year <= year)
    }

    /// Whether the forum has said anything of a year.
    pub(super) fn renewed(&self, year: i16) -> bool {
        self.input.renewals.iter().any(|renewal| renewal.year == year)
    }
}

impl<'a> Rules<'a> {
    fn new(model: &'a FundingModel) -> Self {
        let rule = model.rule();
        let basis: Arc<str> = Arc::from(model.legal_basis.as_str());
        let components = model
            .components
            .iter()
            .map(|component| ComponentRules {
                component,
                rule: Arc::from(format!("{rule}#{}", component.id())),
                basis: component.legal_basis().map_or_else(|| basis.clone(), Arc::from),
            })
            .collect();
        let mut heads: Vec<CountFilter> = Vec::new();
        for filter in model.components.iter().flat_map(Component::count) {
            if !heads.contains(filter) {
                heads.push(*filter);
            }
        }
        let seed = model.tie_seed.as_deref().and_then(|seed| hex::decode(seed).ok());
        Self { model, rule: Arc::from(rule), basis, components, heads, seed }
    }

    /// Sorts projects by their rank in ties: by lot if there is a seed, else in their own order.
    pub(super) fn sort_by_rank(&self, index: &Index<'_>, projects: &mut [ProjectId]) {
        match &self.seed {
            None => projects.sort_unstable(),
            Some(seed) => projects.sort_by_cached_key(|project| {
                let reference = index.projects[*project].input.reference.as_bytes();
                Sha256::new().chain_update(seed).chain_update(reference).finalize()
            }),
        }
    }
}

/// The records of an organisation that fit a filter, dated in or before a year.
pub(super) fn fitting<'a>(
    organisation: &Organisation<'a>,
    filter: CountFilter,
    year: i16,
) -> Vec<&'a HeadcountRecord> {
    let input = organisation.input;
    let fits = |record: &&HeadcountRecord| {
        record.unit_kind == filter.unit_kind
            && record.measure == filter.measure
            && record.date.year() <= year
            && filter.ownership.is_none_or(|ownership| record.ownership == Some(ownership))
    };
    input.headcounts.iter().filter(fits).collect()
}
