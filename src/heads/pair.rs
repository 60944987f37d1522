//! A mention and a name that it may stand for, as features.
//!
//! In: a mention as it is read, its candidates and the earlier sources. Out: a row of numbers for each candidate that
//! fits. Start at [`features`]; [`FEATURE_NAMES`] says what each is.

use super::candidate::Candidate;
use super::mention::{Form, Mention, MentionKind, Reading, is_organisation, is_title};
use crate::text::Span;

/// How many features a pair of mention and candidate has.
pub const FEATURES: usize = 41;

/// What each feature is, in order. All are 0 or 1 unless a range is given. Those of one block are 0 for
/// mentions of another.
pub const FEATURE_NAMES: [&str; FEATURES] = [
    // Pronouns.
    "he or she, and the candidate looks like a person",
    "he or she, and the candidate is one word",
    "it",
    "it, and the candidate is an organisation",
    "they",
    "they, and the candidate looks like a person",
    "they, and the candidate is an organisation",
    "pronoun: spoken of in the same sentence",
    "pronoun: spoken of last in the sentence before",
    "pronoun: ln(1 + sentences back), 0 up",
    "pronoun: rivals spoken of since, 0 to 3",
    "pronoun: no rival was spoken of since",
    "pronoun: rivals in all, 0 to 3",
    "pronoun: no rival",
    "pronoun: the candidate is its sentence's first name",
    "pronoun: the candidate follows a preposition",
    "pronoun: the candidate is the last source",
    "pronoun: the candidate is an earlier source",
    "pronoun: the candidate is the last source, and no rival was spoken of since",
    "pronoun: a source that stands for nobody named was last, after the candidate",
    "pronoun: a rival is one that was asked for",
    "the pronoun or title is one that was asked for",
    "the pronoun or title is the other one than was asked for",
    // Names.
    "name",
    "name: it is how the candidate ends",
    "name: it is how the candidate begins",
    "name: its words are others of the candidate's",
    "name: it is the candidate's acronym by its initials",
    "name: it stood in brackets after the candidate",
    "name: other candidates that fit, 0 to 2",
    "name: the candidate looks like a person",
    "name: the candidate is an earlier source",
    // Noun phrases.
    "phrase",
    "phrase: its noun is a word of the candidate",
    "phrase: its noun stood beside the candidate",
    "phrase: both are organisations",
    "phrase: it is an organisation, and the candidate looks like a person",
    "phrase: other candidates that fit, 0 to 2",
    "phrase: the candidate is the last source",
    "phrase: no other candidate was spoken of since",
    // All.
    "the mention is a possessive",
];

/// A source that was read before, and whom it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spoken {
    /// The sentence it stands in.
    pub sentence: usize,
    /// Where it begins, in bytes.
    pub start: usize,
    /// A form of the name it stands for; `None` where that is open.
    pub name: Option<Span>,
    /// The form of the pronoun or title that it is.
    pub form: Option<Form>,
}

/// A candidate beside what the sources so far say of it.
#[derive(Debug)]
struct Standing<'c> {
    candidate: &'c Candidate,
    /// Sentence and place where it was spoken of last, by name or as a source.
    last: (usize, usize),
    /// Whether it was last spoken of as a source.
    as_source: bool,
    is_last_source: bool,
    is_source: bool,
    asks: [bool; 2],
}

impl<'c> Standing<'c> {
    fn of(candidate: &'c Candidate, spoken: &[Spoken]) -> Self {
        let named = (candidate.sentence, candidate.forms.last().map_or(0, |form| form.start));
        let mut standing = Self {
            candidate,
            last: named,
            as_source: false,
            is_last_source: false,
            is_source: false,
            asks: candidate.asks,
        };
        for (back, source) in spoken.iter().rev().enumerate() {
            if !source.name.is_some_and(|name| candidate.stands_at(name)) {
                continue;
            }
            standing.is_source = true;
            standing.is_last_source |= back == 0;
            if (source.sentence, source.start) >= standing.last {
                standing.last = (source.sentence, source.start);
                standing.as_source = true;
            }
            if let Some(asks) = source.form.and_then(|form| standing.asks.get_mut(form.number())) {
                *asks = true;
            }
        }
        standing
    }

