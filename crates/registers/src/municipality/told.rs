//! What there is to tell of a number on a day: what it was, is and became.

use jiff::civil::Date;
use serde::Serialize;

use super::{Finding, History, Life, LifeId, NameSince, SplitWeights, Step, StepKind};

/// A number on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// The number.
    pub number: String,
    /// The day.
    pub as_of: Date,
    /// All lives of the number, oldest first: a number may be given again.
    pub was: Vec<ToldLife>,
    /// What the number is on the day: itself, or what it became. Empty where that leads nowhere.
    pub is: Vec<ToldSuccessor>,
    /// The steps from the number to what it is.
    pub became: Vec<ToldStep>,
    /// Steps of what it is that are known and come later.
    pub later: Vec<ToldStep>,
    /// Whether shares are equal parts because nothing is known of them.
    pub shares_assumed: bool,
    /// The share that ended in places that lead nowhere.
    pub lost: String,
    /// What is odd about the files, with regard to these numbers.
    pub findings: Vec<Finding>,
}

/// A number for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldLife {
    /// Its names, oldest first.
    pub names: Vec<NameSince>,
    /// The first day; null where the files do not reach back so far.
    pub from: Option<Date>,
    /// The last day; null where it has not ended.
    pub until: Option<Date>,
    /// Whether this is the life that is told of.
    pub meant: bool,
    /// Where it came from, and what parts it got.
    pub came_from: Vec<ToldStep>,
    /// Where it went, and what parts it gave.
    pub went_to: Vec<ToldStep>,
}

/// What a number is on the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldSuccessor {
    /// The number.
    pub number: String,
    /// The name on the day.
    pub name: String,
    /// A fraction; all of them and what is lost add up to 1.
    pub share: String,
    /// The first day of the number; null where the files do not reach back so far.
    pub from: Option<Date>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldStep {
    /// The first day on which it holds.
    pub on: Date,
    /// What it is.
    pub kind: StepKind,
    /// The place that is left, or gives a part.
    pub from: ToldPlace,
    /// The place that is entered, or gets a part.
    pub to: ToldPlace,
}

/// A number with its name at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldPlace {
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
}

/// Tells a number on a day, with the meaning that it has to who asks then; none where it does not occur.
pub fn tell(history: &History, number: &str, day: Date, weights: &SplitWeights) -> Option<Told> {
    Some(tell_life(history, history.life_meant(number, day)?, day, weights))
}

fn tell_life(history: &History, meant: LifeId, day: Date, weights: &SplitWeights) -> Told {
    let code = history.life(meant).code.clone();
    let resolved = history.resolve(meant, day, weights);
    let steps =
        |steps: &[Step]| -> Vec<ToldStep> { steps.iter().map(|step| told_step(history, step)).collect() };
    let was = history.lives_of(&code).iter().map(|id| {
        let life = history.life(*id);
        ToldLife {
            names: life.names.clone(),
            from: life.from,
            until: life.to.map(|to| to.yesterday().unwrap_or(to)),
            meant: *id == meant,
            came_from: steps(history.steps_to(*id)),
            went_to: steps(history.steps_from(*id)),
        }
    });
    let was = was.collect();
    let is = resolved.successors.iter().map(|successor| {
        let life = history.life(successor.life);
        ToldSuccessor {
            number: life.code.clone(),
            name: life.name_on(day).to_owned(),
            share: successor.share.to_string(),
            from: life.from,
        }
    });
    let is: Vec<ToldSuccessor> = is.collect();
    let later = resolved.successors.iter().flat_map(|successor| history.steps_from(successor.life));
    let later = later.filter(|step| step.on > day).map(|step| told_step(history, step)).collect();
    let concerned = |finding: &&Finding| finding_concerns(finding, &code, &is);
    let findings = history.findings().iter().filter(concerned).cloned().collect();
    Told {
        was,
        became: steps(&resolved.steps),
        later,
        shares_assumed: resolved.is_assumed,
        lost: resolved.lost.to_string(),
        findings,
        is,
        number: code,
        as_of: day,
    }
}

fn told_step(history: &History, step: &Step) -> ToldStep {
    let before = step.on.yesterday().unwrap_or(step.on);
    let place =
        |life: &Life, day: Date| ToldPlace { number: life.code.clone(), name: life.name_on(day).to_owned() };
    ToldStep {
        on: step.on,
        kind: step.kind,
        from: place(history.life(step.from), before),
        to: place(history.life(step.to), step.on),
    }
}

fn finding_concerns(finding: &Finding, code: &str, is: &[ToldSuccessor]) -> bool {
    let concerns = |other: &str| other == code || is.iter().any(|place| place.number == other);
    match finding {
        Finding::Circle { codes, .. } => codes.iter().any(|other| concerns(other)),
        Finding::Gap { code: other, .. }
        | Finding::EndsNowhere { code: other, .. }
        | Finding::Unclear { code: other, .. }
        | Finding::NotInHistory { code: other, .. }
        | Finding::NotListed { code: other, .. } => concerns(other),
        Finding::NamesDiffer { old, new, .. } => concerns(old) || concerns(new),
    }
}
