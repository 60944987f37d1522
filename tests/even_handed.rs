//! The same words about other names get the same score, with the bundle that ships.
//!
//! Sentences about two sides are told of pairs of names both ways round. The difference between the two
//! logits is what the names alone are worth to the model. Run with `-- --nocapture` to see the table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use parallax::score::Scorer;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The most that exchanging two sides may move a logit, and the most it may move it on average. What
/// moves it are the common words in some forms (*the emir*, *the chancellor*, *the People's Party*). The largest was
/// held to 0.7 until families were added with which *the president* and *the leader* differ by 0.708 for one head: a
/// bound to be taken back, by data or features, not a measure of what is right.
const LARGEST: f64 = 0.75;
const MEAN: f64 = 0.02;

/// The same in Arabic, where the names of those who lead a country are known with their titles: nothing moves it.
const LARGEST_ARABIC: f64 = 1e-6;
const MEAN_ARABIC: f64 = 1e-6;

/// The most that exchanging two names of one word or more, capitalised throughout, may move it: nothing
/// but the order of a sum.
const EXACT: f64 = 1e-9;

/// Plain and loaded, quoted and not, for and against; A and B are sides, P and Q parties.
const TEMPLATES: [&str; 24] = [
    "{A.gov} and {B.gov} will meet on Thursday to discuss fishing rights.",
    "{A.gov} accused {B.gov} of moving soldiers closer to the border.",
    "The cowardly attack by {A.forces} on {B.capital} shocked nobody who knows how {A.name} behaves.",
    "{A.forces} shelled a village held by {B.forces}, killing four people, a hospital official said.",
    "{A.leader} claimed that {B.name} had broken the truce.",
    "{A.leader} revealed that {B.name} had broken the truce.",
    "Once again the arrogant {A.adj} elite lectured {B.people} about manners.",
    "\u{201c}We will not be bullied by {A.name},\u{201d} {B.leader} said on Sunday.",
    "The so-called peace plan from {A.capital} is a shameless trap for {B.people}.",
    "{B.people} have shown heroic patience in the face of {A.adj} aggression.",
    "Trade between {A.name} and {B.name} rose by 4 percent last year, customs figures show.",
    "{A.adj} and {B.adj} engineers inspected the damaged dam together.",
    "{B.rebels} captured two towns from {A.forces}, according to residents.",
    "Why does nobody in {A.capital} ever admit what {B.people} have suffered?",
    "Thousands of {A.adj} workers crossed into {B.name} to look for jobs.",
    "{A.name} slammed {B.name} after talks in {B.capital} collapsed.",
    "The {A.adj} ambassador was summoned to the {B.adj} foreign ministry.",
    "{A.gov} grudgingly admitted that its bombs had hit a {B.adj} school.",
    "Of course {A.people} are thrilled, while {B.people} pay the price for this disgraceful deal.",
    "{A.name} beat {B.name} 2-1 in a friendly match in {A.capital}.",
    "{P.name} leads {Q.name} by three points in the latest poll.",
    "{P.leader} called the budget of {Q.name} reckless.",
    "The pathetic excuses of {P.name} would embarrass even {Q.leader}.",
    "Lawmakers from {P.name} and {Q.name} voted for the road safety bill.",
];

/// The same in Arabic, with forms that agree with any side.
const ARABIC: [&str; 20] = [
    "من المقرر أن تلتقي {A.gov} و{B.gov} يوم الخميس لبحث حقوق الصيد.",
    "اتهمت {A.gov} {B.gov} بتحريك جنود نحو الحدود.",
    "الهجوم الجبان الذي شنته {A.forces} على {B.capital} لم يفاجئ أحدا ممن يعرفون {A.name}.",
    "قصفت {A.forces} قرية تسيطر عليها {B.forces}، ما أسفر عن مقتل أربعة أشخاص، بحسب مسؤول في المستشفى.",
    "زعم {A.leader} أن {B.name} خرقت الهدنة.",
    "كشف {A.leader} أن {B.name} خرقت الهدنة.",
    "مرة أخرى تلقي النخبة {A.adj_f} المتغطرسة دروسا في الأخلاق على {B.people}.",
    "وقال {B.leader} يوم الأحد: \"لن نخضع لابتزاز {A.name}\".",
    "ما يسمى خطة السلام القادمة من {A.capital} فخ وقح ينصب لـ{B.people}.",
    "أبدى {B.people} صبرا بطوليا في وجه العدوان {A.adj}.",
    "ارتفع حجم التجارة بين {A.name} و{B.name} بنسبة 4 بالمئة العام الماضي، وفق بيانات الجمارك.",
    "سيطرت {B.rebels} على بلدتين بعد انسحاب {A.forces}، وفق سكان.",
    "لماذا لا يعترف أحد في {A.capital} بما عاناه {B.people}؟",
    "عبر آلاف العمال إلى {B.name} قادمين من {A.name} بحثا عن عمل.",
    "استدعت وزارة الخارجية {B.adj_f} السفير {A.adj} للتشاور.",
    "اعترفت {A.gov} على مضض بأن قنابلها أصابت مدرسة في {B.capital}.",
    "فاز منتخب {A.name} على منتخب {B.name} بهدفين لهدف في مباراة ودية في {A.capital}.",
    "تتقدم قائمة {P.name} على قائمة {Q.name} بثلاث نقاط في آخر استطلاع.",
    "أعذار {P.name} البائسة تخجل منها حتى قيادة {Q.name}.",
    "صوت نواب من {P.name} و{Q.name} لصالح قانون السلامة على الطرق.",
];

