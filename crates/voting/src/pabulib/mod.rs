//! Budget votes in the format of Pabulib (D. Stolicki, S. Szufa, N. Talmon, arXiv 2012.06539; pabulib.org/format).

mod cursor;
mod ids;
mod number;
mod read;
mod write;

use crate::budget::{BudgetError, BudgetInstance, InstanceBuilder, MAX_EXACT, Project};

/// What kind of votes a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PabulibKind {
    /// `approval`: any number of projects.
    Approval,
    /// `choose-1`: one project.
    ChooseOne,
    /// `cumulative`: points that add up to at most a sum.
    Cumulative,
    /// `scoring`: points for each project by itself.
    Scoring,
    /// `ordinal`: projects from the best down.
    Ordinal,
}

impl PabulibKind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Approval, "approval"),
        (Self::ChooseOne, "choose-1"),
        (Self::Cumulative, "cumulative"),
        (Self::Scoring, "scoring"),
        (Self::Ordinal, "ordinal"),
    ];

    /// The name in the format.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::ChooseOne => "choose-1",
            Self::Cumulative => "cumulative",
            Self::Scoring => "scoring",
            Self::Ordinal => "ordinal",
        }
    }

    const fn has_points(self) -> bool {
        matches!(self, Self::Cumulative | Self::Scoring)
    }
}

/// A vote as a Pabulib file has it: what the counts need, and the texts about it. Of the voters only the ballots are
/// read: no id, age or sex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PabulibVote {
    /// The kind of votes.
    pub kind: PabulibKind,
    /// Keys and values of the section META, in their order.
    pub meta: Vec<(String, String)>,
    /// The projects in their order; costs in the smallest unit.
    pub projects: Vec<Project>,
    /// The projects' names in the same order, empty where there are none.
    pub names: Vec<String>,
    /// The budget in the smallest unit.
    pub budget: u64,
    /// The decimal places of the smallest unit.
    pub decimals: u32,
    ballots: Ballots,
}

/// Ballots one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Ballots {
    ends: Vec<u32>,
    named: Vec<u32>,
    /// As `named`, where the kind has points: whole numbers, `point_decimals` places below one.
    points: Vec<u32>,
    point_decimals: u32,
}

impl PabulibVote {
    /// A vote to be written. Each ballot is projects by index, with points where the kind has them.
    ///
    /// # Errors
    /// [`BudgetError`] where a ballot names a project that there is not, or numbers are too large.
    pub fn new(
        kind: PabulibKind,
        (budget, decimals): (u64, u32),
        projects: Vec<Project>,
        ballots: &[Vec<(u32, u32)>],
    ) -> Result<Self, BudgetError> {
        let names = vec![String::new(); projects.len()];
        let mut vote =
            Self { kind, meta: Vec::new(), projects, names, budget, decimals, ballots: Ballots::default() };
        for ballot in ballots {
            for &(project, points) in ballot {
                vote.ballots.named.push(project);
                if kind.has_points() {
                    vote.ballots.points.push(points);
                }
            }
            let end = u32::try_from(vote.ballots.named.len()).map_err(|_| BudgetError::TooManyBallots)?;
            vote.ballots.ends.push(end);
        }
        vote.instance().map(|_| vote)
    }

    /// The number of ballots, empty ones among them.
    pub fn ballot_count(&self) -> usize {
        self.ballots.ends.len()
    }

    /// One ballot: projects by index, as given.
    pub fn ballot(&self, index: usize) -> &[u32] {
        self.ballots.named.get(self.range(index)).unwrap_or_default()
    }

    /// The value of a key of META.
    pub fn meta_value(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Groups the ballots for counting. Points count as whole numbers of the smallest part that a ballot gives, which
    /// changes no outcome.
    ///
    /// # Errors
    /// [`BudgetError`] where numbers exceed what is counted exactly.
    pub fn instance(&self) -> Result<BudgetInstance, BudgetError> {
        let mut builder = InstanceBuilder::new(self.budget, self.decimals, self.projects.clone())?;
        let mut given = Vec::new();
        for index in 0..self.ballot_count() {
            let ballot = self.ballot(index);
            match self.kind {
                PabulibKind::Approval | PabulibKind::ChooseOne => builder.add_approval(ballot, 1)?,
                PabulibKind::Ordinal => builder.add_ranking(ballot, 1)?,
                PabulibKind::Cumulative | PabulibKind::Scoring => {
                    given.clear();
                    given.extend(ballot.iter().copied().zip(self.points(index).iter().copied()));
                    builder.add_allotment(&given, 1)?;
                }
            }
        }
        builder.build()
    }

    fn points(&self, index: usize) -> &[u32] {
        self.ballots.points.get(self.range(index)).unwrap_or_default()
    }

    fn range(&self, index: usize) -> std::ops::Range<usize> {
        let start = if index == 0 { 0 } else { self.ballots.ends[index - 1] };
        start as usize..self.ballots.ends[index] as usize
    }
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct PabulibError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it, and what to do.
    pub problem: PabulibProblem,
}

/// What is wrong with a line, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PabulibProblem {
    /// The file ends without a section.
    #[error("the section {0} is missing: write a line with {0} alone, and the section below it")]
    MissingSection(&'static str),
    /// The file starts with something else.
    #[error("a section is expected: start with a line that says META")]
    OutsideSection,
    /// Votes come before projects.
    #[error("the votes come before the projects or the key vote_type: put META and PROJECTS first")]
    VotesTooEarly,
    /// A section lacks a column.
    #[error("the column {0} is missing: name it in the section's first line")]
    MissingColumn(&'static str),
    /// META lacks a key.
    #[error("META has no {0}: add a line such as {0};value")]
    MissingKey(&'static str),
    /// A kind of votes that is not known.
    #[error("the vote_type {0:?} is unknown: use approval, choose-1, cumulative, ordinal or scoring")]
    UnknownKind(String),
    /// A number that cannot be read.
    #[error("{0:?} is not a number from 0 upwards: write digits, with a point before decimals")]
    Number(String),
    /// A number that is too large to be counted exactly.
    #[error("the number {0:?} is too large: at most {MAX_EXACT} smallest units can be counted exactly")]
    TooLarge(String),
    /// A project without id.
    #[error("the project has no id: give it one")]
    NoProjectId,
    /// A project that was given before.
    #[error("the project {0:?} is given twice: give each project one id")]
    DuplicateProject(String),
    /// A vote for a project that there is not.
    #[error("the vote names {0:?}, which is not among the projects: correct the vote or add the project")]
    UnknownProject(String),
    /// Not as many points as projects.
    #[error("the vote names {projects} projects and gives {points} points: give each project its points")]
    PointsMismatch {
        /// Projects named.
        projects: usize,
        /// Points given.
        points: usize,
    },
    /// More than can be counted.
    #[error("the file has more votes than can be counted: split it")]
    TooManyVotes,
    /// Text that is not UTF-8.
    #[error("the text is not UTF-8: save the file in that encoding")]
    Encoding,
    /// A quoted field without end.
    #[error("a quoted field is not closed: end it with \"")]
    OpenQuote,
}
