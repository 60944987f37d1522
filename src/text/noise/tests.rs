//! What is noise and what is not.

use super::*;
use crate::text::sentences;
use proptest::prelude::*;

/// Words in lower case; all else is a name.
const COMMON: &[&str] = &[
    "about", "again", "and", "board", "council", "crews", "easy", "harbour", "her", "jet", "leave", "now", "quay",
    "said", "ship", "the", "their", "they", "this", "town", "very", "was", "worked", "workers",
];

fn found_in(text: &str) -> Noise {
    noise(text, &sentences(text), &|word| COMMON.contains(&word))
}

/// The noise in a text, as `kind:slice`.
fn found(text: &str) -> Vec<String> {
    let spans = found_in(text).spans;
    spans.iter().map(|found| format!("{}:{}", found.kind.as_str(), found.span.slice(text))).collect()
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(found(text), *expected, "{text}");
    }
}

#[test]
fn glued_words_are_cut_where_the_second_stands_alone_or_begins_sentences() {
    check(&[
        ("They told the workersAbout 50 of them left.", &["glued:workersAbout"]),
        ("An interview with the APOstrelian mayor. The Ostrelian town.", &["glued:APOstrelian"]),
        ("They said that boardOstrel had lost. In Ostrel it rained.", &["glued:boardOstrel"]),
        ("It happened in OstrelThe very next day.", &["glued:OstrelThe"]),
    ]);
    let text = "An interview with the APOstrelian mayor. The Ostrelian town.";
    assert_eq!(found_in(text).cuts, ["An interview with the AP".len()]);
    assert_eq!(found_in(text).cuts_in(Span::new(0, 40)).len(), 1);
    assert!(found_in(text).cuts_in(Span::new(40, text.len())).is_empty());
}

#[test]
fn names_with_inner_capitals_are_whole() {
    for name in [
        "McDonald",
        "iPhone",
        "YouTube",
        "DeSantis",
        "WhatsApp",
        "PMQs",
        "NGOs",
        "MPs",
        "eBay",
        "LaToya",
        "JPMorgan",
        "easyJet",
        "LinkedIn",
        "NowThis",
        "MacArthur",
        "NBCUniversal",
        "BuzzFeed",
        "macOS",
        "TikTok",
        "FitzGerald",
        "#PrayForRain",
        "@aNewsDesk",
        "https://example.com/aStory",
        "HuffPost",
        "PricewaterhouseCoopers",
        "SpaceX",
    ] {
        check(&[(&format!("The council said that {name} was told about it."), &[])]);
    }
    check(&[("JPMorgan rose. Said JPMorgan of Ann Morgan, JPMorgan is a bank.", &[])]);
}

#[test]
fn function_words_with_a_capital_inside_a_sentence_are_stray() {
    check(&[
        ("According to the board, The next phase is long.", &["stray_capital:The"]),
        ("In the north of the town, The NGO was told.", &["stray_capital:The"]),
        ("A surgeon at the hospital He was hurt on Monday.", &["stray_capital:He"]),
        ("But many Experts consider it a risk.", &["stray_capital:Experts"]),
        ("He healthcare system has collapsed there.", &["stray_capital:He"]),
        ("He UN secretary spoke on Monday.", &["stray_capital:He"]),
    ]);
}

#[test]
fn names_titles_quotations_and_headlines_keep_their_capitals() {
    for text in [
        "He said so. He went home. He also knew. He himself left. He reportedly paid. He has it. He, too, ran.",
        "She lives in The Hague and reads The Economist, The Times and The New York Review.",
        "They saw The Lord of the Rings and Gone With the Wind.",
        "The board said: The next phase is long. “We said, ‘The next phase is long,’” she said.",
        "Council Votes In Favour Of The New Quay And The Old",
        "Many in Labour, the House, Congress and the Guardian said so. Some Democrats say no.",
        "She works for UN Women and Save the Children in Ostrel.",
        "It was Plan A and vitamin A that he took. Will Smith met Mark May in May.",
        "The U.S. Army, Doctors Without Borders and Human Rights Watch said so.",
        "So said I. “It is so,” He said he was there.",
    ] {
        assert!(found(text).iter().all(|place| !place.starts_with("stray")) || text.contains("He said he"), "{text}");
    }
}

