//! What the forums do: meetings, interests, agreement tests, a ballot, recommendations, minutes.

use reqwest::Method;
use serde_json::{Value, json};

use super::actor::Actor;
use super::case::{pick, text, texts};
use super::cast::{Journey, Kind};

/// Holds the meetings in their order. The second forum joins in the order that the first one voted for.
pub(crate) async fn meet(journey: &mut Journey) {
    let mut order = Vec::new();
    for meeting in journey.case.list("/meetings") {
        journey.at_time(&meeting["startsAt"]);
        let chair = chair_of(journey, &meeting);
        let item_id = open_meeting(journey, &meeting, &chair).await;
        declare_interests(journey, &meeting).await;
        test_agreement(journey, &meeting, &chair, &item_id).await;
        let mut ballot_id = None;
        if meeting["ballot"].is_object() {
            let ballot = prepare_ballot(journey, &meeting, &chair, &item_id).await;
            order = vote(journey, &meeting, &chair, &ballot).await;
            ballot_id = Some(ballot);
        }
        recommend(journey, &meeting, &chair, ballot_id, &order).await;
        let address = journey.at("meetings", Kind::Meeting, text(&meeting, "key"));
        let held = chair.act(&address, "ending", None).await.expect_status(200);
        assert_eq!(held.text("/state"), "held");
        journey.public.get(&format!("{address}/minutes")).await.expect_problem(404, "not_found");
        let approved = chair.act(&address, "minutes/approval", None).await.expect_status(200);
        assert_eq!(approved.at("/approval/number"), 1);
        let correction = json!({ "correction": "Rettet skrivefeil i møtestedet." });
        let corrected =
            chair.act(&address, "minutes/corrections", Some(&correction)).await.expect_status(200);
        assert_eq!(corrected.at("/approval/number"), 2);
        journey.public.get(&format!("{address}/stream")).await.expect_status(200);
    }
}

fn chair_of(journey: &Journey, meeting: &Value) -> Actor {
    let forums = journey.case.list("/forums");
    let forum = forums.iter().find(|forum| forum["key"] == meeting["forum"]).unwrap();
    journey.actor(text(forum, "chair"))
}

/// Calls the meeting, writes the agenda, records who is there; returns the agenda item.
async fn open_meeting(journey: &mut Journey, meeting: &Value, chair: &Actor) -> String {
    let mut new = pick(meeting, &["startsAt", "place"]);
    new["forumId"] = json!(journey.id(Kind::Forum, text(meeting, "forum")));
    let called = chair.post("/v1/meetings", &new).await.expect_status(201);
    let key = text(meeting, "key");
    journey.remember(Kind::Meeting, key, called.id());
    let address = journey.at("meetings", Kind::Meeting, key);
    let item = json!({ "title": meeting["item"], "roundId": journey.id(Kind::Single, "round") });
    let planned = chair.act(&address, "agenda-items", Some(&item)).await.expect_status(200);
    let seats: Vec<_> = meeting["attendance"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(seat, person)| {
            let person_id = journey.id(Kind::Person, person.as_str().unwrap());
            json!({ "seatId": journey.id(Kind::Seat, seat), "personId": person_id })
        })
        .collect();
    let item_id = planned.text("/agenda/0/id");
    let note = json!({
        "agendaItemId": item_id, "title": "Saksframlegg", "kind": "case_note",
        "text": "Sekretariatet legger fram søknadene.",
    });
    let added = chair.post(&format!("{address}/papers"), &note).await.expect_status(201);
    chair.get(&format!("/v1/papers/{}", added.id())).await.expect_status(200);
    assert_eq!(chair.list(&format!("{address}/papers")).await.len(), 1);
    let current = json!({ "agendaItemId": item_id });
    let path = format!("{address}/current-item");
    chair.write(Method::PUT, &address, &path, Some(&current)).await.expect_status(200);
    let (path, body) = (format!("{address}/attendance"), json!({ "attendance": seats }));
    let attended = chair.write(Method::PUT, &address, &path, Some(&body)).await.expect_status(200);
    assert_eq!(attended.at("/attendance").as_array().unwrap().len(), seats.len());
    item_id
}

