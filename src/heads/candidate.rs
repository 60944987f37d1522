//! The names that a document has given so far: whom a short name or a pronoun may stand for.
//!
//! In: the sentences' tokens with their names flagged word by word. Out: [`Candidate`]s, one a person or
//! organisation as far as the names tell, each under the fullest form that was given. Start at
//! [`candidates`]; [`Names`] reads on from mention to mention. A name is told from another by its words
//! alone: a form whose words are all in exactly one earlier name is that name again, one that two share
//! (the surname of relatives) is neither.

use super::mention::{Form, Mention, is_organisation, is_particle, is_title, joined, plain, words_of};
use crate::text::{Span, Token, Tokens, is_calendar, is_possessive};
use std::borrow::Cow;

/// Names whose latest form stands farther back than this many others are no candidates: it bounds the
/// work on a mention in a long document.
pub const MOST_CANDIDATES: usize = 40;

/// A name is forgotten when this many others were given since: it bounds the work on a name.
const MOST_NAMES: usize = 400;

/// How many words on either side of a name are read for what it is.
const NEIGHBOURS: usize = 5;

/// Words after which a name is a place more often than anybody who speaks.
const PLACES: &[&str] = &["across", "around", "at", "in", "inside", "into", "near", "outside", "throughout"];

/// Words after which a name is not what its sentence is about.
const OBJECTS: &[&str] =
    &["about", "against", "and", "behind", "by", "for", "from", "of", "on", "over", "than", "to", "told", "with"];

/// Words that a sentence or a quotation may begin with, and no name is.
const PRONOUNS: &[&str] = &[
    "he", "her", "his", "it", "its", "my", "our", "she", "that", "their", "there", "these", "they", "this", "those",
    "we", "what", "who", "you", "your",
];

/// One person, organisation or place that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The fullest form, where it was first given; without titles.
    pub span: Span,
    /// The words of that form, as [`words_of`] gives them.
    pub words: Vec<String>,
    /// Where any form of it stands, in order.
    pub forms: Vec<Span>,
    /// The sentence of the latest form.
    pub sentence: usize,
    /// Whether the latest form is the first name of its sentence.
    pub first: bool,
    /// Whether the latest form follows a preposition, *and* or *told*.
    pub object: bool,
    /// Whether every form follows a preposition of place.
    pub place: bool,
    /// Whether it is one word that stood at the head of sentences alone, where any word is capitalised.
    pub head_only: bool,
    /// Whether one of its words is a noun for organisations.
    pub organisation: bool,
    /// Whether it had a title, or its fullest form has two to four words of which none is a noun for
    /// organisations, and no form follows *the*.
    pub person: bool,
    /// Whether a form without a title follows *the*, as no name of a person does.
    pub thing: bool,
    /// Whether a form had a title.
    pub titled: bool,
    /// The acronym that stood in brackets after it, in lower case.
    pub acronym: Option<String>,
    /// Lower-case words beside it, its titles among them: what it may be called.
    pub roles: Vec<String>,
    /// Whether a title, a noun beside it or a possessive pronoun asked for *he*, and for *she*.
    pub asks: [bool; 2],
}

/// The names given before `mention`, the one whose latest form is nearest first; none overlaps the
/// mention. `sentences` are the document's tokens, names flagged word by word
/// ([`NameMask::flag`](crate::features::names::NameMask::flag)).
#[must_use]
pub fn candidates(text: &str, sentences: &[Tokens], mention: &Mention) -> Vec<Candidate> {
    let mut names = Names::new(text, sentences);
    names.read_to(mention.span.start);
    names.nearest().cloned().collect()
}

/// Whether some words of a name, but not all, are in capitals, as in *the NGO Clear Water*: no name of a person is
/// printed so.
fn has_acronym(original: &[String]) -> bool {
    let is_acronym = |w: &String| w.chars().count() >= 3 && w.chars().all(char::is_uppercase);
    original.iter().any(is_acronym) && !original.iter().all(is_acronym)
}

impl Candidate {
    /// Whether one of its forms overlaps `span`. Logarithmic in their number.
    #[must_use]
    pub fn stands_at(&self, span: Span) -> bool {
        let next = self.forms.partition_point(|form| form.end <= span.start);
        self.forms.get(next).is_some_and(|form| form.overlaps(span))
    }
}

