//! The forum: agreement first, one vote for each seat, rules that stand, interests that count.

use serde_json::{Value, json};

use tildel_tests::ballot_kinds::BallotKind;

use super::Play;
use crate::scenes::{Met, with};
use crate::stage::seat_body;

/// Plays the act.
pub(crate) async fn play(play: &mut Play) {
    no_vote_for_the_office(play).await;
    let (lead, partner) = (play.stage.lead.clone(), play.stage.partner.clone());
    let met = play.stage.met(2020, &[&lead, &partner]).await;
    agreement_first(play, &met).await;
    one_vote_for_each_seat(play, &met).await;
    votes_of_other_kinds(play, &met).await;
    interests(play, &met).await;
    found_interests(play, &met).await;
    voting_ends(play, &met).await;
}

async fn no_vote_for_the_office(play: &mut Play) {
    let office = play.stage.office.clone();
    for kind in ["county_governor", "directorate"] {
        let seat = seat_body(&office.forum, &office.officer.id, kind, "voting");
        play.refused(&office.officer.client, "seatCreate", &[], seat, "office_has_no_vote").await;
    }
    // The office takes part all the same, but no ballot opens with its seat on the roster.
    let seat = seat_body(&office.forum, &office.officer.id, "county_governor", "observer");
    play.stage.call(&office.officer.client, "seatCreate", &[], seat).await.expect_status(201);
}

async fn agreement_first(play: &mut Play, met: &Met) {
    let chair = play.stage.office.chair.client.clone();
    let motion = play.stage.motion(&met.applications[0]);
    let ballot = play.stage.ballot(met, motion.clone()).await;
    play.refused(&chair, "ballotOpen", &[&ballot], Value::Null, "agreement_test_missing").await;
    let skipped = json!({ "agendaItemId": met.item, "outcome": "skipped" });
    play.refused(&chair, "agreementRecord", &[&met.meeting], skipped, "reason_required").await;

    let (meeting, item) = play.stage.meeting(Some(&met.round)).await;
    // Nobody is recorded as present, so nobody can agree.
    let agreed = json!({ "agendaItemId": item, "outcome": "agreed" });
    play.refused(&chair, "agreementRecord", &[&meeting], agreed, "quorum_not_met").await;
    play.stage.attend(&meeting).await;
    play.stage.agreement(&meeting, &item, "agreed").await;
    let agreed = Met { meeting, item, ..met.clone() };
    let agreed = play.stage.ballot(&agreed, motion).await;
    play.refused(&chair, "ballotOpen", &[&agreed], Value::Null, "agreement_reached").await;

    play.stage.agreement(&met.meeting, &met.item, "not_agreed").await;
    play.stage.call(&chair, "ballotOpen", &[&ballot], Value::Null).await.expect_status(200);
}

