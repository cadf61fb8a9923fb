//! `kill -9` while the learner types: every save that was answered is there.

use crate::{COURSE, NOW, Place};
use ha_store::Store;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const CHILD: &str = "HA_STORE_TYPING_CHILD";
const ANSWERED: usize = 300;

fn lesson(n: usize) -> String {
    format!("lesson-{}", n % 7)
}

fn text(n: usize) -> String {
    format!("# save {n}\n{}", "print('智')\n".repeat(n % 50))
}

/// Saves for ever, and says after each that it is saved.
fn type_for_ever(path: &Path) {
    let store = Store::open(path, NOW).unwrap();
    for n in 0.. {
        store
            .save_draft(COURSE, &lesson(n), "main.py", &text(n), NOW)
            .unwrap();
        println!("\nsaved {n}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn every_answered_save_survives_a_kill() {
    if let Some(path) = std::env::var_os(CHILD) {
        return type_for_ever(Path::new(&path));
    }
    let place = Place::new();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "killed::every_answered_save_survives_a_kill",
            "--exact",
            "--nocapture",
        ])
        .env(CHILD, &place.path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let is_last = |line: &String| *line == format!("saved {ANSWERED}");
    assert!(lines.by_ref().any(|line| is_last(&line)));
    child.kill().unwrap();
    child.wait().unwrap();
    // Saves answered between the one we waited for and the kill are still in the pipe.
    let answered = lines
        .filter_map(|line| line.strip_prefix("saved ")?.parse().ok())
        .fold(ANSWERED, usize::max);

    let store = place.open();
    assert!(store.health().unwrap().healthy);
    let saved: Vec<usize> = (0..7)
        .map(|n| {
            let rows = store.drafts(COURSE, &lesson(n)).unwrap();
            let number = rows[0]
                .text
                .lines()
                .next()
                .unwrap()
                .strip_prefix("# save ")
                .unwrap();
            let number = number.parse().unwrap();
            assert_eq!(rows[0].text, text(number), "a save is whole or not there");
            number
        })
        .collect();
    for n in answered - 6..=answered {
        // The one after the last answer may have been stored too; none may be older.
        assert!(
            saved[n % 7] >= n,
            "save {n} was answered, {} is there",
            saved[n % 7]
        );
    }
}
