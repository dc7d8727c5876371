//! What registers say of units, state by state.
//!
//! A state stands from its `since` until the next one's. What is written depends on the states alone, not on how often or in what parts they come:
//! - a state that says what stands is nothing new, whatever its `since`;
//! - a state that is older than what stands is passed over: it was read before, or something newer was;
//! - of two states of one instant the one that comes later counts, and takes the other's place;
//! - a removal takes all that is held of the number, and nothing as old as the removal brings it back.

mod find;
mod persons;
mod row;
mod save;
mod statistics;

pub use find::{
    CountedInPlace, counted_in, held, living, living_before, of_numbers, of_owner, of_parent, of_parents,
    parents_of, state, states,
};
pub use persons::{below, note_persons, persons_among};
pub use save::{NewState, purge, save};
pub use statistics::refresh_statistics;
