//! A year on: a forum gets a deputy chair, and a seat another deputy.

use serde_json::json;

use super::cast::{Journey, Kind};

/// Whoever chairs may be recused, and deputies move on.
pub(crate) async fn change_people(journey: &Journey) {
    let officer = journey.officer();
    let seat = journey.at("seats", Kind::Seat, "unions");
    let held = officer.get(&seat).await.expect_status(200);
    let forum = journey.at("forums", Kind::Forum, "regional");
    let led = officer.get(&forum).await.expect_status(200);
    let content = json!({
        "name": led.at("/name"), "shortName": led.at("/shortName"), "quorumSeats": led.at("/quorumSeats"),
        "quorumByKind": led.at("/quorumByKind"), "disclosure": led.at("/disclosure"),
        "reminderHours": led.at("/reminderHours"), "chairId": led.at("/chairId"),
        "deputyChairId": held.at("/memberId"),
    });
    let changed = officer.put(&forum, &content).await.expect_status(200);
    assert_eq!(changed.at("/deputyChairId"), held.at("/memberId"));
    let content = json!({ "memberId": held.at("/memberId"), "deputyId": null, "termTo": held.at("/termTo") });
    let changed = officer.put(&seat, &content).await.expect_status(200);
    assert!(changed.at("/deputyId").is_null());
}
