//! Capital letters that make no name.
//!
//! In: the words of a sentence. Out: those with a stray capital. Start at [`stray_capitals`]. Names stay
//! untouched: only words of closed classes and nouns for people of no party are looked at, and only where
//! what stands around them is written in lower case.

use super::{is_acronym, is_lower, starts_upper};

/// Calls `found` with the place of each of a sentence's `length` tokens whose capital letter is stray; `token` gives
/// them as they stand in the text.
pub fn stray_capitals<'t>(length: usize, token: impl Fn(usize) -> &'t str, mut found: impl FnMut(usize)) {
    let word = |at: usize| if at < length { token(at) } else { "" };
    let mut title_case = None;
    for at in 0..length {
        let here = word(at);
        if !starts_upper(here) {
            continue;
        }
        let next = word(at + 1);
        let lower_next = next.starts_with(char::is_lowercase);
        let stray = if at == 0 {
            here == "He" && (is_acronym(next) || is_no_verb(next))
        } else {
            let before = word(at - 1);
            let goes_on = is_lower(before) || matches!(before, "," | ";");
            let function = is_function(here) && (lower_next || here == "The" && is_acronym(next));
            let noun = lower_next && is_quantifier(before) && is_noun(here);
            goes_on && (function || noun)
        };
        if stray && !*title_case.get_or_insert_with(|| is_title_case((0..length).map(&token))) {
            found(at);
        }
    }
}

/// Whether the capital of a word may be stray at all, wherever it stands.
#[must_use]
pub fn may_be_stray(word: &str) -> bool {
    is_function(word) || is_noun(word)
}

/// Whether most longer words are capitalised.
fn is_title_case<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let longer = words.filter(|word| word.chars().nth(3).is_some());
    let (all, upper) = longer.fold((0, 0), |(all, upper), word| (all + 1, upper + usize::from(starts_upper(word))));
    upper * 3 > all * 2
}

fn is_function(word: &str) -> bool {
    FUNCTION.binary_search(&word).is_ok()
}

fn is_quantifier(word: &str) -> bool {
    QUANTIFIERS.binary_search(&word).is_ok()
}

fn is_noun(word: &str) -> bool {
    NOUNS.binary_search(&word).is_ok()
}

/// Whether a lower-case word cannot follow the pronoun *He*: it is no verb in the past or the third person,
/// no auxiliary and no adverb.
fn is_no_verb(word: &str) -> bool {
    let plain = word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    plain && !["s", "ed", "ly"].iter().any(|ending| word.ends_with(ending)) && AFTER_HE.binary_search(&word).is_err()
}

/// Words that are no names and begin none; those that begin titles (*What*, *How*) or are also names of
/// things (*A*, *It*, *Will*) are left out.
#[rustfmt::skip]
const FUNCTION: &[&str] = &[
    "According", "After", "Although", "And", "As", "At", "Because", "Before", "But", "By", "During", "For", "From",
    "He", "Her", "His", "However", "In", "Of", "On", "Our", "She", "Since", "That", "The", "Their", "There",
    "These", "They", "This", "Those", "To", "While", "With",
];

#[rustfmt::skip]
const QUANTIFIERS: &[&str] = &[
    "both", "countless", "few", "many", "most", "numerous", "other", "several", "some", "these", "those", "various",
];

#[rustfmt::skip]
const NOUNS: &[&str] = &[
    "Activists", "Analysts", "Authorities", "Campaigners", "Children", "Civilians", "Commentators", "Countries",
    "Critics", "Diplomats", "Doctors", "Economists", "Experts", "Families", "Farmers", "Hostages", "Investigators",
    "Journalists", "Lawyers", "Leaders", "Men", "Observers", "Officials", "Patients", "People", "Politicians",
    "Prisoners", "Prosecutors", "Protesters", "Refugees", "Reporters", "Rescuers", "Researchers", "Residents",
    "Scientists", "Soldiers", "Sources", "Students", "Survivors", "Teachers", "Troops", "Victims", "Voters",
    "Witnesses", "Women", "Workers",
];

/// What may follow *He* and has not the ending of a verb or an adverb: irregular verbs, auxiliaries, short
/// adverbs, and words that part *He* from its verb.
#[rustfmt::skip]
const AFTER_HE: &[&str] = &[
    "about", "again", "ain't", "alone", "along", "also", "alternately", "always", "anyway", "arose", "awoke",
    "beat", "became", "been", "began", "bent", "bet", "better", "bled", "blew", "bore", "both", "bought", "bound",
    "bravely", "broke", "brought", "built", "burnt", "burst", "came", "can", "cannot", "cast", "caught", "chose",
    "clung", "could", "crept", "cut", "dared", "dealt", "didn't", "dove", "drank", "dreamt", "drew", "drove", "dug",
    "dwelt", "either", "else", "even", "ever", "fast", "fell", "felt", "first", "fled", "flew", "flung", "forbade",
    "foresaw", "forgave", "forgot", "fought", "found", "from", "froze", "further", "gave", "gone", "grew", "ground",
    "hadn't", "hardly", "hasn't", "have", "heard", "held", "here", "hereby", "herein", "hid", "himself", "hit",
    "however", "hung", "hurt", "instead", "into", "isn't", "just", "kept", "knelt", "knew", "laid", "later", "lay",
    "leant", "leapt", "learnt", "least", "led", "left", "lent", "less", "let", "like", "lit", "long", "lost",
    "made", "maybe", "meant", "merely", "met", "might", "mistook", "more", "most", "much", "must", "near",
    "neither", "never", "nevertheless", "next", "nonetheless", "not", "nowhere", "often", "once", "only", "ought",
    "outside", "over", "overcame", "oversaw", "overthrew", "overtook", "paid", "partook", "perhaps", "pled",
    "proved", "quit", "quite", "ran", "rang", "rarely", "rather", "read", "rebuilt", "reset", "rode", "rose",
    "said", "sang", "sank", "sat", "saw", "seldom", "sent", "set", "shall", "shone", "shook", "shot", "should",
    "shouldn't", "shrank", "shut", "slept", "slid", "slung", "snuck", "sold", "somehow", "sometime", "soon",
    "sought", "spat", "sped", "spelt", "spent", "split", "spoke", "sprang", "spread", "spun", "stank", "still",
    "stole", "stood", "strode", "strove", "struck", "stuck", "stung", "such", "swam", "swept", "swore", "swung",
    "taught", "that", "then", "there", "therefore", "this", "thought", "threw", "thrice", "through", "thrust",
    "thus", "together", "told", "too", "took", "tore", "trod", "twice", "under", "underlay", "undertook",
    "underwent", "undid", "upheld", "upset", "very", "wasn't", "well", "went", "wept", "when", "whether", "while",
    "whom", "will", "with", "withdrew", "withheld", "without", "withstood", "woke", "won", "won't", "wore", "would",
    "wouldn't", "wound", "wove", "wrote", "yet",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_without_doubles() {
        for list in [FUNCTION, QUANTIFIERS, NOUNS, AFTER_HE] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }
}
