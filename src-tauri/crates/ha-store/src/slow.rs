//! Statements that take too long are named in the log, without the values bound to them.

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::time::Duration;

/// Warns of every statement of this connection that takes at least `threshold`, waiting for locks
/// included. The text logged is the statement's as it stands in this crate, with `?1` for values.
pub(crate) fn watch(connection: &mut Connection, threshold: Duration) -> rusqlite::Result<()> {
    let warn = move |event: TraceEvent<'_>| {
        if let TraceEvent::Profile(statement, took) = event
            && took >= threshold
        {
            let sql = statement.sql();
            tracing::warn!(
                took_ms = took.as_millis() as u64,
                sql = &*sql,
                "slow statement"
            );
        }
    };
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_PROFILE, Some(warn))
}
