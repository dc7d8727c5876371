//! Changes that are accepted, held, computed and overtaken by eight at once: each is decided once, no unit is counted twice, and nobody is told
//! of a conflict of the database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::{Date, date};
use serde_json::{Value, json};
use tildel_domain::Actor;
use tildel_domain::id::FetchId;
use tildel_test_support::{Backend, TestRandom, TestStore, block_on};
use tildel_tests::Client;
use tildel_usecases::{Service, Write, changes};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::reading::recounted;
use crate::stage::Stage;

/// Five kindergartens of 20 people each: 100 000 and 100 for each of 100 are the 110 000 that are promised.
const UNITS: [&str; 5] = ["974101", "974102", "974103", "974104", "974105"];
const PEOPLE: u32 = 20;
/// Days of 2025 on which a register tells of each of them, and how many more there are on each day.
const DAYS: std::ops::RangeInclusive<u32> = 1..=8;
/// How often somebody who accepts tries, at most.
const TRIES_MAX: usize = 150;

fn day(number: u32) -> Date {
    date(2025, 2, i8::try_from(number).expect("a day of February"))
}

/// What a register tells of a kindergarten on a day.
fn people(number: u32) -> u32 {
    PEOPLE + number
}

/// A change as it stands in the end.
#[derive(Clone, Debug)]
struct Told {
    id: String,
    unit: String,
    day: String,
    count: String,
    state: String,
}

/// What is left in the end.
#[derive(Clone, Debug)]
struct Seen {
    changes: Vec<Told>,
    /// What was done to changes, in order: action and change.
    journal: Vec<(String, String)>,
    /// Changes whose acceptance was acknowledged.
    acknowledged: Vec<String>,
    /// What is recorded of a register: unit, day, count.
    recorded: Vec<(String, String, String)>,
    /// Kroner that are planned for 2025.
    planned: String,
}

/// What can not have happened; nothing where all is well.
fn findings(seen: &Seen) -> Vec<String> {
    let mut findings = Vec::new();
    let mut closed: BTreeSet<&str> = BTreeSet::new();
    let mut newest: BTreeMap<&str, &Told> = BTreeMap::new();
    let of = |id: &str| seen.changes.iter().find(|change| change.id == id);
    for (action, id) in &seen.journal {
        if closed.contains(id.as_str()) {
            findings.push(format!("{action} of {id} after it was decided or overtaken"));
        }
        match action.as_str() {
            "change.accept" => {
                closed.insert(id);
                let Some(change) = of(id) else { continue };
                if newest.get(change.unit.as_str()).is_some_and(|before| before.day > change.day) {
                    findings.push(format!("{id} was accepted after something newer of the same unit"));
                }
                newest.insert(&change.unit, change);
            }
            "change.supersede" => {
                closed.insert(id);
            }
            _ => {}
        }
    }
    let accepted: Vec<&Told> = seen.changes.iter().filter(|change| change.state == "accepted").collect();
    let mut acknowledged: Vec<&str> = seen.acknowledged.iter().map(String::as_str).collect();
    let mut stand: Vec<&str> = accepted.iter().map(|change| change.id.as_str()).collect();
    acknowledged.sort_unstable();
    stand.sort_unstable();
    if acknowledged != stand {
        findings.push("what was acknowledged is not what is accepted".to_owned());
    }
    let mut recorded = seen.recorded.clone();
    recorded.sort_unstable();
    let mut due: Vec<_> =
        accepted.iter().map(|one| (one.unit.clone(), one.day.clone(), one.count.clone())).collect();
    due.sort_unstable();
    if recorded != due {
        findings.push(format!("{recorded:?} is recorded, where {due:?} was accepted"));
    }
    let count = |unit: &&str| newest.get(unit).map_or(PEOPLE, |change| change.count.parse().unwrap_or(0));
    let planned = format!("{}.00", 100_000 + 100 * UNITS.iter().map(count).sum::<u32>());
    if planned != seen.planned {
        findings.push(format!("{} is planned, where {planned} is due", seen.planned));
    }
    findings
}

/// What the clients share.
#[derive(Clone)]
struct Play {
    service: Service,
    lead: String,
    /// Clients that still have differences to tell of.
    telling: Arc<AtomicUsize>,
    /// How often somebody was told to read again.
    again: Arc<AtomicUsize>,
}

impl Play {
    /// Tells of all days of each unit, with the others in between: odd days or even ones, so that some come late.
    async fn tell(self, odd: bool, random: TestRandom) -> Vec<String> {
        let mut left: Vec<(usize, u32)> = Vec::new();
        for unit in 0..UNITS.len() {
            left.extend(DAYS.filter(|number| (number % 2 == 1) == odd).map(|number| (unit, number)));
        }
        while !left.is_empty() {
            // Mostly in their order, unit by unit.
            let place = draw(&random, left.len().min(4));
            let (unit, number) = left.remove(place);
            let counts = (people(number) - 1, people(number));
            let told = vec![recounted(&day(number).to_string(), UNITS[unit], &self.lead, counts)];
            let fetch = FetchId::from(Uuid::from_u128(1));
            let noticed = self
                .service
                .write(Write::internal(Actor::SYSTEM), move |cx| changes::notice(cx, fetch, &told, &[]))
                .await;
            noticed.expect("a difference is noticed");
        }
        self.telling.fetch_sub(1, Ordering::SeqCst);
        Vec::new()
    }

