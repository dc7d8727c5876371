//! Taking in what the registers know of an organisation's schools and kindergartens: no plan rests on one of many.

use serde_json::{Value, json};
use tildel_domain::register::RegisterUnit;
use tildel_test_support::{TestStore, both_backends};
use tildel_tests::Reply;

use crate::changes::{accept, only};
use crate::reading::{differs, kindergarten, notice, recounted};
use crate::registers::Registers;
use crate::stage::{Applicant, Stage, kroner};

const KLEPP: &str = "864969682";
const GROWN: &str = "KLEPP SOLBAKKEN BARNEHAGE";

/// Klepp, which is entered after the registers were read, so that none of its three schools and three kindergartens is held.
async fn klepp(stage: &Stage) -> (Registers, Applicant) {
    stage.world.at("2021-02-02T08:00:00Z");
    let officer = &stage.office.officer.client;
    let registers = Registers::start(&stage.world);
    for source in ["enhetsregisteret-units", "enhetsregisteret-sub-units", "nsr", "nbr"] {
        assert_eq!(registers.fetch(officer, source).await.text("/state"), "done", "{source}");
    }
    let body = json!({ "number": KLEPP, "name": "Klepp", "kind": "municipality", "language": "nn" });
    let organisation = stage.call(officer, "organisationCreate", &[], body).await.expect_status(201).id();
    let extra = json!({ "organisationId": organisation });
    let (client, id) = stage.world.person("Søker Klepp", "applicant", extra).await;
    (registers, Applicant { organisation, person: crate::stage::Person { client, id } })
}

/// A grant for 2021 and 2022.
async fn granted(stage: &Stage, applicant: &Applicant) -> String {
    let met = stage.recommended(2021, &[applicant]).await;
    stage.frame(2021, kroner(10_000_000), Value::Null).await;
    stage.approved_decision(Stage::award(&met, 2021)).await;
    stage.world.work().await;
    stage.grants(&met.round).await[0]["id"].as_str().unwrap().to_owned()
}

/// What is planned for the first year of a grant.
async fn planned(stage: &Stage, grant: &str) -> Value {
    stage.world.public().get(&format!("/v1/grants/{grant}")).await.expect_status(200).at("/years/0/planned")
}

async fn take_in(stage: &Stage, organisation: &str) -> Reply {
    stage.call(&stage.office.officer.client, "registerUnitsTakeIn", &[organisation], Value::Null).await
}

fn count(reply: &Reply, list: &str) -> usize {
    reply.at(list).as_array().unwrap().len()
}

async fn headcounts(stage: &Stage, organisation: &str) -> Vec<Value> {
    let path = format!("/v1/headcounts?organisationId={organisation}&limit=200");
    stage.world.public().get(&path).await.expect_status(200).at("/items").as_array().unwrap().clone()
}

async fn whole(stage: &Stage, organisation: &str, unit_kind: &str, people: u32) {
    let body = json!({
        "organisationId": organisation, "unitKind": unit_kind, "measure": "employees", "date": "2020-12-15",
        "status": "known", "count": people.to_string(), "source": "test",
    });
    stage.call(&stage.office.officer.client, "headcountCreate", &[], body).await.expect_status(201);
}

