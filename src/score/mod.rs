//! The main path, top to bottom: text → sentences → tokens → spans, features → heads → [`Report`].
//!
//! In: a [`Document`] and a [`Bundle`]. Out: its [`Report`]. Start at [`Scorer::score`]. What crosses
//! sentences is in the parts: quotations that go on (`attributions.rs`), whose words they are (`voice.rs`), and who
//! was given how many (`sources.rs`).

mod attributions;
mod reading;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod sample;
mod sources;
mod voice;

use crate::error::{Error, Result};
use crate::features::names;
use crate::heads::Spans;
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::heads::link::Link;
use crate::heads::loaded::LoadedKind;
use crate::heads::voice::Voice;
use crate::heads::{attribution, loaded, probabilities};
use crate::model::Bundle;
use crate::model::weights::Logits;
use crate::report::{
    AttributionReport, Contribution, Explanation, HeadScore, LinkReport, LoadedRate, LoadedReport, ModelName,
    NoiseReport, PassageReport, Report, SCHEMA, SentenceReport, SourceReport, Summary,
};
use crate::text::{Document, OffsetUnit, Offsets, Span, Tokens, mark_quoted, noise, quoted, sentences};
use std::collections::BTreeMap;
use std::path::Path;

use attributions::Attribution;
use reading::{Reading, Term};
use voice::Voices;

/// Sources are linked to names in documents of at most so many bytes; longer ones are no article.
const LONGEST_LINKED: usize = 4 << 20;

/// What one sentence of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// A document is segmented into sentences.
    #[default]
    Document,
    /// A document is one sentence.
    Sentence,
}

/// How a document is scored and what its report holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether documents are segmented. Default: they are.
    pub unit: Unit,
    /// The unit of offsets in the report. Default: bytes.
    pub offsets: OffsetUnit,
    /// Whether reasons are given. Default: no.
    pub explain: bool,
    /// How many tokens a reason lists at most; the others are summed as its rest. Default: all.
    pub top: Option<usize>,
}

/// A bundle, ready to score.
#[derive(Debug)]
pub struct Scorer {
    bundle: Bundle,
}

impl Scorer {
    /// Reads the bundle in `folder`.
    ///
    /// # Errors
    /// As [`Bundle::load`]; [`Error::Bundle`] for one without heads, which can be trained on alone.
    pub fn open(folder: &Path) -> Result<Self> {
        let bundle = Bundle::load(folder)?;
        if bundle.manifest().heads.is_empty() {
            return Err(Error::Bundle {
                path: folder.to_path_buf(),
                found: "a bundle without heads".to_owned(),
                expected: "a trained one".to_owned(),
                cure: "name a trained bundle, or train one on it: parallax train --base BUNDLE --data FILE --out DIR"
                    .to_owned(),
            });
        }
        Ok(Self::new(bundle))
    }

    /// Scores with this bundle.
    #[must_use]
    pub fn new(bundle: Bundle) -> Self {
        Self { bundle }
    }

