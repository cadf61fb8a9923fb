//! Spending: what the AI services cost, month by month.
//!
//! Counted apart from the messages, because a conversation that is deleted was paid for all the
//! same. It grows by a row or two a month.

use crate::{Store, StoreError};
use rusqlite::{Connection, Row};

pub(crate) const CREATE: &str = "
CREATE TABLE spending (
    month TEXT NOT NULL,
    currency TEXT NOT NULL,
    calls INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_pico INTEGER NOT NULL,
    PRIMARY KEY (month, currency)
) STRICT, WITHOUT ROWID;
";

const COUNT: &str = "INSERT INTO spending
        (month, currency, calls, input_tokens, cached_tokens, output_tokens, cost_pico)
    VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6)
    ON CONFLICT (month, currency) DO UPDATE SET
        calls = calls + 1,
        input_tokens = input_tokens + excluded.input_tokens,
        cached_tokens = cached_tokens + excluded.cached_tokens,
        output_tokens = output_tokens + excluded.output_tokens,
        cost_pico = cost_pico + excluded.cost_pico";
pub(super) const SELECT: &str = "SELECT currency, calls, input_tokens, cached_tokens,
        output_tokens, cost_pico
    FROM spending WHERE month = ?1 ORDER BY currency";

/// What one answer cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// Tokens sent, the cached ones among them.
    pub input: i64,
    /// Tokens the service had in its cache.
    pub cached: i64,
    /// Tokens that came.
    pub output: i64,
    /// Units of 10⁻¹² of the currency.
    pub cost_pico: i64,
    /// `CNY`, `USD`; empty when nothing is known of its price.
    pub currency: String,
}

/// What a month cost in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendingRow {
    /// `CNY`, `USD`; empty for what has no known price.
    pub currency: String,
    /// Answers.
    pub calls: i64,
    /// Tokens sent, the cached ones among them.
    pub input: i64,
    /// Tokens the service had in its cache.
    pub cached: i64,
    /// Tokens that came.
    pub output: i64,
    /// Units of 10⁻¹² of the currency.
    pub cost_pico: i64,
}

impl SpendingRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(SpendingRow {
            currency: row.get(0)?,
            calls: row.get(1)?,
            input: row.get(2)?,
            cached: row.get(3)?,
            output: row.get(4)?,
            cost_pico: row.get(5)?,
        })
    }
}

/// Counts one answer.
pub(crate) fn count(connection: &Connection, month: &str, spent: &Spent) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(COUNT)?;
    statement.execute((
        month,
        &spent.currency,
        spent.input,
        spent.cached,
        spent.output,
        spent.cost_pico,
    ))?;
    Ok(())
}

impl Store {
    /// Counts an answer that belongs to no conversation, in the month `month` (`2026-11`).
    ///
    /// # Errors
    /// Those of writing.
    pub fn count_spent(&self, month: &str, spent: &Spent) -> Result<(), StoreError> {
        Ok(count(&self.lock(), month, spent)?)
    }

    /// What a month cost, by currency.
    ///
    /// # Errors
    /// Those of reading.
    pub fn spending(&self, month: &str) -> Result<Vec<SpendingRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT)?;
        let rows = statement.query_map([month], SpendingRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
