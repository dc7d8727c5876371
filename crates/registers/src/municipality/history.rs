//! A whole history.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::build::Build;
use super::given::Given;
use super::{Finding, Life, LifeId, Step};
use crate::klass::{CodeChange, KlassCode};

/// Takes in rows and lists, in any order and as often as they come, and makes a history of them.
#[derive(Debug, Clone, Default)]
pub struct HistoryBuilder {
    changes: Vec<CodeChange>,
    codes: Vec<KlassCode>,
}

impl HistoryBuilder {
    /// Adds changes.
    pub fn changes(mut self, changes: impl IntoIterator<Item = CodeChange>) -> Self {
        self.changes.extend(changes);
        self
    }

    /// Adds a list of codes: it tells of numbers that no change mentions, and, where it has dates, since when a number is there.
    pub fn codes(mut self, codes: impl IntoIterator<Item = KlassCode>) -> Self {
        self.codes.extend(codes);
        self
    }

    /// The history. Whatever is odd about what was given is a finding of it.
    pub fn build(self) -> History {
        let mut findings = Vec::new();
        let given = Given::new(self.changes, self.codes, &mut findings);
        let Build { lives, mut steps, mut findings, .. } = Build::of(&given, findings);
        steps.sort_unstable();
        findings.sort_unstable();
        findings.dedup();
        let mut by_code: BTreeMap<String, Vec<LifeId>> = BTreeMap::new();
        for (place, life) in lives.iter().enumerate() {
            by_code.entry(life.code.clone()).or_default().push(LifeId(place));
        }
        for own in by_code.values_mut() {
            // A life of unknown beginning is before all others.
            own.sort_by_key(|id| (lives[id.0].from, lives[id.0].to.is_none(), lives[id.0].to));
        }
        let mut steps_from = BTreeMap::new();
        for step in &steps {
            steps_from.entry(step.from).or_insert_with(Vec::new).push(*step);
        }
        let mut steps_to = BTreeMap::new();
        for step in &steps {
            steps_to.entry(step.to).or_insert_with(Vec::new).push(*step);
        }
        History { lives, steps_from, steps_to, by_code, findings }
    }
}

/// What numbers were, are and became.
#[derive(Debug, Clone)]
pub struct History {
    lives: Vec<Life>,
    steps_from: BTreeMap<LifeId, Vec<Step>>,
    steps_to: BTreeMap<LifeId, Vec<Step>>,
    by_code: BTreeMap<String, Vec<LifeId>>,
    findings: Vec<Finding>,
}

impl History {
    /// Begins a history.
    pub fn builder() -> HistoryBuilder {
        HistoryBuilder::default()
    }

    /// A life. The id must be of this history.
    pub fn life(&self, id: LifeId) -> &Life {
        &self.lives[id.0]
    }

    /// All numbers that occur.
    pub fn codes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.by_code.keys().map(String::as_str)
    }

    /// The lives of a number, oldest first.
    pub fn lives_of(&self, code: &str) -> &[LifeId] {
        self.by_code.get(code).map_or(&[], Vec::as_slice)
    }

    /// The life of a number on a day, if it is valid then.
    pub fn life_on(&self, code: &str, day: Date) -> Option<LifeId> {
        self.lives_of(code).iter().copied().find(|id| self.life(*id).is_valid_on(day))
    }

    /// The life that a number means to somebody who asks on a day: the one that is valid, else the last that had ended, else the first to come.
    pub fn life_meant(&self, code: &str, day: Date) -> Option<LifeId> {
        let own = self.lives_of(code);
        let ended = || own.iter().rev().copied().find(|id| self.life(*id).to.is_some_and(|to| to <= day));
        self.life_on(code, day).or_else(ended).or_else(|| own.first().copied())
    }

    /// Steps that leave a life or give a part of it away, in order.
    pub fn steps_from(&self, life: LifeId) -> &[Step] {
        self.steps_from.get(&life).map_or(&[], Vec::as_slice)
    }

    /// Steps that enter a life or give it a part, in order.
    pub fn steps_to(&self, life: LifeId) -> &[Step] {
        self.steps_to.get(&life).map_or(&[], Vec::as_slice)
    }

    /// All numbers that are valid on a day, with their names then.
    pub fn as_of(&self, day: Date) -> BTreeMap<&str, &str> {
        let valid = self.lives.iter().filter(|life| life.is_valid_on(day));
        valid.map(|life| (life.code.as_str(), life.name_on(day))).collect()
    }

    /// What is odd.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Holds the history against a list of the numbers that are valid on a day.
    pub fn compare(&self, listed: &[KlassCode], on: Date) -> Vec<Finding> {
        let places = listed.iter().filter(|code| !code.is_unspecified());
        let listed: BTreeSet<&str> = places.map(|code| code.code.as_str()).collect();
        let valid: BTreeSet<&str> = self.as_of(on).into_keys().collect();
        let missing =
            listed.difference(&valid).map(|code| Finding::NotInHistory { code: (*code).to_owned(), on });
        let more = valid.difference(&listed).map(|code| Finding::NotListed { code: (*code).to_owned(), on });
        missing.chain(more).collect()
    }
}
