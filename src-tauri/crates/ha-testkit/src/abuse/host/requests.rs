//! Requests that no engine takes, and source of every shape that every engine takes.

use super::{HostCase, harmless, must};
use crate::abuse::Heard;
use crate::conformance::script;
use ha_sandbox::{Limits, RunRequest, Runner, SourceFile, Stdin};
use std::sync::Arc;
use std::time::Duration;

pub(super) fn cases() -> Vec<HostCase> {
    vec![
        HostCase::new(
            "012-limits-out-of-range",
            "Asks for no time, for a moment too much, for ten to the twelve seconds.",
            "refused",
            limits_out_of_range,
        ),
        HostCase::new(
            "013-source-too-large",
            "Hands over 20 MB of source.",
            "refused",
            |runner| {
                refused(runner, |request| {
                    request.files[0].bytes = vec![b'#'; 20 << 20]
                })
            },
        ),
        HostCase::new(
            "013-source-of-brackets",
            "Hands over 100,000 opening brackets, and other towers of one token.",
            "exited",
            monstrous_sources,
        ),
        HostCase::new(
            "031-input-too-large",
            "Hands over 128 MB of standard input, and as much in arguments.",
            "refused",
            input_too_large,
        ),
        HostCase::new(
            "072-shapes-of-source",
            "Hands over source with a mark, CRLF, another coding, nothing, comments only.",
            "exited, as CPython does",
            shapes_of_source,
        ),
        HostCase::new(
            "080-names-of-files",
            "Hands over files whose names lead elsewhere.",
            "refused",
            names_of_files,
        ),
    ]
}

async fn refused(
    runner: Arc<dyn Runner>,
    change: impl FnOnce(&mut RunRequest) + Send,
) -> Result<(), String> {
    let mut request = script("print()");
    change(&mut request);
    let heard = Heard::run(&*runner, request).await;
    must(heard.end == "refused", &heard)
}

async fn input_too_large(runner: Arc<dyn Runner>) -> Result<(), String> {
    refused(runner.clone(), |request| {
        request.stdin = Stdin::Text("x".repeat(128 << 20));
    })
    .await?;
    refused(runner, |request| {
        request.args = vec!["x".repeat(1 << 20); 128];
    })
    .await
}

async fn limits_out_of_range(runner: Arc<dyn Runner>) -> Result<(), String> {
    for wall in [
        Duration::ZERO,
        Duration::from_nanos(1),
        Limits::MIN_WALL - Duration::from_nanos(1),
        Limits::MAX_WALL + Duration::from_nanos(1),
        Duration::from_secs(1_000_000_000_000),
        Duration::MAX,
    ] {
        refused(runner.clone(), |request| request.limits.wall = wall).await?;
    }
    Ok(())
}

async fn names_of_files(runner: Arc<dyn Runner>) -> Result<(), String> {
    for name in [
        "../x.py",
        "/etc/passwd",
        "a/../../x",
        "C:\\x",
        "C:x",
        "a\\b",
        "a\0b",
        "",
        ".",
        "a//b",
        "./a",
        "a\nb",
        "a/",
        &"n".repeat(201),
    ] {
        let file = SourceFile::text(name, "");
        refused(runner.clone(), |request| request.files.push(file)).await?;
    }
    Ok(())
}

async fn monstrous_sources(runner: Arc<dyn Runner>) -> Result<(), String> {
    for source in [
        "(".repeat(100_000),
        "-".repeat(500_000) + "1",
        "not ".repeat(200_000) + "1",
        "lambda:".repeat(100_000) + "1",
        "x = ".repeat(200_000) + "1",
        "a.".repeat(400_000) + "b",
        "f'{".repeat(1000),
        "if 1:\n ".repeat(1000),
        "1+".repeat(400_000) + "1",
        "\\\n".repeat(400_000),
    ] {
        let heard = Heard::run(&*runner, script(&source)).await;
        let class = heard.ended("exited") || heard.ended("out_of_memory");
        must(
            class,
            &(&source[..source.len().min(20)], &heard.end, &heard.note),
        )?;
        harmless(&*runner).await?;
    }
    Ok(())
}

async fn shapes_of_source(runner: Arc<dyn Runner>) -> Result<(), String> {
    let shapes: [(&[u8], &str, &str); 8] = [
        (b"", "exited 0", ""),
        (b"# nothing but a comment", "exited 0", ""),
        (b"\xef\xbb\xbfprint('mark')", "exited 0", "mark\n"),
        (
            b"print('one')\r\nprint('two')\r\n",
            "exited 0",
            "one\ntwo\n",
        ),
        (b"print('one')\rprint('two')\r", "exited 0", "one\ntwo\n"),
        (
            b"# -*- coding: latin-1 -*-\nprint('caf\xe9')",
            "exited 0",
            "café\n",
        ),
        (b"\x0c\n\tprint('indented')", "exited 1", ""),
        (b"print('no line end')", "exited 0", "no line end\n"),
    ];
    for (bytes, end, printed) in shapes {
        let mut request = script("");
        request.files[0].bytes = bytes.to_vec();
        let heard = Heard::run(&*runner, request).await;
        let is_so = heard.end == end && heard.stdout == printed;
        must(is_so, &(String::from_utf8_lossy(bytes), &heard))?;
    }
    for bytes in [&b"print('\xff')"[..], b"# coding: no-such-coding\nprint()"] {
        let mut request = script("");
        request.files[0].bytes = bytes.to_vec();
        let heard = Heard::run(&*runner, request).await;
        must(
            heard.end == "exited 1" && heard.stderr.contains("SyntaxError"),
            &heard,
        )?;
    }
    refused(runner, |request| {
        request.files[0].bytes = b"print()\0".to_vec()
    })
    .await
}
