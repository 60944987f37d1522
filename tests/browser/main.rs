//! The pages that `--format html` writes, opened in Chromium.
//!
//! In: the seed articles of the shared data where they are there (`SHARED`, else `../shared`), the examples, and texts
//! written for this test. Out: what a reader would see, by eye, by keyboard or through a screen reader. Start at
//! [`chromium::Chromium`]; the scripts beside this file look at the page from inside. Without Chromium nothing is
//! opened, unless `PARALLAX_BROWSER` is `required`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

mod chromium;
#[cfg(feature = "serve")]
mod desk;
#[cfg(feature = "serve")]
mod queue;
mod retrain;
#[allow(dead_code)]
#[path = "../run/mod.rs"]
mod run;
#[allow(dead_code)]
#[cfg(feature = "serve")]
#[path = "../serve/server.rs"]
mod server;

use chromium::Chromium;
use parallax::report::comparison::Comparison;
use parallax::report::html::comparison;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const MARKS: &str = include_str!("marks.js");
const FITS: &str = include_str!("fits.js");
const NAMED: &str = include_str!("named.js");
const SIDES: &str = include_str!("sides.js");

/// A phone's width, a desk's, and that of a sheet of A4 within its margins; in CSS pixels.
const PHONE: u32 = 390;
const DESK: u32 = 1280;
const SHEET: u32 = 718;

/// Markup, a path out of its element, and characters that turn the direction of writing.
const HOSTILE: &str = "Minister's \u{202E}shameless\u{202C} <script>alert(1)</script> plan\n\n\
    The reckless \"><img src=x onerror=alert(2)> minister boasted that the &lt;brutal&gt; plan would win.</article></main>\n\n\
    \u{2067}It\u{2069} is a <b>disgraceful</b> trick, the \u{200F}critics\u{200E} claimed.\r\n<!-- <style>*{display:none}</style>\n";

const ARABIC: &str = "المجلس يوافق على خطة الميناء\n\n\
    صوّت المجلس البلدي يوم الثلاثاء على بناء محطة جديدة للعبّارات بكلفة 48 مليون كرونة. وقال رئيس المجلس إن المحطة ستختصر \
    الرحلة تسع دقائق.\n\n\
    وزعم المعارضون أن الخطة كارثة مخزية، وأن شركة Velmar Ferries حصلت على عقد بقيمة 3.5 مليون. وأكد المتحدث أن \"الأرقام \
    معلنة منذ أربع سنوات\".\n";

const MIXED: &str = "Council votes on harbour plan\n\n\
    The council voted on Tuesday. Its shameless leaders betrayed the town again, critics claimed.\n\n\
    صوّت المجلس البلدي يوم الثلاثاء على بناء محطة جديدة للعبّارات. وزعم المعارضون أن الخطة كارثة مخزية ستدمر المدينة.\n\n\
    The work is to start in March, the harbour office (المكتب) said.\n";

/// The seed articles; none, with a note, where they are not.
fn seeds() -> Vec<PathBuf> {
    let shared = std::env::var_os("SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let folder = shared.join("data/seeds");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("\n*** SKIPPED: {} is not there, so no page of a seed article is opened\n", folder.display());
        return Vec::new();
    };
    let mut seeds: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    seeds.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    seeds.sort();
    assert_eq!(seeds.len(), 5, "{seeds:?}");
    seeds
}

/// Texts of our own, as files of a folder.
fn own() -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut paths = vec![examples.join("articles/harbour_framed.txt"), examples.join("two_languages.txt")];
    for (name, text) in [("hostile & \"<b>\".txt", HOSTILE), ("arabic.txt", ARABIC), ("mixed.txt", MIXED)] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        paths.push(path);
    }
    (folder, paths)
}

/// Where the page of this name is. It stays there, to be looked at.
fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name).with_extension("html")
}

/// The page of this name that `parallax` writes with these arguments.
fn page(name: &str, command: &str, paths: &[PathBuf]) -> PathBuf {
    let out = place(name);
    run::parallax().args([command, "--format", "html", "--out"]).arg(&out).args(paths).assert().success();
    out
}

/// What the reports on these texts say, with the text of each.
fn reports(paths: &[PathBuf]) -> Vec<(String, Value)> {
    let run = run::parallax().args(["score", "--format", "jsonl", "--offsets", "utf16"]).args(paths).assert().success();
    let lines = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    texts.zip(lines.lines().map(run::report)).collect()
}

/// Asks the page, and fails with what it finds wrong.
fn nothing_wrong(chromium: &mut Chromium, script: &str, about: &str) {
    let wrong = chromium.run(script);
    assert_eq!(wrong, json!([]), "{about}");
}

/// Checks that the page in `chromium` needs nothing but itself, and complains of nothing.
fn stands_alone(chromium: &mut Chromium, about: &str) {
    assert_eq!(chromium.requests(), [""; 0], "{about} asks for something");
    assert_eq!(chromium.complaints(), [""; 0], "{about}");
}

