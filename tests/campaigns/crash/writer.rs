//! A client that writes, remembers what was acknowledged, and sends again what was not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tildel_test_support::TestRandom;

use super::book::SharedBook;
use crate::speaker::{Heard, Request, Speaker};
use crate::stage::{self, Hand, Stage};

/// How long a request is sent again before the campaign gives up.
const PATIENCE: Duration = Duration::from_secs(90);
/// Pause before a request is sent again.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a short ballot is open.
const BALLOT_OPEN: jiff::SignedDuration = jiff::SignedDuration::from_secs(3);
/// Organisation numbers of one writer, which are counted up from here.
const SERIALS_PER_WRITER: u32 = 100_000;

/// The beginning of every name and title that a writer makes up, to tell them from the stage's own.
pub(super) const MARK: &str = "Crash ";

/// One client.
pub(super) struct Writer {
    number: u32,
    hand: Hand,
    stage: Arc<Stage>,
    book: SharedBook,
    random: TestRandom,
    serial: u32,
}

impl Writer {
    /// The client with this number, which has the hand with the same one.
    pub(super) fn new(number: u32, stage: Arc<Stage>, book: SharedBook, random: TestRandom) -> Result<Self> {
        let hand =
            stage.hands.get(usize::try_from(number)?).context("failed to find a hand for a writer")?.clone();
        Ok(Self { number, hand, stage, book, random, serial: 0 })
    }

    /// Writes until told to stop; what was begun is ended.
    pub(super) async fn run(mut self, stop: Arc<AtomicBool>) -> Result<()> {
        while !stop.load(Ordering::Relaxed) {
            self.serial += 1;
            match self.random.next_u128() % 10 {
                0 | 1 => self.register_organisation().await?,
                2..=4 => self.draft_application().await?,
                5 => self.hold_ballot().await?,
                _ => self.vote().await?,
            }
        }
        Ok(())
    }

    async fn register_organisation(&self) -> Result<()> {
        let name = self.name("organisation");
        let serial = (self.number + 1) * SERIALS_PER_WRITER + self.serial;
        let request = self.request("/v1/organisations", "organisation", stage::organisation(serial, &name));
        self.deliver(&self.stage.officer, &request).await?.well(&request.path)?;
        self.book.acknowledge(|book| book.organisations.insert(name));
        Ok(())
    }

    async fn draft_application(&self) -> Result<()> {
        let title = self.name("application");
        let request = self.request("/v1/applications", "application", self.stage.application(&title));
        self.deliver(&self.hand.applicant, &request).await?.well(&request.path)?;
        self.book.acknowledge(|book| book.applications.insert(title));
        Ok(())
    }

    async fn vote(&self) -> Result<()> {
        let choices = ["for", "against", "abstain"];
        let choice = choices[usize::try_from(self.random.next_u128() % 3)?];
        let request = self.request(&self.stage.votes_path(), "vote", stage::vote(&self.hand.seat, choice));
        self.deliver(&self.hand.member, &request).await?.well(&request.path)?;
        self.book.acknowledge(|book| {
            let votes = book.votes.entry(self.hand.seat.clone()).or_default();
            votes.count += 1;
            choice.clone_into(&mut votes.last);
        });
        Ok(())
    }

    /// Prepares and opens a ballot that the worker closes and counts soon after, be it killed in between or not.
    async fn hold_ballot(&self) -> Result<()> {
        let title = self.name("ballot");
        let closes_at = (now() + BALLOT_OPEN).to_string();
        let request = self.request("/v1/ballots", "ballot", self.stage.short_ballot(&title, &closes_at));
        let prepared = self.deliver(&self.stage.chair, &request).await?.well(&request.path)?;
        self.book.acknowledge(|book| book.ballots.insert(title.clone()));
        let path = format!("/v1/ballots/{}/opening", prepared.text("id")?);
        let opening = Request { based_on: Some(prepared.tag), ..self.request(&path, "opening", Value::Null) };
        let opened = self.deliver(&self.stage.chair, &opening).await?;
        // The program may have been down until after the end of the ballot, which is then rightly refused.
        if opened.status == 422 && opened.body.to_string().contains("/closesAt") {
            return Ok(());
        }
        opened.well(&path)?;
        self.book.acknowledge(|book| book.opened.insert(title));
        Ok(())
    }

    fn name(&self, what: &str) -> String {
        format!("{MARK}{what} {} {}", self.number, self.serial)
    }

    fn request(&self, path: &str, what: &str, body: Value) -> Request {
        let key = Some(format!("{what}-{:03}-{:08}", self.number, self.serial));
        Request { path: path.to_owned(), key, based_on: None, body }
    }

    /// Sends a request until there is an answer that is final, always with the same key.
    async fn deliver(&self, who: &Speaker, request: &Request) -> Result<Heard> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match who.post(request).await {
                Err(_) => self.book.note_unanswered(),
                Ok(heard) if is_told_to_wait(&heard) => self.book.note_told_to_wait(),
                Ok(heard) => return Ok(heard),
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("{} got no final answer", request.path)
    }
}

/// A killed API process leaves its transaction to the database server, which may need a moment to undo it.
fn is_told_to_wait(heard: &Heard) -> bool {
    heard.status == 503 || (heard.status == 409 && heard.body["code"] == "idempotency_key_in_progress")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program under test has the computer's clock, so its clients must too"
)]
pub(super) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
