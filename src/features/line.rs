//! What a line of a page looks like, from which a trained model tells what it is.
//!
//! In: a text and its lines. Out: a [`Row`] for each: the numbers of its facts, named by [`fact_names`], and the words
//! at its two ends. Start at [`rows`]. A fact is a bucket of something that can be counted in any language: length,
//! place, end mark, signs, digits, capitals, blank lines, what is said again, what the neighbours look like. Only the
//! function words and the words of dates are of a language (English and Arabic); where a page hardly has any of
//! those function words, it is in another, and they are left out.

mod shape;

use crate::text::{Line, Span, normal};
use rustc_hash::FxHashMap;
use shape::{Begin, End, Look, Shape};

/// The families of facts, and the buckets of each.
const FAMILIES: &[(&str, &[&str])] = &[
    ("words", &["1", "2", "3", "4 or 5", "6 to 8", "9 to 12", "13 to 18", "19 to 29", "30 to 49", "50 or more"]),
    ("characters", &["under 6", "under 16", "under 31", "under 61", "under 121", "under 241", "241 or more"]),
    ("end", &["none", "stop", "ellipsis", "colon", "comma", "dash", "bracket", "star", "sign"]),
    ("begins with", &["a letter", "a quotation mark", "a bullet", "a digit", "a dash", "a bracket", "a sign"]),
    ("begins in lower case", &["yes"]),
    ("quotation marks", &["some", "around all"]),
    ("sentences", &["2", "3 or more"]),
    ("an address", &["in it", "most of it"]),
    ("a handle", &["yes"]),
    ("hashtags", &["1", "2 or more", "all"]),
    ("separators", &["1", "2 or more", "every third sign or more"]),
    ("numbers", &["some", "a fifth of the words", "half of the words"]),
    ("a year", &["yes"]),
    ("a time of day", &["yes"]),
    ("words of dates", &["1", "2 or more", "a fifth of the words"]),
    ("capitals", &["none", "under 0.3", "under 0.6", "under 0.9", "all words"]),
    ("letters in capitals", &["all"]),
    ("function words", &["none of 4 words or more", "under 0.15", "under 0.3", "0.3 or more"]),
    ("a bracket at the end", &["yes"]),
    ("from the top", &["1st", "2nd", "3rd", "4th or 5th", "6th to 9th"]),
    ("from the end", &["last", "2nd", "3rd", "4th or 5th", "6th to 9th"]),
    ("part of the page", &["1st fifth", "2nd fifth", "3rd fifth", "4th fifth", "5th fifth"]),
    ("prose before", &["none", "1 line", "2 lines", "3 lines or more"]),
    ("prose after", &["none", "1 line", "2 lines", "3 lines or more"]),
    ("short, and prose after", &["none", "some"]),
    ("without an end mark, and prose after", &["none", "some"]),
    ("lines since prose", &["1", "2", "3 or 4", "5 or more"]),
    ("lines until prose", &["1", "2", "3 or 4", "5 or more"]),
    ("blank line", &["before", "after", "before and after", "neither, on a page that has some"]),
    ("blank lines on the page", &["none"]),
    ("said again", &["of a line before", "of a line after", "near a line at the top"]),
    ("words shared with the prose", &["none", "under 0.34", "under 0.67", "most"]),
    ("neighbour before", &LOOKS),
    ("neighbour after", &LOOKS),
    ("line", &LOOKS),
    ("lines of this look in a row", &["2", "3 or 4", "5 or more"]),
    ("line before", &["ends in a colon", "begins with a bullet"]),
    ("line after", &["holds an address", "begins with a bullet"]),
];

/// The looks of a line, and none.
const LOOKS: [&str; 7] =
    ["signs", "1 to 3 words", "without an end mark", "a sentence", "long, no end mark", "prose", "none"];

#[derive(Debug, Clone, Copy)]
enum Family {
    Words,
    Characters,
    End,
    Begins,
    LowerCase,
    Quotes,
    Sentences,
    Address,
    Handle,
    Hashtags,
    Separators,
    Numbers,
    Year,
    Time,
    DateWords,
    Capitals,
    AllCapitals,
    FunctionWords,
    Bracket,
    Top,
    Bottom,
    Part,
    ProseBefore,
    ProseAfter,
    ShortAfter,
    OpenAfter,
    SinceProse,
    UntilProse,
    Blank,
    NoBlanks,
    Again,
    Shared,
    Before,
    After,
    Look,
    Run,
    LineBefore,
    LineAfter,
}

