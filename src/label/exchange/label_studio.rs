//! Label Studio's JSON: an array of tasks, each a text with annotations.
//!
//! In: records, or the text of an export ("JSON", not "JSON-MIN"). Out: the other. A mark is a result of type `labels`, a link
//! one of type `relation`, a sentence's label one of type `choices` that is named by its head; what else a record has
//! stands in the task's `data`. Offsets count UTF-16 units. An annotation without an annotator's name in `data` is by
//! whoever `completed_by` names. [Task format](https://labelstud.io/guide/task_format),
//! [labels](https://labelstud.io/tags/labels), [choices](https://labelstud.io/tags/choices).

use super::notes::Notes;
use super::sheet::{Kind, Link, LinkKind, Mark, Sheet};
use super::{Read, bad, slice};
use crate::error::{Error, Place, Result};
use crate::text::{OffsetUnit, Offsets};
use crate::train::annotation::Span;
use crate::train::record::Record;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::path::Path;

pub(super) fn write(records: &[Record], notes: &mut Notes) -> Vec<u8> {
    let tasks: Vec<Value> =
        records.iter().map(|record| task(&Sheet::of(record, notes, |_, _| true).in_pieces())).collect();
    let json = serde_json::to_string_pretty(&tasks).unwrap_or_default();
    (json + "\n").into_bytes()
}

fn task(sheet: &Sheet) -> Value {
    let offsets = Offsets::new(&sheet.text);
    let units = |span: &Span| {
        let bytes = offsets.span_of_chars(span.start, span.end).unwrap_or(crate::text::Span::new(0, 0));
        offsets.convert_span(bytes, OffsetUnit::Utf16)
    };
    let mut results = Vec::new();
    for (at, mark) in sheet.marks.iter().enumerate() {
        for span in &mark.pieces {
            let (start, end) = units(span);
            let text = slice(&sheet.text, *span);
            results.push(json!({
                "id": format!("m{at}"), "from_name": "span", "to_name": "text", "type": "labels",
                "value": {"start": start, "end": end, "text": text, "labels": [mark.kind.name()]},
            }));
        }
    }
    for link in &sheet.links {
        results.push(json!({
            "type": "relation", "from_id": format!("m{}", link.from), "to_id": format!("m{}", link.to),
            "direction": "right", "labels": [link.kind.name()],
        }));
    }
    for (at, (head, class)) in sheet.classes.iter().enumerate() {
        results.push(json!({
            "id": format!("c{at}"), "from_name": head, "to_name": "text", "type": "choices", "value": {"choices": [class]},
        }));
    }
    let mut data = sheet.meta.clone();
    data.insert("text".into(), json!(sheet.text));
    json!({"data": data, "annotations": [{"result": results}]})
}

pub(super) fn read(text: &str, path: &Path, notes: &mut Notes) -> Result<Vec<Read>> {
    let file = Place::file(path);
    let cure = "export the project as JSON";
    let tasks = match serde_json::from_str(text) {
        Ok(Value::Array(tasks)) => tasks,
        Ok(Value::Object(task)) => vec![Value::Object(task)],
        Ok(_) => return Err(bad(&file, "JSON that holds no tasks", "an array of tasks", cure)),
        Err(error) => {
            let place = Place::line(path, error.line().max(1));
            return Err(bad(&place, format!("what is no JSON ({error})"), "an array of tasks", cure));
        }
    };
    let mut sheets = Vec::new();
    for (task, number) in tasks.iter().zip(1..) {
        // A task has no line of its own.
        let named = |error: Error| match error {
            Error::Input { place, found, expected, cure } => {
                Error::Input { place, found: format!("in task {number} {found}"), expected, cure }
            }
            other => other,
        };
        match annotations(task, &file, notes) {
            Ok(all) => sheets.extend(all.into_iter().map(|sheet| (file.clone(), sheet.map_err(named)))),
            Err(error) => sheets.push((file.clone(), Err(named(error)))),
        }
    }
    Ok(sheets)
}

/// A sheet for each annotation of a task.
fn annotations(task: &Value, place: &Place, notes: &mut Notes) -> Result<Vec<Result<Sheet>>> {
    let data = task.get("data").and_then(Value::as_object);
    let Some((data, text)) = data.and_then(|data| Some((data, data.get("text")?.as_str()?))) else {
        let cure = "name the text `text` in the labelling configuration (value=\"$text\")";
        return Err(bad(place, "a task without `data.text`", "a task with a text", cure));
    };
    let mut meta: Map<String, Value> = data.clone();
    meta.retain(|key, _| ["id", "lang", "group", "annotator", "weight", "heads", "labels"].contains(&key.as_str()));
    if !meta.contains_key("id")
        && let Some(id) = task.get("id").filter(|id| id.is_u64() || id.is_string())
    {
        meta.insert("id".into(), id.clone());
    }
    let none = Vec::new();
    let annotations = task.get("annotations").and_then(Value::as_array).unwrap_or(&none);
    if annotations.is_empty() {
        notes.add("tasks that nobody annotated, left out");
    }
    let mut sheets = Vec::new();
    for annotation in annotations {
        if annotation.get("was_cancelled").and_then(Value::as_bool) == Some(true) {
            notes.add("annotations that were cancelled, left out");
            continue;
        }
        let mut meta = meta.clone();
        if !meta.contains_key("annotator")
            && let Some(name) = annotation.get("completed_by").and_then(who)
        {
            meta.insert("annotator".into(), json!(name));
        }
        let results = annotation.get("result").and_then(Value::as_array).unwrap_or(&none);
        let sheet = Sheet { text: text.to_owned(), meta, ..Sheet::default() };
        sheets.push(filled(sheet, results, place, notes));
    }
    Ok(sheets)
}

