//! The stub that people and campaigns run: what it says is read by every reader, and each of its faults has the outcome that is written here.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;
use tildel_allocation::{Headcount, Quantity};
use tildel_register_stub::{Scene, Stub};
use tildel_registers::bulk::{BulkItem, BulkLimits, BulkReader};
use tildel_registers::enhetsregisteret::{
    self, FeedPage, Search, SearchPage, Unit, UnitAnswer, UnitKind, feed_from,
};
use tildel_registers::fetch::{FetchError, Found, Request};
use tildel_registers::klass::{self, read_changes, read_codes};
use tildel_registers::pxweb::{self, Cell, Dataset};
use tildel_registers::read::{Limits, ReadError};
use tildel_registers::udir::{self, Register, UdirPage, UdirUnit};
use tildel_registers::{RegisterNumber, kartverket};
use url::Url;

use crate::server::Server;
use crate::setting::{Setting, request, setting_with};

fn at() -> Timestamp {
    "2026-11-01T03:00:00Z".parse().unwrap()
}

fn stub() -> Server {
    let stub = Stub::new(Scene::practice(at()).with_synthetic(200, 600, 11), at);
    Server::start(move |asked, _| stub.answer(asked))
}

fn setting() -> Setting {
    setting_with(|settings| {
        settings.limits = Limits { bytes: 1 << 20, depth: 32 };
        settings.file_bytes = 1 << 20;
    })
}

async fn body(setting: &Setting, request: &Request) -> Vec<u8> {
    let answer = setting.fetcher.fetch(request).await.unwrap();
    assert_eq!(answer.found, Found::Content, "{}", request.url);
    answer.body
}

#[tokio::test]
async fn all_that_it_says_is_read() {
    let (server, setting) = (stub(), setting());
    let brreg = server.url("enhetsregisteret/api/");
    let search = Search { parent: Some(RegisterNumber::new("964965137")), ..Search::default() };
    let page = SearchPage::read(&body(&setting, &search.page(&brreg, UnitKind::Head, 0, 20).unwrap()).await)
        .unwrap();
    assert_eq!((page.units.len(), page.units[0].name.as_str()), (1, "SANDNES KOMMUNE OPPVEKST"));

    let nbr = server.url("nbr/v4/");
    let list = UdirPage::read(
        &body(&setting, &udir::units_of_municipality(Register::Kindergartens, &nbr, "1120")).await,
    )
    .unwrap();
    let names: BTreeSet<&str> =
        list.units.iter().filter(|unit| unit.is_kindergarten).map(|unit| unit.name.as_str()).collect();
    assert!(names.is_superset(&BTreeSet::from([
        "Klepp Solbakken Barnehage",
        "Klepp Elvetunet Barnehage",
        "Klepp Lyngheia Familiebarnehage"
    ])));
    let counts = [("Klepp Solbakken Barnehage", Some(24)), ("Klepp Lyngheia Familiebarnehage", None)];
    for (name, count) in counts {
        let number = &list.units.iter().find(|unit| unit.name == name).unwrap().number;
        let detail =
            UdirUnit::read(&body(&setting, &udir::unit(Register::Kindergartens, &nbr, number)).await)
                .unwrap();
        let shown = count.map_or(Headcount::Unknown, |count| Headcount::Known(Quantity::from_whole(count)));
        assert_eq!(detail.headcount(), shown, "three are not shown");
        let answer =
            setting.fetcher.fetch(&enhetsregisteret::unit(&brreg, UnitKind::Sub, number)).await.unwrap();
        let UnitAnswer::Live(unit) = UnitAnswer::read(&answer).unwrap() else { panic!("it is live") };
        let withheld =
            count.map_or(Headcount::Withheld, |count| Headcount::Known(Quantity::from_whole(count)));
        assert_eq!((unit.headcount(), unit.municipality()), (withheld, Some("1120")));
    }

    let klass_base = server.url("klass/v1/");
    let changes = klass::changes(&klass_base, klass::MUNICIPALITIES, date(1838, 1, 1), date(2026, 12, 31));
    assert_eq!(read_changes(&body(&setting, &changes).await).unwrap().len(), 8);
    let codes = klass::codes_at(&klass_base, klass::COUNTIES, date(2026, 11, 27));
    assert_eq!(read_codes(&body(&setting, &codes).await).unwrap().len(), 4);
    let names = body(&setting, &kartverket::municipalities(&server.url("kommuneinfo/v1/"))).await;
    assert!(kartverket::read_municipalities(&names).unwrap().len() > 20);
    let table = body(&setting, &pxweb::data(&server.url("pxweb/v2/"), "12562", &[])).await;
    let table = Dataset::read(&table).unwrap();
    // Klepp has three employees in one kindergarten, which are withheld, and so is the sum.
    assert_eq!(table.cell(&["1120", "Ansatte", "2025"]), Some(&Cell::Missing(Some(":".to_owned()))));
}

