//! What a program reads.

use super::{Transcript, canary, finish, run, script};
use ha_sandbox::{Run, RunEvent, Runner, Stdin};

async fn with_text(runner: &dyn Runner, source: &str, input: &str) -> Transcript {
    let mut request = script(source);
    request.stdin = Stdin::Text(input.into());
    run(runner, request).await
}

async fn interactive(runner: &dyn Runner, source: &str) -> Run {
    let mut request = script(source);
    request.stdin = Stdin::Interactive;
    runner.start(request).await.unwrap()
}

/// Reads to the next request for input and says what was printed until then.
async fn until_input_is_needed(run: &mut Run) -> String {
    let mut printed = String::new();
    loop {
        match run.events.recv().await {
            Some(RunEvent::Stdout(text)) => printed.push_str(&text),
            Some(RunEvent::NeedsInput) => return printed,
            Some(RunEvent::Started) => {}
            other => panic!("{other:?} instead of a request for input, after {printed:?}"),
        }
    }
}

/// Known input, with and without a last line end.
pub async fn text_input_is_read_line_by_line(runner: &dyn Runner) {
    let source = "name = input('name? ')\nage = int(input())\nprint(name, age + 1)";
    for input in ["小明\n41\n", "小明\n41"] {
        let transcript = with_text(runner, source, input).await.exited(0);
        assert_eq!(
            transcript.events,
            [RunEvent::Stdout("name? 小明 42\n".into())]
        );
    }
}

/// Reading on is an error the program can catch, every time.
pub async fn the_end_of_text_input_is_an_eof_error(runner: &dyn Runner) {
    let source = "\
for _ in range(2):
    try:
        input()
    except EOFError as error:
        print(error)";
    let transcript = with_text(runner, source, "").await.exited(0);
    assert_eq!(transcript.stdout(), "EOF when reading a line\n".repeat(2));
    with_text(runner, "input()", "").await.exited(1);
}

/// The prompt comes first, without a line end, and every wait is told.
pub async fn a_prompt_is_shown_before_input_is_asked_for(runner: &dyn Runner) {
    let mut run = interactive(
        runner,
        "a = input('first? ')\nb = input('second? ')\nprint(a + b)",
    )
    .await;
    assert_eq!(until_input_is_needed(&mut run).await, "first? ");
    run.control.input("你");
    assert_eq!(until_input_is_needed(&mut run).await, "second? ");
    run.control.input("好");
    assert_eq!(finish(run).await.exited(0).stdout(), "你好\n");
}

/// Closing the input ends the wait.
pub async fn ended_input_is_an_eof_error(runner: &dyn Runner) {
    let mut run = interactive(
        runner,
        "try:\n    input()\nexcept EOFError:\n    print('end')",
    )
    .await;
    until_input_is_needed(&mut run).await;
    run.control.end_input();
    assert_eq!(finish(run).await.exited(0).stdout(), "end\n");
    canary(runner).await;
}

/// Lines typed before they are asked for are not lost.
pub async fn input_sent_ahead_is_kept(runner: &dyn Runner) {
    let run = interactive(runner, "print([input() for _ in range(3)])").await;
    for line in ["a", "", "c"] {
        run.control.input(line);
    }
    assert_eq!(finish(run).await.exited(0).stdout(), "['a', '', 'c']\n");
}

/// `sys.stdin` is a file like any other.
pub async fn standard_input_can_be_read_as_a_file(runner: &dyn Runner) {
    let lines = "import sys\nprint([line.strip() for line in sys.stdin])";
    assert_eq!(
        with_text(runner, lines, "a\nb\n").await.exited(0).stdout(),
        "['a', 'b']\n"
    );
    let whole = "import sys\nprint(len(sys.stdin.read()))";
    assert_eq!(
        with_text(runner, whole, &"é\n".repeat(20_000))
            .await
            .exited(0)
            .stdout(),
        "40000\n"
    );
}
