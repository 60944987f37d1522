//! What holds of a page as a whole.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::report::sample::{
    document, full_document, full_report, mixed_document, mixed_report, report, unsupported_report,
};
use crate::report::{LoadedReport, PassageReport, RegionReport, SentenceReport};
use crate::text::{OffsetUnit, RegionKind};
use proptest::prelude::*;

/// The text content of markup, as a browser would have it, for what is written here.
pub(super) fn text_content(markup: &str) -> String {
    let mut text = String::new();
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find('>').unwrap() + 1..];
    }
    text.push_str(rest);
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#13;", "\r"), ("&amp;", "&")];
    named.iter().fold(text, |text, (name, c)| text.replace(name, c))
}

pub(super) fn page(documents: &[(Document, Report)]) -> String {
    let mut pages = Pages::new(Vec::new());
    for (document, report) in documents {
        pages.write(document, report).unwrap();
    }
    String::from_utf8(pages.finish().unwrap()).unwrap()
}

fn articles(page: &str) -> Vec<&str> {
    let inside = |(at, _): (usize, &str)| &page[at..at + page[at..].find("</article>").unwrap()];
    page.match_indices("<article").map(inside).collect()
}

#[test]
fn each_article_is_its_original_text_whatever_the_offsets_count() {
    for unit in [OffsetUnit::Bytes, OffsetUnit::Chars, OffsetUnit::Utf16] {
        let documents = [
            (document("a"), report("a")),
            (full_document("b"), full_report("b", unit)),
            (mixed_document("c"), mixed_report("c", unit)),
            (document("d"), unsupported_report("d")),
        ];
        let page = page(&documents);
        let texts: Vec<String> = articles(&page).into_iter().map(text_content).collect();
        let expected: Vec<&str> = documents.iter().map(|(document, _)| document.text()).collect();
        assert_eq!(texts, expected, "{unit:?}");
    }
}

#[test]
fn markup_in_text_and_names_is_shown_as_text() {
    let attack = "</title><script>alert(1)</script><img src=x onerror=alert(1)>";
    let text = format!("{attack} & \"it\" rained. \u{202E}Again\0.");
    let mut report = full_report(attack, OffsetUnit::Bytes);
    report.lang = "\"><script>".into();
    report.document.heads.insert("<script>head", super::super::HeadScore::Binary(0.5));
    for source in report.document.sources.iter_mut().flatten() {
        source.name = Some(attack.into());
    }
    for term in report.loaded.iter_mut().flatten() {
        term.passage.text = attack.into();
    }
    let page = page(&[(Document::new(attack, text.as_str()), report)]);
    assert_eq!(page.matches("<script").count(), 1, "the page's own");
    assert!(!page.contains("<img") && !page.contains("onerror=alert(1)>"));
    assert_eq!(text_content(articles(&page)[0]), text.replace('\0', "\u{FFFD}"));
}

