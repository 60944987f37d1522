//! The stages of the main path, each on its own.
//!
//! In: documents and a [`Desk`]. Out: one function a stage, which does to all documents what [`crate::score`] does
//! there, from what the stages before it gave. Start at [`Prepared::new`]. Words are read by one function of
//! [`crate::fold`] for tokens, names and spans together, so a stage from there on is the difference of two functions
//! here: [`Depth`] says how far each goes. What is left to the whole (attributions, voices, links, stances, the
//! report) hangs together by what was read, and has no function of its own.

use crate::error::Result;
use crate::features::names;
use crate::fold::{Reader, Tables};
use crate::report::{Report, json};
use crate::score::{Desk, Options, Passage, Scorer};
use crate::text::{Document, Noise, Span, mark_quoted, noise, quoted_in};
use std::hint::black_box;
use std::io;

/// How far sentences are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Tokens, names flagged.
    Tokens,
    /// And what the span heads find.
    Spans,
    /// And the logits of the sentence heads.
    Logits,
}

/// Documents, with what each stage takes.
#[derive(Debug)]
pub struct Prepared<'d> {
    desk: &'d Desk,
    options: Options,
    documents: &'d [Document],
    /// The passages of each document that are scored, by language.
    parts: Vec<Part<'d>>,
    readers: Vec<Voiced<'d>>,
}

/// What of a document is in one language.
#[derive(Debug)]
struct Part<'d> {
    text: &'d str,
    /// The place of the language among the readers.
    lang: usize,
    passages: Vec<Passage>,
    sentences: Vec<Span>,
    quotes: Vec<Span>,
    noise: Noise,
}

/// A bundle with its tables.
#[derive(Debug)]
struct Voiced<'d> {
    scorer: &'d Scorer,
    tables: Tables,
    reader: Reader,
}

impl<'d> Prepared<'d> {
    /// Takes the documents through all stages once.
    ///
    /// # Errors
    /// As [`Scorer::open`].
    pub fn new(desk: &'d Desk, documents: &'d [Document], options: Options) -> Result<Self> {
        let mut prepared = Self { desk, options, documents, parts: Vec::new(), readers: Vec::new() };
        for document in documents {
            let route = desk.route(document, &options);
            for lang in route.langs() {
                let Some(scorer) = desk.scorer(lang)? else { continue };
                let passages = route.passages.iter().filter(|p| p.kind.is_scored() && p.lang == lang).cloned();
                let passages: Vec<Passage> = passages.collect();
                let number = prepared.reader(scorer);
                let text = document.text();
                let sentences = sentences_of(text, &passages);
                let noise = noise_of(scorer, text, &sentences);
                let quotes = quotes_of(text, &passages);
                prepared.parts.push(Part { text, lang: number, passages, sentences, quotes, noise });
            }
        }
        Ok(prepared)
    }

    /// The number of a bundle's reader, which is made where there is none.
    fn reader(&mut self, scorer: &'d Scorer) -> usize {
        if let Some(number) = self.readers.iter().position(|reader| std::ptr::eq(reader.scorer, scorer)) {
            return number;
        }
        self.readers.push(Voiced { scorer, tables: Tables::new(scorer.bundle()), reader: Reader::default() });
        self.readers.len() - 1
    }

    /// How many sentences are scored.
    #[must_use]
    pub fn sentences(&self) -> usize {
        self.parts.iter().map(|part| part.sentences.len()).sum()
    }