async fn declare_interests(journey: &Journey, meeting: &Value) {
    for recusal in meeting["recusals"].as_array().into_iter().flatten() {
        let mut new = pick(recusal, &["ground", "explanation"]);
        new["applicationId"] = json!(journey.id(Kind::Application, text(recusal, "application")));
        let member = journey.actor(text(recusal, "person"));
        member.post("/v1/recusals", &new).await.expect_status(201);
        assert_eq!(member.list("/v1/recusals").await.len(), 1);
    }
}

async fn test_agreement(journey: &Journey, meeting: &Value, chair: &Actor, item_id: &str) {
    let address = journey.at("meetings", Kind::Meeting, text(meeting, "key"));
    let test = json!({ "agendaItemId": item_id, "outcome": meeting["agreement"], "note": meeting["note"] });
    let tested = chair.act(&address, "agreement-tests", Some(&test)).await.expect_status(200);
    assert_eq!(tested.at("/agenda/0/agreement/outcome"), meeting["agreement"]);
}

/// Prepares the ballot; a first one had a wrong quorum, and one more was set aside.
async fn prepare_ballot(journey: &Journey, meeting: &Value, chair: &Actor, item_id: &str) -> String {
    let file = &meeting["ballot"];
    let forums = journey.case.list("/forums");
    let forum = forums.iter().find(|forum| forum["key"] == meeting["forum"]).unwrap();
    let voting = forum["seats"].as_array().unwrap().iter().filter(|seat| seat["voteRight"] == "voting");
    let roster: Vec<_> = voting.map(|seat| journey.id(Kind::Seat, text(seat, "key"))).collect();
    let assessed = journey.case.list("/applications");
    let assessed = assessed.iter().filter(|application| application["deferredToYear"].is_null());
    let options: Vec<_> =
        assessed.map(|application| journey.id(Kind::Application, text(application, "key"))).collect();
    assert_eq!((roster.len(), options.len()), (4, 8));
    let mut rules = json!({
        "matter": { "kind": "ranking", "options": options, "method": file["method"] },
        "roster": roster,
        "quorumSeats": 1,
        "tieChain": [{ "link": "lot", "seedHex": file["lotSeedHex"] }],
    });
    let meeting_id = journey.id(Kind::Meeting, text(meeting, "key"));
    let new = |title: &str, rules: &Value| json!({ "meetingId": meeting_id, "agendaItemId": item_id, "title": title, "rules": rules });
    let prepared = chair.post("/v1/ballots", &new(text(file, "title"), &rules)).await.expect_status(201);
    let ballot = format!("/v1/ballots/{}", prepared.id());
    let other = chair.post("/v1/ballots", &new("Prøveavstemning", &rules)).await.expect_status(201);
    let other = format!("/v1/ballots/{}", other.id());
    rules["quorumSeats"] = forum["quorumSeats"].clone();
    let whole = json!({ "title": file["title"], "rules": rules });
    let revised = chair.put(&ballot, &whole).await.expect_status(200);
    assert_eq!(revised.at("/rules/quorumSeats"), 3);
    rule_on_interests(journey, meeting, chair).await;
    let opened = chair.act(&ballot, "opening", None).await.expect_status(200);
    assert_eq!(opened.text("/state"), "open");
    let reason = json!({ "reason": "Opprettet for å prøve skjermen." });
    chair.act(&other, "annulment", Some(&reason)).await.expect_status(200);
    prepared.id()
}

/// The university contributes to two of the applications, which was found as the ballot was prepared; the chair rules.
async fn rule_on_interests(journey: &Journey, meeting: &Value, chair: &Actor) {
    for ruling in meeting["rulings"].as_array().into_iter().flatten() {
        let application = journey.id(Kind::Application, text(ruling, "application"));
        let person = journey.id(Kind::Person, text(ruling, "person"));
        let found = chair.list(&format!("/v1/recusals?applicationId={application}&personId={person}")).await;
        assert_eq!(
            (found.len(), &found[0]["state"], &found[0]["found"]),
            (1, &json!("suggested"), &json!(true))
        );
        let recusal = format!("/v1/recusals/{}", text(&found[0], "id"));
        let body = pick(ruling, &["upheld", "reason"]);
        let ruled = chair.act(&recusal, "ruling", Some(&body)).await.expect_status(200);
        assert_eq!(ruled.at("/state"), "not_upheld");
    }
}

