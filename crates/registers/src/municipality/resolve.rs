//! What a number became.

use std::collections::BTreeMap;

use jiff::civil::Date;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::{History, LifeId, SplitWeights, Step};

/// A place that a number became, and how much of it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// The life, which is valid on the day that was asked for.
    pub life: LifeId,
    /// Its share, above zero.
    pub share: BigRational,
}

/// What a life became by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The places, by their numbers; the life itself where it is still valid.
    pub successors: Vec<Successor>,
    /// The steps on the way, in order.
    pub steps: Vec<Step>,
    /// What ended in places that lead nowhere. With the shares it adds up to one.
    pub lost: BigRational,
    /// Whether some share is assumed, as a split had no weights.
    pub is_assumed: bool,
}

impl History {
    /// What a life became by a day. A life that has not begun by then is what it is.
    pub fn resolve(&self, life: LifeId, day: Date, weights: &SplitWeights) -> Resolved {
        let mut resolved = Resolved {
            successors: Vec::new(),
            steps: Vec::new(),
            lost: BigRational::zero(),
            is_assumed: false,
        };
        // By the day they ended: whatever a life ends in ends later, so each life is met once, with all that flows into it.
        let mut ended: BTreeMap<(Date, LifeId), BigRational> = BTreeMap::new();
        let mut valid: BTreeMap<LifeId, BigRational> = BTreeMap::new();
        let mut arrive = |life: LifeId, share: BigRational, ended: &mut BTreeMap<_, BigRational>| match self
            .life(life)
            .to
            .filter(|to| *to <= day)
        {
            Some(to) => *ended.entry((to, life)).or_insert_with(BigRational::zero) += share,
            None => *valid.entry(life).or_insert_with(BigRational::zero) += share,
        };
        arrive(life, BigRational::one(), &mut ended);
        while let Some(((to, life), share)) = ended.pop_first() {
            let steps: Vec<Step> = self
                .steps_from(life)
                .iter()
                .filter(|step| step.on == to && step.kind.ends_the_old())
                .copied()
                .collect();
            if steps.is_empty() {
                resolved.lost += share;
                continue;
            }
            let codes: Vec<&str> = steps.iter().map(|step| self.life(step.to).code.as_str()).collect();
            let (shares, is_assumed) = weights.of(to, &self.life(life).code, &codes);
            resolved.is_assumed |= is_assumed;
            for (step, part) in steps.iter().zip(shares) {
                if !part.is_zero() {
                    arrive(step.to, &share * part, &mut ended);
                }
            }
            resolved.steps.extend(steps);
        }
        resolved.successors = valid.into_iter().map(|(life, share)| Successor { life, share }).collect();
        resolved.successors.sort_by(|left, right| self.life(left.life).code.cmp(&self.life(right.life).code));
        resolved
    }

    /// What a number became by a day, with the meaning that it has to who asks then; none where it does not occur.
    pub fn resolve_code(&self, code: &str, day: Date, weights: &SplitWeights) -> Option<Resolved> {
        Some(self.resolve(self.life_meant(code, day)?, day, weights))
    }
}
