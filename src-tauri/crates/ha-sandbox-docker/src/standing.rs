//! The words of the contract for how the engine stands.

use ha_sandbox::{EngineState, Standing};
use std::time::Duration;

/// An engine that is down and is tried again after a while.
pub(crate) fn down(reason: String, retry_in: Duration) -> Standing {
    Standing::Down {
        reason,
        retry_in_ms: u64::try_from(retry_in.as_millis()).unwrap_or(u64::MAX),
    }
}

/// The state that goes with it. An engine nobody has looked for yet will prepare when it is needed.
pub(crate) fn state(standing: &Standing) -> EngineState {
    match standing {
        Standing::Unknown => EngineState::Preparing {
            what: "nobody has needed the Docker engine yet",
        },
        Standing::Connecting { what, .. } => EngineState::Preparing { what },
        Standing::Ready { .. } | Standing::Degraded { .. } => EngineState::Ready,
        Standing::Down { reason, .. } => EngineState::Unavailable {
            reason: reason.clone(),
        },
    }
}
