//! A marked place, found again in a text that was edited since.
//!
//! In: a text and an [`Anchor`]. Out: the place, or `None` where it is not sure. Start at [`find`].
//!
//! First the quote itself is looked for: of all its occurrences the one whose surroundings are likest to the anchor's, of
//! equals the nearest to the old place. It counts if the surroundings are more like than not, or if the quote is long. If
//! there is none, places are looked at where a part of the quote or of its surroundings stands, and one is taken at which
//! the quote is there but for one letter in five, its surroundings agree, and no other place does as well.
//!
//! Time grows with the text's length (searches for fixed strings) and, for so many places as [`MOST_PLACES`], with the
//! square of the quote's, which is looked for letter by letter only up to [`LONGEST_ALIKE`].

use super::alignment::{errors_at_start, likest};
use super::selector::{Anchor, CONTEXT};
use crate::text::{Offsets, Span};
use memchr::memmem::Finder;
use std::cmp::Reverse;

/// So many occurrences of a quote have their surroundings compared letter by letter.
pub const MOST_PLACES: usize = 64;
/// A quote of more code points is only found as it was.
pub const LONGEST_ALIKE: usize = 512;
/// A quote of so many code points is sure without its surroundings.
const LONG: usize = 32;
/// One letter in so many may differ.
const LETTERS_AN_ERROR: usize = 5;
/// The share of the surroundings that has to be there.
const LEAST_CONTEXT: f64 = 0.6;
/// Letters that surroundings may have grown by.
const GROWTH: usize = 8;
/// A place has to be better than any other by so much, where the quote is not there as it was.
const MARGIN: f64 = 0.05;
/// The length in code points of the parts that approximate places are looked for by.
const PIECE: usize = 12;
/// So many occurrences of each part are looked at.
const PLACES_A_PIECE: usize = 4;

/// Where an anchor stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The place, in bytes of the text.
    pub span: Span,
    /// Whether the quote stands there as it was.
    pub exact: bool,
}

/// Finds the place of `anchor` in `text`.
#[must_use]
pub fn find(text: &str, anchor: &Anchor) -> Option<Found> {
    if anchor.exact.is_empty() {
        return None;
    }
    let place = Offsets::new(text).byte_of_char(anchor.start).unwrap_or(text.len());
    let search = Search { text, anchor, place, around: Surroundings::of(anchor) };
    search.exact().or_else(|| search.alike())
}

struct Search<'a> {
    text: &'a str,
    anchor: &'a Anchor,
    /// Where the quote stood, in bytes of this text.
    place: usize,
    around: Surroundings,
}

