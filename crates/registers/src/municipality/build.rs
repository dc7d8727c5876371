//! From rows to lives and steps, day by day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::change_day::ChangeDay;
use super::given::Given;
use super::{Finding, Life, LifeId, NameSince, Step, StepKind};

/// A history that grows.
pub(super) struct Build {
    pub(super) lives: Vec<Life>,
    pub(super) steps: Vec<Step>,
    pub(super) findings: Vec<Finding>,
    /// The life of each number that has not ended.
    open: BTreeMap<String, LifeId>,
    /// Numbers of which a life ended.
    ended: BTreeSet<String>,
}

impl Build {
    pub(super) fn of(given: &Given, findings: Vec<Finding>) -> Self {
        let mut build = Self {
            lives: Vec::new(),
            steps: Vec::new(),
            findings,
            open: BTreeMap::new(),
            ended: BTreeSet::new(),
        };
        for (on, rows) in &given.days {
            build.add_day(given, *on, &ChangeDay::new(rows));
        }
        for (code, listed) in given.unmentioned() {
            for entry in listed {
                build.lives.push(Life {
                    code: code.clone(),
                    names: vec![NameSince { name: entry.name.clone(), since: entry.from }],
                    from: entry.from,
                    to: entry.to,
                });
            }
        }
        build
    }

    fn add_day(&mut self, given: &Given, on: Date, day: &ChangeDay<'_>) {
        let circle = day.circles();
        if !circle.is_empty() {
            self.findings.push(Finding::Circle { on, codes: circle });
        }
        // Lives as they were before the day, and which of them live on.
        let mut before: BTreeMap<&str, (LifeId, bool)> = BTreeMap::new();
        for code in day.to.keys() {
            let life = self.life_before(given, on, code, day);
            before.insert(code, (life, self.lives_on(given, on, code, day)));
        }
        for (code, (life, lives_on)) in &before {
            if !lives_on {
                self.lives[life.0].to = Some(on);
                self.open.remove(*code);
                self.ended.insert((*code).to_owned());
            }
        }
        let mut after: BTreeMap<&str, (LifeId, bool)> = BTreeMap::new();
        for (code, sources) in &day.from {
            let only_parts = !sources.is_empty()
                && sources.iter().all(|source| before.get(source).is_some_and(|(_, lives_on)| *lives_on));
            after.insert(code, self.life_after(given, on, code, day, only_parts));
        }
        self.add_steps(on, day, &before, &after);
    }

    /// The life of an old number right before a day.
    fn life_before(&mut self, given: &Given, on: Date, code: &str, day: &ChangeDay<'_>) -> LifeId {
        if let Some(life) = self.open.get(code) {
            return *life;
        }
        let from = given.listed_before(code, on).and_then(|entry| entry.from);
        self.begin(code, day.old_names.get(code).copied().unwrap_or_default(), from)
    }

    /// Whether an old number lives on: it leads to itself, or the rows that follow can not be understood otherwise.
    fn lives_on(&mut self, given: &Given, on: Date, code: &str, day: &ChangeDay<'_>) -> bool {
        if day.leads_to_itself(code) {
            return true;
        }
        let lives_on = !day.from.contains_key(code) && given.is_old_next(code, on);
        if lives_on {
            self.findings.push(Finding::Gap { code: code.to_owned(), on });
        } else if day.to.get(code).is_some_and(BTreeSet::is_empty) {
            self.findings.push(Finding::EndsNowhere { code: code.to_owned(), on });
        }
        lives_on
    }

    /// The life of a new number from a day on, and whether it was there before.
    fn life_after(
        &mut self,
        given: &Given,
        on: Date,
        code: &str,
        day: &ChangeDay<'_>,
        only_parts: bool,
    ) -> (LifeId, bool) {
        let name = day.new_names.get(code).copied().unwrap_or_default();
        if let Some(life) = self.open.get(code).copied() {
            let names = &mut self.lives[life.0].names;
            if names.last().is_none_or(|last| last.name != name) {
                names.push(NameSince { name: name.to_owned(), since: Some(on) });
            }
            return (life, true);
        }
        let ended_before = self.ended.contains(code);
        if let Some(entry) = given.listed_before(code, on).filter(|_| !ended_before) {
            return (self.begin(code, name, entry.from), true);
        }
        // A number that gets parts only of places that live on was most likely there: it is then a move of a boundary. If it had a life that
        // ended, or lists let it begin on this day, it is new.
        if only_parts && !ended_before && !given.is_listed_from(code, on) {
            self.findings.push(Finding::Unclear { code: code.to_owned(), on });
            return (self.begin(code, name, None), true);
        }
        (self.begin(code, name, Some(on)), false)
    }

    fn begin(&mut self, code: &str, name: &str, from: Option<Date>) -> LifeId {
        let life = LifeId(self.lives.len());
        let names = vec![NameSince { name: name.to_owned(), since: from }];
        self.lives.push(Life { code: code.to_owned(), names, from, to: None });
        self.open.insert(code.to_owned(), life);
        life
    }

    fn add_steps(
        &mut self,
        on: Date,
        day: &ChangeDay<'_>,
        before: &BTreeMap<&str, (LifeId, bool)>,
        after: &BTreeMap<&str, (LifeId, bool)>,
    ) {
        for (old, (from, lives_on)) in before {
            let targets = day.to.get(old).into_iter().flatten();
            for target in targets {
                let Some((to, was_there)) = after.get(target) else { continue };
                if from == to {
                    continue;
                }
                let sources = day.from.get(target).map_or(0, |sources| {
                    let ended =
                        sources.iter().filter(|source| before.get(*source).is_some_and(|(_, on)| !on));
                    ended.count()
                });
                let kind = match (*lives_on, *was_there) {
                    (true, true) => StepKind::BoundaryMoved,
                    (true, false) => StepKind::PartedOff,
                    (false, _) if day.to.get(old).is_some_and(|to| to.len() > 1) => StepKind::Split,
                    (false, was_there) if was_there || sources > 1 => StepKind::Merged,
                    (false, _) => StepKind::Renumbered,
                };
                self.steps.push(Step { on, from: *from, to: *to, kind });
            }
        }
    }
}