#[tokio::test]
async fn the_feed_leads_to_what_the_units_are() {
    let (server, setting) = (stub(), setting());
    for prefix in ["", "fault/disorder/"] {
        let base: Url = server.url(&format!("{prefix}enhetsregisteret/api/"));
        let mut cursor = enhetsregisteret::FeedCursor::default();
        let mut told = BTreeSet::new();
        loop {
            let asked = feed_from(&base, UnitKind::Sub, cursor.next_id(), 50).unwrap();
            let page = FeedPage::read(&body(&setting, &asked).await).unwrap();
            if page.entries.is_empty() {
                break;
            }
            let batch = cursor.take(&page.entries);
            told.extend(batch.actions.iter().map(|(_, number, _)| number.to_string()));
            cursor = batch.cursor;
        }
        assert!(told.len() > 100, "{prefix}: {}", told.len());
    }
}

#[tokio::test]
async fn the_file_is_of_last_night() {
    let (server, setting) = (stub(), setting());
    let asked = enhetsregisteret::bulk_file(&server.url("enhetsregisteret/api/"), UnitKind::Sub);
    let mut bytes = Vec::new();
    let answer = setting.fetcher.fetch_file(&asked, &mut Memory(&mut bytes)).await.unwrap();
    let again = setting
        .fetcher
        .fetch_file(&asked.clone().unless_unchanged(answer.marks.clone()), &mut Memory(&mut Vec::new()))
        .await;
    assert_eq!(again.unwrap().found, Found::Unchanged);
    let mut reader = BulkReader::open(std::io::Cursor::new(bytes), BulkLimits::default(), None).unwrap();
    let mut units: Vec<Unit> = Vec::new();
    while let Some(item) = reader.next_item().unwrap() {
        let BulkItem::Unit(unit) = item else { panic!("all are readable") };
        units.push(*unit);
    }
    // Five municipalities with six units each, one school, and nine in ten of those that are made up.
    assert_eq!(units.len(), 5 * 6 + 1 + 180);
}

struct Memory<'b>(&'b mut Vec<u8>);

impl tildel_registers::fetch::Sink for Memory<'_> {
    fn begin(&mut self) -> std::io::Result<()> {
        self.0.clear();
        Ok(())
    }

    fn take(&mut self, part: &[u8]) -> std::io::Result<()> {
        self.0.extend_from_slice(part);
        Ok(())
    }

    fn end(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What becomes of an answer under a fault.
async fn outcome(server: &Server, setting: &Setting, fault: &str) -> Result<Vec<u8>, FetchError> {
    let path = format!("fault/{fault}/klass/v1/classifications/131/codesAt?date=2026-01-01");
    setting.fetcher.fetch(&request(server.url(&path))).await.map(|answer| answer.body)
}

#[tokio::test]
async fn each_fault_has_its_outcome() {
    let (server, setting) = (stub(), setting());
    let of = |fault: &'static str| outcome(&server, &setting, fault);
    assert!(matches!(of("cut").await, Err(FetchError::CutShort)));
    assert!(matches!(of("429").await, Err(FetchError::TooManyRequests { .. })));
    assert!(matches!(of("500").await, Err(FetchError::Unavailable { status: 500, .. })));
    assert!(matches!(of("giant").await, Err(FetchError::TooLarge { .. })));
    assert!(matches!(
        of("deep").await,
        Err(FetchError::Content(ReadError::TooDeep { .. }) | FetchError::TooLarge { .. })
    ));
    assert!(matches!(of("bomb").await, Err(FetchError::UnpacksTooLarge { .. })));
    assert!(matches!(of("page").await, Err(FetchError::Content(ReadError::NotJson { .. }))));
    assert!(matches!(of("redirect").await, Err(FetchError::RedirectElsewhere(_))));
    // These come through: letters of a single byte are read, and what is slow comes in the end.
    let plain = of("429:2").await.unwrap();
    assert_eq!(
        of("charset").await.map(|body| read_codes(&body).unwrap()).unwrap(),
        read_codes(&plain).unwrap()
    );
    assert_eq!(of("500:1,429:2").await.unwrap(), plain);
    // A changed schema arrives and is told by the reader with its field.
    let path = "fault/schema/pxweb/v2/tables/12562/data";
    let changed = setting.fetcher.fetch(&request(server.url(path))).await.unwrap().body;
    assert!(matches!(Dataset::read(&changed), Err(ReadError::Shape { .. })));
    // Only what is good is kept.
    assert_eq!(setting.kept.all().len(), 4);
}

/// Time goes by itself here where nothing else can happen, so nobody waits.
#[tokio::test(start_paused = true)]
async fn silence_is_left() {
    let (server, setting) = (stub(), setting());
    assert!(matches!(outcome(&server, &setting, "silent").await, Err(FetchError::TimedOut(_))));
}
