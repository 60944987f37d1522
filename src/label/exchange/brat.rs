//! brat standoff: for each record a text and a file of annotations.
//!
//! In: records, or a folder. Out: the other. `1.txt` is the sentence as it is, `1.ann` its annotations: `T` for marks
//! (`Loaded`, `Cue`, `Source`, `Content`, `Target`, `Holder`, and `Sentence` for the whole), those in pieces with
//! `start end;start end`; `A` for a kind, class, directness or polarity, and for the sentence's labels, under the head's
//! name; `R` for links. What else a record has is a note on the sentence, as JSON. Offsets count code points, line breaks
//! included; in the covered text a line break is a blank. `annotation.conf` tells brat these names.
//! [Format](https://brat.nlplab.org/standoff.html).

use super::notes::Notes;
use super::sheet::{Kind, Link, LinkKind, Mark, Sheet};
use super::{File, Read, bad, slice, span};
use crate::error::{Error, Place, Result};
use crate::heads::label::Label;
use crate::train::annotation::{CueClass, Directness, LoadedKind, Polarity, Span};
use crate::train::record::Record;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub(super) fn write(records: &[Record], notes: &mut Notes) -> Vec<File> {
    let mut labels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let width = records.len().to_string().len();
    let mut files = Vec::new();
    for (record, number) in records.iter().zip(1..) {
        let sheet = Sheet::of(record, notes, |head, class| is_name(head) && is_name(class) && !OWN.contains(&head));
        for (head, class) in &sheet.classes {
            labels.entry(head.clone()).or_default().insert(class.clone());
        }
        files.push((format!("{number:0width$}.txt"), sheet.text.clone().into_bytes()));
        files.push((format!("{number:0width$}.ann"), annotations(&sheet).into_bytes()));
    }
    files.push(("annotation.conf".into(), configuration(&labels).into_bytes()));
    files
}

/// The attributes of marks, which no label of a sentence can be called.
const OWN: [&str; 4] = ["Kind", "Class", "Direct", "Polarity"];

/// Whether brat takes a word as the name or value of an attribute.
fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// What a mark is in brat: its type and its attributes.
fn typed(kind: Kind) -> (&'static str, Vec<(&'static str, &'static str)>) {
    match kind {
        Kind::Loaded(kind) => ("Loaded", vec![("Kind", kind.as_str())]),
        Kind::Cue(class, direct) => ("Cue", vec![("Class", class.as_str()), ("Direct", direct.as_str())]),
        Kind::Source => ("Source", vec![]),
        Kind::Content => ("Content", vec![]),
        Kind::Target(polarity) => ("Target", vec![("Polarity", polarity.as_str())]),
        Kind::Holder => ("Holder", vec![]),
    }
}

fn annotations(sheet: &Sheet) -> String {
    let mut out = String::new();
    let mut attributes = Vec::new();
    let whole = Span { start: 0, end: sheet.text.chars().count() };
    attributes.extend(sheet.classes.iter().map(|(head, class)| (head.as_str(), 1, class.as_str())));
    let bound = |out: &mut String, number: usize, name: &str, pieces: &[Span]| {
        let places: Vec<String> = pieces.iter().map(|span| format!("{} {}", span.start, span.end)).collect();
        let words: Vec<&str> = pieces.iter().map(|span| slice(&sheet.text, *span)).collect();
        // One annotation a line: a break inside it is a blank.
        let words = words.join(" ").replace(['\n', '\r', '\t'], " ");
        let _ = writeln!(out, "T{number}\t{name} {}\t{words}", places.join(";"));
    };
    bound(&mut out, 1, "Sentence", &[whole]);
    for (mark, number) in sheet.marks.iter().zip(2..) {
        let (name, own) = typed(mark.kind);
        bound(&mut out, number, name, &mark.pieces);
        attributes.extend(own.into_iter().map(|(name, value)| (name, number, value)));
    }
    for ((name, of, value), number) in attributes.into_iter().zip(1..) {
        let _ = writeln!(out, "A{number}\t{name} T{of} {value}");
    }
    for (link, number) in sheet.links.iter().zip(1..) {
        let name = relation(link.kind);
        let _ = writeln!(out, "R{number}\t{name} Arg1:T{} Arg2:T{}", link.from + 2, link.to + 2);
    }
    let _ = writeln!(out, "#1\tAnnotatorNotes T1\t{}", Value::Object(sheet.meta.clone()));
    out
}

const fn relation(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Source => "Source",
        LinkKind::Content => "Content",
        LinkKind::Holder => "Holder",
    }
}

