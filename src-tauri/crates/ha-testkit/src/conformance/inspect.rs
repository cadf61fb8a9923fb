//! What a run shows of its inside: variables, the failed place, the recorded steps.

use super::{Transcript, assert_said, canary, run, script};
use ha_sandbox::{Inspect, Inspection, RunEvent, RunOutcome, Runner, SourceFile, Step, StepKind};
use std::collections::BTreeMap;
use std::time::Duration;

/// Runs a program and gives what it showed.
///
/// # Panics
/// When it showed nothing, or not right before its end.
async fn seen(runner: &dyn Runner, source: &str, inspect: Inspect) -> (Inspection, Transcript) {
    let mut request = script(source);
    request.inspect = inspect;
    let mut transcript = run(runner, request).await;
    let shown = transcript.events.pop();
    let Some(RunEvent::Inspected(inspection)) = shown else {
        panic!("nothing was shown: {shown:?} after {transcript:?}");
    };
    (*inspection, transcript)
}

async fn check_variables(runner: &dyn Runner, source: &str, expected: &[(&str, &str, &str)]) {
    let (inspection, _) = seen(runner, source, Inspect::Variables).await;
    let found: Vec<_> = inspection
        .variables
        .iter()
        .map(|v| (v.name.as_str(), v.type_name.as_str(), v.value.as_str()))
        .collect();
    assert_eq!(found, expected, "{source}");
    assert_eq!(inspection.more_variables, 0);
    assert_eq!(inspection.recording, None, "nobody asked for steps");
}

/// Name, type and `repr`; what is not data is left out.
pub async fn variables_are_shown_in_order(runner: &dyn Runner) {
    let source = "
import math
from collections import Counter, namedtuple
from typing import List
name = '小明'
_private = 1
def double(x): return 2 * x
class Dog:
    def __init__(self, name): self.name, self.age = name, 3
rex = Dog('Rex')
apply = double
Point = namedtuple('Point', 'x y')
found = {'spot': Point(1, 2), 'counted': Counter('aab')}
name = name + '!'
print('hi')
";
    let expected = [
        ("name", "str", "'小明!'"),
        ("rex", "Dog", "<Dog name='Rex', age=3>"),
        ("apply", "function", "<function double>"),
        (
            "found",
            "dict",
            "{'spot': Point(x=1, y=2), 'counted': Counter({'a': 2, 'b': 1})}",
        ),
    ];
    check_variables(runner, source, &expected).await;
    check_variables(runner, "print('hi')", &[]).await;
}

/// They are the ones at the end, however the program came to it.
pub async fn variables_are_shown_after_every_end(runner: &dyn Runner) {
    for source in [
        "x = 1\nraise ValueError('x')",
        "import sys\nx = 1\nsys.exit(3)",
        "x = 1\nexit('bye')",
        "import atexit\nx = 0\n@atexit.register\ndef last():\n    global x\n    x = 1",
    ] {
        check_variables(runner, source, &[("x", "int", "1")]).await;
    }
}

/// A run that was asked for nothing shows nothing.
pub async fn nothing_is_shown_unasked(runner: &dyn Runner) {
    let transcript = run(runner, script("x = 1")).await.exited(0);
    assert_eq!(transcript.events, []);
}

/// Values are cut, in good time, and say so.
pub async fn large_values_are_cut(runner: &dyn Runner) {
    let source = "
numbers = list(range(10**6))
text = 'x' * 10**6
power = 7 ** 10**5
deep = []
for _ in range(10**4): deep = [deep]
circle = {}
circle['itself'] = circle
print('made')
";
    let (inspection, _) = seen(runner, source, Inspect::Variables).await;
    let values: BTreeMap<_, _> = inspection
        .variables
        .iter()
        .map(|variable| (variable.name.as_str(), variable.value.as_str()))
        .collect();
    assert!(values["numbers"].starts_with("[0, 1, 2, ") && values["numbers"].ends_with('…'));
    assert!(values["text"].starts_with("'xxx") && values["text"].ends_with('…'));
    assert_eq!(values["power"], "<int of 280736 bits>");
    assert!(values["deep"].starts_with("[[[") && values["deep"].contains("..."));
    assert_eq!(values["circle"], "{'itself': ...}");
    for value in values.values() {
        assert!(value.chars().count() <= Inspection::MAX_VALUE);
    }
}

