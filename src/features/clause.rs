//! Clauses, told without a parser: where one ends, which of its words take sides, and what its subject does.
//!
//! In: a sentence's words, as [`super::facts::words`] gives them. Out: sides of words ([`sides`]), the first word of
//! each clause ([`openings`]), and the verb of a phrase that takes a side ([`act`]).

use super::siding::{self, Side};
use super::{classes, phrase};
use crate::text::is_arabic;

/// Words that a subject's verb is looked for in, behind it.
const SKIPPED: usize = 7;

/// Words behind a verb of no side that what it is said of is looked for in.
const OBJECT: usize = 4;

/// Words that name whoever opposes as well as opposing: beside another word that takes a side they name somebody.
const PARTIES: &[&str] = &["opposition", "معارضه"];

/// Words and marks that end a clause.
#[rustfmt::skip]
const ENDS: &[&str] = &[
    ",", ";", ":", "—", "–", "but", "while", "whereas", "although", "though", "because", "،", "؛", "لكن", "بينما", "اما",
    "فيما",
];

/// Words that join two subjects.
const JOINERS: &[&str] = &["and", "or", "nor", "و", "او"];

/// Whether a word or mark ends a clause.
#[must_use]
pub fn is_end(word: &str) -> bool {
    ENDS.contains(&word)
}

/// For every word, and for the end behind the last, the first word of the clause that it stands in.
#[must_use]
pub fn openings(words: &[String]) -> Vec<usize> {
    let mut opening = 0;
    let mut openings = Vec::with_capacity(words.len() + 1);
    openings.push(0);
    for (at, word) in words.iter().enumerate() {
        if is_end(word) {
            opening = at + 1;
        }
        openings.push(opening);
    }
    openings
}

/// The side that every word has by itself.
#[must_use]
pub fn own_sides(words: &[String]) -> Vec<Option<Side>> {
    words.iter().map(|word| siding::of(word)).collect()
}

/// The side of every word where it stands, of those that they have by themselves: *the opposition backed* has one that is
/// for, and none that is against.
#[must_use]
pub fn sides(words: &[String], own: &[Option<Side>]) -> Vec<Option<Side>> {
    let of = |at: usize| own.get(at).copied().flatten();
    let side = |at: usize| {
        let names_somebody = PARTIES.contains(&words[at].as_str())
            && (verb_behind(words, own, at + 1).is_some_and(|verb| of(verb).is_some())
                || words[at].starts_with(is_arabic) && at.checked_sub(1).is_some_and(|before| of(before).is_some()));
        if names_somebody { None } else { of(at) }
    };
    (0..words.len()).map(side).collect()
}

/// What a phrase does, if its verb takes a side: the verb's place and its side. Behind the phrase, and whatever
/// auxiliaries, adverbs and negations follow it; in Arabic also right before it. Of *the union and the council backed*
/// both do.
#[must_use]
pub fn act(words: &[String], sides: &[Option<Side>], own: (usize, usize)) -> Option<(usize, Side)> {
    let of = |at: usize| sides.get(at).copied().flatten().filter(|side| *side != Side::Concede).map(|side| (at, side));
    let is_here_arabic = words.get(own.0).is_some_and(|word| word.starts_with(is_arabic));
    let before = own.0.checked_sub(1).filter(|_| is_here_arabic || words.get(own.0).is_some_and(|w| w == "<n>"));
    let before = before.filter(|at| words[*at].starts_with(is_arabic)).and_then(of);
    if before.is_some_and(|(_, side)| side != Side::Turn) {
        return before;
    }
    let verb = verb_behind(words, sides, own.1);
    // What a verb of no side is said of may take one (*lost its fight against*, *marched in support of*).
    let object = || {
        let from = verb? + 1;
        let mut near = (from..words.len()).take(OBJECT);
        near.find(|at| of(*at).is_some() || !phrase::is_opener(&words[*at])).and_then(of)
    };
    verb.and_then(of).or_else(|| turned(words, sides, own.1)).or_else(object).or_else(|| {
        // The first of two subjects does what the second does.
        let joiner = words.get(own.1).filter(|word| JOINERS.contains(&word.as_str()))?;
        let other = (own.1 + 1..words.len()).take(SKIPPED).find(|at| {
            let word = words[*at].as_str();
            phrase::is_auxiliary(word) || is_adverb(word) || of(*at).is_some()
        })?;
        let is_plain = words[own.1 + 1..other].iter().all(|word| !is_end(word) && word != joiner);
        let verb = if of(other).is_some() { other } else { verb_behind(words, sides, other)? };
        of(verb).filter(|_| is_plain)
    })
}

