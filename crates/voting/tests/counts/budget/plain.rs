//! The rules once more, written as plainly as their definitions read: ballot by ballot, in fractions, with no bounds, no
//! groups and no laziness. Slow, and what the fast counts are held against.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

/// A vote in the plainest form: each ballot gives points to projects.
#[derive(Clone, Debug)]
pub(crate) struct Plain {
    pub(crate) budget: u64,
    /// In the order of the ids' texts.
    pub(crate) costs: Vec<u64>,
    pub(crate) ballots: Vec<Vec<(usize, u32)>>,
}

pub(crate) fn fraction(number: u64) -> BigRational {
    BigRational::from(BigInt::from(number))
}

/// What a ballot gains from a project that it names, by cost and points.
pub(crate) type Gain = fn(u64, u32) -> u64;

impl Plain {
    fn points(&self, ballot: usize, project: usize) -> Option<u32> {
        self.ballots[ballot]
            .iter()
            .find(|(named, points)| *named == project && *points > 0)
            .map(|(_, points)| *points)
    }

    fn supporters(&self, project: usize) -> Vec<usize> {
        (0..self.ballots.len()).filter(|&ballot| self.points(ballot, project).is_some()).collect()
    }

    fn total(&self, project: usize, gain: Gain) -> u64 {
        let points = (0..self.ballots.len()).filter_map(|ballot| self.points(ballot, project));
        points.map(|points| gain(self.costs[project], points)).sum()
    }

    pub(crate) fn cost(&self, selected: &[usize]) -> u64 {
        selected.iter().map(|&project| self.costs[project]).sum()
    }