impl Search<'_> {
    /// The best occurrence of the quote as it was.
    fn exact(&self) -> Option<Found> {
        let mut found: Vec<Span> =
            occurrences(self.text, &self.anchor.exact).map(|at| Span::new(at, at + self.anchor.exact.len())).collect();
        // By rising promise: those whose neighbouring letters agree, and the nearest of these.
        found.sort_by_cached_key(|span| (Reverse(self.touching(*span)), self.distance(span.start)));
        if let Some(first) = found.first().filter(|span| self.touching(**span) == self.around.length()) {
            return Some(Found { span: *first, exact: true });
        }
        found.truncate(MOST_PLACES);
        let best = found.into_iter().map(|span| (self.around.share(self.text, span), span));
        let (share, span) = best.min_by(|a, b| {
            let distance = || self.distance(a.1.start).cmp(&self.distance(b.1.start));
            b.0.total_cmp(&a.0).then_with(distance)
        })?;
        let is_long = self.anchor.exact.chars().nth(LONG - 1).is_some();
        (share >= LEAST_CONTEXT || is_long).then_some(Found { span, exact: true })
    }

    /// The one place where the quote stands but for a few letters.
    fn alike(&self) -> Option<Found> {
        let quote: Vec<char> = self.anchor.exact.chars().take(LONGEST_ALIKE + 1).collect();
        let most = quote.len() / LETTERS_AN_ERROR;
        if most == 0 || quote.len() > LONGEST_ALIKE {
            return None;
        }
        let mut found: Vec<(f64, Span)> = Vec::new();
        for start in self.starts(quote.len()) {
            let slack = (most + CONTEXT / 2) as isize;
            let from = moved(self.text, start, -slack);
            let to = moved(self.text, start, quote.len() as isize + slack);
            let window = self.text.get(from..to).unwrap_or_default();
            let letters: Vec<char> = window.chars().collect();
            let Some(like) = likest(&quote, &letters, most) else { continue };
            let edge = |at: usize| from + letters.iter().take(at).map(|c| c.len_utf8()).sum::<usize>();
            let span = Span::new(edge(like.start), edge(like.end));
            let share = self.around.share(self.text, span);
            let is_long = quote.len() >= LONG && like.errors * 2 * LETTERS_AN_ERROR <= quote.len();
            if share >= LEAST_CONTEXT || is_long {
                found.push((share + 1.0 - like.errors as f64 / quote.len() as f64, span));
            }
        }
        let (best, span) = found.iter().copied().reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        let rival = found.iter().any(|(score, other)| !other.overlaps(span) && *score > best - MARGIN);
        (!rival).then_some(Found { span, exact: false })
    }

    /// Where the quote of `length` letters may begin: where it stood, and where parts of it or of its surroundings say.
    fn starts(&self, length: usize) -> Vec<usize> {
        let quote = &self.anchor.exact;
        let tail = moved(&self.anchor.prefix, self.anchor.prefix.len(), -(PIECE as isize));
        let middle = length.saturating_sub(PIECE) / 2;
        let end = length.saturating_sub(PIECE);
        let part = |from: usize| {
            let rest = quote.get(moved(quote, 0, from as isize)..).unwrap_or_default();
            &rest[..moved(rest, 0, PIECE as isize)]
        };
        let suffix = &self.anchor.suffix[..moved(&self.anchor.suffix, 0, PIECE as isize)];
        let prefix = self.anchor.prefix.get(tail..).unwrap_or_default();
        // Each part, and how many letters after its start the quote begins.
        let parts = [
            (prefix, prefix.chars().count() as isize),
            (suffix, -(length as isize)),
            (part(0), 0),
            (part(middle), -(middle as isize)),
            (part(end), -(end as isize)),
        ];
        let mut starts = vec![self.place];
        for (part, by) in parts {
            if part.chars().nth(PIECE / 2 - 1).is_none() {
                continue;
            }
            let mut at: Vec<usize> = occurrences(self.text, part).collect();
            at.sort_by_key(|at| self.distance(*at));
            starts.extend(at.into_iter().take(PLACES_A_PIECE).map(|at| moved(self.text, at, by)));
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// How many letters agree right before and right after a place, without a gap.
    fn touching(&self, span: Span) -> usize {
        let same = |a: &mut dyn Iterator<Item = char>, b: &[char]| a.zip(b).take_while(|(a, b)| a == *b).count();
        let before = same(&mut self.text[..span.start].chars().rev(), &self.around.before);
        before + same(&mut self.text[span.end..].chars(), &self.around.after)
    }

    fn distance(&self, at: usize) -> usize {
        at.abs_diff(self.place)
    }
}

/// What stands around an anchor.
struct Surroundings {
    /// Backwards from the quote.
    before: Vec<char>,
    /// Onwards from it.
    after: Vec<char>,
}

impl Surroundings {
    fn of(anchor: &Anchor) -> Self {
        Self {
            before: anchor.prefix.chars().rev().take(CONTEXT).collect(),
            after: anchor.suffix.chars().take(CONTEXT).collect(),
        }
    }

    fn length(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// The share of the surroundings that is there around a place, 0 to 1; 1 where there are none.
    fn share(&self, text: &str, span: Span) -> f64 {
        if self.length() == 0 {
            return 1.0;
        }
        let before: Vec<char> = text[..span.start].chars().rev().take(self.before.len() + GROWTH).collect();
        let after: Vec<char> = text[span.end..].chars().take(self.after.len() + GROWTH).collect();
        let errors = errors_at_start(&self.before, &before) + errors_at_start(&self.after, &after);
        1.0 - errors as f64 / self.length() as f64
    }
}

/// Where `part` begins in `text`, overlapping ones too.
fn occurrences<'a>(text: &'a str, part: &'a str) -> impl Iterator<Item = usize> + 'a {
    let finder = Finder::new(part.as_bytes());
    let step = part.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + finder.find(text.as_bytes().get(from..)?)?;
        from = at + step;
        Some(at)
    })
}

