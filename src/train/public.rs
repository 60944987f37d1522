//! Public data sets in their own formats, as records.
//!
//! In: JSON Lines with `votes` (FIGNEWS 2024; Zaghouani et al. 2024), with `target` and `polarity`
//! (NewsMTSC; Hamborg & Donnay 2021), or in the project's own format (which NewsSD-ENG's and
//! ArSarcasm's fit). Out: [`Record`]s. Start at [`read`]; each line is taken by the keys it has.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::annotation::{Polarity, Stance, span};
use super::lines::{self, Flaw, kind};
use super::record::{self, Record};
use crate::error::{Error, Result};
use crate::heads::label::Label as _;

/// The key of the soft label that FIGNEWS votes become. They ask for bias in a wider sense than
/// wording, so they are kept apart from `bias`.
pub const BIAS_VOTES: &str = "bias_votes";

/// The key of the label that a mention's polarity becomes: not the sentence's tone, but a good hint at
/// it for the heads that are.
pub const TARGET_POLARITY: &str = "target_polarity";

const AGAINST: [&str; 4] = ["against_palestine", "against_israel", "against_both", "against_others"];

/// Reads a file of any of the formats above, strictly. `lang` says which of a post's translations to
/// take, `text_<lang>`.
///
/// # Errors
/// As [`record::read`]; also if votes, target or polarity cannot be used, or a post has no text in
/// that language.
pub fn read(path: &Path, lang: &str) -> Result<Vec<Record>> {
    record::all(&lines::bytes(path)?, path, |map| from_object(map, lang))
}

/// Reads a file of any of the formats above and goes on after a record that cannot be used.
///
/// # Errors
/// As [`record::read_lenient`].
pub fn read_lenient(path: &Path, lang: &str) -> Result<(Vec<Record>, Vec<Error>)> {
    record::lenient(&lines::bytes(path)?, path, |map| from_object(map, lang))
}

fn from_object(map: &Map<String, Value>, lang: &str) -> Result<Record, Flaw> {
    if map.contains_key("labels") {
        record::from_object(map)
    } else if let Some(votes) = map.get("votes") {
        post(map, votes, lang)
    } else if map.contains_key("target") && map.contains_key("polarity") {
        mention(map)
    } else {
        record::from_object(map)
    }
}

/// A post with the votes of its annotators. A post that nobody judged says nothing.
fn post(map: &Map<String, Value>, votes: &Value, lang: &str) -> Result<Record, Flaw> {
    let count = |key: &str| match &votes[key] {
        Value::Null => Ok(0.0),
        value => value.as_u64().and_then(|votes| u32::try_from(votes).ok()).map(f64::from).ok_or_else(|| {
            Flaw::new(
                format!("{} as the votes {key:?}", kind(value)),
                "a count",
                "correct the count, or leave the key out",
            )
        }),
    };
    if !votes.is_object() {
        return Err(Flaw::new(
            format!("{} as `votes`", kind(votes)),
            "an object",
            "write votes as an object of counts",
        ));
    }
    let mut record = record::plain(map, &format!("text_{lang}"))?;
    record.lang = lang.to_owned();
    // The same post may be labelled elsewhere, in the translation; one fold must hold both.
    if let (None, Some(("fignews", rest))) = (map.get("group"), record.id.split_once(':')) {
        record.group = format!("fignews-{lang}:{rest}");
    }
    let biased = AGAINST.iter().map(|key| count(key)).sum::<Result<f64, Flaw>>()?;
    let classes = BTreeMap::from([("0".to_owned(), count("unbiased")?), ("1".to_owned(), biased)]);
    if let Some(label) = record::shares(classes) {
        record.labels.insert(BIAS_VOTES.to_owned(), label);
    }
    Ok(record)
}

/// A sentence with the author's polarity towards one mention in it.
fn mention(map: &Map<String, Value>) -> Result<Record, Flaw> {
    let mut record = record::plain(map, "text")?;
    // Sentences of the same article may be labelled elsewhere under the set's name; one fold must
    // hold both.
    if let Some((set, _)) = record.id.split_once(':')
        && !record.group.starts_with(&format!("{set}:"))
    {
        record.group = format!("{set}:{}", record.group);
    }
    let target = span(map.get("target").unwrap_or(&Value::Null), record.text.chars().count())?;
    let polarity = match map.get("polarity").and_then(Value::as_str) {
        Some("positive") => Polarity::For,
        Some("negative") => Polarity::Against,
        Some("neutral") => Polarity::Neutral,
        _ => {
            return Err(Flaw::new(
                "another `polarity`",
                "positive, negative or neutral",
                "give the mention one of these polarities",
            ));
        }
    };
    record.stances = Some(vec![Stance { holder: None, target, polarity }]);
    record.labels.insert(TARGET_POLARITY.to_owned(), record::Label::Hard(polarity.as_str().to_owned()));
    Ok(record)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::record::Label;
    use super::*;

    fn one(line: &str, lang: &str) -> Result<Record> {
        record::all(line.as_bytes(), Path::new("f"), |map| from_object(map, lang)).map(|mut records| records.remove(0))
    }

    const POST: &str = r#"{"id":"fignews:B01:English:9","text":"x","text_en":"A tram.","text_ar":"ترام.","votes":
        {"against_palestine":1,"against_israel":2,"against_both":0,"against_others":3,"unbiased":2,"not_applicable":9,
        "unclear":4,"propaganda":8,"not_propaganda":1}}"#;

    #[test]
    fn votes_become_the_biased_share_of_those_who_judged() {
        let record = one(&POST.replace('\n', ""), "ar").unwrap();
        assert_eq!((record.text.as_str(), record.lang.as_str()), ("ترام.", "ar"));
        assert_eq!(record.group, "fignews-ar:B01:English:9");
        let Label::Soft(shares) = &record.labels[BIAS_VOTES] else { unreachable!() };
        assert_eq!((shares["0"], shares["1"]), (0.25, 0.75));
        assert!(!record.labels.contains_key("bias"));
    }

    #[test]
    fn a_post_that_nobody_judged_says_nothing() {
        let record = one(r#"{"id":"p","text_en":"A tram.","votes":{"unclear":3}}"#, "en").unwrap();
        assert!(record.labels.is_empty());
    }

    #[test]
    fn a_language_without_translation_is_refused() {
        assert!(one(&POST.replace('\n', ""), "fr").unwrap_err().to_string().contains("text_fr"));
    }

    #[test]
    fn a_mention_becomes_a_stance_of_the_author_in_the_group_of_its_article() {
        let line = r#"{"id":"newsmtsc:a_1_0","group":"a_1","text":"Rin won.","target":[0,3],"polarity":"positive"}"#;
        let record = one(line, "en").unwrap();
        let stance = record.stances.unwrap()[0];
        assert_eq!((stance.holder, stance.polarity), (None, Polarity::For));
        assert_eq!(stance.target.slice(&record.text), Some("Rin"));
        assert_eq!(record.group, "newsmtsc:a_1");
        assert_eq!(record.labels[TARGET_POLARITY], Label::Hard("for".into()));
        assert!(one(&line.replace("positive", "warm"), "en").is_err());
        assert!(one(&line.replace("[0,3]", "[0,99]"), "en").is_err());
    }

    #[test]
    fn records_with_labels_are_read_as_they_are_and_grouped_by_id() {
        let record = one(r#"{"id":"s:0","text":"A tram.","labels":{"subjective":1}}"#, "en").unwrap();
        assert_eq!((record.group.as_str(), &record.labels["subjective"]), ("s:0", &Label::Hard("1".into())));
    }
}
