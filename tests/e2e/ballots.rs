//! Ballots of every kind over HTTP: rules that stand, receipts, counts, what becomes of them in minutes and treatments, money from
//! the frame, and files that other programs count alike.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tildel_domain::voting::{
    Add1Until, BudgetRule, Completion, PabulibVote, Satisfaction, TieChain, TieLink, count_budget,
};
use tildel_test_support::TestStore;
use tildel_tests::ballot_kinds::BallotKind;
use tildel_tests::forum_stage::{ForumPlan, ForumStage};
use tildel_tests::{Client, Reply, World};

async fn stage(store: TestStore, disclosure: &'static str) -> ForumStage {
    let plan = ForumPlan {
        seats: 3,
        applications: 3,
        quorum_seats: 2,
        quorum_of_kind: 0,
        disclosure,
        is_employed: false,
    };
    ForumStage::set(World::start(store).await, &plan).await
}

/// An item on the round that the forum did not agree on.
async fn item(stage: &ForumStage) -> (String, String) {
    let (meeting, item) = stage.meeting(None).await;
    stage.attend(&meeting).await;
    stage.disagree(&meeting, &item, "Uenig").await;
    (meeting, item)
}

async fn cast(stage: &ForumStage, ballot: &str, seat: usize, content: &Value) -> Reply {
    let seat = &stage.seats[seat];
    let vote = json!({ "seatId": seat.id, "content": content });
    seat.member.client.post(&format!("/v1/ballots/{ballot}/votes"), &vote).await
}

async fn close(stage: &ForumStage, ballot: &str) -> Reply {
    stage.chair.client.act(&format!("/v1/ballots/{ballot}"), "closing", None).await.expect_status(200)
}

/// What the document says of the content of a receipt, word for word, and not by our own code.
fn receipt_line(content: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |value: &Value, between: &str| {
        value.as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join(between)
    };
    let rows = |name: &str, line: &dyn Fn(&Value) -> String| {
        let rows = content[name].as_array().into_iter().flatten();
        rows.map(|row| format!("{}:{}", text(&row["applicationId"]), line(row))).collect::<Vec<_>>().join(",")
    };
    match content["kind"].as_str() {
        Some("motion") => text(&content["choice"]),
        Some("ranking") => list(&content["order"], ","),
        Some("approval") => list(&content["approved"], ","),
        Some("score") => rows("scores", &|row| list(&row["scores"], "/")),
        Some("allotment") => rows("points", &|row| text(&row["points"])),
        other => panic!("{other:?}"),
    }
}

/// The rule as the library has it.
fn rule_of(kind: BallotKind) -> BudgetRule {
    match kind {
        BallotKind::ApprovalShares => BudgetRule::EqualShares {
            satisfaction: Satisfaction::Cost,
            completion: Completion::Add1Utilitarian { until: Add1Until::Exhaustive },
        },
        BallotKind::ApprovalPhragmen => BudgetRule::Phragmen,
        BallotKind::ApprovalMaximin => BudgetRule::MaximinSupport,
        BallotKind::RankingGreedy => BudgetRule::Greedy { satisfaction: Satisfaction::Borda },
        BallotKind::ScoreShares => {
            BudgetRule::EqualShares { satisfaction: Satisfaction::Points, completion: Completion::None }
        }
        BallotKind::AllotmentShares => BudgetRule::EqualShares {
            satisfaction: Satisfaction::Points,
            completion: Completion::Add1 { until: Add1Until::Budget },
        },
        other => panic!("{other:?} has no budget"),
    }
}

fn winners_of(file: &[u8], kind: BallotKind) -> Vec<String> {
    let read = PabulibVote::read(file).expect("a file of Pabulib");
    let ties = TieChain(vec![TieLink::Lexicographic]);
    count_budget(&read.instance().expect("a vote"), &rule_of(kind), &ties).expect("a count").winners
}

