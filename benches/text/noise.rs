//! Texts that no newsroom writes: broken scrapes, floods and what is made to be slow.
//!
//! In: a [`Corpus`] and a size. Out: a text of about that size. Start at [`NOISE`].

use super::{Corpus, filled};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::iter::{once, repeat, repeat_with};

/// A kind of noise.
pub struct Noise {
    /// What benches call it.
    pub name: &'static str,
    /// A text of it: of which language, how many bytes, and which of several that differ.
    pub make: fn(&Corpus, usize, usize) -> String,
    /// Whether stances are asked for toward [`target`].
    pub targets: bool,
}

/// Whom stances are asked for toward, where they are, and under which other name.
pub fn target(lang: &str) -> (&'static str, &'static str) {
    if lang == "ar" { ("المجلس البلدي", "البلدية") } else { ("Harbour Council", "the council") }
}

const fn noise(name: &'static str, make: fn(&Corpus, usize, usize) -> String) -> Noise {
    Noise { name, make, targets: false }
}

/// All kinds.
pub const NOISE: &[Noise] = &[
    // Marks instead of words.
    noise("emoji after each word", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, " 🔥👍🏽 "]))),
    noise("emoji alone", |_, n, _| filled(n, repeat("🔥👩‍👩‍👧‍👦👍🏽🇫🇮"))),
    noise("exclamation marks", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "!!!!!!! "]))),
    noise("full stops alone", |_, n, _| ".".repeat(n)),
    noise("dashes and brackets", |c, n, part| filled(n, c.words(part).flat_map(|w| ["((—[", w, "]—)) "]))),
    noise("brackets, nested", |c, n, part| nested(c, n, part, &["(", "["], &[")", "]"])),
    // Quotation marks.
    noise("quotations, nested", |c, n, part| nested(c, n, part, &["“", "‘"], &["”", "’"])),
    noise("guillemets, nested", |c, n, part| nested(c, n, part, &["«"], &["»"])),
    noise("quotation marks, never closed", |c, n, part| filled(n, c.words(part).flat_map(|w| ["“", w, " "]))),
    noise("single quotation marks, never closed", |c, n, part| filled(n, c.words(part).flat_map(|w| ["'", w, " "]))),
    noise("each word in quotation marks", |c, n, part| filled(n, c.words(part).flat_map(|w| ["\"", w, "\" "]))),
    noise("paragraphs that open a quotation", |c, n, part| filled(n, c.from(part).flat_map(|s| ["“", s, "\n\n"]))),
    noise("quotation marks alone", |_, n, _| "\"".repeat(n)),
    // White space and lines.
    noise("line ends alone", |_, n, _| "\n".repeat(n)),
    noise("blanks alone", |_, n, _| " ".repeat(n)),
    noise("tabs, returns and blanks", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, " \t\r\n \t \u{a0}"]))),
    noise("a word a line", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "\n"]))),
    noise("a word a paragraph", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "\n\n"]))),
    noise("a line again and again", |c, n, part| {
        filled(n, repeat(c.from(part).next().unwrap_or_default()).flat_map(|s| [s, "\n"]))
    }),
    noise("list items", |c, n, part| filled(n, c.words(part).flat_map(|w| ["- ", w, "\n"]))),
    noise("no line ends", |c, n, part| c.prose(n, part).replace('\n', " ")),
    noise("wrapped lines", |c, n, part| wrapped(&c.prose(n, part))),
    // Words.
    noise("one word", |c, n, _| filled(n, repeat(if c.lang == "ar" { "ب" } else { "a" }))),
    noise("one word of many letters", |c, n, part| {
        let mut rng = rng(part);
        filled(n, repeat_with(|| letters(c, &mut rng, 1)))
    }),
    noise("no blanks", |c, n, part| filled(n, c.words(part))),
    noise("words glued with capitals", |c, n, part| filled(n, c.words(part).map(capitalised))),
    noise("words of 3,000 letters", |c, n, part| {
        let mut rng = rng(part);
        filled(n, repeat_with(|| letters(c, &mut rng, 3_000) + " "))
    }),
    noise("words that all differ", |c, n, part| {
        let mut rng = rng(part);
        filled(n, repeat_with(|| strange(c, &mut rng)))
    }),
    noise("one word again and again", |c, n, part| {
        filled(n, repeat(c.words(part).next().unwrap_or_default()).flat_map(|w| [w, " "]))
    }),
    noise("all capitals", |c, n, part| c.prose(n, part).to_uppercase()),
    noise("each word capitalised", |c, n, part| filled(n, c.words(part).flat_map(|w| [capitalised(w), " ".into()]))),
    noise("no full stop", |c, n, part| c.prose(n, part).replace(['.', '!', '?', '؟', '\n'], " ")),
    noise("commas alone between words", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, ", "]))),
    noise("hyphens between words", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "-"]))),
    noise("apostrophes between words", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "’"]))),
    noise("abbreviations", |c, n, part| {
        filled(
            n,
            c.words(part).zip(["Mr. ", "U.S. ", "e.g. ", "J. R. "].into_iter().cycle()).flat_map(|(w, a)| [a, w, " "]),
        )
    }),
    // Digits, addresses and code.
    noise("digits alone", |_, n, _| filled(n, repeat("1234567890"))),
    noise("numbers", |_, n, part| {
        let mut rng = rng(part);
        filled(n, repeat_with(|| format!("{},{:03}.{} ", rng.random_range(1..99), rng.random_range(0..999), 5)))
    }),
    noise("addresses and hashtags", |c, n, part| {
        let mut rng = rng(part);
        filled(n, c.words(part).map(|w| format!("https://a.org/{}?b=1 #{w} @{w} ", rng.random_range(0..99_999))))
    }),
    noise("one address", |c, n, part| format!("https://a.org/{}", filled(n, c.words(part).flat_map(|w| [w, "/"])))),
    noise("HTML entities", |c, n, part| filled(n, c.words(part).flat_map(|w| ["&quot;", w, "&#39;&nbsp;"]))),
    noise("HTML tags", |c, n, part| filled(n, c.words(part).flat_map(|w| ["<b class=\"x\">", w, "</b> "]))),
    // Unicode.
    noise("combining marks", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "\u{301}\u{323}\u{30a}\u{316} "]))),
    noise("combining marks alone", |_, n, _| filled(n, once("e").chain(repeat("\u{301}")))),
    noise("tatweel and vowel signs", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "ـــــًٌَُ "]))),
    noise("zero-width characters", |c, n, part| {
        filled(
            n,
            c.words(part).map(|w| w.chars().flat_map(|letter| [letter, '\u{200b}']).chain([' ']).collect::<String>()),
        )
    }),
    noise("zero-width characters alone", |_, n, _| filled(n, repeat("\u{200b}\u{200d}\u{feff}"))),
    noise("characters that stand for phrases", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, " \u{fdfa} "]))),
    noise("replacement characters", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "\u{fffd}\u{fffd} "]))),
    noise("wrongly decoded marks", |c, n, part| filled(n, c.words(part).flat_map(|w| ["â€œ", w, "â€™s "]))),
    noise("control characters", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, "\u{1}\u{7f} "]))),
    noise("Chinese between words", |c, n, part| filled(n, c.words(part).flat_map(|w| [w, " 市议会 "]))),
    // What is said, and by whom.
    noise("someone said in each sentence", |c, n, part| told(c, n, part, |_| 0)),
    noise("pronouns that said", |c, n, part| {
        let told = if c.lang == "ar" {
            "وقال إنه رفض الخطة. "
        } else {
            "He said that he had refused the plan. "
        };
        let named = person(c, part);
        filled(n, once(named.as_str()).chain(once(" ")).chain(repeat(told)))
    }),
    noise("thousands of names", |c, n, part| {
        let mut rng = rng(part);
        told(c, n, part, move |_| rng.random_range(0..1 << 40))
    }),
    noise("the verb of saying again and again", |c, n, _| {
        filled(n, repeat(if c.lang == "ar" { "قال " } else { "said " }))
    }),
    noise("countries", |c, n, _| {
        let all =
            ["Israel, the United States, Iran and Washington met. ", "التقت إسرائيل والولايات المتحدة وإيران وواشنطن. "];
        filled(n, repeat(all[usize::from(c.lang == "ar")]))
    }),
    Noise { name: "a target in each sentence", make: toward, targets: true },
    // Both languages.
    noise("languages by line", |c, n, part| by_line(c, n, part, false)),
    noise("languages by word", |c, n, part| by_line(c, n, part, true)),
];

