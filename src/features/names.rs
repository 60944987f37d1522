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
//! countries, what is of them, cities, and whatever else is a name and nothing besides, all alike; to it come the
//! actors of the table that ships ([`NameMask::knowing_actors`]). Hashtags of such a script are names too.

use crate::text::{
    Actors, Token, TokenShape, Tokens, is_arabic, is_possessive, lexeme, may_be_stray, normal, normal_form,
    stray_capitals,
};
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
            let signs: Vec<Signs> =
                tokens.tokens.iter().map(|t| Self::default().signs(t.span.slice(text), t.shape)).collect();
            let title_case = is_title_case(&signs);
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

    /// Whether it masks anything.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.active
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

    /// All names of a script without capitals, given ones and actors', in no order.
    pub fn all_known(&self) -> impl Iterator<Item = &str> {
        self.known.union(&self.actors).map(|name| &**name)
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
        let all = &tokens.tokens;
        let word = |at: usize| all.get(at).map_or("", |token: &Token| token.span.slice(text));
        let signs: Vec<Signs> = all.iter().map(|token| self.signs(token.span.slice(text), token.shape)).collect();
        flag_capitals(&signs, &mut names);
        if !self.known.is_empty() || !self.actors.is_empty() {
            let form = |token: &Token| known_form(token.span.slice(text), token.shape);
            let forms: Vec<String> = all.iter().map(form).collect();
            flag_known(&signs, |at| self.longest_known(&forms[at..]), &mut names);
        }
        if signs.iter().any(|signs| signs.has(Signs::MAY_BE_STRAY)) {
            stray_capitals(all.len(), word, |stray| names[stray] = false);
        }
        names
    }

    /// What a token tells of being a name, wherever it stands.
    #[must_use]
    pub fn signs(&self, original: &str, shape: TokenShape) -> Signs {
        if shape.is_punctuation() {
            // After a full stop, a colon, a dash or an opening mark a word is capitalised as at the
            // head; after a comma or a hyphen it is not.
            let goes_on = matches!(original, "," | "-" | "'" | "’" | "&" | "/" | "$" | "%");
            return Signs(Signs::MARK).with(Signs::OPENS, !goes_on);
        }
        let capitalised = shape.is_capitalised();
        let signs = Signs(0)
            .with(Signs::CAPITALISED, capitalised)
            .with(Signs::LONG, original.chars().nth(3).is_some())
            .with(Signs::TAG, original.strip_prefix(['#', '@']).is_some_and(|tag| tag.starts_with(is_arabic)))
            .with(Signs::MAY_BE_STRAY, capitalised && may_be_stray(original));
        if !capitalised || shape.is_url() {
            return signs;
        }
        let word = normal(original);
        let letters = || original.chars().filter(|c| c.is_alphabetic()).count();
        let first_person = original == "I" || original.starts_with("I'") || original.starts_with("I’");
        signs
            .with(Signs::MAY_BE_NAME, !first_person)
            .with(Signs::EMPHASIS, shape.is_all_caps() && letters() >= EMPHASIS_LETTERS)
            .with(Signs::LEADING, self.leading.contains(word.as_str()))
            .with(Signs::COMMON, self.common.contains(word.as_str()))
    }

    /// How many words the longest known name has that these forms begin with; 0 if they begin with none.
    fn longest_known(&self, forms: &[String]) -> usize {
        let mut run = String::new();
        let mut longest = 0;
        for (n, form) in forms.iter().take(LONGEST_KNOWN).take_while(|form| !form.is_empty()).enumerate() {
            if n > 0 {
                run.push(' ');
            }
            run.push_str(form);
            if self.known.contains(run.as_str()) || self.actors.contains(run.as_str()) {
                longest = n + 1;
            }
        }
        longest
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

/// Whether the run of names `name`, of which `last` is a token, goes on with the next token.
#[must_use]
pub fn goes_on(name: &str, last: &Token, next: &Token) -> bool {
    next.name && last.name && next.quoted == last.quoted && !is_possessive(name)
}

/// Makes one token of each run of names.
pub fn merge(text: &str, tokens: &mut Tokens) {
    tokens.tokens.dedup_by(|next, last| {
        let run = goes_on(last.span.slice(text), last, next);
        if run {
            last.span.end = next.span.end;
            last.pieces.end = next.pieces.end;
        }
        run
    });
}

/// What names are to word n-grams; no word has these forms.
pub const PLACEHOLDERS: [&str; 3] = ["<name>", "<name's>", "<tag>"];

/// What a name is to word n-grams, by its place in [`PLACEHOLDERS`]: its form of address and nothing of who it is.
#[must_use]
pub fn placeholder(name: &str) -> usize {
    if name.starts_with(['#', '@']) { 2 } else { usize::from(is_possessive(name)) }
}

/// What a token tells of being a name, wherever it stands: a set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signs(u16);

impl Signs {
    /// Neither letter nor digit.
    pub const MARK: u16 = 1;
    /// A mark after which a word is capitalised as at the head of a sentence.
    pub const OPENS: u16 = 1 << 1;
    /// Capitalised.
    pub const CAPITALISED: u16 = 1 << 2;
    /// Four characters or more.
    pub const LONG: u16 = 1 << 3;
    /// Capitalised, no web address and not the first person.
    pub const MAY_BE_NAME: u16 = 1 << 4;
    /// In capitals throughout and long enough to be emphasis.
    pub const EMPHASIS: u16 = 1 << 5;
    /// A common word that often begins names.
    pub const LEADING: u16 = 1 << 6;
    /// Also written in lower case.
    pub const COMMON: u16 = 1 << 7;
    /// A hashtag in Arabic letters.
    pub const TAG: u16 = 1 << 8;
    /// Of the words whose capital may be stray.
    pub const MAY_BE_STRAY: u16 = 1 << 9;

    /// Whether it has this flag.
    #[must_use]
    pub const fn has(self, flag: u16) -> bool {
        self.0 & flag != 0
    }

    const fn with(self, flag: u16, holds: bool) -> Self {
        if holds { Self(self.0 | flag) } else { self }
    }
}

/// Flags the capitalised names of a sentence, given each token's signs.
pub fn flag_capitals(signs: &[Signs], names: &mut [bool]) {
    let title_case = is_title_case(signs);
    let mut at_head = true;
    for (at, (here, name)) in signs.iter().zip(names).enumerate() {
        if here.has(Signs::MARK) {
            at_head |= here.has(Signs::OPENS);
            continue;
        }
        if here.has(Signs::MAY_BE_NAME) {
            let next = || signs.get(at + 1).is_some_and(|next| next.has(Signs::CAPITALISED));
            let leads = at_head && !title_case && here.has(Signs::LEADING) && next();
            let lower = at_head || title_case || here.has(Signs::EMPHASIS);
            *name = !(lower && here.has(Signs::COMMON) && !leads);
        }
        at_head = false;
    }
}

/// Flags hashtags in Arabic letters, and the longest runs of words that are known names; `longest` gives how many words
/// the longest known name has that begins with a token, 0 for none.
pub fn flag_known(signs: &[Signs], longest: impl Fn(usize) -> usize, names: &mut [bool]) {
    let mut at = 0;
    while at < signs.len() {
        names[at] |= signs[at].has(Signs::TAG);
        let end = at + longest(at);
        names[at..end].fill(true);
        at = end.max(at + 1);
    }
}

/// The form under which an Arabic token stands in the list of known names; empty for others.
#[must_use]
pub fn known_form(original: &str, shape: TokenShape) -> String {
    if original.starts_with(is_arabic) && !shape.is_proclitic() {
        lexeme(&normal(original)).to_owned()
    } else {
        String::new()
    }
}

/// Whether most longer words of a sentence are capitalised, as in a headline: then it is no sign of a
/// name.
fn is_title_case(signs: &[Signs]) -> bool {
    let (mut all, mut capitalised) = (0, 0);
    for signs in signs.iter().filter(|signs| signs.has(Signs::LONG)) {
        all += 1;
        capitalised += usize::from(signs.has(Signs::CAPITALISED));
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
        assert!(mask.all_known().any(|name| name == "حماس"));
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