/// Changes of the rules of a ballot, by place; those that the ballot has not are passed over.
fn changed_rules(rules: &Value) -> Vec<(String, Value)> {
    let changes = json!([
        ["/quorumSeats", 1],
        ["/tieChain", [{ "link": "lot", "seedHex": "00ff" }]],
        ["/roster", [rules["roster"][0]]],
        ["/closesAt", "2099-01-01T00:00:00Z"],
        ["/matter/text", "Noe annet"],
        ["/matter/majority", "absolute"],
        ["/matter/options", [rules["matter"]["options"][0], rules["matter"]["options"][1]]],
        ["/matter/most", 8],
        ["/matter/criteria/0/weight", 2],
        ["/matter/points", 8],
        ["/matter/budget/amount/amount", "150001.00"],
        ["/matter/budget/costs/0/cost/amount", "100001.00"],
        ["/matter/budget/rule", { "rule": "greedy", "satisfaction": "cost" }],
    ]);
    let mut spoilt = Vec::new();
    for row in changes.as_array().into_iter().flatten() {
        let (place, mut other) = (row[0].as_str().expect("a place").to_owned(), rules.clone());
        let Some(value) = other.pointer_mut(&place) else { continue };
        *value = row[1].clone();
        spoilt.push((place, other));
    }
    spoilt
}

async fn put(client: &Client, ballot: &str, rules: &Value) -> Reply {
    let content = json!({ "title": "Votering", "rules": rules });
    client.put(&format!("/v1/ballots/{ballot}"), &content).await
}

