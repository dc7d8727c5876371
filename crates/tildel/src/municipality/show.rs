//! A number for people.

use std::fmt::Write as _;

use tildel_registers::municipality::{StepKind, Told, ToldLife, ToldPlace, ToldStep};

/// As text: what the number was, is and became.
pub(super) fn text(told: &Told) -> String {
    let mut text = format!("{} on {}\n\nwas\n", told.number, told.as_of);
    for life in &told.was {
        line(&mut text, &lived(&told.number, life));
        for step in &life.came_from {
            line(&mut text, &format!("  {}", came(step)));
        }
    }
    text.push_str("\nis\n");
    for place in &told.is {
        let share = if told.is.len() > 1 { format!(", {} of it", place.share) } else { String::new() };
        line(&mut text, &format!("{} {}{share}", place.number, place.name));
    }
    if told.is.is_empty() {
        line(&mut text, "nothing: the files lead nowhere");
    }
    if told.shares_assumed {
        line(&mut text, "(equal parts, as the files have no shares)");
    }
    section(&mut text, "became", &told.became);
    let gave: Vec<&ToldStep> =
        told.was.iter().filter(|life| life.meant).flat_map(|life| &life.went_to).collect();
    let gave = gave.into_iter().filter(|step| !step.kind.ends_the_old() && step.on <= told.as_of);
    section(&mut text, "gave away", gave);
    section(&mut text, "later", &told.later);
    if !told.findings.is_empty() {
        text.push_str("\nodd in the files\n");
        for finding in &told.findings {
            line(&mut text, &finding.to_string());
        }
    }
    text
}

fn section<'a>(text: &mut String, title: &str, steps: impl IntoIterator<Item = &'a ToldStep>) {
    let mut steps = steps.into_iter().peekable();
    if steps.peek().is_some() {
        let _ = write!(text, "\n{title}\n");
    }
    for step in steps {
        line(text, &went(step));
    }
}

fn line(text: &mut String, words: &str) {
    let _ = writeln!(text, "  {words}");
}

fn lived(number: &str, life: &ToldLife) -> String {
    let names: Vec<String> = life
        .names
        .iter()
        .enumerate()
        .map(|(place, name)| match name.since.filter(|_| place > 0) {
            Some(since) => format!("{} (since {since})", name.name),
            None => name.name.clone(),
        })
        .collect();
    let from = life.from.map(|from| format!(" from {from}")).unwrap_or_default();
    let until = life.until.map(|until| format!(" until {until}")).unwrap_or_default();
    format!("{number} {}{from}{until}", names.join(", "))
}

fn place(place: &ToldPlace) -> String {
    format!("{} {}", place.number, place.name)
}

fn came(step: &ToldStep) -> String {
    let (on, from) = (step.on, place(&step.from));
    match step.kind {
        StepKind::Renumbered => format!("{on}: before that {from}"),
        StepKind::Merged => format!("{on}: took in {from}"),
        StepKind::Split | StepKind::PartedOff => format!("{on}: a part of {from}"),
        StepKind::BoundaryMoved => format!("{on}: got a part of {from}, which lives on"),
    }
}

fn went(step: &ToldStep) -> String {
    let (on, from, to) = (step.on, place(&step.from), place(&step.to));
    match step.kind {
        StepKind::Renumbered => format!("{on}: {from} got the number {to}"),
        StepKind::Merged => format!("{on}: {from} merged into {to}"),
        StepKind::Split => format!("{on}: {from} was split, a part to {to}"),
        StepKind::PartedOff => format!("{on}: {to} parted from {from}"),
        StepKind::BoundaryMoved => format!("{on}: a boundary moved, a part of {from} to {to}"),
    }
}
