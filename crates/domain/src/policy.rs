//! Who may do what: the one table that the HTTP document and the authorisation test are made from.
//!
//! The table says which roles may call an operation at all. Whose things they may touch — their own office's,
//! organisation's, forum's — is the [`Scope`], which the transitions and `is_visible_to` methods enforce.

use crate::refusal::{Refusal, RefusalCode};
use crate::{Actor, Role};

/// Whose things an operation may touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's.
    Any,
    /// Those that the caller may know of; the others answer as if they did not exist.
    Visible,
    /// Those of the caller's own office.
    OwnOffice,
    /// Those of the caller's own organisation.
    OwnOrganisation,
    /// Those of the forum that the caller chairs, or serves as its secretariat.
    OwnForum,
    /// The caller's own seat.
    OwnSeat,
    /// The caller's own.
    Own,
}

impl Scope {
    /// The name in the HTTP document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Visible => "visible",
            Self::OwnOffice => "own-office",
            Self::OwnOrganisation => "own-organisation",
            Self::OwnForum => "own-forum",
            Self::OwnSeat => "own-seat",
            Self::Own => "own",
        }
    }
}

use Role::{Admin, Applicant, Approver, CaseOfficer, Chair, Directorate, Member, Public};

/// Everybody, signed in or not.
const ALL: &[Role] = &[Public, Applicant, Member, Chair, CaseOfficer, Approver, Directorate, Admin];
/// Everybody who is signed in.
const SIGNED_IN: &[Role] = &[Applicant, Member, Chair, CaseOfficer, Approver, Directorate, Admin];

macro_rules! operations {
    ($($name:ident = $id:literal, $roles:expr, $scope:ident;)+) => {
        /// Something that can be asked of Tildel: noun first, verb last.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names are the documentation, and each has a description in the HTTP document")]
        pub enum Operation {
            $($name,)+
        }

        impl Operation {
            /// All operations.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The operation id in the HTTP document.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// The roles that may call it.
            pub const fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => $roles,)+ }
            }

            /// Whose things it may touch.
            pub const fn scope(self) -> Scope {
                match self { $(Self::$name => Scope::$scope,)+ }
            }
        }
    };
}

