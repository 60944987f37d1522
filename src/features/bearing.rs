//! What a sentence looks like from a target in it: its words by side and distance, what negates them.
//!
//! In: a sentence's tokens and which of them are the target. Out: keys, each on the tokens that it is made of, and
//! for every token its share in each pool of vectors. Start at [`Bearing::keys`] and [`Bearing::shares`]. Both are
//! sums over tokens, so that scores fold into reasons.
//!
//! Of the target itself no more is seen than whether it is a name, a pronoun or a word, and names are seen as such: the
//! same words say the same of whoever and whatever the target is. (With the target's own words held-out macro-F1
//! is 0.01 higher, because people mostly speak for a *ceasefire*; but then *opposed the ceasefire* was for it.)

use super::siding::Side;
use super::{classes, clause, phrase};
use crate::text::Tokens;
use std::ops::Range;

/// The pools of vectors: all tokens but the target, and those before and after it near and wide.
pub const POOLS: usize = 5;

/// How fast a token's share falls with its distance, in tokens, in the near and in the wide pools.
const REACH: [f32; 2] = [2.0, 6.0];

/// Tokens to either side that have keys of their side.
const WINDOW: usize = 8;
/// Tokens to either side that have keys of their distance.
const NEAR: usize = 3;
/// Words back to a negation that still turns a word.
const NEGATED: usize = 3;

/// Content words to either side that have keys of their place among them; at most [`NEAR`].
const CHAIN: usize = 3;

/// Tokens to either side among which words that take sides are looked for.
const SIDED: usize = 14;

/// Tokens to either side that are seen: about as many as the longest sentence of a newspaper has in all. What stands
/// further away in a text without full stops is left out, so that what a mention costs does not hang on it.
pub const SEEN: usize = 128;

/// Stands for the target in keys.
const TARGET: &str = "<t>";

/// A sentence and a target in it.
#[derive(Debug, Clone, Copy)]
pub struct Bearing<'a> {
    /// The tokens, names flagged.
    pub tokens: &'a Tokens,
    /// Their words, as [`super::facts::words`] gives them.
    pub words: &'a [String],
    /// The sides of the words, as [`clause::sides`] gives them.
    pub sides: &'a [Option<Side>],
    /// For each word whether it turns what follows round, as [`negations`] gives them.
    pub negations: &'a [bool],
    /// The target's tokens, by number; not empty.
    pub target: (usize, usize),
    /// What else is known of the target's place, as keys on the tokens that tell it.
    pub marks: &'a [Mark],
}

/// Where a key stands that hangs on the words of a sentence alone, and not on which of them are the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    token: usize,
    kind: usize,
}

impl Place {
    /// So many keys begin at a token.
    pub const OF_TOKEN: usize = 16;

    /// Its number among those of a sentence, below its tokens × [`Place::OF_TOKEN`].
    #[must_use]
    pub const fn number(self) -> usize {
        self.token * Self::OF_TOKEN + self.kind
    }
}

/// What is known of a target's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What.
    pub key: String,
    /// The tokens that tell it.
    pub tokens: (usize, usize),
}

/// One symbol of the sentence: a token outside the target, or all of the target.
struct Symbol<'a> {
    word: &'a str,
    first: usize,
    last: usize,
    /// Tokens to the target, negative before it.
    distance: isize,
    negated: bool,
    /// The side it takes where it stands.
    side: Option<Side>,
}

