//! Money over HTTP: what runs move and who accepts it, the reserve list, bundles, and scenarios that leave no trace.
//!
//! By hand, throughout: a project gets 100 000 kroner and 100 kroner for each employee of its parties.

mod impact;
mod runs;
mod scenarios;

use serde_json::Value;

use crate::stage::Stage;

/// The years of a grant as it stands.
async fn years(stage: &Stage, grant: &Value) -> Vec<Value> {
    let path = format!("/v1/grants/{}", grant["id"].as_str().expect("an id"));
    let years = stage.world.public().get(&path).await.expect_status(200).at("/years");
    years.as_array().cloned().expect("years")
}

/// What is promised in a year of the office's frame.
async fn committed(stage: &Stage, year: i16) -> Value {
    let path = format!("/v1/frames?officeId={}&schemeId={}&year={year}", stage.office.id, stage.scheme);
    stage.world.public().get(&path).await.expect_status(200).at("/items/0/committed")
}
