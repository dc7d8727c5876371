//! Non-interference: what a recused member can get is the same to the byte with and without what the member must not see.
//!
//! Each generated forum is played in two worlds whose ids, times and requests of the recused member are the same. In one of
//! them the others vote on the hidden item, discuss it and write about it; in the other one they do not vote, and say and
//! write other things. In each phase the member asks for all there is. A member who is not recused does the same in both worlds,
//! and must see a difference: else the walk would find nothing.
//!
//! On a ballot of several applications the recused member votes on the others, the same in both worlds.
//!
//! The control of the whole is [`control`]: the same member without the interest, for whom every place where votes show must
//! differ. A place that leaks is thus known to be one that would be found.

mod walk;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tildel_test_support::{Backend, TestRandom, TestStore};

use crate::World;
use crate::ballot_kinds::BallotKind;
use crate::forum_stage::{ForumPlan, ForumStage, motion};
use walk::{Answers, Walk};

/// What one forum is like.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one free choice of the generator")]
struct Script {
    plan: ForumPlan,
    /// Whether the item is about the application, else about the round.
    item_is_about_it: bool,
    /// What the hidden ballot is.
    kind: BallotKind,
    /// Whether the deputy of the recused member votes.
    deputy_votes: bool,
    /// What each seat votes.
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
        let script = Script::draw(random, BallotKind::ALL[number % BallotKind::ALL.len()]);
        let told = format!("forum {number}: {script:?}");
        let with = play(TestStore::open(backend)?, &script, true, true).await;
        let without = play(TestStore::open(backend)?, &script, false, true).await;
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
    fn draw(random: &TestRandom, kind: BallotKind) -> Self {
        let below = |bound: usize| usize::try_from(random.next_u128() % bound as u128).unwrap_or(0);
        let seats = 3 + below(4);
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
            item_is_about_it: below(2) == 0,
            kind,
            deputy_votes: below(2) == 0,
            votes: (0..seats).map(|_| below(3)).collect(),
            changes: below(2) == 0,
            annuls: below(4) == 0,
        }
    }
}

impl Script {
    /// Whether the interest keeps the member out of the hidden ballot as a whole.
    const fn keeps_out(&self) -> bool {
        self.item_is_about_it || matches!(self.kind, BallotKind::Motion)
    }
}

/// The seat of the recused member, and of the member who is not.
const RECUSED: usize = 0;
const WITNESS: usize = 1;