both_backends! {
    /// The count of one kindergarten does not stand for three: it waits until all are taken in, which is done in one step and once.
    async fn one_of_many_waits_for_the_others(store: TestStore) {
        let stage = Stage::set(store).await;
        let officer = &stage.office.officer.client;
        let (registers, klepp) = klepp(&stage).await;
        let grant = granted(&stage, &klepp).await;
        assert_eq!(planned(&stage, &grant).await, Value::Null, "nobody knows how many they are");
        let grown = registers.number_of(GROWN);
        registers.change(&grown, &json!({ "employees": 27 }));
        stage.pass_days(1);
        registers.fetch(officer, "nbr").await;
        let change = only(&stage, "state=open").await;
        assert_eq!((&change["unitNumber"], &change["effect"]["refusal"]), (&json!(grown), &json!("units_not_taken_in")));
        accept(&stage, &change).await.expect_problem(409, "units_not_taken_in");
        assert_eq!(planned(&stage, &grant).await, Value::Null);
        assert_eq!(headcounts(&stage, &klepp.organisation).await, Vec::<Value>::new());

        let at = format!("/v1/organisations/{}", klepp.organisation);
        let dry = officer.act_with(reqwest::Method::POST, &at, &format!("{at}/register-units?dryRun=true"), None).await;
        assert_eq!(count(&dry.expect_status(200), "/units"), 6);
        assert_eq!(headcounts(&stage, &klepp.organisation).await, Vec::<Value>::new(), "a dry run takes nothing in");
        let taken = take_in(&stage, &klepp.organisation).await.expect_status(200);
        assert_eq!((count(&taken, "/units"), taken.at("/countedAsWhole")), (6, json!([])));
        stage.world.work().await;
        // By hand: 27 + 17, and 2.5 for the family kindergarten whose three people Enhetsregisteret withholds and the other
        // register does not show: 100 000 + 46.5 × 100.
        assert_eq!(planned(&stage, &grant).await, json!({ "amount": "104650.00", "currency": "NOK" }));
        let recorded = headcounts(&stage, &klepp.organisation).await;
        let days = |unit_kind: &str| -> std::collections::BTreeSet<String> {
            let of_kind = recorded.iter().filter(|count| count["unitKind"] == unit_kind);
            of_kind.map(|count| count["date"].as_str().unwrap().to_owned()).collect()
        };
        // The one that grew was written that day; the others count from then on, too, and the schools from when they were listed.
        assert_eq!(days("kindergarten"), ["2021-02-02".to_owned()].into());
        assert_eq!(days("primary_school"), ["2021-02-01".to_owned()].into());
        assert!(recorded.iter().all(|count| count["recordedBy"].is_null() && !count["register"].is_null()));
        // Those of one instant are listed in no order of their own.
        let mut of_grown: Vec<_> = recorded.iter().filter(|count| count["unitNumber"] == json!(grown))
            .map(|count| (count["register"].clone(), count["count"].clone(), count["rule"].clone())).collect();
        of_grown.sort_by_key(|(register, ..)| register.to_string());
        assert_eq!(of_grown, [
            (json!("enhetsregisteret"), json!("24"), json!("sector_register_goes_first")),
            (json!("nbr"), json!("27"), json!("sector_register")),
        ]);
        assert_eq!(only(&stage, &format!("unitNumber={grown}")).await["state"], "superseded", "it says no more than that");

        // Twice is once.
        let run = stage.newest_run().await["id"].clone();
        let again = take_in(&stage, &klepp.organisation).await.expect_status(200);
        assert_eq!((count(&again, "/units"), count(&again, "/headcounts")), (0, 0));
        stage.world.work().await;
        assert_eq!((stage.newest_run().await["id"].clone(), headcounts(&stage, &klepp.organisation).await.len()), (run, recorded.len()));
        let entries = stage.world.admin.get("/v1/journal?subjectKind=unit&limit=200").await.expect_status(200);
        let entries = entries.at("/items").as_array().unwrap().clone();
        let told = |action: &str| entries.iter().filter(|entry| entry["action"] == action).count();
        assert_eq!(told("unit.create"), 6);

        // From now on a change is a change.
        notice(&stage.world, vec![recounted("2021-02-10", &grown, KLEPP, (27, 30))]).await;
        stage.world.work().await;
        let change = only(&stage, "state=open").await;
        assert_eq!(change["effect"]["plans"][0]["moves"][0]["difference"], kroner(300));
        accept(&stage, &change).await.expect_status(200);
        stage.world.work().await;
        assert_eq!(planned(&stage, &grant).await, json!({ "amount": "104950.00", "currency": "NOK" }));

        stage.pass_days(1);
        // A register tells late of an end before the day of the counts: 17 people less, 30 + 2.5 are left, 100 000 + 32.5 × 100.
        let closed = registers.number_of("KLEPP ELVETUNET BARNEHAGE");
        let open = kindergarten(&closed, KLEPP, 17);
        let ended = RegisterUnit { ended_on: Some("2021-01-20".parse().unwrap()), ..open.clone() };
        notice(&stage.world, vec![differs("2021-02-15", Some(open), Some(ended))]).await;
        stage.world.work().await;
        let change = only(&stage, "state=open").await;
        assert_eq!((&change["kind"], &change["effectiveOn"]), (&json!("closed"), &json!("2021-01-20")));
        assert_eq!(change["effect"]["plans"][0]["moves"][0]["difference"], json!({ "amount": "-1700.00", "currency": "NOK" }));
        accept(&stage, &change).await.expect_status(200);
        stage.world.work().await;
        assert_eq!(planned(&stage, &grant).await, json!({ "amount": "103250.00", "currency": "NOK" }));
        stage.pass_days(1);
        // And of a count of before: it stands from the day on that the units are counted. 33 + 2.5.
        let told = |people: u32| RegisterUnit { headcount_on: Some("2021-01-25".parse().unwrap()), ..kindergarten(&grown, KLEPP, people) };
        notice(&stage.world, vec![differs("2021-02-16", Some(told(30)), Some(told(33)))]).await;
        stage.world.work().await;
        let change = only(&stage, "state=open").await;
        assert_eq!(change["effect"]["refusal"], Value::Null);
        accept(&stage, &change).await.expect_status(200);
        stage.world.work().await;
        assert_eq!(planned(&stage, &grant).await, json!({ "amount": "103550.00", "currency": "NOK" }));
    }

    /// An organisation that really has one unit is counted by it, once somebody has taken it in.
    async fn one_of_one_is_the_whole(store: TestStore) {
        let stage = Stage::set(store).await;
        let officer = &stage.office.officer.client;
        let (_registers, _) = klepp(&stage).await;
        let body = json!({ "number": "311000160", "name": "Øvingsfriskolen", "kind": "independent_school", "language": "nb" });
        let school = stage.call(officer, "organisationCreate", &[], body).await.expect_status(201).id();
        let taken = take_in(&stage, &school).await.expect_status(200);
        assert_eq!(count(&taken, "/units"), 1);
        let chosen: Vec<_> = taken.at("/headcounts").as_array().unwrap().iter().filter(|count| count["chosen"] == json!(true))
            .map(|count| (count["count"].clone(), count["ownership"].clone(), count["register"].clone())).collect();
        assert_eq!(chosen, [(json!("21"), json!("private"), json!("nsr"))]);
    }

    /// What is counted as a whole stays so; what is not is taken in beside it.
    async fn what_is_counted_as_a_whole_stays_so(store: TestStore) {
        let stage = Stage::set(store).await;
        let (_registers, klepp) = klepp(&stage).await;
        let organisation = klepp.organisation.as_str();
        whole(&stage, organisation, "kindergarten", 44).await;
        let taken = take_in(&stage, organisation).await.expect_status(200);
        assert_eq!((count(&taken, "/units"), taken.at("/countedAsWhole")), (3, json!(["kindergarten"])));
        let kinds: Vec<_> = taken.at("/units").as_array().unwrap().iter().map(|unit| unit["unitKind"].clone()).collect();
        assert_eq!(kinds, vec![json!("primary_school"); 3]);
        let again = take_in(&stage, organisation).await.expect_status(200);
        assert_eq!((count(&again, "/units"), count(&again, "/headcounts")), (0, 0));
    }

    /// Nothing is taken in where all is counted as a whole, where the registers know nothing, or by somebody who has an interest.
    async fn taking_in_is_refused(store: TestStore) {
        let stage = Stage::set(store).await;
        let officer = &stage.office.officer.client;
        take_in(&stage, &stage.lead.organisation).await.expect_problem(404, "not_found");
        let (_registers, klepp) = klepp(&stage).await;
        let organisation = klepp.organisation.as_str();
        let grant = granted(&stage, &klepp).await;
        let grant = stage.world.public().get(&format!("/v1/grants/{grant}")).await.expect_status(200);
        let interest = json!({
            "personId": stage.office.officer.id, "applicationId": grant.text("/applicationId"), "ground": "party",
            "explanation": "Sitter i styret",
        });
        stage.call(officer, "recusalDeclare", &[], interest).await.expect_status(201);
        take_in(&stage, organisation).await.expect_problem(403, "recused");
        for (unit_kind, people) in [("kindergarten", 44), ("primary_school", 136)] {
            whole(&stage, organisation, unit_kind, people).await;
        }
        let directorate = &stage.directorate.client;
        let refused = stage.call(directorate, "registerUnitsTakeIn", &[organisation], Value::Null).await;
        refused.expect_problem(409, "counted_as_whole");
        let units = stage.world.public().get("/v1/units").await.expect_status(200);
        assert_eq!(count(&units, "/items"), 0, "a refusal takes nothing in");
    }

    /// What nobody's grant rests on is followed without a count until it is taken in: the units of an organisation that is entered first.
    async fn what_touches_nothing_is_not_counted_one_by_one(store: TestStore) {
        let stage = Stage::set(store).await;
        stage.world.at("2021-02-02T08:00:00Z");
        let officer = &stage.office.officer.client;
        let body = json!({ "number": KLEPP, "name": "Klepp", "kind": "municipality", "language": "nn" });
        let organisation = stage.call(officer, "organisationCreate", &[], body).await.expect_status(201).id();
        let registers = Registers::start(&stage.world);
        registers.fetch(officer, "nbr").await;
        let units = stage.world.public().get("/v1/units").await.expect_status(200);
        assert_eq!(count(&units, "/items"), 3);
        assert_eq!(headcounts(&stage, &organisation).await, Vec::<Value>::new());
        let taken = take_in(&stage, &organisation).await.expect_status(200);
        assert_eq!((count(&taken, "/units"), count(&taken, "/headcounts")), (0, 3));
        let counts: Vec<_> = taken.at("/headcounts").as_array().unwrap().iter().map(|count| count["count"].clone()).collect();
        // The family kindergarten is not shown and nobody else tells: unknown, and never none.
        assert_eq!(counts, [json!("24"), json!("17"), Value::Null]);
        assert_eq!(taken.at("/headcounts/2/status"), "unknown");
    }
}
