//! Spreads costs over ballots with a given highest load.
//!
//! A group of `w` equal ballots can carry `w λ`. With `λ = money / votes` all amounts are multiplied by `votes`, and are
//! whole. Costs are sent along shortest augmenting paths, phase by phase, after E. A. Dinic (1970).

use std::collections::VecDeque;

use super::Load;
use crate::budget::BudgetInstance;

/// Not reached.
const FAR: u32 = u32::MAX;

#[derive(Clone)]
pub(super) struct Flow<'a> {
    instance: &'a BudgetInstance,
    load: Load,
    /// What each group can still carry.
    free: Vec<u128>,
    /// What groups carry of projects, by group as in the profile.
    carried: Vec<u128>,
    added: Vec<u32>,
    is_added: Vec<bool>,
    project_levels: Vec<u32>,
    group_levels: Vec<u32>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(instance: &'a BudgetInstance, load: Load) -> Self {
        let profile = &instance.approvals;
        let free =
            profile.weights.iter().map(|&weight| u128::from(weight) * u128::from(load.money)).collect();
        Self {
            instance,
            load,
            free,
            carried: vec![0; profile.pair_count()],
            added: Vec::new(),
            is_added: vec![false; profile.project_count()],
            project_levels: vec![FAR; profile.project_count()],
            group_levels: vec![FAR; profile.group_count()],
        }
    }

    /// The project that was added last.
    pub(super) fn last(&self) -> Option<u32> {
        self.added.last().copied()
    }

    /// Spreads one more project's cost. Where it does not fit, tells the load that the tightest set of projects around it
    /// needs at least, which is higher than this flow's.
    pub(super) fn add(&mut self, project: u32) -> Result<(), Load> {
        self.added.push(project);
        self.is_added[project as usize] = true;
        let mut open = u128::from(self.instance.cost(project)) * u128::from(self.load.votes);
        while open > 0 {
            if !self.find_levels(project) {
                return Err(self.cut());
            }
            let mut next_group = vec![0; self.is_added.len()];
            let mut next_project = vec![0; self.group_levels.len()];
            let sent = self.send(project, open, &mut next_group, &mut next_project);
            open -= sent;
        }
        Ok(())
    }

    /// Distances from a project in the residual graph; whether a group with room is reached.
    fn find_levels(&mut self, source: u32) -> bool {
        let profile = &self.instance.approvals;
        self.project_levels.fill(FAR);
        self.group_levels.fill(FAR);
        self.project_levels[source as usize] = 0;
        let mut queue = VecDeque::from([source]);
        let mut nearest = FAR;
        while let Some(project) = queue.pop_front() {
            let level = self.project_levels[project as usize] + 1;
            if level > nearest {
                break;
            }
            for &group in profile.supporters(project) {
                if self.group_levels[group as usize] != FAR {
                    continue;
                }
                self.group_levels[group as usize] = level;
                if self.free[group as usize] > 0 {
                    nearest = level;
                    continue;
                }
                for (pair, &other) in profile.pairs(group).zip(profile.ballot(group)) {
                    if self.carried[pair] > 0 && self.project_levels[other as usize] == FAR {
                        self.project_levels[other as usize] = level + 1;
                        queue.push_back(other);
                    }
                }
            }
        }
        nearest != FAR
    }

    /// Sends up to `amount` from a project to groups one level on, or through them to other projects. The depth is at most
    /// the number of projects.
    fn send(&mut self, project: u32, amount: u128, next_group: &mut [u32], next_project: &mut [u32]) -> u128 {
        let profile = &self.instance.approvals;
        let level = self.project_levels[project as usize];
        let supporters = profile.supporters(project);
        let mut sent = 0;
        while sent < amount && (next_group[project as usize] as usize) < supporters.len() {
            let group = supporters[next_group[project as usize] as usize];
            if self.group_levels[group as usize] == level + 1 {
                let into = self.send_into(group, project, amount - sent, next_group, next_project);
                sent += into;
                if sent == amount {
                    break;
                }
            }
            next_group[project as usize] += 1;
        }
        sent
    }

    /// Lets a group carry up to `amount` more of a project.
    fn send_into(
        &mut self,
        group: u32,
        project: u32,
        amount: u128,
        next_group: &mut [u32],
        next_project: &mut [u32],
    ) -> u128 {
        let profile = &self.instance.approvals;
        let room = self.free[group as usize].min(amount);
        self.free[group as usize] -= room;
        let mut taken = room;
        let (ballot, pairs) = (profile.ballot(group), profile.pairs(group));
        let level = self.group_levels[group as usize];
        while taken < amount && (next_project[group as usize] as usize) < ballot.len() {
            let position = next_project[group as usize] as usize;
            let (other, pair) = (ballot[position], pairs.start + position);
            if self.carried[pair] > 0 && self.project_levels[other as usize] == level + 1 {
                let wanted = self.carried[pair].min(amount - taken);
                let moved = self.send(other, wanted, next_group, next_project);
                self.carried[pair] -= moved;
                taken += moved;
                if taken == amount {
                    break;
                }
            }
            next_project[group as usize] += 1;
        }
        if taken > 0
            && let Ok(position) = ballot.binary_search(&project)
        {
            self.carried[pairs.start + position] += taken;
        }
        taken
    }

    /// Cost over voters of the projects that were reached: nothing that they could use is free.
    fn cut(&self) -> Load {
        let instance = self.instance;
        let reached = self.added.iter().filter(|&&project| self.project_levels[project as usize] != FAR);
        let money = reached.map(|&project| instance.cost(project)).sum();
        let weights = self.group_levels.iter().zip(&instance.approvals.weights);
        let votes = weights.filter(|(level, _)| **level != FAR).map(|(_, &weight)| u64::from(weight)).sum();
        Load { money, votes }
    }
}
