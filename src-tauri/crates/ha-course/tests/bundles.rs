//! Bundles: the same folder gives the same bytes, what is opened is what was packed, and everything
//! that an archive can do to the one who opens it is refused. Half a course never stays.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::Small;
use ha_course::{AuthorKey, Bundle, BundleError, Shelf, pack, sign};
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A course that can be packed, a place for bundles, a shelf.
struct Desk {
    small: Small,
    dir: TempDir,
}

impl Desk {
    fn new() -> Desk {
        let small = Small::new();
        small.write("01-first/images/图 1.png", [7; 3000]);
        Desk {
            small,
            dir: TempDir::new().unwrap(),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn packed(&self, name: &str) -> PathBuf {
        let file = self.file(name);
        pack(self.small.dir(), &file).unwrap();
        file
    }

    fn signed(&self, name: &str, key: u8) -> PathBuf {
        let file = self.packed(name);
        sign(&file, &AuthorKey::from_random([key; 32])).unwrap();
        file
    }

    fn shelf(&self) -> Shelf {
        Shelf::open(&self.file("data")).unwrap()
    }

    fn installed(&self, file: &str) -> Option<String> {
        let path = self.file("data/courses/small").join(file);
        fs::read_to_string(path).ok()
    }
}

fn install(
    desk: &Desk,
    bundle: &Path,
    is_trusted: bool,
) -> Result<ha_course::Installed, BundleError> {
    desk.shelf().install(&mut Bundle::open(bundle)?, is_trusted)
}

#[test]
fn the_same_folder_gives_the_same_bytes() {
    let desk = Desk::new();
    let first = fs::read(desk.signed("a.hacourse", 1)).unwrap();
    // Written anew, at another time, in another order.
    let again = Desk::new();
    for file in ["course.toml", "01-first/lesson.zh.md"] {
        let text = fs::read(again.small.path(file)).unwrap();
        again.small.remove(file).write(file, text);
    }
    again
        .small
        .write(".git/config", "x")
        .write("01-first/__pycache__/a.pyc", "x");
    assert_eq!(fs::read(again.signed("b.hacourse", 1)).unwrap(), first);
    sign(&desk.file("a.hacourse"), &AuthorKey::from_random([1; 32])).unwrap();
    assert_eq!(
        fs::read(desk.file("a.hacourse")).unwrap(),
        first,
        "signing twice is signing once"
    );
}

#[test]
fn what_is_installed_is_what_was_packed() {
    let desk = Desk::new();
    let bundle = desk.signed("a.hacourse", 1);
    let done = install(&desk, &bundle, false).unwrap();
    assert_eq!((done.replaced, done.is_new_signer), (None, true));
    for file in [
        "course.toml",
        "01-first/lesson.zh.md",
        "01-first/starter/main.py",
    ] {
        let packed = fs::read_to_string(desk.small.path(file)).unwrap();
        assert_eq!(desk.installed(file), Some(packed), "{file}");
    }
    let image = fs::read(desk.file("data/courses/small/01-first/images/图 1.png")).unwrap();
    assert_eq!(image, [7; 3000]);
    let (_, problems) = ha_course::lint(&done.dir);
    assert_eq!(problems, []);
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one() {
    let desk = Desk::new();
    install(&desk, &desk.signed("a.hacourse", 1), false).unwrap();
    let manifest = fs::read_to_string(desk.small.path("course.toml")).unwrap();
    desk.small
        .write("course.toml", manifest.replace("1.0.0", "2.0.0"))
        .remove("01-first/images");
    let done = install(&desk, &desk.signed("b.hacourse", 1), false).unwrap();
    assert_eq!(
        (done.replaced.as_deref(), done.is_new_signer),
        (Some("1.0.0"), false)
    );
    assert!(desk.installed("course.toml").unwrap().contains("2.0.0"));
    assert!(!desk.file("data/courses/small/01-first/images").exists());
}

#[test]
fn a_changed_signer_is_told_and_nothing_is_touched() {
    let desk = Desk::new();
    let (mine, other, none) = (
        desk.signed("a.hacourse", 1),
        desk.signed("b.hacourse", 2),
        desk.packed("c.hacourse"),
    );
    install(&desk, &mine, false).unwrap();
    for bundle in [&other, &none] {
        let refused = install(&desk, bundle, false);
        assert!(
            matches!(refused, Err(BundleError::SignerChanged { .. })),
            "{refused:?}"
        );
    }
    let first = AuthorKey::from_random([1; 32]).signer();
    assert_eq!(desk.shelf().signer("small").unwrap(), Some(first));
    assert!(install(&desk, &other, true).unwrap().is_new_signer);
    install(&desk, &other, false).unwrap();
    // Removing a course does not make its name free for anybody.
    assert!(desk.shelf().remove("small").unwrap());
    assert!(matches!(
        install(&desk, &mine, false),
        Err(BundleError::SignerChanged { .. })
    ));
}

#[test]
fn keys_are_read_as_they_were_written() {
    let key = AuthorKey::from_random([5; 32]);
    let again = AuthorKey::from_text(&key.to_text()).unwrap();
    assert_eq!(again.signer(), key.signer());
    assert!(!format!("{key:?}").contains(key.to_text().trim()));
    for text in [
        "",
        "hacourse-secret-key-1:",
        "hacourse-secret-key-1:AAAA",
        "x",
    ] {
        assert!(
            matches!(AuthorKey::from_text(text), Err(BundleError::BadKey)),
            "{text:?}"
        );
    }
}

#[test]
fn only_whole_courses_with_names_for_every_system_are_packed() {
    let desk = Desk::new();
    let refused = |desk: &Desk| {
        pack(desk.small.dir(), &desk.file("x"))
            .unwrap_err()
            .to_string()
    };
    #[cfg(unix)]
    {
        desk.small.write("01-first/data/what?.txt", "x");
        assert!(refused(&desk).contains("what?.txt"));
        desk.small.remove("01-first/data");
        std::os::unix::fs::symlink("/etc/passwd", desk.small.path("01-first/leak.md")).unwrap();
        assert!(refused(&desk).contains("leads out of the course"));
        fs::remove_file(desk.small.path("01-first/leak.md")).unwrap();
    }
    desk.small.write("course.toml", "id = 1");
    assert!(refused(&desk).contains("this is no course"));
}

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
        Ok(()) => "well".into(),
        Err(error) => error.to_string(),
    }
}

fn check(bytes: &[u8], expected: &str) {
    let said = said(bytes);
    assert!(said.contains(expected), "{expected:?} is not in {said:?}");
}

/// Bytes with one run of them replaced by another of the same length, everywhere.
fn replaced(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let places: Vec<_> = (0..bytes.len() - old.len())
        .filter(|at| bytes[*at..].starts_with(old))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + old.len()].copy_from_slice(new);
    }
    bytes
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
    check(&[0; 100_000], "its end is missing");
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

