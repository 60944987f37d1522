//! Labelled records in the formats of other annotation tools, and back.
//!
//! In: [`Record`]s, and a [`Format`]. Out: files; or, of such files, the same records. Start at [`write()`] and [`read`].
//! What a format cannot say is kept beside the text where the format has a place for it, and told in [`Notes`] with a count
//! in any case. Each format is a file here, which says how it shows a record: all but JSON Lines go over a sheet of spans,
//! links and classes (`sheet.rs`).
//!
//! Formats count differently: Label Studio in UTF-16 units, as JavaScript does; doccano and brat in code points. A file
//! of someone else's may say less than a record: where it does not say which heads were looked for, all that it has a
//! span of are taken to be, in every text.

mod brat;
mod conll;
mod doccano;
mod label_studio;
mod notes;
#[cfg(test)]
mod sample;
mod sheet;

pub use notes::Notes;

use super::records::distinct;
use crate::error::{Error, Place, Result};
use crate::train::annotation::Span;
use crate::train::object;
use crate::train::record::{self, Record};
use serde_json::{Value, json};
use sheet::Sheet;
use std::collections::BTreeSet;
use std::path::Path;

/// A format that labelled records are exchanged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The project's own JSON Lines, as `training/README.md` describes them.
    Jsonl,
    /// Label Studio's JSON: an array of tasks.
    LabelStudio,
    /// doccano's JSON Lines with entities, relations and categories.
    Doccano,
    /// brat standoff: a folder with a `.txt` and an `.ann` a record.
    Brat,
    /// Columns as of CoNLL's shared tasks: a token a line, its tags behind it.
    Conll,
}

/// A file that was made: its name in the folder of a format that is a folder, empty otherwise; and its bytes.
pub type File = (String, Vec<u8>);

/// A sheet that was read, or why not, and where it stands.
type Read = (Place, Result<Sheet>);

/// The records in a format: one file without a name, or the files of a folder.
#[must_use]
pub fn write(records: &[Record], format: Format, notes: &mut Notes) -> Vec<File> {
    let one = |bytes: Vec<u8>| vec![(String::new(), bytes)];
    match format {
        Format::Jsonl => one(lines(records.iter().map(|record| Value::Object(object::object(record))))),
        Format::LabelStudio => one(label_studio::write(records, notes)),
        Format::Doccano => one(doccano::write(records, notes)),
        Format::Brat => brat::write(records, notes),
        Format::Conll => one(conll::write(records, notes)),
    }
}