/// The byte `by` characters from the byte `at`, at most at the text's ends.
fn moved(text: &str, at: usize, by: isize) -> usize {
    let steps = by.unsigned_abs();
    if steps == 0 {
        return at;
    }
    if by > 0 {
        let rest = text.get(at..).unwrap_or_default();
        return rest.char_indices().nth(steps).map_or(text.len(), |(offset, _)| at + offset);
    }
    let before = text.get(..at).unwrap_or_default();
    before.char_indices().rev().nth(steps - 1).map_or(0, |(offset, _)| offset)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "The harbour board met on Monday. Its chair defended the costly scheme at length, and the costly \
                        tunnel too. Residents of the old quarter called the costly scheme a mistake, and left early.";

    fn anchored(quote: &str, number: usize) -> Anchor {
        let at = occurrences(TEXT, quote).nth(number).unwrap();
        Anchor::of(TEXT, Span::new(at, at + quote.len())).unwrap()
    }

    fn found(text: &str, anchor: &Anchor) -> Option<(usize, String, bool)> {
        find(text, anchor).map(|found| (found.span.start, found.span.slice(text).to_owned(), found.exact))
    }

    #[test]
    fn in_the_same_text_it_is_where_it_was() {
        for number in 0..3 {
            let anchor = anchored("costly", number);
            let at = occurrences(TEXT, "costly").nth(number).unwrap();
            assert_eq!(found(TEXT, &anchor), Some((at, "costly".into(), true)));
        }
    }

    #[test]
    fn of_several_the_one_with_its_surroundings_is_taken_however_far_it_moved() {
        let anchor = anchored("costly scheme", 1);
        let edited = format!("{} {TEXT}", "A long new beginning was put before it. ".repeat(20));
        let at = occurrences(&edited, "costly scheme").nth(1).unwrap();
        assert_eq!(found(&edited, &anchor), Some((at, "costly scheme".into(), true)));
        let edited = TEXT.replace("Residents of the old quarter", "People of the old quarter now");
        assert_eq!(found(&edited, &anchor).unwrap().1, "costly scheme");
    }

    #[test]
    fn a_small_edit_of_the_quote_is_followed_and_said() {
        let anchor = anchored("costly tunnel", 0);
        let (_, text, exact) = found(&TEXT.replace("costly tunnel", "cosly tunnnel"), &anchor).unwrap();
        assert_eq!((text.as_str(), exact), ("cosly tunnnel", false));
    }

    #[test]
    fn a_quote_that_is_gone_is_not_found_elsewhere() {
        let anchor = anchored("costly scheme", 1);
        // The other occurrence is still there, in other surroundings.
        let edited = TEXT.replace("called the costly scheme a mistake", "called it a mistake");
        assert_eq!(found(&edited, &anchor), None);
        assert_eq!(found("", &anchor), None);
        assert_eq!(found("Another text altogether, about other things.", &anchor), None);
    }

    #[test]
    fn a_short_word_without_its_surroundings_is_not_sure() {
        let anchor = anchored("met", 0);
        assert_eq!(found("They met.", &anchor), None);
    }

    #[test]
    fn many_occurrences_and_long_quotes_take_no_more_than_linear_time() {
        let text = "aa ".repeat(200_000);
        let anchor = Anchor::of(&text, Span::new(300_000, 300_002)).unwrap();
        assert!(find(&text, &anchor).is_some());
        let other = "bb ".repeat(200_000);
        assert_eq!(find(&other, &anchor), None);
        let long = Anchor::of(&text, Span::new(0, 300_000)).unwrap();
        assert_eq!(find(&other, &long), None);
    }

    proptest! {
        #[test]
        fn edits_elsewhere_never_lose_it(
            words in prop::collection::vec("[a-zé🔥]{1,8}", 30..80),
            first in 12usize..16, length in 1usize..4,
            before in "[a-z ]{0,60}", after in "[a-z ]{0,60}", cut in 0usize..3,
        ) {
            let text = words.join(" ");
            let start: usize = words[..first].iter().map(|word| word.len() + 1).sum();
            let end = start + words[first..first + length].join(" ").len();
            let anchor = Anchor::of(&text, Span::new(start, end)).unwrap();
            // Everything but the quote and its surroundings may change.
            let (from, to) = (start - anchor.prefix.len(), end + anchor.suffix.len());
            let head: String = text[..from].chars().skip(cut * 5).collect();
            let tail: String = text[to..].chars().skip(cut * 5).collect();
            let edited = format!("{head}{before}{}{after}{tail}", &text[from..to]);
            let found = find(&edited, &anchor).unwrap();
            prop_assert_eq!(found.span.slice(&edited), &anchor.exact);
            prop_assert!(found.exact && edited[..found.span.start].ends_with(&anchor.prefix));
            prop_assert!(edited[found.span.end..].starts_with(&anchor.suffix));
        }

        #[test]
        fn a_quote_that_is_replaced_is_never_found_in_other_words(
            words in prop::collection::vec("[a-m]{3,8}", 30..60), first in 8usize..20, length in 1usize..4,
            other in "[n-z]{3,9}",
        ) {
            let text = words.join(" ");
            let start: usize = words[..first].iter().map(|word| word.len() + 1).sum();
            let end = start + words[first..first + length].join(" ").len();
            let anchor = Anchor::of(&text, Span::new(start, end)).unwrap();
            let edited = format!("{}{other}{}", &text[..start], &text[end..]);
            if let Some(found) = find(&edited, &anchor) {
                // Only where the same words, or nearly the same, stand in like surroundings.
                let there: Vec<char> = found.span.slice(&edited).chars().collect();
                let quote: Vec<char> = anchor.exact.chars().collect();
                let alike = likest(&quote, &there, quote.len() / LETTERS_AN_ERROR);
                prop_assert!(alike.is_some(), "{:?} for {:?}", found.span.slice(&edited), anchor.exact);
            }
        }

        #[test]
        fn whatever_the_text_it_finds_whole_characters_or_nothing(text in ".{0,80}", other in ".{0,80}", from in 0usize..40) {
            let offsets = Offsets::new(&text);
            let Some(span) = offsets.span_of_chars(from, from + 3) else { return Ok(()) };
            let anchor = Anchor::of(&text, span).unwrap();
            prop_assert!(find(&text, &anchor).is_some_and(|found| found.span == span));
            if let Some(found) = find(&other, &anchor) {
                prop_assert!(other.get(found.span.start..found.span.end).is_some());
            }
        }
    }
}
