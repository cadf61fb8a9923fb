//! What is inside a drawing. An SVG draws nothing large by itself, but it can hold pictures, and
//! drawings that hold pictures, as `data:` addresses in its attributes and styles; and it says how
//! large it wants to be drawn. All of them together may have as many pixels as a picture.
//!
//! Looks for addresses everywhere, not only where a browser follows them, and refuses what browsers
//! and we might read differently: entities of the drawing's own, other encodings, broken XML. Parts
//! that are drawn by reference are counted as often as they are drawn. Draws nothing and does not count
//! what shapes and filters cost, nor what style sheets refer to.

use crate::markdown::percent_decoded_bytes;
use crate::model::Words;
use crate::picture_size::{MAX_PIXELS, picture_size, too_large};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion, escape};
use std::borrow::Cow;
use std::collections::HashMap;

/// How often parts may be drawn by reference: ten times what a large diagram does, drawn in a second.
const MAX_DRAWN: u64 = 100_000;
/// How deep parts may refer to parts: an icon of a pattern of gradients is the third.
const MAX_REFERENCES: usize = 16;
/// How deep drawings may hold drawings: an icon in a diagram is the second.
const MAX_DEPTH: usize = 3;
/// How many bytes are looked at for each byte of the drawing: addresses can be written so that each
/// holds all that come after it.
const EFFORT: usize = 16;
/// What is looked at of the smallest drawing.
const LEAST_EFFORT: usize = 64 * 1024;
/// Encodings in which an ASCII letter is its byte, as we read it.
const ENCODINGS: [&str; 4] = ["utf-8", "us-ascii", "iso-8859-1", "windows-1252"];
/// How fonts begin; a drawing may bring its own.
const FONTS: [&[u8]; 5] = [b"wOFF", b"wOF2", b"OTTO", b"true", b"\0\x01\0\0"];
/// What browsers take an `em` for where nothing else is said.
const EM: f64 = 16.0;

/// As browsers decode it: padding or none, and whatever is left over.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a drawing is not shown; nothing for one that is.
pub(crate) fn objection(bytes: &[u8]) -> Option<Words> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some(said!(
            "不是 UTF-8；请另存为 UTF-8 编码的纯 SVG",
            "not UTF-8; save the drawing as plain SVG in UTF-8"
        ));
    };
    let mut look = Look {
        pixels: 0,
        effort: LEAST_EFFORT + EFFORT * bytes.len(),
    };
    look.drawing(text, 1).err()
}

/// What was seen of a drawing so far.
struct Look {
    /// Of all pictures in it.
    pixels: u64,
    /// Bytes that may still be looked at.
    effort: usize,
}

impl Look {
    fn drawing(&mut self, text: &str, depth: usize) -> Result<(), Words> {
        if depth > MAX_DEPTH {
            return Err(said!(
                "里面的 SVG 套得太深",
                "drawings nest too deeply in it"
            ));
        }
        self.spend(text.len())?;
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        // A run of text comes in pieces, and an address may stand across them.
        let mut run = String::new();
        let mut is_first = true;
        let mut parts = Parts::default();
        loop {
            let event = reader.read_event().map_err(|_| broken())?;
            match &event {
                Event::Text(text) => run.push_str(text),
                Event::CData(text) => run.push_str(text),
                Event::GeneralRef(reference) => run.push_str(&letter(reference)?),
                _ => self.addresses(&std::mem::take(&mut run), depth)?,
            }
            match event {
                Event::Decl(declared) => well_encoded(&declared)?,
                Event::DocType(words) if words.contains('[') => {
                    return Err(said!(
                        "里面自己声明了实体；请另存为纯 SVG",
                        "declares entities of its own; save it as plain SVG"
                    ));
                }
                Event::PI(words) => self.addresses(&words, depth)?,
                Event::Start(element) => {
                    let part = self.element(&element, std::mem::take(&mut is_first), depth)?;
                    self.spend(parts.weight(&part))?;
                    parts.open(part);
                }
                Event::Empty(element) => {
                    let part = self.element(&element, std::mem::take(&mut is_first), depth)?;
                    self.spend(parts.weight(&part))?;
                    parts.open(part);
                    parts.close();
                }
                Event::End(_) => parts.close(),
                Event::Eof if parts.is_open() || is_first => return Err(broken()),
                Event::Eof => return parts.count(),
                _ => {}
            }
        }
    }

