//! Dry runs of decisions: the effect is told, the refusals are the real ones, and nothing is stored.

use reqwest::Method;
use serde_json::{Value, json};
use tildel_test_support::{TestStore, dump};
use tildel_tests::{Client, Reply};

use super::scene::{Scene, departure};
use crate::stage::{Stage, kroner};

/// A dry run, with the entity tag of the decision as it is.
async fn dry(stage: &Stage, who: &Client, decision: &str, action: &str) -> Reply {
    let resource = format!("/v1/decisions/{decision}");
    let tag = who.get(&resource).await.expect_status(200).header("etag").expect("a tag").to_owned();
    let key = format!("dry-{decision}-{action}-{}", stage.world.clock.now());
    let headers = [("If-Match", tag.as_str()), ("Idempotency-Key", key.as_str())];
    who.send(Method::POST, &format!("{resource}/{action}?dryRun=true"), None, &headers).await
}

fn change(from: impl Into<Value>, to: impl Into<Value>) -> Value {
    json!({ "from": from.into(), "to": to.into() })
}

tildel_test_support::both_backends! {
    /// The one place of 2024 goes to Sandnes: 110 000 kroner in each of two years. Then the amounts: 390 000 of half a million are
    /// left in each year.
    async fn the_effect_is_told_and_nothing_is_stored(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let (officer, approver) = (&stage.office.officer.client, &stage.office.approver.client);
        let decision = stage.draft_decision(scene.award()).await;
        let store = stage.world.service().store();
        let before = dump(store).expect("a dump");
        assert!(before.len() > 25 && before["decisions"].len() == 1, "the dump sees what it must");
        let proposed = dry(stage, officer, &decision, "proposal").await.expect_status(200);
        assert_eq!(proposed.text("/state"), "proposed");
        assert_eq!(dump(store).expect("a dump"), before, "the dry run stored something");
        let frame = proposed.at("/effect/frames/0");
        assert_eq!((frame["year"].clone(), frame["places"].clone()), (json!(2024), json!(1)));
        assert_eq!(frame["placesUsed"], change(0, 1));
        assert_eq!(frame["placesLeft"], change(1, 0));
        assert_eq!(frame["promised"], change(kroner(0), kroner(0)));
        assert_eq!(proposed.at("/effect/grants"), json!([{
            "applicationId": scene.of_sandnes(), "leadId": stage.lead.organisation, "name": "Sandnes", "firstYear": 2024,
            "lastYear": 2025,
        }]));
        let line = |year: i16| json!({
            "applicationId": scene.of_sandnes(), "grantId": null, "year": year, "from": null, "to": kroner(110_000),
        });
        assert_eq!(proposed.at("/effect/plan/runId"), Value::Null);
        assert_eq!(proposed.at("/effect/plan/lines"), json!([line(2024), line(2025)]));
        assert_eq!(proposed.at("/effect/planProblem"), Value::Null);
        // The control: what is done in earnest is stored, and has no effect to tell.
        let earnest = stage.call(officer, "decisionPropose", &[&decision], Value::Null).await.expect_status(200);
        assert_eq!(earnest.at("/effect"), Value::Null);
        assert_ne!(dump(store).expect("a dump"), before);

        let before = dump(store).expect("a dump");
        let approved = dry(stage, approver, &decision, "approval").await.expect_status(200);
        assert_eq!(dump(store).expect("a dump"), before, "the dry run stored something");
        assert_eq!(approved.at("/effect"), proposed.at("/effect"), "both tell what an approval does");
        stage.call(approver, "decisionApprove", &[&decision], Value::Null).await.expect_status(200);
        stage.world.work().await;
        assert_eq!(stage.grants(&scene.met.round).await[0]["years"][0]["planned"], kroner(110_000));

        let mut amounts = scene.amounts_of_sandnes().await;
        amounts["matter"]["lines"][0] = departure(amounts["matter"]["lines"][0].clone());
        let decision = stage.proposed_decision(amounts).await;
        let before = dump(store).expect("a dump");
        let approved = dry(stage, approver, &decision, "approval").await.expect_status(200);
        assert_eq!(dump(store).expect("a dump"), before, "the dry run stored something");
        for (index, year) in [(0, 2024), (1, 2025)] {
            let frame = approved.at(&format!("/effect/frames/{index}"));
            assert_eq!(frame["year"], json!(year));
            assert_eq!(frame["promised"], change(kroner(0), kroner(110_000)));
            assert_eq!(frame["left"], change(kroner(500_000), kroner(390_000)));
            let promise = approved.at(&format!("/effect/promises/{index}"));
            assert_eq!((promise["from"].clone(), promise["to"].clone()), (Value::Null, kroner(110_000)));
        }
        assert_eq!(approved.at("/effect/grants"), json!([]));
        assert_eq!(approved.at("/effect/plan/lines"), json!([]), "what is decided is what was planned");
    }

    /// Two grants do not fit into one place, and 110 000 kroner not into a frame of 109 999; a dry run says so in the words of the
    /// real thing.
    async fn a_dry_run_is_refused_as_the_real_thing(store: TestStore) {
        let scene = Scene::set(store).await;
        let stage = &scene.stage;
        let (officer, approver) = (&stage.office.officer.client, &stage.office.approver.client);
        let mut both = scene.award();
        both["matter"]["lines"][1] = departure(json!({
            "applicationId": scene.of_school(), "outcome": "granted", "firstYear": 2024, "lastYear": 2025,
        }));
        let decision = stage.draft_decision(both).await;
        let of_proposal = dry(stage, officer, &decision, "proposal").await.expect_problem(409, "places_exceeded");
        stage.call(officer, "decisionPropose", &[&decision], Value::Null).await.expect_status(200);
        let of_approval = dry(stage, approver, &decision, "approval").await.expect_problem(409, "places_exceeded");
        let real = stage.call(approver, "decisionApprove", &[&decision], Value::Null).await.expect_problem(409, "places_exceeded");
        for dry in [of_proposal, of_approval] {
            assert_eq!((dry.text("/title"), dry.text("/rule")), (real.text("/title"), real.text("/rule")));
        }

        let award = stage.approved_decision(scene.award()).await;
        assert_eq!(scene.state(&format!("/v1/decisions/{award}")).await, "approved");
        stage.world.work().await;
        let lacking = json!({ "status": "decided", "amount": kroner(109_999), "places": 1 });
        stage.call(&stage.directorate.client, "frameUpdate", &[&scene.frame], lacking).await.expect_status(200);
        stage.world.work().await;
        let mut amounts = scene.amounts_of_sandnes().await;
        amounts["matter"]["lines"][0] = departure(amounts["matter"]["lines"][0].clone());
        let decision = stage.draft_decision(amounts).await;
        dry(stage, officer, &decision, "proposal").await.expect_problem(409, "frame_exceeded");
    }
}
