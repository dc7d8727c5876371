//! Rounds and applications: the lifecycle.

use serde_json::{Value, json};

use super::Play;
use crate::scenes::{content, with};

/// Plays the act.
pub(crate) async fn play(play: &mut Play) {
    let officer = play.stage.office.officer.client.clone();
    let lead = play.stage.lead.clone();
    let round = play.stage.draft_round(2020, 30).await;
    play.refused(&officer, "roundOpen", &[&round], Value::Null, "wrong_state").await;
    let announced = play.stage.announced_round(2020, 30).await;
    let new = with(content(), json!({ "roundId": announced }));
    play.refused(&lead.person.client, "applicationCreate", &[], new, "round_not_open").await;
    deadline(play).await;
    parties(play).await;
    screening(play).await;
}

/// A deadline at 23:59 with ten minutes of grace takes what comes at 00:08:59 and refuses what comes at 00:09:00.
async fn deadline(play: &mut Play) {
    let lead = play.stage.lead.clone();
    let officer = play.stage.office.officer.client.clone();
    let deadline = json!({ "local": "2020-04-20T23:59:00", "zone": "Europe/Oslo", "graceMinutes": 10 });
    let ids =
        json!({ "officeId": play.stage.office.id, "schemeId": play.stage.scheme, "deadline": deadline });
    let body = with(play.stage.round_body(2020, 30), ids);
    let round = play.stage.call(&officer, "roundCreate", &[], body).await.expect_status(201).id();
    for operation in ["roundAnnounce", "roundOpen"] {
        play.stage.call(&officer, operation, &[&round], Value::Null).await.expect_status(200);
    }
    let mut drafts = Vec::new();
    for _ in 0..3 {
        drafts.push(play.stage.draft(&round, &lead).await);
    }
    // Norway is two hours ahead of UTC in April.
    for (instant, draft) in [("2020-04-20T21:59:30Z", &drafts[0]), ("2020-04-20T22:08:59Z", &drafts[1])] {
        play.stage.world.at(instant);
        let reply = play.stage.call(&lead.person.client, "applicationSubmit", &[draft], Value::Null).await;
        assert_eq!(reply.expect_status(200).text("/state"), "submitted");
    }
    play.stage.world.at("2020-04-20T22:09:00Z");
    play.refused(&lead.person.client, "applicationSubmit", &[&drafts[2]], Value::Null, "deadline_passed")
        .await;
    let late = with(content(), json!({ "roundId": round }));
    play.refused(&lead.person.client, "applicationCreate", &[], late, "deadline_passed").await;
}

async fn parties(play: &mut Play) {
    let (lead, partner) = (play.stage.lead.clone(), play.stage.partner.clone());
    let client = &lead.person.client;
    let round = play.stage.open_round(2020, 30).await;
    let draft = play.stage.draft(&round, &lead).await;

    let unfinished = with(content(), json!({ "answers": { "measure": "Nettverk" } }));
    play.stage.call(client, "applicationUpdate", &[&draft], unfinished).await.expect_status(200);
    play.refused(client, "applicationSubmit", &[&draft], Value::Null, "application_incomplete").await;
    play.stage.call(client, "applicationUpdate", &[&draft], content()).await.expect_status(200);

    let party = json!({ "organisationId": partner.organisation, "role": "partner" });
    let added = play.stage.call(client, "partyAdd", &[&draft], party.clone()).await.expect_status(200);
    play.refused(client, "partyAdd", &[&draft], party, "duplicate_party").await;
    play.refused(client, "applicationSubmit", &[&draft], Value::Null, "partner_not_confirmed").await;

    // The lead can not confirm for the partner.
    let ids = [draft.as_str(), &added.text("/parties/1/id")];
    play.refused(client, "partyConfirm", &ids, json!({}), "other_organisation").await;
    play.stage.call(&partner.person.client, "partyConfirm", &ids, json!({})).await.expect_status(200);
    play.stage.call(client, "applicationSubmit", &[&draft], Value::Null).await.expect_status(200);
}

async fn screening(play: &mut Play) {
    let officer = play.stage.office.officer.client.clone();
    let lead = play.stage.lead.clone();
    let (round, applications) = play.stage.closed_round(2020, &[&lead]).await;
    let application = applications[0].as_str();
    play.refused(&officer, "roundSendToForum", &[&round], Value::Null, "screening_incomplete").await;
    for year in [json!(2020), Value::Null] {
        let body = json!({ "outcome": "deferred", "reason": "Venter på planen", "deferredToYear": year });
        play.refused(&officer, "applicationScreen", &[application], body, "deferral_not_later").await;
    }
    play.stage.screen(application, "deferred", Some(2021)).await;
    play.stage.call(&officer, "roundSendToForum", &[&round], Value::Null).await.expect_status(200);
}