tildel_test_support::both_backends! {
    /// Two for the first and one for the third. The first comes first, or is what the money suffices for.
    async fn every_kind_is_voted_on_frozen_counted_and_told(store: TestStore) {
        let stage = stage(store, "sealed").await;
        let (meeting, item) = item(&stage).await;
        let chair = &stage.chair.client;
        let mut held = Vec::new();
        for kind in BallotKind::ALL {
            let matter = kind.matter(&stage.applications);
            let ballot = stage.open_ballot(&meeting, &item, matter, 2).await;
            held.push((kind, ballot.clone()));
            let at = format!("/v1/ballots/{ballot}");
            // What is open stands, as somebody may have read what it asks.
            let rules = chair.get(&at).await.expect_status(200).at("/rules");
            put(chair, &ballot, &rules).await.expect_problem(409, "wrong_state");
            let mut own = Value::Null;
            for (seat, choice) in [(0, 0), (1, 1), (1, 0), (2, 2)] {
                let content = kind.content(&stage.applications, choice);
                let vote = cast(&stage, &ballot, seat, &content).await.expect_status(200).json();
                assert_eq!(vote["content"], content, "{kind:?}");
                if seat == 1 {
                    own = vote;
                }
            }
            let text = [
                ballot.clone(),
                stage.seats[1].id.clone(),
                "2".to_owned(),
                receipt_line(&own["content"]),
                own["nonce"].as_str().expect("a nonce").to_owned(),
            ];
            assert_eq!(own["receipt"], hex::encode(Sha256::digest(text.join("\n"))), "{kind:?}");

            let changed = changed_rules(&rules);
            assert!(changed.len() >= 5, "{kind:?}: {changed:?}");
            for (place, rules) in &changed {
                let refused = put(chair, &ballot, rules).await;
                assert_eq!(refused.status, 409, "{kind:?} {place}: {}", refused.json());
                assert_eq!(refused.text("/code"), "ballot_frozen", "{kind:?} {place}");
            }
            chair.get(&format!("{at}/pabulib")).await.expect_problem(404, "not_found");

            let counted = close(&stage, &ballot).await;
            let count = counted.at("/count");
            assert_eq!(kind.votes_by_choice(&stage.applications, &count), Some([2, 0, 1]), "{kind:?}: {count}");
            let first = json!(stage.applications[0]);
            match (kind, kind.rule()) {
                (BallotKind::Motion, _) => assert_eq!(count["outcome"], "carried"),
                (_, None) => assert_eq!(count["order"][0]["applicationId"], first, "{kind:?}: {count}"),
                (_, Some(_)) => {
                    assert_eq!(count["winners"], json!([first]), "{kind:?}: {count}");
                    let money = ["totalCost", "budget", "left"].map(|name| count[name]["amount"].clone());
                    assert_eq!(money, ["100000.00", "150000.00", "50000.00"], "{kind:?}");
                    assert_eq!(count["rounds"][0]["left"]["amount"], "50000.00", "{kind:?}");
                }
            }
            let receipts = chair.get(&format!("{at}/receipts")).await.expect_status(200).at("/receipts");
            assert!(receipts.as_array().expect("receipts").contains(&own["receipt"]), "{kind:?}");

            let file = chair.get(&format!("{at}/pabulib")).await;
            if kind.rule().is_none() {
                file.expect_problem(404, "not_found");
                continue;
            }
            let file = file.expect_status(200);
            assert_eq!(winners_of(&file.body, kind), [stage.applications[0].clone()], "{kind:?}");
            let tag = file.header("etag").expect("an entity tag").to_owned();
            let again = [("If-None-Match", tag.as_str())];
            let again = chair.send(reqwest::Method::GET, &format!("{at}/pabulib"), None, &again).await;
            assert_eq!(again.status, 304);
            let text = String::from_utf8(file.body).expect("text");
            for seat in &stage.seats {
                assert!(!text.contains(&seat.id) && !text.contains(&seat.member.id), "{kind:?}: {text}");
            }
        }
        // The worker counts again, and the counts are told in the minutes and side by side.
        assert!(stage.world.work().await > 0);
        chair.act(&format!("/v1/meetings/{meeting}"), "ending", None).await.expect_status(200);
        let minutes = chair.get(&format!("/v1/meetings/{meeting}/minutes")).await.expect_status(200);
        let treated = chair.get(&format!("/v1/rounds/{}/treatments", stage.round)).await.expect_status(200);
        for place in [minutes.at("/items/0/ballots"), treated.at("/treatments/0/items/0/ballots")] {
            let told = place.as_array().expect("ballots").clone();
            assert_eq!(told.len(), held.len());
            for (kind, ballot) in &held {
                let one = told.iter().find(|one| one["id"] == ballot.as_str()).expect("the ballot");
                let votes = kind.votes_by_choice(&stage.applications, &one["count"]);
                assert_eq!(votes, Some([2, 0, 1]), "{kind:?}");
            }
        }
    }

    /// Two of the voters approve the second application, one is recused on it and may speak of the others only. Who is recused sees
    /// neither the count nor the file.
    async fn recusal_on_one_option_holds_in_every_kind(store: TestStore) {
        let stage = stage(store, "sealed").await;
        let (meeting, item) = item(&stage).await;
        let hidden = &stage.applications[1];
        let interest = json!({ "applicationId": hidden, "ground": "relation", "explanation": "Søster" });
        stage.seats[0].member.client.post("/v1/recusals", &interest).await.expect_status(201);
        let rest = [stage.applications[0].clone(), stage.applications[2].clone()];
        for kind in BallotKind::ALL.into_iter().filter(|kind| kind.has_options()) {
            let ballot = stage.open_ballot(&meeting, &item, kind.matter(&stage.applications), 2).await;
            let whole = kind.content(&stage.applications, 1);
            cast(&stage, &ballot, 0, &whole).await.expect_problem(403, "recused");
            cast(&stage, &ballot, 0, &kind.content(&rest, 0)).await.expect_status(200);
            for seat in [1, 2] {
                cast(&stage, &ballot, seat, &whole).await.expect_status(200);
            }
            let count = close(&stage, &ballot).await.at("/count");
            let rows = if kind.rule().is_some() { &count["options"] } else { &count["rounds"] };
            let seats_of = |application: &String| {
                let rows = rows.as_array().into_iter().flatten();
                let row = rows.into_iter().find(|row| row["applicationId"] == application.as_str());
                row.map(|row| row["seats"].clone())
            };
            if kind.word() != "ranking" || kind.rule().is_some() {
                let seats = [&stage.applications[0], hidden].map(seats_of);
                assert_eq!(seats, [Some(json!(3)), Some(json!(2))], "{kind:?}: {count}");
            }
            let first = if kind.rule().is_some() { &count["winners"][0] } else { &count["order"][0]["applicationId"] };
            assert_eq!(first, hidden, "{kind:?}: {count}");
            let member = &stage.seats[0].member.client;
            let seen = member.get(&format!("/v1/ballots/{ballot}")).await.expect_status(200);
            assert_eq!((seen.at("/withheld"), seen.at("/count")), (json!(true), Value::Null));
            member.get(&format!("/v1/ballots/{ballot}/pabulib")).await.expect_problem(404, "not_found");
        }
        assert!(stage.world.work().await > 0);
    }

    /// The money that is not given is what is free of the frame of the round's year, as it is when the rules are written.
    async fn money_is_taken_from_the_frame(store: TestStore) {
        let stage = stage(store, "sealed").await;
        let (meeting, item) = item(&stage).await;
        let mut matter = BallotKind::AllotmentShares.matter(&stage.applications);
        matter["budget"]["amount"] = Value::Null;
        let rules = stage.rules(matter, 1);
        let body = json!({ "meetingId": meeting, "agendaItemId": item, "title": "Midler", "rules": rules });
        let chair = &stage.chair.client;
        let unknown = chair.post("/v1/ballots", &body).await.expect_problem(422, "invalid_value");
        assert_eq!(unknown.at("/errors/0/pointer"), "/rules/matter/budget/amount");
        let kroner = |amount: &str| json!({ "amount": amount, "currency": "NOK" });
        let frame = json!({
            "officeId": stage.office, "schemeId": stage.scheme, "year": 2020, "status": "expected",
            "amount": kroner("30000000.00"), "places": null,
        });
        let frame = stage.directorate.client.post("/v1/frames", &frame).await.expect_status(201).id();
        let prepared = chair.post("/v1/ballots", &body).await.expect_status(201);
        let budget = prepared.at("/rules/matter/budget");
        assert_eq!(budget["amount"], kroner("30000000.00"));
        let read = ["id", "year", "status", "committed"].map(|name| budget["frame"][name].clone());
        assert_eq!(read, [json!(frame), json!(2020), json!("expected"), kroner("0.00")]);
        // 30 million kroner hold 3 000 steps of 10 000 kroner, and 30 000 of 1 000, which are too many.
        assert_eq!(budget["add1Step"], 10_000);
        // Rules that are written as they were read take the frame as it is now.
        let ballot = prepared.id();
        let changed = json!({ "status": "decided", "amount": kroner("20000000.00"), "places": null });
        stage.directorate.client.put(&format!("/v1/frames/{frame}"), &changed).await.expect_status(200);
        let still = chair.get(&format!("/v1/ballots/{ballot}")).await.expect_status(200).at("/rules");
        assert_eq!(still["matter"]["budget"]["amount"], kroner("30000000.00"));
        let now = put(chair, &ballot, &still).await.expect_status(200).at("/rules/matter/budget");
        assert_eq!((now["amount"].clone(), now["frame"]["status"].clone()), (kroner("20000000.00"), json!("decided")));
        // Money that is given is no frame's.
        let mut given = still;
        given["matter"]["budget"]["frame"] = Value::Null;
        given["matter"]["budget"]["amount"] = kroner("7.50");
        given["matter"]["budget"]["add1Step"] = Value::Null;
        let given = put(chair, &ballot, &given).await.expect_status(200).at("/rules/matter/budget");
        assert_eq!((&given["amount"], &given["frame"]), (&kroner("7.50"), &Value::Null));
    }
}
