//! What an answer costs, exactly, from a table that people can read and edit.
//!
//! Prices are published for a million tokens with up to six digits after the point. A millionth of
//! such a price is a whole number of 10⁻¹² of the currency for each token, so nothing is ever rounded.

use crate::Usage;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Prices by model. [`PriceTable::published`] is the one that comes with the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceTable {
    /// When the peak prices hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_hours: Option<PeakHours>,
    /// One for every model and currency; the first that fits counts.
    #[serde(default, rename = "price")]
    pub prices: Vec<Price>,
}

/// What one model costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The names it goes by.
    pub models: Vec<String>,
    /// The currency of the account.
    pub currency: Currency,
    /// Where the price is published.
    pub source: String,
    /// The day it was read there, as `2026-11-15`.
    pub as_of: String,
    /// The price.
    pub rates: Rates,
    /// The price in peak hours, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<Rates>,
}

/// Prices of a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Input that the service had in its cache.
    pub cached: Rate,
    /// Input that it had not.
    pub input: Rate,
    /// Output, thinking included.
    pub output: Rate,
}

/// A price of a million tokens, in millionths of the currency: as well 10⁻¹² of it for one token.
/// Written as a decimal: `0.02`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate(pub u64);

/// Hours of a day somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeakHours {
    /// Hours that the place is before UTC.
    pub utc_offset: i64,
    /// Not on Saturdays and Sundays there.
    pub weekdays_only: bool,
    /// From the first hour up to, and without, the second.
    pub hours: Vec<(u8, u8)>,
}

/// Money of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Chinese yuan.
    Cny,
    /// United States dollar.
    Usd,
}

/// An amount, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Its kind.
    pub currency: Currency,
    /// Units of 10⁻¹²: a thousand yuan are 10¹⁵ of them.
    pub pico: u64,
}

/// Why a text is no price table, for whoever wrote it: names the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PriceTableError(String);

impl PriceTable {
    /// The prices as they were published when this version was made; each says when and where.
    pub fn published() -> PriceTable {
        PriceTable::parse(include_str!("../prices.toml"))
            .expect("the table of this version; a test reads it")
    }

    /// Reads a table from TOML.
    ///
    /// # Errors
    /// With the line and what is wrong there.
    pub fn parse(text: &str) -> Result<PriceTable, PriceTableError> {
        toml::from_str(text).map_err(|error| PriceTableError(error.to_string()))
    }

    /// The table as TOML, for whoever edits it.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a table of texts and numbers is always TOML")
    }

    /// The price of a model.
    pub fn find(&self, model: &str, currency: Currency) -> Option<&Price> {
        let fits = |price: &&Price| {
            price.currency == currency && price.models.iter().any(|name| name == model)
        };
        self.prices.iter().find(fits)
    }

    /// What an answer cost that was asked for at `unix_seconds`; none for a model without a price.
    pub fn cost(
        &self,
        model: &str,
        currency: Currency,
        usage: &Usage,
        unix_seconds: i64,
    ) -> Option<Money> {
        let price = self.find(model, currency)?;
        let at_peak = || {
            self.peak_hours
                .as_ref()
                .is_some_and(|peak| peak.hold(unix_seconds))
        };
        let rates = match price.peak {
            Some(peak) if at_peak() => peak,
            _ => price.rates,
        };
        let new = usage.input.saturating_sub(usage.cached);
        let parts = [
            (usage.cached, rates.cached),
            (new, rates.input),
            (usage.output, rates.output),
        ];
        let pico = parts.into_iter().fold(0_u64, |sum, (tokens, Rate(each))| {
            sum.saturating_add(tokens.saturating_mul(each))
        });
        Some(Money { currency, pico })
    }
}

impl PeakHours {
    fn hold(&self, unix_seconds: i64) -> bool {
        let there = unix_seconds + self.utc_offset * 3_600;
        let (day, hour) = (there.div_euclid(86_400), there.rem_euclid(86_400) / 3_600);
        // The first of January 1970 was a Thursday, which is day 3 of a week from Monday.
        let weekend = (day + 3).rem_euclid(7) >= 5;
        let within = |(from, to): &(u8, u8)| (i64::from(*from)..i64::from(*to)).contains(&hour);
        !(self.weekdays_only && weekend) && self.hours.iter().any(within)
    }
}

impl Currency {
    /// Its code: `CNY`, `USD`.
    pub fn code(self) -> &'static str {
        match self {
            Currency::Cny => "CNY",
            Currency::Usd => "USD",
        }
    }

    /// The currency of this code.
    pub fn coded(code: &str) -> Option<Currency> {
        [Currency::Cny, Currency::Usd]
            .into_iter()
            .find(|known| known.code() == code)
    }
}

impl Money {
    /// Nothing.
    pub fn none(currency: Currency) -> Money {
        Money { currency, pico: 0 }
    }

    /// In millionths of the currency, rounded up: never shown too small.
    pub fn micro(self) -> u64 {
        self.pico.div_ceil(1_000_000)
    }
}

impl fmt::Display for Money {
    /// `0.0123 CNY`, to the millionth, without the zeros at its end.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} {}",
            decimal(self.micro()),
            self.currency.code()
        )
    }
}

impl TryFrom<String> for Rate {
    type Error = String;

