//! One good request for each operation of the document, on things that lie ready for it: whoever may call an operation
//! succeeds with its request, so that whoever is refused is refused for who they are.

use serde_json::{Value, json};
use tildel_test_support::TestStore;

use crate::scenes::{Met, content, with};
use crate::stage::{Stage, kroner, model_body, organisation_number, scheme_body, seat_body};

/// What lies ready.
pub(crate) struct Props {
    /// The stage it lies on.
    pub(crate) stage: Stage,
    /// Drafts of rounds: to read, to change, to announce, to call off.
    draft_rounds: [String; 4],
    announced_round: String,
    open_round: String,
    /// A round whose deadline is over, and that nobody has closed.
    overdue_round: String,
    closed_round: String,
    empty_round: String,
    granted: Met,
    decidable: Met,
    approvable: Met,
    met: Met,
    /// Drafts of the lead: to read, to change, to add to, to take from, to hand in, to take back.
    drafts: [String; 6],
    /// The party of the fourth draft that is taken out.
    invited: String,
    /// A draft of the partner, with the lead as a party that has not confirmed.
    foreign_draft: String,
    lead_party: String,
    submitted: String,
    screenable: String,
    /// A meeting to record in, with its item, one to end, and one that was held.
    meeting: (String, String),
    meeting_to_hold: String,
    held_meeting: String,
    /// Ballots that are prepared: to read, to change, to open, to set aside.
    prepared_ballots: [String; 4],
    /// Ballots that are open: to close, to vote in, voted in.
    open_ballots: [String; 3],
    /// Drafts of recommendations: to read, to change, to adopt.
    recommendations: [String; 3],
    /// Drafts of decisions: to read, to propose.
    decisions: [String; 2],
    /// Proposals of decisions: to send back, to approve.
    proposals: [String; 2],
    award: String,
    grants: [String; 2],
    run: String,
    /// Letters: a draft to read, a draft to propose, a proposal to approve, an approved one.
    letters: [String; 4],
    frame: String,
    model: String,
    token: String,
    operation: String,
    recusal: String,
}

/// Ids for the path, and a body.
pub(crate) struct Request {
    /// The ids.
    pub(crate) ids: Vec<String>,
    /// The body; null for none.
    pub(crate) body: Value,
}

impl Props {
    /// Lays everything ready.
    pub(crate) async fn set(store: TestStore) -> Self {
        let stage = Stage::set(store).await;
        let (lead, partner) = (&stage.lead, &stage.partner);
        let (officer, chair) = (&stage.office.officer.client, &stage.office.chair.client);
        let approver = &stage.office.approver.client;

        let frame = stage.frame(2020, kroner(10_000_000), Value::Null).await;
        for year in [2021, 2022] {
            stage.frame(year, kroner(10_000_000), Value::Null).await;
        }
        let granted = stage.recommended(2020, &[lead, lead]).await;
        let award = stage.approved_decision(Stage::award(&granted, 2020)).await;
        stage.world.work().await;
        let grants = stage.grants(&granted.round).await;
        let grants: Vec<String> = grants.iter().map(|grant| text(grant, "/id")).collect();
        let run = stage.world.public().get("/v1/runs").await.expect_status(200).text("/items/0/id");

        let decidable = stage.recommended(2021, &[lead]).await;
        let decision = Stage::award(&decidable, 2021);
        let decisions = [
            stage.draft_decision(decision.clone()).await,
            stage.draft_decision(decision.clone()).await,
        ];
        let approvable = stage.recommended(2022, &[lead]).await;
        let proposals = [
            stage.proposed_decision(decision).await,
            stage.proposed_decision(Stage::award(&approvable, 2022)).await,
        ];

        let met = stage.met(2023, &[lead, partner]).await;
        stage.agreement(&met.meeting, &met.item, "not_agreed").await;
        let motion = stage.motion(&met.applications[0]);
        let mut prepared_ballots = Vec::new();
        let mut open_ballots = Vec::new();
        for _ in 0..4 {
            prepared_ballots.push(stage.ballot(&met, motion.clone()).await);
        }
        for _ in 0..3 {
            open_ballots.push(stage.open_ballot(&met, motion.clone()).await);
        }
        let vote = json!({ "seatId": stage.office.seats[1], "content": { "kind": "motion", "choice": "for" } });
        let member = &stage.office.member.client;
        stage.call(member, "voteCast", &[&open_ballots[2]], vote).await.expect_status(200);
        let mut recommendations = Vec::new();
        for _ in 0..3 {
            recommendations.push(stage.draft_recommendation(&met).await);
        }
        let interest = json!({
            "applicationId": met.applications[1], "ground": "relation", "explanation": "Søster",
        });
        let recusal = stage.call(chair, "recusalDeclare", &[], interest).await.expect_status(201).id();
        let meeting = stage.meeting(None).await;
        let (meeting_to_hold, _) = stage.meeting(None).await;
        let (held_meeting, _) = stage.meeting(None).await;
        stage.call(chair, "meetingHold", &[&held_meeting], Value::Null).await.expect_status(200);

        let (closed_round, screenable) = stage.closed_round(2024, &[lead]).await;
        let (empty_round, _) = stage.closed_round(2024, &[]).await;
        let overdue_round = stage.open_round(2024, 1).await;
        stage.pass_days(2);
        let announced_round = stage.announced_round(2025, 100).await;
        let open_round = stage.open_round(2025, 100).await;
        let mut draft_rounds = Vec::new();
        for _ in 0..4 {
            draft_rounds.push(stage.draft_round(2025, 100).await);
        }
        let mut drafts = Vec::new();
        for _ in 0..6 {
            drafts.push(stage.draft(&open_round, lead).await);
        }
        let party = json!({ "organisationId": partner.organisation, "role": "partner" });
        let with_party =
            stage.call(&lead.person.client, "partyAdd", &[&drafts[3]], party).await.expect_status(200);
        let invited = with_party.text("/parties/1/id");
        let foreign_draft = stage.draft(&open_round, partner).await;
        let party = json!({ "organisationId": lead.organisation, "role": "partner" });
        let with_party =
            stage.call(&partner.person.client, "partyAdd", &[&foreign_draft], party).await.expect_status(200);
        let lead_party = with_party.text("/parties/1/id");
        let submitted = stage.submitted(&open_round, lead).await;

        let mut letters = Vec::new();
        for _ in 0..2 {
            letters.push(stage.draft_letter(&award).await);
        }
        for _ in 0..2 {
            letters.push(stage.proposed_letter(&award).await);
        }
        stage.call(approver, "letterApprove", &[&letters[3]], Value::Null).await.expect_status(200);

        let model = stage.world.public().get("/v1/funding-models").await.expect_status(200).text("/items/0/id");
        let spare = json!({ "personId": stage.directorate.id, "role": "directorate", "label": "spare" });
        let token = stage.call(&stage.world.admin, "accessTokenCreate", &[], spare).await.expect_status(201);
        let plan = json!({ "officeId": stage.office.id, "schemeId": stage.scheme });
        let begun = stage.call(officer, "planRecompute", &[], plan).await.expect_status(202);
        Self {
            draft_rounds: array(draft_rounds),
            announced_round,
            open_round,
            overdue_round,
            closed_round,
            empty_round,
            granted,
            decidable,
            approvable,
            met,
            drafts: array(drafts),
            invited,
            foreign_draft,
            lead_party,
            submitted,
            screenable: screenable[0].clone(),
            meeting,
            meeting_to_hold,
            held_meeting,
            prepared_ballots: array(prepared_ballots),
            open_ballots: array(open_ballots),
            recommendations: array(recommendations),
            decisions,
            proposals,
            award,
            grants: array(grants),
            run,
            letters: array(letters),
            frame,
            model,
            token: token.text("/accessToken/id"),
            operation: begun.text("/operationId"),
            recusal,
            stage,
        }
    }

