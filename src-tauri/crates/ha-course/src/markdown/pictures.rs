//! Links and images on the page: what is written for each kind of address.

use super::links::{self, Picture, Target};
use super::tags::size;
use super::writer::Writer;
use super::{About, push_escaped};
use pulldown_cmark::{Event, TagEnd};

/// An image whose alternative text is being read.
pub(super) struct OpenPicture {
    address: String,
    title: String,
    alternative: String,
    /// Images inside the alternative text.
    inner: usize,
}

impl OpenPicture {
    pub(super) fn new(address: &str, title: &str) -> Self {
        OpenPicture {
            address: address.into(),
            title: title.into(),
            alternative: String::new(),
            inner: 0,
        }
    }
}

/// An image with a title that begins its paragraph: a figure, if nothing follows it.
pub(super) struct Lone {
    end: usize,
    image: String,
    title: String,
}

impl Writer<'_> {
    /// Takes an event inside an image's alternative text.
    pub(super) fn alternative(&mut self, event: &Event<'_>) {
        let Some(picture) = &mut self.picture else {
            return;
        };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) => {
                picture.alternative.push_str(text);
            }
            Event::SoftBreak | Event::HardBreak => picture.alternative.push(' '),
            Event::Start(pulldown_cmark::Tag::Image { .. }) => picture.inner += 1,
            Event::End(TagEnd::Image) if picture.inner > 0 => picture.inner -= 1,
            Event::End(TagEnd::Image) => {
                if let Some(picture) = self.picture.take() {
                    let (title, wanted) = without_attributes(&picture.title);
                    let (alternative, size) = match wanted {
                        Some(wanted) => (picture.alternative.as_str(), written(wanted)),
                        None => without_size(&picture.alternative),
                    };
                    self.image(&picture.address, alternative, &title, &size);
                }
            }
            _ => {}
        }
    }

    /// Writes an image; `size` is attributes or nothing.
    pub(super) fn image(&mut self, address: &str, alternative: &str, title: &str, size: &str) {
        let path = match links::picture(address, self.page) {
            Picture::Inside(_) if self.page.asset_base.is_empty() => {
                return push_escaped(&mut self.out, alternative);
            }
            Picture::Inside(path) => path,
            Picture::Remote => return self.remote_image(address, alternative),
            Picture::Nowhere(reason) => {
                self.tell(About::LeftOut, reason);
                return push_escaped(&mut self.out, alternative);
            }
        };
        if alternative.trim().is_empty() {
            let reason = said!(
                "图片缺少文字说明，看不到图的人需要它：![说明](…)",
                "the image has no text for those who cannot see it: ![text](…)"
            );
            self.tell(About::Other, reason);
        }
        let source = format!("{}{}", self.page.asset_base, links::percent_encoded(&path));
        let mut image = String::from("<img");
        push_attribute(&mut image, "src", &source);
        push_attribute(&mut image, "alt", alternative);
        image.push_str(" loading=\"lazy\"");
        image.push_str(size);
        let start = self.out.len();
        self.out.push_str(&image);
        if !title.is_empty() {
            push_attribute(&mut self.out, "title", title);
        }
        self.out.push('>');
        self.lone = (start == self.paragraph && !title.is_empty()).then(|| Lone {
            end: self.out.len(),
            image,
            title: title.into(),
        });
        self.findings.images.push((self.line(), path));
    }

    /// At the end of a paragraph: makes a figure of an image that stood in it alone.
    pub(super) fn figure(&mut self) {
        let Some(lone) = self.lone.take().filter(|lone| lone.end == self.out.len()) else {
            return;
        };
        // HTML has no figures inside paragraphs, so the figure takes the place of this one.
        self.close_differently("</figcaption></figure>\n");
        self.out.truncate(self.paragraph - "<p>".len());
        self.out.push_str("<figure>");
        self.out.push_str(&lone.image);
        self.out.push_str("><figcaption>");
        push_escaped(&mut self.out, &lone.title);
    }

    /// Nothing is fetched at run time, and a picture that is would tell its server who reads.
    fn remote_image(&mut self, address: &str, alternative: &str) {
        let reason = said!(
            "图片 {address:?} 在网上，显示为链接；请把它复制到 images/",
            "the image {address:?} is on the web, so it is shown as a link; copy it into images/"
        );
        self.tell(About::RemotePicture, reason);
        let text = match alternative.trim() {
            "" => address,
            text => text,
        };
        let open = match address.starts_with("//") {
            true => self.link(&format!("https:{address}"), ""),
            false => self.link(address, ""),
        };
        self.out.push_str(&open);
        push_escaped(&mut self.out, text);
        self.out.push_str(if open.is_empty() { "" } else { "</a>" });
    }

    /// The opening tag of a link with the title of Markdown's.
    pub(super) fn titled_link(&mut self, address: &str, title: &str) -> String {
        self.link(address, &without_attributes(title).0)
    }

    /// The opening tag of a link; empty when the address leads nowhere or a link is open already.
    pub(super) fn link(&mut self, address: &str, title: &str) -> String {
        if self.links > 0 {
            return String::new();
        }
        let mut open = String::from("<a");
        match links::link(address, self.page) {
            Target::External => {
                push_attribute(&mut open, "href", address);
                open.push_str(" data-external rel=\"noopener noreferrer\"");
            }
            Target::Here(anchor) => {
                let href = format!("#{}{anchor}", self.page.id_prefix);
                push_attribute(&mut open, "href", &href);
                self.findings.anchors.push((self.line(), None, anchor));
            }
            Target::Lesson(lesson, anchor) => {
                push_attribute(&mut open, "href", &format!("#lesson/{lesson}"));
                push_attribute(&mut open, "data-lesson", &lesson);
                if let Some(anchor) = anchor {
                    push_attribute(&mut open, "data-anchor", &format!("h-{anchor}"));
                    let found = (self.line(), Some(lesson), anchor);
                    self.findings.anchors.push(found);
                }
            }
            Target::File(path, reason) => {
                self.tell(About::File(path), reason);
                return String::new();
            }
            Target::Nowhere(reason) => {
                self.tell(About::Link, reason);
                return String::new();
            }
        }
        if !title.is_empty() {
            push_attribute(&mut open, "title", title);
        }
        open.push('>');
        open
    }
}

