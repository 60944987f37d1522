//! The page, end to end: a text is read, a mark corrected, the model taught, what changes is shown and accepted, and the mark
//! is another; after a restart too, until the first model is restored.
//!
//! In: an example's article. Out: what a reader sees. Start at [`a_reader_teaches_the_model_and_sees_the_change`].

use super::chromium::Chromium;
use super::desk::{FRAMED, PLAIN, exported, saved, status, until};
use super::server::Server;
use super::{DESK, PHONE};
use serde_json::json;
use std::path::Path;

/// A server with a store in this folder.
fn server(folder: &Path) -> Server {
    Server::start(&["--store", folder.join("corrections.db").to_str().unwrap()])
}

/// Pastes the text and reads it.
fn read(chromium: &mut Chromium, server: &Server, text: &str) {
    chromium.visit(&format!("http://{}/", server.address));
    chromium.run(&format!("document.getElementById('text').value = {}", json!(text)));
    chromium.click("#given button.main");
    let read = until(chromium, "document.querySelectorAll('article.text .m').length");
    assert!(read.as_u64() > Some(0), "no mark is shown: {}", status(chromium));
}

/// The labels of the article's sentences, as their notes say them.
fn labels(chromium: &mut Chromium) -> Vec<String> {
    let notes = chromium
        .run("[...document.querySelectorAll('article.text .note')].map((note) => note.getAttribute('aria-label'))");
    notes.as_array().unwrap().iter().map(|note| note.as_str().unwrap().to_owned()).collect()
}

/// Says of the first sentences that they are not biased where the model says so, and the other way round.
fn correct_sentences(chromium: &mut Chromium, most: usize) {
    for at in 0..most {
        chromium.run(&format!("document.querySelectorAll('article.text .note[data-r]')[{at}].click()"));
        let answers = "[...document.querySelectorAll('.correct .answers')].find((of) => of.querySelector('legend').textContent === 'bias')";
        assert_eq!(until(chromium, &format!("Boolean({answers})")), true);
        chromium.run("document.getElementById('status').textContent = ''");
        chromium.run(&format!("{answers}.querySelector('button[aria-pressed=false]').click()"));
        assert!(saved(chromium), "{}", status(chromium));
    }
}

#[test]
fn a_reader_teaches_the_model_and_sees_the_change() {
    let Some(mut chromium) = Chromium::start() else { return };
    chromium.resize(DESK);
    let folder = tempfile::tempdir().unwrap();
    let first = server(folder.path());
    // Another text, so that there are documents to hold out.
    read(&mut chromium, &first, PLAIN);
    correct_sentences(&mut chromium, 3);
    read(&mut chromium, &first, FRAMED);
    correct_sentences(&mut chromium, 6);
    // A mark.
    chromium.click("article .m.loaded[id]");
    chromium
        .run("[...document.querySelectorAll('.correct button')].find((b) => b.textContent === 'Not loaded').click()");
    assert!(saved(&mut chromium), "{}", status(&mut chromium));
    assert_eq!(exported(folder.path()).len(), 9);

    let before = labels(&mut chromium);
    let button = until(&mut chromium, "document.querySelector('#model-start button')?.textContent");
    assert_eq!(button, "Retrain English with 9 corrected sentences");
    chromium.click("#model-start button");
    let ready = chromium.run(
        "new Promise((told) => { const look = () => document.querySelector('.verdicts li') ? told(true) : setTimeout(look, 50);
           setTimeout(() => told(document.getElementById('model').innerText), 50000); look(); })",
    );
    assert_eq!(ready, true);
    let shown = chromium.run("document.getElementById('model-change').innerText");
    let shown = shown.as_str().unwrap();
    for part in ["On documents that did not teach it", "bias", "Difference, 95 % interval", "pasted text", "Moved most"]
    {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert_eq!(labels(&mut chromium), before, "nothing changes before it is accepted");
    chromium.click("#model-accept");
    assert_eq!(until(&mut chromium, "document.getElementById('model-told').textContent.startsWith('Accepted')"), true);
    assert_eq!(until(&mut chromium, "document.querySelectorAll('#model-versions li').length"), 2);
    assert_eq!(until(&mut chromium, "document.getElementById('status').textContent.endsWith('were read.')"), true);
    let after = labels(&mut chromium);
    assert_ne!(after, before, "what was taught is seen in the text");
    assert_eq!(chromium.complaints(), [""; 0]);

    drop(first);
    let second = server(folder.path());
    read(&mut chromium, &second, FRAMED);
    assert_eq!(labels(&mut chromium), after, "after a restart it is still there");
    for width in [DESK, PHONE] {
        chromium.resize(width);
        assert_eq!(chromium.run("document.documentElement.scrollWidth <= innerWidth"), true, "wider than {width}");
    }
    chromium.run("document.getElementById('model-kept').open = true");
    chromium.click("#model-versions button");
    assert_eq!(until(&mut chromium, "document.getElementById('model-told').textContent.startsWith('Restored')"), true);
    until(&mut chromium, "document.getElementById('status').textContent.endsWith('were read.')");
    let expected = json!(before);
    let restored = until(
        &mut chromium,
        &format!(
            "JSON.stringify([...document.querySelectorAll('article.text .note')].map((n) => n.getAttribute('aria-label'))) === {}",
            json!(expected.to_string())
        ),
    );
    assert_eq!(restored, true, "what was taught is gone: {:?}", labels(&mut chromium));
    assert_eq!(chromium.complaints(), [""; 0]);
}
