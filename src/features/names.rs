//! Names are masked: the same words get the same score whoever they are about.
//!
//! In: the tokens of a sentence. Out: which of them are proper names. Start at [`NameMask::names`].
//! A masked token has no n-gram, class or vector of its own; the features see only that a name stands
//! there. So no score can hang on which nation, party or person is spoken of, seen in training or not.
//!
//! A name is a capitalised word, unless it stands where every word is capitalised (at the head of a
//! sentence or quotation, in a headline in title case) and is a word that the training texts also
//! write in lower case. No list of names is used.

use crate::text::{Tokens, normal_form};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// Knows which words are not names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct NameMask {
    active: bool,
    common: FxHashSet<Box<str>>,
}

/// The mask as it stands in a bundle.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    active: bool,
    common: Vec<String>,
}

impl From<Stored> for NameMask {
    fn from(stored: Stored) -> Self {
        Self { active: stored.active, common: stored.common.into_iter().map(Into::into).collect() }
    }
}

impl From<NameMask> for Stored {
    fn from(mask: NameMask) -> Self {
        let mut common: Vec<String> = mask.common.into_iter().map(Into::into).collect();
        common.sort_unstable();
        Self { active: mask.active, common }
    }
}

/// A word is common if at least this share of its appearances are in lower case.
const COMMON_SHARE: f64 = 0.2;

/// A word in capitals throughout is emphasis if it is common and has at least this many letters;
/// shorter ones (US, WHO) are acronyms.
const EMPHASIS_LETTERS: usize = 4;

impl NameMask {
    /// Learns the common words from texts. A mask that is not `active` masks nothing.
    pub fn learn<'a>(active: bool, sentences: impl Iterator<Item = (&'a str, &'a Tokens)>) -> Self {
        let mut counts: FxHashMap<Box<str>, (u32, u32)> = FxHashMap::default();
        let mut word = String::new();
        for (text, tokens) in sentences {
            for token in &tokens.tokens {
                if token.shape.is_punctuation() || token.shape.is_url() {
                    continue;
                }
                normal_form(token.span.slice(text), &mut word);
                let entry = match counts.get_mut(word.as_str()) {
                    Some(entry) => entry,
                    None => counts.entry(word.as_str().into()).or_default(),
                };
                entry.0 += u32::from(!token.shape.is_capitalised());
                entry.1 += 1;
            }
        }
        let common = |(_, (lower, all)): &(Box<str>, (u32, u32))| f64::from(*lower) >= COMMON_SHARE * f64::from(*all);
        Self { active, common: counts.into_iter().filter(common).map(|(word, _)| word).collect() }
    }

    /// Takes over the common words of another mask.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.common.extend(other.common.iter().cloned());
        self
    }

    /// For each token, whether it is a name.
    #[must_use]
    pub fn names(&self, text: &str, tokens: &Tokens) -> Vec<bool> {
        let mut names = vec![false; tokens.tokens.len()];
        if !self.active {
            return names;
        }
        let title_case = is_title_case(text, tokens);
        let mut at_head = true;
        let mut word = String::new();
        for (token, name) in tokens.tokens.iter().zip(&mut names) {
            let original = token.span.slice(text);
            if token.shape.is_punctuation() {
                // After a full stop, a colon, a dash or an opening mark a word is capitalised as at the
                // head; after a comma or a hyphen it is not.
                at_head |= !matches!(original, "," | "-" | "'" | "’" | "&" | "/" | "$" | "%");
                continue;
            }
            if token.shape.is_capitalised() && !token.shape.is_url() {
                normal_form(original, &mut word);
                let letters = original.chars().filter(|c| c.is_alphabetic()).count();
                let emphasis = token.shape.is_all_caps() && letters >= EMPHASIS_LETTERS;
                let first_person = original == "I" || original.starts_with("I'") || original.starts_with("I’");
                let common = (at_head || title_case || emphasis) && self.common.contains(word.as_str());
                *name = !common && !first_person;
            }
            at_head = false;
        }
        names
    }
}

/// What a name is to word n-grams: its form of address and nothing of who it is. No word has this form.
#[must_use]
pub fn placeholder(name: &str) -> &'static str {
    if name.starts_with(['#', '@']) {
        "<tag>"
    } else if name.ends_with("'s") || name.ends_with("’s") {
        "<name's>"
    } else {
        "<name>"
    }
}

/// Whether most longer words of a sentence are capitalised, as in a headline: then it is no sign of a
/// name.
fn is_title_case(text: &str, tokens: &Tokens) -> bool {
    let longer = |t: &&crate::text::Token| !t.shape.is_punctuation() && t.span.slice(text).chars().count() > 3;
    let (mut all, mut capitalised) = (0, 0);
    for token in tokens.tokens.iter().filter(longer) {
        all += 1;
        capitalised += usize::from(token.shape.is_capitalised());
    }
    all >= 3 && capitalised * 3 > all * 2
}
