//! What a reader expects of the sentences of news prose.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

/// Each text is its sentences with `|` between them, which is taken out first.
fn check(cases: &[&str]) {
    let mut wrong = Vec::new();
    for case in cases {
        let text = case.replace('|', "");
        let found: Vec<_> = sentences(&text).iter().map(|span| span.slice(&text)).collect();
        let expected: Vec<_> = case.split('|').map(|part| part.trim_matches(is_blank)).collect();
        if found != expected {
            wrong.push(format!("{found:#?}\n  expected {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn plain_sentences_end_at_their_marks() {
    check(&[
        "The bridge reopened. |Traffic was light.",
        "Who paid for it? |Nobody knows!|  The mayor does.",
        "It rained!!! |Then it stopped?! |Yes.",
        "One sentence without an end",
        "The lake froze. |3 people skated.",
        "Prices rose. |(The bank expected that.) |Wages did not.",
        "The lake froze. |#Winter came early.",
    ]);
}

#[test]
fn abbreviations_before_names_and_numbers_do_not_end_a_sentence() {
    check(&[
        "Mr. Baker and Dr. Lund met Sen. Ortiz. |They left.",
        "Gov. Hale spoke in St. Albans on Jan. 5. |Then he flew home.",
        "See No. 5 on page 3. |He said No. |The end came soon.",
        "Fruit, e.g. Apples, and veg, i.e. Leeks, vs. Meat.",
        "Lt. Gen. Amos Reed retired. |Prof. Ito did not.",
        "It works for Acme Inc. and Bolt Ltd. in town. |It grew.",
        "The firm is Acme Inc. |The owner is rich.",
        "Acme Corp. Chairman Ivo Lind resigned.",
    ]);
}

#[test]
fn initials_and_dotted_acronyms_end_a_sentence_only_before_a_common_opener() {
    check(&[
        "J. K. Marlow met John F. Stone. |They talked.",
        "The U.S. Army and the U.N. Council met. |It was late.",
        "He moved to the U.S. |In May he returned.",
        "Troops from the U.K. |But none from France.",
        "It begins at 9 a.m. Monday and ends at 5 p.m. |The doors open early.",
        "He holds a Ph.D. from Lund. |She does not.",
        "The U.S.’s role is small. |It’s growing.",
        "U.S. Has Improved, U.N. To Meet",
    ]);
}

#[test]
fn closing_marks_stay_with_their_sentence() {
    check(&[
        "“We will stay,” she said. |“We must.” |He nodded.",
        "“It is over.” |The crowd left.",
        "\"It is over.\" |\"Is it?\" |The crowd left.",
        "(It was late.) |The crowd left.",
        "He called it “a mess.” |Others agreed.",
        "She said ‘no.’ |He agreed.",
        "He said „Nein.“ |Dann ging er.",
        "It ended. ” |The rest is known.",
    ]);
}

#[test]
fn a_quotation_with_a_mark_goes_on_with_its_speaker() {
    check(&[
        "“Why?” he asked. |“Because.”",
        "“Stop!” shouted the guard. |They ran.",
        "“Who knows?” Mr. Smith asked. |Nobody did.",
        "“Really?” Mayor Ana Lind said. |It was late.",
        "The “zone of peace.” and other names were used.",
        "“Never!”, he said. |“Ever?” |The room was silent.",
        "Yahoo! said it would sell.",
    ]);
}

#[test]
fn ellipses_end_a_sentence_only_before_a_capital() {
    check(&[
        "We waited … and waited ... and left. |Nothing came.",
        "He paused... |Then he spoke.",
        "“We know …  they [now] say ‘never.’ |Of course they do.”",
        "ما زال ينتظر.. لكن لا أحد جاء.",
        "ما زال ينتظر.. #المدينة صامتة.",
        "He left. … |She stayed.",
    ]);
}

#[test]
fn numbers_times_addresses_and_names_with_stops_are_whole() {
    check(&[
        "It cost $1.2m, or 3.5 percent, at 10.30 in v2.0.1 of it.",
        "Read example.com or www.example.org/A.B?c=d.E today. |Write to a.b@example.com.",
        "The .NET team and Node.js users met. |They agreed.",
        "See https://example.com/storyAboutThings/andMore. |The rest is here.",
        "A post by @someNewsDesk with #prayForRain and #RainNow spread.",
        "1. Open the door. |Close it.",
        "It happened in 2023. |In 2024 it stopped.",
    ]);
}

#[test]
fn glued_sentences_are_parted_and_brands_are_not() {
    check(&[
        "They told the authorities|About the site nobody spoke.",
        "It stopped the attack.|The next day was calm.",
        "It ended the war.|The next day was calm.",
        "“It is so,” he said.|“We too.”",
        "We defend themselves|I am told.",
        "Is that so?|The mayor thinks so.",
        "“We saw it.”|The others did not.",
        "An iPhone, an eBay sale, a YouTube clip, McDonald, a PlayStation, WhatsApp, an easyJet flight and gofundMe.",
        "The macOS and the deepfaKe.",
        "وصل الوفد إلى المدينة.|وغادر بعد ساعة.",
        "كلمة مخفـ.ـية ومقطـ.عة.",
        "قالت إذاعة بي.بي.سي إنه غادر.",
    ]);
}

#[test]
fn stray_stops_belong_to_the_sentence_before() {
    check(&["He gave pretexts. . |Then he left.", "It was at the lake. .", "It was late . |They left ."]);
}

#[test]
fn lines_are_joined_where_prose_is_wrapped_and_parted_where_it_is_not() {
    check(&[
        "Mayor opens bridge\n\n|The mayor opened a bridge on\nMonday. |It is long.",
        "Mayor opens bridge\n|By Ana Lind\n|Oct 24, 2023 - 14:39\n|The mayor opened it.",
        "The mayor, who had waited for\nthe day for years, opened the\nNew Bridge on Monday. |It is\nlong.",
        "Asked for:\n|- a bridge\n|• a school\n|* A park. |Two, even.\n|1. a lake\n|a) a road",
        "One line.\r\n|Another line.\r\n\r\n|A third",
        "The end of it\n|https://example.com/a",
        "\u{feff}The start. \u{200b}|The end.\u{200b}",
    ]);
}

#[test]
fn other_scripts_have_their_own_marks() {
    check(&[
        "هل وصل الوفد؟ |نعم، وصل؛ ثم غادر. |انتهى الخبر.",
        "会议结束了。|代表离开了。",
        "本当ですか？|はい！|そうです。",
        "यह सच है। |वह गया।",
        "سچ ہے۔ |وہ گیا۔",
    ]);
}

#[test]
fn a_sentence_is_cut_at_white_space_when_it_is_too_long() {
    let words = "word ".repeat(3000);
    let found = sentences(&words);
    assert!(found.iter().all(|span| span.len() <= MAX_SENTENCE_BYTES && span.slice(&words).ends_with("word")));
    assert_eq!(found.len(), 4);
    let run = "字".repeat(3000);
    assert!(sentences(&run).iter().all(|span| span.len() <= MAX_SENTENCE_BYTES && !span.slice(&run).is_empty()));
}

#[test]
fn nothing_visible_has_no_sentences() {
    for text in ["", " \n\t", "\u{feff}", "\u{200b}\r\n\u{a0}"] {
        assert!(sentences(text).is_empty());
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    let seeds = [". ", "a.", "“", "? ! ", "U.S. ", "\u{a0}", "aaaaB", "www.", ".\"", "\n.", "(", "¿", "'a ", "12' "];
    for seed in seeds {
        let text = format!("x.{}y. Z", seed.repeat(400_000 / seed.len()));
        assert!(!sentences(&text).is_empty());
        assert!(crate::text::quoted(&text).len() <= text.len());
        assert!(crate::text::words(&text).count() > 0);
    }
}

proptest! {
    #[test]
    fn sentences_are_trimmed_ordered_and_cover_everything_visible(
        text in "(\\PC|[a-zA-Z .,!?…\"'“”‘’\n\r\t\u{feff}\u{200b}\u{2028}#@0-9-]|Mr\\. |U\\.S\\. |https://|www\\.| said|The |؟|。)*"
    ) {
        let mut end = 0;
        for span in sentences(&text) {
            let slice = span.slice(&text);
            prop_assert!(span.start >= end && !slice.is_empty() && span.len() <= MAX_SENTENCE_BYTES);
            prop_assert_eq!(slice, slice.trim_matches(is_blank));
            prop_assert!(text[end..span.start].chars().all(is_blank));
            end = span.end;
        }
        prop_assert!(text[end..].chars().all(is_blank));
    }
}
