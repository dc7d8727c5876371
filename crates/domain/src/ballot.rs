//! Ballots and votes of a forum.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::forum::{Forum, Seat};
use crate::id::{AgendaItemId, ApplicationId, BallotId, ForumId, MeetingId, PersonId, RoundId};
use crate::meeting::{AgendaItem, AgreementOutcome, Meeting};
use crate::recusal::{Recusal, RecusalState, kept_out_of};
use crate::refusal::{Refusal, RefusalCode};
use crate::standing::{Holder, SeatStanding, Tally};
use crate::{Actor, Entry, Role};

pub use crate::ballot_count::{BallotCount, BudgetOutcome, CriterionCount, OptionSupport, ScoreCount};
pub use crate::ballot_matter::{
    AllotmentMethod, ApprovalMethod, BallotMatter, Criterion, RankingMethod, ScoreMethod,
};
pub use crate::ballot_rules::BallotRules;
pub use crate::budget::{Budget, BudgetFrame, OptionCost};
pub use crate::vote::{NewVote, OptionPoints, OptionScores, Vote, VoteContent};

/// Where a ballot is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BallotState {
    /// Being prepared.
    Prepared,
    /// Takes votes.
    Open,
    /// Takes no more votes.
    Closed,
    /// Counted.
    Counted,
    /// Set aside, with the reason.
    Annulled,
}

impl BallotState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Counted => "counted",
            Self::Annulled => "annulled",
        }
    }
}

