//! The layered health report: database, engine, courses, log. The window shows it, `helloagents
//! doctor` prints it.

use crate::App;
use crate::engines::wire_engine;
use crate::wire::{EngineStatus, Health, HealthPart, StoreState};
use ha_sandbox::{Runner, Standing};
use std::time::Instant;

impl App {
    /// Probes every part. Never fails: a part that does not work says so.
    pub async fn health(&self) -> Health {
        let mut parts = vec![self.database_health().await];
        parts.extend(
            self.engines
                .all()
                .map(|runner| self.engine_health(&**runner)),
        );
        parts.extend([
            timed("courses".into(), || {
                let courses = self.courses();
                let problems: usize = courses.iter().map(|(_, problems)| problems.len()).sum();
                let place = self.places.courses.display();
                let detail = format!("{} in {place}, {problems} problems", courses.len());
                (!courses.is_empty() && problems == 0, detail)
            }),
            timed("log".into(), || {
                // The folder appears with the first line.
                let place = &self.places.logs;
                (
                    place.is_dir() || !place.exists(),
                    place.display().to_string(),
                )
            }),
        ]);
        Health {
            version: env!("CARGO_PKG_VERSION").into(),
            healthy: parts.iter().all(|part| part.healthy),
            parts,
            pool: self.pool(),
        }
    }

    fn engine_health(&self, runner: &dyn Runner) -> HealthPart {
        timed(format!("engine:{}", runner.name()), || {
            let engine = wire_engine(runner);
            // An engine of containers is a gift and no need: without it all is well.
            let pool = runner.pool();
            let detail = match engine.status {
                EngineStatus::Ready => match pool.as_ref().map(|pool| &pool.standing) {
                    Some(Standing::Ready { engine } | Standing::Degraded { engine, .. }) => {
                        format!("ready; {} ({})", engine.version, engine.named_by)
                    }
                    _ => format!("ready; {}", self.places.guest.display()),
                },
                EngineStatus::Preparing => format!("preparing: {}", engine.detail),
                EngineStatus::Unavailable => engine.detail,
            };
            (
                engine.status != EngineStatus::Unavailable || pool.is_some(),
                detail,
            )
        })
    }

    async fn database_health(&self) -> HealthPart {
        let began = Instant::now();
        let (healthy, detail) = match self.store_state() {
            StoreState::Unavailable { path, detail, .. } => (false, format!("{path}: {detail}")),
            StoreState::Ready { .. } => match self.with_store(ha_store::Store::health).await {
                Ok(health) => (health.healthy, health.summary),
                Err(error) => (false, error.message),
            },
        };
        part("database".into(), began, healthy, detail)
    }
}

fn timed(name: String, probe: impl FnOnce() -> (bool, String)) -> HealthPart {
    let began = Instant::now();
    let (healthy, detail) = probe();
    part(name, began, healthy, detail)
}

fn part(name: String, began: Instant, healthy: bool, detail: String) -> HealthPart {
    HealthPart {
        name,
        healthy,
        detail,
        duration_ms: began.elapsed().as_secs_f64() * 1e3,
    }
}
