//! Meetings as they go on: votes as the forum says, receipts, reminders, the stream, seats that are called in, minutes.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tildel_test_support::TestStore;
use tildel_tests::forum_stage::{ForumPlan, ForumStage, motion};
use tildel_tests::{Client, World};

fn plan(disclosure: &'static str) -> ForumPlan {
    ForumPlan {
        seats: 3,
        applications: 2,
        quorum_seats: 1,
        quorum_of_kind: 0,
        disclosure,
        is_employed: false,
    }
}

async fn stage(store: TestStore, disclosure: &'static str) -> ForumStage {
    ForumStage::set(World::start(store).await, &plan(disclosure)).await
}

async fn vote(client: &Client, ballot: &str, seat: &str, choice: &str) -> Value {
    let body = json!({ "seatId": seat, "content": { "kind": "motion", "choice": choice } });
    client.post(&format!("/v1/ballots/{ballot}/votes"), &body).await.expect_status(200).json()
}

async fn seen(client: &Client, ballot: &str) -> usize {
    let list = client.get(&format!("/v1/ballots/{ballot}/votes")).await.expect_status(200);
    list.at("/items").as_array().map_or(0, Vec::len)
}

async fn events(client: &Client, meeting: &str, after: Option<&str>) -> Vec<(String, String, Value)> {
    let headers: Vec<(&str, &str)> = after.map(|id| ("Last-Event-ID", id)).into_iter().collect();
    let path = format!("/v1/meetings/{meeting}/stream");
    let reply = client.send(reqwest::Method::GET, &path, None, &headers).await.expect_status(200);
    let text = String::from_utf8(reply.body).expect("text");
    let field = |event: &str, name: &str| {
        event.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
    };
    text.split("\n\n")
        .filter_map(|event| {
            let data = serde_json::from_str(&field(event, "data:")?).expect("JSON");
            Some((field(event, "id:")?, field(event, "event:")?, data))
        })
        .collect()
}