async fn one_vote_for_each_seat(play: &mut Play, met: &Met) {
    let office = play.stage.office.clone();
    let (chair, member) = (&office.chair.client, &office.member.client);
    let [chairs_seat, members_seat] = &office.seats;
    let motion = play.stage.motion(&met.applications[0]);
    let ballot = play.stage.open_ballot(met, motion.clone()).await;
    let vote = |seat: &str, choice: &str| json!({ "seatId": seat, "content": { "kind": "motion", "choice": choice } });

    play.refused(member, "voteCast", &[&ballot], vote(chairs_seat, "for"), "not_your_seat").await;
    let extra = seat_body(&office.forum, &office.member.id, "association", "voting");
    let extra =
        play.stage.call(&office.officer.client, "seatCreate", &[], extra).await.expect_status(201).id();
    play.refused(member, "voteCast", &[&ballot], vote(&extra, "for"), "not_on_roster").await;
    let on_item = json!({ "meetingId": met.meeting, "agendaItemId": met.item });
    let without_it = crate::scenes::with(motion.clone(), on_item);
    play.refused(chair, "ballotCreate", &[], without_it, "roster_incomplete").await;
    let over = json!({ "memberId": office.member.id, "termTo": "2020-01-01" });
    play.stage.call(&office.officer.client, "seatUpdate", &[&extra], over).await.expect_status(200);
    let ranking = json!({
        "seatId": members_seat, "content": { "kind": "ranking", "order": met.applications },
    });
    play.refused(member, "voteCast", &[&ballot], ranking, "invalid_vote").await;

    // A changed vote counts once: against, then for, is one vote for.
    for (who, seat, choice) in
        [(chair, chairs_seat, "against"), (member, members_seat, "against"), (member, members_seat, "for")]
    {
        play.stage.call(who, "voteCast", &[&ballot], vote(seat, choice)).await.expect_status(200);
    }
    let revised =
        play.stage.ballot_body(json!({ "kind": "motion", "text": "Noe annet", "majority": "absolute" }));
    play.refused(chair, "ballotUpdate", &[&ballot], revised, "ballot_frozen").await;
    let counted = play.stage.call(chair, "ballotClose", &[&ballot], Value::Null).await.expect_status(200);
    assert_eq!(counted.at("/votesCast"), 2);
    let counts = ["/count/for", "/count/against", "/count/notCast"].map(|pointer| counted.at(pointer));
    assert_eq!(counts, [json!(1), json!(1), json!(0)], "{}", counted.json());
    play.refused(member, "voteCast", &[&ballot], vote(members_seat, "for"), "wrong_state").await;
}

/// Scores stay on the scale and are complete, points suffice, and money needs costs, a frame or an amount, and an order of ties.
async fn votes_of_other_kinds(play: &mut Play, met: &Met) {
    let office = play.stage.office.clone();
    let (chair, member) = (&office.chair.client, &office.member.client);
    let seat = &office.seats[1];
    let vote = |content: Value| json!({ "seatId": seat, "content": content });
    let [first, second] = met.applications.as_slice() else { panic!("two applications") };
    let score = |id: &str, scores: Value| json!({ "applicationId": id, "scores": scores });
    let scores = |scores: Value| vote(json!({ "kind": "score", "scores": scores }));
    let matter = BallotKind::Score.matter(&met.applications);
    let ballot = play.stage.open_ballot(met, play.stage.ballot_body(matter)).await;
    let off = scores(json!([score(first, json!([10])), score(second, json!([0]))]));
    play.refused(member, "voteCast", &[&ballot], off, "score_off_scale").await;
    let incomplete = scores(json!([score(first, json!([9]))]));
    play.refused(member, "voteCast", &[&ballot], incomplete, "scores_incomplete").await;
    let matter = BallotKind::Allotment.matter(&met.applications);
    let ballot = play.stage.open_ballot(met, play.stage.ballot_body(matter)).await;
    let given = json!([{ "applicationId": first, "points": 5 }, { "applicationId": second, "points": 5 }]);
    let points = vote(json!({ "kind": "allotment", "points": given }));
    play.refused(member, "voteCast", &[&ballot], points, "too_many_points").await;

    // Rules that can not be carried out, each with its place.
    let on_item = json!({ "meetingId": met.meeting, "agendaItemId": met.item });
    let matter = BallotKind::ApprovalShares.matter(&met.applications);
    let mut sound = with(play.stage.ballot_body(matter), on_item);
    sound["rules"]["tieChain"] = json!([{ "link": "lexicographic" }]);
    let terms = "/rules/matter/budget";
    let strange = json!([
        ["/rules/tieChain", "/rules/tieChain", []],
        ["/rules/matter/method", terms, "count"],
        ["/rules/matter/budget/amount/amount", "/rules/matter/budget/amount", "0.00"],
        ["/rules/matter/budget/costs/1/applicationId", "/rules/matter/budget/costs/1/applicationId", first],
        ["/rules/matter/budget/rule/completion", "/rules/matter/budget/rule/until", "none"],
        ["/rules/matter/budget/rule/satisfaction", "/rules/matter/budget/rule", "borda"],
        ["/rules/matter/budget/add1Step", "/rules/matter/budget/add1Step", 3],
    ]);
    for row in strange.as_array().into_iter().flatten() {
        let mut spoilt = sound.clone();
        *spoilt.pointer_mut(row[0].as_str().expect("a place")).expect("a place") = row[2].clone();
        let reply = play.refused(chair, "ballotCreate", &[], spoilt, "invalid_value").await;
        assert_eq!(reply.at("/errors/0/pointer"), row[1], "{}", reply.json());
    }
    let ballot = play.stage.call(chair, "ballotCreate", &[], sound).await.expect_status(201).id();
    play.stage.call(chair, "ballotOpen", &[&ballot], Value::Null).await.expect_status(200);
    let approved = vote(json!({ "kind": "approval", "approved": [first] }));
    play.stage.call(member, "voteCast", &[&ballot], approved).await.expect_status(200);
    play.refused(chair, "ballotPabulibRead", &[&ballot], Value::Null, "not_found").await;
    play.stage.call(chair, "ballotClose", &[&ballot], Value::Null).await.expect_status(200);
    play.refused(chair, "ballotPabulibRead", &[&ballot], Value::Null, "votes_secret").await;
}

