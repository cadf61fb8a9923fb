//! The one catalogue of error codes, and the error every use case returns.
//!
//! A code exists only if the window acts on it. The message is safe to show: it holds no learner code,
//! no key and no stack. It is English, and Chinese too where it is meant for an author or for whoever
//! was given a course. The window says the words, from its table of codes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Stable names of everything that can go wrong on our side. Never renamed, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ErrorCode {
    /// The request is outside the documented limits; the message says which.
    InvalidRequest,
    /// No installed course has this id.
    CourseNotFound,
    /// The course has no lesson with this id.
    LessonNotFound,
    /// The lesson's files cannot be read or do not fit the format.
    LessonBroken,
    /// The entry asked for is not (or no longer) in the history.
    HistoryNotFound,
    /// A run cannot go another way from this step: what it needs of the older run was not kept whole, or
    /// nothing asks a model after it.
    CannotFork,
    /// The course belongs to whoever made it; nothing is written into it.
    NotYourCourse,
    /// The source files are larger than the sandbox takes.
    SourceTooLarge,
    /// A source file holds NUL bytes or is not text.
    SourceNotText,
    /// The run is not (or no longer) running.
    RunNotFound,
    /// Too many programs run at once.
    TooManyRuns,
    /// The sandbox cannot run anything; the message says why.
    EngineUnavailable,
    /// The engine runs no programs in the lesson's language; the message says what it lacks.
    LanguageUnavailable,
    /// The sandbox died under a running program.
    EngineLost,
    /// The database file is damaged. It is kept.
    StoreCorrupt,
    /// The database was written by a newer version of the app. It is kept.
    StoreNewer,
    /// The data folder cannot be written.
    StoreUnwritable,
    /// Another process holds the database for too long.
    StoreBusy,
    /// The disk is full.
    StoreFull,
    /// The conversation is gone.
    ThreadNotFound,
    /// The AI service's address, proxy, model or key cannot be used; the message says which.
    AiSettings,
    /// The AI service needs a key and there is none.
    AiNoKey,
    /// The month's cap is reached. Nothing was asked.
    AiCapReached,
    /// 400: the service cannot read the request.
    AiBadRequest,
    /// 401: the key is wrong.
    AiKeyRefused,
    /// 402: the account has no money left.
    AiNoBalance,
    /// 403: the service does not serve this account or place.
    AiForbidden,
    /// 404: no such address or model.
    AiNotFound,
    /// 422: a parameter is outside what the service takes.
    AiInvalidParameters,
    /// 429, or our own limit: asked too often.
    AiRateLimited,
    /// 500: the service has a fault of its own.
    AiServiceFault,
    /// 503: too many people ask it.
    AiOverloaded,
    /// The service failed repeatedly and is left alone for a while.
    AiPaused,
    /// More text than the model takes.
    AiTooLong,
    /// No connection: no network, no such host, a proxy that refuses.
    AiUnreachable,
    /// The other end is not who the address says.
    AiUntrusted,
    /// No answer in time.
    AiTimedOut,
    /// The answer was cut off.
    AiCut,
    /// What came is no answer.
    AiMalformed,
    /// A file that was given is not there or may not be read.
    FileUnreadable,
    /// The file is neither a course nor a learner's code.
    NotABundle,
    /// A course or a learner's code in one file, and not all of it.
    BundleDamaged,
    /// A file that no tool of ours makes: names, sizes or contents that are not let in.
    BundleRefused,
    /// A file is not what its author packed or signed.
    BundleChanged,
    /// It was made for a newer version of the app.
    NewerAppNeeded,
    /// The course is expected from somebody else, and nobody said that this one is meant.
    SignerChanged,
    /// Another file took the place of the one that was shown and agreed to.
    BundleReplaced,
    /// The author's folder cannot be packed as it is; the message says what to mend.
    CannotPack,
    /// The system's keyring did not open, so nobody knows which keys are in it.
    KeyringLocked,
    /// The file could not be written where it was asked for.
    SaveFailed,
    /// A fault of ours that has no better name; the log has the details under the request id.
    Internal,
}

/// What every use case returns when our machine failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
#[error("{code:?}: {message} ({request_id})")]
pub struct ApiError {
    /// What happened, for the window's table of words.
    pub code: ErrorCode,
    /// English detail, safe to show.
    pub message: String,
    /// The same in Chinese, where somebody has to act on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message_zh: Option<String>,
    /// Finds the log lines of this request.
    pub request_id: String,
}

/// What use cases return.
pub type ApiResult<T> = Result<T, ApiError>;
