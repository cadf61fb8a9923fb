//! How a program ends: exit codes, and what stands on standard error.

use super::{assert_said, canary, run, script};
use ha_sandbox::{Runner, SourceFile};

async fn check_stderr(runner: &dyn Runner, source: &str, helper: &str, expected: &str) {
    let mut request = script(source);
    request.files.push(SourceFile::text("helper.py", helper));
    let transcript = run(runner, request).await.exited(1);
    assert_said(runner, &transcript.stderr(), expected).await;
}

/// The same codes as a shell sees.
pub async fn exit_codes_are_pythons(runner: &dyn Runner) {
    for (source, code) in [
        ("", 0),
        ("import sys; sys.exit()", 0),
        ("import sys; sys.exit(0)", 0),
        ("import sys; sys.exit(3)", 3),
        ("import sys; sys.exit(True)", 1),
        ("import sys; sys.exit(256)", 0),
        ("import sys; sys.exit(-1)", 255),
        ("raise SystemExit(4)", 4),
        ("exit(5)", 5),
        ("import os; os._exit(6)", 6),
        ("import atexit, os; atexit.register(os._exit, 7)", 7),
        (
            "try:\n    import sys; sys.exit(8)\nfinally:\n    print(end='')",
            8,
        ),
        ("1 / 0", 1),
        ("def", 1),
        ("raise KeyboardInterrupt", 130),
        ("import sys; sys.stdout.close()", 0),
    ] {
        let transcript = run(runner, script(source)).await;
        assert_eq!(transcript.exited(code).stdout(), "", "{source}");
    }
    let transcript = run(runner, script("import sys; sys.exit('再见')")).await;
    assert_eq!(transcript.exited(1).stderr(), "再见\n");
    let transcript = run(
        runner,
        script("import os; print('lost', end=''); os._exit(0)"),
    )
    .await;
    assert_eq!(transcript.exited(0).stdout(), "");
}

/// Lines, names and carets, and nothing of ours.
pub async fn a_traceback_reads_as_pythons(runner: &dyn Runner) {
    let source = "def divide(a, b):\n    return a / b\n\nprint('before')\ndivide(1, 0)\n";
    let expected = "\
Traceback (most recent call last):
  File \"main.py\", line 5, in <module>
    divide(1, 0)
    ~~~~~~^^^^^^
  File \"main.py\", line 2, in divide
    return a / b
           ~~^~~
ZeroDivisionError: division by zero
";
    check_stderr(runner, source, "", expected).await;
    let source = "print(price)";
    let expected = "\
Traceback (most recent call last):
  File \"main.py\", line 1, in <module>
    print(price)
          ^^^^^
NameError: name 'price' is not defined. Did you mean: 'print'?
";
    check_stderr(runner, source, "", expected).await;
}

/// Frames of the learner's other files.
pub async fn a_traceback_through_a_helper_shows_its_lines(runner: &dyn Runner) {
    let expected = "\
Traceback (most recent call last):
  File \"main.py\", line 2, in <module>
    helper.get({})
    ~~~~~~~~~~^^^^
  File \"/work/helper.py\", line 2, in get
    return data['key']
           ~~~~^^^^^^^
KeyError: 'key'
";
    let helper = "def get(data):\n    return data['key']\n";
    check_stderr(runner, "import helper\nhelper.get({})", helper, expected).await;
}

/// `raise ... from ...` shows both.
pub async fn chained_exceptions_are_shown(runner: &dyn Runner) {
    let source = "\
try:
    int('x')
except ValueError as error:
    raise RuntimeError('no number') from error";
    let expected = "\
Traceback (most recent call last):
  File \"main.py\", line 2, in <module>
    int('x')
    ~~~^^^^^
ValueError: invalid literal for int() with base 10: 'x'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File \"main.py\", line 4, in <module>
    raise RuntimeError('no number') from error
RuntimeError: no number
";
    check_stderr(runner, source, "", expected).await;
}

/// No traceback header, the line, and a caret under the place.
pub async fn a_syntax_error_shows_its_place(runner: &dyn Runner) {
    let expected = concat!(
        "  File \"main.py\", line 2\n",
        "    if x = 1:\n",
        "       ^^^^^\n",
        "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?\n",
    );
    check_stderr(runner, "x = 1\nif x = 1:\n    pass\n", "", expected).await;
    let expected = concat!(
        "  File \"main.py\", line 2\n",
        "    print('x')\n",
        "    ^^^^^\n",
        "IndentationError: expected an indented block after 'if' statement on line 1\n",
    );
    check_stderr(runner, "if True:\nprint('x')\n", "", expected).await;
}

/// The import that led there, and the place in the other file.
pub async fn a_syntax_error_in_a_helper_shows_its_file(runner: &dyn Runner) {
    let expected = "\
Traceback (most recent call last):
  File \"main.py\", line 1, in <module>
    import helper
  File \"/work/helper.py\", line 1
    def broken(:
               ^
SyntaxError: invalid syntax
";
    check_stderr(
        runner,
        "import helper",
        "def broken(:\n    pass\n",
        expected,
    )
    .await;
}

/// The order of the end.
pub async fn atexit_runs_after_the_traceback(runner: &dyn Runner) {
    let source = "\
import atexit, sys
atexit.register(lambda: print('bye', file=sys.stderr))
raise ValueError('x')";
    let transcript = run(runner, script(source)).await.exited(1);
    assert!(
        transcript.stderr().ends_with("ValueError: x\nbye\n"),
        "{transcript:?}"
    );
}

/// Objects that live to the end are let go, with their last words.
pub async fn last_objects_are_let_go(runner: &dyn Runner) {
    let source = "\
import atexit
class Closing:
    def __init__(self, name): self.name = name
    def __del__(self): print('closed', self.name)
atexit.register(print, 'atexit')
kept = Closing('kept')
cycle = Closing('cycle')
cycle.itself = cycle
print('end')";
    let transcript = run(runner, script(source)).await.exited(0);
    assert_eq!(
        transcript.stdout(),
        "end\natexit\nclosed kept\nclosed cycle\n"
    );
}

/// Python's own guard, also for recursion that goes through C.
pub async fn endless_recursion_is_a_recursion_error(runner: &dyn Runner) {
    let source = "
def direct(n): return direct(n + 1)
class Printed:
    def __repr__(self): return repr(self)
for action in (lambda: direct(0), lambda: repr(Printed())):
    try:
        action()
    except RecursionError as error:
        print('caught')
";
    assert_eq!(
        run(runner, script(source)).await.exited(0).stdout(),
        "caught\ncaught\n"
    );
    let transcript = run(runner, script("def f(n):\n    return f(n + 1)\nf(0)"))
        .await
        .exited(1);
    assert!(
        transcript
            .stderr()
            .contains("more times]\nRecursionError: maximum recursion depth exceeded")
    );
    canary(runner).await;
}
