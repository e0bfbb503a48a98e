//! What the service is asked to have confirmed, and by whom.

use crate::error::Error;
use amanah_domain::{
    ids::{Account, RedemptionId, VoucherId},
    money::{Amount, Balance},
    time::{is_before, is_plausible, Millis},
};
use scale::{Decode, Encode};
use std::fmt;

/// The longest shop name, in characters: with it the message still fits in one SMS.
pub const MOST_SHOP_NAME: usize = 40;
/// The longest amount text, in characters.
pub const MOST_AMOUNT_TEXT: usize = 24;

/// A redemption as it stands on chain, in a final block, and whom to ask.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Request {
    /// The voucher; not 0.
    pub voucher: VoucherId,
    /// The redemption; not 0.
    pub redemption: RedemptionId,
    /// The account that the shop requested it from.
    pub shop: Account,
    /// The shop's name as the holder knows it; 1 to [`MOST_SHOP_NAME`] characters in one line.
    pub shop_name: String,
    /// How much is spent (smallest units); not 0. This is what is signed.
    pub amount: Amount,
    /// The amount as the holder reads it, such as `Rp 50.000`; 1 to [`MOST_AMOUNT_TEXT`] characters. Its digits, read
    /// without separators and leading zeros, must be those of `amount`, so that nobody agrees to one amount and has
    /// another signed. A currency with cents shows them: 5,000 smallest units are `50,00`.
    pub amount_text: String,
    /// When the redemption ends on chain (milliseconds).
    pub expires: Millis,
    /// The holder's phone.
    pub phone: PhoneNumber,
}

/// A phone number in international form, such as `+6281234567890`. It is personal data, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct PhoneNumber(String);

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The number of something is 0, which never names anything.
    #[error("the {what}'s number is 0")]
    NoNumber {
        /// Of what.
        what: &'static str,
    },
    /// The amount is 0.
    #[error("the amount is 0")]
    NothingToPay,
    /// A text is empty or blank.
    #[error("the {what} is empty")]
    Empty {
        /// Which text.
        what: &'static str,
    },
    /// A text is too long.
    #[error("the {what} has {length} characters, {most} are allowed")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// How long it is, in characters.
        length: usize,
        /// How long it may be.
        most: usize,
    },
    /// A text has a character that could make the message look like another one.
    #[error("the {what} has a forbidden character at {at}")]
    ForbiddenCharacter {
        /// Which text.
        what: &'static str,
        /// Where, counted in characters from 0.
        at: usize,
    },
    /// The holder would read another amount than the one that is signed.
    #[error("the amount's text does not show the amount {amount}")]
    AmountTextDiffers {
        /// The amount (smallest units).
        amount: Balance,
    },
    /// A phone number is a plus sign and 8 to 15 digits, of which the first is not 0.
    #[error("a phone number is '+' and 8 to 15 digits, not beginning with 0")]
    NoPhoneNumber,
}

impl Request {
    /// Can this be taken at `now` (milliseconds)?
    pub(crate) fn check(&self, now: Millis) -> Result<(), Error> {
        self.check_facts()?;
        for at in [now, self.expires] {
            must_be_plausible(at)?;
        }
        if !is_before(now, self.expires) {
            return Err(Error::TimeOver { redemption: self.redemption, ended: self.expires });
        }
        Ok(())
    }

    fn check_facts(&self) -> Result<(), RequestError> {
        for (what, number) in [("voucher", self.voucher), ("redemption", self.redemption)] {
            if number == 0 {
                return Err(RequestError::NoNumber { what });
            }
        }
        if self.amount.is_zero() {
            return Err(RequestError::NothingToPay);
        }
        must_be_readable("shop's name", &self.shop_name, MOST_SHOP_NAME)?;
        must_be_readable("amount's text", &self.amount_text, MOST_AMOUNT_TEXT)?;
        let amount = self.amount.balance();
        let digits: String = self.amount_text.chars().filter(|c| c.is_numeric()).collect();
        if digits.trim_start_matches('0') != amount.to_string() {
            return Err(RequestError::AmountTextDiffers { amount });
        }
        Ok(())
    }
}

impl PhoneNumber {
    /// A number from its international form: `+`, then 8 to 15 digits, the first not 0, no spaces.
    ///
    /// # Errors
    /// `NoPhoneNumber`.
    pub fn new(number: &str) -> Result<Self, RequestError> {
        let digits = number.strip_prefix('+').ok_or(RequestError::NoPhoneNumber)?;
        let plausible = (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        plausible.then(|| Self(number.to_owned())).ok_or(RequestError::NoPhoneNumber)
    }

    /// The number, with its plus sign.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(hidden)")
    }
}

/// Refuses seconds and microseconds taken for milliseconds: with seconds no code would ever run out.
pub(crate) fn must_be_plausible(at: Millis) -> Result<(), Error> {
    is_plausible(at).then_some(()).ok_or(Error::ImplausibleTime { at })
}

