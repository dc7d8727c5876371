//! Ballots in the form that the counts run on: equal ballots grouped, and both directions of who names what.

use super::BudgetError;

/// Groups of equal ballots in compressed rows, by group and by project.
///
/// Voters with equal ballots are treated alike by every rule here, and so stay alike; each group is one row with the
/// number of its ballots. Indices are `u32` to keep the rows dense.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    /// Ballots of each group.
    pub(crate) weights: Vec<u32>,
    group_starts: Vec<u32>,
    group_projects: Vec<u32>,
    group_points: Vec<u32>,
    project_starts: Vec<u32>,
    project_groups: Vec<u32>,
    project_points: Vec<u32>,
    /// Ballots that name each project.
    pub(crate) votes: Vec<u64>,
    /// Points of each project over all ballots; its votes where ballots carry no points.
    pub(crate) totals: Vec<u64>,
}

impl Profile {
    /// The projects that a group names.
    pub(crate) fn ballot(&self, group: u32) -> &[u32] {
        &self.group_projects[row(&self.group_starts, group)]
    }

    /// Where a group's row lies among all pairs of group and project.
    pub(crate) fn pairs(&self, group: u32) -> std::ops::Range<usize> {
        row(&self.group_starts, group)
    }

    pub(crate) fn pair_count(&self) -> usize {
        self.group_projects.len()
    }

    /// The points of [`Self::ballot`]; empty where ballots carry none, which stands for ones.
    pub(crate) fn ballot_points(&self, group: u32) -> &[u32] {
        points_of(&self.group_points, row(&self.group_starts, group))
    }

    /// The groups that name a project.
    pub(crate) fn supporters(&self, project: u32) -> &[u32] {
        &self.project_groups[row(&self.project_starts, project)]
    }

    /// The points of [`Self::supporters`]; empty where ballots carry none, which stands for ones.
    pub(crate) fn supporter_points(&self, project: u32) -> &[u32] {
        points_of(&self.project_points, row(&self.project_starts, project))
    }

    /// Whether every named project has one point of each ballot.
    pub(crate) fn supporter_points_are_ones(&self) -> bool {
        self.project_points.is_empty()
    }

    /// The number of groups.
    pub(crate) fn group_count(&self) -> usize {
        self.weights.len()
    }

    pub(crate) fn project_count(&self) -> usize {
        self.votes.len()
    }
}

fn row(starts: &[u32], index: u32) -> std::ops::Range<usize> {
    let index = index as usize;
    starts[index] as usize..starts[index + 1] as usize
}

fn points_of(points: &[u32], row: std::ops::Range<usize>) -> &[u32] {
    points.get(row).unwrap_or_default()
}

/// Collects ballots, and groups equal ones as they come.
pub(crate) struct ProfileBuilder {
    profile: Profile,
    has_points: bool,
    /// Open addressing: group + 1 by hash of the ballot, 0 for a free slot.
    table: Vec<u32>,
    hashes: Vec<u64>,
}

impl ProfileBuilder {
    pub(crate) fn new(project_count: usize, has_points: bool) -> Self {
        let profile = Profile {
            group_starts: vec![0],
            votes: vec![0; project_count],
            totals: vec![0; project_count],
            ..Profile::default()
        };
        Self { profile, has_points, table: vec![0; 1024], hashes: Vec::new() }
    }

    /// Adds `weight` equal ballots, each with its projects in ascending order and, where the profile has points, their
    /// points, all above 0. A ballot that names nothing leaves no trace.
    pub(crate) fn add(&mut self, projects: &[u32], points: &[u32], weight: u32) -> Result<(), BudgetError> {
        if projects.is_empty() || weight == 0 {
            return Ok(());
        }
        let hash = hash_of(projects, points);
        let mask = self.table.len() - 1;
        let mut slot = fold(hash) & mask;
        let group = loop {
            match self.table[slot].checked_sub(1) {
                None => break None,
                Some(group)
                    if self.hashes[group as usize] == hash
                        && self.profile.ballot(group) == projects
                        && self.profile.ballot_points(group) == points =>
                {
                    break Some(group);
                }
                Some(_) => slot = (slot + 1) & mask,
            }
        };
        let profile = &mut self.profile;
        if let Some(group) = group {
            let sum =
                profile.weights[group as usize].checked_add(weight).ok_or(BudgetError::TooManyBallots)?;
            profile.weights[group as usize] = sum;
        } else {
            profile.group_projects.extend_from_slice(projects);
            profile.group_points.extend_from_slice(points);
            let end = u32::try_from(profile.group_projects.len()).map_err(|_| BudgetError::TooManyBallots)?;
            profile.group_starts.push(end);
            profile.weights.push(weight);
            self.hashes.push(hash);
            let number = u32::try_from(profile.weights.len()).map_err(|_| BudgetError::TooManyBallots)?;
            self.table[slot] = number;
            if self.hashes.len() * 2 > self.table.len() {
                self.grow();
            }
        }
        Ok(())
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        self.table = vec![0; mask + 1];
        for (number, &hash) in (1..).zip(&self.hashes) {
            let mut slot = fold(hash) & mask;
            while self.table[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.table[slot] = number;
        }
    }

    /// Turns the rows around. Fails where sums of points could leave the range that the counts are exact in.
    pub(crate) fn build(self) -> Result<Profile, BudgetError> {
        let mut profile = self.profile;
        let project_count = profile.project_count();
        let mut starts = vec![0_u32; project_count + 1];
        for &project in &profile.group_projects {
            starts[project as usize + 1] += 1;
        }
        for index in 0..project_count {
            starts[index + 1] += starts[index];
        }
        let mut next = starts.clone();
        profile.project_groups = vec![0; profile.group_projects.len()];
        profile.project_points = vec![0; profile.group_points.len()];
        let mut sum = 0_u64;
        for (group, &weight) in (0_u32..).zip(&profile.weights) {
            for pair in row(&profile.group_starts, group) {
                let project = profile.group_projects[pair] as usize;
                let at = next[project] as usize;
                next[project] += 1;
                profile.project_groups[at] = group;
                let points = if self.has_points { profile.group_points[pair] } else { 1 };
                if self.has_points {
                    profile.project_points[at] = points;
                }
                let given = u64::from(points) * u64::from(weight);
                profile.votes[project] += u64::from(weight);
                profile.totals[project] = profile.totals[project].saturating_add(given);
                sum = sum.saturating_add(given);
            }
        }
        profile.project_starts = starts;
        if sum > super::MAX_EXACT { Err(BudgetError::TooManyPoints) } else { Ok(profile) }
    }
}

/// A multiplicative hash. It needs no secret: a collision costs a comparison, and ballots come from a closed count.
fn hash_of(projects: &[u32], points: &[u32]) -> u64 {
    projects.iter().chain(points).fold(0, |hash: u64, &word| {
        (hash.rotate_left(5) ^ u64::from(word)).wrapping_mul(0x517c_c1b7_2722_0a95)
    })
}

/// The high bits of a product are the mixed ones.
fn fold(hash: u64) -> usize {
    usize::try_from(hash >> 24).unwrap_or_default()
}
