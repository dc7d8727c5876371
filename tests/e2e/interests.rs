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

    /// No vote is struck out by one person's word: the count waits for the ruling, also where the clock has closed.
    async fn a_count_waits_for_a_ruling(store: TestStore) {
        let stage = stage(store, 1).await;
        let (chair, application) = (&stage.chair.client, &stage.applications[0]);
        let (meeting, item) = stage.meeting(Some(application)).await;
        stage.disagree(&meeting, &item, "Uenig").await;
        let ballot = stage.open_ballot(&meeting, &item, motion(Some(application)), 1).await;
        let at = format!("/v1/ballots/{ballot}");
        let [first, second, _] = &stage.seats[..] else { panic!("three seats") };
        for seat in [first, second] {
            let vote = json!({ "seatId": seat.id, "content": { "kind": "motion", "choice": "against" } });
            seat.member.client.post(&format!("{at}/votes"), &vote).await.expect_status(200);
        }
        let recorded = declare(chair, Some(&first.member), application).await.expect_status(201).id();
        chair.act(&at, "closing", None).await.expect_problem(409, "recusal_not_ruled");
        rule(&stage.officer.client, &recorded).await.expect_status(200);
        let counted = chair.act(&at, "closing", None).await.expect_status(200);
        assert_eq!(counted.at("/count/against"), json!(2));

        // The same with the clock, on an item of its own.
        let item = stage.item(&meeting, Some(application)).await;
        stage.disagree(&meeting, &item, "Uenig igjen").await;
        let closes_at = stage.world.clock.now() + jiff::SignedDuration::from_hours(1);
        let roster: Vec<_> = stage.seats.iter().map(|seat| &seat.id).collect();
        let rules = json!({
            "matter": motion(Some(application)), "roster": roster, "quorumSeats": 1, "tieChain": [],
            "closesAt": closes_at.to_string(),
        });
        let body = json!({ "meetingId": meeting, "agendaItemId": item, "title": "Sak", "rules": rules });
        let ballot = chair.post("/v1/ballots", &body).await.expect_status(201).id();
        let at = format!("/v1/ballots/{ballot}");
        chair.act(&at, "opening", None).await.expect_status(200);
        let vote = json!({ "seatId": second.id, "content": { "kind": "motion", "choice": "for" } });
        second.member.client.post(&format!("{at}/votes"), &vote).await.expect_status(200);
        let recorded = declare(chair, Some(&second.member), application).await.expect_status(201).id();
        let _ = stage.world.clock.advance(jiff::SignedDuration::from_hours(2));
        stage.world.work().await;
        let seen = stage.officer.client.get(&at).await.expect_status(200);
        assert_eq!((seen.text("/state").as_str(), seen.at("/count")), ("closed", Value::Null));
        rule(&stage.officer.client, &recorded).await.expect_status(200);
        let seen = stage.officer.client.get(&at).await.expect_status(200);
        assert_eq!((seen.text("/state").as_str(), seen.at("/count/for")), ("counted", json!(1)));
    }

    /// Whoever prepares a ballot chooses neither who votes, nor how few are enough, nor another matter than the item's; and
    /// what is open stands.
    async fn the_preparer_chooses_the_question_only(store: TestStore) {
        let stage = stage(store, 2).await;
        let chair = &stage.chair.client;
        let (meeting, item) = stage.meeting(Some(&stage.applications[0])).await;
        stage.disagree(&meeting, &item, "Uenig").await;
        let seats: Vec<_> = stage.seats.iter().map(|seat| seat.id.clone()).collect();
        let body = |roster: &[String], application: &str, quorum_seats: u32| {
            let rules = json!({
                "matter": motion(Some(application)), "roster": roster, "quorumSeats": quorum_seats, "tieChain": [],
            });
            json!({ "meetingId": meeting, "agendaItemId": item, "title": "Sak", "rules": rules })
        };
        let few = body(&seats[..2], &stage.applications[0], 1);
        chair.post("/v1/ballots", &few).await.expect_problem(422, "roster_incomplete");
        let another = body(&seats, &stage.applications[1], 1);
        chair.post("/v1/ballots", &another).await.expect_problem(422, "invalid_value");
        let made = chair.post("/v1/ballots", &body(&seats, &stage.applications[0], 1)).await.expect_status(201);
        assert_eq!(made.at("/rules/quorumSeats"), json!(2), "the forum asks for two");
        let at = format!("/v1/ballots/{}", made.id());
        chair.act(&at, "opening", None).await.expect_status(200);
        let rules = json!({ "title": "Noe annet", "rules": body(&seats, &stage.applications[0], 3)["rules"] });
        put(chair, &at, "", &rules).await.expect_problem(409, "wrong_state");
    }

    /// Who leads a vote on several applications has an interest in none of them, though who votes may.
    async fn who_leads_an_order_has_no_interest_in_it(store: TestStore) {
        let stage = stage(store, 1).await;
        let chair = &stage.chair.client;
        let (meeting, item) = stage.meeting(None).await;
        stage.disagree(&meeting, &item, "Uenig").await;
        let order = json!({ "kind": "ranking", "options": stage.applications, "method": "borda" });
        let ballot = stage.open_ballot(&meeting, &item, order, 1).await;
        let at = format!("/v1/ballots/{ballot}");
        declare(chair, None, &stage.applications[1]).await.expect_status(201);
        chair.act(&at, "closing", None).await.expect_problem(403, "recused");
        let member = &stage.seats[0];
        declare(&member.member.client, None, &stage.applications[1]).await.expect_status(201);
        let vote = json!({
            "seatId": member.id, "content": { "kind": "ranking", "order": [stage.applications[0]] },
        });
        member.member.client.post(&format!("{at}/votes"), &vote).await.expect_status(200);
    }

    /// What the minutes tell of is over: no ballot begins on it afterwards.
    async fn no_ballot_begins_after_the_minutes(store: TestStore) {
        let stage = stage(store, 1).await;
        let chair = &stage.chair.client;
        let (meeting, item) = stage.meeting(None).await;
        stage.disagree(&meeting, &item, "Uenig").await;
        let at = format!("/v1/meetings/{meeting}");
        chair.act(&at, "ending", None).await.expect_status(200);
        chair.act(&format!("{at}/minutes"), "approval", None).await.expect_status(200);
        let roster: Vec<_> = stage.seats.iter().map(|seat| &seat.id).collect();
        let rules = json!({ "matter": motion(None), "roster": roster, "quorumSeats": 1, "tieChain": [] });
        let body = json!({ "meetingId": meeting, "agendaItemId": item, "title": "Sak", "rules": rules });
        chair.post("/v1/ballots", &body).await.expect_problem(409, "wrong_state");
    }

    /// Who has an interest prepares no decision either.
    async fn whoever_prepares_a_decision_has_no_interest(store: TestStore) {
        let stage = stage(store, 1).await;
        let officer = &stage.officer.client;
        let lines: Vec<_> = stage.applications.iter()
            .map(|application| json!({ "applicationId": application, "outcome": "declined" })).collect();
        let award = json!({ "matter": { "kind": "award", "roundId": stage.round, "lines": lines } });
        // Without an interest the refusal is another one: no forum has advised.
        officer.post("/v1/decisions", &award).await.expect_problem(409, "recommendation_missing");
        declare(officer, None, &stage.applications[1]).await.expect_status(201);
        officer.post("/v1/decisions", &award).await.expect_problem(403, "recused");
    }
}