#[test]
fn a_page_asks_nothing_of_the_network() {
    let page = page(&[(full_document("b"), full_report("b", OffsetUnit::Bytes))]);
    for outside in ["http:", "https:", " src=", "url(", "@import", "<link", "<base", "<iframe", " style=", " onclick="]
    {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn ids_are_given_once_and_every_reference_has_its_id() {
    let documents = [
        (full_document("b"), full_report("b", OffsetUnit::Chars)),
        (mixed_document("c"), mixed_report("c", OffsetUnit::Bytes)),
    ];
    let page = page(&documents);
    let values = |key: &str| -> Vec<String> {
        let value = |(at, _): (usize, &str)| page[at + key.len()..].split('"').next().unwrap().to_owned();
        page.match_indices(key).map(value).collect()
    };
    let ids = values(" id=\"");
    let set: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(set.len(), ids.len(), "{ids:?}");
    let links =
        values(" href=\"#").into_iter().chain(values(" aria-describedby=\"")).chain(values(" aria-labelledby=\""));
    for link in links.chain(values(" data-r=\"").into_iter().map(|id| format!("c-{id}"))) {
        assert!(set.contains(&link), "{link}");
    }
}

#[test]
fn regions_have_their_language_and_direction_and_say_why_they_are_masked() {
    let page = page(&[(mixed_document("c"), mixed_report("c", OffsetUnit::Bytes))]);
    assert!(page.contains("<div class=\"block scored body\" lang=\"ar\" dir=\"rtl\">"), "{page}");
    assert!(page.contains("lang=\"en\" dir=\"ltr\" data-label=\"not scored: caption\""), "{page}");
    assert!(page.contains("data-label=\"not scored: body in fr, no model\""), "{page}");
}

#[test]
fn only_several_documents_have_a_table_of_contents_and_none_is_a_page_too() {
    let one = || (document("a"), report("a"));
    assert!(!page(&[one()]).contains("<nav"));
    assert_eq!(page(&[one(), one()]).matches("<li><a href=\"#d").count(), 2);
    assert!(page(&[]).ends_with("</body></html>\n"));
}

/// A page on so many marks of so many characters each, the next one character on.
fn crossing(count: usize, length: usize) -> String {
    let text = "rain ".repeat((count + length) / 5 + 1);
    let ends: Vec<(usize, usize)> = (0..count).map(|at| (at, at + length)).collect();
    let mut report = cut(&text, &[], &ends);
    report.attributions = None;
    page(&[(Document::new("a", text.as_str()), report)])
}

#[test]
fn a_page_grows_with_the_number_of_crossing_marks_and_not_with_its_square() {
    for length in [15, 300, 2_500] {
        let (small, large) = (crossing(1_000, length).len(), crossing(4_000, length).len());
        assert!(large < 5 * small && large < 12 << 20, "{length}: {small}, {large}");
    }
    let page = crossing(100, 50);
    assert!(page.contains("Not marked in the text: 68 of 100 passages"));
    assert_eq!(page.matches(" id=\"d1l").count(), 100, "each can still be gone to");
    assert!(!crossing(10, 50).contains("Not marked in the text"));
}

/// The relative luminance of `#rrggbb` (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let part = |from: usize| {
        let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

#[test]
fn every_colour_of_words_stands_out_from_every_ground_in_light_and_in_dark() {
    let themes: Vec<&str> = frame::STYLE.split(":root {").skip(1).take(2).collect();
    assert_eq!(themes.len(), 2);
    for theme in themes {
        let colour = |name: &str| {
            let (_, after) = theme.split_once(&format!("--{name}: ")).unwrap();
            luminance(&after[..7])
        };
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        for words in ["ink", "soft", "purple", "red", "ochre", "blue", "green", "grey"] {
            let tint = format!("{words}-tint");
            let tint = theme.contains(&format!("--{tint}: ")).then_some(tint.as_str());
            for ground in ["paper", "sheet", "faint", "content-tint"].into_iter().chain(tint) {
                let contrast = contrast(colour(words), colour(ground));
                assert!(contrast >= 4.5, "{words} on {ground}: {contrast:.1}");
            }
        }
    }
}

/// A report on `text` whose sentences and regions are cut at these places, with marks that may lie anywhere.
fn cut(text: &str, cuts: &[usize], ends: &[(usize, usize)]) -> Report {
    let mut report = full_report("a", OffsetUnit::Chars);
    let length = text.chars().count();
    let mut cuts: Vec<usize> = cuts.iter().map(|&cut| cut.min(length)).chain([0, length]).collect();
    cuts.sort_unstable();
    let template = report.sentences[0].clone();
    let kinds = RegionKind::ALL.iter().cycle();
    report.sentences.clear();
    report.regions.clear();
    for (pair, kind) in cuts.windows(2).zip(kinds) {
        let (start, end) = (pair[0], pair[1]);
        if kind.is_scored() {
            report.sentences.push(SentenceReport { start, end, ..template.clone() });
        }
        let (lang, masked) = (if start.is_multiple_of(2) { "ar" } else { "en" }.to_owned(), !kind.is_scored());
        report.regions.push(RegionReport { kind: *kind, start, end, lang, masked, supported: true });
    }
    let term = report.loaded.iter().flatten().next().cloned().unwrap();
    let loaded = ends.iter().map(|&(start, end)| {
        let passage = PassageReport { start, end, text: String::new() };
        LoadedReport { passage, sentence: 0, ..term.clone() }
    });
    report.loaded = Some(loaded.collect());
    report
}

proptest! {
    #[test]
    fn any_article_with_any_sentences_regions_and_marks_is_its_original_text(
        text in "([a-z<&\"]{0,5}[ .\r\n\u{1}نé🔥\u{202E}]{0,3}){0,12}",
        cuts in prop::collection::vec(0usize..60, 0..8),
        ends in prop::collection::vec((0usize..60, 0usize..60), 0..8),
    ) {
        let page = page(&[(Document::new("a", text.as_str()), cut(&text, &cuts, &ends))]);
        let articles = articles(&page);
        prop_assert_eq!(articles.len(), 1);
        prop_assert_eq!(text_content(articles[0]), text);
    }
}
