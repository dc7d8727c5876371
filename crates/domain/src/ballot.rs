//! Ballots and votes of a forum.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_voting::{Majority, MotionCount, MotionVote, RankingCount, RankingMethod, TieChain};

use crate::forum::{Forum, Recusal, Seat};
use crate::id::{AgendaItemId, ApplicationId, BallotId, ForumId, MeetingId, PersonId, RoundId, SeatId};
use crate::meeting::{AgreementOutcome, Meeting};
use crate::refusal::{Refusal, RefusalCode};
use crate::{Actor, Entry, Role};

/// The most options of one ballot.
const OPTIONS_MAX: usize = 200;

/// What is voted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum BallotMatter {
    /// For or against one motion, possibly on one application.
    Motion {
        /// What is moved.
        text: String,
        /// The application it concerns, so that recusals apply.
        application_id: Option<ApplicationId>,
        /// What carries it.
        majority: Majority,
    },
    /// An order of applications.
    Ranking {
        /// The applications to rank.
        options: Vec<ApplicationId>,
        /// How rankings are counted.
        method: RankingMethod,
    },
}

impl BallotMatter {
    /// The applications that the matter concerns.
    pub fn applications(&self) -> &[ApplicationId] {
        match self {
            Self::Motion { application_id, .. } => application_id.as_slice(),
            Self::Ranking { options, .. } => options,
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Motion { text, .. } if text.trim().is_empty() => {
                Err(Refusal::invalid("/matter/text", "a motion"))
            }
            Self::Motion { .. } => Ok(()),
            Self::Ranking { options, .. } => {
                let distinct: std::collections::BTreeSet<_> = options.iter().collect();
                if options.len() < 2 || options.len() > OPTIONS_MAX || distinct.len() != options.len() {
                    return Err(Refusal::invalid("/matter/options", "2 to 200 different applications"));
                }
                Ok(())
            }
        }
    }
}

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

/// The rules of a ballot: immutable from the first vote (rule 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BallotRules {
    /// What is voted on, and how it is counted.
    pub matter: BallotMatter,
    /// The seats that vote, each with one vote.
    pub roster: Vec<SeatId>,
    /// Seats that must vote for the ballot to bind.
    pub quorum_seats: u32,
    /// How ties are broken, link by link.
    pub tie_chain: TieChain,
    /// When voting ends by itself.
    pub closes_at: Option<Timestamp>,
}

impl BallotRules {
    /// Checks that the rules can be carried out: a matter, voting seats of the forum whose terms hold on the day of the
    /// meeting, each once (rules 1 and 4), and a tie chain that can be read.
    fn check(&self, forum: &Forum, meeting: &Meeting, seats: &[Seat]) -> Result<(), Refusal> {
        self.matter.check()?;
        if self.roster.is_empty() || has_repeats(&self.roster) {
            return Err(Refusal::invalid("/rules/roster", "at least one seat, and each once"));
        }
        // A term is in whole days; the day of the meeting in UTC is the day in Norway for every meeting by day.
        let day = meeting.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        for (index, seat_id) in self.roster.iter().enumerate() {
            let pointer = format!("/rules/roster/{index}");
            let seat =
                seats.iter().find(|seat| seat.id == *seat_id && seat.forum_id == forum.id).ok_or_else(
                    || Refusal::new(RefusalCode::UnknownReference).with("thing", "seat").at(&*pointer),
                )?;
            if !seat.votes_on(day) {
                return Err(Refusal::invalid(
                    &pointer,
                    "a seat that has the right to vote on the day of the meeting",
                ));
            }
        }
        // An empty count finds what would only show when the votes are in, such as an unreadable seed.
        crate::ballot_count::count(self, &[]).map(|_| ()).map_err(|refusal| refusal.at("/rules"))
    }
}

fn has_repeats<T: Ord>(things: &[T]) -> bool {
    let distinct: std::collections::BTreeSet<&T> = things.iter().collect();
    distinct.len() != things.len()
}

/// The outcome of a count, with its rounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BallotCount {
    /// Of a motion.
    Motion(MotionCount),
    /// Of a ranking.
    Ranking(RankingCount),
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
    /// Why it was annulled.
    pub annulment_reason: Option<String>,
    /// The version, counted up by each write.
    pub version: i64,
}

/// What a vote says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum VoteContent {
    /// On a motion.
    Motion {
        /// For, against or abstaining.
        choice: MotionVote,
    },
    /// On an order.
    Ranking {
        /// The applications, best first; those left out are ranked equal last.
        order: Vec<ApplicationId>,
    },
}

/// A vote of a seat. The last revision counts; the earlier ones are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The ballot.
    pub ballot_id: BallotId,
    /// The seat.
    pub seat_id: SeatId,
    /// 1 for the first vote of the seat, counted up by each change.
    pub revision: i64,
    /// The member or deputy who cast it.
    pub person_id: PersonId,
    /// Content.
    pub content: VoteContent,
    /// The options the voter was recused on.
    pub recused_on: Vec<ApplicationId>,
    /// When it was cast.
    pub cast_at: Timestamp,
}

