//! The attributions of a document: those of its sentences, with what crosses from one sentence to the next.
//!
//! In: a [`Reading`] and the quoted passages. Out: [`Attribution`]s in order of their cues. Start at [`find`].
//! A quotation that runs over several sentences belongs to one attribution, and so do the next paragraph of
//! one that was not closed, and the sentences in quotation marks that follow an attributed quotation without a
//! word of the author's in between.

use super::reading::{Reading, Said, Sentence};
use crate::heads::attribution::{CueClass, Directness};
use crate::heads::label::Label;
use crate::text::{Span, paragraphs, unite};

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

/// An attribution takes of a quotation what stands at most so many bytes before or behind its cue's sentence: ten times
/// what a newspaper quotes at a stretch. A mark that is never closed makes a quotation of all that follows.
const REACH: usize = 10_000;

/// So many attributions take a quotation beyond their own sentences, the first ones. A quotation is somebody's, and
/// seldom has more than one cue; that of a whole text which was never closed has thousands.
const TAKERS: u8 = 16;

/// The attributions of a document; `quotes` are its quoted passages.
#[must_use]
pub fn find(text: &str, quotes: &[Span], reading: &Reading) -> Vec<Attribution> {
    let mut passages = Passages::new(text, quotes, reading);
    let mut found = Vec::with_capacity(reading.sentences.iter().map(|s| s.attributions.len()).sum());
    for (number, sentence) in reading.sentences.iter().enumerate() {
        for said in &sentence.attributions {
            let mut contents = said.contents.clone();
            passages.extend(number, sentence, &mut contents);
            let (mut words, mut quoted) = (0, 0);
            for word in contents.iter().flat_map(|c| &reading.words[reading.words_in(*c)]) {
                words += 1;
                quoted += usize::from(word.quoted());
            }
            found.push(Attribution {
                sentence: number,
                source: said.source,
                cue: said.cue.span,
                direct: Directness::of(quoted, words - quoted),
                contents,
                class: CueClass::of_number(said.cue.kind),
                said: said.clone(),
            });
        }
    }
    found
}

impl Attribution {
    /// The content in which all of a span stands; contents are in order and without overlap.
    #[must_use]
    pub fn content_around(&self, span: Span) -> Option<Span> {
        around(&self.contents, span)
    }
}

/// The one of some spans, which are in order and without overlap, in which all of `span` stands.
pub(super) fn around(spans: &[Span], span: Span) -> Option<Span> {
    let at = spans.partition_point(|s| s.end < span.end);
    spans.get(at).filter(|s| s.start <= span.start).copied()
}

/// The quoted passages of a document, and what goes on from which.
struct Passages<'a> {
    quotes: &'a [Span],
    reading: &'a Reading,
    /// For each sentence, the number of its paragraph; none where there are no quotations.
    paragraphs: Vec<usize>,
    /// For each quotation, whether the next one goes on with it.
    goes_on: Vec<bool>,
    /// For each quotation, how many attributions took it from outside of their own sentences.
    takers: Vec<u8>,
}

impl<'a> Passages<'a> {
    fn new(text: &'a str, quotes: &'a [Span], reading: &'a Reading) -> Self {
        let mut paragraphs_of = Vec::new();
        if !quotes.is_empty() {
            let all: Vec<Span> = paragraphs(text).collect();
            let of = |s: &Sentence| all.partition_point(|p| p.end <= s.span.start);
            paragraphs_of.extend(reading.sentences.iter().map(of));
        }
        let goes_on = (0..quotes.len()).map(|at| goes_on(text, quotes, at)).collect();
        Self { quotes, reading, paragraphs: paragraphs_of, goes_on, takers: vec![0; quotes.len()] }
    }

    /// Takes in what goes on outside the cue's sentence.
    fn extend(&mut self, number: usize, sentence: &Sentence, contents: &mut Vec<Span>) {
        let (Some(start), Some(end)) = (contents.first().map(|c| c.start), contents.last().map(|c| c.end)) else {
            return;
        };
        let own = sentence.span;
        let mut from = self.quotes.partition_point(|q| q.end <= own.start.max(start));
        let mut last_quote = None;
        while let Some(quote) = self.quotes.get(from).copied().filter(|q| q.start < own.end.min(end)) {
            let at = from;
            from += 1;
            let Some(content) = contents.iter_mut().find(|c| c.overlaps(quote)) else { continue };
            let Some((first, last)) = self.words_of(sentence, quote) else { continue };
            last_quote = Some(at);
            let (is_first, is_last) = (content.overlaps(first), content.overlaps(last));
            let (before, behind) = (is_first && quote.start < own.start, is_last && quote.end > own.end);
            if (before || behind) && self.take(at) {
                if before {
                    content.start = self.earliest(own, quote);
                }
                if behind {
                    content.end = self.latest(own, quote);
                }
            }
            let mut earlier = at;
            while is_first
                && earlier > 0
                && self.goes_on[earlier - 1]
                && self.quotes[earlier - 1].start + REACH >= own.start
                && self.take(earlier - 1)
            {
                earlier -= 1;
            }
            contents.extend_from_slice(&self.quotes[earlier..at]);
        }
        if let Some(mut at) = last_quote {
            let mut followed = Followed { sentence: number + 1, reached: own.end };
            while let Some(next) = self.quotes.get(at + 1).copied()
                && next.end <= own.end + REACH
                && (self.goes_on[at] || self.follows(number, &mut followed, next))
                && self.take(at + 1)
            {
                contents.push(next);
                at += 1;
            }
        }
        unite(contents, false);
    }

