//! Names are masked: the same words get the same score whoever they are about.
//!
//! In: the tokens of a sentence. Out: the same with proper names marked, each a single token however
//! many words it has. Start at [`NameMask::mark`]. A name has no n-gram, class or vector of its own; the
//! features see only that one stands there. So no score can hang on which nation, party or person is
//! spoken of, seen in training or not.
//!
//! A name is a capitalised word, unless it stands where every word is capitalised (at the head of a
//! sentence or quotation, in a headline in title case) and is a word that the training texts also
//! write in lower case; unless, at a head, it is one that they often begin a name with and another
//! capitalised word follows (*South Korea*). A function word whose capital is a slip (*said, The next phase*) is none
//! either (`text/noise/capital.rs`). No list of names is used for them.
//!
//! A script without capitals, such as Arabic, needs a list: a bundle may bring one ([`NameMask::knowing`]), of
//! countries, what is of them, cities, and whatever else is a name and nothing besides, all alike; to it come the actors of the table that ships
//! ([`NameMask::knowing_actors`]). Hashtags of
//! such a script are names too.

use crate::text::{Actors, Span, Tokens, is_arabic, is_possessive, lexeme, normal, normal_form, stray_capitals};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// Knows which words are not names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct NameMask {
    active: bool,
    /// Words that are also written in lower case.
    common: FxHashSet<Box<str>>,
    /// Those of them that often begin names (*South*, *New*, *United*).
    leading: FxHashSet<Box<str>>,
    /// Names of a script without capitals, in normal form without article, one space between words. In a bundle
    /// they stand in a file of their own.
    known: FxHashSet<Box<str>>,
    /// The Arabic names of actors, in the same form. In no bundle: they are the program's.
    actors: FxHashSet<Box<str>>,
}

/// The mask as it stands in a bundle.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    active: bool,
    common: Vec<String>,
    leading: Vec<String>,
}

impl From<Stored> for NameMask {
    fn from(stored: Stored) -> Self {
        let set = |words: Vec<String>| words.into_iter().map(Into::into).collect();
        Self {
            active: stored.active,
            common: set(stored.common),
            leading: set(stored.leading),
            known: FxHashSet::default(),
            actors: FxHashSet::default(),
        }
    }
}

impl From<NameMask> for Stored {
    fn from(mask: NameMask) -> Self {
        let list = |words: FxHashSet<Box<str>>| {
            let mut list: Vec<String> = words.into_iter().map(Into::into).collect();
            list.sort_unstable();
            list
        };
        Self { active: mask.active, common: list(mask.common), leading: list(mask.leading) }
    }
}

/// A known name has at most so many words.
const LONGEST_KNOWN: usize = 8;

/// How often a word stands in the texts: in all, in lower case, and capitalised before another capitalised
/// word inside a sentence.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    all: u32,
    lower: u32,
    leads: u32,
}

/// A word is common if at least this share of its appearances are in lower case.
const COMMON_SHARE: f64 = 0.2;

/// A common word leads names if at least this share of its appearances are capitalised inside a sentence,
/// with a capitalised word after it.
const LEADING_SHARE: f64 = 0.1;

/// A word in capitals throughout is emphasis if it is common and has at least this many letters;
/// shorter ones (US, WHO) are acronyms.
const EMPHASIS_LETTERS: usize = 4;

