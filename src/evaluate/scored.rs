//! What one head said about labelled rows.
//!
//! In: [`Rows`], as the scoring of a labelled file gives them. Out: [`Scored`], the same rows once
//! every length, range and number has been checked; every measure of this layer takes that. Start
//! at [`Scored::new`].

use std::collections::BTreeSet;

use crate::error::{Error, Result};

/// By how much a row of probabilities may miss the sum of 1.
const SUM_TOLERANCE: f64 = 1e-3;

/// Labelled rows of one head, not yet checked; `n` rows and `k` classes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// The head's name, such as `bias`.
    pub head: String,
    /// The `k` classes, at least two, all different, in the order of the probability columns. A head
    /// with exactly two classes is binary, and its **last** class is the positive one.
    pub classes: Vec<String>,
    /// For each row the article or family it comes from; rows of one group are resampled together.
    pub groups: Vec<u64>,
    /// For each row the index of its labelled class, `0..k`.
    pub gold: Vec<usize>,
    /// `n × k` probabilities, row by row; each in `0..=1`, each row summing to 1 within 0.001.
    pub probabilities: Vec<f64>,
    /// For each row the index of the class that the head decided on (after its threshold), `0..k`.
    pub predicted: Vec<usize>,
    /// For each row whether the head commits itself; `false` where it abstains.
    pub certain: Vec<bool>,
}

/// Labelled rows of one head, checked: all lengths agree, all indices and probabilities are in range.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    rows: Rows,
    /// For each row the rank of its group among the group ids, so that row order has no influence.
    group_ranks: Vec<u32>,
    group_count: usize,
}

impl Scored {
    /// Checks the rows.
    ///
    /// # Errors
    /// [`Error::Data`] for no rows, fewer than two classes or one named twice, columns of different
    /// lengths, a class index out of range, a probability that is not a number in `0..=1`, or a row of
    /// probabilities that does not sum to 1 within 0.001.
    pub fn new(rows: Rows) -> Result<Self> {
        check_shape(&rows)?;
        check_indices(&rows)?;
        check_probabilities(&rows)?;
        let ids: Vec<u64> = rows.groups.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let group_ranks = rows.groups.iter().map(|id| ids.partition_point(|known| known < id) as u32).collect();
        Ok(Self { rows, group_ranks, group_count: ids.len() })
    }

    /// The head's name.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.rows.head
    }

    /// The classes, in the order of the probability columns.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.rows.classes
    }

    /// Whether there are exactly two classes; the positive one is then the last.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.rows.classes.len() == 2
    }

    /// How many rows there are; at least one.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.rows.gold.len()
    }

    /// How many different groups there are; at least one.
    #[must_use]
    pub fn group_count(&self) -> usize {
        self.group_count
    }

    /// For each row the group id that was given.
    #[must_use]
    pub fn groups(&self) -> &[u64] {
        &self.rows.groups
    }

    /// For each row its labelled class.
    #[must_use]
    pub fn gold(&self) -> &[usize] {
        &self.rows.gold
    }

    /// For each row the class that the head decided on.
    #[must_use]
    pub fn predicted(&self) -> &[usize] {
        &self.rows.predicted
    }

    /// For each row whether the head commits itself.
    #[must_use]
    pub fn certain(&self) -> &[bool] {
        &self.rows.certain
    }

    /// One row's probabilities, one a class. `row` is below [`Scored::len`].
    #[must_use]
    pub fn probabilities(&self, row: usize) -> &[f64] {
        let k = self.rows.classes.len();
        &self.rows.probabilities[row * k..(row + 1) * k]
    }

    /// For each row its group as a number in `0..group_count`.
    pub(super) fn group_ranks(&self) -> &[u32] {
        &self.group_ranks
    }

    /// Every row counted once.
    pub(super) fn ones(&self) -> Vec<u32> {
        vec![1; self.len()]
    }
}

fn check_shape(rows: &Rows) -> Result<()> {
    let (n, k) = (rows.gold.len(), rows.classes.len());
    if k < 2 {
        return Err(refuse(
            rows,
            format!("{k} classes"),
            "at least two classes",
            "give the head every label it can take",
        ));
    }
    if let Some(twice) = (1..k).find(|&i| rows.classes[..i].contains(&rows.classes[i])) {
        let found = format!("the class `{}` twice", rows.classes[twice]);
        return Err(refuse(rows, found, "classes that are all different", "name each class once"));
    }
    if n == 0 {
        return Err(refuse(rows, "no labelled rows".into(), "at least one", "give a file with labels for this head"));
    }
    let lengths = [
        ("groups", rows.groups.len(), n),
        ("probabilities", rows.probabilities.len(), n.saturating_mul(k)),
        ("predicted", rows.predicted.len(), n),
        ("certain", rows.certain.len(), n),
    ];
    for (column, found, expected) in lengths {
        if found != expected {
            return Err(refuse(
                rows,
                format!("{found} values in `{column}`"),
                &format!("{expected}, for {n} rows and {k} classes"),
                "score and label the same rows",
            ));
        }
    }
    if u32::try_from(n).is_err() {
        return Err(refuse(rows, format!("{n} rows"), "fewer than 2^32", "evaluate on a sample"));
    }
    Ok(())
}

