//! The one-time code: six digits, drawn uniformly, compared in constant time.

use crate::error::Error;
use scale::{Decode, Encode};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many digits a code has.
const DIGITS: usize = 6;
/// How many codes there are.
const CODES: u32 = 1_000_000;
/// The largest multiple of [`CODES`] that fits in 32 bits: draws from here on would favour small codes.
const UNBIASED: u32 = 4_294_000_000;

/// Six ASCII digits.
#[derive(Clone, Encode, Decode, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Code([u8; DIGITS]);

impl Code {
    /// A fresh code from the operating system's random source.
    pub fn draw() -> Result<Self, Error> {
        Self::from_draws(|| {
            let mut bytes = [0; 4];
            fill(&mut bytes)?;
            Ok(u32::from_le_bytes(bytes))
        })
    }

    /// The code of the first draw that does not favour any.
    fn from_draws(mut draw: impl FnMut() -> Result<u32, Error>) -> Result<Self, Error> {
        loop {
            let drawn = draw()?;
            if drawn < UNBIASED {
                return Ok(Self::numbered(drawn % CODES));
            }
        }
    }

    /// The code with this number, 0 to 999,999.
    fn numbered(mut number: u32) -> Self {
        let mut digits = [b'0'; DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit = (number % 10).try_into().map_or(b'0', |value: u8| b'0'.saturating_add(value));
            number /= 10;
        }
        Self(digits)
    }

    /// What somebody typed; `None` unless it is exactly six ASCII digits.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: [u8; DIGITS] = typed.as_bytes().try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    /// The six digits, for the holder's eyes.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Takes the same time wherever two codes differ.
impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Code {}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(hidden)")
    }
}

/// Fills `bytes` from the operating system's random source.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|error| Error::NoRandomness { os_error: error.raw_os_error() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(draws: &[u32]) -> (String, usize) {
        let mut left = draws.iter();
        let code = Code::from_draws(|| Ok(*left.next().expect("no draw is left"))).unwrap();
        (code.reveal().to_owned(), left.len())
    }

    #[test]
    fn a_code_has_six_digits_with_leading_zeros() {
        assert_eq!(drawn(&[0]).0, "000000");
        assert_eq!(drawn(&[7]).0, "000007");
        assert_eq!(drawn(&[120_034]).0, "120034");
        assert_eq!(drawn(&[999_999]).0, "999999");
        assert_eq!(drawn(&[1_000_000]).0, "000000");
    }

    #[test]
    fn draws_that_would_favour_small_codes_are_drawn_again() {
        assert_eq!(drawn(&[UNBIASED - 1, 5]), ("999999".to_owned(), 1));
        assert_eq!(drawn(&[UNBIASED, u32::MAX, 5]), ("000005".to_owned(), 0));
        assert_eq!(UNBIASED, u32::MAX / CODES * CODES, "as many whole rounds of codes as fit");
    }

    #[test]
    fn a_random_source_that_fails_makes_no_code() {
        let failed = Err(Error::NoRandomness { os_error: Some(5) });
        assert_eq!(Code::from_draws(|| Err(Error::NoRandomness { os_error: Some(5) })), failed);
    }

    /// Of 20,000 codes each digit is expected 2,000 times at each place, with a standard deviation of 42: 600 away is
    /// fourteen deviations.
    #[test]
    fn every_digit_is_about_equally_frequent_at_every_place() {
        let mut counts = [[0_u32; 10]; DIGITS];
        for _ in 0..20_000 {
            let code = Code::draw().unwrap();
            for (place, digit) in code.reveal().bytes().enumerate() {
                counts[place][usize::from(digit - b'0')] += 1;
            }
        }
        for (place, counts) in counts.iter().enumerate() {
            for (digit, count) in counts.iter().enumerate() {
                assert!((1_400..=2_600).contains(count), "digit {digit} came {count} times at place {place}");
            }
        }
    }

    #[test]
    fn only_six_ascii_digits_are_a_code() {
        assert_eq!(Code::parse("012345").unwrap().reveal(), "012345");
        for typed in
            ["", "12345", "1234567", "12345a", " 12345", "12345 ", "+12345", "-12345", "１２３", "12 456", "1234\n6"]
        {
            assert_eq!(Code::parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn two_codes_are_the_same_only_if_all_six_digits_are() {
        let code = Code::parse("123456").unwrap();
        assert_eq!(code, Code::parse("123456").unwrap());
        for other in ["023456", "103456", "120456", "123056", "123406", "123450"] {
            assert_ne!(code, Code::parse(other).unwrap(), "{other}");
        }
    }

    #[test]
    fn debugging_output_hides_the_code() {
        assert_eq!(format!("{:?}", Code::parse("123456").unwrap()), "Code(hidden)");
    }
}