impl NameMask {
    /// Learns the common words from texts. A mask that is not `active` masks nothing.
    pub fn learn<'a, 'b>(active: bool, sentences: impl Iterator<Item = (&'a str, &'b Tokens)>) -> Self {
        let mut counts: FxHashMap<Box<str>, Count> = FxHashMap::default();
        let mut word = String::new();
        for (text, tokens) in sentences {
            let title_case = is_title_case(text, tokens);
            for (at, token) in tokens.tokens.iter().enumerate() {
                if token.shape.is_punctuation() || token.shape.is_url() {
                    continue;
                }
                normal_form(token.span.slice(text), &mut word);
                let entry = match counts.get_mut(word.as_str()) {
                    Some(entry) => entry,
                    None => counts.entry(word.as_str().into()).or_default(),
                };
                let capitalised = token.shape.is_capitalised();
                let next = tokens.tokens.get(at + 1).is_some_and(|next| next.shape.is_capitalised());
                entry.all += 1;
                entry.lower += u32::from(!capitalised);
                entry.leads += u32::from(capitalised && next && at > 0 && !title_case);
            }
        }
        let share = |part: u32, count: &Count| f64::from(part) / f64::from(count.all);
        counts.retain(|_, count| share(count.lower, count) >= COMMON_SHARE);
        let leads = |count: &Count| share(count.leads, count) >= LEADING_SHARE;
        let leading = counts.iter().filter(|(_, count)| leads(count)).map(|(word, _)| word.clone()).collect();
        Self { active, common: counts.into_keys().collect(), leading, ..Self::default() }
    }

    /// The same mask with a list of names of a script without capitals, each word without its article; they are brought
    /// into normal form. The article is not looked for: in *ألماني* what looks like one is part of the word.
    #[must_use]
    pub fn knowing<'a>(mut self, names: impl Iterator<Item = &'a str>) -> Self {
        self.known.extend(names.filter_map(|name| spelled(name, normal)));
        self
    }

    /// The same mask with every Arabic name and adjective in the table of actors that ships: so that who acts in the news
    /// of the world is a name by one rule, whichever of them the bundle's own list has.
    #[must_use]
    pub fn knowing_actors(mut self) -> Self {
        // As a text's words are looked up, of which each may have the article.
        self.actors.extend(Actors::arabic_names().filter_map(|name| spelled(&name, |w| lexeme(&normal(w)).to_owned())));
        self
    }

    /// The names that [`NameMask::knowing`] was given, in alphabetical order.
    #[must_use]
    pub fn known(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.known.iter().map(|name| &**name).collect();
        names.sort_unstable();
        names
    }

    /// A mask that masks nothing but what this one's lists hold, given names and actors', once it is learnt with.
    #[must_use]
    pub fn lists(&self) -> Self {
        Self { known: self.known.clone(), actors: self.actors.clone(), ..Self::default() }
    }

    /// The names of one word of a script without capitals, given ones and actors', in no order.
    pub fn known_words(&self) -> impl Iterator<Item = &str> {
        self.known.union(&self.actors).map(|name| &**name).filter(|name| !name.contains(' '))
    }

    /// Takes over the common words of another mask.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.common.extend(other.common.iter().cloned());
        self.leading.extend(other.leading.iter().cloned());
        self.known.extend(other.known.iter().cloned());
        self.actors.extend(other.actors.iter().cloned());
        self
    }

    /// Marks the names among the tokens, and makes one token of each run of them: *New Zealand* weighs
    /// what *Mexico* does.
    pub fn mark(&self, text: &str, tokens: &mut Tokens) {
        self.flag(text, tokens);
        merge(text, tokens);
    }

    /// Marks the names among the tokens and leaves each of their words a token.
    pub fn flag(&self, text: &str, tokens: &mut Tokens) {
        if !self.active {
            return;
        }
        let names = self.names(text, tokens);
        for (token, name) in tokens.tokens.iter_mut().zip(names) {
            token.name = name;
        }
    }

    /// For each token, whether it is a name.
    fn names(&self, text: &str, tokens: &Tokens) -> Vec<bool> {
        let mut names = vec![false; tokens.tokens.len()];
        let title_case = is_title_case(text, tokens);
        let mut at_head = true;
        let mut word = String::new();
        for (at, (token, name)) in tokens.tokens.iter().zip(&mut names).enumerate() {
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
                let next = tokens.tokens.get(at + 1).is_some_and(|next| next.shape.is_capitalised());
                let leads = at_head && !title_case && next && self.leading.contains(word.as_str());
                let common = (at_head || title_case || emphasis) && self.common.contains(word.as_str()) && !leads;
                *name = !common && !first_person;
            }
            at_head = false;
        }
        if !self.known.is_empty() || !self.actors.is_empty() {
            self.flag_known(text, tokens, &mut names);
        }
        let spans: Vec<Span> = tokens.tokens.iter().map(|token| token.span).collect();
        for stray in stray_capitals(text, &spans) {
            names[stray] = false;
        }
        names
    }

    /// Flags hashtags in Arabic letters, and the longest runs of words that are known names.
    fn flag_known(&self, text: &str, tokens: &Tokens, names: &mut [bool]) {
        let mut form = String::new();
        let forms: Vec<String> = tokens
            .tokens
            .iter()
            .map(|token| {
                let original = token.span.slice(text);
                let is_word = original.starts_with(is_arabic) && !token.shape.is_proclitic();
                normal_form(if is_word { original } else { "" }, &mut form);
                lexeme(&form).to_owned()
            })
            .collect();
        let mut at = 0;
        let mut run = String::new();
        while at < forms.len() {
            let original = tokens.tokens[at].span.slice(text);
            if original.strip_prefix(['#', '@']).is_some_and(|tag| tag.starts_with(is_arabic)) {
                names[at] = true;
            }
            run.clear();
            let mut end = at;
            for (n, form) in forms[at..].iter().take(LONGEST_KNOWN).take_while(|form| !form.is_empty()).enumerate() {
                if n > 0 {
                    run.push(' ');
                }
                run.push_str(form);
                if self.known.contains(run.as_str()) || self.actors.contains(run.as_str()) {
                    end = at + n + 1;
                }
            }
            names[at..end].fill(true);
            at = end.max(at + 1);
        }
    }

    /// Whether a word, given in its normal form, is also written in lower case.
    #[must_use]
    pub fn is_common(&self, form: &str) -> bool {
        self.common.contains(form)
    }
}

