//! Plan inputs of every kind that the specification knows, made up from a seed.
//!
//! Few different numbers, years and counts are drawn on purpose: ties, contradictions and limits that meet are rare among numbers
//! that are drawn wide.

mod model;
mod organisations;
mod projects;

use tildel_allocation::{FrameInput, FrameStatus, Nok, PlanInput, ServedYear};

use crate::draw::Draw;

/// What holds of a whole input.
pub(crate) struct Frame {
    pub(crate) first_year: i16,
    pub(crate) last_year: i16,
    /// The money that a project gets roughly, in øre; from one øre to more than a state budget.
    pub(crate) scale: i64,
    pub(crate) numbers: Vec<String>,
}

impl Frame {
    /// Some money around the scale, in øre.
    pub(crate) fn money(&self, draw: &mut Draw) -> Nok {
        let ore = match draw.below(10) {
            0 => 0,
            1..=4 => self.scale * draw.between(1, 10) / 4,
            _ => draw.between(0, self.scale.saturating_mul(3)),
        };
        Nok::from_ore(ore)
    }

    /// A year in or around the horizon.
    pub(crate) fn year(&self, draw: &mut Draw) -> i16 {
        draw.year(self.first_year - 2, self.last_year + 2)
    }
}

/// An input. It may be one that can not be computed; the caller then draws another.
pub(crate) fn input(draw: &mut Draw) -> PlanInput {
    let first_year = draw.year(2019, 2024);
    let last_year = first_year + draw.year(0, 5);
    let is_large = draw.chance(4);
    let (most_organisations, most_projects) = if is_large { (25, 30) } else { (8, 8) };
    let count = draw.between(1, most_organisations);
    let scale = match draw.below(20) {
        0 => draw.between(1, 40),
        1 | 2 => draw.between(1_000_000_000, 1_000_000_000_000),
        3 => draw.between(1_000_000_000_000, 1_000_000_000_000_000),
        _ => draw.between(1_000_000, 200_000_000),
    };
    let frame = Frame { first_year, last_year, scale, numbers: organisations::numbers(draw, count) };
    let organisations = organisations::organisations(draw, &frame);
    let models = model::models(draw, &frame);
    let projects = projects::projects(draw, &frame, &models, most_projects);
    let frames = frames(draw, &frame, projects.len());
    let served = |draw: &mut Draw| ServedYear {
        organisation: draw.one(&frame.numbers.iter().map(String::as_str).collect::<Vec<_>>()).to_owned(),
        year: frame.year(draw),
    };
    let history =
        if draw.chance(40) { (0..draw.between(1, 6)).map(|_| served(draw)).collect() } else { Vec::new() };
    PlanInput {
        office: "RO".to_owned(),
        scheme: format!("øving-{}", draw.hexadecimal()),
        first_year,
        last_year,
        carried_in: draw.maybe(20, |draw| frame.money(draw)),
        models,
        frames,
        organisations,
        projects,
        history,
    }
}

/// Frames for most years, some with an expected one beside the decided one, some with places only.
fn frames(draw: &mut Draw, frame: &Frame, projects: usize) -> Vec<FrameInput> {
    let mut frames = Vec::new();
    let projects = i64::try_from(projects).unwrap_or(1);
    let plenty = draw.chance(30);
    for year in frame.first_year..=frame.last_year + 1 {
        for status in [FrameStatus::Decided, FrameStatus::Expected] {
            if draw.chance(if status == FrameStatus::Decided { 65 } else { 45 }) {
                let most = frame.scale.saturating_mul(projects).saturating_mul(if plenty { 8 } else { 3 });
                let amount = match draw.below(12) {
                    0 => None,
                    1 => Some(draw.between(0, frame.scale / 2 + 1)),
                    2 => Some(most / 100_000_000 * 100_000_000),
                    _ => Some(draw.between(most / 10, most)),
                };
                let places = draw.maybe(30, |draw| u32::try_from(draw.between(0, projects + 1)).unwrap_or(0));
                frames.push(FrameInput { year, status, amount: amount.map(Nok::from_ore), places });
            }
        }
    }
    frames
}
