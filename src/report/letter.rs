//! The letter by which a comparison names an outlet.
//!
//! In: the number of an outlet, from 0. Out: `A` to `Z`, then `AA` and on. Start at [`letter`].

/// The letter of an outlet; of those behind the twenty-sixth two or more.
pub(super) fn letter(outlet: usize) -> String {
    let last = char::from(b'A' + (outlet % 26) as u8);
    let before = (outlet / 26).checked_sub(1).map(letter).unwrap_or_default();
    format!("{before}{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlet_has_a_letter_and_after_them_two() {
        assert_eq!([letter(0), letter(25), letter(26), letter(49), letter(702)], ["A", "Z", "AA", "AX", "AAA"]);
        assert!(!letter(usize::MAX).is_empty());
    }
}
