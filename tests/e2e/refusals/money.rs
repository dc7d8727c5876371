//! Money: amounts are those of a run, stay within the frame, and wait where a headcount is unknown. And their letters.

use serde_json::{Value, json};

use super::Play;
use crate::stage::{Applicant, Person, Stage, kroner, organisation_number};

/// A project of an applicant with 100 employees gets 100 000 kroner and 100 kroner for each of them.
const AMOUNT: u32 = 110_000;

/// Plays the act.
pub(crate) async fn play(play: &mut Play) {
    let lead = play.stage.lead.clone();
    let uncounted = uncounted(play).await;
    let frame = play.stage.frame(2024, kroner(AMOUNT - 1), Value::Null).await;
    let met = play.stage.recommended(2024, &[&lead, &uncounted]).await;
    let award = play.stage.approved_decision(Stage::award(&met, 2024)).await;
    play.stage.world.work().await;

    let grants = play.stage.grants(&met.round).await;
    let grant_of = |applicant: &Applicant| {
        let grant = grants.iter().find(|grant| grant["leadId"] == applicant.organisation.as_str());
        grant.expect("a grant").clone()
    };
    let (counted, pending) = (grant_of(&lead), grant_of(&uncounted));
    assert_eq!(counted["years"][0]["planned"], kroner(AMOUNT));
    assert_eq!(pending["years"][0]["planned"], Value::Null, "an unknown headcount is never zero");
    let run = counted["years"][0]["plannedRunId"].clone();
    let amounts = |grant: &Value, year: i16, amount: u32| {
        let line = json!({ "grantId": grant["id"], "year": year, "amount": kroner(amount) });
        json!({ "matter": { "kind": "amounts", "runId": run, "lines": [line] } })
    };

    let office = play.stage.office.clone();
    let (officer, approver) = (&office.officer.client, &office.approver.client);
    let wrong = amounts(&counted, 2024, AMOUNT + 1);
    play.refused(officer, "decisionCreate", &[], wrong, "amount_not_of_run").await;
    let outside = amounts(&counted, 2023, AMOUNT);
    play.refused(officer, "decisionCreate", &[], outside, "amount_not_of_run").await;
    let zero = amounts(&pending, 2024, 0);
    play.refused(officer, "decisionCreate", &[], zero, "amount_pending").await;

    // The frame lacks one krone.
    let decision = play.stage.proposed_decision(amounts(&counted, 2024, AMOUNT)).await;
    play.refused(approver, "decisionApprove", &[&decision], Value::Null, "frame_exceeded").await;
    let unframed = play.stage.proposed_decision(amounts(&counted, 2025, AMOUNT)).await;
    play.refused(approver, "decisionApprove", &[&unframed], Value::Null, "frame_unknown").await;
    let directorate = play.stage.directorate.client.clone();
    let content = |amount: u32| json!({ "status": "decided", "amount": kroner(amount) });
    play.stage.call(&directorate, "frameUpdate", &[&frame], content(AMOUNT)).await.expect_status(200);
    play.stage.call(approver, "decisionApprove", &[&decision], Value::Null).await.expect_status(200);
    play.refused(&directorate, "frameUpdate", &[&frame], content(AMOUNT - 1), "frame_exceeded").await;
    paid(play, counted["id"].as_str().expect("an id")).await;
    impact(play, &uncounted).await;
    scenarios(play).await;
    letters(play, &award).await;
}

/// Only what is decided is paid, and a decided year needs no renewal.
async fn paid(play: &mut Play, grant: &str) {
    let officer = play.stage.office.officer.client.clone();
    let payment = |year: i16, amount: u32| json!({ "grantId": grant, "year": year, "amount": kroner(amount), "paidOn": "2020-03-01" });
    let beyond = play
        .refused(&officer, "paymentCreate", &[], payment(2024, AMOUNT + 1), "payment_exceeds_amount")
        .await;
    assert_eq!(beyond.text("/errors/0/pointer"), "/amount/amount");
    play.refused(&officer, "paymentCreate", &[], payment(2025, 1), "wrong_state").await;
    let late = json!({ "grantId": grant, "year": 2024, "amount": kroner(1), "paidOn": "2099-01-01" });
    play.refused(&officer, "paymentCreate", &[], late, "invalid_value").await;
    play.stage.call(&officer, "paymentCreate", &[], payment(2024, AMOUNT)).await.expect_status(201);
    play.refused(&officer, "paymentCreate", &[], payment(2024, 1), "payment_exceeds_amount").await;

    // The first year of a grant is nobody's to judge, and none of those that wait is left out.
    let chair = play.stage.office.chair.client.clone();
    let meeting = play.stage.judging_meeting(2024).await;
    let first = play.stage.renewal_advice(&meeting, 2024, &[(grant, "stopped")]);
    let refused = play.refused(&chair, "recommendationCreate", &[], first, "invalid_value").await;
    assert_eq!(refused.text("/errors/0/pointer"), "/renewals/lines/0/grantId");
    let meeting = play.stage.judging_meeting(2025).await;
    let short = play.stage.renewal_advice(&meeting, 2025, &[(grant, "renewed")]);
    play.refused(&chair, "recommendationCreate", &[], short, "renewal_line_missing").await;
    let frame = json!({
        "officeId": play.stage.office.id, "schemeId": play.stage.scheme, "year": 2025, "status": "decided",
        "amount": kroner(AMOUNT),
    });
    let directorate = play.stage.directorate.client.clone();
    play.stage.call(&directorate, "frameCreate", &[], frame).await.expect_status(201);
    let run = play.stage.newest_run().await;
    let line = json!({ "grantId": grant, "year": 2025, "amount": kroner(AMOUNT) });
    let matter = json!({ "matter": { "kind": "amounts", "runId": run["id"], "lines": [line] } });
    play.stage.approved_decision(matter).await;
    let decided = play.stage.renewal_advice(&meeting, 2025, &[(grant, "renewed")]);
    play.refused(&chair, "recommendationCreate", &[], decided, "decided_amount_fixed").await;
}

