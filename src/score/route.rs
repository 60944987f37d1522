//! Where each part of a document goes: its regions, and the language that each is in.
//!
//! In: a text. Out: a [`Route`]: [`Passage`]s in order, each of one region and one language. Start at
//! [`Route::new`]. A document's language is told from all of its text in one script; a paragraph has the language
//! of its script in the document, unless it is long enough to say for certain that it is in another. What has too
//! few letters to tell goes with its neighbours.

use super::{Options, Scope, Unit};
use crate::heads::region::RegionHead;
use crate::text::language::{Guess, Script, guess, main_script, may_be_other};
use crate::text::{Document, Region, RegionKind, Span, is_blank, paragraphs_in, sentences_in};

/// How much text in each script a document's languages are told from, in bytes.
const SAMPLE: usize = 1024;

/// A line with fewer letters, in another script than most of the document, is a name and no change of language.
const FEWEST_LETTERS: usize = 12;

/// A paragraph of fewer letters is in the document's language of its script, as far as that is one.
const ENOUGH_LETTERS: usize = 30;

/// Part of a document: a region, or what in it is in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What the region is.
    pub kind: RegionKind,
    /// Where it stands, in bytes.
    pub span: Span,
    /// Its language.
    pub lang: String,
    /// Whether it is one sentence, and not to be cut.
    pub is_sentence: bool,
}

impl Passage {
    /// The sentences of it that are scored, in order. An emoji or a mark by itself says nothing that a reader could label.
    #[must_use]
    pub fn sentences(&self, text: &str) -> Vec<Span> {
        if self.is_sentence {
            return vec![self.span];
        }
        let has_word = |span: &Span| span.slice(text).contains(char::is_alphanumeric);
        sentences_in(text, self.span).into_iter().filter(has_word).collect()
    }
}

/// The parts of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// In order, without overlap; together they cover what is visible.
    pub passages: Vec<Passage>,
    /// The language of most letters that are to be scored.
    pub lang: String,
}

/// What language a text is taken to be in where it does not say enough itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// Of a short text in Latin letters, or without letters.
    pub latin: String,
    /// Of a short text in Arabic letters.
    pub arabic: String,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { latin: "en".into(), arabic: "ar".into() }
    }
}

impl Route {
    /// The route of a text whose languages are told.
    #[must_use]
    pub fn new(document: &Document, options: &Options, defaults: &Defaults) -> Self {
        let text = document.text();
        let regions = regions(document, options);
        if options.unit == Unit::Sentence {
            let lang = match guess(text) {
                Some(guess) => defaults.settle(guess),
                None => defaults.latin.clone(),
            };
            return Self::of(regions, &lang, true);
        }
        let mut lines: Vec<Line> = Vec::new();
        for (number, region) in regions.iter().enumerate() {
            let line = |span: Span| Line { region: number, span, script: main_script(span.slice(text)) };
            lines.extend(paragraphs_in(text, region.span).map(line));
        }
        let is_scored = |line: &&Line| regions[line.region].kind.is_scored();
        let of = if lines.iter().filter(is_scored).any(|line| line.script.is_some()) {
            Langs::of(text, lines.iter().filter(is_scored), defaults)
        } else {
            Langs::of(text, lines.iter(), defaults)
        };
        let langs = of.of_lines(text, &lines);
        let mut passages: Vec<Passage> = Vec::with_capacity(regions.len());
        let mut letters: Vec<(&str, usize)> = Vec::new();
        let mut last = None;
        for (line, lang) in lines.iter().zip(langs) {
            let kind = regions[line.region].kind;
            match passages.last_mut().filter(|_| last == Some((line.region, lang))) {
                Some(passage) => passage.span.end = line.span.end,
                None => passages.push(Passage { kind, span: line.span, lang: lang.to_owned(), is_sentence: false }),
            }
            last = Some((line.region, lang));
            let count = line.script.map_or(0, |(_, count)| count);
            if kind.is_scored() && count > 0 {
                match letters.iter_mut().find(|(known, _)| *known == lang) {
                    Some((_, sum)) => *sum += count,
                    None => letters.push((lang, count)),
                }
            }
        }
        // Of equals the first.
        let most = letters.iter().rev().max_by_key(|(_, count)| *count);
        let lang = most.map_or(of.main_lang(), |(lang, _)| lang).to_owned();
        Self { passages, lang }
    }