    /// Accepts what waits, until nothing more comes.
    async fn accept(self, client: Client, random: TestRandom) -> Vec<String> {
        let mut acknowledged = Vec::new();
        for _ in 0..TRIES_MAX {
            let Some(id) = waiting(&client, &random).await else {
                if self.telling.load(Ordering::SeqCst) == 0 {
                    break;
                }
                tokio::task::yield_now().await;
                continue;
            };
            let reply = client.act(&format!("/v1/changes/{id}"), "acceptance", None).await;
            match (reply.status, reply.at("/code").as_str().unwrap_or_default()) {
                (200, _) => acknowledged.push(id),
                (409, "change_not_assessed") | (412, _) => {
                    self.again.fetch_add(1, Ordering::SeqCst);
                }
                (409, "change_not_open" | "change_stale") => {}
                _ => panic!("{}: {}", reply.status, reply.json()),
            }
        }
        acknowledged
    }

    /// Holds what waits, now and then.
    async fn hold(self, client: Client, random: TestRandom) -> Vec<String> {
        while self.telling.load(Ordering::SeqCst) > 0 {
            let Some(id) = waiting(&client, &random).await else { continue };
            let reason = json!({ "reason": "Vi spør." });
            let reply = client.act(&format!("/v1/changes/{id}"), "hold", Some(&reason)).await;
            assert!(matches!(reply.status, 200 | 409 | 412), "{}: {}", reply.status, reply.json());
        }
        Vec::new()
    }

    /// Computes what changes would do, as the worker does besides.
    async fn assess(self, client: Client, random: TestRandom) -> Vec<String> {
        while self.telling.load(Ordering::SeqCst) > 0 {
            let Some(id) = waiting(&client, &random).await else { continue };
            let id: Uuid = id.parse().expect("an id");
            let assess = move |cx: &mut tildel_usecases::Context<'_>| changes::assess(cx, id.into());
            self.service.write(Write::internal(Actor::SYSTEM), assess).await.expect("an effect is computed");
        }
        Vec::new()
    }
}

fn draw(random: &TestRandom, below: usize) -> usize {
    usize::try_from(random.next_u128() % below.max(1) as u128).unwrap_or(0)
}

/// One of the changes that wait.
async fn waiting(client: &Client, random: &TestRandom) -> Option<String> {
    let state = if draw(random, 3) == 0 { "held" } else { "open" };
    let listed = client.get(&format!("/v1/changes?state={state}&limit=200")).await.expect_status(200);
    let items = listed.at("/items").as_array().cloned().unwrap_or_default();
    let drawn = items.get(draw(random, items.len()))?;
    drawn["id"].as_str().map(str::to_owned)
}

/// All items of a list.
async fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{path}&limit=200{cursor}")).await.expect_status(200);
        items.extend(page.at("/items").as_array().cloned().unwrap_or_default());
        match page.at("/nextCursor").as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

/// Lets eight play at once; returns what is left, and how often somebody had to read again.
async fn play(backend: Backend, random: &TestRandom) -> (Seen, usize) {
    let stage = Stage::set(TestStore::open(backend).expect("a database")).await;
    for unit in UNITS {
        stage.unit_headcount(unit, "2023-12-15", PEOPLE, None).await;
    }
    let grant = stage.promised(2024).await;
    let lead = stage.number_of(&stage.lead).await;
    let service = stage.world.service().clone();
    let (telling, again) = (Arc::new(AtomicUsize::new(2)), Arc::new(AtomicUsize::new(0)));
    let play = Play { service, lead, telling, again };
    let (officer, approver) = (&stage.office.officer.client, &stage.office.approver.client);
    let seeded = || TestRandom::seeded(u64::try_from(random.next_u128() >> 64).unwrap_or_default());
    let mut tasks = JoinSet::new();
    tasks.spawn(play.clone().tell(true, seeded()));
    tasks.spawn(play.clone().tell(false, seeded()));
    tasks.spawn(play.clone().accept(officer.clone(), seeded()));
    tasks.spawn(play.clone().accept(approver.clone(), seeded()));
    tasks.spawn(play.clone().hold(approver.clone(), seeded()));
    tasks.spawn(play.clone().assess(officer.clone(), seeded()));
    for _ in 0..2 {
        let (worker, telling) = (stage.world.worker.clone(), Arc::clone(&play.telling));
        tasks.spawn(async move {
            while telling.load(Ordering::SeqCst) > 0 || worker.step().await.expect("the worker works") {
                worker.run_until_idle().await.expect("the worker works");
            }
            Vec::new()
        });
    }
    let mut acknowledged = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        acknowledged.extend(ended.expect("a client stopped in the middle"));
    }
    stage.world.work().await;
    let dead = stage.world.admin.get("/v1/jobs?state=dead").await.expect_status(200);
    assert_eq!(dead.at("/items"), json!([]), "a job was given up");
    let listed = all(officer, "/v1/changes?sort=createdAt").await;
    let changes = listed.iter().map(|change| Told {
        id: text(change, "id"),
        unit: text(change, "unitNumber"),
        day: text(change, "effectiveOn"),
        count: text(&change["after"]["headcount"], "count"),
        state: text(change, "state"),
    });
    let journal = all(&stage.world.admin, "/v1/journal?subjectKind=change").await;
    let organisation = &stage.lead.organisation;
    let recorded = all(officer, &format!("/v1/headcounts?organisationId={organisation}")).await;
    let of_register = recorded.iter().filter(|count| !count["register"].is_null());
    let id = text(&grant, "id");
    let read = stage.world.public().get(&format!("/v1/grants/{id}")).await.expect_status(200);
    let seen = Seen {
        changes: changes.collect(),
        journal: journal.iter().map(|entry| (text(entry, "action"), text(entry, "subjectId"))).collect(),
        acknowledged,
        recorded: of_register
            .map(|count| (text(count, "unitNumber"), text(count, "date"), text(count, "count")))
            .collect(),
        planned: read.text("/years/1/planned/amount"),
    };
    (seen, play.again.load(Ordering::SeqCst))
}

