//! A meeting as it goes on, for those who follow it: events made from the journal, of what the follower may see.
//!
//! An event's id is its number among the events that this follower sees, not its place in the journal: a gap there would tell
//! who is recused that somebody has voted. The id names what the follower is kept out of, too. When that changes, the numbers
//! change, and the stream begins anew.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tildel_domain::ballot::Ballot;
use tildel_domain::id::{AgendaItemId, BallotId, MeetingId};
use tildel_domain::meeting::Meeting;
use tildel_domain::policy::Operation;
use tildel_storage::ballots;
use tildel_storage::journal::{self, Entry};
use uuid::Uuid;

use crate::context::Context;
use crate::failure::Outcome;
use crate::viewer::Viewer;

/// An event of a meeting.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveEvent {
    /// What to give as `Last-Event-ID` to go on after it.
    pub id: String,
    /// What kind: `meeting`, `item`, `agreement`, `ballot`, `turnout` or `minutes`.
    pub kind: &'static str,
    /// What happened.
    pub data: Value,
}

/// The events of a meeting that the caller may see, after the one with this id, and the place in the journal up to which it was
/// looked for them. None where nothing was written, whatever it concerns, since that place: most looks cost one small read.
pub fn events_since(
    cx: &mut Context<'_>,
    id: MeetingId,
    last_event_id: Option<&str>,
    seen_until: i64,
) -> Outcome<Option<(i64, Vec<LiveEvent>)>> {
    cx.require(Operation::MeetingStream)?;
    let head = journal::head_seq(cx.db)?;
    if head == seen_until {
        return Ok(None);
    }
    Ok(Some((head, events(cx, id, last_event_id)?)))
}

fn events(cx: &mut Context<'_>, id: MeetingId, last_event_id: Option<&str>) -> Outcome<Vec<LiveEvent>> {
    let meeting: Meeting = cx.find(id)?;
    let viewer = Viewer::of(cx)?;
    let ballots: BTreeMap<Uuid, Ballot> =
        ballots::list_in_meeting(cx.db, id)?.into_iter().map(|ballot| (ballot.id.into(), ballot)).collect();
    let mut subjects: Vec<Uuid> = ballots.keys().copied().collect();
    subjects.push(id.into());
    let withheld = ballots.values().filter(|ballot| viewer.is_withheld(ballot));
    let silent: Vec<Uuid> = withheld.map(|ballot| ballot.id.into()).collect();
    let entries = journal::on_subjects(cx.db, &["meeting", "ballot"], &subjects, (&silent, "vote.cast"))?;
    let scene = Scene { meeting: &meeting, ballots: &ballots, viewer: &viewer };
    let mut turnout = BTreeMap::new();
    let seen = entries.iter().filter_map(|entry| scene.event(entry, &mut turnout));
    let view = view_name(&viewer);
    let seen_before = last_event_id.map_or(0, |last| number_of(last, &view));
    let numbered = seen.zip(1_usize..).map(|((kind, data), number)| LiveEvent {
        id: format!("{number}-{view}"),
        kind,
        data,
    });
    Ok(numbered.skip(seen_before).collect())
}

/// A short name of what the caller is kept out of and takes part in.
fn view_name(viewer: &Viewer) -> String {
    let text = format!("{:?} {:?}", viewer.recused, viewer.forums);
    hex::encode(Sha256::digest(text)).chars().take(8).collect()
}

/// How many events were seen before; none where the id is of another view, or no id at all.
fn number_of(last_event_id: &str, view: &str) -> usize {
    match last_event_id.split_once('-') {
        Some((number, known)) if known == view => number.parse().unwrap_or(0),
        _ => 0,
    }
}

struct Scene<'a> {
    meeting: &'a Meeting,
    ballots: &'a BTreeMap<Uuid, Ballot>,
    viewer: &'a Viewer,
}

impl Scene<'_> {
    fn event(
        &self,
        entry: &Entry,
        turnout: &mut BTreeMap<BallotId, BTreeSet<String>>,
    ) -> Option<(&'static str, Value)> {
        let content = &entry.content;
        match self.ballots.get(&content.subject_id) {
            Some(ballot) => self.ballot_event(entry, ballot, turnout),
            None => self.meeting_event(entry),
        }
    }

    fn meeting_event(&self, entry: &Entry) -> Option<(&'static str, Value)> {
        let content = &entry.content;
        let at = content.at.to_string();
        let item_id = content.detail["agendaItemId"].as_str();
        match content.action.as_str() {
            "meeting.create" => Some(("meeting", json!({ "state": "planned", "at": at }))),
            "meeting.hold" => Some(("meeting", json!({ "state": "held", "at": at }))),
            "meeting.add_item" => {
                Some(("item", json!({ "agendaItemId": item_id, "state": "added", "at": at })))
            }
            "meeting.take_up" => {
                Some(("item", json!({ "agendaItemId": item_id, "state": "current", "at": at })))
            }
            "meeting.approve_minutes" => {
                Some(("minutes", json!({ "number": content.detail["number"], "at": at })))
            }
            "meeting.record_agreement" => {
                let id = AgendaItemId(item_id?.parse().ok()?);
                let item = self.meeting.item(id).ok()?;
                let outcome = &item.agreement.as_ref()?.outcome;
                let data = json!({ "agendaItemId": id, "outcome": outcome, "at": at });
                self.viewer.sees_item(self.meeting, item).then_some(("agreement", data))
            }
            _ => None,
        }
    }

    fn ballot_event(
        &self,
        entry: &Entry,
        ballot: &Ballot,
        turnout: &mut BTreeMap<BallotId, BTreeSet<String>>,
    ) -> Option<(&'static str, Value)> {
        let item = self.meeting.item(ballot.agenda_item_id).ok()?;
        if !self.viewer.takes_part_in(ballot.forum_id, item) {
            return None;
        }
        let content = &entry.content;
        let at = content.at.to_string();
        let state = match content.action.as_str() {
            "ballot.create" => "prepared",
            "ballot.open" => "open",
            "ballot.count" => "counted",
            "ballot.annul" => "annulled",
            "vote.cast" if !self.viewer.is_withheld(ballot) => {
                let voted = turnout.entry(ballot.id).or_default();
                voted.insert(content.detail["seatId"].as_str().unwrap_or_default().to_owned());
                return Some((
                    "turnout",
                    json!({ "ballotId": ballot.id, "votesCast": voted.len(), "at": at }),
                ));
            }
            _ => return None,
        };
        let data = json!({
            "ballotId": ballot.id, "agendaItemId": item.id, "state": state, "at": at,
        });
        Some(("ballot", data))
    }
}
