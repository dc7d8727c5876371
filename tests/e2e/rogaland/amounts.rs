//! The amounts: model and frames are published, the worker computes, the office decides what came out.
//!
//! By hand, for each of the years 2020 to 2024, as model, frames and headcounts are the same throughout:
//!
//! ```text
//! Sandnes   400 000 + 852.50 × (1029.2 + 1450)                            = 2 513 518.00
//! Jæren     400 000 + 852.50 × (154.5 + 266.7 + 243.8 + 260.1
//!                             + 260   + 380   + 370   + 390  = 2325.1)    = 2 382 147.75, in whole kroner 2 382 148
//! ```

use serde_json::{Value, json};

use super::case::text;
use super::cast::{Journey, Kind};

const SANDNES: &str = "2513518.00";
const JAEREN: &str = "2382148.00";
/// Both together, in a year.
const BOTH: &str = "4895666.00";

fn nok(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "NOK" })
}

/// The directorate publishes the model and sets the frames.
pub(crate) async fn publish(journey: &mut Journey) {
    let file = journey.case.file["amounts"].clone();
    journey.at_time(&file["publishedAt"]);
    let directorate = journey.actor("directorate");
    let new = json!({ "schemeId": journey.id(Kind::Single, "scheme"), "document": file["model"] });
    let published = directorate.post("/v1/funding-models", &new).await.expect_status(201);
    journey.public.get(&format!("/v1/funding-models/{}", published.id())).await.expect_status(200);
    assert_eq!(journey.public.list("/v1/funding-models").await.len(), 1);
    for frame in file["frames"].as_array().unwrap() {
        let mut content = json!({ "status": frame["status"], "amount": nok(text(frame, "amount")) });
        if frame["year"] == 2020 {
            content["places"] = json!(2);
            let standing = journey.at("frames", Kind::Single, "frame 2020");
            directorate.put(&standing, &content).await.expect_status(200);
            continue;
        }
        content["officeId"] = json!(journey.id(Kind::Single, "office"));
        content["schemeId"] = json!(journey.id(Kind::Single, "scheme"));
        content["year"] = frame["year"].clone();
        let made = directorate.post("/v1/frames", &content).await.expect_status(201);
        journey.remember(Kind::Single, &format!("frame {}", frame["year"]), made.id());
    }
}

/// The worker computes; returns the run that stands.
pub(crate) async fn compute(journey: &Journey) -> Value {
    journey.world.work().await;
    let (office_id, scheme_id) = (journey.id(Kind::Single, "office"), journey.id(Kind::Single, "scheme"));
    let runs = format!("/v1/runs?officeId={office_id}&schemeId={scheme_id}&sort=-createdAt");
    let before = journey.public.list(&runs).await;
    // Asked for once more, and called off before it began.
    let officer = journey.officer();
    let plan = json!({ "officeId": office_id, "schemeId": scheme_id });
    let asked = officer.post("/v1/plans/recomputations", &plan).await.expect_status(202);
    let operation = asked.header("location").unwrap().to_owned();
    assert_eq!(operation, format!("/v1/operations/{}", asked.text("/operationId")));
    let cancelled = officer.post(&format!("{operation}/cancellation"), &json!({})).await.expect_status(200);
    assert_eq!(cancelled.text("/state"), "cancelled");
    // Asked for again and done: the same inputs make no new run.
    let asked = officer.post("/v1/plans/recomputations", &plan).await.expect_status(202);
    journey.world.work().await;
    let done = officer.get(asked.header("location").unwrap()).await.expect_status(200);
    assert_eq!(done.text("/state"), "done");
    assert_eq!(done.at("/result"), json!({ "runId": before[0]["id"], "new": false }));
    assert_eq!(journey.public.list(&runs).await, before);
    let run =
        journey.public.get(&format!("/v1/runs/{}", text(&before[0], "id"))).await.expect_status(200).json();
    assert_eq!(run["plan"]["lines"].as_array().unwrap().len(), 10);
    run
}

/// The office decides the amounts of the run, to the krone, in each of five years.
pub(crate) async fn decide(journey: &Journey, run: &Value) {
    journey.at_time(&journey.case.file["amounts"]["decidedAt"]);
    let (officer, approver) = (journey.officer(), journey.approver());
    let lines: Vec<_> = run["plan"]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| json!({ "grantId": line["projectId"], "year": line["year"], "amount": line["amount"] }))
        .collect();
    let new = json!({ "matter": { "kind": "amounts", "runId": run["id"], "lines": lines } });
    let decision = officer.post("/v1/decisions", &new).await.expect_status(201);
    let address = format!("/v1/decisions/{}", decision.id());
    officer.act(&address, "proposal", None).await.expect_status(200);
    officer.act(&address, "approval", None).await.expect_problem(403, "same_person_approves");
    approver.act(&address, "approval", None).await.expect_status(200);
    journey.world.work().await;
    for (grant, amount) in [("grant sandnes", SANDNES), ("grant jaeren", JAEREN)] {
        let grant = journey.public.get(&journey.at("grants", Kind::Single, grant)).await.expect_status(200);
        let years = grant.at("/years");
        let promised: Vec<_> = years
            .as_array()
            .unwrap()
            .iter()
            .map(|year| (year["year"].clone(), year["promised"].clone(), year["promisedRunId"].clone()))
            .collect();
        let expected =
            [2020, 2021, 2022, 2023, 2024].map(|year| (json!(year), nok(amount), run["id"].clone()));
        assert_eq!(promised, expected);
        // Only the frame of 2020 is decided by the Storting; what rests on the others is on condition.
        let conditional: Vec<_> =
            years.as_array().unwrap().iter().map(|year| year["conditional"].clone()).collect();
        assert_eq!(json!(conditional), json!([false, true, true, true, true]));
    }
    for year in 2020..=2024 {
        let frame = journey.public.get(&journey.at("frames", Kind::Single, &format!("frame {year}"))).await;
        assert_eq!(frame.at("/committed"), nok(BOTH), "{year}");
    }
}
