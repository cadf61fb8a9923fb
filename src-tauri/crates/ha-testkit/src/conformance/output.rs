//! What a program prints, and what arrives of it.

use super::{finish, run, script, until_printed};
use ha_sandbox::{RunEvent, Runner, Stdin};

async fn check(runner: &dyn Runner, source: &str, stdout: &str) {
    let transcript = run(runner, script(source)).await.exited(0);
    assert_eq!(transcript.stdout(), stdout);
    assert_eq!(transcript.stderr(), "");
}

/// The first program.
pub async fn hello_prints_and_ends_well(runner: &dyn Runner) {
    check(runner, "print('hi')", "hi\n").await;
    check(runner, "", "").await;
    check(runner, "# only a comment", "").await;
    check(
        runner,
        "\u{feff}print('bom')\r\nprint('crlf')\r\n",
        "bom\ncrlf\n",
    )
    .await;
}

/// Lines of both outputs come in the order of the program and stay apart.
pub async fn both_outputs_keep_their_order(runner: &dyn Runner) {
    let source = "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')";
    let transcript = run(runner, script(source)).await.exited(0);
    assert_eq!(
        transcript.events,
        [
            RunEvent::Stdout("a\n".into()),
            RunEvent::Stderr("b\n".into()),
            RunEvent::Stdout("c\n".into()),
        ]
    );
}

/// Any character, and no damage where there is none.
pub async fn unicode_is_kept(runner: &dyn Runner) {
    check(
        runner,
        "print('你好，智能体 🎉 é \\x1b[0m')",
        "你好，智能体 🎉 é \u{1b}[0m\n",
    )
    .await;
    check(
        runner,
        "名字 = '小明'\nprint(f'{名字}' * 2000)",
        &format!("{}\n", "小明".repeat(2000)),
    )
    .await;
}

/// A character may be written byte by byte.
pub async fn a_character_cut_in_two_arrives_whole(runner: &dyn Runner) {
    let source = "\
import sys
for byte in '你'.encode():
    sys.stdout.buffer.write(bytes([byte]))
    sys.stdout.flush()";
    check(runner, source, "你").await;
}

/// Bytes that are no text neither vanish nor break anything.
pub async fn wrong_bytes_are_shown_as_such(runner: &dyn Runner) {
    check(
        runner,
        "import sys\nsys.stdout.buffer.write(b'a\\xffb')",
        "a\u{fffd}b",
    )
    .await;
    let transcript = run(runner, script("print('\\ud800')")).await.exited(1);
    assert!(
        transcript.stderr().contains("UnicodeEncodeError"),
        "{transcript:?}"
    );
}

/// Writing below `sys.stdout` is still output.
pub async fn raw_descriptors_are_heard(runner: &dyn Runner) {
    let source = "import os\nos.write(1, b'out')\nos.write(2, b'err')";
    let transcript = run(runner, script(source)).await.exited(0);
    assert_eq!(
        (transcript.stdout(), transcript.stderr()),
        ("out".into(), "err".into())
    );
}

/// A line is seen before the program ends.
pub async fn output_arrives_while_the_program_runs(runner: &dyn Runner) {
    let mut request = script("print('one')\ninput()\nprint('two')");
    request.stdin = Stdin::Interactive;
    let mut run = runner.start(request).await.unwrap();
    until_printed(&mut run, "one\n").await;
    run.control.input("");
    let rest = finish(run).await.exited(0);
    assert_eq!(rest.stdout(), "two\n");
}

/// Harness code's documents are no output, and keep their place in the order.
pub async fn reports_travel_beside_the_output(runner: &dyn Runner) {
    let source = "\
from _sandbox import report
print('a', end='')
report('{\"好\": 1}')
print('b')
report('[]')";
    let transcript = run(runner, script(source)).await.exited(0);
    assert_eq!(
        transcript.events,
        [
            RunEvent::Stdout("a".into()),
            RunEvent::Report("{\"好\": 1}".into()),
            RunEvent::Stdout("b\n".into()),
            RunEvent::Report("[]".into()),
        ]
    );
}