/// What brat needs to be told before it shows the annotations.
fn configuration(labels: &BTreeMap<String, BTreeSet<String>>) -> String {
    let values = |all: Vec<&str>| all.join("|");
    let mut out = String::from("[entities]\nSentence\nLoaded\nCue\nSource\nContent\nTarget\nHolder\n\n[relations]\n");
    out += "Source\tArg1:Cue, Arg2:Source\nContent\tArg1:Cue, Arg2:Content\nHolder\tArg1:Target, Arg2:Holder\n";
    out += "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n\n[events]\n\n[attributes]\n";
    let own = [
        ("Kind", "Loaded", values(LoadedKind::ALL.iter().map(|label| label.as_str()).collect())),
        ("Class", "Cue", values(CueClass::ALL.iter().map(|label| label.as_str()).collect())),
        ("Direct", "Cue", values(Directness::ALL.iter().map(|label| label.as_str()).collect())),
        ("Polarity", "Target", values(Polarity::ALL.iter().map(|label| label.as_str()).collect())),
    ];
    for (name, of, all) in own {
        let _ = writeln!(out, "{name}\tArg:{of}, Value:{all}");
    }
    for (head, classes) in labels {
        let all = values(classes.iter().map(String::as_str).collect());
        let _ = writeln!(out, "{head}\tArg:Sentence, Value:{all}");
    }
    out
}

pub(super) fn read(folder: &Path, notes: &mut Notes) -> Result<Vec<Read>> {
    let unreadable = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::Read { path, source }
    };
    let mut texts: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            texts.push(path);
        }
    }
    texts.sort_unstable();
    if texts.is_empty() {
        let cure = "name the folder that brat keeps the collection in";
        return Err(bad(&Place::file(folder), "no .txt file", "a folder of .txt and .ann files", cure));
    }
    let mut sheets = Vec::new();
    for path in texts {
        let annotations = path.with_extension("ann");
        let read = |path: &Path| {
            let bytes = std::fs::read(path).map_err(unreadable(path))?;
            String::from_utf8(bytes)
                .map_err(|error| Error::NotUtf8 { place: Place::file(path), offset: error.utf8_error().valid_up_to() })
        };
        let sheet = match (read(&path), read(&annotations)) {
            (Ok(text), Ok(lines)) => sheet(text, &lines, &annotations, notes),
            (_, Err(Error::Read { source, .. })) if source.kind() == std::io::ErrorKind::NotFound => {
                notes.add("texts without an .ann file, left out");
                continue;
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        sheets.push((Place::file(&annotations), sheet));
    }
    Ok(sheets)
}

/// A mark before its attributes are known.
struct Bound<'a> {
    name: &'a str,
    pieces: Vec<Span>,
    attributes: HashMap<&'a str, &'a str>,
    place: Place,
}

/// The sheet of a text and its annotations.
pub(super) fn sheet(text: String, lines: &str, path: &Path, notes: &mut Notes) -> Result<Sheet> {
    let length = text.chars().count();
    let mut bound: BTreeMap<usize, (&str, Bound<'_>)> = BTreeMap::new();
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    let (mut relations, mut sheet) = (Vec::new(), Sheet { text, ..Sheet::default() });
    let mut attributes = Vec::new();
    for (line, number) in lines.split('\n').zip(1..) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let place = Place::line(path, number);
        let mut fields = line.splitn(3, '\t');
        let (id, what, rest) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""), fields.next());
        match id.chars().next() {
            None => {}
            Some('T') => {
                let (name, places) = what.split_once(' ').unwrap_or((what, ""));
                let pieces = pieces(places, length, &place)?;
                by_id.insert(id, number);
                bound.insert(number, (id, Bound { name, pieces, attributes: HashMap::new(), place }));
            }
            Some('A' | 'M') => {
                let mut words = what.split(' ');
                if let (Some(name), Some(of), Some(value)) = (words.next(), words.next(), words.next()) {
                    attributes.push((name, of, value));
                } else {
                    notes.add("attributes without a value, left out");
                }
            }
            Some('R') => relations.push(what),
            Some('#') if what.starts_with("AnnotatorNotes ") => {
                match rest.and_then(|rest| serde_json::from_str::<Map<String, Value>>(rest).ok()) {
                    Some(meta) => sheet.meta.extend(meta.into_iter().filter(|(key, _)| key != "text")),
                    None => notes.add("notes of annotators, left out"),
                }
            }
            Some(other) => notes.add(format!("lines of the kind {other}, left out")),
        }
    }
    for (name, of, value) in attributes {
        if let Some((_, bound)) = by_id.get(of).and_then(|number| bound.get_mut(number)) {
            bound.attributes.insert(name, value);
        }
    }
    let mut marks: HashMap<&str, usize> = HashMap::new();
    for (id, bound) in bound.into_values() {
        if bound.name == "Sentence" {
            let classes = bound.attributes.into_iter().map(|(head, class)| (head.to_owned(), class.to_owned()));
            sheet.classes.extend(classes);
            continue;
        }
        match kind(&bound)? {
            Some(kind) => {
                marks.insert(id, sheet.marks.len());
                sheet.marks.push(Mark { kind, pieces: bound.pieces });
            }
            None => notes.add(format!("spans of the type {}, which no head has, left out", bound.name)),
        }
    }
    for relation in relations {
        let mut words = relation.split_whitespace();
        let kind = words.next().and_then(LinkKind::named);
        let mut end = |name: &str| marks.get(words.next()?.strip_prefix(name)?.strip_prefix(':')?).copied();
        match (kind, end("Arg1"), end("Arg2")) {
            (Some(kind), Some(from), Some(to)) => sheet.links.push(Link { kind, from, to }),
            _ => notes.add("relations without a name that attributions or stances have, left out"),
        }
    }
    Ok(sheet)
}