impl Family {
    /// The number of a bucket of this family.
    const fn fact(self, bucket: usize) -> u16 {
        let (mut family, mut number) = (0, 0);
        while family < self as usize {
            number += FAMILIES[family].1.len();
            family += 1;
        }
        (number + bucket) as u16
    }
}

/// The name of every fact, in the order of their numbers.
#[must_use]
pub fn fact_names() -> Vec<String> {
    FAMILIES.iter().flat_map(|(family, buckets)| buckets.iter().map(move |b| format!("{family}: {b}"))).collect()
}

/// How many facts there are.
pub const FACTS: usize = {
    let (mut family, mut number) = (0, 0);
    while family < FAMILIES.len() {
        number += FAMILIES[family].1.len();
        family += 1;
    }
    number
};

/// What is known of one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its facts by their numbers, each once.
    pub facts: Vec<u16>,
    /// Its first and last words in normal form, each once.
    pub words: Vec<String>,
    /// Whether it says again what a line before it, or at the top, says.
    pub is_repeat: bool,
    /// Whether it ends without the mark of a sentence's end.
    pub is_open: bool,
    /// Whether it begins as an item of a list does: with a bullet or a dash.
    pub is_item: bool,
}

/// Which lines of a page are given: a page of very many is read in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Lines of the page before these.
    pub before: usize,
    /// Lines of the whole page.
    pub all: usize,
}

/// What is known of each of these lines, in order.
#[must_use]
pub fn rows(text: &str, lines: &[Line], part: Part) -> Vec<Row> {
    let shapes: Vec<Shape> = lines.iter().map(|line| Shape::of(line.span.slice(text))).collect();
    let page = Page::of(lines, &shapes, part);
    (0..lines.len()).map(|at| page.row(text, at)).collect()
}

/// The words at the ends of a line that are looked at.
const FIRST_WORDS: usize = 7;
const LAST_WORDS: usize = 7;

/// Lines at the top that may be a headline said again later.
const TOP: usize = 4;

/// What all lines have to be seen for.
struct Page<'a> {
    lines: &'a [Line],
    shapes: &'a [Shape],
    part: Part,
    /// How many lines of prose stand before each line.
    prose: Vec<usize>,
    /// Where the nearest line of prose before and after each line is.
    since: Vec<Option<usize>>,
    until: Vec<Option<usize>>,
    /// How many lines of the look of each stand in its row.
    run: Vec<usize>,
    /// The first and last line that say the same.
    said: FxHashMap<u64, (usize, usize)>,
    /// The words of the prose, each with its first line and whether another has it too.
    vocabulary: FxHashMap<u64, (usize, bool)>,
    has_blanks: bool,
    knows_function_words: bool,
}

impl<'a> Page<'a> {
    fn of(lines: &'a [Line], shapes: &'a [Shape], part: Part) -> Self {
        let count = shapes.len();
        let (mut prose, mut since, mut until) = (Vec::with_capacity(count), vec![None; count], vec![None; count]);
        let mut run = vec![1; count];
        let (mut said, mut vocabulary) = (FxHashMap::default(), FxHashMap::default());
        let (mut seen, mut nearest) = (0, None);
        for (at, shape) in shapes.iter().enumerate() {
            prose.push(seen);
            since[at] = nearest.map(|prose| at - prose);
            if shape.look() == Look::Prose {
                seen += 1;
                nearest = Some(at);
                for word in &shape.contents {
                    let known = vocabulary.entry(*word).or_insert((at, false));
                    known.1 |= known.0 != at;
                }
            }
            if shape.words > 1 {
                said.entry(shape.said).or_insert((at, at)).1 = at;
            }
            if at > 0 && shapes[at - 1].look() == shape.look() {
                run[at] = run[at - 1] + 1;
            }
        }
        nearest = None;
        for (at, shape) in shapes.iter().enumerate().rev() {
            until[at] = nearest.map(|prose: usize| prose - at);
            if shape.look() == Look::Prose {
                nearest = Some(at);
            }
            if at + 1 < count && shapes[at + 1].look() == shape.look() {
                run[at] = run[at + 1];
            }
        }
        prose.push(seen);
        let words: usize = shapes.iter().map(|s| s.words).sum();
        let function_words: usize = shapes.iter().map(|s| s.function_words).sum();
        Self {
            lines,
            shapes,
            part,
            prose,
            since,
            until,
            run,
            said,
            vocabulary,
            has_blanks: lines.iter().zip(1..).any(|(line, next)| line.blank_after && next < count),
            knows_function_words: function_words * 10 >= words,
        }
    }

