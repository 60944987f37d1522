//! Contrast families: one event told in several wordings.
//!
//! In: JSON Lines, one sentence a line, with mark-up and slots as `training/README.md` describes.
//! Out: [`Family`]s, their mark-up parsed and checked. Start at [`read`]; `expand` makes labelled
//! records of them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::annotation::Polarity;
use super::lines::{self, Flaw, kind};
use super::markup::{self, Mark, Piece};
use crate::error::{Place, Result};

/// Sentences that tell one event; they share a group, and in one instance all names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its name, unique among all families that are expanded together.
    pub id: String,
    pub(super) path: PathBuf,
    pub(super) sentences: Vec<Sentence>,
}

impl Family {
    /// How many sentences it has.
    #[must_use]
    pub fn sentences(&self) -> usize {
        self.sentences.len()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub line: usize,
    pub variant: String,
    pub pieces: Vec<Piece>,
    /// The sentence labels by head.
    pub labels: BTreeMap<String, String>,
    pub stances: Vec<Position>,
}

/// A stance as written: by texts, not yet by spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    /// `None` is the author.
    pub holder: Option<Vec<Piece>>,
    pub target: Vec<Piece>,
    pub polarity: Polarity,
}

/// Reads the families of a file, in the order in which they first occur.
///
/// # Errors
/// [`Error::Read`](crate::error::Error::Read), [`Error::NotUtf8`](crate::error::Error::NotUtf8), or
/// [`Error::Input`](crate::error::Error::Input) with file and line: malformed JSON or mark-up, an
/// unknown tag or slot, a missing key, an attribution without its cue, or an empty file.
pub fn read(path: &Path) -> Result<Vec<Family>> {
    parse(&lines::bytes(path)?, path)
}

pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Vec<Family>> {
    let mut families: Vec<Family> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (line, object) in lines::objects(bytes, path) {
        let (id, sentence) = sentence(&object?, line).map_err(|flaw| flaw.at(Place::line(path, line)))?;
        let index = *known.entry(id.clone()).or_insert_with(|| {
            families.push(Family { id, path: path.to_path_buf(), sentences: Vec::new() });
            families.len() - 1
        });
        if let Some(family) = families.get_mut(index) {
            family.sentences.push(sentence);
        }
    }
    if families.is_empty() { Err(lines::empty(path)) } else { Ok(families) }
}

fn sentence(map: &Map<String, Value>, line: usize) -> Result<(String, Sentence), Flaw> {
    let pieces = markup::parse(lines::text(map, "text")?)?;
    check_attributions(&pieces)?;
    let tone = match map.get("t").and_then(Value::as_str) {
        Some("-") => "negative",
        Some("0") => "neutral",
        Some("+") => "positive",
        _ => return Err(odd(map, "t", "\"-\", \"0\" or \"+\"")),
    };
    let labels = BTreeMap::from([
        ("bias".to_owned(), yes_or_no(map, "b")?.to_owned()),
        ("subjective".to_owned(), yes_or_no(map, "s")?.to_owned()),
        ("tone".to_owned(), tone.to_owned()),
    ]);
    let stances = match map.get("S") {
        None => Vec::new(),
        Some(Value::Array(items)) => items.iter().map(position).collect::<Result<_, _>>()?,
        Some(_) => return Err(odd(map, "S", "an array")),
    };
    let variant = lines::text(map, "variant")?.to_owned();
    Ok((lines::text(map, "family")?.to_owned(), Sentence { line, variant, pieces, labels, stances }))
}

fn yes_or_no(map: &Map<String, Value>, key: &str) -> Result<&'static str, Flaw> {
    match map.get(key).and_then(Value::as_u64) {
        Some(0) => Ok("0"),
        Some(1) => Ok("1"),
        _ => Err(odd(map, key, "0 or 1")),
    }
}

fn odd(map: &Map<String, Value>, key: &str, expected: &str) -> Flaw {
    let found = map.get(key).map_or_else(|| format!("no `{key}`"), |value| format!("{} as `{key}`", kind(value)));
    Flaw::new(found, expected, format!("correct \"{key}\"; training/README.md describes it"))
}

