//! Changes of registers, from the reading to the plan: what waits, what is applied at once, and what contradicts.

use serde_json::{Value, json};
use tildel_test_support::{TestStore, both_backends};
use tildel_tests::Reply;

use crate::reading::{differs, kindergarten, notice, recounted};
use crate::stage::{Stage, kroner};

pub(crate) const FIRST: &str = "974101";
pub(crate) const SECOND: &str = "974102";

/// A stage with a grant of the lead for 2024, decided, and 2025, pre-notified with 110 000 kroner: 100 000 and 100 for each of 100
/// employees, who from 2024 on are counted in two kindergartens, 60 and 40.
pub(crate) async fn granted(store: TestStore) -> (Stage, Value, String) {
    let stage = Stage::set(store).await;
    stage.unit_headcount(FIRST, "2023-12-15", 60, None).await;
    stage.unit_headcount(SECOND, "2023-12-15", 40, None).await;
    let grant = stage.promised(2024).await;
    let number = stage.number_of(&stage.lead).await;
    (stage, grant, number)
}

pub(crate) async fn list(stage: &Stage, filter: &str) -> Vec<Value> {
    let reply = stage.office.officer.client.get(&format!("/v1/changes?{filter}")).await.expect_status(200);
    reply.at("/items").as_array().unwrap().clone()
}

pub(crate) async fn only(stage: &Stage, filter: &str) -> Value {
    let mut listed = list(stage, filter).await;
    assert_eq!(listed.len(), 1, "{listed:#?}");
    listed.remove(0)
}

pub(crate) async fn accept(stage: &Stage, change: &Value) -> Reply {
    let id = change["id"].as_str().unwrap();
    stage.call(&stage.office.officer.client, "changeAccept", &[id], Value::Null).await
}

async fn years(stage: &Stage, grant: &Value) -> Value {
    let path = format!("/v1/grants/{}", grant["id"].as_str().unwrap());
    stage.world.public().get(&path).await.expect_status(200).at("/years")
}

async fn run_count(stage: &Stage) -> usize {
    let path = format!("/v1/runs?officeId={}&limit=200", stage.office.id);
    stage.world.public().get(&path).await.expect_status(200).at("/items").as_array().unwrap().len()
}

