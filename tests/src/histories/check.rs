//! Whether a history can have happened.
//!
//! Each seat is a register whose writes have numbers of their own, the revisions. So there is no search: if the history is
//! linearizable at all, the revisions are its order, and all that remains is to hold them against time.

use std::collections::{BTreeMap, BTreeSet};

/// What a vote says, on whatever kind of ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// For the motion, or for the first option.
    For,
    /// Against it, or for the second option.
    Against,
    /// Neither, or for the third option.
    Abstain,
}

impl Choice {
    /// All of them: for and against a motion or neither, or for the first, second or third option.
    pub const ALL: [Self; 3] = [Self::For, Self::Against, Self::Abstain];
}

/// What a client was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The vote stands.
    Cast {
        /// The seat.
        seat: String,
        /// Its revision.
        revision: u64,
        /// What it says.
        choice: Choice,
    },
    /// The vote that stands.
    Read {
        /// The seat.
        seat: String,
        /// Its revision.
        revision: u64,
        /// Who cast it.
        by: String,
        /// What it says.
        choice: Choice,
    },
    /// There is none, or it is not to be seen.
    ReadNothing {
        /// The seat.
        seat: String,
    },
    /// The vote was refused.
    Refused {
        /// The seat.
        seat: String,
        /// Why.
        code: String,
    },
    /// The interest is recorded.
    Recused,
    /// The ballot is closed and counted.
    Closed,
}

/// Something a client asked and was told.
#[derive(Clone, Debug)]
pub struct Event {
    /// Who.
    pub person: String,
    /// The place in time before it was asked.
    pub began: u64,
    /// The place in time after it was answered.
    pub ended: u64,
    /// What was said.
    pub said: Said,
}

/// What is left in the end.
#[derive(Clone, Debug)]
pub struct Final {
    /// Votes for in the count.
    pub for_: u64,
    /// Votes against.
    pub against: u64,
    /// Abstentions.
    pub abstain: u64,
    /// The votes that stand: seat, revision, person, choice.
    pub standing: Vec<(String, u64, String, Choice)>,
}

/// All that happened on a ballot.
#[derive(Clone, Debug)]
pub struct History {
    /// What clients asked and were told.
    pub events: Vec<Event>,
    /// What is left in the end.
    pub last: Final,
}

/// What can not have happened; nothing where all is well.
pub fn findings(history: &History) -> Vec<String> {
    let mut findings = Vec::new();
    let mut writes: BTreeMap<&str, Vec<(u64, &Event, Choice)>> = BTreeMap::new();
    for event in &history.events {
        if let Said::Cast { seat, revision, choice } = &event.said {
            writes.entry(seat).or_default().push((*revision, event, *choice));
        }
    }
    for (seat, writes) in &mut writes {
        writes.sort_by_key(|(revision, ..)| *revision);
        check_writes(seat, writes, &mut findings);
    }
    check_reads(history, &writes, &mut findings);
    check_empty_reads(history, &writes, &mut findings);
    check_close(history, &mut findings);
    check_recusals(history, &mut findings);
    check_end(history, &writes, &mut findings);
    findings
}

/// Revisions are 1, 2, 3 and so on, each once, in the order of time.
fn check_writes(seat: &str, writes: &[(u64, &Event, Choice)], findings: &mut Vec<String>) {
    for ((revision, ..), expected) in writes.iter().zip(1_u64..) {
        if *revision != expected {
            findings.push(format!("seat {seat} has revision {revision} where {expected} is due"));
            return;
        }
    }
    for (index, (later, event, _)) in writes.iter().enumerate() {
        if let Some((earlier, ..)) = writes[..index].iter().find(|(_, before, _)| event.ended < before.began)
        {
            findings.push(format!("seat {seat}: revision {later} was over before {earlier} began"));
        }
    }
}

