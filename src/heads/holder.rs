//! Whose stance it is: the author's, a source's, or that of somebody else whom the sentence names.
//!
//! In: a sentence and a target in it. Out: the most likely of its [`Candidate`]s. Start at [`HolderModel::choose`].
//! Every candidate gets a score, a sum of weights of keys: what it is, where it stands to the target, which words
//! are between the two and beside it (*the ministry* opposed *the dam*), and whether the target stands in what it is
//! made to say. The scores are logits of a choice among the candidates.

use super::cast::Actor;
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

/// Words between candidate and target that have keys, at most.
const BETWEEN: usize = 12;

/// Phrases to either side of a target that are candidates, those nearest to it: sentences of newspapers have no more of
/// them. In a text without full stops, what stands further away is somebody else's.
const NEAREST: usize = 32;

/// Sources to either side of a target that are candidates, by their cues. A sentence seldom has three.
const NEAREST_SOURCES: usize = 16;

/// The candidates for a target of a sentence: the author first, then the sources, then others in order.
#[must_use]
pub fn candidates(sentence: &Sentence<'_>, target: (usize, usize)) -> Vec<Candidate> {
    let mut found = vec![Candidate::Author];
    let tokens = &sentence.tokens.tokens;
    let target_span = span_of(sentence, target);
    let mut sources: Vec<Span> = Vec::new();
    let behind = sentence.quotes.partition_point(|quote| quote.cue.start < target_span.start);
    let near = behind.saturating_sub(NEAREST_SOURCES)..behind.saturating_add(NEAREST_SOURCES);
    for (number, quote) in sentence.quotes.iter().enumerate().take(near.end).skip(near.start) {
        let Some(source) = quote.source else { continue };
        if !target_span.overlaps(source) {
            found.push(Candidate::Source(number));
            sources.push(source);
        }
    }
    let phrases = &sentence.cast().phrases;
    let behind = phrases.partition_point(|(phrase, _)| phrase.first < target.0);
    let near = behind.saturating_sub(NEAREST)..phrases.len().min(behind.saturating_add(NEAREST));
    for (phrase, _) in &phrases[near] {
        let mut phrase = *phrase;
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
    /// For each candidate who it is, where they stand in the sentence.
    actors: Vec<Option<Actor>>,
    /// For each candidate the length of the content in which it has the target, if it is a source that does.
    lengths: Vec<Option<usize>>,
    /// The candidate whose verb has the target behind it in one clause; of several the one nearest to it.
    nearest: Option<usize>,
    /// Whether that verb is said straight of the target: behind its subject, or in Arabic with no other word than that
    /// between the two.
    is_straight: bool,
}

impl<'a> Scene<'a> {
    /// Of these candidates.
    #[must_use]
    pub fn new(sentence: &'a Sentence<'a>, target: (usize, usize), candidates: &'a [Candidate]) -> Self {
        let cast = sentence.cast();
        let who = |candidate: &Candidate| match *candidate {
            Candidate::Author => None,
            Candidate::Source(number) => cast.sources.get(number).copied().flatten(),
            Candidate::Named(own, _) => Some(cast.actor(sentence, own)),
        };
        let actors: Vec<Option<Actor>> = candidates.iter().map(who).collect();
        let target_span = span_of(sentence, target);
        let length = |candidate: &Candidate| {
            let Candidate::Source(number) = *candidate else { return None };
            let contents = &sentence.quotes.get(number)?.contents;
            contents.iter().find(|c| c.overlaps(target_span)).map(|c| c.len())
        };
        let opening = cast.openings.get(target.0).copied().unwrap_or(0);
        let acting = |number: usize| actors[number].and_then(|actor| Some((actor.own, actor.act?)));
        let reaches = |number: &usize| {
            let Some((own, (verb, _))) = acting(*number) else { return false };
            own.1 <= target.0 && verb < target.0 && opening <= verb.max(own.0)
        };
        // Of two subjects of one verb the first.
        let rank = |number: &usize| {
            let (own, act) = acting(*number).unwrap_or(((0, 0), (0, Side::Turn)));
            (act.0.max(own.0), std::cmp::Reverse(own.0))
        };
        let nearest = (0..candidates.len()).filter(reaches).max_by_key(rank);
        let is_straight = nearest.and_then(acting).is_some_and(|(own, (verb, _))| {
            clause::is_straight(&sentence.words, if verb < own.0 { own.1 - 1 } else { verb }, target.0)
        });
        let lengths = candidates.iter().map(length).collect();
        Self { sentence, target, candidates, actors, lengths, nearest, is_straight }
    }

    fn act(&self, number: usize) -> Option<Side> {
        self.actors.get(number).copied().flatten()?.act.map(|(_, side)| side)
    }

    /// The candidate whose verb takes a side and has the target behind it in one clause.
    #[must_use]
    pub fn nearest(&self) -> Option<Candidate> {
        self.nearest.map(|number| self.candidates[number])
    }
}

/// The keys of every candidate of a scene, each with the candidate's number, which rise.
pub fn keys(scene: &Scene<'_>, mut found: impl FnMut(usize, &str)) {
    let mut key = String::new();
    let sources = scene.lengths.iter().flatten().count().min(2);
    let shortest = scene.lengths.iter().flatten().min().copied();
    for number in 0..scene.candidates.len() {
        let mut emit = |parts: &[&str]| {
            key.clear();
            parts.iter().for_each(|part| key.push_str(part));
            found(number, &key);
        };
        acts(scene, number, &mut emit);
        own_keys(scene, number, (sources, shortest), &mut emit);
    }
}

/// Small numbers as keys have them.
const NUMBERS: [&str; 5] = ["0", "1", "2", "3", "4"];

/// Keys of what a candidate does, and the others do.
fn acts(scene: &Scene<'_>, number: usize, emit: &mut impl FnMut(&[&str])) {
    let is_author = matches!(scene.candidates.get(number), Some(Candidate::Author));
    if scene.is_straight {
        let is_it = scene.nearest == Some(number);
        emit(&[if is_author {
            "author, somebody acts straight on the target"
        } else if is_it {
            "acts straight on the target"
        } else {
            "another acts straight on the target"
        }]);
    }
    match (scene.nearest, scene.act(number)) {
        (nearest, Some(side)) if nearest == Some(number) => {
            emit(&["acts on the target"]);
            emit(&["acts on the target ", side.sign()]);
        }
        (Some(_), Some(_)) => emit(&["acts, another on the target"]),
        (Some(_), None) => emit(&[if number == 0 { "author, somebody acts on the target" } else { "another acts" }]),
        (None, Some(side)) => emit(&["acts ", side.sign()]),
        (None, None) if number == 0 => {
            let any = scene.actors.iter().flatten().any(|actor| actor.act.is_some());
            emit(&[if any { "author, somebody acts" } else { "author, nobody acts" }]);
        }
        (None, None) => emit(&["idle"]),
    }
}

/// Keys of what a candidate is, beside so many sources (two for more) that speak of the target, the shortest content of
/// theirs given.
fn own_keys(
    scene: &Scene<'_>,
    number: usize,
    (sources, shortest): (usize, Option<usize>),
    emit: &mut impl FnMut(&[&str]),
) {
    let Scene { sentence, target, candidates: others, .. } = *scene;
    let Some(candidate) = others.get(number).copied() else { return };
    let sources = NUMBERS[sources.min(2)];
    match candidate {
        Candidate::Author => {
            emit(&["author"]);
            emit(&["author, ", sources, " sources over it"]);
            emit(&["author, ", NUMBERS[others.len().min(4)], " others"]);
            let quoted = sentence.tokens.tokens.get(target.0).is_some_and(|t| t.quoted);
            emit(&[if quoted { "author, quoted" } else { "author, not quoted" }]);
            // What is done to the target tells whether somebody does it; but not where it is known who.
            if scene.is_straight {
                return;
            }
            let near = target.0.saturating_sub(BESIDE)..target.0;
            for at in near.clone().filter(|at| !sentence.tokens.tokens[*at].shape.is_punctuation()) {
                if !phrase::is_opener(&sentence.words[at]) {
                    emit(&["author, before ", &sentence.words[at]]);
                }
            }
            signs(sentence, &near, &["author, signs "], emit);
        }
        Candidate::Source(quote) => {
            let Some(quote) = sentence.quotes.get(quote) else { return };
            let length = scene.lengths.get(number).copied().flatten();
            let inside = if length.is_some() { "in" } else { "out" };
            emit(&["source ", inside]);
            emit(&["source ", inside, " ", quote.class.as_str()]);
            emit(&["source ", inside, " of ", sources]);
            // Of nested contents the shorter is nearer.
            if length.is_some() && length == shortest {
                emit(&["source innermost"]);
            }
            if let Some(cue) = tokens_in(sentence.tokens, quote.cue.start..quote.cue.end) {
                emit(&["source ", inside, ", cue ", &sentence.words[cue.0]]);
            }
            match scene.actors.get(number).copied().flatten() {
                Some(actor) => place(sentence, target, actor, inside, emit),
                None => emit(&["source elsewhere"]),
            }
        }
        Candidate::Named(own, kind) => {
            let what = kind.as_str();
            emit(&[what]);
            emit(&[what, ", ", sources, " sources over the target"]);
            let also = sentence.cast().is_told(span_of(sentence, own));
            emit(&[if also { "named in content" } else { "named outside content" }]);
            if let Some(actor) = scene.actors.get(number).copied().flatten() {
                place(sentence, target, actor, what, emit);
            }
        }
    }
}

/// Keys of where a candidate's tokens stand to the target, and of the words beside and between.
fn place(sentence: &Sentence<'_>, target: (usize, usize), actor: Actor, what: &str, emit: &mut impl FnMut(&[&str])) {
    let Actor { own, verb, .. } = actor;
    let (words, cast) = (&sentence.words, sentence.cast());
    let word = |at: usize| words.get(at).map_or("<end>", String::as_str);
    let before = |at: usize| at.checked_sub(1).map_or("<start>", word);
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
    emit(&[what, " ", side, " ", far]);
    emit(&[side, " ", far]);
    if own.0 == 0 || (own.0 == 1 && sentence.tokens.tokens[0].shape.is_punctuation()) {
        emit(&[what, " first"]);
    }
    emit(&["next ", side, " ", word(own.1)]);
    emit(&["verb ", side, " ", verb.map_or("<end>", word)]);
    emit(&["next two ", side, " ", word(own.1), " ", word(own.1 + 1)]);
    emit(&["last ", side, " ", before(own.0)]);
    emit(&["target's last ", side, " ", before(target.0)]);
    emit(&[side, ", ", NUMBERS[cast.names_in(&gap).min(3) as usize], " names between"]);
    emit(&[side, ", ", NUMBERS[cast.stops_in(&gap).min(2) as usize], " stops between"]);
    signs(sentence, &gap, &["signs ", side, " "], emit);
    if gap.len() <= BETWEEN {
        for at in gap.filter(|at| !sentence.tokens.tokens[*at].shape.is_punctuation()) {
            emit(&["between ", side, " ", word(at)]);
        }
    }
}

/// A key of the signs of the words that take sides among some tokens, at most three, those nearest to the end.
fn signs<'k>(
    sentence: &Sentence<'_>,
    tokens: &std::ops::Range<usize>,
    key: &[&'k str],
    emit: &mut impl FnMut(&[&str]),
) {
    let mut parts: [&'k str; 6] = [""; 6];
    let signs = sentence.cast().signs(tokens).map(|sign| -> &'k str { sign });
    for (part, from) in parts.iter_mut().zip(key.iter().copied().chain(signs)) {
        *part = from;
    }
    emit(&parts);
}

impl HolderModel {
    /// The score of every candidate.
    #[must_use]
    pub fn scores(&self, sentence: &Sentence<'_>, target: (usize, usize), candidates: &[Candidate]) -> Vec<f64> {
        let mut scores = vec![0.0; candidates.len()];
        keys(&Scene::new(sentence, target, candidates), |candidate, key| {
            let weight = self.keys.number(key).and_then(|number| self.weights.get(number as usize));
            scores[candidate] += f64::from(weight.copied().unwrap_or(0.0));
        });
        scores
    }

    /// The most likely candidate for a target; of equals the first.
    #[must_use]
    pub fn choose(&self, sentence: &Sentence<'_>, target: (usize, usize)) -> Candidate {
        let candidates = candidates(sentence, target);
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::attribution::CueClass;
    use super::super::stance::Quote;
    use super::*;
    use crate::text::Tokenizer;

    /// How many candidates a target in the middle of a sentence has, and how many keys these, where somebody else is named
    /// and speaks so often on either side of it.
    fn counts(times: usize) -> (usize, usize) {
        let said = "Rin said and ".repeat(times);
        let text = format!("{said}backed the dam {said}");
        let tokenizer = Tokenizer::from_parts(vec!["[UNK]".to_owned()]).unwrap();
        let mut tokens = tokenizer.tokenize(&text, Span::new(0, text.len())).unwrap();
        for token in &mut tokens.tokens {
            token.name = token.shape.is_capitalised();
        }
        let told = |(at, cue): (usize, &str)| Quote {
            source: Some(Span::new(at - 4, at - 1)),
            cue: Span::new(at, at + cue.len()),
            contents: vec![Span::new(0, text.len())],
            class: CueClass::ALL[0],
        };
        let quotes: Vec<Quote> = text.match_indices("said").step_by(2).map(told).collect();
        let sentence = Sentence::new(&text, &tokens, &quotes);
        let at = text.find("dam").unwrap();
        let target = tokens_in(&tokens, at..at + 3).unwrap();
        let all = candidates(&sentence, target);
        let mut count = 0;
        keys(&Scene::new(&sentence, target, &all), |_, _| count += 1);
        assert!(sentence.marks(target).len() <= 2 * all.len());
        (all.len(), count)
    }

    #[test]
    fn a_target_has_no_more_candidates_the_longer_its_sentence_is() {
        let (few, long, longer) = (counts(4), counts(100), counts(400));
        assert!(few.0 < long.0);
        assert_eq!(long, longer);
        assert!(long.0 <= 1 + 2 * NEAREST + 2 * NEAREST_SOURCES);
    }
}