/// A run of name tokens in one sentence.
#[derive(Debug)]
struct Run<'t> {
    sentence: usize,
    /// Its first token, by its place in the sentence.
    at: usize,
    tokens: Vec<&'t Token>,
    /// Whether it is the first run of its sentence.
    first: bool,
}

impl Run<'_> {
    fn span(&self) -> Span {
        let start = self.tokens.first().map_or(0, |t| t.span.start);
        Span::new(start, self.tokens.last().map_or(start, |t| t.span.end))
    }
}

/// Reads names in text order and knows which are the same.
#[derive(Debug)]
pub struct Names<'t> {
    text: &'t str,
    sentences: &'t [Tokens],
    runs: std::iter::Peekable<std::vec::IntoIter<Run<'t>>>,
    found: Vec<Candidate>,
}

impl<'t> Names<'t> {
    /// A reader at the beginning of the text.
    #[must_use]
    pub fn new(text: &'t str, sentences: &'t [Tokens]) -> Self {
        let runs: Vec<_> = sentences.iter().enumerate().flat_map(|(at, tokens)| runs(text, at, tokens)).collect();
        Self { text, sentences, runs: runs.into_iter().peekable(), found: Vec::new() }
    }

    /// Reads the names that end at or before byte `to`.
    pub fn read_to(&mut self, to: usize) {
        while let Some(run) = self.runs.next_if(|run| run.span().end <= to) {
            self.take(&run);
        }
    }

    /// The names read so far, nearest first, [`MOST_CANDIDATES`] at most.
    pub fn nearest(&self) -> impl Iterator<Item = &Candidate> {
        self.found.iter().rev().take(MOST_CANDIDATES)
    }

    fn take(&mut self, run: &Run<'_>) {
        let original = joined(self.text, &run.tokens);
        let words = words_of(&original);
        let titles = original.len() - words.len();
        // At the head of a sentence the mask may take a title for a common word.
        let titled = titles > 0 || self.word_before(run, 1).is_some_and(|word| is_title(&word));
        let place = self.is_after(run, PLACES);
        let is_none = |word: &String| {
            is_calendar(word) || PRONOUNS.contains(&word.as_str()) || word.starts_with(char::is_numeric)
        };
        if words.len() == 1 && words.iter().any(is_none) {
            return;
        }
        if self.is_acronym_of_last(run, &words) {
            return;
        }
        // A town is not the council that is called after it.
        let town = |c: &Candidate| place && c.organisation && !words.iter().any(|word| is_organisation(word));
        let part = |c: &&Candidate| is_part(&words, &c.words) && !town(c);
        let mut same = self.found.iter().enumerate().filter(|(_, c)| part(c)).map(|(at, _)| at);
        let (earlier, another) = (same.next(), same.next());
        if another.is_some() && !self.found.iter().any(|c| c.words == words) {
            return;
        }
        let earlier =
            earlier.filter(|_| another.is_none()).or_else(|| self.found.iter().position(|c| c.words == words));
        let shorter =
            |c: &Candidate| is_part(&c.words, &words) && !(c.place && words.iter().any(|w| is_organisation(w)));
        let earlier = earlier.or_else(|| self.found.iter().position(shorter));
        let mut candidate = match earlier {
            Some(at) => self.found.remove(at),
            None => Candidate {
                span: run.span(),
                words: Vec::new(),
                forms: Vec::new(),
                sentence: run.sentence,
                first: false,
                object: false,
                place: true,
                head_only: true,
                organisation: false,
                person: false,
                thing: false,
                titled: false,
                acronym: None,
                roles: Vec::new(),
                asks: [false; 2],
            },
        };
        if words.len() > candidate.words.len() {
            candidate.organisation = words.iter().any(|word| is_organisation(word)) || has_acronym(&original);
            candidate.span = name_span(run, titles);
            candidate.words = words;
        }
        candidate.titled |= titled;
        candidate.thing |= !titled && self.is_after(run, &["the"]);
        candidate.person = !candidate.organisation
            && (candidate.titled || !candidate.thing && (2..=4).contains(&candidate.words.len()));
        candidate.head_only &= candidate.words.len() == 1 && run.at == 0;
        candidate.forms.push(run.span());
        candidate.sentence = run.sentence;
        candidate.first = run.first;
        candidate.object = self.is_after(run, OBJECTS);
        candidate.place &= place;
        self.look_round(run, &original, &mut candidate);
        // The latest is the last, so that candidates stand in the order of their latest forms.
        self.found.push(candidate);
        if self.found.len() > MOST_NAMES {
            self.found.remove(0);
        }
    }

