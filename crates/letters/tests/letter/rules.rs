//! What appears when, and what stops a letter.

use tildel_domain::letter_content::{AppealFacts, LetterTexts, RunAmounts, YearAmount};
use tildel_domain::organisation::OrganisationKind;
use tildel_domain::text::Language;
use tildel_letters::{Block, ComposeError, Table, compose, plain_text, render_html};

use crate::fixture::{RUN, amounts, composed, letter, texts};

const APPROVAL: &str = "Dokumentet er elektronisk godkjent";
const PENDING: &str = "Vi kommer tilbake til dette så snart vi vet noe mer";

#[test]
fn the_approval_line_appears_only_after_approval() {
    let mut content = letter();
    assert!(plain_text(&composed(&content)).ends_with(&format!("{APPROVAL}\n")));
    content.approved = None;
    let draft = composed(&content);
    assert!(!plain_text(&draft).contains(APPROVAL));
    assert!(!render_html(&draft).contains(APPROVAL));
}

#[test]
fn the_approval_line_follows_the_language() {
    for (language, line) in [
        (Language::Nb, APPROVAL),
        (Language::Nn, APPROVAL),
        (Language::En, "This document is electronically approved"),
    ] {
        let mut content = letter();
        content.language = language;
        let mut texts = texts();
        texts.language = language;
        let text = plain_text(&compose(&content, &texts).unwrap());
        assert!(text.ends_with(&format!("{line}\n")), "{text}");
    }
}

#[test]
fn amounts_replace_the_sentence_that_they_are_pending() {
    let pending = composed(&letter());
    assert!(plain_text(&pending).contains(PENDING));
    assert!(table(&pending.blocks).is_none());

    let mut content = letter();
    content.facts.amounts = Some(amounts());
    let known = composed(&content);
    assert!(!plain_text(&known).contains(PENDING));
    let table = table(&known.blocks).unwrap();
    assert!(table.caption.contains(RUN));
    // By hand: 1 234 500 + 1 250 000 + 900 = 2 485 400; 987 000 + 1 000 000 = 1 987 000; by year 2 221 500, 2 250 000 and 900;
    // in all 4 472 400.
    let expected = [
        ["Prosjekt", "2020", "2021", "2022", "Sum"],
        ["Sandnes kommune", "1 234 500", "1 250 000", "900", "2 485 400"],
        ["Jærbarnehagene", "987 000", "1 000 000", "–", "1 987 000"],
        ["Sum", "2 221 500", "2 250 000", "900", "4 472 400"],
    ];
    let shown: Vec<Vec<String>> = [&table.columns, &table.rows[0], &table.rows[1], &table.totals]
        .map(|row| row.iter().map(|cell| cell.replace('\u{a0}', " ")).collect())
        .into();
    assert_eq!(shown, expected);
}

#[test]
fn amounts_that_do_not_fit_stop_the_letter() {
    let refused = |change: &dyn Fn(&mut RunAmounts)| {
        let mut content = letter();
        let mut amounts = amounts();
        change(&mut amounts);
        content.facts.amounts = Some(amounts);
        compose(&content, &texts()).unwrap_err()
    };
    assert!(matches!(refused(&|a| a.lines[0].project = "X".into()), ComposeError::UnknownProject { .. }));
    assert!(matches!(refused(&|a| a.lines.truncate(1)), ComposeError::NotOneLine { .. }));
    assert!(matches!(refused(&|a| a.lines.push(a.lines[0].clone())), ComposeError::NotOneLine { .. }));
    assert!(matches!(refused(&|a| a.lines[1].years[1].year = 2020), ComposeError::NotOneLine { .. }));
    assert!(matches!(refused(&|a| a.lines[0].years[0].amount_ore += 1), ComposeError::NotWholeKroner { .. }));
    let huge = i64::MAX / 100 * 100;
    let mut content = letter();
    content.facts.amounts = Some(amounts());
    let mut texts = texts();
    texts.blocks.retain(|block| block.when.as_deref() != Some("amounts"));
    assert!(matches!(compose(&content, &texts), Err(ComposeError::AmountsNotShown { .. })));
    // A hundred and one times the largest whole amount exceeds 64 bits when it is summed in kroner.
    let many = refused(&|a| {
        a.lines[0].years = (2000..2101).map(|year| year_amount(year, huge)).collect();
    });
    assert!(matches!(many, ComposeError::SumTooLarge));
}

#[test]
fn a_caption_that_hides_the_run_stops_the_letter() {
    let mut content = letter();
    content.facts.amounts = Some(amounts());
    let document = include_str!("../../../../schemes/kompetanseloftet-2020/letters/information.nb.toml");
    let texts = LetterTexts::from_toml(&document.replace("{{ amounts.run }}", "")).unwrap();
    assert!(matches!(compose(&content, &texts), Err(ComposeError::RunNotNamed { run }) if run == RUN));
}

