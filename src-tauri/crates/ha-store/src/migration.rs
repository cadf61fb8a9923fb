//! The schema's versions, and the way from any of them to the newest.
//!
//! To change the schema, append a migration; never edit one that was released. All pending ones
//! run in one transaction, so a failure or a kill leaves the version (and the app that goes with
//! it) as it was. Left out: going back. An older app refuses a newer file, and backups are the way
//! back.

use crate::table::{
    activity, answer, draft, draft_base, lesson_progress, message, profile, run, setting, spending,
    thread, trace,
};
use crate::{StoreError, Timestamp, backup};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use std::path::Path;

/// One step from a version to the next. The first is version 1.
pub(crate) struct Migration {
    /// What it does, for the version table.
    pub(crate) name: &'static str,
    /// Runs inside a transaction, with foreign keys checked at its end.
    pub(crate) apply: fn(&Connection) -> rusqlite::Result<()>,
}

/// Every migration in order; the number of them is the version this code knows.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "the first tables",
        apply: |connection| {
            [
                profile::CREATE,
                run::CREATE,
                lesson_progress::CREATE,
                draft::CREATE,
                setting::CREATE,
                activity::CREATE,
            ]
            .iter()
            .try_for_each(|sql| connection.execute_batch(sql))
        },
    },
    Migration {
        name: "conversations with the tutor",
        apply: |connection| {
            [thread::CREATE, message::CREATE, spending::CREATE]
                .iter()
                .try_for_each(|sql| connection.execute_batch(sql))
        },
    },
    Migration {
        name: "answers to questions, and starters that updates replaced",
        apply: |connection| {
            [answer::CREATE, draft_base::CREATE]
                .iter()
                .try_for_each(|sql| connection.execute_batch(sql))
        },
    },
    Migration {
        name: "traces of agents",
        apply: |connection| connection.execute_batch(trace::CREATE),
    },
];

const CREATE_VERSIONS: &str = "
CREATE TABLE IF NOT EXISTS schema_version (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
";

/// The version of the file; 0 for an empty one. Writes nothing.
///
/// # Errors
/// [`StoreError::Corrupt`] for a database that another program made.
pub(crate) fn version(connection: &Connection) -> Result<u32, StoreError> {
    let tables = "SELECT count(*), count(*) FILTER (WHERE name = 'schema_version')
                  FROM sqlite_schema";
    let counts = connection.query_row(tables, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match counts {
        (0_u32, _) => Ok(0),
        (_, 0_u32) => Err(StoreError::Corrupt("it belongs to another program".into())),
        _ => {
            let newest = "SELECT coalesce(max(version), 0) FROM schema_version";
            Ok(connection.query_row(newest, [], |row| row.get(0))?)
        }
    }
}

/// Brings the file to the newest version; an existing one is backed up first.
pub(crate) fn run_pending(
    connection: &mut Connection,
    path: &Path,
    migrations: &[Migration],
    now: Timestamp,
) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found as usize == migrations.len() {
        return Ok(());
    }
    if found > 0 {
        let backup = backup::make(connection, path, found, now)?;
        tracing::info!(from = found, to = migrations.len(), backup = %backup.display(), "migrating");
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again under the lock: another process may have done the work meanwhile.
    let found = version(&transaction)?;
    refuse_newer(found, migrations)?;
    transaction.execute_batch(CREATE_VERSIONS)?;
    for (index, migration) in migrations.iter().enumerate().skip(found as usize) {
        (migration.apply)(&transaction)?;
        transaction.execute(
            "INSERT INTO schema_version (version, name, applied_at) VALUES (?1, ?2, ?3)",
            (index as u32 + 1, migration.name, now),
        )?;
    }
    refuse_broken_references(&transaction)?;
    Ok(transaction.commit()?)
}

/// [`StoreError::Newer`] when the file's version is not among `migrations`.
pub(crate) fn refuse_newer(found: u32, migrations: &[Migration]) -> Result<(), StoreError> {
    let known = migrations.len() as u32;
    match found > known {
        true => Err(StoreError::Newer { found, known }),
        false => Ok(()),
    }
}

/// Foreign keys are off while tables are rebuilt, so they are checked as a whole afterwards.
fn refuse_broken_references(connection: &Connection) -> Result<(), StoreError> {
    let broken = connection
        .query_row("PRAGMA foreign_key_check", [], |row| {
            row.get::<_, String>(0)
        })
        .optional()?;
    match broken {
        Some(table) => Err(StoreError::Failed(format!(
            "a migration left {table} without its parent"
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