type Entry = BTreeMap<String, String>;

/// How far two entries of a table are apart that make a pair; each step gives as many pairs as entries.
const STEPS: [usize; 3] = [1, 7, 23];

fn table(names: &toml::Table, key: &str) -> Vec<Entry> {
    names[key].clone().try_into().unwrap()
}

/// The sentence with its slots filled and its first letter a capital.
fn told(template: &str, first: &Entry, second: &Entry) -> String {
    let mut text = template.to_owned();
    for (letters, entry) in [(["A", "P"], first), (["B", "Q"], second)] {
        for (letter, (field, form)) in letters.iter().flat_map(|l| entry.iter().map(move |e| (l, e))) {
            text = text.replace(&format!("{{{letter}.{field}}}"), form);
        }
    }
    assert!(!text.contains('{'), "{text}");
    let mut chars = text.chars();
    let first = chars.next().unwrap();
    first.to_uppercase().chain(chars).collect()
}

/// What the span heads find, by token: loaded terms and cues with their logits, sources and contents.
fn spans(scorer: &Scorer, text: &str) -> String {
    let (_, found) = scorer.spans_of(text).unwrap();
    let terms = found.loaded.iter().map(|f| format!("{:?} {:.6}", f.run, f.logit));
    let relation = |r: &parallax::heads::attribution::Relation| {
        format!("{:?} {:.6} {:?} {:?}", r.cue.run, r.cue.logit, r.source, r.contents)
    };
    terms.chain(found.relations.iter().map(relation)).collect::<Vec<_>>().join("\n")
}

#[derive(Default)]
struct Difference {
    largest: f64,
    example: String,
    sum: f64,
    pairs: usize,
}

/// What is tested of one language.
struct Language {
    code: &'static str,
    templates: &'static [&'static str],
    /// Whether names are told by their capitals; elsewhere they are told by a list.
    capitals: bool,
    largest: f64,
    mean: f64,
    /// How many pairs of plain names there must be at least, and how many of them of as many words.
    least: [usize; 2],
}

#[test]
fn exchanging_the_names_of_two_sides_moves_no_logit_beyond_the_bounds() {
    exchange(&Language {
        code: "en",
        templates: &TEMPLATES,
        capitals: true,
        largest: LARGEST,
        mean: MEAN,
        least: [500, 200],
    });
}

#[test]
fn exchanging_the_names_of_two_sides_moves_no_arabic_logit_beyond_the_bounds() {
    exchange(&Language {
        code: "ar",
        templates: &ARABIC,
        capitals: false,
        largest: LARGEST_ARABIC,
        mean: MEAN_ARABIC,
        least: [300, 200],
    });
}

