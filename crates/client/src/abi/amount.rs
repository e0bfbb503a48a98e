//! Amounts in units of the money: `12.50`.

use amanah_domain::money::Balance;

/// The number of smallest units; `None` unless it is digits, perhaps with `_` between them, a point and at most `decimals`
/// more, and below 2^64 smallest units.
pub(super) fn read(text: &str, decimals: u8) -> Option<Balance> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = whole.replace('_', "");
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !whole.starts_with(|letter: char| letter.is_ascii_digit()) || whole.ends_with('_') || !is_digits(&digits) {
        return None;
    }
    let width = usize::from(decimals);
    let fraction = match fraction {
        Some(fraction) if is_digits(fraction) && fraction.len() <= width => fraction,
        Some(_) => return None,
        None => "",
    };
    format!("{digits}{fraction:0<width$}").parse::<u64>().ok().map(Balance::from)
}

/// The amount with all its decimals.
pub(super) fn write(units: Balance, decimals: u8) -> String {
    if decimals == 0 {
        return units.to_string();
    }
    let width = usize::from(decimals);
    let digits = format!("{units:0>least$}", least = width.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(width));
    format!("{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_in_units_of_the_money() {
        for (text, decimals, units) in [
            ("12.50", 2, 1_250),
            ("12.5", 2, 1_250),
            ("12", 2, 1_200),
            ("0.07", 2, 7),
            ("1_000_000", 0, 1_000_000),
            ("18446744073709551615", 0, u128::from(u64::MAX)),
            ("184467440737095516.15", 2, u128::from(u64::MAX)),
            ("0", 38, 0),
        ] {
            assert_eq!(read(text, decimals), Some(units), "{text}");
            assert_eq!(read(&write(units, decimals), decimals), Some(units), "{text}");
        }
        assert_eq!(write(1_250, 2), "12.50");
        assert_eq!(write(7, 2), "0.07");
        assert_eq!(write(7, 0), "7");
    }

    #[test]
    fn signs_surplus_decimals_and_two_to_the_sixty_four_are_refused() {
        for text in [
            "",
            "-1",
            "+1",
            "1.234",
            "1.",
            ".5",
            "1e3",
            "_1",
            "1_",
            "1,5",
            "12.5_0",
            "0x10",
            "1 000",
            "184467440737095516.16",
            "18446744073709551616",
            "١",
        ] {
            assert_eq!(read(text, 2), None, "{text}");
        }
        assert_eq!(read("1.0", 0), None);
    }
}