    fn element(
        &mut self,
        element: &BytesStart<'_>,
        is_first: bool,
        depth: usize,
    ) -> Result<Part, Words> {
        let mut frame = Frame::default();
        let mut part = Part::default();
        // Looking for doubles compares each with all; of two of a name, both are looked at here.
        for attribute in element.attributes().with_checks(false) {
            let attribute: Attribute<'_> = attribute.map_err(|_| broken())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|_| broken())?;
            if is_first {
                frame.read(attribute.key.as_ref(), &value);
            }
            part.read(attribute.key.as_ref(), &value);
            self.addresses(&value, depth)?;
        }
        match frame.size() {
            Some((width, height)) if width * height > MAX_PIXELS as f64 => {
                Err(too_large(&Words::same(format!("{width} × {height}"))))
            }
            _ => Ok(part),
        }
    }

    /// Looks at every `data:` in a text, as it stands and as a style sheet reads it.
    fn addresses(&mut self, text: &str, depth: usize) -> Result<(), Words> {
        self.spend(text.len())?;
        if text.len() < "data:".len() {
            return Ok(());
        }
        // Addresses are read without these, wherever they stand.
        let text = text.replace(['\t', '\n', '\r'], "");
        let before = self.pixels;
        self.written(&text, depth)?;
        if text.contains('\\') {
            let as_written = std::mem::replace(&mut self.pixels, before);
            self.written(&without_escapes(&text), depth)?;
            // One of both readings is the true one.
            self.pixels = self.pixels.max(as_written);
        }
        Ok(())
    }

    fn written(&mut self, text: &str, depth: usize) -> Result<(), Words> {
        let lower = text.to_ascii_lowercase();
        for (at, scheme) in lower.match_indices("data:") {
            let rest = &text[at + scheme.len()..];
            let end = match text[..at].chars().next_back() {
                Some(quote @ ('"' | '\'')) => rest.find(quote),
                Some('(') => rest.find(')'),
                _ => None,
            };
            self.address(&rest[..end.unwrap_or(rest.len())], depth)?;
        }
        Ok(())
    }

    /// What follows a `data:`: a media type, perhaps how it is packed, a comma, bytes.
    fn address(&mut self, address: &str, depth: usize) -> Result<(), Words> {
        self.spend(address.len())?;
        let Some((kind, packed)) = address.split_once(',') else {
            return Ok(());
        };
        let kind = kind.trim().to_ascii_lowercase();
        let mut bytes = percent_decoded_bytes(packed);
        let base64 = kind.strip_suffix("base64").map(str::trim_end);
        if base64.is_some_and(|kind| kind.ends_with(';')) {
            bytes = unpacked(&bytes);
        }
        if let Some((width, height)) = picture_size(&bytes) {
            self.pixels += u64::from(width) * u64::from(height);
            return match self.pixels > MAX_PIXELS {
                true => Err(too_large(&said!(
                    "里面的图片一共有 {}",
                    "the pictures in it have together {}",
                    self.pixels
                ))),
                false => Ok(()),
            };
        }
        let is_font = FONTS.iter().any(|font| bytes.starts_with(font));
        if bytes.is_empty() || is_font {
            return Ok(());
        }
        let is_picture = kind.starts_with("image/");
        match std::str::from_utf8(&bytes) {
            Ok(text)
                if text
                    .trim_start_matches('\u{feff}')
                    .trim_start()
                    .starts_with('<') =>
            {
                self.drawing(text.trim_start(), depth + 1)
            }
            Ok(text) if !is_picture && depth < MAX_DEPTH => self.addresses(text, depth + 1),
            _ => Err(said!(
                "里面有一张图片，不是 PNG、JPEG、GIF、WebP 或 SVG",
                "holds a picture that is no PNG, JPEG, GIF, WebP or SVG"
            )),
        }
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Words> {
        let left = self.effort.checked_sub(bytes);
        self.effort = left.ok_or_else(|| {
            said!(
                "地址里面又套着地址；请另存为纯 SVG",
                "holds addresses within addresses; save it as plain SVG"
            )
        })?;
        Ok(())
    }
}

/// An element's name for others, which most have not, and the names that it refers to.
#[derive(Default)]
struct Part {
    id: String,
    wanted: Vec<String>,
}

impl Part {
    fn read(&mut self, name: &str, value: &str) {
        match name {
            "id" => self.id = value.into(),
            "href" | "xlink:href" => {
                self.wanted
                    .extend(value.trim().strip_prefix('#').map(Into::into));
            }
            // `fill`, `mask`, `style` and their kin.
            _ => {
                let references = value.split("url(").skip(1);
                let names = references.filter_map(|reference| {
                    let reference = reference.trim_start_matches([' ', '"', '\'']);
                    let name = reference.strip_prefix('#')?;
                    name.split([')', '"', '\'', ' ']).next()
                });
                self.wanted.extend(names.map(Into::into));
            }
        }
        self.wanted.retain(|name| !name.is_empty());
    }
}

/// What is drawn by reference in each part of a drawing, parts inside it included.
#[derive(Default)]
struct Parts {
    /// Names of the elements that are open.
    open: Vec<String>,
    /// By name; all of the drawing is under the empty one.
    wanted: HashMap<String, Vec<String>>,
}

impl Parts {
    /// Bytes that are kept for a part that is opened now.
    fn weight(&self, part: &Part) -> usize {
        let bytes: usize = part.wanted.iter().map(|name| name.len() + 1).sum();
        bytes * (self.open.len() + 2)
    }

