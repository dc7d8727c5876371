//! Paying a year's amount in parts that add up to it.

use crate::money::Overflow;
use crate::{Exact, Nok, Share};

/// How an amount is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payments {
    /// Every instalment in the order of the profile: first those that are paid, then those that are open.
    pub amounts: Vec<Nok>,
    /// What was paid above the amount, to be carried over to the next year.
    pub overpaid: Nok,
    /// What is left when no instalment is open.
    pub unpaid: Nok,
}

/// Why instalments can not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InstalmentError {
    /// More instalments were paid than the profile has.
    #[error("{paid} instalments were paid, but the profile has {profile}")]
    TooManyPaid {
        /// How many were paid.
        paid: usize,
        /// How many there are.
        profile: usize,
    },
    /// A number does not fit.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// Spreads an amount over a profile of shares, in whole units; what is paid stands.
///
/// What is not paid is spread over the open instalments by rounding running sums to the nearest unit, a half away from zero, but
/// never beyond the whole, so that the last one takes the remainder and none has another sign than the whole. If more was paid than the
/// amount is now, the open instalments are nothing and the surplus is carried over.
///
/// ```
/// use tildel_allocation::{Nok, Share, payments};
///
/// let profile = ["58.33333%", "41.66667%"].map(|share| share.parse::<Share>().unwrap());
/// let krone = Nok::from_ore(100);
/// let whole = payments(Nok::from_kroner(22_284)?, &profile, &[], krone)?;
/// assert_eq!(whole.amounts, [Nok::from_kroner(12_999)?, Nok::from_kroner(9_285)?]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn payments(
    amount: Nok,
    profile: &[Share],
    paid: &[Nok],
    unit: Nok,
) -> Result<Payments, InstalmentError> {
    if paid.len() > profile.len() {
        return Err(InstalmentError::TooManyPaid { paid: paid.len(), profile: profile.len() });
    }
    let rest = amount.checked_sub(Nok::checked_sum(paid.iter().copied())?)?;
    let open = profile.get(paid.len()..).unwrap_or_default();
    let mut amounts = paid.to_vec();
    if rest < Nok::ZERO && !paid.is_empty() {
        amounts.resize(profile.len(), Nok::ZERO);
        return Ok(Payments { amounts, overpaid: rest.checked_neg()?, unpaid: Nok::ZERO });
    }
    let Some((_, before_last)) = open.split_last() else {
        return Ok(Payments { amounts, overpaid: Nok::ZERO, unpaid: rest });
    };
    let whole = Exact::checked_sum(open.iter().map(|share| share.exact()))?;
    let (mut share_sum, mut given) = (Exact::ZERO, Nok::ZERO);
    for share in before_last {
        share_sum = share_sum.checked_add(share.exact())?;
        let up_to_here = if whole.is_zero() {
            Nok::ZERO
        } else {
            let nearest = Exact::from(rest).checked_mul(share_sum)?.checked_div(whole)?.nearest(unit)?;
            if rest < Nok::ZERO { nearest.max(rest) } else { nearest.min(rest) }
        };
        amounts.push(up_to_here.checked_sub(given)?);
        given = up_to_here;
    }
    amounts.push(rest.checked_sub(given)?);
    Ok(Payments { amounts, overpaid: Nok::ZERO, unpaid: Nok::ZERO })
}