    fn row(&self, text: &str, at: usize) -> Row {
        let shape = &self.shapes[at];
        let mut facts = Facts(Vec::with_capacity(48));
        self.own(shape, &mut facts);
        self.place(at, &mut facts);
        let is_repeat = self.said_again(at, &mut facts);
        self.neighbours(at, &mut facts);
        Row {
            facts: facts.0,
            words: end_words(text, self.lines[at].span, shape),
            is_repeat,
            is_open: !shape.is_closed(),
            is_item: matches!(shape.begins, Begin::Bullet | Begin::Dash),
        }
    }

    /// What the line alone shows.
    fn own(&self, shape: &Shape, facts: &mut Facts) {
        let words = shape.words.max(1);
        facts.up_to(Family::Words, shape.words, &[1, 2, 3, 5, 8, 12, 18, 29, 49]);
        facts.up_to(Family::Characters, shape.characters, &[5, 15, 30, 60, 120, 240]);
        facts.add(Family::End, shape.end as usize);
        facts.add(Family::Begins, shape.begins as usize);
        facts.add_if(Family::LowerCase, 0, shape.begins_in_lower_case);
        facts.add_if(Family::Quotes, 0, shape.quotes > 0);
        facts.add_if(Family::Quotes, 1, shape.is_quoted);
        facts.add_if(Family::Sentences, usize::from(shape.sentences > 2), shape.sentences > 1);
        facts.add_if(Family::Address, usize::from(shape.addresses * 2 >= words), shape.addresses > 0);
        facts.add_if(Family::Handle, 0, shape.handles > 0);
        let tags = if shape.hashtags == shape.words { 2 } else { usize::from(shape.hashtags > 1) };
        facts.add_if(Family::Hashtags, tags, shape.hashtags > 0);
        let separators = if shape.separators * 3 >= shape.words { 2 } else { usize::from(shape.separators > 1) };
        facts.add_if(Family::Separators, separators, shape.separators > 0);
        let numbers = if shape.numbers * 2 >= words { 2 } else { usize::from(shape.numbers * 5 >= words) };
        facts.add_if(Family::Numbers, numbers, shape.numbers > 0);
        facts.add_if(Family::Year, 0, shape.has_year);
        facts.add_if(Family::Time, 0, shape.has_time);
        let dates = if shape.date_words * 5 >= words { 2 } else { usize::from(shape.date_words > 1) };
        facts.add_if(Family::DateWords, dates, shape.date_words > 0);
        if shape.cased > 0 {
            let bucket = match shape.capitals as f64 / shape.cased as f64 {
                0.0 => 0,
                share if share < 0.3 => 1,
                share if share < 0.6 => 2,
                share if share < 0.9 => 3,
                _ => 4,
            };
            facts.add(Family::Capitals, bucket);
            facts.add_if(Family::AllCapitals, 0, shape.in_capitals == shape.cased);
        }
        if self.knows_function_words && shape.words > 3 {
            let bucket = match shape.function_words as f64 / words as f64 {
                0.0 => 0,
                share if share < 0.15 => 1,
                share if share < 0.3 => 2,
                _ => 3,
            };
            facts.add(Family::FunctionWords, bucket);
        }
        facts.add_if(Family::Bracket, 0, shape.ends_in_bracket);
    }

    /// Where on the page it stands.
    fn place(&self, at: usize, facts: &mut Facts) {
        let (from_top, all) = (self.part.before + at, self.part.all.max(self.part.before + self.lines.len()));
        facts.at_most(Family::Top, from_top, &[0, 1, 2, 4, 8]);
        facts.at_most(Family::Bottom, all - 1 - from_top, &[0, 1, 2, 4, 8]);
        facts.add(Family::Part, (from_top * 5 / all).min(4));
        let shape = &self.shapes[at];
        let is_prose = usize::from(shape.look() == Look::Prose);
        let (before, after) = (self.prose[at], self.prose[self.lines.len()] - self.prose[at] - is_prose);
        facts.add(Family::ProseBefore, before.min(3));
        facts.add(Family::ProseAfter, after.min(3));
        facts.add_if(Family::ShortAfter, usize::from(after > 0), shape.words < 6);
        facts.add_if(Family::OpenAfter, usize::from(after > 0), !shape.is_closed());
        let steps = &[1, 2, 4, usize::MAX];
        self.since[at].into_iter().for_each(|since| facts.at_most(Family::SinceProse, since, steps));
        self.until[at].into_iter().for_each(|until| facts.at_most(Family::UntilProse, until, steps));
        let line = &self.lines[at];
        facts.add_if(Family::NoBlanks, 0, !self.has_blanks);
        if self.has_blanks {
            let bucket = match (line.blank_before, line.blank_after) {
                (true, true) => 2,
                (true, false) => 0,
                (false, true) => 1,
                (false, false) => 3,
            };
            facts.add(Family::Blank, bucket);
        }
    }

