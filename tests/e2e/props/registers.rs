//! What was read of the registers.

use super::{Request, plain};
use crate::registers::Registers as Reading;
use crate::stage::Stage;

/// What lies ready.
pub(super) struct Registers {
    fetch: String,
    number: String,
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
        let fetch = officer.get("/v1/fetches").await.expect_status(200).text("/items/0/id");
        Self { fetch, number: reading.number_of("KLEPP SOLBAKKEN BARNEHAGE"), _reading: reading }
    }

    /// The good request of an operation on these things.
    pub(super) fn request(&self, operation: &str) -> Option<Request> {
        Some(match operation {
            "sourceList" | "fetchList" | "municipalityList" | "controlTotalList" => plain([]),
            "sourceRead" | "sourceFetch" => plain([&"klass-counties".to_owned()]),
            "fetchRead" => plain([&self.fetch]),
            "municipalityRead" => plain([&"1102".to_owned()]),
            "prefillRead" => plain([&self.number]),
            _ => return None,
        })
    }
}
