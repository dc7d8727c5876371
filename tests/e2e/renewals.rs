//! Renewals through the forum: it judges each running grant, the office decides, and the plan follows.

use serde_json::{Value, json};
use tildel_test_support::TestStore;

use crate::scenes::with;
use crate::stage::{Stage, kroner};

impl Stage {
    /// A meeting of the forum that has agreed on what becomes of grants in a year.
    pub(crate) async fn judging_meeting(&self, year: i16) -> String {
        let officer = &self.office.officer.client;
        let body =
            json!({ "forumId": self.office.forum, "startsAt": "2020-11-02T08:00:00Z", "place": "Teams" });
        let meeting = self.call(officer, "meetingCreate", &[], body).await.expect_status(201).id();
        let item = json!({ "title": "Videreføring", "renewals": { "schemeId": self.scheme, "year": year } });
        let planned = self.call(officer, "agendaItemCreate", &[&meeting], item).await.expect_status(200);
        self.attend(&meeting).await;
        self.agreement(&meeting, &planned.text("/agenda/0/id"), "agreed").await;
        meeting
    }

    /// The body of a recommendation on grants, each with its outcome.
    pub(crate) fn renewal_advice(&self, meeting: &str, year: i16, lines: &[(&str, &str)]) -> Value {
        let line = |(grant, outcome): &(&str, &str)| json!({ "grantId": grant, "outcome": outcome, "reason": "Vurdert" });
        let lines: Vec<_> = lines.iter().map(line).collect();
        json!({
            "forumId": self.office.forum, "meetingId": meeting,
            "renewals": { "schemeId": self.scheme, "year": year, "lines": lines },
        })
    }

    /// A recommendation on grants that is signed off.
    pub(crate) async fn judged(&self, year: i16, lines: &[(&str, &str)]) -> String {
        let meeting = self.judging_meeting(year).await;
        let chair = &self.office.chair.client;
        let body = self.renewal_advice(&meeting, year, lines);
        let advice = self.call(chair, "recommendationCreate", &[], body).await.expect_status(201).id();
        self.sign_off(&advice).await;
        advice
    }

    /// The body of a decision on renewals.
    pub(crate) fn renewal_decision(&self, year: i16, lines: &[(&str, &str)]) -> Value {
        let line = |(grant, outcome): &(&str, &str)| json!({ "grantId": grant, "outcome": outcome });
        let lines: Vec<_> = lines.iter().map(line).collect();
        json!({ "matter": { "kind": "renewals", "schemeId": self.scheme, "year": year, "lines": lines } })
    }

    /// Grants that the forum has judged and the office has decided on as advised.
    pub(crate) async fn renewed(&self, year: i16, lines: &[(&str, &str)]) -> String {
        self.judged(year, lines).await;
        self.approved_decision(self.renewal_decision(year, lines)).await
    }

    /// The renewals of a grant.
    pub(crate) async fn renewals_of(&self, grant: &str) -> Vec<Value> {
        let list = self.world.public().get(&format!("/v1/renewals?grantId={grant}")).await.expect_status(200);
        list.at("/items").as_array().cloned().expect("a list of renewals")
    }
}

fn id_of(grant: &Value) -> &str {
    grant["id"].as_str().expect("an id")
}

