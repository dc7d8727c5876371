//! How a value of the domain stands in a column.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use serde::de::value::{Error as WordError, StrDeserializer};
use tildel_domain::allocation::{
    FrameStatus, FundingModel, Headcount, Language, Measure, Nok, Ownership, Plan, PlanInput, RenewalOutcome,
    SuccessorInput, UnitKind, impact::Move, scenario::Change,
};
use tildel_domain::appeal::{AppealChannel, AppealRuling, AppealState};
use tildel_domain::appeal_rerun::Assumption;
use tildel_domain::appeal_rule::{AppealNotice, AppealRule};
use tildel_domain::application::{ApplicationContent, ApplicationState, PartyRole, Screening};
use tildel_domain::award_criterion::AwardCriterion;
use tildel_domain::ballot::{BallotCount, BallotRules, BallotState, VoteContent};
use tildel_domain::change::{ChangeEffect, ChangeKind, ChangeState, Touches};
use tildel_domain::decision::{AmountLine, AwardLine, DecisionState};
use tildel_domain::forum::{Disclosure, VoteRight};
use tildel_domain::grant::{GrantState, GrantYearState};
use tildel_domain::id::{
    AccessTokenId, AgendaItemId, AppealId, AppealRerunId, ApplicationId, BallotId, ChangeId, DecisionId,
    FetchId, ForumId, FrameId, FundingModelId, GrantId, GrantPaymentId, GrantRenewalId, HeadcountId,
    ImpactReportId, LetterId, MeetingId, NotificationId, OfficeId, OrganisationId, PaperId, PartyId,
    PersonId, RecommendationId, RecusalId, RoundId, RunId, ScenarioId, SchemeId, SeatId, UnitId,
};
use tildel_domain::impact::ImpactReportState;
use tildel_domain::letter::LetterState;
use tildel_domain::letter_content::{LetterContent, LetterTexts};
use tildel_domain::meeting::{AgendaItem, Attendance, MeetingState};
use tildel_domain::notification::NotificationKind;
use tildel_domain::organisation::{OrganisationKind, OrganisationNumber};
use tildel_domain::paper::PaperKind;
use tildel_domain::person::Role;
use tildel_domain::recommendation::{Dissent, RecommendationLine, RecommendationState};
use tildel_domain::recusal::{RecusalGround, RecusalState};
use tildel_domain::register::{RegisterKey, RegisterUnit};
use tildel_domain::renewal_advice::RenewalAdvice;
use tildel_domain::renewal_decision::RenewalLine;
use tildel_domain::round::{DeferredGroup, RoundState};
use tildel_domain::scenario::ScenarioOutcome;
use tildel_domain::source::{FetchState, SourceMarks, SourceName};
use tildel_domain::standing::{KindQuorum, Tally};
use tildel_domain::text::LocalText;
use uuid::Uuid;

use crate::columns::{DbDate, DbId, DbInstant, DbJson};
use crate::{Place, StorageError};

/// A value of the domain that is stored in a column of type `C`.
pub(crate) trait Stored<C>: Sized {
    /// What to write.
    fn to_column(&self, place: &Place) -> Result<C, StorageError>;

    /// Reads it back; refuses what the domain has no value for.
    fn from_column(column: C, place: &Place) -> Result<Self, StorageError>;
}

/// A typed id as a column.
pub(crate) fn key(id: impl Into<Uuid>) -> DbId {
    DbId(id.into())
}

impl<C, T: Stored<C>> Stored<Option<C>> for Option<T> {
    fn to_column(&self, place: &Place) -> Result<Option<C>, StorageError> {
        self.as_ref().map(|value| value.to_column(place)).transpose()
    }

    fn from_column(column: Option<C>, place: &Place) -> Result<Self, StorageError> {
        column.map(|column| T::from_column(column, place)).transpose()
    }
}

/// Values that a column takes as they are, wrapped at most.
macro_rules! plain {
    ($($value:ty => $column:ty,)+) => {$(
        impl Stored<$column> for $value {
            fn to_column(&self, _place: &Place) -> Result<$column, StorageError> {
                Ok(self.clone().into())
            }

            fn from_column(column: $column, _place: &Place) -> Result<Self, StorageError> {
                Ok(column.into())
            }
        }
    )+};
}

plain! {
    String => String,
    bool => bool,
    i64 => i64,
    Timestamp => DbInstant,
    Date => DbDate,
}

