//! Closed word classes and marks: the grammar of framing, as counts over tokens.
//!
//! In: tokens. Out: feature numbers, each on one token. Start at [`visit`]. A class is counted apart
//! outside and inside quotation marks, and at the head of the sentence, where *But* and *Clearly* do
//! other work. Every count is divided by √(tokens + 1), so that the features stay additive.
//!
//! Classes hold function words, stance adverbs, reporting verbs by kind and general evaluation. None
//! names a nation, a party, a creed or a group, or a word for one: the same words get the same score
//! whoever they are about.

use crate::text::{Span, TokenShape, Tokens, lexeme, normal_form};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The word classes, in the order of their features.
///
/// Sources of the classes: Hyland (2005), *Metadiscourse*, for hedges, boosters and self-mention;
/// Recasens et al. (2013) for factive and assertive verbs; the labelling guide in `training/` for
/// the classes of cues.
const CLASSES: &[(&str, &str)] = &[
    (
        "hedge",
        "may might could perhaps possibly probably likely unlikely apparently seemingly seems seem seemed appears appear appeared presumably arguably maybe potentially suggests suggest suggested roughly somewhat supposedly reportedly allegedly",
    ),
    (
        "booster",
        "very really so too extremely utterly totally completely absolutely deeply highly incredibly hugely massively massive huge enormous incredible unprecedented entire entirely sheer downright even truly literally simply just far much most vast immense wholly thoroughly",
    ),
    (
        "certainty",
        "clearly obviously certainly surely undoubtedly indeed course definitely always never every nothing everything everyone nobody anyone inevitable inevitably fact truth undeniable undeniably real true plainly evidently naturally",
    ),
    ("obligation", "should must ought need needs shall cannot"),
    ("condition", "would if unless whether otherwise"),
    ("first-person", "i me my mine we us our ours myself ourselves"),
    ("second-person", "you your yours yourself yourselves"),
    ("third-person", "he him his she her hers they them their theirs it its himself herself themselves"),
    (
        "negation",
        "not no nor neither without none don't doesn't didn't won't can't isn't aren't wasn't weren't couldn't shouldn't wouldn't hasn't haven't hardly barely scarcely",
    ),
    (
        "neutral-cue",
        "said says say told tell asked according wrote announced called stated added reported reports explained statement spokesman spokeswoman spokesperson",
    ),
    (
        "factive-cue",
        "revealed confirmed admitted noted showed acknowledged pointed shows reveals warned conceded discovered proved demonstrated",
    ),
    (
        "distancing-cue",
        "so-called self-styled self-proclaimed self-appointed would-be claimed claims claim alleged alleges insisted insists maintained purported purportedly contended asserted professed pretended",
    ),
    (
        "charged-cue",
        "slammed blasted boasted ranted sneered threatened lashed gushed whined railed mocked bragged touted vowed decried denounced raged scoffed fumed crowed moaned",
    ),
    ("contrast", "but yet however although though despite instead rather while still nevertheless nonetheless"),
    ("coordination", "and so or because then also thus therefore hence"),
    ("question-word", "why how what who which where when"),
    (
        "opinion-verb",
        "think believe feel hope wish know guess suppose imagine want thinks believes feels hopes wants thought felt",
    ),
    (
        "praise",
        "good great best better wonderful brilliant excellent success successful historic proud hero heroic important strong powerful perfect beautiful remarkable impressive admirable noble brave courageous outstanding",
    ),
    (
        "blame",
        "bad worse worst terrible awful disaster disastrous failed failure fails shameful disgraceful ridiculous absurd stupid crazy insane dangerous corrupt evil wrong sad ugly weak pathetic hypocrisy hypocritical scandal chaos crisis extreme brutal savage cruel cynical reckless shocking outrageous appalling vile",
    ),
    ("comparison", "like as than such kind sort more less"),
    ("deixis", "this that these those here there now today"),
    ("past", "was were had did been"),
    ("copula", "is are be being am isn't aren't"),
    ("quantity", "percent million billion thousand hundred per cent"),
    (
        "date",
        "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december",
    ),
];

