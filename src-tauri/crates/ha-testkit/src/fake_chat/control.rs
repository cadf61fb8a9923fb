//! Addresses by which a test in another process scripts the service.
//!
//! `POST /_fake/script` with a JSON list of [`Answer`]s adds them; `POST /_fake/otherwise` with one
//! sets the answer beyond the script; `POST /_fake/release` opens a gate; `GET /_fake/requests`
//! answers what came. They are not among what came themselves.

use super::{Answer, Seen, State, lock};
use serde_json::json;

/// The answer to a call of these addresses; none for every other address.
pub(super) fn answer(state: &State, seen: &Seen) -> Option<Answer> {
    let call = seen.path.strip_prefix("/_fake/")?;
    let body = seen.body.clone();
    let done = match (seen.method.as_str(), call) {
        ("POST", "script") => serde_json::from_value::<Vec<Answer>>(body)
            .map(|answers| lock(&state.script).extend(answers)),
        ("POST", "otherwise") => {
            serde_json::from_value(body).map(|answer| *lock(&state.otherwise) = answer)
        }
        ("POST", "release") => {
            state.released.send_modify(|count| *count += 1);
            Ok(())
        }
        ("GET", "requests") => return Some(Answer::json(&json!(*lock(&state.seen)))),
        _ => return Some(Answer::error(404, "no such control")),
    };
    Some(match done {
        Ok(()) => Answer::json(&json!({})),
        Err(error) => Answer::error(400, &error.to_string()),
    })
}