/// Plays a forum in one world. Before each step that makes ids the randomness begins anew, so that both worlds make the same.
/// In the control the member has no interest.
async fn play(store: TestStore, script: &Script, votes: bool, interest: bool) -> Vec<Phase> {
    let stage = ForumStage::set(World::start(store).await, &script.plan).await;
    let hidden = stage.applications[0].clone();
    let member = &stage.seats[RECUSED].member.client;
    if interest && !script.plan.is_employed {
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
    let matter = script.kind.matter(&stage.applications);
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
    if !script.keeps_out() {
        // Of the other applications the member may speak, and does so in both worlds; in the control of all.
        let content = script.kind.content(&stage.applications[usize::from(interest)..], 0);
        let vote = json!({ "seatId": stage.seats[RECUSED].id, "content": content });
        member.post(&format!("/v1/ballots/{ballot}/votes"), &vote).await.expect_status(200);
    }
    phases.push(look(&stage, &walk, script, &ballot, 1).await);

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
    phases.push(look(&stage, &walk, script, &ballot, 2).await);

    stage.world.reseed(7);
    stage.chair.client.act(&format!("/v1/meetings/{meeting}"), "ending", None).await.expect_status(200);
    phases.push(look(&stage, &walk, script, &ballot, 3).await);
    phases
}

/// The votes of the others on the hidden ballot, one of them changed, and that of the deputy of the recused member.
async fn cast_votes(stage: &ForumStage, script: &Script, ballot: &str) {
    let path = format!("/v1/ballots/{ballot}/votes");
    let content = |choice: usize| script.kind.content(&stage.applications, choice);
    for (number, seat) in stage.seats.iter().enumerate().skip(1) {
        let vote = json!({ "seatId": seat.id, "content": content(script.votes[number]) });
        seat.member.client.post(&path, &vote).await.expect_status(200);
    }
    if script.changes {
        let seat = &stage.seats[WITNESS];
        let vote = json!({ "seatId": seat.id, "content": content((script.votes[WITNESS] + 1) % 3) });
        seat.member.client.post(&path, &vote).await.expect_status(200);
    }
    if script.deputy_votes && script.keeps_out() {
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
async fn look(stage: &ForumStage, walk: &Walk, script: &Script, ballot: &str, phase: u32) -> Phase {
    let client = &stage.seats[RECUSED].member.client;
    let mut recused = walk.ask(client).await;
    // Where the member is kept out as a whole every vote is refused, else the vote that names the option itself.
    for (number, content) in [
        json!({ "kind": "motion", "choice": "for" }),
        script.kind.content(&stage.applications, 0),
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

/// Where votes show to a member without an interest: each of these must differ between the worlds.
const SHOWS: [&str; 8] = [
    "/v1/ballots",
    "/v1/ballots/{id}",
    "/v1/ballots/{id}/votes",
    "/v1/ballots/{id}/receipts",
    "/v1/ballots/{id}/pabulib",
    "/v1/meetings/{id}/stream",
    "/v1/meetings/{id}/minutes",
    "/v1/rounds/{id}/treatments",
];

/// The control: the same member without the interest, on an open ballot of each kind. Every place where votes show must differ,
/// so a leak in any of them would be found.
///
/// # Errors
/// A place that looks the same, though it shows votes.
pub async fn control(backend: Backend, kinds: &[BallotKind], random: &TestRandom) -> Result<usize> {
    let mut differing = 0;
    for kind in kinds {
        let mut script = Script::draw(random, *kind);
        script.plan.disclosure = "open";
        script.plan.is_employed = false;
        script.plan.quorum_seats = 1;
        script.plan.quorum_of_kind = 0;
        (script.deputy_votes, script.annuls) = (false, false);
        let with = play(TestStore::open(backend)?, &script, true, false).await;
        let without = play(TestStore::open(backend)?, &script, false, false).await;
        let places: std::collections::BTreeSet<String> =
            with.iter().zip(&without).flat_map(|(left, right)| left.recused.places(&right.recused)).collect();
        differing += places.len();
        let is_due = |place: &&&str| **place != "/v1/ballots/{id}/pabulib" || kind.rule().is_some();
        for place in SHOWS.iter().filter(is_due) {
            ensure!(places.contains(*place), "{kind:?}: {place} looks the same: {places:?} of {script:?}");
        }
    }
    Ok(differing)
}

/// The campaign as tests and commands run it, with what it found in words.
///
/// # Errors
/// As [`campaign`].
pub async fn report(backend: Backend, forums: usize, random: &TestRandom) -> Result<String> {
    let told = || format!("with TILDEL_TEST_SEED={}", random.seed());
    // A budget ballot shows votes in all places; the long campaign tries the control with every kind.
    let kinds: &[BallotKind] =
        if forums < BallotKind::ALL.len() { &[BallotKind::ApprovalShares] } else { &BallotKind::ALL };
    let differing = control(backend, kinds, random).await.with_context(told)?;
    let found = campaign(backend, forums, random).await.with_context(told)?;
    Ok(format!(
        "{} forums with {} kinds of ballots, {} answers to recused members the same to the byte in both worlds; {} answers to \
         others differed, and without the interest {differing} places did",
        found.forums,
        found.forums.min(BallotKind::ALL.len()),
        found.answers,
        found.differences_seen_by_others
    ))
}
