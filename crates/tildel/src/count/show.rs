//! The outcome as a table for people, and as JSON for programs.

use std::fmt::Write;
use std::time::Duration;

use clap::ValueEnum;
use serde_json::{Value, json};
use tildel_voting::{BudgetCount, BudgetStep, PabulibVote, Tie};

use super::arguments::Arguments;

pub(super) fn json(arguments: &Arguments, count: &BudgetCount, time: Duration) -> String {
    let method = arguments.method.to_possible_value();
    let value = json!({
        "method": method.as_ref().map(clap::builder::PossibleValue::get_name),
        "winners": count.winners,
        "totalCost": number(&count.total_cost),
        "budget": number(&count.budget),
        "ballots": count.ballots,
        "ties": count.ties,
        "rounds": count.rounds,
        "shareRounds": count.share_rounds,
        "share": count.share,
        "countSeconds": time.as_secs_f64(),
    });
    format!("{value}\n")
}

/// Whole amounts as numbers, others as the exact text.
fn number(text: &str) -> Value {
    text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number))
}

pub(super) fn table(vote: &PabulibVote, count: &BudgetCount, time: Duration) -> String {
    let mut rows = vec![["project", "votes", "cost", "left", "step", "name"].map(str::to_owned)];
    for round in &count.rounds {
        let place = vote.projects.iter().position(|project| project.id == round.project);
        let name = place.and_then(|place| vote.names.get(place)).cloned().unwrap_or_default();
        let step = match round.step {
            BudgetStep::Rule => "rule",
            BudgetStep::Free => "free",
            BudgetStep::Completion => "completion",
            BudgetStep::Unsupported => "unsupported",
        };
        let votes = round.votes.to_string();
        rows.push([
            round.project.clone(),
            votes,
            round.cost.clone(),
            round.left.clone(),
            step.to_owned(),
            name,
        ]);
    }
    let width = |place: usize| rows.iter().map(|row| row[place].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut text = String::new();
    // Writing to a text can not fail.
    for row in &rows {
        let mut line = format!("{:<width$}", row[0], width = widths[0]);
        for place in 1..4 {
            let _ = write!(line, "  {:>width$}", row[place], width = widths[place]);
        }
        let _ = write!(line, "  {:<width$}  {}", row[4], row[5], width = widths[4]);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
    let selected = count.winners.len();
    // Writing to a text can not fail.
    let _ = writeln!(
        text,
        "{selected} of {} projects for {} of {}",
        vote.projects.len(),
        count.total_cost,
        count.budget
    );
    if count.share_rounds > 1 {
        let _ = writeln!(text, "Rounds of equal shares: {}", count.share_rounds);
    }
    if count.ties.is_empty() {
        text.push_str("Ties: none\n");
    }
    for tie in &count.ties {
        let _ = writeln!(text, "Tie: {} ({})", tie.options.join(", "), resolved(tie));
    }
    let _ = writeln!(text, "Counted {} ballots in {:.6} s", count.ballots, time.as_secs_f64());
    text
}

fn resolved(tie: &Tie) -> &'static str {
    match tie.resolved_by {
        Some(tildel_voting::TieLink::Lexicographic) => "by id as text",
        Some(tildel_voting::TieLink::Lot { .. }) => "by lot",
        None => "not resolved",
    }
}