    /// Whether one attribution more may take a quotation from outside of its own sentence; then it has.
    fn take(&mut self, quote: usize) -> bool {
        let takers = &mut self.takers[quote];
        let may = *takers < TAKERS;
        *takers += u8::from(may);
        may
    }

    /// Where a quotation begins, as far as a cue of the sentence `own` reaches.
    fn earliest(&self, own: Span, quote: Span) -> usize {
        if quote.start + REACH >= own.start {
            return quote.start;
        }
        let at = self.reading.sentences.partition_point(|s| s.span.start + REACH < own.start);
        self.reading.sentences.get(at).map_or(own.start, |s| s.span.start.min(own.start))
    }

    /// Where a quotation ends, as far as a cue of the sentence `own` reaches.
    fn latest(&self, own: Span, quote: Span) -> usize {
        if quote.end <= own.end + REACH {
            return quote.end;
        }
        let next = self.reading.sentences.partition_point(|s| s.span.end <= own.end + REACH);
        let last = next.checked_sub(1).and_then(|at| self.reading.sentences.get(at));
        last.map_or(own.end, |s| s.span.end.max(own.end))
    }

    /// The first and last word of a quotation that stand in the sentence.
    fn words_of(&self, sentence: &Sentence, quote: Span) -> Option<(Span, Span)> {
        let inside = self.reading.words_in(quote);
        let (first, end) = (inside.start.max(sentence.words.start), inside.end.min(sentence.words.end));
        let words = self.reading.words.get(first..end)?;
        Some((words.first()?.span(), words.last()?.span()))
    }

    /// Whether a quotation is made of whole sentences of the same paragraph, right after those that are quoted
    /// already, with no word of the author's between it and the sentence `number`; the sentences before `followed` are.
    fn follows(&self, number: usize, followed: &mut Followed, quote: Span) -> bool {
        let Reading { sentences, words, .. } = self.reading;
        let is_whole = |s: &Sentence| !s.words.is_empty() && words[s.words.clone()].iter().all(|w| w.quoted());
        let Some(own) = sentences.get(number) else { return false };
        while let Some(sentence) = sentences.get(followed.sentence).filter(|s| s.span.start < quote.end) {
            if self.paragraphs[followed.sentence] != self.paragraphs[number] || !is_whole(sentence) {
                return false;
            }
            followed.reached = sentence.span.end;
            followed.sentence += 1;
        }
        quote.start >= own.span.end && quote.end <= followed.reached
    }
}

/// How far the sentences behind a cue's are of its paragraph, and quoted as a whole.
struct Followed {
    /// The first that was not looked at.
    sentence: usize,
    /// Where the last of them ends.
    reached: usize,
}

/// Whether a quotation is left open at the end of its paragraph, and the next opens the next paragraph.
fn goes_on(text: &str, quotes: &[Span], at: usize) -> bool {
    let (Some(quote), Some(next)) = (quotes.get(at), quotes.get(at + 1)) else { return false };
    if quote.slice(text).ends_with(['"', '”', '»', '’', '\'', '“']) {
        return false;
    }
    let between = text.get(quote.end..next.start).unwrap_or("x");
    between.contains('\n') && between.trim().is_empty()
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

    /// The bytes of all contents of a text that is a sentence again and again, somebody speaking in each.
    fn taken(opening: &str, sentence: &str, times: usize) -> usize {
        let text = opening.to_owned() + &sentence.repeat(times);
        let (reading, quotes) = read(&text, &[("Rin", "said that", "it rained")]);
        let found = find(&text, &quotes, &reading);
        assert_eq!(found.len(), times);
        let longest = 2 * REACH + sentence.len();
        assert!(found.iter().flat_map(|a| &a.contents).all(|c| c.len() <= longest && c.end <= text.len()));
        found.iter().flat_map(|a| &a.contents).map(|c| c.len()).sum()
    }

    #[test]
    fn a_quotation_that_is_never_closed_is_taken_by_the_first_cues_and_not_by_all() {
        for (opening, sentence) in [("“", "Rin said that it rained. "), ("", "“Rin said that it rained.\n\n")] {
            let (once, twice) = (taken(opening, sentence, 2_000), taken(opening, sentence, 4_000));
            assert!(once > 2_000 * "it rained".len() && twice * 10 <= once * 21, "{once}, {twice}");
        }
    }

    #[test]
    fn a_quotation_longer_than_any_in_a_newspaper_is_taken_as_far_as_a_cue_reaches() {
        let content = |times: usize| {
            let text =
                format!("“{}It stopped,” Rin said. {}", "It rained. ".repeat(times), "The dam held. ".repeat(times));
            let (reading, quotes) = read(&text, &[("Rin", "said", "It stopped,”")]);
            let found = find(&text, &quotes, &reading);
            (found[0].contents[0], text.find(" Rin").unwrap_or_default())
        };
        let (whole, end) = content(800);
        assert_eq!((whole.start, whole.end), (0, end));
        let (cut, end) = content(2_000);
        assert_eq!(cut.end, end);
        assert!(cut.len() <= REACH + 30 && cut.len() > REACH - 30, "{cut:?}");
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
