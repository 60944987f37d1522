//! From a sentence to tokens and their word pieces.
//!
//! In: a text and the span of one of its sentences. Out: [`Tokens`], the sentence's words with
//! their places in the original text and the vocabulary numbers of their pieces. Start at
//! [`Tokenizer::tokenize`]. Where words begin and end is decided in `word.rs`, from the original
//! text alone; the `tokenizers` crate normalises and cuts pieces, as BERT does. Words in Arabic
//! letters are normalised, and freed of their proclitics, by `arabic.rs`; only the pieces of what is
//! left come from that crate.

use std::ops::Range;

use serde_json::json;

use super::arabic::{self, is_arabic, lexeme};
use super::normalize;
use super::shape::TokenShape;
use super::span::Span;
use super::word::words;
use crate::error::{Error, Result};
use rustc_hash::FxHashSet;
use tokenizers::Model;

/// The piece that stands for whatever the vocabulary cannot spell.
const UNKNOWN: &str = "[UNK]";

/// Longer words, in characters, are unknown; it bounds the work on a word.
const MAX_WORD_CHARS: usize = 64;

/// One word, number, address or mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes of the original text.
    pub span: Span,
    /// Which of [`Tokens::pieces`] are its own; never empty.
    pub pieces: Range<u32>,
    /// What it looks like.
    pub shape: TokenShape,
    /// Whether it stands inside a quoted passage; false until [`mark_quoted`] says so.
    pub quoted: bool,
    /// Whether it is a proper name; false until the features' mask says so.
    pub name: bool,
}

/// The tokens of one sentence, in order, without overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tokens {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// The vocabulary numbers of all pieces, in the order of the tokens.
    pub pieces: Vec<u32>,
}

impl Tokens {
    /// Some of the tokens, with their pieces and nothing else.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::default();
        for token in self.tokens.get(range).unwrap_or_default() {
            let first = part.pieces.len() as u32;
            part.pieces.extend_from_slice(self.pieces_of(token));
            part.tokens.push(Token { pieces: first..part.pieces.len() as u32, ..token.clone() });
        }
        part
    }

    /// The pieces of one of these tokens.
    #[must_use]
    pub fn pieces_of(&self, token: &Token) -> &[u32] {
        self.pieces.get(token.pieces.start as usize..token.pieces.end as usize).unwrap_or(&[])
    }
}

/// Marks the tokens that overlap one of `quotes`, which must be in order and without overlap, as
/// `quoted` gives them. One linear merge.
pub fn mark_quoted(tokens: &mut Tokens, quotes: &[Span]) {
    let mut quotes = quotes.iter().peekable();
    for token in &mut tokens.tokens {
        while quotes.next_if(|quote| quote.end <= token.span.start).is_some() {}
        token.quoted = quotes.peek().is_some_and(|quote| quote.overlaps(token.span));
    }
}

/// Cuts sentences into tokens and pieces. Can be shared between threads.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    unknown: u32,
    /// Words in normal form that are words although the vocabulary has no piece for them.
    known: FxHashSet<Box<str>>,
}

