//! Traces told in words, for case officers and letters.

mod amounts;
mod heads;
mod words;

use crate::trace::{Step, StepKind};
use crate::{Exact, Language, Nok};

impl Step {
    /// The explanation of a year's amount as whole sentences, in the order in which one would compute by hand.
    pub fn sentences(&self, language: Language, year: i16) -> Vec<String> {
        let mut sentences = Vec::new();
        tell(self, year, language, &mut sentences);
        sentences.retain(|sentence| !sentence.is_empty());
        sentences
    }
}

fn tell(step: &Step, year: i16, language: Language, sentences: &mut Vec<String>) {
    if matches!(step.step, StepKind::Amount | StepKind::Decided) {
        sentences.push(amounts::rule(step, year, language));
    }
    if step.step == StepKind::Decided {
        sentences.push(amounts::decided(step, year, language));
        if !step.steps.is_empty() && step.input("computed").is_some() {
            sentences.push(amounts::as_of_today(language));
        }
    }
    for below in &step.steps {
        tell(below, year, language, sentences);
    }
    sentences.push(match step.step {
        StepKind::NoModel => amounts::no_model(year, language),
        StepKind::Decided => amounts::difference(step, language),
        StepKind::Amount => amounts::amount(step, year, language),
        StepKind::Fit => amounts::fit(step, language),
        StepKind::Entitlement => amounts::limits(step, language),
        StepKind::Base => amounts::base(step, language),
        StepKind::PerHead => heads::per_head(step, language),
        StepKind::Piece => heads::piece(step, language),
        StepKind::Lump => heads::lump(step, language),
        StepKind::Headcount => heads::headcount(step, language),
        StepKind::SetAside => amounts::set_aside(step, language),
        StepKind::Settlement => amounts::settlement(step, language),
    });
}

/// A sentence in the language asked for.
fn pick(language: Language, nb: String, nn: String, en: String) -> String {
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

/// Money of the bundle for people; what can not be read is shown as it stands.
fn money(text: Option<&str>, language: Language) -> String {
    let text = text.unwrap_or("?");
    text.parse::<Nok>().map_or_else(|_| text.to_owned(), |amount| amount.human(language))
}

/// An exact amount of the bundle for people.
fn exact(text: Option<&str>, language: Language) -> String {
    let text = text.unwrap_or("?");
    text.parse::<Exact>().map_or_else(|_| text.to_owned(), |amount| amount.human(language))
}

/// A count for people.
fn count(text: Option<&str>, language: Language) -> String {
    language.localise(text.unwrap_or("?"))
}