    /// Whether this form alone was asked for, and whether the other alone was: 0 or 1 each.
    fn agreement(&self, form: Option<Form>) -> (f32, f32) {
        let Some(form) = form else { return (0.0, 0.0) };
        let asks = |form: Form| self.asks.get(form.number()).copied().unwrap_or(false);
        let (this, other) = (asks(form), asks(form.other()));
        (flag(this && !other), flag(other && !this))
    }

    /// Whether a pronoun could stand for it, as far as its name tells.
    fn fits_pronoun(&self, kind: MentionKind) -> bool {
        let c = self.candidate;
        match kind {
            MentionKind::Person => (c.person || self.is_source) && !c.organisation,
            MentionKind::It => !c.person && !c.head_only && (!c.place || self.is_source),
            _ => (c.person || c.organisation || self.is_source) && (!c.place || self.is_source),
        }
    }
}

/// How the words of a name are those of a candidate: `None` where they are not, or are all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Overlap {
    Last,
    First,
    Some,
    Initials,
    Bracketed,
}

fn overlap(reading: &Reading, candidate: &Candidate) -> Option<Overlap> {
    let (words, full) = (&reading.words, &candidate.words);
    if words.is_empty() || words == full {
        return None;
    }
    if let [word] = words.as_slice() {
        if candidate.acronym.as_ref() == Some(word) {
            return Some(Overlap::Bracketed);
        }
        let initials = |all: bool| -> String {
            let counted = full.iter().filter(|w| all || !matches!(w.as_str(), "of" | "for" | "the" | "and"));
            counted.filter_map(|w| w.chars().next()).collect()
        };
        let letters: String = word.chars().filter(|c| *c != '.').collect();
        if letters.chars().count() > 1 && (letters == initials(false) || letters == initials(true)) {
            return Some(Overlap::Initials);
        }
    }
    if full.ends_with(words) {
        Some(Overlap::Last)
    } else if full.starts_with(words) {
        Some(Overlap::First)
    } else if words.len() < full.len() && words.iter().all(|word| full.contains(word)) {
        Some(Overlap::Some)
    } else {
        None
    }
}

/// How a noun phrase is said of a candidate: by its last word, by a word beside it, as an organisation.
fn said_of(reading: &Reading, candidate: &Candidate) -> [bool; 3] {
    let head = &reading.head;
    let asked = candidate.asks.contains(&true) || candidate.titled || candidate.roles.iter().any(|role| is_title(role));
    let passing = candidate.place || candidate.head_only || candidate.object && candidate.words.len() == 1;
    let organisation = is_organisation(head) && !passing && !asked;
    [candidate.words.contains(head), candidate.roles.contains(head), organisation]
}

/// The features of a mention and each of its candidates, in the order of [`FEATURE_NAMES`]; the candidates
/// are `near`, nearest first. A candidate that the mention cannot stand for has none: a name that shares no
/// word with it, or is the whole of it; one that nothing says the noun phrase of; an organisation beside *he*.
///
/// `spoken` are the earlier sources, in order.
#[must_use]
pub fn features(
    reading: &Reading,
    mention: &Mention,
    near: &[&Candidate],
    spoken: &[Spoken],
) -> Vec<Option<[f32; FEATURES]>> {
    let standing: Vec<Standing<'_>> = near.iter().map(|candidate| Standing::of(candidate, spoken)).collect();
    let kind = reading.kind;
    let fits: Vec<bool> = standing
        .iter()
        .map(|s| match kind {
            MentionKind::Other => false,
            // That both are organisations says little alone: *the army* is not the last place named.
            MentionKind::Phrase => said_of(reading, s.candidate)[..2].contains(&true),
            _ if kind.is_name() => overlap(reading, s.candidate).is_some(),
            _ => s.fits_pronoun(kind),
        })
        .collect();
    // Of a full name there is nothing fuller to give, even if it is a part of another.
    if kind.is_name() && standing.iter().any(|s| s.candidate.words == reading.words) {
        return vec![None; near.len()];
    }
    let rivals = |of: usize| standing.iter().enumerate().filter(move |(at, _)| *at != of).zip_fits(&fits);
    let mut rows = Vec::with_capacity(near.len());
    for (at, this) in standing.iter().enumerate() {
        if !fits.get(at).copied().unwrap_or(false) {
            rows.push(None);
            continue;
        }
        let all = rivals(at).count();
        let since = rivals(at).filter(|rival| rival.last > this.last).count();
        let asked = rivals(at).any(|rival| rival.agreement(reading.form).0 > 0.0);
        let after = |last: &Spoken| (last.sentence, last.start) > this.last;
        let unnamed = spoken.last().is_some_and(|last| last.name.is_none() && after(last));
        rows.push(Some(row(reading, mention, this, Field { all, since, asked, unnamed })));
    }
    rows
}

