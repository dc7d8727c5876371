//! Renewals, payments, impact reports and scenarios.

use serde_json::{Value, json};

use super::{Request, plain, sent};
use crate::stage::{Stage, kroner};

/// What lies ready.
pub(super) struct Money {
    grant: String,
    renewal: String,
    payment: String,
    /// The open report; read when everything else lies ready, as a newer run makes a newer one.
    report: String,
    /// Scenarios: a computed one to read and compare, and one each to change, to take away, to compute.
    scenarios: [String; 4],
}

impl Money {
    /// Lays it ready: a grant of 2024 and 2025 whose first year is decided and whose second is pre-notified, and a headcount that
    /// would move the second.
    pub(super) async fn set(stage: &Stage) -> Self {
        let officer = &stage.office.officer.client;
        let granted = stage.promised(2024).await;
        let grant = granted["id"].as_str().expect("an id").to_owned();
        stage.renewed(2025, &[(&grant, "renewed")]).await;
        let renewal = stage.renewals_of(&grant).await.remove(0);
        let renewal = renewal["id"].as_str().expect("an id").to_owned();
        let payment =
            stage.call(officer, "paymentCreate", &[], payment(&grant)).await.expect_status(201).id();
        stage.headcount(&stage.lead, "2025-01-15", 120).await;
        stage.world.work().await;
        let mut scenarios = Vec::new();
        for name in ["lest", "endret", "fjernet", "beregnet"] {
            let made = stage.call(officer, "scenarioCreate", &[], stage.scenario(name, json!([]))).await;
            scenarios.push(made.expect_status(201).id());
        }
        stage.call(officer, "scenarioRun", &[&scenarios[0]], Value::Null).await.expect_status(200);
        let scenarios = scenarios.try_into().expect("four scenarios");
        Self { grant, renewal, payment, report: String::new(), scenarios }
    }

    /// Reads which report is open now.
    pub(super) async fn read_report(&mut self, stage: &Stage) {
        let officer = &stage.office.officer.client;
        self.report =
            officer.get("/v1/impact-reports?state=open").await.expect_status(200).text("/items/0/id");
    }

    /// What others do not see in a list.
    pub(super) fn hidden(&self, list: &str) -> Option<&str> {
        match list {
            "impactReportList" => Some(&self.report),
            "scenarioList" => Some(&self.scenarios[0]),
            _ => None,
        }
    }

    /// The good request of an operation on these things.
    pub(super) fn request(&self, stage: &Stage, operation: &str) -> Option<Request> {
        let [read, to_change, to_delete, to_compute] = &self.scenarios;
        let content = json!({ "name": "Annet navn", "changes": [] });
        Some(match operation {
            "renewalList" | "paymentList" | "impactReportList" | "scenarioList" => plain([]),
            "renewalRead" => plain([&self.renewal]),
            "paymentRead" => plain([&self.payment]),
            "paymentCreate" => sent([], payment(&self.grant)),
            "impactReportRead" | "impactReportAccept" => plain([&self.report]),
            "scenarioRead" | "scenarioCompare" => plain([read]),
            "scenarioCreate" => sent([], stage.scenario("Nytt", json!([]))),
            "scenarioUpdate" => sent([to_change], content),
            "scenarioDelete" => plain([to_delete]),
            "scenarioRun" => plain([to_compute]),
            _ => return None,
        })
    }
}

fn payment(grant: &str) -> Value {
    json!({ "grantId": grant, "year": 2024, "amount": kroner(1_000), "paidOn": "2020-03-01" })
}
