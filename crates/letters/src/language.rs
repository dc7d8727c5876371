//! The words and forms of a language that every letter needs: months, lists, small numbers, labels.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use tildel_domain::letter_content::AppealFacts;
use tildel_domain::organisation::OrganisationKind;
use tildel_domain::text::{Language, fill};

const NO_BREAK_SPACE: char = '\u{a0}';

/// A language as data, from `languages/<code>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    months: [String; 12],
    day_suffix: String,
    and: String,
    numbers: Vec<String>,
    recipients: BTreeMap<OrganisationKind, String>,
    appeals: AppealWords,
    pub(crate) labels: Labels,
}

/// The sentences on appeals; names in braces are filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppealWords {
    with_right: String,
    without_right: String,
    weeks: String,
    days: String,
}

/// Labels of the letter head and of the page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labels {
    pub(crate) our_date: String,
    pub(crate) our_reference: String,
    pub(crate) contact: String,
    pub(crate) phone: String,
    pub(crate) organisation_number: String,
    pub(crate) recipients: String,
    pub(crate) details: String,
    pub(crate) approved: String,
    pub(crate) page: String,
    pub(crate) of: String,
}

impl Words {
    /// The words of `language`; they are part of the program, so an error is a defect found by the crate's tests.
    pub(crate) fn load(language: Language) -> Result<Self, toml::de::Error> {
        toml::from_str(match language {
            Language::Nb => include_str!("languages/nb.toml"),
            Language::Nn => include_str!("languages/nn.toml"),
            Language::En => include_str!("languages/en.toml"),
        })
    }

    /// «a», «a og b», «a, b og c».
    pub(crate) fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.and),
        }
    }

    /// Whether some applicants may appeal against what `sender` decided, until when and to whom, in one or more sentences.
    pub(crate) fn appeal(&self, facts: &AppealFacts, sender: &str) -> String {
        let kinds = facts.recipient_kinds.iter().filter_map(|kind| self.recipients.get(kind)).cloned();
        let mut recipients = self.list(&kinds.collect::<Vec<_>>());
        if let Some(first) = recipients.chars().next() {
            recipients.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
        }
        let whole_weeks = facts.days.is_multiple_of(7) && facts.days > 7;
        let (form, number) = if whole_weeks {
            (&self.appeals.weeks, facts.days / 7)
        } else {
            (&self.appeals.days, facts.days)
        };
        let period = form.replace("{number}", &self.number(number));
        let sentence = if facts.has_right { &self.appeals.with_right } else { &self.appeals.without_right };
        let params = [
            ("recipients", recipients),
            ("period", period),
            ("legalBasis", facts.legal_basis.clone()),
            ("sender", sender.to_owned()),
            ("appealBody", facts.appeal_body.clone()),
        ];
        fill(sentence, &params)
    }

    /// «19. mai 2020».
    pub(crate) fn date(&self, date: Date) -> String {
        format!("{} {}", self.day(date), self.month_and_year(date))
    }

    /// «19. og 20. mai 2020» within one month, else each date in full.
    pub(crate) fn dates(&self, dates: &[Date]) -> String {
        let one_month = dates
            .windows(2)
            .all(|pair| pair[0].year() == pair[1].year() && pair[0].month() == pair[1].month());
        match dates.first() {
            Some(first) if one_month => {
                let days: Vec<String> = dates.iter().map(|date| self.day(*date)).collect();
                format!("{} {}", self.list(&days), self.month_and_year(*first))
            }
            _ => self.list(&dates.iter().map(|date| self.date(*date)).collect::<Vec<_>>()),
        }
    }

    /// A number as a word where the language has one for it, else as digits.
    pub(crate) fn number(&self, number: u32) -> String {
        let word = usize::try_from(number).ok().and_then(|index| self.numbers.get(index));
        word.cloned().unwrap_or_else(|| grouped(&number.to_string()))
    }

    fn day(&self, date: Date) -> String {
        format!("{}{}", date.day(), self.day_suffix)
    }

    fn month_and_year(&self, date: Date) -> String {
        let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
        format!("{} {}", self.months.get(month).map_or("", String::as_str), date.year())
    }
}

/// Digits in groups of three from the right, with no-break spaces; a sign stays in front.
pub(crate) fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("\u{2212}", rest));
    let mut text = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(NO_BREAK_SPACE);
        }
        text.push(digit);
    }
    text
}

/// An eight-digit telephone number in pairs; any other as it was given.
pub(crate) fn phone(number: &str) -> String {
    if number.len() != 8 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let pairs: Vec<&str> = [0, 2, 4, 6].iter().map(|start| &number[*start..start + 2]).collect();
    pairs.join(&NO_BREAK_SPACE.to_string())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_language_loads_and_has_its_months() {
        for language in Language::ALL {
            let words = Words::load(language).unwrap();
            let expected = if language == Language::En { "2 May 2020" } else { "2. mai 2020" };
            assert_eq!(words.date(date(2020, 5, 2)), expected);
        }
    }

    #[test]
    fn dates_share_month_and_year_only_where_they_can() {
        let words = Words::load(Language::Nb).unwrap();
        assert_eq!(words.dates(&[date(2020, 5, 19), date(2020, 5, 20)]), "19. og 20. mai 2020");
        assert_eq!(words.dates(&[date(2020, 5, 19), date(2020, 6, 2)]), "19. mai 2020 og 2. juni 2020");
        assert_eq!(words.dates(&[date(2020, 5, 19), date(2021, 5, 19)]), "19. mai 2020 og 19. mai 2021");
    }

    #[test]
    fn numbers_are_words_below_ten() {
        let words = Words::load(Language::Nb).unwrap();
        assert_eq!(words.number(9), "ni");
        assert_eq!(words.number(10), "10");
        assert_eq!(words.number(12_345), "12\u{a0}345");
    }

    #[test]
    fn digits_are_grouped_from_the_right() {
        assert_eq!(grouped("1"), "1");
        assert_eq!(grouped("123"), "123");
        assert_eq!(grouped("1234"), "1\u{a0}234");
        assert_eq!(grouped("-1234567"), "\u{2212}1\u{a0}234\u{a0}567");
        assert_eq!(phone("51568737"), "51\u{a0}56\u{a0}87\u{a0}37");
        assert_eq!(phone("+47 51568737"), "+47 51568737");
    }
}
