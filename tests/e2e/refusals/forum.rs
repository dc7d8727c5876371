//! The forum: agreement first, one vote for each seat, rules that stand, interests that count.

use serde_json::{Value, json};

use super::Play;
use crate::scenes::Met;
use crate::stage::seat_body;

/// Plays the act.
pub(crate) async fn play(play: &mut Play) {
    no_vote_for_the_office(play).await;
    let (lead, partner) = (play.stage.lead.clone(), play.stage.partner.clone());
    let met = play.stage.met(2020, &[&lead, &partner]).await;
    agreement_first(play, &met).await;
    one_vote_for_each_seat(play, &met).await;
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
    body["rules"]["roster"] = json!([office.seats[0], seat]);
    let ballot = play.stage.ballot(met, body).await;
    play.refused(&chair, "ballotOpen", &[&ballot], Value::Null, "recusal_not_ruled").await;
    let own = clerk.get("/v1/recusals").await.expect_status(200);
    assert_eq!((own.at("/items/0/state"), own.at("/items/0/found")), (json!("suggested"), json!(true)));
    let recusal = own.text("/items/0/id");
    let ruling = json!({ "upheld": true, "reason": "Ansatt hos en part" });
    // The office rules on chairs and on its own people only.
    play.refused(&office.officer.client, "recusalRule", &[&recusal], ruling.clone(), "ruling_not_yours")
        .await;
    play.stage.call(&chair, "recusalRule", &[&recusal], ruling).await.expect_status(200);
    play.stage.call(&chair, "ballotOpen", &[&ballot], Value::Null).await.expect_status(200);
    let vote = json!({ "seatId": seat, "content": { "kind": "motion", "choice": "for" } });
    play.refused(&clerk, "voteCast", &[&ballot], vote.clone(), "recused").await;
    play.stage.call(&deputy, "voteCast", &[&ballot], vote.clone()).await.expect_status(200);
    // On the other application the member has no interest, so the deputy has no vote.
    let mut body = play.stage.motion(&met.applications[0]);
    body["rules"]["roster"] = json!([seat]);
    let ballot = play.stage.open_ballot(met, body).await;
    play.refused(&deputy, "voteCast", &[&ballot], vote, "seat_held_by_another").await;
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
