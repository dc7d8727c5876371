//! Perpetual voting: each round lets one project in, and remembers who got what they wanted.
//!
//! Perpetual Quota and Perpetual Consensus after M. Lackner, *Perpetual Voting: Fairness in Long-Term Decision Making*,
//! AAAI 2020. Voters are the organisations in and behind projects; a project is approved by its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{Trial, electorate};
use crate::Exact;
use crate::model::AdmissionRule;
use crate::money::Overflow;
use crate::plan::index::{Index, OrgId, ProjectId};

/// The memory of both rules.
#[derive(Default)]
pub(in crate::plan) struct Perpetual {
    /// Consensus: the weight of each voter who has taken part.
    weights: BTreeMap<OrgId, Exact>,
    /// Quota: quota less satisfaction of each voter who has taken part.
    claims: BTreeMap<OrgId, Exact>,
}

impl Perpetual {
    /// Running projects have won a round in the year in which they began, or at the first year if they began before it.
    pub(in crate::plan) fn begin(&mut self, index: &Index<'_>, year: i16) -> Result<(), Overflow> {
        // A memory that no rule ever asks need not be kept; each round goes over all voters.
        let asked = |rule| index.input.models.iter().any(|model| model.admission.rule == rule);
        let (quota, consensus) =
            (asked(AdmissionRule::PerpetualQuota), asked(AdmissionRule::PerpetualConsensus));
        if !quota && !consensus {
            return Ok(());
        }
        let first = year == index.input.first_year;
        let mut begun: Vec<ProjectId> = (0..index.projects.len())
            .filter(|project| {
                let input = index.projects[*project].input;
                let begins = input.first_year;
                input.status == crate::ProjectStatus::Running && (begins == year || (first && begins < year))
            })
            .collect();
        if begun.is_empty() {
            return Ok(());
        }
        begun.sort_by_key(|project| (index.projects[*project].input.first_year, *project));
        let voters = electorate(index, year);
        for winner in begun {
            if consensus {
                self.consensus_round(index, &voters, winner)?;
            }
            if quota {
                self.quota_growth(index, &voters, &[winner])?;
                self.quota_win(index, winner)?;
            }
        }
        Ok(())
    }

    /// The winner's voters with positive weight share the cost of a round, and all gain one.
    fn consensus_round(
        &mut self,
        index: &Index<'_>,
        voters: &BTreeSet<OrgId>,
        winner: ProjectId,
    ) -> Result<(), Overflow> {
        for voter in voters {
            self.weights.entry(*voter).or_insert(Exact::whole(1));
        }
        let paying: Vec<OrgId> = index.projects[winner]
            .voters
            .iter()
            .copied()
            .filter(|voter| self.weights.get(voter).is_some_and(|weight| weight.is_positive()))
            .collect();
        if !paying.is_empty() {
            let (n, m) = (i128::try_from(voters.len()), i128::try_from(paying.len()));
            let (Ok(n), Ok(m)) = (n, m) else { return Err(Overflow) };
            let price = Exact::fraction(n, m).ok_or(Overflow)?;
            for voter in &paying {
                if let Some(weight) = self.weights.get_mut(voter) {
                    *weight = weight.checked_sub(price)?;
                }
            }
        }
        for voter in voters {
            if let Some(weight) = self.weights.get_mut(voter) {
                *weight = weight.checked_add(Exact::whole(1))?;
            }
        }
        Ok(())
    }

    /// Each voter's quota grows by the largest support among what the voter approves of.
    fn quota_growth(
        &mut self,
        index: &Index<'_>,
        voters: &BTreeSet<OrgId>,
        candidates: &[ProjectId],
    ) -> Result<(), Overflow> {
        let mut support: BTreeMap<OrgId, i128> = BTreeMap::new();
        for candidate in candidates {
            let theirs = &index.projects[*candidate].voters;
            let size = i128::try_from(theirs.len()).map_err(|_| Overflow)?;
            for voter in theirs {
                let most = support.entry(*voter).or_insert(0);
                *most = size.max(*most);
            }
        }
        let n = i128::try_from(voters.len()).map_err(|_| Overflow)?;
        for voter in voters {
            let claim = self.claims.entry(*voter).or_insert(Exact::ZERO);
            if let Some(most) = support.get(voter) {
                *claim = claim.checked_add(Exact::fraction(*most, n).ok_or(Overflow)?)?;
            }
        }
        Ok(())
    }

    fn quota_win(&mut self, index: &Index<'_>, winner: ProjectId) -> Result<(), Overflow> {
        for voter in &index.projects[winner].voters {
            if let Some(claim) = self.claims.get_mut(voter) {
                *claim = claim.checked_sub(Exact::whole(1))?;
            }
        }
        Ok(())
    }

    /// The sum of the positive values of a project's voters.
    fn score(
        values: &BTreeMap<OrgId, Exact>,
        index: &Index<'_>,
        project: ProjectId,
        first: Exact,
    ) -> Result<Exact, Overflow> {
        let voters = index.projects[project].voters.iter();
        Exact::checked_sum(
            voters
                .map(|voter| values.get(voter).copied().unwrap_or(first))
                .filter(|value| value.is_positive()),
        )
    }
}

/// The rounds of a year.
pub(super) fn rounds(
    trial: &mut Trial<'_, '_>,
    memory: &mut Perpetual,
    mut remaining: Vec<ProjectId>,
    quota: bool,
) -> Result<(), Overflow> {
    let index = trial.year.index;
    let voters = electorate(index, trial.year.year);
    loop {
        let candidates = trial.open(&remaining)?;
        if candidates.is_empty() {
            return Ok(());
        }
        if quota {
            memory.quota_growth(index, &voters, &candidates)?;
        }
        let (values, first) =
            if quota { (&memory.claims, Exact::ZERO) } else { (&memory.weights, Exact::whole(1)) };
        let mut best: Option<(Exact, ProjectId)> = None;
        for candidate in candidates {
            let score = Perpetual::score(values, index, candidate, first)?;
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, candidate));
            }
        }
        let Some((_, winner)) = best else { return Ok(()) };
        if quota {
            memory.quota_win(index, winner)?;
        } else {
            memory.consensus_round(index, &voters, winner)?;
        }
        trial.let_in(winner)?;
        remaining.retain(|project| *project != winner);
    }
}
