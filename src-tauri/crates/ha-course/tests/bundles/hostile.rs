//! What an archive can do to the one who opens it.

use crate::{Desk, fixture, replaced};
use ha_course::{AuthorKey, Bundle};
use std::fs;
use std::io::{Cursor, Write};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A zip of these entries.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What is said when these bytes are opened and read.
fn said(bytes: &[u8]) -> String {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("x.hacourse");
    fs::write(&file, bytes).unwrap();
    match Bundle::open(&file).and_then(|mut bundle| bundle.verify()) {
        Ok(_) => "well".into(),
        Err(error) => error.to_string(),
    }
}

fn check(bytes: &[u8], expected: &str) {
    let said = said(bytes);
    assert!(said.contains(expected), "{expected:?} is not in {said:?}");
}

/// A number in the record at the end of a zip without a comment.
fn with_end(mut bytes: Vec<u8>, at: usize, number: u16) -> Vec<u8> {
    let end = bytes.len() - 22;
    bytes[end + at..end + at + 2].copy_from_slice(&number.to_le_bytes());
    bytes
}

#[test]
fn names_that_lead_elsewhere_or_look_like_others_are_refused() {
    for name in [
        "../a.md",
        "/etc/passwd",
        "a/../../b",
        "C:/a",
        "C:\\a",
        "..\\a",
        "\\\\host\\x",
        "a//b",
        "nul",
        "docs/con.md",
        "a.",
        "a\u{202e}dm.exe",
        "a\u{200d}.md",
        "e\u{301}.md",
        "a\u{7}.md",
    ] {
        let said = said(&zipped(&[(name, b"x")]));
        assert!(said.contains("this bundle is refused"), "{name:?}: {said}");
    }
}

#[test]
fn entries_that_collide_are_refused() {
    check(&zipped(&[("A.md", b"x"), ("a.md", b"y")]), "only in case");
    check(
        &zipped(&[("Straße.md", b"x"), ("STRASSE.md", b"y")]),
        "only in case",
    );
    check(
        &zipped(&[("a", b"x"), ("a/b.md", b"y")]),
        "stands in a file",
    );
    let twice = replaced(
        zipped(&[("aaaa.md", b"x"), ("aaab.md", b"y")]),
        b"aaab.md",
        b"aaaa.md",
    );
    check(&twice, "two entries have the same name");
}

#[test]
fn entries_that_are_no_plain_files_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("a.md", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    check(&zip.finish().unwrap().into_inner(), "no plain file");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_directory("a", SimpleFileOptions::default())
        .unwrap();
    let said = said(&zip.finish().unwrap().into_inner());
    assert!(said.contains("this bundle is refused"), "{said}");
    // The flags of both headers say that it is encrypted.
    let mut encrypted = zipped(&[("a.md", b"x")]);
    for (sign, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let header = (0..encrypted.len())
            .find(|place| encrypted[*place..].starts_with(sign))
            .unwrap();
        encrypted[header + at] |= 1;
    }
    check(&encrypted, "encrypted");
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    check(
        &zipped(&[("a.md", &vec![0; (8 << 20) + 1])]),
        "larger than 8 MiB",
    );
    let mebibytes = vec![0; 8 << 20];
    let names: Vec<String> = (0..65).map(|at| format!("{at}.png")).collect();
    let entries: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &mebibytes[..]))
        .collect();
    let bomb = zipped(&entries);
    assert!(
        bomb.len() < 1 << 20,
        "half a gibibyte in {} bytes",
        bomb.len()
    );
    check(&bomb, "larger than 512 MiB when unpacked");
    let many = with_end(with_end(zipped(&[("a.md", b"x")]), 8, 60_000), 10, 60_000);
    check(&many, "more than 10,000 entries");
    let huge = with_end(with_end(zipped(&[("a.md", b"x")]), 8, 0xFFFF), 10, 0xFFFF);
    check(&huge, "zip64");
}

