//! What a difference in a register means for grants.

use tildel_domain::id::FetchId;
use tildel_domain::register::Difference;

use crate::context::Context;
use crate::failure::Outcome;

/// Takes notice of what a reading found to be otherwise than before, in the transaction that stores it.
///
/// Called once for each batch of a reading, also with nothing. As of now it does nothing.
pub fn notice(_cx: &mut Context<'_>, _fetch_id: FetchId, _differences: &[Difference]) -> Outcome<()> {
    Ok(())
}
