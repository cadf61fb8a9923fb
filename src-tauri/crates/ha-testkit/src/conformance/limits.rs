//! Limits as attacks, in obeyed and violated pairs where there is a border.

use super::{canary, finish, run, script, until_printed};
use ha_sandbox::{
    RequestError, RunError, RunEvent, RunOutcome, RunRequest, Runner, SourceFile, Stdin,
};
use std::time::Duration;

const MIB: u64 = 1024 * 1024;

async fn times_out(runner: &dyn Runner, source: &str) {
    let mut request = script(source);
    request.limits.wall = Duration::from_secs(1);
    request.stdin = Stdin::Interactive;
    let transcript = run(runner, request).await;
    assert_eq!(transcript.outcome(), RunOutcome::TimedOut);
    assert_eq!(transcript.stdout(), "begun\n");
    assert!(
        transcript.report.duration >= Duration::from_secs(1),
        "{transcript:?}"
    );
    canary(runner).await;
}

/// A busy program.
pub async fn a_loop_times_out(runner: &dyn Runner) {
    times_out(runner, "print('begun')\nwhile True:\n    pass").await;
}

/// An idle one.
pub async fn a_sleep_times_out(runner: &dyn Runner) {
    times_out(runner, "import time\nprint('begun')\ntime.sleep(1000)").await;
}

/// One that waits for somebody.
pub async fn a_wait_for_input_times_out(runner: &dyn Runner) {
    times_out(runner, "print('begun')\ninput()").await;
}

/// One large piece: Python can say so, and the program can go on.
pub async fn too_much_memory_is_a_memory_error(runner: &dyn Runner) {
    let source = "\
try:
    bytearray(400 << 20)
except MemoryError:
    print('caught')
print(len(bytearray(20 << 20)))";
    let transcript = run(runner, script(source)).await.exited(0);
    assert_eq!(transcript.stdout(), "caught\n20971520\n");
    canary(runner).await;
}

