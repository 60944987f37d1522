//! Arabic words: one spelling each, and the little words that are written as one with the next.
//!
//! In: a word as it stands in the text. Out: its letters levelled ([`level`]), its form without the article
//! ([`lexeme`]), and where its proclitics end ([`cut`]): *وقال* is *و* and *قال*, *للحكومة* is *لل* and *حكومة*.
//! Which words begin with a proclitic and which with a letter that looks like one (*وزير*) is known by the
//! vocabulary alone: a word is cut if it is none of the vocabulary's words and what is left is one.
//!
//! Levelled are the forms of one letter, as Larkey, Ballesteros & Connell (2002) do: alef with hamza or madda is
//! alef, alef maqsura is ya, ta marbuta is ha, Persian kaf and ya are the Arabic ones. Hamza on waw and ya stays:
//! it tells words apart.

/// The proclitics of one letter: *and*, *so*, *with*, *for*, *like*, *will*.
pub(super) const PROCLITICS: [char; 6] = ['و', 'ف', 'ب', 'ل', 'ك', 'س'];

/// *For* and the article, written as one.
pub(super) const FOR_THE: &str = "لل";

/// The article.
pub(super) const ARTICLE: &str = "ال";

/// A word without its article or proclitic has at least so many letters.
const SHORTEST: usize = 3;

/// As many proclitics can follow each other (*وسيقول*, *وبالحكومة*).
const MOST_PROCLITICS: usize = 3;

/// Longer words, in characters, are not cut: no word is, and it bounds the work.
const LONGEST: usize = 64;

/// Whether a character is a letter of Arabic script.
#[must_use]
pub fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64a}' | '\u{66e}'..='\u{66f}' | '\u{671}'..='\u{6d3}' | '\u{6d5}' | '\u{6fa}'..='\u{6fc}'
        | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && c != super::normalize::TATWEEL
}

/// The one form of an Arabic letter; any other character as it is.
#[must_use]
pub(super) const fn level(letter: char) -> char {
    match letter {
        'أ' | 'إ' | 'آ' | '\u{671}' | '\u{672}' | '\u{673}' => 'ا',
        'ى' | '\u{6cc}' | '\u{6d2}' => 'ي',
        'ة' | '\u{6c1}' | '\u{6be}' | '\u{6d5}' => 'ه',
        '\u{6a9}' => 'ك',
        _ => letter,
    }
}

/// A word in normal form without the Arabic article; any other word as it is. *الله*, *التي* and other words that
/// would have fewer than three letters left keep it.
#[must_use]
pub fn lexeme(form: &str) -> &str {
    match form.strip_prefix(ARTICLE) {
        Some(rest) if rest.chars().nth(SHORTEST - 1).is_some() => rest,
        _ => form,
    }
}

/// Where the proclitics of `word` end, in bytes from its start, in order; empty where it has none, or no Arabic
/// letter. `is_word` says whether a [`lexeme`] is a word of the vocabulary.
pub(super) fn cut(word: &str, is_word: impl Fn(&str) -> bool) -> Vec<usize> {
    let mut cuts = Vec::new();
    if !word.starts_with(is_arabic) || word.chars().nth(LONGEST).is_some() {
        return cuts;
    }
    let mut form = String::new();
    let mut from = 0;
    while cuts.len() < MOST_PROCLITICS {
        super::normalize::word(&word[from..], &mut form);
        if !form.chars().all(is_arabic) || is_word(lexeme(&form)) {
            break;
        }
        let Some(letters) = proclitic(&form, &is_word, MOST_PROCLITICS - cuts.len()) else { break };
        let Some(length) = length_of(&word[from..], letters) else { break };
        from += length;
        cuts.push(from);
    }
    cuts
}

/// How many letters the proclitic has that `form` begins with, if what follows it is a word or begins with another, of
/// `most` in all.
fn proclitic(form: &str, is_word: &impl Fn(&str) -> bool, most: usize) -> Option<usize> {
    if most == 0 {
        return None;
    }
    if let Some(rest) = form.strip_prefix(FOR_THE)
        && rest.chars().count() >= SHORTEST
        && is_word(rest)
    {
        return Some(2);
    }
    let first = form.chars().next().filter(|c| PROCLITICS.contains(c))?;
    let rest = &form[first.len_utf8()..];
    let letters = rest.chars().count();
    // The sign of the future stands before a verb of the present alone.
    if first == 'س' && !rest.starts_with(['ي', 'ت', 'ن', 'ا']) {
        return None;
    }
    // Before two letters only *and*, *so* and *for* are told from the beginning of another word.
    let shortest = if matches!(first, 'و' | 'ف' | 'ل') { SHORTEST - 1 } else { SHORTEST };
    let follows = |rest: &str| letters >= shortest && is_word(lexeme(rest));
    let another = || matches!(first, 'و' | 'ف') && letters > SHORTEST && proclitic(rest, is_word, most - 1).is_some();
    (follows(rest) || another()).then_some(1)
}

