//! The words that tell whether a full stop ends a sentence.
//!
//! In: a word beside a mark. Out: what kind of abbreviation it is, whether it often begins a
//! sentence, or whether it is a verb of saying. Start at [`Abbreviation::of`]. The lists are sorted,
//! so that a look-up is a binary search; they hold news English, and other languages fall through
//! to the general rules of `sentence.rs`.

use Abbreviation::{Number, Other, Title};

/// What an abbreviation's full stop may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Stands before a name or a phrase ("Mr.", "e.g."): its stop never ends a sentence.
    Title,
    /// Stands before a number ("No. 5"): its stop ends a sentence unless a number follows.
    Number,
    /// Any other: its stop ends a sentence when a common first word follows.
    Other,
}

impl Abbreviation {
    /// The kind of the word before a full stop, written without that stop; `None` for a word that
    /// is not known to be an abbreviation.
    pub(super) fn of(word: &str) -> Option<Self> {
        let place = ABBREVIATIONS.binary_search_by_key(&word, |(known, _)| known).ok()?;
        ABBREVIATIONS.get(place).map(|&(_, kind)| kind)
    }
}

/// Whether a capitalised word often begins a sentence and seldom a name. Words that follow a country
/// in a headline ("U.S. Has", "U.S. To") are left out.
pub(super) fn is_sentence_opener(word: &str) -> bool {
    OPENERS.binary_search(&word).is_ok()
}

/// Whether a lower-case word asks for another after it, so that no line of prose ends there.
pub(super) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// Whether a word is a verb that tells who spoke.
pub(super) fn is_verb_of_saying(word: &str) -> bool {
    VERBS_OF_SAYING.binary_search(&word).is_ok()
}

#[rustfmt::skip]
const ABBREVIATIONS: &[(&str, Abbreviation)] = &[
    ("A.M", Other), ("Adm", Title), ("Ala", Other), ("Ald", Title), ("Amb", Title), ("Apr", Other), ("Ariz", Other),
    ("Ark", Other), ("Art", Number), ("Assn", Other), ("Assoc", Other), ("Atty", Title), ("Aug", Other),
    ("Ave", Other), ("Bldg", Other), ("Blvd", Other), ("Brig", Title), ("Bros", Other), ("Calif", Other),
    ("Capt", Title), ("Ch", Number), ("Cie", Other), ("Cmdr", Title), ("Co", Other), ("Col", Title),
    ("Colo", Other), ("Conn", Other), ("Corp", Other), ("Cos", Other), ("Cpl", Title), ("Dec", Other),
    ("Dept", Title), ("Det", Title), ("Dist", Other), ("Dr", Title), ("Eq", Number), ("Esq", Other), ("Est", Other),
    ("Feb", Other), ("Fig", Number), ("Figs", Number), ("Fla", Other), ("Fr", Title), ("Fri", Other), ("Ft", Title),
    ("Ga", Other), ("Gen", Title), ("Gov", Title), ("Govs", Title), ("Govt", Other), ("Hon", Title), ("Hwy", Other),
    ("Inc", Other), ("Insp", Title), ("Intl", Other), ("Jan", Other), ("Jr", Other), ("Jul", Other), ("Jun", Other),
    ("Kan", Other), ("Ky", Other), ("Lt", Title), ("Ltd", Other), ("M.D", Other), ("Maj", Title), ("Mar", Other),
    ("Md", Other), ("Messrs", Title), ("Mfg", Other), ("Mich", Other), ("Minn", Other), ("Miss", Other),
    ("Mlle", Title), ("Mme", Title), ("Mo", Other), ("Mon", Other), ("Mont", Other), ("Mr", Title), ("Mrs", Title),
    ("Ms", Title), ("Msgr", Title), ("Mt", Title), ("Mx", Title), ("Natl", Other), ("Neb", Other), ("Nev", Other),
    ("No", Number), ("Nos", Number), ("Nov", Other), ("Oct", Other), ("Okla", Other), ("P.M", Other), ("Pa", Other),
    ("Para", Number), ("Penn", Other), ("Ph.D", Other), ("Plc", Other), ("Pp", Number), ("Pres", Title),
    ("Prof", Title), ("Pte", Title), ("Pty", Other), ("Pvt", Title), ("RAdm", Title), ("Rd", Other), ("Rep", Title),
    ("Reps", Title), ("Rev", Title), ("Rte", Other), ("Sat", Other), ("Sec", Number), ("Sect", Number),
    ("Sen", Title), ("Sens", Title), ("Sep", Other), ("Sept", Other), ("Sgt", Title), ("Sq", Other), ("Sr", Other),
    ("St", Other), ("Ste", Other), ("Sun", Other), ("Supt", Title), ("Tel", Other), ("Tenn", Other), ("Tex", Other),
    ("Thu", Other), ("Thur", Other), ("Thurs", Other), ("Treas", Title), ("Tue", Other), ("Tues", Other),
    ("Univ", Other), ("VAdm", Title), ("Va", Other), ("Vol", Number), ("Vt", Other), ("Wash", Other),
    ("Wed", Other), ("Wis", Other), ("Wyo", Other), ("a.m", Other), ("al", Other), ("approx", Title),
    ("art", Number), ("avg", Other), ("ca", Title), ("cf", Title), ("dept", Title), ("e.g", Title), ("ed", Other),
    ("eds", Other), ("eg", Title), ("est", Other), ("etc", Other), ("ext", Other), ("fig", Number), ("govt", Other),
    ("hrs", Other), ("i.e", Title), ("ie", Title), ("incl", Other), ("intl", Other), ("lb", Other), ("lbs", Other),
    ("mins", Other), ("no", Number), ("nos", Number), ("oz", Other), ("p", Number), ("p.m", Other),
    ("para", Number), ("plc", Other), ("pp", Number), ("sect", Number), ("sq", Other), ("tel", Other), ("v", Title),
    ("viz", Title), ("vol", Number), ("vs", Title),
];

