//! What is given: rows in order, once each, and what lists of codes say of when a number was there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Finding;
use crate::klass::{CodeChange, CodeName, KlassCode};

/// Everything that a history is made of.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// Days in order, each with its rows in order.
    pub(super) days: BTreeMap<Date, Vec<CodeChange>>,
    /// Days on which each number occurs: whether as an old one, and as a new one.
    occurrences: BTreeMap<String, BTreeMap<Date, (bool, bool)>>,
    /// Numbers in lists, with their validity.
    listed: BTreeMap<String, Vec<KlassCode>>,
}

impl Given {
    pub(super) fn new(changes: Vec<CodeChange>, codes: Vec<KlassCode>, findings: &mut Vec<Finding>) -> Self {
        let mut given = Self::default();
        // The same row may come in several files, perhaps with another spelling of a name: the first in order counts.
        let changes: BTreeSet<CodeChange> = changes.into_iter().filter(has_place).collect();
        let mut known: BTreeSet<(Date, Option<String>, Option<String>)> = BTreeSet::new();
        for change in changes.into_iter().filter(|change| change.old.is_some() || change.new.is_some()) {
            let code = |named: &Option<CodeName>| named.as_ref().map(|named| named.code.clone());
            let (old, new) = (code(&change.old), code(&change.new));
            if known.insert((change.on, old.clone(), new.clone())) {
                given.note(&change);
                given.days.entry(change.on).or_default().push(change);
            } else {
                let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
                findings.push(Finding::NamesDiffer { on: change.on, old, new });
            }
        }
        for code in codes.into_iter().filter(|code| !code.is_unspecified()) {
            given.listed.entry(code.code.clone()).or_default().push(code);
        }
        given
    }

    fn note(&mut self, change: &CodeChange) {
        for (named, is_old) in [(&change.old, true), (&change.new, false)] {
            let Some(named) = named else { continue };
            let days = self.occurrences.entry(named.code.clone()).or_default();
            let place = days.entry(change.on).or_default();
            if is_old { place.0 = true } else { place.1 = true }
        }
    }

    /// Whether the next time that the number occurs after a day, it is an old one: then it was there until that next day.
    pub(super) fn is_old_next(&self, code: &str, after: Date) -> bool {
        let days = self.occurrences.get(code);
        let next = days.and_then(|days| days.range(after..).find(|(day, _)| **day > after));
        next.is_some_and(|(_, (is_old, _))| *is_old)
    }

    /// The validity of a number that lists say holds right before a day.
    pub(super) fn listed_before(&self, code: &str, day: Date) -> Option<&KlassCode> {
        let listed = self.listed.get(code)?;
        listed
            .iter()
            .find(|entry| entry.from.is_some_and(|from| from < day) && entry.to.is_none_or(|to| to >= day))
    }

    /// Whether lists say that the number begins on a day.
    pub(super) fn is_listed_from(&self, code: &str, day: Date) -> bool {
        self.listed.get(code).is_some_and(|listed| {
            listed.iter().any(|entry| entry.from == Some(day)) && self.listed_before(code, day).is_none()
        })
    }

    /// Numbers that lists have and no row mentions.
    pub(super) fn unmentioned(&self) -> impl Iterator<Item = (&String, &Vec<KlassCode>)> {
        self.listed.iter().filter(|(code, _)| !self.occurrences.contains_key(*code))
    }
}

/// «Uoppgitt» is no place.
fn has_place(change: &CodeChange) -> bool {
    let unspecified = |named: &Option<CodeName>| {
        named.as_ref().is_some_and(|named| matches!(named.code.as_str(), "9999" | "99"))
    };
    !unspecified(&change.old) && !unspecified(&change.new)
}
