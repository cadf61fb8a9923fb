//! Damaged files and full disks: found, named, and the file kept.

use crate::{COURSE, LESSON, NOW, Place};
use ha_store::{OpenOptions, Store, StoreError};
use std::fs;
use std::io::{Seek, SeekFrom, Write};

/// Bytes without a pattern, the same every time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

/// A closed database of at least this many bytes.
fn full_of(place: &Place, bytes: usize) -> Vec<u8> {
    let store = place.open();
    let text = "x = '智能体'\n".repeat(64 * 1024 / 16);
    for n in 0..bytes / text.len() + 1 {
        store
            .save_draft(COURSE, LESSON, &format!("{n}.py"), &text, NOW)
            .unwrap();
    }
    drop(store);
    let bytes_now = fs::read(&place.path).unwrap();
    assert!(bytes_now.len() > bytes);
    bytes_now
}

fn check_refused(damage: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let place = Place::new();
    let damaged = damage(full_of(&place, 500_000));
    fs::write(&place.path, &damaged).unwrap();
    let refused = Store::open(&place.path, NOW).err();
    assert!(
        matches!(refused, Some(StoreError::Corrupt(_))),
        "{refused:?}"
    );
    assert!(
        fs::read(&place.path).unwrap() == damaged,
        "the file must stay as it is"
    );
}

#[test]
fn a_file_of_noise_is_refused_and_kept() {
    check_refused(|whole| noise(whole.len()));
    check_refused(|_| b"# my notes, saved under the wrong name\n".repeat(99));
}

#[test]
fn a_good_header_before_noise_is_refused_and_kept() {
    check_refused(|whole| [&whole[..100], &noise(whole.len() - 100)].concat());
    check_refused(|whole| [&whole[..4096], &noise(whole.len() - 4096)].concat());
}

#[test]
fn a_file_cut_in_the_middle_is_refused_and_kept() {
    check_refused(|whole| whole[..whole.len() / 2].to_vec());
    check_refused(|whole| whole[..whole.len() - 1].to_vec());
    check_refused(|whole| whole[..50].to_vec());
}

#[test]
fn one_damaged_page_is_refused_and_kept() {
    check_refused(|mut whole| {
        let middle = whole.len() / 2 / 4096 * 4096;
        whole[middle..middle + 4096].copy_from_slice(&noise(4096));
        whole
    });
}

#[test]
fn an_empty_file_is_a_fresh_database() {
    let place = Place::new();
    fs::create_dir_all(place.path.parent().unwrap()).unwrap();
    fs::write(&place.path, "").unwrap();
    assert!(place.open().health().unwrap().healthy);
}

/// Damages every page but the first few, under whoever has the file open.
fn damage_in_place(place: &Place) {
    let length = place.path.metadata().unwrap().len();
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(&place.path)
        .unwrap();
    let start = length / 4;
    file.seek(SeekFrom::Start(start)).unwrap();
    file.write_all(&noise((length - start) as usize)).unwrap();
}

#[test]
fn damage_met_later_has_the_same_name() {
    let place = Place::new();
    full_of(&place, 5_000_000);
    let store = place.open();
    damage_in_place(&place);
    let met = store.drafts(COURSE, LESSON);
    assert!(
        matches!(met, Err(StoreError::Corrupt(_))),
        "{:?}",
        met.err()
    );
    match store.health() {
        Ok(health) => assert!(!health.healthy && !health.summary.contains("check ok")),
        Err(error) => assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}"),
    }
}

#[test]
fn a_large_file_is_checked_after_an_unclean_end_only() {
    let place = Place::new();
    full_of(&place, 17 * 1024 * 1024);
    damage_in_place(&place);
    drop(Store::open(&place.path, NOW).unwrap());
    // What a killed process leaves behind.
    let log = place.path.with_file_name("learner's 库.db-wal");
    fs::write(log, noise(4096)).unwrap();
    let refused = Store::open(&place.path, NOW).err();
    assert!(
        matches!(refused, Some(StoreError::Corrupt(_))),
        "{refused:?}"
    );
}

#[test]
fn a_full_disk_refuses_the_write_and_keeps_the_rest() {
    let place = Place::new();
    let small = OpenOptions {
        max_pages: Some(64),
        ..OpenOptions::default()
    };
    let store = Store::open_with(&place.path, NOW, small).unwrap();
    store
        .save_draft(COURSE, LESSON, "main.py", "kept", NOW)
        .unwrap();
    let large = "x".repeat(1_000_000);
    let save = |path: &str, text: &str| store.save_draft(COURSE, LESSON, path, text, NOW);
    assert_eq!(save("large.py", &large), Err(StoreError::Full));
    assert_eq!(save("main.py", &large), Err(StoreError::Full));
    let rows = store.drafts(COURSE, LESSON).unwrap();
    assert_eq!((rows.len(), &*rows[0].text), (1, "kept"));
    // Room for something small is used.
    save("main.py", "kept, and changed").unwrap();
    drop(store);
    // And with room again everything goes on.
    let store = place.open();
    assert_eq!(
        store.drafts(COURSE, LESSON).unwrap()[0].text,
        "kept, and changed"
    );
    store
        .save_draft(COURSE, LESSON, "large.py", &large, NOW)
        .unwrap();
}