fn check_indices(rows: &Rows) -> Result<()> {
    let k = rows.classes.len();
    for (column, indices) in [("gold", &rows.gold), ("predicted", &rows.predicted)] {
        if let Some(row) = indices.iter().position(|&class| class >= k) {
            return Err(refuse(
                rows,
                format!("class number {} in `{column}` of row {row}", indices[row]),
                &format!("a number from 0 to {}", k - 1),
                "label with the head's own classes",
            ));
        }
    }
    Ok(())
}

fn check_probabilities(rows: &Rows) -> Result<()> {
    for (row, probabilities) in rows.probabilities.chunks_exact(rows.classes.len()).enumerate() {
        for (class, p) in rows.classes.iter().zip(probabilities) {
            if !(0.0..=1.0).contains(p) {
                return Err(refuse(
                    rows,
                    format!("the probability {p} of `{class}` in row {row}"),
                    "a number from 0 to 1",
                    "check the bundle with `parallax models`; its weights or calibration give no probabilities",
                ));
            }
        }
        let sum: f64 = probabilities.iter().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            return Err(refuse(
                rows,
                format!("probabilities that sum to {sum} in row {row}"),
                "a sum of 1",
                "normalize the row after calibration",
            ));
        }
    }
    Ok(())
}

fn refuse(rows: &Rows, found: String, expected: &str, cure: &str) -> Error {
    Error::Data { what: rows.head.clone(), found, expected: expected.into(), cure: cure.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        Rows {
            head: "bias".into(),
            classes: vec!["neutral".into(), "biased".into()],
            groups: vec![900, 7, 900],
            gold: vec![0, 1, 1],
            probabilities: vec![0.9, 0.1, 0.2, 0.8, 0.6, 0.4],
            predicted: vec![0, 1, 0],
            certain: vec![true, true, false],
        }
    }

    fn refusal(change: impl FnOnce(&mut Rows)) -> String {
        let mut rows = rows();
        change(&mut rows);
        Scored::new(rows).unwrap_err().to_string()
    }

    #[test]
    fn good_rows_are_taken_and_groups_are_ranked_by_id() {
        let scored = Scored::new(rows()).unwrap();
        assert_eq!((scored.len(), scored.group_count(), scored.is_binary()), (3, 2, true));
        assert_eq!(scored.group_ranks(), [1, 0, 1]);
        assert_eq!(scored.probabilities(1), [0.2, 0.8]);
    }

    #[test]
    fn columns_of_different_lengths_are_refused() {
        assert!(refusal(|r| r.certain.truncate(2)).contains("2 values in `certain`"));
        assert!(refusal(|r| r.probabilities.push(0.5)).contains("7 values in `probabilities`; expected 6"));
        assert!(refusal(|r| r.groups.clear()).contains("0 values in `groups`"));
        assert!(refusal(|r| r.predicted.clear()).contains("0 values in `predicted`"));
    }

    #[test]
    fn no_rows_one_class_or_a_class_twice_is_refused() {
        assert!(refusal(|r| r.gold.clear()).contains("no labelled rows"));
        assert!(refusal(|r| r.classes.truncate(1)).contains("1 classes"));
        assert!(refusal(|r| r.classes[1] = "neutral".into()).contains("`neutral` twice"));
    }

    #[test]
    fn a_class_number_out_of_range_is_refused_with_its_row() {
        assert!(refusal(|r| r.gold[1] = 2).contains("class number 2 in `gold` of row 1"));
        assert!(refusal(|r| r.predicted[2] = 9).contains("class number 9 in `predicted` of row 2"));
    }

    #[test]
    fn what_is_no_probability_is_refused_with_its_row_and_class() {
        assert!(refusal(|r| r.probabilities[3] = f64::NAN).contains("probability NaN of `biased` in row 1"));
        assert!(refusal(|r| r.probabilities[0] = 1.5).contains("probability 1.5 of `neutral` in row 0"));
        assert!(refusal(|r| r.probabilities[0] = -0.1).contains("-0.1"));
        assert!(refusal(|r| r.probabilities[0] = 0.5).contains("sum to 0.6 in row 0"));
    }
}