/// Typed ids.
macro_rules! ids {
    ($($id:ty,)+) => {$(
        impl Stored<DbId> for $id {
            fn to_column(&self, _place: &Place) -> Result<DbId, StorageError> {
                Ok(key(*self))
            }

            fn from_column(column: DbId, _place: &Place) -> Result<Self, StorageError> {
                Ok(column.0.into())
            }
        }
    )+};
}

ids! {
    AccessTokenId, AgendaItemId, AppealId, AppealRerunId, ApplicationId, BallotId, ChangeId, DecisionId, FetchId, ForumId, FrameId, FundingModelId, GrantId,
    GrantPaymentId, GrantRenewalId, HeadcountId, ImpactReportId, LetterId, MeetingId, NotificationId, OfficeId, OrganisationId,
    PaperId, PartyId, PersonId, RecommendationId, RecusalId, RoundId, RunId, ScenarioId, SchemeId, SeatId, UnitId,
}

/// Whole numbers that are narrower than the column.
macro_rules! numbers {
    ($($number:ty,)+) => {$(
        impl Stored<i64> for $number {
            fn to_column(&self, _place: &Place) -> Result<i64, StorageError> {
                Ok(i64::from(*self))
            }

            fn from_column(column: i64, place: &Place) -> Result<Self, StorageError> {
                place.number(column)
            }
        }
    )+};
}

numbers! { i16, u8, u32, }

/// Values that are one word in serde, such as a state.
macro_rules! words {
    ($($word:ty,)+) => {$(
        impl Stored<String> for $word {
            fn to_column(&self, place: &Place) -> Result<String, StorageError> {
                match place.to_json(self)?.0 {
                    serde_json::Value::String(word) => Ok(word),
                    other => Err(place.inconsistent(format_args!("{other} is not one word"))),
                }
            }

            fn from_column(column: String, place: &Place) -> Result<Self, StorageError> {
                Self::deserialize(StrDeserializer::<WordError>::new(&column))
                    .map_err(|error| place.inconsistent(error))
            }
        }
    )+};
}

words! {
    AppealChannel, AppealState, ApplicationState, BallotState, ChangeKind, ChangeState, DateTime, DecisionState, Disclosure, FetchState, FrameStatus, GrantState, GrantYearState, Language,
    ImpactReportState, LetterState, Measure, MeetingState, NotificationKind, OrganisationKind, OrganisationNumber, Ownership,
    PaperKind, PartyRole, RecommendationState, RecusalGround, RecusalState, RegisterKey, RenewalOutcome, Role, RoundState, SourceName, UnitKind, VoteRight,
}

/// Values that stand as one JSON document.
macro_rules! documents {
    ($($document:ty,)+) => {$(
        impl Stored<DbJson> for $document {
            fn to_column(&self, place: &Place) -> Result<DbJson, StorageError> {
                place.to_json(self)
            }

            fn from_column(column: DbJson, place: &Place) -> Result<Self, StorageError> {
                place.json(column)
            }
        }
    )+};
}

documents! {
    ApplicationContent, Assumption, BallotCount, BallotRules, ChangeEffect, BTreeMap<Language, LetterTexts>, BTreeMap<String, SourceMarks>, FundingModel, Headcount, LetterContent,
    LetterTexts, LocalText, Plan, PlanInput, ScenarioOutcome, Screening, serde_json::Value, Tally, Vec<AgendaItem>, Vec<AmountLine>,
    Vec<AppealNotice>, Vec<AppealRule>, Vec<AppealRuling>, Vec<ApplicationId>, Vec<Attendance>, Vec<AwardCriterion>, Vec<AwardLine>,
    Vec<Change>, Vec<DeferredGroup>, Vec<Dissent>, Vec<ForumId>, Vec<KindQuorum>, Vec<Move>, Vec<RecommendationLine>,
    RegisterUnit, Touches, Vec<RenewalAdvice>, Vec<RenewalLine>, Vec<String>, Vec<SuccessorInput>, VoteContent,
}

impl Stored<i64> for Nok {
    fn to_column(&self, _place: &Place) -> Result<i64, StorageError> {
        Ok(self.ore())
    }

    fn from_column(column: i64, _place: &Place) -> Result<Self, StorageError> {
        Ok(Self::from_ore(column))
    }
}