/// Whether nothing but articles, prepositions and auxiliaries stands between a verb and what begins at `target`, of which
/// it is then said straight away.
#[must_use]
pub fn is_straight(words: &[String], verb: usize, target: usize) -> bool {
    let is_function = |word: &String| phrase::is_opener(word) || phrase::is_auxiliary(word) || is_adverb(word);
    let is_proclitic = |word: &String| word.chars().nth(1).is_none() && word.starts_with(is_arabic);
    words.get(verb + 1..target).is_some_and(|between| between.iter().all(|w| is_function(w) || is_proclitic(w)))
}

/// The first word behind a subject that is none of those that stand between it and its verb.
fn verb_behind(words: &[String], sides: &[Option<Side>], from: usize) -> Option<usize> {
    (from..words.len()).take(SKIPPED).find(|at| {
        let word = words[*at].as_str();
        let turns = sides.get(*at).copied().flatten() == Some(Side::Turn);
        !(turns || phrase::is_auxiliary(word) || is_adverb(word) || word == "to")
    })
}

/// A word that turns round what follows and stands between a subject and a verb of no side (*refused to pay for*).
fn turned(words: &[String], sides: &[Option<Side>], from: usize) -> Option<(usize, Side)> {
    let until = verb_behind(words, sides, from)?;
    (from..until).find(|at| sides[*at] == Some(Side::Turn)).map(|at| (at, Side::Turn))
}

/// Words in *-ly* that are no adverbs.
#[rustfmt::skip]
const NO_ADVERBS: &[&str] = &[
    "assembly", "family", "reply", "supply", "anomaly", "monopoly", "daily", "weekly", "monthly", "yearly", "quarterly",
    "elderly", "friendly", "early", "rally", "italy", "july", "ally", "costly", "deadly", "apply", "imply", "comply",
];

/// Adverbs that stand between a subject and its verb and do not end in *-ly*.
const ADVERBS: &[&str] = &[
    "once",
    "soon",
    "already",
    "yesterday",
    "today",
    "even",
    "never",
    "always",
    "often",
    "long",
    "ever",
    "both",
    "all",
    "too",
    "just",
    "later",
    "then",
    "not",
    "no",
    "nevertheless",
    "instead",
    "themselves",
    "himself",
    "herself",
];

/// Whether a word is an adverb that may stand between a subject and its verb.
#[must_use]
pub fn is_adverb(word: &str) -> bool {
    let in_ly = word.len() > 4 && word.ends_with("ly") && !NO_ADVERBS.contains(&word);
    in_ly || ADVERBS.contains(&word) || classes::is_negation(word)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn done(text: &str, own: (usize, usize)) -> Option<(usize, Side)> {
        let words = words(text);
        act(&words, &sides(&words, &own_sides(&words)), own)
    }

    #[test]
    fn a_subject_does_what_its_verb_does_behind_auxiliaries_and_adverbs() {
        assert_eq!(done("the mayor has finally backed the dam", (1, 2)), Some((4, Side::For)));
        assert_eq!(done("the mayor does not support the dam", (1, 2)), Some((4, Side::For)));
        assert_eq!(done("the mayor refused to visit the dam", (1, 2)), Some((2, Side::Turn)));
        assert_eq!(done("the mayor measured the dam", (1, 2)), None);
        assert_eq!(done("residents lost their fight against the dam", (0, 1)), Some((3, Side::Against)));
        assert_eq!(done("residents marched in support of the dam", (0, 1)), Some((3, Side::For)));
    }

    #[test]
    fn the_first_of_two_subjects_does_what_the_second_does() {
        assert_eq!(done("the union and the greens rejected the dam", (1, 2)), Some((5, Side::Against)));
        assert_eq!(done("the bread and the dam", (1, 2)), None);
    }

    #[test]
    fn in_arabic_the_verb_may_stand_before_its_subject() {
        assert_eq!(done("رفض نواب مشروع", (1, 2)), Some((0, Side::Against)));
        assert_eq!(done("نقابه لا تعارض مشروع", (0, 1)), Some((2, Side::Against)));
    }

    #[test]
    fn the_opposition_is_somebody_where_it_acts() {
        let text = words("the opposition backed the dam");
        let sides = |words: &[String]| sides(words, &own_sides(words));
        assert_eq!(sides(&text)[1..3], [None, Some(Side::For)]);
        assert_eq!(sides(&words("opposition to the dam"))[0], Some(Side::Against));
    }

    #[test]
    fn a_verb_is_said_straight_of_what_follows_it() {
        let text = words("the mayor strongly opposes the plan for the dam");
        assert!(is_straight(&text, 3, 5) && !is_straight(&text, 3, 8));
    }

    #[test]
    fn a_clause_opens_behind_a_comma() {
        assert_eq!(openings(&words("they left , and we stayed")), [0, 0, 0, 3, 3, 3, 3]);
        assert_eq!(openings(&words("they left")), [0, 0, 0]);
    }
}