/// A title without docsify's attributes (`:size=50%`, `:ignore`), and the size among them.
fn without_attributes(title: &str) -> (String, Option<&str>) {
    const KNOWN: [&str; 7] = [
        ":size=",
        ":class=",
        ":id=",
        ":no-zoom",
        ":ignore",
        ":target=",
        ":disabled",
    ];
    let is_attribute = |word: &&str| KNOWN.iter().any(|known| word.starts_with(known));
    if !title.split_whitespace().any(|word| is_attribute(&word)) {
        return (title.to_string(), None);
    }
    let words = title.split_whitespace();
    let size = words.clone().find_map(|word| word.strip_prefix(":size="));
    let rest: Vec<_> = words.filter(|word| !is_attribute(word)).collect();
    (rest.join(" "), size)
}

/// An alternative text without the size that note takers write behind it: `text|300`.
fn without_size(alternative: &str) -> (&str, String) {
    let is_size = |size: &&str| {
        let mut sides = size.split('x');
        size.len() <= 9
            && sides.clone().count() <= 2
            && sides.all(|side| !side.is_empty() && side.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let parts = alternative.rsplit_once('|');
    match parts.filter(|(_, size)| is_size(size)) {
        Some((text, size)) => (text, written(size)),
        None => (alternative, String::new()),
    }
}

/// `50%`, `300` or `300x200` as attributes.
fn written(wanted: &str) -> String {
    let (width, height) = wanted.split_once('x').unwrap_or((wanted, ""));
    size(width, height)
}

/// ` name="value"`
pub(super) fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_escaped(out, value);
    out.push('"');
}
