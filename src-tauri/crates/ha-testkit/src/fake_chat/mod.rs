//! A chat service that is none: DeepSeek's wire format on a loopback port, as good or as bad as a
//! test wants it.
//!
//! ```text
//! test ── script(answers) ──▶ State ◀── next answer ── one task a connection ◀── HTTP/1.1 ── client
//!   └──── requests(), wait_for_connections() ◀── what came, who is connected
//! ```
//!
//! It writes HTTP by hand, because no library would break it where a test wants it broken. It keeps
//! every connection until the client closes it or the script does, and counts them, so that a test
//! can see a leak. A test in another process talks to the program `helloagents-fake-chat`, which is
//! this with three more addresses (see [`control`]).

mod answer;
mod control;
mod request;
mod wire;

pub use answer::{Answer, Cut, Framing, Step};
pub use request::Seen;

use serde_json::json;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A running service. Stops when dropped.
#[derive(Debug)]
pub struct FakeChat {
    state: Arc<State>,
    address: SocketAddr,
    listening: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    script: Mutex<VecDeque<Answer>>,
    /// When the script is over.
    otherwise: Mutex<Answer>,
    models: Mutex<Answer>,
    balance: Mutex<Answer>,
    seen: Mutex<Vec<Seen>>,
    open: watch::Sender<usize>,
    accepted: watch::Sender<usize>,
    /// Opened once for every [`Step::Gate`].
    released: watch::Sender<usize>,
    gates: watch::Sender<usize>,
}

/// A wait for something that should happen at once: longer means that it never will.
const PATIENCE: Duration = Duration::from_secs(20);

impl FakeChat {
    /// Starts one on a free port of this machine, on the runtime of the caller.
    pub async fn start() -> FakeChat {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a free loopback port is always there");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let state = Arc::new(State {
            script: Mutex::default(),
            otherwise: Mutex::new(Answer::words(&["Look at the ", "first line", " again. "])),
            models: Mutex::new(Answer::json(&json!({ "object": "list", "data": [
                { "id": "deepseek-flash", "object": "model", "owned_by": "deepseek" },
                { "id": "deepseek-v4-pro", "object": "model", "owned_by": "deepseek" },
            ]}))),
            balance: Mutex::new(Answer::json(
                &json!({ "is_available": true, "balance_infos": [
                    { "currency": "CNY", "total_balance": "110.00", "granted_balance": "10.00",
                      "topped_up_balance": "100.00" },
                ]}),
            )),
            seen: Mutex::default(),
            open: watch::Sender::new(0),
            accepted: watch::Sender::new(0),
            released: watch::Sender::new(0),
            gates: watch::Sender::new(0),
        });
        let listening = tokio::spawn(listen(listener, Arc::clone(&state)));
        FakeChat {
            state,
            address,
            listening,
        }
    }

    /// The address to enter as a service's.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next chat requests get these answers, in this order.
    pub fn script(&self, answers: impl IntoIterator<Item = Answer>) {
        lock(&self.state.script).extend(answers);
    }

    /// Chat requests beyond the script get this answer.
    pub fn otherwise(&self, answer: Answer) {
        *lock(&self.state.otherwise) = answer;
    }

    /// What `/models` answers.
    pub fn models(&self, answer: Answer) {
        *lock(&self.state.models) = answer;
    }

    /// What `/user/balance` answers.
    pub fn balance(&self, answer: Answer) {
        *lock(&self.state.balance) = answer;
    }

    /// What came so far, oldest first.
    pub fn requests(&self) -> Vec<Seen> {
        lock(&self.state.seen).clone()
    }

    /// Forgets what came, which a long test must.
    pub fn forget_requests(&self) {
        lock(&self.state.seen).clear();
    }

    /// Connections that are open.
    pub fn open(&self) -> usize {
        *self.state.open.borrow()
    }

    /// Connections that were ever made.
    pub fn accepted(&self) -> usize {
        *self.state.accepted.borrow()
    }

    /// Opens the gate that an answer waits at, or will wait at.
    pub fn release(&self) {
        self.state.released.send_modify(|count| *count += 1);
    }

    /// Waits until an answer stands at its `count`-th gate, counted over all answers.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn wait_for_gate(&self, count: usize) {
        let mut gates = self.state.gates.subscribe();
        let reached = gates.wait_for(|reached| *reached >= count);
        let reached = tokio::time::timeout(PATIENCE, reached).await;
        assert!(reached.is_ok(), "no answer came to gate {count}");
    }

    /// Waits until exactly this many connections are open.
    ///
    /// # Panics
    /// When that does not happen: somebody holds one, or closed one too many.
    pub async fn wait_for_connections(&self, count: usize) {
        let mut open = self.state.open.subscribe();
        let reached = tokio::time::timeout(PATIENCE, open.wait_for(|open| *open == count)).await;
        let is = *self.state.open.borrow();
        assert!(reached.is_ok(), "{is} connections are open, not {count}");
    }
}

impl Drop for FakeChat {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    // Ends, and with it every connection, when the listening task is aborted.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => {
                let Ok((socket, _)) = accepted else { continue };
                state.accepted.send_modify(|count| *count += 1);
                state.open.send_modify(|count| *count += 1);
                let counted = Counted(Arc::clone(&state));
                connections.spawn(serve(socket, counted));
            }
        }
    }
}

/// An open connection; gone from the count however its task ends.
struct Counted(Arc<State>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.open.send_modify(|count| *count -= 1);
    }
}

async fn serve(mut socket: TcpStream, counted: Counted) {
    let state = &*counted.0;
    socket.set_nodelay(true).ok();
    let mut unread = Vec::new();
    while let Some(seen) = request::read(&mut socket, &mut unread).await {
        let answer = state.answer(&seen);
        if !wire::write(&mut socket, &answer, &seen, state).await {
            return;
        }
    }
}

impl State {
    fn answer(&self, seen: &Seen) -> Answer {
        if let Some(answer) = control::answer(self, seen) {
            return answer;
        }
        lock(&self.seen).push(seen.clone());
        // A proxy is asked with the whole address.
        let path = match seen.path.strip_prefix("http://") {
            Some(whole) => whole.find('/').map_or("/", |start| &whole[start..]),
            None => &seen.path,
        };
        match (seen.method.as_str(), path.trim_start_matches("/v1")) {
            ("POST", "/chat/completions") => {
                let next = lock(&self.script).pop_front();
                next.unwrap_or_else(|| lock(&self.otherwise).clone())
            }
            ("GET", "/models") => lock(&self.models).clone(),
            ("GET", "/user/balance") => lock(&self.balance).clone(),
            _ => Answer::error(404, "no such address"),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