tildel_test_support::both_backends! {
    /// The forum advises, one person proposes and another approves: the renewal names both, the grant and its year show it, and
    /// the plan is computed again.
    async fn a_grant_goes_on_by_the_forums_word_and_two_persons(store: TestStore) {
        let stage = Stage::set(store).await;
        let grant = stage.promised(2024).await;
        let grant_id = id_of(&grant).to_owned();
        assert_eq!(grant["years"][1]["judgement"], Value::Null, "nobody has judged");
        let office = stage.office.clone();
        let lines = [(grant_id.as_str(), "renewed")];
        // Without the forum's word nobody decides.
        let early = stage.renewal_decision(2025, &lines);
        stage.call(&office.officer.client, "decisionCreate", &[], early.clone()).await
            .expect_problem(409, "recommendation_missing");
        let advice = stage.judged(2025, &lines).await;
        let decision = stage.proposed_decision(early).await;
        let same = stage.world.token(&office.officer.id, "approver").await;
        stage.call(&same, "decisionApprove", &[&decision], Value::Null).await
            .expect_problem(403, "same_person_approves");
        assert!(stage.renewals_of(&grant_id).await.is_empty());
        stage.call(&office.approver.client, "decisionApprove", &[&decision], Value::Null).await.expect_status(200);
        let renewals = stage.renewals_of(&grant_id).await;
        assert_eq!(renewals.len(), 1);
        let told = ["outcome", "reason", "decisionId", "recommendationId", "recordedBy"].map(|name| renewals[0][name].clone());
        assert_eq!(told, [json!("renewed"), json!("Vurdert"), json!(decision), json!(advice), json!(office.approver.id)]);
        let read = stage.world.public().get(&format!("/v1/grants/{grant_id}")).await.expect_status(200);
        assert_eq!((read.at("/years/1/judgement"), read.at("/stoppedFrom")), (json!("renewed"), Value::Null));
        stage.world.work().await;
        // What is signed off names the grants; the agenda item did, too.
        let advised = stage.world.public().get(&format!("/v1/recommendations?schemeId={}&year=2025", stage.scheme)).await;
        assert_eq!(advised.at("/items/0/renewals/lines/0/grantId"), grant["id"]);
    }

    /// To go on against the forum's advice, or to end, needs a reason and a legal basis; a grant that ends takes no more promises.
    async fn a_departure_is_explained_and_a_stopped_grant_ends(store: TestStore) {
        let stage = Stage::set(store).await;
        let grant = stage.promised(2024).await;
        let grant_id = id_of(&grant).to_owned();
        stage.judged(2025, &[(&grant_id, "renewed")]).await;
        let officer = &stage.office.officer.client;
        let stop = |fields: Value| {
            let mut body = stage.renewal_decision(2025, &[(&grant_id, "stopped")]);
            let line = body["matter"]["lines"][0].clone();
            body["matter"]["lines"][0] = with(line, fields);
            body
        };
        let refused = stage.call(officer, "decisionCreate", &[], stop(json!({}))).await
            .expect_problem(422, "departure_without_reason_code");
        assert_eq!(refused.text("/errors/0/pointer"), "/matter/lines/0/reasonCode");
        stage.call(officer, "decisionCreate", &[], stop(json!({ "reasonCode": "new_facts" }))).await
            .expect_problem(422, "departure_without_reason");
        let unfounded = stop(json!({ "reasonCode": "new_facts", "reason": "Prosjektet er lagt ned" }));
        stage.call(officer, "decisionCreate", &[], unfounded).await
            .expect_problem(422, "departure_without_legal_basis");
        // Conditions that the forum did not ask for depart as well.
        let mut conditions = stage.renewal_decision(2025, &[(&grant_id, "renewed")]);
        conditions["matter"]["lines"][0]["conditions"] = json!("Rapport i mars");
        stage.call(officer, "decisionCreate", &[], conditions).await
            .expect_problem(422, "departure_without_reason_code");
        let founded = stop(json!({ "reasonCode": "new_facts", "reason": "Prosjektet er lagt ned", "legalBasis": "Retningslinjene punkt 5" }));
        stage.approved_decision(founded).await;
        let read = stage.world.public().get(&format!("/v1/grants/{grant_id}")).await.expect_status(200);
        assert_eq!((read.at("/years/1/judgement"), read.at("/stoppedFrom")), (json!("stopped"), json!(2025)));
        assert_eq!(read.at("/years/0/promised"), kroner(110_000), "what was decided before stands");
        assert_eq!(stage.renewals_of(&grant_id).await[0]["reason"], "Prosjektet er lagt ned");
        stage.world.work().await;
        let run = stage.newest_run().await;
        let lines = run["plan"]["lines"].as_array().expect("lines");
        assert!(lines.iter().all(|line| line["year"] != 2025 || line["amount"] == kroner(0)), "{lines:#?}");
    }

    /// Members of the recipient are found as the item goes on the agenda, and take no part in the advice.
    async fn interests_in_running_grants_are_found(store: TestStore) {
        let stage = Stage::set(store).await;
        let grant = stage.promised(2024).await;
        let employed = json!({ "organisationId": stage.lead.organisation });
        let (clerk, clerk_id) = stage.world.person("Ansatt Sandnes", "member", employed).await;
        let seat = crate::stage::seat_body(&stage.office.forum, &clerk_id, "municipality", "voting");
        let seat = stage.call(&stage.office.officer.client, "seatCreate", &[], seat).await.expect_status(201).id();
        assert!(clerk.get("/v1/recusals").await.at("/items").as_array().is_some_and(Vec::is_empty));
        let meeting = stage.judging_meeting(2025).await;
        let found = clerk.get("/v1/recusals").await.expect_status(200);
        assert_eq!(found.at("/items/0/applicationId"), grant["applicationId"]);
        assert_eq!((found.at("/items/0/found"), found.at("/items/0/state")), (json!(true), json!("suggested")));
        let chair = &stage.office.chair.client;
        let body = stage.renewal_advice(&meeting, 2025, &[(id_of(&grant), "renewed")]);
        let advice = stage.call(chair, "recommendationCreate", &[], body).await.expect_status(201).id();
        // A draft does not exist for who is recused on one of its lines; the member sees it: the control.
        let path = format!("/v1/recommendations/{advice}");
        clerk.get(&path).await.expect_problem(404, "not_found");
        stage.office.member.client.get(&path).await.expect_status(200);
        stage.call(chair, "recommendationAdopt", &[&advice], Value::Null).await.expect_status(200);
        let dissent = json!({ "seatId": seat, "named": true, "text": "Vi vil ha mer." });
        stage.call(&clerk, "dissentRecord", &[&advice], dissent).await.expect_problem(403, "recused");
    }
}
