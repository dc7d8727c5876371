//! Meetings: agenda, attendance, agreement tests, and the end.

use actix_web::{get, post, put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::MeetingId;
use tildel_usecases::domain::meeting as domain;
use tildel_usecases::domain::renewal_advice;
use tildel_usecases::meetings::{self, MeetingFilter, Treated};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Where a meeting is in its life.
    MeetingState = domain::MeetingState {
        /// To come, or under way.
        Planned,
        /// Ended; its minutes can be approved.
        Held,
    }
}

wire_enum! {
    /// What came of an agreement test.
    AgreementOutcome = domain::AgreementOutcome {
        /// All agreed: no vote.
        Agreed,
        /// The forum did not agree, so it may vote.
        NotAgreed,
        /// The chair did not test agreement, and says why.
        Skipped,
    }
}

/// The agreement test of an item: a forum discusses until it agrees, and votes only where it does not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementTest {
    /// What came of it.
    pub outcome: AgreementOutcome,
    /// What was agreed, or why there was no agreement or no test.
    #[schema(required)]
    pub note: Option<String>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl From<domain::AgreementTest> for AgreementTest {
    fn from(test: domain::AgreementTest) -> Self {
        Self { outcome: test.outcome.into(), note: test.note, recorded_at: test.recorded_at }
    }
}

/// The running grants of a scheme that are judged for a year.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalMatter {
    /// The scheme.
    pub scheme_id: Uuid,
    /// The year.
    #[schema(minimum = 1990, maximum = 2100, example = 2021)]
    pub year: i16,
}

impl From<renewal_advice::RenewalMatter> for RenewalMatter {
    fn from(matter: renewal_advice::RenewalMatter) -> Self {
        Self { scheme_id: matter.scheme_id.into(), year: matter.year }
    }
}

impl From<RenewalMatter> for renewal_advice::RenewalMatter {
    fn from(matter: RenewalMatter) -> Self {
        Self { scheme_id: matter.scheme_id.into(), year: matter.year }
    }
}

/// An item of an agenda.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgendaItem {
    /// Id.
    pub id: Uuid,
    /// Its number on the agenda, from 1.
    pub number: u32,
    /// Title.
    pub title: String,
    /// The round that is treated, if it is one.
    #[schema(required)]
    pub round_id: Option<Uuid>,
    /// The application that is treated, if the item is about one.
    #[schema(required)]
    pub application_id: Option<Uuid>,
    /// The grants that are judged, if the item is about renewals.
    #[schema(required)]
    pub renewals: Option<RenewalMatter>,
    /// The conditional seats that are called in for the item.
    pub called_in: Vec<Uuid>,
    /// The agreement test, once made; null for outsiders until the minutes are approved, and for who is recused.
    #[schema(required)]
    pub agreement: Option<AgreementTest>,
}

impl From<domain::AgendaItem> for AgendaItem {
    fn from(item: domain::AgendaItem) -> Self {
        Self {
            id: item.id.into(),
            number: item.number,
            title: item.title,
            round_id: item.round_id.map(Into::into),
            application_id: item.application_id.map(Into::into),
            renewals: item.renewals.map(Into::into),
            called_in: item.called_in.into_iter().map(Into::into).collect(),
            agreement: item.agreement.map(Into::into),
        }
    }
}

/// Somebody present on a seat.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attendance {
    /// The seat.
    pub seat_id: Uuid,
    /// The person: the member or the deputy of the seat.
    pub person_id: Uuid,
}

impl From<domain::Attendance> for Attendance {
    fn from(attendance: domain::Attendance) -> Self {
        Self { seat_id: attendance.seat_id.into(), person_id: attendance.person_id.into() }
    }
}

impl From<Attendance> for domain::Attendance {
    fn from(attendance: Attendance) -> Self {
        Self { seat_id: attendance.seat_id.into(), person_id: attendance.person_id.into() }
    }
}

/// A meeting of a forum.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// Id.
    pub id: Uuid,
    /// The forum.
    pub forum_id: Uuid,
    /// When it begins.
    pub starts_at: Timestamp,
    /// The place, or how it is held.
    pub place: String,
    /// State.
    pub state: MeetingState,
    /// The agenda, by number.
    pub agenda: Vec<AgendaItem>,
    /// Who was present.
    pub attendance: Vec<Attendance>,
    /// The item that is being treated.
    #[schema(required)]
    pub current_item_id: Option<Uuid>,
    /// The number of the minutes that were approved last; 0 where none were.
    pub minutes_number: u32,
    /// Version.
    pub version: i64,
}