/// Each seat votes, the ballot is closed and counted; returns the applications in their order.
async fn vote(journey: &Journey, meeting: &Value, chair: &Actor, ballot_id: &str) -> Vec<String> {
    let ballot = format!("/v1/ballots/{ballot_id}");
    for (seat, ranking) in meeting["ballot"]["votes"].as_object().unwrap() {
        let voter = journey.actor(text(&meeting["attendance"], seat));
        let order: Vec<_> = texts(ranking).iter().map(|key| journey.id(Kind::Application, key)).collect();
        let seat_id = journey.id(Kind::Seat, seat);
        let vote = json!({ "seatId": seat_id, "content": { "kind": "ranking", "order": order } });
        voter.post(&format!("{ballot}/votes"), &vote).await.expect_status(200);
        let own = voter.get(&format!("{ballot}/votes/{seat_id}")).await.expect_status(200);
        assert_eq!(own.at("/content/order"), json!(order));
    }
    let counted = chair.act(&ballot, "closing", None).await.expect_status(200);
    assert_eq!(counted.text("/state"), "counted");
    assert_eq!(counted.at("/votesCast"), 4);
    // A voter finds the own receipt among those of the votes that were counted. The forum keeps votes secret.
    let seen = chair.list(&format!("{ballot}/votes")).await;
    assert!(seen.is_empty(), "{seen:?}");
    let voter = journey.actor("member-university");
    let own = voter.list(&format!("{ballot}/votes")).await;
    let published = voter.get(&format!("{ballot}/receipts")).await.expect_status(200).at("/receipts");
    let published = published.as_array().unwrap();
    assert!(own.len() == 1 && published.len() == 4 && published.contains(&own[0]["receipt"]));
    // Who has an interest in one of the applications is not told the outcome.
    let recused = journey.actor("member-sandnes").get(&ballot).await.expect_status(200);
    assert_eq!(recused.at("/withheld"), true);
    assert!(recused.at("/count").is_null());
    let places = counted.at("/count/order");
    let order: Vec<_> =
        places.as_array().unwrap().iter().map(|place| text(place, "applicationId").to_owned()).collect();
    assert_eq!(order.len(), 8);
    order
}

/// Writes and adopts a recommendation: as many as there are places are ranked, the rest is the reserve.
async fn recommend(
    journey: &Journey,
    meeting: &Value,
    chair: &Actor,
    ballot_id: Option<String>,
    order: &[String],
) {
    let lines = |assessment: &str| -> Vec<Value> {
        let line = |(index, application_id): (usize, &String)| {
            let outcome = if index < 2 { "ranked" } else { "reserve" };
            json!({
                "applicationId": application_id,
                "outcome": outcome,
                "rank": index + 1,
                "assessment": assessment,
            })
        };
        order.iter().enumerate().map(line).collect()
    };
    let mut new = json!({
        "roundId": journey.id(Kind::Single, "round"),
        "forumId": journey.id(Kind::Forum, text(meeting, "forum")),
        "meetingId": journey.id(Kind::Meeting, text(meeting, "key")),
        "lines": lines("Ikke vurdert ennå."),
    });
    if let Some(ballot_id) = ballot_id {
        new["ballotId"] = json!(ballot_id);
    }
    let draft = chair.post("/v1/recommendations", &new).await.expect_status(201);
    let address = format!("/v1/recommendations/{}", draft.id());
    journey.public.get(&address).await.expect_problem(404, "not_found");
    let whole = json!({ "lines": lines("Vurdert ut fra en helhetsvurdering.") });
    chair.put(&address, &whole).await.expect_status(200);
    let adopted = chair.act(&address, "adoption", None).await.expect_status(200);
    assert_eq!(adopted.text("/state"), "adopted");
    journey.public.get(&address).await.expect_status(200);
    dissent(journey, meeting, &address).await;
    let signed = chair.act(&address, "sign-off", None).await.expect_status(200);
    assert_eq!(signed.text("/state"), "signed_off");
}

