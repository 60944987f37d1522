//! One bundle, ready to score.
//!
//! In: passages of a document in the bundle's language. Out: a [`Part`] of its report. Start at
//! [`Scorer::read`]. What crosses sentences is in other files: quotations that go on (`attributions.rs`), whose
//! words they are (`voice.rs`), and who was given how many (`sources.rs`).

use super::Options;
use super::attributions::{self, Attribution};
use super::part::{Part, Tally};
use super::printer::{Printer, explanation, parts, round};
use super::reaching::Reaching;
use super::reading::Reading;
use super::ready::Ready;
use super::route::{Passage, Route};
use super::sources;
use super::stances::Stances;
use super::targets::Targets;
use super::voice::Voices;
use crate::error::{Error, Result};
use crate::features::{Sentence as Features, names};
use crate::fold::{Reader, Tables};
use crate::heads::label::Label;
use crate::heads::link::Link;
use crate::heads::loaded::LoadedKind;
use crate::heads::{Head, Spans};
use crate::heads::{loaded, probabilities};
use crate::model::weights::Logits;
use crate::model::{Bundle, Kept};
use crate::report::{ByName, Explanation, HeadScore, LoadedReport, ModelName, Name, Report, SentenceReport};
use crate::text::{Document, Noise, Span, Tokens, mark_quoted, noise, quoted, quoted_in};
use rayon::prelude::*;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Sources are linked to names in documents of at most so many bytes; longer ones are no article.
const LONGEST_LINKED: usize = 4 << 20;

/// Sentences that one thread reads at a time, and how many times that is read before it is put together.
const CHUNK: usize = 256;
const CHUNKS: usize = 64;

/// A sentence, and the passage that it stands in.
type Place<'p> = (Span, &'p Passage);

/// The attributions of a document, and what was told of them.
pub(super) struct Attributed {
    pub attributions: Vec<Attribution>,
    /// Those that reach into each sentence.
    pub reaching: Reaching,
    /// For each of them its source's fullest name.
    pub names: Vec<Option<Span>>,
}

/// Sentences that were read, and their reports.
type Read = (Reading, Vec<SentenceReport>);

/// A bundle, ready to score. A copy of it shares all that is large.
#[derive(Debug, Clone)]
pub struct Scorer {
    shared: Arc<Shared>,
    /// The heads that are asked for.
    kept: Kept,
}

