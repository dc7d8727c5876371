//! The registers over HTTP: the worker reads the stub, and what it read is asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;
use tildel_register_stub::server::{Asked, Server};
use tildel_register_stub::{Scene, Stub};
use tildel_registers::fetch::{Fetcher, FetcherSettings, NoArchive, SystemSurroundings};
use tildel_test_support::TestStore;
use tildel_tests::{Client, Reply, World};
use tildel_usecases::domain::allocation::{Measure, UnitKind};
use tildel_usecases::sources::{Bases, ControlSettings, Fetchers, Ingest, IngestParts};
use tildel_worker::{Sources, Worker};
use url::Url;

/// When the files of the stub were made.
const LISTED_AT: &str = "2021-02-01T03:00:00Z";
/// When its data is changed.
const CHANGED_AT: &str = "2021-02-02T09:00:00Z";

/// The stub and a worker that reads it.
pub(crate) struct Registers {
    stub: Arc<Stub>,
    worker: Worker,
    _folder: TempDir,
}

impl Registers {
    /// Starts both, below a path such as `/fault/500/`.
    pub(crate) fn start_below(world: &World, path: &str) -> Self {
        let scene = Scene::practice(LISTED_AT.parse().expect("an instant"));
        let stub = Arc::new(Stub::new(scene, || CHANGED_AT.parse().expect("an instant")));
        let answering = Arc::clone(&stub);
        let server = Server::start(move |asked, _| answering.answer(asked)).expect("a free port");
        let base: Url = format!("http://{}{path}", server.address()).parse().expect("an address");
        let below = |part: &str| base.join(part).expect("an address");
        let mut settings = FetcherSettings::new("Tildel test");
        settings.retries.attempts = 1;
        let clock = Arc::clone(&world.clock);
        let surroundings = Arc::new(SystemSurroundings::new(move || clock.now(), || 0));
        let folder = tempfile::tempdir().expect("a folder");
        let ingest = Ingest::new(IngestParts {
            service: world.service().clone(),
            fetchers: Fetchers {
                tls: None,
                plain: Some(Arc::new(Fetcher::plain(settings, surroundings, Arc::new(NoArchive)))),
            },
            bases: Bases {
                enhetsregisteret: below("enhetsregisteret/api/"),
                nsr: below("nsr/v4/"),
                nbr: below("nbr/v4/"),
                klass: below("klass/v1/"),
                kartverket: below("kommuneinfo/v1/"),
                pxweb: below("pxweb/v2/"),
            },
            file_every_seconds: 0,
            controls: vec![ControlSettings {
                unit_kind: UnitKind::Kindergarten,
                table: "12562".to_owned(),
                region: "KOKkommuneregion0000".to_owned(),
                contents: "Ansatte".to_owned(),
                measure: Measure::Employees,
                tolerance_percent: 10,
            }],
            folder: folder.path().to_owned(),
            runtime: tokio::runtime::Handle::current(),
        });
        let sources = Sources { ingest: Arc::new(ingest), every_seconds: BTreeMap::new() };
        let worker = world.worker.clone().with_sources(sources);
        Self { stub, worker, _folder: folder }
    }

    /// Starts both.
    pub(crate) fn start(world: &World) -> Self {
        Self::start_below(world, "/")
    }

    /// Lets the worker do all that is due.
    pub(crate) async fn work(&self) {
        self.worker.run_until_idle().await.expect("the worker works");
    }

    /// Asks for a source to be read, lets it be read, and gives the operation.
    pub(crate) async fn fetch(&self, who: &Client, source: &str) -> Reply {
        let begun = who.post(&format!("/v1/sources/{source}/fetches"), &Value::Null).await.expect_status(202);
        self.work().await;
        who.get(&format!("/v1/operations/{}", begun.text("/operationId"))).await.expect_status(200)
    }

    /// The number of the unit with this name.
    pub(crate) fn number_of(&self, name: &str) -> String {
        let listed =
            self.stub.answer(&Asked { method: "GET".into(), path: "/stub/units".into(), ..Asked::default() });
        let units: Value = serde_json::from_slice(&listed.body).expect("JSON");
        let found = units.as_array().into_iter().flatten().find(|unit| unit["name"] == name);
        found.and_then(|unit| unit["number"].as_str()).expect("a unit of that name").to_owned()
    }

