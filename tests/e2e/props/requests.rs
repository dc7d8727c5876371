//! The good requests, operation by operation.

use serde_json::{Value, json};

use super::{Props, Request};
use crate::scenes::{content, with};
use crate::stage::{Stage, kroner, model_body, organisation_number, scheme_body, seat_body};

impl Props {
    pub(super) fn of_registry(&self, operation: &str) -> Option<Request> {
        let stage = &self.stage;
        let staff = json!({ "name": "Ny", "officeId": stage.office.id });
        let token = json!({ "personId": stage.directorate.id, "role": "directorate", "label": "new" });
        let organisation = json!({
            "number": organisation_number(1), "name": "Ny", "kind": "municipality", "language": "nb",
        });
        let office = json!({
            "key": "NY", "name": { "nb": "Ny" }, "department": { "nb": "Ny" },
            "organisationNumber": organisation_number(2), "address": [], "language": "nb",
        });
        let headcount = json!({
            "organisationId": stage.lead.organisation, "unitKind": "kindergarten", "measure": "employees",
            "date": "2020-01-15", "status": "known", "count": "120", "source": "test",
        });
        let frame = json!({
            "officeId": stage.office.id, "schemeId": stage.scheme, "year": 2025, "status": "expected",
        });
        Some(match operation {
            "accountRead" | "organisationList" | "headcountList" | "officeList" | "personList"
            | "schemeList" | "accessTokenList" | "fundingModelList" | "frameList" | "jobList"
            | "journalList" => plain([]),
            "organisationRead" => plain([&stage.lead.organisation]),
            "organisationCreate" => sent([], organisation),
            "headcountCreate" => sent([], headcount),
            "officeRead" => plain([&stage.office.id]),
            "officeCreate" => sent([], office),
            "personRead" => plain([&stage.directorate.id]),
            "personCreate" => sent([], staff),
            "accessTokenCreate" => sent([], token),
            "accessTokenRead" | "accessTokenRevoke" => plain([&self.token]),
            "schemeRead" => plain([&stage.scheme]),
            "schemeCreate" => sent([], scheme_body("another-2020")),
            "fundingModelRead" => plain([&self.model]),
            "fundingModelPublish" => sent([], model_body(&stage.scheme, 2)),
            "frameRead" => plain([&self.frame]),
            "frameCreate" => sent([], frame),
            "frameUpdate" => {
                sent([&self.frame], json!({ "status": "decided", "amount": kroner(20_000_000) }))
            }
            "operationRead" | "operationCancel" | "jobRetry" => plain([&self.operation]),
            _ => return None,
        })
    }

    pub(super) fn of_round(&self, operation: &str) -> Option<Request> {
        let stage = &self.stage;
        let [draft, to_revise, to_announce, to_cancel] = &self.draft_rounds;
        let [to_read, to_rewrite, to_add_to, to_take_from, to_submit, to_withdraw] = &self.drafts;
        let party = json!({ "organisationId": stage.partner.organisation, "role": "partner" });
        let new_round = with(
            stage.round_body(2025, 50),
            json!({ "officeId": stage.office.id, "schemeId": stage.scheme }),
        );
        let reason = || json!({ "reason": "Det er slik" });
        Some(match operation {
            "roundList" | "applicationList" => plain([]),
            "roundRead" => plain([draft]),
            "roundCreate" => sent([], new_round),
            "roundUpdate" => sent([to_revise], stage.round_body(2025, 60)),
            "roundAnnounce" => plain([to_announce]),
            "roundOpen" => plain([&self.announced_round]),
            "roundClose" => plain([&self.overdue_round]),
            "roundSendToForum" => plain([&self.empty_round]),
            "roundComplete" => plain([&self.granted.round]),
            "roundCancel" => sent([to_cancel], reason()),
            "applicationRead" => plain([to_read]),
            "applicationCreate" => sent([], with(content(), json!({ "roundId": self.open_round }))),
            "applicationUpdate" => sent([to_rewrite], content()),
            "partyAdd" => sent([to_add_to], party),
            "partyRemove" => plain([to_take_from, &self.invited]),
            "partyConfirm" => sent([&self.foreign_draft, &self.lead_party], json!({})),
            "applicationSubmit" => plain([to_submit]),
            "applicationWithdraw" => sent([to_withdraw], reason()),
            "applicationReturn" => sent([&self.submitted], reason()),
            "applicationScreen" => {
                sent([&self.screenable], json!({ "outcome": "eligible", "reason": "Kontrollert" }))
            }
            _ => return None,
        })
    }

