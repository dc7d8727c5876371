//! The tables of the domain's things: round trips, filters, paging, constraints and locks.

mod ballot_kinds;
mod changes;
mod constraints;
mod conversion;
mod guards;
mod lists;
mod locks;
mod register_constraints;
mod round_trips;
mod schema;
mod visibility;
mod votes;
mod world;
