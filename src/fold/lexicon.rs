//! The words that were met, each with all that the heads need of it.
//!
//! In: a word as it stands in a text. Out: its [`Kind`]s, one a token, and their rows. Start at [`Lexicon::word`]. A word is
//! read by the slow code once, and looked up by all of its bytes from then on: no other word can be taken for it. The
//! lexicon is bounded: when it is full it begins anew, so its contents hang on what was read before, and no score does.

use super::phrases::NONE;
use super::row;
use super::spellings::Spellings;
use super::tables::Tables;
use crate::error::Result;
use crate::features::classes;
use crate::features::names::{Signs, known_form, placeholder};
use crate::model::Bundle;
use crate::text::{Span, Token, TokenShape, Tokens, lexeme, normal};
use rustc_hash::FxHashMap;

/// So many kinds and words with a hyphen are kept, and so many bytes of them.
const MOST_WORDS: usize = 1 << 16;
const MOST_BYTES: usize = 1 << 21;

/// No row yet.
const UNREAD: u32 = u32::MAX;

/// A token wherever it stands.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What it tells of being a name.
    pub signs: Signs,
    /// What it looks like.
    pub shape: TokenShape,
    /// See [`Kind::EMPTY`] and the others.
    pub flags: u8,
    /// The features of outward form that it has as a sentence's last token: a bit each, from the first on.
    pub last: u16,
    /// What it is as a name, by its place in [`crate::features::names::PLACEHOLDERS`].
    pub placeholder: u8,
    /// Its word's number, or [`NONE`].
    pub word: u32,
    /// The same where it may be part of a known name.
    pub known: u32,
    /// Where it stands in the word that it was cut from, in bytes.
    pub start: u32,
    /// See `start`.
    pub end: u32,
    /// Its pieces, among those of the lexicon: the first, and how many.
    pieces: (u32, u32),
    row: u32,
}

/// What is asked of a kind less often.
#[derive(Debug, Clone, Copy)]
struct Origin {
    /// The word that it was cut from, among the text of the lexicon.
    word: (u32, u32),
    /// Its word as facts see it.
    form: (u32, u32),
}

impl Kind {
    /// It has no normal form: no n-gram sees it.
    pub const EMPTY: u8 = 1;
    /// There is a space in its normal form: a phrase of several words.
    pub const SPACED: u8 = 1 << 1;
    /// It has a possessive ending.
    pub const POSSESSIVE: u8 = 1 << 2;
    /// It is a hyphen: its neighbours may be parts of one word.
    pub const HYPHEN: u8 = 1 << 3;

    /// Whether it has a flag.
    #[must_use]
    pub const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// Of a word's number the bits that say how many kinds it has; the others are the number of the first.
const COUNT_BITS: u32 = 8;

/// The words that were met.
#[derive(Debug, Default)]
pub struct Lexicon {
    spellings: Spellings,
    text: String,
    kinds: Vec<Kind>,
    origins: Vec<Origin>,
    pieces: Vec<u32>,
    /// One a kind that was needed as a word: of the sentence heads, and of the span heads.
    rows: Vec<f32>,
    span_rows: Vec<f32>,
    /// Of the span heads, one a kind of name.
    names: FxHashMap<(TokenShape, u8), u32>,
    name_rows: Vec<f32>,
    /// Of the facts that not every vocabulary has: the numbers of their rows, and those.
    facts: FxHashMap<u32, u32>,
    fact_rows: Vec<f32>,
    /// Words with a hyphen, by all of their bytes: rows of what their classes say.
    compounds: FxHashMap<Box<str>, u32>,
    compound_rows: Vec<f32>,
    /// A token by itself, for the code that reads it.
    one: Tokens,
}

impl Lexicon {
    /// Begins anew if it is full; numbers of kinds and rows from before are void then.
    pub fn make_room(&mut self) {
        let is_full = |words: usize, bytes: usize| words >= MOST_WORDS || bytes >= MOST_BYTES;
        if is_full(self.kinds.len() + self.compounds.len(), self.text.len()) {
            self.spellings.clear();
            self.text.clear();
            self.kinds.clear();
            self.origins.clear();
            self.pieces.clear();
            self.rows.clear();
            self.span_rows.clear();
            self.compounds.clear();
            self.compound_rows.clear();
        }
    }

