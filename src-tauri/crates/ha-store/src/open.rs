//! Opening the database: look first, change later.
//!
//! Until the file is known to be whole and of a version this code knows, nothing is written to it,
//! not even by closing it again: a damaged or newer file stays as it is, byte for byte.

use crate::files::{beside, create_private_file, create_private_folder, size};
use crate::health::{OK, quick_check};
use crate::migration::{self, MIGRATIONS, Migration};
use crate::{Store, StoreError, Timestamp, slow};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long an operation waits for another process that writes.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Statements that take at least this long are named in the log.
pub const SLOW_STATEMENT: Duration = Duration::from_secs(1);

/// Files up to this size are read through at every start. That takes about 20 ms warm for the
/// largest, a hundredth of the start-up budget, and years of lessons fit in.
const CHECKED_BYTES: u64 = 16 * 1024 * 1024;

/// What a test, or a tool with other patience than the window's, may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOptions {
    /// How long an operation waits for another process that writes.
    pub busy_timeout: Duration,
    /// Statements that take at least this long are named in the log.
    pub slow_statement: Duration,
    /// The file grows to this many pages of 4 KiB; writes beyond are [`StoreError::Full`].
    /// `None` is SQLite's own limit, far above any disk.
    pub max_pages: Option<u32>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions {
            busy_timeout: BUSY_TIMEOUT,
            slow_statement: SLOW_STATEMENT,
            max_pages: None,
        }
    }
}

impl Store {
    /// Opens the database, creating it and its folder when there is none, and migrating it (after a
    /// backup beside it) when an older version of the app wrote it. Runs and answers that were still on
    /// their way when their app died are marked lost; one that another living process still runs becomes
    /// finished again when it ends.
    ///
    /// The file is checked for damage when it is small or when the last process did not close it;
    /// a large file that was closed properly is trusted, and damage in it is met by the operation
    /// that reads it.
    ///
    /// # Errors
    /// Each [`StoreError`]; the file is kept in every case.
    pub fn open(path: &Path, now: Timestamp) -> Result<Store, StoreError> {
        Store::open_with(path, now, OpenOptions::default())
    }

    /// [`Store::open`] with other limits.
    ///
    /// # Errors
    /// Each [`StoreError`]; the file is kept in every case.
    pub fn open_with(
        path: &Path,
        now: Timestamp,
        options: OpenOptions,
    ) -> Result<Store, StoreError> {
        let store = Store::open_migrating(path, now, options, MIGRATIONS)?;
        store.mark_messages_lost()?;
        Ok(store)
    }

    pub(crate) fn open_migrating(
        path: &Path,
        now: Timestamp,
        options: OpenOptions,
        migrations: &[Migration],
    ) -> Result<Store, StoreError> {
        let path = std::path::absolute(path)?;
        if let Some(folder) = path.parent() {
            create_private_folder(folder)?;
        }
        create_private_file(&path)?;
        // SQLite removes its log when the last connection closes, so a log that is there with
        // something in it tells of a process that died, or of one that lives beside us.
        let is_unclean = size(&beside(&path, "-wal")) > 0;
        let is_small = size(&path) <= CHECKED_BYTES;

        let mut connection = look_into(&path, options)?;
        let found = migration::version(&connection)?;
        migration::refuse_newer(found, migrations)?;
        if !is_unclean {
            refuse_partial_page(&connection, size(&path))?;
        }
        if is_unclean || is_small {
            refuse_damage(&connection)?;
        }

        prepare_to_write(&connection, options)?;
        migration::run_pending(&mut connection, &path, migrations, now)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        slow::watch(&mut connection, options.slow_statement)?;
        let store = Store::over(path, connection);
        // The first write, and so also the moment in which a file that may only be read (SQLite
        // opens that without a word) turns out to be unwritable.
        store.mark_lost()?;
        Ok(store)
    }
}

/// A connection that reads, and that leaves the file and its log alone when it is closed.
fn look_into(path: &Path, options: OpenOptions) -> Result<Connection, StoreError> {
    // The lock of `Store` serialises, so SQLite's own would only cost time.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    for (config, value) in [
        (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
        // A database file is input: one made by somebody else must not run functions through its
        // schema, nor corrupt itself through SQL, and "words" are names, never strings.
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        connection.set_db_config(config, value)?;
    }
    connection.pragma_update(None, "cell_size_check", true)?;
    // Sorting must not spill the learner's code into the system's temporary folder.
    connection.pragma_update(None, "temp_store", "memory")?;
    // Tables are rebuilt by migrations; the caller switches this on when they are done.
    connection.pragma_update(None, "foreign_keys", false)?;
    Ok(connection)
}

/// SQLite reads a last page that is cut short as if it ended in zeros: a copy of the file that was
/// interrupted would lose the end of a text silently. With a log there, a short page may be one
/// that a dying process was writing, and the log has it whole.
fn refuse_partial_page(connection: &Connection, file_bytes: u64) -> Result<(), StoreError> {
    let page_bytes: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    match file_bytes % u64::from(page_bytes) {
        0 => Ok(()),
        _ => Err(StoreError::Corrupt("the end of the file is missing".into())),
    }
}

fn refuse_damage(connection: &Connection) -> Result<(), StoreError> {
    let found = quick_check(connection)?;
    match found.as_str() {
        OK => Ok(()),
        _ => Err(StoreError::Corrupt(found)),
    }
}

fn prepare_to_write(connection: &Connection, options: OpenOptions) -> rusqlite::Result<()> {
    switch_to_log(connection, options.busy_timeout)?;
    connection.pragma_update(None, "synchronous", "normal")?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Readers do not wait for a writer then, and a commit is one append. A file system that cannot do
/// it keeps the old mode, which is slower and as safe; the health report shows it.
///
/// Two processes that make the same fresh file switch at once, each holding the lock the other
/// needs; SQLite tells one of them at once that it is busy instead of waiting, so the waiting is
/// done here. A file that was switched before is never waited for.
fn switch_to_log(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    let began = Instant::now();
    loop {
        let switched = connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()));
        match switched {
            Err(error) if is_busy(&error) && began.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(5));
            }
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}