/// The spans of `start end;start end`.
fn pieces(places: &str, length: usize, place: &Place) -> Result<Vec<Span>> {
    let piece = |piece: &str| {
        let mut bounds = piece.split(' ').map(|bound| bound.parse().ok());
        span(bounds.next().flatten(), bounds.next().flatten(), length, place)
    };
    let mut pieces: Vec<Span> = places.split(';').map(piece).collect::<Result<_>>()?;
    pieces.sort_unstable();
    Ok(pieces)
}

/// What a mark is by its type and attributes; `None` of a type that no head has.
fn kind(bound: &Bound<'_>) -> Result<Option<Kind>> {
    let names: &[&str] = match bound.name {
        "Loaded" => &["Kind"],
        "Cue" => &["Class", "Direct"],
        "Target" => &["Polarity"],
        "Source" | "Content" | "Holder" => &[],
        _ => return Ok(None),
    };
    let mut name = bound.name.to_lowercase();
    for attribute in names {
        name = format!("{name}:{}", bound.attributes.get(attribute).copied().unwrap_or_default());
    }
    Kind::named(&name).map(Some).ok_or_else(|| {
        let found = format!("a {} without a known {}", bound.name, names.join(" and "));
        bad(&bound.place, found, "the labels of `annotation.conf`", "give the annotation its attributes in brat")
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::records;
    use super::*;

    fn text(files: &[File], name: &str) -> String {
        String::from_utf8(files.iter().find(|file| file.0 == name).unwrap().1.clone()).unwrap()
    }

    #[test]
    fn pieces_attributes_and_relations_stand_as_brat_writes_them() {
        let files = write(&records(), &mut Notes::default());
        let ann = text(&files, "1.ann");
        for line in [
            "T1\tSentence 0 46\t🔥 “The vile regime,” she claimed, “will fall.”",
            "T2\tLoaded 7 18\tvile regime",
            "T6\tContent 2 20;34 46\t“The vile regime,” “will fall.”",
            "R2\tContent Arg1:T4 Arg2:T6",
        ] {
            assert!(ann.lines().any(|found| found == line), "{line}\n{ann}");
        }
        assert!(ann.contains("\tbias T1 1\n") && ann.contains("\tKind T2 naming\n"), "{ann}");
        // A line break in the text is counted, and is a blank in the annotation.
        assert!(text(&files, "4.ann").contains("Sentence 0 34\tThe \"plan\"  was a sham, they said."));
        assert!(text(&files, "annotation.conf").contains("bias\tArg:Sentence, Value:1\n"));
    }

    #[test]
    fn what_brat_adds_is_read_or_told() {
        let lines = "T1\tLoaded 2 6;7 9\tvile pl\r\nA1\tKind T1 naming\r\n#1\tAnnotatorNotes T1\tcheck\r\nE1\tEvent:T1\r\nT2\tPerson 0 1\tA\r\n";
        let mut notes = Notes::default();
        let sheet = sheet("A vile plan.".into(), lines, Path::new("f.ann"), &mut notes).unwrap();
        assert_eq!(sheet.marks[0].pieces, [Span { start: 2, end: 6 }, Span { start: 7, end: 9 }]);
        assert_eq!(notes.iter().count(), 3, "{notes}");
    }

    #[test]
    fn a_mark_without_its_label_or_outside_the_text_is_refused_with_its_line() {
        let of = |lines: &str| {
            sheet("A vile plan.".into(), lines, Path::new("f.ann"), &mut Notes::default()).unwrap_err().to_string()
        };
        assert!(of("\nT1\tCue 2 6\tvile").contains("f.ann:2: found a Cue without a known Class and Direct"));
        assert!(of("T1\tSource 2 60\tvile").contains("from 2 to 60"));
        assert!(of("T1\tSource x\tvile").contains("f.ann:1"));
    }
}