#[test]
fn an_absent_fact_stops_the_letter_and_names_its_placeholder() {
    let mut texts = texts();
    texts.title = "Sak {{ caseNumber }}".into();
    let mut content = letter();
    assert_eq!(compose(&content, &texts).unwrap().title, "Sak RO-2020-0007");
    content.case_number = None;
    let error = compose(&content, &texts).unwrap_err();
    assert_eq!(error.to_string(), "fill the letter: the fact for `caseNumber` is absent");
}

#[test]
fn blocks_without_facts_stay_away() {
    let mut content = letter();
    content.facts.greeting = None;
    content.facts.deferred.clear();
    content.facts.events.clear();
    let text = plain_text(&composed(&content));
    for absent in ["benytter anledningen", "Vi gjør også oppmerksom", "Det skal avholdes"] {
        assert!(!text.contains(absent), "{text}");
    }
    assert!(!text.contains("\n\n\n"), "{text}");
}

#[test]
fn texts_of_another_language_are_refused() {
    let mut content = letter();
    content.language = Language::Nn;
    assert!(matches!(compose(&content, &texts()), Err(ComposeError::OtherTexts { .. })));
}

#[test]
fn content_and_texts_survive_storage_as_json() {
    let mut content = letter();
    content.facts.amounts = Some(amounts());
    let stored = (serde_json::to_string(&content).unwrap(), serde_json::to_string(&texts()).unwrap());
    assert_eq!(content, serde_json::from_str(&stored.0).unwrap());
    assert_eq!(texts(), serde_json::from_str(&stored.1).unwrap());
}

#[test]
fn texts_with_an_unknown_key_are_refused() {
    let document = include_str!("../../../../schemes/kompetanseloftet-2020/letters/information.nb.toml");
    for (known, unknown) in [("caption =", "captoin ="), ("when =", "wen ="), ("title =", "titel =")] {
        assert!(LetterTexts::from_toml(&document.replacen(known, unknown, 1)).is_err(), "{unknown}");
    }
}

fn table(blocks: &[Block]) -> Option<&Table> {
    blocks.iter().find_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
}

fn year_amount(year: i16, amount_ore: i64) -> YearAmount {
    YearAmount { year, amount_ore }
}

/// Forvaltningsloven § 27: the right to appeal, the period, whom the appeal is sent to, and who tries it.
#[test]
fn applicants_are_told_of_appeals_in_the_language_of_the_letter() {
    let facts = |has_right, kinds: &[OrganisationKind], days| AppealFacts {
        recipient_kinds: kinds.to_vec(),
        has_right,
        days,
        legal_basis: "§ 28".into(),
        appeal_body: "Udir".into(),
    };
    let owners = [OrganisationKind::IndependentSchool, OrganisationKind::KindergartenOwner];
    let rules = vec![
        facts(false, &[OrganisationKind::Municipality], 21),
        facts(true, &owners, 21),
        facts(true, &owners, 10),
    ];
    for (language, sentences) in [
        (
            Language::Nb,
            "Om klage: Kommuner kan ikke klage på vedtaket (§ 28). Friskoler og private barnehageeiere kan klage på vedtaket innen tre \
             uker etter at dette brevet er mottatt (§ 28). Klagen sendes til Fylkesmannen i Rogaland. Klageinstans er Udir. Friskoler og \
             private barnehageeiere kan klage på vedtaket innen 10 dager etter",
        ),
        (
            Language::Nn,
            "Om klage: Kommunar kan ikkje klage på vedtaket (§ 28). Friskular og private barnehageeigarar kan klage på vedtaket innan tre \
             veker etter at dette brevet er motteke (§ 28). Klaga skal sendast til Fylkesmannen i Rogaland. Klageinstans er Udir. Friskular \
             og private barnehageeigarar kan klage på vedtaket innan 10 dagar etter",
        ),
        (
            Language::En,
            "Om klage: Municipalities may not appeal against the decision (§ 28). Independent schools and private kindergarten owners may \
             appeal against the decision within three weeks of the receipt of this letter (§ 28). Appeals are sent to Fylkesmannen i \
             Rogaland. The appeal body is Udir. Independent schools and private kindergarten owners may appeal against the decision \
             within 10 days of",
        ),
    ] {
        let (mut content, mut texts) = (letter(), texts());
        (content.language, texts.language) = (language, language);
        content.facts.appeals = rules.clone();
        let text = plain_text(&compose(&content, &texts).unwrap());
        assert!(text.contains(sentences), "{text}");
        // The control: without such facts the block stays away.
        content.facts.appeals.clear();
        assert!(!plain_text(&compose(&content, &texts).unwrap()).contains("Om klage"));
    }
}
