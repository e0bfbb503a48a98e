//! Amounts as holders read them.

use crate::money::grouped;
use amanah_interfaces::Balance;

/// The most characters before an amount.
const MOST_CURRENCY: usize = 8;

/// What may stand before an amount: the digits of the message must be those of the amount, and of nothing else.
///
/// # Errors
/// A sentence.
pub fn currency(text: &str) -> Result<String, String> {
    let text = text.trim();
    let plain = |letter: char| !letter.is_numeric() && !letter.is_control();
    match (1..=MOST_CURRENCY).contains(&text.chars().count()) && text.chars().all(plain) {
        true => Ok(text.to_owned()),
        false => Err(format!("it must be 1 to {MOST_CURRENCY} characters without digits, such as Rp or HK$")),
    }
}

/// An amount of smallest units, with all its decimals: `HK$ 1,250.00`.
pub fn text(amount: Balance, decimals: u8, currency: &str) -> String {
    let width = usize::from(decimals);
    let digits = format!("{amount:0>least$}", least = width.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(width));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), |whole| grouped(whole, ','));
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{currency} {whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_attestor::MOST_AMOUNT_TEXT;

    #[test]
    fn amounts_have_thousands_and_all_their_decimals() {
        for (amount, decimals, shown) in [
            (50_000, 0, "Rp 50,000"),
            (5, 2, "Rp 0.05"),
            (125_000, 2, "Rp 1,250.00"),
            (999, 0, "Rp 999"),
            (1, 12, "Rp 0.000000000001"),
        ] {
            assert_eq!(text(amount, decimals, "Rp"), shown);
        }
    }

    #[test]
    fn a_large_amount_and_the_longest_currency_fit_into_the_message() {
        let longest = text(99_999_999_999, 2, &"x".repeat(MOST_CURRENCY));
        assert!(longest.chars().count() <= MOST_AMOUNT_TEXT, "{longest}");
    }

    #[test]
    fn a_currency_has_no_digits_and_is_short() {
        assert_eq!(currency(" HK$ "), Ok("HK$".to_owned()));
        for wrong in ["", "  ", "1 Rp", "Rp٢", "R\np", "rupiahs 9", "ninechars"] {
            assert!(currency(wrong).is_err(), "{wrong:?}");
        }
    }
}
