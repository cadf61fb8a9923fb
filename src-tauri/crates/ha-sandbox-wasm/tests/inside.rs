//! Programs that tell the engine a false inside: they see a wrong picture of their own run, and no more.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::runner;
use ha_sandbox::{Inspect, Inspection, RunEvent, RunOutcome};
use ha_testkit::conformance::{Transcript, canary, run, script};

/// What a program has at hand that wants to tell a false inside.
const FORGING: &str = "\
from wit_world.imports import inside
from wit_world.imports.inside import Failure, Step, StepKind, Variable
def step(frame=0, file='main.py', **more):
    parts = dict(changed=[], gone=[], value=None) | more
    return inside.take_step(Step(StepKind.LINE, file, 1, frame, *parts.values()))
";

async fn forged(source: &str, inspect: Inspect) -> (Option<Inspection>, Transcript) {
    let mut request = script(&format!("{FORGING}{source}"));
    request.inspect = inspect;
    let mut transcript = run(&*runner(), request).await;
    canary(&*runner()).await;
    let shown = match transcript.events.pop() {
        Some(RunEvent::Inspected(shown)) => Some(*shown),
        Some(other) => {
            transcript.events.push(other);
            None
        }
        None => None,
    };
    (shown, transcript)
}

/// Bytes of every text in a recording.
fn texts(inspection: &Inspection) -> usize {
    let recording = inspection.recording.as_ref().unwrap();
    let steps = recording.steps.iter().map(|step| {
        let changed = step.changed.iter();
        changed
            .map(|v| v.name.len() + v.type_name.len() + v.value.len())
            .sum::<usize>()
            + step.gone.iter().map(String::len).sum::<usize>()
            + step.value.as_ref().map_or(0, String::len)
    });
    let frames = recording.frames.iter().map(|frame| frame.function.len());
    steps.chain(frames).sum()
}

#[tokio::test]
async fn a_forged_recording_keeps_the_limits() {
    for source in [
        "while step(): pass",
        "for number in range(50_000): inside.enter_frame('f' * 10_000, number)",
        "for number in range(10_000): step(file=f'{number}.py')",
        "step(file='x' * 100_000)",
        "step(frame=4_000_000_000)",
        "many = [Variable('n' * 200, 't' * 200, '🙂' * 5_000)] * 20\nwhile step(changed=many): pass",
        "while step(gone=['x' * 1000] * 1000): pass",
        "while step(value='x' * 100_000): pass",
    ] {
        let (shown, transcript) = forged(&format!("{source}\nprint('end')"), Inspect::Steps).await;
        assert_eq!(transcript.exited(0).stdout(), "end\n", "{source}");
        let shown = shown.unwrap();
        assert!(texts(&shown) <= 4 << 20, "{source}");
        let recording = shown.recording.unwrap();
        assert!(recording.cut, "{source}");
        assert!(recording.steps.len() <= Inspection::MAX_STEPS);
        assert!(recording.frames.len() <= Inspection::MAX_STEPS + 1);
        for step in recording.steps {
            assert!((step.frame as usize) < recording.frames.len(), "{source}");
            assert!((step.file as usize) < recording.files.len(), "{source}");
            for variable in step.changed {
                assert!(variable.value.chars().count() <= Inspection::MAX_VALUE);
            }
        }
    }
}

#[tokio::test]
async fn an_honest_recording_of_large_values_is_cut_too() {
    let source = "\
def work():
    for turn in range(2000):
        names = {f'{turn} {key}' * 40: turn for key in range(3)}
        a = b = c = d = e = f = g = h = i = j = k = l = m = n = o = p = [str(turn) * 200]
work()";
    let (shown, transcript) = forged(source, Inspect::Steps).await;
    transcript.exited(0);
    let shown = shown.unwrap();
    assert!(
        (1 << 20..4 << 20).contains(&texts(&shown)),
        "{}",
        texts(&shown)
    );
    assert!(shown.recording.unwrap().cut);
}

#[tokio::test]
async fn forged_variables_keep_the_limits() {
    let source = "\
inside.show(0, Failure('x' * 9999, 0, 0, 0, 0, 'm' * 9999), 5)
while len(sent := globals().setdefault('all', [])) < 1000:
    sent.append(inside.show_variable(Variable('n' * 9999, 't' * 9999, 'v' * 9999)))
inside.shown()
print('end')";
    let (shown, transcript) = forged(source, Inspect::Variables).await;
    assert_eq!(transcript.exited(0).stdout(), "end\n");
    let shown = shown.unwrap();
    assert_eq!(shown.variables.len(), Inspection::MAX_VARIABLES);
    for variable in shown.variables {
        let lengths = [variable.name, variable.type_name, variable.value].map(|text| text.len());
        assert_eq!(lengths, [200; 3]);
    }
    let failure = shown.failure.unwrap();
    assert_eq!((failure.file.len(), failure.message.len()), (200, 1000));
}

#[tokio::test]
async fn telling_unasked_does_nothing() {
    let source = "\
inside.show(0, None, 5)
inside.show_variable(Variable('a', 'b', 'c'))
inside.enter_frame('f', None)
print(step())
1 / 0";
    let (shown, transcript) = forged(source, Inspect::Nothing).await;
    assert_eq!(shown, None);
    assert_eq!(transcript.exited(1).stdout(), "False\n");
}

#[tokio::test]
async fn saying_to_be_over_is_being_over_soon() {
    let source = "inside.show(7, None, 1)\nprint('unheard')\nwhile True: pass";
    let (shown, transcript) = forged(source, Inspect::Variables).await;
    assert_eq!(transcript.exited(7).events, []);
    assert_eq!(shown.unwrap().more_variables, 1);
}

#[tokio::test]
async fn enormous_words_end_the_program_and_not_the_engine() {
    for source in [
        "step(value='x' * (20 << 20))",
        "step(gone=[''] * 2_000_000)",
        "inside.enter_frame('x' * (20 << 20), None)",
        "inside.show_variable(Variable('x' * (20 << 20), '', ''))",
        "inside.show_variable(None)",
    ] {
        let (_, transcript) = forged(source, Inspect::Steps).await;
        let outcome = transcript.outcome();
        assert!(
            matches!(
                outcome,
                RunOutcome::Exited { code: 1.. } | RunOutcome::OutputLimit
            ),
            "{source}: {outcome:?}"
        );
    }
}
