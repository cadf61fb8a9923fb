//! The tree and its paths, without a guest.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::tree::{Content, Entry, NodeId, Protection, ROOT, Result, Tree};
use std::time::Duration;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;

const ROOM: u64 = 100_000;

/// A tree with nothing in it and some room.
fn tree() -> Tree {
    let mut tree = Tree::new(|| Duration::from_secs(1));
    tree.allow(ROOM);
    tree
}

fn entry(tree: &Tree, path: &str) -> Entry {
    tree.find(ROOT, path, false).unwrap().into_entry().unwrap()
}

fn make(tree: &mut Tree, path: &str, content: Content) -> Result<NodeId> {
    let place = tree.find(ROOT, path, false)?;
    tree.create(place.into_entry()?, content, Protection::None)
}

fn file(tree: &mut Tree, path: &str) -> Result<NodeId> {
    make(tree, path, Content::File(Vec::new()))
}

fn folder(tree: &mut Tree, path: &str) -> Result<NodeId> {
    make(tree, path, Content::Folder(Default::default()))
}

fn link(tree: &mut Tree, path: &str, target: &str) {
    make(tree, path, Content::Link(target.to_owned())).unwrap();
}

fn rename(tree: &mut Tree, from: &str, to: &str) -> Result<()> {
    let (from, to) = (entry(tree, from), entry(tree, to));
    tree.rename(&from, to)
}

#[test]
fn the_last_byte_fits_and_the_next_does_not() {
    let mut tree = tree();
    let id = file(&mut tree, "a").unwrap();
    let bytes = vec![7; ROOM as usize + 1];
    assert_eq!(tree.write(id, 0, &bytes[1..]), Ok(ROOM as usize));
    assert_eq!(
        tree.write(id, ROOM, b"x"),
        Err(ErrorCode::InsufficientSpace)
    );
    assert_eq!(
        tree.write(id, 0, b"over"),
        Ok(4),
        "bytes in place cost nothing"
    );
    let mut tree = self::tree();
    let id = file(&mut tree, "a").unwrap();
    assert_eq!(
        tree.write(id, 0, &bytes),
        Ok(ROOM as usize),
        "what fits is kept"
    );
}

#[test]
fn a_size_is_obeyed_at_the_limit_and_refused_above() {
    let mut tree = tree();
    let id = file(&mut tree, "a").unwrap();
    assert_eq!(tree.set_size(id, ROOM), Ok(()));
    for size in [ROOM + 1, 1 << 40, u64::MAX] {
        assert_eq!(tree.set_size(id, size), Err(ErrorCode::InsufficientSpace));
    }
    assert_eq!(tree.set_size(id, 0), Ok(()));
    for offset in [ROOM, 1 << 40, u64::MAX] {
        let written = tree.write(id, offset, b"x");
        assert_eq!(written, Err(ErrorCode::InsufficientSpace));
    }
    assert_eq!(tree.write(id, ROOM - 1, b"x"), Ok(1), "a hole is zeros");
    assert_eq!(tree.read(id, ROOM - 2, 10).unwrap(), b"\0x");
}

#[test]
fn empty_files_links_and_folders_count_too() {
    let makers: [fn(&mut Tree, &str) -> Result<NodeId>; 3] = [file, folder, |tree, path| {
        make(tree, path, Content::Link("x".into()))
    }];
    for make in makers {
        let mut tree = tree();
        for number in 0..24 {
            make(&mut tree, &number.to_string()).unwrap();
        }
        assert_eq!(
            make(&mut tree, "one more"),
            Err(ErrorCode::InsufficientSpace)
        );
    }
}