impl Ballot {
    /// Prepares a ballot.
    pub fn prepare(
        &self,
        forum: &Forum,
        meeting: &Meeting,
        seats: &[Seat],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        if meeting.forum_id != forum.id {
            return Err(Refusal::new(RefusalCode::UnknownReference)
                .with("thing", "meeting")
                .at("/meetingId"));
        }
        meeting.item(self.agenda_item_id).map_err(|refusal| refusal.at("/agendaItemId"))?;
        self.rules.check(forum, meeting, seats)?;
        Ok(Entry::new("ballot.create", "ballot", self.id).with("forumId", self.forum_id.to_string()))
    }

    /// Changes the rules, until the first vote (rule 2).
    pub fn revise(
        &mut self,
        (title, rules): (String, BallotRules),
        forum: &Forum,
        meeting: &Meeting,
        seats: &[Seat],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require(&[BallotState::Prepared, BallotState::Open], "prepared, open")?;
        if self.frozen {
            return Err(Refusal::new(RefusalCode::BallotFrozen));
        }
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
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require(&[BallotState::Prepared], "prepared")?;
        match meeting.item(self.agenda_item_id)?.agreement.as_ref().map(|test| test.outcome) {
            None => return Err(Refusal::new(RefusalCode::AgreementTestMissing)),
            Some(AgreementOutcome::Agreed) => return Err(Refusal::new(RefusalCode::AgreementReached)),
            Some(AgreementOutcome::NotAgreed | AgreementOutcome::Skipped) => {}
        }
        // Opening takes no body, so there is nothing to point at.
        if self.rules.closes_at.is_some_and(|closes_at| closes_at <= now) {
            return Err(Refusal::invalid("/rules/closesAt", "a time to come").without_pointer());
        }
        self.rules.check(forum, meeting, seats).map_err(Refusal::without_pointer)?;
        Ok(self.go(BallotState::Open, "ballot.open"))
    }

    /// Checks a vote and freezes the rules with the first one (rules 1 and 2).
    ///
    /// `previous` is the seat's last revision, `recusals` are those of the person who votes.
    pub fn cast(
        &mut self,
        seat: &Seat,
        content: VoteContent,
        previous: Option<i64>,
        recusals: &[Recusal],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(Vote, Entry), Refusal> {
        let person_id = actor.person()?;
        if !seat.is_held_by(person_id) {
            return Err(Refusal::new(RefusalCode::NotYourSeat));
        }
        if !self.rules.roster.contains(&seat.id) {
            return Err(Refusal::new(RefusalCode::NotOnRoster));
        }
        self.require(&[BallotState::Open], "open")?;
        if self.rules.closes_at.is_some_and(|closes_at| closes_at <= now) {
            return Err(Refusal::new(RefusalCode::DeadlinePassed)
                .with("deadline", self.rules.closes_at.map(|at| at.to_string()).unwrap_or_default()));
        }
        let recused_on: Vec<ApplicationId> = self
            .rules
            .matter
            .applications()
            .iter()
            .copied()
            .filter(|application_id| {
                recusals.iter().any(|recusal| {
                    recusal.person_id == person_id && recusal.application_id == *application_id
                })
            })
            .collect();
        self.check_content(&content, &recused_on)?;
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
        };
        // The content stays out of the journal: the ballot is sealed until it is closed.
        let entry = Entry::new("vote.cast", "ballot", self.id)
            .with("seatId", seat.id.to_string())
            .with("revision", revision);
        Ok((vote, entry))
    }

    fn check_content(&self, content: &VoteContent, recused_on: &[ApplicationId]) -> Result<(), Refusal> {
        match (&self.rules.matter, content) {
            (BallotMatter::Motion { .. }, VoteContent::Motion { .. }) if recused_on.is_empty() => Ok(()),
            (BallotMatter::Motion { .. }, VoteContent::Motion { .. }) => {
                Err(Refusal::new(RefusalCode::Recused))
            }
            (BallotMatter::Ranking { options, .. }, VoteContent::Ranking { order }) => {
                if order.is_empty() || has_repeats(order) {
                    return Err(Refusal::new(RefusalCode::InvalidVote).at("/content/order"));
                }
                for (index, application_id) in order.iter().enumerate() {
                    let pointer = format!("/content/order/{index}");
                    if !options.contains(application_id) {
                        return Err(Refusal::new(RefusalCode::InvalidVote).at(pointer));
                    }
                    if recused_on.contains(application_id) {
                        return Err(Refusal::new(RefusalCode::Recused).at(pointer));
                    }
                }
                Ok(())
            }
            _ => Err(Refusal::new(RefusalCode::InvalidVote).at("/content/kind")),
        }
    }

    /// Ends the voting: the chair at any time, the clock at the deadline.
    pub fn close(&mut self, forum: &Forum, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require(&[BallotState::Open], "open")?;
        if actor.role == Role::System && self.rules.closes_at.is_none_or(|closes_at| now < closes_at) {
            return Err(Refusal::wrong_state("ballot", "open", "after its deadline"));
        }
        Ok(self.go(BallotState::Closed, "ballot.close"))
    }

    /// Counts the votes that stand.
    pub fn count(&mut self, votes: &[Vote]) -> Result<Entry, Refusal> {
        self.require(&[BallotState::Closed], "closed")?;
        self.count = Some(crate::ballot_count::count(&self.rules, votes)?);
        Ok(self.go(BallotState::Counted, "ballot.count"))
    }

    /// Sets the ballot aside, for ever, with the reason.
    pub fn annul(&mut self, forum: &Forum, actor: &Actor, reason: &str) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
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
