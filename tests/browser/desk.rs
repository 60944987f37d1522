//! The page of `parallax serve`: a text is pasted, read, corrected, and what was corrected is in the store.
//!
//! In: an example's article, and an Arabic one. Out: what a reader sees, and what the store has. Start at
//! [`a_text_is_pasted_read_and_corrected_and_the_store_has_it`].

use super::chromium::Chromium;
use super::server::{Server, parallax};
use super::{ARABIC, DESK, PHONE};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

const FRAMED: &str = include_str!("../../examples/articles/harbour_framed.txt");

/// Waits until a script gives something that is true, for ten seconds at most; what it gave at last.
pub(super) fn until(chromium: &mut Chromium, script: &str) -> Value {
    chromium.run(&format!(
        "new Promise((told) => {{ const end = Date.now() + 10000;
           const look = () => {{ const found = {script}; found || Date.now() > end ? told(found) : setTimeout(look, 20); }};
           look(); }})"
    ))
}

/// Opens the page of a server with a store of its own, and reads a text.
pub(super) fn read(chromium: &mut Chromium, text: &str) -> (TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("corrections.db");
    let server = Server::start(&["--store", store.to_str().unwrap()]);
    chromium.visit(&format!("http://{}/", server.address));
    chromium.run(&format!("document.getElementById('text').value = {}", json!(text)));
    chromium.click("#given button.main");
    let read = until(chromium, "document.querySelectorAll('article.text .m').length");
    assert!(read.as_u64() > Some(0), "no mark is shown: {}", chromium.run("document.body.innerText"));
    (folder, server)
}

/// The labelled sentences of a store.
pub(super) fn exported(folder: &Path) -> Vec<Value> {
    let store = folder.join("corrections.db");
    let output = parallax().args(["--quiet", "label", "export", "--store"]).arg(store).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Whether the last correction was kept.
pub(super) fn saved(chromium: &mut Chromium) -> bool {
    until(chromium, "document.getElementById('status').textContent.startsWith('Saved')") == true
}

#[test]
fn a_text_is_pasted_read_and_corrected_and_the_store_has_it() {
    let Some(mut chromium) = Chromium::start() else { return };
    chromium.resize(DESK);
    let (folder, _server) = read(&mut chromium, FRAMED);
    assert_eq!(chromium.run("document.querySelector('article.text').textContent"), json!(FRAMED));
    // The kind of a term, by the answer's button.
    chromium.click("article .m.loaded.evaluative[id]");
    let first = chromium.run("document.querySelector('article .m.loaded.evaluative[id]').firstChild.textContent");
    assert_eq!(until(&mut chromium, "document.querySelectorAll('.correct .answers button').length"), 4);
    chromium.run("[...document.querySelectorAll('.correct button')].find((b) => b.textContent === 'doubt').click()");
    assert!(saved(&mut chromium), "{}", chromium.run("document.getElementById('status').textContent"));
    let record = exported(folder.path()).remove(0);
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    let term = record["loaded"].as_array().unwrap().iter().find(|term| term["kind"] == "doubt").unwrap();
    let at = |key: &str| usize::try_from(term[key].as_u64().unwrap()).unwrap();
    assert_eq!(json!(text[at("start")..at("end")].iter().collect::<String>()), first);
    // Taken back by its key.
    chromium.run("document.activeElement.blur()");
    chromium.press("u");
    assert_eq!(until(&mut chromium, "document.getElementById('status').textContent.startsWith('Undone')"), true);
    assert!(exported(folder.path()).iter().all(|record| record["loaded"].as_array().is_none_or(Vec::is_empty)
        || record["loaded"].as_array().unwrap().iter().all(|term| term["kind"] != "doubt")));
    // A missed term: words are selected, and a key says what they are.
    chromium.run(
        "const word = document.createTreeWalker(document.querySelector('article.text'), NodeFilter.SHOW_TEXT);
         let node; while ((node = word.nextNode()) && !node.data.includes('council'));
         getSelection().setBaseAndExtent(node, node.data.indexOf('council'), node, node.data.indexOf('council') + 7);",
    );
    assert_eq!(until(&mut chromium, "!document.getElementById('missed').hidden"), true);
    chromium.press("1");
    assert!(saved(&mut chromium), "{}", chromium.run("document.getElementById('status').textContent"));
    let named = |record: &Value| {
        let text: Vec<char> = record["text"].as_str().unwrap_or_default().chars().collect();
        let of = |term: &Value| {
            let at = |key: &str| usize::try_from(term[key].as_u64().unwrap()).unwrap();
            term["kind"] == "naming" && text[at("start")..at("end")].iter().collect::<String>() == "council"
        };
        record["loaded"].as_array().is_some_and(|terms| terms.iter().any(of))
    };
    assert!(exported(folder.path()).iter().any(named), "{:?}", exported(folder.path()));
    // A sentence's label.
    chromium.click("article .note[data-r]");
    chromium.run("document.querySelector('.correct .answers button').click()");
    assert!(saved(&mut chromium));
    assert!(exported(folder.path()).iter().any(|record| record["labels"].as_object().is_some_and(|l| !l.is_empty())));
    assert_eq!(chromium.complaints(), [""; 0]);
}

#[test]
fn right_to_left_text_is_corrected_on_a_phone() {
    let Some(mut chromium) = Chromium::start() else { return };
    chromium.resize(PHONE);
    let (folder, _server) = read(&mut chromium, ARABIC);
    assert_eq!(chromium.run("document.querySelector('article.text').dir"), "rtl");
    assert_eq!(
        chromium.run("document.documentElement.scrollWidth <= innerWidth"),
        true,
        "the page is wider than a phone"
    );
    chromium.click("article .m.cue[id]");
    chromium.run("[...document.querySelectorAll('.correct button')].find((b) => b.textContent === 'charged').click()");
    assert!(saved(&mut chromium), "{}", chromium.run("document.getElementById('status').textContent"));
    assert_eq!(exported(folder.path())[0]["attributions"][0]["class"], "charged");
    assert_eq!(chromium.complaints(), [""; 0]);
}

#[test]
fn what_is_refused_is_said_on_the_page() {
    let Some(mut chromium) = Chromium::start() else { return };
    let server = Server::start(&["--max-document", "20"]);
    chromium.visit(&format!("http://{}/", server.address));
    chromium.click("#given button.main");
    assert_eq!(
        until(&mut chromium, "document.querySelector('#status.wrong')?.textContent"),
        "Paste a text, or choose files."
    );
    chromium.run("document.getElementById('text').value = 'It rained on Tuesday, and the council met.'");
    chromium.click("#given button.main");
    let said = until(&mut chromium, "document.querySelector('#status.wrong')?.textContent.includes('at most 20')");
    assert_eq!(said, true, "{}", chromium.run("document.getElementById('status').textContent"));
}