/// Whom `completed_by` names: a number, or an object with an e-mail address or a number.
fn who(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(name) => Some(name.clone()),
        Value::Object(map) => map.get("email").or_else(|| map.get("id")).and_then(who),
        _ => None,
    }
}

/// The sheet with an annotation's results.
fn filled(mut sheet: Sheet, results: &[Value], place: &Place, notes: &mut Notes) -> Result<Sheet> {
    let text = sheet.text.clone();
    let offsets = Offsets::new(&text);
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    for result in results {
        let value = result.get("value");
        match result.get("type").and_then(Value::as_str) {
            Some("labels") => {
                let bound = |key: &str| whole(value?.get(key)?);
                let (start, end) = (bound("start"), bound("end"));
                let bytes = start.zip(end).and_then(|(start, end)| offsets.span_of(start, end, OffsetUnit::Utf16));
                let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
                    return Err(bad(
                        place,
                        format!(
                            "a label at {}, which is not in its text",
                            value.map_or_else(|| "no place".to_owned(), ToString::to_string)
                        ),
                        "a span in UTF-16 units inside the text",
                        "check that the text is the one that was labelled",
                    ));
                };
                let (start, end) = offsets.convert_span(bytes, OffsetUnit::Chars);
                for name in names(value, "labels") {
                    let Some(kind) = Kind::named(name) else {
                        notes.add(format!("spans labelled {name:?}, which no head has, left out"));
                        continue;
                    };
                    if let Some(id) = result.get("id").and_then(Value::as_str) {
                        by_id.insert(id, sheet.marks.len());
                    }
                    sheet.marks.push(Mark { kind, pieces: vec![Span { start, end }] });
                }
            }
            Some("choices") if value.is_some_and(|value| value.get("start").is_none()) => {
                let head = result.get("from_name").and_then(Value::as_str).unwrap_or_default();
                let mut choices = names(value, "choices");
                if let Some(choice) = choices.next() {
                    sheet.classes.insert(head.to_owned(), choice.to_owned());
                }
                for _ in choices {
                    notes.add("further choices under one name, left out");
                }
            }
            Some("relation") => {}
            other => notes.add(format!("results of the type {:?}, left out", other.unwrap_or("none"))),
        }
    }
    for result in results.iter().filter(|result| result.get("type").and_then(Value::as_str) == Some("relation")) {
        let end = |key: &str| by_id.get(result.get(key)?.as_str()?).copied();
        let kind = names(Some(result), "labels").find_map(LinkKind::named);
        match (kind, end("from_id"), end("to_id")) {
            (Some(kind), Some(from), Some(to)) => sheet.links.push(Link { kind, from, to }),
            _ => notes.add("relations without a name that attributions or stances have, left out"),
        }
    }
    Ok(sheet)
}

/// The strings of a list under `key`.
fn names<'v>(value: Option<&'v Value>, key: &str) -> impl Iterator<Item = &'v str> + use<'v> {
    value.and_then(|value| value.get(key)).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// A number that may be written as a string, as older versions do.
fn whole(value: &Value) -> Option<usize> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::records;
    use super::*;

    #[test]
    fn offsets_count_utf16_units() {
        let json: Value = serde_json::from_slice(&write(&records()[..1], &mut Notes::default())).unwrap();
        let value = &json[0]["annotations"][0]["result"][0]["value"];
        // The emoji before it is one code point and two units.
        assert_eq!((value["start"].as_u64(), value["end"].as_u64()), (Some(8), Some(19)));
        let units: Vec<u16> = json[0]["data"]["text"].as_str().unwrap().encode_utf16().collect();
        assert_eq!(String::from_utf16(&units[8..19]).unwrap(), value["text"].as_str().unwrap());
    }

    #[test]
    fn an_export_of_several_annotators_is_read() {
        let text = r#"[{"id":7,"data":{"text":"🔥 A vile plan"},"annotations":[
            {"completed_by":{"id":1,"email":"ann@example.org"},"result":[
                {"id":"a","type":"labels","from_name":"l","to_name":"t","value":{"start":"5","end":"9","labels":["loaded:evaluative","Strong"]}},
                {"id":"c","type":"choices","from_name":"tone","to_name":"t","value":{"choices":["negative","neutral"]}},
                {"id":"d","type":"rating","value":{"rating":3}}]},
            {"completed_by":2,"result":[]},
            {"completed_by":3,"was_cancelled":true,"result":[]}]}]"#;
        let mut notes = Notes::default();
        let sheets: Vec<Sheet> =
            read(text, Path::new("f"), &mut notes).unwrap().into_iter().map(|(_, sheet)| sheet.unwrap()).collect();
        assert_eq!(sheets.len(), 2);
        assert_eq!(sheets[0].marks[0].pieces, [Span { start: 4, end: 8 }]);
        assert_eq!(
            (&sheets[0].meta["annotator"], &sheets[1].meta["annotator"]),
            (&json!("ann@example.org"), &json!("2"))
        );
        assert_eq!((&sheets[0].classes["tone"], &sheets[0].meta["id"]), (&"negative".to_owned(), &json!(7)));
        assert_eq!(notes.iter().count(), 4, "{notes}");
    }

    #[test]
    fn a_span_inside_a_character_is_refused_with_its_task() {
        let text = r#"[{"data":{"text":"🔥 A"},"annotations":[{"result":[{"type":"labels","value":{"start":1,"end":2,"labels":["source"]}}]}]}]"#;
        let sheets = read(text, Path::new("f"), &mut Notes::default()).unwrap();
        assert!(sheets[0].1.as_ref().unwrap_err().to_string().contains("in task 1"));
        assert!(read("{\"a\":", Path::new("f"), &mut Notes::default()).is_err());
    }
}