/// Many small pieces: either Python says so, or the engine does.
pub async fn an_endless_list_ends(runner: &dyn Runner) {
    let transcript = run(
        runner,
        script("x = []\nwhile True:\n    x.append('x' * 1000)"),
    )
    .await;
    match transcript.outcome() {
        RunOutcome::OutOfMemory => {}
        RunOutcome::Exited { code: 1 } => {
            assert!(
                transcript.stderr().ends_with("MemoryError\n"),
                "{transcript:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    canary(runner).await;
}

fn capped(source: &str) -> RunRequest {
    let mut request = script(source);
    request.limits.output_bytes = 10_000;
    request
}

/// At the cap everything arrives.
pub async fn output_at_the_cap_is_whole(runner: &dyn Runner) {
    let transcript = run(runner, capped("print('x' * 9_999)")).await.exited(0);
    assert_eq!(transcript.stdout().len(), 10_000);
}

/// Above it the program goes on: its first words and its last ones are kept, and how much is missing
/// between them is said.
pub async fn output_above_the_cap_keeps_beginning_and_end(runner: &dyn Runner) {
    let source = "print('first')\nprint('x' * 20_000)\nprint('last')\n1 / 0";
    let transcript = run(runner, capped(source)).await.exited(1);
    let (stdout, stderr) = (transcript.stdout(), transcript.stderr());
    assert!(stdout.starts_with("first\nxxx"), "{transcript:?}");
    assert!(stdout.ends_with("xxx\nlast\n"), "{transcript:?}");
    assert!(stderr.ends_with("ZeroDivisionError: division by zero\n"));
    let kept = stdout.len() + stderr.len();
    assert_eq!(kept, 10_000);
    let printed = "first\n".len() + 20_001 + "last\n".len() + stderr.len();
    let missing = (printed - kept) as u64;
    assert!(
        transcript
            .events
            .contains(&RunEvent::LeftOut { bytes: missing }),
        "{missing} bytes are missing: {transcript:?}"
    );
    canary(runner).await;
}

/// A question behind a long output is seen before it must be answered.
pub async fn a_question_is_seen_behind_a_long_output(runner: &dyn Runner) {
    let mut request = capped("print('x' * 20_000)\nprint(input('name? '))");
    request.stdin = Stdin::Text("小明\n".into());
    let stdout = run(runner, request).await.exited(0).stdout();
    assert!(stdout.ends_with("x\nname? 小明\n"), "{stdout}");
    let mut request = capped("print('x' * 20_000)\ninput('name? ')");
    request.stdin = Stdin::Interactive;
    let mut asked = runner.start(request).await.expect("it starts");
    until_printed(&mut asked, "name? ").await;
    asked.control.cancel();
    assert_eq!(finish(asked).await.outcome(), RunOutcome::Cancelled);
}

/// Far above it the program is ended.
pub async fn a_flood_of_output_ends_the_program(runner: &dyn Runner) {
    for source in [
        "print('x' * 40_000)",
        "while True:\n    print('x' * 10)",
        "try:\n    while True:\n        print('x')\nexcept BaseException:\n    pass\nwhile True:\n    pass",
        "import os\nwhile True:\n    os.write(1, b'x')",
    ] {
        let transcript = run(runner, capped(source)).await;
        assert_eq!(transcript.outcome(), RunOutcome::OutputLimit, "{source}");
        assert_eq!(transcript.stdout().len(), 10_000, "{source}");
    }
    canary(runner).await;
}

/// Standard error is output too.
pub async fn both_outputs_share_the_cap(runner: &dyn Runner) {
    let source = "import sys\nprint('x' * 5_999, flush=True)\nprint('y' * 5_999, file=sys.stderr)";
    let transcript = run(runner, capped(source)).await.exited(0);
    assert_eq!(
        (transcript.stdout().len(), transcript.stderr().len()),
        (6_000, 4_000)
    );
}

async fn writes(runner: &dyn Runner, source: &str, stdout: &str) {
    let mut request = script(source);
    request.limits.disk_bytes = 4 * MIB;
    let transcript = run(runner, request).await.exited(0);
    assert_eq!(transcript.stdout(), stdout, "{transcript:#?}");
    canary(runner).await;
}

/// Files a program may leave, in one piece and in many.
pub async fn files_within_the_limit_are_allowed(runner: &dyn Runner) {
    let source = "\
import os
with open('large', 'wb') as file:
    for _ in range(48):
        file.write(bytes(65536))
for number in range(100):
    open(f'/tmp/{number}', 'w').close()
print(os.path.getsize('large'), len(os.listdir('/tmp')))";
    writes(runner, source, "3145728 100\n").await;
}

/// Too large, too many, and without end: an error a program can catch, and then go on.
pub async fn files_above_the_limit_do_not_fit(runner: &dyn Runner) {
    let source = "\
import errno, os
def attempt(what):
    try:
        what()
    except OSError as error:
        print(errno.errorcode[error.errno], error.strerror)
def endless():
    with open('large', 'wb') as file:
        while True:
            file.write(bytes(65536))
def many():
    for number in range(100_000):
        open(f'/tmp/{number}', 'w').close()
attempt(endless)
print(os.path.getsize('large') <= 4 << 20)
os.remove('large')
attempt(many)
for name in os.listdir('/tmp'):
    os.remove(f'/tmp/{name}')
open('small', 'w').write('room again')
print(open('small').read())";
    let refused = "ENOSPC No space left on device\n";
    writes(
        runner,
        source,
        &format!("{refused}True\n{refused}room again\n"),
    )
    .await;
}

/// What no engine runs is refused before anything starts.
pub async fn requests_outside_the_contract_are_refused(runner: &dyn Runner) {
    let with = |change: fn(&mut RunRequest)| {
        let mut request = script("print()");
        change(&mut request);
        request
    };
    for (request, expected) in [
        (
            with(|r| r.files[0].bytes = b"print()\0".to_vec()),
            RequestError::NulByte("main.py".into()),
        ),
        (
            with(|r| r.files[0].bytes = vec![b'#'; 5_000_000]),
            RequestError::TooLarge(5_000_000),
        ),
        (
            with(|r| r.files.push(SourceFile::text("../x.py", ""))),
            RequestError::BadPath("../x.py".into()),
        ),
        (
            with(|r| r.limits.wall = Duration::ZERO),
            RequestError::BadWall(0),
        ),
        (
            with(|r| r.entry = "other.py".into()),
            RequestError::NoEntry("other.py".into()),
        ),
    ] {
        match runner.start(request).await {
            Err(RunError::Refused(refusal)) => assert_eq!(refusal, expected),
            other => panic!("{other:?} instead of {expected:?}"),
        }
    }
}
