//! What the kernel needs to know of each thing that is loaded, changed and saved as a whole.

use serde::Serialize;
use tildel_domain::id::{
    AccessTokenId, AppealId, ApplicationId, BallotId, ChangeId, DecisionId, ForumId, FrameId, FundingModelId,
    GrantId, ImpactReportId, LetterId, MeetingId, NotificationId, OfficeId, OrganisationId, PersonId,
    RecommendationId, RecusalId, RoundId, ScenarioId, SchemeId, SeatId, UnitId,
};
use tildel_domain::{
    appeal::Appeal, application::Application, ballot::Ballot, change::Change, decision::Decision,
    forum::Forum, forum::Seat, grant::Grant, impact::ImpactReport, letter::Letter, meeting::Meeting,
    notification::Notification, organisation::Organisation, person::AccessToken, person::Person,
    recommendation::Recommendation, recusal::Recusal, round::Round, scenario::Scenario, scheme::Frame,
    scheme::Office, scheme::Scheme, scheme::SchemeFundingModel, unit::Unit,
};
use tildel_storage::{Db, StorageError};
use uuid::Uuid;

/// A thing with an id and a version.
pub trait Aggregate: Serialize + Sized {
    /// Its id.
    type Id: Copy + Into<Uuid>;
    /// What it is called in refusals and in the journal.
    const KIND: &'static str;

    /// Its id.
    fn id(&self) -> Self::Id;
    /// The version that was read or written last.
    fn version(&self) -> i64;
    /// The office it belongs to, for the journal's readers.
    fn office_id(&self) -> Option<OfficeId>;
    /// Reads it.
    fn find(db: &mut Db, id: Self::Id) -> Result<Option<Self>, StorageError>;
    /// Reads it and keeps others from writing it until the transaction ends.
    fn lock(db: &mut Db, id: Self::Id) -> Result<Option<Self>, StorageError>;
    /// Writes it back and counts its version up.
    fn update(&mut self, db: &mut Db) -> Result<(), StorageError>;
}

/// A thing that can be created here. Access tokens are created with their hash, so they are not among these.
pub trait Creatable: Aggregate {
    /// Writes it for the first time.
    fn insert(&self, db: &mut Db) -> Result<(), StorageError>;
}

macro_rules! aggregates {
    ($($type:ident, $id:ident, $kind:literal, $module:ident, |$thing:ident| $office:expr;)+) => {$(
        impl Aggregate for $type {
            type Id = $id;
            const KIND: &'static str = $kind;

            fn id(&self) -> $id {
                self.id
            }

            fn version(&self) -> i64 {
                self.version
            }

            fn office_id(&self) -> Option<OfficeId> {
                let $thing = self;
                $office
            }

            fn find(db: &mut Db, id: $id) -> Result<Option<Self>, StorageError> {
                tildel_storage::$module::find(db, id)
            }

            fn lock(db: &mut Db, id: $id) -> Result<Option<Self>, StorageError> {
                tildel_storage::$module::lock(db, id)
            }

            fn update(&mut self, db: &mut Db) -> Result<(), StorageError> {
                tildel_storage::$module::update(db, self)
            }
        }
    )+};
}

macro_rules! creatables {
    ($($type:ident, $module:ident;)+) => {$(
        impl Creatable for $type {
            fn insert(&self, db: &mut Db) -> Result<(), StorageError> {
                tildel_storage::$module::insert(db, self)
            }
        }
    )+};
}

aggregates! {
    Organisation, OrganisationId, "organisation", organisations, |_thing| None;
    Person, PersonId, "person", persons, |thing| thing.office_id;
    AccessToken, AccessTokenId, "access token", access_tokens, |_thing| None;
    Office, OfficeId, "office", offices, |thing| Some(thing.id);
    Scheme, SchemeId, "scheme", schemes, |_thing| None;
    SchemeFundingModel, FundingModelId, "funding model", funding_models, |_thing| None;
    Frame, FrameId, "frame", frames, |thing| Some(thing.office_id);
    Forum, ForumId, "forum", forums, |thing| Some(thing.office_id);
    Seat, SeatId, "seat", seats, |_thing| None;
    Meeting, MeetingId, "meeting", meetings, |_thing| None;
    Recusal, RecusalId, "recusal", recusals, |_thing| None;
    Notification, NotificationId, "notification", notifications, |_thing| None;
    Round, RoundId, "round", rounds, |thing| Some(thing.office_id);
    Application, ApplicationId, "application", applications, |thing| Some(thing.office_id);
    Ballot, BallotId, "ballot", ballots, |_thing| None;
    Recommendation, RecommendationId, "recommendation", recommendations, |_thing| None;
    Decision, DecisionId, "decision", decisions, |thing| Some(thing.office_id);
    Grant, GrantId, "grant", grants, |thing| Some(thing.office_id);
    ImpactReport, ImpactReportId, "impact report", impact_reports, |thing| Some(thing.office_id);
    Appeal, AppealId, "appeal", appeals, |thing| Some(thing.office_id);
    Letter, LetterId, "letter", letters, |thing| Some(thing.office_id);
    Scenario, ScenarioId, "scenario", scenarios, |thing| Some(thing.office_id);
    Unit, UnitId, "unit", units, |_thing| None;
    Change, ChangeId, "change", changes, |thing| thing.only_office();
}

creatables! {
    Organisation, organisations;
    Person, persons;
    Office, offices;
    Scheme, schemes;
    SchemeFundingModel, funding_models;
    Frame, frames;
    Forum, forums;
    Seat, seats;
    Meeting, meetings;
    Notification, notifications;
    Round, rounds;
    Application, applications;
    Ballot, ballots;
    Recommendation, recommendations;
    Decision, decisions;
    Grant, grants;
    ImpactReport, impact_reports;
    Appeal, appeals;
    Letter, letters;
    Unit, units;
    Change, changes;
}
