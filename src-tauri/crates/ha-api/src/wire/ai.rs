//! The AI service: settings, key, test.

use super::{Amount, Spending};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum AiProvider {
    /// api.deepseek.com.
    #[serde(rename = "deepseek")]
    DeepSeek,
    /// Anything else that speaks chat completions.
    Compatible,
    /// Ollama on this machine.
    Ollama,
    /// llama.cpp's server on this machine.
    LlamaCpp,
}

/// How the tutor talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum TutorStyle {
    /// Asks back, so that the learner finds it.
    Socratic,
    /// Says it, one rung higher.
    Direct,
}

/// Money of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
#[ts(export)]
pub enum AccountCurrency {
    /// Chinese yuan.
    Cny,
    /// United States dollar.
    Usd,
}

/// What the learner can set about the AI service. The key is not among it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct AiSettings {
    /// Which service.
    pub provider: AiProvider,
    /// Its address; empty is the provider's own. At most 500 characters.
    pub base_url: String,
    /// The model; empty is the provider's own. At most 100 characters.
    pub model: String,
    /// Empty is the system's, `none` goes straight, else an address. At most 500 characters.
    pub proxy: String,
    /// Whether the model thinks before it answers: better, slower, dearer.
    pub thinking: bool,
    /// How the tutor talks.
    pub style: TutorStyle,
    /// Of the account, for prices and cap.
    pub currency: AccountCurrency,
    /// Nothing is asked any more when a month cost this much; 0 is no cap. At most 10,000.
    pub monthly_cap: f64,
}

impl Default for AiSettings {
    fn default() -> Self {
        AiSettings {
            provider: AiProvider::DeepSeek,
            base_url: String::new(),
            model: String::new(),
            proxy: String::new(),
            thinking: false,
            style: TutorStyle::Socratic,
            currency: AccountCurrency::Cny,
            monthly_cap: 20.0,
        }
    }
}

/// Where the key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum KeyPlace {
    /// There is none.
    None,
    /// In the environment of the process.
    Environment,
    /// In the system's keyring.
    Keyring,
    /// In memory until the app closes: this system has no keyring.
    Session,
}

/// Whether the tutor can be asked, and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AiState {
    /// Whether a question can be asked now: there is a key, or the service needs none.
    pub ready: bool,
    /// Where the key is.
    pub key: KeyPlace,
    /// Where it asks.
    pub address: String,
    /// The model it asks for; empty when the learner has to choose one.
    pub model: String,
    /// What this month cost.
    pub spending: Spending,
}

/// The answer to «does it work?».
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AiProbe {
    /// From the question to the answer.
    pub latency_ms: f64,
    /// The models that may be asked.
    pub models: Vec<String>,
    /// The model that will be asked.
    pub model: String,
    /// What is left on the account, where the service tells it.
    pub balance: Vec<Amount>,
}
