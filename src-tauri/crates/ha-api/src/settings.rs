//! The learner's settings: one JSON document in the store, clamped on the way in and out.

use crate::wire::{AiSettings, ModelMode, Settings};
use crate::{ApiError, ApiResult, App};

const KEY: &str = "settings";
/// Containers that may be kept; each may hold 128 MiB.
const MAX_POOL: u8 = 10;
/// Panes the window may remember.
const MAX_PANES: usize = 32;
/// Nobody means to spend more on lessons in a month.
const MAX_CAP: f64 = 10_000.0;

impl App {
    /// The stored settings, clamped; defaults where nothing usable is stored.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn settings(&self) -> ApiResult<Settings> {
        let stored = self.with_store(|store| store.setting(KEY)).await?;
        let settings = match stored {
            Some(text) => serde_json::from_str(&text).unwrap_or_else(|error| {
                tracing::warn!(%error, "stored settings are damaged; using the defaults");
                Settings::default()
            }),
            None => Settings::default(),
        };
        Ok(clamp(settings))
    }

    /// Stores all settings and answers what was stored.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn settings_set(&self, settings: Settings) -> ApiResult<Settings> {
        let settings = clamp(settings);
        let text = serde_json::to_string(&settings)
            .map_err(|error| ApiError::invalid(error.to_string()))?;
        self.with_store(move |store| store.set_setting(KEY, &text))
            .await?;
        self.engines.follow(&settings);
        Ok(settings)
    }
}

fn clamp(mut settings: Settings) -> Settings {
    settings.editor_font_size = settings.editor_font_size.clamp(10, 32);
    settings.editor_tab_size = settings.editor_tab_size.clamp(2, 8);
    settings.run_timeout_s = settings.run_timeout_s.clamp(1, 60);
    settings.pool_size = settings.pool_size.clamp(1, MAX_POOL);
    if settings.model_mode == ModelMode::Record {
        // Recording writes into a course: only the command line and the author's place are told where.
        settings.model_mode = ModelMode::Scripted;
    }
    clamp_ai(&mut settings.ai);
    settings
        .panes
        .retain(|name, size| name.len() <= 64 && size.is_finite());
    while settings.panes.len() > MAX_PANES {
        settings.panes.pop_last();
    }
    settings
}

fn clamp_ai(ai: &mut AiSettings) {
    for (text, most) in [
        (&mut ai.base_url, 500),
        (&mut ai.model, 100),
        (&mut ai.proxy, 500),
    ] {
        let kept: String = text.trim().chars().take(most).collect();
        *text = kept;
    }
    let cap = ai.monthly_cap;
    ai.monthly_cap = if cap.is_finite() {
        cap.clamp(0.0, MAX_CAP)
    } else {
        0.0
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_their_limits_are_pulled_to_them() {
        let low = Settings {
            editor_font_size: 1,
            editor_tab_size: 0,
            run_timeout_s: 0,
            pool_size: 0,
            ..Settings::default()
        };
        let high = Settings {
            editor_font_size: 200,
            editor_tab_size: 99,
            run_timeout_s: 255,
            pool_size: 99,
            ..Settings::default()
        };
        let sizes = |s: Settings| {
            (
                s.editor_font_size,
                s.editor_tab_size,
                s.run_timeout_s,
                s.pool_size,
            )
        };
        assert_eq!(sizes(clamp(low)), (10, 2, 1, 1));
        assert_eq!(sizes(clamp(high)), (32, 8, 60, 10));
    }

    #[test]
    fn panes_are_bounded_and_finite() {
        let mut settings = Settings::default();
        settings.panes.insert("nan".into(), f64::NAN);
        for n in 0..100 {
            settings.panes.insert(format!("pane{n}"), 30.0);
        }
        let panes = clamp(settings).panes;
        assert_eq!(panes.len(), MAX_PANES);
        assert!(!panes.contains_key("nan"));
    }
}
