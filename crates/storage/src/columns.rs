//! Portable column types: one Rust value per kind of column, stored natively in `PostgreSQL` and as text in `SQLite`.
//!
//! | value | SQL type | `PostgreSQL` | `SQLite` |
//! |---|---|---|---|
//! | [`DbId`] | [`sql::Id`] | `uuid` | `text`, hyphenated lower case |
//! | [`DbJson`] | [`sql::Json`] | `jsonb` | `text` |
//! | [`DbInstant`] | [`sql::Instant`] | `timestamptz` | `text`, `2026-11-01T12:00:00.000000Z`, so that text order is time order |
//! | [`DbDate`] | [`sql::Day`] | `date` | `text`, `2026-11-01` |
//!
//! They are own types because Rust's coherence rules let only Diesel itself make foreign types bindable. Nullable columns
//! take `Option<…>`.

mod date;
mod id;
mod instant;
mod json;

pub use date::DbDate;
pub use id::DbId;
pub use instant::{DbInstant, truncate_to_micros};
pub use json::DbJson;

/// The SQL side of the portable types, for `diesel::table!`.
pub mod sql {
    use diesel::query_builder::QueryId;
    use diesel::sql_types::SqlType;

    /// `uuid`, or text in `SQLite`.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Text"))]
    pub struct Id;

    /// `jsonb`, or text in `SQLite`.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
    pub struct Json;

    /// `timestamptz`, or text in `SQLite`.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Text"))]
    pub struct Instant;

    /// `date`, or text in `SQLite`.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 1082, array_oid = 1182), sqlite_type(name = "Text"))]
    pub struct Day;
}

/// Lets a value with conversions for both databases pass through the derived connection.
macro_rules! portable {
    ($value:ty, $sql:ty, $marker:expr) => {
        impl diesel::sql_types::HasSqlType<$sql> for crate::db::MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }

        impl diesel::deserialize::FromSql<$sql, crate::db::MultiBackend> for $value {
            fn from_sql(value: crate::db::MultiRawValue<'_>) -> diesel::deserialize::Result<Self> {
                value.from_sql::<Self, $sql>()
            }
        }

        impl diesel::serialize::ToSql<$sql, crate::db::MultiBackend> for $value {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, crate::db::MultiBackend>,
            ) -> diesel::serialize::Result {
                out.set_value(($marker, self));
                Ok(diesel::serialize::IsNull::No)
            }
        }
    };
}
use portable;