/// Reads a file, or the folder of a format that is one: the records, and an error for each that cannot be used. Ids that
/// occur again get a number, but for JSON Lines, where they are errors.
///
/// # Errors
/// [`Error::Read`] where there is no reading it; [`Error::Input`] where nothing is in it.
pub fn read(path: &Path, format: Format, notes: &mut Notes) -> Result<(Vec<Record>, Vec<Error>)> {
    if format == Format::Jsonl {
        return record::read_lenient(path);
    }
    if format == Format::Brat {
        return Ok(finished(brat::read(path, notes)?, path, notes));
    }
    let bytes = std::fs::read(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
    let text = str::from_utf8(&bytes)
        .map_err(|error| Error::NotUtf8 { place: Place::file(path), offset: error.valid_up_to() })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let sheets = match format {
        Format::LabelStudio => label_studio::read(text, path, notes)?,
        Format::Doccano => doccano::read(text, path, notes),
        Format::Conll | Format::Jsonl | Format::Brat => conll::read(text, path, notes),
    };
    if sheets.is_empty() {
        return Err(bad(&Place::file(path), "no records", "labelled texts", "check that this is the right file"));
    }
    Ok(finished(sheets, path, notes))
}

/// The records of sheets.
fn finished(sheets: Vec<Read>, path: &Path, notes: &mut Notes) -> (Vec<Record>, Vec<Error>) {
    let whole = || sheets.iter().filter_map(|(_, sheet)| sheet.as_ref().ok());
    let marks = whole().filter(|sheet| sheet.heads().is_none()).flat_map(|sheet| &sheet.marks);
    let looked: BTreeSet<&str> = marks.map(|mark| mark.kind.head()).collect();
    let looked: Vec<String> = looked.into_iter().map(str::to_owned).collect();
    for _ in whole().filter(|sheet| sheet.heads().is_none() && !looked.is_empty()) {
        notes.add(format!(
            "texts that do not say which heads were looked for, taken to be all that the file has spans of ({})",
            looked.join(", ")
        ));
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (mut records, mut errors) = (Vec::new(), Vec::new());
    for ((place, sheet), number) in sheets.into_iter().zip(1..) {
        let record = sheet.and_then(|mut sheet| {
            if sheet.meta.get("id").is_none_or(Value::is_null) {
                sheet.meta.insert("id".into(), json!(format!("{stem}:{number}")));
            }
            sheet.record(&looked, notes, &place)
        });
        match record {
            Ok(record) => records.push(record),
            Err(error) => errors.push(error),
        }
    }
    distinct(records.iter_mut());
    (records, errors)
}

/// One value a line.
fn lines(values: impl Iterator<Item = Value>) -> Vec<u8> {
    values.flat_map(|value| format!("{value}\n").into_bytes()).collect()
}

/// The text of a span of code points, for readers of the file.
fn slice(text: &str, span: Span) -> &str {
    span.slice(text).unwrap_or_default()
}

fn bad(place: &Place, found: impl Into<String>, expected: impl Into<String>, cure: &str) -> Error {
    Error::Input { place: place.clone(), found: found.into(), expected: expected.into(), cure: cure.into() }
}

/// A span of code points; an error where it does not lie in a text of `length` of them.
fn span(start: Option<usize>, end: Option<usize>, length: usize, place: &Place) -> Result<Span> {
    match (start, end) {
        (Some(start), Some(end)) if start < end && end <= length => Ok(Span { start, end }),
        _ => {
            let shown = |bound: Option<usize>| bound.map_or_else(|| "nothing".to_owned(), |bound| bound.to_string());
            let found = format!("a span from {} to {} in a text of {length} code points", shown(start), shown(end));
            Err(bad(place, found, "a span inside the text", "check that the text is the one that was labelled"))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::sample::records;
    use super::*;
    use proptest::prelude::*;

    const ALL: [Format; 5] = [Format::Jsonl, Format::LabelStudio, Format::Doccano, Format::Brat, Format::Conll];

    /// What is read of what was written.
    fn again(records: &[Record], format: Format) -> (Vec<Record>, Vec<Error>, Notes) {
        let folder = tempfile::tempdir().unwrap();
        let mut notes = Notes::default();
        let path = if format == Format::Brat { folder.path().to_path_buf() } else { folder.path().join("file") };
        for (name, bytes) in write(records, format, &mut notes) {
            std::fs::write(if name.is_empty() { path.clone() } else { path.join(name) }, bytes).unwrap();
        }
        let (records, errors) = read(&path, format, &mut notes).unwrap();
        (records, errors, notes)
    }

    #[test]
    fn every_format_gives_the_records_again() {
        for format in ALL {
            let (back, errors, _) = again(&records(), format);
            assert!(errors.is_empty(), "{format:?}: {errors:?}");
            for (one, other) in back.iter().zip(records()) {
                assert_eq!(*one, other, "{format:?}");
            }
            assert_eq!(back.len(), records().len(), "{format:?}");
        }
    }

    #[test]
    fn what_a_format_cannot_show_is_told_with_a_count() {
        let of = |format: Format| again(&records(), format).2;
        assert!(of(Format::Jsonl).is_empty());
        for format in [Format::LabelStudio, Format::Doccano, Format::Brat, Format::Conll] {
            let notes = of(format);
            let soft = notes.iter().find(|(what, _)| what.starts_with("soft labels"));
            assert_eq!(soft.map(|(_, times)| times), Some(1), "{format:?}: {notes}");
        }
        assert!(of(Format::Brat).iter().any(|(what, times)| what.contains("show their names") && times == 1));
    }

    #[test]
    fn files_that_are_none_are_refused_and_bad_records_are_told_with_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut notes = Notes::default();
        for format in ALL {
            std::fs::write(&path, "").unwrap();
            assert!(read(&path, format, &mut notes).is_err(), "{format:?}");
            assert!(read(&folder.path().join("none"), format, &mut notes).is_err(), "{format:?}");
        }
        let bad = [
            (
                Format::LabelStudio,
                r#"[{"data":{"text":"Ab"},"annotations":[{"result":[{"id":"x","type":"labels","value":{"start":0,"end":9,"labels":["loaded:doubt"]}}]}]}]"#,
            ),
            (
                Format::Doccano,
                r#"{"text":"Ab","entities":[{"id":0,"start_offset":0,"end_offset":9,"label":"loaded:doubt"}]}"#,
            ),
            (Format::Doccano, "not JSON"),
            (Format::Conll, "Ab\tI-wrong\textra"),
        ];
        for (format, text) in bad {
            std::fs::write(&path, text).unwrap();
            let (records, errors) = read(&path, format, &mut notes).unwrap();
            assert_eq!((records.len(), errors.len()), (0, 1), "{format:?}: {text}");
            assert!(errors[0].to_string().contains("file"), "{}", errors[0]);
        }
    }

    proptest! {
        #[test]
        fn whatever_a_file_holds_nothing_panics(
            parts in prop::collection::vec(
                prop_oneof![
                    "[\\[\\]{}\",:0-9\t\n TRA#;é🔥-]{0,6}",
                    Just("\"text\":".to_owned()), Just("\"entities\":[[0,2,\"source\"]]".to_owned()),
                    Just("{\"data\":{\"text\":\"a\"},\"annotations\":[".to_owned()), Just("B-loaded:doubt".to_owned()),
                    Just("# text = ".to_owned()), Just("# columns = token\t".to_owned()), Just("attribution".to_owned()),
                    Just("T1\tCue 0 1;2 9".to_owned()), Just("A1\tClass T1 neutral\n".to_owned()),
                    Just("R1\tSource Arg1:T1 Arg2:T1\n".to_owned()), Just("I-cue:neutral:mixed\n".to_owned()),
                ],
                0..12,
            )
        ) {
            let (text, path) = (parts.concat(), Path::new("f"));
            let mut notes = Notes::default();
            let mut all = doccano::read(&text, path, &mut notes);
            all.extend(conll::read(&text, path, &mut notes));
            all.extend(label_studio::read(&text, path, &mut notes).unwrap_or_default());
            all.push((Place::file(path), brat::sheet("Any 🔥 text.".into(), &text, path, &mut notes)));
            for record in finished(all, path, &mut notes).0 {
                prop_assert!(!record.text.is_empty());
            }
        }

        #[test]
        fn terms_anywhere_in_any_text_come_back_from_every_format(
            text in "[a-zA-Z .,!?'\"éß🔥😀ابتثج\n\t]{4,60}",
            cuts in prop::collection::btree_set(0usize..60, 2..8),
        ) {
            let length = text.chars().count();
            prop_assume!(!text.trim().is_empty());
            let edges: Vec<usize> = cuts.into_iter().filter(|cut| *cut <= length).collect();
            let letters: Vec<char> = text.chars().collect();
            // Formats of words can show no blank at a term's ends.
            let is_whole = |two: &&[usize]| !letters[two[0]].is_whitespace() && !letters[two[1] - 1].is_whitespace();
            let terms: Vec<Value> = edges
                .chunks_exact(2)
                .filter(is_whole)
                .map(|two| json!({"start": two[0], "end": two[1], "kind": "doubt"}))
                .collect();
            let map = json!({"id": "a", "text": text, "loaded": terms});
            let record = crate::label::sample::record(map);
            for format in ALL {
                let (back, errors, _) = again(std::slice::from_ref(&record), format);
                prop_assert!(errors.is_empty(), "{format:?}: {errors:?}");
                prop_assert_eq!(&back[0], &record, "{:?}", format);
            }
        }
    }
}
