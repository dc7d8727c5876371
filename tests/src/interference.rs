//! Non-interference: what a recused member can get is the same to the byte with and without what the member must not see.
//!
//! Each generated forum is played in two worlds whose ids, times and requests of the recused member are the same. In one of
//! them the others vote on the hidden item, discuss it and write about it; in the other one they do not vote, and say and
//! write other things. In each phase the member asks for all there is. A member who is not recused does the same in both worlds,
//! and must see a difference: else the walk would find nothing.

mod walk;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tildel_test_support::{Backend, TestRandom, TestStore};

use crate::World;
use crate::forum_stage::{ForumPlan, ForumStage, motion};
use walk::{Answers, Walk};

/// What one forum is like.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one free choice of the generator")]
struct Script {
    plan: ForumPlan,
    /// Whether the item is about the application, else about the round.
    item_is_about_it: bool,
    /// Whether the ballot is an order of all applications, else a motion.
    is_order: bool,
    /// Whether the deputy of the recused member votes.
    deputy_votes: bool,
    /// For, against or abstaining, by seat; for orders the rotation of the options.
    votes: Vec<usize>,
    /// Whether a vote is changed before the end.
    changes: bool,
    /// Whether the hidden ballot is annulled in the end.
    annuls: bool,
}

/// What a campaign over many forums found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Forums played, each in two worlds.
    pub forums: usize,
    /// Answers compared.
    pub answers: usize,
    /// Answers of the member who is not recused that differed: the control.
    pub differences_seen_by_others: usize,
}

/// Plays forums and compares.
///
/// # Errors
/// The first answer to a recused member that differs, or a forum whose control saw no difference.
pub async fn campaign(backend: Backend, forums: usize, random: &TestRandom) -> Result<Found> {
    let mut found = Found::default();
    for number in 0..forums {
        let script = Script::draw(random);
        let told = format!("forum {number}: {script:?}");
        let with = play(TestStore::open(backend)?, &script, true).await;
        let without = play(TestStore::open(backend)?, &script, false).await;
        let mut seen_by_witness = 0;
        for (phase, (left, right)) in with.iter().zip(&without).enumerate() {
            found.answers += left.recused.len();
            let difference = left.recused.first_difference(&right.recused);
            ensure!(difference.is_none(), "phase {phase} of {told}: {}", difference.unwrap_or_default());
            seen_by_witness += left.witness.differences(&right.witness);
        }
        ensure!(with.len() == without.len(), "{told}: the worlds have different phases");
        ensure!(
            seen_by_witness > 0,
            "{told}: who is not recused saw no difference, so the walk finds nothing"
        );
        found.forums += 1;
        found.differences_seen_by_others += seen_by_witness;
    }
    Ok(found)
}

/// What two members got in one phase.
struct Phase {
    recused: Answers,
    witness: Answers,
}

impl Script {
    fn draw(random: &TestRandom) -> Self {
        let below = |bound: usize| usize::try_from(random.next_u128() % bound as u128).unwrap_or(0);
        let seats = 3 + below(4);
        let is_order = below(3) == 0;
        let disclosures = ["secret", "sealed", "open"];
        Self {
            plan: ForumPlan {
                seats,
                applications: 2 + below(2),
                quorum_seats: 1 + below(seats),
                quorum_of_kind: below(3),
                disclosure: disclosures[below(3)],
                is_employed: below(2) == 0,
            },
            item_is_about_it: !is_order && below(2) == 0,
            is_order,
            deputy_votes: below(2) == 0,
            votes: (0..seats).map(|_| below(3)).collect(),
            changes: below(2) == 0,
            annuls: below(4) == 0,
        }
    }
}

/// The seat of the recused member, and of the member who is not.
const RECUSED: usize = 0;
const WITNESS: usize = 1;

