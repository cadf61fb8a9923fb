//! What can go wrong between us and an engine, and the deadline that every call to it has.

use bollard::errors::Error;
use std::future::Future;
use std::time::Duration;

/// For calls that an engine answers from its memory.
pub(crate) const QUICK: Duration = Duration::from_secs(2);
/// For calls that make or remove something. A busy engine on a laptop takes a tenth of it.
pub(crate) const SLOW: Duration = Duration::from_secs(15);

/// Why an engine did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// Nothing answers where an engine should be.
    #[error("no Docker engine answers: {0}")]
    Unreachable(String),
    /// It is there and does not answer in time.
    #[error("the Docker engine did not {0} in time")]
    Late(&'static str),
    /// There is no such image or container.
    #[error("the Docker engine does not have it any more: {0}")]
    Missing(String),
    /// It answered that it cannot.
    #[error("the Docker engine answered: {0}")]
    Refused(String),
    /// It does less than it was asked for, so nothing runs on it.
    #[error("this Docker engine is not safe to use: {0}")]
    Unsafe(String),
    /// The first process of a container is not what it should be.
    #[error("the container did not start as it should: {0}")]
    Broken(String),
    /// The image cannot be had.
    #[error("the image of the sandbox cannot be had: {0}")]
    Image(String),
}

impl Trouble {
    /// Whether the engine itself may be gone.
    pub fn is_the_engines(&self) -> bool {
        matches!(self, Trouble::Unreachable(_) | Trouble::Late(_))
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::DockerResponseServerError {
                status_code: 404,
                message,
            } => Trouble::Missing(message),
            Error::DockerResponseServerError { message, .. } => Trouble::Refused(message),
            Error::DockerStreamError { error } => Trouble::Refused(error),
            Error::RequestTimeoutError => Trouble::Late("answer"),
            other => Trouble::Unreachable(innermost(&other)),
        }
    }
}

/// The error that explains the others: the outer ones say that a request failed, this one why.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// Waits for a call to the engine, and no longer than `limit`: an engine that hangs answers nothing at
/// all. `what` completes "the engine did not …".
pub(crate) async fn within<T, E: Into<Trouble>>(
    limit: Duration,
    what: &'static str,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err(Trouble::Late(what)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_never_answered_ends() {
        let never = std::future::pending::<Result<(), Trouble>>();
        let answer = within(QUICK, "count its containers", never).await;
        assert_eq!(answer, Err(Trouble::Late("count its containers")));
    }

    #[test]
    fn the_reason_is_the_innermost_one() {
        let error = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "not in the group");
        let trouble = Trouble::from(Error::from(error));
        assert_eq!(trouble, Trouble::Unreachable("not in the group".into()));
    }
}
