//! The number under which a register lists a unit.

use std::fmt;

use serde::{Deserialize, Serialize};
use tildel_domain::organisation::OrganisationNumber;

/// A number as a register writes it.
///
/// Most are organisation numbers. Udir's registers have their own for schools abroad (`U90099017`), and some recorded answers are made
/// anonymous with digits that fail the check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegisterNumber(String);

impl RegisterNumber {
    /// Takes the number as it is written.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As the register writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The organisation number, if it is one.
    pub fn organisation(&self) -> Option<OrganisationNumber> {
        OrganisationNumber::parse(&self.0).ok()
    }
}

impl fmt::Display for RegisterNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::RegisterNumber;

    #[test]
    fn only_numbers_that_check_are_organisation_numbers() {
        // Sandnes kommune; 3·9+2·6+7·4+6·9+5·6+4·5+3·1+2·3 = 180, 180 mod 11 = 4, 11 − 4 = 7.
        assert!(RegisterNumber::new("964965137").organisation().is_some());
        for other in ["964965138", "U90099017", "123456789", ""] {
            assert!(RegisterNumber::new(other).organisation().is_none(), "{other}");
        }
    }
}
