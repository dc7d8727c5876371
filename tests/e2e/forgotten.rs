//! What a register removed for legal reasons: its name is nowhere any more but in what is frozen.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tildel_domain::register::RegisterUnit;
use tildel_test_support::{TestStore, both_backends, dump};
use tildel_tests::World;

use crate::changes::{FIRST, SECOND, accept, list, only};
use crate::reading::{differs, kindergarten, notice};
use crate::registers::{Registers, klepp, officer};
use crate::stage::{Stage, kroner};

/// A name that nothing else bears.
const NAME: &str = "Kvitveisbakken";

/// What keeps it, and why: see decision 0024.
const FROZEN: [&str; 3] = [
    // What plans were computed from, under their hashes, and what was told of them.
    "runs",
    "impact_reports",
    // Answers that are kept for retries, and go within days.
    "idempotency_keys",
];

/// The tables with a name in any column.
fn tables_with(world: &World, name: &str) -> BTreeSet<String> {
    let all = dump(world.service().store()).expect("a dump");
    assert!(all.len() > 30, "{} tables", all.len());
    let holds = |rows: &Vec<String>| rows.iter().any(|row| row.to_lowercase().contains(&name.to_lowercase()));
    all.into_iter().filter(|(_, rows)| holds(rows)).map(|(table, _)| table).collect()
}

fn set(tables: &[&str]) -> BTreeSet<String> {
    tables.iter().map(|table| (*table).to_owned()).collect()
}

fn named(number: &str, owner: &str, employees: u32) -> RegisterUnit {
    RegisterUnit { name: NAME.to_owned(), ..kindergarten(number, owner, employees) }
}

async fn count(stage: &Stage, number: &str, name: &str, count: &str) {
    let body = json!({
        "organisationId": stage.lead.organisation, "unitKind": "kindergarten", "measure": "employees", "date": "2023-12-15",
        "status": "known", "count": count, "source": "test", "unitNumber": number, "unitName": name,
    });
    let officer = &stage.office.officer.client;
    stage.call(officer, "headcountCreate", &[], body).await.expect_status(201);
}

