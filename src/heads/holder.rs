//! Whose stance it is: the author's, a source's, or that of somebody else whom the sentence names.
//!
//! In: a sentence and a target in it. Out: the most likely of its [`Candidate`]s. Start at [`HolderModel::choose`].
//! Every candidate gets a score, a sum of weights of keys: what it is, where it stands to the target, which words
//! are between the two and beside it (*the ministry* opposed *the dam*), and whether the target stands in what it is
//! made to say. The scores are logits of a choice among the candidates.

use super::label::Label;
use super::stance::Sentence;
use crate::features::bearing::tokens_in;
use crate::features::clause;
use crate::features::keys::Keys;
use crate::features::phrase::{self, PhraseKind};
use crate::features::siding::{self, Side};
use crate::text::{Span, is_arabic};
use serde::{Deserialize, Serialize};

/// Who may hold a stance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Candidate {
    /// The author.
    Author,
    /// The source of one of the sentence's quotes, by its number; its words may stand in another sentence.
    Source(usize),
    /// Somebody else whom the sentence names: tokens.
    Named((usize, usize), PhraseKind),
}

/// A fitted model; the default knows no key and takes the author.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HolderModel {
    /// The keys that have weights.
    pub keys: Keys,
    /// One a key.
    pub weights: Vec<f32>,
}

/// Words beside the target that say whether the author speaks of it.
const BESIDE: usize = 4;

/// Words behind a candidate among which its verb is looked for.
const SKIPPED: usize = 5;

/// Words between candidate and target that have keys, at most.
const BETWEEN: usize = 12;

/// The candidates for a target of a sentence: the author first, then the sources, then others in order.
#[must_use]
pub fn candidates(text: &str, sentence: &Sentence<'_>, target: (usize, usize)) -> Vec<Candidate> {
    let mut found = vec![Candidate::Author];
    let tokens = &sentence.tokens.tokens;
    let target_span = span_of(sentence, target);
    let mut sources: Vec<Span> = Vec::new();
    for (number, quote) in sentence.quotes.iter().enumerate() {
        let Some(source) = quote.source else { continue };
        if !target_span.overlaps(source) {
            found.push(Candidate::Source(number));
            sources.push(source);
        }
    }
    for mut phrase in phrase::phrases(text, sentence.tokens, &sentence.words) {
        // In Arabic an object follows its subject, and both may be words with the article.
        if phrase.first < target.0 && phrase.end > target.0 && phrase.kind == PhraseKind::Noun {
            phrase.end = target.0;
        }
        let span = Span::new(tokens[phrase.first].span.start, tokens[phrase.end - 1].span.end);
        if !span.overlaps(target_span) && !sources.iter().any(|s| s.overlaps(span)) {
            found.push(Candidate::Named((phrase.first, phrase.end), phrase.kind));
        }
    }
    found
}

/// The bytes of a candidate's words, as a holder is given: of a source without the words of stance that were taken into it
/// (*the union's rejection* is the union's); `None` for the author.
#[must_use]
pub fn words_of(sentence: &Sentence<'_>, candidate: Candidate) -> Option<Span> {
    match candidate {
        Candidate::Author => None,
        Candidate::Named(own, _) => Some(span_of(sentence, own)),
        Candidate::Source(number) => {
            let source = sentence.quotes.get(number)?.source?;
            let Some((first, end)) = tokens_in(sentence.tokens, source.start..source.end) else { return Some(source) };
            let is_taken = |at: usize| {
                let word = sentence.words[at].as_str();
                word.starts_with(is_arabic) && siding::of(word).is_some_and(Side::acts)
            };
            let is_whole = span_of(sentence, (first, end)) == source;
            let last = (first + 1..end).find(|at| is_taken(*at)).filter(|_| is_whole).unwrap_or(end);
            Some(if last == end { source } else { span_of(sentence, (first, last)) })
        }
    }
}

/// The bytes of some tokens of a sentence, which must be there.
fn span_of(sentence: &Sentence<'_>, (first, end): (usize, usize)) -> Span {
    let all = &sentence.tokens.tokens;
    let start = all.get(first).map_or(0, |t| t.span.start);
    Span::new(start, all.get(end.max(1) - 1).map_or(start, |t| t.span.end))
}

/// A sentence's candidates for a target, and what each of them does.
#[derive(Debug)]
pub struct Scene<'a> {
    sentence: &'a Sentence<'a>,
    target: (usize, usize),
    candidates: &'a [Candidate],
    /// For each candidate its tokens, where they stand in the sentence.
    places: Vec<Option<(usize, usize)>>,
    /// For each candidate its verb's place and side, if that takes one.
    acts: Vec<Option<(usize, Side)>>,
    /// The candidate whose verb has the target behind it in one clause; of several the one nearest to it.
    nearest: Option<usize>,
}