    /// The bundle.
    #[must_use]
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// Scores one document. The same document, bundle and options give the same report.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn score(&self, document: &Document, options: &Options) -> Result<Report> {
        let text = document.text();
        let offsets = Offsets::new(text);
        let quotes = quoted(text);
        let spans = match options.unit {
            Unit::Document => sentences(text),
            Unit::Sentence => vec![Span::new(0, text.len())],
        };
        let noise = noise(text, &spans, &|word| self.bundle.mask().is_common(word));
        let mut sums = BTreeMap::new();
        let mut reports = Vec::with_capacity(spans.len());
        let mut reading = Reading::of_size(text.len(), spans.len());
        let mut quotes_here = quotes.as_slice();
        for span in spans {
            // Both run in order, so quotations that ended before this sentence are done with.
            while quotes_here.first().is_some_and(|q| q.end <= span.start) {
                quotes_here = &quotes_here[1..];
            }
            let mut tokens = self.bundle.tokenizer().tokenize_cut(text, span, noise.cuts_in(span))?;
            mark_quoted(&mut tokens, quotes_here);
            self.bundle.mask().flag(text, &mut tokens);
            let found = self.bundle.span_heads().find(self.bundle.dense(), text, &tokens, options.explain);
            reading.push(span, &tokens, &found, text.len() <= LONGEST_LINKED, options.explain);
            names::merge(text, &mut tokens);
            let logits = self.logits(text, &tokens);
            let report = self.sentence(text, &offsets, options, span, &tokens, &logits);
            for (head, score) in &report.heads {
                sums.entry(head.clone()).and_modify(|sum| add(sum, score)).or_insert_with(|| score.clone());
            }
            reports.push(report);
        }
        let heads = sums.into_iter().map(|(head, sum)| (head, divide(sum, reports.len()))).collect();
        let manifest = self.bundle.manifest();
        let mut report = Report {
            schema: SCHEMA.to_owned(),
            id: document.id().to_owned(),
            lang: manifest.lang.clone(),
            offsets: options.offsets,
            model: ModelName {
                name: manifest.name.clone(),
                version: manifest.version.clone(),
                sha256: self.bundle.sha256().to_owned(),
            },
            document: Summary {
                words: reading.words.len(),
                sentences: reports.len(),
                loaded_per_100_words: None,
                sources: None,
                heads,
            },
            sentences: reports,
            loaded: None,
            attributions: None,
            noise: Some(NoiseReport::new(&noise, |span| offsets.convert_span(span, options.offsets))),
            extraction: document.extraction(),
            text: document.extraction().map(|_| text.to_owned()),
        };
        let printer = Printer { text, offsets: &offsets, options };
        self.spans(&mut report, &mut reading, &quotes, printer);
        Ok(report)
    }

    /// Adds what the span heads found, and what follows from it.
    fn spans(&self, report: &mut Report, reading: &mut Reading, quotes: &[Span], printer: Printer<'_>) {
        let heads = self.bundle.span_heads();
        let attributions = attributions::find(printer.text, quotes, reading);
        let voices = Voices::new(reading, &attributions, quotes);
        if heads.attribution.is_some() {
            for (sentence, report) in reading.sentences.iter().zip(&mut report.sentences) {
                report.voice = Some(voices.of_sentence(sentence.words.clone()));
            }
            let links = sources::links(&heads.linker, printer.text, reading, &attributions);
            let names = sources::names(&attributions, &links);
            report.document.sources = Some(sources::table(printer.text, reading, &attributions, &names));
            let of = |(a, link): (&Attribution, &Option<Link>)| printer.attribution(a, *link);
            report.attributions = Some(attributions.iter().zip(&links).map(of).collect());
        }
        if heads.loaded.is_some() {
            let mut loaded = Vec::with_capacity(reading.sentences.iter().map(|s| s.loaded.len()).sum());
            for number in 0..reading.sentences.len() {
                // Taken out, so that a long document's terms are not held twice.
                let terms = std::mem::take(&mut reading.sentences[number].loaded);
                for term in terms {
                    let span = term.span;
                    let kind = LoadedKind::of_number(term.kind);
                    loaded.push(LoadedReport {
                        passage: printer.passage(span),
                        kind,
                        p: round(term.p()),
                        voice: voices.of_term(reading.words_in(span)),
                        attribution: innermost(&attributions, span),
                        sentence: number,
                        explain: printer.reasons(loaded::NAME, kind.as_str(), &term),
                    });
                }
            }
            if heads.attribution.is_some() {
                report.document.loaded_per_100_words = Some(rate(&loaded, &voices));
            }
            report.loaded = Some(loaded);
        }
    }

    /// The spans of a text that is one sentence, and its tokens.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn spans_of(&self, text: &str) -> Result<(Tokens, Spans)> {
        let mut tokens = self.bundle.tokenizer().tokenize(text, Span::new(0, text.len()))?;
        mark_quoted(&mut tokens, &quoted(text));
        self.bundle.mask().flag(text, &mut tokens);
        let found = self.bundle.span_heads().find(self.bundle.dense(), text, &tokens, false);
        Ok((tokens, found))
    }

    /// The calibrated logits of one sentence's tokens, names marked, split into the tokens' parts.
    #[must_use]
    pub fn logits(&self, text: &str, tokens: &Tokens) -> Logits {
        let features = self.bundle.extractor().extract(text, tokens);
        self.bundle.fitted.weights.score(self.bundle.vectors.width(), &self.bundle.fitted.markers, tokens, &features)
    }

    /// The calibrated logits of a text that is one sentence.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn logits_of(&self, text: &str) -> Result<Logits> {
        let mut tokens = self.bundle.tokenizer().tokenize(text, Span::new(0, text.len()))?;
        mark_quoted(&mut tokens, &quoted(text));
        self.bundle.mask().mark(text, &mut tokens);
        Ok(self.logits(text, &tokens))
    }

    fn sentence(
        &self,
        text: &str,
        offsets: &Offsets<'_>,
        options: &Options,
        span: Span,
        tokens: &Tokens,
        logits: &Logits,
    ) -> SentenceReport {
        let (start, end) = offsets.convert_span(span, options.offsets);
        let mut report = SentenceReport {
            start,
            end,
            voice: None,
            heads: BTreeMap::new(),
            labels: BTreeMap::new(),
            uncertain: Vec::new(),
            explain: Vec::new(),
        };
        let mut first = 0;
        for head in self.bundle.heads() {
            let outputs = first..first + head.outputs();
            first = outputs.end;
            let p = probabilities(&logits.logits[outputs.clone()]);
            let (class, certain) = head.decision.decide(&p);
            let score = if head.is_binary() {
                HeadScore::Binary(round(p[1]))
            } else {
                HeadScore::Classes(head.classes.iter().cloned().zip(p.iter().map(|p| round(*p))).collect())
            };
            report.heads.insert(head.name.clone(), score);
            report.labels.insert(head.name.clone(), head.classes[class].clone());
            if !certain {
                report.uncertain.push(head.name.clone());
            }
            for output in outputs.clone().filter(|_| options.explain) {
                let class = head.class_of(output - outputs.start);
                let parts = parts(text, offsets, options, tokens, logits, output);
                let bias_term = self.bundle.fitted.weights.intercepts[output];
                let logit = logits.logits[output];
                report.explain.push(explanation(&head.name, class, logit, bias_term, parts, options.top));
            }
        }
        report
    }
}

