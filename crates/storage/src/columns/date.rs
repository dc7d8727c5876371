use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::PgDate;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types;
use diesel::sqlite::{Sqlite, SqliteValue};
use jiff::civil::Date;
use jiff::{Span, Unit};

use super::sql;

/// A civil date column, without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Day)]
pub struct DbDate(pub Date);

super::portable!(DbDate, sql::Day, sql::Day);

/// The day `PostgreSQL` counts from.
const POSTGRES_EPOCH: Date = Date::constant(2000, 1, 1);

/// Length of `2026-11-01`; one width keeps text order and date order the same.
const TEXT_LENGTH: usize = 10;

impl ToSql<sql::Day, Pg> for DbDate {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let days = self.0.since((Unit::Day, POSTGRES_EPOCH))?.get_days();
        ToSql::<sql_types::Date, Pg>::to_sql(&PgDate(days), &mut out.reborrow())
    }
}

impl FromSql<sql::Day, Pg> for DbDate {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgDate(days) = FromSql::<sql_types::Date, Pg>::from_sql(value)?;
        Ok(Self(POSTGRES_EPOCH.checked_add(Span::new().try_days(days)?)?))
    }
}

impl ToSql<sql::Day, Sqlite> for DbDate {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let text = self.0.to_string();
        if text.len() != TEXT_LENGTH {
            return Err(format!("the date {text} lies before the year 0").into());
        }
        out.set_value(text);
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Day, Sqlite> for DbDate {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<sql_types::Text, Sqlite>>::from_sql(value)?;
        if text.len() != TEXT_LENGTH {
            return Err(format!("the date {text} is not written as year-month-day").into());
        }
        Ok(Self(text.parse()?))
    }
}

impl From<Date> for DbDate {
    fn from(value: Date) -> Self {
        Self(value)
    }
}

impl From<DbDate> for Date {
    fn from(value: DbDate) -> Self {
        value.0
    }
}
