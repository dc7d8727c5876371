//! What was read of the registers.

use serde_json::json;

use super::{Request, plain};
use crate::registers::Registers as Reading;
use crate::stage::Stage;

/// What lies ready.
pub(super) struct Registers {
    fetch: String,
    number: String,
    /// An organisation whose kindergartens were read before it was entered.
    organisation: String,
    _reading: Reading,
}

impl Registers {
    /// Lays it ready.
    pub(super) async fn set(stage: &Stage) -> Self {
        let officer = &stage.office.officer.client;
        let reading = Reading::start(&stage.world);
        for source in ["klass-municipalities", "nbr"] {
            reading.fetch(officer, source).await;
        }
        let klepp =
            json!({ "number": "864969682", "name": "Klepp", "kind": "municipality", "language": "nn" });
        let organisation =
            stage.call(officer, "organisationCreate", &[], klepp).await.expect_status(201).id();
        let fetch = officer.get("/v1/fetches").await.expect_status(200).text("/items/0/id");
        let number = reading.number_of("KLEPP SOLBAKKEN BARNEHAGE");
        Self { fetch, number, organisation, _reading: reading }
    }

    /// The good request of an operation on these things.
    pub(super) fn request(&self, operation: &str) -> Option<Request> {
        Some(match operation {
            "sourceList" | "fetchList" | "municipalityList" | "controlTotalList" => plain([]),
            "sourceRead" | "sourceFetch" => plain([&"klass-counties".to_owned()]),
            "fetchRead" => plain([&self.fetch]),
            "municipalityRead" => plain([&"1102".to_owned()]),
            "registerUnitsTakeIn" => plain([&self.organisation]),
            "prefillRead" => plain([&self.number]),
            _ => return None,
        })
    }
}
