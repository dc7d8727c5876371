//! Awards: what departs from the advice says why, the second person is another one, and places are places.

use serde_json::{Value, json};

use super::Play;
use crate::scenes::Met;
use crate::stage::{Stage, kroner};

/// Plays the act.
pub(crate) async fn play(play: &mut Play) {
    let (lead, partner) = (play.stage.lead.clone(), play.stage.partner.clone());
    let unadvised = play.stage.met(2021, &[&lead]).await;
    let officer = play.stage.office.officer.client.clone();
    let body = Stage::award(&unadvised, 2021);
    play.refused(&officer, "decisionCreate", &[], body, "recommendation_missing").await;

    let met = play.stage.recommended(2021, &[&lead, &partner]).await;
    lines(play, &met).await;
    second_person(play, &met).await;
    places(play, &met).await;
}

async fn lines(play: &mut Play, met: &Met) {
    let officer = play.stage.office.officer.client.clone();
    let whole = Stage::award(met, 2021);
    let mut short = whole.clone();
    short["matter"]["lines"].as_array_mut().expect("lines").pop();
    play.refused(&officer, "decisionCreate", &[], short, "decision_line_missing").await;

    // The forum ranked both, so to decline one departs from its advice.
    let declined = |fields: Value| {
        let mut body = whole.clone();
        let line = json!({ "applicationId": met.applications[1], "outcome": "declined" });
        body["matter"]["lines"][1] = crate::scenes::with(line, fields);
        body
    };
    let bare = declined(json!({}));
    let reply = play.refused(&officer, "decisionCreate", &[], bare, "departure_without_reason_code").await;
    assert_eq!(reply.text("/errors/0/pointer"), "/matter/lines/1/reasonCode");
    let coded = declined(json!({ "reasonCode": "frame" }));
    let reply = play.refused(&officer, "decisionCreate", &[], coded, "departure_without_reason").await;
    assert_eq!(reply.text("/errors/0/pointer"), "/matter/lines/1/reason");
    let reasoned = declined(json!({ "reasonCode": "frame", "reason": "Rammen er for liten" }));
    play.refused(&officer, "decisionCreate", &[], reasoned, "departure_without_legal_basis").await;
    let founded = declined(json!({
        "reasonCode": "frame", "reason": "Rammen er for liten", "legalBasis": "Retningslinjene punkt 5",
    }));
    play.stage.draft_decision(founded).await;

    let mut deferred = whole.clone();
    deferred["matter"]["lines"][1] = json!({
        "applicationId": met.applications[1], "outcome": "deferred", "deferredToYear": 2021, "reason": "Senere",
    });
    play.refused(&officer, "decisionCreate", &[], deferred.clone(), "deferral_not_later").await;
    let line = &mut deferred["matter"]["lines"][1];
    line["deferredToYear"] = 2022.into();
    line.as_object_mut().expect("a line").remove("reason");
    play.refused(&officer, "decisionCreate", &[], deferred, "reason_required").await;
}

async fn second_person(play: &mut Play, met: &Met) {
    let office = play.stage.office.clone();
    let decision = play.stage.proposed_decision(Stage::award(met, 2021)).await;
    // The officer has the right to approve, too; but not what the same person prepared.
    let same_person = play.stage.world.token(&office.officer.id, "approver").await;
    for client in [&same_person, &office.officer.client] {
        play.refused(client, "decisionApprove", &[&decision], Value::Null, "same_person_approves").await;
    }
    let approver = &office.approver.client;
    // The case officer records what the approver did not say.
    let interest = json!({
        "personId": office.approver.id, "applicationId": met.applications[0], "ground": "party",
        "explanation": "Sitter i styret",
    });
    play.stage.call(&office.officer.client, "recusalDeclare", &[], interest).await.expect_status(201);
    play.refused(approver, "decisionApprove", &[&decision], Value::Null, "approver_has_interest").await;
}

/// Two granted projects do not fit into one place, and none fits into a year without a frame.
async fn places(play: &mut Play, met: &Met) {
    let extra = json!({ "officeId": play.stage.office.id });
    let (approver, _) = play.stage.world.person("Godkjenner to", "approver", extra).await;
    let decision = play.stage.proposed_decision(Stage::award(met, 2021)).await;
    play.refused(&approver, "decisionApprove", &[&decision], Value::Null, "frame_unknown").await;
    let frame = play.stage.frame(2021, kroner(10_000_000), json!(1)).await;
    play.refused(&approver, "decisionApprove", &[&decision], Value::Null, "places_exceeded").await;
    let used = play.stage.world.public().get(&format!("/v1/frames/{frame}")).await.at("/placesUsed");
    assert_eq!(used, 0, "a refused approval fills no place");

    let two = json!({ "status": "decided", "amount": kroner(10_000_000), "places": 2 });
    let directorate = play.stage.directorate.client.clone();
    play.stage.call(&directorate, "frameUpdate", &[&frame], two).await.expect_status(200);
    play.stage.call(&approver, "decisionApprove", &[&decision], Value::Null).await.expect_status(200);
    let one = json!({ "status": "decided", "amount": kroner(10_000_000), "places": 1 });
    play.refused(&directorate, "frameUpdate", &[&frame], one, "places_exceeded").await;
}
