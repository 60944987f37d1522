//! What one line shows by itself.
//!
//! In: a line. Out: its [`Shape`]: what it has how many of, how it begins and ends. Start at [`Shape::of`]. Of a very
//! long line only the beginning is counted, so that a line costs no more than its reading.

use crate::text::{is_blank, normal_form, words};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

/// Words of a line that are counted: a longer one is prose whatever follows.
const MOST_WORDS: usize = 300;

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    None,
    Stop,
    Ellipsis,
    Colon,
    Comma,
    Dash,
    Bracket,
    Star,
    Sign,
}

/// What a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    Letter,
    Quote,
    Bullet,
    Digit,
    Dash,
    Bracket,
    Sign,
}

/// The sort of line that it is at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Signs,
    Label,
    Open,
    Sentence,
    LongOpen,
    Prose,
}

/// What one line shows by itself.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Words and numbers; marks are not counted.
    pub words: usize,
    pub characters: usize,
    pub end: End,
    pub begins: Begin,
    pub begins_in_lower_case: bool,
    pub quotes: usize,
    pub is_quoted: bool,
    pub sentences: usize,
    pub addresses: usize,
    pub handles: usize,
    pub hashtags: usize,
    pub separators: usize,
    pub numbers: usize,
    pub has_year: bool,
    pub has_time: bool,
    pub date_words: usize,
    /// Words whose script has capitals; those that begin with one; those that are nothing else.
    pub cased: usize,
    pub capitals: usize,
    pub in_capitals: usize,
    pub function_words: usize,
    pub ends_in_bracket: bool,
    /// The hash of all its words.
    pub said: u64,
    /// The hashes of its longer words, sorted, each once.
    pub contents: Vec<u64>,
}

impl Shape {
    pub(super) fn of(line: &str) -> Self {
        let (end, ends_in_bracket) = end(line);
        let mut chars = line.chars().filter(|c| !is_blank(*c));
        let first = chars.next().unwrap_or(' ');
        let mut shape = Self {
            words: 0,
            characters: line.chars().take(400).count(),
            end,
            begins: begin(first),
            begins_in_lower_case: first.is_lowercase(),
            quotes: 0,
            is_quoted: is_quote(first) && line.trim_end_matches(['.', ',']).ends_with(is_quote),
            sentences: 0,
            addresses: 0,
            handles: 0,
            hashtags: 0,
            separators: 0,
            numbers: 0,
            has_year: false,
            has_time: false,
            date_words: 0,
            cased: 0,
            capitals: 0,
            in_capitals: 0,
            function_words: 0,
            ends_in_bracket,
            said: 0,
            contents: Vec::new(),
        };
        shape.count(line);
        shape
    }

    fn count(&mut self, line: &str) {
        let (mut said, mut form) = (FxHasher::default(), String::new());
        for span in words(line).take(MOST_WORDS) {
            let word = span.slice(line);
            let Some(first) = word.chars().next() else { continue };
            if !word.contains(char::is_alphanumeric) {
                self.quotes += usize::from(is_quote(first));
                self.separators += usize::from(is_separator(first));
                self.sentences += usize::from(is_stop(first) && line[span.end..].starts_with(char::is_whitespace));
                continue;
            }
            normal_form(word, &mut form);
            form.hash(&mut said);
            self.words += 1;
            if is_address(word) {
                self.addresses += 1;
                continue;
            }
            self.handles += usize::from(first == '@');
            self.hashtags += usize::from(first == '#');
            if form.starts_with('0') {
                self.numbers += 1;
                self.has_year |= is_year(word);
                self.has_time |= form.contains(':');
                continue;
            }
            if first.is_uppercase() || first.is_lowercase() {
                self.cased += 1;
                self.capitals += usize::from(first.is_uppercase());
                let short = word.chars().nth(1).is_none();
                self.in_capitals += usize::from(first.is_uppercase() && (short || !word.contains(char::is_lowercase)));
            }
            let class = Class::of(&form);
            self.date_words += usize::from(class.is_date);
            self.function_words += usize::from(class.is_function);
            if form.chars().nth(3).is_some() {
                self.contents.push(hash(&form));
            }
        }
        self.said = said.finish();
        self.sentences += usize::from(self.is_closed());
        self.contents.sort_unstable();
        self.contents.dedup();
    }

