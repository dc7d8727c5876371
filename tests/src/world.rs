//! A running server on a test's own database.

use std::future::Future;
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tildel_api::{ApiSettings, Check, Readiness};
use tildel_domain::{Actor, Role};
use tildel_test_support::{TestClock, TestStore};
use tildel_usecases::accounts::{self, NewAccessToken, NewPerson};
use tildel_usecases::ambient::{Randomness, SeededRandomness};
use tildel_usecases::{Clock, Service, ServiceParts, Write};
use tildel_worker::{Worker, WorkerSettings};

use crate::Client;

/// When each test begins: before the round of 2020 is called.
pub const START: &str = "2020-03-02T08:00:00Z";

struct SharedClock(Arc<TestClock>);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// Seeded randomness that a test can begin anew, so that two worlds make the same ids after they went different ways.
struct Reseedable(Mutex<SeededRandomness>);

impl Randomness for Reseedable {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill(buffer);
    }
}

struct AlwaysReady;

impl Readiness for AlwaysReady {
    fn check(&self) -> Pin<Box<dyn Future<Output = Vec<Check>> + Send + '_>> {
        Box::pin(async { Vec::new() })
    }
}

/// A running server, its clock, its worker, and the admin.
pub struct World {
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// The clock of server and worker.
    pub clock: Arc<TestClock>,
    /// The admin, who makes all others.
    pub admin: Client,
    /// The worker: it works when the test says so.
    pub worker: Worker,
    service: Service,
    randomness: Arc<Reseedable>,
    // The database goes when the world goes.
    _store: TestStore,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    server: Option<std::thread::JoinHandle<()>>,
}

impl World {
    /// Starts a server on a database with limits that no test reaches.
    pub async fn start(store: TestStore) -> Self {
        Self::start_with(store, |_| {}).await
    }

    /// Starts a server with other settings.
    pub async fn start_with(store: TestStore, change: impl FnOnce(&mut ApiSettings)) -> Self {
        let clock = Arc::new(TestClock::new(START.parse().expect("an instant")));
        let randomness = Arc::new(Reseedable(Mutex::new(SeededRandomness::new(2020))));
        let service = Service::new(ServiceParts {
            store: (*store).clone(),
            clock: Arc::new(SharedClock(Arc::clone(&clock))),
            randomness: Arc::<Reseedable>::clone(&randomness),
            journal_key: b"journal key of the tests".to_vec(),
            concurrent_calls: 8,
        });
        let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
        let mut settings = ApiSettings::new(Arc::new(AlwaysReady), metrics);
        settings.burst_requests = NonZeroU32::new(10_000_000).expect("not zero");
        // A test reads a stream to its end, unless it says otherwise.
        settings.stream_duration = std::time::Duration::ZERO;
        change(&mut settings);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = service.clone();
        // The server has threads of its own, as it has in earnest.
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            let stop = async move {
                let _ = stopped.await;
            };
            runtime
                .block_on(tildel_api::serve(listener, serving, settings, stop))
                .expect("the server ends well");
        });
        let worker = Worker::new(service.clone(), worker_settings());
        let secret = first_admin(&service).await;
        let admin = Client::new(&base, Some(secret));
        Self {
            base,
            clock,
            admin,
            worker,
            service,
            randomness,
            _store: store,
            stop: Some(stop),
            server: Some(server),
        }
    }

    /// Somebody who has not signed in.
    pub fn public(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// Sets the clock.
    pub fn at(&self, instant: &str) {
        self.clock.set(instant.parse().expect("an instant"));
    }

    /// Begins the randomness of ids anew.
    pub fn reseed(&self, seed: u64) {
        *self.randomness.0.lock().unwrap_or_else(PoisonError::into_inner) = SeededRandomness::new(seed);
    }

    /// Lets the worker do all that is due, and returns how many jobs that was.
    pub async fn work(&self) -> usize {
        self.worker.run_until_idle().await.expect("the worker works")
    }

    /// The service, for what has no HTTP: reading the database behind the server's back.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Makes a person with a token, through HTTP, and returns the client and the person's id.
    pub async fn person(&self, name: &str, role: &str, extra: serde_json::Value) -> (Client, String) {
        let mut body = serde_json::json!({ "name": name });
        if let (Some(body), Some(extra)) = (body.as_object_mut(), extra.as_object()) {
            body.extend(extra.clone());
        }
        let person = self.admin.post("/v1/persons", &body).await.expect_status(201);
        let id = person.id();
        (self.token(&id, role).await, id)
    }

    /// Makes a token for a person.
    pub async fn token(&self, person_id: &str, role: &str) -> Client {
        let body = serde_json::json!({ "personId": person_id, "role": role, "label": "test" });
        let token = self.admin.post_without_key("/v1/access-tokens", &body).await.expect_status(201);
        Client::new(&self.base, Some(token.text("/secret")))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

fn worker_settings() -> WorkerSettings {
    WorkerSettings {
        name: "test".to_owned(),
        concurrency: 1,
        lease_seconds: 60,
        poll_milliseconds: 50,
        retry_delays_seconds: vec![1],
        housekeeping_seconds: 365 * 24 * 60 * 60,
        fetches_kept_days: 400,
    }
}

/// The first admin can not come over HTTP, as nobody may make one yet; `tildel token create` does the same.
async fn first_admin(service: &Service) -> String {
    let admin = Actor { person_id: None, role: Role::Admin, office_id: None, organisation_id: None };
    service
        .write(Write::internal(admin), |cx| {
            let person = NewPerson {
                name: "Admin".to_owned(),
                title: None,
                phone: None,
                office_id: None,
                organisation_id: None,
            };
            let person = accounts::person_create(cx, &person)?;
            let token = NewAccessToken {
                person_id: person.id,
                role: Role::Admin,
                label: "first admin".to_owned(),
                expires_at: None,
            };
            accounts::access_token_create(cx, &token).map(|(_, secret)| secret)
        })
        .await
        .expect("the first admin")
}
