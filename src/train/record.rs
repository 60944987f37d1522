//! Labelled sentences, read from JSON Lines.
//!
//! In: a file with one object a line, as `training/README.md` describes. Out: [`Record`]s, every span
//! checked against its text. Start at [`read`]; [`read_lenient`] goes on after bad lines. The public
//! data sets' own formats are in `public`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde_json::{Map, Value};

use super::annotation::{self, Attribution, Loaded, Stance};
use super::lines::{self, Flaw, kind};
use crate::error::{Error, Place, Result};

/// Words that no label may be named by, because reports or records use them as keys.
pub const RESERVED: [&str; 21] = [
    "start",
    "end",
    "text",
    "region",
    "voice",
    "loaded",
    "attribution",
    "attributions",
    "stances",
    "uncertain",
    "labels",
    "id",
    "explain",
    "words",
    "sentences",
    "sentence",
    "offsets",
    "schema",
    "lang",
    "model",
    "document",
];

/// What an annotator, or several, said of a sentence under one key.
#[derive(Debug, Clone, PartialEq)]
pub enum Label {
    /// One class. The integers 0 and 1, and false and true, are the classes `"0"` and `"1"`.
    Hard(String),
    /// A share for each class, summing to 1 (votes are divided by their number).
    Soft(BTreeMap<String, f64>),
}

/// One labelled sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its name, unique in its file.
    pub id: String,
    /// The language as a BCP 47 tag; `und` where the file does not say.
    pub lang: String,
    /// The article or family it belongs to, kept together in every split; the id where the file does
    /// not say.
    pub group: String,
    /// The sentence, untouched.
    pub text: String,
    /// The sentence's labels by head; a head that is missing here is not spoken of.
    pub labels: BTreeMap<String, Label>,
    /// Loaded terms; `None` if nobody looked for them.
    pub loaded: Option<Vec<Loaded>>,
    /// Attributions; `None` if nobody looked for them.
    pub attributions: Option<Vec<Attribution>>,
    /// Stances; `None` if nobody looked for them.
    pub stances: Option<Vec<Stance>>,
    /// How much it counts in a fit, above 0; `None` where the file does not say.
    pub weight: Option<f64>,
    /// Who labelled it; `None` where the file does not say. No fit looks at it.
    pub annotator: Option<String>,
}

impl Record {
    /// Whether it may be taken for one in this language: it says so, or does not say.
    #[must_use]
    pub fn is_in(&self, lang: &str) -> bool {
        self.lang == lang || self.lang == "und"
    }
}

/// A record and its line, from 1.
pub type Numbered = (usize, Record);

/// The record of one object, which stands at `place`.
///
/// # Errors
/// [`Error::Input`] as for [`read`].
pub fn from_map(map: &Map<String, Value>, place: &Place) -> Result<Record> {
    from_object(map).map_err(|flaw| flaw.at(place.clone()))
}

/// Reads a whole file, and stops at the first line that cannot be used.
///
/// # Errors
/// [`Error::Read`], [`Error::NotUtf8`], or [`Error::Input`] with file and line: malformed JSON, a
/// record without id or text, an id seen before, a label or span that cannot be, or an empty file.
pub fn read(path: &Path) -> Result<Vec<Record>> {
    all(&lines::bytes(path)?, path, from_object)
}

/// Reads what can be used of a file, with an error for every line that cannot.
///
/// # Errors
/// [`Error::Read`] if there is no reading it at all; [`Error::Input`] if no line holds anything.
pub fn read_lenient(path: &Path) -> Result<(Vec<Record>, Vec<Error>)> {
    lenient(&lines::bytes(path)?, path, from_object)
}

/// As [`read_lenient`], each record with its line, from 1.
///
/// # Errors
/// As [`read_lenient`].
pub fn read_by_line(path: &Path) -> Result<(Vec<Numbered>, Vec<Error>)> {
    by_line(&lines::bytes(path)?, path, from_object)
}

/// The strict reading, for any way to make a record of an object.
pub(super) fn all(
    bytes: &[u8],
    path: &Path,
    make: impl Fn(&Map<String, Value>) -> Result<Record, Flaw>,
) -> Result<Vec<Record>> {
    let records = walk(bytes, path, make).map(|(_, outcome)| outcome).collect::<Result<Vec<_>>>()?;
    if records.is_empty() { Err(lines::empty(path)) } else { Ok(records) }
}

/// The lenient reading, for any way to make a record of an object.
pub(super) fn lenient(
    bytes: &[u8],
    path: &Path,
    make: impl Fn(&Map<String, Value>) -> Result<Record, Flaw>,
) -> Result<(Vec<Record>, Vec<Error>)> {
    let (records, errors) = by_line(bytes, path, make)?;
    Ok((records.into_iter().map(|(_, record)| record).collect(), errors))
}

/// The lenient reading, each record with its line.
fn by_line(
    bytes: &[u8],
    path: &Path,
    make: impl Fn(&Map<String, Value>) -> Result<Record, Flaw>,
) -> Result<(Vec<Numbered>, Vec<Error>)> {
    let (mut records, mut errors) = (Vec::new(), Vec::new());
    for (line, outcome) in walk(bytes, path, make) {
        match outcome {
            Ok(record) => records.push((line, record)),
            Err(error) => errors.push(error),
        }
    }
    if records.is_empty() && errors.is_empty() { Err(lines::empty(path)) } else { Ok((records, errors)) }
}

