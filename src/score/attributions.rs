//! The attributions of a document: those of its sentences, with what crosses from one sentence to the next.
//!
//! In: a [`Reading`] and the quoted passages. Out: [`Attribution`]s in order of their cues. Start at [`find`].
//! A quotation that runs over several sentences belongs to one attribution, and so do the next paragraph of
//! one that was not closed, and the sentences in quotation marks that follow an attributed quotation without a
//! word of the author's in between.

use super::reading::{Reading, Said, Sentence, Word};
use crate::heads::attribution::{CueClass, Directness};
use crate::heads::label::Label;
use crate::text::{Span, paragraphs};

/// Somebody is made to say something, in byte spans of the document.
#[derive(Debug, Clone)]
pub struct Attribution {
    /// The cue's sentence.
    pub sentence: usize,
    /// Who.
    pub source: Option<Span>,
    /// The words that signal it.
    pub cue: Span,
    /// What: in order, without overlap.
    pub contents: Vec<Span>,
    /// How the cue presents it.
    pub class: CueClass,
    /// Whether it is quoted.
    pub direct: Directness,
    /// As its sentence has it: probabilities and reasons of the cue.
    pub said: Said,
}

/// The attributions of a document; `quotes` are its quoted passages.
#[must_use]
pub fn find(text: &str, quotes: &[Span], reading: &Reading) -> Vec<Attribution> {
    let passages = Passages::new(text, quotes, reading);
    let mut found = Vec::new();
    for (number, sentence) in reading.sentences.iter().enumerate() {
        for said in &sentence.attributions {
            let mut contents = said.contents.clone();
            passages.extend(number, sentence, &mut contents);
            let words = || contents.iter().flat_map(|c| &reading.words[reading.words_in(*c)]);
            let quoted = words().filter(|w| w.quoted).count();
            found.push(Attribution {
                sentence: number,
                source: said.source,
                cue: said.cue.span,
                direct: Directness::of(quoted, words().count() - quoted),
                contents,
                class: CueClass::of_number(said.cue.kind),
                said: said.clone(),
            });
        }
    }
    found
}

/// The quoted passages of a document, and what goes on from which.
struct Passages<'a> {
    text: &'a str,
    quotes: &'a [Span],
    reading: &'a Reading,
    /// For each sentence, the number of its paragraph.
    paragraphs: Vec<usize>,
}

impl<'a> Passages<'a> {
    fn new(text: &'a str, quotes: &'a [Span], reading: &'a Reading) -> Self {
        let all: Vec<Span> = paragraphs(text).collect();
        let of = |s: &Sentence| all.partition_point(|p| p.end <= s.span.start);
        Self { text, quotes, reading, paragraphs: reading.sentences.iter().map(of).collect() }
    }

    /// Takes in what goes on outside the cue's sentence.
    fn extend(&self, number: usize, sentence: &Sentence, contents: &mut Vec<Span>) {
        let first = self.quotes.partition_point(|q| q.end <= sentence.span.start);
        let mut last_quote = None;
        for (at, quote) in self.quotes.iter().enumerate().skip(first) {
            if quote.start >= sentence.span.end {
                break;
            }
            let (Some(start), Some(end)) = self.words_of(sentence, *quote) else { continue };
            let Some(content) = contents.iter_mut().find(|c| c.overlaps(*quote)) else { continue };
            last_quote = Some(at);
            if content.overlaps(start) && quote.start < sentence.span.start {
                content.start = quote.start;
            }
            if content.overlaps(end) && quote.end > sentence.span.end {
                content.end = quote.end;
            }
            let mut before = at;
            while content.overlaps(start) && before > 0 && self.goes_on(before - 1) {
                before -= 1;
            }
            let earlier = &self.quotes[before..at];
            contents.extend_from_slice(earlier);
        }
        if let Some(mut at) = last_quote {
            while let Some(next) = self.quotes.get(at + 1)
                && (self.goes_on(at) || self.follows(number, at + 1, *next))
            {
                contents.push(*next);
                at += 1;
            }
        }
        contents.sort_by_key(|c| (c.start, c.end));
        contents.dedup_by(|next, last| {
            let joined = next.start < last.end;
            if joined {
                last.end = last.end.max(next.end);
            }
            joined
        });
    }

    /// The first and last word of a quotation that stand in the sentence.
    fn words_of(&self, sentence: &Sentence, quote: Span) -> (Option<Span>, Option<Span>) {
        let words = &self.reading.words[sentence.words.clone()];
        let mut inside = words.iter().filter(|w| w.span().overlaps(quote)).map(Word::span);
        let first = inside.next();
        (first, inside.next_back().or(first))
    }