/// At most so many are shown, and how many more there were.
pub async fn many_variables_are_counted(runner: &dyn Runner) {
    let most = Inspection::MAX_VARIABLES;
    for (count, more) in [(most, 0), (most + 1, 1), (most + 100, 100)] {
        let source =
            format!("for number in range({count} - 1):\n    globals()[f'v{{number}}'] = number");
        let (inspection, _) = seen(runner, &source, Inspect::Variables).await;
        assert_eq!(inspection.variables.len(), most, "{count}");
        assert_eq!(inspection.more_variables, more, "{count}");
    }
}

/// An object's own words are used; how they fail is shown, and nothing else comes of it.
pub async fn a_failing_repr_hurts_nothing(runner: &dyn Runner) {
    let source = "
import os, sys
class Named:
    def __init__(self, words): self.words = words
    def __repr__(self): return self.words()
def shout():
    print('heard by nobody', flush=True)
    os.write(2, b'nor this')
    return 'quiet'
good = Named(lambda: '<good>')
wrong = Named(lambda: 1 / 0)
number = Named(lambda: 5)
leaving = Named(lambda: sys.exit(9))
endless = Named(lambda: repr(endless))
loud = Named(shout)
class Last:
    def __del__(self): print('last words')
last = Last()
inside = [good, wrong]
print('end')
";
    let (inspection, transcript) = seen(runner, source, Inspect::Variables).await;
    let values: Vec<_> = inspection
        .variables
        .iter()
        .map(|variable| variable.value.as_str())
        .collect();
    let expected = [
        "<good>",
        "<repr failed: ZeroDivisionError>",
        "<repr failed: TypeError>",
        "<repr failed: SystemExit>",
        "<repr failed: RecursionError>",
        "quiet",
        "<Last>",
        "[<good>, <repr failed: ZeroDivisionError>]",
    ];
    assert_eq!(values, expected);
    let transcript = transcript.exited(0);
    assert_eq!(transcript.stdout(), "end\nlast words\n");
    assert_eq!(transcript.stderr(), "");
}

/// Slow, endless and fatal ones change neither the outcome nor the time much.
pub async fn an_endless_repr_does_not_keep_a_program_alive(runner: &dyn Runner) {
    for words in [
        "\n        while True:\n            try: pass\n            except BaseException: pass",
        " __import__('time').sleep(1000)",
        " __import__('os')._exit(77)",
        " __import__('os').abort()",
        " input()",
    ] {
        let source = format!(
            "first = 1\nclass Slow:\n    def __repr__(self):{words}\nslow = Slow()\nlast = 2\nprint('end')"
        );
        let mut request = script(&source);
        request.inspect = Inspect::Variables;
        let transcript = run(runner, request).await.exited(0);
        assert!(
            transcript.report.duration < Duration::from_secs(5),
            "{words}: {transcript:?}"
        );
        assert_eq!(transcript.stdout(), "end\n");
        let Some(RunEvent::Inspected(inspection)) = transcript.events.last() else {
            panic!("{transcript:?}");
        };
        assert_eq!(inspection.variables[0].name, "first", "{words}");
        let told = inspection.variables.len() as u32;
        assert_eq!(told + inspection.more_variables, 3, "{words}");
    }
    canary(runner).await;
}

async fn check_failure(runner: &dyn Runner, source: &str, place: &str, message: &str) {
    let mut request = script(source);
    request.inspect = Inspect::Variables;
    let helper = "def get(data):\n    return data['key']\n";
    request
        .files
        .push(SourceFile::text("parts/helper.py", helper));
    request.files.push(SourceFile::text(
        "broken.py",
        "x = 1\nif x = 1:\n    pass\n",
    ));
    let transcript = run(runner, request).await;
    let Some(RunEvent::Inspected(inspection)) = transcript.events.last() else {
        panic!("{transcript:?}");
    };
    let Some(failure) = &inspection.failure else {
        panic!("no failure in {inspection:?}");
    };
    let found = format!(
        "{} {}:{}-{}:{}",
        failure.file, failure.line, failure.column, failure.end_line, failure.end_column
    );
    assert_eq!(found, place, "{source}");
    assert_said(runner, &failure.message, message).await;
}

