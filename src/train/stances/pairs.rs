//! Labelled stances as pairs of a sentence and a target, the way the head sees them.
//!
//! In: records with `stances`. Out: [`Row`]s, each with its [`Pair`]s. Start at [`Reader::row`]. Beside what
//! is labelled stand targets on which nobody marked a stance: phrases of the same sentence, as neutral.

use super::super::annotation;
use super::super::params::StanceSettings;
use super::super::prepare::tokenize;
use super::super::public::TARGET_POLARITY;
use super::super::record::Record;
use crate::error::Result;
use crate::features::bearing::tokens_in;
use crate::features::phrase::{PhraseKind, phrases};
use crate::features::{NameMask, Vectors};
use crate::heads::SpanHeads;
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::heads::stance::{Polarity, Quote, Sentence};
use crate::text::{Offsets, Span, Tokenizer, Tokens};

/// Who is labelled as the holder of a stance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Nobody said.
    Unknown,
    /// The author.
    Author,
    /// These bytes of the sentence.
    Named(Span),
}

/// A target of a sentence, and where somebody stands on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The target's tokens.
    pub target: (usize, usize),
    /// Where the holder stands.
    pub polarity: Polarity,
    /// Whose stance it is.
    pub holder: Holder,
    /// What the pair weighs beside others; that of its example is not in it.
    pub weight: f64,
}

/// A sentence with pairs.
#[derive(Debug)]
pub struct Row {
    /// Its place among the records given.
    pub record: usize,
    /// Its tokens, names flagged.
    pub tokens: Tokens,
    /// Its attributions: as the head finds them where there is one, else as they are labelled.
    pub quotes: Vec<Quote>,
    /// Its pairs.
    pub pairs: Vec<Pair>,
}

impl Row {
    /// As the head sees it.
    #[must_use]
    pub fn sentence<'a>(&'a self, text: &'a str) -> Sentence<'a> {
        Sentence::new(text, &self.tokens, &self.quotes)
    }
}

/// What reads sentences.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Cuts them.
    pub tokenizer: &'a Tokenizer,
    /// Flags names.
    pub mask: &'a NameMask,
    /// The vectors that the span heads see.
    pub vectors: Vectors<'a>,
    /// Find attributions; without such a head those that are labelled are taken.
    pub spans: &'a SpanHeads,
    /// What pairs weigh.
    pub settings: &'a StanceSettings,
}

impl Reader<'_> {
    /// The row of a record; `None` if it has no usable pair.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the text cannot be tokenized.
    pub fn row(&self, number: usize, record: &Record) -> Result<Option<Row>> {
        let Some(stances) = &record.stances else { return Ok(None) };
        let text = record.text.as_str();
        let mut tokens = tokenize(self.tokenizer, text)?;
        self.mask.flag(text, &mut tokens);
        let offsets = Offsets::new(text);
        let bytes = |span: annotation::Span| offsets.span_of_chars(span.start, span.end);
        let quotes = match &self.spans.attribution {
            Some(_) => quotes(&self.spans.find(self.vectors, text, &tokens, false).relations, &tokens),
            None => record.attributions.iter().flatten().filter_map(|a| labelled(a, bytes)).collect(),
        };
        // A mention of a public set says how it is painted, and nothing of who paints it or of other targets.
        let is_mention = record.labels.contains_key(TARGET_POLARITY);
        let mut pairs: Vec<Pair> = Vec::new();
        for stance in stances {
            let Some(target) = bytes(stance.target).and_then(|s| tokens_in(&tokens, s.start..s.end)) else { continue };
            // Of several holders on one target the first is taken: the head gives one.
            if pairs.iter().any(|p| p.target == target) {
                continue;
            }
            let holder = match stance.holder {
                _ if is_mention => Holder::Unknown,
                None => Holder::Author,
                Some(span) => bytes(span).map_or(Holder::Unknown, Holder::Named),
            };
            let weight = if is_mention { self.settings.mentions } else { self.settings.stated };
            pairs.push(Pair { target, polarity: stance.polarity, holder, weight });
        }
        if !is_mention && !record.group.is_empty() {
            let labelled = pairs.len();
            let sentence = Sentence::new(text, &tokens, &quotes);
            let mut others: Vec<(u32, (usize, usize))> = Vec::new();
            for phrase in phrases(text, &tokens, &sentence.words) {
                let target = (phrase.first, phrase.end);
                let is_free = pairs[..labelled].iter().all(|p| p.target.1 <= target.0 || target.1 <= p.target.0);
                if is_free && phrase.kind != PhraseKind::Pronoun {
                    // Which ones hangs on the record alone.
                    others.push((crc32fast::hash(format!("{}:{}", record.id, phrase.first).as_bytes()), target));
                }
            }
            others.sort_unstable();
            let unstated = others.into_iter().take(self.settings.unstated_per_sentence);
            pairs.extend(unstated.map(|(_, target)| Pair {
                target,
                polarity: Polarity::Neutral,
                holder: Holder::Unknown,
                weight: self.settings.unstated,
            }));
        }
        Ok((!pairs.is_empty()).then_some(Row { record: number, tokens, quotes, pairs }))
    }
}

/// Attributions that were found, in bytes.
#[must_use]
pub fn quotes(relations: &[crate::heads::attribution::Relation], tokens: &Tokens) -> Vec<Quote> {
    let all = &tokens.tokens;
    let span = |run: crate::heads::coding::Run| Span::new(all[run.first].span.start, all[run.end - 1].span.end);
    let of = |r: &crate::heads::attribution::Relation| Quote {
        source: r.source.map(span),
        cue: span(r.cue.run),
        contents: r.contents.iter().map(|run| span(*run)).collect(),
        class: CueClass::of_number(r.cue.run.kind),
    };
    relations.iter().map(of).collect()
}

fn labelled(a: &annotation::Attribution, bytes: impl Fn(annotation::Span) -> Option<Span>) -> Option<Quote> {
    Some(Quote {
        source: a.source.and_then(&bytes),
        cue: bytes(a.cue)?,
        contents: a.content.iter().filter_map(|c| bytes(*c)).collect(),
        class: a.class,
    })
}
