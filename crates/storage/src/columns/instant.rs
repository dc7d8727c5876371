use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Text, Timestamptz};
use diesel::sqlite::{Sqlite, SqliteValue};
use jiff::Timestamp;

use super::sql;

/// An instant column, in whole microseconds: finer parts are cut off on the way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Instant)]
pub struct DbInstant(pub Timestamp);

super::portable!(DbInstant, sql::Instant, sql::Instant);

/// 2000-01-01T00:00:00Z, where `PostgreSQL` counts from, in microseconds since 1970.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Length of `2026-11-01T12:00:00.000000Z`; one width keeps text order and time order the same.
const TEXT_LENGTH: usize = 27;

/// Cuts an instant down to whole microseconds, the finest that both databases keep.
pub fn truncate_to_micros(instant: Timestamp) -> Timestamp {
    let nanoseconds = instant.as_nanosecond();
    // The first representable instant is a whole second, so the floor never leaves the range.
    Timestamp::from_nanosecond(nanoseconds - nanoseconds.rem_euclid(1_000)).unwrap_or(instant)
}

impl ToSql<sql::Instant, Pg> for DbInstant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = truncate_to_micros(self.0).as_microsecond() - POSTGRES_EPOCH_MICROS;
        ToSql::<Timestamptz, Pg>::to_sql(&PgTimestamp(micros), &mut out.reborrow())
    }
}

impl FromSql<sql::Instant, Pg> for DbInstant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(micros) = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        // By nanoseconds, because jiff takes no microseconds within the last second of its range.
        let nanoseconds = (i128::from(micros) + i128::from(POSTGRES_EPOCH_MICROS)) * 1_000;
        Ok(Self(Timestamp::from_nanosecond(nanoseconds)?))
    }
}

impl ToSql<sql::Instant, Sqlite> for DbInstant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let text = format!("{:.6}", truncate_to_micros(self.0));
        if text.len() != TEXT_LENGTH {
            return Err(format!("the instant {text} lies before the year 0").into());
        }
        out.set_value(text);
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Instant, Sqlite> for DbInstant {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        if text.len() != TEXT_LENGTH || !text.ends_with('Z') {
            return Err(format!("the instant {text} is not written as UTC with microseconds").into());
        }
        Ok(Self(text.parse()?))
    }
}

impl From<Timestamp> for DbInstant {
    fn from(value: Timestamp) -> Self {
        Self(value)
    }
}

impl From<DbInstant> for Timestamp {
    fn from(value: DbInstant) -> Self {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncation_goes_down_also_before_1970() {
        let after: Timestamp = "2026-11-01T12:00:00.123456789Z".parse().unwrap();
        assert_eq!(truncate_to_micros(after).to_string(), "2026-11-01T12:00:00.123456Z");
        let before: Timestamp = "1969-12-31T23:59:59.999999500Z".parse().unwrap();
        assert_eq!(truncate_to_micros(before).to_string(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn postgres_epoch_is_the_first_of_january_2000() {
        let epoch: Timestamp = "2000-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(epoch.as_microsecond(), POSTGRES_EPOCH_MICROS);
    }
}
