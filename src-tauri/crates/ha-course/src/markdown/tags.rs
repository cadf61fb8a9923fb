//! The author's own HTML tags on the page: a few that Markdown has no sign for.

use super::About;
use super::pictures::push_attribute;
use super::raw::{self, Token};
use super::writer::Writer;
use crate::model::Words;

/// What is written, with what closes it. The formatting ones are written without attributes: the
/// HTML parser keeps a list of those that are open, and equal ones are what keeps it short.
const TAGS: [(&str, &str); 48] = [
    ("abbr", "</abbr>"),
    ("b", "</b>"),
    ("blockquote", "</blockquote>"),
    ("cite", "</cite>"),
    ("code", "</code>"),
    ("dd", "</dd>"),
    ("del", "</del>"),
    ("details", "</details>"),
    ("div", "</div>"),
    ("dl", "</dl>"),
    ("dt", "</dt>"),
    ("em", "</em>"),
    ("figcaption", "</figcaption>"),
    ("figure", "</figure>"),
    ("h1", "</h1>"),
    ("h2", "</h2>"),
    ("h3", "</h3>"),
    ("h4", "</h4>"),
    ("h5", "</h5>"),
    ("h6", "</h6>"),
    ("i", "</i>"),
    ("ins", "</ins>"),
    ("kbd", "</kbd>"),
    ("li", "</li>"),
    ("mark", "</mark>"),
    ("ol", "</ol>"),
    ("p", "</p>"),
    ("pre", "</pre>"),
    ("q", "</q>"),
    ("rp", "</rp>"),
    ("rt", "</rt>"),
    ("ruby", "</ruby>"),
    ("s", "</s>"),
    ("samp", "</samp>"),
    ("small", "</small>"),
    ("strong", "</strong>"),
    ("sub", "</sub>"),
    ("summary", "</summary>"),
    ("sup", "</sup>"),
    ("table", "</table>"),
    ("tbody", "</tbody>"),
    ("td", "</td>"),
    ("th", "</th>"),
    ("thead", "</thead>"),
    ("tr", "</tr>"),
    ("u", "</u>"),
    ("ul", "</ul>"),
    ("var", "</var>"),
];
/// The same for elements that hold nothing.
const EMPTY: [(&str, &str); 3] = [("br", "<br>"), ("hr", "<hr>"), ("wbr", "<wbr>")];

impl Writer<'_> {
    /// Writes a piece of the author's HTML.
    pub(super) fn raw(&mut self, html: &str) {
        for token in raw::tokens(html) {
            match token {
                // Entities are the author's, so ampersands stay; brackets were no tags.
                Token::Text(text) => {
                    let text = text.replace('<', "&lt;").replace('>', "&gt;");
                    self.out.push_str(&text);
                }
                Token::Open(name, attributes) => self.raw_open(&name, &attributes),
                Token::Close(name) => {
                    self.close_raw(&name);
                }
            }
        }
    }

    fn raw_open(&mut self, name: &str, attributes: &[(String, String)]) {
        let value = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name == wanted);
            found.map_or("", |(_, value)| value.as_str())
        };
        match name {
            "a" => {
                let open = self.link(value("href"), value("title"));
                if !open.is_empty() && self.open_raw("a", &open, "</a>") {
                    self.links += 1;
                }
                return;
            }
            "img" => {
                let (width, height) = styled(value("style"));
                let given = |name, styled| match value(name) {
                    "" => styled,
                    value => value,
                };
                let size = size(given("width", width), given("height", height));
                return self.image(value("src"), value("alt"), value("title"), &size);
            }
            "center" => {
                self.open_raw("center", "<div class=\"align-center\">", "</div>");
                return;
            }
            _ => {}
        }
        if let Some((_, html)) = EMPTY.iter().find(|(tag, _)| *tag == name) {
            return self.out.push_str(html);
        }
        let Some((tag, close)) = TAGS.iter().find(|(tag, _)| *tag == name) else {
            let what = match raw::SWALLOWED.contains(&name) {
                true => Words::default(),
                false => said!("，里面的内容照常显示", "; what is in it is"),
            };
            // The name is the author's and could be of any length.
            let name: String = name.chars().take(24).collect();
            let reason = said!(
                "课文里不显示 <{name}>{what}",
                "<{name}> is not shown in lessons{what}";
                what
            );
            return self.tell_once(About::LeftOut, reason);
        };
        let mut open = format!("<{tag}");
        for name in raw_attributes(tag) {
            let value = value(name);
            if !value.is_empty() {
                push_attribute(&mut open, name, value);
            }
        }
        if let Some(class) = alignment(tag, value("align")) {
            push_attribute(&mut open, "class", class);
        }
        if *tag == "details" && attributes.iter().any(|(name, _)| name == "open") {
            open.push_str(" open");
        }
        open.push('>');
        self.open_raw(tag, &open, close);
    }
}

/// What a tag keeps besides its name.
fn raw_attributes(tag: &str) -> &'static [&'static str] {
    match tag {
        "abbr" => &["title"],
        "td" | "th" => &["colspan", "rowspan"],
        "ol" => &["start"],
        _ => &[],
    }
}

/// The class for `align="center"` and its like, on what holds text.
fn alignment(tag: &str, align: &str) -> Option<&'static str> {
    let holds_text = matches!(
        tag,
        "div" | "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "td" | "th" | "table"
    );
    match align.trim().to_ascii_lowercase().as_str() {
        "center" if holds_text => Some("align-center"),
        "left" if holds_text => Some("align-left"),
        "right" if holds_text => Some("align-right"),
        _ => None,
    }
}

/// The width and the height in an image's style. Typora's `zoom` is a part of what the picture has of
/// its own; here it is that part of the column, which screenshots are wider than.
fn styled(style: &str) -> (&str, &str) {
    let named = |wanted: &str| {
        let rules = style.split(';').filter_map(|rule| rule.split_once(':'));
        let mut values = rules.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        values.next().map(|(_, value)| value.trim())
    };
    let width = named("width").or_else(|| named("zoom"));
    (
        width.unwrap_or_default(),
        named("height").unwrap_or_default(),
    )
}

/// An image's size as attributes: pixels, or for the width a part of the column.
pub(super) fn size(width: &str, height: &str) -> String {
    let is_number = |value: &str, digits: usize| {
        (1..=digits).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut size = String::new();
    for (name, value) in [("width", width), ("height", height)] {
        let value = value.trim().trim_end_matches("px");
        let is_part = name == "width"
            && value
                .strip_suffix('%')
                .is_some_and(|part| is_number(part, 3));
        if is_part || is_number(value, 4) {
            push_attribute(&mut size, name, value);
        }
    }
    size
}
