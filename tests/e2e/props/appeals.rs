//! Appeals against a decision whose recipients were told, and what would have been.

use serde_json::{Value, json};

use super::{Request, plain, sent};
use crate::stage::Stage;

/// What lies ready.
pub(super) struct Appeals {
    award: String,
    /// The application that is not appealed yet.
    unappealed: String,
    /// Appeals: to read, to take up, to rule on, to send back, to approve, to take back.
    lodged: [String; 6],
    rerun: String,
}

impl Appeals {
    /// Lays it ready: seven applications that are declined, each against the advice, and six appeals. Municipalities may appeal here.
    pub(super) async fn set(stage: &Stage) -> Self {
        let (officer, approver) = (&stage.office.officer.client, &stage.office.approver.client);
        stage
            .call(officer, "appealRulesSet", &[&stage.office.id], json!({ "rules": [rule()] }))
            .await
            .expect_status(200);
        let met = stage.recommended(2024, &[&stage.lead; 7]).await;
        let line = |application: &String| {
            json!({
                "applicationId": application, "outcome": "declined", "reasonCode": "frame",
                "reason": "Rammen strekker ikke til.", "legalBasis": "Retningslinjene punkt 5",
            })
        };
        let lines: Vec<_> = met.applications.iter().map(line).collect();
        let matter = json!({ "kind": "award", "roundId": met.round, "lines": lines });
        let award = stage.approved_decision(json!({ "matter": matter })).await;
        let letter = stage.proposed_letter(&award).await;
        stage.call(approver, "letterApprove", &[&letter], Value::Null).await.expect_status(200);
        stage.world.work().await;
        stage.call(officer, "letterDispatch", &[&letter], Value::Null).await.expect_status(200);
        let mut appeals = Vec::new();
        for application in &met.applications[1..] {
            let body = new_appeal(&award, application);
            let made = stage.call(&stage.lead.person.client, "appealCreate", &[], body).await;
            appeals.push(made.expect_status(201).id());
        }
        let appeals: [String; 6] = appeals.try_into().expect("six appeals");
        for id in &appeals[2..5] {
            stage.call(officer, "appealReview", &[id], Value::Null).await.expect_status(200);
        }
        for id in &appeals[3..5] {
            stage.call(officer, "appealPropose", &[id], ruling()).await.expect_status(200);
        }
        let rerun = stage.call(officer, "appealRerunCreate", &[], rerun_of(&appeals[0])).await;
        Self {
            unappealed: met.applications[0].clone(),
            rerun: rerun.expect_status(201).id(),
            award,
            lodged: appeals,
        }
    }

    /// What others do not see in a list.
    pub(super) fn hidden(&self, list: &str) -> Option<&str> {
        match list {
            "appealList" => Some(&self.lodged[0]),
            "appealRerunList" => Some(&self.rerun),
            _ => None,
        }
    }

    /// The good request of an operation on these things, by whoever it is: the applicant lodges, the case officer registers.
    pub(super) fn request(&self, stage: &Stage, operation: &str) -> Option<Request> {
        let [read, to_review, to_propose, to_send_back, to_approve, to_withdraw] = &self.lodged;
        Some(match operation {
            "appealList" | "appealRerunList" => plain([]),
            "appealRead" => plain([read]),
            "appealCreate" => sent([], new_appeal(&self.award, &self.unappealed)),
            "appealReview" => plain([to_review]),
            "appealPropose" => sent([to_propose], ruling()),
            "appealSendBack" => sent([to_send_back], json!({ "reason": "Begrunn bedre" })),
            "appealApprove" => plain([to_approve]),
            "appealWithdraw" => plain([to_withdraw]),
            "appealRerunRead" => plain([&self.rerun]),
            "appealRerunCreate" => sent([], rerun_of(read)),
            "appealRulesRead" => plain([&stage.office.id]),
            "appealRulesSet" => sent([&stage.office.id], json!({ "rules": [rule()] })),
            _ => return None,
        })
    }
}

fn rule() -> Value {
    json!({
        "recipientKind": "municipality", "hasRight": true, "days": 21, "receiptDays": 0,
        "legalBasis": { "nb": "forskriften § 9" }, "appealBody": { "nb": "Utdanningsdirektoratet" },
    })
}

fn new_appeal(award: &str, application: &str) -> Value {
    json!({ "decisionId": award, "applicationId": application, "grounds": "Vi ber om ny vurdering." })
}

fn ruling() -> Value {
    json!({ "outcome": "sent_on", "reason": "Vedtaket er riktig.", "legalBasis": "forvaltningsloven § 33" })
}

fn rerun_of(appeal: &str) -> Value {
    json!({ "appealId": appeal, "granted": { "firstYear": 2024, "lastYear": 2025 } })
}