both_backends! {
    /// A change waits, tells what it would do, and moves nothing until it is accepted; then the impact report follows.
    async fn an_accepted_change_is_followed_by_an_impact_report(store: TestStore) {
        let (stage, grant, lead) = granted(store).await;
        let runs = run_count(&stage).await;
        let told_before = years(&stage, &grant).await;
        let differences = vec![
            recounted("2025-02-01", FIRST, &lead, (60, 67)),
            // Of nobody who is held here.
            recounted("2025-02-01", "999999", "999998", (1, 2)),
        ];
        notice(&stage.world, differences.clone()).await;
        // The same again is the same change.
        notice(&stage.world, differences).await;
        stage.world.work().await;
        let change = only(&stage, "").await;
        assert_eq!((&change["state"], &change["kind"]), (&json!("open"), &json!("headcount_changed")));
        assert_eq!(change["grants"][0]["grantId"], grant["id"]);
        assert_eq!((&change["effectiveOn"], &change["before"]["headcount"]["count"]), (&json!("2025-02-01"), &json!("60")));
        // By hand: 7 × 100 more in 2025; 2024 is before the change, and decided.
        let moves = change["effect"]["plans"][0]["moves"].as_array().unwrap();
        assert_eq!(moves.len(), 1, "{moves:#?}");
        assert_eq!((&moves[0]["year"], &moves[0]["difference"]), (&json!(2025), &kroner(700)));
        assert_eq!((&moves[0]["from"], &moves[0]["to"]), (&kroner(110_000), &kroner(110_700)));
        assert_eq!(moves[0]["reasons"][0]["unit"]["number"], FIRST);
        assert_eq!(run_count(&stage).await, runs, "what waits moves no plan");
        assert_eq!(years(&stage, &grant).await, told_before);

        let accepted = accept(&stage, &change).await.expect_status(200);
        assert_eq!((accepted.text("/state"), accepted.text("/decidedBy")), ("accepted".to_owned(), stage.office.officer.id.clone()));
        stage.world.work().await;
        assert_eq!(run_count(&stage).await, runs + 1);
        let run = stage.newest_run().await;
        assert_eq!(run["inputHash"], change["effect"]["plans"][0]["inputHash"], "the run is the one that was foretold");
        let report = stage.office.officer.client.get("/v1/impact-reports?state=open").await.expect_status(200);
        assert_eq!((report.at("/items/0/moves/0/from"), report.at("/items/0/moves/0/to")), (kroner(110_000), kroner(110_700)));
        let after = years(&stage, &grant).await;
        assert_eq!((&after[0]["promised"], &after[1]["promised"]), (&kroner(110_000), &kroner(110_000)), "nothing that was told moves by itself");
        accept(&stage, &change).await.expect_problem(409, "change_not_open");
    }

    /// A held change moves nothing and can still be accepted; a newer difference takes the place of an open one.
    async fn a_held_change_moves_nothing(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let officer = &stage.office.officer.client;
        let runs = run_count(&stage).await;
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (60, 67))]).await;
        let first = only(&stage, "state=open").await;
        let id = first["id"].as_str().unwrap();
        let reason = json!({ "reason": "Vi spør kommunen." });
        let held = stage.call(officer, "changeHold", &[id], reason).await.expect_status(200);
        assert_eq!((held.text("/state"), held.text("/reason")), ("held".to_owned(), "Vi spør kommunen.".to_owned()));
        stage.world.work().await;
        assert_eq!(run_count(&stage).await, runs);
        notice(&stage.world, vec![recounted("2025-02-02", SECOND, &lead, (40, 41))]).await;
        notice(&stage.world, vec![recounted("2025-03-02", SECOND, &lead, (41, 42))]).await;
        let superseded = only(&stage, "state=superseded").await;
        assert_eq!((&superseded["unitNumber"], &superseded["effectiveOn"]), (&json!(SECOND), &json!("2025-02-02")));
        assert_eq!(only(&stage, "state=open").await["effectiveOn"], "2025-03-02");
        let again = stage.world.public().get(&format!("/v1/organisations/{}", stage.lead.organisation)).await;
        again.expect_status(200);
        accept(&stage, &first).await.expect_status(200);
        stage.world.work().await;
        assert_eq!(run_count(&stage).await, runs + 1);
    }

    /// What touches no grant and no round is applied at once, and a unit that comes to an organisation is followed.
    async fn what_touches_nothing_is_applied_at_once(store: TestStore) {
        let (stage, _, _) = granted(store).await;
        let stranger = stage.number_of(&stage.stranger).await;
        let organisation = stage.stranger.organisation.as_str();
        // It is counted as a whole, so the new unit is followed, and its count does not stand for all.
        let new = kindergarten("974201", &stranger, 12);
        notice(&stage.world, vec![differs("2025-02-01", None, Some(new.clone()))]).await;
        let change = only(&stage, &format!("organisationId={organisation}")).await;
        assert_eq!((&change["state"], &change["kind"]), (&json!("applied"), &json!("new")));
        let unit = stage.world.public().get("/v1/units?number=974201").await.expect_status(200);
        assert_eq!(unit.text("/items/0/organisationId"), organisation);
        let headcounts = stage.world.public().get(&format!("/v1/headcounts?organisationId={organisation}")).await;
        assert_eq!(headcounts.at("/items").as_array().map(Vec::len), Some(1));
        let renamed = tildel_domain::register::RegisterUnit { name: "Solbakken".to_owned(), ..new.clone() };
        notice(&stage.world, vec![differs("2025-03-01", Some(new), Some(renamed))]).await;
        let unit = stage.world.public().get("/v1/units?number=974201").await.expect_status(200);
        assert_eq!(unit.text("/items/0/name"), "Solbakken");
        stage.call(&stage.office.officer.client, "changeAccept", &[change["id"].as_str().unwrap()], Value::Null)
            .await.expect_problem(409, "change_not_open");
    }

    /// An organisation that is renamed is told as it was known at an instant.
    async fn an_organisation_is_told_as_of_an_instant(store: TestStore) {
        let (stage, _, _) = granted(store).await;
        let number = stage.number_of(&stage.stranger).await;
        let path = format!("/v1/organisations/{}", stage.stranger.organisation);
        let public = stage.world.public();
        let before = public.get(&path).await.expect_status(200).text("/name");
        let as_of = async |instant: &str| public.get(&format!("{path}?asOf={instant}")).await;
        let now = stage.world.clock.now().to_string();
        assert_eq!(as_of(&now).await.expect_status(200).text("/name"), before);
        stage.pass_days(10);
        let mut head = kindergarten(&number, "974000000", 7);
        (head.is_sub_unit, head.unit_kind, head.name) = (false, None, before.clone());
        let renamed = tildel_domain::register::RegisterUnit { name: "Nye kommune".to_owned(), ..head.clone() };
        notice(&stage.world, vec![differs("2025-03-01", Some(head), Some(renamed))]).await;
        assert_eq!(public.get(&path).await.expect_status(200).text("/name"), "Nye kommune");
        assert_eq!(as_of(&now).await.expect_status(200).text("/name"), before);
        assert_eq!(as_of(&stage.world.clock.now().to_string()).await.expect_status(200).text("/name"), "Nye kommune");
        as_of("1990-01-01T00:00:00Z").await.expect_problem(404, "not_found");
    }

    /// What a person set with a reason stands, and the register's record that contradicts it is told as such.
    async fn what_a_person_set_is_contradicted_and_never_overwritten(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let set = stage.unit_headcount(FIRST, "2025-01-15", 80, Some("Talt i barnehagen.")).await;
        assert_eq!((&set["chosen"], &set["rule"], &set["recordedBy"]), (&json!(true), &json!("set_by_person"), &json!(stage.office.officer.id)));
        stage.world.work().await;
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (60, 67))]).await;
        stage.world.work().await;
        let change = only(&stage, "").await;
        assert_eq!((&change["state"], &change["effect"]["refusal"]), (&json!("open"), &json!("headcount_set_by_person")));
        accept(&stage, &change).await.expect_problem(409, "headcount_set_by_person");
        // The value that the register gives, set by hand: then nothing contradicts any more.
        // Lists are in the order of the days, as the clock stands still within one.
        stage.pass_days(1);
        stage.unit_headcount(FIRST, "2025-02-01", 67, Some("Registeret har rett.")).await;
        stage.pass_days(1);
        stage.world.work().await;
        accept(&stage, &change).await.expect_status(200);
        let listed = stage.world.public().get(&format!("/v1/headcounts?unitNumber={FIRST}")).await.expect_status(200);
        let rules: Vec<_> = listed.at("/items").as_array().unwrap().iter().map(|one| (one["rule"].clone(), one["chosen"].clone())).collect();
        let rule = |rule: &str, chosen: bool| (json!(rule), json!(chosen));
        assert_eq!(rules, [rule("recorded", true), rule("set_by_person", true), rule("set_by_person", true), rule("contradicts", false)]);
        assert_eq!(listed.at("/items/3/contradicts"), listed.at("/items/2/id"));
        assert_eq!(listed.text("/items/3/register"), "nbr");
    }

    /// A unit that closes counts none and its successor what it has; one that is gone from the register is unknown, never none.
    async fn units_that_come_and_go_are_counted(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let closes = tildel_domain::register::RegisterUnit {
            ended_on: Some("2025-02-01".parse().unwrap()),
            ..kindergarten(SECOND, &lead, 40)
        };
        let differences = vec![
            differs("2025-02-01", Some(kindergarten(SECOND, &lead, 40)), Some(closes)),
            differs("2025-02-01", None, Some(kindergarten("974103", &lead, 45))),
            differs("2025-06-01", Some(kindergarten(FIRST, &lead, 60)), None),
        ];
        notice(&stage.world, differences).await;
        stage.world.work().await;
        let of = async |number: &str| only(&stage, &format!("state=open&unitNumber={number}")).await;
        let effect = |change: &Value| change["effect"]["plans"][0]["moves"][0].clone();
        let (closed, new, purged) = (of(SECOND).await, of("974103").await, of(FIRST).await);
        assert_eq!((&closed["kind"], &closed["related"]), (&json!("closed_with_successor"), &json!(["974103"])));
        assert_eq!((&new["kind"], &new["related"]), (&json!("new"), &json!([SECOND])));
        // By hand: 40 × 100 less, 45 × 100 more, and nothing that can be told without the 60.
        assert_eq!(effect(&closed)["difference"], json!({ "amount": "-4000.00", "currency": "NOK" }));
        assert_eq!(effect(&new)["difference"], kroner(4_500));
        assert_eq!((&purged["kind"], &effect(&purged)["to"], &effect(&purged)["difference"]), (&json!("purged"), &Value::Null, &Value::Null));
        accept(&stage, &closed).await.expect_status(200);
        // What the second does was told on the plan of before the first.
        accept(&stage, &new).await.expect_problem(409, "change_not_assessed");
        stage.world.work().await;
        accept(&stage, &new).await.expect_status(200);
        stage.world.work().await;
        // 100 000 + (60 + 0 + 45) × 100.
        let open = stage.office.officer.client.get("/v1/impact-reports?state=open").await.expect_status(200);
        assert_eq!((open.at("/items/0/moves/0/year"), open.at("/items/0/moves/0/to")), (json!(2025), kroner(110_500)));
        let unit = stage.world.public().get(&format!("/v1/units?number={SECOND}")).await.expect_status(200);
        assert_eq!(unit.text("/items/0/endedOn"), "2025-02-01");
        // What the third would do is told on the plan as it stands now.
        assert_eq!(effect(&of(FIRST).await)["from"], kroner(110_500));
    }

    /// A kindergarten that another owner takes over goes with its people.
    async fn an_owner_takes_its_people_along(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let stranger = stage.number_of(&stage.stranger).await;
        let (before, after) = (kindergarten(SECOND, &lead, 40), kindergarten(SECOND, &stranger, 40));
        notice(&stage.world, vec![differs("2025-02-01", Some(before), Some(after))]).await;
        stage.world.work().await;
        let change = only(&stage, "").await;
        assert_eq!((&change["kind"], &change["toOrganisationId"]), (&json!("owner_changed"), &json!(stage.stranger.organisation)));
        let moves = change["effect"]["plans"][0]["moves"].as_array().unwrap();
        assert_eq!(moves[0]["difference"], json!({ "amount": "-4000.00", "currency": "NOK" }));
        // The list of the other owner has it, too.
        assert_eq!(only(&stage, &format!("organisationId={}", stage.stranger.organisation)).await["id"], change["id"]);
        accept(&stage, &change).await.expect_status(200);
        let unit = stage.world.public().get(&format!("/v1/units?number={SECOND}")).await.expect_status(200);
        assert_eq!(unit.text("/items/0/organisationId"), stage.stranger.organisation);
        // The other owner is counted as a whole, so its count stands until somebody sets another.
        let theirs = format!("/v1/headcounts?organisationId={}", stage.stranger.organisation);
        let theirs = stage.world.public().get(&theirs).await.expect_status(200);
        assert_eq!(theirs.at("/items").as_array().map(Vec::len), Some(1));
    }
}
