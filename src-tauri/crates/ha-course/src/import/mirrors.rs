//! Addresses on the web whose files the source has itself: books show their own images by the
//! address of their repository.

use super::files;
use super::outline::Outline;
use super::source::Source;
use crate::lesson::image_type;
use crate::markdown::percent_decoded;
use crate::model::Mirror;
use std::collections::BTreeMap;

/// Most different beginnings of addresses that are looked into.
const MAX_MIRRORS: usize = 16;

/// Longest address, in characters.
const MAX_ADDRESS: usize = 500;

/// The mirrors of a book, those that serve most images first.
pub(super) fn find(outline: &Outline) -> Vec<Mirror> {
    let source = &outline.source;
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for place in outline.chapters.iter().flat_map(|chapter| &chapter.lessons) {
        for (_, file) in files(place) {
            let text = source.text(file).unwrap_or_default();
            for address in addresses(&text) {
                let known = found.iter_mut().find(|(from, _)| {
                    let rest = address.strip_prefix(from.as_str());
                    rest.is_some_and(|rest| source.locate(&percent_decoded(rest)).is_ok())
                });
                if let Some((_, count)) = known {
                    *count += 1;
                } else if found.len() < MAX_MIRRORS
                    && let Some(from) = beginning(address, source)
                {
                    found.insert(from, 1);
                }
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mirror = |(from, _): (String, usize)| Mirror {
        from,
        to: String::new(),
    };
    found.into_iter().map(mirror).collect()
}

/// The addresses of images in a text, Markdown's and HTML's alike.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("https://");
    let addresses = starts.filter_map(|(at, _)| {
        let mut letters = text[at..].char_indices().take(MAX_ADDRESS);
        let end = letters.find(|(_, c)| c.is_whitespace() || "\"'()<>`|".contains(*c));
        let length = end.map_or(text.len() - at, |(length, _)| length);
        text.get(at..at + length.min(4 * MAX_ADDRESS))
    });
    addresses.filter(|address| {
        let path = address.split('?').next().unwrap_or_default();
        image_type(path).is_some()
    })
}

/// What an address begins with so that the rest is a file of the source.
fn beginning(address: &str, source: &Source) -> Option<String> {
    let path_start = address["https://".len()..].find('/')? + "https://".len() + 1;
    let mut at = path_start;
    loop {
        let rest = percent_decoded(address[at..].split('?').next()?);
        // A bare name would match by chance.
        if !rest.contains('/') {
            return None;
        }
        if source.locate(&rest).is_ok() {
            return Some(address[..at].to_string());
        }
        at += address[at..].find('/')? + 1;
    }
}