    /// Whether it ends as a sentence does.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.end, End::Stop | End::Ellipsis)
    }

    pub(super) fn look(&self) -> Look {
        let signs = self.separators + self.addresses + self.handles + self.hashtags + self.numbers;
        match self.words {
            0 => Look::Signs,
            words if signs * 2 >= words => Look::Signs,
            1..=3 => Look::Label,
            words if self.is_closed() && words >= 14 => Look::Prose,
            _ if self.is_closed() => Look::Sentence,
            words if words >= 18 => Look::LongOpen,
            _ => Look::Open,
        }
    }

    /// Whether two lines share most of their words.
    pub(super) fn is_near(&self, other: &Self) -> bool {
        let (a, b) = (&self.contents, &other.contents);
        if a.len() < 3 || b.len() < 3 || a.len() > 30 || b.len() > 30 {
            return false;
        }
        // Both are sorted.
        let (mut shared, mut rest) = (0, b.as_slice());
        for word in a {
            while let [first, after @ ..] = rest
                && first < word
            {
                rest = after;
            }
            shared += usize::from(rest.first() == Some(word));
        }
        shared * 5 >= (a.len() + b.len() - shared) * 3
    }
}

/// The words of a line, without marks and addresses.
pub(super) fn bare_words(line: &str) -> impl Iterator<Item = &str> {
    words(line).map(|span| span.slice(line)).filter(|word| word.contains(char::is_alphanumeric) && !is_address(word))
}

/// The last characters of a line, from the beginning of a word on.
pub(super) fn tail(line: &str) -> &str {
    const CHARACTERS: usize = 160;
    let Some((from, _)) = line.char_indices().rev().nth(CHARACTERS) else { return line };
    let tail = &line[from..];
    tail.find(char::is_whitespace).map_or("", |at| &tail[at..])
}

fn hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    word.hash(&mut hasher);
    hasher.finish()
}

/// What a line ends with, closing quotation marks and brackets aside, and whether a bracket closes last.
fn end(line: &str) -> (End, bool) {
    let shown = line.trim_end_matches(is_blank);
    let is_closing = |c: char| is_quote(c) || matches!(c, ')' | ']');
    let bracket = shown.trim_end_matches(|c: char| is_stop(c) || is_quote(c)).ends_with([')', ']']);
    let bare = shown.trim_end_matches(is_closing).trim_end();
    let stopped = bare.len() < shown.len();
    let Some(last) = bare.chars().next_back() else { return (End::Sign, bracket) };
    let end = match last {
        '…' => End::Ellipsis,
        '.' if bare.ends_with("...") => End::Ellipsis,
        c if is_stop(c) => End::Stop,
        _ if stopped && shown.ends_with([')', ']']) => End::Bracket,
        ':' => End::Colon,
        ',' | '،' | ';' | '؛' | '、' => End::Comma,
        '-' | '–' | '—' => End::Dash,
        '*' => End::Star,
        c if c.is_alphanumeric() || !c.is_ascii() && !is_separator(c) => End::None,
        _ => End::Sign,
    };
    (end, bracket)
}

fn begin(first: char) -> Begin {
    match first {
        c if is_quote(c) => Begin::Quote,
        '•' | '‣' | '▪' | '●' | '◦' | '■' | '►' | '·' | '*' | '›' | '»' | '▶' => Begin::Bullet,
        '-' | '–' | '—' => Begin::Dash,
        '(' | '[' => Begin::Bracket,
        c if c.is_numeric() => Begin::Digit,
        c if c.is_alphabetic() => Begin::Letter,
        _ => Begin::Sign,
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '\'' | '‹' | '›' | '「' | '」')
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '۔' | '。' | '！' | '？' | '।')
}

fn is_separator(c: char) -> bool {
    matches!(c, '/' | '|' | '•' | '·' | '»' | '›' | '>' | '–' | '—' | '←' | '→' | '«' | '‹' | '<' | '◦' | '▪' | '¦')
}

/// Whether a word is a web or e-mail address.
fn is_address(word: &str) -> bool {
    let Some((host, end)) = word.rsplit_once('.') else { return word.contains("://") };
    let letters = |part: &str, least: usize| part.len() >= least && part.bytes().all(|b| b.is_ascii_lowercase());
    word.contains("://")
        || word.starts_with("www.")
        || letters(end, 2) && host.len() > 1 && host.bytes().all(|b| b.is_ascii_lowercase() || b".-@_".contains(&b))
}

/// Whether a number is a year of the last or this century.
fn is_year(word: &str) -> bool {
    let digit = |c: char| c.to_digit(10).or_else(|| ('٠'..='٩').contains(&c).then(|| c as u32 - '٠' as u32));
    let digits: Vec<u32> = word.chars().take(5).map_while(digit).collect();
    matches!(digits[..], [1, 9, _, _] | [2, 0, _, _]) && word.chars().nth(4).is_none()
}

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default)]
struct Class {
    is_date: bool,
    is_function: bool,
    is_arabic: bool,
}