/// Arabic words of the same classes, in normal form without article and proclitic.
#[rustfmt::skip]
const ARABIC: &[(&str, &str)] = &[
    ("hedge", "ربما لعل قد يبدو تبدو محتمل يحتمل مرجح يرجح تقريبا نحو حوالي زهاء ممكن يمكن متوقع يتوقع يعتقد"),
    ("booster", "جدا للغايه تماما كليا هائل هائله ضخم ضخمه شديد شديده بشده غايه كبير كبيره جميع كل اكثر اشد اكبر غير مسبوق حتي فقط مجرد بامتياز"),
    ("certainty", "طبعا بالطبع حتما قطعا اكيد موكد دائما ابدا اطلاق حقيقه حقا فعلا واضح بوضوح شك لاشك محال"),
    ("obligation", "يجب ينبغي لابد يتعين يلزم ضروره ضروري"),
    ("condition", "لو اذا لولا ان سوف سوي الا"),
    ("first-person", "انا نحن نا لنا لي معنا علينا بلادنا شعبنا"),
    ("second-person", "انت انتم لك لكم عليكم يا ايها"),
    ("third-person", "هو هي هم هن هما له لها لهم عنه عنها منهم"),
    ("negation", "لا لم لن ليس ليست ما غير دون بدون عدم ولا بلا"),
    ("neutral-cue", "قال قالت يقول تقول قالوا اعلن اعلنت صرح صرحت ذكر ذكرت افاد افادت اضاف اضافت تابع تابعت قائلا مضيفا حسب بحسب وفق وفقا كتب كتبت بيان بلاغ تصريح متحدث ناطق سال اعرب اعربت عبر"),
    ("factive-cue", "اكد اكدت اوضح اوضحت كشف كشفت اشار اشارت مشيرا مشيره لفت لافتا مبينا موكدا موضحا بين اثبت اقر اعترف اعترفت حذر حذرت محذرا نوه شدد شددت"),
    ("distancing-cue", "زعم زعمت يزعم تزعم زاعما مزاعم مزعوم مزعومه ادعي ادعت يدعي تدعي بدعوي بذريعه ذريعه بحجه حجه زعمه زعمهم قوله تعبيره يسمي"),
    ("charged-cue", "هدد هددت توعد توعدت هاجم هاجمت ندد نددت استنكر استنكرت سخر ساخرا تباهي تفاخر اتهم اتهمت انتقد انتقدت ادان ادانت شجب صرخ"),
    ("contrast", "لكن لكنه لكنها بل رغم برغم بينما غير بيد مع ذلك مقابل رغما"),
    ("coordination", "و او ثم ف كما ايضا كذلك لذا لذلك لان اذ"),
    ("question-word", "لماذا كيف ماذا من اين متي هل ما كم اي"),
    ("opinion-verb", "اعتبر اعتبرت يعتبر معتبرا يري تري راي يعتقد تعتقد يظن نامل يامل امل يريد نريد اتمني"),
    ("praise", "عظيم عظيمه رائع رائعه ناجح ناجحه نجاح تاريخي تاريخيه بطل بطوله ابطال بطولي مشرف باسل باسله متميز مميز مميزه افضل انجاز فخر شجاع حكيم حكيمه صمود انتصار"),
    ("blame", "فاشل فاشله فشل كارثه كارثي كارثيه خطير خطيره فاسد فساد وحشي وحشيه همجي همجيه بشع بشعه مجزره مجازر جريمه جرائم اجرام مجرم عدوان غاشم غاصب ارهاب ارهابي ارهابيه ابشع اسوا فضيحه مهزله مخز مروع مروعه دموي دمويه ظلم ظالم خيانه عار فوضي ازمه"),
    ("comparison", "مثل ك كانه كان اكثر اقل مثلما نوع"),
    ("deixis", "هذا هذه ذلك تلك هولاء هنا هناك الان اليوم حاليا"),
    ("past", "كان كانت كانوا تم تمت جري"),
    ("copula", "هو هي يكون تكون يعد تعد"),
    ("quantity", "بالمائه مائه مليون مليار الف الاف عدد نسبه بالمئه مئه"),
    ("date", "اثنين ثلاثاء اربعاء خميس جمعه سبت احد يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر جانفي فيفري افريل ماي جوان جويليه اوت"),
];

/// Endings of longer words that often carry evaluation or abstraction.
const ENDINGS: &[&str] = &["ly", "ous", "ful", "less", "ish", "est", "ism", "ist", "ive", "able", "ness", "ing", "ed"];

/// Marks of punctuation, each a feature of its own.
const MARKS: &[&str] = &["?", "!", ":", ";", "—", "–", "-", "(", ")", "…", ",", ".", "$", "#", "@"];

/// The Latin mark that does what an Arabic one does; any other mark as it is.
fn latin_mark(mark: &str) -> &str {
    match mark {
        "؟" => "?",
        "،" => ",",
        "؛" => ";",
        _ => mark,
    }
}

/// What else is counted, by name.
const SHAPES: &[&str] = &[
    "all-capitals",
    "capitalised-inside",
    "digit",
    "web-address",
    "scare-quoted",
    "quoted",
    "ends-in-mark",
    "ends-in-full-stop",
    "token",
];

