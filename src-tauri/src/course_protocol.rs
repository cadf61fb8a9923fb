//! The `course:` addresses of lesson images: `course://localhost/<course>/<path>`.
//!
//! Only images inside an installed course are answered, with headers that keep an SVG inert even if
//! it were opened as a document.

use ha_api::App;
use percent_encoding::percent_decode_str;
use std::sync::Arc;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

/// Answers one request on a thread that may read files.
pub(crate) fn answer(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let core = context.app_handle().state::<Arc<App>>().inner().clone();
    tauri::async_runtime::spawn_blocking(move || {
        responder.respond(image(&core, request.uri().path()));
    });
}

fn image(core: &App, path: &str) -> Response<Vec<u8>> {
    let address = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
    let (status, mime, body) = match core.course_asset(&address) {
        Ok((body, mime)) => (StatusCode::OK, mime, body),
        Err(_) => (StatusCode::NOT_FOUND, "text/plain", Vec::new()),
    };
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ),
    ];
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        let value = header::HeaderValue::from_str(value);
        let value = value.expect("mime types and policies are ASCII");
        response.headers_mut().insert(name, value);
    }
    response
}
