//! Phrases that name somebody or something: runs of proper names, pronouns, and noun phrases told by their beginnings.
//!
//! In: a sentence's tokens and words. Out: [`Phrase`]s, in order and without overlap. Start at [`phrases`]. There is no
//! parser: in English a noun phrase is up to four plain words at the head, behind a stop, an article, a
//! determiner or a preposition, up to the next function word; in Arabic it is a run of words with the article. Its article is not part of it.

use super::siding::{self, Side};
use super::{classes, clause};
use crate::text::{Tokens, is_arabic, is_possessive};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// What a phrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhraseKind {
    /// A run of proper names, with the plain words that stand between a determiner and it (*the White House*).
    Name,
    /// A personal pronoun that can be a subject.
    Pronoun,
    /// A noun phrase.
    Noun,
}

impl PhraseKind {
    /// Its name in keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Pronoun => "pronoun",
            Self::Noun => "noun",
        }
    }
}

/// A phrase: tokens `first..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// Its first token.
    pub first: usize,
    /// One past its last.
    pub end: usize,
    /// What it is.
    pub kind: PhraseKind,
}

/// Words of a noun phrase at most.
const LONGEST: usize = 4;

/// Pronouns that can be subjects.
const PRONOUNS: &[&str] = &["he", "she", "they", "we", "i", "it", "هو", "هي", "هم", "نحن", "انا"];

/// Other words that stand for somebody and name nobody, in normal form.
#[rustfmt::skip]
const OTHER_PRONOUNS: &[&str] = &[
    "him", "her", "them", "us", "me", "you", "one", "who", "whom", "himself", "herself", "themselves", "itself",
    "someone", "somebody", "هما", "هن", "انت", "انتم", "انتما", "انتن",
];

/// Whether a word or phrase in normal form is a pronoun, and names nobody by itself.
#[must_use]
pub fn is_pronoun(form: &str) -> bool {
    PRONOUNS.contains(&form) || OTHER_PRONOUNS.contains(&form)
}

/// Words that may stand before what names a target.
#[rustfmt::skip]
const DETERMINERS: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our", "my", "your", "any",
    "some", "no", "all", "every", "each", "both", "to", "of",
];

/// Words that stand before a noun and not behind one; *that* does both.
#[rustfmt::skip]
const ARTICLES: &[&str] = &[
    "the", "a", "an", "this", "these", "those", "his", "her", "its", "their", "our", "my", "your", "any", "some", "no",
    "every", "each",
];

/// Words after which a noun phrase may begin.
#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our", "my", "your", "any",
    "some", "no", "all", "every", "each", "both", "of", "for", "against", "on", "to", "with", "by", "in", "toward",
    "towards", "about", "over", "despite", "without", "and", "or", "into", "from", "after", "before", "under",
];

/// Words that stand between a subject and its verb.
#[rustfmt::skip]
const AUXILIARIES: &[&str] = &[
    "has", "have", "had", "is", "are", "was", "were", "be", "been", "being", "will", "would", "can", "could", "may",
    "might", "must", "should", "shall", "do", "does", "did", "also", "still", "again", "now", "on", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", ",", "قد", "لقد", "سوف", "كان", "كانت", "ايضا",
];

/// Words that no noun phrase holds, beside the closed classes.
#[rustfmt::skip]
const CLOSED: &[&str] = &[
    "be", "been", "being", "am", "is", "are", "was", "were", "has", "have", "had", "having", "do", "does", "did", "will", "would",
    "can", "could", "may", "might", "shall", "as", "at", "up", "out", "off", "down", "there", "then", "only",
    "said", "says", "say", "told", "called", "if", "when", "while", "where", "who", "whom", "whose", "which", "what",
    "why", "how", "because", "since", "until", "than", "not", "never", "also", "just", "more", "most", "very", "them",
    "him", "me", "us", "you", "he", "she", "they", "we", "i", "it", "get", "make", "take", "let", "go",
];