    fn open(&mut self, part: Part) {
        self.open.push(part.id);
        if part.wanted.is_empty() {
            return;
        }
        let named = self.open.iter().filter(|id| !id.is_empty());
        for id in std::iter::once(&String::new()).chain(named) {
            let wanted = self.wanted.entry(id.clone()).or_default();
            wanted.extend_from_slice(&part.wanted);
        }
    }

    fn close(&mut self) {
        self.open.pop();
    }

    fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Refuses what would be drawn without end, or as good as.
    fn count(&self) -> Result<(), Words> {
        match self.drawn("", &mut HashMap::new(), 0) {
            Some(drawn) if drawn <= MAX_DRAWN => Ok(()),
            _ => Err(said!(
                "里面的图形层层引用，要画的次数太多",
                "its parts refer to each other and would be drawn too often"
            )),
        }
    }

    /// How often parts are drawn for this one; nothing when they refer to each other too deeply, in a
    /// circle for instance.
    fn drawn<'a>(
        &'a self,
        name: &str,
        known: &mut HashMap<&'a str, u64>,
        depth: usize,
    ) -> Option<u64> {
        let mut drawn = 0u64;
        for wanted in self.wanted.get(name).into_iter().flatten() {
            let inside = match known.get(wanted.as_str()) {
                Some(inside) => *inside,
                None if depth == MAX_REFERENCES => return None,
                None => self.drawn(wanted, known, depth + 1)?,
            };
            known.insert(wanted, inside);
            drawn = drawn.saturating_add(inside).saturating_add(1);
        }
        Some(drawn)
    }
}

/// How large the outermost element says the drawing is.
#[derive(Default)]
struct Frame {
    width: Option<f64>,
    height: Option<f64>,
    /// Height by width of what is drawn.
    ratio: Option<f64>,
}

impl Frame {
    fn read(&mut self, name: &str, value: &str) {
        match name {
            "width" => self.width = pixels(value),
            "height" => self.height = pixels(value),
            "viewBox" => {
                let numbers = value.split([' ', ',']).filter(|part| !part.is_empty());
                let numbers: Vec<f64> = numbers.filter_map(|part| part.parse().ok()).collect();
                if let [_, _, width, height] = numbers[..] {
                    let ratio = height / width;
                    self.ratio = (ratio.is_finite() && ratio > 0.0).then_some(ratio);
                }
            }
            _ => {}
        }
    }

    /// In pixels; nothing for a drawing as large as its place. What is not said follows from what is
    /// drawn, else it is what browsers take.
    fn size(&self) -> Option<(f64, f64)> {
        match (self.width, self.height) {
            (None, None) => None,
            (Some(width), Some(height)) => Some((width, height)),
            (Some(width), None) => Some((width, self.ratio.map_or(150.0, |ratio| width * ratio))),
            (None, Some(height)) => {
                Some((self.ratio.map_or(300.0, |ratio| height / ratio), height))
            }
        }
    }
}

