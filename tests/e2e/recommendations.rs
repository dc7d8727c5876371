//! The life of a recommendation: criteria, order, dissent, adoption, sign-off, correction.

use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::Reply;

use crate::scenes::{Met, with};
use crate::stage::{Stage, kroner};

/// A round with two criteria, whose forum has agreed on two applications.
async fn met_with_criteria(stage: &Stage) -> Met {
    let officer = &stage.office.officer.client;
    let criteria = json!([
        { "key": "local-need", "text": { "nb": "Lokale behov", "nn": "Lokale behov", "en": "Local needs" }, "weight": 2, "scaleMax": 5 },
        { "key": "anchoring", "text": { "nb": "Forankring i lokale planer" } },
    ]);
    let ids = json!({ "officeId": stage.office.id, "schemeId": stage.scheme, "criteria": criteria });
    let body = with(stage.round_body(2024, 1), ids);
    let round = stage.call(officer, "roundCreate", &[], body).await.expect_status(201);
    assert_eq!(round.at("/criteria"), criteria);
    let round = round.id();
    for operation in ["roundAnnounce", "roundOpen"] {
        stage.call(officer, operation, &[&round], Value::Null).await.expect_status(200);
    }
    let mut applications = Vec::new();
    for applicant in [&stage.lead, &stage.partner] {
        applications.push(stage.submitted(&round, applicant).await);
    }
    stage.pass_days(2);
    stage.call(officer, "roundClose", &[&round], Value::Null).await.expect_status(200);
    for application in &applications {
        stage.screen(application, "eligible", None).await;
    }
    stage.call(officer, "roundSendToForum", &[&round], Value::Null).await.expect_status(200);
    let (meeting, item) = stage.meeting(Some(&round)).await;
    stage.attend(&meeting).await;
    stage.agreement(&meeting, &item, "agreed").await;
    Met { round, meeting, item, applications }
}

/// Advice that assesses each application by both criteria.
fn assessed(stage: &Stage, met: &Met) -> Value {
    let mut advice = stage.advice(met);
    for line in advice["lines"].as_array_mut().expect("lines") {
        line["criteria"] = json!([
            { "key": "anchoring", "text": "Vedtatt i kommunestyret" },
            { "key": "local-need", "score": 4, "text": "Godt begrunnet" },
        ]);
    }
    advice
}

async fn draft(stage: &Stage, body: Value) -> Reply {
    stage.call(&stage.office.chair.client, "recommendationCreate", &[], body).await
}

async fn chair_acts(stage: &Stage, operation: &str, id: &str) -> Reply {
    stage.call(&stage.office.chair.client, operation, &[id], Value::Null).await
}

async fn read(stage: &Stage, id: &str) -> Value {
    stage.world.public().get(&format!("/v1/recommendations/{id}")).await.expect_status(200).json()
}

