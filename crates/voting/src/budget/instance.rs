//! What a budget count starts from.

use super::profile::{Profile, ProfileBuilder};
use super::{BudgetError, MAX_EXACT};

/// A project that asks for money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id: ids are text, and `10` comes before `9`.
    pub id: String,
    /// What it costs, in the instance's smallest unit.
    pub cost: u64,
}

/// One voter's ballot on projects, by index into the list of projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BudgetBallot {
    /// The projects that the voter approves.
    Approval(Vec<u32>),
    /// Points by project; a project with none counts as not named.
    Allotment(Vec<(u32, u32)>),
    /// Projects from the best down.
    Ranking(Vec<u32>),
}

/// A budget vote: projects, money and ballots, grouped and ready to be counted any number of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetInstance {
    /// In the order of their texts, so that comparing indices is the lexicographic order.
    pub(crate) ids: Vec<String>,
    pub(crate) costs: Vec<u64>,
    pub(crate) budget: u64,
    pub(crate) decimals: u32,
    /// By how much Add1 raises a share, in the smallest unit.
    pub(crate) add1_step: u64,
    pub(crate) voters: u64,
    /// Every project named, without points.
    pub(crate) approvals: Profile,
    /// By points, where ballots are allotments.
    pub(crate) points: Option<Profile>,
    /// By Borda's points (k − 1 for the first of k, 0 for the last), where ballots are rankings.
    pub(crate) borda: Option<Profile>,
}

impl BudgetInstance {
    /// Groups the ballots.
    ///
    /// Amounts are in a smallest unit, `decimals` digits below the unit of currency: `2` where amounts are in øre and
    /// the currency is kroner. A ballot's double mentions count once, the first of them.
    ///
    /// # Errors
    /// [`BudgetError`] where a project is given twice, a ballot names one that there is not, kinds of ballots are
    /// mixed, or numbers exceed what is counted exactly.
    pub fn new(
        budget: u64,
        decimals: u32,
        projects: Vec<Project>,
        ballots: impl IntoIterator<Item = BudgetBallot>,
    ) -> Result<Self, BudgetError> {
        let mut builder = InstanceBuilder::new(budget, decimals, projects)?;
        for ballot in ballots {
            builder.add(&ballot, 1)?;
        }
        builder.build()
    }

    /// The same vote with another step of Add1 than one unit of currency, in the smallest unit and above zero. Few voters with
    /// large budgets are better served by coarser steps: from their share to a project's cost there may be millions of units.
    #[must_use]
    pub fn with_add1_step(self, step: u64) -> Self {
        Self { add1_step: step.max(1), ..self }
    }

    /// The projects' ids in the order of their texts.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// What a project costs, in the smallest unit, by its index in [`Self::ids`].
    pub fn cost(&self, project: u32) -> u64 {
        self.costs[project as usize]
    }

    /// The money there is, in the smallest unit.
    pub const fn budget(&self) -> u64 {
        self.budget
    }

    /// The digits of the smallest unit below the unit of currency.
    pub const fn decimals(&self) -> u32 {
        self.decimals
    }

    /// The ballots, empty ones among them.
    pub const fn voters(&self) -> u64 {
        self.voters
    }

    /// The ballots that name a project, by its index in [`Self::ids`].
    pub fn votes(&self, project: u32) -> u64 {
        self.approvals.votes[project as usize]
    }

    /// The number of different ballots that name something, as far as the named projects go.
    pub fn distinct_ballots(&self) -> usize {
        self.approvals.group_count()
    }

    pub(crate) fn project_count(&self) -> u32 {
        // `InstanceBuilder::new` checked that it fits.
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    /// One unit of currency in the smallest unit.
    pub(crate) const fn unit(&self) -> u64 {
        10_u64.pow(self.decimals)
    }
}

/// What kind of ballots an instance has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Approval,
    Allotment,
    Ranking,
}

/// Builds an instance ballot by ballot, for readers that never hold all ballots at once.
pub(crate) struct InstanceBuilder {
    budget: u64,
    decimals: u32,
    ids: Vec<String>,
    costs: Vec<u64>,
    /// From the caller's index to that in the order of texts.
    index_of: Vec<u32>,
    voters: u64,
    kind: Option<Kind>,
    approvals: ProfileBuilder,
    native: ProfileBuilder,
    /// The last ballot that named each project, to find double mentions.
    seen: Vec<u64>,
    serial: u64,
    named: Vec<(u32, u32)>,
    projects: Vec<u32>,
    points: Vec<u32>,
}

