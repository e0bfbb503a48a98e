//! Calendar months (UTC) after a point in time, in a few steps whatever the distance.
//!
//! Years are counted from March here, so that the leap day is a year's last day and every month begins at a fixed
//! day of its year (H. Hinnant, "chrono-compatible low-level date algorithms", 2013). Months are numbered through from
//! March of year 0, days from its first.

use crate::time::{Millis, DAY};

/// 1970-01-01, in days after 0000-03-01.
const EPOCH: u64 = 719_468;
/// Days of 400 years, after which the calendar repeats.
const DAYS_OF_400_YEARS: u64 = 146_097;

/// The same time of day, `months` calendar months after `at`; in a month without that day, on the month's last.
/// Held at the end of time.
///
/// The 31st of January and one month is the 28th or 29th of February, and two months are the 31st of March.
pub fn add_months(at: Millis, months: u16) -> Millis {
    let (month, day_of_month) = month_of(at);
    let target = month.saturating_add(months.into());
    let first = first_day(target);
    let last = first_day(target.saturating_add(1)).saturating_sub(1);
    let day = first.saturating_add(day_of_month).min(last);
    day.saturating_sub(EPOCH).saturating_mul(DAY).saturating_add(at % DAY)
}

/// How many calendar months are over at `to` since `from`: the largest `k` with `add_months(from, k) <= to`. 0 if `to`
/// is earlier, held at `u16::MAX`.
pub fn months_since(from: Millis, to: Millis) -> u16 {
    let between = month_of(to).0.saturating_sub(month_of(from).0);
    // `k` months after `from` is some time in that month: before `to`, or else one month too many.
    let Ok(months) = u16::try_from(between) else { return u16::MAX };
    if add_months(from, months) <= to {
        months
    } else {
        months.saturating_sub(1)
    }
}

/// The month that `at` falls in, and how many of the month's days are over.
fn month_of(at: Millis) -> (u64, u64) {
    let day = (at / DAY).saturating_add(EPOCH);
    let of_era = day % DAYS_OF_400_YEARS;
    // The leap days that are over are taken out, so that every year has 365.
    let even = of_era.saturating_sub(of_era / 1_460).saturating_add(of_era / 36_524).saturating_sub(of_era / 146_096);
    let year = (day / DAYS_OF_400_YEARS).saturating_mul(400).saturating_add(even / 365);
    let of_year = day.saturating_sub(first_day(year.saturating_mul(12)));
    let month_of_year = of_year.saturating_mul(5).saturating_add(2) / 153;
    let month = year.saturating_mul(12).saturating_add(month_of_year);
    (month, day.saturating_sub(first_day(month)))
}

/// The first day of a month. From March on, lengths go 31, 30, 31, 30, 31 and again: 153 days in five months.
fn first_day(month: u64) -> u64 {
    let year = month / 12;
    let before_the_year =
        year.saturating_mul(365).saturating_add(year / 4).saturating_sub(year / 100).saturating_add(year / 400);
    let in_the_year = (month % 12).saturating_mul(153).saturating_add(2) / 5;
    before_the_year.saturating_add(in_the_year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::LATEST;
    use chrono::{DateTime, Months, NaiveDate};
    use proptest::prelude::*;

    fn at(year: i32, month: u32, day: u32) -> Millis {
        let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        date.and_hms_milli_opt(13, 14, 15, 161).unwrap().and_utc().timestamp_millis().try_into().unwrap()
    }

    /// What a library says.
    fn reference(from: Millis, months: u16) -> Millis {
        let from = DateTime::from_timestamp_millis(from.try_into().unwrap()).unwrap();
        from.checked_add_months(Months::new(months.into())).unwrap().timestamp_millis().try_into().unwrap()
    }

    #[test]
    fn a_month_after_the_31st_is_the_last_of_a_shorter_month_and_a_later_month_has_its_31st_again() {
        assert_eq!(add_months(at(2027, 1, 31), 1), at(2027, 2, 28));
        assert_eq!(add_months(at(2028, 1, 31), 1), at(2028, 2, 29));
        assert_eq!(add_months(at(2028, 1, 31), 2), at(2028, 3, 31));
        assert_eq!(add_months(at(2028, 1, 31), 3), at(2028, 4, 30));
        assert_eq!(add_months(at(2028, 2, 29), 12), at(2029, 2, 28));
    }

    #[test]
    fn a_century_is_a_leap_year_only_every_fourth_time() {
        assert_eq!(add_months(at(2000, 1, 31), 1), at(2000, 2, 29));
        assert_eq!(add_months(at(2100, 1, 31), 1), at(2100, 2, 28));
    }

    #[test]
    fn every_day_of_four_centuries_and_a_bit_is_found_again() {
        for day in 0..150_000 {
            assert_eq!(add_months(day * DAY + 7, 0), day * DAY + 7);
        }
    }

    #[test]
    fn a_month_is_over_at_its_day_and_time_and_not_a_millisecond_before() {
        let from = at(2027, 1, 31);
        let end = at(2027, 2, 28);
        assert_eq!((months_since(from, end - 1), months_since(from, end), months_since(from, end + 1)), (0, 1, 1));
    }

    #[test]
    fn no_month_is_over_before_the_start() {
        assert_eq!(months_since(at(2027, 5, 1), at(2027, 1, 1)), 0);
        assert_eq!(months_since(at(2027, 5, 1), 0), 0);
    }

    #[test]
    fn months_are_held_where_their_number_ends() {
        assert_eq!(months_since(0, add_months(0, u16::MAX) - 1), u16::MAX - 1);
        assert_eq!(months_since(0, add_months(0, u16::MAX)), u16::MAX);
        assert_eq!(months_since(0, Millis::MAX), u16::MAX);
    }

    #[test]
    fn the_end_of_time_is_held() {
        assert_eq!(add_months(Millis::MAX, u16::MAX), Millis::MAX);
    }

    proptest! {
        #[test]
        fn months_are_those_of_a_library(from in 0..LATEST, months: u16) {
            prop_assert_eq!(add_months(from, months), reference(from, months));
        }

        #[test]
        fn months_since_is_the_largest_number_of_months_that_are_over(from in 0..LATEST, to in 0..LATEST) {
            let months = months_since(from, to);
            prop_assert!(reference(from, months + 1) > to);
            prop_assert!(months == 0 || reference(from, months) <= to);
        }

        #[test]
        fn around_every_due_date_months_since_counts_exactly(from in 0..LATEST, months in 1u16..1_000) {
            let due = reference(from, months);
            prop_assert_eq!(months_since(from, due - 1), months - 1);
            prop_assert_eq!(months_since(from, due), months);
        }

        #[test]
        fn more_months_are_later(from in 0..LATEST, months in 0u16..u16::MAX) {
            prop_assert!(add_months(from, months) < add_months(from, months + 1));
        }
    }
}
