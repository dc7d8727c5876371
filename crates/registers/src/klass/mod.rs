//! SSB's Klass: codes of municipalities (131) and counties (104), their changes, and correspondences.
//!
//! Codes are valid in a period and reused over time; Klass's own `validFrom` is empty where codes are asked for at a day. A code stands
//! for no place where it is 9999 or 99. Answers are XML unless JSON is asked for, tables are in a single-byte encoding, `to` is
//! exclusive, and changes that are decided but not in force show only with `includeFuture`.

mod changes;
mod codes;
mod corresponds;
mod file;
mod requests;

pub use changes::{CodeChange, CodeName, read_changes};
pub use codes::{KlassCode, read_codes};
pub use corresponds::{Correspondence, read_correspondences};
pub use file::KlassFile;
pub use requests::{
    ADDRESS, COUNTIES, MUNICIPALITIES, ORGANISATIONS_OF_MUNICIPALITIES, changes, codes, codes_at,
};