    /// The good request of an operation, or none for one that this file does not know.
    pub(crate) fn request(&self, operation: &str) -> Option<Request> {
        self.of_registry(operation).or_else(|| self.of_round(operation)).or_else(|| self.of_forum(operation)).or_else(
            || self.of_office(operation),
        )
    }

    /// What must not be in the list that an operation gives to those whom it does not concern.
    pub(crate) fn hidden(&self, list: &str) -> &str {
        match list {
            "applicationList" => &self.drafts[0],
            "ballotList" => &self.prepared_ballots[0],
            "decisionList" => &self.decisions[0],
            "letterList" => &self.letters[0],
            "recommendationList" => &self.recommendations[0],
            "recusalList" => &self.recusal,
            "roundList" => &self.draft_rounds[0],
            other => panic!("nothing is hidden in {other}"),
        }
    }

    fn of_registry(&self, operation: &str) -> Option<Request> {
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
            "accountRead" | "organisationList" | "headcountList" | "officeList" | "personList" | "schemeList"
            | "accessTokenList" | "fundingModelList" | "frameList" | "jobList" | "journalList" => plain([]),
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
            "frameUpdate" => sent([&self.frame], json!({ "status": "decided", "amount": kroner(20_000_000) })),
            "operationRead" | "operationCancel" | "jobRetry" => plain([&self.operation]),
            _ => return None,
        })
    }

    fn of_round(&self, operation: &str) -> Option<Request> {
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
            "applicationCreate" => sent([], json!({ "roundId": self.open_round, "content": content() })),
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

    fn of_forum(&self, operation: &str) -> Option<Request> {
        let stage = &self.stage;
        let office = &stage.office;
        let [ballot, to_change, to_open, to_annul] = &self.prepared_ballots;
        let [to_close, to_vote_in, voted_in] = &self.open_ballots;
        let [advice, to_revise, to_adopt] = &self.recommendations;
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
        let Value::Object(mut revised) = stage.advice(&self.met) else { return None };
        revised.retain(|name, _| name == "lines" || name == "dissent");
        Some(match operation {
            "forumList" | "seatList" | "meetingList" | "recusalList" | "ballotList" | "recommendationList" => plain([]),
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

    fn of_office(&self, operation: &str) -> Option<Request> {
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

fn array<const N: usize>(ids: Vec<String>) -> [String; N] {
    ids.try_into().expect("as many as were made")
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned()
}
