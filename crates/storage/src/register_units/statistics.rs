use diesel::prelude::*;

use crate::{Db, StorageError};

/// Lets the database count anew what its planner goes by. `PostgreSQL` does so by itself, but a minute late at best: until then it takes a number
/// for something that every two-hundredth row has, and reads the whole table to find a thousand of them. `SQLite` goes by its indexes alone.
#[tracing::instrument(level = "debug", skip_all)]
pub fn refresh_statistics(db: &mut Db) -> Result<(), StorageError> {
    match db {
        Db::Postgres(connection) => {
            diesel::sql_query("analyze register_units, register_persons, register_removals")
                .execute(connection)?;
        }
        Db::Sqlite(_) => {}
    }
    Ok(())
}