    /// The numbers of the kinds, in order, of the word that stands at `word` in a text.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the word.
    pub fn word(&mut self, bundle: &Bundle, tables: &Tables, text: &str, word: Span) -> Result<std::ops::Range<u32>> {
        match self.met(text, word) {
            Some(kinds) => Ok(kinds),
            None => self.read(bundle, tables, word.slice(text)),
        }
    }

    /// The same, if the word was met before.
    #[must_use]
    pub fn met(&self, text: &str, word: Span) -> Option<std::ops::Range<u32>> {
        let number = self.spellings.get(text, word.start, word.end)?;
        let first = number >> COUNT_BITS;
        Some(first..first + number % (1 << COUNT_BITS))
    }

    #[cold]
    fn read(&mut self, bundle: &Bundle, tables: &Tables, word: &str) -> Result<std::ops::Range<u32>> {
        let tokens = bundle.tokenizer.tokenize(word, Span::new(0, word.len()))?;
        let start = self.text.len() as u32;
        self.text.push_str(word);
        let place = (start, self.text.len() as u32);
        let first = self.kinds.len() as u32;
        for token in &tokens.tokens {
            let pieces = self.pieces.len() as u32;
            self.pieces.extend_from_slice(tokens.pieces_of(token));
            let form = normal(token.span.slice(word));
            let start = self.text.len() as u32;
            self.text.push_str(lexeme(&form));
            let kind = kind(bundle, tables, token.span.slice(word), &form, token);
            let (pieces, form) = ((pieces, self.pieces.len() as u32 - pieces), (start, self.text.len() as u32));
            self.kinds.push(Kind { pieces, ..kind });
            self.origins.push(Origin { word: place, form });
        }
        let kinds = first..self.kinds.len() as u32;
        // A word of more kinds is read anew each time: there is none in any text but one made so.
        if kinds.len() < 1 << COUNT_BITS {
            self.spellings.insert(word, first << COUNT_BITS | kinds.len() as u32);
        }
        Ok(kinds)
    }

    /// A kind.
    #[must_use]
    pub fn kind(&self, kind: u32) -> &Kind {
        &self.kinds[kind as usize]
    }

    /// A kind's word as facts see it ([`crate::features::facts::words`]), if it is no name.
    #[must_use]
    pub fn form(&self, kind: u32) -> &str {
        slice(&self.text, self.origins[kind as usize].form)
    }

    /// The pieces of a kind.
    #[must_use]
    pub fn pieces(&self, kind: &Kind) -> &[u32] {
        let (first, count) = kind.pieces;
        self.pieces.get(first as usize..(first + count) as usize).unwrap_or_default()
    }

    /// The number of a kind's rows, as a word.
    pub fn row(&mut self, bundle: &Bundle, tables: &Tables, kind: u32) -> u32 {
        let known = self.kinds[kind as usize].row;
        if known == UNREAD { self.read_row(bundle, tables, kind) } else { known }
    }

    #[cold]
    fn read_row(&mut self, bundle: &Bundle, tables: &Tables, kind: u32) -> u32 {
        let width = tables.layout.width().max(1);
        let number = (self.rows.len() / width) as u32;
        self.alone(kind, false);
        let word = slice(&self.text, self.origins[kind as usize].word);
        row::of_word(bundle, tables.layout, word, &self.one, &mut self.rows);
        row::of_token(bundle, word, &self.one, &mut self.span_rows);
        self.kinds[kind as usize].row = number;
        number
    }

    /// The number of a kind's row for the span heads, as a name.
    pub fn name_row(&mut self, bundle: &Bundle, tables: &Tables, kind: u32) -> u32 {
        let of = self.kinds[kind as usize];
        // All that is seen of a name.
        let seen = (of.shape, of.placeholder + 4 * u8::from(of.has(Kind::POSSESSIVE)));
        if let Some(number) = self.names.get(&seen) {
            return *number;
        }
        let width = tables.spans.width().max(1);
        let number = (self.name_rows.len() / width) as u32;
        self.alone(kind, true);
        let word = slice(&self.text, self.origins[kind as usize].word);
        row::of_token(bundle, word, &self.one, &mut self.name_rows);
        self.names.insert(seen, number);
        number
    }