/// What all scorers of one bundle share.
#[derive(Debug)]
struct Shared {
    bundle: Bundle,
    /// Of each sentence head its name and those of its classes, as all reports share them.
    names: Vec<(Name, Vec<Name>)>,
    /// Made when the first sentence is read with them: reasons need none.
    tables: OnceLock<Tables>,
    /// Readers that are not at work: as many as there were threads at once.
    readers: Mutex<Vec<Reader>>,
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
        let shared = |names: &[String]| names.iter().map(|name| Name::from(name.as_str())).collect();
        let names = bundle.heads().iter().map(|head| (Name::from(head.name.as_str()), shared(&head.classes))).collect();
        let kept = Kept::all(&bundle);
        let shared = Shared { bundle, names, tables: OnceLock::new(), readers: Mutex::default() };
        Self { shared: Arc::new(shared), kept }
    }

    /// Scores with some of the bundle's heads alone. The others are dropped from a bundle that nobody shares, which is the
    /// fastest; of one that is shared they are not asked.
    ///
    /// # Errors
    /// As [`Kept::of`].
    pub fn only(self, heads: &[String]) -> Result<Self> {
        match Arc::try_unwrap(self.shared) {
            Ok(Shared { mut bundle, .. }) => {
                bundle.keep(heads)?;
                Ok(Self::new(bundle))
            }
            Err(shared) => Ok(Self { kept: Kept::of(&shared.bundle, heads)?, shared }),
        }
    }

    /// The bundle, with all heads that it has.
    #[must_use]
    pub fn bundle(&self) -> &Bundle {
        &self.shared.bundle
    }

    /// The sentence heads that are asked for, in the order of their outputs.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        self.bundle().heads().iter().zip(&self.kept.sentence).filter(|(_, kept)| **kept).map(|(head, _)| head)
    }

    /// The language of its texts.
    #[must_use]
    pub fn lang(&self) -> &str {
        &self.bundle().manifest().lang
    }

    /// What reports call it.
    #[must_use]
    pub fn name(&self) -> ModelName {
        let manifest = self.bundle().manifest();
        ModelName {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            sha256: self.bundle().sha256().to_owned(),
        }
    }

    /// Scores one document, all of it as text in the bundle's language; a [`Desk`](super::Desk) tells languages
    /// apart. The same document, bundle and options give the same report.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn score(&self, document: &Document, options: &Options) -> Result<Report> {
        let route = Route::in_language(document, options, self.lang());
        super::report(document, &route, options, &Targets::default(), |_| Ok(Some(self)))
    }

    /// Scores ready sentences with the sentence heads alone, without a report.
    #[must_use]
    pub fn ready(&self) -> Ready<'_> {
        Ready::new(self)
    }

    /// The calibrated logits of a text that is one sentence, without folding.
    pub(super) fn unfolded(&self, text: &str, cuts: &[usize], quotes: &[Span]) -> Result<Logits> {
        Ok(self.logits(text, &self.marked(text, cuts, quotes)?))
    }

    /// The tokens of a text that is one sentence, names and quoted ones marked.
    fn marked(&self, text: &str, cuts: &[usize], quotes: &[Span]) -> Result<Tokens> {
        let mut tokens = self.bundle().tokenizer().tokenize_cut(text, Span::new(0, text.len()), cuts)?;
        mark_quoted(&mut tokens, quotes);
        self.bundle().mask().mark(text, &mut tokens);
        Ok(tokens)
    }

    /// Scores passages of a document, in order and without overlap.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub(super) fn read(
        &self,
        document: &Document,
        passages: &[&Passage],
        targets: &Targets,
        printer: Printer<'_>,
    ) -> Result<Part> {
        let text = printer.text;
        let quotes: Vec<Span> = passages.iter().flat_map(|p| quoted_in(text, p.span)).collect();
        let sentences: Vec<Place<'_>> =
            passages.iter().flat_map(|p| p.sentences(text).into_iter().map(move |span| (span, *p))).collect();
        let spans: Vec<Span> = sentences.iter().map(|(span, _)| *span).collect();
        let noise = noise(text, &spans, &|word| self.bundle().mask().is_common(word));
        let read = |chunk: &[Place<'_>]| self.read_sentences(printer, chunk, &quotes, &noise);
        let (mut reading, reports) =
            if sentences.len() > CHUNK { in_chunks(&sentences, read)? } else { read(&sentences)? };
        let mut part = Part { words: reading.words.len(), sentences: reports, noise, ..Part::default() };
        let told = self.spans(&mut part, &mut reading, &quotes, printer);
        if self.kept.stance {
            let (bundle, reading, told, quotes, noise) = (self.bundle(), &reading, &told, &quotes, &part.noise);
            let stances = Stances { bundle, printer, document, reading, told, quotes, noise, targets };
            part.stances = Some(stances.find()?);
        }
        Ok(part)
    }

    /// Reads some sentences in a row.
    fn read_sentences(
        &self,
        printer: Printer<'_>,
        sentences: &[Place<'_>],
        quotes: &[Span],
        noise: &Noise,
    ) -> Result<Read> {
        let Printer { text, options, .. } = printer;
        let mut reports = Vec::with_capacity(sentences.len());
        let mut reading = Reading::of_size(sentences.iter().map(|(span, _)| span.len()).sum(), sentences.len());
        let start = sentences.first().map_or(0, |(span, _)| span.start);
        let mut quotes_here = &quotes[quotes.partition_point(|q| q.end <= start)..];
        let mut reader = self.reader();
        let keep = text.len() <= LONGEST_LINKED;
        for (span, passage) in sentences {
            // Both run in order, so quotations that ended before this sentence are done with.
            while quotes_here.first().is_some_and(|q| q.end <= span.start) {
                quotes_here = &quotes_here[1..];
            }
            let cuts = noise.cuts_in(*span);
            // Reasons are told by the token, which folding adds up.
            let folded = match options.explain {
                true => None,
                false if !self.kept.has_spans() => {
                    let is_read = reader.tokens_of(self.bundle(), self.tables(), text, *span, cuts, quotes_here)?;
                    is_read.then(Spans::default)
                }
                false => reader.read(self.bundle(), self.tables(), text, *span, cuts, quotes_here)?,
            };
            let folded = folded.map(|found| self.asked_for(found));
            let mut report = if let Some(found) = folded {
                reading.push(*span, &reader.tokens, &found, keep, false);
                reader.score(self.bundle(), self.tables(), text);
                self.sentence(printer, *span, &reader.logits)
            } else {
                let mut tokens = self.bundle().tokenizer().tokenize_cut(text, *span, cuts)?;
                mark_quoted(&mut tokens, quotes_here);
                self.bundle().mask().flag(text, &mut tokens);
                let found = self.bundle().span_heads().find(self.bundle().dense(), text, &tokens, options.explain);
                let found = self.asked_for(found);
                reading.push(*span, &tokens, &found, keep, options.explain);
                names::merge(text, &mut tokens);
                let logits = self.logits(text, &tokens);
                let mut report = self.sentence(printer, *span, &logits.logits);
                if options.explain {
                    report.explain = self.reasons(printer, &tokens, &logits);
                }
                report
            };
            report.region = (!passage.is_sentence).then_some(passage.kind);
            reports.push(report);
        }
        self.give_back(reader);
        Ok((reading, reports))
    }

    /// What the span heads found that are asked for.
    fn asked_for(&self, mut found: Spans) -> Spans {
        if !self.kept.loaded {
            found.loaded.clear();
        }
        if !self.kept.attribution {
            found.relations.clear();
        }
        found
    }

    /// Adds what the span heads found, and what follows from it.
    fn spans(&self, part: &mut Part, reading: &mut Reading, quotes: &[Span], printer: Printer<'_>) -> Attributed {
        let heads = self.bundle().span_heads();
        let attributions = attributions::find(printer.text, quotes, reading);
        let reaching = Reaching::new(reading, &attributions);
        let voices = Voices::new(reading, &attributions, quotes);
        let mut names = Vec::new();
        if self.kept.attribution {
            for (sentence, report) in reading.sentences.iter().zip(&mut part.sentences) {
                report.voice = Some(voices.of_sentence(sentence.words.clone()));
            }
            let links = sources::links(&heads.linker, printer.text, reading, &attributions);
            names = sources::names(&attributions, &links);
            part.sources = Some(sources::table(printer.text, reading, &attributions, &names));
            let of = |(a, link): (&Attribution, &Option<Link>)| printer.attribution(a, *link);
            part.attributions = Some(attributions.iter().zip(&links).map(of).collect());
        }
        if self.kept.loaded {
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
                        attribution: innermost(&attributions, reaching.of_sentence(number), span),
                        sentence: number,
                        explain: printer.reasons(loaded::NAME, kind.as_str(), &term),
                    });
                }
            }
            if self.kept.attribution {
                part.tally = Some(Tally::of(&loaded, voices.counts()));
            }
            part.loaded = Some(loaded);
        }
        names.resize(attributions.len(), None);
        Attributed { attributions, reaching, names }
    }

    /// The spans of a text that is one sentence, and its tokens.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn spans_of(&self, text: &str) -> Result<(Tokens, Spans)> {
        let mut tokens = self.bundle().tokenizer().tokenize(text, Span::new(0, text.len()))?;
        mark_quoted(&mut tokens, &quoted(text));
        self.bundle().mask().flag(text, &mut tokens);
        let found = self.bundle().span_heads().find(self.bundle().dense(), text, &tokens, false);
        Ok((tokens, found))
    }

    /// The calibrated logits of one sentence's tokens, names marked, split into the tokens' parts.
    #[must_use]
    pub fn logits(&self, text: &str, tokens: &Tokens) -> Logits {
        let features = self.bundle().extractor().extract(text, tokens);
        self.bundle().fitted.weights.score(
            self.bundle().vectors.width(),
            &self.bundle().fitted.markers,
            tokens,
            &features,
        )
    }

    /// The calibrated logits of a text that is one sentence.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn logits_of(&self, text: &str) -> Result<Logits> {
        self.unfolded(text, &[], &quoted(text))
    }

    /// The features of a text that is one sentence.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn features_of(&self, text: &str) -> Result<Features> {
        let tokens = self.marked(text, &[], &quoted(text))?;
        Ok(self.bundle().extractor().extract(text, &tokens))
    }

    pub(super) fn tables(&self) -> &Tables {
        self.shared.tables.get_or_init(|| Tables::new(self.bundle()))
    }

    /// A reader that is not at work, or a new one.
    pub(super) fn reader(&self) -> Reader {
        self.shared.readers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    pub(super) fn give_back(&self, reader: Reader) {
        self.shared.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
    }

    fn sentence(&self, printer: Printer<'_>, span: Span, logits: &[f64]) -> SentenceReport {
        let Printer { offsets, options, .. } = printer;
        let (start, end) = offsets.convert_span(span, options.offsets);
        let mut report = SentenceReport {
            start,
            end,
            region: None,
            lang: None,
            voice: None,
            heads: ByName::with_capacity(self.shared.names.len()),
            labels: ByName::with_capacity(self.shared.names.len()),
            uncertain: Vec::new(),
            explain: Vec::new(),
        };
        let mut first = 0;
        for ((head, (name, classes)), kept) in
            self.bundle().heads().iter().zip(&self.shared.names).zip(&self.kept.sentence)
        {
            let outputs = first..first + head.outputs();
            first = outputs.end;
            if !kept {
                continue;
            }
            let p = probabilities(&logits[outputs]);
            let (class, certain) = head.decision.decide(&p);
            let score = if head.is_binary() {
                HeadScore::Binary(round(p[1]))
            } else {
                HeadScore::Classes(classes.iter().cloned().zip(p.iter().map(|p| round(*p))).collect())
            };
            report.heads.insert(name.clone(), score);
            report.labels.insert(name.clone(), classes[class].clone());
            if !certain {
                report.uncertain.push(head.name.clone());
            }
        }
        report
    }

    /// What each token adds to each logit of a sentence, names one token each.
    fn reasons(&self, printer: Printer<'_>, tokens: &Tokens, logits: &Logits) -> Vec<Explanation> {
        let Printer { text, offsets, options } = printer;
        let mut reasons = Vec::new();
        let mut output = 0;
        for (head, kept) in self.bundle().heads().iter().zip(&self.kept.sentence) {
            if !kept {
                output += head.outputs();
                continue;
            }
            for class in 0..head.outputs() {
                let parts = parts(text, offsets, options, tokens, logits, output);
                let (bias_term, logit) = (self.bundle().fitted.weights.intercepts[output], logits.logits[output]);
                reasons.push(explanation(&head.name, head.class_of(class), logit, bias_term, parts, options.top));
                output += 1;
            }
        }
        reasons
    }
}

/// Reads many sentences, so that a huge document keeps all threads busy: until they are put together, a sentence hangs on
/// no other.
fn in_chunks(sentences: &[Place<'_>], read: impl Fn(&[Place<'_>]) -> Result<Read> + Sync) -> Result<Read> {
    let mut reading = Reading::of_size(sentences.iter().map(|(span, _)| span.len()).sum(), sentences.len());
    let mut reports = Vec::with_capacity(sentences.len());
    for chunks in sentences.chunks(CHUNK * CHUNKS) {
        let parts: Vec<Result<Read>> = chunks.par_chunks(CHUNK).map(&read).collect();
        for part in parts {
            let (read, of_chunk) = part?;
            reading.extend(read);
            reports.extend(of_chunk);
        }
    }
    Ok((reading, reports))
}

/// Of those attributions that reach into a span's sentence that in whose content the span stands; of several, that with
/// the shortest content.
fn innermost(attributions: &[Attribution], reaching: &[usize], span: Span) -> Option<usize> {
    let of = |number: &usize| Some((attributions.get(*number)?.content_around(span)?.len(), *number));
    reaching.iter().filter_map(of).min().map(|(_, number)| number)
}