/// The phrases of a sentence; `words` are those of [`super::facts::words`].
#[must_use]
pub fn phrases(text: &str, tokens: &Tokens, words: &[String]) -> Vec<Phrase> {
    let all = &tokens.tokens;
    let mut found: Vec<Phrase> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let token = &all[at];
        if at == 0
            && let Some(end) = dateline(tokens, words)
        {
            at = end;
        } else if token.name {
            let mut end = at + 1;
            while end < all.len() && all[end].name && !is_possessive(all[end - 1].span.slice(text)) {
                end += 1;
            }
            found.push(Phrase { first: at, end, kind: PhraseKind::Name });
            at = end;
        } else if PRONOUNS.contains(&words[at].as_str()) {
            found.push(Phrase { first: at, end: at + 1, kind: PhraseKind::Pronoun });
            at += 1;
        } else if has_article(token.span.slice(text)) {
            let mut end = at + 1;
            while end < all.len() && end - at < LONGEST && has_article(all[end].span.slice(text)) && !all[end].name {
                end += 1;
            }
            found.push(Phrase { first: at, end, kind: PhraseKind::Noun });
            at = end;
        } else if is_heading(words, at) {
            // An Arabic office or body, and what says which.
            let mut end = at + 1;
            let article = |at: usize| all.get(at).is_some_and(|t| !t.name && has_article(t.span.slice(text)));
            while is_heading(words, end) && !article(end) {
                end += 1;
            }
            let is_name = all.get(end).is_some_and(|t| t.name);
            while end < all.len() && end - at <= LONGEST && if is_name { all[end].name } else { article(end) } {
                end += 1;
            }
            found.push(Phrase { first: at, end, kind: PhraseKind::Noun });
            at = end;
        } else if may_open(tokens, words, at) && is_plain(tokens, words, at) {
            let mut end = at + 1;
            while end < all.len() && end - at < LONGEST && is_plain(tokens, words, end) && !is_verb(words, end) {
                end += 1;
            }
            // A word right before an article is a verb (*residents back the dam*).
            if end - at > 1 && words.get(end).is_some_and(|next| ARTICLES.contains(&next.as_str())) {
                end -= 1;
            }
            found.push(Phrase { first: at, end, kind: PhraseKind::Noun });
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

/// Whether a noun phrase may begin at a token: at the head of a sentence, behind a stop, or behind an opener.
fn may_open(tokens: &Tokens, words: &[String], at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    tokens.tokens[before].shape.is_punctuation() || OPENERS.contains(&words[before].as_str())
}

/// The tokens that name a target, without the article before and what is added behind (*the delivery of aid*): so
/// that a target looks the same whoever marked it, and however much of it.
#[must_use]
pub fn core(words: &[String], (first, end): (usize, usize)) -> (usize, usize) {
    let end = end.min(words.len());
    let is_word = |word: &str| word.starts_with(char::is_alphanumeric) || word.starts_with(['<', '#', '@']);
    let is_left_out = |word: &str| !is_word(word) || DETERMINERS.contains(&word);
    let Some(start) = (first..end).find(|at| !is_left_out(&words[*at])) else { return (first, end) };
    let is_end = |word: &str| !is_word(word) || OPENERS.contains(&word) || CLOSED.contains(&word);
    let stop = (start + 1..end).find(|at| is_end(&words[*at])).unwrap_or(end);
    (start, stop.min(start + LONGEST))
}

/// Whether a word stands between a subject and its verb and says nothing by itself.
#[must_use]
pub fn is_auxiliary(word: &str) -> bool {
    AUXILIARIES.contains(&word)
}

/// Verbs in the past that do not end in *-ed*, and verbs of headlines that take no side.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "struck", "sought", "fought", "withdrew", "threw", "won", "lost", "took", "gave", "made", "came", "went", "held",
    "kept", "met", "told", "began", "broke", "built", "found", "left", "led", "rose", "fell", "saw", "sent", "spent",
    "stood", "wrote", "chose", "drew", "drove", "ran", "spoke", "swore", "forbade", "upheld", "overturned", "became",
    "bought", "brought", "thought", "paid", "sold", "sat", "shook", "forgot", "want", "wants", "passes", "adopts",
];

/// Words that take sides and are plural nouns more often than verbs.
#[rustfmt::skip]
const NOUNS: &[&str] = &[
    "cuts", "attacks", "bans", "sanctions", "supporters", "opponents", "critics", "objections", "appeals", "calls",
    "fears", "needs", "protests", "allies", "blasts", "fights", "concerns", "petitions", "risks", "doubts", "pleas",
    "lawsuits", "complaints", "thanks", "worries", "hopes", "benefits", "threats", "harms", "arms", "advocates",
    "champions", "drops", "limits", "campaigns", "cheers", "dangers",
];

/// Whether the word at a place inside a noun phrase looks like its verb: in the past, or of a headline (*council
/// backs dam*, *residents back dam*).
fn is_verb(words: &[String], at: usize) -> bool {
    let word = words[at].as_str();
    if word.len() > 4 && word.ends_with("ed") || VERBS.contains(&word) || clause::is_adverb(word) {
        return true;
    }
    if !matches!(siding::of(word), Some(Side::For | Side::Against)) || NOUNS.contains(&word) {
        return false;
    }
    let is_plural = |word: &str| word.ends_with('s') && !word.ends_with("ss");
    let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
    // Of a subject in the singular the verb ends in -s, of one in the plural it does not.
    is_plural(word) != is_plural(before)
        && (is_plural(word) || !word.ends_with("ing"))
        && (is_plural(word) || is_plural(before))
}

/// One past a dateline's dash (*BELMORA —*), where the sentence begins with one.
fn dateline(tokens: &Tokens, words: &[String]) -> Option<usize> {
    let all = &tokens.tokens;
    let dash = words.iter().take(LONGEST + 1).position(|word| matches!(word.as_str(), "—" | "–" | "-"))?;
    let is_place = |at: usize| all[at].shape.is_all_caps() || all[at].shape.is_punctuation();
    (dash > 0 && all[0].shape.is_all_caps() && (0..dash).all(is_place)).then_some(dash + 1)
}

/// Arabic nouns for offices, bodies and groups, in normal form: what follows says which.
const HEADS: &str = "رئيس رئيسه وزير وزيره وزراء مدير مديره محافظ نقابه نقابات اتحاد حزب احزاب جمعيه جمعيات لجنه مجلس \
    حركه منظمه منظمات هيئه وكاله شركه شركات امين امينه زعيم زعيمه قائد قاده سفير سفيره متحدث متحدثه ناطق نواب نائب \
    نائبه اعضاء عضو سكان اهالي عمال طلاب انصار مجموعه مسؤول مسؤولون مسؤولو مفوض مبعوث جيش قوات حكومه وزاره بلديه محكمه \
    مرصد مركز معهد مكتب غرفه شبكه تحالف كتله رابطه ائتلاف فريق عشرات مئات الاف ملايين صحيفه مستشار ملك امير \
    حاكم قضاه اطباء معلمو موظفو موظفون ناشطون نشطاء خبراء متظاهرون محتجون مزارعو تجار اصحاب سائقو صيادو عائلات اسر \
    شيوخ محامو محامون مقرر مقرره رؤساء اعيان وجهاء مواطنون عمده مختار نساء شباب امهات بحاره";

/// Whether a word is such a noun.
fn is_heading(words: &[String], at: usize) -> bool {
    static INDEX: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| HEADS.split_whitespace().collect());
    words.get(at).is_some_and(|word| INDEX.contains(word.as_str()))
}

