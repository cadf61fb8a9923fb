//! Callouts that other book makers have: `:::tip … :::`, docsify's `?>` and `!>`, and quotes whose
//! sign says more than GFM's: `> [!TIP|label:Title]`, `> [!tip] Title`, folded with `> [!tip]-`.
//!
//! CommonMark sees a paragraph in a line of `:::`, and joins it with what follows. So before the
//! text is parsed, each such line becomes an empty comment, which is a block of its own and ends a
//! paragraph; which comments they are is known by their lines, so that an author's own comment is
//! never taken for one. Lines stay where they are: problems are told by line.

use super::writer::Writer;
use super::{labels, push_escaped};
use pulldown_cmark::{BlockQuoteKind, Event, Parser, Tag};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Deepest nesting of containers; a line that would open a deeper one stays text.
const MAX_OPEN: usize = 8;
/// What a container's frame is called, for what closes it.
const NAME: &str = ":::";

/// A text whose container lines are comments.
pub(super) struct Prepared<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) markers: HashMap<u32, Marker>,
}

/// What a container line does.
pub(super) enum Marker {
    /// Opens one, with the author's title, which may be empty.
    Open(Kind, String),
    /// Closes the innermost one.
    Close,
}

/// What a container is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Callout(BlockQuoteKind),
    /// A part that unfolds.
    Details,
}

/// Finds the container lines of a text.
pub(super) fn prepare(text: &str) -> Prepared<'_> {
    let mut markers = HashMap::new();
    if !text.contains(":::") {
        return Prepared {
            text: Cow::Borrowed(text),
            markers,
        };
    }
    let verbatim = verbatim(text);
    let mut verbatim = verbatim.iter().peekable();
    let mut prepared = String::with_capacity(text.len());
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        while verbatim.next_if(|range| range.end <= at).is_some() {}
        let is_verbatim = verbatim.peek().is_some_and(|range| range.start <= at);
        at += line.len();
        let marker = match is_verbatim {
            true => None,
            false => marker(line, &mut open),
        };
        let Some(marker) = marker else {
            prepared.push_str(line);
            continue;
        };
        markers.insert(index as u32 + 1, marker);
        let indent = line.len() - line.trim_start_matches(' ').len();
        prepared.push_str(&line[..indent]);
        prepared.push_str("<!---->");
        prepared.push_str(&line[line.trim_end_matches(['\r', '\n']).len()..]);
    }
    Prepared {
        text: Cow::Owned(prepared),
        markers,
    }
}

/// Where code stands, in order: a `:::` there is its own.
fn verbatim(text: &str) -> Vec<Range<usize>> {
    let is_code = |html: &str| {
        ["<pre", "<script", "<style", "<textarea", "<!--"]
            .iter()
            .any(|start| {
                html.get(..start.len())
                    .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
            })
    };
    let events = Parser::new_ext(text, super::options()).into_offset_iter();
    let blocks = events.filter_map(|(event, range)| match event {
        Event::Start(Tag::CodeBlock(_)) => Some(range),
        Event::Start(Tag::HtmlBlock) if is_code(text[range.clone()].trim_start()) => Some(range),
        _ => None,
    });
    blocks.collect()
}

/// Reads one line. `open` holds how many colons opened each container that is open.
fn marker(line: &str, open: &mut Vec<usize>) -> Option<Marker> {
    let inner = line.trim_start_matches(' ');
    // Four blanks are a code block.
    if line.len() - inner.len() > 3 {
        return None;
    }
    let rest = inner.trim_start_matches(':');
    let colons = inner.len() - rest.len();
    let rest = rest.trim();
    if colons < 3 {
        return None;
    }
    if rest.is_empty() {
        // As with fences: what closes is at least as long as what opened.
        let closes = open.last().is_some_and(|opened| colons >= *opened);
        return closes.then(|| {
            open.pop();
            Marker::Close
        });
    }
    let end = rest.find(|c: char| !c.is_ascii_alphabetic());
    let (name, title) = rest.split_at(end.unwrap_or(rest.len()));
    let kind = kind(name)?;
    if open.len() == MAX_OPEN {
        return None;
    }
    open.push(colons);
    Some(Marker::Open(kind, plain_title(title)))
}

/// By every name that book makers use.
fn kind(name: &str) -> Option<Kind> {
    Some(match name.to_ascii_lowercase().as_str() {
        "note" | "info" => Kind::Callout(BlockQuoteKind::Note),
        "tip" | "hint" | "success" => Kind::Callout(BlockQuoteKind::Tip),
        "important" => Kind::Callout(BlockQuoteKind::Important),
        "warning" | "attention" => Kind::Callout(BlockQuoteKind::Warning),
        "caution" | "danger" | "error" => Kind::Callout(BlockQuoteKind::Caution),
        "details" => Kind::Details,
        _ => return None,
    })
}

/// `[Title]`, `Title` or `{…} Title`, without signs.
fn plain_title(title: &str) -> String {
    let title = title.trim();
    let title = match title
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((title, _)) => title,
        None => title.split('{').next().unwrap_or_default(),
    };
    title.trim().to_string()
}