impl InstanceBuilder {
    pub(crate) fn new(budget: u64, decimals: u32, projects: Vec<Project>) -> Result<Self, BudgetError> {
        let count = projects.len();
        let fits = u32::try_from(count).is_ok_and(|count| count < u32::MAX);
        let total = projects.iter().try_fold(0_u64, |sum, project| sum.checked_add(project.cost));
        if !fits || decimals > 15 || budget > MAX_EXACT || total.is_none_or(|total| total > MAX_EXACT) {
            return Err(BudgetError::TooMuchMoney);
        }
        let mut sorted: Vec<(u32, Project)> = (0..).zip(projects).collect();
        sorted.sort_by(|left, right| left.1.id.cmp(&right.1.id));
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].1.id == pair[1].1.id) {
            return Err(BudgetError::DuplicateProject(pair[0].1.id.clone()));
        }
        let mut index_of = vec![0; count];
        for (index, (given, _)) in (0..).zip(&sorted) {
            index_of[*given as usize] = index;
        }
        let (ids, costs) = sorted.into_iter().map(|(_, project)| (project.id, project.cost)).unzip();
        Ok(Self {
            budget,
            decimals,
            ids,
            costs,
            index_of,
            voters: 0,
            kind: None,
            approvals: ProfileBuilder::new(count, false),
            native: ProfileBuilder::new(count, true),
            seen: vec![0; count],
            serial: 0,
            named: Vec::new(),
            projects: Vec::new(),
            points: Vec::new(),
        })
    }

    /// Adds `weight` voters with this ballot.
    pub(crate) fn add(&mut self, ballot: &BudgetBallot, weight: u32) -> Result<(), BudgetError> {
        match ballot {
            BudgetBallot::Approval(named) => self.add_approval(named, weight),
            BudgetBallot::Allotment(given) => self.add_allotment(given, weight),
            BudgetBallot::Ranking(ranked) => self.add_ranking(ranked, weight),
        }
    }

    pub(crate) fn add_approval(&mut self, named: &[u32], weight: u32) -> Result<(), BudgetError> {
        self.begin(Kind::Approval, named.iter().map(|&project| (project, 1)), weight)?;
        self.named.sort_unstable();
        self.approve(weight)
    }

    pub(crate) fn add_allotment(&mut self, given: &[(u32, u32)], weight: u32) -> Result<(), BudgetError> {
        self.begin(Kind::Allotment, given.iter().copied(), weight)?;
        self.named.retain(|&(_, points)| points > 0);
        self.named.sort_unstable();
        self.give_points(weight)?;
        self.approve(weight)
    }

    pub(crate) fn add_ranking(&mut self, ranked: &[u32], weight: u32) -> Result<(), BudgetError> {
        self.begin(Kind::Ranking, ranked.iter().map(|&project| (project, 0)), weight)?;
        let length = u32::try_from(self.named.len()).map_err(|_| BudgetError::TooManyPoints)?;
        for (below, (_, points)) in (0..length).rev().zip(&mut self.named) {
            *points = below;
        }
        self.named.sort_unstable();
        self.give_points(weight)?;
        self.approve(weight)
    }

    /// Takes the first mention of each project of a ballot into `self.named`, in their order.
    fn begin(
        &mut self,
        kind: Kind,
        given: impl Iterator<Item = (u32, u32)>,
        weight: u32,
    ) -> Result<(), BudgetError> {
        if *self.kind.get_or_insert(kind) != kind {
            return Err(BudgetError::MixedBallots { ballot: self.serial });
        }
        self.voters += u64::from(weight);
        if self.voters > u64::from(u32::MAX) {
            return Err(BudgetError::TooManyBallots);
        }
        self.serial += 1;
        self.named.clear();
        for (given, points) in given {
            let Some(&project) = self.index_of.get(given as usize) else {
                return Err(BudgetError::UnknownProject { ballot: self.serial - 1, project: given });
            };
            if self.seen[project as usize] != self.serial {
                self.seen[project as usize] = self.serial;
                self.named.push((project, points));
            }
        }
        Ok(())
    }

    fn approve(&mut self, weight: u32) -> Result<(), BudgetError> {
        self.projects.clear();
        self.projects.extend(self.named.iter().map(|&(project, _)| project));
        self.approvals.add(&self.projects, &[], weight)
    }

    fn give_points(&mut self, weight: u32) -> Result<(), BudgetError> {
        self.projects.clear();
        self.points.clear();
        for &(project, points) in self.named.iter().filter(|&&(_, points)| points > 0) {
            self.projects.push(project);
            self.points.push(points);
        }
        self.native.add(&self.projects, &self.points, weight)
    }

    pub(crate) fn build(self) -> Result<BudgetInstance, BudgetError> {
        let native = self.native.build()?;
        let (points, borda) = match self.kind {
            Some(Kind::Allotment) => (Some(native), None),
            Some(Kind::Ranking) => (None, Some(native)),
            Some(Kind::Approval) | None => (None, None),
        };
        Ok(BudgetInstance {
            ids: self.ids,
            costs: self.costs,
            budget: self.budget,
            decimals: self.decimals,
            add1_step: 10_u64.pow(self.decimals),
            voters: self.voters,
            approvals: self.approvals.build()?,
            points,
            borda,
        })
    }
}