#[test]
fn room_comes_back_when_the_last_holder_goes() {
    let mut tree = tree();
    let id = file(&mut tree, "a").unwrap();
    tree.hold(id);
    tree.write(id, 0, &[1; ROOM as usize]).unwrap();
    let named = entry(&tree, "a");
    tree.remove_file(&named).unwrap();
    assert_eq!(tree.read(id, 5, 3).unwrap(), [1; 3], "it can still be read");
    assert_eq!(file(&mut tree, "b"), Err(ErrorCode::InsufficientSpace));
    tree.release(id);
    let again = file(&mut tree, "b").unwrap();
    assert_eq!(tree.write(again, 0, &[1; ROOM as usize]), Ok(ROOM as usize));
}

#[test]
fn cut_files_give_their_memory_back() {
    let mut tree = tree();
    for number in 0..10 {
        let id = file(&mut tree, &number.to_string()).unwrap();
        tree.write(id, 0, &[1; 50_000]).unwrap();
        tree.set_size(id, 1).unwrap();
        let Content::File(bytes) = &tree[id].content else {
            panic!("not a file");
        };
        assert!(bytes.capacity() <= 8192, "{}", bytes.capacity());
    }
}

#[test]
fn numbers_are_never_given_twice() {
    let mut tree = tree();
    let first = file(&mut tree, "a").unwrap();
    let number = tree[first].number;
    let named = entry(&tree, "a");
    tree.remove_file(&named).unwrap();
    let second = file(&mut tree, "a").unwrap();
    assert_eq!(first, second, "its place is used again");
    assert_ne!(number, tree[second].number);
}

/// Where a path leads in a tree with `d/f`, some links and a loop.
fn check(path: &str, follow: bool, expected: Result<Option<&str>>) {
    let mut tree = tree();
    folder(&mut tree, "d").unwrap();
    file(&mut tree, "d/f").unwrap();
    link(&mut tree, "to-d", "d");
    link(&mut tree, "d/to-f", "../to-d/f");
    link(&mut tree, "out", "../../../d/f");
    link(&mut tree, "nowhere", "missing");
    link(&mut tree, "loop", "pool");
    link(&mut tree, "pool", "loop");
    let found = tree.find(ROOT, path, follow).map(|place| place.node);
    let expected = expected.map(|path| path.map(|path| entry_node(&tree, path)));
    assert_eq!(found, expected, "{path}");
}

fn entry_node(tree: &Tree, path: &str) -> NodeId {
    tree.find(ROOT, path, false).unwrap().existing().unwrap()
}

#[test]
fn paths_lead_where_they_say() {
    for same in [
        "d/f",
        "./d//f",
        "d/../d/f",
        "../../d/f",
        "to-d/f",
        "d/to-f",
        "out",
    ] {
        check(same, true, Ok(Some("d/f")));
    }
    check("d/to-f", false, Ok(Some("d/to-f")));
    check("to-d/", false, Ok(Some("d")));
    check("nowhere", true, Ok(None));
    check("d/new", true, Ok(None));
    for (path, error) in [
        ("", ErrorCode::NoEntry),
        ("missing/f", ErrorCode::NoEntry),
        ("nowhere/f", ErrorCode::NoEntry),
        ("d/f/x", ErrorCode::NotDirectory),
        ("d/f/", ErrorCode::NotDirectory),
        ("d/f/..", ErrorCode::NotDirectory),
        ("/d/f", ErrorCode::NotPermitted),
        ("d\0", ErrorCode::Invalid),
        ("loop", ErrorCode::Loop),
        ("loop/f", ErrorCode::Loop),
    ] {
        check(path, true, Err(error));
    }
}

#[test]
fn names_and_paths_have_a_longest() {
    let mut tree = tree();
    assert!(file(&mut tree, &"n".repeat(255)).is_ok());
    let too_long = [
        "n".repeat(256),
        "é".repeat(128),
        "./".repeat(2048) + "f",
        "n".repeat(10_000_000),
    ];
    for path in too_long {
        assert_eq!(file(&mut tree, &path), Err(ErrorCode::NameTooLong));
    }
}