tildel_test_support::both_backends! {
    /// Votes are seen by the others never, after the count, or at once; the receipt is found again in the list.
    async fn votes_are_seen_as_the_forum_says(store: TestStore) {
        let secret = stage(store, "secret").await;
        let modes = [("secret", 0, 0), ("sealed", 0, 2), ("open", 2, 2)];
        for (disclosure, while_open, once_counted) in modes {
            let stage = if disclosure == "secret" { None } else {
                let backend = secret.world.service().store().backend();
                let store = TestStore::open(backend).expect("a store");
                Some(self::stage(store, disclosure).await)
            };
            let stage = stage.as_ref().unwrap_or(&secret);
            let (meeting, item) = stage.meeting(None).await;
            stage.disagree(&meeting, &item, "Uenig").await;
            let ballot = stage.open_ballot(&meeting, &item, motion(None), 1).await;
            vote(&stage.seats[0].member.client, &ballot, &stage.seats[0].id, "against").await;
            let cast = vote(&stage.seats[0].member.client, &ballot, &stage.seats[0].id, "for").await;
            vote(&stage.seats[1].member.client, &ballot, &stage.seats[1].id, "for").await;
            let chair = &stage.chair.client;
            assert_eq!(seen(chair, &ballot).await, while_open, "{disclosure}");
            chair.get(&format!("/v1/ballots/{ballot}/receipts")).await.expect_problem(404, "not_found");
            chair.act(&format!("/v1/ballots/{ballot}"), "closing", None).await.expect_status(200);
            assert_eq!(seen(chair, &ballot).await, once_counted, "{disclosure}");

            let receipts = chair.get(&format!("/v1/ballots/{ballot}/receipts")).await.expect_status(200).at("/receipts");
            let receipts = receipts.as_array().expect("receipts");
            assert!(receipts.len() == 2 && receipts.contains(&cast["receipt"]), "{receipts:?}");
            // By the rule of the document: ballot, seat, revision, content and nonce, a line each.
            let nonce = cast["nonce"].as_str().expect("a nonce");
            let text = format!("{ballot}\n{}\n2\nfor\n{nonce}", stage.seats[0].id);
            assert_eq!(cast["receipt"], hex::encode(Sha256::digest(text)));
            let list = chair.get(&format!("/v1/ballots/{ballot}/votes")).await.at("/items");
            assert!(list.as_array().expect("votes").iter().all(|vote| vote["receipt"].is_null()));
        }
    }

    /// Seats that have not voted are told once, whoever is recused is told nothing, and the deputy in its place is.
    async fn seats_that_have_not_voted_are_reminded(store: TestStore) {
        let stage = stage(store, "secret").await;
        let body = json!({
            "officeId": stage.office, "name": { "nb": "Annet" }, "shortName": { "nb": "annet" }, "quorumSeats": 1,
            "chairId": stage.chair.id, "reminderHours": 24,
        });
        let forum = stage.officer.client.post("/v1/forums", &body).await.expect_status(201).id();
        let mut seats = Vec::new();
        for seat in &stage.seats {
            let body = json!({
                "forumId": forum, "label": { "nb": "plass" }, "organisationKind": "association", "voteRight": "voting",
                "memberId": seat.member.id, "deputyId": seat.deputy.id, "termFrom": "2020-01-01",
                "termTo": "2023-12-31",
            });
            seats.push(stage.officer.client.post("/v1/seats", &body).await.expect_status(201).id());
        }
        let application = &stage.applications[0];
        let interest = json!({ "applicationId": application, "ground": "relation", "explanation": "Søster" });
        stage.seats[2].member.client.post("/v1/recusals", &interest).await.expect_status(201);
        let body = json!({ "forumId": forum, "startsAt": "2020-09-01T08:00:00Z", "place": "Teams" });
        let meeting = stage.officer.client.post("/v1/meetings", &body).await.expect_status(201).id();
        let item = stage.item(&meeting, Some(application)).await;
        stage.disagree(&meeting, &item, "Uenig").await;
        let rules = json!({
            "matter": motion(Some(application)), "roster": seats, "quorumSeats": 1, "tieChain": [],
            "closesAt": "2020-09-03T08:00:00Z",
        });
        let body = json!({ "meetingId": meeting, "agendaItemId": item, "title": "Sak 1", "rules": rules });
        let ballot = stage.chair.client.post("/v1/ballots", &body).await.expect_status(201).id();
        stage.chair.client.act(&format!("/v1/ballots/{ballot}"), "opening", None).await.expect_status(200);
        vote(&stage.seats[0].member.client, &ballot, &seats[0], "for").await;
        let told = async |client: &Client| {
            let list = client.get("/v1/notifications?unread=true").await.expect_status(200).at("/items");
            list.as_array().cloned().unwrap_or_default()
        };
        stage.world.at("2020-09-02T07:59:59Z");
        stage.world.work().await;
        assert!(told(&stage.seats[1].member.client).await.is_empty(), "before its time");
        stage.world.at("2020-09-02T08:00:00Z");
        stage.world.work().await;
        assert!(told(&stage.seats[0].member.client).await.is_empty(), "who has voted");
        assert!(told(&stage.seats[2].member.client).await.is_empty(), "who is recused");
        assert!(told(&stage.seats[1].deputy.client).await.is_empty(), "whose member can vote");
        assert_eq!(told(&stage.seats[2].deputy.client).await.len(), 1);
        let reader = &stage.seats[1].member.client;
        let list = told(reader).await;
        assert_eq!((list.len(), &list[0]["ballotId"], &list[0]["kind"]), (1, &json!(ballot), &json!("ballot_reminder")));
        let at = format!("/v1/notifications/{}", list[0]["id"].as_str().expect("an id"));
        stage.seats[0].member.client.get(&at).await.expect_problem(404, "not_found");
        reader.act(&at, "reading", None).await.expect_status(200);
        reader.act(&at, "reading", None).await.expect_problem(409, "wrong_state");
        assert!(told(reader).await.is_empty());
        // At its end the ballot is closed and counted, and counted again with the same outcome.
        stage.world.at("2020-09-03T08:00:00Z");
        stage.world.work().await;
        let counted = stage.chair.client.get(&format!("/v1/ballots/{ballot}")).await.expect_status(200);
        assert_eq!((counted.text("/state"), counted.at("/count/for")), ("counted".to_owned(), json!(1)));
        assert_eq!(counted.at("/tally/eligibleSeats"), 3);
    }

    /// The stream tells what the follower may see, and goes on after the last event.
    async fn a_meeting_is_followed(store: TestStore) {
        let stage = stage(store, "secret").await;
        let application = &stage.applications[0];
        let interest = json!({ "applicationId": application, "ground": "relation", "explanation": "Søster" });
        stage.seats[0].member.client.post("/v1/recusals", &interest).await.expect_status(201);
        let (meeting, item) = stage.meeting(Some(application)).await;
        let at = format!("/v1/meetings/{meeting}");
        let current = json!({ "agendaItemId": item });
        let path = format!("{at}/current-item");
        let put = reqwest::Method::PUT;
        stage.officer.client.act_with(put, &at, &path, Some(&current)).await.expect_status(200);
        stage.disagree(&meeting, &item, "Uenig").await;
        let ballot = stage.open_ballot(&meeting, &item, motion(Some(application)), 1).await;
        let member = &stage.seats[1].member.client;
        vote(member, &ballot, &stage.seats[1].id, "for").await;
        let kinds = |events: &[(String, String, Value)]| -> Vec<String> {
            events.iter().map(|(_, kind, _)| kind.clone()).collect()
        };
        let all = events(member, &meeting, None).await;
        let whole = ["meeting", "item", "item", "agreement", "ballot", "ballot", "turnout"];
        assert_eq!(kinds(&all), whole);
        assert_eq!(all[6].2["votesCast"], 1);
        // Who is recused sees that there is a ballot, but neither what was said nor that somebody has voted.
        let recused = events(&stage.seats[0].member.client, &meeting, None).await;
        assert_eq!(kinds(&recused), ["meeting", "item", "item", "ballot", "ballot"]);
        // Outsiders see the agenda.
        assert_eq!(kinds(&events(&stage.world.public(), &meeting, None).await), ["meeting", "item", "item"]);
        let rest = events(member, &meeting, Some(&all[4].0)).await;
        assert_eq!(rest, all[5..]);
        assert!(events(member, &meeting, Some(&all[6].0)).await.is_empty());
        // An id of another view begins anew, as does one that is none.
        assert_eq!(events(member, &meeting, Some("2-ffffffff")).await, all);
        assert_eq!(events(member, &meeting, Some("nonsense")).await, all);
    }

    /// A conditional seat sees what it is called in for, and has no vote there.
    async fn conditional_seats_are_called_in(store: TestStore) {
        let stage = stage(store, "secret").await;
        let (guest, guest_id) = stage.world.person("Elev", "member", json!({})).await;
        let body = json!({
            "forumId": stage.forum, "label": { "nb": "elever" }, "organisationKind": "association",
            "voteRight": "conditional", "memberId": guest_id, "termFrom": "2020-01-01", "termTo": "2023-12-31",
        });
        let seat = stage.officer.client.post("/v1/seats", &body).await.expect_status(201).id();
        let (meeting, item) = stage.meeting(None).await;
        let other = stage.item(&meeting, None).await;
        for item in [&item, &other] {
            stage.disagree(&meeting, item, "Uenig").await;
            stage.open_ballot(&meeting, item, motion(None), 1).await;
        }
        let ballots = async || {
            let list = guest.get("/v1/ballots").await.expect_status(200).at("/items");
            list.as_array().cloned().unwrap_or_default()
        };
        let agreement = async |number: usize| {
            guest.get(&format!("/v1/meetings/{meeting}")).await.at(&format!("/agenda/{number}/agreement"))
        };
        assert!(ballots().await.is_empty() && agreement(0).await.is_null());
        let at = format!("/v1/meetings/{meeting}");
        let path = format!("{at}/called-seats");
        let call = async |seat: &str| {
            let called = json!({ "agendaItemId": item, "seatIds": [seat] });
            stage.officer.client.act_with(reqwest::Method::PUT, &at, &path, Some(&called)).await
        };
        call(&stage.seats[0].id).await.expect_problem(422, "invalid_value");
        call(&seat).await.expect_status(200);
        let seen = ballots().await;
        assert_eq!((seen.len(), &seen[0]["agendaItemId"]), (1, &json!(item)));
        assert!(agreement(0).await.is_object() && agreement(1).await.is_null());
        let vote = json!({ "seatId": seat, "content": { "kind": "motion", "choice": "for" } });
        let votes = format!("/v1/ballots/{}/votes", seen[0]["id"].as_str().expect("an id"));
        guest.post(&votes, &vote).await.expect_problem(403, "not_on_roster");
    }

    /// Minutes are the forum's until the chair has approved them; a correction is a new version, and the first one is kept.
    async fn minutes_are_approved_and_corrected(store: TestStore) {
        let stage = stage(store, "secret").await;
        let (meeting, item) = stage.meeting(None).await;
        stage.disagree(&meeting, &item, "Uenig").await;
        let (at, public) = (format!("/v1/meetings/{meeting}"), stage.world.public());
        let minutes = format!("{at}/minutes");
        let chair = &stage.chair.client;
        chair.act(&at, "minutes/approval", None).await.expect_problem(409, "wrong_state");
        chair.act(&at, "ending", None).await.expect_status(200);
        let draft = stage.seats[0].member.client.get(&minutes).await.expect_status(200);
        assert!(draft.at("/approval").is_null());
        public.get(&minutes).await.expect_problem(404, "not_found");
        assert!(public.get(&at).await.at("/agenda/0/agreement").is_null());
        let correction = json!({ "correction": "Rett navn" });
        chair.act(&at, "minutes/corrections", Some(&correction)).await.expect_problem(409, "wrong_state");
        chair.act(&at, "minutes/approval", None).await.expect_status(200);
        chair.act(&at, "minutes/approval", None).await.expect_problem(409, "wrong_state");
        let first = public.get(&minutes).await.expect_status(200).json();
        assert_eq!((&first["approval"]["number"], &first["approval"]["approvedBy"]), (&json!(1), &json!(stage.chair.id)));
        assert_eq!(public.get(&at).await.at("/agenda/0/agreement/outcome"), "not_agreed");
        chair.act(&at, "minutes/corrections", Some(&correction)).await.expect_status(200);
        assert_eq!(public.get(&minutes).await.at("/approval/correction"), "Rett navn");
        assert_eq!(public.get(&format!("{minutes}?number=1")).await.json(), first);
        public.get(&format!("{minutes}?number=3")).await.expect_problem(404, "not_found");
    }

    /// A caller without a place for a stream is told when to try again.
    async fn streams_have_places(store: TestStore) {
        let world = World::start_with(store, |settings| settings.streams_per_caller_max = 0).await;
        let stage = ForumStage::set(world, &plan("secret")).await;
        let (meeting, _) = stage.meeting(None).await;
        let stream = format!("/v1/meetings/{meeting}/stream");
        let refused = stage.chair.client.get(&stream).await.expect_problem(429, "rate_limited");
        let seconds: u64 = refused.header("retry-after").expect("a time").parse().expect("seconds");
        assert!(seconds >= 1);
    }
}