/// The length in bytes of the first `letters` letters of `word`, with the marks on them and the tatweel after them.
/// `None` if it would end inside a ligature or leave nothing.
pub(super) fn length_of(word: &str, letters: usize) -> Option<usize> {
    let mut form = String::new();
    let mut seen = 0;
    for (at, c) in word.char_indices() {
        super::normalize::word(c.encode_utf8(&mut [0; 4]), &mut form);
        let these = form.chars().count();
        if these > 0 && seen == letters {
            return Some(at);
        }
        seen += these;
        if seen > letters {
            return None;
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORDS: &[&str] = &["قال", "وزير", "حكومه", "يقول", "اضاف", "ان", "كان", "وفق", "ما", "بيان", "مطالبه", "بعد"];

    fn parts(word: &str) -> Vec<&str> {
        let mut from = 0;
        let mut parts: Vec<&str> = Vec::new();
        for end in cut(word, |w| WORDS.contains(&w)) {
            parts.push(&word[from..end]);
            from = end;
        }
        parts.push(&word[from..]);
        parts
    }

    #[test]
    fn a_proclitic_is_cut_before_a_word_that_is_known() {
        for (word, expected) in [
            ("وقال", vec!["و", "قال"]),
            ("وأضاف", vec!["و", "أضاف"]),
            ("وسيقول", vec!["و", "س", "يقول"]),
            ("وبالحكومة", vec!["و", "ب", "الحكومة"]),
            ("للحكومة", vec!["لل", "حكومة"]),
            ("وللحكومة", vec!["و", "لل", "حكومة"]),
            ("فإن", vec!["ف", "إن"]),
            ("لأن", vec!["ل", "أن"]),
        ] {
            assert_eq!(parts(word), expected);
        }
    }

    #[test]
    fn a_word_of_the_vocabulary_and_one_that_is_unknown_stay_whole() {
        for word in ["وزير", "الوزير", "كان", "وفق", "وصل", "Gaza", "", "2023", "و"] {
            assert_eq!(parts(word), [word]);
        }
    }

    #[test]
    fn marks_and_tatweel_stay_with_the_letter_before_them() {
        assert_eq!(parts("وَقَالَ"), ["وَ", "قَالَ"]);
        assert_eq!(parts("وـــقال"), ["وـــ", "قال"]);
        assert_eq!(parts("بـالحكومة"), ["بـ", "الحكومة"]);
    }

    #[test]
    fn a_word_of_a_million_letters_is_not_cut() {
        assert_eq!(cut(&"و".repeat(1_000_000), |w| WORDS.contains(&w)), Vec::<usize>::new());
        assert_eq!(cut(&format!("{}قال", "و".repeat(20)), |w| WORDS.contains(&w)), Vec::<usize>::new());
    }

    #[test]
    fn a_ligature_is_not_cut() {
        // A presentation form of lam and alef in one character.
        assert_eq!(cut("\u{fef7}ن", |w| w == "ن" || w == "ان"), Vec::<usize>::new());
    }

    #[test]
    fn the_article_goes_where_a_word_is_left() {
        assert_eq!(lexeme("الحكومه"), "حكومه");
        assert_eq!(lexeme("الله"), "الله");
        assert_eq!(lexeme("war"), "war");
    }

    proptest! {
        #[test]
        fn cuts_are_in_order_inside_the_word_and_on_boundaries(word in "[وفبلكساقاليأإ\u{64e}\u{640}\u{fef7}\u{200d}نهة a-c]{0,12}") {
            let cuts = cut(&word, |w| w.chars().count() % 2 == 1);
            prop_assert!(cuts.is_sorted_by(|a, b| a < b));
            for at in cuts {
                prop_assert!(at > 0 && at < word.len() && word.is_char_boundary(at));
            }
        }
    }
}