resource!(domain::Meeting => Meeting at "/v1/meetings");

impl From<domain::Meeting> for Meeting {
    fn from(meeting: domain::Meeting) -> Self {
        Self {
            id: meeting.id.into(),
            forum_id: meeting.forum_id.into(),
            starts_at: meeting.starts_at,
            place: meeting.place,
            state: meeting.state.into(),
            agenda: meeting.agenda.into_iter().map(Into::into).collect(),
            attendance: meeting.attendance.into_iter().map(Into::into).collect(),
            current_item_id: meeting.current_item_id.map(Into::into),
            minutes_number: meeting.minutes_number,
            version: meeting.version,
        }
    }
}

/// What a new meeting is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMeeting {
    /// The forum: one that the caller chairs or serves.
    pub forum_id: Uuid,
    /// When it begins.
    #[schema(example = "2020-05-19T07:00:00Z")]
    pub starts_at: Timestamp,
    /// The place, or how it is held.
    #[schema(min_length = 1, max_length = 200)]
    pub place: String,
}

/// What a new agenda item is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAgendaItem {
    /// Title.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// The round that is to be treated, if it is one.
    pub round_id: Option<Uuid>,
    /// The application that is to be treated, of that round, if the item is about one.
    pub application_id: Option<Uuid>,
    /// The grants that are to be judged, if the item is about renewals; then it is about no round.
    pub renewals: Option<RenewalMatter>,
}

/// The conditional seats that are called in for an item.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalledSeats {
    /// The item, of this meeting.
    pub agenda_item_id: Uuid,
    /// The seats, in place of those that were called in before.
    #[schema(max_items = 200)]
    pub seat_ids: Vec<Uuid>,
}

/// The item that is taken up.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CurrentItem {
    /// The item, of this meeting.
    pub agenda_item_id: Uuid,
}

/// Who is present.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceList {
    /// All who are present, each on a seat of the forum, no seat twice.
    #[schema(max_items = 200)]
    pub attendance: Vec<Attendance>,
}

/// An agreement test to record.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAgreementTest {
    /// The item that was tested, of this meeting.
    pub agenda_item_id: Uuid,
    /// What came of it.
    pub outcome: AgreementOutcome,
    /// What was agreed, or why there was no agreement; needed where the test was skipped.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

/// Which meetings to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct MeetingQuery {
    /// Of this forum only.
    pub forum_id: Option<Uuid>,
}

/// List meetings.
///
/// All meetings of all forums.
#[utoipa::path(operation_id = "meetingList", tag = "Meetings", params(MeetingQuery),
    responses((status = 200, description = "A page of meetings.", body = PageBody<Meeting>)))]
#[get("/v1/meetings")]
async fn list(call: Call, query: Query<MeetingQuery>) -> Reply {
    let filter = MeetingFilter { forum_id: query.0.forum_id.map(Into::into) };
    call.list(move |cx, page| meetings::list(cx, &filter, page)).await
}

/// Read a meeting.
///
/// One meeting with its agenda and attendance.
#[utoipa::path(operation_id = "meetingRead", tag = "Meetings",
    responses((status = 200, description = "The meeting.", body = Meeting)))]
#[get("/v1/meetings/{id}")]
async fn read(call: Call, id: Id<MeetingId>) -> Reply {
    call.read(move |cx| meetings::read(cx, id.0)).await
}

/// Call a meeting.
///
/// The agenda is empty at first.
#[utoipa::path(operation_id = "meetingCreate", tag = "Meetings", request_body = NewMeeting,
    responses((status = 201, description = "The new meeting.", body = Meeting)))]
#[post("/v1/meetings")]
async fn create(call: Call, new: Json<NewMeeting>) -> Reply {
    let NewMeeting { forum_id, starts_at, place } = new.0;
    call.create(move |cx| meetings::create(cx, forum_id.into(), starts_at, &place)).await
}

