//! What a reader expects of a page's text.

use super::*;
use proptest::prelude::*;

fn read(page: &str) -> Document {
    document(&Place::file("a.html"), "a", page.as_bytes(), false).unwrap()
}

/// The text of a region kind's regions.
fn regions(document: &Document, kind: RegionKind) -> Vec<&str> {
    let of_kind = document.regions().iter().filter(|region| region.kind == kind);
    of_kind.map(|region| region.span.slice(document.text())).collect()
}

/// Paragraphs long enough to be taken for an article.
const FIRST: &str = "The harbour board of Ostrel voted on Tuesday to widen the northern quay, a plan that had been \
                     argued over for eleven years and that will cost the town 48 million crowns.";
const SECOND: &str = "Fishing crews, who had asked for a vote of their own, said that the work would close two of \
                      their four berths until the spring, and that nobody had offered them another place.";
const THIRD: &str = "The board's chair answered that the berths would be open again by March, that the crews would be \
                     paid for every lost day, and that the dredging had to begin before the winter storms.";

fn page() -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>Quay to be widened | The Ostrel Post</title>\
         <meta name=author content='Mira Solheim'><style>p {{ color: red }}</style><script>var a = '<p>no</p>';</script>\
         </head><body><nav><ul><li><a href=/>Home</a><li><a href=/w>Weather</a></ul></nav>\
         <article><h1>Quay to be <em>widened</em></h1><p>{FIRST}</p>\
         <figure><img src=q.jpg alt='An alternative text'><figcaption>The quay in May. Photo: Post</figcaption></figure>\
         <p>{SECOND}</p><h2>What comes next</h2><p>{THIRD}</p><ul><li>Dredging in May</li><li>Piles in June</li></ul>\
         <p>Open<b>ing</b> caf&eacute; &amp; bar,<br>then &lt;done&gt;.</p></article>\
         <footer>All rights reserved. Contact us.</footer></body></html>"
    )
}

#[test]
fn an_article_has_its_headline_first_and_one_line_a_paragraph() {
    let found = read(&page());
    assert_eq!(found.extraction(), Some(Extraction::Article));
    let paragraphs: Vec<&str> = found.text().split("\n\n").collect();
    let expected = [
        "Quay to be widened",
        "Mira Solheim",
        FIRST,
        "The quay in May. Photo: Post",
        SECOND,
        "What comes next",
        THIRD,
        "Dredging in May",
        "Piles in June",
        "Opening café & bar,\nthen <done>.",
    ];
    assert_eq!(paragraphs, expected);
    assert_eq!(regions(&found, RegionKind::Headline), ["Quay to be widened"]);
    assert_eq!(regions(&found, RegionKind::Byline), ["Mira Solheim"]);
    assert_eq!(regions(&found, RegionKind::Caption), ["The quay in May. Photo: Post"]);
}

#[test]
fn an_arabic_page_in_windows_1256_is_read_like_one_in_utf_8() {
    let paragraph = "أعلن مجلس المرفأ يوم الثلاثاء أنه سيوسع الرصيف الشمالي، وهي خطة استمر الجدل حولها أحد عشر عاماً، \
                     وستكلف المدينة ثمانية وأربعين مليون كرونة. وقال الصيادون إن أحداً لم يعرض عليهم مكاناً آخر، وإنهم لن \
                     يقبلوا بإغلاق اثنين من مراسيهم الأربعة حتى الربيع.";
    let page = |charset: &str| {
        format!(
            "<html dir=rtl><head><meta charset={charset}><title>توسيع الرصيف</title></head><body><article>\
             <h1>توسيع الرصيف</h1><p>{paragraph}</p><figure><img><figcaption>الرصيف في مايو</figcaption></figure>\
             <p>{paragraph}</p><p>{paragraph}</p></article></body></html>"
        )
    };
    let page_1256 = page("windows-1256");
    let (bytes, _, is_lossy) = encoding_rs::WINDOWS_1256.encode(&page_1256);
    assert!(!is_lossy);
    let old = document(&Place::file("a.html"), "a", &bytes, false).unwrap();
    let new = read(&page("utf-8"));
    assert_eq!(old.text(), new.text());
    assert!(new.text().starts_with("توسيع الرصيف\n\nأعلن مجلس"), "{}", new.text());
    assert_eq!(regions(&new, RegionKind::Caption), ["الرصيف في مايو"]);
}

#[test]
fn a_page_without_an_article_gives_all_of_its_text() {
    let found = read("<html><body><nav>Home</nav></body></html>");
    assert_eq!((found.text(), found.extraction()), ("", Some(Extraction::Page)));
}

