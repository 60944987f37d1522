//! What stands next to a mention, and what it says about it.
//!
//! In: a text and the span of a form in it. Out: whether the form is part of another name there
//! ([`Surroundings::is_another`]), and whether whoever the phrase is about speaks for the actor
//! ([`Surroundings::speaks_for`]). All lists are of general words; none names an actor.

use crate::text::span::{Span, boundary_before};
use crate::text::{is_arabic, is_possessive, lexeme, normal_form, words};

/// As many bytes are looked at on each side of a mention; it bounds the work.
const WINDOW: usize = 120;

/// Capitalised words that may stand before a name without being a part of it.
const LEADING: &str = "\
    a according across after against all although amid an and april are around as at august because before \
    behind besides between both but by can could december despite did does during even february following for \
    former friday from given greater had has have how however if in inside into is january july june like march \
    may meanwhile monday near neither nor not november now october of official on once only or outside over \
    saturday says september should since so still sunday than that the then though through thursday to today \
    toward towards tuesday under unless unlike until was wednesday were what when where whether which while why \
    will with within without would yet yesterday";

/// Prepositions after which an actor is spoken of or to: *the ambassador to Peru*, *an expert on Peru*.
const TOWARD: &[&str] = &["to", "against", "toward", "towards", "on", "about", "regarding"];

/// Nouns of which the actor is the object: *critics of Peru*.
const OBJECT_OF: &[&str] =
    &["critic", "critics", "opponent", "opponents", "supporter", "supporters", "enemies", "enemy"];

/// Before a hyphen: *anti-Peruvian*.
const PREFIXES: &[&str] = &["anti", "pro", "non", "un"];

/// The same in Arabic: the word before, levelled and without its article.
const TOWARD_AR: &[&str] =
    &["لدي", "ضد", "الي", "حول", "بشان", "تجاه", "ازاء", "عن", "شان", "شؤون", "بالشان", "بشؤون", "للشؤون"];

/// Beginnings of one of the two words before: *loyal to*, *supported by*, *hostile to*, *close to*.
const OBJECT_OF_AR: &[&str] = &["موال", "مدعوم", "مناهض", "معادي", "مؤيد", "مقرب", "محسوب"];

/// A mention's surroundings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'t> {
    before: &'t str,
    form: &'t str,
    after: &'t str,
}

impl<'t> Surroundings<'t> {
    pub(super) fn new(text: &'t str, span: Span) -> Self {
        let from = boundary_before(text, span.start.saturating_sub(WINDOW));
        let to = boundary_before(text, span.end + WINDOW).max(span.end);
        let before = Span::new(from, span.start).slice(text);
        let after = Span::new(span.end, to).slice(text);
        Self {
            before: before.rsplit('\n').next().unwrap_or_default(),
            form: span.slice(text),
            after: after.split('\n').next().unwrap_or_default(),
        }
    }

    /// The word that ends one space before, or none.
    fn previous(&self) -> Option<&'t str> {
        let before = self.before.strip_suffix(' ')?;
        before.rsplit([' ', '\u{a0}']).next().filter(|word| word.ends_with(char::is_alphabetic))
    }

    /// The word that begins one space behind, or none.
    fn next(&self) -> Option<&'t str> {
        let rest = self.after.strip_prefix(' ')?;
        words(rest).next().filter(|word| word.start == 0).map(|word| word.slice(rest))
    }

    /// Whether the form, a city's or one that persons bear too, is part of another name: *Ada Washington*, *the
    /// Washington Monument*; or, behind it one of `places`, the city alone.
    pub(super) fn is_another(&self, places: impl Fn(&str) -> bool) -> bool {
        if self.next().is_some_and(|next| places(&next.to_lowercase())) {
            return true;
        }
        if self.is_title_case() {
            return false;
        }
        let capitalised = |word: &str| {
            let mut letters = word.chars();
            letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
        };
        // The possessive's mark belongs to the word before.
        let leads = |word: &str| is_leading(word) || is_possessive(word);
        self.next().is_some_and(capitalised) || self.previous().is_some_and(|word| capitalised(word) && !leads(word))
    }

    /// Whether most longer words around are capitalised, so that a capital says nothing.
    fn is_title_case(&self) -> bool {
        let (mut all, mut capitals) = (0, 0);
        for part in [self.before, self.after] {
            for word in part.split(' ').filter(|word| word.chars().nth(3).is_some()) {
                all += 1;
                capitals += usize::from(word.starts_with(char::is_uppercase));
            }
        }
        all >= 3 && capitals * 3 > all * 2
    }

    /// Whether who is described by the form speaks for the actor: not of what is Peru-backed, anti-Peruvian, against
    /// Peru or accredited to it. `names_one` says whether a word is another actor's (*US-Peruvian*).
    pub(super) fn speaks_for(&self, names_one: impl Fn(&str) -> bool) -> bool {
        if self.form.starts_with(is_arabic) {
            return self.speaks_for_in_arabic();
        }
        if let Some(rest) = self.after.strip_prefix(['-', '\u{2010}', '\u{2011}']) {
            let next = words(rest).next().map_or("", |word| word.slice(rest));
            if next.starts_with(char::is_lowercase) && !names_one(next) {
                return false;
            }
        }
        let before = self.before.to_lowercase();
        if let Some(prefix) = before.strip_suffix(['-', '\u{2010}', '\u{2011}']) {
            return !PREFIXES.iter().any(|known| last_word(prefix) == *known);
        }
        let before = before.trim_end();
        let before = before.strip_suffix(" the").unwrap_or(before);
        let last = last_word(before);
        let of_what = || last_word(before.strip_suffix("of").unwrap_or_default().trim_end());
        !(TOWARD.contains(&last) || last == "of" && OBJECT_OF.contains(&of_what()))
    }

    fn speaks_for_in_arabic(&self) -> bool {
        // A proclitic before the form is not part of its span.
        let glued = self.before.chars().rev().take_while(|c| is_arabic(*c)).map(char::len_utf8).sum::<usize>();
        let before = &self.before[..self.before.len() - glued];
        let mut form = String::new();
        for (n, word) in before.split_whitespace().rev().take(2).enumerate() {
            normal_form(word, &mut form);
            let word = lexeme(&form);
            if n == 0 && TOWARD_AR.contains(&word) || OBJECT_OF_AR.iter().any(|stem| word.starts_with(stem)) {
                return false;
            }
        }
        true
    }
}

fn is_leading(word: &str) -> bool {
    LEADING.split(' ').any(|leading| leading.eq_ignore_ascii_case(word))
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}
