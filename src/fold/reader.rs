//! One sentence after the other, read by looking rows up and adding.
//!
//! In: a sentence of a text, where glued words are cut, and the text's quoted passages. Out: its tokens, its spans, and the
//! logits of its sentence heads. Start at [`Reader::read`]. Its buffers are kept from sentence to sentence.

use super::lexicon::{Kind, Lexicon};
use super::phrases::NONE;
use super::pool::pools;
use super::row::{Part, of_context};
use super::tables::Tables;
use crate::error::Result;
use crate::features::classes;
use crate::features::facts::{NAME_WORD, of_surroundings};
use crate::features::marker::{OFFSETS as WINDOW, POOLS, context};
use crate::features::names::{Signs, flag_capitals, flag_known, goes_on, placeholder};
use crate::heads::chain::OFFSETS;
use crate::heads::span::{Found, bar};
use crate::heads::viterbi::{Paths, Steps};
use crate::heads::{LONGEST, SpanHead, Spans, loaded};
use crate::model::Bundle;
use crate::text::{Span, Token, TokenShape, Tokens, mark_quoted, parts_of, stray_capitals, words};

/// Longer sentences, in bytes, are read without folding: they are no prose.
const LONGEST_BYTES: usize = 1 << 14;

/// Reads sentences with the tables of one bundle.
#[derive(Debug, Default)]
pub struct Reader {
    lexicon: Lexicon,
    /// Where the words stand, and the kinds of those that were met before.
    spans: Vec<Span>,
    spelled: Vec<Option<std::ops::Range<u32>>>,
    /// The sentence's tokens, names flagged, each word one; with their pieces, where the bundle has a head for stances.
    pub tokens: Tokens,
    kinds: Vec<u32>,
    /// The flags that any of the kinds has.
    seen: u8,
    rows: Vec<u32>,
    signs: Vec<Signs>,
    names: Vec<bool>,
    /// The first and last token of each once runs of names are one.
    merged: Vec<(u32, u32)>,
    /// Fact numbers, and where those of each token end.
    facts: Vec<u32>,
    ends: Vec<u32>,
    /// The numbers of its words, and the places and nodes of the n-grams that begin with them.
    words: Vec<u32>,
    nodes: Vec<(u32, u32)>,
    /// What those say.
    grams: Vec<f32>,
    markers: Vec<f32>,
    quoted: Vec<f32>,
    emissions: [Vec<f32>; 2],
    paths: Paths,
    sums: Vec<f32>,
    /// The sentence's logits, one an output.
    pub logits: Vec<f64>,
}

impl Reader {
    /// Reads a sentence: tokens, and what the span heads find. `None` of one that has to be read without folding.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses a word.
    pub fn read(
        &mut self,
        bundle: &Bundle,
        tables: &Tables,
        text: &str,
        sentence: Span,
        cuts: &[usize],
        quotes: &[Span],
    ) -> Result<Option<Spans>> {
        let is_read = self.tokens_of(bundle, tables, text, sentence, cuts, quotes)?;
        if is_read && bundle.stance_head().is_some() {
            self.add_pieces();
        }
        Ok(is_read.then(|| self.find(bundle, tables)))
    }

    /// Adds the tokens' pieces: only stances are told from them.
    fn add_pieces(&mut self) {
        let Self { lexicon, tokens, kinds, .. } = self;
        for (token, kind) in tokens.tokens.iter_mut().zip(&*kinds) {
            let first = tokens.pieces.len() as u32;
            tokens.pieces.extend_from_slice(lexicon.pieces(lexicon.kind(*kind)));
            token.pieces = first..tokens.pieces.len() as u32;
        }
    }

