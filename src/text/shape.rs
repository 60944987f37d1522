//! What a word looks like, apart from which word it is.
//!
//! In: the original slice of a token. Out: a [`TokenShape`]. Start at [`TokenShape::of`].

use super::word::url_length;

/// A set of flags about a token's outward form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TokenShape(u8);

impl TokenShape {
    const CAPITALISED: u8 = 1;
    const ALL_CAPS: u8 = 1 << 1;
    const DIGIT: u8 = 1 << 2;
    const PUNCTUATION: u8 = 1 << 3;
    const URL: u8 = 1 << 4;
    const PROCLITIC: u8 = 1 << 5;

    /// The shape of a token, given as it stands in the text.
    #[must_use]
    pub fn of(token: &str) -> Self {
        let (mut upper, mut lower, mut word, mut digit) = (0_usize, 0_usize, false, false);
        let mut first_letter_is_upper = None;
        for c in token.chars() {
            upper += usize::from(c.is_uppercase());
            lower += usize::from(c.is_lowercase());
            word |= c.is_alphanumeric();
            digit |= c.is_numeric();
            if c.is_alphabetic() {
                first_letter_is_upper.get_or_insert(c.is_uppercase());
            }
        }
        let flags = [
            (Self::CAPITALISED, first_letter_is_upper == Some(true)),
            (Self::ALL_CAPS, upper >= 2 && lower == 0),
            (Self::DIGIT, digit),
            (Self::PUNCTUATION, !word),
            (Self::URL, url_length(token).is_some()),
        ];
        Self(flags.iter().filter(|(_, set)| *set).fold(0, |all, (flag, _)| all | flag))
    }

    const fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    /// The shape of a proclitic, given as it stands in the text.
    #[must_use]
    pub fn of_proclitic(token: &str) -> Self {
        Self(Self::of(token).0 | Self::PROCLITIC)
    }

    /// It is no word of its own but written as one with the next (Arabic *و* in *وقال*).
    #[must_use]
    pub const fn is_proclitic(self) -> bool {
        self.has(Self::PROCLITIC)
    }

    /// The first letter is upper-case (`#Gaza` too).
    #[must_use]
    pub const fn is_capitalised(self) -> bool {
        self.has(Self::CAPITALISED)
    }

    /// Two upper-case letters or more, and no lower-case one (`US`, `U.S.`).
    #[must_use]
    pub const fn is_all_caps(self) -> bool {
        self.has(Self::ALL_CAPS)
    }

    /// There is a digit of any script in it.
    #[must_use]
    pub const fn has_digit(self) -> bool {
        self.has(Self::DIGIT)
    }

    /// There is neither letter nor digit in it: punctuation, a currency sign, an emoji.
    #[must_use]
    pub const fn is_punctuation(self) -> bool {
        self.has(Self::PUNCTUATION)
    }

    /// It is a web address.
    #[must_use]
    pub const fn is_url(self) -> bool {
        self.has(Self::URL)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn shapes_say_what_a_token_looks_like() {
        assert!(TokenShape::of("Gaza").is_capitalised() && !TokenShape::of("Gaza").is_all_caps());
        assert!(TokenShape::of("U.S.").is_all_caps() && TokenShape::of("U.S.").is_capitalised());
        assert!(!TokenShape::of("A").is_all_caps());
        assert!(TokenShape::of("#Gaza").is_capitalised());
        assert!(!TokenShape::of("iPhone").is_capitalised());
        assert!(TokenShape::of("G20").has_digit() && TokenShape::of("٣").has_digit());
        assert!(TokenShape::of("—").is_punctuation() && TokenShape::of("🔥").is_punctuation());
        assert!(TokenShape::of("https://example.com/a").is_url());
        assert_eq!(TokenShape::of("غزة"), TokenShape::default());
    }
}
