//! Changes of registers, and the kindergartens that they are of.

use serde_json::{Value, json};

use super::{Request, plain, sent};
use crate::reading::{assess, notice, recounted};
use crate::stage::Stage;

/// The kindergartens of the lead.
const NUMBERS: [&str; 2] = ["974101", "974102"];

/// What lies ready.
pub(super) struct Changes {
    unit: String,
    /// One to accept and one to hold.
    changes: [String; 2],
}

impl Changes {
    /// Lays it ready: two kindergartens of the lead, which has a grant that runs in 2025, and a change of each.
    pub(super) async fn set(stage: &Stage) -> Self {
        let officer = &stage.office.officer.client;
        for number in NUMBERS {
            stage.unit_headcount(number, "2025-02-01", 60, None).await;
        }
        let lead = stage.number_of(&stage.lead).await;
        let differences = NUMBERS.map(|number| recounted("2025-03-01", number, &lead, (60, 70)));
        notice(&stage.world, differences.to_vec()).await;
        let mut changes = Vec::new();
        for number in NUMBERS {
            let listed = officer.get(&format!("/v1/changes?state=open&unitNumber={number}")).await;
            changes.push(listed.expect_status(200).text("/items/0/id"));
        }
        let unit = stage.world.public().get("/v1/units").await.expect_status(200).text("/items/0/id");
        Self { unit, changes: changes.try_into().expect("two changes") }
    }

    /// What the change to accept does, told on what stands: that moves whenever another operation moves something.
    pub(super) async fn tell(&self, stage: &Stage) {
        assess(&stage.world, &self.changes[0]).await;
    }

    /// The good request of an operation on these things.
    pub(super) fn request(&self, operation: &str) -> Option<Request> {
        let [to_accept, to_hold] = &self.changes;
        Some(match operation {
            "unitList" | "changeList" => plain([]),
            "unitRead" => plain([&self.unit]),
            "changeRead" | "changeAccept" => plain([to_accept]),
            "changeHold" => sent([to_hold], json!({ "reason": "Vi spør kommunen først." })),
            _ => return None,
        })
    }
}

impl Stage {
    /// Records the employees of one kindergarten of the lead.
    pub(crate) async fn unit_headcount(
        &self,
        number: &str,
        date: &str,
        count: u32,
        reason: Option<&str>,
    ) -> Value {
        let mut body = json!({
            "organisationId": self.lead.organisation, "unitKind": "kindergarten", "measure": "employees", "date": date,
            "status": "known", "count": count.to_string(), "source": "test", "unitNumber": number,
            "unitName": format!("Barnehage {number}"),
        });
        if let Some(reason) = reason {
            body["reason"] = json!(reason);
        }
        let officer = &self.office.officer.client;
        self.call(officer, "headcountCreate", &[], body).await.expect_status(201).json()
    }

    /// The organisation number of an applicant.
    pub(crate) async fn number_of(&self, applicant: &crate::stage::Applicant) -> String {
        let path = format!("/v1/organisations/{}", applicant.organisation);
        self.world.public().get(&path).await.expect_status(200).text("/number")
    }
}
