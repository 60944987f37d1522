//! Which names of several documents are one somebody's.
//!
//! In: names as lists of words, by document. Out: for each a key. Start at [`Identities::of`]. A name is that one of the
//! fuller names with its last word which has all of its words: of those in its own document, else of those in all. One
//! that several have (the surname of relatives) is nobody's but its own. Words in two scripts are one unless
//! their consonants are too unlike.

use super::skeleton::skeleton;
use crate::heads::mention::words_of;
use crate::text::is_arabic;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Of more names than these with one last word, each is its own: it bounds the work on a name.
const MOST: usize = 64;

/// The key of each name in each document.
#[derive(Debug, Default)]
pub struct Identities {
    keys: FxHashMap<(usize, String), String>,
}

type Words<'n> = Vec<&'n str>;

impl Identities {
    /// Tells names apart, each with its document; the words of a name are divided by spaces.
    #[must_use]
    pub fn of<'n>(names: impl IntoIterator<Item = (usize, &'n str)>) -> Self {
        let mut groups: BTreeMap<&str, BTreeMap<Words<'n>, BTreeSet<usize>>> = BTreeMap::new();
        for (document, name) in names {
            let words: Words<'n> = name.split(' ').collect();
            if let Some(last) = words.last().copied() {
                groups.entry(last).or_default().entry(words).or_default().insert(document);
            }
        }
        let mut all = Self::default();
        for group in groups.values().filter(|group| (2..=MOST).contains(&group.len())) {
            all.join(group);
        }
        all
    }

    /// Joins names that have one last word.
    fn join(&mut self, group: &BTreeMap<Words<'_>, BTreeSet<usize>>) {
        let everywhere = fullest(group.keys().collect());
        let documents: BTreeSet<usize> = group.values().flatten().copied().collect();
        for document in documents {
            let here: Vec<&Words<'_>> =
                group.iter().filter(|(_, documents)| documents.contains(&document)).map(|(words, _)| words).collect();
            let fullest_here = fullest(here.clone());
            for words in here {
                let full = only(words, &fullest_here).and_then(|full| only(full, &everywhere).or(Some(full)));
                if let Some(full) = full.filter(|full| *full != words) {
                    self.keys.insert((document, words.join(" ")), full.join(" "));
                }
            }
        }
    }

    /// The key of a name in a document: itself, where it is nobody else's.
    #[must_use]
    pub fn key<'n>(&'n self, document: usize, name: &'n str) -> &'n str {
        self.keys.get(&(document, name.to_owned())).map_or(name, String::as_str)
    }
}

/// The words of a name that tell whose it is: without titles before it.
#[must_use]
pub fn telling(words: &[&str]) -> String {
    words_of(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).join(" ")
}

/// The names that are no part of another; of two that are each other's, that in Latin letters.
fn fullest<'w, 'n>(names: Vec<&'w Words<'n>>) -> Vec<&'w Words<'n>> {
    let rank = |words: &'w Words<'n>| (words.iter().filter(|word| word.starts_with(is_arabic)).count(), words);
    let is_fullest = |words: &&&'w Words<'n>| {
        let goes_before = |other: &&'w Words<'n>| {
            *other != **words && is_part(words, other) && (!is_part(other, words) || rank(other) < rank(words))
        };
        !names.iter().any(goes_before)
    };
    names.iter().filter(is_fullest).copied().collect()
}

/// The one name that `words` are a part of.
fn only<'w, 'n>(words: &Words<'n>, of: &[&'w Words<'n>]) -> Option<&'w Words<'n>> {
    let mut fuller = of.iter().filter(|full| is_part(words, full));
    fuller.next().copied().filter(|_| fuller.next().is_none())
}

/// Whether all words of a name are another's.
fn is_part(words: &[&str], of: &[&str]) -> bool {
    words.len() <= of.len() && words.iter().all(|word| of.iter().any(|other| is_one(word, other)))
}

/// Whether two words are one: in one script the same; in two, unless less than half of their consonants are alike.
/// Short words have too few to tell.
fn is_one(a: &str, b: &str) -> bool {
    if a.starts_with(is_arabic) == b.starts_with(is_arabic) {
        return a == b;
    }
    let (Some(a), Some(b)) = (skeleton(a), skeleton(b)) else { return true };
    2 * shared(&a, &b) >= a.chars().count().max(b.chars().count())
}

/// How many letters two words share in order.
fn shared(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row = vec![0; b.len() + 1];
    for x in a.chars() {
        let mut before = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == *y { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(names: &[(usize, &str)]) -> Vec<String> {
        let all = Identities::of(names.iter().copied());
        names.iter().map(|(document, name)| all.key(*document, name).to_owned()).collect()
    }

    #[test]
    fn relatives_are_apart_and_their_bare_surname_is_nobodys() {
        let names = [(0, "ada miller"), (0, "bruno miller"), (1, "carla miller"), (2, "miller"), (0, "miller")];
        assert_eq!(keys(&names), ["ada miller", "bruno miller", "carla miller", "miller", "miller"]);
    }

    #[test]
    fn a_surname_is_that_of_the_one_full_name_of_its_document_or_of_all() {
        assert_eq!(keys(&[(0, "ada miller"), (1, "miller")]), ["ada miller"; 2]);
        let names = [(0, "ada miller"), (0, "miller"), (1, "bruno miller"), (1, "miller"), (1, "bruno lee miller")];
        assert_eq!(
            keys(&names),
            ["ada miller", "ada miller", "bruno lee miller", "bruno lee miller", "bruno lee miller"]
        );
    }

    #[test]
    fn a_name_in_two_scripts_is_one_unless_its_first_names_are_unlike() {
        // The last word has been made one already.
        assert_eq!(keys(&[(0, "ادا okafor"), (1, "ada okafor")]), ["ada okafor"; 2]);
        assert_eq!(keys(&[(0, "مايكل okafor"), (1, "michael okafor")]), ["michael okafor"; 2]);
        assert_eq!(keys(&[(0, "برونو okafor"), (1, "carla okafor")]), ["برونو okafor", "carla okafor"]);
    }

    #[test]
    fn titles_do_not_tell_whose_a_name_is() {
        assert_eq!(telling(&["minister", "ada", "okafor"]), "ada okafor");
        assert_eq!(telling(&["okafor"]), "okafor");
    }

    proptest! {
        #[test]
        fn keys_do_not_hang_on_the_order_of_names(
            names in proptest::collection::vec((0usize..3, "(ada |bruno |carla ){0,2}(miller|okafor)"), 1..12),
            turn in 0usize..12,
        ) {
            let mut turned = names.clone();
            turned.rotate_left(turn % names.len());
            let of = |names: &[(usize, String)]| Identities::of(names.iter().map(|(d, n)| (*d, n.as_str())));
            let (one, other) = (of(&names), of(&turned));
            for (document, name) in &names {
                prop_assert_eq!(one.key(*document, name), other.key(*document, name));
            }
        }
    }
}
