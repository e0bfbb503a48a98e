//! Amounts as people read and write them.

use amanah_interfaces::Balance;

/// How amounts of a money are written.
pub struct Currency {
    /// What it is called.
    pub name: &'static str,
    sign: &'static str,
    separator: char,
}

/// Whole rupiah.
pub const RUPIAH: Currency = Currency { name: "rupiah", sign: "Rp ", separator: '.' };
/// Whole Hong Kong dollars.
pub const HONG_KONG_DOLLARS: Currency = Currency { name: "Hong Kong dollars", sign: "HK$", separator: ',' };

/// Whole units of account, for what is told of no country.
pub const UNITS: Currency = Currency { name: "units of account", sign: "", separator: ',' };

impl Currency {
    /// An amount with the money's sign.
    pub fn text(&self, amount: Balance) -> String {
        format!("{}{}", self.sign, self.digits(amount))
    }

    /// An amount without the sign, for tables.
    pub fn digits(&self, amount: Balance) -> String {
        grouped(amount, self.separator)
    }
}

/// Rupiah, with dots between the thousands: `Rp 1.250.000`.
pub fn rupiah(amount: Balance) -> String {
    RUPIAH.text(amount)
}

/// Hong Kong dollars, with commas between the thousands: `HK$5,000`.
pub fn hong_kong_dollars(amount: Balance) -> String {
    HONG_KONG_DOLLARS.text(amount)
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
        for (amount, text) in [(0, "HK$0"), (500, "HK$500"), (5_000, "HK$5,000"), (1_250_000, "HK$1,250,000")] {
            assert_eq!(hong_kong_dollars(amount), text);
        }
    }
}
