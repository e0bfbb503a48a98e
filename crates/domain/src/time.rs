//! Time: milliseconds since 1970, as the chain gives it.

/// A point in time, or a length of time, in milliseconds.
pub type Millis = u64;

/// One second.
pub const SECOND: Millis = 1_000;
/// One minute.
pub const MINUTE: Millis = 60_000;
/// One day.
pub const DAY: Millis = 86_400_000;

/// 2020-01-01: an earlier point in time is surely seconds taken for milliseconds.
pub const EARLIEST: Millis = 1_577_836_800_000;
/// 2200-01-01: a later point in time is surely a mistake, for example microseconds.
pub const LATEST: Millis = 7_258_118_400_000;

/// Is something that is valid until `until` still valid? Half open: no longer at `until` itself.
pub fn is_before(now: Millis, until: Millis) -> bool {
    now < until
}

/// Is this a point in time somebody can have meant, in milliseconds?
pub fn is_plausible(at: Millis) -> bool {
    (EARLIEST..LATEST).contains(&at)
}

/// The number of the day (UTC) that `at` falls on.
pub fn day_of(at: Millis) -> u32 {
    u32::try_from(at.checked_div(DAY).unwrap_or(0)).unwrap_or(u32::MAX)
}

/// `at + length`, held at the end of time instead of wrapping.
pub fn after(at: Millis, length: Millis) -> Millis {
    at.saturating_add(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_open_one_millisecond_before_and_closed_at_it_and_after() {
        let deadline = 1_800_000_000_000;
        assert!(is_before(deadline - 1, deadline));
        assert!(!is_before(deadline, deadline));
        assert!(!is_before(deadline + 1, deadline));
    }

    #[test]
    fn seconds_and_microseconds_are_not_plausible_milliseconds() {
        assert!(is_plausible(1_800_000_000_000));
        assert!(!is_plausible(1_800_000_000));
        assert!(!is_plausible(1_800_000_000_000_000));
        assert!(!is_plausible(EARLIEST - 1) && is_plausible(EARLIEST));
        assert!(is_plausible(LATEST - 1) && !is_plausible(LATEST));
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        assert_eq!(day_of(DAY - 1), 0);
        assert_eq!(day_of(DAY), 1);
        assert_eq!(day_of(u64::MAX), u32::MAX);
    }
}
