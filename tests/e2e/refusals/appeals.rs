//! Appeals: what is late or without a right is dismissed, or treated for a reason; a new decision follows an upheld one only.

use serde_json::{Value, json};

use super::Play;
use crate::stage::kroner;

/// Plays the act.
pub(crate) async fn play(play: &mut Play) {
    let office = play.stage.office.clone();
    let (officer, approver) = (&office.officer.client, &office.approver.client);
    let lead = play.stage.lead.clone();
    play.stage.frame(2023, kroner(10_000_000), Value::Null).await;
    let met = play.stage.recommended(2023, &[&lead]).await;
    let award = play.stage.approved_decision(crate::stage::Stage::award(&met, 2023)).await;
    let letter = play.stage.proposed_letter(&award).await;
    play.stage.call(approver, "letterApprove", &[&letter], Value::Null).await.expect_status(200);
    play.stage.world.work().await;
    play.stage.call(officer, "letterDispatch", &[&letter], Value::Null).await.expect_status(200);

    // A municipality has no right to appeal.
    let appeal =
        json!({ "decisionId": award, "applicationId": met.applications[0], "grounds": "For kort tid" });
    let made =
        play.stage.call(&lead.person.client, "appealCreate", &[], appeal.clone()).await.expect_status(201);
    play.refused(&lead.person.client, "appealCreate", &[], appeal, "already_exists").await;
    let id = made.id();
    play.stage.call(officer, "appealReview", &[&id], Value::Null).await.expect_status(200);
    let upheld =
        json!({ "outcome": "upheld", "reason": "Vi er enige", "legalBasis": "forvaltningsloven § 33" });
    play.refused(officer, "appealPropose", &[&id], upheld, "appeal_not_admissible").await;
    let answer = json!({ "matter": { "kind": "award", "roundId": met.round, "lines": [] }, "appealId": id });
    play.refused(officer, "decisionCreate", &[], answer, "appeal_not_upheld").await;
}
