//! The languages in which people read amounts and explanations.

use serde::{Deserialize, Serialize};

/// A language for people: the two written forms of Norwegian, and English.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Norwegian bokmål.
    #[default]
    Nb,
    /// Norwegian nynorsk.
    Nn,
    /// English.
    En,
}

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Nb, Self::Nn, Self::En];

    /// The BCP 47 code: `nb`, `nn` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }

    /// Reads a BCP 47 tag such as `nn-NO`; `no` means bokmål.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or(tag);
        match primary.to_ascii_lowercase().as_str() {
            "nb" | "no" => Some(Self::Nb),
            "nn" => Some(Self::Nn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// What stands between groups of three digits: a no-break space (U+00A0) in Norwegian, so that an
    /// amount never breaks over two lines, and a comma in English.
    pub(crate) fn group_separator(self) -> char {
        match self {
            Self::Nb | Self::Nn => '\u{a0}',
            Self::En => ',',
        }
    }

    /// What stands before the decimals.
    pub(crate) fn decimal_separator(self) -> char {
        match self {
            Self::Nb | Self::Nn => ',',
            Self::En => '.',
        }
    }

    /// A decimal text such as `-1029.2` with this language's separators and a true minus sign (U+2212).
    pub(crate) fn localise(self, decimal: &str) -> String {
        let (sign, unsigned) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("\u{2212}", rest));
        let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let mut text = String::from(sign);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(self.group_separator());
            }
            text.push(digit);
        }
        if !decimals.is_empty() {
            text.push(self.decimal_separator());
            text.push_str(decimals);
        }
        text
    }
}
