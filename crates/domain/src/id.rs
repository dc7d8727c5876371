//! Typed ids, so that a round's id can never be passed where an application's is meant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

typed_ids! {
    /// A legal entity.
    OrganisationId,
    /// A school or a kindergarten.
    UnitId,
    /// One count of employees from one source.
    HeadcountId,
    /// A person who signs in or is named in a letter.
    PersonId,
    /// A personal access token.
    AccessTokenId,
    /// A grant scheme.
    SchemeId,
    /// A county governor's office.
    OfficeId,
    /// One version of a funding model.
    FundingModelId,
    /// The money and places of an office for a scheme and year.
    FrameId,
    /// A cooperation forum.
    ForumId,
    /// A seat of a forum.
    SeatId,
    /// A meeting of a forum.
    MeetingId,
    /// An item on a meeting's agenda.
    AgendaItemId,
    /// A paper of a meeting.
    PaperId,
    /// Something a person is told.
    NotificationId,
    /// A recorded interest of a person in an application.
    RecusalId,
    /// A call for applications.
    RoundId,
    /// An application.
    ApplicationId,
    /// A party of an application: lead, partner or provider.
    PartyId,
    /// A ballot.
    BallotId,
    /// A forum's recommendation.
    RecommendationId,
    /// An office's decision.
    DecisionId,
    /// A granted project.
    GrantId,
    /// What a forum said of a later year of a grant.
    GrantRenewalId,
    /// A part of a grant that was paid.
    GrantPaymentId,
    /// One computation of a plan.
    RunId,
    /// What a run moves.
    ImpactReportId,
    /// A plan that nobody follows, to see what would be.
    ScenarioId,
    /// A letter.
    LetterId,
    /// An appeal against a decision.
    AppealId,
    /// What an appellant would have got.
    AppealRerunId,
    /// One reading of a register.
    FetchId,
    /// A difference between what a register said and says.
    ChangeId,
}
