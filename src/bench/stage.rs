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
use crate::heads::SpanHeads;
use crate::model::Bundle;
use crate::report::{Report, json};
use crate::score::{Desk, Options, Passage, Scorer};
use crate::text::{Document, Noise, Span, mark_quoted, noise, quoted_in, sentences_in};
use std::hint::black_box;
use std::io;
use std::path::PathBuf;

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

/// A bundle with its tables, and the same without span heads.
#[derive(Debug)]
struct Voiced<'d> {
    scorer: &'d Scorer,
    tables: Tables,
    bare: Bundle,
    bare_tables: Tables,
    /// One with the span heads, one without: rows that were met are kept apart.
    readers: [Reader; 2],
}

impl<'d> Prepared<'d> {
    /// Takes the documents through all stages once. `folders` are those of the bundles, by language.
    ///
    /// # Errors
    /// As [`Scorer::open`].
    pub fn new(
        desk: &'d Desk,
        documents: &'d [Document],
        options: Options,
        folders: &[(String, PathBuf)],
    ) -> Result<Self> {
        let mut prepared = Self { desk, options, documents, parts: Vec::new(), readers: Vec::new() };
        for document in documents {
            let route = desk.route(document, &options);
            for lang in route.langs() {
                let Some(scorer) = desk.scorer(lang)? else { continue };
                let passages = route.passages.iter().filter(|p| p.kind.is_scored() && p.lang == lang).cloned();
                let passages: Vec<Passage> = passages.collect();
                let number = prepared.reader(scorer, folders)?;
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
    fn reader(&mut self, scorer: &'d Scorer, folders: &[(String, PathBuf)]) -> Result<usize> {
        if let Some(number) = self.readers.iter().position(|reader| std::ptr::eq(reader.scorer, scorer)) {
            return Ok(number);
        }
        let mut bare = match folders.iter().find(|(lang, _)| lang == scorer.lang()) {
            Some((_, folder)) => Bundle::load(folder)?,
            None => return Err(missing(scorer)),
        };
        bare.fitted.spans = SpanHeads::default();
        bare.fitted.stance = None;
        let (tables, bare_tables) = (Tables::new(scorer.bundle()), Tables::new(&bare));
        self.readers.push(Voiced { scorer, tables, bare, bare_tables, readers: Default::default() });
        Ok(self.readers.len() - 1)
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
        let [full, without] = &mut self.readers;
        let (bundle, tables, reader) = match depth {
            Depth::Tokens => (&self.bare, &self.bare_tables, without),
            Depth::Spans | Depth::Logits => (self.scorer.bundle(), &self.tables, full),
        };
        let mut quotes = part.quotes.as_slice();
        for span in &part.sentences {
            while quotes.first().is_some_and(|q| q.end <= span.start) {
                quotes = &quotes[1..];
            }
            let cuts = part.noise.cuts_in(*span);
            if let Some(found) = reader.read(bundle, tables, part.text, *span, cuts, quotes)? {
                black_box(found);
                if depth == Depth::Logits {
                    reader.score(bundle, tables, part.text);
                    black_box(&reader.logits);
                }
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
                black_box(self.scorer.logits(part.text, &tokens));
            }
        }
        Ok(())
    }
}

fn sentences_of(text: &str, passages: &[Passage]) -> Vec<Span> {
    let has_word = |span: &Span| span.slice(text).contains(char::is_alphanumeric);
    let spans = |p: &Passage| match p.is_sentence {
        true => vec![p.span],
        false => sentences_in(text, p.span).into_iter().filter(has_word).collect(),
    };
    passages.iter().flat_map(spans).collect()
}

fn noise_of(scorer: &Scorer, text: &str, sentences: &[Span]) -> Noise {
    noise(text, sentences, &|word| scorer.bundle().mask().is_common(word))
}

fn quotes_of(text: &str, passages: &[Passage]) -> Vec<Span> {
    passages.iter().flat_map(|p| quoted_in(text, p.span)).collect()
}

fn missing(scorer: &Scorer) -> crate::Error {
    crate::Error::Settings {
        setting: "folders".into(),
        found: format!("none for `{}`", scorer.lang()),
        expected: "the folder of every bundle".into(),
    }
}
