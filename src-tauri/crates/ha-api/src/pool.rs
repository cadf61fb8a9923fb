//! From the contract's report of a pool to what crosses to the window.

use crate::App;
use crate::wire::{Pool, PoolEngine, PoolLatency, PoolState};
use ha_sandbox::{EngineFacts, Latency, PoolReport, Standing};

impl App {
    /// The engine of containers, where this app has one.
    pub fn pool(&self) -> Option<Pool> {
        self.engines
            .all()
            .find_map(|runner| runner.pool())
            .map(wire)
    }
}

fn wire(report: PoolReport) -> Pool {
    let percent = match report.standing {
        Standing::Connecting { percent, .. } => percent,
        _ => None,
    };
    let (state, detail, retry, engine) = match report.standing {
        Standing::Unknown => (PoolState::Unknown, String::new(), None, None),
        Standing::Connecting { what, .. } => (PoolState::Connecting, what.into(), None, None),
        Standing::Ready { engine } => (PoolState::Ready, String::new(), None, Some(engine)),
        Standing::Degraded { reason, engine } => (PoolState::Degraded, reason, None, Some(engine)),
        Standing::Down {
            reason,
            retry_in_ms,
        } => (PoolState::Down, reason, Some(retry_in_ms as f64), None),
    };
    let done = report.statistics;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Pool {
        state,
        detail,
        percent,
        retry_in_ms: retry,
        engine: engine.map(engine_facts),
        available: count(done.available),
        in_use: count(done.in_use),
        starting: count(done.starting),
        waiting: count(done.waiting),
        created: done.created as f64,
        destroyed: done.destroyed as f64,
        runs: done.runs as f64,
        resets: done.resets as f64,
        discards: done.discards as f64,
        failures: done.failures as f64,
        swept: done.swept as f64,
        acquire: latency(done.acquire),
        first_output: latency(done.first_output),
        run: latency(done.run),
        reset: latency(done.reset),
        create: latency(done.create),
    }
}

fn engine_facts(facts: EngineFacts) -> PoolEngine {
    PoolEngine {
        named_by: facts.named_by,
        version: facts.version,
        api: facts.api,
        system: facts.system,
        python: facts.python,
    }
}

fn latency(of: Latency) -> PoolLatency {
    PoolLatency {
        count: u32::try_from(of.count).unwrap_or(u32::MAX),
        p50_ms: of.p50_ms,
        p95_ms: of.p95_ms,
        max_ms: of.max_ms,
    }
}
