//! Who may have a say on whom, and what becomes known when: ways in which one person could decide alone, or learn too early.

use reqwest::Method;
use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::forum_stage::{ForumPlan, ForumStage, Somebody, motion};
use tildel_tests::{Client, Reply, World};

async fn stage(store: TestStore, quorum_seats: usize) -> ForumStage {
    let plan = ForumPlan {
        seats: 3,
        applications: 2,
        quorum_seats,
        quorum_of_kind: 0,
        disclosure: "secret",
        is_employed: false,
    };
    ForumStage::set(World::start(store).await, &plan).await
}

async fn declare(client: &Client, person: Option<&Somebody>, application: &str) -> Reply {
    let body = json!({
        "personId": person.map(|person| &person.id), "applicationId": application, "ground": "relation",
        "explanation": "Søster",
    });
    client.post("/v1/recusals", &body).await
}

async fn rule(client: &Client, recusal: &str) -> Reply {
    let body = json!({ "upheld": false, "reason": "Ikke nær nok" });
    client.act(&format!("/v1/recusals/{recusal}"), "ruling", Some(&body)).await
}

async fn put(client: &Client, at: &str, part: &str, body: &Value) -> Reply {
    client.act_with(Method::PUT, at, &format!("{at}{part}"), Some(body)).await
}

