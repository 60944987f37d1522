//! doccano's JSON Lines: a text a line with entities, relations and categories.
//!
//! In: records, or the text of an export. Out: the other. A mark is one of `entities`, a link one of `relations`, a
//! sentence's label one of `cats`, written `head:class`; what else a record has stands beside them, which doccano keeps as
//! the text's meta data, the id as `record` since doccano has an `id` of its own. Offsets count code points. The shorter
//! forms are read too: `label` (or `labels`) as a list of `[start, end, name]` or of categories, and entities as such lists.
//! [Formats](https://doccano.github.io/doccano/).

use super::notes::Notes;
use super::sheet::{Kind, Link, LinkKind, Mark, Sheet};
use super::{Read, bad, lines, span};
use crate::error::{Place, Result};
use crate::train::record::Record;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::path::Path;

pub(super) fn write(records: &[Record], notes: &mut Notes) -> Vec<u8> {
    let sheets: Vec<Sheet> =
        records.iter().map(|record| Sheet::of(record, notes, |head, _| !head.contains(':')).in_pieces()).collect();
    lines(sheets.iter().map(line))
}

fn line(sheet: &Sheet) -> Value {
    let entities = sheet.marks.iter().enumerate().flat_map(|(id, mark)| {
        mark.pieces.iter().map(move |span| {
            json!({"id": id, "start_offset": span.start, "end_offset": span.end, "label": mark.kind.name()})
        })
    });
    let relations = sheet
        .links
        .iter()
        .enumerate()
        .map(|(id, link)| json!({"id": id, "from_id": link.from, "to_id": link.to, "type": link.kind.name()}));
    let cats: Vec<String> = sheet.classes.iter().map(|(head, class)| format!("{head}:{class}")).collect();
    let mut map = Map::new();
    map.insert("text".into(), json!(sheet.text));
    map.insert("entities".into(), entities.collect());
    map.insert("relations".into(), relations.collect());
    map.insert("cats".into(), json!(cats));
    for (key, value) in &sheet.meta {
        map.insert(if key == "id" { "record".into() } else { key.clone() }, value.clone());
    }
    Value::Object(map)
}

pub(super) fn read(text: &str, path: &Path, notes: &mut Notes) -> Vec<Read> {
    let written = text.split('\n').zip(1..).filter(|(line, _)| !line.trim().is_empty());
    written
        .map(|(line, number)| {
            let place = Place::line(path, number);
            let sheet = sheet(line, &place, notes);
            (place, sheet)
        })
        .collect()
}

fn sheet(line: &str, place: &Place, notes: &mut Notes) -> Result<Sheet> {
    let cure = "export the project as JSONL";
    let map: Map<String, Value> = serde_json::from_str(line).map_err(|error| {
        bad(place, format!("a line that is no JSON object ({error})"), "one JSON object a line", cure)
    })?;
    let Some(text) = map.get("text").and_then(Value::as_str) else {
        return Err(bad(place, "a line without `text`", "a text with its labels", cure));
    };
    let mut sheet = Sheet { text: text.to_owned(), ..Sheet::default() };
    for key in ["lang", "group", "annotator", "weight", "heads"] {
        if let Some(value) = map.get(key) {
            sheet.meta.insert(key.to_owned(), value.clone());
        }
    }
    if let Some(id) = map.get("record").or_else(|| map.get("id")) {
        sheet.meta.insert("id".into(), id.clone());
    }
    if let Some(labels) = map.get("labels").filter(|labels| labels.is_object()) {
        sheet.meta.insert("labels".into(), labels.clone());
    }
    let length = text.chars().count();
    let mut by_id: HashMap<u64, usize> = HashMap::new();
    let list = |key: &str| map.get(key).and_then(Value::as_array).into_iter().flatten();
    for entry in list("entities").chain(list("label")).chain(list("labels")).chain(list("cats")) {
        let (start, end, name, id) = match entry {
            Value::String(category) => {
                category_of(category, &mut sheet, notes);
                continue;
            }
            Value::Array(items) => (items.first(), items.get(1), items.get(2), None),
            other => (other.get("start_offset"), other.get("end_offset"), other.get("label"), other.get("id")),
        };
        let bound = |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
        let span = span(bound(start), bound(end), length, place)?;
        let name = name.and_then(Value::as_str).unwrap_or_default();
        let Some(kind) = Kind::named(name) else {
            notes.add(format!("spans labelled {name:?}, which no head has, left out"));
            continue;
        };
        if let Some(id) = id.and_then(Value::as_u64) {
            by_id.insert(id, sheet.marks.len());
        }
        sheet.marks.push(Mark { kind, pieces: vec![span] });
    }
    for relation in list("relations") {
        let end = |key: &str| by_id.get(&relation.get(key)?.as_u64()?).copied();
        let kind = relation.get("type").and_then(Value::as_str).and_then(LinkKind::named);
        match (kind, end("from_id"), end("to_id")) {
            (Some(kind), Some(from), Some(to)) => sheet.links.push(Link { kind, from, to }),
            _ => notes.add("relations without a name that attributions or stances have, left out"),
        }
    }
    for _ in list("Comments").chain(list("comments")) {
        notes.add("comments, left out");
    }
    Ok(sheet)
}

/// A category, `head:class`.
fn category_of(category: &str, sheet: &mut Sheet, notes: &mut Notes) {
    match category.split_once(':') {
        Some((head, class)) if !sheet.classes.contains_key(head) => {
            sheet.classes.insert(head.to_owned(), class.to_owned());
        }
        Some(_) => notes.add("further categories of one head, left out"),
        None => notes.add(format!("the category {category:?}, which is not written head:class, left out")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::records;
    use super::*;
    use crate::train::annotation::Span;

    #[test]
    fn offsets_count_code_points() {
        let bytes = write(&records()[..1], &mut Notes::default());
        let line: Value = serde_json::from_slice(&bytes).unwrap();
        let entity = &line["entities"][0];
        assert_eq!((entity["start_offset"].as_u64(), entity["end_offset"].as_u64()), (Some(7), Some(18)));
        assert_eq!(line["record"], "a:0");
        assert_eq!(line["cats"], json!(["bias:1", "mood of it:very grim", "tone:negative"]));
    }

    #[test]
    fn the_short_forms_are_read() {
        let text = "{\"id\":3,\"text\":\"🔥 A vile plan\",\"label\":[[4,8,\"loaded:evaluative\"],[9,13,\"PLAN\"]],\"Comments\":[\"?\"]}\n\
                    {\"text\":\"A plan.\",\"label\":[\"tone:neutral\",\"nice\"]}\r\n";
        let mut notes = Notes::default();
        let sheets: Vec<Sheet> =
            read(text, Path::new("f"), &mut notes).into_iter().map(|(_, sheet)| sheet.unwrap()).collect();
        assert_eq!(sheets[0].marks[0].pieces, [Span { start: 4, end: 8 }]);
        assert_eq!(sheets[1].classes["tone"], "neutral");
        assert_eq!(notes.iter().count(), 3, "{notes}");
    }
}
