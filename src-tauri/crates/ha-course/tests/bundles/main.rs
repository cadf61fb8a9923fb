//! Bundles: the same folder gives the same bytes, what is opened is what was packed, and everything
//! that an archive can do to the one who opens it is refused. Half a course never stays.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../fixture/mod.rs"]
mod fixture;
mod hostile;
mod shelf;

use fixture::Small;
use ha_course::{AuthorKey, BundleError, Shelf, pack, sign};
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use tempfile::TempDir;

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

#[test]
fn a_bundle_is_there_when_it_is_whole_and_the_one_before_until_then() {
    let desk = Desk::new();
    let place = desk.packed("a.hacourse");
    let before = fs::read(&place).unwrap();
    let mut held = fs::File::open(&place).unwrap();
    desk.small.write("01-first/lesson.en.md", "# Another");
    assert_ne!(fs::read(desk.packed("a.hacourse")).unwrap(), before);
    let mut read = Vec::new();
    held.read_to_end(&mut read).unwrap();
    assert_eq!(read, before, "nobody wrote into it");
    // A folder cannot be replaced, and nothing is left beside it.
    fs::create_dir(desk.file("b.hacourse")).unwrap();
    pack(desk.small.dir(), &desk.file("b.hacourse")).unwrap_err();
    assert_eq!(fs::read_dir(desk.dir.path()).unwrap().count(), 2);
}

#[test]
fn a_secret_key_is_never_handed_out() {
    let desk = Desk::new();
    let key = AuthorKey::from_random([3; 32]).to_text();
    for (file, text) in [
        ("author.key", key.clone()),
        ("01-first/data/notes.txt", format!("\u{feff}\n {key}")),
    ] {
        desk.small.write(file, text);
        let refused = pack(desk.small.dir(), &desk.file("x.hacourse")).unwrap_err();
        assert!(refused.to_string().contains(file), "{refused}");
        assert!(!desk.file("x.hacourse").exists());
        let told = desk.small.lint();
        assert!(told.contains(file) && told.contains("secret key"), "{told}");
        desk.small.remove(file);
    }
    let public = AuthorKey::from_random([3; 32]).signer().to_string();
    desk.small.write("author.pub", public);
    desk.packed("x.hacourse");
}

#[test]
fn a_bundle_in_the_courses_folder_is_no_part_of_it() {
    let desk = Desk::new();
    let (inside, named) = (
        desk.small.path("my.hacourse"),
        desk.small.path("01-first/my.zip"),
    );
    let outside = fs::read(desk.packed("a.hacourse")).unwrap();
    for out in [&inside, &named, &inside] {
        pack(desk.small.dir(), out).unwrap();
        assert!(fs::read(out).unwrap() == outside, "{}", out.display());
        sign(out, &AuthorKey::from_random([1; 32])).unwrap();
        pack(desk.small.dir(), out).unwrap();
        assert!(fs::read(out).unwrap() == outside, "{}", out.display());
        if out == &named {
            fs::remove_file(out).unwrap();
        }
    }
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