    /// The bundles that score them.
    pub fn scorers(&self) -> impl Iterator<Item = &'d Scorer> {
        self.readers.iter().map(|reader| reader.scorer)
    }

    /// Regions and languages.
    pub fn route(&self) {
        for document in self.documents {
            black_box(self.desk.route(document, &self.options));
        }
    }

    /// Where the sentences are.
    pub fn segment(&self) {
        for part in &self.parts {
            black_box(sentences_of(part.text, &part.passages));
        }
    }

    /// Damaged places.
    pub fn damage(&self) {
        for part in &self.parts {
            if let Some(reader) = self.readers.get(part.lang) {
                black_box(noise_of(reader.scorer, part.text, &part.sentences));
            }
        }
    }

    /// Quoted passages.
    pub fn quote(&self) {
        for part in &self.parts {
            black_box(quotes_of(part.text, &part.passages));
        }
    }

    /// The sentences, read as far as `depth` says.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where a bundle's tokenizer refuses the text.
    pub fn read(&mut self, depth: Depth) -> Result<()> {
        for part in &self.parts {
            if let Some(reader) = self.readers.get_mut(part.lang) {
                reader.read(part, depth)?;
            }
        }
        Ok(())
    }

    /// The sentence heads of the sentences as they stand alone, without a report.
    ///
    /// # Errors
    /// As [`Ready::score`](crate::score::Ready::score).
    pub fn ready(&self) -> Result<()> {
        for part in &self.parts {
            let Some(reader) = self.readers.get(part.lang) else { continue };
            let mut ready = reader.scorer.ready();
            for span in &part.sentences {
                black_box(ready.score(span.slice(part.text))?);
            }
        }
        Ok(())
    }

    /// The whole of it: text to reports.
    ///
    /// # Errors
    /// As [`Desk::score`].
    pub fn score(&self) -> Result<()> {
        self.score_by(self.desk)
    }

    /// The same by the bundles of another desk, with the regions and languages that this one tells.
    ///
    /// # Errors
    /// As [`Desk::score`].
    pub fn score_by(&self, desk: &Desk) -> Result<()> {
        for document in self.documents {
            let route = self.desk.route(document, &self.options);
            black_box(desk.score_routed(document, &route, &self.options)?);
        }
        Ok(())
    }
}

/// Writes reports as JSON Lines, and throws the lines away.
pub fn write(reports: &[Report], buffer: &mut Vec<u8>) -> io::Result<()> {
    for report in reports {
        buffer.clear();
        json::Lines::new(&mut *buffer).write(report)?;
        black_box(&*buffer);
    }
    Ok(())
}

impl Voiced<'_> {
    fn read(&mut self, part: &Part<'_>, depth: Depth) -> Result<()> {
        let Self { scorer, tables, reader } = self;
        let bundle = scorer.bundle();
        let mut quotes = part.quotes.as_slice();
        for span in &part.sentences {
            while quotes.first().is_some_and(|q| q.end <= span.start) {
                quotes = &quotes[1..];
            }
            let cuts = part.noise.cuts_in(*span);
            let is_read = match depth {
                Depth::Tokens => reader.tokens_of(bundle, tables, part.text, *span, cuts, quotes)?,
                Depth::Spans | Depth::Logits => {
                    black_box(reader.read(bundle, tables, part.text, *span, cuts, quotes)?).is_some()
                }
            };
            if is_read {
                if depth == Depth::Logits {
                    reader.score(bundle, tables, part.text);
                }
                black_box(&*reader);
                continue;
            }
            // As the main path reads what cannot be folded.
            let mut tokens = bundle.tokenizer().tokenize_cut(part.text, *span, cuts)?;
            mark_quoted(&mut tokens, quotes);
            bundle.mask().flag(part.text, &mut tokens);
            if depth != Depth::Tokens {
                black_box(bundle.span_heads().find(bundle.dense(), part.text, &tokens, false));
            }
            if depth == Depth::Logits {
                names::merge(part.text, &mut tokens);
                black_box(scorer.logits(part.text, &tokens));
            }
        }
        Ok(())
    }
}

fn sentences_of(text: &str, passages: &[Passage]) -> Vec<Span> {
    passages.iter().flat_map(|passage| passage.sentences(text)).collect()
}

fn noise_of(scorer: &Scorer, text: &str, sentences: &[Span]) -> Noise {
    noise(text, sentences, &|word| scorer.bundle().mask().is_common(word))
}

fn quotes_of(text: &str, passages: &[Passage]) -> Vec<Span> {
    passages.iter().flat_map(|p| quoted_in(text, p.span)).collect()
}
