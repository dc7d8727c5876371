//! Registers are read for the first time, and asked for what they say of Klepp.

use serde_json::{Value, json};

use super::cast::{Journey, Kind};
use crate::registers::Registers;

/// Two practice municipalities merged at New Year, and a case officer says so. Neither has a project that runs.
pub(crate) async fn merge_two(journey: &Journey) {
    let address = |key: &str| journey.at("organisations", Kind::Organisation, key);
    let number = journey.public.get(&address("practice-c")).await.expect_status(200).text("/number");
    let content = json!({
        "ceasedOn": "2021-01-01", "successors": [{ "organisationNumber": number, "share": "1" }],
    });
    let (officer, gone) = (journey.officer(), address("practice-b"));
    let path = format!("{gone}/succession");
    let changed = officer.write(reqwest::Method::PUT, &gone, &path, Some(&content)).await.expect_status(200);
    assert_eq!(changed.at("/successors/0/share"), json!("1"));
    journey.world.work().await;
}

/// Reads numbers of municipalities, organisations and kindergartens, and reads them back.
pub(crate) async fn read_them(journey: &Journey) {
    journey.world.at("2021-04-20T09:00:00+02:00");
    let registers = Registers::start(&journey.world);
    let officer = journey.officer();
    for source in ["klass-municipalities", "enhetsregisteret-units", "nsr", "nbr", "pxweb"] {
        let begun =
            officer.post(&format!("/v1/sources/{source}/fetches"), &Value::Null).await.expect_status(202);
        registers.work().await;
        let done =
            officer.get(&format!("/v1/operations/{}", begun.text("/operationId"))).await.expect_status(200);
        assert_eq!(done.text("/state"), "done", "{source}");
    }
    assert_eq!(officer.list("/v1/sources").await.len(), 8);
    officer.get("/v1/sources/nbr").await.expect_status(200);
    let fetches = officer.list("/v1/fetches").await;
    assert_eq!(fetches.len(), 5);
    let first = fetches[0]["id"].as_str().unwrap();
    officer.get(&format!("/v1/fetches/{first}")).await.expect_status(200);
    let sandnes = journey.public.get("/v1/municipalities/1102?asOf=2021-04-20").await.expect_status(200);
    assert_eq!(sandnes.at("/is/0/number"), json!("1108"));
    assert!(journey.public.list("/v1/municipalities?asOf=2021-04-20").await.len() > 20);
    let control = journey.public.list("/v1/control-totals?municipalityNumber=1120").await;
    assert_eq!(
        control[0]["sums"][0]["units"],
        json!(3),
        "its kindergartens, beside what is counted in the municipality"
    );
    let klepp = officer.get("/v1/prefills/864969682").await.expect_status(200);
    assert_eq!(klepp.at("/units").as_array().unwrap().len(), 6, "its schools and kindergartens");
    take_in_a_school(journey).await;
    registers.work().await;
}

/// The independent school has one place of work, which nobody has counted yet: it is taken in, with its 21 people.
async fn take_in_a_school(journey: &Journey) {
    let school = journey.id(Kind::Organisation, "practice-school");
    let address = format!("/v1/organisations/{school}");
    let taken = journey.officer().act(&address, "register-units", None).await.expect_status(200);
    // The unit itself is followed since the register told of it.
    assert_eq!(taken.at("/units"), json!([]));
    assert_eq!(
        (taken.at("/headcounts/0/count"), taken.at("/headcounts/0/chosen")),
        (json!("21"), json!(true))
    );
}