/// A bundle of small's manifest and these files, with the list that is written for them.
fn bundle_of(files: &[(&str, &[u8])], list: impl Fn(&str, usize) -> usize) -> Vec<u8> {
    let desk = Desk::new();
    let manifest = fs::read(desk.small.path("course.toml")).unwrap();
    let mut all: Vec<(&str, &[u8])> = vec![
        ("course.toml", &manifest),
        ("01-first/lesson.en.md", b"# Hello"),
    ];
    all.extend(files);
    let listed: Vec<_> = all
        .iter()
        .map(|(path, bytes)| {
            serde_json::json!({
                "path": path,
                "size": list(path, bytes.len()),
                "blake3": blake3::hash(bytes).to_hex().to_string(),
            })
        })
        .collect();
    let course = desk.small.load().0;
    let needs =
        serde_json::json!({ "docker": false, "model": false, "network": [], "packages": [] });
    let list = serde_json::json!({
        "format": 1, "course": course.id, "version": course.version,
        "title": [course.title.zh, course.title.en], "license": course.license,
        "authors": course.authors, "needs": needs, "files": listed,
    });
    let list = serde_json::to_vec(&list).unwrap();
    let list = ("hacourse.json", &list[..]);
    zipped(&[&[list][..], &all].concat())
}

/// The headers of every entry of at least `from` bytes say that it unpacks to one byte.
fn with_small_headers(mut bytes: Vec<u8>, from: u32) -> Vec<u8> {
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let central: Vec<usize> = (0..bytes.len() - 46)
        .filter(|at| bytes[*at..].starts_with(b"PK\x01\x02"))
        .collect();
    for at in central {
        if word(&bytes, at + 24) >= from {
            let local = word(&bytes, at + 42) as usize;
            bytes[at + 24..at + 28].copy_from_slice(&1u32.to_le_bytes());
            bytes[local + 22..local + 26].copy_from_slice(&1u32.to_le_bytes());
        }
    }
    bytes
}

#[test]
fn headers_that_lie_let_no_bomb_in() {
    check(&bundle_of(&[], |_, size| size), "well");
    let mebibytes = vec![0; 8 << 20];
    let names: Vec<String> = (0..65).map(|at| format!("{at}.png")).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &mebibytes[..]))
        .collect();
    // The list is true and its sum is too large.
    let bomb = with_small_headers(bundle_of(&files, |_, size| size), 8 << 20);
    check(&bomb, "larger than 512 MiB in all");
    // The list lies as the headers do.
    let bomb = bundle_of(&files, |_, size| size.min(1 << 20) % (1 << 20));
    let bomb = with_small_headers(bomb, 8 << 20);
    check(&bomb, "is not the file that the author packed");
    // Both are small, and one file is not.
    let bomb = bundle_of(&files[..1], |path, size| match path.ends_with("png") {
        true => 1,
        false => size,
    });
    let bomb = with_small_headers(bomb, 8 << 20);
    assert_ne!(said(&bomb), "well");
    let texts: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.trim_end_matches(".png"), &mebibytes[..1 << 20]))
        .collect();
    check(&bundle_of(&texts, |_, size| size), "64 MiB of texts");
}

/// What becomes of an entry; nothing leaves it out.
type Change<'c> = &'c dyn Fn(&str, Vec<u8>) -> Option<(String, Vec<u8>)>;