const OUTSIDE: usize = 0;
const INSIDE: usize = OUTSIDE + CLASSES.len();
const HEAD: usize = INSIDE + CLASSES.len();
const OUTSIDE_ENDING: usize = HEAD + CLASSES.len();
const INSIDE_ENDING: usize = OUTSIDE_ENDING + ENDINGS.len();
const OUTSIDE_MARK: usize = INSIDE_ENDING + ENDINGS.len();
const INSIDE_MARK: usize = OUTSIDE_MARK + MARKS.len();
/// The first feature of outward form.
pub const SHAPE: usize = INSIDE_MARK + MARKS.len();

/// The feature of the first word of a short quoted passage.
pub const SCARE_QUOTED: usize = SHAPE + 4;

/// How many features there are; their numbers are 0 to this, exclusive.
pub const COUNT: usize = SHAPE + SHAPES.len();

/// How many classes of words there are; [`of`] gives numbers below this.
pub const WORD_CLASSES: usize = CLASSES.len();

/// A quoted passage of at most so many words is counted as scare-quoted.
const SCARE_WORDS: usize = 3;

/// Words by normal form → their classes.
static INDEX: LazyLock<FxHashMap<&'static str, Vec<u8>>> = LazyLock::new(|| {
    let mut index: FxHashMap<&'static str, Vec<u8>> = FxHashMap::default();
    for (class, (name, words)) in CLASSES.iter().enumerate() {
        let arabic = ARABIC.iter().filter(|(of, _)| of == name).flat_map(|(_, words)| words.split(' '));
        for word in words.split(' ').chain(arabic) {
            let classes = index.entry(word).or_default();
            if !classes.contains(&(class as u8)) {
                classes.push(class as u8);
            }
        }
    }
    index
});

/// The classes of a word in its normal form, by their places in the list.
#[must_use]
pub fn of(word: &str) -> &'static [u8] {
    INDEX.get(lexeme(word)).map_or(&[], Vec::as_slice)
}

/// Whether a word in normal form is of the class of negations.
#[must_use]
pub fn is_negation(word: &str) -> bool {
    is_of("negation", word)
}

/// Whether a word in normal form is the name of a day or a month, in English (but *may*) or Arabic.
#[must_use]
pub fn is_date(word: &str) -> bool {
    is_of("date", word)
}

/// Whether a word in normal form is of the class of this name.
fn is_of(class: &str, word: &str) -> bool {
    of(word).iter().any(|of| CLASSES.get(usize::from(*of)).is_some_and(|(name, _)| *name == class))
}

/// The classes whose words are no part of a noun phrase.
const FUNCTION: &[&str] = &[
    "hedge",
    "obligation",
    "condition",
    "first-person",
    "second-person",
    "third-person",
    "negation",
    "neutral-cue",
    "contrast",
    "coordination",
    "question-word",
    "comparison",
    "deixis",
    "past",
    "copula",
    "date",
];

/// Whether a word in normal form is of a class that no noun phrase holds.
#[must_use]
pub fn is_function(word: &str) -> bool {
    of(word).iter().any(|class| CLASSES.get(usize::from(*class)).is_some_and(|(name, _)| FUNCTION.contains(name)))
}

/// The name of a feature, for explanations and cards; empty beyond the last.
#[must_use]
pub fn name(feature: usize) -> String {
    let of = |list: &[&str], at: usize, how: &str| list.get(at).map(|n| format!("{how} {n}")).unwrap_or_default();
    let class = |at: usize, how: &str| format!("{how} {}", CLASSES[at].0);
    match feature {
        f if f < INSIDE => class(f, "outside quotation:"),
        f if f < HEAD => class(f - INSIDE, "inside quotation:"),
        f if f < OUTSIDE_ENDING => class(f - HEAD, "first word:"),
        f if f < INSIDE_ENDING => of(ENDINGS, f - OUTSIDE_ENDING, "outside quotation: ending"),
        f if f < OUTSIDE_MARK => of(ENDINGS, f - INSIDE_ENDING, "inside quotation: ending"),
        f if f < INSIDE_MARK => of(MARKS, f - OUTSIDE_MARK, "outside quotation: mark"),
        f if f < SHAPE => of(MARKS, f - INSIDE_MARK, "inside quotation: mark"),
        f => of(SHAPES, f - SHAPE, "shape:"),
    }
}