/// A report that moves nothing that was told to anybody can not be accepted.
async fn impact(play: &mut Play, uncounted: &Applicant) {
    let officer = play.stage.office.officer.client.clone();
    play.stage.headcount(uncounted, "2019-12-15", 40).await;
    play.stage.world.work().await;
    let reports =
        officer.get("/v1/impact-reports?state=informative&sort=-createdAt").await.expect_status(200);
    // 100 000 + 40 × 100 in each of two years, where there was no amount before.
    assert_eq!(reports.at("/items/0/moves/0/from"), Value::Null);
    assert_eq!(reports.at("/items/0/moves/0/to"), kroner(104_000));
    assert_eq!(reports.at("/items/0/moves/0/reasons/0/code"), "headcount_changed");
    let report = reports.text("/items/0/id");
    play.refused(&officer, "impactReportAccept", &[&report], Value::Null, "impact_report_not_open").await;
}

/// A scenario needs a plan, changes that can be made, and to be computed.
async fn scenarios(play: &mut Play) {
    let officer = play.stage.office.officer.client.clone();
    let made = async |play: &Play, changes: Value| {
        let body = play.stage.scenario("Hva om", changes);
        play.stage.call(&officer, "scenarioCreate", &[], body).await.expect_status(201).id()
    };
    let scenario = made(play, json!([])).await;
    play.refused(&officer, "scenarioCompare", &[&scenario], Value::Null, "scenario_not_run").await;
    let unknown =
        made(play, json!([{ "kind": "set_base", "component": "bonus", "amount": kroner(1) }])).await;
    play.refused(&officer, "scenarioRun", &[&unknown], Value::Null, "scenario_not_computable").await;
    let other = play.stage.other.clone();
    let body =
        json!({ "officeId": other.id, "schemeId": play.stage.scheme, "name": "Hva om", "changes": [] });
    let without_plan =
        play.stage.call(&other.officer.client, "scenarioCreate", &[], body).await.expect_status(201).id();
    play.refused(&other.officer.client, "scenarioRun", &[&without_plan], Value::Null, "plan_missing").await;
}

/// An applicant whose employees nobody has counted.
async fn uncounted(play: &Play) -> Applicant {
    let body = json!({
        "number": organisation_number(900_400), "name": "Utsira", "kind": "municipality", "language": "nb",
    });
    let officer = &play.stage.office.officer.client;
    let organisation =
        play.stage.call(officer, "organisationCreate", &[], body).await.expect_status(201).id();
    let extra = json!({ "organisationId": organisation });
    let (client, id) = play.stage.world.person("Søker Utsira", "applicant", extra).await;
    Applicant { organisation, person: Person { client, id } }
}

/// A letter is approved by a second person, and is sent only once it is written.
async fn letters(play: &mut Play, award: &str) {
    let office = play.stage.office.clone();
    let letter = play.stage.proposed_letter(award).await;
    let same_person = play.stage.world.token(&office.officer.id, "approver").await;
    play.refused(&same_person, "letterApprove", &[&letter], Value::Null, "same_person_approves").await;
    let (officer, approver) = (&office.officer.client, &office.approver.client);
    play.refused(officer, "letterDispatch", &[&letter], Value::Null, "wrong_state").await;
    play.stage.call(approver, "letterApprove", &[&letter], Value::Null).await.expect_status(200);
    play.refused(officer, "letterDispatch", &[&letter], Value::Null, "letter_not_written").await;
}
