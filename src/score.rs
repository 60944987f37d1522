//! The main path, top to bottom: text → sentences → tokens → features → heads → [`Report`].
//!
//! In: a [`Document`] and a [`Bundle`]. Out: its [`Report`]. Start at [`Scorer::score`].

use crate::error::{Error, Result};
use crate::heads::probabilities;
use crate::model::Bundle;
use crate::model::weights::Logits;
use crate::report::{Contribution, Explanation, HeadScore, ModelName, Report, SCHEMA, SentenceReport, Summary};
use crate::text::{Document, OffsetUnit, Offsets, Span, Tokens, mark_quoted, quoted, sentences};
use std::collections::BTreeMap;
use std::path::Path;

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
        if bundle.heads().is_empty() {
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
        let mut words = 0;
        let mut sums = BTreeMap::new();
        let mut reports = Vec::with_capacity(spans.len());
        let mut quotes_here = quotes.as_slice();
        for span in spans {
            // Both run in order, so quotations that ended before this sentence are done with.
            while quotes_here.first().is_some_and(|q| q.end <= span.start) {
                quotes_here = &quotes_here[1..];
            }
            let mut tokens = self.bundle.tokenizer().tokenize(text, span)?;
            mark_quoted(&mut tokens, quotes_here);
            words += tokens.tokens.iter().filter(|t| !t.shape.is_punctuation()).count();
            self.bundle.mask().mark(text, &mut tokens);
            let logits = self.logits(text, &tokens);
            let report = self.sentence(text, &offsets, options, span, &tokens, &logits);
            for (head, score) in &report.heads {
                sums.entry(head.clone()).and_modify(|sum| add(sum, score)).or_insert_with(|| score.clone());
            }
            reports.push(report);
        }
        let heads = sums.into_iter().map(|(head, sum)| (head, divide(sum, reports.len()))).collect();
        let manifest = self.bundle.manifest();
        Ok(Report {
            schema: SCHEMA.to_owned(),
            id: document.id().to_owned(),
            lang: manifest.lang.clone(),
            offsets: options.offsets,
            model: ModelName {
                name: manifest.name.clone(),
                version: manifest.version.clone(),
                sha256: self.bundle.sha256().to_owned(),
            },
            document: Summary { words, sentences: reports.len(), loaded_per_100_words: None, sources: None, heads },
            sentences: reports,
            loaded: None,
            attributions: None,
        })
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
                let rest = parts.iter().skip(options.top.unwrap_or(usize::MAX)).map(|c| c.value).sum();
                report.explain.push(Explanation {
                    head: head.name.clone(),
                    class: class.to_owned(),
                    logit: logits.logits[output],
                    bias_term: self.bundle.fitted.weights.intercepts[output],
                    contributions: parts.into_iter().take(options.top.unwrap_or(usize::MAX)).collect(),
                    rest,
                });
            }
        }
        report
    }
}

/// Every token's part in one output's logit, by falling size; of equal size, in order of the text.
fn parts(
    text: &str,
    offsets: &Offsets<'_>,
    options: &Options,
    tokens: &Tokens,
    logits: &Logits,
    output: usize,
) -> Vec<Contribution> {
    let rows = logits.parts.chunks_exact(logits.logits.len());
    let mut parts: Vec<Contribution> = tokens
        .tokens
        .iter()
        .zip(rows)
        .map(|(token, row)| {
            let (start, end) = offsets.convert_span(token.span, options.offsets);
            Contribution { start, end, text: token.span.slice(text).to_owned(), value: row[output] }
        })
        .collect();
    parts.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    parts
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
