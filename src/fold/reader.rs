//! One sentence after the other, read by looking rows up and adding.
//!
//! In: a sentence of a text, where glued words are cut, and the text's quoted passages. Out: its tokens, its spans, and the
//! logits of its sentence heads. Start at [`Reader::read`]. Its buffers are kept from sentence to sentence.

use super::lexicon::{Kind, Lexicon};
use super::phrases::NONE;
use super::pool::pools;
use super::row::Part;
use super::tables::Tables;
use crate::error::Result;
use crate::features::classes;
use crate::features::facts::{self, of_surroundings};
use crate::features::marker::{OFFSETS as WINDOW, POOLS, context};
use crate::features::names::{Signs, flag_capitals, flag_known, goes_on};
use crate::heads::chain::{Chain, OFFSETS};
use crate::heads::span::{Found, bar};
use crate::heads::viterbi::{Paths, Steps};
use crate::heads::{LONGEST, SpanHead, Spans, loaded};
use crate::model::Bundle;
use crate::text::{Span, Token, Tokens, mark_quoted, parts_of, stray_capitals, words};

/// Longer sentences, in bytes, are read without folding: they are no prose.
const LONGEST_BYTES: usize = 1 << 14;

/// Reads sentences with the tables of one bundle.
#[derive(Debug, Default)]
pub struct Reader {
    lexicon: Lexicon,
    /// The sentence's tokens, names flagged, each word one.
    pub tokens: Tokens,
    kinds: Vec<u32>,
    rows: Vec<u32>,
    signs: Vec<Signs>,
    names: Vec<bool>,
    /// The first and last token of each once runs of names are one.
    merged: Vec<(u32, u32)>,
    /// Fact numbers, and where those of each token end.
    facts: Vec<u32>,
    ends: Vec<u32>,
    recent: Vec<u32>,
    markers: Vec<f32>,
    quoted: Vec<f32>,
    emissions: [Vec<f32>; 2],
    part: Vec<f32>,
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
        if sentence.len() > LONGEST_BYTES {
            return Ok(None);
        }
        self.lexicon.make_room();
        self.tokens.tokens.clear();
        self.tokens.pieces.clear();
        self.kinds.clear();
        for part in parts_of(text, sentence, cuts) {
            self.tokenize(bundle, tables, text, part)?;
        }
        let lexicon = &self.lexicon;
        let is_spaced = |kind: &u32| lexicon.kind(*kind).has(Kind::SPACED);
        if self.kinds.len() > LONGEST || self.kinds.iter().any(is_spaced) {
            return Ok(None);
        }
        mark_quoted(&mut self.tokens, quotes);
        self.flag(bundle, tables, text);
        Ok(Some(self.find(bundle, tables, text)))
    }

    fn tokenize(&mut self, bundle: &Bundle, tables: &Tables, text: &str, part: Span) -> Result<()> {
        let slice = part.slice(text);
        for word in words(slice) {
            let kinds = self.lexicon.word(bundle, tables, word.slice(slice))?;
            let start = part.start + word.start;
            for number in kinds {
                let kind = self.lexicon.kind(number);
                let first = self.tokens.pieces.len() as u32;
                self.tokens.pieces.extend_from_slice(self.lexicon.pieces(kind));
                self.tokens.tokens.push(Token {
                    span: Span::new(start + kind.start as usize, start + kind.end as usize),
                    pieces: first..self.tokens.pieces.len() as u32,
                    shape: kind.shape,
                    quoted: false,
                    name: false,
                });
                self.kinds.push(number);
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
    }

    /// What the span heads find.
    fn find(&mut self, bundle: &Bundle, tables: &Tables, text: &str) -> Spans {
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
        if let (Some(head), Some(steps)) = (&heads.attribution, &tables.cues) {
            let cues = decode(&head.cues, steps, of_cues, paths, |at| tokens.tokens[at].shape.is_url());
            if !cues.is_empty() {
                let rows = self.part_rows(&head.parts, tables);
                let words = facts::words(text, &self.tokens);
                spans.relations = head.relations(&self.tokens, &words, cues, &rows);
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

    fn facts_of(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.facts[start as usize..self.ends[at] as usize]
    }

    /// Every token's emissions of loaded terms and of cues.
    fn emit(&mut self, bundle: &Bundle, tables: &Tables) {
        let layout = tables.spans;
        let length = self.kinds.len();
        let chains = [(0, layout.loaded), (layout.of_cues(), layout.cues)];
        let mut emissions = std::mem::take(&mut self.emissions);
        for (emissions, (_, labels)) in emissions.iter_mut().zip(chains) {
            emissions.clear();
            emissions.resize(length * labels, 0.0);
        }
        let heads = &bundle.fitted.spans;
        let of_pairs = [heads.loaded.as_ref().map(|h| &h.chain), heads.attribution.as_ref().map(|h| &h.cues.chain)];
        let mut part = std::mem::take(&mut self.part);
        for at in 0..length {
            let own = self.lexicon.span_row(tables, self.tokens.tokens[at].name, self.rows[at]);
            for ((emissions, (first, labels)), chain) in emissions.iter_mut().zip(chains).zip(of_pairs) {
                spread(emissions, &own[first..], labels, at);
                for fact in self.facts_of(at) {
                    if let Some(row) = tables.facts.get(*fact as usize * layout.width()..).filter(|row| !row.is_empty())
                    {
                        spread(emissions, &row[first..], labels, at);
                    } else if let Some(chain) = chain {
                        part.clear();
                        part.resize(chain.layout.row(), 0.0);
                        chain.facts.add(*fact, 1.0, &mut part);
                        spread(emissions, &part, labels, at);
                    }
                }
            }
        }
        self.part = part;
        self.emissions = emissions;
    }

    /// The tokens' rows of the chain of parts.
    fn part_rows(&self, chain: &Chain, tables: &Tables) -> Vec<f32> {
        let layout = tables.spans;
        let mut rows = Vec::with_capacity(self.kinds.len() * layout.parts);
        for (at, token) in self.tokens.tokens.iter().enumerate() {
            let start = rows.len();
            rows.extend_from_slice(&self.lexicon.span_row(tables, token.name, self.rows[at])[layout.of_parts()..]);
            for fact in self.facts_of(at) {
                chain.facts.add(*fact, 1.0, &mut rows[start..]);
            }
        }
        rows
    }

    /// The logits of the sentence that was read, into [`Reader::logits`].
    pub fn score(&mut self, bundle: &Bundle, tables: &Tables, text: &str) {
        self.merge(text);
        let layout = tables.layout;
        let lanes = layout.lanes;
        let length = self.merged.len();
        let weights = &bundle.fitted.weights;
        self.sums.clear();
        self.sums.resize(4 * lanes, 0.0);
        self.markers.clear();
        for marker in &bundle.fitted.markers {
            self.markers.resize(self.markers.len() + length, marker.intercept);
        }
        self.recent.clear();
        self.quoted.clear();
        let mut squares = [0.0f32; 2];
        let mut forms = [0.0f32; classes::COUNT - classes::SHAPE];
        let mut words_before = 0usize;
        for at in 0..length {
            let (first, last) = (self.merged[at].0 as usize, self.merged[at].1 as usize);
            let token = &self.tokens.tokens[first];
            let (name, quoted, shape) = (token.name, token.quoted, token.shape);
            let kind = *self.lexicon.kind(self.kinds[first]);
            self.quoted.push(f32::from(u8::from(quoted)));
            classes::of_shape(shape, name, at == 0, quoted, |feature| forms[feature - classes::SHAPE] += 1.0);
            if at + 1 == length && !name {
                let of_last = (0..forms.len()).filter(|form| kind.last & (1 << form) != 0);
                of_last.for_each(|form| forms[form] += 1.0);
            }
            let [characters, grams, of_classes, vectors] = sums(&mut self.sums, lanes);
            for (marker, z) in bundle.fitted.markers.iter().zip(self.markers.chunks_exact_mut(length)) {
                z[at] += marker.context.iter().zip(context(at, token)).map(|(w, c)| w * c).sum::<f32>();
            }
            let word = if name {
                let end = self.tokens.tokens[last].span.end;
                let place = crate::features::names::placeholder(&text[token.span.start..end]);
                let word = tables.placeholders[place];
                gram(bundle, tables.ngrams.number(word), grams, &mut squares[1]);
                word
            } else {
                let row = self.lexicon.sentence_row(tables, self.rows[first]);
                add(characters, layout.part(row, Part::Characters));
                add(grams, layout.part(row, Part::Word));
                add(vectors, layout.part(row, Part::Vector));
                squares[0] += row[layout.squares()];
                squares[1] += row[layout.squares() + 1];
                let window = &row[layout.markers()..][..layout.markers * WINDOW.len()];
                for (says, z) in window.chunks_exact(WINDOW.len()).zip(self.markers.chunks_exact_mut(length)) {
                    for (says, offset) in says.iter().zip(WINDOW) {
                        // What the token says of the one that sees it at this distance.
                        if let Some(z) = at.checked_add_signed(-offset).and_then(|seer| z.get_mut(seer)) {
                            *z += *says;
                        }
                    }
                }
                kind.word
            };
            if !kind.has(Kind::EMPTY) && !shape.is_punctuation() && !shape.is_proclitic() {
                self.recent.push(word);
                let from = self.recent.len().saturating_sub(tables.longest);
                // Single words are in the rows.
                for start in from..self.recent.len().saturating_sub(1) {
                    let mut node = self.recent[start];
                    for word in &self.recent[start + 1..] {
                        node = tables.ngrams.step(node, *word);
                    }
                    gram(bundle, tables.ngrams.number(node), grams, &mut squares[1]);
                }
            }
            if shape.is_punctuation() {
                let row = self.lexicon.sentence_row(tables, self.rows[first]);
                add(of_classes, layout.part(row, if quoted { Part::Inside } else { Part::Outside }));
                continue;
            }
            let span = |i: usize| self.span_of(i);
            let part = if name { Some(classes::Part::Later) } else { classes::compound(text, span, at) };
            if part != Some(classes::Part::Later) {
                let row = match part {
                    None => self.lexicon.sentence_row(tables, self.rows[first]),
                    Some(_) => {
                        let end = self.span_of(at + 2).map_or(token.span.end, |span| span.end);
                        let start = token.span.start;
                        self.lexicon.compound(bundle, tables, &text[start..end])
                    }
                };
                let [_, _, of_classes, _] = sums(&mut self.sums, lanes);
                add(of_classes, layout.part(row, if quoted { Part::Inside } else { Part::Outside }));
                if words_before == 0 {
                    add(of_classes, layout.part(row, Part::First));
                }
            }
            words_before += 1;
        }
        let Self { tokens, merged, sums: all, .. } = self;
        let token = |at: usize| &tokens.tokens[merged[at].0 as usize];
        let is_word = |at: usize| !token(at).shape.is_punctuation();
        let scare = classes::SCARE_QUOTED - classes::SHAPE;
        classes::scare_quoted(length, |at| token(at).quoted, is_word, |_| forms[scare] += 1.0);
        let [characters, grams, of_classes, vectors] = sums(all, lanes);
        for (times, row) in forms.iter().zip(tables.shapes.chunks_exact(lanes.max(1))) {
            of_classes.iter_mut().zip(row).for_each(|(to, weight)| *to += times * weight);
        }
        let root = |squares: f32| if squares > 0.0 { f64::from(squares).sqrt() } else { 1.0 };
        self.logits.clear();
        for (output, intercept) in weights.intercepts.iter().enumerate() {
            let sum = f64::from(characters[output]) / root(squares[0])
                + f64::from(grams[output]) / root(squares[1])
                + f64::from(of_classes[output]) / ((length + 1) as f64).sqrt()
                + f64::from(vectors[output]) / length.max(1) as f64;
            self.logits.push(intercept + sum);
        }
        let n = weights.outputs;
        let tables = weights.pools.chunks_exact((POOLS * n).max(1));
        for (z, table) in self.markers.chunks_exact(length.max(1)).zip(tables) {
            for (sum, row) in pools(z, &self.quoted).iter().zip(table.chunks_exact(n.max(1))) {
                self.logits.iter_mut().zip(row).for_each(|(logit, weight)| *logit += sum * f64::from(*weight));
            }
        }
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

/// Adds what an n-gram says, if it has a number.
fn gram(bundle: &Bundle, number: u32, sum: &mut [f32], squares: &mut f32) {
    if number == NONE {
        return;
    }
    let idf = bundle.fitted.ngrams.idf(number);
    let n = bundle.fitted.weights.outputs;
    *squares += idf * idf;
    for (to, weight) in sum.iter_mut().zip(&bundle.fitted.weights.ngrams[number as usize * n..][..n]) {
        *to += idf * weight;
    }
}

/// The sums over a sentence: n-grams of characters, of words, classes, vectors.
fn sums(all: &mut [f32], lanes: usize) -> [&mut [f32]; 4] {
    let (characters, rest) = all.split_at_mut(lanes);
    let (words, rest) = rest.split_at_mut(lanes);
    let (classes, vectors) = rest.split_at_mut(lanes);
    [characters, words, classes, vectors]
}

/// Adds a token's columns to its own emission and to those of its neighbours.
fn spread(emissions: &mut [f32], columns: &[f32], labels: usize, at: usize) {
    for (column, offset) in OFFSETS.into_iter().enumerate() {
        let Some(seer) = at.checked_add_signed(-offset) else { continue };
        if let Some(emission) = emissions.get_mut(seer * labels..(seer + 1) * labels) {
            add(emission, &columns[column * labels..(column + 1) * labels]);
        }
    }
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
    for (at, emission) in emissions.chunks_exact_mut(coding.labels()).enumerate() {
        if barred(at) {
            bar(emission);
        }
    }
    let labels = steps.best(emissions, paths);
    coding.decode(labels).into_iter().map(|run| head.found(emissions, labels, run, Vec::new())).collect()
}

fn add(to: &mut [f32], from: &[f32]) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += f;
    }
}