impl<'a> Scene<'a> {
    /// Of these candidates.
    #[must_use]
    pub fn new(sentence: &'a Sentence<'a>, target: (usize, usize), candidates: &'a [Candidate]) -> Self {
        let sides = clause::sides(&sentence.words);
        let own = |candidate: &Candidate| match *candidate {
            Candidate::Author => None,
            Candidate::Source(number) => {
                let source = sentence.quotes.get(number)?.source?;
                tokens_in(sentence.tokens, source.start..source.end)
            }
            Candidate::Named(own, _) => Some(own),
        };
        let places: Vec<Option<(usize, usize)>> = candidates.iter().map(own).collect();
        let acts: Vec<Option<(usize, Side)>> =
            places.iter().map(|own| clause::act(&sentence.words, &sides, (*own)?)).collect();
        let opening = clause::opening(&sentence.words, target.0);
        let reaches = |number: &usize| {
            let (Some(own), Some((verb, _))) = (places[*number], acts[*number]) else { return false };
            own.1 <= target.0 && verb < target.0 && opening <= verb.max(own.0)
        };
        // Of two subjects of one verb the first.
        let rank = |number: &usize| {
            let (own, act) = (places[*number].unwrap_or_default(), acts[*number].unwrap_or((0, Side::Turn)));
            (act.0.max(own.0), std::cmp::Reverse(own.0))
        };
        let nearest = (0..candidates.len()).filter(reaches).max_by_key(rank);
        Self { sentence, target, candidates, places, acts, nearest }
    }

    /// Whether the nearest one's verb is said straight of the target: behind its subject, or in Arabic with no other word
    /// than that between the two.
    fn is_straight(&self) -> bool {
        let Some((own, (verb, _))) = self.nearest.and_then(|n| Some((self.places[n]?, self.acts[n]?))) else {
            return false;
        };
        clause::is_straight(&self.sentence.words, if verb < own.0 { own.1 - 1 } else { verb }, self.target.0)
    }

    /// The candidate whose verb takes a side and has the target behind it in one clause.
    #[must_use]
    pub fn nearest(&self) -> Option<Candidate> {
        self.nearest.map(|number| self.candidates[number])
    }
}

/// The keys of a scene's candidate, by its number.
pub fn keys(scene: &Scene<'_>, number: usize, mut found: impl FnMut(&str)) {
    let Scene { sentence, target, candidates: others, .. } = *scene;
    let Some(candidate) = others.get(number).copied() else { return };
    if scene.is_straight() {
        let is_it = scene.nearest == Some(number);
        found(match candidate {
            Candidate::Author => "author, somebody acts straight on the target",
            _ if is_it => "acts straight on the target",
            _ => "another acts straight on the target",
        });
    }
    match (scene.nearest, scene.acts[number]) {
        (nearest, Some((_, side))) if nearest == Some(number) => {
            found("acts on the target");
            found(&format!("acts on the target {}", side.sign()));
        }
        (Some(_), Some(_)) => found("acts, another on the target"),
        (Some(_), None) => found(if number == 0 { "author, somebody acts on the target" } else { "another acts" }),
        (None, Some((_, side))) => found(&format!("acts {}", side.sign())),
        (None, None) if number == 0 => {
            let any = scene.acts.iter().any(Option::is_some);
            found(if any { "author, somebody acts" } else { "author, nobody acts" });
        }
        (None, None) => found("idle"),
    }
    let target_span = span_of(sentence, target);
    let holds =
        |number: usize| sentence.quotes.get(number).is_some_and(|q| q.contents.iter().any(|c| c.overlaps(target_span)));
    let within = others.iter().filter(|o| matches!(o, Candidate::Source(number) if holds(*number))).count();
    match candidate {
        Candidate::Author => {
            found("author");
            found(&format!("author, {} sources over it", within.min(2)));
            found(&format!("author, {} others", others.len().min(4)));
            let quoted = sentence.tokens.tokens.get(target.0).is_some_and(|t| t.quoted);
            found(if quoted { "author, quoted" } else { "author, not quoted" });
            // What is done to the target tells whether somebody does it; but not where it is known who.
            if scene.is_straight() {
                return;
            }
            let near = target.0.saturating_sub(BESIDE)..target.0;
            for at in near.clone().filter(|at| !sentence.tokens.tokens[*at].shape.is_punctuation()) {
                if !phrase::is_opener(&sentence.words[at]) {
                    found(&format!("author, before {}", sentence.words[at]));
                }
            }
            found(&format!("author, signs {}", signs(sentence, near)));
        }
        Candidate::Source(number) => {
            let Some(quote) = sentence.quotes.get(number) else { return };
            let inside = if holds(number) { "in" } else { "out" };
            found(&format!("source {inside}"));
            found(&format!("source {inside} {}", quote.class.as_str()));
            found(&format!("source {inside} of {}", within.min(2)));
            // Of nested contents the shorter is nearer.
            let length = |n: usize| {
                let of = sentence.quotes.get(n)?.contents.iter().find(|c| c.overlaps(target_span))?;
                Some(of.len())
            };
            let shortest =
                others.iter().filter_map(|o| if let Candidate::Source(n) = o { length(*n) } else { None }).min();
            if holds(number) && length(number) == shortest {
                found("source innermost");
            }
            if let Some(cue) = tokens_in(sentence.tokens, quote.cue.start..quote.cue.end) {
                found(&format!("source {inside}, cue {}", sentence.words[cue.0]));
            }
            let source = quote.source.and_then(|s| tokens_in(sentence.tokens, s.start..s.end));
            match source {
                Some(own) => place(sentence, target, own, inside, &mut found),
                None => found("source elsewhere"),
            }
        }
        Candidate::Named(own, kind) => {
            let what = kind.as_str();
            found(what);
            found(&format!("{what}, {} sources over the target", within.min(2)));
            let spoken = span_of(sentence, own);
            let also = sentence.quotes.iter().any(|q| q.contents.iter().any(|c| c.overlaps(spoken)));
            found(if also { "named in content" } else { "named outside content" });
            place(sentence, target, own, what, &mut found);
        }
    }
}

