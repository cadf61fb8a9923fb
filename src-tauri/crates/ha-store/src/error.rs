//! What can go wrong, named for what the caller can do about it.

use rusqlite::{ErrorCode, ffi};
use std::io;

/// Why the store cannot do what was asked. The texts are English, safe to show, and hold no value
/// that was stored or was to be stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The file is damaged, or is no database of this app. It is kept as it is; offer to set it
    /// aside ([`crate::Store::set_aside`]) and start fresh, or to put a backup in its place.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// A newer version of the app wrote the file. It is untouched; ask for an update of the app.
    #[error("the database has version {found}; this app knows versions up to {known}")]
    Newer {
        /// Version of the file.
        found: u32,
        /// Newest version this code can read.
        known: u32,
    },
    /// The folder or the file cannot be created, read or written. Rights, a read-only disk or a
    /// failing one: the learner can change that and try again.
    #[error("the database cannot be read and written: {0}")]
    Unwritable(String),
    /// Another process held the file for longer than the busy timeout. Trying again may work.
    #[error("another program holds the database")]
    Busy,
    /// No room left for this write; nothing of it was stored. What is stored stays readable.
    #[error("the disk is full")]
    Full,
    /// A fault of this code or of the caller's: a broken constraint, a misuse. Trying again is no use.
    #[error("the database refused: {0}")]
    Failed(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, InvalidPath,
            SqlInputError, SqliteFailure, Utf8Error,
        };
        let text = error.to_string();
        match error {
            SqliteFailure(code, _) | SqlInputError { error: code, .. } => from_code(code, text),
            // The tables are STRICT and constrained, so only damage puts such values into them.
            FromSqlConversionFailure(..)
            | IntegralValueOutOfRange(..)
            | InvalidColumnType(..)
            | Utf8Error(..) => StoreError::Corrupt(text),
            InvalidPath(_) => StoreError::Unwritable(text),
            // The enum is open; whatever else it has or gets is misuse of the library.
            _ => StoreError::Failed(text),
        }
    }
}

fn from_code(error: ffi::Error, text: String) -> StoreError {
    match error.code {
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt(text),
        ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::CannotOpen => {
            StoreError::Unwritable(text)
        }
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed => StoreError::Busy,
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::SystemIoFailure => match error.extended_code {
            ffi::SQLITE_IOERR_NOMEM => StoreError::Failed(text),
            ffi::SQLITE_IOERR_BLOCKED => StoreError::Busy,
            ffi::SQLITE_IOERR_SHORT_READ | ffi::SQLITE_IOERR_DATA | ffi::SQLITE_IOERR_CORRUPTFS => {
                StoreError::Corrupt(text)
            }
            _ => StoreError::Unwritable(text),
        },
        ErrorCode::InternalMalfunction
        | ErrorCode::OperationAborted
        | ErrorCode::OutOfMemory
        | ErrorCode::OperationInterrupted
        | ErrorCode::NotFound
        | ErrorCode::SchemaChanged
        | ErrorCode::TooBig
        | ErrorCode::ConstraintViolation
        | ErrorCode::TypeMismatch
        | ErrorCode::ApiMisuse
        | ErrorCode::NoLargeFileSupport
        | ErrorCode::AuthorizationForStatementDenied
        | ErrorCode::ParameterOutOfRange
        | ErrorCode::Unknown => StoreError::Failed(text),
        // The enum is open; a code that does not exist yet has no better name.
        _ => StoreError::Failed(text),
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
            _ => StoreError::Unwritable(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: i32, expected: fn(&StoreError) -> bool) {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let error = StoreError::from(error);
        assert!(expected(&error), "{code} became {error:?}");
    }

    #[test]
    fn every_code_has_the_name_the_caller_needs() {
        for code in [
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_CORRUPT_INDEX,
            ffi::SQLITE_NOTADB,
            ffi::SQLITE_IOERR_SHORT_READ,
        ] {
            check(code, |error| matches!(error, StoreError::Corrupt(_)));
        }
        for code in [
            ffi::SQLITE_READONLY,
            ffi::SQLITE_READONLY_DIRECTORY,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_PERM,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_IOERR_FSYNC,
        ] {
            check(code, |error| matches!(error, StoreError::Unwritable(_)));
        }
        for code in [
            ffi::SQLITE_BUSY,
            ffi::SQLITE_BUSY_SNAPSHOT,
            ffi::SQLITE_LOCKED,
            ffi::SQLITE_PROTOCOL,
        ] {
            check(code, |error| matches!(error, StoreError::Busy));
        }
        check(ffi::SQLITE_FULL, |error| matches!(error, StoreError::Full));
        for code in [
            ffi::SQLITE_CONSTRAINT,
            ffi::SQLITE_MISUSE,
            ffi::SQLITE_ERROR,
            ffi::SQLITE_NOMEM,
        ] {
            check(code, |error| matches!(error, StoreError::Failed(_)));
        }
    }

    #[test]
    fn a_full_disk_is_told_from_a_forbidden_one() {
        let error = |kind| StoreError::from(io::Error::from(kind));
        assert_eq!(error(io::ErrorKind::StorageFull), StoreError::Full);
        assert!(matches!(
            error(io::ErrorKind::PermissionDenied),
            StoreError::Unwritable(_)
        ));
    }
}
