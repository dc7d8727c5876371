//! Ballots of every kind and method in short, for tests that play all of them: votes say one of three things.

use serde_json::{Value, json};

use crate::forum_stage::motion;

/// A kind of ballot with its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BallotKind {
    /// A motion.
    Motion,
    /// A ranking by Borda's count.
    Borda,
    /// A ranking by Schulze's method.
    Schulze,
    /// Approvals by number.
    Approval,
    /// Scores by mean.
    Score,
    /// Points by mean.
    Allotment,
    /// Approvals within a budget, by equal shares with both completions.
    ApprovalShares,
    /// Approvals within a budget, by Phragmén's method.
    ApprovalPhragmen,
    /// Approvals within a budget, by maximin support.
    ApprovalMaximin,
    /// Rankings within a budget, greedily.
    RankingGreedy,
    /// Scores within a budget, by equal shares.
    ScoreShares,
    /// Points within a budget, by equal shares with Add1.
    AllotmentShares,
}

/// What a vote says, over the options in their order: the first, the second, the third.
pub const CHOICES: usize = 3;
/// Points of a seat in an allotment, and the highest score.
const POINTS: u64 = 9;

impl BallotKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Motion,
        Self::Borda,
        Self::Schulze,
        Self::Approval,
        Self::Score,
        Self::Allotment,
        Self::ApprovalShares,
        Self::ApprovalPhragmen,
        Self::ApprovalMaximin,
        Self::RankingGreedy,
        Self::ScoreShares,
        Self::AllotmentShares,
    ];

    /// The kind on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Motion => "motion",
            Self::Borda | Self::Schulze | Self::RankingGreedy => "ranking",
            Self::Approval | Self::ApprovalShares | Self::ApprovalPhragmen | Self::ApprovalMaximin => {
                "approval"
            }
            Self::Score | Self::ScoreShares => "score",
            Self::Allotment | Self::AllotmentShares => "allotment",
        }
    }

    /// The rule of the budget, where there is one.
    pub fn rule(self) -> Option<Value> {
        Some(match self {
            Self::ApprovalShares => json!({
                "rule": "equal_shares", "satisfaction": "cost", "completion": "add1_utilitarian", "until": "exhaustive",
            }),
            Self::ApprovalPhragmen => json!({ "rule": "phragmen" }),
            Self::ApprovalMaximin => json!({ "rule": "maximin_support" }),
            Self::RankingGreedy => json!({ "rule": "greedy", "satisfaction": "borda" }),
            Self::ScoreShares => {
                json!({ "rule": "equal_shares", "satisfaction": "points", "completion": "none" })
            }
            Self::AllotmentShares => {
                json!({ "rule": "equal_shares", "satisfaction": "points", "completion": "add1", "until": "budget" })
            }
            _ => return None,
        })
    }

    /// Whether single options can be left out of a vote.
    pub fn has_options(self) -> bool {
        self != Self::Motion
    }

    /// The matter on these applications: a motion on the first, or a ballot on all of them. There is money for one of them, as
    /// each costs 100 000 kroner.
    pub fn matter(self, applications: &[String]) -> Value {
        let own = match self {
            Self::Motion => return motion(applications.first().map(String::as_str)),
            Self::Borda => "borda",
            Self::Schulze => "schulze",
            Self::Approval => "count",
            Self::Score | Self::Allotment => "mean",
            _ => "budget",
        };
        let kroner = |amount: &str| json!({ "amount": amount, "currency": "NOK" });
        let costs: Vec<_> = applications
            .iter()
            .map(|id| json!({ "applicationId": id, "cost": kroner("100000.00") }))
            .collect();
        let budget = self.rule().map(|rule| {
            json!({ "rule": rule, "amount": kroner("150000.00"), "add1Step": null, "frame": null, "costs": costs })
        });
        let mut matter =
            json!({ "kind": self.word(), "options": applications, "method": own, "budget": budget });
        match self.word() {
            "score" => {
                matter["criteria"] = json!([{ "name": "Behov", "weight": 1 }]);
                matter["most"] = POINTS.into();
            }
            "allotment" => matter["points"] = POINTS.into(),
            _ => {}
        }
        matter
    }

    /// A vote for the option of this number among those that the voter may speak of.
    pub fn content(self, options: &[String], choice: usize) -> Value {
        if self == Self::Motion {
            let word = ["for", "against", "abstain"][choice % CHOICES];
            return json!({ "kind": "motion", "choice": word });
        }
        let mut turned = options.to_vec();
        turned.rotate_left(choice % options.len());
        let best = turned[0].clone();
        match self.word() {
            "ranking" => json!({ "kind": "ranking", "order": turned }),
            "approval" => json!({ "kind": "approval", "approved": [best] }),
            "score" => {
                let scores: Vec<_> = turned
                    .iter()
                    .map(
                        |id| json!({ "applicationId": id, "scores": [if *id == best { POINTS } else { 0 }] }),
                    )
                    .collect();
                json!({ "kind": "score", "scores": scores })
            }
            _ => json!({ "kind": "allotment", "points": [{ "applicationId": best, "points": POINTS }] }),
        }
    }

    /// Which of the options a vote of [`Self::content`] is for.
    pub fn choice_of(self, options: &[String], content: &Value) -> Option<usize> {
        (0..CHOICES).find(|choice| self.content(options, *choice) == *content)
    }

    /// How many votes a count says there were for each of three options, worked out from what the count tells of them.
    pub fn votes_by_choice(self, options: &[String], count: &Value) -> Option<[u64; CHOICES]> {
        let by_option = |list: &str, value: &dyn Fn(&Value) -> Option<u64>| {
            let rows = count[list].as_array()?;
            let of =
                |option: &String| value(rows.iter().find(|row| row["applicationId"] == option.as_str())?);
            Some([of(&options[0])?, of(&options[1])?, of(&options[2])?])
        };
        match (self, self.rule()) {
            (Self::Motion, _) => {
                Some([count["for"].as_u64()?, count["against"].as_u64()?, count["abstain"].as_u64()?])
            }
            (Self::Borda, _) => {
                let scores = json!({ "rows": count["rounds"][0]["scores"] });
                let rows = scores["rows"].as_array()?;
                let points = |option: &String| {
                    let row = rows.iter().find(|row| row["applicationId"] == option.as_str())?;
                    row["points"].as_str()?.parse::<u64>().ok()
                };
                first_of_turns([points(&options[0])?, points(&options[1])?, points(&options[2])?])
            }
            (Self::Schulze, _) => {
                // Who prefers the first to the second turned by no or by two places, and so on around.
                let pairs = count["rounds"][0]["counts"].as_array()?;
                let over = |a: usize, b: usize| {
                    let is_pair = |pair: &&Value| {
                        pair["applicationId"] == options[a].as_str() && pair["overId"] == options[b].as_str()
                    };
                    pairs.iter().find(is_pair)?["seats"].as_u64()
                };
                let total = count["ballots"].as_u64()?;
                // Only the turn that begins with the second puts the second before and the first last.
                let first_before_second = over(0, 1)?;
                let second_before_third = over(1, 2)?;
                let third_before_first = over(2, 0)?;
                Some([total - third_before_first, total - first_before_second, total - second_before_third])
            }
            (Self::Approval, _) => by_option("rounds", &|row| row["sum"].as_str()?.parse().ok()),
            (Self::Score | Self::Allotment, _) => {
                by_option("rounds", &|row| Some(row["sum"].as_str()?.parse::<u64>().ok()? / POINTS))
            }
            (Self::RankingGreedy, _) => first_of_turns(by_option("options", &|row| row["points"].as_u64())?),
            (Self::ScoreShares | Self::AllotmentShares, _) => {
                by_option("options", &|row| Some(row["points"].as_u64()? / POINTS))
            }
            (Self::ApprovalShares | Self::ApprovalPhragmen | Self::ApprovalMaximin, _) => {
                by_option("options", &|row| row["votes"].as_u64())
            }
        }
    }
}