/// Keys of where a candidate's tokens stand to the target, and of the words beside and between.
fn place(
    sentence: &Sentence<'_>,
    target: (usize, usize),
    own: (usize, usize),
    what: &str,
    found: &mut impl FnMut(&str),
) {
    let words = &sentence.words;
    let word = |at: usize| words.get(at).map_or("<end>", String::as_str);
    let (side, gap) =
        if own.1 <= target.0 { ("before", own.1..target.0) } else { ("after", target.1..own.0.max(target.1)) };
    let far = match gap.len() {
        0 => "0",
        1 => "1",
        2..=3 => "2",
        4..=6 => "4",
        7..=12 => "7",
        _ => "13",
    };
    found(&format!("{what} {side} {far}"));
    found(&format!("{side} {far}"));
    if own.0 == 0 || (own.0 == 1 && sentence.tokens.tokens[0].shape.is_punctuation()) {
        found(&format!("{what} first"));
    }
    found(&format!("next {side} {}", word(own.1)));
    let is_verb = |w: &&str| !phrase::is_auxiliary(w) && !clause::is_adverb(w);
    let verb = (own.1..words.len()).take(SKIPPED).map(word).find(is_verb);
    found(&format!("verb {side} {}", verb.unwrap_or("<end>")));
    found(&format!("next two {side} {} {}", word(own.1), word(own.1 + 1)));
    found(&format!("last {side} {}", if own.0 == 0 { "<start>" } else { word(own.0 - 1) }));
    found(&format!("target's last {side} {}", if target.0 == 0 { "<start>" } else { word(target.0 - 1) }));
    let names = gap.clone().filter(|at| sentence.tokens.tokens[*at].name).count();
    found(&format!("{side}, {} names between", names.min(3)));
    let stops = gap.clone().filter(|at| matches!(word(*at), "," | ";" | ":" | "،" | "؛" | "—" | "–")).count();
    found(&format!("{side}, {} stops between", stops.min(2)));
    found(&format!("signs {side} {}", signs(sentence, gap.clone())));
    if gap.len() <= BETWEEN {
        for at in gap.clone().filter(|at| !sentence.tokens.tokens[*at].shape.is_punctuation()) {
            found(&format!("between {side} {}", word(at)));
        }
    }
}

/// The signs of the words that take sides among some tokens, at most three, those nearest to the end.
fn signs(sentence: &Sentence<'_>, tokens: std::ops::Range<usize>) -> String {
    let sides = tokens.rev().filter_map(|at| sentence.words.get(at).and_then(|w| siding::of(w)));
    sides.take(3).map(siding::Side::sign).collect()
}

impl HolderModel {
    /// The score of every candidate.
    #[must_use]
    pub fn scores(&self, sentence: &Sentence<'_>, target: (usize, usize), candidates: &[Candidate]) -> Vec<f64> {
        let scene = Scene::new(sentence, target, candidates);
        let score = |candidate: usize| {
            let mut sum = 0.0;
            keys(&scene, candidate, |key| {
                let weight = self.keys.number(key).and_then(|number| self.weights.get(number as usize));
                sum += f64::from(weight.copied().unwrap_or(0.0));
            });
            sum
        };
        (0..candidates.len()).map(score).collect()
    }

    /// The most likely candidate for a target; of equals the first.
    #[must_use]
    pub fn choose(&self, text: &str, sentence: &Sentence<'_>, target: (usize, usize)) -> Candidate {
        let candidates = candidates(text, sentence, target);
        let scores = self.scores(sentence, target, &candidates);
        let best = scores.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(at, _)| at);
        candidates.get(best).copied().unwrap_or(Candidate::Author)
    }

    /// Whether the tables belong together and are finite.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.weights.len() == self.keys.len() && self.weights.iter().all(|w| w.is_finite())
    }
}