/// A ballot of a forum on an item of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ballot {
    /// Id.
    pub id: BallotId,
    /// The forum.
    pub forum_id: ForumId,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The item.
    pub agenda_item_id: AgendaItemId,
    /// The round it concerns.
    pub round_id: Option<RoundId>,
    /// The application that the item is about, if it is about one.
    pub application_id: Option<ApplicationId>,
    /// Title.
    pub title: String,
    /// Rules.
    pub rules: BallotRules,
    /// State.
    pub state: BallotState,
    /// Whether a vote has been cast, which freezes the rules.
    pub frozen: bool,
    /// The count.
    pub count: Option<BallotCount>,
    /// How the roster stood when it was counted.
    pub tally: Option<Tally>,
    /// Why it was annulled.
    pub annulment_reason: Option<String>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Ballot {
    /// Prepares a ballot.
    pub fn prepare(
        &self,
        forum: &Forum,
        meeting: &Meeting,
        seats: &[Seat],
        recusals: &[Recusal],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_fit(recusals, actor)?;
        if meeting.forum_id != forum.id {
            return Err(Refusal::new(RefusalCode::UnknownReference)
                .with("thing", "meeting")
                .at("/meetingId"));
        }
        meeting.item(self.agenda_item_id).map_err(|refusal| refusal.at("/agendaItemId"))?;
        meeting.require_unpublished()?;
        self.rules.check(forum, meeting, seats)?;
        Ok(Entry::new("ballot.create", "ballot", self.id).with("forumId", self.forum_id.to_string()))
    }

    /// Changes the rules, while it is being prepared: once it is open, somebody may have read what it asks (rule 2).
    pub fn revise(
        &mut self,
        (title, rules): (String, BallotRules),
        forum: &Forum,
        meeting: &Meeting,
        seats: &[Seat],
        recusals: &[Recusal],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_fit(recusals, actor)?;
        if self.frozen {
            return Err(Refusal::new(RefusalCode::BallotFrozen));
        }
        self.require(&[BallotState::Prepared], "prepared")?;
        rules.check(forum, meeting, seats)?;
        self.rules = rules;
        self.title = title;
        Ok(Entry::new("ballot.revise", "ballot", self.id))
    }

    /// Opens for votes, after agreement was tested in vain or its skipping explained (rule 3).
    pub fn open(
        &mut self,
        forum: &Forum,
        meeting: &Meeting,
        seats: &[Seat],
        recusals: &[Recusal],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require_fit(recusals, actor)?;
        self.require(&[BallotState::Prepared], "prepared")?;
        meeting.require_unpublished()?;
        match meeting.item(self.agenda_item_id)?.agreement.as_ref().map(|test| test.outcome) {
            None => return Err(Refusal::new(RefusalCode::AgreementTestMissing)),
            Some(AgreementOutcome::Agreed) => return Err(Refusal::new(RefusalCode::AgreementReached)),
            Some(AgreementOutcome::NotAgreed | AgreementOutcome::Skipped) => {}
        }
        // Nor is there on what the forum agreed on under another item.
        let concerned = self.concerned();
        let is_agreed = |item: &AgendaItem| {
            item.application_id.is_some_and(|id| concerned.contains(&id))
                && item.agreement.as_ref().is_some_and(|test| test.outcome == AgreementOutcome::Agreed)
        };
        if meeting.agenda.iter().any(is_agreed) {
            return Err(Refusal::new(RefusalCode::AgreementReached));
        }
        // Opening takes no body, so there is nothing to point at.
        if self.rules.closes_at.is_some_and(|closes_at| closes_at <= now) {
            return Err(Refusal::invalid("/rules/closesAt", "a time to come").without_pointer());
        }
        self.rules.check(forum, meeting, seats).map_err(Refusal::without_pointer)?;
        self.require_ruled(seats, recusals, |recusal| recusal.state == RecusalState::Suggested)?;
        Ok(self.go(BallotState::Open, "ballot.open"))
    }

    /// Whether nothing more comes of it.
    pub const fn is_over(&self) -> bool {
        matches!(self.state, BallotState::Counted | BallotState::Annulled)
    }

    /// The applications that it concerns: a person who is recused on one of them does not see its count.
    pub fn concerned(&self) -> Vec<ApplicationId> {
        let mut concerned = self.rules.matter.applications().to_vec();
        concerned.extend(self.application_id);
        concerned.sort_unstable();
        concerned.dedup();
        concerned
    }

    /// Whether these interests keep a person out of it as a whole. On an order of several applications a person who is
    /// recused on some of them ranks the others.
    pub fn keeps_out(&self, person_id: PersonId, recusals: &[Recusal]) -> bool {
        let kept_out_of_all = |applications: &[ApplicationId]| {
            !applications.is_empty()
                && kept_out_of(person_id, applications.iter().copied(), recusals).len() == applications.len()
        };
        kept_out_of_all(self.application_id.as_slice()) || kept_out_of_all(self.rules.matter.applications())
    }

    /// Refuses who prepares or leads a ballot and has an interest in any of the applications that it concerns: who leads learns
    /// of all of them, and whoever votes on some of several does not.
    fn require_fit(&self, recusals: &[Recusal], actor: &Actor) -> Result<(), Refusal> {
        let is_kept_out = |person_id| !kept_out_of(person_id, self.concerned(), recusals).is_empty();
        if actor.person_id.is_some_and(is_kept_out) {
            return Err(Refusal::new(RefusalCode::Recused));
        }
        Ok(())
    }

    /// Refuses while interests of those who hold the roster's seats wait for a ruling.
    fn require_ruled(
        &self,
        seats: &[Seat],
        recusals: &[Recusal],
        waits: impl Fn(&Recusal) -> bool,
    ) -> Result<(), Refusal> {
        let voters = seats.iter().filter(|seat| self.rules.roster.contains(&seat.id));
        let held = voters.flat_map(|seat| [Some(seat.member_id), seat.deputy_id]).flatten();
        let held: std::collections::BTreeSet<_> = held.collect();
        let waiting = recusals.iter().filter(|recusal| held.contains(&recusal.person_id) && waits(recusal));
        match waiting.count() {
            0 => Ok(()),
            count => Err(Refusal::new(RefusalCode::RecusalNotRuled).with("count", count)),
        }
    }

    /// Refuses to count while an interest that somebody else recorded waits for its ruling: a vote is not struck out by one
    /// person's word.
    pub fn require_countable(&self, seats: &[Seat], recusals: &[Recusal]) -> Result<(), Refusal> {
        self.require_ruled(seats, recusals, Recusal::awaits_ruling_of_others)
    }

    /// Checks a vote and freezes the rules with the first one (rules 1 and 2).
    ///
    /// Who is recused is refused before anything else is looked at, so that the answer is the same whatever has become of
    /// the ballot.
    pub fn cast(
        &mut self,
        new: NewVote<'_>,
        meeting: &Meeting,
        recusals: &[Recusal],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(Vote, Entry), Refusal> {
        let NewVote { seat, content, previous, nonce } = new;
        let person_id = actor.person()?;
        if !seat.is_held_by(person_id) {
            return Err(Refusal::new(RefusalCode::NotYourSeat));
        }
        if !self.rules.roster.contains(&seat.id) {
            return Err(Refusal::new(RefusalCode::NotOnRoster));
        }
        if self.keeps_out(person_id, recusals) {
            return Err(Refusal::new(RefusalCode::Recused));
        }
        if self.holder(seat, meeting, recusals).person_id() != Some(person_id) {
            return Err(Refusal::new(RefusalCode::SeatHeldByAnother));
        }
        self.require(&[BallotState::Open], "open")?;
        if self.rules.closes_at.is_some_and(|closes_at| closes_at <= now) {
            return Err(Refusal::new(RefusalCode::DeadlinePassed)
                .with("deadline", self.rules.closes_at.map(|at| at.to_string()).unwrap_or_default()));
        }
        let recused_on = kept_out_of(person_id, self.rules.matter.applications().iter().copied(), recusals);
        self.rules.matter.check_vote(&content, &recused_on)?;
        self.frozen = true;
        let revision = previous.unwrap_or(0) + 1;
        let vote = Vote {
            ballot_id: self.id,
            seat_id: seat.id,
            revision,
            person_id,
            content,
            recused_on,
            cast_at: now,
            nonce,
            receipt: String::new(),
        };
        // The content stays out of the journal: the ballot is sealed until it is closed.
        let entry = Entry::new("vote.cast", "ballot", self.id)
            .with("seatId", seat.id.to_string())
            .with("revision", revision);
        Ok((vote, entry))
    }

    /// Ends the voting: the chair at any time, the clock at the deadline.
    pub fn close(
        &mut self,
        forum: &Forum,
        recusals: &[Recusal],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require_fit(recusals, actor)?;
        self.require(&[BallotState::Open], "open")?;
        if actor.role == Role::System && self.rules.closes_at.is_none_or(|closes_at| now < closes_at) {
            return Err(Refusal::wrong_state("ballot", "open", "after its deadline"));
        }
        Ok(self.go(BallotState::Closed, "ballot.close"))
    }

    /// Who holds the vote of a seat.
    pub fn holder(&self, seat: &Seat, meeting: &Meeting, recusals: &[Recusal]) -> Holder {
        Holder::of(seat, &meeting.attendance, |person_id| self.keeps_out(person_id, recusals))
    }

    /// Counts the votes that stand, of those who are not recused now: whoever voted and was found to have an interest
    /// afterwards has not voted. Kept with the count is how the roster stood.
    pub fn count(
        &mut self,
        votes: &[Vote],
        (meeting, seats, recusals): (&Meeting, &[Seat], &[Recusal]),
    ) -> Result<Entry, Refusal> {
        self.require(&[BallotState::Closed], "closed")?;
        let roster = self.rules.roster.iter().filter_map(|id| seats.iter().find(|seat| seat.id == *id));
        let standing = |seat: &Seat| {
            let vote = votes
                .iter()
                .find(|vote| vote.seat_id == seat.id && !self.keeps_out(vote.person_id, recusals));
            let options = self.rules.matter.applications().iter().copied();
            SeatStanding {
                seat_id: seat.id,
                organisation_kind: seat.organisation_kind,
                holder_id: self.holder(seat, meeting, recusals).person_id(),
                voted: vote.is_some(),
                recused_on: vote.map_or_else(Vec::new, |vote| silent_on(vote, options, recusals)),
            }
        };
        let standings: Vec<SeatStanding> = roster.map(standing).collect();
        let kinds: Vec<_> =
            standings.iter().filter(|seat| seat.voted).map(|seat| seat.organisation_kind).collect();
        let tally = Tally { kinds: self.rules.quorum().checks(&kinds), seats: standings };
        self.count = Some(crate::ballot_count::count(&self.rules, votes, &tally)?);
        self.tally = Some(tally);
        Ok(self.go(BallotState::Counted, "ballot.count"))
    }

    /// Counts again what was counted, from the same votes and the roster as it stood, and says whether it comes out the
    /// same. It changes nothing, however often it is done.
    pub fn recount(&self, votes: &[Vote]) -> Result<bool, Refusal> {
        self.require(&[BallotState::Counted], "counted")?;
        // Ballots of the first version kept no tally; then there is nothing to repeat the count from.
        let Some(tally) = &self.tally else { return Ok(true) };
        Ok(self.count.as_ref() == Some(&crate::ballot_count::count(&self.rules, votes, tally)?))
    }

    /// Sets the ballot aside, for ever, with the reason.
    pub fn annul(
        &mut self,
        forum: &Forum,
        recusals: &[Recusal],
        actor: &Actor,
        reason: &str,
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require_fit(recusals, actor)?;
        self.require(
            &[BallotState::Prepared, BallotState::Open, BallotState::Closed, BallotState::Counted],
            "prepared, open, closed, counted",
        )?;
        if reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/reason"));
        }
        self.annulment_reason = Some(reason.to_owned());
        Ok(self.go(BallotState::Annulled, "ballot.annul"))
    }

    fn require(&self, allowed: &[BallotState], names: &str) -> Result<(), Refusal> {
        if allowed.contains(&self.state) {
            return Ok(());
        }
        Err(Refusal::wrong_state("ballot", self.state.as_str(), names))
    }

    fn go(&mut self, state: BallotState, action: &'static str) -> Entry {
        let entry = Entry::new(action, "ballot", self.id)
            .with("from", self.state.as_str())
            .with("to", state.as_str());
        self.state = state;
        entry
    }
}

/// The options that a vote says nothing about: those that the voter is recused on now, and those that the voter could not
/// speak of when voting, though the interest was ruled out since.
fn silent_on(
    vote: &Vote,
    options: impl Iterator<Item = ApplicationId>,
    recusals: &[Recusal],
) -> Vec<ApplicationId> {
    let mut options: Vec<_> = options.collect();
    let now = kept_out_of(vote.person_id, options.iter().copied(), recusals);
    options.retain(|option| now.contains(option) || vote.recused_on.contains(option));
    options
}
