//! Projects: granted and waiting, with what was said and promised of their years.

use tildel_allocation::{
    FundingModel, Nok, ProjectInput, ProjectStatus, PromiseState, PromisedYear, RenewalInput, RenewalOutcome,
};

use super::Frame;
use super::model::PURPOSES;
use crate::draw::Draw;

pub(super) fn projects(
    draw: &mut Draw,
    frame: &Frame,
    models: &[FundingModel],
    most: i64,
) -> Vec<ProjectInput> {
    let count = draw.between(0, most);
    let waiting = draw.one(&[20, 50, 80]);
    let alike = draw.chance(15);
    (0..count)
        .map(|place| {
            let mut project = project(draw, frame, models, place, waiting);
            if alike && place > 0 {
                // The same parties and years give the same amounts, and with them ties.
                frame.numbers[0].clone_into(&mut project.lead);
                project.partners.clear();
                project.supporters.clear();
            }
            project
        })
        .collect()
}

fn project(
    draw: &mut Draw,
    frame: &Frame,
    models: &[FundingModel],
    place: i64,
    waiting: u64,
) -> ProjectInput {
    let first_year =
        if draw.chance(60) { frame.first_year } else { draw.year(frame.first_year - 2, frame.last_year) };
    let last_year = first_year + draw.year(0, 5);
    let status = if draw.chance(waiting) { ProjectStatus::Waiting } else { ProjectStatus::Running };
    let lead = draw.place(&frame.numbers);
    let others: Vec<String> = frame
        .numbers
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != lead)
        .map(|(_, number)| number.clone())
        .collect();
    let partners_percent = draw.one(&[30, 0]);
    let mut partners = draw.some(&others, partners_percent);
    partners.truncate(5);
    let supporters_percent = draw.one(&[30, 30, 0, 0, 0]);
    let mut supporters = draw.some(&others, supporters_percent);
    supporters.retain(|number| !partners.contains(number));
    let tags: Vec<&str> = draw.some(&PURPOSES, 25);
    ProjectInput {
        id: format!("{:08x}-{place}", draw.below(1 << 32)),
        // Not in the order of the list.
        reference: format!("{}-{}", draw.one(&["RO", "Å", "B"]), (place * 7) % 101),
        title: format!("Øving {place}"),
        first_year,
        last_year,
        status,
        priority: draw.maybe(70, |draw| u32::try_from(draw.between(0, 5)).unwrap_or(0)),
        lead: frame.numbers[lead].clone(),
        partners,
        supporters,
        tags: tags.into_iter().map(str::to_owned).collect(),
        renewals: renewals(draw, frame),
        years: promises(draw, frame, models, status),
    }
}

fn renewals(draw: &mut Draw, frame: &Frame) -> Vec<RenewalInput> {
    if draw.chance(70) {
        return Vec::new();
    }
    let mut renewals = Vec::new();
    for year in frame.first_year..=frame.last_year {
        if draw.chance(40) {
            let outcome =
                draw.one(&[RenewalOutcome::Renewed, RenewalOutcome::Renewed, RenewalOutcome::Stopped]);
            renewals.push(RenewalInput { year, outcome });
        }
    }
    renewals
}

/// Decided years come first, then pre-notified ones; some were paid in part, some more than they are worth.
fn promises(
    draw: &mut Draw,
    frame: &Frame,
    models: &[FundingModel],
    status: ProjectStatus,
) -> Vec<PromisedYear> {
    let percent = if status == ProjectStatus::Running { 40 } else { 8 };
    let mut years = Vec::new();
    if !draw.chance(percent) {
        return years;
    }
    let decided_to = draw.year(frame.first_year - 1, frame.last_year);
    for year in frame.first_year..=frame.last_year {
        if !draw.chance(70) {
            continue;
        }
        let state = if year <= decided_to { PromiseState::Decided } else { PromiseState::PreNotified };
        // Small enough that the frame holds what is decided, most times.
        let part = draw.one(&[1, 2, 10]);
        let amount = Nok::from_ore(draw.between(0, frame.scale / part));
        let model = models.iter().filter(|model| model.holds_in(year)).max_by_key(|model| model.version);
        let most_paid = model.map_or(2, |model| model.instalments.len().min(3));
        let paid = if draw.chance(35) {
            let count = draw.between(0, i64::try_from(most_paid).unwrap_or(0));
            (0..count).map(|_| Nok::from_ore(draw.between(0, amount.ore()))).collect()
        } else {
            Vec::new()
        };
        years.push(PromisedYear {
            year,
            state,
            amount,
            run: draw.maybe(30, Draw::hexadecimal),
            decision: draw.maybe(30, Draw::hexadecimal),
            paid,
        });
    }
    years
}
