//! Concurrency: clients vote, change their votes, recuse and close at once, and what they were told is held against what can
//! have happened.

pub mod check;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tildel_test_support::{Backend, TestRandom, TestStore};
use tokio::task::JoinSet;

use crate::ballot_kinds::{BallotKind, CHOICES};
use crate::forum_stage::{ForumPlan, ForumStage};
use crate::{Client, Reply, World};
use check::{Choice, Event, Final, History, Said};

/// Seats; each has a client that votes. With the deputy, the one who recuses and the chair that makes eight.
const SEATS: usize = 5;
/// What each voter does.
const ACTIONS: usize = 12;

/// What a campaign over many histories found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Histories.
    pub histories: usize,
    /// Events in them.
    pub events: usize,
    /// Votes that were acknowledged.
    pub votes: usize,
    /// Votes that were refused as the ballot was closed.
    pub too_late: usize,
    /// Pairs of events of different clients that were under way at the same time.
    pub overlaps: usize,
}

/// Plays histories and checks each of them.
///
/// # Errors
/// What could not have happened.
pub async fn campaign(backend: Backend, histories: usize, random: &TestRandom) -> Result<Found> {
    let mut found = Found::default();
    for number in 0..histories {
        let seed = u64::try_from(random.next_u128() >> 64)?;
        let kind = BallotKind::ALL[number % BallotKind::ALL.len()];
        let history = play(TestStore::open(backend)?, kind, seed).await?;
        let findings = check::findings(&history);
        let told = format!("history {number}, {kind:?}, TILDEL_TEST_SEED={}", random.seed());
        ensure!(findings.is_empty(), "{told}: {findings:?}\n{history:#?}");
        found.histories += 1;
        found.overlaps += overlaps(&history.events);
        found.events += history.events.len();
        let count =
            |wanted: fn(&Said) -> bool| history.events.iter().filter(|event| wanted(&event.said)).count();
        found.votes += count(|said| matches!(said, Said::Cast { .. }));
        found.too_late += count(|said| matches!(said, Said::Refused { code, .. } if code == "wrong_state"));
    }
    Ok(found)
}

/// How many pairs of events of different clients were under way at the same time.
fn overlaps(events: &[Event]) -> usize {
    let meets = |one: &Event, other: &Event| {
        one.person != other.person && one.began < other.ended && other.began < one.ended
    };
    let later = |index: usize| &events[index + 1..];
    (0..events.len())
        .map(|index| later(index).iter().filter(|other| meets(&events[index], other)).count())
        .sum()
}

/// Time for all clients: each event takes a place before it is sent and one after it is answered.
#[derive(Clone, Default)]
struct Ticks(Arc<AtomicU64>);

impl Ticks {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// A ballot, and what its votes say.
#[derive(Clone, Debug)]
struct Asked {
    kind: BallotKind,
    options: Vec<String>,
    /// Where votes are cast and read.
    path: String,
}

impl Asked {
    /// A vote on the wire: seat, revision, person, choice.
    fn stands(&self, vote: &Value) -> Option<(String, u64, String, Choice)> {
        let text = |name: &str| vote[name].as_str().map(str::to_owned);
        let choice = self.kind.choice_of(&self.options, &vote["content"])?;
        Some((text("seatId")?, vote["revision"].as_u64()?, text("personId")?, Choice::ALL[choice]))
    }
}

async fn play(store: TestStore, kind: BallotKind, seed: u64) -> Result<History> {
    let plan = ForumPlan {
        seats: SEATS,
        applications: CHOICES,
        quorum_seats: 1,
        quorum_of_kind: 0,
        disclosure: "open",
        is_employed: false,
    };
    let stage = ForumStage::set(World::start(store).await, &plan).await;
    let application = stage.applications[0].clone();
    let (meeting, item) = stage.meeting(Some(&application)).await;
    stage.disagree(&meeting, &item, "Uenig").await;
    let ballot = stage.open_ballot(&meeting, &item, kind.matter(&stage.applications), 1).await;
    let path = format!("/v1/ballots/{ballot}/votes");
    let asked = Asked { kind, options: stage.applications.clone(), path };
    let ticks = Ticks::default();
    let mut clients: JoinSet<Result<Vec<Event>>> = JoinSet::new();
    for (index, seat) in stage.seats.iter().enumerate() {
        let random = TestRandom::seeded(seed.wrapping_add(index as u64));
        let (client, person, ticks) = (seat.member.client.clone(), seat.member.id.clone(), ticks.clone());
        clients.spawn(voter(client, person, (asked.clone(), seat.id.clone()), random, ticks));
    }
    // The deputy of the first seat tries all the time, and gets in once the member is recused.
    let deputy = &stage.seats[0].deputy;
    let place = (asked.clone(), stage.seats[0].id.clone());
    let random = TestRandom::seeded(seed.wrapping_add(100));
    clients.spawn(voter(deputy.client.clone(), deputy.id.clone(), place, random, ticks.clone()));
    let random = TestRandom::seeded(seed.wrapping_add(200));
    let wait = |most: u128| usize::try_from(random.next_u128() % most).unwrap_or(0);
    let (early, late) = (wait(60), 20 + wait(80));
    let member = stage.seats[0].member.clone();
    let interest = json!({ "applicationId": application, "ground": "party", "explanation": "Ansatt" });
    clients.spawn(recuser(member.client, member.id, interest, early, ticks.clone()));
    clients.spawn(closer(stage.chair.client.clone(), ballot.clone(), late, ticks));
    let mut events = Vec::new();
    while let Some(ended) = clients.join_next().await {
        events.extend(ended.context("a client stopped in the middle")??);
    }
    // What is left in the end: the count, and the votes that stand, which the forum keeps open.
    let at = format!("/v1/ballots/{ballot}");
    let counted = stage.chair.client.get(&at).await.expect_status(200);
    ensure!(counted.text("/state") == "counted", "{}", counted.json());
    let counts = kind.votes_by_choice(&stage.applications, &counted.at("/count"));
    let [for_, against, abstain] =
        counts.with_context(|| format!("no votes give {}", counted.at("/count")))?;
    let votes =
        stage.chair.client.get(&format!("{at}/votes?limit=200")).await.expect_status(200).at("/items");
    let standing = votes.as_array().into_iter().flatten().map(|vote| asked.stands(vote));
    let standing = standing.collect::<Option<Vec<_>>>();
    Ok(History {
        events,
        last: Final { for_, against, abstain, standing: standing.context("failed to read the votes")? },
    })
}

async fn voter(
    client: Client,
    person: String,
    (asked, seat): (Asked, String),
    random: TestRandom,
    ticks: Ticks,
) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for _ in 0..ACTIONS {
        let drawn = random.next_u128();
        let choice = usize::try_from(drawn % 3)?;
        let reads = (drawn >> 64).is_multiple_of(4);
        let began = ticks.next();
        let reply = if reads {
            client.get(&format!("{}/{seat}", asked.path)).await
        } else {
            let content = asked.kind.content(&asked.options, choice);
            client.post(&asked.path, &json!({ "seatId": seat, "content": content })).await
        };
        let said = said(&reply, (&asked, &seat), (!reads).then_some(Choice::ALL[choice]))?;
        events.push(Event { person: person.clone(), began, ended: ticks.next(), said });
    }
    Ok(events)
}