tildel_test_support::both_backends! {
    /// What the chair records of a member, somebody else rules on; and whoever has an interest has no say in others'.
    async fn nobody_strikes_out_a_vote_alone(store: TestStore) {
        let stage = stage(store, 1).await;
        let (chair, officer) = (&stage.chair.client, &stage.officer.client);
        let (member, other) = (&stage.seats[0].member, &stage.seats[1].member);
        let recorded = declare(chair, Some(member), &stage.applications[0]).await.expect_status(201).id();
        rule(chair, &recorded).await.expect_problem(403, "ruling_not_yours");
        rule(officer, &recorded).await.expect_status(200);
        // What the member declares, the chair rules on.
        let declared = declare(&other.client, None, &stage.applications[0]).await.expect_status(201).id();
        rule(chair, &declared).await.expect_status(200);
        // The chair has an interest in the second application now.
        let another = declare(&other.client, None, &stage.applications[1]).await.expect_status(201).id();
        declare(chair, None, &stage.applications[1]).await.expect_status(201);
        declare(chair, Some(member), &stage.applications[1]).await.expect_problem(403, "recused");
        rule(chair, &another).await.expect_problem(403, "recused");
    }

    /// A chair rules on those who sit in the own forum, not in another one of the office.
    async fn a_chair_rules_in_the_own_forum(store: TestStore) {
        let stage = stage(store, 1).await;
        let (client, id) = stage.world.person("Annen leder", "chair", json!({})).await;
        let body = json!({
            "officeId": stage.office, "name": { "nb": "Annet" }, "shortName": { "nb": "annet" }, "quorumSeats": 1,
            "chairId": id,
        });
        stage.officer.client.post("/v1/forums", &body).await.expect_status(201);
        let member = &stage.seats[0].member.client;
        let declared = declare(member, None, &stage.applications[0]).await.expect_status(201).id();
        rule(&client, &declared).await.expect_problem(403, "ruling_not_yours");
        rule(&stage.chair.client, &declared).await.expect_status(200);
    }

    /// A recused member who is there is not among those who agree, even where a deputy could be.
    async fn recused_members_do_not_make_a_quorum(store: TestStore) {
        let stage = stage(store, 3).await;
        let (meeting, item) = stage.meeting(Some(&stage.applications[0])).await;
        stage.attend(&meeting).await;
        let at = format!("/v1/meetings/{meeting}");
        declare(&stage.seats[0].member.client, None, &stage.applications[0]).await.expect_status(201);
        let agreed = json!({ "agendaItemId": item, "outcome": "agreed" });
        let chair = &stage.chair.client;
        chair.act(&at, "agreement-tests", Some(&agreed)).await.expect_problem(409, "quorum_not_met");
        // Nobody is in two places.
        let present = |people: [&str; 3]| {
            let present: Vec<_> = stage.seats.iter().zip(people)
                .map(|(seat, person)| json!({ "seatId": seat.id, "personId": person })).collect();
            json!({ "attendance": present })
        };
        let [first, second, third] = &stage.seats[..] else { panic!("three seats") };
        let deputies = present([&first.deputy.id, &second.member.id, &third.member.id]);
        put(&stage.officer.client, &at, "/attendance", &deputies).await.expect_status(200);
        chair.act(&at, "agreement-tests", Some(&agreed)).await.expect_status(200);
    }

    /// Somebody who is the deputy of two seats sits on one of them.
    async fn nobody_sits_on_two_seats_at_once(store: TestStore) {
        let stage = stage(store, 1).await;
        let (meeting, _) = stage.meeting(None).await;
        let body = json!({
            "forumId": stage.forum, "label": { "nb": "plass" }, "organisationKind": "association",
            "voteRight": "voting", "memberId": stage.seats[1].member.id, "deputyId": stage.seats[0].deputy.id,
            "termFrom": "2020-01-01", "termTo": "2023-12-31",
        });
        let seat = stage.officer.client.post("/v1/seats", &body).await.expect_status(201).id();
        let deputy = &stage.seats[0].deputy.id;
        let present = json!({ "attendance": [
            { "seatId": stage.seats[0].id, "personId": deputy }, { "seatId": seat, "personId": deputy },
        ] });
        let at = format!("/v1/meetings/{meeting}");
        put(&stage.officer.client, &at, "/attendance", &present).await.expect_problem(422, "invalid_value");
    }

    /// Minutes are open to all, so they wait for the ballots, and are signed by somebody who may know what they say.
    async fn minutes_wait_for_ballots_and_for_somebody_fit(store: TestStore) {
        let stage = stage(store, 1).await;
        let application = &stage.applications[0];
        let (meeting, item) = stage.meeting(Some(application)).await;
        stage.disagree(&meeting, &item, "Uenig").await;
        let ballot = stage.open_ballot(&meeting, &item, motion(Some(application)), 1).await;
        let (at, chair) = (format!("/v1/meetings/{meeting}"), &stage.chair.client);
        chair.act(&at, "ending", None).await.expect_status(200);
        chair.act(&format!("{at}/minutes"), "approval", None).await.expect_problem(409, "wrong_state");
        chair.act(&format!("/v1/ballots/{ballot}"), "closing", None).await.expect_status(200);
        declare(chair, None, application).await.expect_status(201);
        chair.act(&format!("{at}/minutes"), "approval", None).await.expect_problem(403, "recused");
        // The forum gets a deputy chair, who signs.
        let deputy = &stage.seats[2].member;
        let body = json!({
            "name": { "nb": "Samarbeidsforum" }, "shortName": { "nb": "forum" }, "quorumSeats": 1,
            "chairId": stage.chair.id, "deputyChairId": deputy.id,
        });
        put(&stage.officer.client, &format!("/v1/forums/{}", stage.forum), "", &body).await.expect_status(200);
        let deputy = stage.world.token(&deputy.id, "chair").await;
        deputy.act(&format!("{at}/minutes"), "approval", None).await.expect_status(200);
    }

    /// The journal tells who voted and when, so it is not for those who are recused on what a forum treats.
    async fn the_journal_waits_for_the_recused(store: TestStore) {
        let stage = stage(store, 1).await;
        let officer = &stage.officer.client;
        officer.get("/v1/journal").await.expect_status(200);
        declare(officer, None, &stage.applications[0]).await.expect_status(201);
        officer.get("/v1/journal").await.expect_problem(403, "recused");
    }

    /// Seats change hands between ballots, not during one; who has left sees nothing more; and the office has no vote.
    async fn seats_change_hands(store: TestStore) {
        let stage = stage(store, 1).await;
        let (meeting, item) = stage.meeting(None).await;
        stage.disagree(&meeting, &item, "Uenig").await;
        let ballot = stage.open_ballot(&meeting, &item, motion(None), 1).await;
        let (seat, officer) = (&stage.seats[0], &stage.officer.client);
        let at = format!("/v1/seats/{}", seat.id);
        let new = json!({ "memberId": seat.deputy.id, "termTo": "2023-12-31" });
        put(officer, &at, "", &new).await.expect_problem(409, "wrong_state");
        stage.chair.client.act(&format!("/v1/ballots/{ballot}"), "closing", None).await.expect_status(200);
        let (old, read) = (&seat.member.client, format!("/v1/ballots/{ballot}"));
        old.get(&read).await.expect_status(200);
        put(officer, &at, "", &new).await.expect_status(200);
        old.get(&read).await.expect_problem(404, "not_found");
        seat.deputy.client.get(&read).await.expect_status(200);
        let office = json!({ "memberId": stage.officer.id, "termTo": "2023-12-31" });
        put(officer, &at, "", &office).await.expect_problem(422, "office_has_no_vote");
        // The world's clock stands in 2020.
        let over = json!({ "memberId": seat.deputy.id, "termTo": "2020-01-01" });
        put(officer, &at, "", &over).await.expect_status(200);
        seat.deputy.client.get(&read).await.expect_problem(404, "not_found");
    }
}
