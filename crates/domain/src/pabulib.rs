//! A counted budget ballot as a file of Pabulib (pabulib.org/format), so that any other program can check the count.

use tildel_voting::{Add1Until, BudgetRule, Completion, PabulibVote, Satisfaction, TieLink};

use crate::application::Application;
use crate::ballot::{Ballot, BallotMatter, Budget, Vote};
use crate::ballot_count::{counted, pabulib_vote};
use crate::forum::{Disclosure, Forum};
use crate::meeting::Meeting;
use crate::refusal::{Refusal, RefusalCode};
use crate::text::Language;

impl Ballot {
    /// The votes that were counted, with costs and budget, as a file. It names no seat and no voter, and its votes are in the
    /// order of what they say.
    ///
    /// Where the forum keeps votes secret there is no file: in a body of some ten seats, what somebody ranks last tells
    /// who it is.
    pub fn pabulib(
        &self,
        votes: &[Vote],
        (forum, meeting, applications): (&Forum, &Meeting, &[Application]),
    ) -> Result<PabulibVote, Refusal> {
        let missing = || Refusal::not_found("file of votes");
        let budget = self.rules.matter.budget().ok_or_else(missing)?;
        let tally = self.tally.as_ref().filter(|_| self.count.is_some()).ok_or_else(missing)?;
        if self.rules.disclosure == Disclosure::Secret {
            return Err(Refusal::new(RefusalCode::VotesSecret));
        }
        // In a file Add1 goes by units of currency, so the unit is the ballot's step.
        let digits = budget.unit_digits();
        let mut file = pabulib_vote((&self.rules.matter, budget), &counted(votes, tally), digits)
            .map_err(|error| Refusal::invalid("/votes", error))?;
        let title_of = |id: &str| {
            let found = applications.iter().find(|application| application.id.to_string() == id);
            found.map_or_else(String::new, |application| {
                format!("{}, {}", application.reference, application.content.title)
            })
        };
        file.names = file.projects.iter().map(|project| title_of(&project.id)).collect();
        file.meta = self.meta(budget, forum, meeting);
        Ok(file)
    }

    /// Keys of Pabulib, and behind them those that say how ties and shares were dealt with.
    fn meta(&self, budget: &Budget, forum: &Forum, meeting: &Meeting) -> Vec<(String, String)> {
        let (day, rule) = (meeting.day(), budget.rule);
        let currency = budget
            .add1_step
            .filter(|step| *step > 1)
            .map_or_else(|| "NOK".to_owned(), |step| format!("{step} NOK"));
        let mut meta = vec![
            ("description", self.title.clone()),
            ("country", "Norway".to_owned()),
            ("unit", forum.name.get(Language::Nb).to_owned()),
            ("instance", self.id.to_string()),
            ("date_begin", day.to_string()),
            ("date_end", day.to_string()),
            ("currency", currency),
            ("language", "nb".to_owned()),
            ("rule", rule_name(rule).to_owned()),
        ];
        if let BudgetRule::Greedy { satisfaction } | BudgetRule::EqualShares { satisfaction, .. } = rule {
            meta.push(("satisfaction", satisfaction_name(satisfaction).to_owned()));
        }
        if let BudgetRule::EqualShares { completion, .. } = rule {
            meta.push(("completion", completion_name(completion)));
        }
        match &self.rules.matter {
            BallotMatter::Allotment { points, .. } => meta.push(("max_sum_points", points.to_string())),
            BallotMatter::Score { criteria, most, .. } => {
                let weights: u64 = criteria.iter().map(|criterion| u64::from(criterion.weight)).sum();
                meta.push(("max_points", (weights * u64::from(*most)).to_string()));
            }
            _ => {}
        }
        let links = self.rules.tie_chain.0.iter().map(|link| match link {
            TieLink::Lot { seed_hex } => format!("seed={seed_hex}"),
            TieLink::Lexicographic => "lexicographic".to_owned(),
        });
        meta.push(("ties", links.collect::<Vec<_>>().join(",")));
        meta.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

/// The names that `tildel count` takes as `--method`.
const fn rule_name(rule: BudgetRule) -> &'static str {
    match rule {
        BudgetRule::Greedy { .. } => "greedy",
        BudgetRule::EqualShares { .. } => "equal-shares",
        BudgetRule::Phragmen => "phragmen",
        BudgetRule::MaximinSupport => "maximin-support",
    }
}

/// The names that `tildel count` takes as `--satisfaction`.
const fn satisfaction_name(satisfaction: Satisfaction) -> &'static str {
    match satisfaction {
        Satisfaction::Cost => "cost",
        Satisfaction::Cardinality => "cardinality",
        Satisfaction::Points => "points",
        Satisfaction::Borda => "borda",
    }
}

/// The names that `tildel count` takes as `--completion`, with the stop of Add1.
fn completion_name(completion: Completion) -> String {
    let (name, until) = match completion {
        Completion::None => return "none".to_owned(),
        Completion::Add1 { until } => ("add1", until),
        Completion::Add1Utilitarian { until } => ("add1-utilitarian", until),
    };
    let until = match until {
        Add1Until::Exhaustive => "exhaustive",
        Add1Until::Budget => "budget",
    };
    format!("{name} until {until}")
}
