//! What stands for an entry, and what does not.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

fn found(forms: &[&str], text: &str) -> Vec<String> {
    let aliases = Aliases::new([("entry", forms.to_vec())]);
    let found = aliases.find(text, Span::new(0, text.len()));
    found.iter().map(|mention| mention.span.slice(text).to_owned()).collect()
}

#[test]
fn a_lower_case_form_stands_for_any_case_and_its_plural_and_possessive() {
    let text = "Truces fail. The truce, the TRUCE and the truce’s end; a truced trucebreaker";
    assert_eq!(found(&["truce"], text), ["Truces", "truce", "TRUCE", "truce"]);
}

#[test]
fn a_hyphen_is_a_space_and_nothing_is_not() {
    let text = "a cease-fire, a cease fire, a ceasefire, a cease - fire";
    assert_eq!(found(&["cease-fire"], text), ["cease-fire", "cease fire"]);
    assert_eq!(found(&["cease fire"], text), ["cease-fire", "cease fire"]);
    assert_eq!(found(&["ceasefire"], text), ["ceasefire"]);
    assert_eq!(found(&["US"], "the US-led force"), ["US"]);
}

#[test]
fn a_form_in_capitals_stands_for_capitals_alone() {
    assert_eq!(found(&["US"], "The US told us, and Us: US's US’s"), ["US", "US", "US"]);
    assert_eq!(found(&["U.S."], "The U.S. and the U.S.-led; in the U.S.’s view. u.s. US"), ["U.S.", "U.S.", "U.S."]);
    assert_eq!(found(&["NGO"], "NGOs and an NGO"), ["NGOs", "NGO"]);
}

#[test]
fn a_form_with_a_capital_stands_for_capitals_in_the_same_places() {
    assert_eq!(found(&["Turkey"], "Turkey ate turkey; TURKEY, #Turkey"), ["Turkey", "TURKEY", "Turkey"]);
    assert_eq!(found(&["White House"], "the White House is a white house"), ["White House"]);
    assert_eq!(found(&["Bank of England"], "Bank Of England's"), ["Bank Of England"]);
}

#[test]
fn digits_tell_forms_apart() {
    assert_eq!(found(&["G7"], "The G7, the G8 and the g7"), ["G7"]);
    assert_eq!(found(&["Resolution 242"], "Resolution 242, Resolution 338"), ["Resolution 242"]);
}

#[test]
fn the_longest_form_wins_and_the_first_entry_of_two() {
    let aliases = Aliases::new([("a", vec!["Sudan"]), ("b", vec!["South Sudan", "Sudan"]), ("c", vec!["South"])]);
    let text = "Sudan, South Sudan, South Korea";
    let found = aliases.find(text, Span::new(0, text.len()));
    assert_eq!(found.iter().map(|m| m.entry).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!((aliases.name(1), aliases.name(3), aliases.len()), ("b", "", 3));
}

#[test]
fn arabic_forms_are_found_behind_proclitics_and_the_span_is_without_them() {
    let text = "وهدنة وبالهدنة للهدنة لهدنة فالهدنة هُدنة والهدنات";
    assert_eq!(found(&["هدنة"], text), ["هدنة", "الهدنة", "هدنة", "هدنة", "الهدنة", "هُدنة"]);
    assert_eq!(found(&["وقف إطلاق النار"], "ووقف اطلاق النار ولوقف إطلاق النّار"), ["وقف اطلاق النار", "وقف إطلاق النّار"]);
    assert_eq!(found(&["وقف إطلاق النار"], "وقف لإطلاق النار"), ["وقف لإطلاق النار"]);
    assert_eq!(found(&["ألمانيا"], "وألمانيا لألمانيا المانيا"), ["ألمانيا", "ألمانيا", "المانيا"]);
    assert_eq!(found(&["غزة"], "#غزة"), ["غزة"]);
}

#[test]
fn an_arabic_form_with_the_article_needs_it() {
    let text = "البيت الأبيض، بيت أبيض، للبيت الأبيض، بالبيت الأبيض";
    assert_eq!(found(&["البيت الأبيض"], text), ["البيت الأبيض", "بيت الأبيض", "البيت الأبيض"]);
    assert_eq!(found(&["أمريكي"], "الأمريكي أمريكي"), ["الأمريكي", "أمريكي"]);
}

#[test]
fn a_paragraph_ends_a_form_and_a_line_does_not() {
    assert_eq!(found(&["Saudi Arabia"], "Saudi\nArabia, Saudi\n\nArabia, Saudi. Arabia"), ["Saudi\nArabia"]);
}

#[test]
fn only_the_asked_part_is_read() {
    let aliases = Aliases::new([("x", vec!["truce"])]);
    let text = "truce truce truce";
    assert_eq!(aliases.find(text, Span::new(6, 11)), [AliasMention { span: Span::new(6, 11), entry: 0 }]);
    assert_eq!(aliases.find(text, Span::new(6, 99)), []);
    assert_eq!(Aliases::default().find(text, Span::new(0, 17)), []);
}

#[test]
fn forms_without_a_word_stand_for_nothing() {
    assert_eq!(found(&["", " ", "\u{200b}"], "a \u{200b} b"), Vec::<String>::new());
    assert_eq!(found(&[&"a ".repeat(LONGEST_FORM + 1)], &"a ".repeat(40)), Vec::<String>::new());
}

proptest! {
    #[test]
    fn mentions_are_in_order_apart_and_on_boundaries(
        text in "(\\PC|cease|fire|US|'s|-| |وقف|إطلاق|ال|لل|و|ل|\u{64e}|\u{640}|\u{fef7}|#|\n|é){0,24}",
        forms in proptest::collection::vec("(\\PC|cease|fire|US| |-|وقف|إطلاق|ال|\u{fef7}|é){0,4}", 0..6),
    ) {
        let aliases = Aliases::new(forms.iter().map(|form| (form, vec![form])));
        let mut end = 0;
        for mention in aliases.find(&text, Span::new(0, text.len())) {
            prop_assert!(mention.span.start >= end && mention.span.end > mention.span.start);
            prop_assert!(!mention.span.slice(&text).is_empty());
            prop_assert!(mention.entry < aliases.len());
            end = mention.span.end;
        }
    }

    #[test]
    fn a_form_is_found_in_its_own_text(form in "[a-zA-Z]{1,6}( [a-zA-Z]{1,6}){0,2}|[ابتنهو]{2,6}( [ابتنهو]{2,6}){0,2}") {
        let aliases = Aliases::new([("x", vec![&form])]);
        let whole = Span::new(0, form.len());
        prop_assert_eq!(aliases.find(&form, whole), [AliasMention { span: whole, entry: 0 }]);
    }
}
