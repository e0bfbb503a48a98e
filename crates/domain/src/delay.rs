//! What one party starts alone must wait before it takes effect, so that others see it and can stop it; and it does not
//! stay open for ever.

use crate::{
    time::{after, is_before, Millis, DAY},
    wire,
};

/// How long something that was started stays open.
pub const OPEN_FOR: Millis = DAY * 30;

wire! {
    /// Why something that was started cannot be finished now.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum DelayRefusal {
        /// Its delay is not over.
        TooEarly {
            /// From when it can be finished (milliseconds).
            from: Millis,
        },
        /// It has been open for too long and must be started again.
        TooLate {
            /// When it ended (milliseconds).
            at: Millis,
        },
    }
}

/// Can a suite have this delay? It must be over before what waits is stale.
pub fn is_usable(delay: Millis) -> bool {
    is_before(delay, OPEN_FOR)
}

/// Is what was started at `started_at` still open?
///
/// # Errors
/// `TooLate`.
pub fn must_be_open(started_at: Millis, now: Millis) -> Result<(), DelayRefusal> {
    let at = after(started_at, OPEN_FOR);
    if is_before(now, at) {
        Ok(())
    } else {
        Err(DelayRefusal::TooLate { at })
    }
}

/// Has what was started at `started_at` waited for `delay`, and is it still open?
///
/// # Errors
/// `TooLate`, `TooEarly`.
pub fn must_have_waited(started_at: Millis, delay: Millis, now: Millis) -> Result<(), DelayRefusal> {
    must_be_open(started_at, now)?;
    let from = after(started_at, delay);
    if is_before(now, from) {
        return Err(DelayRefusal::TooEarly { from });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_can_be_finished_from_the_end_of_its_delay_until_it_is_stale() {
        let (start, delay) = (1_800_000_000_000, 2 * DAY);
        let from = start + delay;
        assert_eq!(must_have_waited(start, delay, start), Err(DelayRefusal::TooEarly { from }));
        assert_eq!(must_have_waited(start, delay, from - 1), Err(DelayRefusal::TooEarly { from }));
        assert_eq!(must_have_waited(start, delay, from), Ok(()));
        let at = start + OPEN_FOR;
        assert_eq!(must_have_waited(start, delay, at - 1), Ok(()));
        assert_eq!(must_have_waited(start, delay, at), Err(DelayRefusal::TooLate { at }));
        assert_eq!(must_be_open(start, at - 1), Ok(()));
        assert_eq!(must_be_open(start, at), Err(DelayRefusal::TooLate { at }));
    }

    #[test]
    fn a_delay_is_shorter_than_what_waits_stays_open() {
        assert!(is_usable(0) && is_usable(OPEN_FOR - 1));
        assert!(!is_usable(OPEN_FOR) && !is_usable(u64::MAX));
    }

    #[test]
    fn the_end_of_time_is_no_wrap() {
        assert_eq!(must_be_open(u64::MAX - 1, u64::MAX), Err(DelayRefusal::TooLate { at: u64::MAX }));
        assert_eq!(must_be_open(u64::MAX - 1, u64::MAX - 1), Ok(()));
    }
}
