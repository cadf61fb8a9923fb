//! The AI service as the settings name it: its address, its key, its client.

use crate::wire::{AiProbe, AiProvider, AiSettings, AiState, Amount, KeyPlace};
use crate::{ApiError, ApiResult, App, ErrorCode};
use ha_llm::keys::{KeyHome, KeyStore};
use ha_llm::{
    ApiKey, ClientSettings, Endpoint, LlmClient, LlmError, Provider, Proxy, Surroundings,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The name of our keys in the system's keyring.
const KEYRING_SERVICE: &str = "org.helloagents.desktop";

type Key = Option<(ApiKey, KeyHome)>;

/// What is kept between two questions.
pub(crate) struct AiService {
    keys: Arc<KeyStore>,
    /// The key of the address asked last, so that the keyring is not asked for each question.
    known: Mutex<Option<(String, Key)>>,
    /// One client for each way of asking, so that its limits and its pause hold.
    client: Mutex<Option<(Endpoint, Option<ApiKey>, LlmClient)>>,
    /// Address and model of those that refused a request because of its tools.
    without_tools: Mutex<BTreeSet<(String, String)>>,
}

impl AiService {
    pub(crate) fn new(keys: Arc<KeyStore>) -> AiService {
        AiService {
            keys,
            known: Mutex::default(),
            client: Mutex::default(),
            without_tools: Mutex::default(),
        }
    }

    /// What keeps the keys of this process.
    pub(crate) fn keys(&self) -> &KeyStore {
        &self.keys
    }

    async fn key(&self, account: &str) -> Key {
        if let Some((known, key)) = &*lock(&self.known)
            && known == account
        {
            return key.clone();
        }
        let key = self.keys.get(account).await;
        *lock(&self.known) = Some((account.into(), key.clone()));
        key
    }

    fn forget_known(&self) {
        *lock(&self.known) = None;
    }

    /// The client for these settings; the one before when nothing changed.
    pub(crate) async fn client(&self, ai: &AiSettings) -> Result<LlmClient, LlmError> {
        let endpoint = endpoint(ai)?;
        let key = self.key(endpoint.base_url()).await.map(|(key, _)| key);
        if let Some((its_endpoint, its_key, client)) = &*lock(&self.client)
            && *its_endpoint == endpoint
            && *its_key == key
        {
            return Ok(client.clone());
        }
        let around = Surroundings::of_this_machine();
        let settings = ClientSettings::default();
        let client = LlmClient::new(endpoint.clone(), key.clone(), settings, around)?;
        *lock(&self.client) = Some((endpoint, key, client.clone()));
        Ok(client)
    }

    /// Whether a request to this service may offer tools, as far as it is known. Until the app closes:
    /// another version of a local service may take them.
    pub(crate) fn takes_tools(&self, ai: &AiSettings) -> bool {
        !lock(&self.without_tools).contains(&asked_at(ai))
    }

    /// This service refused a request that offered tools.
    pub(crate) fn refuses_tools(&self, ai: &AiSettings) {
        lock(&self.without_tools).insert(asked_at(ai));
    }

    /// Ends what is on its way, within a second.
    pub(crate) async fn shutdown(&self) {
        let client = lock(&self.client).take();
        if let Some((.., client)) = client {
            client.shutdown().await;
        }
    }
}

/// The app's keys: those of the system's keyring, and the one that [`KEY_VARIABLE`] had, which goes
/// before them. A variable that cannot be a key is as good as none.
///
/// [`KEY_VARIABLE`]: ha_llm::keys::KEY_VARIABLE
pub fn key_store(variable: Option<&str>) -> Arc<KeyStore> {
    let keys = KeyStore::new(KEYRING_SERVICE, variable).unwrap_or_else(|error| {
        tracing::warn!(
            error = error.name(),
            "the key in the environment cannot be used"
        );
        let none = KeyStore::new(KEYRING_SERVICE, None);
        none.expect("without a variable nothing can be wrong with it")
    });
    Arc::new(keys)
}

fn lock<T>(slot: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // The slots are replaced as a whole, so they are right whoever panicked elsewhere.
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    /// Whether the tutor can be asked. Never asks the service.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn ai_state(&self) -> ApiResult<AiState> {
        let ai = self.settings().await?.ai;
        let spending = self.ai_spending().await?;
        let Ok(endpoint) = endpoint(&ai) else {
            return Ok(AiState {
                ready: false,
                key: KeyPlace::None,
                address: ai.base_url.clone(),
                model: model(&ai).unwrap_or_default(),
                spending,
            });
        };
        let key = self.ai.key(endpoint.base_url()).await;
        let model = model(&ai).unwrap_or_default();
        let has_key = key.is_some() || !provider(ai.provider).needs_key();
        Ok(AiState {
            ready: has_key && !model.is_empty(),
            key: key.map_or(KeyPlace::None, |(_, home)| key_place(home)),
            address: endpoint.base_url().into(),
            model,
            spending,
        })
    }

    /// Keeps the key for the address of the settings, in the system's keyring where there is one,
    /// else until the app closes.
    ///
    /// # Errors
    /// `ai_settings` for what cannot be a key or an address, those of the store.
    pub async fn ai_key_set(&self, key: String) -> ApiResult<AiState> {
        let ai = self.settings().await?.ai;
        let endpoint = endpoint(&ai).map_err(|error| ai_error(&error))?;
        let key = ApiKey::new(&key).map_err(|error| ai_error(&error))?;
        self.ai.keys.set(endpoint.base_url(), key).await;
        self.ai.forget_known();
        self.ai_state().await
    }

    /// Removes the key for the address of the settings.
    ///
    /// # Errors
    /// `ai_settings` when the keyring may still hold it, those of the store.
    pub async fn ai_key_forget(&self) -> ApiResult<AiState> {
        let ai = self.settings().await?.ai;
        let endpoint = endpoint(&ai).map_err(|error| ai_error(&error))?;
        let forgotten = self.ai.keys.forget(endpoint.base_url()).await;
        self.ai.forget_known();
        forgotten.map_err(|reason| ApiError::new(ErrorCode::AiSettings, reason))?;
        self.ai_state().await
    }

    /// Tries key and address without spending anything.
    ///
    /// # Errors
    /// The `ai_…` codes, those of the store.
    pub async fn ai_test(&self) -> ApiResult<AiProbe> {
        let ai = self.settings().await?.ai;
        let client = self.ai_client(&ai).await?;
        let probe = client.probe().await.map_err(|error| ai_error(&error))?;
        let models: Vec<String> = probe.models.into_iter().map(|model| model.id).collect();
        let balance = probe
            .balance
            .map_or_else(Vec::new, |balance| balance.amounts);
        Ok(AiProbe {
            latency_ms: probe.latency.as_secs_f64() * 1e3,
            model: model(&ai).unwrap_or_default(),
            models,
            balance: balance
                .into_iter()
                .map(|money| Amount {
                    currency: money.currency.code().into(),
                    value: money.micro() as f64 / 1e6,
                })
                .collect(),
        })
    }

    pub(crate) async fn ai_client(&self, ai: &AiSettings) -> ApiResult<LlmClient> {
        self.ai.client(ai).await.map_err(|error| ai_error(&error))
    }

    /// Ends every answer that is on its way, for the end of the process.
    pub async fn ai_shutdown(&self) {
        self.asks.stop_all();
        self.ai.shutdown().await;
    }
}