/// Whether a word opens a noun phrase: an article, a determiner, a preposition.
#[must_use]
pub fn is_opener(word: &str) -> bool {
    OPENERS.contains(&word)
}

/// Whether a token can stand in a noun phrase: a word in Latin letters that is no function word.
fn is_plain(tokens: &Tokens, words: &[String], at: usize) -> bool {
    let token = &tokens.tokens[at];
    let word = words[at].as_str();
    let is_word = word.len() > 2 && word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'' || c == '’');
    is_word
        && !token.name
        && !word.starts_with(is_arabic)
        && !OPENERS.contains(&word)
        && !CLOSED.contains(&word)
        && !classes::is_function(word)
}

/// Whether an Arabic word has the article.
fn has_article(word: &str) -> bool {
    word.strip_prefix("ال").is_some_and(|rest| rest.chars().count() >= 3)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts;
    use super::*;
    use crate::text::{Span, Tokenizer};

    /// The phrases of a sentence whose words with a capital behind the first are names.
    fn found(text: &str) -> Vec<String> {
        let tokenizer = Tokenizer::from_parts(vec!["[UNK]".into()]).unwrap();
        let mut tokens = tokenizer.tokenize(text, Span::new(0, text.len())).unwrap();
        for token in tokens.tokens.iter_mut().skip(1) {
            token.name = token.shape.is_capitalised();
        }
        let words = facts::words(text, &tokens);
        let all = &tokens.tokens;
        let of = |p: &Phrase| text[all[p.first].span.start..all[p.end - 1].span.end].to_owned();
        phrases(text, &tokens, &words).iter().map(of).collect()
    }

    #[test]
    fn names_pronouns_and_noun_phrases_are_found_in_order() {
        assert_eq!(
            found("On Monday he told Ana Duarte of the harbour plan."),
            ["Monday", "he", "Ana Duarte", "harbour plan"]
        );
    }

    #[test]
    fn a_possessive_ends_a_name_and_a_function_word_a_noun_phrase() {
        assert_eq!(
            found("They read France's Peru report on the new dam that was built."),
            ["They", "France's", "Peru", "new dam"]
        );
    }

    #[test]
    fn a_noun_phrase_ends_before_its_verb() {
        assert_eq!(found("Residents opposed the dam, and people back a plan."), ["Residents", "dam", "people", "plan"]);
        assert_eq!(found("The court struck down the ban."), ["court", "ban"]);
        assert_eq!(found("Council backs dam"), ["Council"]);
        assert_eq!(found("Residents oppose dam"), ["Residents"]);
        assert_eq!(found("Police finally removed the fence."), ["Police", "fence"]);
        assert_eq!(found("Trade sanctions hurt the port."), ["Trade sanctions", "port"]);
    }

    #[test]
    fn a_dateline_is_no_phrase() {
        assert_eq!(found("BELMORA — the council left."), ["council"]);
        assert_eq!(found("NORTH BELMORA, HELVA – Residents left."), ["Residents"]);
        assert_eq!(found("Residents — all of them — left.")[0], "Residents");
    }

    #[test]
    fn an_arabic_office_belongs_to_the_words_that_say_which() {
        assert_eq!(found("رفض رئيس الوزراء بناء المطار"), ["رئيس الوزراء", "المطار"]);
        assert_eq!(found("رفض نائب رئيس البلدية الخطة")[0], "نائب رئيس البلدية الخطة");
        assert_eq!(found("أيد سكان القرية ومئات"), ["سكان القرية"]);
    }

    #[test]
    fn arabic_words_with_the_article_are_a_noun_phrase() {
        assert_eq!(found("رفضت الوزارة بناء المطار الجديد"), ["الوزارة", "المطار الجديد"]);
    }

    #[test]
    fn the_core_of_a_target_has_no_article_and_ends_before_what_is_added() {
        let core_of = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            let (first, end) = core(&words, (0, words.len()));
            words[first..end].join(" ")
        };
        assert_eq!(core_of("the delivery of aid"), "delivery");
        assert_eq!(core_of("his economic policies"), "economic policies");
        assert_eq!(core_of("government meals for children"), "government meals");
        assert_eq!(core_of("<n> <n> , who leads"), "<n> <n>");
        assert_eq!(core_of("“ the dam ”"), "dam");
        assert_eq!(core_of("the"), "the");
    }
}
