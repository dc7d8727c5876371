//! Campaigns on what is read from registers, against the stub: what kills leave behind, and what a national file costs.

mod load;
mod replay;
mod stub;

pub(crate) use load::{Options as LoadOptions, run as load};
pub(crate) use replay::{Options as ReplayOptions, run as replay};
