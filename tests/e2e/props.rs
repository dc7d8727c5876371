//! One good request for each operation of the document, on things that lie ready for it: whoever may call an operation
//! succeeds with its request, so that whoever is refused is refused for who they are.

mod requests;

use serde_json::{Value, json};
use tildel_test_support::TestStore;

use crate::scenes::Met;
use crate::stage::{Stage, kroner};

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
    empty_round: String,
    granted: Met,
    decidable: Met,
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
    /// Drafts of recommendations: to read, to adopt.
    recommendations: [String; 2],
    /// A draft of a recommendation to change, and what it is about.
    revisable: (String, Met),
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
        let decisions =
            [stage.draft_decision(decision.clone()).await, stage.draft_decision(decision.clone()).await];
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
        let vote =
            json!({ "seatId": stage.office.seats[1], "content": { "kind": "motion", "choice": "for" } });
        let member = &stage.office.member.client;
        stage.call(member, "voteCast", &[&open_ballots[2]], vote).await.expect_status(200);
        // A forum has one recommendation on a round, so each draft has a round of its own.
        let mut recommendations = Vec::new();
        for _ in 0..2 {
            let advised = stage.met(2023, &[lead]).await;
            recommendations.push(stage.draft_recommendation(&advised).await);
        }
        let revisable = stage.met(2023, &[lead]).await;
        let to_revise = stage.draft_recommendation(&revisable).await;
        let interest = json!({
            "applicationId": met.applications[1], "ground": "relation", "explanation": "Søster",
        });
        let recusal = stage.call(chair, "recusalDeclare", &[], interest).await.expect_status(201).id();
        let meeting = stage.meeting(None).await;
        let (meeting_to_hold, _) = stage.meeting(None).await;
        let (held_meeting, _) = stage.meeting(None).await;
        stage.call(chair, "meetingHold", &[&held_meeting], Value::Null).await.expect_status(200);

        let (_, screenable) = stage.closed_round(2024, &[lead]).await;
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

        let model =
            stage.world.public().get("/v1/funding-models").await.expect_status(200).text("/items/0/id");
        let spare = json!({ "personId": stage.directorate.id, "role": "directorate", "label": "spare" });
        let token = stage.call(&stage.world.admin, "accessTokenCreate", &[], spare).await.expect_status(201);
        let plan = json!({ "officeId": stage.office.id, "schemeId": stage.scheme });
        let begun = stage.call(officer, "planRecompute", &[], plan).await.expect_status(202);
        Self {
            draft_rounds: array(draft_rounds),
            announced_round,
            open_round,
            overdue_round,
            empty_round,
            granted,
            decidable,
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
            revisable: (to_revise, revisable),
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
        self.of_registry(operation)
            .or_else(|| self.of_round(operation))
            .or_else(|| self.of_forum(operation))
            .or_else(|| self.of_office(operation))
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
}

fn array<const N: usize>(ids: Vec<String>) -> [String; N] {
    ids.try_into().expect("as many as were made")
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned()
}
