//! Votes and receipts.

use sha2::{Digest, Sha256};
use tildel_domain::ballot::{Ballot, NewVote, Vote, VoteContent};
use tildel_domain::forum::{Disclosure, Seat};
use tildel_domain::id::{BallotId, SeatId};
use tildel_domain::meeting::Meeting;
use tildel_domain::policy::Operation;
use tildel_domain::{Entry, Refusal};
use tildel_storage::{Page, PageOrder, PageRequest, recusals, votes};
use uuid::Uuid;

use crate::ballots::find_visible;
use crate::context::{Context, Expected};
use crate::failure::Outcome;

/// Bytes of chance in a receipt: a vote says so little that it could be guessed otherwise.
const NONCE_BYTES: usize = 16;

/// A vote as one person may see it.
#[derive(Clone, Debug)]
pub struct VoteView {
    /// The vote.
    pub vote: Vote,
    /// Whether the caller cast it: only then the receipt is told, as it would prove the vote of another.
    pub is_own: bool,
}

/// The receipts of the votes that were counted.
#[derive(Clone, Debug)]
pub struct Receipts {
    /// The ballot.
    pub ballot: Ballot,
    /// The receipts, in their own order, which tells nothing of who voted.
    pub receipts: Vec<String>,
}

/// Casts the vote of a seat, or changes it: the last one counts, the earlier ones are kept.
pub fn cast(cx: &mut Context<'_>, id: BallotId, seat_id: SeatId, content: &VoteContent) -> Outcome<VoteView> {
    cx.require(Operation::VoteCast)?;
    let (mut seen, _) = find_visible(cx, id)?;
    let seat: Seat = cx.find_referenced(seat_id, "/seatId")?;
    let interests = recusals::on_applications(cx.db, &seen.concerned())?;
    let meeting: Meeting = cx.find(seen.meeting_id)?;
    let mut nonce = [0_u8; NONCE_BYTES];
    cx.randomness.fill(&mut nonce);
    let nonce = hex::encode(nonce);
    // Who is recused is refused before the ballot is locked or a vote is read: waiting for others would tell that they vote.
    if seen.keeps_out(cx.actor.person()?, &interests) {
        let new = NewVote { seat: &seat, content: content.clone(), previous: None, nonce: nonce.clone() };
        seen.cast(new, &meeting, &interests, &cx.actor, cx.now)?;
    }
    let mut ballot: Ballot = cx.lock(id, Expected::Any)?;
    // What was found while others held the ballot is known now.
    let interests = recusals::on_applications(cx.db, &ballot.concerned())?;
    let previous = votes::current_of_seat(cx.db, id, seat_id)?.map(|vote| vote.revision);
    let was_frozen = ballot.frozen;
    let new = NewVote { seat: &seat, content: content.clone(), previous, nonce };
    let (mut vote, entry) = ballot.cast(new, &meeting, &interests, &cx.actor, cx.now)?;
    vote.receipt = hex::encode(Sha256::digest(vote.receipt_text()));
    votes::cast(cx.db, &vote)?;
    cx.note(entry, None, &vote)?;
    if !was_frozen {
        tildel_storage::ballots::freeze(cx.db, id)?;
        cx.note(Entry::new("ballot.freeze", "ballot", id), None, &ballot)?;
    }
    Ok(VoteView { vote, is_own: true })
}

/// The vote of a seat that the caller holds: the caller's own, or another holder's where the caller is not recused.
pub fn read(cx: &mut Context<'_>, id: BallotId, seat_id: SeatId) -> Outcome<VoteView> {
    cx.require(Operation::VoteRead)?;
    let person_id = cx.actor.person()?;
    let (ballot, viewer) = find_visible(cx, id)?;
    let seat: Seat = cx.find(seat_id)?;
    let interests = recusals::on_applications(cx.db, &ballot.concerned())?;
    if !seat.is_held_by(person_id) || ballot.keeps_out(person_id, &interests) {
        return Err(Refusal::not_found("vote").into());
    }
    let vote = votes::current_of_seat(cx.db, id, seat_id)?;
    let is_seen = |vote: &Vote| vote.person_id == person_id || !viewer.is_withheld(&ballot);
    let vote = vote.filter(is_seen).ok_or_else(|| Refusal::not_found("vote"))?;
    Ok(VoteView { is_own: vote.person_id == person_id, vote })
}

/// The votes of a ballot that the caller may see: the own ones, and those of others as the ballot's rules say.
pub fn list(cx: &mut Context<'_>, id: BallotId, page: &PageRequest) -> Outcome<Page<VoteView>> {
    cx.require(Operation::VoteList)?;
    let (ballot, viewer) = find_visible(cx, id)?;
    let person_id = cx.actor.person_id;
    let interests = recusals::on_applications(cx.db, &ballot.concerned())?;
    if person_id.is_some_and(|person_id| ballot.keeps_out(person_id, &interests)) {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let all_are_seen = !viewer.is_withheld(&ballot) && are_disclosed(&ballot);
    let is_seen = |vote: &Vote| all_are_seen || Some(vote.person_id) == person_id;
    let mut seen: Vec<Vote> = votes::current(cx.db, id)?.into_iter().filter(is_seen).collect();
    seen.sort_by_key(|vote| vote.seat_id);
    let found = cut(seen, page);
    let view = |vote: Vote| VoteView { is_own: Some(vote.person_id) == person_id, vote };
    Ok(Page { items: found.items.into_iter().map(view).collect(), next: found.next })
}

fn are_disclosed(ballot: &Ballot) -> bool {
    match ballot.rules.disclosure {
        Disclosure::Secret => false,
        Disclosure::Sealed => ballot.count.is_some(),
        Disclosure::Open => true,
    }
}

/// A ballot has at most as many votes as its roster has seats, so its pages are cut here.
fn cut(mut votes: Vec<Vote>, page: &PageRequest) -> Page<Vote> {
    if page.order == PageOrder::Newest {
        votes.reverse();
    }
    let key = |vote: &Vote| Uuid::from(vote.seat_id);
    if let Some(after) = page.after {
        votes.retain(|vote| match page.order {
            PageOrder::Oldest => key(vote) > after,
            PageOrder::Newest => key(vote) < after,
        });
    }
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let more = votes.len() > limit;
    votes.truncate(limit);
    let next = if more { votes.last().map(key) } else { None };
    Page { items: votes, next }
}

/// The receipts of a counted ballot, for those who may see its count.
pub fn receipts(cx: &mut Context<'_>, id: BallotId) -> Outcome<Receipts> {
    cx.require(Operation::ReceiptsRead)?;
    let (ballot, viewer) = find_visible(cx, id)?;
    if viewer.is_withheld(&ballot) || ballot.count.is_none() {
        return Err(Refusal::not_found("list of receipts").into());
    }
    Ok(Receipts { receipts: counted_receipts(cx, &ballot)?, ballot })
}

fn counted_receipts(cx: &mut Context<'_>, ballot: &Ballot) -> Outcome<Vec<String>> {
    let counted = |vote: &Vote| {
        let seats = ballot.tally.as_ref().map(|tally| tally.seats.as_slice()).unwrap_or_default();
        seats.iter().any(|seat| seat.seat_id == vote.seat_id && seat.voted)
    };
    let standing = votes::current(cx.db, ballot.id)?;
    let mut receipts: Vec<String> = standing.into_iter().filter(counted).map(|vote| vote.receipt).collect();
    receipts.sort_unstable();
    Ok(receipts)
}
