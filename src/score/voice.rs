//! Whose words they are: each word's, each sentence's and each loaded term's voice.
//!
//! In: a [`Reading`] and the document's attributions. Out: [`Voices`]. Start at [`Voices::new`]. A word is a
//! source's if it stands in an attribution's content, or in a quotation too long to be a title or scare quotes;
//! those are the author's.

use super::attributions::Attribution;
use super::reading::Reading;
use crate::heads::voice::Voice;
use crate::text::Span;
use std::ops::Range;

/// A quotation of at most so many words that is no attribution's content is the author's choice of words.
const SCARE_WORDS: usize = 3;

/// A sentence is a source's if so large a share of its words is, those that name the source or the cue left out.
const QUOTED_SHARE: f64 = 0.9;

/// The words that are a source's, of those that `words_in` counts in a span: in an attribution's content, or in a
/// quotation of more than three.
pub fn sources_words(
    words_in: impl Fn(Span) -> Range<usize>,
    contents: impl Iterator<Item = Span>,
    quotes: impl Iterator<Item = Span>,
) -> impl Iterator<Item = Range<usize>> {
    let quotes = quotes.map(|quote| (quote, SCARE_WORDS));
    let words = contents.map(|content| (content, 0)).chain(quotes).map(move |(span, least)| (words_in(span), least));
    words.filter(|(words, least)| words.len() > *least).map(|(words, _)| words)
}

/// What each word of a document is.
#[derive(Debug)]
pub struct Voices {
    /// Whether it is a source's.
    quoted: Vec<bool>,
    /// Whether it names a source, or is a cue.
    frame: Vec<bool>,
}

impl Voices {
    /// Tells the words of a document apart; `quotes` are its quoted passages.
    #[must_use]
    pub fn new(reading: &Reading, attributions: &[Attribution], quotes: &[Span]) -> Self {
        let mut voices = Self { quoted: vec![false; reading.words.len()], frame: vec![false; reading.words.len()] };
        let contents = attributions.iter().flat_map(|a| &a.contents).copied();
        for words in sources_words(|span| reading.words_in(span), contents, quotes.iter().copied()) {
            voices.quoted[words].fill(true);
        }
        for span in attributions.iter().flat_map(|a| a.source.iter().chain([&a.cue])) {
            voices.frame[reading.words_in(*span)].fill(true);
        }
        voices
    }

    /// A sentence's voice, given its words.
    #[must_use]
    pub fn of_sentence(&self, words: Range<usize>) -> Voice {
        let own = words.clone().filter(|w| self.quoted[*w] || !self.frame[*w]).count();
        match words.filter(|w| self.quoted[*w]).count() {
            0 => Voice::Author,
            quoted if quoted as f64 >= QUOTED_SHARE * own as f64 => Voice::Quoted,
            _ => Voice::Mixed,
        }
    }

    /// The voice of a loaded term, given its words: the source's if all of them are.
    #[must_use]
    pub fn of_term(&self, mut words: Range<usize>) -> Voice {
        if !words.is_empty() && words.all(|w| self.quoted[w]) { Voice::Quoted } else { Voice::Author }
    }

    /// How many words are the author's, and how many the sources'.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let quoted = self.quoted.iter().filter(|q| **q).count();
        (self.quoted.len() - quoted, quoted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::attributions;
    use super::super::sample::{Told, read};
    use super::*;

    fn voices(text: &str, told: &[Told<'_>]) -> Vec<Voice> {
        let (reading, quotes) = read(text, told);
        let voices = Voices::new(&reading, &attributions::find(text, &quotes, &reading), &quotes);
        reading.sentences.iter().map(|s| voices.of_sentence(s.words.clone())).collect()
    }

    #[test]
    fn a_sentence_is_the_sources_but_for_its_frame() {
        let text = "The dam held. “It rained all day,” Rin said. The dam held, which Rin said was luck.";
        let told = [("Rin", "said", "“It rained all day,”"), ("Rin", "said", "was luck")];
        assert_eq!(voices(text, &told), [Voice::Author, Voice::Quoted, Voice::Mixed]);
    }

    #[test]
    fn scare_quotes_and_titles_are_the_authors_and_a_quoted_sentence_is_not() {
        let text = "The “reform” failed. “We all knew that it would.”";
        assert_eq!(voices(text, &[]), [Voice::Author, Voice::Quoted]);
    }

    #[test]
    fn a_term_is_the_sources_if_all_of_it_is() {
        let text = "Rin said that the shameless deal failed.";
        let (reading, quotes) = read(text, &[("Rin", "said", "that the shameless deal failed")]);
        let voices = Voices::new(&reading, &attributions::find(text, &quotes, &reading), &quotes);
        let term = |word: &str| {
            let at = text.find(word).unwrap_or_default();
            voices.of_term(reading.words_in(Span::new(at, at + word.len())))
        };
        assert_eq!((term("shameless"), term("said that")), (Voice::Quoted, Voice::Author));
        assert_eq!(voices.counts(), (2, 5));
    }
}
