//! The targets that several texts share: what any of them is about, asked of all under all of its forms.
//!
//! In: texts with their reports. Out: names with their forms, at most [`MOST`]. Start at [`shared_targets`]. An actor is one
//! target by its name; names are one as [`Identities`] tells; of anything else all that a text calls it is, in any case
//! of letters. A form that two targets have is a target of its own.

use super::Told;
use super::event::span;
use super::identity::{Identities, telling};
use super::naming::without_weekday;
use crate::report::StanceReport;
use crate::text::{Actors, Aliases, Span, is_arabic, without_possessive};
use std::collections::{BTreeMap, BTreeSet};

/// Targets at most.
const MOST: usize = 12;

/// What a text calls one of its targets.
struct Called<'t> {
    /// The text, by its place.
    text: usize,
    /// Its target's name there.
    target: &'t str,
    /// The words.
    form: &'t str,
    /// Whether they open their sentence, where any word has a capital.
    opens: bool,
}

/// What is counted of a target.
#[derive(Default)]
struct Shared<'t> {
    forms: BTreeMap<String, usize>,
    outlets: BTreeSet<&'t str>,
    mentions: usize,
}

/// Which target something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// An actor, by name.
    Actor(String),
    /// A name, in lower case.
    Name(String),
    /// Anything else, in lower case without the plural's ending.
    Thing(String),
}

/// The targets of these texts' stances with their forms: those of most outlets first, of as many those with most mentions,
/// then in alphabetical order.
#[must_use]
pub fn shared_targets(told: &[Told], actors: &Actors) -> Vec<(String, Vec<String>)> {
    let called: Vec<Called<'_>> = told.iter().enumerate().flat_map(|(at, one)| called(at, one)).collect();
    let lower = in_lower_case(told, &called);
    let mut groups: BTreeMap<(usize, &str), Vec<&Called<'_>>> = BTreeMap::new();
    for one in &called {
        groups.entry((one.text, one.target)).or_default().push(one);
    }
    let is_actor =
        |name: &str| actors.of(name).is_some_and(|a| [actors.name(a), actors.arabic_name(a)].contains(&name));
    let mut keyed: Vec<(Key, &Called<'_>)> = Vec::new();
    let mut names: Vec<(&Called<'_>, String)> = Vec::new();
    for ((_, target), group) in groups {
        if is_actor(target) {
            keyed.extend(group.into_iter().map(|one| (Key::Actor(target.to_owned()), one)));
        } else if is_name(&group, &lower) {
            names.extend(group.into_iter().map(|one| (one, words(one.form))));
        } else {
            keyed.extend(group.into_iter().map(|one| (Key::Thing(stem(target)), one)));
        }
    }
    let identities = Identities::of(names.iter().map(|(one, words)| (one.text, words.as_str())));
    let key = |one: &Called<'_>, words: &str| Key::Name(identities.key(one.text, words).to_owned());
    keyed.extend(names.iter().map(|(one, words)| (key(one, words), *one)));
    // A surname that is one person's here and another's there is neither's.
    let mut owners: BTreeMap<&str, BTreeSet<&Key>> = BTreeMap::new();
    for (key, one) in &keyed {
        owners.entry(one.form).or_default().insert(key);
    }
    let mut shared: BTreeMap<Key, Shared<'_>> = BTreeMap::new();
    for (key, one) in &keyed {
        let is_shared = owners.get(one.form).is_some_and(|keys| keys.len() > 1) && matches!(key, Key::Name(_));
        let key = if is_shared { Key::Name(words(one.form)) } else { key.clone() };
        let form = match key {
            Key::Thing(_) => one.form.to_lowercase(),
            Key::Actor(_) | Key::Name(_) => one.form.to_owned(),
        };
        let counted = shared.entry(key).or_default();
        *counted.forms.entry(form).or_default() += 1;
        counted.mentions += 1;
        counted.outlets.insert(told.get(one.text).map_or("", |one| &one.outlet));
    }
    let mut shared: Vec<(Key, Shared<'_>)> = shared.into_iter().collect();
    shared.sort_by_key(|(key, s)| (std::cmp::Reverse((s.outlets.len(), s.mentions)), key.clone()));
    shared.into_iter().take(MOST).map(|(key, s)| entry(key, s.forms)).collect()
}

/// A target's name and forms. An actor is found by all that names it.
fn entry(key: Key, forms: BTreeMap<String, usize>) -> (String, Vec<String>) {
    if let Key::Actor(name) = key {
        return (name.clone(), vec![name]);
    }
    let longest = forms.iter().max_by_key(|(form, n)| (form.split_whitespace().count(), **n, form.len()));
    let name = longest.map_or(String::new(), |(form, _)| form.clone());
    (name, forms.into_keys().collect())
}

fn called(text: usize, told: &Told) -> Vec<Called<'_>> {
    fn of<'t>(text: usize, told: &'t Told, stance: &'t StanceReport) -> Called<'t> {
        let sentence = told.report.sentences.get(stance.sentence);
        Called {
            text,
            target: stance.target.name.as_str(),
            form: without_possessive(without_weekday(told.document.text(), span(&stance.target.passage))),
            opens: sentence.is_some_and(|sentence| sentence.start == stance.target.passage.start),
        }
    }
    told.report.stances.iter().flatten().map(|stance| of(text, told, stance)).collect()
}

/// Whether what a text calls one target is a name: it never is in lower case, and it has a capital where no sentence
/// begins, or in no text is the word in lower case.
fn is_name(group: &[&Called<'_>], lower: &BTreeSet<String>) -> bool {
    let is_capital = |one: &&Called<'_>| one.form.starts_with(char::is_uppercase);
    let is_told = |one: &&Called<'_>| {
        let later = one.form.split_whitespace().skip(1).any(|word| word.starts_with(char::is_uppercase));
        later || !one.opens || !lower.contains(&one.form.to_lowercase())
    };
    group.iter().all(is_capital) && group.iter().any(is_told)
}

/// Of the forms that open sentences, in lower case, those that some text has in lower case.
fn in_lower_case(told: &[Told], called: &[Called<'_>]) -> BTreeSet<String> {
    let forms: BTreeSet<String> = called.iter().filter(|one| one.opens).map(|one| one.form.to_lowercase()).collect();
    let aliases = Aliases::new(forms.iter().map(|form| (form.as_str(), vec![form.as_str()])));
    let mut found = BTreeSet::new();
    for one in told {
        let text = one.document.text();
        for sentence in &one.report.sentences {
            for mention in aliases.find(text, Span::new(sentence.start, sentence.end)) {
                if mention.span.slice(text).starts_with(char::is_lowercase) {
                    found.insert(aliases.name(mention.entry).to_owned());
                }
            }
        }
    }
    found
}

/// The words of a name that tell whose it is.
fn words(name: &str) -> String {
    let lower = name.to_lowercase();
    telling(&lower.split_whitespace().collect::<Vec<_>>())
}

fn stem(phrase: &str) -> String {
    let lower = phrase.to_lowercase();
    let is_plural = lower.chars().count() > 3 && !lower.starts_with(is_arabic);
    lower.strip_suffix('s').filter(|_| is_plural).unwrap_or(&lower).to_owned()
}