fn provider(provider: AiProvider) -> Provider {
    match provider {
        AiProvider::DeepSeek => Provider::DeepSeek,
        AiProvider::Compatible => Provider::Compatible,
        AiProvider::Ollama => Provider::Ollama,
        AiProvider::LlamaCpp => Provider::LlamaCpp,
    }
}

fn endpoint(ai: &AiSettings) -> Result<Endpoint, LlmError> {
    let provider = provider(ai.provider);
    let address = match ai.base_url.as_str() {
        "" => provider.base_url(),
        own => own,
    };
    let proxy = match ai.proxy.as_str() {
        "" => Proxy::System,
        "none" => Proxy::None,
        at => Proxy::At(at.into()),
    };
    Endpoint::new(provider, address, proxy)
}

/// The model to ask for; none where the learner has to choose.
pub(crate) fn model(ai: &AiSettings) -> Option<String> {
    match ai.model.as_str() {
        "" => provider(ai.provider).model().map(str::to_string),
        own => Some(own.into()),
    }
}

/// What answers: the same model may take tools in one place and not in another.
fn asked_at(ai: &AiSettings) -> (String, String) {
    let address = match ai.base_url.as_str() {
        "" => provider(ai.provider).base_url(),
        own => own,
    };
    (address.into(), model(ai).unwrap_or_default())
}

fn key_place(home: KeyHome) -> KeyPlace {
    match home {
        KeyHome::Environment => KeyPlace::Environment,
        KeyHome::Keyring => KeyPlace::Keyring,
        KeyHome::Session => KeyPlace::Session,
    }
}

/// Our code for what went wrong. What the service itself said is shown to the learner and never
/// logged: it may repeat parts of a prompt.
pub(crate) fn ai_error(error: &LlmError) -> ApiError {
    let code = match error {
        LlmError::BadSettings(_) | LlmError::KeyInTheClear => ErrorCode::AiSettings,
        LlmError::NoKey => ErrorCode::AiNoKey,
        LlmError::RequestTooLarge { .. } | LlmError::ContextTooLong => ErrorCode::AiTooLong,
        LlmError::TooFast { .. } | LlmError::TooManyAtOnce | LlmError::RateLimited { .. } => {
            ErrorCode::AiRateLimited
        }
        LlmError::Paused { .. } => ErrorCode::AiPaused,
        LlmError::ShuttingDown => ErrorCode::Internal,
        LlmError::BadRequest(_) => ErrorCode::AiBadRequest,
        LlmError::KeyRefused => ErrorCode::AiKeyRefused,
        LlmError::NoBalance => ErrorCode::AiNoBalance,
        LlmError::Forbidden(_) => ErrorCode::AiForbidden,
        LlmError::NotFound(_) => ErrorCode::AiNotFound,
        LlmError::InvalidParameters(_) => ErrorCode::AiInvalidParameters,
        LlmError::ServiceFault(_) => ErrorCode::AiServiceFault,
        LlmError::Overloaded { .. } => ErrorCode::AiOverloaded,
        LlmError::Unreachable | LlmError::ProxyFailed => ErrorCode::AiUnreachable,
        LlmError::Untrusted => ErrorCode::AiUntrusted,
        LlmError::TimedOut(_) => ErrorCode::AiTimedOut,
        LlmError::Cut => ErrorCode::AiCut,
        LlmError::Malformed(_) | LlmError::UnexpectedStatus(_) | LlmError::ReplyTooLarge { .. } => {
            ErrorCode::AiMalformed
        }
    };
    let mut told = ApiError::new(code, error.to_string());
    if !error.words().is_empty() {
        told.message = format!("{}: {}", told.message, error.words());
    }
    told
}