/// A read sees a vote that was cast, not one that was superseded before the read began, nor one of the future.
fn check_reads(
    history: &History,
    writes: &BTreeMap<&str, Vec<(u64, &Event, Choice)>>,
    findings: &mut Vec<String>,
) {
    let reads: Vec<_> = history
        .events
        .iter()
        .filter_map(|event| match &event.said {
            Said::Read { seat, revision, by, choice } => Some((event, seat, *revision, by, *choice)),
            _ => None,
        })
        .collect();
    for (event, seat, revision, by, choice) in &reads {
        let of_seat = writes.get(seat.as_str()).map(Vec::as_slice).unwrap_or_default();
        let source = of_seat.iter().find(|(written, ..)| written == revision);
        let Some((_, write, written)) = source else {
            findings.push(format!("a read of seat {seat} saw revision {revision}, which nobody cast"));
            continue;
        };
        if written != choice || write.person != **by {
            findings.push(format!("a read of seat {seat} saw another vote under revision {revision}"));
        }
        if event.ended < write.began {
            findings.push(format!("a read of seat {seat} saw revision {revision} before it was cast"));
        }
        let is_stale = of_seat.iter().any(|(later, write, _)| later > revision && write.ended < event.began);
        let earlier_read = reads
            .iter()
            .any(|(before, other, seen, ..)| other == seat && seen > revision && before.ended < event.began);
        if is_stale || earlier_read {
            findings.push(format!("a read of seat {seat} saw revision {revision} after a later one"));
        }
    }
}

/// Nobody but who is recused finds a seat without a vote after one was cast.
fn check_empty_reads(
    history: &History,
    writes: &BTreeMap<&str, Vec<(u64, &Event, Choice)>>,
    findings: &mut Vec<String>,
) {
    for event in &history.events {
        let Said::ReadNothing { seat } = &event.said else { continue };
        let is_recused = history.events.iter().any(|other| {
            other.said == Said::Recused && other.person == event.person && other.began < event.ended
        });
        let of_seat = writes.get(seat.as_str()).map(Vec::as_slice).unwrap_or_default();
        if !is_recused && of_seat.iter().any(|(_, write, _)| write.ended < event.began) {
            findings.push(format!("a read of seat {seat} saw nothing after a vote"));
        }
    }
}

/// No vote that began after the close was answered stands, and nobody is told that the ballot is closed before it began to be.
fn check_close(history: &History, findings: &mut Vec<String>) {
    let closes: Vec<_> = history.events.iter().filter(|event| event.said == Said::Closed).collect();
    let [close] = closes.as_slice() else {
        findings.push(format!("the ballot was closed {} times", closes.len()));
        return;
    };
    for event in &history.events {
        match &event.said {
            Said::Cast { seat, .. } if event.began > close.ended => {
                findings.push(format!("seat {seat} voted after the close"));
            }
            Said::Refused { seat, code } if code == "wrong_state" && event.ended < close.began => {
                findings.push(format!("seat {seat} was refused as if closed, before the close"));
            }
            _ => {}
        }
    }
}

/// No vote of somebody that began after the interest was recorded stands.
fn check_recusals(history: &History, findings: &mut Vec<String>) {
    for recusal in history.events.iter().filter(|event| event.said == Said::Recused) {
        for event in history.events.iter().filter(|event| event.person == recusal.person) {
            if matches!(event.said, Said::Cast { .. }) && event.began > recusal.ended {
                findings.push(format!("{} voted after being recused", event.person));
            }
        }
    }
}

/// One vote stands for each seat that voted, the last one; and the count is theirs, without those who were recused before the close.
fn check_end(
    history: &History,
    writes: &BTreeMap<&str, Vec<(u64, &Event, Choice)>>,
    findings: &mut Vec<String>,
) {
    let seats: BTreeSet<_> = history.last.standing.iter().map(|(seat, ..)| seat.as_str()).collect();
    if seats.len() != history.last.standing.len() {
        findings.push("a seat has two votes that stand".to_owned());
    }
    if seats != writes.keys().copied().collect() {
        findings.push("the seats with a vote are not those that cast one".to_owned());
    }
    for (seat, revision, person, choice) in &history.last.standing {
        let last = writes.get(seat.as_str()).and_then(|writes| writes.last());
        let is_last = last.is_some_and(|(written, event, said)| {
            written == revision && event.person == *person && said == choice
        });
        if !is_last {
            findings.push(format!("the vote of seat {seat} that stands is not the last one"));
        }
    }
    let found = (history.last.for_, history.last.against, history.last.abstain);
    if !possible_counts(history).contains(&found) {
        findings.push(format!("the count {found:?} is not of the votes that stand"));
    }
}