#[test]
fn inline_elements_join_words_and_blocks_part_them() {
    let walk = |body: &str| -> Vec<String> {
        lines::lines(Tree::from(body).body().unwrap()).into_iter().map(|line| line.text).collect()
    };
    assert_eq!(walk("<p><b>go</b>ne</p><p>by</p>"), ["gone", "by"]);
    assert_eq!(walk("a <i> b</i>\n\t<u>c </u> d"), ["a b c d"]);
    assert_eq!(walk("one<div>two<div>three</div>four</div>five"), ["one", "two", "three", "four", "five"]);
    assert_eq!(walk("<table><tr><td>a<td>b<tr><th>c</table>"), ["a\tb", "c"]);
    assert_eq!(walk("one<br> two <br><br>three<br>"), ["one\ntwo\nthree"]);
    assert_eq!(walk("<pre>one\n  two</pre>"), ["one\ntwo"]);
    assert_eq!(walk("<p>caf&eacute;&nbsp;&#1602;&#x2014;&bogus;</p>"), ["café\u{a0}ق—&bogus;"]);
    assert_eq!(walk("<p hidden>no</p><noscript><p>no</p></noscript><select><option>no</select>yes"), ["yes"]);
}

#[test]
fn captions_are_told_by_element_and_class() {
    let page = "<figure><figcaption><p>One</p><p>Two</p></figcaption></figure><p class='wp-caption-text'>Three</p>\
                <div class='a image__caption'>Four</div><p class=captioned>Five</p>";
    let found = lines::lines(Tree::from(page).body().unwrap());
    let captions: Vec<(&str, bool)> = found.iter().map(|line| (line.text.as_str(), line.caption)).collect();
    assert_eq!(captions, [("One", true), ("Two", true), ("Three", true), ("Four", true), ("Five", false)]);
}

#[test]
fn a_page_is_told_by_how_it_begins() {
    let pages = ["<!DOCTYPE html>", "\u{feff} <HTML lang=ar>", "<!-- a --><?xml version='1.0'?>\n<html>", "<body>"];
    assert!(pages.iter().all(|page| is_html(page.as_bytes())));
    let texts = ["", "<", "Text <html>", "<p>", "<htmlx>", "<headline>", "<!-- open", "{\"a\":1}", "<?xml ?><rss>"];
    assert!(texts.iter().all(|text| !is_html(text.as_bytes())));
}

#[test]
fn hostile_pages_are_refused_or_read_in_bounded_time() {
    let deep = |tag: &str| format!("<!doctype html>{}", tag.repeat(100_000));
    for tag in ["<div>", "<table><td>", "<svg>", "<ul><li>", "<a><div>", "<b><div>"] {
        let error = document(&Place::file("a.html"), "a", deep(tag).as_bytes(), false);
        assert!(error.is_err_and(|e| e.to_string().contains("elements inside each other")), "{tag}");
    }
    let fostered = format!("<table>{}", "<div>".repeat(100_000));
    assert!(document(&Place::file("a.html"), "a", fostered.as_bytes(), false).is_err());
    let fonts: String = (0..300).map(|n| format!("<p><font size={n}>")).collect();
    let bomb = fonts + &"</p><p>x".repeat(50_000);
    assert!(document(&Place::file("a.html"), "a", bomb.as_bytes(), false).is_err());
    for flat in ["<p>a", "<br>", "</div>", "<li>", "<a>x", "<table>", "<p><b>x", "<!--", "&amp;", "<td>", "<i x="] {
        document(&Place::file("a.html"), "a", flat.repeat(40_000).as_bytes(), false).unwrap();
    }
}

proptest! {
    #[test]
    fn any_bytes_give_a_document_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300), lossy: bool) {
        let _ = document(&Place::file("a.html"), "a", &bytes, lossy);
        let _ = is_html(&bytes);
    }

    #[test]
    fn any_markup_gives_text_and_regions_that_slice_it(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<p>", "</p>", "<div>", "</div>", "<h1>", "</h1>", "<h2>", "<figcaption>", "</figcaption>", "<figure>", "<table>",
            "<tr>", "<td>", "</table>", "<br>", "<pre>", "</pre>", "<b>", "</b>", "<a href=x>", "<title>", "</title>",
            "<script>", "</script>", "<!--", "-->", "<svg>", "<template>", "<select>", "&amp;", "&#0;", "\u{0}", "\u{feff}",
            "قال الوزير، ", "The council voted on Tuesday, 48 to 3. ", "\n", " ", "🔥", "<meta name=author content='A B'>",
            "<article>", "</article>", "<body class=x>", "<html>", "</html>", "<p class=byline>By A B</p>", "<li>", "<frameset>",
        ]), 0..60)
    ) {
        let Ok(found) = document(&Place::file("a.html"), "a", parts.concat().as_bytes(), true) else { return Ok(()) };
        let mut end = 0;
        for region in found.regions() {
            prop_assert!(end <= region.span.start && region.span.start < region.span.end);
            prop_assert!(found.text().get(region.span.start..region.span.end).is_some());
            end = region.span.end;
        }
        prop_assert!(!found.text().contains("\n\n\n"));
    }
}