/// Checks that nothing sticks out, on a desk, on a phone and on paper.
fn fits_everywhere(chromium: &mut Chromium, about: &str) {
    for (medium, width) in [("screen", DESK), ("screen", PHONE), ("print", SHEET)] {
        chromium.show_as(medium);
        chromium.resize(width);
        nothing_wrong(chromium, FITS, &format!("{about}, {medium} at {width} px"));
    }
    chromium.show_as("screen");
    chromium.resize(DESK);
}

#[test]
fn marks_stand_on_their_words_in_both_directions_and_nothing_is_fetched() {
    let Some(mut chromium) = Chromium::start() else { return };
    let (_folder, own) = own();
    for path in seeds().iter().chain(&own) {
        let about = path.file_name().unwrap().to_str().unwrap();
        let [(text, report)] = &reports(std::slice::from_ref(path))[..] else { panic!("{about}") };
        chromium.open(&page(about, "score", std::slice::from_ref(path)));
        for width in [DESK, PHONE] {
            chromium.resize(width);
            let check = format!("{MARKS}({}, {report}, 0)", json!(text));
            nothing_wrong(&mut chromium, &check, &format!("{about} at {width} px"));
        }
        nothing_wrong(&mut chromium, NAMED, about);
        fits_everywhere(&mut chromium, about);
        stands_alone(&mut chromium, about);
    }
}

#[test]
fn several_documents_stand_on_one_page() {
    let Some(mut chromium) = Chromium::start() else { return };
    let (_folder, own) = own();
    chromium.open(&page("several", "score", &own));
    for (number, (text, report)) in reports(&own).iter().enumerate() {
        let check = format!("{MARKS}({}, {report}, {number})", json!(text));
        nothing_wrong(&mut chromium, &check, &own[number].display().to_string());
    }
    nothing_wrong(&mut chromium, NAMED, "five documents");
    fits_everywhere(&mut chromium, "five documents");
    stands_alone(&mut chromium, "five documents");
}

/// Makes the picture in the README: the example's article, with the reason of one mark.
#[test]
#[ignore = "writes docs/report.png: cargo test --release --test browser -- --ignored"]
fn picture_of_the_readme() {
    let mut chromium = Chromium::start().expect("a Chromium");
    chromium.open(&page("picture", "score", &[PathBuf::from("examples/articles/harbour_framed.txt")]));
    chromium.resize(1160);
    chromium.run(
        "const mark = [...document.querySelectorAll('article .loaded[id]')].find((m) => m.textContent === 'disgraceful trick');
         mark.focus();
         scrollTo(0, document.querySelector('article').getBoundingClientRect().top + scrollY - 24);",
    );
    let picture = chromium.picture(720);
    assert!(picture.len() < 200_000, "{} bytes", picture.len());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("report.png"), picture).unwrap();
}

/// What the panel shows: the title of a reason and how many bars are below it; nothing while it is closed.
const SHOWN: &str = "(() => { const card = document.querySelector('#panel .card');
    return card && card.checkVisibility() ? [card.querySelector('h4, h5').textContent, card.querySelectorAll('svg').length > 1] : null; })()";

/// Whether the card that is shown is of a mark with this text, a stance's card after its holder, and has bars.
fn shows(shown: &Value, mark: &Value) -> bool {
    let title = shown[0].as_str().unwrap_or_default();
    mark.as_str().is_some_and(|mark| title == mark || title.ends_with(&format!(" → {mark}"))) && shown[1] == true
}

#[test]
fn a_mark_shows_its_reason_by_keyboard_and_by_tap_and_escape_closes_it() {
    let Some(mut chromium) = Chromium::start() else { return };
    let (_folder, own) = own();
    for (path, forward) in [(&own[0], "ArrowRight"), (&own[3], "ArrowLeft")] {
        let about = path.display().to_string();
        let [(_, report)] = &reports(std::slice::from_ref(path))[..] else { panic!("{about}") };
        chromium.open(&page("keyboard", "score", std::slice::from_ref(path)));
        for width in [DESK, PHONE] {
            chromium.resize(width);
            chromium.run("document.activeElement.blur()");
            for _ in 0..60 {
                chromium.press("Tab");
                if chromium.run("Boolean(document.activeElement.closest('article.text'))") == true {
                    break;
                }
            }
            let focus = "document.activeElement.matches('article.text .m') && document.activeElement.textContent";
            chromium.press("j");
            let first = chromium.run(focus);
            assert!(first.is_string(), "{about} at {width} px: no mark is in focus");
            assert!(shows(&chromium.run(SHOWN), &first), "{about} at {width} px: {first}");
            chromium.press(forward);
            let second = chromium.run(focus);
            assert!(shows(&chromium.run(SHOWN), &second), "{about} at {width} px: {second}");
            let follows =
                "document.activeElement.compareDocumentPosition(document.querySelector('article .m[id]')) & 2";
            assert_eq!(chromium.run(follows), 2, "{about} at {width} px: {forward} does not go on");
            chromium.press("Escape");
            assert_eq!(chromium.run(SHOWN), Value::Null, "{about} at {width} px: Escape does not close");
            chromium.click("article .m.cue[id]");
            let tapped = &report["attributions"][0]["cue"]["text"];
            assert!(shows(&chromium.run(SHOWN), tapped), "{about} at {width} px: {tapped}");
            chromium.click("#panel .close");
            assert_eq!(chromium.run(SHOWN), Value::Null, "{about} at {width} px: the button does not close");
        }
        stands_alone(&mut chromium, &about);
    }
}

