//! The English possessive ending, which a name may carry and is no part of it.
//!
//! In: a word or phrase. Out: it without the ending. Start at [`without_possessive`].

/// A phrase without its possessive ending: *Peru* of *Peru's*.
#[must_use]
pub fn without_possessive(phrase: &str) -> &str {
    phrase.strip_suffix("'s").or_else(|| phrase.strip_suffix("’s")).unwrap_or(phrase)
}

/// Whether a phrase has the possessive ending.
#[must_use]
pub fn is_possessive(phrase: &str) -> bool {
    without_possessive(phrase).len() < phrase.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_goes_with_either_apostrophe_and_a_plural_stays() {
        for (phrase, bare) in [("Peru's", "Peru"), ("Peru’s", "Peru"), ("the ministers", "the ministers")] {
            assert_eq!(without_possessive(phrase), bare);
            assert_eq!(is_possessive(phrase), phrase != bare);
        }
    }
}