/// The very expression, innermost in the learner's own files.
pub async fn the_failed_expression_is_found(runner: &dyn Runner) {
    for (source, place, message) in [
        (
            "x = 0\nprint(1 + 2 / x)",
            "main.py 2:11-2:16",
            "ZeroDivisionError: division by zero",
        ),
        (
            "def f(a):\n    return a[5]\nf([])",
            "main.py 2:12-2:16",
            "IndexError: list index out of range",
        ),
        (
            "print(price)",
            "main.py 1:7-1:12",
            "NameError: name 'price' is not defined. Did you mean: 'print'?",
        ),
        (
            "import json\njson.loads(\n    '{')",
            "main.py 2:1-3:9",
            "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        (
            "from parts import helper\nhelper.get({})",
            "parts/helper.py 2:12-2:23",
            "KeyError: 'key'",
        ),
        (
            "🙂 = 1",
            "main.py 1:1-1:3",
            "SyntaxError: invalid character '🙂' (U+1F642)",
        ),
        (
            "名 = ['🙂🙂', 1 / 0]",
            "main.py 1:14-1:19",
            "ZeroDivisionError: division by zero",
        ),
        (
            "x = 1\nif x = 1:\n    pass\n",
            "main.py 2:4-2:9",
            "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
        ),
        (
            "import broken",
            "broken.py 2:4-2:9",
            "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
        ),
        (
            "raise ExceptionGroup('two', [ValueError('a'), TypeError('b')])",
            "main.py 1:1-1:63",
            "ExceptionGroup: two (2 sub-exceptions)",
        ),
        (
            "import asyncio\nasync def bad():\n    return 1 / 0\nasync def main():\n    async with asyncio.TaskGroup() as group:\n        group.create_task(bad())\nasyncio.run(main())",
            "main.py 3:12-3:17",
            "ZeroDivisionError: division by zero",
        ),
        (
            "error = ValueError('a\\nb')\nerror.add_note('note')\nraise error",
            "main.py 3:1-3:12",
            "ValueError: a\nb",
        ),
    ] {
        check_failure(runner, source, place, message).await;
    }
    for source in [
        "x = 1",
        "exit(3)",
        "try:\n    1 / 0\nexcept ZeroDivisionError: pass",
    ] {
        let (inspection, _) = seen(runner, source, Inspect::Variables).await;
        assert_eq!(inspection.failure, None, "{source}");
    }
}

/// A recording in lines that can be read: `frame line kind changes`.
fn told(inspection: &Inspection) -> Vec<String> {
    let recording = inspection.recording.as_ref().unwrap();
    let one = |step: &Step| {
        let mut text = format!(
            "{} {} {:?}",
            recording.frames[step.frame as usize].function, step.line, step.kind
        );
        for variable in &step.changed {
            text += &format!(" {}={}", variable.name, variable.value);
        }
        for name in &step.gone {
            text += &format!(" -{name}");
        }
        if let Some(value) = &step.value {
            text += &format!(" -> {value}");
        }
        text
    };
    recording.steps.iter().map(one).collect()
}

async fn check_steps(runner: &dyn Runner, source: &str, expected: &[&str]) -> Inspection {
    let (inspection, _) = seen(runner, source, Inspect::Steps).await;
    assert_eq!(told(&inspection), expected, "{source}");
    assert!(!inspection.recording.as_ref().unwrap().cut);
    inspection
}

/// Lines, and what each changed.
pub async fn a_loop_is_recorded(runner: &dyn Runner) {
    let source = "\
seen = []
for n in range(2):
    seen.append(n)
    print(n, '🙂')
del n";
    let expected = [
        "<module> 1 Line",
        "<module> 2 Line seen=[]",
        "<module> 3 Line n=0",
        "<module> 4 Line seen=[0]",
        "<module> 2 Line",
        "<module> 3 Line n=1",
        "<module> 4 Line seen=[0, 1]",
        "<module> 2 Line",
        "<module> 5 Line",
        "<module> 5 Return -n",
    ];
    let inspection = check_steps(runner, source, &expected).await;
    let recording = inspection.recording.unwrap();
    let printed: Vec<_> = recording.steps.iter().map(|step| step.printed).collect();
    assert_eq!(printed, [0, 0, 0, 0, 4, 4, 4, 8, 8, 8]);
    assert_eq!(recording.files, ["main.py"]);
    assert_eq!(inspection.variables[0].value, "[0, 1]");
}