/// Of three options in turn the first of a vote has 2 points, the second 1. With `a`, `b` and `c` votes that begin with each, the
/// points are `2a + c`, `2b + a` and `2c + b`; so `9a = 4p + q − 2r`, and the same around.
fn first_of_turns([p, q, r]: [u64; CHOICES]) -> Option<[u64; CHOICES]> {
    let first = |p: u64, q: u64, r: u64| (4 * p + q).checked_sub(2 * r).filter(|n| n % 9 == 0).map(|n| n / 9);
    Some([first(p, q, r)?, first(q, r, p)?, first(r, p, q)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two votes for the first, one for the second, none for the third, written out for each way to tell.
    #[test]
    fn votes_are_found_in_counts() {
        let options = ["a", "b", "c"].map(str::to_owned);
        let row = |id: &str, name: &str, value: Value| {
            let mut row = json!({ "applicationId": id });
            row[name] = value;
            row
        };
        // The turns are abc, abc and bca: a has 2 + 2 + 0, b 1 + 1 + 2, c 0 + 0 + 1.
        let borda = [("a", "4"), ("b", "4"), ("c", "1")].map(|(id, points)| row(id, "points", json!(points)));
        let borda = json!({ "rounds": [{ "scores": borda }] });
        assert_eq!(BallotKind::Borda.votes_by_choice(&options, &borda), Some([2, 1, 0]));
        // a before b in both turns abc; b before c in all three; c before a in bca.
        let pair = |a: &str, b: &str, seats: u64| json!({ "applicationId": a, "overId": b, "seats": seats });
        let pairs = [pair("a", "b", 2), pair("b", "c", 3), pair("c", "a", 1)];
        let schulze = json!({ "ballots": 3, "rounds": [{ "counts": pairs }] });
        assert_eq!(BallotKind::Schulze.votes_by_choice(&options, &schulze), Some([2, 1, 0]));
        let scores = [("a", "18"), ("b", "9"), ("c", "0")].map(|(id, sum)| row(id, "sum", json!(sum)));
        let scores = json!({ "rounds": scores });
        assert_eq!(BallotKind::Score.votes_by_choice(&options, &scores), Some([2, 1, 0]));
        // A count that no votes of this kind can give is found.
        let wrong = [("a", "4"), ("b", "3"), ("c", "2")].map(|(id, points)| row(id, "points", json!(points)));
        let wrong = json!({ "rounds": [{ "scores": wrong }] });
        assert_eq!(BallotKind::Borda.votes_by_choice(&options, &wrong), None);
    }

    #[test]
    fn each_choice_is_told_from_the_others() {
        let options = ["a", "b", "c"].map(str::to_owned);
        for kind in BallotKind::ALL {
            for choice in 0..CHOICES {
                assert_eq!(
                    kind.choice_of(&options, &kind.content(&options, choice)),
                    Some(choice),
                    "{kind:?}"
                );
            }
        }
    }
}
