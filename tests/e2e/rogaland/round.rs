//! The round: call, applications, deadline, formal control.

use reqwest::Method;
use serde_json::{Value, json};

use super::case::{pick, text, texts};
use super::cast::{Journey, Kind};

/// Prepares the round, announces it and opens it.
pub(crate) async fn call(journey: &mut Journey) {
    let officer = journey.officer();
    let file = journey.case.file["round"].clone();
    let forum_ids: Vec<_> = texts(&file["forums"]).iter().map(|key| journey.id(Kind::Forum, key)).collect();
    let mut new = pick(&file, &["budgetYear", "title", "label", "deadline"]);
    new["officeId"] = json!(journey.id(Kind::Single, "office"));
    new["schemeId"] = json!(journey.id(Kind::Single, "scheme"));
    new["forumIds"] = json!(forum_ids);
    new["deferredGroups"] = json!([]);
    let round = officer.post("/v1/rounds", &new).await.expect_status(201);
    journey.remember(Kind::Single, "round", round.id());
    let round = journey.round();
    // A draft is the office's own.
    journey.public.get(&round).await.expect_problem(404, "not_found");
    let mut whole = pick(&new, &["budgetYear", "title", "label", "deadline", "forumIds"]);
    whole["deferredGroups"] = file["deferredGroups"].clone();
    let revised = officer.put(&round, &whole).await.expect_status(200);
    assert_eq!(revised.at("/deferredGroups/0/year"), 2021);
    journey.at_time(&file["announcedAt"]);
    officer.act(&round, "announcement", None).await.expect_status(200);
    journey.public.get(&round).await.expect_status(200);
    journey.at_time(&file["openedAt"]);
    officer.act(&round, "opening", None).await.expect_status(200);
}

/// A round that does not come to its end: closed by hand as the clock was late, and called off.
pub(crate) async fn call_off_another(journey: &Journey) {
    let officer = journey.officer();
    journey.world.at("2020-03-17T09:00:00+01:00");
    let new = json!({
        "officeId": journey.id(Kind::Single, "office"),
        "schemeId": journey.id(Kind::Single, "scheme"),
        "budgetYear": 2021,
        "title": { "nb": "Øvingsrunde" },
        "label": { "nb": "våren 2021" },
        "deadline": { "local": "2020-03-20T12:00:00", "zone": "Europe/Oslo", "graceMinutes": 0 },
        "forumIds": [],
        "deferredGroups": [],
    });
    let id = officer.post("/v1/rounds", &new).await.expect_status(201).id();
    let round = format!("/v1/rounds/{id}");
    officer.act(&round, "announcement", None).await.expect_status(200);
    officer.act(&round, "opening", None).await.expect_status(200);
    let applicant = journey.actor("applicant-d");
    let draft = content(&journey.case.list("/applications")[5], &id);
    let draft = applicant.post("/v1/applications", &draft).await.expect_status(201);
    let address = format!("/v1/applications/{}", draft.id());
    let reason = json!({ "reason": "Vi søker heller i runden for 2020." });
    let withdrawn = applicant.act(&address, "withdrawal", Some(&reason)).await.expect_status(200);
    assert_eq!(withdrawn.text("/state"), "withdrawn");
    // Oslo keeps winter time until 29 March, so noon there is 11:00 in UTC.
    journey.world.at("2020-03-20T11:00:00Z");
    officer.act(&round, "closing", None).await.expect_status(200);
    let reason = json!({ "reason": "Runden var til øving." });
    let cancelled = officer.act(&round, "cancellation", Some(&reason)).await.expect_status(200);
    assert_eq!(cancelled.text("/state"), "cancelled");
}

/// Writes and hands in the applications.
pub(crate) async fn apply(journey: &mut Journey) {
    journey.at_time(&journey.case.file["round"]["submittedAt"]);
    for application in journey.case.list("/applications") {
        begin(journey, &application).await;
        join(journey, &application).await;
    }
    revise_a_draft(journey).await;
    keep_drafts_from_others(journey).await;
    for application in journey.case.list("/applications") {
        let applicant = journey.actor(text(&application, "by"));
        let address = journey.at("applications", Kind::Application, text(&application, "key"));
        let submitted = applicant.act(&address, "submission", None).await.expect_status(200);
        assert_eq!(submitted.text("/state"), "submitted");
    }
    return_for_completion(journey).await;
    assert_eq!(journey.public.list(&of_round(journey)).await.len(), 9);
}

fn of_round(journey: &Journey) -> String {
    format!("/v1/applications?roundId={}", journey.id(Kind::Single, "round"))
}

async fn begin(journey: &mut Journey, application: &Value) {
    let applicant = journey.actor(text(application, "by"));
    let content = content(application, &journey.id(Kind::Single, "round"));
    let made = applicant.post("/v1/applications", &content).await.expect_status(201);
    journey.remember(Kind::Application, text(application, "key"), made.id());
}

/// Practice applications have no answers of their own, and say so.
fn content(application: &Value, round_id: &str) -> Value {
    let answer = |name: &str| application.get(name).cloned().unwrap_or_else(|| json!("Øvingssvar."));
    let mut content = pick(application, &["title", "projectName", "unitKinds"]);
    content["roundId"] = json!(round_id);
    content["answers"] = json!({
        "measure": answer("measure"),
        "participants": answer("participants"),
        "goal": answer("goal"),
    });
    content
}

