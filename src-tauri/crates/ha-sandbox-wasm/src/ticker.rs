//! Moves the engine's clock while programs run, so that every program yields once a tick.
//!
//! A yield is where a cancelled or timed-out program is dropped. Without programs the thread sleeps:
//! an idle app must not wake the processor.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use wasmtime::Engine;

/// How long a program may compute before it yields. Programs in endless loops were measured to stop
/// 3–22 ms after they were told to.
pub(crate) const TICK: Duration = Duration::from_millis(10);

struct Shared {
    running: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    programs: usize,
    closed: bool,
}

/// The ticking thread; it ends with this value.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
}

/// Keeps the clock going while it lives.
pub(crate) struct Ticking {
    shared: Arc<Shared>,
}

impl Ticker {
    /// Starts the thread, asleep.
    pub fn start(engine: &Engine) -> Ticker {
        let shared = Arc::new(Shared {
            running: Mutex::default(),
            changed: Condvar::new(),
        });
        let (thread_shared, engine) = (shared.clone(), engine.clone());
        std::thread::Builder::new()
            .name("sandbox-ticker".into())
            .spawn(move || tick(&thread_shared, &engine))
            .expect("a thread can be started when the app starts");
        Ticker { shared }
    }

    /// Call when a program starts.
    pub fn tick_while_held(&self) -> Ticking {
        self.shared.change(|state| state.programs += 1);
        Ticking {
            shared: self.shared.clone(),
        }
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut State)) {
        // Nothing can panic while the lock is held, so a poisoned lock is still right.
        let mut state = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let asleep = state.programs == 0;
        change(&mut state);
        if asleep {
            self.changed.notify_all();
        }
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.shared.change(|state| state.programs -= 1);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.change(|state| state.closed = true);
    }
}

fn tick(shared: &Shared, engine: &Engine) {
    let mut state = shared
        .running
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    loop {
        if state.closed {
            return;
        }
        state = if state.programs == 0 {
            shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner)
        } else {
            drop(state);
            std::thread::sleep(TICK);
            engine.increment_epoch();
            shared
                .running
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
    }
}