fn said(reply: &Reply, (place, seat): (&Asked, &str), cast: Option<Choice>) -> Result<Said> {
    let seat = seat.to_owned();
    Ok(match (reply.status, cast) {
        (200, cast) => {
            let (_, revision, by, choice) = place.stands(&reply.json()).context("failed to read a vote")?;
            match cast {
                Some(asked) => {
                    ensure!(asked == choice, "the vote that is answered is not the one that was cast");
                    Said::Cast { seat, revision, choice }
                }
                None => Said::Read { seat, revision, by, choice },
            }
        }
        (404, None) => Said::ReadNothing { seat },
        (403 | 409, Some(_)) => Said::Refused { seat, code: reply.text("/code") },
        (status, _) => anyhow::bail!("{}: {status}: {}", reply.asked, String::from_utf8_lossy(&reply.body)),
    })
}

/// Declares the member's interest after some time that is not measured by the clock, but by what the others have done.
async fn recuser(
    client: Client,
    person: String,
    interest: Value,
    after: usize,
    ticks: Ticks,
) -> Result<Vec<Event>> {
    wait_until(&ticks, after).await;
    let began = ticks.next();
    client.post("/v1/recusals", &interest).await.expect_status(201);
    Ok(vec![Event { person, began, ended: ticks.next(), said: Said::Recused }])
}

async fn closer(chair: Client, ballot: String, after: usize, ticks: Ticks) -> Result<Vec<Event>> {
    wait_until(&ticks, after).await;
    let began = ticks.next();
    chair.act(&format!("/v1/ballots/{ballot}"), "closing", None).await.expect_status(200);
    Ok(vec![Event { person: "chair".to_owned(), began, ended: ticks.next(), said: Said::Closed }])
}

/// Lets the others go on until so many places in time are taken.
async fn wait_until(ticks: &Ticks, places: usize) {
    while ticks.0.load(Ordering::SeqCst) < places as u64 {
        tokio::task::yield_now().await;
    }
}

/// The campaign as tests and commands run it, with what it found in words.
///
/// # Errors
/// As [`campaign`].
pub async fn report(backend: Backend, histories: usize, random: &TestRandom) -> Result<String> {
    let found = campaign(backend, histories, random).await?;
    ensure!(found.votes > 0, "nobody voted");
    ensure!(found.overlaps > 0, "nothing happened at the same time, so nothing was tried");
    Ok(format!(
        "{} histories of {} kinds of ballots with {} events ({} pairs of them at the same time), {} votes acknowledged, {} \
         too late; one vote for each seat, none after the close, each register linearizable",
        found.histories,
        found.histories.min(BallotKind::ALL.len()),
        found.events,
        found.overlaps,
        found.votes,
        found.too_late
    ))
}