/// A length in pixels; nothing for a part of the place, and for what is none.
fn pixels(length: &str) -> Option<f64> {
    let length = length.trim();
    let unit_at = length
        .char_indices()
        .find(|(at, c)| {
            // The `e` of `1e9` is no unit, that of `1em` is.
            let after = length[at + c.len_utf8()..].trim_start_matches(['+', '-']);
            let is_power = c.eq_ignore_ascii_case(&'e')
                && after.starts_with(|next: char| next.is_ascii_digit());
            !is_power && !c.is_ascii_digit() && !"+-.".contains(*c)
        })
        .map_or(length.len(), |(at, _)| at);
    let number: f64 = length[..unit_at].parse().ok()?;
    let unit = match length[unit_at..].trim().to_ascii_lowercase().as_str() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "q" => 96.0 / 101.6,
        "%" => return None,
        // `em` and its kin: of some letter.
        _ => EM,
    };
    Some((number * unit).round())
}

/// What base64 stands for, up to the first letter that is none of its own.
fn unpacked(packed: &[u8]) -> Vec<u8> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let letters = packed.iter().filter(|byte| !byte.is_ascii_whitespace());
    let mut letters: Vec<u8> = letters.copied().take_while(is_letter).collect();
    // One letter alone is less than a byte.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    FORGIVING.decode(letters).unwrap_or_default()
}

/// A style sheet without its escapes: `\64 ata` is `data`.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = after
            .bytes()
            .take(6)
            .take_while(u8::is_ascii_hexdigit)
            .count();
        let code = u32::from_str_radix(&after[..digits], 16).ok();
        rest = &after[digits..];
        if let Some(code) = code {
            plain.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            rest = rest.strip_prefix([' ', '\u{c}']).unwrap_or(rest);
        }
    }
    plain + rest
}

/// The letter that a reference in a text stands for.
fn letter(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, Words> {
    if let Some(letter) = reference.resolve_char_ref().map_err(|_| broken())? {
        return Ok(letter.to_string().into());
    }
    let known = escape::resolve_xml_entity(reference.as_ref());
    known.map(Cow::Borrowed).ok_or_else(broken)
}

fn well_encoded(declared: &BytesDecl<'_>) -> Result<(), Words> {
    let Some(encoding) = declared.encoding() else {
        return Ok(());
    };
    let encoding = encoding.map_err(|_| broken())?.to_ascii_lowercase();
    match ENCODINGS.contains(&encoding.as_str()) {
        true => Ok(()),
        false => Err(said!(
            "声明的编码是 {encoding}；请另存为 UTF-8",
            "says that it is {encoding}; save it in UTF-8"
        )),
    }
}

fn broken() -> Words {
    said!(
        "不是合格的 SVG；请另存为纯 SVG",
        "no well-formed drawing; save it as plain SVG"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_length(length: &str, expected: Option<f64>) {
        assert_eq!(pixels(length), expected, "{length}");
    }

    #[test]
    fn lengths_are_read_as_browsers_read_them() {
        check_length("100", Some(100.0));
        check_length(" 1e3px ", Some(1000.0));
        check_length("1E+2", Some(100.0));
        check_length("2em", Some(32.0));
        check_length("1in", Some(96.0));
        check_length("2.54CM", Some(96.0));
        check_length("100%", None);
        check_length("auto", None);
        check_length("inf", None);
        check_length("", None);
    }

    #[test]
    fn escapes_of_style_sheets_are_letters() {
        for (written, plain) in [
            ("\\64 ata:", "data:"),
            ("\\000064ata:", "data:"),
            ("d\\61\\74 a:", "data:"),
            ("\\d\\g", "\rg"),
            ("\\", ""),
            ("中\\4e2d 文", "中中文"),
        ] {
            assert_eq!(without_escapes(written), plain, "{written}");
        }
    }

    #[test]
    fn base64_is_read_up_to_what_is_none() {
        for (packed, bytes) in [
            ("aGk=", &b"hi"[..]),
            ("aG k", b"hi"),
            ("aGkx 2x", b"hi1\xdb"),
            ("a", b""),
            ("aGk=;x", b"hi"),
        ] {
            assert_eq!(unpacked(packed.as_bytes()), bytes, "{packed}");
        }
    }
}