impl Class {
    /// By its normal form. An Arabic function word is one also after a joined *and*.
    fn of(form: &str) -> Self {
        static KNOWN: LazyLock<FxHashMap<&str, Class>> = LazyLock::new(|| {
            let mut known: FxHashMap<&str, Class> = FxHashMap::default();
            DATE_WORDS.iter().for_each(|word| known.entry(word).or_default().is_date = true);
            ENGLISH.iter().chain(ARABIC).for_each(|word| known.entry(word).or_default().is_function = true);
            ARABIC.iter().for_each(|word| known.entry(word).or_default().is_arabic = true);
            known
        });
        let own = KNOWN.get(form).copied().unwrap_or_default();
        let joined = || form.strip_prefix(['و', 'ف']).and_then(|rest| KNOWN.get(rest)).is_some_and(|c| c.is_arabic);
        Self { is_function: own.is_function || joined(), ..own }
    }
}

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before",
    "being", "but", "by", "can", "could", "did", "do", "for", "from", "had", "has", "have", "he", "her", "him",
    "his", "i", "if", "in", "into", "is", "it", "its", "may", "more", "no", "not", "of", "on", "or", "our", "out",
    "over", "she", "should", "so", "than", "that", "the", "their", "them", "there", "they", "this", "to", "up",
    "was", "we", "were", "what", "when", "which", "while", "who", "will", "with", "would", "you",
];

#[rustfmt::skip]
const ARABIC: &[&str] = &[
    "اذا", "الا", "التي", "الذي", "الذين", "الي", "اما", "ان", "انه", "انها", "او", "اي", "بعد", "بين", "تحت",
    "تلك", "ثم", "حتي", "حول", "حيث", "خلال", "دون", "ذلك", "عبر", "علي", "عليه", "عليها", "عن", "عند", "غير",
    "فوق", "في", "فيه", "فيها", "قبل", "قد", "كان", "كانت", "كل", "كما", "كي", "لا", "لدي", "لكن", "لم", "لن",
    "له", "لها", "ما", "مثل", "مع", "من", "منذ", "منه", "منها", "نحو", "هذا", "هذه", "هم", "هو", "هي", "و", "يكون",
];

/// The months and the days of the week.
#[rustfmt::skip]
const DATE_WORDS: &[&str] = &[
    "apr", "april", "aug", "august", "dec", "december", "feb", "february", "friday", "jan", "january", "jul",
    "july", "jun", "june", "mar", "monday", "nov", "november", "oct", "october", "saturday", "sep", "sept",
    "september", "sunday", "thursday", "tuesday", "wednesday", "اب", "ابريل", "اذار", "اغسطس", "اكتوبر", "الاثنين",
    "الاحد", "الاربعاء", "الثلاثاء", "الجمعه", "الخميس", "السبت", "ايار", "ايلول", "تشرين", "تموز", "حزيران",
    "ديسمبر", "سبتمبر", "شباط", "فبراير", "كانون", "مارس", "مايو", "نوفمبر", "نيسان", "يناير", "يوليو", "يونيو",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_in_normal_form() {
        for list in [ENGLISH, ARABIC, DATE_WORDS] {
            for pair in list.windows(2) {
                assert!(pair[0] < pair[1], "{} before {}", pair[0], pair[1]);
            }
            for word in list {
                let mut form = String::new();
                normal_form(word, &mut form);
                assert_eq!(form, *word);
            }
        }
    }

    #[test]
    fn an_end_mark_is_seen_behind_closing_quotation_marks() {
        for (line, expected) in [
            ("It sank.", End::Stop),
            ("“It sank.”", End::Stop),
            ("هل غرقت؟", End::Stop),
            ("It sank …", End::Ellipsis),
            ("Read more:", End::Colon),
            ("The harbour (Photo: K. Lund)", End::Bracket),
            ("Name *", End::Star),
            ("The harbour", End::None),
            ("", End::Sign),
        ] {
            assert_eq!(Shape::of(line).end, expected, "{line}");
        }
    }

    #[test]
    fn addresses_years_and_separators_are_counted() {
        let shape = Shape::of("Home | News › example.org 2021 ٢٠٢٣ 14:05 @harbour #ferry");
        assert_eq!((shape.separators, shape.addresses, shape.handles, shape.hashtags), (2, 1, 1, 1));
        assert!(shape.has_year && shape.has_time);
        assert!(!Shape::of("12021 people").has_year);
    }

    #[test]
    fn a_long_line_is_prose_and_a_short_one_a_label() {
        assert_eq!(Shape::of(&"word ".repeat(20)).look(), Look::LongOpen);
        assert_eq!(Shape::of(&format!("{}end.", "word ".repeat(20))).look(), Look::Prose);
        assert_eq!(Shape::of("World").look(), Look::Label);
        assert_eq!(Shape::of("A | B").look(), Look::Signs);
    }

    #[test]
    fn lines_that_share_most_words_are_near() {
        let near = |a: &str, b: &str| Shape::of(a).is_near(&Shape::of(b));
        assert!(near("Harbour ferry stops after storm", "Harbour ferry stops after the storm"));
        assert!(!near("Harbour ferry stops after storm", "Council votes on bridge tolls"));
    }
}
