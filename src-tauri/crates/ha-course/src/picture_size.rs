//! How many pixels a picture says it has, from its first bytes. A small file may unfold to gigabytes
//! in whoever draws it, so that is asked before it is given to anybody. Decodes nothing. What is inside
//! an SVG is the business of `drawing`.
//!
//! The crate `imagesize` reads many more kinds and is no replacement: it takes the filling between a
//! JPEG's segments, and markers without a length, for broken files. Whoever draws them does not, and
//! so a large picture written that way would be one of no size.

use crate::model::Words;

/// Most pixels of a picture: a camera's of 48 megapixels, 200 MB when it is drawn.
pub(crate) const MAX_PIXELS: u64 = 50_000_000;

/// Width and height; `None` for what is no PNG, JPEG, GIF or WebP, as SVG, or ends too soon. What it
/// is decides its beginning and not its name, as with whoever draws it.
pub(crate) fn picture_size(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some((big(bytes, 16, 4)?, big(bytes, 20, 4)?)),
        [b'G', b'I', b'F', b'8', ..] => Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?)),
        [b'R', b'I', b'F', b'F', ..] => webp(bytes),
        [0xff, 0xd8, ..] => jpeg(bytes),
        _ => None,
    }
}

/// Why a picture with this many pixels is not shown.
pub(crate) fn too_large(how_many: &Words) -> Words {
    let most = Words {
        zh: format!("{} 万", MAX_PIXELS / 10_000),
        en: format!("{} million", MAX_PIXELS / 1_000_000),
    };
    said!(
        "{how_many} 像素；请缩小，最多 {most}像素",
        "{how_many} pixels; make it smaller: {most} at most";
        how_many, most
    )
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(8..16)? {
        b"WEBPVP8X" => Some((1 + little(bytes, 24, 3)?, 1 + little(bytes, 27, 3)?)),
        b"WEBPVP8L" => {
            let both = little(bytes, 21, 4)?;
            Some((1 + (both & 0x3fff), 1 + (both >> 14 & 0x3fff)))
        }
        b"WEBPVP8 " => Some((
            little(bytes, 26, 2)? & 0x3fff,
            little(bytes, 28, 2)? & 0x3fff,
        )),
        _ => None,
    }
}

/// From segment to segment, each with its length, to the one that says how the picture is coded.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        match marker {
            _ if bytes[at] != 0xff => return None,
            // Filling.
            0xff => at += 1,
            // Without a length.
            0x01 | 0xd0..=0xd8 => at += 2,
            // C4, C8 and CC are tables and not frames.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
            }
            _ => at += 2 + big(bytes, at + 2, 2)? as usize,
        }
    }
}

fn big(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let part = bytes.get(at..at + length)?;
    Some(part.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let part = bytes.get(at..at + length)?;
    let digits = part.iter().rev();
    Some(digits.fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Option<(u32, u32)>) {
        assert_eq!(picture_size(bytes), expected, "{bytes:?}");
        for end in 0..bytes.len() {
            // Cut anywhere it is no picture, or the same; never another, and never a panic.
            let cut = picture_size(&bytes[..end]);
            assert!(cut.is_none() || cut == expected, "{end}");
        }
    }

    #[test]
    fn each_kind_says_its_size_at_its_beginning() {
        check(
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x00\x02",
            Some((30_000, 2)),
        );
        check(b"GIF89a\x02\x01\x03\0", Some((258, 3)));
        check(
            b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc4\0\x02\xff\xc2\0\x11\x08\x01\0\x02\0",
            Some((512, 256)),
        );
        check(
            b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\0\x01\0\0",
            Some((65_536, 2)),
        );
        check(
            b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x01\x80\0\0",
            Some((2, 3)),
        );
        check(
            b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x10\0\x20\0",
            Some((16, 32)),
        );
    }

    #[test]
    fn what_is_no_picture_has_no_size() {
        for bytes in [
            &b""[..],
            b"<svg width=\"30000\"/>",
            b"\xff\xd8\0\0",
            b"RIFFxxxxWAVE",
            b"\xff\xd8\xff\xff\xff",
        ] {
            check(bytes, None);
        }
    }
}