    /// Leaves one kind in `one`.
    fn alone(&mut self, kind: u32, name: bool) {
        let of = self.kinds[kind as usize];
        self.one.tokens.clear();
        self.one.pieces.clear();
        let (first, count) = of.pieces;
        let pieces = self.pieces.get(first as usize..(first + count) as usize).unwrap_or_default();
        self.one.pieces.extend_from_slice(pieces);
        let span = Span::new(of.start as usize, of.end as usize);
        self.one.tokens.push(Token { span, pieces: 0..pieces.len() as u32, shape: of.shape, quoted: false, name });
    }

    /// What the classes of a word with a hyphen say, laid out as a row is.
    pub fn compound(&mut self, bundle: &Bundle, tables: &Tables, word: &str) -> &[f32] {
        let width = tables.layout.width();
        let number = match self.compounds.get(word) {
            Some(number) => *number,
            None => {
                let number = self.compounds.len() as u32;
                let start = self.compound_rows.len();
                self.compound_rows.resize(start + width, 0.0);
                row::of_form(bundle, tables.layout, &normal(word), &mut self.compound_rows[start..]);
                self.compounds.insert(word.into(), number);
                number
            }
        };
        &self.compound_rows[number as usize * width..][..width]
    }

    /// What a fact says to the span heads, laid out as their rows are.
    pub fn fact_row<'r>(&'r mut self, bundle: &Bundle, tables: &'r Tables, fact: u32) -> &'r [f32] {
        let width = tables.spans.width();
        if let Some(row) = tables.facts.get(fact as usize * width..(fact as usize + 1) * width) {
            return row;
        }
        let number = *self.facts.entry(fact).or_insert_with(|| {
            row::of_fact(&bundle.fitted.spans, fact, &mut self.fact_rows);
            (self.fact_rows.len() / width.max(1)) as u32 - 1
        });
        &self.fact_rows[number as usize * width..][..width]
    }

    /// Has the rows of words for the sentence heads read from memory side by side, rather than each when the one before it
    /// has been added; `rows` are their numbers, with whether each is a name, which has none.
    pub fn fetch(&self, tables: &Tables, rows: impl Iterator<Item = (bool, u32)>) {
        const LINE: usize = 64 / size_of::<f32>();
        let width = tables.layout.width();
        let most_read = tables.layout.markers().end;
        let numbers = rows
            .filter(|(name, _)| !name)
            .filter_map(|(_, row)| self.rows.get(row as usize * width..)?.get(..most_read));
        std::hint::black_box(numbers.flat_map(|row| row.iter().step_by(LINE)).sum::<f32>());
    }

    /// The row of a number for the sentence heads.
    #[must_use]
    pub fn sentence_row(&self, tables: &Tables, row: u32) -> &[f32] {
        let width = tables.layout.width();
        &self.rows[row as usize * width..][..width]
    }

    /// The row of a number for the span heads; of a name, or of a word.
    #[must_use]
    pub fn span_row(&self, tables: &Tables, name: bool, row: u32) -> &[f32] {
        let width = tables.spans.width();
        let rows = if name { &self.name_rows } else { &self.span_rows };
        &rows[row as usize * width..][..width]
    }
}

fn kind(bundle: &Bundle, tables: &Tables, original: &str, form: &str, token: &Token) -> Kind {
    let shape = token.shape;
    let flags = [
        (Kind::EMPTY, form.is_empty()),
        (Kind::SPACED, form.contains(' ')),
        (Kind::POSSESSIVE, crate::text::is_possessive(original)),
        (Kind::HYPHEN, original == "-"),
    ];
    let mut last = 0;
    classes::of_last(form, |feature| last |= 1 << (feature - classes::SHAPE));
    let known = known_form(original, shape);
    Kind {
        signs: bundle.fitted.mask.signs(original, shape),
        shape,
        flags: flags.iter().filter(|(_, holds)| *holds).fold(0, |all, (flag, _)| all | flag),
        last,
        placeholder: placeholder(original) as u8,
        word: if form.is_empty() { NONE } else { tables.words.number(lexeme(form)) },
        known: if known.is_empty() { NONE } else { tables.words.number(&known) },
        start: token.span.start as u32,
        end: token.span.end as u32,
        pieces: (0, 0),
        row: UNREAD,
    }
}

fn slice(text: &str, (start, end): (u32, u32)) -> &str {
    text.get(start as usize..end as usize).unwrap_or_default()
}
