//! The layered health report: database, engine, courses, log. The window shows it, `helloagents
//! doctor` prints it.

use crate::App;
use crate::wire::{EngineStatus, Health, HealthPart, StoreState};
use std::time::Instant;

impl App {
    /// Probes every part. Never fails: a part that does not work says so.
    pub async fn health(&self) -> Health {
        let parts = vec![
            self.database_health().await,
            timed(format!("engine:{}", self.runner.name()), || {
                let engine = self.engine();
                let detail = match engine.status {
                    EngineStatus::Ready => format!("ready; {}", self.places.guest.display()),
                    EngineStatus::Preparing => format!("preparing: {}", engine.detail),
                    EngineStatus::Unavailable => engine.detail,
                };
                (engine.status != EngineStatus::Unavailable, detail)
            }),
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
        ];
        Health {
            version: env!("CARGO_PKG_VERSION").into(),
            healthy: parts.iter().all(|part| part.healthy),
            parts,
        }
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
