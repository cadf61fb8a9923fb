//! A runner without an engine: it plays a script, and honours input and cancel as a real one does.

use crate::fake_terminal;
use ha_sandbox::{
    EngineState, HostCall, Run, RunControl, RunError, RunEvent, RunNote, RunOutcome, RunReport,
    RunRequest, RunSignals, Runner, Terminal, TerminalRequest,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// One thing the pretended program does.
#[derive(Debug, Clone)]
pub enum Step {
    /// Says something. A terminal event ends the script.
    Say(RunEvent),
    /// Waits for a line and prints it back as `got: <line>`; the end of input prints `eof`.
    ReadLine,
    /// Asks its host, and prints each piece of the answer as a line. The document is the request.
    Ask(String),
    /// Does nothing until somebody stops the program.
    Hang,
    /// Vanishes: the stream ends without a terminal event.
    Vanish,
}

impl Step {
    /// Standard output.
    pub fn print(text: &str) -> Step {
        Step::Say(RunEvent::Stdout(text.into()))
    }

    /// The end, with an exit code.
    pub fn exit(code: i32) -> Step {
        Step::Say(RunEvent::Finished(report(RunOutcome::Exited { code })))
    }

    /// An end that needs its reason said.
    pub fn end(outcome: RunOutcome, note: RunNote) -> Step {
        Step::Say(RunEvent::Finished(RunReport {
            note: Some(note),
            ..report(outcome)
        }))
    }
}

type Script = Box<dyn Fn(&RunRequest) -> Vec<Step> + Send + Sync>;

/// Plays a script for every request. Requests are validated as every engine does.
pub struct FakeRunner {
    name: &'static str,
    script: Script,
    state: watch::Sender<EngineState>,
}

impl FakeRunner {
    /// A runner whose programs do what `script` answers; a script without an end exits with 0.
    pub fn new(script: impl Fn(&RunRequest) -> Vec<Step> + Send + Sync + 'static) -> Arc<Self> {
        FakeRunner::called("fake", script)
    }

    /// The same under the name of a real engine.
    pub fn called(
        name: &'static str,
        script: impl Fn(&RunRequest) -> Vec<Step> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(FakeRunner {
            name,
            script: Box::new(script),
            state: watch::Sender::new(EngineState::Ready),
        })
    }

    /// A runner whose programs end at once and print nothing.
    pub fn silent() -> Arc<Self> {
        FakeRunner::new(|_| Vec::new())
    }

    /// Puts the engine into a state: runs wait while it is preparing and are refused while it is
    /// unavailable.
    pub fn set_state(&self, state: EngineState) {
        self.state.send_replace(state);
    }
}

#[async_trait::async_trait]
impl Runner for FakeRunner {
    fn name(&self) -> &'static str {
        self.name
    }

    fn state(&self) -> watch::Receiver<EngineState> {
        self.state.subscribe()
    }

    async fn start(&self, request: RunRequest) -> Result<Run, RunError> {
        request.validate()?;
        let mut state = self.state();
        let settled = |state: &EngineState| !matches!(state, EngineState::Preparing { .. });
        // The sender lives in `self`, so the wait cannot end with an error.
        if let Ok(state) = state.wait_for(settled).await
            && let EngineState::Unavailable { reason } = &*state
        {
            return Err(RunError::Unavailable(reason.clone()));
        }
        let (control, signals) = RunControl::new();
        let (sender, events) = mpsc::channel(64);
        tokio::spawn(play(self.name, (self.script)(&request), sender, signals));
        Ok(Run { events, control })
    }

    async fn terminal(&self, request: TerminalRequest) -> Result<Terminal, RunError> {
        request.validate()?;
        match &*self.state().borrow() {
            EngineState::Unavailable { reason } => Err(RunError::Unavailable(reason.clone())),
            _ => Ok(fake_terminal::open(&request)),
        }
    }
}

fn report(outcome: RunOutcome) -> RunReport {
    RunReport {
        outcome,
        duration: Duration::from_millis(1),
        engine: "fake".into(),
        note: None,
    }
}

async fn play(
    name: &'static str,
    steps: Vec<Step>,
    events: mpsc::Sender<RunEvent>,
    mut signals: RunSignals,
) {
    events.send(RunEvent::Started).await.ok();
    let mut input = signals.input;
    let mut outcome = RunOutcome::Exited { code: 0 };
    let (mut answers, mut calls) = (signals.answers, 0);
    let mut stopped = async || {
        signals.cancel.wait_for(|stop| *stop).await.ok();
    };
    for step in steps {
        match step {
            Step::Vanish => return,
            Step::Say(RunEvent::Finished(ended)) => {
                let ended = RunReport {
                    engine: name.into(),
                    ..ended
                };
                events.send(RunEvent::Finished(ended)).await.ok();
                return;
            }
            Step::Say(event) => {
                let last = matches!(event, RunEvent::Failed(_));
                events.send(event).await.ok();
                if last {
                    return;
                }
            }
            Step::Hang => {
                stopped().await;
                outcome = RunOutcome::Cancelled;
                break;
            }
            Step::Ask(request) => {
                calls += 1;
                let call = HostCall { id: calls, request };
                events.send(RunEvent::HostCall(call)).await.ok();
                let answered = async {
                    while let Some(answer) = answers.recv().await {
                        let text = format!("{}\n", answer.text);
                        events.send(RunEvent::Stdout(text)).await.ok();
                        if answer.is_last {
                            return;
                        }
                    }
                };
                tokio::select! {
                    () = stopped() => {
                        outcome = RunOutcome::Cancelled;
                        break;
                    }
                    () = answered => {}
                }
            }
            Step::ReadLine => {
                events.send(RunEvent::NeedsInput).await.ok();
                tokio::select! {
                    () = stopped() => {
                        outcome = RunOutcome::Cancelled;
                        break;
                    }
                    line = input.recv() => {
                        let text = match line.flatten() {
                            Some(line) => format!("got: {line}\n"),
                            None => "eof\n".into(),
                        };
                        events.send(RunEvent::Stdout(text)).await.ok();
                    }
                }
            }
        }
    }
    let ended = RunReport {
        engine: name.into(),
        ..report(outcome)
    };
    events.send(RunEvent::Finished(ended)).await.ok();
}
