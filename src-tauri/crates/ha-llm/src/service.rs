//! What a service tells about itself and the account: its models and the balance.

use crate::client::Inner;
use crate::price::micro;
use crate::{Currency, LlmClient, LlmError, Money, status};
use serde::Deserialize;
use std::time::Duration;

/// A model that the service offers to this account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its name in requests.
    pub id: String,
}

/// What is left on the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Whether the service would answer a question now.
    pub available: bool,
    /// What is left, in each currency of the account that we know.
    pub amounts: Vec<Money>,
}

/// The answer to «does my key work?».
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// From the question for the models to their list, the connection included.
    pub latency: Duration,
    /// What the account may use.
    pub models: Vec<Model>,
    /// For services that tell it.
    pub balance: Option<Balance>,
}

#[derive(Deserialize)]
struct WireModels {
    data: Vec<WireModel>,
}

#[derive(Deserialize)]
struct WireModel {
    id: String,
}

#[derive(Deserialize)]
struct WireBalance {
    is_available: bool,
    #[serde(default)]
    balance_infos: Vec<WireAmount>,
}

#[derive(Deserialize)]
struct WireAmount {
    currency: String,
    total_balance: String,
}

impl LlmClient {
    /// The models of this account. One try, within the connect and first-token limits.
    ///
    /// # Errors
    /// As a chat's.
    pub async fn models(&self) -> Result<Vec<Model>, LlmError> {
        let wire: WireModels = self.inner.get("models").await?;
        Ok(wire
            .data
            .into_iter()
            .map(|model| Model { id: model.id })
            .collect())
    }

    /// The balance of the account; none for services that do not tell it.
    ///
    /// # Errors
    /// As a chat's.
    pub async fn balance(&self) -> Result<Option<Balance>, LlmError> {
        if !self.inner.endpoint.provider().has_balance() {
            return Ok(None);
        }
        let wire: WireBalance = self.inner.get("user/balance").await?;
        let amounts = wire.balance_infos.iter().filter_map(|amount| {
            let currency = Currency::coded(&amount.currency)?;
            // An account that is overdrawn has nothing left.
            let micro = match amount.total_balance.starts_with('-') {
                true => 0,
                false => micro(&amount.total_balance)?,
            };
            Some(Money {
                currency,
                pico: micro * 1_000_000,
            })
        });
        Ok(Some(Balance {
            available: wire.is_available,
            amounts: amounts.collect(),
        }))
    }

    /// Tries key and address without spending anything: asks for the models and the balance. Goes
    /// through while the client pauses, and ends the pause when all is well.
    ///
    /// # Errors
    /// As a chat's.
    pub async fn probe(&self) -> Result<Probe, LlmError> {
        let clock = &self.inner.around.clock;
        let start = clock.now();
        let models = self.models().await?;
        let latency = clock.now() - start;
        let balance = self.balance().await?;
        self.inner.breaker.close();
        Ok(Probe {
            latency,
            models,
            balance,
        })
    }
}

impl Inner {
    /// One answer that is not a stream.
    async fn get<T: for<'a> Deserialize<'a>>(&self, path: &str) -> Result<T, LlmError> {
        if self.tasks.is_closed() {
            return Err(LlmError::ShuttingDown);
        }
        let answer = self.fetch(path);
        let mut limit = self.around.clock.sleep(self.settings.first_token);
        let body = tokio::select! {
            biased;
            () = self.closing.cancelled() => return Err(LlmError::ShuttingDown),
            answer = answer => answer?,
            () = &mut limit => return Err(LlmError::TimedOut(crate::Phase::FirstToken)),
        };
        serde_json::from_slice(&body)
            .map_err(|_| LlmError::Malformed("the answer is not what the protocol says"))
    }

    async fn fetch(&self, path: &str) -> Result<Vec<u8>, LlmError> {
        let request = self.http.get(self.endpoint.at(path));
        let mut answer = self
            .with_key(request)
            .send()
            .await
            .map_err(|error| self.broken(&error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| self.broken(&error))? {
            body.extend_from_slice(&piece);
            if body.len() > self.settings.event_bytes {
                let limit = self.settings.event_bytes;
                return Err(LlmError::ReplyTooLarge { limit });
            }
        }
        match status.is_success() {
            true => Ok(body),
            false => Err(status::error(status, &headers, &body, self.key_text())),
        }
    }
}