/// Keeps the standings that fit.
trait ZipFits<'a, 'c: 'a>: Iterator<Item = (usize, &'a Standing<'c>)> + Sized {
    fn zip_fits(self, fits: &'a [bool]) -> impl Iterator<Item = &'a Standing<'c>> {
        self.filter(|(at, _)| fits.get(*at).copied().unwrap_or(false)).map(|(_, standing)| standing)
    }
}

impl<'a, 'c: 'a, I: Iterator<Item = (usize, &'a Standing<'c>)>> ZipFits<'a, 'c> for I {}

/// What else a mention could stand for.
#[derive(Debug, Clone, Copy)]
struct Field {
    /// How many other candidates fit.
    all: usize,
    /// How many of them were spoken of since.
    since: usize,
    /// Whether one of them was asked to be of the mention's form.
    asked: bool,
    /// Whether the last source came after the candidate, and stands for nobody who was named.
    unnamed: bool,
}

fn row(reading: &Reading, mention: &Mention, this: &Standing<'_>, field: Field) -> [f32; FEATURES] {
    let Field { all, since, asked, unnamed } = field;
    let c = this.candidate;
    let kind = reading.kind;
    let back = mention.sentence.saturating_sub(this.last.0);
    let (agrees, conflicts) = this.agreement(reading.form);
    let (pronoun, person) = (kind.is_pronoun(), kind == MentionKind::Person);
    let (it, they) = (kind == MentionKind::It, kind == MentionKind::They);
    let (name, phrase) = (kind.is_name(), kind == MentionKind::Phrase);
    let shared = overlap(reading, c).filter(|_| name);
    let [last_word, beside, both] = if phrase { said_of(reading, c) } else { [false; 3] };
    [
        flag(person && c.person),
        flag(person && c.words.len() == 1),
        flag(it),
        flag(it && c.organisation),
        flag(they),
        flag(they && c.person),
        flag(they && c.organisation),
        flag(pronoun && back == 0),
        flag(pronoun && back == 1),
        if pronoun { count(back, 1000).ln_1p() } else { 0.0 },
        if pronoun { count(since, 3) } else { 0.0 },
        flag(pronoun && since == 0),
        if pronoun { count(all, 3) } else { 0.0 },
        flag(pronoun && all == 0),
        flag(pronoun && (c.first || this.as_source)),
        flag(pronoun && c.object && !this.as_source),
        flag(pronoun && this.is_last_source),
        flag(pronoun && this.is_source),
        flag(pronoun && this.is_last_source && since == 0),
        flag(pronoun && unnamed),
        flag(pronoun && asked),
        agrees,
        conflicts,
        flag(name),
        flag(shared == Some(Overlap::Last)),
        flag(shared == Some(Overlap::First)),
        flag(shared == Some(Overlap::Some)),
        flag(shared == Some(Overlap::Initials)),
        flag(shared == Some(Overlap::Bracketed)),
        if name { count(all, 2) } else { 0.0 },
        flag(name && c.person),
        flag(name && this.is_source),
        flag(phrase),
        flag(last_word),
        flag(beside),
        flag(both && !c.person),
        flag(both && c.person),
        if phrase { count(all, 2) } else { 0.0 },
        flag(phrase && this.is_last_source),
        flag(phrase && since == 0),
        flag(reading.possessive),
    ]
}

const fn flag(set: bool) -> f32 {
    if set { 1.0 } else { 0.0 }
}

/// A count, at most `most`, which is far below what an `f32` holds exactly.
fn count(of: usize, most: u16) -> f32 {
    f32::from(u16::try_from(of).unwrap_or(u16::MAX).min(most))
}
