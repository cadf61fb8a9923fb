//! What runs before a program, as the cells of a lesson do: its names, its silence, and the lines of
//! the program itself, which stay as they are.

use super::{canary, run, script};
use ha_sandbox::{Inspect, Inspection, RunEvent, RunRequest, Runner, Stdin};

fn after(before: &[&str], source: &str) -> RunRequest {
    let mut request = script(source);
    request.before = before.iter().map(ToString::to_string).collect();
    request
}

async fn check_stdout(runner: &dyn Runner, before: &[&str], source: &str, expected: &str) {
    let transcript = run(runner, after(before, source)).await.exited(0);
    assert_eq!(transcript.stdout(), expected, "{before:?} {source}");
    assert_eq!(transcript.stderr(), "", "{before:?} {source}");
}

/// One program in several texts: names, also private ones, are found and changed from both sides.
pub async fn earlier_texts_share_their_names_and_are_not_heard(runner: &dyn Runner) {
    let setup = "print('seen above')\nx, _y = 1, 2\ndef total(): return x + _y";
    let source = "print(total())\nx = 40\nprint(total())";
    check_stdout(runner, &[setup], source, "3\n42\n").await;
    check_stdout(runner, &["x = 1", "x += 1", ""], "print(x)", "2\n").await;
    let is_main = "if __name__ == '__main__': seen = [__name__]\nprint('a', end='')";
    let own = "if __name__ == '__main__':\n    print(seen)";
    check_stdout(runner, &[is_main], own, "['__main__']\n").await;
    // Whoever kept the output can write to it again afterwards.
    let kept =
        "import sys\nsys.stdout.reconfigure(encoding='utf-8')\nout = sys.stdout\nprint('x' * 9000)";
    check_stdout(runner, &[kept], "print('heard', file=out)", "heard\n").await;
    let future = "'''Words.'''\nfrom __future__ import annotations\ndef f(a: nobody): pass";
    let source = "print(x, f.__annotations__)";
    check_stdout(runner, &["x = 1", future], source, "1 {'a': 'nobody'}\n").await;
    let mut request = after(&["name = input('name? ')"], "print(name, input())");
    request.stdin = Stdin::Text("小明\nagain\n".into());
    let transcript = run(runner, request).await.exited(0);
    assert_eq!(transcript.stdout(), "小明 again\n");
    canary(runner).await;
}

/// Whatever a program begins with: the traceback and the failed place say the line it has there.
pub async fn every_line_keeps_its_number(runner: &dyn Runner) {
    for (first, line) in [
        ("for a in [x]:", 2),
        ("def f():\n    pass\nif x:", 4),
        ("@str\ndef f(): pass\nif x:", 4),
        ("async def f(): pass\nif x:", 3),
        ("from __future__ import annotations\nif x:", 3),
        ("# a comment\nif x:", 3),
        ("# -*- coding: utf-8 -*-\nif x:", 3),
        ("\n\nif x:", 4),
        ("'''words\nover lines'''\nif x:", 4),
        ("text = '''\n'''\nif x:", 4),
    ] {
        let mut request = after(&["print(1)\nx = 1"], &format!("{first}\n    1 / 0\n"));
        request.inspect = Inspect::Variables;
        let transcript = run(runner, request).await.exited(1);
        let place = format!("  File \"main.py\", line {line}, in <module>\n    1 / 0\n");
        let said = transcript.stderr();
        assert!(said.contains(&place), "{first}: {said}");
        let failure = inspection(&transcript.events).failure.as_ref().unwrap();
        assert_eq!((&*failure.file, failure.line), ("main.py", line), "{first}");
    }
    let broken = after(&["x = 1"], "for a in [x]:\nprint(a)");
    let said = run(runner, broken).await.exited(1).stderr();
    assert!(said.contains("File \"main.py\", line 2\n"), "{said}");
}

fn inspection(events: &[RunEvent]) -> &Inspection {
    match events.last() {
        Some(RunEvent::Inspected(inspection)) => inspection,
        other => panic!("nothing was shown: {other:?}"),
    }
}

/// What ran before is there from the first step on and has no steps of its own.
pub async fn steps_are_those_of_the_program(runner: &dyn Runner) {
    let setup = "base = 1\ndef up(n):\n    return n + base";
    let mut request = after(&[setup], "for n in [1]:\n    n = up(n)\nprint(n)");
    request.inspect = Inspect::Steps;
    let transcript = run(runner, request).await.exited(0);
    let inspection = inspection(&transcript.events);
    let recording = inspection.recording.as_ref().unwrap();
    let lines: Vec<_> = recording.steps.iter().map(|step| step.line).collect();
    assert_eq!(lines, [1, 2, 1, 3, 3]);
    assert_eq!(recording.files, ["main.py"]);
    assert_eq!(recording.steps[0].changed[0].name, "base");
    let names = inspection.variables.iter().map(|shown| &*shown.name);
    assert_eq!(names.collect::<Vec<_>>(), ["base", "n"]);
}

/// An error says where it is and nothing after it runs; a way out is one.
pub async fn what_fails_before_ends_the_program(runner: &dyn Runner) {
    let failing = after(&["x = 1", "print(x)\n1 / 0"], "print('no')");
    let transcript = run(runner, failing).await.exited(1);
    assert_eq!(transcript.stdout(), "");
    // An older Python shows only lines that are in a file.
    let said = transcript.stderr();
    for part in [
        "  File \"before-2.py\", line 2, in <module>\n",
        "\nZeroDivisionError: division by zero\n",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let leaving = after(&["exit(3)"], "print('no')");
    assert_eq!(run(runner, leaving).await.exited(3).events, []);
    canary(runner).await;
}
