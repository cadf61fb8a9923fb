//! What asking costs: prices, the month, the cap.

use crate::wire::{AccountCurrency, AiSettings, Amount, AnswerCost, Spending, SpendingLevel};
use crate::{ApiError, ApiResult, App};
use ha_llm::{Currency, Message, PriceTable, Usage, estimate_tokens};
use ha_store::{SpendingRow, Spent};
use jiff::tz::TimeZone;

/// The learner's price table among the settings; absent while the published one holds.
const KEY: &str = "prices";
/// Longer is no price table.
const MAX_PRICES: usize = 64 * 1024;
/// From here on the window warns.
const NEAR: f64 = 0.8;
/// Units of 10⁻¹² in one of the currency.
const PICO: f64 = 1e12;

/// What a request used that no service counted: nothing, when nothing of an answer came.
pub(super) fn guessed_usage(sent: &[Message], came: &[&str]) -> Usage {
    let output = came.iter().map(|text| estimate_tokens(text)).sum();
    let bytes: usize = sent.iter().map(Message::len).sum();
    Usage {
        // Three bytes are about a token, in either language.
        input: if output == 0 { 0 } else { (bytes / 3) as u64 },
        output,
        ..Usage::default()
    }
}

impl App {
    /// The price table as text: the learner's, else the published one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn ai_prices(&self) -> ApiResult<String> {
        let own = self.with_store(|store| store.setting(KEY)).await?;
        let own = own.filter(|text| !text.trim().is_empty());
        Ok(own.unwrap_or_else(|| PriceTable::published().to_toml()))
    }

    /// Takes another price table; an empty text goes back to the published one. Answers the table
    /// that holds from now on.
    ///
    /// # Errors
    /// `invalid_request` with the line that is wrong, those of the store.
    pub async fn ai_prices_set(&self, text: String) -> ApiResult<String> {
        if text.len() > MAX_PRICES {
            return Err(ApiError::invalid("a price table is at most 64 KiB"));
        }
        PriceTable::parse(&text).map_err(|error| ApiError::invalid(error.to_string()))?;
        self.with_store(move |store| store.set_setting(KEY, &text))
            .await?;
        self.ai_prices().await
    }

    /// What this month cost.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn ai_spending(&self) -> ApiResult<Spending> {
        let cap = self.settings().await?.ai;
        let month = self.month();
        let asked = month.clone();
        let rows = self.with_store(move |store| store.spending(&asked)).await?;
        Ok(spending(month, &rows, &cap))
    }

    /// Whether the cap would be reached with this on top of what the month cost.
    pub(crate) async fn ai_reaches_cap(&self, spent: &Spent) -> ApiResult<bool> {
        let ai = self.settings().await?.ai;
        let month = self.month();
        let asked = month.clone();
        let mut rows = self.with_store(move |store| store.spending(&asked)).await?;
        let before = rows.iter().position(|row| row.currency == spent.currency);
        let cost = before.map_or(0, |at| rows.remove(at).cost_pico);
        rows.push(SpendingRow {
            currency: spent.currency.clone(),
            calls: 0,
            input: spent.input,
            cached: spent.cached,
            output: spent.output,
            cost_pico: cost.saturating_add(spent.cost_pico),
        });
        Ok(spending(month, &rows, &ai).level == SpendingLevel::Reached)
    }

    /// This month where the learner is, as `2026-11`.
    pub(crate) fn month(&self) -> String {
        let now = jiff::Timestamp::from_millisecond(self.now().0).unwrap_or_default();
        let date = now.to_zoned(TimeZone::system()).date();
        format!("{:04}-{:02}", date.year(), date.month())
    }

    /// What an answer cost, by the learner's table.
    pub(crate) async fn ai_cost(&self, model: &str, usage: Usage, ai: &AiSettings) -> Spent {
        let table = self.ai_prices().await.ok();
        let table = table.and_then(|text| PriceTable::parse(&text).ok());
        let seconds = self.now().0.div_euclid(1000);
        let money = table.unwrap_or_else(PriceTable::published).cost(
            model,
            currency(ai.currency),
            &usage,
            seconds,
        );
        let tokens = |count: u64| count.try_into().unwrap_or(i64::MAX);
        Spent {
            input: tokens(usage.input),
            cached: tokens(usage.cached),
            output: tokens(usage.output),
            cost_pico: money.map_or(0, |money| tokens(money.pico)),
            currency: money.map_or(String::new(), |money| money.currency.code().into()),
        }
    }
}

pub(crate) fn currency(currency: AccountCurrency) -> Currency {
    match currency {
        AccountCurrency::Cny => Currency::Cny,
        AccountCurrency::Usd => Currency::Usd,
    }
}

pub(crate) fn wire_cost(spent: &Spent) -> AnswerCost {
    AnswerCost {
        input: spent.input as f64,
        cached: spent.cached as f64,
        output: spent.output as f64,
        money: (!spent.currency.is_empty()).then(|| Amount {
            currency: spent.currency.clone(),
            value: spent.cost_pico as f64 / PICO,
        }),
    }
}

fn spending(month: String, rows: &[SpendingRow], ai: &AiSettings) -> Spending {
    let amounts: Vec<Amount> = rows
        .iter()
        .filter(|row| !row.currency.is_empty())
        .map(|row| Amount {
            currency: row.currency.clone(),
            value: row.cost_pico as f64 / PICO,
        })
        .collect();
    let code = currency(ai.currency).code();
    let spent = amounts.iter().find(|amount| amount.currency == code);
    let spent = spent.map_or(0.0, |amount| amount.value);
    let level = match ai.monthly_cap {
        cap if cap <= 0.0 || spent < cap * NEAR => SpendingLevel::Fine,
        cap if spent < cap => SpendingLevel::Near,
        _ => SpendingLevel::Reached,
    };
    Spending {
        month,
        answers: rows.iter().map(|row| row.calls as f64).sum(),
        tokens: rows.iter().map(|row| (row.input + row.output) as f64).sum(),
        cap: (ai.monthly_cap > 0.0).then(|| Amount {
            currency: code.into(),
            value: ai.monthly_cap,
        }),
        amounts,
        level,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cost_pico: i64, cap: f64, expected: SpendingLevel) {
        let row = SpendingRow {
            currency: "CNY".into(),
            calls: 1,
            input: 1,
            cached: 0,
            output: 1,
            cost_pico,
        };
        let ai = AiSettings {
            monthly_cap: cap,
            ..AiSettings::default()
        };
        assert_eq!(spending("2026-11".into(), &[row], &ai).level, expected);
    }

    #[test]
    fn the_cap_warns_at_four_fifths_and_stops_at_the_whole() {
        check(7_999_999_999_999, 10.0, SpendingLevel::Fine);
        check(8_000_000_000_000, 10.0, SpendingLevel::Near);
        check(9_999_999_999_999, 10.0, SpendingLevel::Near);
        check(10_000_000_000_000, 10.0, SpendingLevel::Reached);
        check(10_000_000_000_000, 0.0, SpendingLevel::Fine);
    }
}
