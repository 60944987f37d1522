//! What comes with the program: contrast families, as texts on which a head is to stay as it is, and others as a reference
//! corpus.
//!
//! In: a language. Out: [`sentences`], names filled in; [`reference`] documents. Both are built in, so that a bundle can be
//! updated wherever the program is. The families of the reference corpus are those on stances: no other head was ever
//! trained on them, and no sentence of them is one on which heads are to stay.

use super::super::contrast;
use super::super::expand::{Settings, expand};
use super::super::names::Names;
use super::super::record::Record;
use crate::error::Result;
use crate::text::Document;
use std::path::Path;

/// A language's name table and families: name and contents of each file.
struct Own {
    lang: &'static str,
    names: (&'static str, &'static str),
    families: &'static [(&'static str, &'static str)],
    reference: &'static [(&'static str, &'static str)],
}

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../training/", $name)))
    };
}

const OWN: [Own; 2] = [
    Own {
        lang: "en",
        names: file!("names/en.toml"),
        families: &[
            file!("contrast/contrast_en_a.jsonl"),
            file!("contrast/contrast_en_b.jsonl"),
            file!("contrast/contrast_en_c.jsonl"),
            file!("contrast/contrast_en_d.jsonl"),
            file!("contrast/contrast_en_e.jsonl"),
        ],
        reference: &[file!("contrast/contrast_en_f.jsonl"), file!("contrast/contrast_en_g.jsonl")],
    },
    Own {
        lang: "ar",
        names: file!("names/ar.toml"),
        families: &[file!("contrast/contrast_ar.jsonl"), file!("contrast/contrast_ar_b.jsonl")],
        reference: &[file!("contrast/contrast_ar_c.jsonl"), file!("contrast/contrast_ar_d.jsonl")],
    },
];

/// At most so many sentences in this language, from families evenly spread; none where there are none.
///
/// # Errors
/// None that a test has not ruled out: the files are those of this version.
pub fn sentences(lang: &str, most: usize) -> Result<Vec<String>> {
    let records = records(lang, |own| own.families)?;
    let all = records.len();
    // Record i is taken where i × most ÷ all passes a whole number.
    let is_taken = |i: usize| (i + 1) * most / all.max(1) > i * most / all.max(1);
    let taken = records.into_iter().enumerate().filter(|(i, _)| all <= most || is_taken(*i));
    Ok(taken.map(|(_, record)| record.text).collect())
}

/// The reference corpus of a language, a document a family; none where there is none.
///
/// # Errors
/// None that a test has not ruled out: the files are those of this version.
pub fn reference(lang: &str) -> Result<Vec<Document>> {
    let records = records(lang, |own| own.reference)?;
    let document = |of: &[Record]| {
        let texts: Vec<&str> = of.iter().map(|record| record.text.as_str()).collect();
        of.first().map(|record| Document::new(record.group.clone(), texts.join("\n\n")))
    };
    Ok(records.chunk_by(|a, b| a.group == b.group).filter_map(document).collect())
}

fn records(lang: &str, files: impl Fn(&Own) -> &'static [(&'static str, &'static str)]) -> Result<Vec<Record>> {
    let Some(own) = OWN.iter().find(|own| own.lang == lang) else { return Ok(Vec::new()) };
    let names = Names::parse(own.names.1, Path::new(own.names.0))?;
    let mut families = Vec::new();
    for (name, contents) in files(own) {
        families.extend(contrast::parse(contents.as_bytes(), Path::new(name))?);
    }
    Ok(expand(&families, &names, &Settings { instances: 1, seed: 0 })?.records)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sentences_for_every_language_that_ships_and_as_many_as_are_asked_for() {
        for own in &OWN {
            let some = sentences(own.lang, 500).unwrap();
            assert_eq!(some.len(), 500, "{}", own.lang);
            assert!(some.iter().all(|text| !text.contains(['{', '⟦'])));
            let all = sentences(own.lang, usize::MAX >> 16).unwrap();
            assert!(all.len() > 1_500 && some.iter().all(|text| all.contains(text)));
        }
        assert!(sentences("xx", 500).unwrap().is_empty());
    }

    #[test]
    fn the_reference_corpus_has_no_sentence_on_which_heads_are_to_stay() {
        for own in &OWN {
            let documents = reference(own.lang).unwrap();
            assert!(documents.len() > 50 && documents.iter().all(|document| !document.text().is_empty()));
            let standing = sentences(own.lang, 2_000).unwrap();
            let shared = |text: &&String| text.len() > 60 && documents.iter().any(|d| d.text().contains(text.as_str()));
            assert_eq!(standing.iter().filter(shared).count(), 0, "{}", own.lang);
        }
        assert!(reference("xx").unwrap().is_empty());
    }
}
