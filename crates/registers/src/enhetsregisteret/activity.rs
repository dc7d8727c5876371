//! Kindergartens and schools by their codes of trade.

use serde::{Deserialize, Serialize};

/// A standard of codes of trade. The same digits mean different things in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndustryStandard {
    /// SN2007, which closed units keep.
    Sn2007,
    /// SN2025, which live units have; a search for an old code finds nothing and is no error.
    Sn2025,
}

impl IndustryStandard {
    /// The standard that Udir's registers name by its year.
    pub fn of_year(year: &str) -> Option<Self> {
        match year {
            "2007" => Some(Self::Sn2007),
            "2025" => Some(Self::Sn2025),
            _ => None,
        }
    }
}

/// What a unit does, as far as the schemes ask. Codes are declared by the units themselves: Udir's flags go before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Kindergarten: 85.100 of SN2025, 88.911 of SN2007.
    Kindergarten,
    /// Primary and lower secondary school, special schools among them: 85.201 to 85.203.
    PrimarySchool,
    /// Upper secondary school: 85.31 and 85.32 with all below.
    UpperSecondary,
    /// Any other code of education, also one that is new.
    OtherEducation,
    /// Anything else.
    Other,
}

impl Activity {
    /// By a code of either standard; the codes that matter here do not contradict each other between the two.
    pub fn of_code(code: &str) -> Self {
        match code {
            // 85.100 was pre-primary education in SN2007, which SN2025 merges with 88.911.
            "85.100" | "88.911" => Self::Kindergarten,
            "85.201" | "85.202" | "85.203" => Self::PrimarySchool,
            code if code.starts_with("85.31") || code.starts_with("85.32") => Self::UpperSecondary,
            code if code.starts_with("85.") => Self::OtherEducation,
            _ => Self::Other,
        }
    }

    /// All codes to search for, of both standards: one alone finds nothing of the other.
    pub const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Kindergarten => &["85.100", "88.911"],
            Self::PrimarySchool => &["85.201", "85.202", "85.203"],
            Self::UpperSecondary => &["85.31", "85.32"],
            Self::OtherEducation => &["85"],
            Self::Other => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_standards_name_kindergartens_and_schools() {
        for (code, activity) in [
            ("88.911", Activity::Kindergarten),
            ("85.100", Activity::Kindergarten),
            ("85.201", Activity::PrimarySchool),
            ("85.310", Activity::UpperSecondary),
            ("85.320", Activity::UpperSecondary),
            ("85.593", Activity::OtherEducation),
            ("85.999", Activity::OtherEducation),
            ("84.110", Activity::Other),
            // After-school clubs of SN2025, which stand where kindergartens' neighbours stood.
            ("88.910", Activity::Other),
        ] {
            assert_eq!(Activity::of_code(code), activity, "{code}");
        }
    }
}
