//! From bytes to text to records, within limits.

mod encoding;
mod error;
mod fields;
mod json;
mod limits;

pub use encoding::{Encoding, decode};
pub use error::ReadError;
pub(crate) use fields::{blank, date, date_of_instant, number_text};
pub use json::json;
pub use limits::{Limits, check_depth};
