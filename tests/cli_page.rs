//! What `parallax score --format html` writes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use predicates::prelude::*;
use predicates::str::contains;
use run::{ARTICLE, file, score};
use std::fs;
use std::path::Path;

const ATTACK: &str = "<script>alert('x')</script> Its shameless leaders & \"friends\" betrayed the town, she said.\n";

/// The page of some inputs.
fn page(arguments: &[&str], inputs: &[&Path]) -> String {
    let run = score().args(["--format", "html"]).args(arguments).args(inputs).assert().success();
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

/// The text of each article, as a browser has it.
fn articles(page: &str) -> Vec<String> {
    let text = |(at, _): (usize, &str)| {
        let (article, _) = page[at..].split_once("</article>").unwrap();
        let text: String =
            article.split('<').skip(1).map(|tag| tag.split_once('>').unwrap().1).collect::<Vec<_>>().concat();
        let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#13;", "\r"), ("&amp;", "&")];
        named.iter().fold(text, |text, (name, c)| text.replace(name, c))
    };
    page.match_indices("<article").map(text).collect()
}

#[test]
fn the_page_holds_the_article_its_marks_and_their_reasons() {
    let (_folder, path) = file("a.txt", ARTICLE);
    let page = page(&[], &[&path]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert_eq!(articles(&page), [ARTICLE]);
    let term = "class=\"m loaded evaluative quoted\" data-r=";
    for part in [term, "class=\"m cue neutral\"", "Why <b>bias</b>", "Why <b>loaded evaluative</b>", "<h3>Sources</h3>"]
    {
        assert!(page.contains(part), "{part}");
    }
    let (_, after) = page.split_once(term).unwrap();
    assert!(after.split_once('>').unwrap().1.starts_with("shameless"), "{}", &after[..200]);
}

#[test]
fn the_page_is_the_same_whatever_offsets_count_and_however_many_threads_there_are() {
    let (_folder, path) = file("a.txt", format!("🔥 Über alles. {ARTICLE}"));
    let bytes = page(&["--threads", "1"], &[&path]);
    for arguments in [["--offsets", "chars"], ["--offsets", "utf16"], ["--threads", "4"]] {
        assert!(page(&arguments, &[&path]) == bytes, "{arguments:?}");
    }
}

#[test]
fn the_page_asks_nothing_of_the_network_and_markup_in_it_is_text() {
    let (_folder, path) = file("<img src=x>.txt", ATTACK);
    let page = page(&[], &[&path]);
    for outside in
        ["http:", "https:", "<img", " src=\"", "url(", "@import", "<link", "<iframe", " style=", "javascript:"]
    {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("default-src 'none'"));
    assert_eq!(articles(&page), [ATTACK]);
}

#[test]
fn several_documents_are_one_page_and_a_file_is_whole() {
    let (folder, path) = file("a.txt", ARTICLE);
    let other = folder.path().join("b.html");
    fs::write(&other, format!("<!doctype html><article><h1>Quay</h1><p>{}</p></article>", ARTICLE.repeat(4))).unwrap();
    let out = folder.path().join("report.html");
    score().args(["--format", "html", "--out"]).arg(&out).args([&path, &other]).assert().success().stdout("");
    let page = fs::read_to_string(&out).unwrap();
    assert_eq!(page.matches("<!DOCTYPE html>").count(), 1);
    assert_eq!(page.matches("<section class=\"document\"").count(), 3, "two, and the stances of both");
    let articles = articles(&page);
    assert_eq!(articles[0], ARTICLE);
    assert!(articles[1].starts_with("Quay\n\nCouncil votes"), "{}", articles[1]);
    assert!(page.contains("<nav class=\"contents\""));
}

#[test]
fn tables_are_for_csv_alone() {
    let (_folder, path) = file("a.txt", ARTICLE);
    let refused = contains("--format html").and(contains("--table"));
    score().args(["--format", "html", "--table", "loaded"]).arg(&path).assert().code(2).stderr(refused);
}
