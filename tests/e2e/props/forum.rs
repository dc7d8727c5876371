//! Forums, meetings, ballots and recommendations.

use serde_json::{Value, json};
use tildel_domain::Actor;
use tildel_domain::id::BallotId;
use tildel_tests::ballot_kinds::BallotKind;
use tildel_usecases::{Write, notifications};

use super::{Request, plain, sent, several};
use crate::scenes::{Met, with};
use crate::stage::{Stage, seat_body};

/// What lies ready.
pub(super) struct Forum {
    met: Met,
    /// A meeting to record in, with its item, one to end, and one that was held.
    meeting: (String, String),
    meeting_to_hold: String,
    /// Meetings that were held: to read the draft of the minutes, to approve them, to correct approved ones.
    held_meetings: [String; 3],
    /// A conditional seat.
    conditional_seat: String,
    /// A paper of the meeting to record in.
    paper: String,
    /// A ballot that was counted.
    counted_ballot: String,
    /// A ballot on a budget that was counted, in a forum that lets votes be seen.
    budget_ballot: String,
    /// What the member is told.
    notification: String,
    /// Ballots that are prepared: to read, to change, to open, to set aside.
    prepared_ballots: [String; 4],
    /// Ballots that are open: to close, to vote in, voted in.
    open_ballots: [String; 3],
    /// Drafts of recommendations: to read, to adopt.
    recommendations: [String; 2],
    /// Adopted recommendations: to sign off, to dissent from, with dissent to take back.
    adopted: [String; 3],
    /// A draft of a recommendation to change, and what it is about.
    revisable: (String, Met),
    /// An interest of the chair.
    recusal: String,
}

impl Forum {
    /// Lays it ready.
    pub(super) async fn set(stage: &Stage) -> Self {
        let (lead, partner) = (&stage.lead, &stage.partner);
        let (chair, member) = (&stage.office.chair.client, &stage.office.member.client);
        let met = stage.met(2023, &[lead, partner]).await;
        stage.agreement(&met.meeting, &met.item, "not_agreed").await;
        let motion = stage.motion(&met.applications[0]);
        let open_ballots: [String; 3] = several(async || stage.open_ballot(&met, motion.clone()).await).await;
        let vote =
            json!({ "seatId": stage.office.seats[1], "content": { "kind": "motion", "choice": "for" } });
        stage.call(member, "voteCast", &[&open_ballots[2]], vote).await.expect_status(200);
        let held_meetings: [String; 3] = several(async || {
            let (held, _) = stage.meeting(None).await;
            stage.call(chair, "meetingHold", &[&held], Value::Null).await.expect_status(200);
            held
        })
        .await;
        stage.call(chair, "minutesApprove", &[&held_meetings[2]], Value::Null).await.expect_status(200);
        let meeting = stage.meeting(None).await;
        let paper = stage.paper(&meeting.0, &meeting.1).await;
        let seat = seat_body(&stage.office.forum, &stage.office.member.id, "association", "conditional");
        let officer = &stage.office.officer.client;
        let conditional_seat = stage.call(officer, "seatCreate", &[], seat).await.expect_status(201).id();
        let counted_ballot = stage.open_ballot(&met, motion.clone()).await;
        stage.call(chair, "ballotClose", &[&counted_ballot], Value::Null).await.expect_status(200);
        let budget_ballot = budget_ballot(stage, &met).await;
        let notification = reminder(stage, &met).await;
        // A forum has one recommendation on a round, so each draft has a round of its own.
        let draft = async || {
            let advised = stage.met(2023, &[lead]).await;
            (stage.agreed_recommendation(&advised).await, advised)
        };
        let adopted: [String; 3] = several(async || {
            let (adopted, _) = draft().await;
            stage.call(chair, "recommendationAdopt", &[&adopted], Value::Null).await.expect_status(200);
            adopted
        })
        .await;
        stage.call(member, "dissentRecord", &[&adopted[2]], dissent(stage)).await.expect_status(200);
        // Last, as the chair does not lead what the interest concerns.
        let interest = json!({
            "applicationId": met.applications[1], "ground": "relation", "explanation": "Søster",
        });
        let recusal = stage.call(chair, "recusalDeclare", &[], interest).await.expect_status(201).id();
        Self {
            prepared_ballots: several(async || stage.ballot(&met, motion.clone()).await).await,
            recommendations: several(async || draft().await.0).await,
            revisable: draft().await,
            adopted,
            meeting,
            meeting_to_hold: stage.meeting(None).await.0,
            met,
            held_meetings,
            conditional_seat,
            paper,
            counted_ballot,
            budget_ballot,
            notification,
            open_ballots,
            recusal,
        }
    }

