//! The forms that loaded terms and attributions come in, with the bundle that ships.
//!
//! In: sentences written for this test. Out: what is found, beside what a reader finds. Start at [`found`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use parallax::heads::attribution::{CueClass, Directness};
use parallax::heads::voice::Voice;
use parallax::report::Report;
use parallax::score::{Options, Scorer};
use parallax::text::Document;
use std::sync::LazyLock;

static SCORER: LazyLock<Scorer> = LazyLock::new(|| Scorer::open(&run::model()).unwrap());

fn report(text: &str) -> Report {
    SCORER.score(&Document::new("a", text), &Options::default()).unwrap()
}

/// Each attribution as `source | cue | contents`; nobody is `-`.
fn found(text: &str) -> Vec<String> {
    run::attributions(&report(text))
}

fn terms(text: &str) -> Vec<String> {
    report(text).loaded.unwrap().iter().map(|l| format!("{} {}", l.passage.text, l.kind)).collect()
}

#[test]
fn an_attribution_is_found_in_any_order() {
    for (text, expected) in [
        ("Officials said that the bridge was safe.", "Officials | said | that the bridge was safe"),
        ("The bridge was safe, officials said.", "officials | said | The bridge was safe"),
        ("“The bridge is safe,” said Ana Duarte.", "Ana Duarte | said | “The bridge is safe,”"),
        ("“The bridge,” Duarte said, “is safe.”", "Duarte | said | “The bridge,” … “is safe.”"),
        ("According to the ministry, the bridge was safe.", "the ministry | According to | the bridge was safe"),
        (
            "The company said in a statement that it would appeal.",
            "The company | said in a statement | that it would appeal",
        ),
        (
            "Duarte was quoted as saying that the bridge was safe.",
            "Duarte | was quoted as saying | that the bridge was safe",
        ),
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
}

#[test]
fn minds_denials_documents_polls_and_pronouns_are_sources() {
    for (text, expected) in [
        ("The mayor believes that the plan will work.", "The mayor | believes | that the plan will work"),
        ("The minister denied that he had met the bankers.", "The minister | denied | that he had met the bankers"),
        ("A leaked report shows that the bridge was unsafe.", "A leaked report | shows | that the bridge was unsafe"),
        ("A poll found that most voters oppose the plan.", "A poll | found | that most voters oppose the plan"),
        ("She insisted that nobody had asked her.", "She | insisted | that nobody had asked her"),
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
}

#[test]
fn two_attributions_and_nested_ones_are_told_apart() {
    assert_eq!(
        found("“The bridge is safe,” Duarte said, but Okafor claimed that it had never been tested."),
        ["Duarte | said | “The bridge is safe,”", "Okafor | claimed | that it had never been tested"]
    );
    assert_eq!(
        found("Duarte said that Okafor had admitted that the bridge was unsafe."),
        [
            "Duarte | said | that Okafor had admitted that the bridge was unsafe",
            "Okafor | had admitted | that the bridge was unsafe"
        ]
    );
}

#[test]
fn cues_that_say_reveal_claim_and_sneer_are_of_their_classes() {
    for (cue, class) in [
        ("said", CueClass::Neutral),
        ("revealed", CueClass::Endorsing),
        ("claimed", CueClass::Distancing),
        ("sneered", CueClass::Charged),
    ] {
        let text = format!("The minister {cue} that the engineers had left.");
        let attributions = report(&text).attributions.unwrap();
        assert_eq!(attributions.len(), 1, "{text}");
        assert_eq!(attributions[0].class, class, "{text}");
        assert_eq!(attributions[0].direct, Directness::Indirect);
    }
}

#[test]
fn quotation_marks_of_any_kind_are_read_and_unbalanced_ones_do_no_harm() {
    for (open, close) in [("“", "”"), ("\"", "\""), ("«", "»"), ("„", "“"), ("‘", "’")] {
        let text = format!("{open}The bridge is safe,{close} said Ana Duarte.");
        let attributions = report(&text).attributions.unwrap();
        assert_eq!(attributions.len(), 1, "{text}");
        assert_eq!(attributions[0].direct, Directness::Direct, "{text}");
    }
    let text = "“The bridge is safe, said Ana Duarte. The river rose.\n\nThe council met on Monday.";
    let report = report(text);
    assert_eq!(report.sentences.last().unwrap().voice, Some(Voice::Author));
}

#[test]
fn a_quotation_over_sentences_and_paragraphs_has_one_source() {
    let text = "“The bridge is safe,” said Ana Duarte. “We tested it. We will test it again.\n\n“Nobody is at risk.”\n\nThe \
                council met on Monday.";
    let report = report(text);
    let attributions = report.attributions.unwrap();
    assert_eq!(attributions.len(), 1, "{attributions:#?}");
    assert!(attributions[0].content.last().unwrap().text.contains("Nobody is at risk"), "{attributions:#?}");
    let voices: Vec<Option<Voice>> = report.sentences.iter().map(|s| s.voice).collect();
    let (quoted, author) = (Some(Voice::Quoted), Some(Voice::Author));
    assert_eq!(voices, [quoted, quoted, quoted, quoted, author]);
}

#[test]
fn a_short_name_and_a_pronoun_are_linked_to_the_full_name() {
    let text = "Ana Duarte said that the bridge was safe. Duarte said that it had been tested. She said that the tests \
                were public.";
    let report = report(text);
    let links: Vec<Option<String>> = report
        .attributions
        .as_ref()
        .unwrap()
        .iter()
        .map(|a| a.source.as_ref()?.link.as_ref().map(|l| l.passage.text.clone()))
        .collect();
    assert_eq!(links, [None, Some("Ana Duarte".to_owned()), Some("Ana Duarte".to_owned())]);
    let sources = report.document.sources.unwrap();
    assert_eq!(sources.len(), 1, "{sources:#?}");
    assert_eq!((sources[0].name.as_deref(), sources[0].attributions), (Some("Ana Duarte"), 3));
}

#[test]
fn a_loaded_term_is_judged_in_context() {
    assert_eq!(terms("The brutal attack on the village shocked nobody."), ["brutal evaluative"]);
    assert!(!terms("The museum is a fine example of Brutalist architecture.").iter().any(|t| t.contains("Brutalist")));
    assert_eq!(terms("The regime arrested three editors."), ["regime naming"]);
    // A training regime is marked too, as of now; it must at least be the less probable of the two.
    let p = |text: &str| report(text).loaded.unwrap().first().map_or(0.0, |l| l.p);
    assert!(p("Her new training regime starts at six in the morning.") < p("The regime arrested three editors."));
    assert_eq!(terms("The so-called reform failed."), ["so-called doubt"]);
}

#[test]
fn scare_quotes_are_loaded_and_titles_addresses_and_numbers_are_not() {
    assert_eq!(terms("The “reform” left thousands without pay."), ["“reform” doubt"]);
    assert!(terms("She starred in “Brutal Nights” and “The Thugs”.").is_empty());
    assert!(terms("Read more at https://shameless-regime.org/brutal.").is_empty());
    assert!(terms("The plan has 400,000 supporters.").is_empty());
}

#[test]
fn a_loaded_term_carries_its_voice_and_its_attribution() {
    let report = report("The shameless council met. “This shameless council must go,” said Ana Duarte.");
    let voices: Vec<(Voice, Option<usize>)> =
        report.loaded.as_ref().unwrap().iter().map(|l| (l.voice, l.attribution)).collect();
    assert_eq!(voices, [(Voice::Author, None), (Voice::Quoted, Some(0))]);
    let rate = report.document.loaded_per_100_words.unwrap();
    assert!(rate.author > 0.0 && rate.quoted > 0.0);
}
