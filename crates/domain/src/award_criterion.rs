//! Award criteria of a round, and how a recommendation assesses an application by them.
//!
//! A recommendation must show how the award criteria are met (the mandate of the forum, Udir).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::refusal::{Refusal, RefusalCode};
use crate::text::LocalText;

/// The highest end of a scale.
const SCALE_MAX: u32 = 100;
/// The highest weight.
const WEIGHT_MAX: u32 = 1_000;

/// Something that applications of a round are assessed by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwardCriterion {
    /// What assessments call it.
    pub key: String,
    /// What it asks for, for people.
    pub text: LocalText,
    /// How much it counts beside the others, if the round says so; what a reader should know, nothing is computed from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// The highest score, where scores are given: 0 to this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_max: Option<u32>,
}

/// How an application meets one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriterionAssessment {
    /// The criterion.
    pub key: String,
    /// The score, where the criterion has a scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// The assessment in words.
    pub text: String,
}

/// Checks the criteria of a round: keys that can be told apart, a text each, weights and scales that make sense.
pub(crate) fn check_criteria(criteria: &[AwardCriterion]) -> Result<(), Refusal> {
    let mut keys = BTreeSet::new();
    for (index, criterion) in criteria.iter().enumerate() {
        let at =
            |field: &str, expected: &str| Refusal::invalid(&format!("/criteria/{index}/{field}"), expected);
        if criterion.key.trim().is_empty() || !keys.insert(&criterion.key) {
            return Err(at("key", "a key, and each once"));
        }
        if criterion.text.nb.trim().is_empty() {
            return Err(at("text/nb", "a text"));
        }
        if criterion.weight.is_some_and(|weight| weight == 0 || weight > WEIGHT_MAX) {
            return Err(at("weight", "1 to 1000"));
        }
        if criterion.scale_max.is_some_and(|highest| highest == 0 || highest > SCALE_MAX) {
            return Err(at("scaleMax", "1 to 100"));
        }
    }
    Ok(())
}

/// Checks that an application is assessed by each criterion of its round, and by nothing else. `pointer` is where the
/// assessments stand.
pub(crate) fn check_assessments(
    criteria: &[AwardCriterion],
    assessments: &[CriterionAssessment],
    pointer: &str,
) -> Result<(), Refusal> {
    for (index, assessment) in assessments.iter().enumerate() {
        let at = format!("{pointer}/{index}");
        let Some(criterion) = criteria.iter().find(|criterion| criterion.key == assessment.key) else {
            return Err(Refusal::invalid(&format!("{at}/key"), "a criterion of the round"));
        };
        if assessments[..index].iter().any(|other| other.key == assessment.key) {
            return Err(Refusal::invalid(&format!("{at}/key"), "each criterion once"));
        }
        if assessment.text.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at(format!("{at}/text")));
        }
        let expected = match (criterion.scale_max, assessment.score) {
            (Some(highest), Some(score)) if score <= highest => continue,
            (None, None) => continue,
            (Some(highest), _) => format!("a score from 0 to {highest}"),
            (None, Some(_)) => "no score, as the criterion has no scale".to_owned(),
        };
        return Err(Refusal::invalid(&format!("{at}/score"), expected));
    }
    let missing = criteria.iter().find(|criterion| !assessments.iter().any(|made| made.key == criterion.key));
    match missing {
        Some(criterion) => {
            Err(Refusal::new(RefusalCode::CriterionNotAssessed).with("criterion", &criterion.key).at(pointer))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(key: &str, scale_max: Option<u32>) -> AwardCriterion {
        AwardCriterion { key: key.into(), text: LocalText::same("Behov"), weight: None, scale_max }
    }

    fn made(key: &str, score: Option<u32>) -> CriterionAssessment {
        CriterionAssessment { key: key.into(), score, text: "Godt begrunnet".into() }
    }

    #[test]
    fn each_criterion_is_assessed_once_on_its_scale() {
        let criteria = [criterion("need", None), criterion("anchoring", Some(5))];
        let check = |assessments: &[CriterionAssessment]| check_assessments(&criteria, assessments, "/c");
        assert_eq!(check(&[made("anchoring", Some(5)), made("need", None)]), Ok(()));
        let pointer = |assessments: &[CriterionAssessment]| check(assessments).unwrap_err().pointer.unwrap();
        let missing = check(&[made("need", None)]).unwrap_err();
        assert_eq!(
            (missing.code, missing.param("criterion")),
            (RefusalCode::CriterionNotAssessed, Some("anchoring"))
        );
        assert_eq!(pointer(&[made("anchoring", Some(6)), made("need", None)]), "/c/0/score");
        assert_eq!(pointer(&[made("anchoring", None), made("need", None)]), "/c/0/score");
        assert_eq!(pointer(&[made("anchoring", Some(0)), made("need", Some(1))]), "/c/1/score");
        assert_eq!(pointer(&[made("need", None), made("need", None)]), "/c/1/key");
        assert_eq!(pointer(&[made("other", None)]), "/c/0/key");
        assert_eq!(check_assessments(&[], &[], "/c"), Ok(()), "rounds without criteria ask for nothing");
    }

    #[test]
    fn criteria_can_be_told_apart() {
        assert_eq!(check_criteria(&[criterion("need", None), criterion("other", Some(3))]), Ok(()));
        let pointer = |criteria: &[AwardCriterion]| check_criteria(criteria).unwrap_err().pointer.unwrap();
        assert_eq!(pointer(&[criterion("need", None), criterion("need", None)]), "/criteria/1/key");
        assert_eq!(pointer(&[criterion("need", Some(0))]), "/criteria/0/scaleMax");
        let heavy = AwardCriterion { weight: Some(1_001), ..criterion("need", None) };
        assert_eq!(pointer(&[heavy]), "/criteria/0/weight");
    }
}
