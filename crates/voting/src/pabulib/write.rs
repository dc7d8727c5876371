//! Writes a file that reads as the same vote.

use std::fmt::Write;

use super::PabulibVote;
use crate::budget::decimal;

impl PabulibVote {
    /// The file's text. Voters are numbered, since their ids are never read.
    pub fn write(&self) -> String {
        let mut text = String::from("META\nkey;value\n");
        let computed = ["num_projects", "num_votes", "budget", "vote_type"];
        for (key, value) in &self.meta {
            if !computed.iter().any(|known| key.eq_ignore_ascii_case(known)) {
                line(&mut text, &[&quoted(key), &quoted(value)]);
            }
        }
        line(&mut text, &["num_projects", &self.projects.len().to_string()]);
        line(&mut text, &["num_votes", &self.ballot_count().to_string()]);
        line(&mut text, &["budget", &decimal(self.budget, self.decimals)]);
        line(&mut text, &["vote_type", self.kind.as_str()]);
        text.push_str("PROJECTS\nproject_id;cost;name\n");
        for (project, name) in self.projects.iter().zip(&self.names) {
            line(&mut text, &[&quoted(&project.id), &decimal(project.cost, self.decimals), &quoted(name)]);
        }
        let has_points = self.kind.has_points();
        text.push_str(if has_points { "VOTES\nvoter_id;vote;points\n" } else { "VOTES\nvoter_id;vote\n" });
        for index in 0..self.ballot_count() {
            let ids = self.ballot(index).iter().map(|&project| self.projects[project as usize].id.as_str());
            let named = ids.collect::<Vec<_>>().join(",");
            // Writing to a string never fails.
            let _ = write!(text, "{};{}", index + 1, quoted(&named));
            if has_points {
                let points = self.points(index).iter();
                let points = points.map(|&points| decimal(points.into(), self.ballots.point_decimals));
                text.push(';');
                text.push_str(&points.collect::<Vec<_>>().join(","));
            }
            text.push('\n');
        }
        text
    }
}

fn line(text: &mut String, fields: &[&str]) {
    text.push_str(&fields.join(";"));
    text.push('\n');
}

/// A field, in quotes where it would be read as something else.
fn quoted(field: &str) -> std::borrow::Cow<'_, str> {
    if field.contains([';', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\"")).into()
    } else {
        field.into()
    }
}
