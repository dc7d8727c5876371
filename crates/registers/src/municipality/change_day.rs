//! The rows of one day, by old and by new number.

use std::collections::{BTreeMap, BTreeSet};

use crate::klass::CodeChange;

/// The rows of one day.
#[derive(Debug, Default)]
pub(super) struct ChangeDay<'a> {
    /// For each old number the new ones; empty where it leads nowhere.
    pub(super) to: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// For each new number the old ones; empty where it comes from nowhere.
    pub(super) from: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The old name of each old number.
    pub(super) old_names: BTreeMap<&'a str, &'a str>,
    /// The new name of each new number.
    pub(super) new_names: BTreeMap<&'a str, &'a str>,
}

impl<'a> ChangeDay<'a> {
    pub(super) fn new(rows: &'a [CodeChange]) -> Self {
        let mut day = Self::default();
        for row in rows {
            let old = row.old.as_ref().map(|named| (named.code.as_str(), named.name.as_str()));
            let new = row.new.as_ref().map(|named| (named.code.as_str(), named.name.as_str()));
            if let Some((code, name)) = old {
                let to = day.to.entry(code).or_default();
                to.extend(new.map(|(code, _)| code));
                day.old_names.entry(code).or_insert(name);
            }
            if let Some((code, name)) = new {
                let from = day.from.entry(code).or_default();
                from.extend(old.map(|(code, _)| code));
                day.new_names.entry(code).or_insert(name);
            }
        }
        day
    }

    /// Whether a row leads from the number to itself.
    pub(super) fn leads_to_itself(&self, code: &str) -> bool {
        self.to.get(code).is_some_and(|to| to.contains(code))
    }

    /// Numbers that lead to each other in a circle, apart from those that lead to themselves.
    pub(super) fn circles(&self) -> Vec<String> {
        let mut left: BTreeSet<&str> = self.to.keys().copied().collect();
        left.retain(|code| !self.leads_to_itself(code));
        loop {
            let stays = |code: &&str| {
                let goes_on = self.to.get(code).is_some_and(|to| to.iter().any(|next| left.contains(next)));
                let is_reached =
                    self.from.get(code).is_some_and(|from| from.iter().any(|last| left.contains(last)));
                goes_on && is_reached
            };
            let fewer: BTreeSet<&str> = left.iter().copied().filter(|code| stays(code)).collect();
            if fewer.len() == left.len() {
                return fewer.into_iter().map(str::to_owned).collect();
            }
            left = fewer;
        }
    }
}
