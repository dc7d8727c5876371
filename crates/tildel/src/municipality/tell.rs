//! What there is to tell of a number, as it is printed in JSON.

use jiff::civil::Date;
use serde::Serialize;
use tildel_registers::municipality::{
    Finding, History, Life, LifeId, NameSince, SplitWeights, Step, StepKind,
};

/// A number on a day.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) number: String,
    pub(super) as_of: Date,
    /// All lives of the number, oldest first: a number may be given again.
    pub(super) was: Vec<ToldLife>,
    /// What the number is on the day: itself, or what it became. Empty where that leads nowhere.
    pub(super) is: Vec<ToldSuccessor>,
    /// The steps from the number to what it is.
    pub(super) became: Vec<ToldStep>,
    /// Steps of what it is that are known and come later.
    pub(super) later: Vec<ToldStep>,
    /// Whether shares are equal parts because nothing is known of them.
    pub(super) shares_assumed: bool,
    /// The share that ended in places that lead nowhere.
    pub(super) lost: String,
    /// What is odd about the files, with regard to these numbers.
    pub(super) findings: Vec<Finding>,
}

/// A number for a while.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToldLife {
    pub(super) names: Vec<NameSince>,
    /// The first day; null where the files do not reach back so far.
    pub(super) from: Option<Date>,
    /// The last day; null where it has not ended.
    pub(super) until: Option<Date>,
    /// Whether this is the life that is told of.
    pub(super) meant: bool,
    /// Where it came from, and what parts it got.
    pub(super) came_from: Vec<ToldStep>,
    /// Where it went, and what parts it gave.
    pub(super) went_to: Vec<ToldStep>,
}

/// What a number is on the day.
#[derive(Serialize)]
pub(super) struct ToldSuccessor {
    pub(super) number: String,
    pub(super) name: String,
    /// A fraction; all of them and what is lost add up to 1.
    pub(super) share: String,
    /// The first day of the number; null where the files do not reach back so far.
    pub(super) from: Option<Date>,
}

/// A step.
#[derive(Serialize)]
pub(super) struct ToldStep {
    pub(super) on: Date,
    pub(super) kind: StepKind,
    pub(super) from: ToldPlace,
    pub(super) to: ToldPlace,
}

/// A number with its name at the time.
#[derive(Serialize)]
pub(super) struct ToldPlace {
    pub(super) number: String,
    pub(super) name: String,
}

/// Tells a life on a day.
pub(super) fn tell(history: &History, meant: LifeId, day: Date, weights: &SplitWeights) -> Told {
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
