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

pub const FRAMED: &str = include_str!("../../examples/articles/harbour_framed.txt");
pub const PLAIN: &str = include_str!("../../examples/articles/harbour_plain.txt");

/// A web page with what stands around an article; it names an encoding that its bytes have.
const PAGE: &str = "<!doctype html><html><head><meta charset=\"windows-1252\"><title>Harbour plan</title></head><body>\
    <nav><a href=\"/\">Home</a></nav><article><h1>Harbour plan</h1><p>The council of Nordhøj voted on Tuesday, and its leaders \
    said that the harbour would be ready in May.</p><p>Its shameless leaders betrayed the town again, critics said, and nobody \
    at the meeting asked what the new cranes would cost.</p></article></body></html>";

/// Waits until a script gives something that is true, for ten seconds at most; what it gave at last.
pub fn until(chromium: &mut Chromium, script: &str) -> Value {
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
pub fn exported(folder: &Path) -> Vec<Value> {
    let store = folder.join("corrections.db");
    let output = parallax().args(["--quiet", "label", "export", "--store"]).arg(store).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Whether the last correction was kept.
pub fn saved(chromium: &mut Chromium) -> bool {
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
#[ignore = "writes docs/desk.png: cargo test --release --test browser -- --ignored"]
fn picture_of_the_page() {
    let mut chromium = Chromium::start().expect("a Chromium");
    chromium.resize(1160);
    let (_folder, _server) = read(&mut chromium, FRAMED);
    until(&mut chromium, "!document.getElementById('queue-next').hidden");
    chromium.click("article .m.loaded.evaluative[id]");
    chromium.run("scrollTo(0, document.querySelector('article').getBoundingClientRect().top + scrollY - 56)");
    let picture = chromium.picture(720);
    assert!(picture.len() < 200_000, "{} bytes", picture.len());
    std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/desk.png"), picture).unwrap();
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

/// Drops files on the page, each a name and its bytes.
fn drop_files(chromium: &mut Chromium, files: &[(&str, &[u8])]) {
    chromium.run(&format!(
        "(() => {{ const data = new DataTransfer();
           for (const [name, bytes] of {}) data.items.add(new File([new Uint8Array(bytes)], name));
           dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, cancelable: true }})); }})()",
        json!(files)
    ));
}

pub fn status(chromium: &mut Chromium) -> String {
    chromium.run("document.getElementById('status').textContent").as_str().unwrap().to_owned()
}

#[test]
fn several_texts_are_read_one_below_the_other_and_compared_side_by_side() {
    let Some(mut chromium) = Chromium::start() else { return };
    for width in [DESK, PHONE] {
        chromium.resize(width);
        let (_folder, _server) = read(&mut chromium, FRAMED);
        // One text alone cannot be compared.
        chromium.click("#given button[value=compare]");
        let told = until(&mut chromium, "document.querySelector('#status.wrong')?.textContent");
        assert_eq!(told, "Give two texts or more to compare them.");
        chromium.click("#add");
        chromium.run(&format!("document.querySelectorAll('#pasted textarea')[1].value = {}", json!(PLAIN)));
        chromium.run("document.querySelectorAll('#pasted input')[1].value = 'The <b>Plain</b> Herald'");
        chromium.click("#given button[value=read]");
        assert_eq!(until(&mut chromium, "document.querySelectorAll('#result article.text').length === 2"), true);
        assert_eq!(chromium.run("document.querySelectorAll('#contents li').length"), 2);
        chromium.click("#given button[value=compare]");
        let shown =
            until(&mut chromium, "document.getElementById('statements') && document.querySelectorAll('.cell').length");
        assert!(shown.as_u64() > Some(2), "{}", status(&mut chromium));
        assert_eq!(status(&mut chromium), "2 texts are compared.");
        let text = chromium.run("document.getElementById('result').textContent");
        assert!(text.as_str().unwrap().contains("The <b>Plain</b> Herald"), "a name is text, never markup");
        assert_eq!(chromium.run("document.documentElement.scrollWidth <= innerWidth"), true, "wider than {width}");
        // Words of a comparison are not marked as missed: it is no article that could be corrected.
        chromium.run("getSelection().selectAllChildren(document.querySelector('article.text li'))");
        assert_eq!(chromium.run("document.getElementById('missed').hidden"), true);
        // And back.
        chromium.click("#given button[value=read]");
        assert!(until(&mut chromium, "document.querySelectorAll('article.text .m').length").as_u64() > Some(0));
        chromium.click("#pasted li:nth-child(2) button.remove");
        chromium.click("#given button[value=read]");
        assert_eq!(until(&mut chromium, "document.querySelectorAll('#result article.text').length === 1"), true);
        assert_eq!(chromium.complaints(), [""; 0]);
        // Left before its server stops, which it would go on asking.
        chromium.visit("about:blank");
    }
}

#[test]
fn a_dropped_web_page_is_its_article_and_is_corrected_there() {
    let Some(mut chromium) = Chromium::start() else { return };
    chromium.resize(DESK);
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("corrections.db");
    let server = Server::start(&["--store", store.to_str().unwrap()]);
    chromium.visit(&format!("http://{}/", server.address));
    let page: Vec<u8> = PAGE.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    drop_files(&mut chromium, &[("harbour.html", &page)]);
    assert!(until(&mut chromium, "document.querySelectorAll('article.text .m').length").as_u64() > Some(0));
    let text = chromium.run("document.querySelector('article.text').textContent");
    let text = text.as_str().unwrap();
    assert!(text.contains("Nordhøj") && !text.contains("Home"), "{text}");
    chromium.click("article .m.loaded[id]");
    chromium
        .run("[...document.querySelectorAll('.correct button')].find((b) => b.textContent === 'Not loaded').click()");
    assert!(saved(&mut chromium), "{}", status(&mut chromium));
    assert_eq!(exported(folder.path()).len(), 1);
    assert_eq!(chromium.complaints(), [""; 0]);
}

#[test]
fn files_of_lines_are_documents_and_other_files_are_refused_by_name() {
    let Some(mut chromium) = Chromium::start() else { return };
    chromium.resize(DESK);
    let server = Server::start(&[]);
    chromium.visit(&format!("http://{}/", server.address));
    let lines =
        b"{\"id\": 7, \"text\": \"It rained on Tuesday.\"}\n\n{\"text\": \"The shameless council met again.\"}\n";
    drop_files(&mut chromium, &[("two.jsonl", lines)]);
    assert_eq!(until(&mut chromium, "document.querySelectorAll('#result article.text').length === 2"), true);
    let ids = chromium.run("[...document.querySelectorAll('#contents bdi')].map((id) => id.textContent)");
    assert_eq!(ids, json!(["7", "two.jsonl:3"]));
    drop_files(&mut chromium, &[("rows.csv", b"a,b\n")]);
    assert!(status(&mut chromium).starts_with("rows.csv: found a file of another kind"), "{}", status(&mut chromium));
    chromium.click("#chosen button");
    drop_files(&mut chromium, &[("broken.jsonl", b"{\"text\": \"One.\"}\n{\"text\": 5}\n")]);
    let told =
        until(&mut chromium, "document.querySelector('#status.wrong')?.textContent.startsWith('broken.jsonl:2')");
    assert_eq!(told, true, "{}", status(&mut chromium));
    // Errors of the server are told as they are.
    chromium.click("#chosen button");
    drop_files(&mut chromium, &[("empty.html", b"<!doctype html><html><body></body></html>")]);
    let told = until(&mut chromium, "document.querySelector('#status.wrong')?.textContent.includes('empty')");
    assert_eq!(told, true, "{}", status(&mut chromium));
}