impl Tokenizer {
    /// Reads a `tokenizer.json` of the `tokenizers` crate. Truncation, padding and special tokens
    /// that it asks for are left out.
    ///
    /// # Errors
    ///
    /// [`Error::Tokenizer`] when it cannot be read or has no `[UNK]` piece.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let mut inner = tokenizers::Tokenizer::from_bytes(json).map_err(refused)?;
        inner.with_truncation(None).map_err(refused)?;
        inner.with_padding(None);
        let unknown = inner
            .token_to_id(UNKNOWN)
            .ok_or_else(|| Error::Tokenizer(format!("found no {UNKNOWN} piece in the vocabulary; expected one")))?;
        Ok(Self { inner, unknown, known: FxHashSet::default() })
    }

    /// Builds an uncased WordPiece tokenizer. A piece's number is its place in `vocabulary`; pieces
    /// that continue a word begin with `##`.
    ///
    /// # Errors
    ///
    /// [`Error::Tokenizer`] when a piece is listed twice, or `[UNK]` is not listed.
    pub fn from_parts(vocabulary: Vec<String>) -> Result<Self> {
        let pieces = vocabulary.len();
        let vocabulary: serde_json::Map<_, _> =
            vocabulary.into_iter().enumerate().map(|(number, piece)| (piece, json!(number))).collect();
        if vocabulary.len() != pieces {
            let doubles = pieces - vocabulary.len();
            return Err(Error::Tokenizer(format!(
                "found {doubles} pieces twice in the vocabulary; expected each once"
            )));
        }
        // Symbols are cut off first: BERT cuts at punctuation only, and a word with an emoji or a
        // euro sign glued to it would be unknown.
        let definition = json!({
            "version": "1.0",
            "added_tokens": [],
            "normalizer": {
                "type": "BertNormalizer",
                "clean_text": true, "handle_chinese_chars": false, "strip_accents": true, "lowercase": true,
            },
            "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
                { "type": "Split", "pattern": { "Regex": r"\p{S}" }, "behavior": "Isolated", "invert": false },
                { "type": "BertPreTokenizer" },
            ]},
            "model": {
                "type": "WordPiece",
                "unk_token": UNKNOWN, "continuing_subword_prefix": "##", "max_input_chars_per_word": MAX_WORD_CHARS,
                "vocab": vocabulary,
            },
        });
        Self::from_json(definition.to_string().as_bytes())
    }

    /// Has Arabic proclitics cut off before these words too, given in normal form without article; names, for instance,
    /// that are too rare to have a piece of their own.
    #[must_use]
    pub fn knowing<'a>(mut self, words: impl Iterator<Item = &'a str>) -> Self {
        self.known.extend(words.map(Box::from));
        self
    }

    /// The definition, as [`Tokenizer::from_json`] reads it. The words of [`Tokenizer::knowing`] are not in it.
    ///
    /// # Errors
    ///
    /// [`Error::Tokenizer`] when the `tokenizers` crate cannot write it.
    pub fn to_json(&self) -> Result<String> {
        self.inner.to_string(false).map_err(refused)
    }

    /// How many pieces there are.
    #[must_use]
    pub fn vocabulary_size(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    /// The number of a piece, spelled as in the vocabulary (`##ing`).
    #[must_use]
    pub fn piece_id(&self, piece: &str) -> Option<u32> {
        self.inner.token_to_id(piece)
    }

    /// The number of the piece that stands for whatever the vocabulary cannot spell.
    #[must_use]
    pub fn unknown_id(&self) -> u32 {
        self.unknown
    }

    /// As [`Tokenizer::tokenize`], with words cut at the byte offsets `cuts`: in order, inside the sentence.
    /// A word is never cut where it has no character on one side.
    ///
    /// # Errors
    ///
    /// As [`Tokenizer::tokenize`].
    pub fn tokenize_cut(&self, text: &str, sentence: Span, cuts: &[usize]) -> Result<Tokens> {
        let mut result = Tokens::default();
        for part in parts_of(text, sentence, cuts) {
            let part = self.tokenize(text, part)?;
            let before = piece_number(result.pieces.len());
            result.pieces.extend(part.pieces);
            result.tokens.extend(part.tokens.into_iter().map(|mut token| {
                token.pieces = token.pieces.start.saturating_add(before)..token.pieces.end.saturating_add(before);
                token
            }));
        }
        Ok(result)
    }

    /// The tokens of the sentence at `sentence` in `text`. Token spans point into `text`. What a word's tokens are
    /// hangs on the word alone. One that cannot be spelled from the vocabulary has `[UNK]` in the place of each part between
    /// punctuation that cannot.
    ///
    /// # Errors
    ///
    /// [`Error::Tokenizer`] when `tokenizers` refuses the text; text that is UTF-8 never is.
    pub fn tokenize(&self, text: &str, sentence: Span) -> Result<Tokens> {
        let slice = sentence.slice(text);
        let mut result = Tokens::default();
        let mut form = String::new();
        for word in words(slice) {
            let original = word.slice(slice);
            if is_arabic_word(original) {
                self.arabic(slice, sentence.start, word, &mut form, &mut result)?;
            } else {
                let first = result.pieces.len();
                result.pieces.extend_from_slice(self.inner.encode_fast(original, false).map_err(refused)?.get_ids());
                self.push(sentence.start, word, first, TokenShape::of(original), &mut result);
            }
        }
        Ok(result)
    }

    /// Appends the tokens of one Arabic word: its proclitics, and the rest.
    fn arabic(&self, slice: &str, offset: usize, word: Span, form: &mut String, result: &mut Tokens) -> Result<()> {
        let original = word.slice(slice);
        let mut from = 0;
        for end in arabic::cut(original, |word| self.known.contains(word) || self.piece_id(word).is_some()) {
            let first = result.pieces.len();
            let proclitic = &original[from..end];
            self.pieces(proclitic, form, result)?;
            let span = Span::new(word.start + from, word.start + end);
            self.push(offset, span, first, TokenShape::of_proclitic(proclitic), result);
            from = end;
        }
        let first = result.pieces.len();
        let rest = &original[from..];
        self.pieces(rest, form, result)?;
        self.push(offset, Span::new(word.start + from, word.end), first, TokenShape::of(rest), result);
        Ok(())
    }

    /// Appends the pieces of a word's normal form, without its article.
    fn pieces(&self, word: &str, form: &mut String, result: &mut Tokens) -> Result<()> {
        normalize::word(word, form);
        // A hashtag's sign and joiners are no part of its words.
        for part in form.split_inclusive(['#', '@', '_']) {
            let (part, sign) = match part.char_indices().next_back() {
                Some((at, sign @ ('#' | '@' | '_'))) => (&part[..at], &part[at..at + sign.len_utf8()]),
                _ => (part, ""),
            };
            for piece in [lexeme(part), sign].into_iter().filter(|piece| !piece.is_empty()) {
                let pieces = self.inner.get_model().tokenize(piece).map_err(refused)?;
                result.pieces.extend(pieces.iter().map(|piece| piece.id));
            }
        }
        Ok(())
    }

    /// Appends a token whose pieces are those from `first` on.
    fn push(&self, offset: usize, word: Span, first: usize, shape: TokenShape, result: &mut Tokens) {
        if result.pieces.len() == first {
            // The normaliser dropped every character of it: U+FFFD, private use.
            result.pieces.push(self.unknown);
        }
        result.tokens.push(Token {
            span: Span::new(offset + word.start, offset + word.end),
            pieces: piece_number(first)..piece_number(result.pieces.len()),
            shape,
            quoted: false,
            name: false,
        });
    }
}