/// Who is recused has no vote there and does not see what others said; on a ranking the rest of the options remains.
async fn interests(play: &mut Play, met: &Met) {
    let office = play.stage.office.clone();
    let (chair, member) = (&office.chair.client, &office.member.client);
    let members_seat = &office.seats[1];
    let [first, second] = met.applications.as_slice() else { panic!("two applications") };
    let interest = json!({ "applicationId": first, "ground": "relation", "explanation": "Bror i ledelsen" });
    play.stage.call(member, "recusalDeclare", &[], interest).await.expect_status(201);
    let of_another = json!({
        "personId": office.chair.id, "applicationId": first, "ground": "party", "explanation": "Påstand",
    });
    play.refused(member, "recusalDeclare", &[], of_another.clone(), "role_not_allowed").await;
    // Another office has no say in who takes part here.
    for outsider in [play.stage.other.officer.client.clone(), play.stage.other.chair.client.clone()] {
        play.refused(&outsider, "recusalDeclare", &[], of_another.clone(), "other_office").await;
    }

    let ballot = play.stage.open_ballot(met, play.stage.motion(first)).await;
    let vote = |seat: &str| json!({ "seatId": seat, "content": { "kind": "motion", "choice": "for" } });
    play.refused(member, "voteCast", &[&ballot], vote(members_seat), "recused").await;
    play.stage.call(chair, "voteCast", &[&ballot], vote(&office.seats[0])).await.expect_status(200);
    play.stage.call(chair, "ballotClose", &[&ballot], Value::Null).await.expect_status(200);
    let seen = |reply: &tildel_tests::Reply| {
        (reply.at("/withheld"), reply.at("/votesCast"), reply.at("/count").is_null())
    };
    let by_chair = play.stage.call(chair, "ballotRead", &[&ballot], Value::Null).await.expect_status(200);
    let by_member = play.stage.call(member, "ballotRead", &[&ballot], Value::Null).await.expect_status(200);
    assert_eq!(seen(&by_chair), (json!(false), json!(1), false));
    assert_eq!(seen(&by_member), (json!(true), json!(0), true));

    let options = json!([first, second]);
    let ranking = json!({ "kind": "ranking", "options": options, "method": "borda" });
    let ranking = play.stage.open_ballot(met, play.stage.ballot_body(ranking)).await;
    let order =
        |order: Value| json!({ "seatId": members_seat, "content": { "kind": "ranking", "order": order } });
    play.refused(member, "voteCast", &[&ranking], order(json!([second, first])), "recused").await;
    play.refused(member, "voteCast", &[&ranking], order(json!([second, second])), "invalid_vote").await;
    play.refused(member, "voteCast", &[&ranking], order(json!([met.round])), "invalid_vote").await;
    play.stage.call(member, "voteCast", &[&ranking], order(json!([second]))).await.expect_status(200);
}

