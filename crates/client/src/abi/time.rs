//! Points in time, `2026-12-31T10:00:00Z`, and lengths of time, `30d`.

use amanah_domain::time::{Millis, DAY, MINUTE, SECOND};
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat};
use serde_json::Value as Json;

/// What messages, records and errors call a point in time.
pub(super) const POINTS: &[&str] = &[
    "applied_at",
    "approved_at",
    "at",
    "barred_until",
    "begun_at",
    "certified_until",
    "deadline",
    "decided_at",
    "due",
    "expires",
    "from",
    "identity_valid_until",
    "late_from",
    "next_due",
    "opened_at",
    "proposed_at",
    "reached_at",
    "ready_at",
    "registered_at",
    "requested_at",
    "schedule_from",
    "since",
    "started",
    "until",
    "valid_until",
];

/// What they call a length of time.
pub(super) const LENGTHS: &[&str] = &["delay", "least", "life", "most", "pauses", "validity", "wanted", "window"];

const UNITS: [(&str, Millis); 5] = [("d", DAY), ("h", 60 * MINUTE), ("m", MINUTE), ("s", SECOND), ("ms", 1)];

/// The point in time 0, which records hold where nothing has happened.
const UNSET: &str = "unset";
/// The end of time.
const FOREVER: &str = "forever";
/// 10000-01-01, from where on RFC 3339 has no years.
const YEAR_10000: Millis = 253_402_300_800_000;

/// A point in time; `Ok(None)` if it is none.
///
/// # Errors
/// What `now` says.
pub(super) fn read_point(text: &str, now: impl FnOnce() -> Result<Millis, String>) -> Result<Option<Millis>, String> {
    if let Some(length) = text.strip_prefix('+') {
        return match read_length(length) {
            Some(length) => now().map(|now| now.checked_add(length)),
            None => Ok(None),
        };
    }
    Ok(match text {
        UNSET => Some(0),
        FOREVER => Some(Millis::MAX),
        _ => whole(text).or_else(|| date(text)),
    })
}

fn date(text: &str) -> Option<Millis> {
    let time = match DateTime::parse_from_rfc3339(text) {
        Ok(time) => time.to_utc(),
        Err(_) => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN).and_utc(),
    };
    let has_no_more_than_milliseconds = time.timestamp_subsec_nanos() % 1_000_000 == 0;
    u64::try_from(time.timestamp_millis()).ok().filter(|_| has_no_more_than_milliseconds)
}

/// A point in time: RFC 3339 where that has years.
pub(super) fn write_point(at: Millis) -> Json {
    let form = if at % SECOND == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
    let date = i64::try_from(at).ok().filter(|_| at < YEAR_10000).and_then(DateTime::from_timestamp_millis);
    match (at, date) {
        (0, _) => UNSET.into(),
        (Millis::MAX, _) => FOREVER.into(),
        (_, Some(date)) => date.to_rfc3339_opts(form, true).into(),
        (_, None) => at.into(),
    }
}

/// A length of time: `30d`, `12h`, `10m`, `90s`, or milliseconds.
pub(super) fn read_length(text: &str) -> Option<Millis> {
    if text == FOREVER {
        return Some(Millis::MAX);
    }
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = &text[digits.len()..];
    let (_, length) = UNITS.into_iter().find(|(name, _)| *name == if unit.is_empty() { "ms" } else { unit })?;
    whole(digits)?.checked_mul(length)
}

/// A length of time in the largest unit that leaves nothing over.
pub(super) fn write_length(length: Millis) -> String {
    let fitting = UNITS.into_iter().find(|(_, unit)| length % unit == 0);
    match (length, fitting) {
        (0, _) => "0s".to_owned(),
        (Millis::MAX, _) => FOREVER.to_owned(),
        (_, Some((name, unit))) => format!("{}{name}", length / unit),
        (_, None) => length.to_string(),
    }
}

/// Digits and nothing else.
fn whole(text: &str) -> Option<Millis> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_800_000_000_000;

    fn point(text: &str) -> Option<Millis> {
        read_point(text, || Ok(NOW)).unwrap()
    }

    #[test]
    fn points_in_time_are_read_in_all_forms() {
        for (text, at) in [
            ("2026-12-31T10:00:00Z", 1_798_711_200_000),
            ("2026-12-31T18:00:00+08:00", 1_798_711_200_000),
            ("2026-12-31T10:00:00.250Z", 1_798_711_200_250),
            ("2026-12-31", 1_798_675_200_000),
            ("1798711200000", 1_798_711_200_000),
            ("+30d", NOW + 30 * DAY),
            ("+90s", NOW + 90_000),
            ("unset", 0),
            ("forever", Millis::MAX),
        ] {
            assert_eq!(point(text), Some(at), "{text}");
        }
        for text in [
            "",
            "+",
            "-5",
            "tomorrow",
            "2026-13-01",
            "2026-12-31T10:00:00",
            "1969-12-31",
            "+9999999999999d",
            "2026-12-31T10:00:00.0001Z",
            "30d",
        ] {
            assert_eq!(point(text), None, "{text}");
        }
        assert_eq!(read_point("+1d", || Err("no node".to_owned())), Err("no node".to_owned()));
    }

    #[test]
    fn a_point_in_time_is_written_with_milliseconds_only_if_it_has_them() {
        assert_eq!(write_point(1_798_711_200_000), "2026-12-31T10:00:00Z");
        assert_eq!(write_point(1_798_711_200_250), "2026-12-31T10:00:00.250Z");
        assert_eq!(write_point(0), "unset");
        assert_eq!(write_point(Millis::MAX), "forever");
        assert_eq!(write_point(YEAR_10000 - 1), "9999-12-31T23:59:59.999Z");
        assert_eq!(write_point(YEAR_10000), Json::from(YEAR_10000));
    }

    #[test]
    fn lengths_of_time_are_read_and_written_in_the_largest_unit() {
        for (text, length) in [
            ("30d", 30 * DAY),
            ("12h", DAY / 2),
            ("10m", 600_000),
            ("90s", 90_000),
            ("1ms", 1),
            ("0s", 0),
            ("forever", u64::MAX),
        ] {
            assert_eq!(read_length(text), Some(length), "{text}");
            assert_eq!(write_length(length), text);
        }
        assert_eq!(read_length("600000"), Some(600_000));
        assert_eq!(write_length(DAY + 1), "86400001ms");
        for text in ["", "d", "-1d", "+1d", "1.5d", "1 d", "1w", "999999999999d"] {
            assert_eq!(read_length(text), None, "{text}");
        }
    }
}
