//! Words of the picture and the tables, in the three languages.

use tildel_allocation::{Language, Nok};

/// What the picture shows.
pub(super) const fn heading(language: Language) -> &'static str {
    match language {
        Language::Nb => "Beløp per mottaker og år, i kroner",
        Language::Nn => "Beløp per mottakar og år, i kroner",
        Language::En => "Amount per recipient and year, in kroner",
    }
}

/// The last column, and the last row.
pub(super) const fn sum(language: Language) -> &'static str {
    match language {
        Language::Nb | Language::Nn => "Sum",
        Language::En => "Total",
    }
}

/// The money of a year.
pub(super) const fn given(language: Language) -> &'static str {
    match language {
        Language::Nb | Language::Nn => "Ramme med overført",
        Language::En => "Frame with carry-over",
    }
}

/// The recipients that have no row of their own.
pub(super) fn others(language: Language, count: usize) -> String {
    match language {
        Language::Nb => format!("{count} andre mottakere"),
        Language::Nn => format!("{count} andre mottakarar"),
        Language::En => format!("{count} other recipients"),
    }
}

/// Where there is nothing to show.
pub(super) const fn nothing(language: Language) -> &'static str {
    match language {
        Language::Nb => "Ingen beløp er kjent.",
        Language::Nn => "Ingen beløp er kjende.",
        Language::En => "No amounts are known.",
    }
}

/// An amount with separators, without the currency, which the heading says.
pub(super) fn amount(language: Language, amount: Nok) -> String {
    let human = amount.human(language);
    human.split_once('\u{a0}').map_or_else(|| human.clone(), |(_, digits)| digits.to_owned())
}