/// Who belongs to a party is found when the ballot is prepared. It does not open before the chair has ruled, and nobody rules on
/// themselves. A deputy has the seat's vote only where the member has not.
async fn found_interests(play: &mut Play, met: &Met) {
    let office = play.stage.office.clone();
    let chair = office.chair.client.clone();
    let application = met.applications[1].clone();
    let employed = json!({ "organisationId": play.stage.partner.organisation });
    let (clerk, clerk_id) = play.stage.world.person("Ansatt Time", "member", employed).await;
    let (deputy, deputy_id) = play.stage.world.person("Vara Time", "member", json!({})).await;
    let mut seat = seat_body(&office.forum, &clerk_id, "municipality", "voting");
    seat["deputyId"] = deputy_id.clone().into();
    let seat = play.stage.call(&office.officer.client, "seatCreate", &[], seat).await.expect_status(201).id();
    let mut body = play.stage.motion(&application);
    body["rules"]["roster"] = json!([office.seats[0], office.seats[1], seat]);
    let first = play.stage.ballot(met, body).await;
    play.refused(&chair, "ballotOpen", &[&first], Value::Null, "recusal_not_ruled").await;
    let own = clerk.get("/v1/recusals").await.expect_status(200);
    assert_eq!((own.at("/items/0/state"), own.at("/items/0/found")), (json!("suggested"), json!(true)));
    let recusal = own.text("/items/0/id");
    let ruling = json!({ "upheld": true, "reason": "Ansatt hos en part" });
    // The office rules on chairs and on its own people only.
    play.refused(&office.officer.client, "recusalRule", &[&recusal], ruling.clone(), "ruling_not_yours")
        .await;
    play.stage.call(&chair, "recusalRule", &[&recusal], ruling).await.expect_status(200);
    play.stage.call(&chair, "ballotOpen", &[&first], Value::Null).await.expect_status(200);
    let vote = json!({ "seatId": seat, "content": { "kind": "motion", "choice": "for" } });
    play.refused(&clerk, "voteCast", &[&first], vote.clone(), "recused").await;
    play.stage.call(&deputy, "voteCast", &[&first], vote.clone()).await.expect_status(200);
    // On the other application the member has no interest, so the deputy has no vote.
    let mut body = play.stage.motion(&met.applications[0]);
    body["rules"]["roster"] = json!([office.seats[0], office.seats[1], seat]);
    let ballot = play.stage.open_ballot(met, body).await;
    play.refused(&deputy, "voteCast", &[&ballot], vote, "seat_held_by_another").await;
    // The seat goes, so that the forum is again as the other acts know it.
    for ballot in [first, ballot] {
        let reason = json!({ "reason": "Bare prøvd" });
        play.stage.call(&chair, "ballotAnnul", &[&ballot], reason).await.expect_status(200);
    }
    let over = json!({ "memberId": clerk_id, "deputyId": deputy_id, "termTo": "2020-01-01" });
    play.stage.call(&office.officer.client, "seatUpdate", &[&seat], over).await.expect_status(200);
}

/// A ballot that ends by itself takes no vote at its end, though no worker has closed it yet.
async fn voting_ends(play: &mut Play, met: &Met) {
    let office = play.stage.office.clone();
    let ends =
        play.stage.world.clock.now().checked_add(jiff::SignedDuration::from_hours(1)).expect("an instant");
    let mut body = play.stage.motion(&met.applications[1]);
    body["rules"]["closesAt"] = ends.to_string().into();
    let ballot = play.stage.open_ballot(met, body).await;
    play.stage.world.clock.set(ends);
    let vote = json!({ "seatId": office.seats[0], "content": { "kind": "motion", "choice": "for" } });
    play.refused(&office.chair.client, "voteCast", &[&ballot], vote, "deadline_passed").await;
}