/// Calls, what they are given and what they return; who called whom.
pub async fn calls_are_recorded(runner: &dyn Runner) {
    let source = "\
def double(x):
    y = 2 * x
    return y
def both(a):
    return [double(a), double(a + 1)]
print(both(3))";
    let expected = [
        "<module> 1 Line",
        "<module> 4 Line",
        "<module> 6 Line",
        "both 4 Call a=3",
        "both 5 Line",
        "double 1 Call x=3",
        "double 2 Line",
        "double 3 Line y=6",
        "double 3 Return -> 6",
        "double 1 Call x=4",
        "double 2 Line",
        "double 3 Line y=8",
        "double 3 Return -> 8",
        "both 5 Return -> [6, 8]",
        "<module> 6 Return",
    ];
    let inspection = check_steps(runner, source, &expected).await;
    let frames = inspection.recording.unwrap().frames;
    let parents: Vec<_> = frames.iter().map(|frame| frame.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(1), Some(1)]);
}

/// An exception goes through its lines; a caught one ends there.
pub async fn exceptions_are_recorded(runner: &dyn Runner) {
    let source = "\
def ask(d):
    return d['k']
try:
    ask({})
except KeyError as e:
    pass";
    let expected = [
        "<module> 1 Line",
        "<module> 3 Line",
        "<module> 4 Line",
        "ask 1 Call d={}",
        "ask 2 Line",
        "ask 2 Raise -> KeyError: 'k'",
        "<module> 4 Raise -> KeyError: 'k'",
        "<module> 5 Line",
        "<module> 6 Line e=KeyError('k')",
        "<module> 6 Return -e",
    ];
    check_steps(runner, source, &expected).await;
}

/// Generators, classes and comprehensions.
pub async fn everything_with_lines_is_recorded(runner: &dyn Runner) {
    let source = "\
class Box:
    size = 2
    def __init__(self, v): self.v = v
def count():
    yield 1
    yield 2
box = Box([n * n for n in count()])
box.v.append(sorted([3, 1], key=lambda k: k))";
    let (inspection, _) = seen(runner, source, Inspect::Steps).await;
    let steps = told(&inspection);
    for expected in [
        "Box 3 Line size=2",
        "count 5 Yield -> 1",
        "count 6 Yield -> 2",
        "count 6 Return -> None",
        "Box.__init__ 3 Call self=<Box> v=[1, 4]",
        "Box.__init__ 3 Return self=<Box v=[1, 4]> -> None",
        "<lambda> 8 Call k=3",
        "<module> 8 Return box=<Box v=[1, 4, [1, 3]]>",
    ] {
        assert!(
            steps.iter().any(|step| step == expected),
            "{expected} in {steps:#?}"
        );
    }
    let frames = &inspection.recording.as_ref().unwrap().frames;
    let count = frames
        .iter()
        .filter(|frame| frame.function == "count")
        .count();
    assert_eq!(count, 1, "a generator is one frame");
}

/// Tasks side by side, and files of the learner but none of Python's own.
pub async fn tasks_and_helpers_are_recorded(runner: &dyn Runner) {
    let mut request = script(
        "import asyncio, helper\nasync def work(n):\n    await asyncio.sleep(0)\n    return helper.twice(n)\nasync def main():\n    print(await asyncio.gather(work(1), work(2)))\nasyncio.run(main())",
    );
    request.inspect = Inspect::Steps;
    let helper = "import json\ndef twice(n):\n    return json.loads(json.dumps(n)) * 2";
    request.files.push(SourceFile::text("helper.py", helper));
    let transcript = run(runner, request).await.exited(0);
    assert_eq!(transcript.stdout(), "[2, 4]\n");
    let Some(RunEvent::Inspected(inspection)) = transcript.events.last() else {
        panic!("{transcript:?}");
    };
    let steps = told(inspection);
    for expected in [
        "work 4 Return -> 2",
        "work 4 Return -> 4",
        "twice 3 Return -> 2",
    ] {
        assert!(
            steps.iter().any(|step| step == expected),
            "{expected} in {steps:#?}"
        );
    }
    let recording = inspection.recording.as_ref().unwrap();
    assert_eq!(recording.files, ["main.py", "helper.py"]);
    let works = recording
        .frames
        .iter()
        .filter(|frame| frame.function == "work");
    assert_eq!(works.count(), 2);
}

