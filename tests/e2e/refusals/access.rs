//! Who may not, and what inputs are not.

use serde_json::{Value, json};

use super::Play;
use crate::scenes::{content, with};
use crate::stage::kroner;

/// Plays the act.
pub(crate) async fn play(play: &mut Play) {
    let office = play.stage.office.clone();
    let other = play.stage.other.clone();
    let stranger = play.stage.stranger.person.client.clone();
    let round = play.stage.draft_round(2020, 30).await;
    play.refused(&stranger, "roundRead", &[&round], Value::Null, "not_found").await;
    play.refused(&office.approver.client, "roundAnnounce", &[&round], Value::Null, "role_not_allowed").await;
    let announced = play.stage.announced_round(2020, 30).await;
    play.refused(&other.officer.client, "roundOpen", &[&announced], Value::Null, "other_office").await;
    let open = play.stage.open_round(2020, 30).await;
    let submitted = play.stage.submitted(&open, &play.stage.lead).await;
    play.refused(&stranger, "applicationUpdate", &[&submitted], content(), "other_organisation").await;
    let (meeting, _) = play.stage.meeting(None).await;
    play.refused(&other.chair.client, "meetingHold", &[&meeting], Value::Null, "not_chair").await;
    values(play).await;
}

async fn values(play: &mut Play) {
    let officer = play.stage.office.officer.client.clone();
    let directorate = play.stage.directorate.client.clone();
    // 974 760 673 is Brønnøysundregistrene's own number, so 974 760 674 has a wrong check digit.
    let body = json!({ "number": "974760674", "name": "Feil", "kind": "municipality", "language": "nb" });
    let reply = play.refused(&officer, "organisationCreate", &[], body, "invalid_value").await;
    assert_eq!(reply.text("/errors/0/pointer"), "/number");

    let ids = json!({ "officeId": play.stage.office.id, "schemeId": play.stage.office.id });
    let body = with(play.stage.round_body(2020, 30), ids);
    let reply = play.refused(&officer, "roundCreate", &[], body, "unknown_reference").await;
    assert_eq!(reply.text("/errors/0/pointer"), "/schemeId");

    play.stage.frame(2020, kroner(10_000_000), Value::Null).await;
    let body = json!({
        "officeId": play.stage.office.id, "schemeId": play.stage.scheme, "year": 2020, "status": "expected",
    });
    play.refused(&directorate, "frameCreate", &[], body, "already_exists").await;
}
