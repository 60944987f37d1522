//! What is left of a name in any script: its consonants, those that scripts mix up made one.
//!
//! In: a name in Latin or Arabic letters. Out: its skeleton, the same for *Okafor* and *أوكافور*. Start at
//! [`skeleton`]. Vowels, *w*, *y*, a last *h* and the letters that stand for them go; voiced and unvoiced neighbours that Arabic
//! has but one letter for are one. It is a key to look up by, not a transliteration.

use crate::text::{is_arabic, lexeme};

/// A shorter skeleton is shared by too many words to tell anything.
pub const SHORTEST: usize = 2;

/// The skeleton of one word in normal form; `None` where it has fewer than [`SHORTEST`] consonants.
#[must_use]
pub fn skeleton(form: &str) -> Option<String> {
    let form = form.strip_suffix("'s").unwrap_or(form);
    let mut bones = String::new();
    let letters: Vec<char> = lexeme(form).chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied();
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied();
        let bone = if is_arabic(letter) { arabic(letter, next) } else { latin(letter, before, next) };
        let Some(bone) = bone else { continue };
        // Doubled letters are one in Arabic script.
        if !bones.ends_with(bone) {
            bones.push(bone);
        }
    }
    (bones.chars().count() >= SHORTEST).then_some(bones)
}

fn latin(letter: char, before: Option<char>, next: Option<char>) -> Option<char> {
    Some(match letter {
        'h' if next.is_some() && !matches!(before, Some('c' | 'g' | 'k' | 'p' | 's' | 't' | 'd')) => 'h',
        'p' if next == Some('h') => 'f',
        'b' | 'p' => 'b',
        'c' if next == Some('h') => 's',
        'c' if matches!(next, Some('e' | 'i' | 'y')) => 's',
        'c' | 'k' | 'q' | 'x' => 'k',
        'g' if next == Some('h') => 'j',
        'g' | 'j' => 'j',
        'd' => 'd',
        'f' | 'v' => 'f',
        'l' => 'l',
        'm' => 'm',
        'n' => 'n',
        'r' => 'r',
        's' | 'z' => 's',
        't' => 't',
        _ => return None,
    })
}

fn arabic(letter: char, next: Option<char>) -> Option<char> {
    Some(match letter {
        'ه' if next.is_some() => 'h',
        'ح' => 'h',
        'ب' | 'پ' => 'b',
        'ك' | 'ق' | 'خ' => 'k',
        'ج' | 'غ' | 'گ' => 'j',
        'د' | 'ذ' | 'ض' => 'd',
        'ف' | 'ڤ' => 'f',
        'ل' => 'l',
        'م' => 'm',
        'ن' => 'n',
        'ر' => 'r',
        'س' | 'ص' | 'ش' | 'ز' | 'ظ' | 'چ' => 's',
        'ت' | 'ط' | 'ث' => 't',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_skeleton_in_both_scripts() {
        for (latin, arabic) in [("okafor", "اوكافور"), ("petrov", "بتروف"), ("haddad", "الحداد"), ("lima", "ليما")]
        {
            let (a, b) = (skeleton(latin), skeleton(arabic));
            assert!(a == b && a.is_some(), "{latin} {a:?}, {arabic} {b:?}");
        }
        assert_eq!(skeleton("okafor's"), skeleton("okafor"));
    }

    #[test]
    fn short_words_have_none() {
        assert_eq!((skeleton("lee"), skeleton("علي"), skeleton("")), (None, None, None));
    }
}