impl Bearing<'_> {
    fn is_target(&self, at: usize) -> bool {
        (self.target.0..self.target.1).contains(&at)
    }

    /// The tokens that are seen from the target, itself included.
    #[must_use]
    pub fn seen(&self) -> Range<usize> {
        let end = self.target.1.saturating_add(SEEN).min(self.words.len());
        self.target.0.saturating_sub(SEEN).min(end)..end
    }

    fn symbols(&self) -> Vec<Symbol<'_>> {
        let (first, end) = self.target;
        let seen = self.seen();
        let mut symbols = Vec::with_capacity(seen.len());
        // How many words ago something negated; a stop ends its reach.
        let mut ago = usize::MAX;
        for (at, word) in self.words.iter().enumerate().take(seen.end).skip(seen.start) {
            if self.is_target(at) {
                if at == first {
                    let negated = ago < NEGATED;
                    symbols.push(Symbol { word: TARGET, first, last: end - 1, distance: 0, negated, side: None });
                }
                continue;
            }
            let distance = if at < first { at as isize - first as isize } else { at as isize - end as isize + 1 };
            let side = self.sides.get(at).copied().flatten();
            symbols.push(Symbol { word, first: at, last: at, distance, negated: ago < NEGATED, side });
            let negates = self.negations.get(at).copied().unwrap_or(false);
            ago = if negates { 0 } else { ago.saturating_add(1) };
        }
        symbols
    }

    /// The keys of the sentence, each with its first and last token: words by side and distance, pairs and triples
    /// near the target and across it, the content words nearest to it, and the marks.
    pub fn keys(&self, mut found: impl FnMut(&str, (usize, usize))) {
        let mut key = String::new();
        self.visit(|_, parts, tokens| {
            key.clear();
            parts.iter().for_each(|part| key.push_str(part));
            found(&key, tokens);
        });
    }

    /// The same keys in parts that are to be read as one, and each with its [`Place`] if it has one: seen from any target
    /// of this sentence, what stands at one place is the same key.
    pub fn visit(&self, mut found: impl FnMut(Option<Place>, &[&str], (usize, usize))) {
        let symbols = self.symbols();
        for (at, symbol) in symbols.iter().enumerate() {
            let here = (symbol.first, symbol.last);
            let far = symbol.distance.unsigned_abs();
            let not = if symbol.negated { "!" } else { "" };
            let negated = usize::from(symbol.negated);
            let side = side(symbol.distance);
            let behind = usize::from(symbol.distance > 0);
            // What the target is part of is another key from another target.
            let place = |kind: usize, last: usize| {
                let near = symbols.get(at..=at + last)?;
                near.iter().all(|s| s.distance != 0).then_some(Place { token: symbol.first, kind })
            };
            found(place(negated, 0), &["u", not, " ", symbol.word], here);
            if far <= WINDOW {
                found(place(2 + 2 * behind + negated, 0), &["w", side, not, " ", symbol.word], here);
            }
            if (1..=NEAR).contains(&far) {
                let kind = 6 + NEAR * behind + far - 1;
                found(place(kind, 0), &["d", side, DISTANCES[far], " ", symbol.word], here);
            }
            let Some(next) = symbols.get(at + 1) else { continue };
            let both = (symbol.first, next.last);
            found(place(12, 1), &["2 ", symbol.word, " ", next.word], both);
            if far <= WINDOW {
                found(place(13 + behind, 1), &["2", side, " ", symbol.word, " ", next.word], both);
                if let Some(third) = symbols.get(at + 2) {
                    let all = (symbol.first, third.last);
                    found(place(15, 2), &["3 ", symbol.word, " ", next.word, " ", third.word], all);
                }
            }
        }
        let mut emit = |parts: &[&str], tokens: (usize, usize)| found(None, parts, tokens);
        chain(&symbols, &mut emit);
        sides(&symbols, &mut emit);
        for at in self.target.0..self.target.1.min(self.words.len()) {
            let word = self.words[at].as_str();
            let what = if classes::is_function(word) || word.starts_with('<') { word } else { "word" };
            emit(&["t ", what], (at, at));
        }
        // What is told by words further away counts, on the nearest that is seen.
        let seen = self.seen();
        let near = |at: usize| at.clamp(seen.start, seen.end.max(seen.start + 1) - 1);
        for mark in self.marks {
            emit(&["m ", &mark.key], (near(mark.tokens.0), near(mark.tokens.1.max(mark.tokens.0 + 1) - 1)));
        }
    }

    /// For every token of [`Bearing::seen`] its share in each pool; a pool's shares are divided by √(their sum + ½).
    #[must_use]
    pub fn shares(&self) -> Vec<[f32; POOLS]> {
        let (first, end) = self.target;
        let seen = self.seen();
        let mut shares = vec![[0.0f32; POOLS]; seen.len()];
        for (at, share) in seen.zip(&mut shares) {
            if self.is_target(at) {
                continue;
            }
            share[0] = 1.0;
            let (side, distance) = if at < first { (0, first - at) } else { (1, at - end + 1) };
            for (reach, near) in REACH.iter().enumerate() {
                share[1 + 2 * reach + side] = (-(distance as f32) / near).exp();
            }
        }
        for pool in 0..POOLS {
            let sum: f32 = shares.iter().map(|s| s[pool]).sum();
            let divisor = (sum + 0.5).sqrt();
            shares.iter_mut().for_each(|s| s[pool] /= divisor);
        }
        shares
    }
}