/// One line, not blank, at most `most` characters, nothing that turns or hides what stands beside it.
fn must_be_readable(what: &'static str, text: &str, most: usize) -> Result<(), RequestError> {
    if text.trim().is_empty() {
        return Err(RequestError::Empty { what });
    }
    let length = text.chars().count();
    if length > most {
        return Err(RequestError::TooLong { what, length, most });
    }
    match text.chars().position(|c| c.is_control() || is_invisible(c)) {
        Some(at) => Err(RequestError::ForbiddenCharacter { what, at }),
        None => Ok(()),
    }
}

/// Zero-width characters, line and paragraph separators, marks that change the direction of writing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_800_000_000_000;

    fn request() -> Request {
        Request {
            voucher: 11,
            redemption: 33,
            shop: [0x22; 32],
            shop_name: "Warung Sari".to_owned(),
            amount: Amount::new(50_000),
            amount_text: "Rp 50.000".to_owned(),
            expires: NOW + 600_000,
            phone: PhoneNumber::new("+6281234567890").unwrap(),
        }
    }

    fn named(shop_name: &str) -> Result<(), Error> {
        Request { shop_name: shop_name.to_owned(), ..request() }.check(NOW)
    }

    fn shown(units: u64, text: &str) -> Result<(), Error> {
        Request { amount: Amount::new(units), amount_text: text.to_owned(), ..request() }.check(NOW)
    }

    fn differs(units: u64) -> Result<(), Error> {
        Err(RequestError::AmountTextDiffers { amount: units.into() }.into())
    }

    #[test]
    fn a_request_names_a_voucher_a_redemption_and_money() {
        let no = |what| Err(Error::Request(RequestError::NoNumber { what }));
        assert_eq!(request().check(NOW), Ok(()));
        assert_eq!(Request { voucher: 0, ..request() }.check(NOW), no("voucher"));
        assert_eq!(Request { redemption: 0, ..request() }.check(NOW), no("redemption"));
        assert_eq!(shown(0, "Rp 0"), Err(RequestError::NothingToPay.into()));
    }

    #[test]
    fn the_amount_that_the_holder_reads_is_the_one_that_is_signed() {
        assert_eq!(shown(50_000, "Rp 50.000"), Ok(()));
        assert_eq!(shown(50_000, "50 000 IDR"), Ok(()));
        assert_eq!(shown(5, "HK$ 0.05"), Ok(()));
        assert_eq!(shown(u64::MAX, "18446744073709551615"), Ok(()));
        for text in
            ["Rp 5.000", "Rp 500.000", "Rp 50.001", "Rp 50,000.00", "Rp fifty thousand", "Rp ٥٠.٠٠٠", "2 x Rp 50.000"]
        {
            assert_eq!(shown(50_000, text), differs(50_000), "{text}");
        }
    }

    #[test]
    fn texts_are_neither_blank_nor_too_long() {
        let what = "shop's name";
        assert_eq!(named(&"é".repeat(40)), Ok(()));
        assert_eq!(named(&"é".repeat(41)), Err(RequestError::TooLong { what, length: 41, most: 40 }.into()));
        assert_eq!(named(""), Err(RequestError::Empty { what }.into()));
        assert_eq!(named("  "), Err(RequestError::Empty { what }.into()));
        let what = "amount's text";
        assert_eq!(shown(1, &format!("{:>24}", 1)), Ok(()));
        assert_eq!(shown(1, &format!("{:>25}", 1)), Err(RequestError::TooLong { what, length: 25, most: 24 }.into()));
        assert_eq!(shown(1, ""), Err(RequestError::Empty { what }.into()));
    }

    #[test]
    fn a_shop_cannot_name_itself_so_that_the_message_looks_like_another() {
        for (name, at) in
            [("Sari\nBank", 4), ("\tSari", 0), ("Sari\u{202e}", 4), ("S\u{200b}ari", 1), ("Sa\u{2066}ri", 2)]
        {
            let what = "shop's name";
            assert_eq!(named(name), Err(RequestError::ForbiddenCharacter { what, at }.into()), "{name:?}");
        }
    }

    #[test]
    fn a_request_is_taken_until_just_before_the_redemption_ends() {
        let ended = request().expires;
        assert_eq!(request().check(ended - 1), Ok(()));
        assert_eq!(request().check(ended), Err(Error::TimeOver { redemption: 33, ended }));
        assert_eq!(request().check(ended + 1), Err(Error::TimeOver { redemption: 33, ended }));
    }

    #[test]
    fn seconds_are_not_taken_for_milliseconds() {
        let at = NOW / 1_000;
        assert_eq!(request().check(at), Err(Error::ImplausibleTime { at }));
        assert_eq!(Request { expires: at, ..request() }.check(NOW), Err(Error::ImplausibleTime { at }));
    }

    #[test]
    fn a_phone_number_is_in_international_form() {
        for number in ["+12345678", "+123456789012345", "+6281234567890"] {
            assert_eq!(PhoneNumber::new(number).unwrap().as_str(), number);
        }
        for number in
            ["", "+", "081234567890", "+1234567", "+1234567890123456", "+0123456789", "+62 812345678", "+62812345678a"]
        {
            assert_eq!(PhoneNumber::new(number), Err(RequestError::NoPhoneNumber), "{number:?}");
        }
    }
}
