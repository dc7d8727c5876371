//! Whether a case hangs together: each key that it names exists, and none is given twice.

use anyhow::{Result, bail};

use super::file::CaseFile;
use super::sources::parse;

impl CaseFile {
    /// Reads a case and checks that each key it names exists and none is given twice.
    pub fn parse(text: &str) -> Result<Self> {
        let case: Self = parse("case.toml", text)?;
        case.check()?;
        Ok(case)
    }

    fn check(&self) -> Result<()> {
        let organisations = keys("organisations", self.organisations.iter().map(|text| &text.key))?;
        let people = keys("people", self.people.iter().map(|text| &text.key))?;
        let forums = keys("forums", self.forums.iter().map(|text| &text.key))?;
        let seats =
            keys("forums.seats", self.forums.iter().flat_map(|forum| &forum.seats).map(|text| &text.key))?;
        let applications = keys("applications", self.applications.iter().map(|text| &text.key))?;
        known("headcounts", &organisations, self.headcounts.iter().map(|text| &text.organisation))?;
        known("people", &organisations, self.people.iter().filter_map(|text| text.organisation.as_ref()))?;
        known("forums.chair", &people, self.forums.iter().map(|text| &text.chair))?;
        for seat in self.forums.iter().flat_map(|forum| &forum.seats) {
            known("forums.seats", &people, std::iter::once(&seat.member).chain(seat.deputy.as_ref()))?;
            known("forums.seats", &organisations, seat.organisation.iter())?;
        }
        known("round.forums", &forums, self.round.forums.iter())?;
        for text in &self.applications {
            known(
                "applications",
                &people,
                std::iter::once(&text.by).chain(&text.partners).chain(&text.provider),
            )?;
        }
        for text in &self.meetings {
            known("meetings.forum", &forums, std::iter::once(&text.forum))?;
            known("meetings.attendance", &seats, text.attendance.keys())?;
            known("meetings.attendance", &people, text.attendance.values())?;
            known("meetings.recusals", &people, text.recusals.iter().map(|recusal| &recusal.person))?;
            known(
                "meetings.recusals",
                &applications,
                text.recusals.iter().map(|recusal| &recusal.application),
            )?;
            if let Some(ballot) = &text.ballot {
                known("meetings.ballot.votes", &seats, ballot.votes.keys())?;
                let named = ballot.votes.values().flat_map(|vote| vote.names());
                known("meetings.ballot.votes", &applications, named)?;
                let priced = ballot.budget.iter().flat_map(|budget| budget.costs.keys());
                known("meetings.ballot.budget.costs", &applications, priced)?;
            }
        }
        known("decision", &people, [&self.decision.prepared_by, &self.decision.approved_by].into_iter())?;
        known("decision.granted", &applications, self.decision.granted.iter())?;
        known("amounts.published_by", &people, std::iter::once(&self.amounts.published_by))?;
        let letter = &self.letter;
        known("letter", &people, [&letter.prepared_by, &letter.approved_by, &letter.contact].into_iter())?;
        known("letter.signatories", &people, letter.signatories.iter())
    }
}

fn keys<'a>(place: &str, given: impl Iterator<Item = &'a String>) -> Result<Vec<&'a str>> {
    let mut found: Vec<&str> = Vec::new();
    for key in given {
        if found.contains(&key.as_str()) {
            bail!("case.toml can not be used: {place} has the key «{key}» twice; give each its own");
        }
        found.push(key);
    }
    Ok(found)
}

fn known<'a>(place: &str, known: &[&str], named: impl Iterator<Item = &'a String>) -> Result<()> {
    for key in named {
        if !known.contains(&key.as_str()) {
            bail!(
                "case.toml can not be used: {place} names «{key}», which is not there; use one of: {}",
                known.join(", ")
            );
        }
    }
    Ok(())
}
