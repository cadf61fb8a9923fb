//! The author's own HTML tags, cut into tokens. Which of them count is the writer's to say.
//!
//! This is no wall: what comes out is written anew and then cleaned. It keeps hostile markup from
//! making the HTML parser behind it slow, and unclosed tags from swallowing the rest of a lesson.
//! Every byte is looked at a bounded number of times.

/// One piece of raw HTML.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// Text between tags, with its entities as they are.
    Text(&'a str),
    /// `<name …>`, in lower case.
    Open(String, Vec<(String, String)>),
    /// `</name>`, in lower case.
    Close(String),
}

/// Elements whose content is no text for readers: it goes with them.
pub(super) const SWALLOWED: [&str; 17] = [
    "script",
    "style",
    "template",
    "iframe",
    "object",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "title",
    "textarea",
    "select",
    "svg",
    "math",
    "audio",
    "video",
];

/// Cuts raw HTML into tokens. Comments, declarations and swallowed content yield nothing but the
/// opening tag of what was swallowed.
pub(super) fn tokens(mut html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    while let Some(start) = html.find('<') {
        if start > 0 {
            tokens.push(Token::Text(&html[..start]));
        }
        html = &html[start..];
        let Some((token, rest)) = tag(html) else {
            // A `<` that begins no tag is text; the escaped bracket is the writer's business.
            tokens.push(Token::Text(&html[..1]));
            html = &html[1..];
            continue;
        };
        html = rest;
        if let Some(Token::Open(name, _)) = &token
            && SWALLOWED.contains(&name.as_str())
        {
            html = after_closing(html, name);
        }
        tokens.extend(token);
    }
    if !html.is_empty() {
        tokens.push(Token::Text(html));
    }
    tokens
}

/// The tag (or comment, which is no token) at the start of `html`, and what follows it.
fn tag(html: &str) -> Option<(Option<Token<'_>>, &str)> {
    let inner = &html[1..];
    if let Some(comment) = inner.strip_prefix("!--") {
        let rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
        return Some((None, rest));
    }
    if inner.starts_with(['!', '?']) {
        let rest = inner.split_once('>').map_or("", |(_, rest)| rest);
        return Some((None, rest));
    }
    let (is_closing, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    if !inner.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let end = inner.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    // A tag that never ends takes the rest with it: browsers do the same, and looking for its end
    // again and again would take forever.
    let Some(end) = end else {
        return Some((None, ""));
    };
    let name = inner[..end].to_ascii_lowercase();
    let (attributes, rest) = attributes(&inner[end..]);
    let token = match is_closing {
        true => Token::Close(name),
        false => Token::Open(name, attributes),
    };
    Some((Some(token), rest))
}

/// Attributes up to the `>` that ends the tag, and what follows it.
fn attributes(mut html: &str) -> (Vec<(String, String)>, &str) {
    let mut attributes = Vec::new();
    loop {
        html = html.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if html.is_empty() {
            return (attributes, "");
        }
        if let Some(rest) = html.strip_prefix('>') {
            return (attributes, rest);
        }
        // An equals sign in front belongs to the name, so that every turn takes something.
        let name_end = html
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))
            .map_or(html.len(), |(at, _)| at);
        let name = html[..name_end].to_ascii_lowercase();
        html = html[name_end..].trim_start();
        let mut value = "";
        if let Some(rest) = html.strip_prefix('=') {
            (value, html) = attribute_value(rest.trim_start());
        }
        attributes.push((name, value.replace("&amp;", "&")));
    }
}

fn attribute_value(html: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(rest) = html.strip_prefix(quote) {
            return rest.split_once(quote).unwrap_or((rest, ""));
        }
    }
    let end = html.find(|c: char| c.is_ascii_whitespace() || c == '>');
    html.split_at(end.unwrap_or(html.len()))
}

/// What follows `</name`; nothing when it never comes.
fn after_closing<'a>(html: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = html[from..].find("</") {
        let start = from + at + 2;
        let found = html.get(start..start + name.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            let rest = &html[start + name.len()..];
            return rest.split_once('>').map_or("", |(_, rest)| rest);
        }
        from = start;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let shown: Vec<_> = tokens(html)
            .into_iter()
            .map(|token| match token {
                Token::Text(text) => format!("text {text:?}"),
                Token::Open(name, attributes) => {
                    let attributes = attributes
                        .iter()
                        .map(|(name, value)| format!(" {name}={value:?}"));
                    format!("open {name}{}", attributes.collect::<String>())
                }
                Token::Close(name) => format!("close {name}"),
            })
            .collect();
        assert_eq!(shown.join(", "), expected, "{html}");
    }

    #[test]
    fn tags_and_text_come_apart() {
        check("<B>x</b>", r#"open b, text "x", close b"#);
        check("<br/>a < b", r#"open br, text "a ", text "<", text " b""#);
        check(
            r#"<img src='a "b".png' width=10 hidden alt="">"#,
            r#"open img src="a \"b\".png" width="10" hidden="" alt="""#,
        );
    }

    #[test]
    fn what_is_no_text_for_readers_goes() {
        check("<!-- x > y --><i>", "open i");
        check(
            "<script>a<b></SCRIPT x>after",
            r#"open script, text "after""#,
        );
        check("<style>never closed <b>", "open style");
        check("<!DOCTYPE x><?php y ?>z", r#"text "z""#);
    }

    #[test]
    fn broken_tags_end_somewhere() {
        check("<a href=\"x", "open a href=\"x\"");
        check("<a", "");
        check("<a = =b>x", r#"open a =="b", text "x""#);
        check("</ x>", r#"text "<", text "/ x>""#);
    }
}