    /// Whether a quotation is left open at the end of its paragraph, and the next opens the next paragraph.
    fn goes_on(&self, at: usize) -> bool {
        let (Some(quote), Some(next)) = (self.quotes.get(at), self.quotes.get(at + 1)) else { return false };
        let closed = quote.slice(self.text).ends_with(['"', '”', '»', '’', '\'', '“']);
        let between = self.text.get(quote.end..next.start).unwrap_or("x");
        !closed && between.contains('\n') && between.trim().is_empty()
    }

    /// Whether a quotation is made of whole sentences of the same paragraph, right after those that are quoted
    /// already, with no word of the author's between it and the sentence `number`.
    fn follows(&self, number: usize, at: usize, quote: Span) -> bool {
        let sentences = &self.reading.sentences;
        let words = &self.reading.words;
        let is_whole = |s: &Sentence| !s.words.is_empty() && words[s.words.clone()].iter().all(|w| w.quoted);
        let Some(own) = sentences.get(number) else { return false };
        let mut reached = own.span.end;
        for (after, sentence) in sentences.iter().enumerate().skip(number + 1) {
            if sentence.span.start >= quote.end {
                break;
            }
            if self.paragraphs[after] != self.paragraphs[number] || !is_whole(sentence) {
                return false;
            }
            reached = sentence.span.end;
        }
        quote.start >= own.span.end && quote.end <= reached && self.quotes.get(at) == Some(&quote)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Told, read};
    use super::*;

    fn contents<'t>(text: &'t str, told: &[Told<'_>]) -> Vec<Vec<&'t str>> {
        let (reading, quotes) = read(text, told);
        let found = find(text, &quotes, &reading);
        found.iter().map(|a| a.contents.iter().map(|c| c.slice(text)).collect()).collect()
    }

    #[test]
    fn a_quotation_over_several_sentences_belongs_to_one_attribution() {
        let text = "Rin said: “It rained. It stopped. It rained again.” The dam held.";
        let said = ("Rin", "said", "“It rained.");
        assert_eq!(contents(text, &[said]), [["“It rained. It stopped. It rained again.”"]]);
        let text = "“It rained. It stopped,” Rin said. The dam held.";
        assert_eq!(contents(text, &[("Rin", "said", "It stopped,”")]), [["“It rained. It stopped,”"]]);
    }

    #[test]
    fn whole_sentences_in_quotation_marks_after_an_attributed_one_belong_to_it() {
        let text = "“It rained,” Rin said. “It stopped. It rained again.” The dam held. “No,” it read.";
        let found = contents(text, &[("Rin", "said", "“It rained,”")]);
        assert_eq!(found, [["“It rained,”", "“It stopped. It rained again.”"]]);
    }

    #[test]
    fn a_quotation_with_a_cue_of_its_own_is_not_taken_by_the_one_before() {
        let text = "“It rained,” Rin said. “It stopped,” Ola said.";
        let found = contents(text, &[("Rin", "said", "“It rained,”"), ("Ola", "said", "“It stopped,”")]);
        assert_eq!(found, [["“It rained,”"], ["“It stopped,”"]]);
    }

    #[test]
    fn a_quotation_left_open_goes_on_in_the_next_paragraph() {
        let text = "Rin said: “It rained. It stopped.\n\n“It rained again.”\n\nThe dam held.";
        let found = contents(text, &[("Rin", "said", "“It rained.")]);
        assert_eq!(found, [["“It rained. It stopped.", "“It rained again.”"]]);
        // With its cue in the last paragraph, too.
        let text = "“It rained. It stopped.\n\n“It rained again,” Rin said.";
        let found = contents(text, &[("Rin", "said", "“It rained again,”")]);
        assert_eq!(found, [["“It rained. It stopped.", "“It rained again,”"]]);
    }

    #[test]
    fn a_new_paragraph_in_quotation_marks_is_not_taken_where_the_last_was_closed() {
        let text = "“It rained,” Rin said.\n\n“It stopped.” The dam held.";
        assert_eq!(contents(text, &[("Rin", "said", "“It rained,”")]), [["“It rained,”"]]);
    }

    #[test]
    fn directness_is_that_of_all_contents() {
        let direct = |text: &str, told: Told<'_>| {
            let (reading, quotes) = read(text, &[told]);
            find(text, &quotes, &reading)[0].direct
        };
        assert_eq!(direct("Rin said that it rained.", ("Rin", "said", "that it rained")), Directness::Indirect);
        assert_eq!(direct("“It rained,” Rin said.", ("Rin", "said", "“It rained,”")), Directness::Direct);
        assert_eq!(direct("Rin said it was “very wet”.", ("Rin", "said", "it was “very wet”")), Directness::Mixed);
    }
}