/// What a paragraph of docsify's begins with when it is a callout.
pub(super) fn docsify(paragraph: &str) -> Option<BlockQuoteKind> {
    match paragraph.as_bytes() {
        [b'?', b'>', ..] => Some(BlockQuoteKind::Tip),
        [b'!', b'>', ..] => Some(BlockQuoteKind::Important),
        _ => None,
    }
}

/// A quote that is a callout.
#[derive(Debug, PartialEq)]
pub(super) struct Titled {
    kind: Kind,
    /// The author's, which may be empty.
    title: String,
    /// Of the line with the sign, in bytes.
    pub(super) length: usize,
}

/// What a quote begins with when it is a callout whose sign GFM does not know.
pub(super) fn titled(quote: &str) -> Option<Titled> {
    let line = quote.split_inclusive('\n').next()?;
    let sign = line.trim_start().strip_prefix('>')?.trim_start();
    let (sign, after) = sign.strip_prefix("[!")?.split_once(']')?;
    let mut parts = sign.split('|');
    let kind = kind(parts.next()?.trim())?;
    let label = parts.find_map(|part| part.trim().strip_prefix("label:"));
    let (kind, after) = match after.strip_prefix('-') {
        Some(after) => (Kind::Details, after),
        None => (kind, after.strip_prefix('+').unwrap_or(after)),
    };
    let title = label.unwrap_or(after).replace("**", "").replace('`', "");
    Some(Titled {
        kind,
        title: title.trim().to_string(),
        length: line.len(),
    })
}

impl Writer<'_> {
    /// The opening of a quote that is a callout, and what closes it.
    pub(super) fn titled_open(&self, titled: &Titled) -> (String, &'static str) {
        match titled.kind {
            Kind::Callout(kind) => (self.callout_open(kind, &titled.title), "</aside>\n"),
            Kind::Details => (self.details_open(&titled.title), "</details>\n"),
        }
    }

    fn details_open(&self, title: &str) -> String {
        let mut open = String::from("<details><summary>");
        let ours = labels::details(self.page.language);
        push_escaped(&mut open, if title.is_empty() { ours } else { title });
        open + "</summary>\n"
    }

    /// The opening of a callout with its title.
    pub(super) fn callout_open(&self, kind: BlockQuoteKind, title: &str) -> String {
        let (class, ours) = labels::callout(kind, self.page.language);
        let mut shown = String::new();
        push_escaped(&mut shown, if title.is_empty() { ours } else { title });
        format!(
            "<aside class=\"callout {class}\" role=\"note\" aria-label=\"{shown}\"><p class=\"callout-title\">{shown}</p>\n"
        )
    }

    /// Writes what a container line means.
    pub(super) fn container(&mut self, marker: Marker) {
        match marker {
            Marker::Open(Kind::Callout(kind), title) => {
                let open = self.callout_open(kind, &title);
                self.open_raw(NAME, &open, "</aside>\n");
            }
            Marker::Open(Kind::Details, title) => {
                let open = self.details_open(&title);
                self.open_raw(NAME, &open, "</details>\n");
            }
            Marker::Close => {
                self.close_raw(NAME);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(prepare(text).text, expected, "{text:?}");
    }

    #[test]
    fn container_lines_become_comments_and_lines_stay() {
        check("a\n:::tip\nb\n:::\n", "a\n<!---->\nb\n<!---->\n");
        check(
            "  ::: warning 标题 \r\nb\r\n  :::",
            "  <!---->\r\nb\r\n  <!---->",
        );
        check(
            "::::note\n:::tip\n:::\n::::\n",
            "<!---->\n<!---->\n<!---->\n<!---->\n",
        );
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        for text in [
            ":::\n",
            "::tip\n",
            ":::nonsense\n:::\n",
            "```\n:::tip\n:::\n```\n",
            "- ```\n  :::tip\n  ```\n",
            "    :::tip\n",
            "<pre>\n:::tip\n</pre>\n",
            "a :::tip\n",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn titles_are_read_in_every_spelling() {
        for (title, expected) in [
            (" 小心", "小心"),
            ("[A b]{#x}", "A b"),
            (" {open}", ""),
            ("", ""),
        ] {
            assert_eq!(plain_title(title), expected, "{title:?}");
        }
    }
    #[test]
    fn signs_of_quotes_are_read_in_every_spelling() {
        let tip = Kind::Callout(BlockQuoteKind::Tip);
        for (quote, kind, title) in [
            ("> [!TIP|label:小心 **点**]\n> a", tip, "小心 点"),
            ("> [!TIP|style:flat|label:A b]", tip, "A b"),
            (">[!hint] A `b`\n", tip, "A b"),
            ("> [!tip]+ A\n", tip, "A"),
            ("> [!success]\n", tip, ""),
            ("> [!tip]- A\n", Kind::Details, "A"),
        ] {
            let read = titled(quote).unwrap_or_else(|| panic!("{quote}"));
            assert_eq!((read.kind, &*read.title), (kind, title), "{quote}");
            assert_eq!(
                read.length,
                quote.find('\n').map_or(quote.len(), |at| at + 1)
            );
        }
        for quote in [
            "> [!nonsense] a",
            "> [!tip",
            "> a [!tip]",
            "[!tip]",
            ">",
            "",
        ] {
            assert_eq!(titled(quote), None, "{quote}");
        }
    }
}