fn check(backend: Backend) {
    let random = TestRandom::from_environment();
    let (seen, again) = block_on(play(backend, &random));
    let repeat = format!("TILDEL_TEST_SEED={}", random.seed());
    assert_eq!(findings(&seen), Vec::<String>::new(), "{repeat}\n{seen:#?}");
    let count = |state: &str| seen.changes.iter().filter(|change| change.state == state).count();
    assert_eq!(seen.changes.len(), UNITS.len() * DAYS.count(), "{repeat}");
    let (accepted, superseded) = (count("accepted"), count("superseded"));
    println!("{accepted} accepted, {superseded} overtaken, {again} times read again");
    assert!(accepted > 0 && superseded > 0 && again > 0, "nothing was tried, {repeat}");
}

#[test]
fn changes_are_decided_once_on_postgres() {
    check(Backend::Postgres);
}

#[test]
fn changes_are_decided_once_on_sqlite() {
    check(Backend::Sqlite);
}

/// One is overtaken, the one after it accepted.
fn sound() -> Seen {
    let told = |id: &str, day: &str, count: &str, state: &str| Told {
        id: id.to_owned(),
        unit: UNITS[0].to_owned(),
        day: day.to_owned(),
        count: count.to_owned(),
        state: state.to_owned(),
    };
    let done = |action: &str, id: &str| (format!("change.{action}"), id.to_owned());
    Seen {
        changes: vec![told("a", "2025-02-01", "21", "superseded"), told("b", "2025-02-02", "22", "accepted")],
        journal: vec![
            done("create", "a"),
            done("supersede", "a"),
            done("create", "b"),
            done("assess", "b"),
            done("accept", "b"),
        ],
        acknowledged: vec!["b".to_owned()],
        recorded: vec![(UNITS[0].to_owned(), "2025-02-02".to_owned(), "22".to_owned())],
        // 100 000 + 100 × (22 + 4 × 20)
        planned: "110200.00".to_owned(),
    }
}

/// The negative controls: each way to be wrong is found.
#[test]
fn what_can_not_have_happened_to_changes_is_found() {
    type Spoil = fn(&mut Seen);
    assert_eq!(findings(&sound()), Vec::<String>::new());
    let accepted = || ("change.accept".to_owned(), "a".to_owned());
    let spoils: &[(&str, Spoil)] = &[
        ("decided twice", |seen| seen.journal.push(("change.hold".to_owned(), "b".to_owned()))),
        ("overtaken, and then accepted", |seen| {
            seen.journal[2] = ("change.accept".to_owned(), "a".to_owned());
        }),
        ("an acceptance that is lost", |seen| seen.acknowledged.push("a".to_owned())),
        ("an acceptance that nobody was told of", |seen| seen.acknowledged.clear()),
        ("counted twice", |seen| seen.recorded.push(seen.recorded[0].clone())),
        ("not counted", |seen| seen.recorded.clear()),
        ("another amount", |seen| seen.planned = "110300.00".to_owned()),
    ];
    for (what, spoil) in spoils {
        let mut seen = sound();
        spoil(&mut seen);
        assert!(!findings(&seen).is_empty(), "{what} is not found");
    }
    // The older one after the newer one: all else fits.
    let mut seen = sound();
    seen.journal.remove(1);
    seen.journal.push(accepted());
    seen.changes[0].state = "accepted".to_owned();
    seen.acknowledged.push("a".to_owned());
    seen.recorded.push((UNITS[0].to_owned(), "2025-02-01".to_owned(), "21".to_owned()));
    seen.planned = "110100.00".to_owned();
    assert_eq!(findings(&seen).len(), 1, "{:?}", findings(&seen));
}