    /// The route of a text that is known to be in one language.
    #[must_use]
    pub fn in_language(document: &Document, options: &Options, lang: &str) -> Self {
        Self::of(regions(document, options), lang, options.unit == Unit::Sentence)
    }

    fn of(regions: Vec<Region>, lang: &str, is_sentence: bool) -> Self {
        let passage = |Region { kind, span }| Passage { kind, span, lang: lang.to_owned(), is_sentence };
        Self { passages: regions.into_iter().map(passage).collect(), lang: lang.to_owned() }
    }

    /// The languages of what is to be scored, the document's first.
    #[must_use]
    pub fn langs(&self) -> Vec<&str> {
        let mut langs = vec![self.lang.as_str()];
        for passage in self.passages.iter().filter(|p| p.kind.is_scored()) {
            if !langs.contains(&passage.lang.as_str()) {
                langs.push(&passage.lang);
            }
        }
        langs
    }
}

/// The regions of a text; all of it as one, where that is asked for.
fn regions(document: &Document, options: &Options) -> Vec<Region> {
    let text = document.text();
    let body = |span| vec![Region { kind: RegionKind::Body, span }];
    match (options.unit, options.scope) {
        (Unit::Sentence, _) => body(Span::new(0, text.len())),
        (Unit::Document, Scope::Article) => laid_over(text, RegionHead::shipped().regions(text), document.regions()),
        (Unit::Document, Scope::All) => {
            let start = text.len() - text.trim_start_matches(is_blank).len();
            let end = text.trim_end_matches(is_blank).len();
            if start < end { body(Span::new(start, end)) } else { Vec::new() }
        }
    }
}

/// The regions that were told, with those that the input itself marks in their place. Both are in order; what is
/// left of a region that was told is trimmed.
fn laid_over(text: &str, told: Vec<Region>, known: &[Region]) -> Vec<Region> {
    if known.is_empty() {
        return told;
    }
    let trimmed = |start: usize, end: usize| {
        let slice = text.get(start..end)?;
        let start = end - slice.trim_start_matches(is_blank).len();
        let end = start + text.get(start..end)?.trim_end_matches(is_blank).len();
        (start < end).then(|| Span::new(start, end))
    };
    let mut regions: Vec<Region> =
        known.iter().filter_map(|r| Some(Region { span: trimmed(r.span.start, r.span.end)?, ..*r })).collect();
    for Region { kind, span } in told {
        let mut from = span.start;
        let first = known.partition_point(|r| r.span.end <= span.start);
        for cut in known[first..].iter().take_while(|r| r.span.start < span.end) {
            regions.extend(trimmed(from, cut.span.start.max(from)).map(|span| Region { kind, span }));
            from = cut.span.end.max(from);
        }
        regions.extend(trimmed(from, span.end.max(from)).map(|span| Region { kind, span }));
    }
    regions.sort_by_key(|r| r.span.start);
    regions
}

impl Defaults {
    /// The language of a text of its own.
    fn settle(&self, guess: Guess) -> String {
        match guess.script {
            _ if guess.certain => guess.lang.to_owned(),
            Script::Latin => self.latin.clone(),
            Script::Arabic => self.arabic.clone(),
            Script::Other => guess.lang.to_owned(),
        }
    }
}

/// A paragraph of a region.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// The region's number.
    region: usize,
    span: Span,
    /// Its script and the number of its letters; `None` without letters.
    script: Option<(Script, usize)>,
}

/// The languages of a document, by script.
#[derive(Debug)]
struct Langs {
    by_script: [String; Script::ALL.len()],
    main: Script,
}