    /// Changes a unit of the stub.
    pub(crate) fn change(&self, number: &str, wish: &Value) {
        let path = format!("/stub/units/{number}");
        let asked = Asked { method: "POST".into(), path, body: wish.to_string().into(), ..Asked::default() };
        assert_eq!(self.stub.answer(&asked).status, 200, "{wish} is no wish");
    }
}

/// A case officer of an office.
pub(crate) async fn officer(world: &World) -> Client {
    let office = json!({
        "key": "RO", "name": { "nb": "Statsforvalteren" }, "department": { "nb": "Utdanning" },
        "organisationNumber": "974763230", "address": [], "language": "nb",
    });
    let office = world.admin.post("/v1/offices", &office).await.expect_status(201).id();
    world.person("Sak", "case_officer", json!({ "officeId": office })).await.0
}

/// Klepp, as it is entered.
pub(crate) fn klepp() -> Value {
    json!({ "number": "864969682", "name": "Klepp", "kind": "municipality", "municipalityNumber": "1120", "language": "nn" })
}

tildel_test_support::both_backends! {
    /// Sources are there before they were read, are read when somebody asks, and say how old they are.
    async fn a_source_is_read_and_told_of(store: TestStore) {
        let world = World::start(store).await;
        world.at("2021-02-02T08:00:00Z");
        let officer = officer(&world).await;
        let registers = Registers::start(&world);
        let listed = officer.get("/v1/sources?limit=3").await.expect_status(200);
        assert_eq!(listed.at("/items/0/dataAsOf"), Value::Null);
        let rest = officer.get(&format!("/v1/sources?cursor={}", listed.text("/nextCursor"))).await.expect_status(200);
        assert_eq!(rest.at("/items").as_array().unwrap().len(), 5);
        let done = registers.fetch(&officer, "klass-municipalities").await;
        // Eight changes and 25 numbers; «Uoppgitt» is no place, and is not kept.
        assert_eq!((done.text("/state"), done.at("/result/records")), ("done".to_owned(), json!(8 + 26)));
        let source = officer.get("/v1/sources/klass-municipalities").await.expect_status(200);
        assert_eq!((source.at("/failures"), source.at("/lastError")), (json!(0), Value::Null));
        assert_eq!(source.text("/lastSuccessAt"), "2021-02-02T08:00:00Z");
        let fetch = officer.get("/v1/fetches?source=klass-municipalities").await.expect_status(200);
        let id = fetch.text("/items/0/id");
        assert_eq!(officer.get(&format!("/v1/fetches/{id}")).await.expect_status(200).json(), fetch.at("/items/0"));
        let again = registers.fetch(&officer, "klass-municipalities").await;
        assert_eq!(again.text("/result/state"), "unchanged");
        officer.get("/v1/sources/klas").await.expect_problem(400, "invalid_path");
        world.public().get("/v1/sources").await.expect_problem(401, "unauthenticated");
    }

    /// An old number resolves for ever, to what it is on the day that is asked for.
    async fn a_number_is_told_as_of_a_day(store: TestStore) {
        let world = World::start(store).await;
        let officer = officer(&world).await;
        let public = world.public();
        public.get("/v1/municipalities/1102").await.expect_problem(404, "not_found");
        Registers::start(&world).fetch(&officer, "klass-municipalities").await;
        // From the changes of 2020: Sandnes got the number 1108, and took in Forsand.
        let sandnes = public.get("/v1/municipalities/1102?asOf=2024-06-01").await.expect_status(200);
        assert_eq!(sandnes.at("/is/0/number"), "1108");
        assert_eq!((sandnes.at("/is/0/share"), sandnes.at("/was/0/until")), (json!("1"), json!("2019-12-31")));
        let before = public.get("/v1/municipalities/1102?asOf=2019-12-31").await.expect_status(200);
        assert_eq!((before.at("/is/0/number"), before.at("/later/0/to/number")), (json!("1102"), json!("1108")));
        let forsand = public.get("/v1/municipalities/1129?asOf=2024-06-01").await.expect_status(200);
        assert_eq!((forsand.at("/is/0/number"), forsand.at("/became/0/kind")), (json!("1108"), json!("merged")));
        // Ålesund and Haram parted in 2024: the number of both is in two places.
        let parted = public.get("/v1/municipalities/1507?asOf=2024-06-01").await.expect_status(200);
        assert_eq!((parted.at("/is/0/number"), parted.at("/is/1/number")), (json!("1508"), json!("1580")));
        assert_eq!(parted.at("/sharesAssumed"), true);
        let then = public.get("/v1/municipalities?asOf=2019-12-31&limit=200").await.expect_status(200);
        let numbers: Vec<Value> = then.at("/items").as_array().unwrap().iter().map(|item| item["number"].clone()).collect();
        for (number, is_there) in [("1102", true), ("1129", true), ("1108", false), ("1508", false)] {
            assert_eq!(numbers.contains(&json!(number)), is_there, "{number}");
        }
        public.get("/v1/municipalities/11").await.expect_problem(400, "invalid_path");
        public.get("/v1/municipalities/1102?asOf=yesterday").await.expect_problem(400, "invalid_query");
    }

    /// The sums of kindergartens stand beside what the table of statistics says. Sandnes has 24, 17 and a withheld count in each register, and so
    /// has the table no number; of Bergen no unit is here and the table has zero.
    async fn sums_are_held_against_control_totals(store: TestStore) {
        let world = World::start(store).await;
        world.at("2021-02-02T08:00:00Z");
        let officer = officer(&world).await;
        let registers = Registers::start(&world);
        for source in ["klass-municipalities", "enhetsregisteret-units", "enhetsregisteret-sub-units", "nbr", "pxweb"] {
            assert_eq!(registers.fetch(&officer, source).await.text("/state"), "done", "{source}");
        }
        let public = world.public();
        let found = public.get("/v1/control-totals?unitKind=kindergarten&municipalityNumber=1108").await.expect_status(200);
        let items = found.at("/items").as_array().unwrap().clone();
        assert_eq!(items.len(), 1);
        assert_eq!((&items[0]["total"]["status"], &items[0]["year"], &items[0]["table"]), (&json!("withheld"), &json!(2025), &json!("12562")));
        assert_eq!(items[0]["sums"], json!([
            {"register": "enhetsregisteret", "units": 3, "known": "41", "withheld": 1, "unknown": 0, "agreement": "open"},
            {"register": "nbr", "units": 3, "known": "41", "withheld": 0, "unknown": 1, "agreement": "open"},
        ]));
        assert_eq!(public.get("/v1/control-totals?year=2024").await.expect_status(200).at("/items"), json!([]));
        public.get("/v1/control-totals?unitKind=university").await.expect_problem(400, "invalid_query");
        public.get("/v1/control-totals?municipalityNumber=11").await.expect_problem(400, "invalid_query");
    }

    /// An applicant gives the number and gets name, place, owner, and schools and kindergartens with what each register says.
    async fn a_number_fills_an_application(store: TestStore) {
        let world = World::start(store).await;
        world.at("2021-02-02T08:00:00Z");
        let officer = officer(&world).await;
        officer.get("/v1/prefills/864969682").await.expect_problem(404, "not_found");
        let registers = Registers::start(&world);
        for source in ["klass-municipalities", "enhetsregisteret-units", "enhetsregisteret-sub-units", "nsr", "nbr"] {
            assert_eq!(registers.fetch(&officer, source).await.text("/state"), "done", "{source}");
        }
        let filled = officer.get("/v1/prefills/864969682").await.expect_status(200);
        let head = ["name", "kind", "municipalityNumber", "municipalityName"].map(|key| filled.text(&format!("/{key}")));
        assert_eq!(head, ["KLEPP KOMMUNE", "municipality", "1120", "Klepp"]);
        assert_eq!(filled.at("/organisationId"), Value::Null);
        let units = filled.at("/units").as_array().unwrap().clone();
        assert_eq!(units.len(), 6, "three kindergartens and three schools, found below the department of education");
        let small = registers.number_of("KLEPP LYNGHEIA FAMILIEBARNEHAGE");
        let small = units.iter().find(|unit| unit["number"] == json!(small)).expect("the family kindergarten");
        assert_eq!(small["unitKind"], "kindergarten");
        // Three people: withheld in the one register, not shown in the other, and zero in none.
        let told = |register: &str| small["headcounts"].as_array().unwrap().iter().find(|told| told["register"] == register).cloned();
        assert_eq!(told("enhetsregisteret").expect("told")["status"], "withheld");
        assert_eq!(told("nbr").expect("told")["status"], "unknown");
        let organisation = world.admin.post("/v1/organisations", &klepp()).await.expect_status(201).id();
        let filled = officer.get("/v1/prefills/864969682").await.expect_status(200);
        assert_eq!(filled.text("/organisationId"), organisation);
        let school = registers.number_of("KLEPP ØVRE SKOLE");
        let filled = officer.get(&format!("/v1/prefills/{school}")).await.expect_status(200);
        assert_eq!(filled.text("/owner/number").len(), 9);
        officer.get("/v1/prefills/864969683").await.expect_problem(422, "invalid_value");
    }

    /// What the feed tells of a kindergarten of an organisation that is entered becomes a change; nobody's grant is touched, so it is taken up.
    async fn a_fetched_difference_becomes_a_change(store: TestStore) {
        let world = World::start(store).await;
        world.at("2021-02-02T08:00:00Z");
        let officer = officer(&world).await;
        let organisation = world.admin.post("/v1/organisations", &klepp()).await.expect_status(201).id();
        let registers = Registers::start(&world);
        registers.fetch(&officer, "nbr").await;
        officer.act(&format!("/v1/organisations/{organisation}"), "register-units", None).await.expect_status(200);
        let number = registers.number_of("KLEPP SOLBAKKEN BARNEHAGE");
        registers.change(&number, &json!({ "employees": 27 }));
        world.at("2021-02-03T08:00:00Z");
        assert_eq!(registers.fetch(&officer, "nbr").await.at("/result/changed"), 1);
        let changes = officer.get(&format!("/v1/changes?unitNumber={number}&sort=-createdAt")).await.expect_status(200);
        assert_eq!((changes.text("/items/0/kind"), changes.text("/items/0/state")), ("headcount_changed".to_owned(), "applied".to_owned()));
        let headcounts = officer.get("/v1/headcounts?limit=200").await.expect_status(200);
        let of_unit: Vec<Value> = headcounts.at("/items").as_array().unwrap().iter()
            .filter(|headcount| headcount["unitNumber"] == json!(number)).map(|headcount| headcount["count"].clone()).collect();
        assert_eq!(of_unit, [json!("24"), json!("27")]);
    }

    /// Schools lie below a department, which was read at another time: they are followed all the same, and those of nobody who is entered are not.
    async fn units_below_a_department_are_followed(store: TestStore) {
        let world = World::start(store).await;
        world.at("2021-02-02T08:00:00Z");
        let officer = officer(&world).await;
        world.admin.post("/v1/organisations", &klepp()).await.expect_status(201);
        let registers = Registers::start(&world);
        registers.fetch(&officer, "enhetsregisteret-units").await;
        registers.fetch(&officer, "enhetsregisteret-sub-units").await;
        let changes = officer.get("/v1/changes?limit=200").await.expect_status(200);
        let changes = changes.at("/items").as_array().unwrap().clone();
        let names = ["SOLBAKKEN BARNEHAGE", "ELVETUNET BARNEHAGE", "LYNGHEIA FAMILIEBARNEHAGE", "ØVRE SKOLE", "NEDRE SKOLE", "JÆRTUN UNGDOMSSKOLE"];
        let mut of_klepp: Vec<String> = names.iter().map(|name| registers.number_of(&format!("KLEPP {name}"))).collect();
        of_klepp.sort();
        let mut followed: Vec<String> = changes.iter().filter(|change| change["kind"] == "new")
            .map(|change| change["unitNumber"].as_str().unwrap().to_owned()).collect();
        followed.sort();
        assert_eq!(followed, of_klepp);
        let units = world.public().get("/v1/units?limit=200").await.expect_status(200);
        assert_eq!(units.at("/items").as_array().unwrap().len(), 6);
    }

    /// A source that fails says so and keeps what it had; the others go on.
    async fn a_source_that_fails_does_not_stop_the_others(store: TestStore) {
        let world = World::start(store).await;
        let officer = officer(&world).await;
        let registers = Registers::start(&world);
        registers.fetch(&officer, "klass-counties").await;
        let broken = Registers::start_below(&world, "/fault/500/");
        broken.fetch(&officer, "klass-municipalities").await;
        let failed = officer.get("/v1/sources/klass-municipalities").await.expect_status(200);
        assert_eq!((failed.at("/failures"), failed.at("/dataAsOf")), (json!(1), Value::Null));
        assert!(failed.text("/lastError").contains("500"));
        let other = officer.get("/v1/sources/klass-counties").await.expect_status(200);
        assert_eq!(other.at("/failures"), 0);
        // The failed job waits for its next attempt, which falls due.
        world.at("2020-03-02T09:00:00Z");
        registers.work().await;
        let mended = officer.get("/v1/sources/klass-municipalities").await.expect_status(200);
        assert_eq!((mended.at("/failures"), mended.at("/lastError")), (json!(0), Value::Null));
    }
}