    fn try_from(text: String) -> Result<Rate, String> {
        let refuse = || format!("{text:?} is no price: digits, a point, at most six digits");
        micro(&text).map(Rate).ok_or_else(refuse)
    }
}

/// A plain decimal in millionths; none for what is no such thing, or ten millions and more.
pub(crate) fn micro(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.len() > 7 || part.len() > 6 {
        return None;
    }
    format!("{whole}{part:0<6}").parse().ok()
}

impl From<Rate> for String {
    fn from(Rate(micro): Rate) -> String {
        decimal(micro)
    }
}

/// Millionths as a decimal without zeros at its end.
fn decimal(micro: u64) -> String {
    let text = format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    /// Sunday, 2026-11-15, 12:00 UTC.
    const SUNDAY: i64 = 1_794_744_000;
    const HOUR: i64 = 3_600;

    fn check(model: &str, currency: Currency, at: i64, usage: (u64, u64, u64), expected: &str) {
        let (input, cached, output) = usage;
        let usage = Usage {
            input,
            cached,
            output,
            thinking: 0,
        };
        let cost = PriceTable::published()
            .cost(model, currency, &usage, at)
            .unwrap();
        assert_eq!(cost.to_string(), expected);
    }

    #[test]
    fn an_answer_costs_what_the_table_says() {
        check(
            "deepseek-flash",
            Currency::Cny,
            SUNDAY,
            (1_000_000, 0, 0),
            "1 CNY",
        );
        check(
            "deepseek-flash",
            Currency::Cny,
            SUNDAY,
            (1_000_000, 1_000_000, 0),
            "0.02 CNY",
        );
        check(
            "deepseek-flash",
            Currency::Cny,
            SUNDAY,
            (0, 0, 1_000_000),
            "4 CNY",
        );
        check(
            "deepseek-chat",
            Currency::Usd,
            SUNDAY,
            (3_000, 2_000, 500),
            "0.000456 USD",
        );
        check(
            "deepseek-v4-pro",
            Currency::Usd,
            SUNDAY,
            (1, 0, 0),
            "0.000001 USD",
        );
    }

    #[test]
    fn nothing_is_rounded_before_the_sum() {
        let usage = Usage {
            input: 1,
            cached: 1,
            ..Usage::default()
        };
        let cost = PriceTable::published().cost("deepseek-flash", Currency::Usd, &usage, SUNDAY);
        assert_eq!(cost.unwrap().pico, 3_000);
        assert_eq!(cost.unwrap().micro(), 1, "shown rounded up");
    }

    #[test]
    fn peak_hours_are_those_of_beijing_on_weekdays() {
        // Monday 08:59 in Beijing is 00:59 UTC.
        let monday = SUNDAY + 12 * HOUR;
        let is_peak = |at| PriceTable::published().peak_hours.unwrap().hold(at);
        assert!(!is_peak(monday + HOUR - 1) && is_peak(monday + HOUR));
        assert!(is_peak(monday + 4 * HOUR - 1) && !is_peak(monday + 4 * HOUR));
        assert!(is_peak(monday + 6 * HOUR) && !is_peak(monday + 10 * HOUR));
        assert!(!is_peak(monday - 22 * HOUR), "Sunday morning in Beijing");
        assert!(
            is_peak(monday + 97 * HOUR) && !is_peak(monday + 121 * HOUR),
            "Friday, Saturday"
        );
        check(
            "deepseek-flash",
            Currency::Cny,
            monday + 2 * HOUR,
            (0, 0, 1_000_000),
            "8 CNY",
        );
    }

    #[test]
    fn a_model_without_a_price_costs_nothing_known() {
        let table = PriceTable::published();
        assert_eq!(
            table.cost("qwen", Currency::Cny, &Usage::default(), 0),
            None
        );
    }

    #[test]
    fn every_published_price_is_dated_and_says_where_it_is_from() {
        let table = PriceTable::published();
        assert!(table.prices.len() >= 4);
        for price in &table.prices {
            assert_eq!(price.as_of.len(), "2026-11-15".len());
            assert!(price.source.contains('/') && !price.models.is_empty());
            let Rates {
                cached,
                input,
                output,
            } = price.rates;
            assert!(cached.0 < input.0 && input.0 < output.0);
        }
    }

    #[test]
    fn a_table_survives_being_written_and_read() {
        let table = PriceTable::published();
        assert_eq!(PriceTable::parse(&table.to_toml()).unwrap(), table);
    }

    #[test]
    fn a_price_is_a_plain_decimal() {
        let rate = |text: &str| Rate::try_from(text.to_owned()).ok().map(|rate| rate.0);
        assert_eq!(rate("0.0028"), Some(2_800));
        assert_eq!(rate("12"), Some(12_000_000));
        for text in [
            "",
            ".5",
            "1.",
            "-1",
            "1e3",
            "1,5",
            "0.1234567",
            "1.2.3",
            "10000000",
        ] {
            assert_eq!(rate(text), None, "{text}");
        }
        let error = PriceTable::parse("[[price]]\nmodels = 1").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn sums_that_overflow_stay_at_the_most() {
        let usage = Usage {
            input: u64::MAX,
            output: u64::MAX,
            ..Usage::default()
        };
        let cost = PriceTable::published().cost("deepseek-flash", Currency::Cny, &usage, 0);
        assert_eq!(cost.unwrap().pico, u64::MAX);
    }
}
