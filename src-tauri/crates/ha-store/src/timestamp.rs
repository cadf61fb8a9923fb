//! A moment, as the database keeps it. This crate has no clock.

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// Milliseconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// As part of a file name: `20261121T064500.123Z`. Sorts by time, is legal on every system, and
    /// a person in the folder can read it.
    pub(crate) fn in_file_name(self) -> String {
        let (days, ms) = (self.0.div_euclid(DAY_MS), self.0.rem_euclid(DAY_MS));
        let (year, month, day) = civil(days);
        let (hour, minute) = (ms / 3_600_000, ms / 60_000 % 60);
        let (second, milli) = (ms / 1000 % 60, ms % 1000);
        format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}.{milli:03}Z")
    }
}

const DAY_MS: i64 = 86_400_000;

/// Year, month and day of the Gregorian calendar, from days since 1970-01-01: the calendar repeats
/// every 400 years (146 097 days), and a year that starts in March has its leap day at the end.
fn civil(days: i64) -> (i64, i64, i64) {
    let from_march_0000 = days + 719_468;
    let (era, day_of_era) = (
        from_march_0000.div_euclid(146_097),
        from_march_0000.rem_euclid(146_097),
    );
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Timestamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ms: i64, expected: &str) {
        assert_eq!(Timestamp(ms).in_file_name(), expected);
    }

    #[test]
    fn a_moment_reads_as_utc_in_a_file_name() {
        check(0, "19700101T000000.000Z");
        check(-1, "19691231T235959.999Z");
        check(951_782_400_000, "20000229T000000.000Z");
        check(1_740_787_199_999, "20250228T235959.999Z");
        check(1_795_243_500_123, "20261121T064500.123Z");
        check(4_107_542_400_000, "21000301T000000.000Z");
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for ms in [i64::MIN, i64::MAX] {
            assert!(Timestamp(ms).in_file_name().ends_with('Z'));
        }
    }
}
