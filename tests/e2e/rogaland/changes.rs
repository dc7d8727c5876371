//! From a change in a register to what it does to Jæren: one kindergarten of Klepp gets more people.
//!
//! By hand: the 380 of the kindergartens of Klepp are told one by one, 120 + 130 + 130. With 8 more in one of them Jæren has
//! 2325.1 + 8 = 2333.1, and 400 000 + 852.50 × 2333.1 = 2 388 967.75, in whole kroner 2 388 968: 8 × 852.50 = 6 820 more than the
//! 2 382 148 of before, from 2021 on.

use serde_json::{Value, json};

use super::case::text;
use super::cast::{Journey, Kind};
use crate::reading::{notice, recounted};

const KLEPP: &str = "864969682";
/// The kindergarten that grows, one that is looked into, and one more.
const KINDERGARTENS: [(&str, &str, u32); 3] = [
    ("974101", "Kleppe barnehage", 120),
    ("974102", "Verdalen barnehage", 130),
    ("974103", "Orre barnehage", 130),
];
const BEFORE: &str = "2382148.00";
const AFTER: &str = "2388968.00";
const YEARS: [i16; 4] = [2021, 2022, 2023, 2024];

fn nok(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "NOK" })
}

async fn promised(journey: &Journey) -> Value {
    let mut all = Vec::new();
    for grant in ["grant sandnes", "grant jaeren"] {
        let read = journey.public.get(&journey.at("grants", Kind::Single, grant)).await.expect_status(200);
        let years = read.at("/years").as_array().unwrap().clone();
        all.extend(years.into_iter().map(|year| (year["state"].clone(), year["promised"].clone())));
    }
    json!(all)
}

async fn runs(journey: &Journey) -> Vec<Value> {
    let office = journey.id(Kind::Single, "office");
    journey.public.list(&format!("/v1/runs?officeId={office}&sort=-createdAt")).await
}

/// The reasons' and the traces' way to the kindergarten.
fn names(tree: &Value, words: &str) -> bool {
    tree.to_string().contains(words)
}

/// The kindergartens of Klepp are counted one by one, which moves no amount.
pub(crate) async fn count_by_unit(journey: &Journey) {
    journey.world.at("2021-04-01T09:00:00+02:00");
    let directorate = journey.actor("directorate");
    for (number, name, count) in KINDERGARTENS {
        let headcount = json!({
            "organisationId": journey.id(Kind::Organisation, "klepp"), "unitKind": "kindergarten",
            "measure": "employees", "date": "2021-01-31", "status": "known", "count": count.to_string(),
            "source": "Øvingsverdi", "practice": true, "unitNumber": number, "unitName": name,
        });
        directorate.post("/v1/headcounts", &headcount).await.expect_status(201);
    }
    journey.world.work().await;
    let klepp = journey.id(Kind::Organisation, "klepp");
    let units = journey.public.list(&format!("/v1/units?organisationId={klepp}")).await;
    assert_eq!(units.len(), 3);
    journey.public.get(&format!("/v1/units/{}", text(&units[0], "id"))).await.expect_status(200);
    assert!(
        journey.officer().list("/v1/impact-reports?state=open").await.is_empty(),
        "120 + 130 + 130 = 380"
    );
}

/// The kindergarten register tells of two of them; one change is accepted, the other one held.
pub(crate) async fn follow_a_kindergarten(journey: &Journey) {
    journey.world.at("2021-04-12T09:00:00+02:00");
    let (before, runs_before) = (promised(journey).await, runs(journey).await.len());
    let [(grown, ..), (shrunk, ..), _] = KINDERGARTENS;
    let differences = vec![
        recounted("2021-04-10", grown, KLEPP, (120, 128)),
        recounted("2021-04-10", shrunk, KLEPP, (130, 100)),
    ];
    notice(&journey.world, differences).await;
    journey.world.work().await;
    assert_eq!(
        (promised(journey).await, runs(journey).await.len()),
        (before.clone(), runs_before),
        "nothing moves by itself"
    );

    let officer = journey.officer();
    let change = officer.list(&format!("/v1/changes?state=open&unitNumber={grown}")).await.remove(0);
    let address = format!("/v1/changes/{}", text(&change, "id"));
    let read = officer.get(&address).await.expect_status(200);
    let moves = read.at("/effect/plans/0/moves").as_array().unwrap().clone();
    let told: Vec<_> = moves.iter().map(|one| (one["year"].clone(), one["difference"].clone())).collect();
    assert_eq!(told, YEARS.map(|year| (json!(year), nok("6820.00"))));
    assert!(names(&moves[0]["reasons"], "Kleppe barnehage"));

    // The other one is looked into first, and moves nothing.
    let other = officer.list(&format!("/v1/changes?state=open&unitNumber={shrunk}")).await.remove(0);
    let held = format!("/v1/changes/{}", text(&other, "id"));
    let reason = json!({ "reason": "Vi spør kommunen om tallet." });
    officer.act(&held, "hold", Some(&reason)).await.expect_status(200);
    journey.world.work().await;
    assert_eq!(runs(journey).await.len(), runs_before);

    officer.act(&address, "acceptance", None).await.expect_status(200);
    journey.world.work().await;
    let after = runs(journey).await;
    assert_eq!(after.len(), runs_before + 1);
    assert_eq!(
        promised(journey).await,
        before,
        "what was told moves when the report is accepted, what was decided never"
    );
    let report = officer.list("/v1/impact-reports?state=open").await.remove(0);
    let reported: Vec<_> = report["moves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["year"].clone(), one["from"].clone(), one["to"].clone()))
        .collect();
    assert_eq!(reported, YEARS.map(|year| (json!(year), nok(BEFORE), nok(AFTER))));
    assert!(names(&report["moves"][0]["reasons"], "Kleppe barnehage"));
    let run = journey.public.get(&format!("/v1/runs/{}", text(&report, "runId"))).await.expect_status(200);
    assert_eq!(run.at("/id"), after[0]["id"]);
    let run = run.json();
    let line = run["plan"]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["year"] == 2021 && line["amount"] == nok(AFTER));
    let line = line.expect("the line of Jæren");
    assert!(names(line, "summen av 3 enheter"), "the sentence");
    assert!(names(line, "Kleppe barnehage"), "the trace");
}
