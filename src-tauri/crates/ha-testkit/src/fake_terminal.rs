//! A terminal without a shell: what is typed comes back, a new size is said, and `exit` ends it.

use ha_sandbox::{Terminal, TerminalControl, TerminalEvent, TerminalRequest, TerminalSignals};
use tokio::sync::mpsc;

/// What ends it when it is typed in one piece.
const EXIT: &[u8] = b"exit\r";

/// Opens one. The names of its files are said first.
pub(crate) fn open(request: &TerminalRequest) -> Terminal {
    let (control, signals) = TerminalControl::new(request.size);
    let (sender, events) = mpsc::channel(8);
    let names: Vec<_> = request
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    tokio::spawn(echo(format!("[{}]", names.join(" ")), sender, signals));
    Terminal { events, control }
}

async fn echo(first: String, events: mpsc::Sender<TerminalEvent>, mut signals: TerminalSignals) {
    events.send(TerminalEvent::Started).await.ok();
    let mut say = Some(first.into_bytes());
    let last = loop {
        if let Some(bytes) = say.take() {
            events.send(TerminalEvent::Output(bytes)).await.ok();
        }
        tokio::select! {
            biased;
            _ = signals.close.wait_for(|close| *close) => break TerminalEvent::Closed,
            Ok(()) = signals.size.changed() => {
                let size = *signals.size.borrow_and_update();
                say = Some(format!("[{}x{}]", size.rows, size.columns).into_bytes());
            }
            Some(typed) = signals.typed.recv() => match typed == EXIT {
                true => break TerminalEvent::Exited { code: 0 },
                false => say = Some(typed),
            },
        }
    };
    events.send(last).await.ok();
}
