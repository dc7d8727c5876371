//! Udir's registers of schools (NSR) and kindergartens (NBR), version 4; recorded answers of version 3 are read too.
//!
//! The list of units has no employees, the unit alone has: one request for each. `ErSkole` is also true of gyms that teach:
//! [`UdirUnit::is_school`] asks the narrower flags. A kindergarten that is inactive in BASIL may well be open. Relations have other ids
//! in each register. Closed units keep their old municipality number and do not name a successor.

mod list;
mod relation;
mod requests;
mod unit;

pub use list::{UdirListItem, UdirPage};
pub use relation::{Relation, Relative};
pub use requests::{Register, changed_after, page, unit, units_of_municipality};
pub use unit::{Approval, County, Municipality, UdirAddress, UdirCode, UdirIndustry, UdirUnit};