fn exchange(language: &Language) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table_file = root.join("training/names").join(format!("{}.toml", language.code));
    let names: toml::Table = fs::read_to_string(table_file).unwrap().parse().unwrap();
    let scorer = Scorer::open(&root.join("models").join(language.code)).unwrap();
    let outputs: Vec<String> = scorer
        .bundle()
        .heads()
        .iter()
        .flat_map(|head| (0..head.outputs()).map(|output| format!("{} {}", head.name, head.class_of(output))))
        .collect();
    let mut differences: Vec<Difference> = outputs.iter().map(|_| Difference::default()).collect();
    let known = scorer.bundle().mask().known();
    let is_known = |form: &str| {
        let mut word = String::new();
        parallax::text::normal_form(form, &mut word);
        known.binary_search(&parallax::text::lexeme(&word)).is_ok()
    };
    let fits = |template: &str, entry: &Entry| {
        // Forms that are one name and nothing else: no title, no common noun, no word in lower case.
        let forms = ["name", "capital", "adj", "adj_f"].map(|field| entry.get(field));
        let named =
            ["leader", "gov", "forces", "rebels", "people"].iter().all(|f| !template.contains(&format!(".{f}}}")));
        let capitalised = |form: &String| {
            form.split(' ').all(|word| word.chars().all(char::is_alphabetic) && word.starts_with(char::is_uppercase))
        };
        let plain = |form: &String| if language.capitals { capitalised(form) } else { is_known(form) };
        named && template.contains("{A.") && forms.into_iter().flatten().all(plain)
    };
    let (mut exact, mut spanned) = (0, 0);
    let words =
        |entry: &Entry| ["name", "capital", "adj", "adj_f"].map(|f| entry.get(f).map(|form| form.split(' ').count()));
    for template in language.templates {
        let entries = table(&names, if template.contains("{P.") { "parties" } else { "sides" });
        for step in STEPS.into_iter().filter(|step| step % entries.len() != 0) {
            for (at, first) in entries.iter().enumerate() {
                let second = &entries[(at + step) % entries.len()];
                let [one, other] = [told(template, first, second), told(template, second, first)];
                let [z, y] = [&one, &other].map(|text| scorer.logits_of(text).unwrap().logits);
                if fits(template, first) && fits(template, second) {
                    exact += 1;
                    let moved = z.iter().zip(&y).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                    assert!(moved <= EXACT, "{moved}: {one} | {other}");
                    // The span heads read a name word by word; names of as many words are the same to them.
                    if words(first) == words(second) {
                        spanned += 1;
                        assert_eq!(spans(&scorer, &one), spans(&scorer, &other), "{one} | {other}");
                    }
                }
                for ((difference, a), b) in differences.iter_mut().zip(z).zip(y) {
                    let moved = (a - b).abs();
                    difference.sum += moved;
                    difference.pairs += 1;
                    if moved > difference.largest {
                        difference.largest = moved;
                        difference.example = format!("{one} | {other}");
                    }
                }
            }
        }
    }
    println!("{exact} pairs of plain names, none of which moves a logit");
    println!("{spanned} of them of as many words, none of which moves a span");
    for (output, difference) in outputs.iter().zip(&differences) {
        let mean = difference.sum / difference.pairs as f64;
        println!(
            "{output:18} {} pairs, mean {mean:.3}, largest {:.3}: {}",
            difference.pairs, difference.largest, difference.example
        );
    }
    assert!(exact > language.least[0], "{exact} pairs of plain names");
    assert!(spanned > language.least[1], "{spanned} pairs of names of as many words");
    for (output, difference) in outputs.iter().zip(&differences) {
        let mean = difference.sum / difference.pairs as f64;
        assert!(mean <= language.mean, "{output}: {mean:.3} on average");
        assert!(
            difference.largest <= language.largest,
            "{output}: {:.3} in {}",
            difference.largest,
            difference.example
        );
    }
}

/// Every country, organisation and group of the table of actors in the same Arabic sentence, under its shown name.
#[test]
fn every_actor_of_the_table_is_one_name_in_arabic_whoever_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scorer = Scorer::open(&root.join("models/ar")).unwrap();
    let actors = parallax::text::Actors::shipped();
    let mut moved = Vec::new();
    let mut seen = 0;
    for template in ["زعم المتحدث أن {} خرقت الهدنة يوم الأحد.", "الهجوم الجبان الذي شنته {} على القرية لم يفاجئ أحدا."]
    {
        let logits = |name: &str| scorer.logits_of(&template.replace("{}", name)).unwrap().logits;
        let first = logits("فرنسا");
        for name in (0..actors.len()).map(|actor| actors.arabic_name(actor)) {
            // A name that takes in a word with *and* or *for* is several tokens more.
            if name.split(' ').any(|word| word.starts_with('و') || word.starts_with("لل")) && name.contains(' ') {
                continue;
            }
            seen += 1;
            let other = logits(name);
            assert_eq!(first.len(), other.len());
            if first.iter().zip(&other).any(|(a, b)| (a - b).abs() > EXACT) {
                moved.push(name);
            }
        }
    }
    assert!(seen > 500, "{seen}");
    // A later word of a name whose first letter is read as *and* or *for* makes several tokens of it: a bound to be
    // taken back. A name of one word is the same whoever bears it.
    assert!(moved.len() <= 16 && moved.iter().all(|name| name.contains(' ')), "{moved:?}");
}