/// A program is recorded up to a number of steps, and then goes on to its end as ever.
pub async fn a_long_recording_is_cut(runner: &dyn Runner) {
    let most = Inspection::MAX_STEPS;
    // Each turn is two steps, and three stand before and behind the loop.
    for (turns, steps, cut) in [
        (2498, most, false),
        (2499, most, true),
        (10_000, most, true),
    ] {
        let source = format!("n = 0\nwhile n < {turns}:\n    n += 1\nprint(n)");
        let (inspection, transcript) = seen(runner, &source, Inspect::Steps).await;
        assert_eq!(transcript.exited(0).stdout(), format!("{turns}\n"));
        let recording = inspection.recording.unwrap();
        assert_eq!(
            (recording.steps.len(), recording.cut),
            (steps, cut),
            "{turns}"
        );
    }
}

/// Who is stuck sees where.
pub async fn a_stopped_program_shows_its_steps(runner: &dyn Runner) {
    let mut request = script("import time\nn = 1\nwhile True:\n    n += 1\n    time.sleep(1000)");
    request.inspect = Inspect::Steps;
    request.limits.wall = Duration::from_secs(1);
    let transcript = run(runner, request).await;
    assert_eq!(transcript.outcome(), RunOutcome::TimedOut);
    let Some(RunEvent::Inspected(inspection)) = transcript.events.last() else {
        panic!("{transcript:?}");
    };
    assert_eq!(inspection.variables, [], "it was stopped before its end");
    let steps = told(inspection);
    assert_eq!(steps.last().unwrap(), "<module> 5 Line n=2");
    let mut request = script("while True: pass");
    request.inspect = Inspect::Variables;
    request.limits.wall = Duration::from_secs(1);
    assert_eq!(run(runner, request).await.events, [], "nothing to show");
}

/// What a recorded program does is what it does unrecorded.
pub async fn a_recorded_program_behaves_as_ever(runner: &dyn Runner) {
    let source = "
import sys
sys.setrecursionlimit(300)
def endless(n): return endless(n + 1)
class Loud:
    def __repr__(self): print('called'); return 'loud'
    def __del__(self): print('let go')
def use():
    loud = Loud()
    return 1
use()
try:
    endless(0)
except RecursionError as error:
    print(error, sys.getrecursionlimit())
def leave():
    raise ValueError(Loud)
print(sum(n for n in range(5)), [*map(str, range(3))], 'no end', end='')
leave()
";
    let plain = run(runner, script(source)).await.exited(1);
    let (_, recorded) = seen(runner, source, Inspect::Steps).await;
    assert_eq!(recorded.events, plain.events);
    assert_eq!(recorded.outcome(), plain.outcome());
}

/// A program with tools of its own keeps them, and at worst ends its recording.
pub async fn a_program_may_trace_itself(runner: &dyn Runner) {
    for (source, stdout) in [
        (
            "import sys\nsys.settrace(lambda *_: None)\ndef f(): return 1\nprint(f())",
            "1\n",
        ),
        (
            "import sys\nfor tool in range(6 * hasattr(sys, 'monitoring')):\n    if sys.monitoring.get_tool(tool): sys.monitoring.free_tool_id(tool)\nprint(2)",
            "2\n",
        ),
        (
            "import sys\nfor tool in range(6 * hasattr(sys, 'monitoring')):\n    if sys.monitoring.get_tool(tool): sys.monitoring.set_events(tool, 0)\nprint(3)",
            "3\n",
        ),
        (
            "import doctest\ndef f():\n    '''\n    >>> f()\n    4\n    '''\n    return 4\nprint(doctest.testmod().failed)",
            "0\n",
        ),
        (
            "import builtins\nkept = print\nfor name in ['len', 'type', 'isinstance', 'BaseException', 'id', 'list']:\n    delattr(builtins, name)\nkept(5)",
            "5\n",
        ),
    ] {
        let (inspection, transcript) = seen(runner, source, Inspect::Steps).await;
        assert_eq!(transcript.exited(0).stdout(), stdout, "{source}");
        let first = &inspection.recording.unwrap().steps[0];
        assert_eq!((first.kind, first.line), (StepKind::Line, 1), "{source}");
    }
    canary(runner).await;
}