    /// What others do not see in a list.
    pub(super) fn hidden(&self, list: &str) -> Option<&str> {
        match list {
            "ballotList" => Some(&self.prepared_ballots[0]),
            "recommendationList" => Some(&self.recommendations[0]),
            "recusalList" => Some(&self.recusal),
            "paperList" => Some(&self.paper),
            "notificationList" => Some(&self.notification),
            _ => None,
        }
    }

    /// The good request of an operation on these things.
    pub(super) fn request(&self, stage: &Stage, operation: &str) -> Option<Request> {
        let office = &stage.office;
        let [ballot, to_change, to_open, to_annul] = &self.prepared_ballots;
        let [to_close, to_vote_in, voted_in] = &self.open_ballots;
        let [advice, to_adopt] = &self.recommendations;
        let [to_sign, to_dissent_from, dissented_from] = &self.adopted;
        let (to_revise, revisable) = &self.revisable;
        let (meeting, item) = &self.meeting;
        let motion = stage.motion(&self.met.applications[0]);
        let on_item = json!({ "meetingId": self.met.meeting, "agendaItemId": self.met.item });
        let vote = json!({ "seatId": office.seats[1], "content": { "kind": "motion", "choice": "against" } });
        let present = json!({ "attendance": [{ "seatId": office.seats[1], "personId": office.member.id }] });
        let call = json!({ "forumId": office.forum, "startsAt": "2020-10-01T08:00:00Z", "place": "Teams" });
        let interest = json!({
            "applicationId": revisable.applications[0], "ground": "party", "explanation": "Arbeider der",
        });
        let forum = json!({
            "officeId": office.id, "name": { "nb": "Nytt" }, "shortName": { "nb": "ny" }, "quorumSeats": 1,
            "chairId": office.chair.id,
        });
        let seat = seat_body(&office.forum, &office.member.id, "association", "observer");
        let Value::Object(mut revised) = stage.advice(revisable) else { return None };
        revised.retain(|name, _| name == "lines");
        Some(match operation {
            "forumList" | "seatList" | "meetingList" | "recusalList" | "ballotList"
            | "recommendationList" | "notificationList" => plain([]),
            "forumRead" => plain([&office.forum]),
            "forumCreate" => sent([], forum),
            "forumUpdate" => sent([&office.forum], without(&forum, "officeId")),
            "seatUpdate" => sent(
                [&self.conditional_seat],
                json!({ "memberId": office.member.id, "termTo": "2026-12-31" }),
            ),
            "seatRead" => plain([&office.seats[0]]),
            "seatCreate" => sent([], seat),
            "meetingCreate" => sent([], call),
            "agendaItemCreate" => sent([meeting], json!({ "title": "Eventuelt" })),
            "attendanceRecord" => sent([meeting], present),
            "agreementRecord" => sent([meeting], json!({ "agendaItemId": item, "outcome": "not_agreed" })),
            "meetingHold" => plain([&self.meeting_to_hold]),
            "seatsCallIn" => {
                sent([meeting], json!({ "agendaItemId": item, "seatIds": [self.conditional_seat] }))
            }
            "itemTakeUp" => sent([meeting], json!({ "agendaItemId": item })),
            "meetingRead" | "meetingStream" | "paperList" => plain([meeting]),
            "paperRead" => plain([&self.paper]),
            "paperCreate" => sent([meeting], Stage::paper_body(item)),
            "minutesRead" => plain([&self.held_meetings[0]]),
            "minutesApprove" => plain([&self.held_meetings[1]]),
            "minutesCorrect" => sent([&self.held_meetings[2]], json!({ "correction": "Rett navn" })),
            "notificationRead" | "notificationMarkRead" => plain([&self.notification]),
            "recusalRead" => plain([&self.recusal]),
            "recusalRule" => sent([&self.recusal], json!({ "upheld": true, "reason": "Søsken" })),
            "voteList" => plain([voted_in]),
            "receiptsRead" => plain([&self.counted_ballot]),
            "recusalDeclare" => sent([], interest),
            "ballotRead" => plain([ballot]),
            "ballotPabulibRead" => plain([&self.budget_ballot]),
            "ballotCreate" => sent([], with(motion, on_item)),
            "ballotUpdate" => sent([to_change], motion),
            "ballotOpen" => plain([to_open]),
            "ballotClose" => plain([to_close]),
            "ballotAnnul" => sent([to_annul], json!({ "reason": "Feil liste" })),
            "voteCast" => sent([to_vote_in], vote),
            "voteRead" => plain([voted_in, &office.seats[1]]),
            "recommendationRead" => plain([advice]),
            "recommendationCreate" => sent([], stage.advice(&self.met)),
            "recommendationUpdate" => sent([to_revise], revised.into()),
            "recommendationAdopt" => plain([to_adopt]),
            "recommendationSignOff" => plain([to_sign]),
            "dissentRecord" => sent([to_dissent_from], dissent(stage)),
            "dissentWithdraw" => plain([dissented_from, &office.seats[1]]),
            _ => return None,
        })
    }
}