/// A name as it is looked up, each of its words in the form that `form` gives; `None` where it has none, or too many.
fn spelled(name: &str, form: impl Fn(&str) -> String) -> Option<Box<str>> {
    let words: Vec<String> = name.split_whitespace().map(form).filter(|word| !word.is_empty()).collect();
    (1..=LONGEST_KNOWN).contains(&words.len()).then(|| words.join(" ").into())
}

/// Makes one token of each run of names.
pub fn merge(text: &str, tokens: &mut Tokens) {
    tokens.tokens.dedup_by(|next, last| {
        let run = next.name && last.name && next.quoted == last.quoted && !is_possessive(last.span.slice(text));
        if run {
            last.span.end = next.span.end;
            last.pieces.end = next.pieces.end;
        }
        run
    });
}

/// What a name is to word n-grams: its form of address and nothing of who it is. No word has this form.
#[must_use]
pub fn placeholder(name: &str) -> &'static str {
    if name.starts_with(['#', '@']) {
        "<tag>"
    } else if is_possessive(name) {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::{Span, Tokenizer};

    fn marked(text: &str) -> Vec<String> {
        let letters = ('a'..='z').flat_map(|c| [c.to_string(), format!("##{c}")]);
        let marks = [".", ",", "'", "\"", ":", "[UNK]"].map(str::to_owned);
        let tokenizer = Tokenizer::from_parts(letters.chain(marks).collect()).unwrap();
        let tokens = |text: &str| tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
        let known = "the council and its clerk said that very little changed: a savage attack was seen by us \
                     south of the clerk in South Ossa";
        let mask = NameMask::learn(true, [(known, &tokens(known))].into_iter());
        let mut found = tokens(text);
        mask.mark(text, &mut found);
        found.tokens.iter().filter(|t| t.name).map(|t| t.span.slice(text).to_owned()).collect()
    }

    #[test]
    fn a_run_of_capitalised_words_is_one_name() {
        assert_eq!(marked("the clerk of New Zealand said that Ann Lee changed"), ["New Zealand", "Ann Lee"]);
    }

    #[test]
    fn the_first_word_is_a_name_unless_it_is_also_written_in_lower_case() {
        assert_eq!(marked("The council said little"), Vec::<String>::new());
        assert_eq!(marked("Peru said little"), ["Peru"]);
        assert_eq!(marked("the clerk said: \"Savage Peru changed\""), ["Peru"]);
    }

    #[test]
    fn a_common_word_that_often_begins_names_begins_one_at_the_head_too() {
        let text = "South Korea said little";
        assert_eq!(marked(text), ["South Korea"]);
        assert_eq!(marked("The South Korea clerk"), ["South Korea"]);
        assert_eq!(marked("South of the council"), Vec::<String>::new());
    }

    #[test]
    fn a_headline_in_title_case_keeps_its_common_words() {
        assert_eq!(marked("Savage Attack Seen By Council And Clerk Of Peru"), ["Peru"]);
    }

    #[test]
    fn an_acronym_is_a_name_and_a_common_word_in_capitals_is_emphasis() {
        assert_eq!(marked("the attack was SAVAGE, US said"), ["US"]);
    }

    #[test]
    fn without_capitals_names_are_those_of_the_list_and_hashtags() {
        let vocabulary = ["[UNK]", "و", "قال"].map(str::to_owned).to_vec();
        let tokenizer = Tokenizer::from_parts(vocabulary).unwrap();
        let mask = NameMask::learn(true, std::iter::empty()).knowing(["أردن", "ولايات متحدة", "ألماني"].into_iter());
        let text = "وقال ملك الأردن إن الولايات المتّحدة ترى #غزة والمتحدة والرد الألماني";
        let mut tokens = tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
        mask.flag(text, &mut tokens);
        let found: Vec<_> = tokens.tokens.iter().filter(|t| t.name).map(|t| t.span.slice(text)).collect();
        assert_eq!(found, ["الأردن", "الولايات", "المتّحدة", "#غزة", "الألماني"]);
        assert_eq!(mask.known(), ["اردن", "الماني", "ولايات متحده"]);
    }

    #[test]
    fn actors_are_names_whatever_the_list_has_and_the_list_stays_what_it_was() {
        let tokenizer = Tokenizer::from_parts(["[UNK]", "و"].map(str::to_owned).to_vec()).unwrap();
        let mask = NameMask::learn(true, std::iter::empty()).knowing(["بيرو"].into_iter()).knowing_actors();
        assert_eq!(mask.known(), ["بيرو"]);
        for text in
            ["رفضت حماس الهدنة", "رفضت شيلي الهدنة", "رفضت طالبان الهدنة", "رفضت الأونروا الهدنة", "رفضت بيرو الهدنة"]
        {
            let mut tokens = tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
            mask.flag(text, &mut tokens);
            let names: Vec<bool> = tokens.tokens.iter().map(|token| token.name).collect();
            assert_eq!(names, [false, true, false], "{text}");
        }
        let text = "رفض حزب الله الهدنة";
        let mut tokens = tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
        mask.flag(text, &mut tokens);
        let found: Vec<_> = tokens.tokens.iter().filter(|t| t.name).map(|t| t.span.slice(text)).collect();
        assert_eq!(found, ["حزب", "الله"]);
        assert!(mask.known_words().any(|word| word == "حماس") && mask.known_words().all(|word| !word.contains(' ')));
        assert_eq!(mask.lists().known(), ["بيرو"]);
    }

    #[test]
    fn a_function_word_with_a_stray_capital_is_no_name() {
        assert_eq!(marked("the clerk of Peru, The council changed it"), ["Peru"]);
        assert_eq!(marked("the clerk in The Hague changed it"), ["The Hague"]);
        assert_eq!(marked("the clerk and many Experts said little"), Vec::<String>::new());
        assert_eq!(marked("the clerk and many Ossans said little"), ["Ossans"]);
    }

    #[test]
    fn a_possessive_ends_a_name() {
        assert_eq!(marked("the clerk said Peru's Ann Lee changed"), ["Peru's", "Ann Lee"]);
    }
}
