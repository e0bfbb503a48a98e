//! Amounts as people read and write them.

use amanah_interfaces::Balance;

/// Rupiah, with dots between the thousands: `Rp 1.250.000`.
pub fn rupiah(amount: Balance) -> String {
    format!("Rp {}", grouped(amount, '.'))
}

/// A number with a separator between the thousands.
pub fn grouped(number: u128, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (amount, text) in [
            (0, "Rp 0"),
            (999, "Rp 999"),
            (1_000, "Rp 1.000"),
            (300_000, "Rp 300.000"),
            (u128::from(u64::MAX), "Rp 18.446.744.073.709.551.615"),
        ] {
            assert_eq!(rupiah(amount), text);
        }
    }
}
