//! Pooled connections of either kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::{Connection, InstrumentationEvent};
use diesel::prelude::ConnectionError;
use diesel::r2d2::{HandleError, ManageConnection, Pool, R2D2Connection};
use diesel::result::Error as DieselError;

use crate::Db;
use crate::error::is_conflict;
use crate::open::postgres::{self, PostgresSettings};
use crate::open::sqlite::{self, Access, SqliteSettings};

/// What a transaction has met so far, seen from the driver, so that no layer above can hide it.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    failed: AtomicBool,
    conflict: AtomicBool,
}

impl Watch {
    pub(crate) fn reset(&self) {
        self.failed.store(false, Ordering::Relaxed);
        self.conflict.store(false, Ordering::Relaxed);
    }

    /// Did a statement fail, outside a savepoint that was rolled back?
    pub(crate) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Did the server give this transaction up in favour of another?
    pub(crate) fn conflict(&self) -> bool {
        self.conflict.load(Ordering::Relaxed)
    }

    fn observe(&self, event: &InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::FinishQuery { error: Some(error), .. } => {
                self.failed.store(true, Ordering::Relaxed);
                if let DieselError::DatabaseError(kind, information) = error
                    && is_conflict(*kind, information.message())
                {
                    self.conflict.store(true, Ordering::Relaxed);
                }
            }
            InstrumentationEvent::RollbackTransaction { .. } => self.failed.store(false, Ordering::Relaxed),
            _ => {}
        }
    }
}

/// A pooled connection with its watch.
pub(crate) struct Member {
    pub(crate) db: Db,
    pub(crate) watch: Arc<Watch>,
}

/// Makes connections of the kind that the address chose; Diesel's own manager would try each kind in turn.
#[derive(Debug, Clone)]
pub(crate) enum Manager {
    Postgres(PostgresSettings),
    Sqlite(SqliteSettings, Access),
}

impl ManageConnection for Manager {
    type Connection = Member;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Member, Self::Error> {
        let mut db = self.establish().map_err(diesel::r2d2::Error::ConnectionError)?;
        let watch = Arc::new(Watch::default());
        let observed = Arc::clone(&watch);
        db.set_instrumentation(move |event: InstrumentationEvent<'_>| observed.observe(&event));
        Ok(Member { db, watch })
    }

    fn is_valid(&self, member: &mut Member) -> Result<(), Self::Error> {
        member.db.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, member: &mut Member) -> bool {
        std::thread::panicking() || member.db.is_broken()
    }
}

impl Manager {
    fn establish(&self) -> Result<Db, ConnectionError> {
        match self {
            Self::Postgres(settings) => postgres::connect(settings).map(Db::Postgres),
            Self::Sqlite(settings, access) => sqlite::connect(settings, *access).map(Db::Sqlite),
        }
    }

    /// A pool that waits for a free connection no longer than `patience`.
    pub(crate) fn pool(self, size: u32, patience: Duration) -> Pool<Self> {
        Pool::builder()
            .max_size(size.max(1))
            // None in reserve: opening a store starts nothing in the background, so dropping it closes all.
            .min_idle(Some(0))
            .connection_timeout(patience)
            .error_handler(Box::new(LogErrors))
            .build_unchecked(self)
    }
}

#[derive(Debug)]
struct LogErrors;

impl HandleError<diesel::r2d2::Error> for LogErrors {
    fn handle_error(&self, error: diesel::r2d2::Error) {
        tracing::warn!(%error, "a pooled database connection failed");
    }
}
