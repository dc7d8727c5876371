//! A change is accepted on what was told of it, as things stand: else nobody can have read what it does.

use serde_json::{Value, json};
use tildel_test_support::{TestStore, both_backends};

use crate::changes::{FIRST, accept, granted, only};
use crate::reading::{notice, recounted};
use crate::stage::{Stage, kroner};

async fn set_frame(stage: &Stage, id: &str, amount: u32) {
    let content = json!({ "status": "expected", "amount": kroner(amount) });
    stage.call(&stage.directorate.client, "frameUpdate", &[id], content).await.expect_status(200);
}

/// The frame of 2025, whose change moves no amount here, but is something that the plan rests on.
async fn frame(stage: &Stage) -> String {
    let path = format!("/v1/frames?officeId={}", stage.office.id);
    let frames = stage.world.public().get(&path).await.expect_status(200);
    let of_year = frames.at("/items").as_array().unwrap().iter().find(|frame| frame["year"] == 2025).cloned();
    of_year.unwrap()["id"].as_str().unwrap().to_owned()
}

/// The jobs of a kind that wait.
async fn waiting(stage: &Stage, kind: &str) -> usize {
    let jobs = stage.world.admin.get("/v1/jobs?state=ready&limit=200").await.expect_status(200);
    jobs.at("/items").as_array().unwrap().iter().filter(|job| job["kind"] == kind).count()
}

both_backends! {
    /// Neither before the worker has told what it does, nor after something else has changed; a refusal asks the worker to tell it again.
    async fn a_change_is_accepted_on_what_was_told_of_it(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let frame = frame(&stage).await;
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (60, 67))]).await;
        accept(&stage, &only(&stage, "").await).await.expect_problem(409, "change_not_assessed");
        stage.world.work().await;
        assert_eq!(waiting(&stage, "change.assess").await, 0);

        // Something that the plan rests on is otherwise, and nothing is computed yet.
        set_frame(&stage, &frame, 9_000_000).await;
        let told = only(&stage, "state=open").await;
        accept(&stage, &told).await.expect_problem(409, "change_not_assessed");
        assert_eq!(waiting(&stage, "change.assess").await, 1, "the refused transaction left it behind");
        stage.world.work().await;
        let told_again = only(&stage, "state=open").await;
        assert_ne!(told_again["effect"]["plans"][0]["inputHash"], told["effect"]["plans"][0]["inputHash"]);
        assert_eq!(told_again["effect"]["plans"][0]["runId"], stage.newest_run().await["id"], "a new run computes it again, too");
        accept(&stage, &told_again).await.expect_status(200);
        stage.world.work().await;
        assert_eq!(stage.newest_run().await["inputHash"], told_again["effect"]["plans"][0]["inputHash"]);
    }

    /// A newer run of the plan than was told of; here the worker is stopped between the run and the effect.
    async fn a_newer_run_is_read_first(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let frame = frame(&stage).await;
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (60, 67))]).await;
        stage.world.work().await;
        let told = only(&stage, "state=open").await;
        set_frame(&stage, &frame, 9_000_000).await;
        assert_eq!((waiting(&stage, "plan.recompute").await, waiting(&stage, "change.assess").await), (1, 0));
        assert!(stage.world.worker.step().await.unwrap());
        assert_ne!(stage.newest_run().await["id"], told["effect"]["plans"][0]["runId"]);
        assert_eq!(waiting(&stage, "change.assess").await, 1, "the run asks for what waits on its plan");
        accept(&stage, &told).await.expect_problem(409, "change_not_assessed");
        stage.world.work().await;
        accept(&stage, &told).await.expect_status(200);
    }

    /// A dry run of an acceptance that is refused leaves nothing behind.
    async fn a_dry_run_asks_for_nothing(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let frame = frame(&stage).await;
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (60, 67))]).await;
        stage.world.work().await;
        set_frame(&stage, &frame, 9_000_000).await;
        let id = only(&stage, "state=open").await["id"].as_str().unwrap().to_owned();
        let at = format!("/v1/changes/{id}");
        let path = format!("{at}/acceptance?dryRun=true");
        let officer = &stage.office.officer.client;
        let refused = officer.act_with(reqwest::Method::POST, &at, &path, None).await;
        refused.expect_problem(409, "change_not_assessed");
        assert_eq!(waiting(&stage, "change.assess").await, 0);
    }

    /// A grant that comes after a change was found is touched, too, and the effect tells of its plan.
    async fn a_grant_that_comes_later_is_touched(store: TestStore) {
        let stage = Stage::set(store).await;
        let lead = stage.number_of(&stage.lead).await;
        stage.unit_headcount(FIRST, "2019-12-20", 100, None).await;
        let round = stage.open_round(2020, 100).await;
        stage.draft(&round, &stage.lead).await;
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (100, 107))]).await;
        stage.world.work().await;
        let found = only(&stage, "state=open").await;
        assert_eq!((&found["grants"], &found["effect"]["plans"]), (&json!([]), &json!([])));
        assert_eq!(found["rounds"].as_array().unwrap().len(), 1);
        let grant = stage.promised(2024).await;
        let touched = only(&stage, "state=open").await;
        assert_eq!(touched["grants"][0]["grantId"], grant["id"]);
        // By hand: 7 × 100 in 2025.
        assert_eq!(touched["effect"]["plans"][0]["moves"][0]["difference"], kroner(700));
        accept(&stage, &touched).await.expect_status(200);
        assert_eq!(only(&stage, "").await["decidedBy"], json!(stage.office.officer.id));
        stage.call(&stage.office.officer.client, "changeAccept", &[touched["id"].as_str().unwrap()], Value::Null)
            .await.expect_problem(409, "change_not_open");
    }
}
