//! The regions that the shipped model finds, on pages written for this test and on articles as they arrived.
//!
//! In: texts; where they are there, the seed articles of the shared data (`SHARED`, else `../shared`), whose lines are
//! named by number. Out: which lines are masked. Start at [`masked`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

use parallax::heads::region::RegionHead;
use parallax::text::{Region, RegionKind, is_blank};
use parallax::train::{page, regions};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn regions_of(text: &str) -> Vec<Region> {
    RegionHead::shipped().regions(text)
}

/// The numbers, from 1, of the lines that a predicate of kinds holds for.
fn lines_that(text: &str, is: impl Fn(RegionKind) -> bool) -> BTreeSet<usize> {
    let line = |at: usize| 1 + text[..at].matches('\n').count();
    let visible = |number: &usize| !text.lines().nth(number - 1).unwrap().trim_matches(is_blank).is_empty();
    let of = |region: &Region| line(region.span.start)..=line(region.span.end);
    regions_of(text).iter().filter(|region| is(region.kind)).flat_map(of).filter(visible).collect()
}

fn masked(text: &str) -> BTreeSet<usize> {
    lines_that(text, |kind| !kind.is_scored())
}

fn training() -> Vec<page::Page> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/regions");
    ["regions_en.txt", "regions_ar.txt"].iter().flat_map(|name| page::read(&folder.join(name)).unwrap()).collect()
}

/// Each seed, and the lines that have to be masked. No other line may be.
const SEEDS: [(&str, &[usize]); 5] = [
    ("000_7cee83af6b2abacf.txt", &[5, 6, 7]),
    ("001_491299173c380ad5.txt", &[3, 33, 35]),
    ("002_19a1884c06daae82.txt", &[7, 9, 19, 21, 23, 25, 27, 29, 47, 49, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60]),
    ("003_8e5cfe9cac27bdcd.txt", &[1, 5, 26, 28, 30, 31]),
    ("004_a8d747af306b01f0.txt", &[]),
];

#[test]
fn of_the_seeds_all_boilerplate_is_masked_and_no_body() {
    let shared = std::env::var_os("SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let folder = shared.join("data/seeds");
    if !folder.is_dir() {
        eprintln!("\n*** SKIPPED: {} is not there, so no seed is read\n", folder.display());
        return;
    }
    for (name, expected) in SEEDS {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(masked(&text), expected.iter().copied().collect(), "{name}");
    }
}

#[test]
fn the_examples_are_not_masked() {
    for name in ["harbour_framed.txt", "harbour_plain.txt"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/articles").join(name);
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(masked(&text), BTreeSet::new(), "{name}");
    }
}

#[test]
fn the_bodies_that_it_was_fitted_to_are_read_whole_when_they_stand_alone() {
    for variant in [page::Variant::Body, page::Variant::DenseBody] {
        let (mut lines, mut wrong) = (0, 0);
        for body in training().iter().filter_map(|page| page.variant(variant)) {
            lines += body.lines.len();
            wrong += masked(&body.text).len();
        }
        assert!(wrong * 200 <= lines, "{wrong} of {lines}");
    }
}

#[test]
fn a_scraped_page_is_told_apart() {
    let text = "Home | World | Sport\n\nQuarry to close after a century\n\nBy Mina Stroud\n12 May 2021\n\nThe last quarry \
                in the Lund valley will close in June, its owners said on Wednesday.\n\nAbout forty people work there. \
                Most of them are to be offered jobs at the new depot.\n\n\"My father cut stone here, and his father,\" \
                said Per Hagen, a foreman.\n\nShare this article\n\nRead also\n\nDepot opens two months late\n\nLeave a \
                Reply\n\nYour email address will not be published.";
    assert_eq!(masked(text), [1, 5, 6, 14, 16, 18, 20, 22].into());
    assert_eq!(lines_that(text, |kind| kind == RegionKind::Headline), [3].into());
}

#[test]
fn an_arabic_page_is_told_apart() {
    let text = "الرئيسية | أخبار | رياضة\n\nإغلاق المقلع بعد قرن من العمل\n\n12 أيار 2021\n\nيغلق آخر مقلع في وادي \
                اللوز أبوابه في حزيران المقبل، وفق ما أعلن أصحابه الأربعاء.\n\nويعمل في المقلع نحو أربعين شخصا، وقال \
                أصحابه إن معظمهم سينقل إلى المستودع الجديد.\n\nوقال رئيس العمال سامي ديب: \"أبي قطع الحجر هنا، وجدي \
                من قبله\".\n\nشارك\n\nاقرأ أيضا\n\nافتتاح المستودع بعد تأخير شهرين";
    assert_eq!(masked(text), [1, 5, 13, 15, 17].into());
    assert_eq!(lines_that(text, |kind| kind == RegionKind::Headline), [3].into());
}

#[test]
fn one_line_is_body_and_a_blank_text_has_no_regions() {
    let text = "\n  Share this article  \n";
    let regions = regions_of(text);
    assert_eq!(regions.len(), 1);
    assert_eq!((regions[0].kind, regions[0].span.slice(text)), (RegionKind::Body, "Share this article"));
    assert!(regions_of(" \u{feff}\n\n").is_empty() && regions_of("").is_empty());
}

#[test]
fn the_shipped_weights_are_what_the_training_pages_give() {
    let shipped = RegionHead::shipped();
    assert_ne!(*shipped, RegionHead::default(), "the file that is built in cannot be read");
    let again = regions::fit_all(&training(), shipped.threshold()).unwrap();
    assert_eq!(again.to_json().unwrap(), shipped.to_json().unwrap());
}

#[test]
fn a_page_of_very_many_lines_is_read_in_parts_and_whole() {
    let text = "The ferry sailed at noon and came back at six, the harbour office said.\n".repeat(10_000);
    let regions = regions_of(&text);
    assert_eq!(regions.iter().map(|region| region.span.slice(&text).lines().count()).sum::<usize>(), 10_000);
}

proptest! {
    #[test]
    fn regions_are_ordered_trimmed_and_cover_everything_visible(
        text in "(\\PC|[a-zA-Z |•.,:\n\r\u{2028}\u{feff}\u{0}\u{202e}\u{301}-]|اقرأ أيضا|share|🔥){0,200}"
    ) {
        let mut end = 0;
        for region in regions_of(&text) {
            let slice = region.span.slice(&text);
            prop_assert!(region.span.start >= end && !slice.is_empty() && slice.trim_matches(is_blank) == slice);
            prop_assert!(text[end..region.span.start].chars().all(is_blank));
            end = region.span.end;
        }
        prop_assert!(text[end..].chars().all(is_blank));
    }
}