    pub(super) fn of_forum(&self, operation: &str) -> Option<Request> {
        let stage = &self.stage;
        let office = &stage.office;
        let [ballot, to_change, to_open, to_annul] = &self.prepared_ballots;
        let [to_close, to_vote_in, voted_in] = &self.open_ballots;
        let [advice, to_adopt] = &self.recommendations;
        let (to_revise, revisable) = &self.revisable;
        let (meeting, item) = &self.meeting;
        let motion = stage.motion(&self.met.applications[0]);
        let on_item = json!({ "meetingId": self.met.meeting, "agendaItemId": self.met.item });
        let vote = json!({ "seatId": office.seats[1], "content": { "kind": "motion", "choice": "against" } });
        let present = json!({ "attendance": [{ "seatId": office.seats[1], "personId": office.member.id }] });
        let call = json!({ "forumId": office.forum, "startsAt": "2020-10-01T08:00:00Z", "place": "Teams" });
        let interest = json!({
            "applicationId": self.submitted, "ground": "party", "explanation": "Arbeider der",
        });
        let forum = json!({
            "officeId": office.id, "name": { "nb": "Nytt" }, "shortName": { "nb": "ny" }, "quorumSeats": 1,
            "chairId": office.chair.id,
        });
        let seat = seat_body(&office.forum, &office.member.id, "association", "observer");
        let Value::Object(mut revised) = stage.advice(revisable) else { return None };
        revised.retain(|name, _| name == "lines" || name == "dissent");
        Some(match operation {
            "forumList" | "seatList" | "meetingList" | "recusalList" | "ballotList"
            | "recommendationList" => plain([]),
            "forumRead" => plain([&office.forum]),
            "forumCreate" => sent([], forum),
            "seatRead" => plain([&office.seats[0]]),
            "seatCreate" => sent([], seat),
            "meetingRead" => plain([meeting]),
            "meetingCreate" => sent([], call),
            "agendaItemCreate" => sent([meeting], json!({ "title": "Eventuelt" })),
            "attendanceRecord" => sent([meeting], present),
            "agreementRecord" => sent([meeting], json!({ "agendaItemId": item, "outcome": "agreed" })),
            "meetingHold" => plain([&self.meeting_to_hold]),
            "minutesRead" => plain([&self.held_meeting]),
            "recusalDeclare" => sent([], interest),
            "ballotRead" => plain([ballot]),
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
            _ => return None,
        })
    }

    pub(super) fn of_office(&self, operation: &str) -> Option<Request> {
        let stage = &self.stage;
        let plan = json!({ "officeId": stage.office.id, "schemeId": stage.scheme });
        let [draft, to_propose] = &self.decisions;
        let [to_send_back, to_approve] = &self.proposals;
        let [letter, letter_to_propose, letter_to_approve, approved_letter] = &self.letters;
        Some(match operation {
            "decisionList" | "grantList" | "runList" | "letterList" => plain([]),
            "decisionRead" => plain([draft]),
            "decisionCreate" => sent([], Stage::award(&self.decidable, 2021)),
            "decisionPropose" => plain([to_propose]),
            "decisionSendBack" => sent([to_send_back], json!({ "reason": "Mangler noe" })),
            "decisionApprove" => plain([to_approve]),
            "grantRead" | "grantAccept" => plain([&self.grants[0]]),
            "grantDecline" => plain([&self.grants[1]]),
            "planRecompute" => sent([], plan),
            "runRead" => plain([&self.run]),
            "letterRead" => plain([letter]),
            "letterDocumentRead" => plain([letter, &"pdf".to_owned()]),
            "letterCreate" => sent([], stage.letter(&self.award)),
            "letterPropose" => plain([letter_to_propose]),
            "letterApprove" => plain([letter_to_approve]),
            "letterDispatch" => plain([approved_letter]),
            _ => return None,
        })
    }
}

fn plain<const N: usize>(ids: [&String; N]) -> Request {
    sent(ids, Value::Null)
}

fn sent<const N: usize>(ids: [&String; N], body: Value) -> Request {
    Request { ids: ids.into_iter().cloned().collect(), body }
}