    /// Whether the run is an acronym in brackets right after the last name; that name then knows it.
    fn is_acronym_of_last(&mut self, run: &Run<'_>, words: &[String]) -> bool {
        let [word] = words else { return false };
        let bracket = self.token(run, run.at.checked_sub(1)).is_some_and(|t| t.span.slice(self.text) == "(");
        let Some(last) = self.found.last_mut().filter(|c| bracket && c.sentence == run.sentence) else { return false };
        let after = last.forms.last().is_some_and(|form| form.end + 2 >= run.span().start);
        if after && last.words.len() > 1 {
            last.acronym = Some(word.clone());
            last.forms.push(run.span());
        }
        after
    }

    fn token(&self, run: &Run<'_>, at: Option<usize>) -> Option<&'t Token> {
        self.sentences.get(run.sentence)?.tokens.get(at?)
    }

    fn is_after(&self, run: &Run<'_>, words: &[&str]) -> bool {
        let is = |back: usize, words: &[&str]| self.word_before(run, back).is_some_and(|w| words.contains(&w.as_ref()));
        is(1, words) || is(1, &["the"]) && is(2, words)
    }

    /// The word so many tokens before a run, in lower case.
    fn word_before(&self, run: &Run<'_>, back: usize) -> Option<Cow<'t, str>> {
        self.token(run, run.at.checked_sub(back)).map(|t| plain(t.span.slice(self.text)))
    }

    /// Reads the words beside a name, as far as the next name or the end of the clause.
    fn look_round(&self, run: &Run<'_>, original: &[String], candidate: &mut Candidate) {
        let titles = original.iter().map(|word| plain(word)).filter(|word| is_title(word));
        let mut roles: Vec<Cow<'_, str>> = titles.collect();
        let Some(sentence) = self.sentences.get(run.sentence) else { return };
        let before = sentence.tokens.get(..run.at).unwrap_or_default();
        let after = sentence.tokens.get(run.at + run.tokens.len()..).unwrap_or_default();
        let word = |t: &Token| plain(t.span.slice(self.text));
        // Before: *the mayor of Lyndhaven,* may hold a name; only what touches the name is asked for its form.
        let comma = before.last().is_some_and(|t| t.span.slice(self.text) == ",");
        // What stands before *of Lyndhaven* is said of somebody else.
        let led = !comma && (self.is_after(run, OBJECTS) || self.is_after(run, PLACES));
        let near = before.iter().rev().skip(usize::from(comma)).take(if led { 0 } else { NEIGHBOURS });
        let head = sentence.tokens.first().map(|t| t.span);
        let lower = |t: &&Token| !t.name && (!t.shape.is_capitalised() || Some(t.span) == head);
        roles.extend(near.take_while(|t| !ends_clause(self.text, t)).filter(lower).map(word));
        let beside = before.iter().rev().nth(usize::from(comma)).map(word);
        let forms = original.iter().map(|w| plain(w)).chain(beside).filter_map(|w| Form::of(&w));
        let mut asked: Vec<Form> = forms.collect();
        // After: an apposition, *Ana Duarte, a businesswoman*.
        if after.first().is_some_and(|t| t.span.slice(self.text) == ",") {
            let near = after.iter().skip(1).take(NEIGHBOURS).take_while(|t| !t.name && !ends_clause(self.text, t));
            let near: Vec<Cow<'_, str>> = near.map(word).collect();
            let whole = !near.iter().any(|w| matches!(w.as_ref(), "whose" | "his" | "her" | "their"));
            asked.extend(near.iter().filter(|_| whole).filter_map(|w| Form::of(w)));
            roles.extend(near);
        }
        // A possessive pronoun after the only name of a sentence is most often that name's.
        let alone = run.first && !after.iter().any(|t| t.name);
        let own = after.iter().map(word).filter(|w| matches!(w.as_ref(), "his" | "her" | "himself" | "herself"));
        asked.extend(own.take(usize::from(alone)).filter_map(|w| Form::of(&w)));
        for form in asked {
            if let Some(asks) = candidate.asks.get_mut(form.number()) {
                *asks = true;
            }
        }
        roles.retain(|w| w.len() > 3 && !candidate.roles.iter().any(|role| role == w));
        candidate.roles.extend(roles.into_iter().map(Cow::into_owned));
    }
}

/// Whether `words` are all among `of`, which has more of them or is the same.
fn is_part(words: &[String], of: &[String]) -> bool {
    words.len() <= of.len() && words.iter().all(|word| of.contains(word))
}

/// A run without its first `titles` words and its possessive ending.
fn name_span(run: &Run<'_>, titles: usize) -> Span {
    let whole = run.span();
    // Titles are whole tokens: none of them has a hyphen.
    let start = run.tokens.get(titles).map_or(whole.start, |t| t.span.start);
    Span::new(start, whole.end)
}

fn ends_clause(text: &str, token: &Token) -> bool {
    matches!(token.span.slice(text), "." | ";" | ":" | "!" | "?" | "," | "\"" | "“" | "”" | "(" | ")")
}

/// The runs of names of a sentence. A possessive ends a run; a hyphen, a particle, and *of* or *for* after
/// a noun for organisations stand inside one.
fn runs<'t>(text: &str, sentence: usize, tokens: &'t Tokens) -> Vec<Run<'t>> {
    let all = &tokens.tokens;
    let mut found: Vec<Run<'t>> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        if !all.get(at).is_some_and(|t| t.name) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while let Some(next) = next_part(text, all, at, end) {
            end = next;
        }
        let tokens = all.get(at..end).unwrap_or_default().iter().collect();
        found.push(Run { sentence, at, tokens, first: found.is_empty() });
        at = end;
    }
    found
}

