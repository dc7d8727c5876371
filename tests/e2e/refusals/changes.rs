//! Changes of registers: what a person set stands, one unit does not stand for all, and what is over is over. And who comes after whom.

use serde_json::{Value, json};
use tildel_domain::allocation::UnitKind;
use tildel_domain::register::RegisterUnit;

use super::Play;
use crate::reading::{differs, kindergarten, notice, recounted};

const NUMBER: &str = "974101";
const SOLD: &str = "974109";
const SCHOOL: &str = "974110";

/// Plays the act, on the grants that the lead has got by now.
pub(crate) async fn play(play: &mut Play) {
    let officer = play.stage.office.officer.client.clone();
    let lead = play.stage.number_of(&play.stage.lead).await;
    // Older than the count of the whole, which is of 15 December 2019.
    play.stage.unit_headcount(NUMBER, "2019-06-01", 60, None).await;
    notice(&play.stage.world, vec![recounted("2020-05-01", NUMBER, &lead, (60, 61))]).await;
    let first = open(play, NUMBER).await;
    play.refused(&officer, "changeAccept", &[&first], Value::Null, "counted_as_whole").await;

    play.stage.unit_headcount(NUMBER, "2020-06-01", 100, Some("Talt i barnehagen.")).await;
    notice(&play.stage.world, vec![recounted("2020-07-01", NUMBER, &lead, (61, 62))]).await;
    let second = open(play, NUMBER).await;
    play.refused(&officer, "changeAccept", &[&second], Value::Null, "headcount_set_by_person").await;
    play.refused(&officer, "changeAccept", &[&first], Value::Null, "change_not_open").await;

    // It goes to somebody else, who is told of first.
    let other = play.stage.number_of(&play.stage.stranger).await;
    let (before, after) = (kindergarten(SOLD, &lead, 9), kindergarten(SOLD, &other, 9));
    play.stage.unit_headcount(SOLD, "2019-06-01", 8, None).await;
    notice(&play.stage.world, vec![recounted("2020-07-02", SOLD, &lead, (8, 9))]).await;
    let counted = open(play, SOLD).await;
    notice(&play.stage.world, vec![differs("2020-08-01", Some(before), Some(after))]).await;
    let path = format!("/v1/changes?state=open&unitNumber={SOLD}");
    let listed = officer.get(&path).await.expect_status(200);
    let sold = listed.text("/items/1/id");
    play.refused(&officer, "changeAccept", &[&sold], Value::Null, "change_not_assessed").await;
    play.stage.world.work().await;
    play.stage.call(&officer, "changeAccept", &[&sold], Value::Null).await.expect_status(200);
    play.refused(&officer, "changeAccept", &[&counted], Value::Null, "change_stale").await;

    // Who comes after it: a part is missing, and it would come after itself.
    let id = play.stage.lead.organisation.clone();
    let succession = |number: &str, share: &str| json!({ "ceasedOn": "2024-01-01", "successors": [{ "organisationNumber": number, "share": share }] });
    let operation = "organisationSuccessionSet";
    play.refused(&officer, operation, &[&id], succession(&other, "43/50"), "shares_not_whole").await;
    play.refused(&officer, operation, &[&id], succession(&lead, "1"), "successor_circle").await;
    // A school, where only kindergartens are counted.
    let school = |employees| RegisterUnit {
        unit_kind: Some(UnitKind::PrimarySchool),
        ..kindergarten(SCHOOL, &lead, employees)
    };
    notice(&play.stage.world, vec![differs("2020-08-01", Some(school(20)), Some(school(21)))]).await;
    let first = open(play, SCHOOL).await;
    play.refused(&officer, "changeAccept", &[&first], Value::Null, "units_not_taken_in").await;
}

/// The one change of the kindergarten that is open.
async fn open(play: &Play, number: &str) -> String {
    let path = format!("/v1/changes?state=open&unitNumber={number}");
    let listed = play.stage.office.officer.client.get(&path).await.expect_status(200);
    assert_eq!(listed.at("/items").as_array().map(Vec::len), Some(1));
    listed.text("/items/0/id")
}