fn rng(part: usize) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(part as u64)
}

/// Opening marks before the words of the first half, closing ones behind those of the second.
fn nested(corpus: &Corpus, bytes: usize, part: usize, open: &[&str], close: &[&str]) -> String {
    let mut text = filled(bytes / 2, corpus.words(part).zip(open.iter().cycle()).flat_map(|(w, o)| [o, w, " "]));
    text += &filled(bytes / 2, corpus.words(part + 1).zip(close.iter().cycle()).flat_map(|(w, c)| [w, c, " "]));
    text
}

/// Lines broken at eighty bytes, as in mail.
fn wrapped(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut column = 0;
    for word in text.split(' ') {
        lines.push_str(word);
        column += word.len() + 1;
        lines.push(if column > 80 { '\n' } else { ' ' });
        column %= 81;
    }
    lines
}

/// So many letters at random.
fn letters(corpus: &Corpus, rng: &mut ChaCha8Rng, number: usize) -> String {
    let (first, count) = if corpus.lang == "ar" { ('ف', 8) } else { ('a', 26) };
    (0..number).filter_map(|_| char::from_u32(first as u32 + rng.random_range(0..count))).collect()
}

/// A sentence of twelve words that nobody has seen.
fn strange(corpus: &Corpus, rng: &mut ChaCha8Rng) -> String {
    let length = |rng: &mut ChaCha8Rng| 3 + rng.random_range(0..8);
    let words: Vec<String> = (0..12)
        .map(|_| {
            let number = length(rng);
            letters(corpus, rng, number)
        })
        .collect();
    capitalised(&words.join(" ")) + ". "
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Sentences in which a person says something, each by the number that is drawn.
fn told(corpus: &Corpus, bytes: usize, part: usize, mut draw: impl FnMut(usize) -> usize) -> String {
    let said = |number: usize, name: &str| match (corpus.lang, number % 3) {
        ("ar", 0) => format!("وقال {name} إن الخطة ستفشل. "),
        ("ar", 1) => format!("وأعلن {name} أن الميناء سيغلق. "),
        ("ar", _) => format!("وأضاف {name}: \"لن نقبل هذا\". "),
        (_, 0) => format!("{name} said that the plan would fail. "),
        (_, 1) => format!("“The harbour will close,” {name} claimed. "),
        (_, _) => format!("According to {name}, nobody had been asked. "),
    };
    filled(bytes, (0..).map(|number| said(number, &person(corpus, part + draw(number)))))
}

/// A first name and a family name, made up.
fn person(corpus: &Corpus, number: usize) -> String {
    let mut rng = rng(number);
    let mut name = || {
        let syllables: &[&str] = match corpus.lang {
            "ar" => &["مر", "سا", "لي", "نو", "با", "دي", "كا", "رو"],
            _ => &["mar", "sa", "lin", "no", "ba", "dek", "ka", "ro"],
        };
        capitalised(&(0..3).map(|_| syllables[rng.random_range(0..syllables.len())]).collect::<String>())
    };
    format!("{} {}", name(), name())
}

/// Sentences that all name the target.
pub fn toward(corpus: &Corpus, bytes: usize, part: usize) -> String {
    let (name, alias) = target(corpus.lang);
    let each = |(number, sentence): (usize, &str)| {
        let named = if number.is_multiple_of(2) { name } else { alias };
        match corpus.lang {
            "ar" => format!("وانتقد الوزير {named} بشدة. {sentence} "),
            _ => format!("The minister attacked {named} again. {sentence} "),
        }
    };
    filled(bytes, corpus.from(part).enumerate().map(each))
}

/// Prose of one language, with that of the other between its lines or its words.
fn by_line(corpus: &Corpus, bytes: usize, part: usize, words: bool) -> String {
    let other = match corpus.lang {
        "ar" => "The council voted on Tuesday, and its leaders said that the harbour would be ready in May.",
        _ => "قال الوزير إن الخطة ستنجح وإن المجلس سيصوت عليها يوم الثلاثاء المقبل في المدينة.",
    };
    if words {
        let others = other.split(' ').cycle();
        return filled(bytes, corpus.words(part).zip(others).flat_map(|(a, b)| [a, " ", b, " "]));
    }
    filled(bytes, corpus.from(part).flat_map(|sentence| [sentence, "\n", other, "\n"]))
}