/// Where the run `start..end` goes on to, if it does.
fn next_part(text: &str, all: &[Token], start: usize, end: usize) -> Option<usize> {
    let last = all.get(end.checked_sub(1)?)?;
    let slice = |at: usize| all.get(at).map_or("", |t| t.span.slice(text));
    let is_name = |at: usize| all.get(at).is_some_and(|t| t.name && t.quoted == last.quoted);
    let touches =
        |at: usize| all.get(at).zip(all.get(at.wrapping_sub(1))).is_some_and(|(t, b)| t.span.start == b.span.end);
    let hyphen = matches!(slice(end), "-" | "‐" | "‑") && touches(end) && touches(end + 1);
    if hyphen && all.get(end + 1).is_some_and(|t| !t.shape.is_punctuation()) {
        return Some(end + 2);
    }
    if is_possessive(last.span.slice(text)) {
        return None;
    }
    // In a short sentence that is mostly a name, the mask takes its common words for those of a headline.
    let capitals = all.get(end..)?.iter().take(3).take_while(|t| t.shape.is_capitalised()).count();
    let nouns = all.get(end..end + capitals)?.iter().rposition(|t| is_organisation(&plain(t.span.slice(text))));
    if is_name(end) || nouns.is_some() {
        return Some(nouns.map_or(end + 1, |noun| end + noun + 1));
    }
    let single = last.span.slice(text).chars().count() == 1;
    let plural = last.span.slice(text).ends_with('s');
    let joins = single && slice(end) == "." || plural && matches!(slice(end), "'" | "’");
    let noun = |t: &Token| t.shape.is_capitalised() && is_organisation(&plain(t.span.slice(text)));
    if joins && touches(end) && (is_name(end + 1) || all.get(end + 1).is_some_and(noun)) {
        return Some(end + 2);
    }
    let particles = (end..all.len()).take_while(|at| is_particle(slice(*at))).count();
    if particles > 0 && is_name(end + particles) {
        return Some(end + particles + 1);
    }
    let organisation = all.get(start..end)?.iter().any(|t| is_organisation(&plain(t.span.slice(text))));
    let heads = is_organisation(&plain(last.span.slice(text)));
    let of = matches!(slice(end), "of" | "for") && heads;
    let and = slice(end) == "and" && organisation && all.get(start..end)?.iter().any(|t| t.span.slice(text) == "of");
    if of && slice(end + 1) == "the" && is_name(end + 2) {
        return Some(end + 3);
    }
    ((of || and) && is_name(end + 1)).then_some(end + 2)
}
