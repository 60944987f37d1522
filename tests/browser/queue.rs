//! What to read next, on the page of `parallax serve`: a text is read, its sentences are ranked, the first is opened and
//! corrected, and is ticked.
//!
//! In: an example's article, and an Arabic one. Out: what a reader sees. Start at
//! [`the_first_of_the_queue_is_opened_by_its_key_corrected_and_ticked`].

use super::chromium::Chromium;
use super::desk::{exported, read, saved, until};
use super::{ARABIC, DESK, PHONE};
use serde_json::json;

const FRAMED: &str = include_str!("../../examples/articles/harbour_framed.txt");

/// The links of the queue, once it is there.
fn queued(chromium: &mut Chromium) -> u64 {
    let links = "!document.getElementById('queue').hidden && document.querySelectorAll('#queue-list a').length";
    until(chromium, links).as_u64().unwrap_or_default()
}

/// The mark whose reason is shown.
const SHOWN: &str =
    "document.querySelector('article .on')?.dataset.r || document.querySelector('article .on')?.dataset.s";

#[test]
fn the_first_of_the_queue_is_opened_by_its_key_corrected_and_ticked() {
    let Some(mut chromium) = Chromium::start() else { return };
    chromium.resize(DESK);
    let (folder, _server) = read(&mut chromium, FRAMED);
    let count = queued(&mut chromium);
    assert!(count > 10, "{count}");
    let link = |at: usize| format!("document.querySelectorAll('#queue-list a')[{at}].getAttribute('href').slice(1)");
    chromium.run("document.activeElement.blur()");
    chromium.press("n");
    let first = chromium.run(&link(0));
    assert_eq!(chromium.run(SHOWN), first);
    let text = chromium.run("document.querySelector('#queue-list a').textContent");
    chromium.run("document.querySelector('.correct .answers button').click()");
    assert!(saved(&mut chromium), "{}", chromium.run("document.getElementById('status').textContent"));
    assert_eq!(exported(folder.path())[0]["text"], text);
    let ticked = "[...document.querySelectorAll('#queue-list li')].map((li) => li.textContent.includes('corrected'))";
    let expected: Vec<bool> = (0..count).map(|at| at == 0).collect();
    assert_eq!(chromium.run(ticked), json!(expected));
    // The next one, and the first again when it is not corrected any more.
    chromium.press("n");
    assert_eq!(chromium.run(SHOWN), chromium.run(&link(1)));
    chromium.press("u");
    assert_eq!(until(&mut chromium, "document.getElementById('status').textContent.startsWith('Undone')"), true);
    assert_eq!(chromium.run(ticked), json!(vec![false; expected.len()]));
    // A term that is corrected ticks its sentence.
    chromium.click("article .m.loaded.evaluative[id]");
    chromium.run("[...document.querySelectorAll('.correct button')].find((b) => b.textContent === 'doubt').click()");
    assert!(saved(&mut chromium), "{}", chromium.run("document.getElementById('status').textContent"));
    let done =
        chromium.run("[...document.querySelectorAll('#queue-list .is-done a')].map((a) => a.getAttribute('href'))");
    let sentence = "'#' + document.querySelector('article .m.loaded.evaluative[id]').closest('.s').dataset.s";
    assert_eq!(done, json!([chromium.run(sentence)]));
    // What typing in a field asks for is not the next sentence.
    let before = chromium.run(SHOWN);
    chromium.run("document.getElementById('annotator').focus()");
    chromium.press("n");
    assert_eq!(chromium.run(SHOWN), before);
    assert_eq!(chromium.complaints(), [""; 0]);
}

#[test]
fn right_to_left_sentences_are_ranked_on_a_phone_and_named_for_a_screen_reader() {
    let Some(mut chromium) = Chromium::start() else { return };
    chromium.resize(PHONE);
    let (_folder, _server) = read(&mut chromium, ARABIC);
    assert!(queued(&mut chromium) >= 3);
    assert_eq!(chromium.run("document.documentElement.scrollWidth <= innerWidth"), true);
    assert_eq!(chromium.run("getComputedStyle(document.querySelector('#queue-list bdi')).direction"), "rtl");
    chromium.click("#queue-next");
    let first = chromium.run("document.querySelector('#queue-list a').getAttribute('href').slice(1)");
    assert_eq!(until(&mut chromium, SHOWN), first);
    // The panel lies over the button, and has one of its own.
    chromium.run("document.querySelector('#panel .next').click()");
    assert_ne!(until(&mut chromium, SHOWN), first);
    let named = chromium.accessible();
    let has = |role: &str, name: &str| {
        let of = |key: &str, node: &serde_json::Value| node[key]["value"].as_str().unwrap_or_default().to_owned();
        named.iter().any(|node| of("role", node) == role && of("name", node).contains(name))
    };
    assert!(has("region", "What to read next") && has("button", "Next to read"));
    assert_eq!(chromium.complaints(), [""; 0]);
}
