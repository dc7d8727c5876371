//! Minutes as a text for people, in bokmål.

use std::fmt::Write as _;

use anyhow::Result;
use jiff::tz::TimeZone;
use tildel_domain::allocation::RenewalOutcome;
use tildel_domain::application::Application;
use tildel_domain::ballot::{Ballot, BallotCount, BudgetOutcome, OptionSupport, ScoreCount};
use tildel_domain::meeting::AgreementOutcome;
use tildel_domain::recommendation::RecommendedOutcome;
use tildel_domain::text::Language;
use tildel_domain::voting::{MotionOutcome, Place};
use tildel_usecases::minutes::{MinutesContent, MinutesItem};

/// Writes minutes in Markdown.
pub(crate) fn write(minutes: &MinutesContent) -> Result<String> {
    let mut text = String::new();
    let starts_at = minutes.meeting.starts_at.to_zoned(TimeZone::get("Europe/Oslo")?);
    writeln!(text, "# Protokoll: {}\n", minutes.forum.name.get(Language::Nb))?;
    writeln!(
        text,
        "{} kl. {}, {}\n",
        starts_at.strftime("%d.%m.%Y"),
        starts_at.strftime("%H.%M"),
        minutes.meeting.place
    )?;
    writeln!(text, "## Til stede\n")?;
    for present in &minutes.present {
        let deputy = if present.as_deputy { " (vara)" } else { "" };
        writeln!(text, "- {}: {}{deputy}", present.seat.label.get(Language::Nb), present.name)?;
    }
    for item in &minutes.items {
        write_item(&mut text, item)?;
    }
    Ok(text)
}

fn write_item(text: &mut String, item: &MinutesItem) -> Result<()> {
    writeln!(text, "\n## Sak {}: {}\n", item.item.number, item.item.title)?;
    if let Some(agreement) = &item.item.agreement {
        let outcome = match agreement.outcome {
            AgreementOutcome::Agreed => "Forumet er enig.",
            AgreementOutcome::NotAgreed => "Forumet ble ikke enig.",
            AgreementOutcome::Skipped => "Lederen prøvde ikke enighet.",
        };
        writeln!(text, "{outcome} {}", agreement.note.as_deref().unwrap_or_default())?;
    }
    for ballot in &item.ballots {
        write_ballot(text, ballot, &item.applications)?;
    }
    if let Some(recommendation) = &item.recommendation {
        writeln!(text, "\n### Innstilling\n")?;
        for line in &recommendation.lines {
            let outcome = match line.outcome {
                RecommendedOutcome::Ranked => "prioritert",
                RecommendedOutcome::Reserve => "reserve",
                RecommendedOutcome::Not => "ikke innstilt",
            };
            let rank = line.rank.map_or_else(|| "- ".to_owned(), |rank| format!("{rank}. "));
            writeln!(
                text,
                "{rank}{} ({outcome})",
                name_of(&line.application_id.to_string(), &item.applications)
            )?;
        }
        for line in &recommendation.renewals {
            let outcome = match line.outcome {
                RenewalOutcome::Renewed => "videreføres",
                RenewalOutcome::Stopped => "avsluttes",
            };
            let name = name_of(&line.application_id.to_string(), &item.applications);
            writeln!(text, "- {name}: {outcome}. {}", line.reason)?;
        }
        for dissent in &recommendation.dissent {
            writeln!(text, "\nDissens: {}", dissent.text)?;
        }
    }
    Ok(())
}

fn write_ballot(text: &mut String, ballot: &Ballot, applications: &[Application]) -> Result<()> {
    writeln!(text, "\n### Avstemning: {}\n", ballot.title)?;
    if let Some(reason) = &ballot.annulment_reason {
        writeln!(text, "Annullert: {reason}")?;
    }
    match &ballot.count {
        Some(BallotCount::Motion(count)) => {
            let outcome = match count.outcome {
                MotionOutcome::Carried => "vedtatt",
                MotionOutcome::Rejected => "forkastet",
                MotionOutcome::Tied => "stemmelikhet",
                MotionOutcome::NoQuorum => "ikke beslutningsdyktig",
            };
            writeln!(
                text,
                "For: {}, mot: {}, avholdende: {}: {outcome}.",
                count.for_, count.against, count.abstain
            )?;
        }
        Some(BallotCount::Ranking(count)) => {
            write_order(text, count.ballots, &count.order, "poeng i snitt", applications)?;
        }
        Some(BallotCount::Approval(count)) => {
            write_order(text, count.ballots, &count.order, "av dem som kan stemme over den", applications)?;
        }
        Some(BallotCount::Allotment(count)) => {
            write_order(text, count.ballots, &count.order, "poeng i snitt", applications)?;
        }
        Some(BallotCount::Score(count)) => write_scores(text, count, applications)?,
        Some(BallotCount::Budget(outcome)) => write_budget(text, outcome, applications)?,
        None => {}
    }
    Ok(())
}

fn write_order(
    text: &mut String,
    ballots: u32,
    order: &[Place],
    unit: &str,
    applications: &[Application],
) -> Result<()> {
    writeln!(text, "{ballots} stemmer.\n")?;
    for place in order {
        let score = place.score.as_deref().map(|score| format!(" ({score} {unit})")).unwrap_or_default();
        writeln!(text, "{}. {}{score}", place.place, name_of(&place.option, applications))?;
    }
    Ok(())
}

fn write_scores(text: &mut String, count: &ScoreCount, applications: &[Application]) -> Result<()> {
    write_order(text, count.all.ballots, &count.all.order, "i vektet snitt", applications)?;
    for criterion in &count.criteria {
        writeln!(text, "\n{}:\n", criterion.name)?;
        for mean in &criterion.means {
            let name = name_of(&mean.option, applications);
            writeln!(text, "- {name}: {}", mean.mean.as_deref().unwrap_or("ikke vurdert"))?;
        }
    }
    Ok(())
}

fn write_budget(text: &mut String, outcome: &BudgetOutcome, applications: &[Application]) -> Result<()> {
    let count = &outcome.count;
    if !outcome.quorum_met {
        writeln!(text, "{} stemmer: ikke beslutningsdyktig.", count.ballots)?;
        return Ok(());
    }
    writeln!(text, "{} stemmer. {} av {} kroner er brukt.\n", count.ballots, count.total_cost, count.budget)?;
    for (round, number) in count.rounds.iter().zip(1..) {
        let name = name_of(&round.project, applications);
        writeln!(text, "{number}. {name}: {} kroner, {} stemmer", round.cost, round.votes)?;
    }
    let is_left_out = |option: &&OptionSupport| !count.winners.contains(&option.application_id.to_string());
    for option in outcome.options.iter().filter(is_left_out) {
        let name = name_of(&option.application_id.to_string(), applications);
        writeln!(text, "- {name}: ikke valgt, {} stemmer", option.votes)?;
    }
    Ok(())
}

fn name_of(id: &str, applications: &[Application]) -> String {
    let found = applications.iter().find(|application| application.id.to_string() == id);
    found.map_or_else(
        || id.to_owned(),
        |application| {
            let name = application.content.project_name.as_deref().unwrap_or(&application.content.title);
            format!("{name}, {}", application.reference)
        },
    )
}