operations! {
    AccountRead = "accountRead", SIGNED_IN, Own;
    OrganisationList = "organisationList", ALL, Any;
    OrganisationRead = "organisationRead", ALL, Any;
    OrganisationCreate = "organisationCreate", &[CaseOfficer, Admin], Any;
    OrganisationSuccessionSet = "organisationSuccessionSet", &[CaseOfficer, Admin], Any;
    HeadcountList = "headcountList", ALL, Any;
    HeadcountCreate = "headcountCreate", &[CaseOfficer, Directorate], Any;
    RegisterUnitsTakeIn = "registerUnitsTakeIn", &[CaseOfficer, Directorate], Any;
    SourceList = "sourceList", SIGNED_IN, Any;
    SourceRead = "sourceRead", SIGNED_IN, Any;
    SourceFetch = "sourceFetch", &[CaseOfficer, Directorate, Admin], Any;
    FetchList = "fetchList", &[CaseOfficer, Approver, Directorate, Admin], Any;
    FetchRead = "fetchRead", &[CaseOfficer, Approver, Directorate, Admin], Any;
    ControlTotalList = "controlTotalList", ALL, Any;
    MunicipalityList = "municipalityList", ALL, Any;
    MunicipalityRead = "municipalityRead", ALL, Any;
    PrefillRead = "prefillRead", SIGNED_IN, Any;
    UnitList = "unitList", ALL, Any;
    UnitRead = "unitRead", ALL, Any;
    ChangeList = "changeList", &[CaseOfficer, Approver, Directorate], Any;
    ChangeRead = "changeRead", &[CaseOfficer, Approver, Directorate], Any;
    ChangeAccept = "changeAccept", &[CaseOfficer, Approver], OwnOffice;
    ChangeHold = "changeHold", &[CaseOfficer, Approver], OwnOffice;
    OfficeList = "officeList", ALL, Any;
    OfficeRead = "officeRead", ALL, Any;
    OfficeCreate = "officeCreate", &[Admin], Any;
    PersonList = "personList", &[Admin], Any;
    PersonRead = "personRead", &[Admin], Any;
    PersonCreate = "personCreate", &[Admin], Any;
    AccessTokenList = "accessTokenList", &[Admin], Any;
    AccessTokenCreate = "accessTokenCreate", &[Admin], Any;
    AccessTokenRead = "accessTokenRead", &[Admin], Any;
    AccessTokenRevoke = "accessTokenRevoke", &[Admin], Any;
    SchemeList = "schemeList", ALL, Any;
    SchemeRead = "schemeRead", ALL, Any;
    SchemeCreate = "schemeCreate", &[Directorate], Any;
    FundingModelList = "fundingModelList", ALL, Any;
    FundingModelRead = "fundingModelRead", ALL, Any;
    FundingModelPublish = "fundingModelPublish", &[Directorate], Any;
    FrameList = "frameList", ALL, Any;
    FrameRead = "frameRead", ALL, Any;
    FrameCreate = "frameCreate", &[Directorate], Any;
    FrameUpdate = "frameUpdate", &[Directorate], Any;
    ForumList = "forumList", ALL, Any;
    ForumRead = "forumRead", ALL, Any;
    ForumCreate = "forumCreate", &[CaseOfficer], OwnOffice;
    ForumUpdate = "forumUpdate", &[CaseOfficer], OwnOffice;
    SeatList = "seatList", ALL, Any;
    SeatRead = "seatRead", ALL, Any;
    SeatCreate = "seatCreate", &[CaseOfficer], OwnOffice;
    SeatUpdate = "seatUpdate", &[CaseOfficer], OwnOffice;
    MeetingList = "meetingList", ALL, Any;
    MeetingRead = "meetingRead", ALL, Any;
    MeetingCreate = "meetingCreate", &[CaseOfficer, Chair], OwnForum;
    AgendaItemCreate = "agendaItemCreate", &[CaseOfficer, Chair], OwnForum;
    AttendanceRecord = "attendanceRecord", &[CaseOfficer, Chair], OwnForum;
    AgreementRecord = "agreementRecord", &[Chair], OwnForum;
    SeatsCallIn = "seatsCallIn", &[CaseOfficer, Chair], OwnForum;
    ItemTakeUp = "itemTakeUp", &[CaseOfficer, Chair], OwnForum;
    MeetingStream = "meetingStream", ALL, Any;
    PaperList = "paperList", ALL, Visible;
    PaperRead = "paperRead", ALL, Visible;
    PaperCreate = "paperCreate", &[CaseOfficer, Chair], OwnForum;
    MeetingHold = "meetingHold", &[Chair], OwnForum;
    MinutesRead = "minutesRead", ALL, Visible;
    MinutesApprove = "minutesApprove", &[Chair], OwnForum;
    MinutesCorrect = "minutesCorrect", &[Chair], OwnForum;
    RecusalList = "recusalList", &[Member, Chair, CaseOfficer, Approver], Visible;
    RecusalDeclare = "recusalDeclare", &[Member, Chair, CaseOfficer, Approver], Own;
    RecusalRead = "recusalRead", &[Member, Chair, CaseOfficer, Approver], Visible;
    RecusalRule = "recusalRule", &[Chair, CaseOfficer, Approver], OwnForum;
    NotificationList = "notificationList", SIGNED_IN, Own;
    NotificationRead = "notificationRead", SIGNED_IN, Own;
    NotificationMarkRead = "notificationMarkRead", SIGNED_IN, Own;
    RoundList = "roundList", ALL, Visible;
    RoundRead = "roundRead", ALL, Visible;
    TreatmentsRead = "treatmentsRead", ALL, Visible;
    ReserveListRead = "reserveListRead", ALL, Visible;
    RoundCreate = "roundCreate", &[CaseOfficer], OwnOffice;
    RoundUpdate = "roundUpdate", &[CaseOfficer], OwnOffice;
    RoundAnnounce = "roundAnnounce", &[CaseOfficer], OwnOffice;
    RoundOpen = "roundOpen", &[CaseOfficer], OwnOffice;
    RoundClose = "roundClose", &[CaseOfficer], OwnOffice;
    RoundSendToForum = "roundSendToForum", &[CaseOfficer], OwnOffice;
    RoundComplete = "roundComplete", &[CaseOfficer], OwnOffice;
    RoundCancel = "roundCancel", &[CaseOfficer], OwnOffice;
    ApplicationList = "applicationList", ALL, Visible;
    ApplicationRead = "applicationRead", ALL, Visible;
    ApplicationCreate = "applicationCreate", &[Applicant], OwnOrganisation;
    ApplicationUpdate = "applicationUpdate", &[Applicant], OwnOrganisation;
    PartyAdd = "partyAdd", &[Applicant], OwnOrganisation;
    PartyRemove = "partyRemove", &[Applicant], OwnOrganisation;
    PartyConfirm = "partyConfirm", &[Applicant], OwnOrganisation;
    ApplicationSubmit = "applicationSubmit", &[Applicant], OwnOrganisation;
    ApplicationWithdraw = "applicationWithdraw", &[Applicant], OwnOrganisation;
    ApplicationReturn = "applicationReturn", &[CaseOfficer], OwnOffice;
    ApplicationScreen = "applicationScreen", &[CaseOfficer], OwnOffice;
    BallotList = "ballotList", &[Member, Chair, CaseOfficer], Visible;
    BallotRead = "ballotRead", &[Member, Chair, CaseOfficer], Visible;
    BallotCreate = "ballotCreate", &[Chair, CaseOfficer], OwnForum;
    BallotUpdate = "ballotUpdate", &[Chair, CaseOfficer], OwnForum;
    BallotOpen = "ballotOpen", &[Chair], OwnForum;
    BallotClose = "ballotClose", &[Chair], OwnForum;
    BallotPabulibRead = "ballotPabulibRead", &[Member, Chair, CaseOfficer], Visible;
    BallotAnnul = "ballotAnnul", &[Chair], OwnForum;
    VoteCast = "voteCast", &[Member, Chair], OwnSeat;
    VoteRead = "voteRead", &[Member, Chair], OwnSeat;
    VoteList = "voteList", &[Member, Chair, CaseOfficer], Visible;
    ReceiptsRead = "receiptsRead", &[Member, Chair, CaseOfficer], Visible;
    RecommendationList = "recommendationList", ALL, Visible;
    RecommendationRead = "recommendationRead", ALL, Visible;
    RecommendationCreate = "recommendationCreate", &[Chair, CaseOfficer], OwnForum;
    RecommendationUpdate = "recommendationUpdate", &[Chair, CaseOfficer], OwnForum;
    RecommendationAdopt = "recommendationAdopt", &[Chair, CaseOfficer], OwnForum;
    RecommendationSignOff = "recommendationSignOff", &[Chair], OwnForum;
    DissentRecord = "dissentRecord", &[Member, Chair], OwnSeat;
    DissentWithdraw = "dissentWithdraw", &[Member, Chair], OwnSeat;
    DecisionList = "decisionList", ALL, Visible;
    DecisionRead = "decisionRead", ALL, Visible;
    DecisionCreate = "decisionCreate", &[CaseOfficer], OwnOffice;
    DecisionPropose = "decisionPropose", &[CaseOfficer], OwnOffice;
    DecisionSendBack = "decisionSendBack", &[Approver], OwnOffice;
    DecisionApprove = "decisionApprove", &[Approver, CaseOfficer], OwnOffice;
    AppealRulesRead = "appealRulesRead", ALL, Any;
    AppealRulesSet = "appealRulesSet", &[CaseOfficer], OwnOffice;
    AppealList = "appealList", &[Applicant, CaseOfficer, Approver], Visible;
    AppealRead = "appealRead", &[Applicant, CaseOfficer, Approver], Visible;
    AppealCreate = "appealCreate", &[Applicant, CaseOfficer], OwnOrganisation;
    AppealReview = "appealReview", &[CaseOfficer], OwnOffice;
    AppealPropose = "appealPropose", &[CaseOfficer], OwnOffice;
    AppealSendBack = "appealSendBack", &[Approver], OwnOffice;
    AppealApprove = "appealApprove", &[Approver, CaseOfficer], OwnOffice;
    AppealWithdraw = "appealWithdraw", &[Applicant], OwnOrganisation;
    AppealRerunList = "appealRerunList", &[Applicant, CaseOfficer, Approver], Visible;
    AppealRerunRead = "appealRerunRead", &[Applicant, CaseOfficer, Approver], Visible;
    AppealRerunCreate = "appealRerunCreate", &[CaseOfficer], OwnOffice;
    GrantList = "grantList", ALL, Any;
    GrantRead = "grantRead", ALL, Any;
    GrantAccept = "grantAccept", &[Applicant], OwnOrganisation;
    GrantDecline = "grantDecline", &[Applicant], OwnOrganisation;
    RenewalList = "renewalList", ALL, Any;
    RenewalRead = "renewalRead", ALL, Any;
    PaymentList = "paymentList", ALL, Any;
    PaymentRead = "paymentRead", ALL, Any;
    PaymentCreate = "paymentCreate", &[CaseOfficer], OwnOffice;
    PlanRecompute = "planRecompute", &[CaseOfficer, Directorate], OwnOffice;
    RunList = "runList", ALL, Any;
    RunRead = "runRead", ALL, Any;
    RunBundleRead = "runBundleRead", ALL, Any;
    ImpactReportList = "impactReportList", &[CaseOfficer, Approver, Directorate], Visible;
    ImpactReportRead = "impactReportRead", &[CaseOfficer, Approver, Directorate], Visible;
    ImpactReportAccept = "impactReportAccept", &[CaseOfficer], OwnOffice;
    ScenarioList = "scenarioList", &[CaseOfficer, Approver, Directorate], Visible;
    ScenarioRead = "scenarioRead", &[CaseOfficer, Approver, Directorate], Visible;
    ScenarioCreate = "scenarioCreate", &[CaseOfficer, Directorate], OwnOffice;
    ScenarioUpdate = "scenarioUpdate", &[CaseOfficer, Directorate], OwnOffice;
    ScenarioDelete = "scenarioDelete", &[CaseOfficer, Directorate], OwnOffice;
    ScenarioRun = "scenarioRun", &[CaseOfficer, Directorate], OwnOffice;
    ScenarioCompare = "scenarioCompare", &[CaseOfficer, Approver, Directorate], Visible;
    LetterList = "letterList", ALL, Visible;
    LetterRead = "letterRead", ALL, Visible;
    LetterCreate = "letterCreate", &[CaseOfficer], OwnOffice;
    LetterPropose = "letterPropose", &[CaseOfficer], OwnOffice;
    LetterApprove = "letterApprove", &[Approver, CaseOfficer], OwnOffice;
    LetterDispatch = "letterDispatch", &[CaseOfficer], OwnOffice;
    LetterDocumentRead = "letterDocumentRead", ALL, Visible;
    OperationRead = "operationRead", SIGNED_IN, Own;
    OperationCancel = "operationCancel", SIGNED_IN, Own;
    JobList = "jobList", &[Admin], Any;
    JobRetry = "jobRetry", &[Admin], Any;
    JournalList = "journalList", &[CaseOfficer, Approver, Directorate, Admin], Visible;
}

/// Refuses an actor whose role may not call the operation. Tildel itself may call all of them.
pub fn require(operation: Operation, actor: &Actor) -> Result<(), Refusal> {
    if actor.role == Role::System || operation.roles().contains(&actor.role) {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::RoleNotAllowed).with("role", actor.role.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_what_the_public_may_do_all_may() {
        let mut ids: Vec<_> = Operation::ALL.iter().map(|operation| operation.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Operation::ALL.len());
        for operation in Operation::ALL {
            if operation.roles().contains(&Public) {
                assert_eq!(operation.roles(), ALL, "{operation:?}");
            }
        }
    }
}