    /// Reads a sentence's tokens alone, without their pieces; false of one that has to be read without folding.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn tokens_of(
        &mut self,
        bundle: &Bundle,
        tables: &Tables,
        text: &str,
        sentence: Span,
        cuts: &[usize],
        quotes: &[Span],
    ) -> Result<bool> {
        if sentence.len() > LONGEST_BYTES {
            return Ok(false);
        }
        self.lexicon.make_room();
        self.tokens.tokens.clear();
        self.tokens.pieces.clear();
        self.kinds.clear();
        self.seen = 0;
        for part in parts_of(text, sentence, cuts) {
            self.tokenize(bundle, tables, text, part)?;
        }
        if self.kinds.len() > LONGEST || self.seen & Kind::SPACED != 0 {
            return Ok(false);
        }
        mark_quoted(&mut self.tokens, quotes);
        self.flag(bundle, tables, text);
        Ok(true)
    }

    fn tokenize(&mut self, bundle: &Bundle, tables: &Tables, text: &str, part: Span) -> Result<()> {
        let Self { lexicon, tokens, kinds, seen, spans, spelled, .. } = self;
        spans.clear();
        spans.extend(words(part.slice(text)).map(|word| Span::new(part.start + word.start, part.start + word.end)));
        // One step at a time for all words, so that memory is read for many of them at once.
        spelled.clear();
        spelled.extend(spans.iter().map(|word| lexicon.met(text, *word)));
        for (word, met) in spans.iter().zip(&*spelled) {
            let numbers = match met {
                Some(numbers) => numbers.clone(),
                None => lexicon.word(bundle, tables, text, *word)?,
            };
            for number in numbers {
                let kind = lexicon.kind(number);
                *seen |= kind.flags;
                tokens.tokens.push(Token {
                    span: Span::new(word.start + kind.start as usize, word.start + kind.end as usize),
                    pieces: 0..0,
                    shape: kind.shape,
                    quoted: false,
                    name: false,
                });
                kinds.push(number);
            }
        }
        Ok(())
    }

    /// Flags names, and gives every token its row.
    fn flag(&mut self, bundle: &Bundle, tables: &Tables, text: &str) {
        let Self { lexicon, tokens, kinds, signs, names, rows, .. } = self;
        names.clear();
        names.resize(kinds.len(), false);
        if bundle.fitted.mask.is_active() {
            signs.clear();
            signs.extend(kinds.iter().map(|kind| lexicon.kind(*kind).signs));
            flag_capitals(signs, names);
            if !tables.known.is_empty() {
                let known = |at: usize| kinds.get(at).map_or(NONE, |kind| lexicon.kind(*kind).known);
                flag_known(signs, |at| tables.known.longest(|n| known(at + n)), names);
            }
            if signs.iter().any(|signs| signs.has(Signs::MAY_BE_STRAY)) {
                let token = |at: usize| tokens.tokens[at].span.slice(text);
                stray_capitals(kinds.len(), token, |stray| names[stray] = false);
            }
        }
        rows.clear();
        for ((token, name), kind) in tokens.tokens.iter_mut().zip(&*names).zip(&*kinds) {
            token.name = *name;
            rows.push(match name {
                true => lexicon.name_row(bundle, tables, *kind),
                false => lexicon.row(bundle, tables, *kind),
            });
        }
        lexicon.fetch(tables, tokens.tokens.iter().map(|token| token.name).zip(rows.iter().copied()));
    }

    /// What the span heads find.
    fn find(&mut self, bundle: &Bundle, tables: &Tables) -> Spans {
        let heads = &bundle.fitted.spans;
        let mut spans = Spans::default();
        if heads.loaded.is_none() && heads.attribution.is_none() {
            return spans;
        }
        self.place_facts(tables);
        self.emit(bundle, tables);
        let Self { tokens, emissions: [of_loaded, of_cues], paths, .. } = self;
        if let (Some(head), Some(steps)) = (&heads.loaded, &tables.loaded) {
            spans.loaded = decode(head, steps, of_loaded, paths, |at| loaded::is_barred(tokens, at));
        }
        if let (Some(head), Some([cues, parts])) = (&heads.attribution, &tables.attribution) {
            let cues = decode(&head.cues, cues, of_cues, paths, |at| tokens.tokens[at].shape.is_url());
            if !cues.is_empty() {
                let rows = self.part_rows(bundle, tables);
                let Self { tokens, kinds, lexicon, paths, .. } = self;
                let form = |(token, kind): (&Token, &u32)| if token.name { NAME_WORD } else { lexicon.form(*kind) };
                let words: Vec<&str> = tokens.tokens.iter().zip(&*kinds).map(form).collect();
                spans.relations = head.relations(tokens, &words, cues, &rows, parts, paths);
            }
        }
        spans
    }

    /// The facts that hang on what stands around each token.
    fn place_facts(&mut self, tables: &Tables) {
        let Self { lexicon, tokens, kinds, facts, ends, .. } = self;
        facts.clear();
        ends.clear();
        let word = |at: usize| match tokens.tokens.get(at) {
            Some(token) if token.name => tables.name,
            Some(_) => lexicon.kind(kinds[at]).word,
            None => NONE,
        };
        for at in 0..kinds.len() {
            of_surroundings(tokens, at, |fact| facts.push(fact));
            let pair = tables.pairs.number(tables.pairs.step(word(at), word(at + 1)));
            facts.extend((pair != NONE).then_some(pair));
            ends.push(facts.len() as u32);
        }
    }

    /// Every token's emissions of loaded terms and of cues, with a token more at either end.
    fn emit(&mut self, bundle: &Bundle, tables: &Tables) {
        let layout = tables.spans;
        let length = self.kinds.len();
        let chains = [(0, layout.loaded), (layout.of_cues(), layout.cues)];
        let Self { lexicon, tokens, rows, emissions, facts, ends, .. } = self;
        for (emissions, (_, labels)) in emissions.iter_mut().zip(chains) {
            emissions.clear();
            emissions.resize((length + 2) * labels, 0.0);
        }
        let mut spread = |row: &[f32], at: usize| {
            for (emissions, (first, labels)) in emissions.iter_mut().zip(chains) {
                let width = OFFSETS.len() * labels;
                add(&mut emissions[at * labels..][..width], &row[first..], width);
            }
        };
        for (at, (token, row)) in tokens.tokens.iter().zip(&*rows).enumerate() {
            spread(lexicon.span_row(tables, token.name, *row), at);
            for fact in facts_of(facts, ends, at) {
                spread(lexicon.fact_row(bundle, tables, *fact), at);
            }
        }
    }

    /// The tokens' rows of the chain of parts.
    fn part_rows(&mut self, bundle: &Bundle, tables: &Tables) -> Vec<f32> {
        let layout = tables.spans;
        let mut rows = Vec::with_capacity(self.kinds.len() * layout.parts);
        for (at, token) in self.tokens.tokens.iter().enumerate() {
            let start = rows.len();
            let row = self.lexicon.span_row(tables, token.name, self.rows[at]);
            rows.extend_from_slice(&row[layout.of_parts()..]);
            for fact in facts_of(&self.facts, &self.ends, at) {
                let row = self.lexicon.fact_row(bundle, tables, *fact);
                add(&mut rows[start..], &row[layout.of_parts()..], layout.parts);
            }
        }
        rows
    }

    /// The logits of the sentence that was read, into [`Reader::logits`].
    pub fn score(&mut self, bundle: &Bundle, tables: &Tables, text: &str) {
        self.logits.clear();
        self.logits.extend(&bundle.fitted.weights.intercepts);
        if self.logits.is_empty() {
            return;
        }
        self.merge(text);
        let layout = tables.layout;
        let length = self.merged.len();
        self.sums.clear();
        self.sums.resize(layout.summed(), 0.0);
        self.markers.clear();
        for _ in 0..length + WINDOW.len() - 1 {
            self.markers.extend(bundle.fitted.markers.iter().map(|marker| marker.intercept));
        }
        self.words.clear();
        self.quoted.clear();
        let mut forms = [0.0f32; classes::COUNT - classes::SHAPE];
        let (mut is_first_word, mut is_any_quoted) = (true, false);
        for at in 0..length {
            let (first, last) = (self.merged[at].0 as usize, self.merged[at].1 as usize);
            let token = &self.tokens.tokens[first];
            let (name, quoted, shape) = (token.name, token.quoted, token.shape);
            let kind = self.lexicon.kind(self.kinds[first]);
            let (word, flags, of_last) = (kind.word, kind.flags, kind.last);
            self.quoted.push(f32::from(u8::from(quoted)));
            is_any_quoted |= quoted;
            let is_mark = shape.is_punctuation();
            if name {
                let end = self.tokens.tokens[last].span.end;
                let place = placeholder(&text[token.span.start..end]);
                classes::of_shape(shape, true, at == 0, quoted, |feature| forms[feature - classes::SHAPE] += 1.0);
                let seen = context(at, token);
                for (marker, z) in bundle.fitted.markers.iter().zip(&mut self.markers[layout.logits(at)]) {
                    *z += of_context(marker, seen);
                }
                let width = layout.gram();
                add(&mut self.sums[1..], &tables.name_grams[place * width..][..1], 1);
                add(&mut self.sums[layout.part(Part::Word)], &tables.name_grams[place * width + 1..], layout.outputs);
                self.follow(tables.placeholders[place], flags, shape);
                is_first_word &= is_mark;
                continue;
            }
            let hyphenated = self.seen & Kind::HYPHEN != 0;
            let part = if hyphenated && !is_mark { classes::compound(text, |i| self.span_of(i), at) } else { None };
            let row = self.lexicon.sentence_row(tables, self.rows[first]);
            let summed = layout.summed();
            let windows = &row[layout.markers()];
            self.markers[at * layout.markers..].iter_mut().zip(windows).for_each(|(z, says)| *z += says);
            if at > 0 && at + 1 < length && !quoted && !is_first_word && part.is_none() {
                self.sums.iter_mut().zip(&row[..summed]).for_each(|(sum, says)| *sum += says);
                self.follow(word, flags, shape);
                continue;
            }
            // What few tokens are: the first, the last, quoted, part of a word with a hyphen.
            let plain = layout.part(Part::Plain);
            self.sums[..plain.start].iter_mut().zip(&row[..plain.start]).for_each(|(sum, says)| *sum += says);
            let (seen, usual) = (context(at, token), context(1, &Token { quoted: false, ..token.clone() }));
            for (marker, z) in bundle.fitted.markers.iter().zip(&mut self.markers[layout.logits(at)]) {
                *z += of_context(marker, seen) - of_context(marker, usual);
            }
            classes::of_shape(shape, false, at == 0, quoted, |feature| forms[feature - classes::SHAPE] += 1.0);
            if at + 1 == length {
                (0..forms.len()).filter(|form| of_last & (1 << form) != 0).for_each(|form| forms[form] += 1.0);
            }
            let row = match part {
                Some(classes::Part::First) => {
                    let end = self.span_of(at + 2).map_or(token.span.end, |span| span.end);
                    let start = token.span.start;
                    self.lexicon.compound(bundle, tables, &text[start..end])
                }
                _ => row,
            };
            if part != Some(classes::Part::Later) {
                let form = layout.part(if quoted { Part::Inside } else { Part::Outside });
                add(&mut self.sums[plain.clone()], &row[form], layout.outputs);
                if is_first_word && !is_mark {
                    add(&mut self.sums[plain], &row[layout.part(Part::First)], layout.outputs);
                }
            }
            self.follow(word, flags, shape);
            is_first_word &= is_mark;
        }
        self.add_ngrams(tables);
        if is_any_quoted {
            let Self { tokens, merged, .. } = self;
            let token = |at: usize| &tokens.tokens[merged[at].0 as usize];
            let is_word = |at: usize| !token(at).shape.is_punctuation();
            let scare = classes::SCARE_QUOTED - classes::SHAPE;
            classes::scare_quoted(length, |at| token(at).quoted, is_word, |_| forms[scare] += 1.0);
        }
        let weights = &bundle.fitted.weights;
        let n = weights.outputs;
        for (times, row) in forms.iter().zip(weights.classes[classes::SHAPE * n..].chunks_exact(n)) {
            if *times > 0.0 {
                let plain = layout.part(Part::Plain);
                self.sums[plain].iter_mut().zip(row).for_each(|(sum, weight)| *sum += times * weight);
            }
        }
        let root = |squares: f32| if squares > 0.0 { f64::from(squares).sqrt() } else { 1.0 };
        let divided = [
            (Part::Characters, root(self.sums[0])),
            (Part::Word, root(self.sums[1])),
            (Part::Plain, ((length + 1) as f64).sqrt()),
            (Part::Vector, length.max(1) as f64),
        ];
        for (part, by) in divided {
            let sums = &self.sums[layout.part(part)];
            self.logits.iter_mut().zip(sums).for_each(|(logit, sum)| *logit += f64::from(*sum) / by);
        }
        let first = layout.logits(0);
        for (marker, table) in first.zip(weights.pools.chunks_exact(POOLS * n)) {
            let z = self.markers[marker..].iter().step_by(layout.markers).copied();
            for (sum, row) in pools(z, &self.quoted).iter().zip(table.chunks_exact(n)) {
                self.logits.iter_mut().zip(row).for_each(|(logit, weight)| *logit += sum * f64::from(*weight));
            }
        }
    }

    /// Takes in the next word of the sentence's n-grams.
    fn follow(&mut self, word: u32, flags: u8, shape: TokenShape) {
        if flags & Kind::EMPTY == 0 && !shape.is_punctuation() && !shape.is_proclitic() {
            self.words.push(word);
        }
    }

    /// Adds the n-grams of two words and more; single words are in the rows. Length by length, so that no look-up waits
    /// for the one before it.
    fn add_ngrams(&mut self, tables: &Tables) {
        let Self { words, nodes, sums, grams, .. } = self;
        let part = tables.layout.part(Part::Word);
        grams.clear();
        grams.resize(tables.layout.gram(), 0.0);
        nodes.clear();
        nodes.extend((0..).zip(words.iter().copied()));
        for length in 2..=tables.longest {
            let last = |at: u32| words.get(at as usize + length - 1).copied().unwrap_or(NONE);
            // Kept without a branch, which could not be foretold.
            let mut kept = 0;
            for number in 0..nodes.len() {
                let (at, node) = nodes[number];
                nodes[kept] = (at, node);
                kept += usize::from(tables.ngrams.may_go_on(node, last(at)));
            }
            nodes.truncate(kept);
            nodes.iter_mut().for_each(|(at, node)| *node = tables.ngrams.step(*node, last(*at)));
            nodes.retain(|(_, node)| *node != NONE);
            for (_, node) in &*nodes {
                grams.iter_mut().zip(tables.gram(*node)).for_each(|(sum, says)| *sum += says);
            }
        }
        sums[1] += grams[0];
        add(&mut sums[part], &grams[1..], tables.layout.outputs);
    }

    /// The place of a token once runs of names are one.
    fn span_of(&self, at: usize) -> Option<Span> {
        let (first, last) = *self.merged.get(at)?;
        Some(Span::new(self.tokens.tokens[first as usize].span.start, self.tokens.tokens[last as usize].span.end))
    }

    /// Makes one of each run of names, as [`crate::features::names::merge`] does.
    fn merge(&mut self, text: &str) {
        self.merged.clear();
        for (at, token) in self.tokens.tokens.iter().enumerate() {
            let run = token.name
                && self.merged.last().is_some_and(|(first, last)| {
                    let (first, last) = (&self.tokens.tokens[*first as usize], &self.tokens.tokens[*last as usize]);
                    goes_on(&text[first.span.start..last.span.end], last, token)
                });
            match self.merged.last_mut().filter(|_| run) {
                Some((_, last)) => *last = at as u32,
                None => self.merged.push((at as u32, at as u32)),
            }
        }
    }
}

/// The facts of a token.
fn facts_of<'f>(facts: &'f [u32], ends: &[u32], at: usize) -> &'f [u32] {
    let start = at.checked_sub(1).map_or(0, |before| ends[before]);
    &facts[start as usize..ends[at] as usize]
}

/// The spans of the best labels.
fn decode(
    head: &SpanHead,
    steps: &Steps,
    emissions: &mut [f32],
    paths: &mut Paths,
    barred: impl Fn(usize) -> bool,
) -> Vec<Found> {
    let coding = head.chain.layout.coding;
    let labels = coding.labels();
    let inside = labels..emissions.len().max(2 * labels) - labels;
    let emissions = emissions.get_mut(inside).unwrap_or_default();
    for (at, emission) in emissions.chunks_exact_mut(labels).enumerate() {
        if barred(at) {
            bar(emission);
        }
    }
    let labels = steps.best(emissions, paths);
    coding.decode(labels).into_iter().map(|run| head.found(emissions, labels, run, Vec::new())).collect()
}

/// Adds the first `count` numbers.
fn add(to: &mut [f32], from: &[f32], count: usize) {
    to.iter_mut().zip(from).take(count).for_each(|(to, from)| *to += from);
}
