//! After the letter: the independent school, which is on the reserve list, appeals. The office does not uphold it, and neither does the
//! directorate, so the decision stands and no amount moves.
//!
//! The letter of June does not tell of appeals; this is how one would have gone. Only the school may appeal: the other applicants are
//! municipalities. The letter was sent on Thursday 11 June 2020, so the period ended with Thursday 2 July, at 22:00 in UTC.

use serde_json::{Value, json};

use super::cast::{Journey, Kind};

/// The office says who may appeal, and on what that rests.
pub(crate) async fn set_rules(journey: &Journey) {
    let rules = format!("{}/appeal-rules", journey.at("offices", Kind::Single, "office"));
    let standing = journey.public.get(&rules).await.expect_status(200).at("/rules");
    let has_right = |kind: &str| {
        let rule = standing.as_array().unwrap().iter().find(|rule| rule["rule"]["recipientKind"] == kind);
        rule.unwrap()["rule"]["hasRight"] == true
    };
    assert!(has_right("independent_school") && has_right("kindergarten_owner"));
    assert!(!has_right("municipality") && !has_right("county_municipality") && !has_right("university"));
    let own = json!({
        "recipientKind": "independent_school", "hasRight": true, "days": 21, "receiptDays": 0,
        "legalBasis": {
            "nb": "forvaltningsloven §§ 28 og 29", "nn": "forvaltningslova §§ 28 og 29",
            "en": "the Public Administration Act sections 28 and 29",
        },
        "appealBody": {
            "nb": "Utdanningsdirektoratet", "nn": "Utdanningsdirektoratet",
            "en": "the Directorate for Education and Training",
        },
    });
    journey.officer().put(&rules, &json!({ "rules": [own] })).await.expect_status(200);
}

/// The school's appeal from its receipt to the directorate's ruling.
pub(crate) async fn of_the_school(journey: &Journey) {
    let award = journey.public.get(&journey.at("decisions", Kind::Single, "award")).await;
    assert_eq!(award.text("/appealPeriodEndsAt"), "2020-07-02T22:00:00Z");
    let with_right =
        award.at("/notices").as_array().unwrap().iter().filter(|notice| !notice["endsAt"].is_null()).count();
    assert_eq!((award.at("/notices").as_array().unwrap().len(), with_right), (9, 1));

    journey.world.at("2020-06-18T10:00:00+02:00");
    let (officer, approver) = (journey.officer(), journey.approver());
    let school = journey.actor("applicant-school");
    let new = json!({
        "decisionId": journey.id(Kind::Single, "award"), "applicationId": journey.id(Kind::Application, "school"),
        "grounds": "Friskolen er den eneste ikke-kommunale søkeren og ber om at fordelingen vurderes på nytt.",
    });
    let lodged = school.post("/v1/appeals", &new).await.expect_status(201);
    assert_eq!((lodged.at("/late"), lodged.at("/withoutRight")), (json!(false), json!(false)));
    let address = format!("/v1/appeals/{}", lodged.id());
    assert_eq!(officer.list("/v1/appeals").await.len(), 1);
    officer.get(&address).await.expect_status(200);
    let state = async |of: &str| journey.public.get(of).await.expect_status(200).text("/state");
    let decision = journey.at("decisions", Kind::Single, "award");
    assert_eq!(state(&decision).await, "appealed");

    officer.act(&address, "review", None).await.expect_status(200);
    would_have_got(journey, &lodged.id()).await;
    let ruling = json!({
        "outcome": "sent_on", "legalBasis": "forvaltningsloven § 33 fjerde ledd",
        "reason": "Embetet har to plasser, og forumene satte friskolen på reservelisten.",
    });
    officer.act(&address, "ruling", Some(&ruling)).await.expect_status(200);
    officer.act(&address, "approval", None).await.expect_problem(403, "same_person_approves");
    let back = json!({ "reason": "Vis til vurderingen i innstillingene." });
    approver.act(&address, "return", Some(&back)).await.expect_status(200);
    officer.act(&address, "ruling", Some(&ruling)).await.expect_status(200);
    assert_eq!(approver.act(&address, "approval", None).await.expect_status(200).text("/state"), "sent_on");

    journey.world.at("2020-06-26T10:00:00+02:00");
    let of_body = json!({
        "outcome": "not_upheld", "legalBasis": "forvaltningsloven § 34", "ruledOn": "2020-06-25",
        "reason": "Direktoratet er enig med embetet.",
    });
    officer.act(&address, "ruling", Some(&of_body)).await.expect_status(200);
    assert_eq!(
        approver.act(&address, "approval", None).await.expect_status(200).text("/state"),
        "not_upheld"
    );
    assert_eq!(state(&decision).await, "notified", "the others' period is not over");

    // A municipality without a right is heard, and thinks better of it.
    let mut other = new;
    other["applicationId"] = json!(journey.id(Kind::Application, "practice-a"));
    let applicant = journey.actor("applicant-a");
    let other = applicant.post("/v1/appeals", &other).await.expect_status(201);
    assert_eq!(other.at("/withoutRight"), json!(true));
    applicant.act(&format!("/v1/appeals/{}", other.id()), "withdrawal", None).await.expect_status(200);

    journey.world.at("2020-07-02T22:00:00Z");
    journey.world.work().await;
    assert_eq!(state(&decision).await, "upheld");
}

/// Computed as things stood at the decision: no model was published then, so the amounts were pending for everybody.
async fn would_have_got(journey: &Journey, appeal: &str) {
    let officer = journey.officer();
    let new = json!({ "appealId": appeal, "granted": { "firstYear": 2020, "lastYear": 2024 } });
    let rerun = officer.post("/v1/appeal-reruns", &new).await.expect_status(201);
    let school = journey.actor("applicant-school");
    let read = school.get(&format!("/v1/appeal-reruns/{}", rerun.id())).await.expect_status(200);
    let lines = read.at("/plan/lines").as_array().cloned().unwrap();
    // Two projects and the school's, over five years.
    assert_eq!(lines.len(), 15);
    assert!(lines.iter().all(|line| line["amount"] == Value::Null));
    assert_eq!(officer.list(&format!("/v1/appeal-reruns?appealId={appeal}")).await.len(), 1);
}