/// Every record, or what is wrong with it, with its line.
fn walk<'a>(
    bytes: &'a [u8],
    path: &'a Path,
    make: impl Fn(&Map<String, Value>) -> Result<Record, Flaw> + 'a,
) -> impl Iterator<Item = (usize, Result<Record>)> + 'a {
    let mut seen: HashMap<String, usize> = HashMap::new();
    lines::objects(bytes, path).map(move |(line, object)| {
        let made = object.and_then(|object| make(&object).map_err(|flaw| flaw.at(Place::line(path, line))));
        let record = made.and_then(|record| {
            let Some(first) = seen.get(&record.id) else { return Ok(record) };
            let found = format!("the id {:?} on line {line}, and before on line {first}", record.id);
            let flaw = Flaw::new(found, "ids that are unique in their file", "rename or remove one of the two records");
            Err(flaw.at(Place::line(path, line)))
        });
        if let Ok(record) = &record {
            seen.insert(record.id.clone(), line);
        }
        (line, record)
    })
}

/// A record in the project's own format.
pub(super) fn from_object(map: &Map<String, Value>) -> Result<Record, Flaw> {
    let mut record = plain(map, "text")?;
    let sentence: Vec<char> = record.text.chars().collect();
    let given = |key: &str| map.get(key).filter(|value| !value.is_null());
    record.labels = given("labels").map(labels).transpose()?.unwrap_or_default();
    record.loaded = given("loaded").map(|value| annotation::loaded(value, &sentence)).transpose()?;
    record.attributions = given("attributions").map(|value| annotation::attributions(value, &sentence)).transpose()?;
    record.stances = given("stances").map(|value| annotation::stances(value, &sentence)).transpose()?;
    record.weight = given("weight").map(weight).transpose()?;
    Ok(record)
}

/// A record with id, language, group and the text under `text_key`, and nothing said about any head.
pub(super) fn plain(map: &Map<String, Value>, text_key: &str) -> Result<Record, Flaw> {
    let id = match map.get("id") {
        Some(Value::Number(number)) if !number.is_f64() => number.to_string(),
        _ => lines::text(map, "id")
            .map_err(|flaw| Flaw {
                cure:
                    "give every record an \"id\" that no other record of the file has, such as its article and number"
                        .into(),
                ..flaw
            })?
            .to_owned(),
    };
    let or = |key: &str, fallback: &str| match map.get(key) {
        None | Some(Value::Null) => Ok(fallback.to_owned()),
        Some(_) => lines::text(map, key).map(str::to_owned),
    };
    let annotator = match map.get("annotator") {
        Some(Value::String(name)) if !name.trim().is_empty() => Some(name.clone()),
        _ => None,
    };
    Ok(Record {
        lang: or("lang", "und")?,
        group: or("group", &id)?,
        text: lines::text(map, text_key)?.to_owned(),
        id,
        labels: BTreeMap::new(),
        loaded: None,
        attributions: None,
        stances: None,
        weight: None,
        annotator,
    })
}

/// No record weighs more: a fit repeats rows by their weight.
const HEAVIEST: f64 = 1000.0;

fn weight(value: &Value) -> Result<f64, Flaw> {
    value.as_f64().filter(|weight| *weight > 0.0 && *weight <= HEAVIEST).ok_or_else(|| {
        Flaw::new(
            format!("{} as `weight`", value.as_f64().map_or_else(|| kind(value).to_string(), |w| w.to_string())),
            format!("a finite number above 0, of at most {HEAVIEST}"),
            "correct the weight, or leave it out to count the record as 1",
        )
    })
}

fn labels(value: &Value) -> Result<BTreeMap<String, Label>, Flaw> {
    let Value::Object(map) = value else {
        return Err(Flaw::new(
            format!("{} as `labels`", kind(value)),
            "an object",
            "write labels as {\"bias\":0,\"tone\":\"neutral\"}",
        ));
    };
    map.iter().map(|(key, value)| Ok((name(key)?, label(key, value)?))).collect()
}

fn name(key: &str) -> Result<String, Flaw> {
    if key.trim().is_empty() || RESERVED.contains(&key) {
        return Err(Flaw::new(
            format!("a label named {key:?}"),
            format!("a name that is not blank and none of {}", RESERVED.join(", ")),
            "rename the label in every record",
        ));
    }
    Ok(key.to_owned())
}

fn label(key: &str, value: &Value) -> Result<Label, Flaw> {
    match value {
        Value::Bool(truth) => Ok(Label::Hard(u8::from(*truth).to_string())),
        Value::Number(number) if !number.is_f64() => Ok(Label::Hard(number.to_string())),
        Value::String(class) if !class.trim().is_empty() => Ok(Label::Hard(class.clone())),
        Value::Object(votes) => votes
            .iter()
            .map(|(class, votes)| Some((class.clone(), votes.as_f64()?)))
            .collect::<Option<BTreeMap<_, _>>>()
            .and_then(shares)
            .ok_or_else(|| {
                Flaw::new(
                    format!("{value} as the soft label `{key}`"),
                    "a non-negative number for each class, not all of them 0",
                    "write a soft label as votes or shares, such as {\"0\":8,\"1\":3}",
                )
            }),
        other => Err(Flaw::new(
            format!("{} as the label `{key}`", kind(other)),
            "an integer, true or false, a string, or an object of class and votes",
            "correct the label, or leave the key out if the record says nothing about it",
        )),
    }
}

/// Votes or shares, divided by their sum; `None` if one is negative or not finite, or all are 0.
pub(super) fn shares(votes: BTreeMap<String, f64>) -> Option<Label> {
    let sum: f64 = votes.values().sum();
    let usable = sum.is_finite() && sum > 0.0 && votes.values().all(|&votes| votes >= 0.0);
    usable.then(|| Label::Soft(votes.into_iter().map(|(class, votes)| (class, votes / sum)).collect()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "record_tests.rs"]
mod tests;