/// Calls `found(feature, token)` for every count; a token may have several. A name has its shape alone.
pub fn visit(text: &str, tokens: &Tokens, mut found: impl FnMut(usize, usize)) {
    let mut word = String::new();
    let mut words_before = 0usize;
    let all = &tokens.tokens;
    for (at, token) in all.iter().enumerate() {
        let original = token.span.slice(text);
        normal_form(original, &mut word);
        of_shape(token.shape, token.name, at == 0, token.quoted, |feature| found(feature, at));
        if at + 1 == all.len() {
            of_last(&word, |feature| found(feature, at));
        }
        if token.shape.is_punctuation() {
            of_mark(original, token.quoted, |feature| found(feature, at));
            continue;
        }
        let part = if token.name { Some(Part::Later) } else { compound(text, |i| all.get(i).map(|t| t.span), at) };
        if part == Some(Part::First) {
            let whole = Span::new(token.span.start, all[at + 2].span.end);
            normal_form(whole.slice(text), &mut word);
        }
        if part != Some(Part::Later) {
            of_form(&word, token.quoted, |feature| found(feature, at));
            if words_before == 0 {
                of_first(&word, |feature| found(feature, at));
            }
        }
        words_before += 1;
    }
    let is_word = |i: usize| !all[i].shape.is_punctuation();
    scare_quoted(all.len(), |i| all[i].quoted, is_word, |first| found(SCARE_QUOTED, first));
}

/// Calls `found` for the features of a token's outward form: whether it is a name, the sentence's first, quoted.
pub fn of_shape(shape: TokenShape, name: bool, first: bool, quoted: bool, mut found: impl FnMut(usize)) {
    let holds = [
        !name && shape.is_all_caps(),
        !first && shape.is_capitalised(),
        !name && shape.has_digit(),
        shape.is_url(),
        false,
        quoted,
        false,
        false,
        true,
    ];
    for (feature, _) in holds.iter().enumerate().filter(|(_, holds)| **holds) {
        found(SHAPE + feature);
    }
}

/// Calls `found` for the features of the sentence's last token, in normal form.
pub fn of_last(form: &str, mut found: impl FnMut(usize)) {
    if matches!(latin_mark(form), "?" | "!") {
        found(SHAPE + 6);
    }
    if form == "." {
        found(SHAPE + 7);
    }
}

/// Calls `found` for the features of a mark, given as it stands in the text.
pub fn of_mark(original: &str, quoted: bool, mut found: impl FnMut(usize)) {
    if let Some(mark) = MARKS.iter().position(|m| *m == latin_mark(original)) {
        found(if quoted { INSIDE_MARK } else { OUTSIDE_MARK } + mark);
    }
}

/// Calls `found` for the features of a word in normal form, wherever it stands.
pub fn of_form(form: &str, quoted: bool, mut found: impl FnMut(usize)) {
    let (class, ending) = if quoted { (INSIDE, INSIDE_ENDING) } else { (OUTSIDE, OUTSIDE_ENDING) };
    of(form).iter().for_each(|c| found(class + usize::from(*c)));
    if form.len() > 5 {
        for (e, _) in ENDINGS.iter().enumerate().filter(|(_, e)| form.ends_with(**e)) {
            found(ending + e);
        }
    }
}

/// Calls `found` for what a word in normal form is besides, as the sentence's first word.
pub fn of_first(form: &str, mut found: impl FnMut(usize)) {
    of(form).iter().for_each(|c| found(HEAD + usize::from(*c)));
}

/// Which part of a word with a hyphen a token is. A part of *so-called* or *well-known* is not the word *called* or
/// *known*; the whole is looked up at its first part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The first; the whole ends with the second token after it.
    First,
    /// One after a hyphen.
    Later,
}

/// Which part of a word with a hyphen the token `at` is; `None` if of none. `span` gives the places of the tokens.
pub fn compound(text: &str, span: impl Fn(usize) -> Option<Span>, at: usize) -> Option<Part> {
    let hyphen_after = |left: usize| match (span(left), span(left + 1), span(left + 2)) {
        (Some(l), Some(hyphen), Some(r)) => l.end == hyphen.start && hyphen.end == r.start && hyphen.slice(text) == "-",
        _ => false,
    };
    if at >= 2 && hyphen_after(at - 2) {
        return Some(Part::Later);
    }
    hyphen_after(at).then_some(Part::First)
}

/// Calls `found` for the first word of each quoted passage of one to three words that stands inside a
/// sentence of `length` tokens which goes on outside it.
pub fn scare_quoted(
    length: usize,
    is_quoted: impl Fn(usize) -> bool,
    is_word: impl Fn(usize) -> bool,
    mut found: impl FnMut(usize),
) {
    if !(0..length).any(&is_quoted) || !(0..length).any(|i| !is_quoted(i) && is_word(i)) {
        return;
    }
    let mut at = 0;
    while at < length {
        let start = at;
        while at < length && is_quoted(at) {
            at += 1;
        }
        let mut words = (start..at).filter(|i| is_word(*i));
        if let Some(first) = words.next()
            && words.count() < SCARE_WORDS
        {
            found(first);
        }
        at = at.max(start + 1);
    }
}
