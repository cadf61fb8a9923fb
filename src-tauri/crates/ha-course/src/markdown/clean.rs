//! The wall: only what the writer writes gets through, whatever the writer was tricked into.
//!
//! Everything is an allow list. Elements that run, load or style are not on it; classes and ids
//! are only ours; an address is the web's, an anchor's, a lesson's or an image's of this course.

use super::links::is_web;
use crate::folder::is_plain_path;
use ammonia::{Builder, UrlRelative};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

const TAGS: [&str; 58] = [
    "a",
    "abbr",
    "aside",
    "b",
    "blockquote",
    "br",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Attributes an element may have, whose values [`allowed`] looks at.
const ATTRIBUTES: [(&str, &[&str]); 16] = [
    (
        "a",
        &[
            "href",
            "title",
            "id",
            "aria-label",
            "data-lesson",
            "data-anchor",
            "data-external",
            "rel",
        ],
    ),
    ("abbr", &["title"]),
    ("aside", &["role", "aria-label"]),
    ("details", &["open"]),
    ("div", &["role", "aria-label", "tabindex"]),
    ("h1", &["id"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    (
        "img",
        &["src", "alt", "title", "loading", "width", "height"],
    ),
    ("input", &["type", "disabled", "checked", "aria-label"]),
    ("li", &["id"]),
    ("ol", &["start"]),
    (
        "pre",
        &[
            "data-language",
            "data-run",
            "data-name",
            "data-after",
            "data-editable",
            "hidden",
            "tabindex",
        ],
    ),
];

/// The classes the page may style; those of coloured code begin with `hl-`.
const CLASSES: [&str; 20] = [
    "align-center",
    "align-left",
    "align-right",
    "callout",
    "callout-caution",
    "callout-important",
    "callout-note",
    "callout-tip",
    "callout-title",
    "callout-warning",
    "code",
    "footnote",
    "footnote-back",
    "footnotes",
    "math",
    "mermaid",
    "tab",
    "tab-title",
    "table-scroll",
    "tabs",
];

/// Elements that go with everything in them.
const SWALLOWED: [&str; 4] = ["script", "style", "template", "noscript"];

/// Removes everything that is not on the lists.
pub(super) fn clean(html: &str, asset_base: &str) -> String {
    let mut attributes: HashMap<&str, HashSet<&str>> = ATTRIBUTES
        .iter()
        .map(|(tag, names)| (*tag, names.iter().copied().collect()))
        .collect();
    for cell in ["td", "th"] {
        attributes.insert(cell, HashSet::from(["colspan", "rowspan"]));
    }
    attributes.insert("section", HashSet::from(["aria-label"]));
    attributes.insert("span", HashSet::from(["data-display"]));
    let asset_scheme = asset_base.split(':').next().unwrap_or_default();
    let schemes = HashSet::from(["http", "https", asset_scheme]);
    let base = asset_base.to_string();
    Builder::empty()
        .tags(HashSet::from(TAGS))
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["class"]))
        // A box that is no checkbox would be a field to type in.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .clean_content_tags(HashSet::from(SWALLOWED))
        .url_schemes(schemes)
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .attribute_filter(move |tag, name, value| allowed(tag, name, value, &base))
        .clean(&broken_up(html))
        .to_string()
}

/// Puts comments, which cleaning takes out again, into long runs of text. The serialiser looks
/// through the rest of a run at every ampersand: at a million of them that takes a quarter of a
/// minute. The writer escapes brackets in text and attributes, so every bracket is a tag's.
fn broken_up(html: &str) -> String {
    const LONGEST: usize = 16 * 1024;
    let mut out = String::with_capacity(html.len() + html.len() / LONGEST);
    let (mut copied, mut run, mut in_tag) = (0, 0, false);
    for (at, special) in html.match_indices(['<', '>', '&']) {
        match special {
            "&" if !in_tag && at - run > LONGEST => {
                out.push_str(&html[copied..at]);
                out.push_str("<!-- -->");
                (copied, run) = (at, at);
            }
            "&" => {}
            bracket => (in_tag, run) = (bracket == "<", at),
        }
    }
    out.push_str(&html[copied..]);
    out
}

/// The value an attribute may have, or nothing.
fn allowed<'v>(tag: &str, name: &str, value: &'v str, asset_base: &str) -> Option<Cow<'v, str>> {
    let keep = match (tag, name) {
        (_, "class") => return our_classes(value),
        (_, "id") => value.starts_with("h-") && !value.contains(char::is_whitespace),
        ("a", "href") => is_web(value) || value.starts_with("#h-") || value.starts_with("#lesson/"),
        ("img", "src") => is_inside(value, asset_base),
        ("img", "width") => is_number(value.strip_suffix('%').unwrap_or(value)),
        (_, "rel") => value == "noopener noreferrer",
        (_, "role") => ["note", "group"].contains(&value),
        (_, "tabindex") => value == "0",
        (_, "loading") => value == "lazy",
        (_, "data-display") => ["true", "false"].contains(&value),
        (_, "colspan" | "rowspan" | "width" | "height" | "start") => is_number(value),
        (
            _,
            "open" | "checked" | "data-external" | "data-run" | "data-editable" | "disabled"
            | "hidden",
        ) => {
            return Some(Cow::Borrowed(""));
        }
        _ => true,
    };
    keep.then_some(Cow::Borrowed(value))
}

fn is_number(value: &str) -> bool {
    (1..=9).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn our_classes(value: &str) -> Option<Cow<'_, str>> {
    let is_ours = |class: &&str| CLASSES.contains(class) || class.starts_with("hl-");
    let ours: Vec<_> = value.split_whitespace().filter(is_ours).collect();
    (!ours.is_empty()).then(|| Cow::Owned(ours.join(" ")))
}

/// An address below the course's, which no browser would resolve to one above it.
fn is_inside(address: &str, asset_base: &str) -> bool {
    let path = address.strip_prefix(asset_base);
    path.is_some_and(|path| {
        let lower = path.to_ascii_lowercase();
        !asset_base.is_empty()
            && is_plain_path(path)
            && !lower.contains("%2e")
            && !lower.contains("%2f")
    })
}