/// The parts of a sentence that is cut at these byte offsets, which are in order; a cut between no two characters of it is
/// passed over.
pub fn parts_of<'c>(text: &'c str, sentence: Span, cuts: &'c [usize]) -> impl Iterator<Item = Span> + 'c {
    let mut start = sentence.start;
    let is_inside = move |cut: &usize| (sentence.start + 1..sentence.end).contains(cut) && text.is_char_boundary(*cut);
    cuts.iter().copied().filter(is_inside).chain([sentence.end]).filter_map(move |cut| {
        let part = Span::new(start, cut);
        start = start.max(cut);
        (cut > part.start || cut == sentence.end).then_some(part)
    })
}

/// Whether a word is a run of Arabic letters, or one with a sign before it (`#غزة`) or a joiner in it.
fn is_arabic_word(word: &str) -> bool {
    word.trim_start_matches(['#', '@']).starts_with(is_arabic)
}

/// A place in `Tokens::pieces`. A sentence with more than 2^32 pieces would not fit in memory.
fn piece_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn refused(error: tokenizers::Error) -> Error {
    Error::Tokenizer(error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::text::is_blank;
    use proptest::prelude::*;
    use unicode_categories::UnicodeCategories;

    const VOCABULARY: &[&str] = &[
        "[UNK]", "don", "'", "t", "the", "war", "in", "gaza", "##ns", "u", ".", "s", "1", ",", "000", "#", "cafe", "i",
        "’", "israel", "\"", "🔥", "مدرس", "https", ":", "/", "a", "org", "e", "##s",
    ];

    fn tokenizer() -> Tokenizer {
        Tokenizer::from_parts(VOCABULARY.iter().map(ToString::to_string).collect()).unwrap()
    }

    /// Each token with its pieces, as "slice=piece+piece".
    fn tokenize(text: &str) -> Vec<String> {
        let tokens = tokenizer().tokenize(text, Span::new(0, text.len())).unwrap();
        let spell = |token: &Token| {
            let pieces: Vec<_> = tokens.pieces_of(token).iter().map(|&id| VOCABULARY[id as usize]).collect();
            format!("{}={}", token.span.slice(text), pieces.join("+"))
        };
        tokens.tokens.iter().map(spell).collect()
    }

    #[test]
    fn a_word_with_an_apostrophe_is_one_token_of_true_pieces() {
        assert_eq!(tokenize("Don't Israel’s"), ["Don't=don+'+t", "Israel’s=israel+’+s"]);
    }

    #[test]
    fn a_word_is_cut_into_pieces_and_an_unknown_one_is_a_single_unk() {
        assert_eq!(tokenize("Gazans zebra"), ["Gazans=gaza+##ns", "zebra=[UNK]"]);
    }

    #[test]
    fn numbers_acronyms_hashtags_and_addresses_are_one_token() {
        assert_eq!(tokenize("1,000 U.S. #Gaza"), ["1,000=1+,+000", "U.S.=u+.+s+.", "#Gaza=#+gaza"]);
        assert_eq!(tokenize("https://a.org"), ["https://a.org=https+:+/+/+a+.+org"]);
    }

    #[test]
    fn a_proclitic_is_cut_off_before_a_word_of_the_vocabulary_and_one_that_is_known() {
        let pieces = ["[UNK]", "و", "قال"].map(str::to_owned).to_vec();
        let tokenizer = Tokenizer::from_parts(pieces).unwrap().knowing(["ارمينيا"].into_iter());
        let text = "وقال #وقال وأرمينيا وتركيا";
        let tokens = tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
        let slices: Vec<_> = tokens.tokens.iter().map(|token| token.span.slice(text)).collect();
        assert_eq!(slices, ["و", "قال", "#وقال", "و", "أرمينيا", "وتركيا"]);
        assert!(tokens.tokens[0].shape.is_proclitic() && !tokens.tokens[1].shape.is_proclitic());
    }

    #[test]
    fn an_emoji_glued_to_a_word_leaves_the_word_known() {
        assert_eq!(tokenize("war🔥"), ["war=war", "🔥=🔥"]);
    }

    #[test]
    fn spans_cover_accents_that_the_normaliser_removes() {
        assert_eq!(tokenize("cafe\u{301} war"), ["cafe\u{301}=cafe", "war=war"]);
        assert_eq!(tokenize("Café"), ["Café=cafe"]);
        assert_eq!(tokenize("مُدَرِّسٌ"), ["مُدَرِّسٌ=مدرس"]);
        assert_eq!(tokenize("İ"), ["İ=i"]);
    }

    #[test]
    fn blanks_of_every_kind_separate_and_zero_widths_vanish() {
        assert_eq!(
            tokenize("\u{feff}the\u{a0}war\r\nin\u{200b} \u{200d}Gaza\u{feff}"),
            ["the=the", "war=war", "in=in", "Gaza=gaza"]
        );
    }

    #[test]
    fn characters_that_the_normaliser_drops_are_unknown_tokens() {
        assert_eq!(tokenize("war \u{fffd} in"), ["war=war", "\u{fffd}=[UNK]", "in=in"]);
    }

    #[test]
    fn spans_point_into_the_whole_text() {
        let text = "É. The war.";
        let tokens = tokenizer().tokenize(text, Span::new(4, text.len())).unwrap();
        let slices: Vec<_> = tokens.tokens.iter().map(|token| token.span.slice(text)).collect();
        assert_eq!(slices, ["The", "war", "."]);
    }

    #[test]
    fn tokens_inside_a_quotation_are_marked() {
        let text = "the \"war\" in Gaza";
        let mut tokens = tokenizer().tokenize(text, Span::new(0, text.len())).unwrap();
        mark_quoted(&mut tokens, &[Span::new(4, 9)]);
        let quoted: Vec<_> = tokens.tokens.iter().map(|token| token.quoted).collect();
        assert_eq!(quoted, [false, true, true, true, false, false]);
    }

    #[test]
    fn a_word_is_cut_where_asked_into_tokens_with_pieces_of_their_own() {
        let text = "In theWar, don't";
        let tokens = tokenizer().tokenize_cut(text, Span::new(0, text.len()), &[6]).unwrap();
        let slices: Vec<_> = tokens.tokens.iter().map(|token| token.span.slice(text)).collect();
        assert_eq!(slices, ["In", "the", "War", ",", "don't"]);
        let pieces = |at: usize| tokens.pieces_of(&tokens.tokens[at]).iter().map(|&id| VOCABULARY[id as usize]);
        assert_eq!(pieces(1).chain(pieces(2)).collect::<Vec<_>>(), ["the", "war"]);
        assert_eq!(pieces(4).collect::<Vec<_>>(), ["don", "'", "t"]);
        assert_eq!(tokenizer().tokenize_cut("", Span::new(0, 0), &[]).unwrap(), Tokens::default());
    }

    #[test]
    fn the_definition_survives_writing_and_reading() {
        let first = tokenizer();
        let second = Tokenizer::from_json(first.to_json().unwrap().as_bytes()).unwrap();
        let text = "Don't, the WAR🔥 in Gaza!";
        let whole = Span::new(0, text.len());
        assert_eq!(first.tokenize(text, whole).unwrap(), second.tokenize(text, whole).unwrap());
        assert_eq!((second.vocabulary_size(), second.piece_id("##ns")), (VOCABULARY.len(), Some(8)));
    }

    #[test]
    fn a_vocabulary_without_unk_or_with_doubles_is_refused() {
        assert!(matches!(Tokenizer::from_parts(vec!["a".into()]), Err(Error::Tokenizer(_))));
        let doubled = ["[UNK]", "a", "a"].map(String::from).to_vec();
        assert!(matches!(Tokenizer::from_parts(doubled), Err(Error::Tokenizer(_))));
        assert!(matches!(Tokenizer::from_json(b"{"), Err(Error::Tokenizer(_))));
    }

    #[test]
    fn a_tokenizer_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Tokenizer>();
    }

    proptest! {
        #[test]
        fn tokens_are_ordered_and_cover_everything_visible(
            text in "(\\PC|the|war|don't|İ|ﬁ|é|e\u{301}|[ \u{a0}\u{200b}\u{200d}\u{feff}\r\n.,'’]|مُدَرِّس|👩\u{200d}👧)*"
        ) {
            let tokens = tokenizer().tokenize(&text, Span::new(0, text.len())).unwrap();
            let (mut end, mut pieces) = (0, 0);
            for token in &tokens.tokens {
                prop_assert!(token.span.start >= end && !token.span.slice(&text).is_empty());
                prop_assert!(text[end..token.span.start].chars().all(|c| is_blank(c) || c.is_mark_nonspacing()));
                prop_assert!(token.pieces.start == pieces && token.pieces.end > pieces);
                (end, pieces) = (token.span.end, token.pieces.end);
            }
            prop_assert!(text[end..].chars().all(|c| is_blank(c) || c.is_mark_nonspacing()));
            prop_assert_eq!(pieces as usize, tokens.pieces.len());
        }

        #[test]
        fn known_words_get_their_own_pieces_whatever_stands_between(
            words in prop::collection::vec(prop::sample::select(vec!["the", "War", "in", "GAZA", "cafe\u{301}"]), 1..9),
            gap in prop::sample::select(vec![" ", "\u{a0}", "\u{200b} ", " \u{feff}", "\r\n", "\u{301} \u{200d}", " 👩\u{200d}👧 ", " ﬁ İ "]),
        ) {
            let text = words.join(gap);
            let tokens = tokenizer().tokenize(&text, Span::new(0, text.len())).unwrap();
            let known = |token: &&Token| words.contains(&token.span.slice(&text));
            for token in tokens.tokens.iter().filter(known) {
                let expected = token.span.slice(&text).to_lowercase().replace('\u{301}', "");
                prop_assert_eq!(tokens.pieces_of(token), &[tokenizer().piece_id(&expected).unwrap()]);
            }
        }
    }
}