#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "A", "About", "According", "After", "All", "Also", "Although", "Among", "An", "And", "Another", "Any", "As",
    "At", "Because", "Before", "Both", "But", "By", "Despite", "Did", "Do", "Does", "During", "Each", "Earlier",
    "Even", "Every", "Five", "Following", "For", "Four", "From", "Given", "He", "Her", "Here", "His", "How",
    "However", "I", "If", "In", "Indeed", "Instead", "It", "Its", "Just", "Last", "Later", "Local", "Many",
    "Meanwhile", "Moreover", "Most", "Much", "My", "Nearly", "Neither", "Never", "Nevertheless", "No", "None",
    "Nor", "Not", "Nothing", "Now", "Officials", "On", "Once", "One", "Only", "Or", "Other", "Others", "Our",
    "People", "Perhaps", "Police", "Reporters", "Several", "She", "Since", "Six", "So", "Some", "Sources", "Still",
    "Such", "That", "The", "Their", "Then", "There", "Therefore", "These", "They", "This", "Those", "Though",
    "Three", "Through", "Thus", "Today", "Two", "Under", "Unless", "Until", "We", "What", "When", "Where",
    "Whether", "Which", "While", "Who", "Whoever", "Why", "With", "Without", "Witnesses", "Yes", "Yesterday", "Yet",
    "You", "Your",
];

#[rustfmt::skip]
const FUNCTION_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he",
    "her", "his", "if", "in", "into", "is", "it", "its", "most", "not", "of", "on", "or", "our", "over", "said",
    "she", "than", "that", "the", "their", "they", "this", "to", "under", "was", "we", "were", "which", "while",
    "who", "whose", "will", "with", "would", "you", "your",
];

#[rustfmt::skip]
const VERBS_OF_SAYING: &[&str] = &[
    "added", "admitted", "agreed", "announced", "answered", "argued", "asked", "asks", "began", "called", "claimed",
    "concluded", "continued", "cried", "declared", "demanded", "exclaimed", "explained", "inquired", "insisted",
    "joked", "noted", "pleaded", "quipped", "recalled", "replied", "responded", "retorted", "said", "says",
    "screamed", "shouted", "sighed", "told", "tweeted", "warned", "whispered", "wondered", "wrote", "yelled",
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_without_doubles() {
        assert!(ABBREVIATIONS.is_sorted_by(|a, b| a.0 < b.0));
        for list in [OPENERS, FUNCTION_WORDS, VERBS_OF_SAYING] {
            assert!(list.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn abbreviations_are_told_by_case() {
        assert_eq!(Abbreviation::of("Mr"), Some(Title));
        assert_eq!(Abbreviation::of("No"), Some(Number));
        assert_eq!(Abbreviation::of("p.m"), Some(Other));
        assert_eq!(Abbreviation::of("sat"), None);
        assert_eq!(Abbreviation::of(""), None);
    }
}