#[test]
fn a_screen_reader_hears_every_mark_and_what_it_is() {
    let Some(mut chromium) = Chromium::start() else { return };
    let (_folder, own) = own();
    for path in &own {
        let about = path.display().to_string();
        let [(_, report)] = &reports(std::slice::from_ref(path))[..] else { panic!("{about}") };
        chromium.open(&page("reader", "score", std::slice::from_ref(path)));
        let tree = chromium.accessible();
        let said = |node: &Value, key: &str| node[key]["value"].as_str().unwrap_or_default().to_owned();
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let buttons: Vec<(String, String)> = (tree.iter().filter(|node| said(node, "role") == "button"))
            .map(|node| (one_line(&said(node, "name")), said(node, "description")))
            .collect();
        assert!(buttons.iter().all(|(name, _)| !name.is_empty()), "{about}: {buttons:?}");
        for term in report["loaded"].as_array().unwrap() {
            let (text, kind) = (one_line(term["text"].as_str().unwrap()), term["kind"].as_str().unwrap());
            let is_said = |(name, said): &(String, String)| *name == text && said.contains(kind);
            assert!(buttons.iter().any(is_said), "{about}: {text} ({kind}) is not among {buttons:?}");
        }
        for attribution in report["attributions"].as_array().unwrap() {
            let (cue, class) = (&attribution["cue"]["text"], attribution["class"].as_str().unwrap());
            let is_said = |(name, said): &(String, String)| *name == *cue && said.contains(class);
            assert!(buttons.iter().any(is_said), "{about}: {cue} ({class}) is not among {buttons:?}");
        }
        let pictures = tree.iter().filter(|node| ["image", "img"].contains(&said(node, "role").as_str()));
        assert!(pictures.map(|node| said(node, "name")).all(|name| !name.is_empty()), "{about}: a picture has no name");
    }
}

#[test]
fn a_comparison_stands_alone_and_every_number_leads_to_its_sentences() {
    let Some(mut chromium) = Chromium::start() else { return };
    let comparison: Comparison = serde_json::from_str(include_str!("comparison.json")).unwrap();
    let path = place("comparison");
    fs::write(&path, comparison::page(&comparison)).unwrap();
    chromium.open(&path);
    compares(&mut chromium, &comparison, "comparison");
}

/// The comparison that `parallax` makes of these texts.
fn compared(paths: &[PathBuf]) -> Comparison {
    let run = run::parallax().args(["compare", "--format", "json"]).args(paths).assert().success();
    serde_json::from_slice(&run.get_output().stdout).unwrap()
}

#[test]
fn tellings_in_two_languages_are_compared_on_one_page() {
    let Some(mut chromium) = Chromium::start() else { return };
    let (_folder, own) = own();
    for (name, paths) in [("compared_own", own), ("compared_seeds", seeds())] {
        if !paths.is_empty() {
            chromium.open(&page(name, "compare", &paths));
            compares(&mut chromium, &compared(&paths), name);
        }
    }
}

/// The page is held against the places, not against the words alone: what is told to stand one place on is missed.
#[test]
fn a_mark_on_other_words_than_the_comparisons_is_seen() {
    let Some(mut chromium) = Chromium::start() else { return };
    let (_folder, own) = own();
    chromium.open(&page("compared_moved", "compare", &own));
    let mut moved = serde_json::to_value(compared(&own)).unwrap();
    let tellings = moved["statements"].as_array_mut().unwrap().iter_mut();
    let mut tellings = tellings.flat_map(|statement| statement["tellings"].as_array_mut().unwrap());
    let cue =
        tellings.find_map(|telling| telling["cues"].as_array_mut().unwrap().first_mut()).expect("a cue in a telling");
    for end in ["start", "end"] {
        cue[end] = json!(cue[end].as_u64().unwrap() - 1);
    }
    let wrong = chromium.run(&format!("{SIDES}({moved})"));
    assert_eq!(wrong.as_array().map(Vec::len), Some(1), "{wrong}");
    assert!(wrong[0].as_str().is_some_and(|what| what.starts_with("cue is marked at")), "{wrong}");
}

/// Checks the page of a comparison.
fn compares(chromium: &mut Chromium, comparison: &Comparison, about: &str) {
    let check = format!("{SIDES}({})", serde_json::to_string(comparison).unwrap());
    nothing_wrong(chromium, &check, about);
    nothing_wrong(chromium, NAMED, about);
    fits_everywhere(chromium, about);
    stands_alone(chromium, about);
}