/// Put an item on the agenda.
///
/// It comes last and gets the next number. Where it is about an application or about renewals, those in the forum who belong to a
/// party of the application, or of a grant's, are suggested as recused.
#[utoipa::path(operation_id = "agendaItemCreate", tag = "Meetings", request_body = NewAgendaItem,
    responses((status = 200, description = "The meeting with the item.", body = Meeting)))]
#[post("/v1/meetings/{id}/agenda-items")]
async fn agenda_item_create(call: Call, id: Id<MeetingId>, new: Json<NewAgendaItem>) -> Reply {
    let NewAgendaItem { title, round_id, application_id, renewals } = new.0;
    let treated = Treated {
        round_id: round_id.map(Into::into),
        application_id: application_id.map(Into::into),
        renewals: renewals.map(Into::into),
    };
    call.act(move |cx, expected| meetings::agenda_item_create(cx, id.0, expected, &title, treated)).await
}

/// Record the attendance.
///
/// The whole list, in place of the one before.
#[utoipa::path(operation_id = "attendanceRecord", tag = "Meetings", request_body = AttendanceList,
    responses((status = 200, description = "The meeting with its attendance.", body = Meeting)))]
#[put("/v1/meetings/{id}/attendance")]
async fn attendance_record(call: Call, id: Id<MeetingId>, present: Json<AttendanceList>) -> Reply {
    let attendance: Vec<domain::Attendance> = present.0.attendance.into_iter().map(Into::into).collect();
    call.act(move |cx, expected| meetings::attendance_record(cx, id.0, expected, &attendance)).await
}

/// Record an agreement test.
///
/// Once for each item; a forum agrees only with a quorum of those present and not recused. Only an item without agreement, or one whose test was skipped with a reason, goes to a vote.
#[utoipa::path(operation_id = "agreementRecord", tag = "Meetings", request_body = NewAgreementTest,
    responses((status = 200, description = "The meeting with the test.", body = Meeting)))]
#[post("/v1/meetings/{id}/agreement-tests")]
async fn agreement_record(call: Call, id: Id<MeetingId>, test: Json<NewAgreementTest>) -> Reply {
    let NewAgreementTest { agenda_item_id, outcome, note } = test.0;
    call.act(move |cx, expected| {
        let (item_id, note) = (agenda_item_id.into(), note.as_deref());
        meetings::agreement_record(cx, id.0, expected, item_id, outcome.into(), note)
    })
    .await
}

/// Call seats in.
///
/// Conditional seats hear and speak on the items that they are called in for, and have no vote.
#[utoipa::path(operation_id = "seatsCallIn", tag = "Meetings", request_body = CalledSeats,
    responses((status = 200, description = "The meeting with the seats.", body = Meeting)))]
#[put("/v1/meetings/{id}/called-seats")]
async fn call_in(call: Call, id: Id<MeetingId>, called: Json<CalledSeats>) -> Reply {
    let CalledSeats { agenda_item_id, seat_ids } = called.0;
    let seat_ids: Vec<_> = seat_ids.into_iter().map(Into::into).collect();
    call.act(move |cx, expected| {
        meetings::seats_call_in(cx, id.0, expected, agenda_item_id.into(), &seat_ids)
    })
    .await
}

/// Take an item up.
///
/// For those who follow the meeting.
#[utoipa::path(operation_id = "itemTakeUp", tag = "Meetings", request_body = CurrentItem,
    responses((status = 200, description = "The meeting with the item.", body = Meeting)))]
#[put("/v1/meetings/{id}/current-item")]
async fn take_up(call: Call, id: Id<MeetingId>, item: Json<CurrentItem>) -> Reply {
    let item_id = item.0.agenda_item_id;
    call.act(move |cx, expected| meetings::item_take_up(cx, id.0, expected, item_id.into())).await
}

/// End a meeting.
///
/// Its agenda, attendance and tests stand from then on, and its minutes wait for the chair's approval.
#[utoipa::path(operation_id = "meetingHold", tag = "Meetings",
    responses((status = 200, description = "The meeting that was held.", body = Meeting)))]
#[post("/v1/meetings/{id}/ending")]
async fn hold(call: Call, id: Id<MeetingId>) -> Reply {
    call.act(move |cx, expected| meetings::hold(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(read)
        .service(create)
        .service(agenda_item_create)
        .service(attendance_record)
        .service(agreement_record)
        .service(call_in)
        .service(take_up)
        .service(hold);
}
