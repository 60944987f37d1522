//! How like two short texts are, letter by letter.
//!
//! In: characters. Out: how many have to be inserted, left out or replaced (Levenshtein 1966), of a whole text against a
//! part of another: [`likest`] looks for the part (Sellers 1980), [`errors_at_start`] takes one that begins where the text
//! does. Time is the product of both lengths; callers bound them.

/// A part of a text that is like a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Likeness {
    /// Its first character.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// How many characters differ.
    pub errors: usize,
}

/// The part of `text` that is likest to `pattern`, if at most `most` characters differ; of equals the one whose length is
/// nearest to the pattern's, then the first.
pub(super) fn likest(pattern: &[char], text: &[char], most: usize) -> Option<Likeness> {
    // By row: the errors of the pattern's first letters against the best part that ends here, and where that begins.
    let mut column: Vec<(usize, usize)> = (0..=pattern.len()).map(|errors| (errors, 0)).collect();
    let mut best: Option<Likeness> = None;
    for (at, letter) in text.iter().enumerate() {
        let mut diagonal = column[0];
        column[0] = (0, at + 1);
        for (row, wanted) in pattern.iter().enumerate() {
            let replaced = (diagonal.0 + usize::from(wanted != letter), diagonal.1);
            let missing = (column[row].0 + 1, column[row].1);
            let inserted = (column[row + 1].0 + 1, column[row + 1].1);
            diagonal = column[row + 1];
            column[row + 1] = [replaced, missing, inserted].into_iter().min_by_key(|cell| cell.0).unwrap_or(replaced);
        }
        let (errors, start) = column[pattern.len()];
        let found = Likeness { start, end: at + 1, errors };
        let rank = |found: &Likeness| (found.errors, (found.end - found.start).abs_diff(pattern.len()));
        if errors <= most && found.start < found.end && best.is_none_or(|best| rank(&found) < rank(&best)) {
            best = Some(found);
        }
    }
    best
}

/// How many characters differ between `pattern` and the likest part of `text` that begins at its start.
pub(super) fn errors_at_start(pattern: &[char], text: &[char]) -> usize {
    let mut column: Vec<usize> = (0..=pattern.len()).collect();
    let mut best = pattern.len();
    for (at, letter) in text.iter().enumerate() {
        let mut diagonal = column[0];
        column[0] = at + 1;
        for (row, wanted) in pattern.iter().enumerate() {
            let replaced = diagonal + usize::from(wanted != letter);
            diagonal = column[row + 1];
            column[row + 1] = replaced.min(column[row] + 1).min(diagonal + 1);
        }
        best = best.min(column[pattern.len()]);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn the_likest_part_is_found_with_its_errors() {
        let found = |pattern: &str, text: &str, most| likest(&chars(pattern), &chars(text), most);
        let at = |start, end, errors| Some(Likeness { start, end, errors });
        assert_eq!(found("vile plan", "the vile plan failed", 0), at(4, 13, 0));
        assert_eq!(found("vile plan", "the vile plans failed", 2), at(4, 13, 0));
        assert_eq!(found("vile plan", "the vilest plan failed", 2), at(4, 15, 2));
        assert_eq!(found("vile plan", "the wile pan failed", 2), at(4, 12, 2));
        assert_eq!(found("vile plan", "nothing of the kind", 2), None);
        assert_eq!(found("vile", "", 2), None);
    }

    #[test]
    fn errors_are_counted_from_the_start_and_what_follows_is_free() {
        let errors = |pattern: &str, text: &str| errors_at_start(&chars(pattern), &chars(text));
        assert_eq!(errors("plan", "plan and more"), 0);
        assert_eq!(errors("plan", "a plan"), 2);
        assert_eq!(errors("plan", ""), 4);
        assert_eq!(errors("", "text"), 0);
    }
}