/// The counts that can be: where an interest was recorded while the ballot was being closed, with that vote and without it.
fn possible_counts(history: &History) -> BTreeSet<(u64, u64, u64)> {
    let close = history.events.iter().find(|event| event.said == Said::Closed);
    let mut counts = BTreeSet::from([(0, 0, 0)]);
    for (.., person, choice) in &history.last.standing {
        let recusal =
            history.events.iter().find(|event| event.said == Said::Recused && event.person == *person);
        let (may_count, may_not) = match (recusal, close) {
            (Some(recusal), Some(close)) => (recusal.ended > close.began, recusal.began < close.ended),
            _ => (true, false),
        };
        let mut next = BTreeSet::new();
        for (for_, against, abstain) in counts {
            if may_count {
                next.insert(match choice {
                    Choice::For => (for_ + 1, against, abstain),
                    Choice::Against => (for_, against + 1, abstain),
                    Choice::Abstain => (for_, against, abstain + 1),
                });
            }
            if may_not {
                next.insert((for_, against, abstain));
            }
        }
        counts = next;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(person: &str, began: u64, ended: u64, said: Said) -> Event {
        Event { person: person.to_owned(), began, ended, said }
    }

    fn cast(seat: &str, revision: u64, choice: Choice) -> Said {
        Said::Cast { seat: seat.to_owned(), revision, choice }
    }

    fn read(seat: &str, revision: u64, by: &str, choice: Choice) -> Said {
        Said::Read { seat: seat.to_owned(), revision, by: by.to_owned(), choice }
    }

    /// Anna votes for, then against, and reads it; Bo votes for; the chair closes; Bo comes too late.
    fn sound() -> History {
        let refused = Said::Refused { seat: "b".to_owned(), code: "wrong_state".to_owned() };
        History {
            events: vec![
                event("anna", 0, 1, cast("a", 1, Choice::For)),
                event("anna", 2, 5, cast("a", 2, Choice::Against)),
                event("bo", 3, 4, cast("b", 1, Choice::For)),
                event("anna", 6, 7, read("a", 2, "anna", Choice::Against)),
                event("chair", 8, 9, Said::Closed),
                event("bo", 10, 11, refused),
            ],
            last: Final {
                for_: 1,
                against: 1,
                abstain: 0,
                standing: vec![
                    ("a".to_owned(), 2, "anna".to_owned(), Choice::Against),
                    ("b".to_owned(), 1, "bo".to_owned(), Choice::For),
                ],
            },
        }
    }

    #[test]
    fn a_sound_history_passes() {
        assert_eq!(findings(&sound()), Vec::<String>::new());
    }

    /// The negative controls: each way to be wrong is found.
    #[test]
    fn what_can_not_have_happened_is_found() {
        type Spoil = fn(&mut History);
        let spoils: &[(&str, Spoil)] = &[
            ("a lost vote", |history| history.last.standing[0].1 = 1),
            ("a vote counted twice", |history| history.last.for_ = 2),
            ("two votes of a seat", |history| {
                let again = history.last.standing[0].clone();
                history.last.standing.push(again);
            }),
            ("a revision left out", |history| history.events[1].said = cast("a", 3, Choice::Against)),
            ("the same revision twice", |history| history.events[1].said = cast("a", 1, Choice::Against)),
            ("revisions against time", |history| {
                history.events[0].said = cast("a", 2, Choice::Against);
                history.events[1].said = cast("a", 1, Choice::For);
            }),
            ("a stale read", |history| history.events[3].said = read("a", 1, "anna", Choice::For)),
            ("an empty read after a vote", |history| {
                history.events[3].said = Said::ReadNothing { seat: "a".to_owned() };
            }),
            ("a read of what nobody cast", |history| {
                history.events[3].said = read("a", 7, "anna", Choice::For);
            }),
            ("a read of other content", |history| {
                history.events[3].said = read("a", 2, "anna", Choice::Abstain);
            }),
            ("a vote after the close", |history| {
                history.events[5].said = cast("b", 2, Choice::For);
                history.last.standing[1].1 = 2;
            }),
            ("a refusal before the close", |history| {
                history.events[5].began = 6;
                history.events[5].ended = 7;
            }),
            ("no close", |history| drop(history.events.remove(4))),
            ("a vote after the recusal", |history| {
                history.events.insert(0, event("bo", 0, 1, Said::Recused));
            }),
            ("a recused vote in the count", |history| {
                history.events.insert(4, event("bo", 5, 6, Said::Recused));
            }),
        ];
        for (what, spoil) in spoils {
            let mut history = sound();
            spoil(&mut history);
            assert!(!findings(&history).is_empty(), "{what} is not found");
        }
    }

    /// An interest that is recorded while the ballot is being closed may come before or after it.
    #[test]
    fn either_count_is_possible_while_both_are_under_way() {
        let mut history = sound();
        history.events.push(event("bo", 8, 10, Said::Recused));
        assert_eq!(possible_counts(&history), BTreeSet::from([(1, 1, 0), (0, 1, 0)]));
    }
}