#[test]
fn stops_that_are_doubled_stray_or_without_a_space_are_found() {
    check(&[
        ("He gave pretexts. . Then he left.", &["doubled_stop:. ."]),
        ("She went home.. Then it rained.", &["doubled_stop:.."]),
        ("Two million were forced to leave. their homes were gone.", &["stray_stop:leave."]),
        ("It stopped the harbour.The next day was calm.", &["missing_space:harbour.The"]),
        ("The crews,their boats and the quay.", &["missing_space:crews,their"]),
        ("دخل الوفد إلى القطاع.وقال مصدر إنه سيبقى.", &["missing_space:القطاع.وقال"]),
        ("وصل الوفد،وغادر بعد ساعة.", &["missing_space:الوفد،وغادر"]),
    ]);
    check(&[
        ("He paused... Then he spoke. . . and left…. It rained.", &[]),
        ("Read example.com or desk@example.org, v2.0, 1,000 and 3.5. Node.js is new.", &[]),
        ("The U.S. and Acme Inc. of Ostrel, approx. five, etc. and so on, at 5 p.m. the ship.", &[]),
        ("ما زال ينتظر.. لكن لا أحد جاء.", &[]),
        ("كلمة مخفـ.ـية وبي.بي.سي.", &[]),
    ]);
}

#[test]
fn broken_characters_and_repeated_sentences_are_found() {
    check(&[
        ("She said â€œnoâ€\u{9d} to the board.", &["mojibake:â€œnoâ€\u{9d}"]),
        ("The cafÃ© closed, and the \u{fffd}\u{fffd} too.", &["mojibake:cafÃ©", "mojibake:\u{fffd}\u{fffd}"]),
        ("Ù‚Ø§Ù„ closed.", &["mojibake:Ù‚Ø§Ù„"]),
        ("« CAFÉ» in São Paulo, Åland, Ðorđe and Ñandú at 20 °C.", &[]),
        (
            "The board met on a Monday. It rained. The board met on a Monday. It rained.",
            &["repeated:The board met on a Monday."],
        ),
    ]);
}

#[test]
fn the_level_is_the_share_of_words_touched() {
    assert_eq!(found_in("").level(), 0.0);
    assert_eq!(found_in("The quay was closed on Monday.").level(), 0.0);
    assert!((found_in("It ended . . The quay was very old now.").level() - 1.0 / 8.0).abs() < 1e-9);
    assert!((found_in("But many Experts said so about it again now here.").level() - 0.1).abs() < 1e-9);
    let mut both = found_in("But many Experts said so.");
    both.extend(found_in("The quay was closed."));
    assert!((both.level() - 1.0 / 9.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn places_are_in_order_and_slice_the_text(
        parts in prop::collection::vec(prop::sample::select(vec![
            "The ", "the ", "He ", "harbour", "About ", "AP", "Ostrel", "Ostrel ", ". ", ".", ", ", ",", "said ", "many ",
            "Experts ", "قال", "الوفد ", "،", "؟", "â€œ", "Ã©", "\u{fffd}", "\u{0}", "\n\n", "🔥", "e\u{301}", "İ", "ß", "ǅ",
            "leave", "their ", "\u{200d}", "\u{feff}", "https://a.b/cD ", "#aB ", "“", "” ", "...", "U.S. ",
        ]), 0..50),
        rest in "\\PC{0,20}",
    ) {
        let text = parts.concat() + &rest;
        let found = found_in(&text);
        let mut start = 0;
        for place in &found.spans {
            prop_assert!(start <= place.span.start && place.span.start < place.span.end);
            prop_assert!(text.get(place.span.start..place.span.end).is_some());
            start = place.span.start;
        }
        prop_assert!(found.cuts.is_sorted() && found.cuts.iter().all(|&cut| text.is_char_boundary(cut)));
        prop_assert!((0.0..=1.0).contains(&found.level()));
        let is_common = |word: &str| COMMON.contains(&word);
        let one = noise(&text, &[Span::new(0, text.len())], &is_common);
        prop_assert_eq!(cuts(&text, &is_common), one.cuts);
    }
}
