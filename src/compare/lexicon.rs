//! Which English words an Arabic one is translated by: a small table that is built in (`models/lexicon`).
//!
//! In: an Arabic word in normal form, without article. Out: English words, each with a weight. Start at
//! [`translations`]. `training/vectors/lexicon.py` learns the table from posts in both languages; names are not in it.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The language that other languages' words are translated to.
pub const PIVOT: &str = "en";

const TABLE: &str = include_str!("../../models/lexicon/ar-en.tsv");

type Rows = FxHashMap<&'static str, Vec<(&'static str, f32)>>;

static ROWS: LazyLock<Rows> = LazyLock::new(|| rows(TABLE));

/// The English words that translate a word of `lang`, with their weights, 0 to 1; none for a word or a language that
/// the table has not.
#[must_use]
pub fn translations(lang: &str, form: &str) -> &'static [(&'static str, f32)] {
    if lang != "ar" {
        return &[];
    }
    ROWS.get(form).map_or(&[], Vec::as_slice)
}

fn rows(table: &'static str) -> Rows {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let word = cells.next()?;
        let mut row = Vec::new();
        while let (Some(english), Some(weight)) = (cells.next(), cells.next()) {
            row.push((english, weight.parse().ok()?));
        }
        Some((word, row))
    };
    table.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arabic_word_has_its_english_ones_and_others_have_none() {
        assert!(translations("ar", "ابتسامه").iter().any(|(word, weight)| *word == "smile" && *weight > 0.2));
        assert!(translations("ar", "smile").is_empty() && translations("en", "ابتسامه").is_empty());
    }

    #[test]
    fn every_line_of_the_table_is_read_and_every_weight_is_a_share() {
        assert_eq!(ROWS.len(), TABLE.lines().count());
        assert!(ROWS.values().flatten().all(|(_, weight)| (0.0..=1.0).contains(weight)));
    }
}
