//! Parts of a round: groups that are put off, and what applications are assessed by.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::{award_criterion, round as domain};
use utoipa::ToSchema;

use crate::body::LocalText;

/// Applicants whose applications are assessed in a later year, such as upper secondary schools in 2021.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeferredGroup {
    /// Who.
    pub label: LocalText,
    /// The first year in which they are assessed: later than the budget year of the round.
    #[schema(minimum = 1990, maximum = 2100, example = 2021)]
    pub year: i16,
}

impl From<domain::DeferredGroup> for DeferredGroup {
    fn from(group: domain::DeferredGroup) -> Self {
        Self { label: group.label.into(), year: group.year }
    }
}

impl From<DeferredGroup> for domain::DeferredGroup {
    fn from(group: DeferredGroup) -> Self {
        Self { label: group.label.into(), year: group.year }
    }
}

/// Something that applications of a round are assessed by.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwardCriterion {
    /// What assessments call it.
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9][a-z0-9-]*$", example = "local-need")]
    pub key: String,
    /// What it asks for, for people.
    pub text: LocalText,
    /// How much it counts beside the others, if the round says so. For readers: nothing is computed from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000, nullable = false)]
    pub weight: Option<u32>,
    /// The highest score, where scores are given: 0 to this number. Without it, criteria are assessed in words alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100, nullable = false)]
    pub scale_max: Option<u32>,
}

impl From<award_criterion::AwardCriterion> for AwardCriterion {
    fn from(criterion: award_criterion::AwardCriterion) -> Self {
        Self {
            key: criterion.key,
            text: criterion.text.into(),
            weight: criterion.weight,
            scale_max: criterion.scale_max,
        }
    }
}

impl From<AwardCriterion> for award_criterion::AwardCriterion {
    fn from(criterion: AwardCriterion) -> Self {
        Self {
            key: criterion.key,
            text: criterion.text.into(),
            weight: criterion.weight,
            scale_max: criterion.scale_max,
        }
    }
}
