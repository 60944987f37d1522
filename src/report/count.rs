//! A number of things in words.
//!
//! In: a number and an English noun that takes *s*. Out: both, as `2 words`. Start at [`count`].

/// `1 word`, `2 words`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!([count(0, "word"), count(1, "word"), count(2, "word")], ["0 words", "1 word", "2 words"]);
    }
}
