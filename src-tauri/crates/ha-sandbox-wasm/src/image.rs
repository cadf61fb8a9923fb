//! Makes the objects in the guest's memory image immortal, before the guest is compiled.
//!
//! Every use of a Python object writes its reference count, and every first write to a page of the
//! image costs a fault and a copy. Objects of the image live as long as their instance, so their
//! counts serve nothing; CPython leaves a count alone that has its immortal value. The guest lists
//! its objects (`_sandbox_image.py`), because only it can find them, and cannot set the counts,
//! because Python code has no access to them.

use anyhow::{Result, bail};
use std::ops::Range;
use wasmparser::{DataKind, Operator, Parser, Payload};

const MARK: &[u8] = b"helloagents: objects of the image\n";
/// `_Py_IMMORTAL_INITIAL_REFCNT` of CPython 3.14 with 32-bit pointers.
const IMMORTAL: u32 = 5 << 28;
/// Larger numbers are no counts: they are immortal already, or they are addresses, because an object
/// that waits for its reuse has the next one's address in place of its count.
const MOST_REFERENCES: u32 = 1 << 16;

/// One piece of linear memory and where its bytes are in the file.
struct Piece {
    address: u32,
    file: Range<usize>,
}

/// Sets the counts of the objects that the guest lists and wipes the list. Answers how many.
///
/// An object that died between the listing and the storing of the image is left alone: where it was,
/// there is no count above zero in front of its type any more.
///
/// # Errors
/// A component without a list, or one that cannot be read.
pub(crate) fn immortalise(component: &mut [u8]) -> Result<usize> {
    let memory = pieces(component)?;
    let list = list(component, &memory)?;
    let pairs: Vec<(u32, u32)> = component[list.clone()]
        .chunks_exact(8)
        .map(|pair| (number(&pair[..4]), number(&pair[4..])))
        .collect();
    let mut changed = 0;
    for (object, kind) in pairs {
        let Some(at) = offset(&memory, object) else {
            continue;
        };
        let is_alive = (1..MOST_REFERENCES).contains(&number(&component[at..at + 4]));
        if is_alive && number(&component[at + 4..at + 8]) == kind {
            component[at..at + 4].copy_from_slice(&IMMORTAL.to_le_bytes());
            changed += 1;
        }
    }
    component[list].fill(0);
    Ok(changed)
}

fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |all, byte| all << 8 | u32::from(*byte))
}

/// The data segments with constant places, in order of address.
fn pieces(component: &[u8]) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        let Payload::DataSection(section) = payload? else {
            continue;
        };
        for data in section {
            let data = data?;
            let DataKind::Active { offset_expr, .. } = data.kind else {
                continue;
            };
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                continue;
            };
            let start = data.range.end - data.data.len();
            pieces.push(Piece {
                address: value as u32,
                file: start..data.range.end,
            });
        }
    }
    pieces.sort_by_key(|piece| piece.address);
    Ok(pieces)
}

/// Where the first eight bytes at an address are in the file.
fn offset(memory: &[Piece], address: u32) -> Option<usize> {
    let next = memory.partition_point(|piece| piece.address <= address);
    let piece = memory.get(next.checked_sub(1)?)?;
    let inside = (address - piece.address) as usize;
    (inside + 8 <= piece.file.len()).then_some(piece.file.start + inside)
}

/// The list's pairs in the file.
fn list(component: &[u8], memory: &[Piece]) -> Result<Range<usize>> {
    for piece in memory {
        let bytes = &component[piece.file.clone()];
        let found = bytes.windows(MARK.len()).enumerate();
        for (start, _) in found.filter(|(_, window)| *window == MARK) {
            let head = start + MARK.len();
            let Some(length) = bytes.get(head..head + 4) else {
                continue;
            };
            let pairs = head + 4..head + 4 + 4 * number(length) as usize;
            // The mark itself is in the image too, as a constant of the module that wrote the list.
            if number(length) > 1000 && pairs.end <= bytes.len() {
                return Ok(piece.file.start + pairs.start..piece.file.start + pairs.end);
            }
        }
    }
    bail!("the guest does not list its objects")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    /// Where the tests' memory begins; needs two bytes in a module, as real addresses do.
    const BASE: u32 = 0x1000;
    const KIND: u32 = 0x2000;
    /// A real list has tens of thousands; a short one would be taken for the mark alone.
    const LISTED: u32 = 600;

    fn leb(mut value: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let low = (value & 0x7f) as u8;
            value >>= 7;
            // The sixth bit of the last byte is the sign.
            if value == 0 && low & 0x40 == 0 {
                bytes.push(low);
                return bytes;
            }
            bytes.push(low | 0x80);
        }
    }

    /// A module whose only section is one data segment at `BASE`.
    fn module(memory: &[u8]) -> Vec<u8> {
        let mut segment = vec![1, 0, 0x41];
        segment.extend(leb(BASE));
        segment.push(0x0b);
        segment.extend(leb(memory.len() as u32));
        segment.extend(memory);
        let mut module = b"\0asm\x01\0\0\0\x0b".to_vec();
        module.extend(leb(segment.len() as u32));
        module.extend(segment);
        module
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// One object with `count` and `kind`, and a list that names it as a `KIND` over and over.
    fn image(count: u32, kind: u32) -> Vec<u8> {
        let mut memory = words(&[count, kind]);
        memory.extend(MARK);
        memory.extend(words(&[2 * LISTED]));
        memory.extend(words(&[BASE, KIND]).repeat(LISTED as usize));
        module(&memory)
    }

    fn check(count: u32, kind: u32, expected: u32) {
        let mut component = image(count, kind);
        immortalise(&mut component).unwrap();
        assert_eq!(component, {
            let mut memory = words(&[expected, kind]);
            memory.extend(MARK);
            memory.extend(words(&[2 * LISTED]));
            memory.extend(vec![0; 8 * LISTED as usize]);
            module(&memory)
        });
    }

    #[test]
    fn a_living_object_becomes_immortal_and_the_list_is_wiped() {
        check(1, KIND, IMMORTAL);
        check(MOST_REFERENCES - 1, KIND, IMMORTAL);
    }

    #[test]
    fn what_died_since_is_left_alone() {
        // No references; an address of the next free object; another object.
        check(0, KIND, 0);
        check(MOST_REFERENCES, KIND, MOST_REFERENCES);
        check(1, KIND + 4, 1);
    }

    #[test]
    fn a_guest_without_a_list_is_refused() {
        assert!(immortalise(&mut module(MARK)).is_err());
        assert!(immortalise(&mut b"no component".to_vec()).is_err());
    }

    #[test]
    fn addresses_outside_the_image_are_passed_over() {
        let mut memory = words(&[1, KIND]);
        memory.extend(MARK);
        memory.extend(words(&[2 * LISTED]));
        memory.extend(words(&[BASE - 4, KIND, u32::MAX - 3, KIND]).repeat(LISTED as usize / 2));
        let mut component = module(&memory);
        assert_eq!(immortalise(&mut component).unwrap(), 0);
    }
}
