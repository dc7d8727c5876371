//! The end: grants are accepted, the round is completed, and the books are in order.

use serde_json::Value;

use super::case::text;
use super::cast::{Journey, Kind};

/// Whoever leads a project accepts its grant; a partner can not.
pub(crate) async fn accept(journey: &Journey) {
    journey.world.at("2020-09-15T09:00:00+02:00");
    let jaeren = journey.at("grants", Kind::Single, "grant jaeren");
    journey
        .actor("applicant-klepp")
        .act(&jaeren, "acceptance", None)
        .await
        .expect_problem(403, "other_organisation");
    for (grant, lead) in [("grant sandnes", "applicant-sandnes"), ("grant jaeren", "applicant-gjesdal")] {
        let address = journey.at("grants", Kind::Single, grant);
        let accepted = journey.actor(lead).act(&address, "acceptance", None).await.expect_status(200);
        assert_eq!(accepted.text("/state"), "accepted");
    }
    journey.world.work().await;
    let round = journey.officer().act(&journey.round(), "completion", None).await.expect_status(200);
    assert_eq!(round.text("/state"), "completed");
    assert_eq!(journey.public.list("/v1/rounds").await.len(), 2);
}

/// All work is done, but for the housekeeping that waits for its time.
pub(crate) async fn check_jobs(journey: &Journey) {
    let jobs = journey.admin.list("/v1/jobs").await;
    let kinds = |state: &str| -> Vec<String> {
        let in_state = jobs.iter().filter(|job| job["state"] == state);
        in_state.map(|job| text(job, "kind").to_owned()).collect()
    };
    for kind in ["round.close", "plan.recompute", "letter.render"] {
        assert!(kinds("done").iter().any(|done| done == kind), "no {kind} was done");
    }
    assert_eq!(kinds("ready"), ["housekeeping"]);
    assert_eq!(kinds("cancelled"), ["plan.recompute"]);
    assert_eq!(kinds("done").len() + 2, jobs.len(), "{jobs:#?}");
}

/// The journal is readable, without gaps, and each entry names the one before.
pub(crate) async fn check_journal(journey: &Journey) {
    let entries = journey.admin.list("/v1/journal").await;
    for (index, entry) in entries.iter().enumerate() {
        assert_eq!(entry["seq"].as_u64().unwrap(), index as u64 + 1);
        if index > 0 {
            assert_eq!(entry["prevHash"], entries[index - 1]["hash"]);
        }
    }
    let actions: Vec<_> = entries.iter().map(|entry| text(entry, "action")).collect();
    let times = |action: &str| actions.iter().filter(|done| **done == action).count();
    // Nine applications, one of them handed in twice, and one in 2021; one vote for each voting seat.
    assert_eq!(times("application.submit"), 11);
    assert_eq!(times("vote.cast"), 4);
    assert_eq!(times("grant.create"), 3);
    assert_eq!(times("grant.judge"), 2);
    assert_eq!(times("letter.dispatch"), 2);
    assert_eq!(times("round.complete"), 1);
    let of_round = format!("/v1/journal?subjectKind=round&subjectId={}", journey.id(Kind::Single, "round"));
    let of_round = journey.officer().list(&of_round).await;
    let of_round: Vec<_> = of_round.iter().map(|entry: &Value| text(entry, "action")).collect();
    let expected = [
        "round.create",
        "round.revise",
        "round.announce",
        "round.open",
        "round.close",
        "round.send_to_forum",
        "round.recommend",
        "round.recommend",
        "round.decide",
        "round.complete",
    ];
    assert_eq!(of_round, expected);
}