fn without(body: &Value, field: &str) -> Value {
    let mut body = body.clone();
    body.as_object_mut().expect("an object").remove(field);
    body
}

/// The member's own view.
fn dissent(stage: &Stage) -> Value {
    json!({ "seatId": stage.office.seats[1], "named": true, "text": "Uenig i rekkefølgen" })
}

/// A budget ballot of another forum of the office, which lets votes be seen once they are counted.
async fn budget_ballot(stage: &Stage, met: &Met) -> String {
    let office = &stage.office;
    let (officer, chair) = (&office.officer.client, &office.chair.client);
    let forum = json!({
        "officeId": office.id, "name": { "nb": "Åpent forum" }, "shortName": { "nb": "åpent" }, "quorumSeats": 1,
        "chairId": office.chair.id, "disclosure": "sealed",
    });
    let forum = stage.call(officer, "forumCreate", &[], forum).await.expect_status(201).id();
    let seat = seat_body(&forum, &office.member.id, "association", "voting");
    let seat = stage.call(officer, "seatCreate", &[], seat).await.expect_status(201).id();
    let meeting = json!({ "forumId": forum, "startsAt": "2020-09-01T08:00:00Z", "place": "Teams" });
    let meeting = stage.call(officer, "meetingCreate", &[], meeting).await.expect_status(201).id();
    let item = json!({ "title": "Midler", "roundId": met.round });
    let planned = stage.call(officer, "agendaItemCreate", &[&meeting], item).await.expect_status(200);
    let item = planned.text("/agenda/0/id");
    stage.agreement(&meeting, &item, "not_agreed").await;
    let mut body = stage.ballot_body(BallotKind::ApprovalShares.matter(&met.applications));
    body["rules"]["roster"] = json!([seat]);
    body["rules"]["tieChain"] = json!([{ "link": "lexicographic" }]);
    let met = Met { meeting, item, ..met.clone() };
    let ballot = stage.open_ballot(&met, body).await;
    stage.call(chair, "ballotClose", &[&ballot], Value::Null).await.expect_status(200);
    ballot
}

/// Reminds the member of an open ballot, and returns what the member is told.
async fn reminder(stage: &Stage, met: &Met) -> String {
    let closes_at = "2099-01-01T00:00:00Z";
    let mut body = stage.motion(&met.applications[0]);
    body["rules"]["closesAt"] = closes_at.into();
    let ballot = stage.open_ballot(met, body).await;
    let (id, end) = (ballot.parse().map(BallotId).expect("an id"), closes_at.parse().expect("an instant"));
    let told = stage
        .world
        .service()
        .write(Write::internal(Actor::SYSTEM), move |cx| notifications::remind(cx, id, end))
        .await
        .expect("a reminder");
    assert_eq!(told, 2, "the chair and the member vote");
    let list = stage.office.member.client.get("/v1/notifications").await.expect_status(200);
    list.text("/items/0/id")
}
