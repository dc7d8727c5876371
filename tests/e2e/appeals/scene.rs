//! A round in which Sandnes is granted the one place of 2024 and 2025 and an independent school is put on the reserve list.

use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::Client;

use crate::scenes::{Met, with};
use crate::stage::{Applicant, Person, Stage, kroner, organisation_number};

/// The stage with the round, recommended.
pub(super) struct Scene {
    pub(super) stage: Stage,
    pub(super) school: Applicant,
    pub(super) met: Met,
    /// The frame of 2024: half a million kroner, one place.
    pub(super) frame: String,
}

/// A line with the reasons of a departure.
pub(super) fn departure(line: Value) -> Value {
    with(
        line,
        json!({
            "reasonCode": "distribution", "reason": "Fordelingen mellom områdene tilsier det.",
            "legalBasis": "forskriften § 5",
        }),
    )
}

impl Scene {
    /// Sets the scene; two days have passed since the beginning of the test, so it is Wednesday 4 March 2020.
    pub(super) async fn set(store: TestStore) -> Self {
        let stage = Stage::set(store).await;
        let school = school(&stage).await;
        let frame = stage.frame(2024, kroner(500_000), json!(1)).await;
        stage.frame(2025, kroner(500_000), json!(1)).await;
        let met = stage.met(2024, &[&stage.lead, &school]).await;
        let mut advice = stage.advice(&met);
        advice["lines"][0]["amount"] = kroner(90_000);
        advice["lines"][1]["outcome"] = json!("reserve");
        let chair = &stage.office.chair.client;
        stage.attend(&met.meeting).await;
        stage.agreement(&met.meeting, &met.item, "agreed").await;
        let advice = stage.call(chair, "recommendationCreate", &[], advice).await.expect_status(201).id();
        stage.sign_off(&advice).await;
        Self { stage, school, met, frame }
    }

    /// Sandnes is granted for two years, the school is declined, as the forum advised.
    pub(super) fn award(&self) -> Value {
        let [sandnes, school] = &self.met.applications[..] else { panic!("two applications") };
        let lines = json!([
            { "applicationId": sandnes, "outcome": "granted", "firstYear": 2024, "lastYear": 2025 },
            { "applicationId": school, "outcome": "declined" },
        ]);
        json!({ "matter": { "kind": "award", "roundId": self.met.round, "lines": lines } })
    }

    /// The application of the school.
    pub(super) fn of_school(&self) -> &str {
        &self.met.applications[1]
    }

    /// The application of Sandnes.
    pub(super) fn of_sandnes(&self) -> &str {
        &self.met.applications[0]
    }

    /// Proposes and approves a draft.
    pub(super) async fn approve(&self, decision: &str) {
        let office = &self.stage.office;
        self.stage
            .call(&office.officer.client, "decisionPropose", &[decision], Value::Null)
            .await
            .expect_status(200);
        self.stage
            .call(&office.approver.client, "decisionApprove", &[decision], Value::Null)
            .await
            .expect_status(200);
    }

    /// The amounts of Sandnes in both years, as the newest run has them.
    pub(super) async fn amounts_of_sandnes(&self) -> Value {
        let grant = self.stage.grants(&self.met.round).await.remove(0);
        let line = |year: i16| json!({ "grantId": grant["id"], "year": year, "amount": kroner(110_000) });
        let run = self.stage.newest_run().await;
        json!({ "matter": { "kind": "amounts", "runId": run["id"], "lines": [line(2024), line(2025)] } })
    }

    /// The award in force, its plan computed, and its recipients told by letter.
    pub(super) async fn notified(&self) -> String {
        let decision = self.stage.approved_decision(self.award()).await;
        self.tell(&decision).await;
        decision
    }

    /// Tells the recipients of a decision.
    pub(super) async fn tell(&self, decision: &str) {
        let office = &self.stage.office;
        let letter = self.stage.proposed_letter(decision).await;
        self.stage
            .call(&office.approver.client, "letterApprove", &[&letter], Value::Null)
            .await
            .expect_status(200);
        self.stage.world.work().await;
        self.stage
            .call(&office.officer.client, "letterDispatch", &[&letter], Value::Null)
            .await
            .expect_status(200);
    }

    /// An appeal by its applicant.
    pub(super) async fn lodge(&self, who: &Client, decision: &str, application: &str) -> String {
        let body = appeal(decision, application);
        self.stage.call(who, "appealCreate", &[], body).await.expect_status(201).id()
    }

    /// Takes an appeal up.
    pub(super) async fn review(&self, appeal: &str) {
        let officer = &self.stage.office.officer.client;
        self.stage.call(officer, "appealReview", &[appeal], Value::Null).await.expect_status(200);
    }

    /// Proposes a ruling and has it approved.
    pub(super) async fn rule(&self, appeal: &str, ruling: Value) {
        let office = &self.stage.office;
        self.stage.call(&office.officer.client, "appealPropose", &[appeal], ruling).await.expect_status(200);
        self.stage
            .call(&office.approver.client, "appealApprove", &[appeal], Value::Null)
            .await
            .expect_status(200);
    }

    /// Where a thing is in its life.
    pub(super) async fn state(&self, path: &str) -> String {
        self.stage.office.officer.client.get(path).await.expect_status(200).text("/state")
    }
}

/// What an appeal is made of.
pub(super) fn appeal(decision: &str, application: &str) -> Value {
    json!({
        "decisionId": decision, "applicationId": application,
        "grounds": "Vi har flere ansatte enn forumet la til grunn, og ber om å bli tatt opp.",
    })
}

/// A ruling with this outcome.
pub(super) fn ruling(outcome: &str) -> Value {
    json!({ "outcome": outcome, "reason": "Etter ny vurdering.", "legalBasis": "forvaltningsloven § 33" })
}

/// A private school with 50 employees: it may appeal.
async fn school(stage: &Stage) -> Applicant {
    let body = json!({
        "number": organisation_number(900_304), "name": "Jæren friskole", "kind": "independent_school", "language": "nb",
    });
    let officer = &stage.office.officer.client;
    let organisation = stage.call(officer, "organisationCreate", &[], body).await.expect_status(201).id();
    let extra = json!({ "organisationId": organisation });
    let (client, id) = stage.world.person("Søker Jæren friskole", "applicant", extra).await;
    let school = Applicant { organisation, person: Person { client, id } };
    stage.headcount(&school, "2019-12-15", 50).await;
    school
}