/// The member of the unions has another view and writes it down, thinks better of it, and in the second forum keeps it there
/// without a name.
async fn dissent(journey: &Journey, meeting: &Value, address: &str) {
    let seats = meeting["attendance"].as_object().unwrap();
    let (seat, person) = seats.iter().find(|(seat, _)| seat.contains("unions")).unwrap();
    let member = journey.actor(person.as_str().unwrap());
    let seat_id = journey.id(Kind::Seat, seat);
    let view = json!({ "seatId": seat_id, "named": false, "text": "Friskolen burde stått høyere." });
    let recorded = member.act(address, "dissents", Some(&view)).await.expect_status(200);
    assert_eq!(
        recorded.text("/dissent/0/seatId"),
        seat_id,
        "the own view shows its seat to whoever wrote it"
    );
    assert!(journey.public.get(address).await.at("/dissent/0/seatId").is_null());
    if meeting["forum"] == "regional" {
        let path = format!("{address}/dissents/{seat_id}");
        let without = member.write(Method::DELETE, address, &path, None).await.expect_status(200);
        assert_eq!(without.at("/dissent"), json!([]));
    }
}

/// Anyone can read what both forums advise, and the minutes of both meetings.
pub(crate) async fn read_back(journey: &Journey) {
    let public = &journey.public;
    let round_id = journey.id(Kind::Single, "round");
    let both = public.list(&format!("/v1/recommendations?roundId={round_id}")).await;
    let advising: Vec<_> = both.iter().map(|recommendation| text(recommendation, "forumId")).collect();
    let forums = [journey.id(Kind::Forum, "regional"), journey.id(Kind::Forum, "decentralised")];
    assert_eq!(advising, forums);
    let mut prioritised = [journey.id(Kind::Application, "sandnes"), journey.id(Kind::Application, "jaeren")];
    prioritised.sort();
    for recommendation in &both {
        let lines = recommendation["lines"].as_array().unwrap();
        let mut ranked: Vec<_> = lines
            .iter()
            .filter(|line| line["outcome"] == "ranked")
            .map(|line| text(line, "applicationId").to_owned())
            .collect();
        ranked.sort();
        assert_eq!(ranked, prioritised);
        assert_eq!(lines.len(), 8);
    }
    assert_eq!(public.list("/v1/meetings").await.len(), 2);
    // Side by side: the first forum voted, the second one agreed, and both recommend.
    let treated = public.get(&format!("/v1/rounds/{round_id}/treatments")).await.expect_status(200);
    let outcome = |forum: usize| treated.at(&format!("/treatments/{forum}/items/0/agreement/outcome"));
    assert_eq!((outcome(0), outcome(1)), (json!("not_agreed"), json!("agreed")));
    assert_eq!(treated.at("/treatments/0/items/0/ballots").as_array().map(Vec::len), Some(2));
    assert!(treated.at("/treatments/1/recommendation").is_object());
    let member = journey.actor("member-university");
    assert_eq!(member.list("/v1/ballots").await.len(), 2);
    assert!(member.list("/v1/notifications").await.is_empty(), "the forums want no reminders");
    for (key, present, name) in
        [("regional-may", 5, "Tone Madla"), ("decentralised-may", 3, "Liv Ullandhaug")]
    {
        let address = journey.at("meetings", Kind::Meeting, key);
        public.get(&address).await.expect_status(200);
        let minutes = public.get(&format!("{address}/minutes")).await.expect_status(200).json();
        let attended = minutes["present"].as_array().unwrap();
        assert_eq!(attended.len(), present, "{key}");
        assert!(attended.iter().any(|one| one["name"] == name), "{key}: {attended:?}");
        let item = &minutes["items"][0];
        assert_eq!(item["item"]["title"], "Kommuner til oppstartsfase Kompetanseløftet", "{key}");
        assert!(item["recommendation"].is_object(), "{key}");
    }
}
