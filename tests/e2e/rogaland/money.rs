//! After the letters: a payment, a corrected headcount whose effect is told and accepted, and what would be.
//!
//! By hand: with ten kindergarten employees more, Sandnes gets 10 × 852.50 = 8 525 kroner more from 2021 on.

use reqwest::Method;
use serde_json::{Value, json};
use tildel_domain::allocation::Bundle;

use super::case::text;
use super::cast::{Journey, Kind};

const BEFORE: &str = "2513518.00";
const AFTER: &str = "2522043.00";

fn nok(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "NOK" })
}

/// Pays the first half of the first year.
pub(crate) async fn pay(journey: &Journey) {
    journey.world.at("2020-10-01T09:00:00+02:00");
    let grant = journey.id(Kind::Single, "grant sandnes");
    let officer = journey.officer();
    let payment =
        json!({ "grantId": grant, "year": 2020, "amount": nok("1256759.00"), "paidOn": "2020-09-30" });
    let paid = officer.post("/v1/payments", &payment).await.expect_status(201);
    journey.public.get(&format!("/v1/payments/{}", paid.id())).await.expect_status(200);
    assert_eq!(journey.public.list(&format!("/v1/payments?grantId={grant}")).await.len(), 1);
    journey.world.work().await;
}

/// A headcount of 2021 moves four pre-notified years, when the office has accepted that.
pub(crate) async fn move_what_is_pre_notified(journey: &Journey) {
    journey.world.at("2021-01-20T09:00:00+01:00");
    let headcount = json!({
        "organisationId": journey.id(Kind::Organisation, "sandnes"), "unitKind": "kindergarten", "measure": "employees",
        "date": "2021-01-15", "status": "known", "count": "1460", "source": "Øvingsverdi", "practice": true,
    });
    journey.actor("directorate").post("/v1/headcounts", &headcount).await.expect_status(201);
    journey.world.work().await;
    let officer = journey.officer();
    let open = officer.list("/v1/impact-reports?state=open").await;
    assert_eq!(open.len(), 1);
    let moves: Vec<_> = open[0]["moves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|told| (told["year"].clone(), told["from"].clone(), told["to"].clone()))
        .collect();
    assert_eq!(moves, [2021, 2022, 2023, 2024].map(|year| (json!(year), nok(BEFORE), nok(AFTER))));
    let address = format!("/v1/impact-reports/{}", text(&open[0], "id"));
    let accepted = officer.act(&address, "acceptance", None).await.expect_status(200);
    assert_eq!(accepted.text("/state"), "accepted");
    journey.world.work().await;
    let grant =
        journey.public.get(&journey.at("grants", Kind::Single, "grant sandnes")).await.expect_status(200);
    let years = grant.at("/years");
    let promised: Vec<_> = years.as_array().unwrap().iter().map(|year| year["promised"].clone()).collect();
    assert_eq!(promised, [BEFORE, AFTER, AFTER, AFTER, AFTER].map(nok));
    assert!(officer.list("/v1/impact-reports?state=open").await.is_empty());
}

/// What the base would have to be for everybody to get 50 000 more, and that nothing comes of it.
pub(crate) async fn ask_what_if(journey: &Journey) {
    let officer = journey.officer();
    let changes = json!([{ "kind": "set_base", "component": "grunnbelop", "amount": nok("450000.00") }]);
    let (office, scheme) = (journey.id(Kind::Single, "office"), journey.id(Kind::Single, "scheme"));
    let new = json!({ "officeId": office, "schemeId": scheme, "name": "Høyere grunnbeløp", "changes": [] });
    let made = officer.post("/v1/scenarios", &new).await.expect_status(201);
    let address = format!("/v1/scenarios/{}", made.id());
    let content = json!({ "name": "Høyere grunnbeløp", "changes": changes });
    officer.put(&address, &content).await.expect_status(200);
    officer.act(&address, "runs", None).await.expect_status(200);
    let compared = officer.get(&format!("{address}/comparison")).await.expect_status(200);
    // Two projects in four open years; 2020 is decided.
    assert_eq!(compared.at("/lines").as_array().map(Vec::len), Some(8));
    assert_eq!(compared.at("/years/1/from"), nok("4904191.00"));
    assert_eq!(compared.at("/years/1/to"), nok("5004191.00"));
    assert_eq!(officer.list("/v1/scenarios").await.len(), 1);
    officer.write(Method::DELETE, &address, &address, None).await.expect_status(200);
}

/// Anybody can fetch a run and compute it again.
pub(crate) async fn verify(journey: &Journey, run_id: &str) {
    let bundle = journey.public.get(&format!("/v1/runs/{run_id}/bundle")).await.expect_status(200);
    assert!(Bundle::verify(&bundle.body).is_ok());
}
