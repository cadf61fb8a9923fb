//! Addresses that stand in a sentence as they are: links, as GitHub has them.
//!
//! One that holds other letters than ASCII's ends before them: in Chinese nothing parts it from the
//! words that follow.

use super::links::is_web;
use super::writer::Writer;
use linkify::{LinkFinder, LinkKind};

impl Writer<'_> {
    /// Writes text that may hold addresses.
    pub(super) fn sentence(&mut self, text: &str) {
        let may_hold = text.contains("://") || text.contains("www.");
        if !may_hold || self.is_in_code() || self.links > 0 {
            return self.plain(text);
        }
        let mut finder = LinkFinder::new();
        finder
            .kinds(&[LinkKind::Url])
            .url_must_have_scheme(false)
            .url_can_be_iri(false);
        let mut written = 0;
        for found in finder.links(text) {
            let address = match found.as_str() {
                address if is_web(address) => address.to_string(),
                address if address.starts_with("www.") => format!("https://{address}"),
                _ => continue,
            };
            self.plain(&text[written..found.start()]);
            let open = self.link(&address, "");
            self.out.push_str(&open);
            self.plain(found.as_str());
            if !open.is_empty() {
                self.out.push_str("</a>");
            }
            written = found.end();
        }
        self.plain(&text[written..]);
    }
}
