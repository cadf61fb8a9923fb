//! A bundle whose zip is in order and whose entries are the input's: names, texts, and how the list
//! lies about them. From bytes alone a fuzzer seldom finds two checksums and a digest that agree.
//!
//! An input is lines, each an entry: a sign, a name, a `|`, a text. `+` is listed as it is, `-` is not
//! in the list, `!` with a wrong digest, `>` with a wrong size, `?` is listed and not there, `@` is a
//! link, `=` is the list itself. A text `\n` stands for the end of a line.

#![no_main]
#![allow(clippy::unwrap_used, reason = "a judge fails by panicking")]

#[path = "../../../src-tauri/crates/ha-course/tests/fixture/mod.rs"]
mod fixture;
mod shelf;

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::json;
use shelf::Desk;
use std::io::{Cursor, Write};
use std::sync::OnceLock;
use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

static DESK: OnceLock<Desk> = OnceLock::new();

struct Entry {
    sign: char,
    name: String,
    text: String,
}

fn entry(line: &str) -> Option<Entry> {
    let (name, text) = line.split_once('|')?;
    let sign = name.chars().next()?;
    Some(Entry {
        sign,
        name: name[sign.len_utf8()..].into(),
        text: text.replace("\\n", "\n"),
    })
}

/// The list that fits the entries, where they do not lie.
fn list(entries: &[Entry]) -> String {
    let listed = entries.iter().filter(|entry| "+!>?".contains(entry.sign));
    let files: Vec<_> = listed
        .map(|entry| {
            let lie = if entry.sign == '!' { "x" } else { "" };
            let digest = blake3::hash((entry.text.clone() + lie).as_bytes());
            let more = usize::from(entry.sign == '>');
            json!({
                "path": entry.name,
                "size": entry.text.len() + more,
                "blake3": digest.to_hex().to_string(),
            })
        })
        .collect();
    json!({
        "format": 1,
        "course": "small",
        "version": "1.0.0",
        "title": ["小课", "Small"],
        "license": "CC0-1.0",
        "authors": [],
        "needs": { "docker": false, "model": false, "network": [], "packages": [] },
        "files": files,
    })
    .to_string()
}

/// The bundle; an error where the writer knows better than to write it.
fn packed(entries: &[Entry]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let own = entries.iter().find(|entry| entry.sign == '=');
    zip.start_file("hacourse.json", options)?;
    zip.write_all(
        own.map_or_else(|| list(entries), |own| own.text.clone())
            .as_bytes(),
    )?;
    for entry in entries {
        match entry.sign {
            '?' | '=' => {}
            '@' => zip.add_symlink(&entry.name, &entry.text, options)?,
            _ => {
                zip.start_file(&entry.name, options)?;
                zip.write_all(entry.text.as_bytes())?;
            }
        }
    }
    Ok(zip.finish()?.into_inner())
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let text = String::from_utf8_lossy(bytes);
    let entries: Vec<Entry> = text.split('\n').filter_map(entry).take(64).collect();
    match packed(&entries) {
        Ok(bundle) => DESK.get_or_init(Desk::new).install(&bundle),
        Err(_) => return Corpus::Reject,
    }
    Corpus::Keep
});