#[test]
fn half_an_installation_never_stays() {
    let desk = Desk::new();
    install(&desk, &desk.signed("a.hacourse", 1), false).unwrap();
    let whole = fs::read(desk.file("a.hacourse")).unwrap();
    // A picture is stored as it is, so a byte of it can be changed without a word to the zip.
    let broken = replaced(whole, &[7; 64], &[8; 64]);
    fs::write(desk.file("b.hacourse"), broken).unwrap();
    let refused = install(&desk, &desk.file("b.hacourse"), false);
    assert!(refused.is_err(), "{refused:?}");
    assert!(!desk.file("data/incoming/small").exists());
    assert_eq!(
        desk.installed("01-first/starter/main.py").as_deref(),
        Some("print(1)\n")
    );
    assert!(
        ha_course::lint(&desk.file("data/courses/small"))
            .1
            .is_empty()
    );
}

#[test]
fn what_a_power_cut_left_behind_is_put_in_order() {
    let desk = Desk::new();
    install(&desk, &desk.signed("a.hacourse", 1), false).unwrap();
    // Between the two steps: the old one is aside, the new one is not there yet.
    fs::create_dir_all(desk.file("data/outgoing")).unwrap();
    fs::rename(
        desk.file("data/courses/small"),
        desk.file("data/outgoing/small"),
    )
    .unwrap();
    fs::create_dir_all(desk.file("data/incoming/small/01-first")).unwrap();
    desk.shelf();
    assert!(desk.installed("course.toml").is_some());
    assert!(!desk.file("data/incoming").exists());
    // After both: the old one is left over.
    fs::create_dir_all(desk.file("data/outgoing/small")).unwrap();
    desk.shelf();
    assert!(!desk.file("data/outgoing/small").exists());
    assert!(desk.installed("course.toml").is_some());
}

#[test]
fn removing_takes_a_course_and_nothing_else() {
    let desk = Desk::new();
    install(&desk, &desk.packed("a.hacourse"), false).unwrap();
    for name in ["..", "../..", "small/01-first", "", "other"] {
        assert!(!desk.shelf().remove(name).unwrap(), "{name:?}");
    }
    assert!(desk.shelf().remove("small").unwrap());
    assert!(!desk.file("data/courses/small").exists());
    assert!(desk.file("data/courses").is_dir());
}