both_backends! {
    /// A kindergarten whose changes were accepted, held and applied, and moved money, is removed.
    async fn a_removed_unit_is_called_by_its_number(store: TestStore) {
        let stage = Stage::set(store).await;
        count(&stage, FIRST, NAME, "60").await;
        count(&stage, SECOND, "Andre", "40").await;
        stage.promised(2024).await;
        let lead = stage.number_of(&stage.lead).await;
        let recounted = |day: &str, from: u32, to: u32| {
            differs(day, Some(named(FIRST, &lead, from)), Some(named(FIRST, &lead, to)))
        };
        notice(&stage.world, vec![recounted("2025-02-01", 60, 67)]).await;
        stage.world.work().await;
        accept(&stage, &only(&stage, "state=open").await).await.expect_status(200);
        stage.world.work().await;
        notice(&stage.world, vec![recounted("2025-02-02", 67, 70)]).await;
        let renamed = RegisterUnit { name: format!("Nye {NAME}"), ..named(FIRST, &lead, 70) };
        notice(&stage.world, vec![differs("2025-02-03", Some(named(FIRST, &lead, 70)), Some(renamed.clone()))]).await;
        stage.world.work().await;
        let waits = only(&stage, "state=open").await;
        assert!(waits["effect"].to_string().contains(NAME), "the effect names it");
        // The scan finds it where it is.
        let before = tables_with(&stage.world, NAME);
        assert_eq!(before, set(&["changes", "headcounts", "idempotency_keys", "impact_reports", "runs", "units"]));
        let amounts = stage.newest_run().await["plan"]["lines"].clone();

        notice(&stage.world, vec![differs("2025-03-01", Some(renamed), None)]).await;
        stage.world.work().await;
        assert_eq!(tables_with(&stage.world, NAME), set(&FROZEN));
        // Everything is still there, by its number.
        let all = list(&stage, &format!("unitNumber={FIRST}&limit=200")).await;
        let kinds: BTreeSet<&str> = all.iter().filter_map(|change| change["kind"].as_str()).collect();
        assert_eq!(kinds, BTreeSet::from(["headcount_changed", "purged", "renamed"]));
        assert_eq!(all.len(), 4);
        for change in &all {
            assert_eq!(change["before"]["name"], FIRST, "{change:#}");
        }
        // What was accepted stays accepted, and the newest run has the same amounts and does not tell the name.
        assert_eq!(list(&stage, "state=accepted").await.len(), 1);
        let run = stage.newest_run().await;
        assert!(!run.to_string().contains(NAME));
        let of = |lines: &Value| lines.as_array().unwrap().iter().map(|line| line["amount"].clone()).collect::<Vec<_>>();
        assert_eq!(of(&run["plan"]["lines"]), of(&amounts));
        let report = stage.office.officer.client.get("/v1/impact-reports?state=open").await.expect_status(200);
        assert_eq!((report.at("/items/0/moves/0/from"), report.at("/items/0/moves/0/to")), (kroner(110_000), kroner(110_700)));
        assert_eq!(report.at("/items/0/moves/0/reasons/0/unit"), json!({ "number": FIRST, "name": FIRST }));
        // The other one keeps its name.
        assert!(tables_with(&stage.world, "Andre").contains("units"));
    }

    /// The feed tells of a removal: nothing of the name stays, as no plan was computed from it.
    async fn a_removal_in_the_feed_leaves_no_name(store: TestStore) {
        let world = World::start(store).await;
        world.at("2021-02-02T08:00:00Z");
        let officer = officer(&world).await;
        let organisation = world.admin.post("/v1/organisations", &klepp()).await.expect_status(201).id();
        let registers = Registers::start(&world);
        // One of its kindergartens is counted, so the counts of the others are recorded as they are told.
        let counted = json!({
            "organisationId": organisation, "unitKind": "kindergarten", "measure": "employees", "date": "2020-12-15", "status": "known",
            "count": "17", "source": "test", "unitNumber": registers.number_of("KLEPP ELVETUNET BARNEHAGE"), "unitName": "KLEPP ELVETUNET BARNEHAGE",
        });
        officer.post("/v1/headcounts", &counted).await.expect_status(201);
        for source in ["enhetsregisteret-units", "enhetsregisteret-sub-units", "nbr"] {
            registers.fetch(&officer, source).await;
        }
        let name = "KLEPP SOLBAKKEN BARNEHAGE";
        let number = registers.number_of(name);
        let before = tables_with(&world, name);
        assert_eq!(before, set(&["changes", "headcounts", "register_units", "units"]));
        registers.change(&number, &json!({ "removed": true }));
        world.at("2021-02-03T08:00:00Z");
        assert_eq!(registers.fetch(&officer, "enhetsregisteret-sub-units").await.text("/state"), "done");
        assert_eq!(tables_with(&world, name), BTreeSet::new());
        let changes = officer.get(&format!("/v1/changes?unitNumber={number}&limit=200")).await.expect_status(200);
        let changes = changes.at("/items").as_array().unwrap().clone();
        assert!(changes.iter().any(|change| change["kind"] == "purged" && change["before"]["name"] == json!(number)), "{changes:#?}");
        let unit = world.public().get(&format!("/v1/units?number={number}")).await.expect_status(200);
        assert_eq!(unit.text("/items/0/name"), number);
        // Another kindergarten of the same owner is called as before.
        assert!(tables_with(&world, "KLEPP ELVETUNET BARNEHAGE").contains("units"));
    }

    /// A name that was typed in is forgotten, too, though no register's state of the unit is held.
    async fn a_name_that_was_typed_in_is_forgotten(store: TestStore) {
        let world = World::start(store).await;
        world.at("2021-02-03T08:00:00Z");
        let officer = officer(&world).await;
        let registers = Registers::start(&world);
        let number = registers.number_of("KLEPP SOLBAKKEN BARNEHAGE");
        let source = "enhetsregisteret-sub-units";
        registers.change(&number, &json!({ "removed": true }));
        assert_eq!(registers.fetch(&officer, source).await.text("/state"), "done");
        let organisation = world.admin.post("/v1/organisations", &klepp()).await.expect_status(201).id();
        let headcount = json!({
            "organisationId": organisation, "unitKind": "kindergarten", "measure": "employees", "date": "2020-12-15",
            "status": "known", "count": "24", "source": "test", "unitNumber": number, "unitName": NAME,
        });
        officer.post("/v1/headcounts", &headcount).await.expect_status(201);
        assert!(tables_with(&world, NAME).is_superset(&set(&["headcounts", "units"])));
        // The register says so once more.
        registers.change(&number, &json!({ "removed": true }));
        world.at("2021-02-04T08:00:00Z");
        assert_eq!(registers.fetch(&officer, source).await.text("/state"), "done");
        let left = tables_with(&world, NAME);
        assert!(left.is_subset(&set(&FROZEN)), "{left:?}");
        let changes = officer.get(&format!("/v1/changes?unitNumber={number}")).await.expect_status(200);
        assert_eq!(changes.at("/items"), json!([]), "there was no state that could go");
    }
}