#[test]
fn folders_have_a_deepest() {
    let mut tree = tree();
    tree.allow(u64::MAX);
    let deepest = vec!["d"; 128].join("/");
    for depth in 0..128 {
        folder(&mut tree, &deepest[..2 * depth + 1]).unwrap();
    }
    let below = format!("{deepest}/d");
    assert_eq!(folder(&mut tree, &below), Err(ErrorCode::NameTooLong));
    assert!(file(&mut tree, &below).is_ok());
    folder(&mut tree, "other").unwrap();
    folder(&mut tree, "other/one").unwrap();
    let two_more = format!("{}/x", &deepest[..2 * 127 - 1]);
    assert_eq!(
        rename(&mut tree, "other", &two_more),
        Err(ErrorCode::NameTooLong)
    );
    assert_eq!(rename(&mut tree, "other/one", &two_more), Ok(()));
}

#[test]
fn renaming_replaces_what_can_be_replaced() {
    let cases: [(&str, &str, Result<()>); 9] = [
        ("f", "new", Ok(())),
        ("f", "g", Ok(())),
        ("f", "f", Ok(())),
        ("f", "d", Err(ErrorCode::IsDirectory)),
        ("d", "f", Err(ErrorCode::NotDirectory)),
        ("d", "empty", Ok(())),
        ("empty", "d", Err(ErrorCode::NotEmpty)),
        ("d", "d/inside", Err(ErrorCode::Invalid)),
        ("d/x", "y", Ok(())),
    ];
    for (from, to, expected) in cases {
        let mut tree = tree();
        for path in ["f", "g", "d/x"].map(str::to_owned) {
            if path.starts_with('d') {
                folder(&mut tree, "d").unwrap();
            }
            file(&mut tree, &path).unwrap();
        }
        folder(&mut tree, "empty").unwrap();
        let moved = entry_node(&tree, from);
        assert_eq!(rename(&mut tree, from, to), expected, "{from} to {to}");
        let place = if expected.is_ok() { to } else { from };
        assert_eq!(entry_node(&tree, place), moved, "{from} to {to}");
    }
}

#[test]
fn what_is_protected_stays() {
    let mut tree = tree();
    let kept = folder(&mut tree, "kept").unwrap();
    file(&mut tree, "kept/sealed").unwrap();
    file(&mut tree, "plain").unwrap();
    let sealed = entry_node(&tree, "kept/sealed");
    tree.protect(kept, Protection::Kept);
    tree.protect(sealed, Protection::Sealed);
    let refused = Err(ErrorCode::NotPermitted);
    assert_eq!(rename(&mut tree, "kept", "other"), refused);
    assert_eq!(rename(&mut tree, "kept/sealed", "other"), refused);
    assert_eq!(rename(&mut tree, "plain", "kept/sealed"), refused);
    let named = entry(&tree, "kept/sealed");
    assert_eq!(tree.remove_file(&named), refused);
    assert_eq!(tree.set_times(sealed, None, None), refused);
    assert!(!tree.is_writable(sealed));
    assert!(file(&mut tree, "kept/new").is_ok());
    tree.protect(kept, Protection::Sealed);
    assert_eq!(file(&mut tree, "kept/newer"), Err(ErrorCode::Access));
}

#[test]
fn a_removed_folder_is_empty_for_good() {
    let mut tree = tree();
    let id = folder(&mut tree, "d").unwrap();
    tree.hold(id);
    let named = entry(&tree, "d");
    tree.remove_folder(&named).unwrap();
    let inside = Entry {
        folder: id,
        name: "f".into(),
    };
    let made = tree.create(inside, Content::File(Vec::new()), Protection::None);
    assert_eq!(made, Err(ErrorCode::NoEntry));
    assert_eq!(tree.find(id, "..", true), Err(ErrorCode::NoEntry));
    assert_eq!(tree.find(id, ".", true).unwrap().node, Some(id));
    tree.release(id);
}
