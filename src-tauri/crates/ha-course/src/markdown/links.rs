//! What an address in a lesson leads to. Says only where; what becomes of it is the writer's.
//!
//! An address is allowed by what it is, never refused by what it looks like: everything that is
//! neither a web address nor a lesson or image of this course leads nowhere.

use super::Page;
use crate::folder::is_plain_path;
use crate::lesson::image_type;
use crate::model::{Lesson, Words};

/// Where a link leads.
#[derive(Debug, PartialEq)]
pub(super) enum Target {
    /// A heading of the same text.
    Here(String),
    /// A lesson of the course, and perhaps a heading in it.
    Lesson(String, Option<String>),
    /// The web.
    External,
    /// A path of the course that is no lesson, which is nowhere too; the sentence says so.
    File(String, Words),
    /// Nowhere; the sentence says why.
    Nowhere(Words),
}

/// Where an image comes from.
#[derive(Debug, PartialEq)]
pub(super) enum Picture {
    /// A path inside the course.
    Inside(String),
    /// The web.
    Remote,
    /// Nowhere; the sentence says why.
    Nowhere(Words),
}

/// Where the link `address` leads when it stands on `page`.
pub(super) fn link(address: &str, page: &Page<'_>) -> Target {
    if is_web(address) {
        let inside = mirrored(address, page);
        return match inside.and_then(|path| Some(lesson_at(&path, page)?.id.clone())) {
            Some(lesson) => Target::Lesson(lesson, None),
            None => Target::External,
        };
    }
    // docsify's pages are fragments of one page: `#/folder/text?id=heading`.
    let address = match address.strip_prefix('#') {
        Some(page) if page.starts_with('/') => page,
        Some(anchor) => return Target::Here(percent_decoded(anchor)),
        None => address,
    };
    let (path, anchor) = match address
        .split_once('#')
        .or_else(|| address.split_once("?id="))
    {
        Some((path, anchor)) => (path, Some(percent_decoded(anchor))),
        None => (address, None),
    };
    let Some(inside) = inside(path, page) else {
        return Target::Nowhere(said!(
            "指向 {address:?} 的链接显示为文字：只能链接到本课程的课，或者 http(s) 地址",
            "the link to {address:?} is shown as text: only lessons of this course and http(s) addresses can be linked"
        ));
    };
    match lesson_at(&inside, page) {
        Some(lesson) => Target::Lesson(lesson.id.clone(), anchor),
        None => {
            let reason = said!(
                "指向 {address:?} 的链接显示为文字：本课程里没有这一课",
                "the link to {address:?} leads to no lesson of this course and is shown as text"
            );
            Target::File(inside, reason)
        }
    }
}

/// The lesson whose folder or text is at a path. docsify and mdBook leave out endings, and mdBook
/// names the pages as they are once it has built them.
fn lesson_at<'p>(path: &str, page: &Page<'p>) -> Option<&'p Lesson> {
    let path = path.strip_suffix(".html").unwrap_or(path);
    let folder = match path.strip_suffix("index") {
        Some("") => Some(""),
        Some(folder) => folder.strip_suffix('/'),
        None => Some(path),
    };
    page.course.lessons().find(|lesson| {
        let is_text = |file: &str| lesson.is_text(file);
        let is_opening = |folder: &str| match folder {
            "" => is_text("README.md"),
            folder => is_text(&format!("{folder}/README.md")),
        };
        lesson.path == path
            || is_text(path)
            || is_text(&format!("{path}.md"))
            || folder.is_some_and(is_opening)
    })
}

/// A web address as a path inside the course, if the course has that part of the web itself.
fn mirrored(address: &str, page: &Page<'_>) -> Option<String> {
    let mut mirrors = page.course.mirrors.iter();
    mirrors.find_map(|mirror| {
        let rest = address.strip_prefix(&mirror.from)?;
        let rest = percent_decoded(rest.split(['?', '#']).next().unwrap_or_default());
        let path = match mirror.to.as_str() {
            "" => rest,
            to => format!("{to}/{rest}"),
        };
        is_plain_path(&path).then_some(path)
    })
}

/// Where the image `address` comes from when it stands on `page`.
pub(super) fn picture(address: &str, page: &Page<'_>) -> Picture {
    if is_web(address) || is_web(&format!("https:{address}")) {
        let inside = mirrored(address, page).filter(|path| image_type(path).is_some());
        return inside.map_or(Picture::Remote, Picture::Inside);
    }
    match inside(address, page) {
        Some(path) if image_type(&path).is_some() => Picture::Inside(path),
        Some(_) => Picture::Nowhere(said!(
            "图片 {address:?} 不显示：只支持 PNG、JPEG、GIF、WebP 和 SVG",
            "the image {address:?} is left out: only PNG, JPEG, GIF, WebP and SVG are shown"
        )),
        None => Picture::Nowhere(said!(
            "图片 {address:?} 不显示：它必须是课程里的文件",
            "the image {address:?} is left out: it must be a file inside the course"
        )),
    }
}

/// `http://` or `https://` and a host.
pub(super) fn is_web(address: &str) -> bool {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let start = address.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &address[scheme.len()..])
    });
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_alphanumeric() || first == '['))
}

/// A relative address as a path inside the course.
fn inside(address: &str, page: &Page<'_>) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decoded(path);
    if path.is_empty() || path.starts_with("//") || path.contains([':', '\\']) {
        return None;
    }
    // From the root of the course, as on a Git host, in docsify and in mdBook.
    let mut parts: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => page
            .folder
            .split('/')
            .filter(|part| !part.is_empty())
            .collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    is_plain_path(&path).then_some(path)
}

/// `%E4%B8%AD` to `中`; what is no such code stays as it is.
pub(crate) fn percent_decoded(text: &str) -> String {
    String::from_utf8(percent_decoded_bytes(text)).unwrap_or_else(|_| text.to_string())
}

/// The same of what need not be text.
pub(crate) fn percent_decoded_bytes(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = match bytes[at] {
            b'%' => bytes.get(at + 1..at + 3),
            _ => None,
        };
        let value = code
            .and_then(|code| std::str::from_utf8(code).ok())
            .filter(|code| !code.starts_with('+'))
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        decoded.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    decoded
}

/// A path as an address: everything but unreserved characters and `/` becomes `%XX`.
pub(crate) fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_codes_go_both_ways() {
        assert_eq!(
            percent_encoded("images/图 1.png"),
            "images/%E5%9B%BE%201.png"
        );
        assert_eq!(
            percent_decoded("images/%E5%9B%BE%201.png"),
            "images/图 1.png"
        );
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%+1%FF"), "%zz%+1%FF");
    }

    #[test]
    fn only_http_is_the_web() {
        for address in [
            "https://example.com",
            "HTTP://example.com/a?b#c",
            "https://[::1]/",
        ] {
            assert!(is_web(address), "{address}");
        }
        for address in [
            "https:",
            "https://",
            "https:///x",
            "https://\\x",
            "httpsx://a",
            "ftp://a",
            "中文",
        ] {
            assert!(!is_web(address), "{address}");
        }
    }
}