/// Plays a forum in one world. Before each step that makes ids the randomness begins anew, so that both worlds make the same.
async fn play(store: TestStore, script: &Script, votes: bool) -> Vec<Phase> {
    let stage = ForumStage::set(World::start(store).await, &script.plan).await;
    let hidden = stage.applications[0].clone();
    let member = &stage.seats[RECUSED].member.client;
    if !script.plan.is_employed {
        let interest = json!({ "applicationId": hidden, "ground": "relation", "explanation": "Søster" });
        member.post("/v1/recusals", &interest).await.expect_status(201);
    }
    let (meeting, item) = stage.meeting(script.item_is_about_it.then_some(hidden.as_str())).await;
    let other_item = stage.item(&meeting, None).await;
    stage.attend(&meeting).await;
    // On an item that is about the application, discussion and papers are hidden, too.
    let differs = votes && script.item_is_about_it;
    let said = if differs { "Det ene" } else { "Det andre" };
    stage.disagree(&meeting, &item, said).await;
    stage.disagree(&meeting, &other_item, "Om noe annet").await;
    let paper = json!({ "agendaItemId": item, "title": said, "kind": "case_note", "text": said });
    let paper = stage.officer.client.post(&format!("/v1/meetings/{meeting}/papers"), &paper).await;
    let paper = paper.expect_status(201).id();
    let matter = if script.is_order {
        json!({ "kind": "ranking", "options": stage.applications, "method": "borda" })
    } else {
        motion(Some(&hidden))
    };
    let ballot = stage.open_ballot(&meeting, &item, matter, script.plan.quorum_seats).await;
    let other = stage.open_ballot(&meeting, &other_item, motion(None), 1).await;
    let vote = json!({
        "seatId": stage.seats[WITNESS].id, "content": { "kind": "motion", "choice": "for" },
    });
    let other_votes = format!("/v1/ballots/{other}/votes");
    stage.seats[WITNESS].member.client.post(&other_votes, &vote).await.expect_status(200);
    let mut walk = Walk::of(&stage, &[&meeting], &[&ballot, &other], &[&item, &other_item], &[&paper]).await;
    let mut phases = vec![];

    if votes {
        cast_votes(&stage, script, &ballot).await;
    }
    stage.world.reseed(1);
    phases.push(look(&stage, &walk, &ballot, 1).await);

    stage.world.reseed(2);
    let at = format!("/v1/ballots/{ballot}");
    stage.chair.client.act(&at, "closing", None).await.expect_status(200);
    stage.world.reseed(3);
    stage.chair.client.act(&format!("/v1/ballots/{other}"), "closing", None).await.expect_status(200);
    if script.annuls {
        stage.world.reseed(4);
        let reason = json!({ "reason": if votes { "Feil i stemmene" } else { "Ingen stemte" } });
        stage.chair.client.act(&at, "annulment", Some(&reason)).await.expect_status(200);
    }
    stage.world.reseed(5);
    let draft = advice(&stage, &meeting, votes);
    let draft = stage.officer.client.post("/v1/recommendations", &draft).await.expect_status(201).id();
    walk.add("recommendations", &draft);
    stage.world.work().await;
    stage.world.reseed(6);
    phases.push(look(&stage, &walk, &ballot, 2).await);

    stage.world.reseed(7);
    stage.chair.client.act(&format!("/v1/meetings/{meeting}"), "ending", None).await.expect_status(200);
    phases.push(look(&stage, &walk, &ballot, 3).await);
    phases
}

/// The votes of the others on the hidden ballot, one of them changed, and that of the deputy of the recused member.
async fn cast_votes(stage: &ForumStage, script: &Script, ballot: &str) {
    let path = format!("/v1/ballots/{ballot}/votes");
    let content = |number: usize| -> Value {
        if script.is_order {
            let mut order = stage.applications.clone();
            let turns = number % order.len();
            order.rotate_left(turns);
            return json!({ "kind": "ranking", "order": order });
        }
        let choice = ["for", "against", "abstain"][number];
        json!({ "kind": "motion", "choice": choice })
    };
    for (number, seat) in stage.seats.iter().enumerate().skip(1) {
        let vote = json!({ "seatId": seat.id, "content": content(script.votes[number]) });
        seat.member.client.post(&path, &vote).await.expect_status(200);
    }
    if script.changes {
        let seat = &stage.seats[WITNESS];
        let vote = json!({ "seatId": seat.id, "content": content((script.votes[WITNESS] + 1) % 3) });
        seat.member.client.post(&path, &vote).await.expect_status(200);
    }
    if script.deputy_votes && !script.is_order {
        let seat = &stage.seats[RECUSED];
        let vote = json!({ "seatId": seat.id, "content": content(script.votes[RECUSED]) });
        seat.deputy.client.post(&path, &vote).await.expect_status(200);
    }
}

/// A draft of a recommendation that ranks the applications one way, or the other.
fn advice(stage: &ForumStage, meeting: &str, as_voted: bool) -> Value {
    let mut order = stage.applications.clone();
    if as_voted {
        order.reverse();
    }
    let lines: Vec<_> = order
        .iter()
        .zip(1..)
        .map(|(application, rank)| {
            let assessment = if as_voted { "God" } else { "Svak" };
            json!({
                "applicationId": application, "outcome": "ranked", "rank": rank, "assessment": assessment,
            })
        })
        .collect();
    json!({
        "roundId": stage.round, "forumId": stage.forum, "meetingId": meeting, "lines": lines,
    })
}

/// Both members ask for all there is; the recused one tries to vote, too.
async fn look(stage: &ForumStage, walk: &Walk, ballot: &str, phase: u32) -> Phase {
    let client = &stage.seats[RECUSED].member.client;
    let mut recused = walk.ask(client).await;
    // Motions refuse the vote of who is recused; of an order only the option itself is refused.
    for (number, content) in [
        json!({ "kind": "motion", "choice": "for" }),
        json!({ "kind": "ranking", "order": [stage.applications[0]] }),
        json!({ "kind": "ranking", "order": [stage.round] }),
    ]
    .into_iter()
    .enumerate()
    {
        let vote = json!({ "seatId": stage.seats[RECUSED].id, "content": content });
        let key = format!("attempt-{phase}-{number}");
        let path = format!("/v1/ballots/{ballot}/votes");
        recused.post(client, &path, &vote, &key).await;
    }
    Phase { recused, witness: walk.ask(&stage.seats[WITNESS].member.client).await }
}

/// The campaign as tests and commands run it, with what it found in words.
///
/// # Errors
/// As [`campaign`].
pub async fn report(backend: Backend, forums: usize, random: &TestRandom) -> Result<String> {
    let found = campaign(backend, forums, random)
        .await
        .with_context(|| format!("with TILDEL_TEST_SEED={}", random.seed()))?;
    Ok(format!(
        "{} forums, {} answers to recused members the same to the byte in both worlds; {} answers to others differed",
        found.forums, found.answers, found.differences_seen_by_others
    ))
}
