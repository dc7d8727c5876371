//! Holds what was acknowledged against what is there.
//!
//! Every request was sent until it was answered, so the two must be equal: nothing less, and nothing more.

use std::collections::{BTreeMap, BTreeSet};

use super::book::Book;
use super::inspect::Found;

/// One line for each thing that is lost, doubled, unknown or stuck.
pub(super) fn findings(book: &Book, found: &Found) -> Vec<String> {
    let mut findings = Vec::new();
    compare("organisation", &book.organisations, &found.organisations, &mut findings);
    compare("application", &book.applications, &found.applications, &mut findings);
    let titles: Vec<String> = found.ballots.iter().map(|(title, _)| title.clone()).collect();
    compare("ballot", &book.ballots, &titles, &mut findings);
    compare_votes(book, found, &mut findings);
    ballots_are_counted_once(book, found, &mut findings);
    places_are_dense(&found.journal, &mut findings);
    findings.extend(found.jobs_stuck.iter().map(|job| format!("job stuck: {job}")));
    findings
}

fn compare(what: &str, acknowledged: &BTreeSet<String>, found: &[String], findings: &mut Vec<String>) {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for name in found {
        *times.entry(name).or_default() += 1;
    }
    for name in acknowledged {
        match times.remove(name.as_str()) {
            None => findings.push(format!("{what} lost: `{name}`")),
            Some(1) => {}
            Some(count) => findings.push(format!("{what} doubled: `{name}` is there {count} times")),
        }
    }
    findings.extend(times.into_keys().map(|name| format!("{what} unknown: nobody was told of `{name}`")));
}

/// A seat's revision counts its votes, so a lost vote makes it too small and a doubled one too large.
fn compare_votes(book: &Book, found: &Found, findings: &mut Vec<String>) {
    let seats: BTreeSet<&String> = book.votes.keys().chain(found.votes.keys()).collect();
    for seat in seats {
        let acknowledged = book.votes.get(seat).cloned().unwrap_or_default();
        let standing = found.votes.get(seat).cloned().unwrap_or_default();
        if acknowledged.count > standing.count {
            let (told, there) = (acknowledged.count, standing.count);
            findings.push(format!("vote lost: seat {seat} was told of {told} votes, and {there} are there"));
        } else if acknowledged.count < standing.count {
            let (told, there) = (acknowledged.count, standing.count);
            findings
                .push(format!("vote doubled: seat {seat} was told of {told} votes, and {there} are there"));
        } else if acknowledged.last != standing.last {
            let (told, there) = (&acknowledged.last, &standing.last);
            findings.push(format!("vote changed: seat {seat} voted `{told}` last, and `{there}` stands"));
        }
    }
    let acknowledged: u64 = book.votes.values().map(|votes| votes.count).sum();
    if acknowledged != found.votes_in_journal {
        let entries = found.votes_in_journal;
        findings.push(format!("journal: {entries} entries tell of the {acknowledged} votes"));
    }
}

/// The worker counts a ballot that was opened once, however often it is killed.
fn ballots_are_counted_once(book: &Book, found: &Found, findings: &mut Vec<String>) {
    for title in &book.opened {
        let times = found.counts.get(title).copied().unwrap_or_default();
        if times != 1 {
            findings.push(format!("ballot `{title}` was opened, and counted {times} times"));
        }
    }
    for (title, state) in &found.ballots {
        if book.opened.contains(title) && state != "counted" {
            findings.push(format!("ballot `{title}` was opened, and is {state}"));
        }
    }
}

fn places_are_dense(journal: &[i64], findings: &mut Vec<String>) {
    for (expected, place) in (1..).zip(journal) {
        if *place != expected {
            findings.push(format!("journal: entry {place} stands where {expected} should"));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::book::Votes;
    use super::*;

    fn votes(count: u64, last: &str) -> BTreeMap<String, Votes> {
        BTreeMap::from([("s".to_owned(), Votes { count, last: last.to_owned() })])
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Two of everything were acknowledged, and are there.
    fn whole() -> (Book, Found) {
        let set = |texts: &[&str]| names(texts).into_iter().collect::<BTreeSet<_>>();
        let book = Book {
            organisations: set(&["o1", "o2"]),
            applications: set(&["a1", "a2"]),
            ballots: set(&["b1", "b2"]),
            opened: set(&["b1"]),
            votes: votes(2, "for"),
            ..Book::default()
        };
        let found = Found {
            organisations: names(&["o1", "o2"]),
            applications: names(&["a2", "a1"]),
            ballots: vec![("b1".to_owned(), "counted".to_owned()), ("b2".to_owned(), "prepared".to_owned())],
            votes: votes(2, "for"),
            journal: vec![1, 2, 3],
            votes_in_journal: 2,
            counts: BTreeMap::from([("b1".to_owned(), 1)]),
            ..Found::default()
        };
        (book, found)
    }

    /// What is found after a change to what is there.
    fn after(change: impl FnOnce(&mut Found)) -> Vec<String> {
        let (book, mut found) = whole();
        change(&mut found);
        findings(&book, &found)
    }

    #[test]
    fn what_is_whole_passes() {
        assert_eq!(after(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn a_lost_write_is_found() {
        assert_eq!(after(|found| drop(found.organisations.pop())), ["organisation lost: `o2`"]);
        assert_eq!(after(|found| drop(found.applications.pop())), ["application lost: `a1`"]);
        assert_eq!(after(|found| drop(found.ballots.pop())), ["ballot lost: `b2`"]);
        assert_eq!(after(|found| found.votes = votes(1, "for")).len(), 1);
        assert_eq!(after(|found| found.votes.clear()).len(), 1);
    }

    #[test]
    fn a_doubled_write_is_found() {
        let doubled = after(|found| found.applications.push("a1".to_owned()));
        assert_eq!(doubled, ["application doubled: `a1` is there 2 times"]);
        let doubled = after(|found| found.organisations.push("o1".to_owned()));
        assert_eq!(doubled, ["organisation doubled: `o1` is there 2 times"]);
        let doubled = after(|found| found.votes = votes(3, "for"));
        assert_eq!(doubled, ["vote doubled: seat s was told of 2 votes, and 3 are there"]);
        assert_eq!(after(|found| found.votes_in_journal = 3).len(), 1);
        assert_eq!(after(|found| *found.counts.get_mut("b1").unwrap() = 2).len(), 1);
    }

    #[test]
    fn what_nobody_was_told_of_is_found() {
        let unknown = after(|found| found.organisations.push("o3".to_owned()));
        assert_eq!(unknown, ["organisation unknown: nobody was told of `o3`"]);
    }

    #[test]
    fn a_changed_vote_is_found() {
        let changed = after(|found| found.votes = votes(2, "against"));
        assert_eq!(changed, ["vote changed: seat s voted `for` last, and `against` stands"]);
    }

    #[test]
    fn a_gap_is_found() {
        assert_eq!(after(|found| found.journal = vec![1, 3]), ["journal: entry 3 stands where 2 should"]);
        assert_eq!(after(|found| found.journal = vec![1, 2, 2]), ["journal: entry 2 stands where 3 should"]);
    }

    #[test]
    fn stuck_work_is_found() {
        assert_eq!(after(|found| found.jobs_stuck = names(&["housekeeping"])), ["job stuck: housekeeping"]);
        let uncounted = after(|found| {
            found.counts.clear();
            found.ballots[0].1 = "open".to_owned();
        });
        assert_eq!(uncounted.len(), 2);
    }
}
