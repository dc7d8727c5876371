//! Decisions, grants, plans and letters.

use serde_json::{Value, json};

use super::{Request, plain, sent, several};
use crate::scenes::Met;
use crate::stage::{Stage, kroner};

/// What lies ready.
pub(super) struct Awards {
    /// A round that is decided, and its decision.
    granted: Met,
    award: String,
    /// A round that can be decided.
    decidable: Met,
    /// Drafts of decisions: to read, to propose.
    decisions: [String; 2],
    /// Proposals of decisions: to send back, to approve.
    proposals: [String; 2],
    grants: [String; 2],
    run: String,
    /// Letters: a draft to read, a draft to propose, a proposal to approve, an approved one.
    letters: [String; 4],
}

impl Awards {
    /// Lays it ready.
    pub(super) async fn set(stage: &Stage) -> Self {
        let lead = &stage.lead;
        for year in [2020, 2021, 2022] {
            stage.frame(year, kroner(10_000_000), Value::Null).await;
        }
        let granted = stage.recommended(2020, &[lead, lead]).await;
        let award = stage.approved_decision(Stage::award(&granted, 2020)).await;
        // The plan is computed before there are letters, so that none is written.
        stage.world.work().await;
        let grants = stage.grants(&granted.round).await;
        let id_of = |grant: &Value| grant["id"].as_str().expect("an id").to_owned();
        let decidable = stage.recommended(2021, &[lead]).await;
        let decision = Stage::award(&decidable, 2021);
        let approvable = stage.recommended(2022, &[lead]).await;
        let approved_letter = stage.proposed_letter(&award).await;
        let approver = &stage.office.approver.client;
        stage.call(approver, "letterApprove", &[&approved_letter], Value::Null).await.expect_status(200);
        Self {
            decisions: several(async || stage.draft_decision(decision.clone()).await).await,
            proposals: [
                stage.proposed_decision(decision.clone()).await,
                stage.proposed_decision(Stage::award(&approvable, 2022)).await,
            ],
            grants: [id_of(&grants[0]), id_of(&grants[1])],
            run: stage.world.public().get("/v1/runs").await.expect_status(200).text("/items/0/id"),
            letters: [
                stage.draft_letter(&award).await,
                stage.draft_letter(&award).await,
                stage.proposed_letter(&award).await,
                approved_letter,
            ],
            granted,
            award,
            decidable,
        }
    }

    /// What others do not see in a list.
    pub(super) fn hidden(&self, list: &str) -> Option<&str> {
        match list {
            "decisionList" => Some(&self.decisions[0]),
            "letterList" => Some(&self.letters[0]),
            _ => None,
        }
    }

    /// The good request of an operation on these things.
    pub(super) fn request(&self, stage: &Stage, operation: &str) -> Option<Request> {
        let plan = json!({ "officeId": stage.office.id, "schemeId": stage.scheme });
        let [draft, to_propose] = &self.decisions;
        let [to_send_back, to_approve] = &self.proposals;
        let [letter, letter_to_propose, letter_to_approve, approved_letter] = &self.letters;
        Some(match operation {
            "roundComplete" => plain([&self.granted.round]),
            "decisionList" | "grantList" | "runList" | "letterList" => plain([]),
            "decisionRead" => plain([draft]),
            "decisionCreate" => sent([], Stage::award(&self.decidable, 2021)),
            "decisionPropose" => plain([to_propose]),
            "decisionSendBack" => sent([to_send_back], json!({ "reason": "Mangler noe" })),
            "decisionApprove" => plain([to_approve]),
            "grantRead" | "grantAccept" => plain([&self.grants[0]]),
            "grantDecline" => plain([&self.grants[1]]),
            "planRecompute" => sent([], plan),
            "runRead" | "runBundleRead" => plain([&self.run]),
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
