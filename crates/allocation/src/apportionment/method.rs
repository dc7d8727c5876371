//! The methods, their keys and their names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Language;

/// How a total is split in whole units.
///
/// All but the first are divisor methods: for some λ each part is `w/λ`, rounded up where it passes the method's
/// signpost between one whole number and the next (Balinski and Young, *Fair Representation*, 1982).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Largest remainder with the Hare quota (A. Hamilton 1792, T. Hare 1859). Every part is its exact share rounded
    /// down or up; open to the Alabama paradox, which here moves one unit. Right for money.
    LargestRemainder,
    /// Signposts `k + 1/2` (D. Webster 1832, A. Sainte-Laguë 1910). Favours neither large nor small.
    SainteLague,
    /// As Sainte-Laguë, but the first unit costs 1.4 in place of 1: divisors 1.4, 3, 5, … as in Norwegian elections.
    ModifiedSainteLague,
    /// Signposts `k + 1` (T. Jefferson 1792, V. D'Hondt 1878). Favours the large.
    #[serde(rename = "dhondt")]
    DHondt,
    /// Signposts `k` (J. Q. Adams 1832). The first unit is free: favours the small.
    Adams,
    /// Signposts `√(k(k + 1))` (J. A. Hill 1911, E. V. Huntington 1928). The first unit is free.
    HuntingtonHill,
    /// Signposts `2k(k + 1)/(2k + 1)` (J. Dean 1832). The first unit is free.
    Dean,
}

/// Other names under which a method is known, in lower case with hyphens.
const ALIASES: [(&str, Method); 8] = [
    ("hamilton", Method::LargestRemainder),
    ("hare", Method::LargestRemainder),
    ("saintelague", Method::SainteLague),
    ("webster", Method::SainteLague),
    ("modified-saintelague", Method::ModifiedSainteLague),
    ("jefferson", Method::DHondt),
    ("d-hondt", Method::DHondt),
    ("huntington", Method::HuntingtonHill),
];

impl Method {
    /// Every method, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::LargestRemainder,
        Self::SainteLague,
        Self::ModifiedSainteLague,
        Self::DHondt,
        Self::Adams,
        Self::HuntingtonHill,
        Self::Dean,
    ];

    /// The one key of the method in files and on the wire, such as `largest-remainder`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::LargestRemainder => "largest-remainder",
            Self::SainteLague => "sainte-lague",
            Self::ModifiedSainteLague => "modified-sainte-lague",
            Self::DHondt => "dhondt",
            Self::Adams => "adams",
            Self::HuntingtonHill => "huntington-hill",
            Self::Dean => "dean",
        }
    }

    /// The method's name for people.
    pub const fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::LargestRemainder, Language::Nb | Language::Nn) => "største rest",
            (Self::LargestRemainder, Language::En) => "largest remainder",
            (Self::SainteLague, Language::Nb | Language::Nn) => "Sainte-Laguës metode",
            (Self::SainteLague, Language::En) => "Sainte-Laguë's method",
            (Self::ModifiedSainteLague, Language::Nb) => {
                "modifisert Sainte-Laguës metode (første delingstall 1,4)"
            }
            (Self::ModifiedSainteLague, Language::Nn) => {
                "modifisert Sainte-Laguës metode (første delingstal 1,4)"
            }
            (Self::ModifiedSainteLague, Language::En) => "modified Sainte-Laguë's method (first divisor 1.4)",
            (Self::DHondt, Language::Nb | Language::Nn) => "d'Hondts metode",
            (Self::DHondt, Language::En) => "D'Hondt's method",
            (Self::Adams, Language::Nb | Language::Nn) => "Adams' metode",
            (Self::Adams, Language::En) => "Adams's method",
            (Self::HuntingtonHill, Language::Nb | Language::Nn) => "Huntington og Hills metode",
            (Self::HuntingtonHill, Language::En) => "Huntington and Hill's method",
            (Self::Dean, Language::Nb | Language::Nn) => "Deans metode",
            (Self::Dean, Language::En) => "Dean's method",
        }
    }
}

impl fmt::Display for Method {
    /// The method's [key](Method::key).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.key())
    }
}

/// A text names no method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a method; take one of {}", accepted())]
pub struct MethodParseError {
    text: String,
}

fn accepted() -> String {
    let keys = Method::ALL.map(Method::key).join(", ");
    let aliases = ALIASES.map(|(alias, method)| format!("{alias} for {method}")).join(", ");
    format!("{keys} ({aliases})")
}

impl FromStr for Method {
    type Err = MethodParseError;

    /// Reads a key or another common name in any case; `_` is the same as `-`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.to_lowercase().replace('_', "-");
        let keys = Self::ALL.map(|method| (method.key(), method));
        keys.iter()
            .chain(&ALIASES)
            .find(|(name, _)| *name == wanted)
            .map(|(_, method)| *method)
            .ok_or_else(|| MethodParseError { text: text.to_owned() })
    }
}
