//! People, bodies, rules and the queue.

use serde_json::{Value, json};

use super::{Request, plain, sent};
use crate::stage::kroner;
use crate::stage::{Stage, model_body, organisation_number, scheme_body};

/// What lies ready.
pub(super) struct Registry {
    frame: String,
    model: String,
    token: String,
    operation: String,
    /// A scheme without frames.
    bare_scheme: String,
}

impl Registry {
    /// Lays it ready.
    pub(super) async fn set(stage: &Stage) -> Self {
        let public = stage.world.public();
        let first = async |path: &str| public.get(path).await.expect_status(200).text("/items/0/id");
        let spare = json!({ "personId": stage.directorate.id, "role": "directorate", "label": "spare" });
        let token = stage.call(&stage.world.admin, "accessTokenCreate", &[], spare).await.expect_status(201);
        // A plan of its own: work that others asked for besides can not be called off.
        let directorate = &stage.directorate.client;
        let scheme = stage.call(directorate, "schemeCreate", &[], scheme_body("plan-2020")).await;
        let plan = json!({ "officeId": stage.office.id, "schemeId": scheme.expect_status(201).id() });
        let bare = stage.call(directorate, "schemeCreate", &[], scheme_body("bare-2020")).await;
        let officer = &stage.office.officer.client;
        let begun = stage.call(officer, "planRecompute", &[], plan).await.expect_status(202);
        Self {
            frame: stage.frame(2023, kroner(10_000_000), Value::Null).await,
            model: first("/v1/funding-models").await,
            token: token.text("/accessToken/id"),
            operation: begun.text("/operationId"),
            bare_scheme: bare.expect_status(201).id(),
        }
    }

    /// The good request of an operation on these things.
    pub(super) fn request(&self, stage: &Stage, operation: &str) -> Option<Request> {
        let staff = json!({ "name": "Ny", "officeId": stage.office.id });
        let token = json!({ "personId": stage.directorate.id, "role": "directorate", "label": "new" });
        let organisation = json!({
            "number": organisation_number(1), "name": "Ny", "kind": "municipality", "language": "nb",
        });
        let office = json!({
            "key": "NY", "name": { "nb": "Ny" }, "department": { "nb": "Ny" },
            "organisationNumber": organisation_number(2), "address": [], "language": "nb",
        });
        let headcount = json!({
            "organisationId": stage.lead.organisation, "unitKind": "kindergarten", "measure": "employees",
            "date": "2020-01-15", "status": "known", "count": "120", "source": "test",
        });
        let frame = json!({
            "officeId": stage.office.id, "schemeId": self.bare_scheme, "year": 2025, "status": "expected",
        });
        Some(match operation {
            "accountRead" | "organisationList" | "headcountList" | "officeList" | "personList"
            | "schemeList" | "accessTokenList" | "fundingModelList" | "frameList" | "jobList"
            | "journalList" => plain([]),
            "organisationRead" => plain([&stage.lead.organisation]),
            "organisationCreate" => sent([], organisation),
            "organisationSuccessionSet" => {
                sent([&stage.stranger.organisation], json!({ "ceasedOn": "2020-01-01", "successors": [] }))
            }
            "headcountCreate" => sent([], headcount),
            "officeRead" => plain([&stage.office.id]),
            "officeCreate" => sent([], office),
            "personRead" => plain([&stage.directorate.id]),
            "personCreate" => sent([], staff),
            "accessTokenCreate" => sent([], token),
            "accessTokenRead" | "accessTokenRevoke" => plain([&self.token]),
            "schemeRead" => plain([&stage.scheme]),
            "schemeCreate" => sent([], scheme_body("another-2020")),
            "fundingModelRead" => plain([&self.model]),
            "fundingModelPublish" => sent([], model_body(&stage.scheme, 2)),
            "frameRead" => plain([&self.frame]),
            "frameCreate" => sent([], frame),
            "frameUpdate" => {
                sent([&self.frame], json!({ "status": "decided", "amount": kroner(20_000_000) }))
            }
            "operationRead" | "operationCancel" | "jobRetry" => plain([&self.operation]),
            _ => return None,
        })
    }
}
