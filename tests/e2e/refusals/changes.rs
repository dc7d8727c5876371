//! Changes of registers: what a person set stands, one unit does not stand for all, and what is over is over.

use serde_json::Value;

use super::Play;
use crate::reading::{notice, recounted};

const NUMBER: &str = "974101";

/// Plays the act, on the grants that the lead has got by now.
pub(crate) async fn play(play: &mut Play) {
    let officer = play.stage.office.officer.client.clone();
    let lead = play.stage.number_of(&play.stage.lead).await;
    // Older than the count of the whole, which is of 15 December 2019.
    play.stage.unit_headcount(NUMBER, "2019-06-01", 60, None).await;
    notice(&play.stage.world, vec![recounted("2020-05-01", NUMBER, &lead, (60, 61))]).await;
    let first = open(play).await;
    play.refused(&officer, "changeAccept", &[&first], Value::Null, "counted_as_whole").await;

    play.stage.unit_headcount(NUMBER, "2020-06-01", 100, Some("Talt i barnehagen.")).await;
    notice(&play.stage.world, vec![recounted("2020-07-01", NUMBER, &lead, (61, 62))]).await;
    let second = open(play).await;
    play.refused(&officer, "changeAccept", &[&second], Value::Null, "headcount_set_by_person").await;
    play.refused(&officer, "changeAccept", &[&first], Value::Null, "change_not_open").await;
}

/// The one change of the kindergarten that is open.
async fn open(play: &Play) -> String {
    let path = format!("/v1/changes?state=open&unitNumber={NUMBER}");
    let listed = play.stage.office.officer.client.get(&path).await.expect_status(200);
    assert_eq!(listed.at("/items").as_array().map(Vec::len), Some(1));
    listed.text("/items/0/id")
}