impl Langs {
    fn of<'l>(text: &str, lines: impl Iterator<Item = &'l Line>, defaults: &Defaults) -> Self {
        let mut letters = [0usize; Script::ALL.len()];
        let mut samples = [const { String::new() }; Script::ALL.len()];
        for line in lines {
            let Some((script, count)) = line.script else { continue };
            letters[script as usize] += count;
            let sample = &mut samples[script as usize];
            if sample.len() < SAMPLE {
                let rest = line.span.slice(text).chars().take(SAMPLE - sample.len());
                sample.extend(rest.chain(['\n']));
            }
        }
        let most = letters.into_iter().zip(Script::ALL).max_by_key(|(n, script)| (*n, std::cmp::Reverse(*script)));
        let by_script = samples.map(|sample| guess(&sample));
        let settle = |at: usize| match by_script[at] {
            Some(guess) => defaults.settle(guess),
            None if Script::ALL[at] == Script::Arabic => defaults.arabic.clone(),
            None => defaults.latin.clone(),
        };
        Self { by_script: std::array::from_fn(settle), main: most.map_or(Script::Latin, |(_, script)| script) }
    }

    fn main_lang(&self) -> &str {
        &self.by_script[self.main as usize]
    }

    /// The language of each line.
    fn of_lines(&self, text: &str, lines: &[Line]) -> Vec<&str> {
        let mut langs: Vec<Option<&str>> = lines.iter().map(|line| self.of_long(text, line)).collect();
        // Where long paragraphs are in several languages of one script, a short one need not be in the first.
        let mut is_mixed = [false; Script::ALL.len()];
        for (line, lang) in lines.iter().zip(&langs) {
            if let (Some((script, _)), Some(lang)) = (line.script, lang) {
                is_mixed[script as usize] |= *lang != self.by_script[script as usize];
            }
        }
        for (line, lang) in lines.iter().zip(&mut langs).filter(|(_, lang)| lang.is_none()) {
            *lang = line.script.and_then(|(script, letters)| {
                if script != self.main && letters < FEWEST_LETTERS {
                    None
                } else if is_mixed[script as usize] {
                    guess(line.span.slice(text)).filter(|guess| guess.certain).map(|guess| guess.lang)
                } else {
                    Some(self.by_script[script as usize].as_str())
                }
            });
        }
        self.with_neighbours(lines, langs)
    }

    /// The language of a paragraph that is long enough to tell; `None` of another.
    fn of_long(&self, text: &str, line: &Line) -> Option<&str> {
        let (script, _) = line.script.filter(|(_, letters)| *letters >= ENOUGH_LETTERS)?;
        let (lang, words) = (self.by_script[script as usize].as_str(), line.span.slice(text));
        if script == Script::Latin && !may_be_other(words, lang) {
            return Some(lang);
        }
        Some(guess(words).filter(|guess| guess.certain).map_or(lang, |guess| guess.lang))
    }

    /// A line without a language takes that of the line before it in its region, else of the next, else of any
    /// before it.
    fn with_neighbours<'a>(&'a self, lines: &[Line], langs: Vec<Option<&'a str>>) -> Vec<&'a str> {
        let mut filled: Vec<Option<&str>> = Vec::with_capacity(langs.len());
        for (at, lang) in langs.iter().enumerate() {
            let is_first = at == 0 || lines[at - 1].region != lines[at].region;
            filled.push(lang.or_else(|| if is_first { None } else { filled[at - 1] }));
        }
        let mut next = langs.iter().rev().find_map(|lang| *lang).unwrap_or_else(|| self.main_lang());
        let mut done: Vec<&str> = Vec::with_capacity(langs.len());
        for lang in filled.into_iter().rev() {
            next = lang.unwrap_or(next);
            done.push(next);
        }
        done.reverse();
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "The council voted on Tuesday, and its leaders said that the harbour would be ready in May.";
    const ARABIC: &str = "قال الوزير إن الخطة ستنجح وإن المجلس سيصوت عليها يوم الثلاثاء المقبل في المدينة.";
    const FRENCH: &str = "Le conseil municipal a voté mardi le plan du port, malgré les critiques des habitants.";
    const PERSIAN: &str = "شرکت کشتیرانی روز پنجشنبه چهار سفر را به دلیل باد شدید لغو کرد و مسافران ماندند.";

    /// The document's language, and each passage's with its first word.
    fn routed(text: &str) -> (String, Vec<String>) {
        let route = Route::new(
            &Document::new("a", text),
            &Options { scope: Scope::All, ..Options::default() },
            &Defaults::default(),
        );
        let first = |p: &Passage| p.span.slice(text).split_whitespace().next().unwrap_or_default().to_owned();
        let of = |p: &Passage| format!("{} {}", p.lang, first(p));
        (route.lang.clone(), route.passages.iter().map(of).collect())
    }

    fn langs(text: &str) -> Vec<String> {
        let lang = |passage: String| passage.split(' ').next().unwrap_or_default().to_owned();
        routed(text).1.into_iter().map(lang).collect()
    }

    #[test]
    fn a_document_in_one_language_is_one_passage_with_its_names_numbers_and_short_lines() {
        let text = format!("Harbour plan\n\n{ENGLISH}\n\n12.30\n\nالجزيرة\n\nThe river rose.\n\n{ENGLISH}\n");
        assert_eq!(routed(&text), ("en".into(), vec!["en Harbour".into()]));
        let text = format!("عاجل\n\n{ARABIC}\n\nCNN\n\nBBC News\n\n{ARABIC}");
        assert_eq!(routed(&text), ("ar".into(), vec!["ar عاجل".into()]));
    }

    #[test]
    fn a_document_in_two_languages_is_cut_where_the_language_changes() {
        let text = format!("{ENGLISH} {ENGLISH}\n\n{ARABIC}\n\nخطة الميناء الجديدة\n\n{ENGLISH}");
        assert_eq!(langs(&text), ["en", "ar", "en"]);
        let text = format!("{ARABIC}\n{PERSIAN}\n{ARABIC}");
        assert_eq!(langs(&text), ["ar", "fa", "ar"]);
    }

    #[test]
    fn in_a_document_of_two_languages_in_one_script_short_lines_go_with_their_neighbours() {
        let text = format!("Harbour plan\n\n{ENGLISH}\n\n{FRENCH}\n\nLe port\n\n{FRENCH}");
        assert_eq!(langs(&text), ["en", "fr"]);
        assert_eq!(routed(&text).0, "fr");
    }

    #[test]
    fn what_says_too_little_is_taken_to_be_in_the_default_language_of_its_script() {
        for (text, lang) in [("Port: 3", "en"), ("12 – 13", "en"), ("مجلس", "ar"), ("Ouragan Ida", "en")] {
            assert_eq!(routed(text).0, lang, "{text}");
            let defaults = Defaults { latin: "fi".into(), arabic: "fa".into() };
            let route = Route::new(&Document::new("a", text), &Options::default(), &defaults);
            assert_eq!(route.lang, if lang == "en" { "fi" } else { "fa" }, "{text}");
        }
        assert_eq!(routed(" \n"), ("en".into(), vec![]));
    }

    #[test]
    fn a_document_that_is_one_sentence_is_one_passage_blanks_and_all() {
        let text = format!(" {ENGLISH}\n\n{FRENCH} ");
        let options = Options { unit: Unit::Sentence, ..Options::default() };
        let route = Route::new(&Document::new("a", text.clone()), &options, &Defaults::default());
        assert_eq!(route.passages.len(), 1);
        assert_eq!((route.passages[0].span, route.passages[0].is_sentence), (Span::new(0, text.len()), true));
        assert_eq!(Route::new(&Document::new("a", FRENCH), &options, &Defaults::default()).lang, "fr");
    }

    #[test]
    fn a_language_that_is_given_is_that_of_every_region() {
        let route =
            Route::in_language(&Document::new("a", format!("{ENGLISH}\n\n{ARABIC}")), &Options::default(), "tlh");
        assert!(route.passages.iter().all(|p| p.lang == "tlh") && route.langs() == ["tlh"]);
    }

    #[test]
    fn regions_that_the_input_marks_take_the_place_of_those_that_were_told() {
        let text = "One. A picture. Two.";
        let region = |kind, start, end| Region { kind, span: Span::new(start, end) };
        let told = vec![region(RegionKind::Body, 0, text.len())];
        let known = [region(RegionKind::Caption, 4, 15)];
        let laid = laid_over(text, told.clone(), &known);
        let of = |r: &Region| (r.kind, r.span.slice(text));
        let expected = [(RegionKind::Body, "One."), (RegionKind::Caption, "A picture."), (RegionKind::Body, "Two.")];
        assert_eq!(laid.iter().map(of).collect::<Vec<_>>(), expected);
        assert_eq!(laid_over(text, told.clone(), &[]), told);
        let all = [region(RegionKind::Headline, 0, text.len())];
        assert_eq!(laid_over(text, told, &all), all);
    }
}