#[test]
fn a_list_that_lies_is_found_out() {
    let desk = Desk::new();
    let whole = fs::read(desk.packed("a.hacourse")).unwrap();
    let repacked = |change: Change<'_>| {
        let mut old = zip::ZipArchive::new(Cursor::new(whole.clone())).unwrap();
        let mut entries = Vec::new();
        for at in 0..old.len() {
            let mut entry = old.by_index(at).unwrap();
            let mut bytes = Vec::new();
            std::io::copy(&mut entry, &mut bytes).unwrap();
            entries.extend(change(entry.name(), bytes));
        }
        let entries: Vec<_> = entries
            .iter()
            .map(|(name, bytes)| (name.as_str(), &bytes[..]))
            .collect();
        zipped(&entries)
    };
    let same = |name: &str, bytes: Vec<u8>| Some((name.to_string(), bytes));
    check(&repacked(&same), "well");
    check(
        &repacked(&|name, bytes| match name.ends_with("main.py") {
            true => same(name, b"import os".to_vec()),
            false => same(name, bytes),
        }),
        "is not the file that the author packed",
    );
    check(
        &repacked(&|name, bytes| (!name.ends_with("main.py")).then(|| (name.into(), bytes))),
        "is missing",
    );
    check(
        &repacked(&|name, bytes| match name == "course.toml" {
            true => same("other.toml", bytes),
            false => same(name, bytes),
        }),
        "is in no list",
    );
    let listed = |old: &str, new: &str| {
        repacked(&|name, bytes| match name == "hacourse.json" {
            true => same(
                name,
                String::from_utf8(bytes)
                    .unwrap()
                    .replace(old, new)
                    .into_bytes(),
            ),
            false => same(name, bytes),
        })
    };
    check(
        &listed("\"format\": 1", "\"format\": 2"),
        "needs a newer HelloAgents",
    );
    check(&listed("\"format\": 1", "\"format\": 0"), "never existed");
    check(&listed("\"small\"", "\"../x\""), "id is none");
    check(&listed("{", "{ ["), "hacourse.json");
    for (old, new, what) in [
        ("\"docker\": false", "\"docker\": true", "needs"),
        ("1.0.0", "9.9.9", "version"),
        ("\"small\"", "\"large\"", "id"),
    ] {
        check(&listed(old, new), &format!("disagree: {what}"));
    }
    let manifest = |text: &[u8]| {
        let course = fs::read_to_string(desk.small.path("course.toml")).unwrap();
        let small = fixture::Small::new();
        let text = [course.as_bytes(), text].concat();
        let text = match text.ends_with(b"newer") {
            true => course
                .replace("format_version = 1", "format_version = 2")
                .into_bytes(),
            false => text,
        };
        small.write("course.toml", text);
        let bytes = fs::read(small.path("course.toml")).unwrap();
        let digest = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
        repacked(&|name, old| match name {
            "course.toml" => same(name, bytes.clone()),
            "hacourse.json" => {
                let list = String::from_utf8(old).unwrap();
                let list = list.replace(&digest(course.as_bytes()), &digest(&bytes));
                let size = |bytes: &[u8]| format!("\"size\": {}", bytes.len());
                let list = list.replace(&size(course.as_bytes()), &size(&bytes));
                same(name, list.into_bytes())
            }
            _ => same(name, old),
        })
    };
    check(&manifest(b""), "well");
    check(&manifest(b"newer"), "the course has format 2");
    check(&manifest(&[b'#'; 1 << 20]), "larger than 1 MiB");
    check(
        &zipped(&[("hacourse.json", &vec![b' '; 5 << 20])]),
        "too large",
    );
    check(&zipped(&[("a.md", b"x")]), "hacourse.json is missing");
}

#[test]
fn a_signature_of_something_else_is_no_signature() {
    let desk = Desk::new();
    let signed = fs::read(desk.signed("a.hacourse", 1)).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(signed)).unwrap();
    let mut entries: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut entry, &mut bytes).unwrap();
        entries.push((entry.name().to_string(), bytes));
    }
    let with = |name: &str, bytes: Vec<u8>| {
        let mut changed = entries.clone();
        changed.iter_mut().find(|(at, _)| at == name).unwrap().1 = bytes;
        let changed: Vec<_> = changed
            .iter()
            .map(|(name, bytes)| (name.as_str(), &bytes[..]))
            .collect();
        zipped(&changed)
    };
    let other = AuthorKey::from_random([2; 32]).signer().to_string();
    let line = with("hacourse.sig", format!("{other} AAAA\n").into_bytes());
    check(&line, "the signature is not valid");
    check(
        &with("hacourse.sig", b"\xff".to_vec()),
        "the signature is not valid",
    );
    check(
        &with("hacourse.sig", Vec::new()),
        "the signature is not valid",
    );
    let mut list = Vec::new();
    let mut old = zip.by_name("hacourse.json").unwrap();
    std::io::copy(&mut old, &mut list).unwrap();
    list.push(b'\n');
    check(&with("hacourse.json", list), "the signature is not valid");
}

#[test]
fn a_bundle_cut_anywhere_is_no_bundle() {
    let desk = Desk::new();
    let whole = fs::read(desk.signed("a.hacourse", 1)).unwrap();
    for length in (0..whole.len()).step_by(37).chain([whole.len() - 1]) {
        let said = said(&whole[..length]);
        assert_ne!(said, "well", "cut to {length}");
    }
    check(&[&whole[..], b"more"].concat(), "contradicts itself");
    check(b"", "too short");
    check(&[0; 100_000], "does not begin as one");
    check(&[b"PK", &[0; 100_000][..]].concat(), "its end is missing");
}

#[test]
fn a_changed_byte_never_changes_what_is_installed() {
    let desk = Desk::new();
    let whole = fs::read(desk.signed("a.hacourse", 1)).unwrap();
    let mut accepted = 0;
    for at in (0..whole.len()).step_by(11) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        // A time or a version that means nothing may be different; no file may be.
        accepted += usize::from(said(&bytes) == "well");
    }
    assert!(accepted < whole.len() / 11 / 4, "{accepted}");
}