/// The attribution in whose content a span stands; of several, that with the shortest content.
fn innermost(attributions: &[Attribution], span: Span) -> Option<usize> {
    let holds = |c: &&Span| c.start <= span.start && span.end <= c.end;
    let length = |a: &Attribution| a.contents.iter().find(holds).map(|c| c.end - c.start);
    let of = |(number, a): (usize, &Attribution)| Some((length(a)?, number));
    attributions.iter().enumerate().filter_map(of).min().map(|(_, number)| number)
}

/// Loaded terms per 100 words of each voice.
fn rate(loaded: &[LoadedReport], voices: &Voices) -> LoadedRate {
    let (author, quoted) = voices.counts();
    let per_100 = |voice: Voice, words: usize| {
        let terms = loaded.iter().filter(|l| l.voice == voice).count();
        round(100.0 * terms as f64 / words.max(1) as f64)
    };
    LoadedRate { author: per_100(Voice::Author, author), quoted: per_100(Voice::Quoted, quoted) }
}

/// Turns spans into what a report says of them.
#[derive(Clone, Copy)]
struct Printer<'a> {
    text: &'a str,
    offsets: &'a Offsets<'a>,
    options: &'a Options,
}

impl Printer<'_> {
    fn passage(self, span: Span) -> PassageReport {
        let (start, end) = self.offsets.convert_span(span, self.options.offsets);
        PassageReport { start, end, text: span.slice(self.text).to_owned() }
    }

    fn attribution(self, a: &Attribution, link: Option<Link>) -> AttributionReport {
        let classes = CueClass::ALL.iter().copied().zip(a.said.classes.iter().map(|p| round(*p))).collect();
        AttributionReport {
            source: a.source.map(|span| SourceReport {
                passage: self.passage(span),
                link: link.map(|link| LinkReport { passage: self.passage(link.span), p: round(link.p) }),
            }),
            cue: self.passage(a.cue),
            content: a.contents.iter().map(|span| self.passage(*span)).collect(),
            class: a.class,
            classes,
            direct: a.direct,
            p: round(a.said.cue.p()),
            sentence: a.sentence,
            explain: self.reasons(attribution::NAME, "cue", &a.said.cue),
        }
    }

    /// Why a span is one, where that was asked for.
    fn reasons(self, head: &str, class: &str, term: &Term) -> Option<Explanation> {
        let reasons = term.reasons.as_ref()?;
        let of = |(span, value): &(Span, f64)| {
            let PassageReport { start, end, text } = self.passage(*span);
            Contribution { start, end, text, value: *value }
        };
        let parts = reasons.contributions.iter().map(of).collect();
        Some(explanation(head, class, term.logit, reasons.bias_term, parts, self.options.top))
    }
}

/// The reasons for one logit: the contributions by falling size, of equal ones in the order given.
fn explanation(
    head: &str,
    class: &str,
    logit: f64,
    bias_term: f64,
    mut contributions: Vec<Contribution>,
    top: Option<usize>,
) -> Explanation {
    contributions.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let top = top.unwrap_or(usize::MAX).min(contributions.len());
    let rest = contributions.split_off(top).iter().map(|c| c.value).sum();
    Explanation { head: head.to_owned(), class: class.to_owned(), logit, bias_term, contributions, rest }
}

/// Every token's part in one output's logit, in order of the text.
fn parts(
    text: &str,
    offsets: &Offsets<'_>,
    options: &Options,
    tokens: &Tokens,
    logits: &Logits,
    output: usize,
) -> Vec<Contribution> {
    let rows = logits.parts.chunks_exact(logits.logits.len());
    tokens
        .tokens
        .iter()
        .zip(rows)
        .map(|(token, row)| {
            let (start, end) = offsets.convert_span(token.span, options.offsets);
            Contribution { start, end, text: token.span.slice(text).to_owned(), value: row[output] }
        })
        .collect()
}

/// Six decimals: finer than any probability is known, and short in a file.
fn round(p: f64) -> f64 {
    (p * 1e6).round() / 1e6
}

fn add(sum: &mut HeadScore, score: &HeadScore) {
    match (sum, score) {
        (HeadScore::Binary(sum), HeadScore::Binary(p)) => *sum += p,
        (HeadScore::Classes(sums), HeadScore::Classes(ps)) => {
            for (class, p) in ps {
                *sums.entry(class.clone()).or_default() += p;
            }
        }
        _ => {}
    }
}

fn divide(sum: HeadScore, by: usize) -> HeadScore {
    let by = by.max(1) as f64;
    match sum {
        HeadScore::Binary(sum) => HeadScore::Binary(round(sum / by)),
        HeadScore::Classes(sums) => HeadScore::Classes(sums.into_iter().map(|(c, s)| (c, round(s / by))).collect()),
    }
}
