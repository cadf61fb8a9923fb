//! Mutated inputs: the bundle reader, the manifest and the renderer get a kept corpus with bytes
//! turned, cut, doubled and mixed. None of them may panic, hang, write outside its folder or let
//! anything through that runs.
//!
//! The mutations are blind, but they are the same on every machine and need nothing that cargo does
//! not bring, so that what fails once fails again and everywhere. What is guided by coverage is in
//! `tests/fuzz`, which begins with the same seeds and has the same judges. An input that failed is
//! added to `corpus/`. `HELLOAGENTS_MUTATIONS` asks for more of them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::judges::{assert_inert, assert_installed, assert_only};
use fixture::{BASE, Small, lessons};
use ha_course::{AuthorKey, Bundle, Language, Shelf, pack, sign};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Mutations of each target when nobody says otherwise: some seconds in an unoptimised build.
const MUTATIONS: u64 = 300;
/// Pieces that mean something to one of the readers.
const PIECES: [&[u8]; 24] = [
    b"<script>alert(1)</script>",
    b"<img src=x onerror=alert(1)>",
    b"](javascript:alert(1))",
    b"```python run after=a id=a\n",
    b":::tip\n",
    b"<!-- tabs:start -->\n",
    b"> [!NOTE]\n",
    b"$$",
    b"[^1]: ",
    b"[[chapter]]\n",
    b"[[chapter.lesson]]\nid = \"a\"\n",
    b"path = \"../../etc\"\n",
    b"\"\"\"",
    b"PK\x01\x02",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"../../../evil",
    b"hacourse.json",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
    b"\"size\":18446744073709551615",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
    b"\r\n",
];

/// Numbers that look like dice and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// One to eight changes to a copy of a seed.
    fn mutated(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            match self.below(7) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
                2 => bytes.truncate(at),
                3 => {
                    let end = (at + self.below(64)).min(bytes.len());
                    bytes.drain(at..end);
                }
                4 => {
                    let end = (at + self.below(256)).min(bytes.len());
                    let again = bytes[at..end].repeat(1 + self.below(4));
                    bytes.splice(at..at, again);
                }
                5 => {
                    let other = &seeds[self.below(seeds.len())];
                    let from = self.below(other.len());
                    bytes.truncate(at);
                    bytes.extend(&other[from..]);
                }
                _ => {
                    let piece = PIECES[self.below(PIECES.len())];
                    bytes.splice(at..at, piece.iter().copied());
                }
            }
        }
        // Larger inputs have their own tests; here they would only cost time.
        bytes.truncate(64 * 1024);
        bytes
    }
}

/// Gives every seed as it is, then its mutations.
fn each(seeds: &[Vec<u8>], mut judge: impl FnMut(&[u8])) {
    let asked = std::env::var("HELLOAGENTS_MUTATIONS").ok();
    let count = asked
        .and_then(|count| count.parse().ok())
        .unwrap_or(MUTATIONS);
    seeds.iter().for_each(|seed| judge(seed));
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..count {
        judge(&dice.mutated(seeds));
    }
}

/// Files below a folder of this crate's tests.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| fs::read(path).unwrap())
        .collect()
}

#[test]
fn a_mutated_text_is_shown_and_inert() {
    let small = Small::new();
    let mut seeds = files("corpus/markdown");
    // The first lines of each: a whole file of payloads is a chapter.
    seeds.extend(files("xss").into_iter().map(|mut text| {
        text.truncate(600);
        text
    }));
    let (course, _) = small.load();
    each(&seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        small.write("01-first/lesson.en.md", text.as_bytes());
        let html = course.open("first", Language::En, BASE).unwrap().html;
        assert_inert(&html, &text);
        course.passages("first", Language::En).unwrap();
        course.cells("first", Language::En).unwrap();
    });
}

#[test]
fn a_mutated_manifest_is_read_or_told() {
    let small = Small::new();
    let mut seeds = files("corpus/manifest");
    seeds.push(fs::read(small.path("course.toml")).unwrap());
    each(&seeds, |bytes| {
        small.write("course.toml", bytes);
        let (course, problems) = small.load();
        assert!(
            lessons(&course).count() > 0 || !problems.is_empty(),
            "nothing, and not a word about it"
        );
        for lesson in lessons(&course) {
            // Whatever a path says, nothing outside of the course is read.
            if let Ok(text) = course.open(&lesson.id, Language::En, BASE) {
                assert!(text.html.contains("Hello") || text.html.contains("你好"));
            }
            course.files(&lesson.id).ok();
        }
    });
}

#[test]
fn a_mutated_bundle_is_what_its_author_packed_or_nothing() {
    let small = Small::new();
    let dir = TempDir::new().unwrap();
    let packed = dir.path().join("seed.hacourse");
    pack(small.dir(), &packed).unwrap();
    let mut seeds = files("corpus/bundle");
    seeds.push(fs::read(&packed).unwrap());
    sign(&packed, &AuthorKey::from_random([1; 32])).unwrap();
    seeds.push(fs::read(&packed).unwrap());
    let file = dir.path().join("mutated.hacourse");
    let root = dir.path().join("data");
    each(&seeds, |bytes| {
        fs::write(&file, bytes).unwrap();
        let course = root.join("courses/small");
        let installed = Bundle::open(&file).and_then(|mut bundle| {
            Shelf::open(&root)?.install(&mut bundle, true)?;
            Ok(bundle)
        });
        match installed {
            Ok(bundle) => {
                assert_installed(bundle.list(), &course);
                for name in ["course.toml", "01-first/lesson.zh.md"] {
                    let packed = fs::read(small.path(name)).unwrap();
                    assert_eq!(fs::read(course.join(name)).unwrap(), packed, "{name}");
                }
                fs::remove_dir_all(&root).unwrap();
            }
            Err(_) => assert!(!course.exists(), "half of a course stays"),
        }
        assert_only(dir.path(), &["seed.hacourse", "mutated.hacourse", "data"]);
    });
}
