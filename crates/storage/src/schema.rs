//! Table definitions for Diesel, one module per area of the schema.
//!
//! Whole numbers are `BigInt` throughout (`bigint` in `PostgreSQL`, `integer` in `SQLite`); ids, JSON, instants and
//! dates use the types of [`crate::columns::sql`].

pub(crate) mod appeals;
pub(crate) mod awards;
pub(crate) mod changes;
pub(crate) mod forums;
pub(crate) mod foundation;
pub(crate) mod meetings;
pub(crate) mod money;
pub(crate) mod registers;
pub(crate) mod registry;
pub(crate) mod rounds;