fn position(value: &Value) -> Result<Position, Flaw> {
    let texts: Option<Vec<&str>> = value.as_array().and_then(|items| items.iter().map(Value::as_str).collect());
    let Some([holder, target, polarity]) = texts.as_deref() else {
        return Err(Flaw::new(
            format!("{value} in `S`"),
            "[holder, target, \"-\" or \"+\"]",
            "write each stance as three strings, the holder a text of the sentence or author",
        ));
    };
    let polarity = match *polarity {
        "-" => Polarity::Against,
        "+" => Polarity::For,
        "0" => Polarity::Neutral,
        other => {
            return Err(Flaw::new(format!("the polarity {other:?} in `S`"), "\"-\", \"+\" or \"0\"", "correct it"));
        }
    };
    let holder = if *holder == "author" { None } else { Some(markup::parse(holder)?) };
    Ok(Position { holder, target: markup::parse(target)?, polarity })
}

/// Every attribution has one cue and at most one source.
fn check_attributions(pieces: &[Piece]) -> Result<(), Flaw> {
    let mut counts: BTreeMap<u8, [usize; 2]> = BTreeMap::new();
    for piece in pieces {
        match piece {
            Piece::Open(Mark::Cue(_, number)) => counts.entry(*number).or_default()[0] += 1,
            Piece::Open(Mark::Source(number)) => counts.entry(*number).or_default()[1] += 1,
            Piece::Open(Mark::Content(number)) => {
                counts.entry(*number).or_default();
            }
            _ => {}
        }
    }
    match counts.into_iter().find(|(_, [cues, sources])| *cues != 1 || *sources > 1) {
        None => Ok(()),
        Some((number, [cues, sources])) => Err(Flaw::new(
            format!("{cues} cues and {sources} sources in attribution {}", number.max(1)),
            "one cue and at most one source",
            "mark the cue, and number the marks (s1, cN1, q1, s2, …) if there are several attributions",
        )),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        format!(r#"{{"family":"f-1","variant":"wire","text":"{text}","b":0,"s":0,"t":"0","S":[]}}"#)
    }

    fn refusal(text: &str) -> String {
        parse(text.as_bytes(), Path::new("f.jsonl")).unwrap_err().to_string()
    }

    #[test]
    fn sentences_of_a_family_are_kept_together_wherever_they_stand() {
        let other = line("Other.").replace("f-1", "f-2");
        let text = [line("One."), other, line("Two.")].join("\n");
        let families = parse(text.as_bytes(), Path::new("f.jsonl")).unwrap();
        assert_eq!(
            families.iter().map(|family| (family.id.as_str(), family.sentences())).collect::<Vec<_>>(),
            [("f-1", 2), ("f-2", 1)]
        );
        assert_eq!(families[0].sentences[1].line, 3);
    }

    #[test]
    fn malformed_markup_is_refused_with_file_and_line() {
        let message = refusal(&[line("Fine."), line("An ⟦E|open end.")].join("\n"));
        assert!(message.contains("f.jsonl:2") && message.contains("unclosed ⟦"), "{message}");
        assert!(refusal(&line("{C.name} won.")).contains("unknown slot {C.name}"));
        assert!(refusal(&line("⟦K|x⟧ won.")).contains("unknown tag"));
    }

    #[test]
    fn an_attribution_without_cue_or_with_two_is_refused() {
        assert!(refusal(&line("⟦s|Rin⟧ left ⟦q|it⟧.")).contains("0 cues and 1 sources"));
        assert!(refusal(&line("⟦s1|Rin⟧ ⟦cN1|said⟧ and ⟦cN1|said⟧ ⟦q1|it⟧.")).contains("2 cues"));
    }

    #[test]
    fn missing_or_odd_labels_are_refused() {
        assert!(refusal(&line("A.").replace("\"b\":0", "\"b\":2")).contains("2 as `b`"));
        assert!(refusal(&line("A.").replace("\"t\":\"0\",", "")).contains("no `t`"));
        assert!(refusal(&line("A.").replace("[]", r#"[["author","x","?"]]"#)).contains("polarity"));
        assert!(refusal(&line("A.").replace("[]", r#"[["author","x"]]"#)).contains("in `S`"));
    }

    #[test]
    fn an_empty_file_is_refused() {
        assert!(refusal("\n").contains("no records"));
    }

    #[test]
    fn the_guides_examples_are_read() {
        let guide = include_str!("../../training/README.md");
        let lines: Vec<&str> = guide.lines().filter(|line| line.starts_with("{\"family\"")).collect();
        assert_eq!(parse(lines.join("\n").as_bytes(), Path::new("README.md")).unwrap()[0].sentences(), 2);
    }
}