tildel_test_support::both_backends! {
    /// A reader gets all that a recommendation must show: order and reserve list, years, criteria, and the split between the
    /// actors.
    async fn a_recommendation_shows_what_it_must(store: TestStore) {
        let stage = Stage::set(store).await;
        let met = met_with_criteria(&stage).await;
        let whole = assessed(&stage, &met);
        let refused = async |change: &dyn Fn(&mut Value), code: &str| {
            let mut body = whole.clone();
            change(&mut body["lines"][1]);
            draft(&stage, body).await.expect_problem(422, code).text("/errors/0/pointer")
        };
        let drop_one = |line: &mut Value| { line["criteria"].as_array_mut().expect("criteria").pop(); };
        assert_eq!(refused(&drop_one, "criterion_not_assessed").await, "/lines/1/criteria");
        assert_eq!(refused(&|line| line["criteria"][1]["score"] = json!(6), "invalid_value").await, "/lines/1/criteria/1/score");
        assert_eq!(refused(&|line| line["criteria"][0]["key"] = json!("luck"), "invalid_value").await, "/lines/1/criteria/0/key");
        assert_eq!(refused(&|line| line["rank"] = json!(3), "invalid_value").await, "/lines/1/rank");
        let lead = stage.lead.organisation.clone();
        let share = |organisation: &str, amount: u32| json!({ "organisationId": organisation, "amount": kroner(amount) });
        let foreign = json!([share(&lead, 100)]);
        assert_eq!(refused(&|line| line["split"] = foreign.clone(), "invalid_value").await, "/lines/1/split/0/organisationId");

        let mut body = whole.clone();
        body["lines"][0] = with(body["lines"][0].clone(), json!({
            "firstYear": 2024, "lastYear": 2025, "amount": kroner(100), "split": [share(&lead, 90)],
        }));
        let wrong = draft(&stage, body.clone()).await.expect_problem(422, "invalid_value");
        assert_eq!(wrong.text("/errors/0/pointer"), "/lines/0/split");
        body["lines"][0]["split"] = json!([share(&lead, 100)]);
        body["lines"][1]["outcome"] = json!("reserve");
        let id = draft(&stage, body.clone()).await.expect_status(201).id();
        stage.sign_off(&id).await;
        let shown = read(&stage, &id).await;
        assert_eq!(shown["lines"], body["lines"]);
        assert_eq!(shown["reserveList"], json!([{ "place": 1, "applicationId": met.applications[1] }]));
        let application = stage.world.public().get(&format!("/v1/applications/{}", met.applications[0])).await;
        assert_eq!((application.text("/state").as_str(), application.at("/parties/0/organisationId")), ("ranked", json!(lead)));
    }

    /// Adopted by the forum and signed off by the chair are two facts; decisions wait for the second, and a correction takes the
    /// place of what it corrects when it is signed off itself.
    async fn adoption_sign_off_and_correction_are_facts_of_their_own(store: TestStore) {
        let stage = Stage::set(store).await;
        let met = stage.met(2024, &[&stage.lead, &stage.partner]).await;
        let (officer, chair) = (&stage.office.officer.client, &stage.office.chair.client);
        let id = stage.draft_recommendation(&met).await;
        // The forum has agreed on nothing yet.
        chair_acts(&stage, "recommendationAdopt", &id).await.expect_problem(409, "recommendation_without_basis");
        stage.attend(&met.meeting).await;
        stage.agreement(&met.meeting, &met.item, "agreed").await;
        chair_acts(&stage, "recommendationSignOff", &id).await.expect_problem(409, "wrong_state");
        let adopted = stage.call(officer, "recommendationAdopt", &[&id], Value::Null).await.expect_status(200);
        assert_eq!((adopted.text("/state").as_str(), adopted.at("/signedAt")), ("adopted", Value::Null));
        assert_eq!(adopted.at("/adoptedBy"), json!(stage.office.officer.id));
        let lines = json!({ "lines": stage.advice(&met)["lines"] });
        stage.call(chair, "recommendationUpdate", &[&id], lines).await.expect_problem(409, "wrong_state");
        // What is adopted is no basis of a decision.
        let award = Stage::award(&met, 2024);
        stage.call(officer, "decisionCreate", &[], award.clone()).await.expect_problem(409, "recommendation_missing");
        let signed = chair_acts(&stage, "recommendationSignOff", &id).await.expect_status(200);
        assert_eq!((signed.text("/state").as_str(), signed.at("/signedBy")), ("signed_off", json!(stage.office.chair.id)));
        let decision = stage.draft_decision(award).await;

        let mut second = stage.advice(&met);
        second["lines"].as_array_mut().expect("lines").reverse();
        second["lines"][0]["rank"] = json!(1);
        second["lines"][1]["rank"] = json!(2);
        draft(&stage, second.clone()).await.expect_problem(409, "already_exists");
        second["corrects"] = json!({ "id": id, "reason": "Rekkefølgen var feil ført." });
        let mut short = second.clone();
        short["lines"].as_array_mut().expect("lines").pop();
        draft(&stage, short).await.expect_problem(422, "invalid_value");
        let corrected = draft(&stage, second).await.expect_status(201);
        assert_eq!((corrected.at("/number"), corrected.at("/supersedesId")), (json!(2), json!(id)));
        assert_eq!(read(&stage, &id).await["state"], "signed_off", "until the correction is signed off");
        stage.sign_off(&corrected.id()).await;
        assert_eq!(read(&stage, &id).await["state"], "superseded");
        let standing = stage.world.public().get(&format!("/v1/recommendations?roundId={}&state=signed_off", met.round)).await;
        assert_eq!(standing.at("/items").as_array().map(Vec::len), Some(1));
        let treated = stage.world.public().get(&format!("/v1/rounds/{}/treatments", met.round)).await;
        assert_eq!(treated.text("/treatments/0/recommendation/id"), corrected.id());
        stage.call(officer, "decisionPropose", &[&decision], Value::Null).await.expect_status(200);
    }

    /// Dissent is the member's own: in the draft and after the adoption, not after the sign-off, and by name only where wanted.
    async fn dissent_is_the_members_own(store: TestStore) {
        let stage = Stage::set(store).await;
        let met = stage.met(2024, &[&stage.lead, &stage.partner]).await;
        let id = stage.agreed_recommendation(&met).await;
        let office = stage.office.clone();
        let (chair, member, officer) = (&office.chair.client, &office.member.client, &office.officer.client);
        let view = |named: bool, text: &str| json!({ "seatId": office.seats[1], "named": named, "text": text });
        let record = async |who, body: Value| stage.call(who, "dissentRecord", &[&id], body).await;
        record(officer, view(true, "På vegne av medlemmet")).await.expect_problem(403, "role_not_allowed");
        record(chair, view(true, "På vegne av medlemmet")).await.expect_problem(403, "not_your_seat");
        record(member, view(true, "Uenig i alt.")).await.expect_status(200);
        let about = with(view(false, "Uenig i den ene."), json!({ "applicationId": met.applications[1] }));
        record(member, about).await.expect_status(200);
        chair_acts(&stage, "recommendationAdopt", &id).await.expect_status(200);
        // The view of the whole takes the place of the one before.
        record(member, view(false, "Uenig i rekkefølgen.")).await.expect_status(200);
        let seats = |shown: &Value| -> Vec<(Value, Value)> {
            let views = shown["dissent"].as_array().expect("dissent");
            views.iter().map(|view| (view["text"].clone(), view["seatId"].clone())).collect()
        };
        let unnamed = [(json!("Uenig i den ene."), Value::Null), (json!("Uenig i rekkefølgen."), Value::Null)];
        assert_eq!(seats(&read(&stage, &id).await), unnamed);
        for reader in [chair, officer] {
            let shown = reader.get(&format!("/v1/recommendations/{id}")).await.expect_status(200);
            assert_eq!(seats(&shown.json()), unnamed, "nobody else is told");
            let listed = reader.get("/v1/recommendations").await.expect_status(200);
            assert!(!String::from_utf8_lossy(&listed.body).contains(&office.seats[1]));
        }
        let own = member.get(&format!("/v1/recommendations/{id}")).await.expect_status(200).json();
        assert!(seats(&own).iter().all(|(_, seat)| *seat == office.seats[1].as_str()), "the writer's own");
        record(member, view(true, "Uenig, med navn.")).await.expect_status(200);
        chair_acts(&stage, "recommendationSignOff", &id).await.expect_status(200);
        let named = read(&stage, &id).await;
        assert_eq!(seats(&named)[1], (json!("Uenig, med navn."), json!(office.seats[1])));
        record(member, view(true, "For sent.")).await.expect_problem(409, "wrong_state");
        stage.call(member, "dissentWithdraw", &[&id, &office.seats[1]], Value::Null).await.expect_problem(409, "wrong_state");
    }

    /// An order other than the count's says why; a ballot that was set aside carries nothing.
    async fn an_order_other_than_the_counts_is_explained(store: TestStore) {
        let stage = Stage::set(store).await;
        let met = stage.met(2024, &[&stage.lead, &stage.partner]).await;
        let office = stage.office.clone();
        let (chair, member) = (&office.chair.client, &office.member.client);
        stage.agreement(&met.meeting, &met.item, "not_agreed").await;
        let [first, second] = met.applications.as_slice() else { panic!("two applications") };
        let ranking = json!({ "kind": "ranking", "options": [first, second], "method": "borda" });
        let ballot = stage.open_ballot(&met, stage.ballot_body(ranking)).await;
        for (who, seat) in [(chair, &office.seats[0]), (member, &office.seats[1])] {
            let vote = json!({ "seatId": seat, "content": { "kind": "ranking", "order": [second, first] } });
            stage.call(who, "voteCast", &[&ballot], vote).await.expect_status(200);
        }
        stage.call(chair, "ballotClose", &[&ballot], Value::Null).await.expect_status(200);
        // Both voted the second application first; the advice has it second.
        let mut body = with(stage.advice(&met), json!({ "ballotId": ballot }));
        let refused = draft(&stage, body.clone()).await.expect_problem(422, "departure_from_count_unexplained");
        assert_eq!(refused.text("/errors/0/pointer"), "/lines/0/departureFromCount");
        body["lines"][0]["departureFromCount"] = json!("Kommunen har aldri vært med.");
        let id = draft(&stage, body).await.expect_status(201).id();
        chair_acts(&stage, "recommendationAdopt", &id).await.expect_status(200);
        let reason = json!({ "reason": "Feil valgt metode." });
        stage.call(chair, "ballotAnnul", &[&ballot], reason).await.expect_status(200);
        chair_acts(&stage, "recommendationSignOff", &id).await.expect_problem(409, "recommendation_without_basis");
    }

    /// Who declines a grant leaves a place, for which the first of the reserve list is proposed.
    async fn the_first_of_the_reserve_list_is_proposed(store: TestStore) {
        let stage = Stage::set(store).await;
        stage.frame(2024, kroner(10_000_000), Value::Null).await;
        let met = stage.met(2024, &[&stage.lead, &stage.partner, &stage.stranger]).await;
        stage.attend(&met.meeting).await;
        stage.agreement(&met.meeting, &met.item, "agreed").await;
        let [granted, last, first] = met.applications.as_slice() else { panic!("three applications") };
        let line = |application: &str, outcome: &str, rank: u32| json!({
            "applicationId": application, "outcome": outcome, "rank": rank, "assessment": "God",
        });
        let lines = json!([line(granted, "ranked", 1), line(last, "reserve", 3), line(first, "reserve", 2)]);
        let id = draft(&stage, with(stage.advice(&met), json!({ "lines": lines }))).await.expect_status(201).id();
        stage.sign_off(&id).await;
        let list = format!("/v1/rounds/{}/reserve-list", met.round);
        let read = async || stage.world.public().get(&list).await.expect_status(200);
        let waiting = async || -> Vec<Value> {
            let waiting = read().await.at("/waiting");
            waiting.as_array().expect("a list").iter().map(|waiting| waiting["applicationId"].clone()).collect()
        };
        assert_eq!(waiting().await, [json!(first), json!(last)]);
        let mut award = Stage::award(&met, 2024);
        for index in [1, 2] {
            let declined = json!({ "applicationId": met.applications[index], "outcome": "declined" });
            award["matter"]["lines"][index] = declined;
        }
        stage.approved_decision(award).await;
        assert_eq!(read().await.at("/vacancies"), json!([]));
        let grant = stage.grants(&met.round).await.remove(0);
        let grant = grant["id"].as_str().expect("an id");
        let lead = &stage.lead.person.client;
        stage.call(lead, "grantDecline", &[grant], Value::Null).await.expect_status(200);
        assert_eq!(read().await.at("/vacancies"), json!([{ "grantId": grant, "proposedApplicationId": first }]));
        assert_eq!(waiting().await, [json!(first), json!(last)], "a proposal grants nothing");
        let told = format!("/v1/journal?subjectKind=round&subjectId={}&limit=200", met.round);
        let told = stage.office.officer.client.get(&told).await.expect_status(200);
        let entries = told.at("/items");
        let proposal = entries.as_array().expect("entries").iter().find(|entry| entry["action"] == "round.propose_reserve");
        assert_eq!(proposal.expect("a proposal")["detail"]["applicationId"], first.as_str());
    }

    /// The chair who is recused on a line does not sign; the deputy chair does.
    async fn a_recused_chair_does_not_sign(store: TestStore) {
        let mut stage = Stage::set(store).await;
        let office = stage.office.clone();
        let (deputy, deputy_id) = stage.world.person("Nestleder", "chair", json!({})).await;
        let forum = json!({
            "officeId": office.id, "name": { "nb": "Forum" }, "shortName": { "nb": "ordningen" }, "quorumSeats": 1,
            "chairId": office.chair.id, "deputyChairId": deputy_id,
        });
        let forum = stage.call(&office.officer.client, "forumCreate", &[], forum).await.expect_status(201).id();
        let seat = crate::stage::seat_body(&forum, &office.member.id, "association", "voting");
        let seat = stage.call(&office.officer.client, "seatCreate", &[], seat).await.expect_status(201).id();
        stage.office.forum = forum;
        let met = stage.met(2024, &[&stage.lead]).await;
        let present = json!({ "attendance": [{ "seatId": seat, "personId": office.member.id }] });
        stage.call(&office.officer.client, "attendanceRecord", &[&met.meeting], present).await.expect_status(200);
        let agreed = json!({ "agendaItemId": met.item, "outcome": "agreed" });
        stage.call(&deputy, "agreementRecord", &[&met.meeting], agreed).await.expect_status(200);
        let advice = stage.advice(&met);
        let id = stage.call(&deputy, "recommendationCreate", &[], advice).await.expect_status(201).id();
        stage.call(&deputy, "recommendationAdopt", &[&id], Value::Null).await.expect_status(200);
        let interest = json!({ "applicationId": met.applications[0], "ground": "relation", "explanation": "Søster" });
        stage.call(&office.chair.client, "recusalDeclare", &[], interest).await.expect_status(201);
        chair_acts(&stage, "recommendationSignOff", &id).await.expect_problem(403, "recused");
        let signed = stage.call(&deputy, "recommendationSignOff", &[&id], Value::Null).await.expect_status(200);
        assert_eq!(signed.at("/signedBy"), json!(deputy_id));
    }
}
