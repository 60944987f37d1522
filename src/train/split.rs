//! Which fold a group is held out in.
//!
//! In: groups (articles, contrast families). Out: a fold for each, the same on every machine and in
//! every order of the data. Start at [`folds`]; [`training_folds`] splits what one of them left.

use std::collections::BTreeSet;

use crate::error::{Error, Result};

/// The fold of a group, in `0..folds`: the CRC-32 (IEEE 802.3) of its UTF-8 bytes, modulo `folds`.
/// Records of one group are never split. Fewer than two folds are one fold, 0.
#[must_use]
pub fn fold(group: &str, folds: u32) -> u32 {
    crc32fast::hash(group.as_bytes()) % folds.max(1)
}

/// The fold of every record, given the records' groups in order.
///
/// # Errors
/// [`Error::Settings`] if there are fewer than two folds; [`Error::Data`] if there are fewer groups
/// than folds, or a fold that no group falls in.
pub fn folds<'a>(groups: impl IntoIterator<Item = &'a str>, folds: u32) -> Result<Vec<u32>> {
    if folds < 2 {
        return Err(Error::Settings {
            setting: "folds".into(),
            found: folds.to_string(),
            expected: "2 or more".into(),
        });
    }
    let groups: Vec<&str> = groups.into_iter().collect();
    let distinct: BTreeSet<&str> = groups.iter().copied().collect();
    let filled: BTreeSet<u32> = distinct.iter().map(|group| fold(group, folds)).collect();
    let refuse = |found: String| Error::Data {
        what: "split".into(),
        found,
        expected: format!("groups in each of {folds} folds"),
        cure: "add records of other groups (articles), or lower the number of folds".into(),
    };
    if distinct.len() < folds as usize {
        return Err(refuse(format!("{} groups for {folds} folds", distinct.len())));
    }
    if let Some(empty) = (0..folds).find(|fold| !filled.contains(fold)) {
        return Err(refuse(format!("no group in fold {empty}, out of {} groups", distinct.len())));
    }
    Ok(groups.into_iter().map(|group| fold(group, folds)).collect())
}

/// The fold of every record inside training: the next digit of the CRC-32 in base `folds`, or the first
/// after it that fills every fold. What a cross-validation leaves for training lacks the very groups of
/// one fold, so the digit that [`folds`] takes cannot split it again.
///
/// # Errors
/// [`Error::Settings`] if there are fewer than two folds; [`Error::Data`] if there are fewer groups
/// than folds, or no digit fills every fold.
pub fn training_folds<'a>(groups: impl IntoIterator<Item = &'a str>, folds_asked: u32) -> Result<Vec<u32>> {
    let groups: Vec<&str> = groups.into_iter().collect();
    let mut divisor = folds_asked.max(2);
    loop {
        let digits: Vec<u32> =
            groups.iter().map(|group| crc32fast::hash(group.as_bytes()) / divisor % folds_asked.max(1)).collect();
        if folds_asked >= 2 && digits.iter().collect::<BTreeSet<_>>().len() == folds_asked as usize {
            return Ok(digits);
        }
        divisor = match divisor.checked_mul(folds_asked.max(2)) {
            Some(next) => next,
            // No other digit will do: the last one's word is final.
            None => return folds(groups, folds_asked),
        };
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn folds_agree_with_the_ieee_crc_of_other_programs() {
        assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
        let known = [("", 0, 0), ("ceasefire-01", 4, 9), ("strike-03", 2, 7), ("ar-war-01", 0, 5), ("عائلة", 0, 0)];
        for (group, five, ten) in known {
            assert_eq!((fold(group, 5), fold(group, 10)), (five, ten), "{group}");
        }
    }

    #[test]
    fn no_folds_are_one_fold() {
        assert_eq!((fold("a", 0), fold("a", 1)), (0, 0));
    }

    #[test]
    fn records_of_one_group_share_a_fold() {
        let groups: Vec<String> = (0..200).map(|n| format!("g{}", n / 2)).collect();
        let assigned = folds(groups.iter().map(String::as_str), 5).unwrap();
        assert!(assigned.chunks(2).all(|pair| pair[0] == pair[1]));
        assert_eq!(assigned.iter().collect::<BTreeSet<_>>().len(), 5);
    }

    #[test]
    fn fewer_groups_than_folds_are_refused() {
        assert!(folds(["a", "b", "a", "b", "a"], 5).unwrap_err().to_string().contains("2 groups for 5 folds"));
    }

    #[test]
    fn a_fold_that_no_group_falls_in_is_refused() {
        let same: Vec<String> = (0..).map(|n| format!("g{n}")).filter(|group| fold(group, 2) == 0).take(3).collect();
        let error = folds(same.iter().map(String::as_str), 2).unwrap_err();
        assert!(error.to_string().contains("no group in fold 1"), "{error}");
    }

    #[test]
    fn what_a_fold_was_held_out_of_can_be_split_into_as_many_folds() {
        let groups: Vec<String> = (0..60).map(|n| format!("g{n}")).collect();
        let all = || groups.iter().map(String::as_str);
        for held in 0..3 {
            let part: Vec<&str> = all().filter(|group| fold(group, 3) != held).collect();
            assert!(folds(part.iter().copied(), 3).is_err());
            let assigned = training_folds(part.iter().copied(), 3).unwrap();
            assert_eq!(assigned.iter().collect::<BTreeSet<_>>().len(), 3);
        }
        assert!(training_folds(["a", "b"], 3).unwrap_err().to_string().contains("2 groups for 3 folds"));
    }

    #[test]
    fn a_split_needs_two_folds() {
        assert!(matches!(folds(["a"], 1), Err(Error::Settings { .. })));
    }
}
