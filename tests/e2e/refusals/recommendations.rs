//! Recommendations: they rest on what the forum came to, assess by each criterion, and say where they depart from a count.

use serde_json::{Value, json};

use super::Play;
use crate::scenes::with;

/// Plays the act.
pub(crate) async fn play(play: &mut Play) {
    let (lead, partner) = (play.stage.lead.clone(), play.stage.partner.clone());
    let office = play.stage.office.clone();
    let (chair, member) = (&office.chair.client, &office.member.client);
    let met = play.stage.met(2023, &[&lead, &partner]).await;
    let [first, second] = met.applications.as_slice() else { panic!("two applications") };
    let draft = play.stage.draft_recommendation(&met).await;
    play.refused(chair, "recommendationAdopt", &[&draft], Value::Null, "recommendation_without_basis").await;

    let mut advice = play.stage.advice(&met);
    advice["lines"][0]["criteria"] = json!([{ "key": "need", "text": "Stort" }]);
    let reply = play.refused(chair, "recommendationCreate", &[], advice, "invalid_value").await;
    assert_eq!(reply.text("/errors/0/pointer"), "/lines/0/criteria/0/key");

    play.stage.agreement(&met.meeting, &met.item, "not_agreed").await;
    let ranking = json!({ "kind": "ranking", "options": [first, second], "method": "schulze" });
    let ballot = play.stage.open_ballot(&met, play.stage.ballot_body(ranking)).await;
    let vote =
        json!({ "seatId": office.seats[1], "content": { "kind": "ranking", "order": [second, first] } });
    play.stage.call(member, "voteCast", &[&ballot], vote).await.expect_status(200);
    play.stage.call(chair, "ballotClose", &[&ballot], Value::Null).await.expect_status(200);
    let advice = with(play.stage.advice(&met), json!({ "ballotId": ballot }));
    let code = "departure_from_count_unexplained";
    play.refused(chair, "recommendationCreate", &[], advice, code).await;
    criteria(play).await;
}

/// A round that states a criterion has it assessed.
async fn criteria(play: &mut Play) {
    let office = play.stage.office.clone();
    let officer = &office.officer.client;
    let criteria = json!([{ "key": "need", "text": { "nb": "Lokale behov" } }]);
    let ids = json!({ "officeId": office.id, "schemeId": play.stage.scheme, "criteria": criteria });
    let body = with(play.stage.round_body(2023, 1), ids);
    let round = play.stage.call(officer, "roundCreate", &[], body).await.expect_status(201).id();
    for operation in ["roundAnnounce", "roundOpen"] {
        play.stage.call(officer, operation, &[&round], Value::Null).await.expect_status(200);
    }
    let lead = play.stage.lead.clone();
    let application = play.stage.submitted(&round, &lead).await;
    play.stage.pass_days(2);
    play.stage.call(officer, "roundClose", &[&round], Value::Null).await.expect_status(200);
    play.stage.screen(&application, "eligible", None).await;
    play.stage.call(officer, "roundSendToForum", &[&round], Value::Null).await.expect_status(200);
    let (meeting, item) = play.stage.meeting(Some(&round)).await;
    let met = crate::scenes::Met { round, meeting, item, applications: vec![application] };
    let advice = play.stage.advice(&met);
    let reply = play
        .refused(&office.chair.client, "recommendationCreate", &[], advice, "criterion_not_assessed")
        .await;
    assert_eq!(reply.text("/errors/0/pointer"), "/lines/0/criteria");
}