/// Partners and providers are invited by the lead and confirm for themselves.
async fn join(journey: &Journey, application: &Value) {
    let lead = journey.actor(text(application, "by"));
    let address = journey.at("applications", Kind::Application, text(application, "key"));
    let partners = texts(&application["partners"]).into_iter().map(|key| (key, "partner"));
    let provider = application["provider"].as_str().map(|key| (key, "provider"));
    for (person, role) in partners.chain(provider) {
        let people = journey.case.list("/people");
        let file = people.iter().find(|file| file["key"] == person).unwrap();
        let organisation_id = journey.id(Kind::Organisation, text(file, "organisation"));
        let invitation = json!({ "organisationId": organisation_id, "role": role });
        let invited = lead.act(&address, "parties", Some(&invitation)).await.expect_status(200);
        let party_id = party_id_of(&invited.json(), &organisation_id);
        let path = format!("{address}/parties/{party_id}/confirmation");
        let contribution = json!({ "ownContribution": "Egen tid til de ansatte." });
        let joining = journey.actor(person);
        let confirmed =
            joining.write(Method::POST, &address, &path, Some(&contribution)).await.expect_status(200);
        assert!(
            confirmed.at("/parties").as_array().unwrap().iter().all(|party| party["confirmedAt"].is_string())
        );
    }
}

fn party_id_of(application: &Value, organisation_id: &str) -> String {
    let parties = application["parties"].as_array().unwrap();
    text(parties.iter().find(|party| party["organisationId"] == organisation_id).unwrap(), "id").to_owned()
}

/// Practice municipality A changes its goal, invites the university, and thinks better of it.
async fn revise_a_draft(journey: &Journey) {
    let applicant = journey.actor("applicant-a");
    let address = journey.at("applications", Kind::Application, "practice-a");
    let file = journey.case.list("/applications")[2].clone();
    let mut whole = content(&file, "");
    whole.as_object_mut().unwrap().remove("roundId");
    whole["answers"]["goal"] = json!("Flere barn deltar i fellesskapet.");
    let revised = applicant.put(&address, &whole).await.expect_status(200);
    assert_eq!(revised.text("/answers/goal"), "Flere barn deltar i fellesskapet.");
    let organisation_id = journey.id(Kind::Organisation, "practice-university");
    let invitation = json!({ "organisationId": organisation_id, "role": "provider" });
    let invited = applicant.act(&address, "parties", Some(&invitation)).await.expect_status(200);
    let path = format!("{address}/parties/{}", party_id_of(&invited.json(), &organisation_id));
    let alone = applicant.write(Method::DELETE, &address, &path, None).await.expect_status(200);
    assert_eq!(alone.at("/parties").as_array().unwrap().len(), 1);
}

/// A draft exists for its parties only: not for other applicants, the public, or the office.
async fn keep_drafts_from_others(journey: &Journey) {
    let address = journey.at("applications", Kind::Application, "sandnes");
    journey.actor("applicant-sandnes").get(&address).await.expect_status(200);
    journey.actor("applicant-university").get(&address).await.expect_status(200);
    for other in [journey.actor("applicant-klepp"), journey.officer(), journey.public.clone()] {
        other.get(&address).await.expect_problem(404, "not_found");
    }
    // Klepp takes part in one application and sees that one only.
    let seen = journey.actor("applicant-klepp").list(&of_round(journey)).await;
    assert_eq!(seen.len(), 1);
    assert_eq!(text(&seen[0], "id"), journey.id(Kind::Application, "jaeren"));
    assert!(journey.public.list(&of_round(journey)).await.is_empty());
}

/// The office sends one application back, and it comes back complete.
async fn return_for_completion(journey: &Journey) {
    let address = journey.at("applications", Kind::Application, "practice-e");
    let reason = json!({ "reason": "Skriv hvem som deltar." });
    let returned = journey.officer().act(&address, "return", Some(&reason)).await.expect_status(200);
    assert_eq!(returned.text("/state"), "returned");
    journey.actor("applicant-e").act(&address, "submission", None).await.expect_status(200);
}

/// The worker closes the round when its deadline and the grace have passed, and not before.
pub(crate) async fn close_by_the_clock(journey: &Journey) {
    // 23:59 of 8 May in Oslo is 21:59 in UTC, as summer time holds; with 15 minutes of grace, 22:14.
    journey.world.at("2020-05-08T22:13:59Z");
    journey.world.work().await;
    assert_eq!(journey.public.get(&journey.round()).await.text("/state"), "open");
    journey.world.at("2020-05-08T22:14:00Z");
    journey.world.work().await;
    assert_eq!(journey.public.get(&journey.round()).await.text("/state"), "closed");
}

/// The formal control: upper secondary is put off to 2021, the rest goes to the forums.
pub(crate) async fn screen(journey: &Journey) {
    let officer = journey.officer();
    journey.at_time(&journey.case.file["round"]["screenedAt"]);
    for application in journey.case.list("/applications") {
        let address = journey.at("applications", Kind::Application, text(&application, "key"));
        let screening = match application["deferredToYear"].as_i64() {
            Some(year) => {
                json!({ "outcome": "deferred", "reason": application["deferralReason"], "deferredToYear": year })
            }
            None => json!({ "outcome": "eligible", "reason": "Formelle krav er oppfylt." }),
        };
        officer.act(&address, "screening", Some(&screening)).await.expect_status(200);
    }
    let county = journey.public.get(&journey.at("applications", Kind::Application, "county")).await;
    assert_eq!(county.text("/state"), "deferred");
    assert_eq!(county.at("/screening/deferredToYear"), 2021);
    let reason = "Søknader fra videregående opplæring blir ikke vurdert før ved oppstart i 2021.";
    assert_eq!(county.text("/screening/reason"), reason);
    let round = officer.act(&journey.round(), "forum-treatment", None).await.expect_status(200);
    assert_eq!(round.text("/state"), "in_forum");
}
