//! The open database: one connection behind a lock, and the two ways to use it.

use crate::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The learner's data. Share it by reference between threads; operations take turns and block, for
/// microseconds as a rule, for the busy timeout at most. Nothing can be cancelled half way.
pub struct Store {
    path: PathBuf,
    /// One connection is enough: one person works here, and every operation is short.
    connection: Mutex<Connection>,
}

impl Store {
    pub(crate) fn over(path: PathBuf, connection: Connection) -> Store {
        Store {
            path,
            connection: Mutex::new(connection),
        }
    }

    /// The database file, as an absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The connection, for one statement or for reading.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic under the lock rolled its transaction back on the way out, so the connection is
        // as good as before.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Several statements, all or none. Takes the write lock at once: a transaction that reads
    /// first and writes later cannot wait for another writer, it can only fail.
    pub(crate) fn transaction<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }
}