/// Keys of the content words nearest to the target on either side, whatever function words stand between: the first to
/// third, each alone and with the next (*rejected calls* for a ceasefire).
fn chain(symbols: &[Symbol<'_>], emit: &mut impl FnMut(&[&str], (usize, usize))) {
    let Some(at) = symbols.iter().position(|s| s.distance == 0) else { return };
    let content = |s: &&Symbol<'_>| s.word.chars().next().is_some_and(char::is_alphanumeric) && !is_function(s.word);
    let before: Vec<&Symbol<'_>> = symbols[..at].iter().rev().take(WINDOW).filter(content).take(CHAIN).collect();
    let after: Vec<&Symbol<'_>> = symbols[at + 1..].iter().take(WINDOW).filter(content).take(CHAIN).collect();
    for (side, chain) in [("b", before), ("a", after)] {
        for (place, symbol) in chain.iter().enumerate() {
            let not = if symbol.negated { "!" } else { "" };
            emit(&["c", side, DISTANCES[place + 1], not, " ", symbol.word], (symbol.first, symbol.last));
            if let Some(next) = chain.get(place + 1) {
                let not = if next.negated { "!" } else { "" };
                let tokens = (symbol.first.min(next.first), symbol.last.max(next.last));
                emit(&["cc", side, not, " ", symbol.word, " ", next.word], tokens);
            }
        }
    }
}

/// Keys of the words that take sides on either side of the target, nearest last before it and first behind it: the
/// last one, two and three, and what they come to if each turns round what follows; and of those in its clause.
fn sides(symbols: &[Symbol<'_>], emit: &mut impl FnMut(&[&str], (usize, usize))) {
    let Some(at) = symbols.iter().position(|s| s.distance == 0) else { return };
    let sided = |s: &Symbol<'_>| Some((s.side?, s.first));
    let is_stop = |s: &&Symbol<'_>| !matches!(s.word, ";" | "؛" | ":");
    let mut before: Vec<(Side, usize)> =
        symbols[..at].iter().rev().take(SIDED).take_while(is_stop).filter_map(sided).take(CHAIN).collect();
    before.reverse();
    let after: Vec<(Side, usize)> =
        symbols[at + 1..].iter().take(SIDED).take_while(is_stop).filter_map(sided).take(CHAIN).collect();
    // In the target's own clause alone: what else the sentence says is of other things.
    let is_inside = |s: &&Symbol<'_>| !clause::is_end(s.word);
    let mut own: Vec<(Side, usize)> =
        symbols[..at].iter().rev().take(SIDED).take_while(is_inside).filter_map(sided).take(CHAIN).collect();
    own.reverse();
    let behind: Vec<(Side, usize)> =
        symbols[at + 1..].iter().take(SIDED).take_while(is_inside).filter_map(sided).take(CHAIN).collect();
    for (name, list) in [("b", &before), ("a", &after), ("o", &own), ("e", &behind)] {
        if list.is_empty() {
            emit(&["q", name, " none"], (symbols[at].first, symbols[at].last));
        }
        for length in 1..=list.len() {
            let part = if matches!(name, "b" | "o") { &list[list.len() - length..] } else { &list[..length] };
            let tokens = (part[0].1, part[length - 1].1);
            let signs: String = part.iter().map(|(side, _)| side.sign()).collect();
            let is_all = length == list.len();
            // How many there are in a clause is known: its end is.
            if matches!(name, "b" | "a") || is_all {
                emit(&["q", name, " ", &signs], tokens);
            }
            if is_all {
                let is_against = part.iter().filter(|(s, _)| matches!(s, Side::Against | Side::Turn)).count() % 2 == 1;
                emit(&["p", name, if is_against { " -" } else { " +" }], tokens);
            }
        }
    }
}

const DISTANCES: [&str; NEAR + 1] = ["0", "1", "2", "3"];

const fn side(distance: isize) -> &'static str {
    match distance {
        0 => "t",
        d if d < 0 => "b",
        _ => "a",
    }
}

/// Verbs that turn what follows them round (*refused to*, *failed to*), beside the class of negations; in normal
/// form, Arabic without article and proclitic.
#[rustfmt::skip]
const TURNING: &[&str] = &[
    "refuse", "refuses", "refused", "refusing", "refusal", "deny", "denies", "denied", "denying", "fail", "fails",
    "failed", "failing", "lack", "lacks", "lacked", "stop", "stops", "stopped", "nobody", "nothing", "few", "never", "cannot", "wouldn't",
    "رفض", "رفضت", "يرفض", "ترفض", "رافضا", "رافضه", "نفي", "نفت", "ينفي", "تنفي", "نافيا",
];

/// Whether a word says nothing by itself: an article, a preposition, an auxiliary, an Arabic proclitic.
fn is_function(word: &str) -> bool {
    let is_letter = word.chars().nth(1).is_none();
    is_letter || classes::is_function(word) && !classes::is_negation(word) || phrase::is_opener(word)
}

/// For each word whether it turns what follows it round.
#[must_use]
pub fn negations(words: &[String]) -> Vec<bool> {
    words.iter().map(|word| is_negation(word)).collect()
}

/// Whether a word turns what follows it round.
fn is_negation(word: &str) -> bool {
    classes::is_negation(word) || TURNING.contains(&word)
}

/// Whether a key is of the sides that words take.
#[must_use]
pub fn is_sided(key: &str) -> bool {
    ["qa ", "qb ", "qo ", "qe ", "pa ", "pb ", "po ", "pe "].iter().any(|start| key.starts_with(start))
}

/// The tokens that overlap a range of bytes: the first, and one past the last; `None` if there is none.
#[must_use]
pub fn tokens_in(tokens: &Tokens, bytes: Range<usize>) -> Option<(usize, usize)> {
    let all = &tokens.tokens;
    let first = all.partition_point(|t| t.span.end <= bytes.start);
    let end = all.partition_point(|t| t.span.start < bytes.end);
    (first < end).then_some((first, end))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts;
    use super::*;
    use crate::text::{Span, Tokenizer};

    fn seen<T>(text: &str, target: &str, look: impl FnOnce(&Bearing<'_>) -> T) -> T {
        let tokenizer = Tokenizer::from_parts(vec!["[UNK]".into()]).unwrap();
        let tokens = tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
        let words = facts::words(text, &tokens);
        let at = text.find(target).unwrap();
        let target = tokens_in(&tokens, at..at + target.len()).unwrap();
        let sides = clause::sides(&words, &clause::own_sides(&words));
        let negations = negations(&words);
        look(&Bearing { tokens: &tokens, words: &words, sides: &sides, negations: &negations, target, marks: &[] })
    }

    fn keys(text: &str, target: &str) -> Vec<String> {
        let mut keys = Vec::new();
        seen(text, target, |bearing| bearing.keys(|key, _| keys.push(key.to_owned())));
        keys
    }

    #[test]
    fn words_are_told_by_side_distance_and_negation_and_the_target_stands_for_itself() {
        let keys = keys("They did not back the dam plan now", "dam plan");
        for expected in ["u! back", "wb! back", "db2 back", "da1 now", "2b the <t>", "3 back the <t>", "t word"] {
            assert!(keys.iter().any(|key| key == expected), "{expected} in {keys:?}");
        }
        assert!(!keys.iter().any(|key| key == "u dam" || key == "ub dam"));
    }

    #[test]
    fn a_negation_reaches_three_words() {
        let keys = keys("not one two three four the dam", "dam");
        assert!(keys.contains(&"u! three".to_owned()) && keys.contains(&"u four".to_owned()), "{keys:?}");
    }

    #[test]
    fn shares_are_of_the_tokens_side_and_fall_with_distance() {
        seen("far near dam near far", "dam", |bearing| {
            let shares = bearing.shares();
            assert!(shares[2].iter().all(|s| *s == 0.0));
            assert!(shares[1][1] > shares[0][1] && shares[1][2] == 0.0);
            assert!(shares[3][2] > shares[4][2] && shares[3][1] == 0.0);
            assert!((shares[0][0] - shares[4][0]).abs() < 1e-6);
        });
    }

    #[test]
    fn what_stands_at_one_place_is_one_key_from_any_target() {
        let text = "They did not back the dam plan now , and never the old port of the town";
        let mut known = std::collections::BTreeMap::new();
        for target in ["They", "dam", "dam plan", "port", "town"] {
            seen(text, target, |bearing| {
                bearing.visit(|place, parts, _| {
                    let Some(place) = place else { return };
                    assert!(place.number() < bearing.words.len() * Place::OF_TOKEN);
                    let key = parts.concat();
                    assert_eq!(known.entry(place.number()).or_insert_with(|| key.clone()), &key, "from {target}");
                });
            });
        }
        assert!(known.len() > 50);
    }

    #[test]
    fn of_a_sentence_without_end_no_more_is_seen_than_of_a_long_one() {
        let seen_of = |words: usize| {
            let text = format!("{0} dam {0}", "far ".repeat(words).trim());
            let shares = seen(&text, "dam", |bearing| bearing.shares().len());
            (shares, keys(&text, "dam").len())
        };
        let (long, longer) = (seen_of(SEEN), seen_of(8 * SEEN));
        assert_eq!(long.0, 2 * SEEN + 1);
        assert_eq!(long, longer);
        assert!(seen_of(SEEN - 1).0 < long.0);
    }

    #[test]
    fn tokens_of_bytes_are_those_that_overlap_them() {
        let tokenizer = Tokenizer::from_parts(vec!["[UNK]".into()]).unwrap();
        let tokens = tokenizer.tokenize("a dam now", Span::new(0, 9)).unwrap();
        assert_eq!(tokens_in(&tokens, 2..5), Some((1, 2)));
        assert_eq!(tokens_in(&tokens, 3..7), Some((1, 3)));
        assert_eq!(tokens_in(&tokens, 1..2), None);
        assert_eq!(tokens_in(&tokens, 20..30), None);
    }
}