    /// What it says again; whether that is an earlier line.
    fn said_again(&self, at: usize, facts: &mut Facts) -> bool {
        let shape = &self.shapes[at];
        let (first, last) = self.said.get(&shape.said).copied().unwrap_or((at, at));
        facts.add_if(Family::Again, 0, first < at);
        facts.add_if(Family::Again, 1, last > at);
        let near = self.shapes.iter().take(at.min(TOP)).any(|top| top.is_near(shape));
        facts.add_if(Family::Again, 2, near);
        let known = |word: &&u64| self.vocabulary.get(word).is_some_and(|(line, again)| *again || *line != at);
        if !shape.contents.is_empty() {
            let shared = shape.contents.iter().filter(known).count() as f64 / shape.contents.len() as f64;
            let bucket = match shared {
                0.0 => 0,
                share if share < 0.34 => 1,
                share if share < 0.67 => 2,
                _ => 3,
            };
            facts.add(Family::Shared, bucket);
        }
        first < at || near
    }

    /// What stands around it.
    fn neighbours(&self, at: usize, facts: &mut Facts) {
        let look = |at: Option<usize>| {
            at.and_then(|at| self.shapes.get(at)).map_or(LOOKS.len() - 1, |shape| shape.look() as usize)
        };
        facts.add(Family::Before, look(at.checked_sub(1)));
        facts.add(Family::After, look(Some(at + 1)));
        facts.add(Family::Look, look(Some(at)));
        if let Some(before) = at.checked_sub(1).and_then(|before| self.shapes.get(before)) {
            facts.add_if(Family::LineBefore, 0, before.end == End::Colon);
            facts.add_if(Family::LineBefore, 1, before.begins == Begin::Bullet);
        }
        if let Some(after) = self.shapes.get(at + 1) {
            facts.add_if(Family::LineAfter, 0, after.addresses > 0);
            facts.add_if(Family::LineAfter, 1, after.begins == Begin::Bullet);
        }
        let run = self.run[at];
        facts.add_if(Family::Run, if run > 4 { 2 } else { usize::from(run > 2) }, run > 1);
    }
}

/// The words at the ends of a line in normal form, each once.
fn end_words(text: &str, span: Span, shape: &Shape) -> Vec<String> {
    let slice = span.slice(text);
    let first = shape::bare_words(slice).take(FIRST_WORDS);
    // A line has many words between its ends, and only the last bytes have to be read for the last words.
    let tail = shape::tail(slice);
    let last: Vec<&str> = if shape.words > FIRST_WORDS { shape::bare_words(tail).collect() } else { Vec::new() };
    let skipped = last.len().saturating_sub(LAST_WORDS.min(shape.words.saturating_sub(FIRST_WORDS)));
    let mut found = Vec::with_capacity(FIRST_WORDS + LAST_WORDS);
    for word in first.chain(last.into_iter().skip(skipped)) {
        let form = normal(word);
        if !found.contains(&form) {
            found.push(form);
        }
    }
    found
}

/// The facts of one line.
struct Facts(Vec<u16>);

impl Facts {
    fn add(&mut self, family: Family, bucket: usize) {
        self.0.push(family.fact(bucket));
    }

    fn add_if(&mut self, family: Family, bucket: usize, holds: bool) {
        if holds {
            self.add(family, bucket);
        }
    }

    /// The first bucket whose bound is not below `value`; the one after the last bound, if none is.
    fn up_to(&mut self, family: Family, value: usize, bounds: &[usize]) {
        self.add(family, bounds.partition_point(|bound| *bound < value));
    }

    /// The same, and nothing if none is.
    fn at_most(&mut self, family: Family, value: usize, bounds: &[usize]) {
        let bucket = bounds.partition_point(|bound| *bound < value);
        self.add_if(family, bucket, bucket < bounds.len());
    }
}