    /// The highest satisfaction per cost first, skipping what does not fit; nothing per nothing is nothing.
    pub(crate) fn greedy(&self, gain: Gain) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.costs.len()).collect();
        order.sort_by(|&left, &right| {
            let key = |project: usize| {
                let total = self.total(project, gain);
                let is_infinite = self.costs[project] == 0 && total > 0;
                let score = if self.costs[project] == 0 {
                    BigRational::zero()
                } else {
                    fraction(total) / fraction(self.costs[project])
                };
                (is_infinite, score)
            };
            key(right).cmp(&key(left))
        });
        let mut selected = Vec::new();
        for project in order {
            if self.cost(&selected) + self.costs[project] <= self.budget {
                selected.push(project);
            }
        }
        selected
    }

    /// One run of the method of equal shares; free projects come first.
    pub(crate) fn shares(&self, share: &BigRational, gain: Gain) -> Vec<usize> {
        let mut accounts = vec![share.clone(); self.ballots.len()];
        let gains = |project: usize| self.total(project, gain) > 0;
        let mut open: Vec<usize> =
            (0..self.costs.len()).filter(|&project| gains(project) && self.costs[project] > 0).collect();
        let mut selected: Vec<usize> =
            (0..self.costs.len()).filter(|&project| gains(project) && self.costs[project] == 0).collect();
        loop {
            let mut best: Option<(BigRational, usize)> = None;
            for &project in &open {
                if let Some(price) = self.price(project, &accounts, gain)
                    && best.as_ref().is_none_or(|(lowest, _)| price < *lowest)
                {
                    best = Some((price, project));
                }
            }
            let Some((price, project)) = best else { return selected };
            for ballot in self.supporters(project) {
                let points = self.points(ballot, project).unwrap();
                let pays = &price * fraction(gain(self.costs[project], points));
                let left = &accounts[ballot] - pays;
                accounts[ballot] = if left < BigRational::zero() { BigRational::zero() } else { left };
            }
            open.retain(|&other| other != project);
            selected.push(project);
        }
    }

    /// The price per unit at which supporters with small accounts give all they have, by trying every number of them.
    fn price(&self, project: usize, accounts: &[BigRational], gain: Gain) -> Option<BigRational> {
        let mut supporters: Vec<(BigRational, &BigRational, u64)> = self
            .supporters(project)
            .into_iter()
            .map(|ballot| {
                (&accounts[ballot], gain(self.costs[project], self.points(ballot, project).unwrap()))
            })
            .map(|(account, units)| (account / fraction(units), account, units))
            .collect();
        supporters.sort();
        let cost = fraction(self.costs[project]);
        let money: BigRational = supporters.iter().map(|(_, account, _)| (*account).clone()).sum();
        if money < cost {
            return None;
        }
        let mut given = BigRational::zero();
        for (index, (each, account, _)) in supporters.iter().enumerate() {
            let units: u64 = supporters[index..].iter().map(|(_, _, units)| units).sum();
            let price = (&cost - &given) / fraction(units);
            if price <= *each {
                return Some(price);
            }
            given += *account;
        }
        None
    }

    /// Add1 as defined: one unit more for each ballot and all over again.
    pub(crate) fn add1(&self, gain: Gain, unit: u64, until_exhaustive: bool) -> Vec<usize> {
        self.add1_rounds(gain, unit, until_exhaustive).0
    }

    /// The outcome of Add1 and the number of runs.
    pub(crate) fn add1_rounds(&self, gain: Gain, unit: u64, until_exhaustive: bool) -> (Vec<usize>, u64) {
        if self.ballots.is_empty() {
            return (Vec::new(), 0);
        }
        let mut rounds = 1;
        let mut share = fraction(self.budget) / fraction(self.ballots.len() as u64);
        let mut selected = self.shares(&share, gain);
        let supported: Vec<usize> =
            (0..self.costs.len()).filter(|&project| self.total(project, gain) > 0).collect();
        loop {
            let left = self.budget - self.cost(&selected);
            let rest: Vec<usize> =
                supported.iter().copied().filter(|project| !selected.contains(project)).collect();
            if rest.is_empty() || (until_exhaustive && rest.iter().all(|&project| self.costs[project] > left))
            {
                return (selected, rounds);
            }
            share += fraction(unit);
            let next = self.shares(&share, gain);
            rounds += 1;
            if self.cost(&next) > self.budget {
                return (selected, rounds);
            }
            selected = next;
        }
    }

    /// Adds supported projects with the most votes to what is selected, skipping what does not fit.
    pub(crate) fn utilitarian(&self, mut selected: Vec<usize>, gain: Gain) -> Vec<usize> {
        let is_open = |&project: &usize| self.total(project, gain) > 0 && !selected.contains(&project);
        let mut order: Vec<usize> = (0..self.costs.len()).filter(is_open).collect();
        order.sort_by_key(|&project| std::cmp::Reverse(self.supporters(project).len()));
        for project in order {
            if self.cost(&selected) + self.costs[project] <= self.budget {
                selected.push(project);
            }
        }
        selected
    }

    pub(crate) fn phragmen(&self) -> Vec<usize> {
        let mut loads = vec![BigRational::zero(); self.ballots.len()];
        let mut open: Vec<usize> =
            (0..self.costs.len()).filter(|&project| self.costs[project] <= self.budget).collect();
        let mut selected = Vec::new();
        loop {
            let load = |project: usize| {
                let supporters = self.supporters(project);
                let carried: BigRational = supporters.iter().map(|&ballot| loads[ballot].clone()).sum();
                let next =
                    (fraction(self.costs[project]) + carried) / fraction(supporters.len().max(1) as u64);
                (supporters.is_empty(), if supporters.is_empty() { BigRational::zero() } else { next })
            };
            let values: Vec<_> = open.iter().map(|&project| (load(project), project)).collect();
            let Some(lowest) = values.iter().map(|(load, _)| load).min() else { return selected };
            let tied: Vec<usize> =
                values.iter().filter(|(load, _)| load == lowest).map(|(_, project)| *project).collect();
            let left = self.budget - self.cost(&selected);
            if tied.iter().any(|&project| self.costs[project] > left) {
                return selected;
            }
            let winner = tied[0];
            for ballot in self.supporters(winner) {
                loads[ballot] = lowest.1.clone();
            }
            open.retain(|&project| project != winner);
            selected.push(winner);
        }
    }

    /// Maximin support by trying all subsets of the selected projects and the candidate.
    pub(crate) fn maximin(&self) -> Vec<usize> {
        let mut selected: Vec<usize> = Vec::new();
        loop {
            let left = self.budget - self.cost(&selected);
            let fitting = (0..self.costs.len())
                .filter(|project| !selected.contains(project) && self.costs[*project] <= left);
            let best = fitting.map(|project| (self.highest_load(&selected, project), project)).min();
            let Some((_, project)) = best else { return selected };
            selected.push(project);
        }
    }

    fn highest_load(&self, selected: &[usize], project: usize) -> (bool, BigRational) {
        let set: Vec<usize> = selected.iter().copied().chain([project]).collect();
        let subsets = (1..1_usize << set.len()).map(|mask| {
            let subset: Vec<usize> =
                (0..set.len()).filter(|at| mask >> at & 1 == 1).map(|at| set[at]).collect();
            let voters = (0..self.ballots.len())
                .filter(|&ballot| subset.iter().any(|&project| self.points(ballot, project).is_some()))
                .count();
            if voters == 0 {
                return (true, BigRational::zero());
            }
            (false, fraction(self.cost(&subset)) / fraction(voters as u64))
        });
        subsets.max().unwrap()
    }
}
