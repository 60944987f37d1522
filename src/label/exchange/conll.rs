//! Columns as of the CoNLL shared tasks: a token a line, a tag in each further column, a blank line behind a sentence.
//!
//! In: records, or the text of a file. Out: the other. Comments come first: `# text = …`, `# meta = {…}` (what else a record
//! has), `# label.HEAD = CLASS` and `# columns = …`, which names the columns, separated by tabs. `token` is a word or mark of
//! the text, cut where a span begins or ends in it. Tags are `B-`, `I-` and `O` (Ramshaw & Marcus 1995). Each layer of terms
//! that do not overlap is a column `loaded`, `loaded.2`, …; each attribution has a column for each layer of its parts
//! (`attribution`, `attribution.2`, …), as predicates have in CoNLL-2005, with `B-cue:CLASS:DIRECT`, `B-source` and
//! `B-content`; parts of an attribution that lie in each other go to `attribution.N+`. So with `stance`, `B-target:POLARITY`
//! and `B-holder`.
//!
//! Of a file without `# text` the text is its tokens with blanks between them.

use super::notes::Notes;
use super::sheet::{Kind, Link, LinkKind, Mark, Sheet};
use super::{Read, bad, slice};
use crate::error::{Place, Result};
use crate::heads::loaded;
use crate::text::{OffsetUnit, Offsets, words};
use crate::train::annotation::Span;
use crate::train::record::Record;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::path::Path;

pub(super) fn write(records: &[Record], notes: &mut Notes) -> Vec<u8> {
    let mut out = String::new();
    for record in records {
        let sheet = Sheet::of(record, notes, |head, class| is_line(head) && is_line(class) && !head.contains(" = "));
        // Writing to a string cannot fail.
        let _ = sentence(&sheet, &mut out, notes);
    }
    out.into_bytes()
}

/// Whether a text can stand in a comment as it is.
fn is_line(text: &str) -> bool {
    !text.contains(char::is_control) && text.trim() == text
}

/// A line of the file: its number and its fields.
type Row<'a> = (usize, Vec<&'a str>);

/// A span with its tag, one of a column.
type Tagged = (Span, Kind);

fn sentence(sheet: &Sheet, out: &mut String, notes: &mut Notes) -> fmt::Result {
    let columns = columns(sheet);
    let mut meta = sheet.meta.clone();
    if is_line(&sheet.text) {
        writeln!(out, "# text = {}", sheet.text)?;
    } else {
        // With its line breaks.
        meta.insert("text".into(), json!(sheet.text));
    }
    writeln!(out, "# meta = {}", Value::Object(meta))?;
    for (head, class) in &sheet.classes {
        writeln!(out, "# label.{head} = {class}")?;
    }
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    writeln!(out, "# columns = {}", ["token"].into_iter().chain(names).collect::<Vec<_>>().join("\t"))?;
    let edges: BTreeSet<usize> =
        columns.iter().flat_map(|(_, spans)| spans).flat_map(|(span, _)| [span.start, span.end]).collect();
    let tokens = tokens(&sheet.text, &edges);
    for (_, spans) in &columns {
        for (span, _) in spans {
            let mut inside = tokens.iter().filter(|token| overlap(*span, **token));
            let (first, last) = (inside.next(), tokens.iter().rev().find(|token| overlap(*span, **token)));
            match first.zip(last) {
                None => notes.add("spans without a word in them, left out"),
                Some((first, last)) if first.start == span.start && last.end == span.end => {}
                Some(_) => notes.add("spans that begin or end with a blank, cut to their words"),
            }
        }
    }
    let mut open: Vec<Option<Span>> = vec![None; columns.len()];
    for token in &tokens {
        write!(out, "{}", slice(&sheet.text, *token))?;
        for ((_, spans), open) in columns.iter().zip(&mut open) {
            let inside = spans.iter().find(|(span, _)| overlap(*span, *token));
            match inside {
                None => write!(out, "\tO")?,
                Some((span, kind)) => {
                    let goes_on = *open == Some(*span);
                    write!(out, "\t{}-{}", if goes_on { 'I' } else { 'B' }, kind.name())?;
                }
            }
            *open = inside.map(|(span, _)| *span);
        }
        writeln!(out)?;
    }
    writeln!(out)
}

const fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// The words of a text in code points, cut at the edges of spans.
fn tokens(text: &str, edges: &BTreeSet<usize>) -> Vec<Span> {
    let offsets = Offsets::new(text);
    let mut tokens = Vec::new();
    for word in words(text) {
        let (mut start, end) = offsets.convert_span(word, OffsetUnit::Chars);
        for edge in edges.range(start + 1..end.max(start + 1)) {
            tokens.push(Span { start, end: *edge });
            start = *edge;
        }
        tokens.push(Span { start, end });
    }
    tokens
}

/// The columns of a sheet, each with spans that do not overlap.
fn columns(sheet: &Sheet) -> Vec<(String, Vec<Tagged>)> {
    let tagged = |mark: &Mark| mark.pieces.iter().map(|span| (*span, mark.kind)).collect::<Vec<Tagged>>();
    let mut columns = Vec::new();
    let is_known = sheet.heads().is_some_and(|heads| heads.iter().any(|head| head == loaded::NAME));
    let terms = sheet.marks.iter().filter(|mark| matches!(mark.kind, Kind::Loaded(_))).flat_map(tagged);
    let mut of_terms = layers(terms.collect());
    if of_terms.is_empty() && is_known {
        of_terms.push(Vec::new());
    }
    columns.extend(of_terms.into_iter().zip(1..).map(|(layer, number)| (numbered(loaded::NAME, number), layer)));
    let mut number = (0, 0);
    for (at, mark) in sheet.marks.iter().enumerate() {
        let of = match mark.kind {
            Kind::Cue(..) => &mut number.0,
            Kind::Target(_) => &mut number.1,
            _ => continue,
        };
        *of += 1;
        let linked = sheet.links.iter().filter(|link| link.from == at).filter_map(|link| sheet.marks.get(link.to));
        let parts = [mark].into_iter().chain(linked).flat_map(tagged).collect();
        let name = numbered(mark.kind.head(), *of);
        columns.extend(
            layers(parts).into_iter().enumerate().map(|(layer, spans)| (format!("{name}{}", "+".repeat(layer)), spans)),
        );
    }
    columns
}

fn numbered(name: &str, number: usize) -> String {
    if number == 1 { name.to_owned() } else { format!("{name}.{number}") }
}

/// Spans in as few layers as it takes, those of a layer apart from each other.
fn layers(mut spans: Vec<Tagged>) -> Vec<Vec<Tagged>> {
    spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let mut layers: Vec<Vec<Tagged>> = Vec::new();
    for tagged in spans {
        let free = layers.iter_mut().find(|layer| layer.last().is_none_or(|(last, _)| last.end <= tagged.0.start));
        match free {
            Some(layer) => layer.push(tagged),
            None => layers.push(vec![tagged]),
        }
    }
    layers
}

pub(super) fn read(text: &str, path: &Path, notes: &mut Notes) -> Vec<Read> {
    let mut sheets = Vec::new();
    let mut block: Vec<(usize, &str)> = Vec::new();
    for (line, number) in text.split('\n').zip(1..).chain([("", 0)]) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if !line.is_empty() {
            block.push((number, line));
        } else if let Some((first, _)) = block.first() {
            let place = Place::line(path, *first);
            if block.iter().any(|(_, line)| !line.starts_with("# ")) {
                sheets.push((place, sheet(&block, path, notes)));
            } else {
                notes.add("comments that stand by themselves, left out");
            }
            block.clear();
        }
    }
    sheets
}

/// The sheet of a block of lines.
fn sheet(block: &[(usize, &str)], path: &Path, notes: &mut Notes) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    let (mut text, mut columns): (Option<String>, Option<Vec<&str>>) = (None, None);
    let mut rows: Vec<Row<'_>> = Vec::new();
    for (number, line) in block {
        // A token may be `#`; a comment has a blank behind it and no tab right there.
        let comment = line.strip_prefix("# ").filter(|_| rows.is_empty());
        match comment.and_then(|comment| comment.split_once(" = ")) {
            Some(("text", value)) => text = Some(value.to_owned()),
            Some(("columns", value)) => columns = Some(value.split('\t').collect()),
            Some(("meta", value)) => {
                let mut meta: Map<String, Value> = serde_json::from_str(value).map_err(|error| {
                    let found = format!("a `meta` that is no JSON object ({error})");
                    bad(&Place::line(path, *number), found, "a JSON object", "correct the comment, or remove it")
                })?;
                if let Some(Value::String(whole)) = meta.remove("text") {
                    text = Some(whole);
                }
                sheet.meta = meta;
            }
            Some(("sent_id", value)) => {
                sheet.meta.insert("id".into(), json!(value));
            }
            Some((key, value)) if key.starts_with("label.") => {
                sheet.classes.insert(key.trim_start_matches("label.").to_owned(), value.to_owned());
            }
            Some(_) => notes.add("comments of other keys, left out"),
            None if comment.is_some() => notes.add("comments without a value, left out"),
            None => rows.push((*number, line.split('\t').collect())),
        }
    }
    let tokens: Vec<&str> = rows.iter().filter_map(|(_, fields)| fields.first().copied()).collect();
    sheet.text = text.unwrap_or_else(|| {
        notes.add("sentences without `# text`, put together from their tokens with blanks between");
        tokens.join(" ")
    });
    let places = placed(&sheet.text, &tokens).ok_or_else(|| {
        let place = Place::line(path, block.first().map_or(1, |(number, _)| *number));
        bad(&place, "tokens that are not those of `# text`", "the text's words in their order", "restore the sentence")
    })?;
    let columns = columns.unwrap_or_else(|| vec!["token", loaded::NAME]);
    let mut groups: Vec<(&str, Vec<Tagged>)> = Vec::new();
    for (at, name) in columns.iter().enumerate().skip(1) {
        let group = name.trim_end_matches('+');
        let spans = column(name, at, &rows, &places, path)?;
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, all)) => all.extend(spans),
            None => groups.push((group, spans)),
        }
    }
    for (group, spans) in groups {
        together(group, spans, &mut sheet, notes);
    }
    Ok(sheet)
}

/// Puts the spans of one column, or of the layers of one, on the sheet: terms by themselves, others linked to the cue or
/// target among them.
fn together(group: &str, spans: Vec<Tagged>, sheet: &mut Sheet, notes: &mut Notes) {
    let is_main = |kind: Kind| matches!(kind, Kind::Cue(..) | Kind::Target(_));
    let first = sheet.marks.len();
    sheet.marks.extend(spans.iter().map(|(span, kind)| Mark { kind: *kind, pieces: vec![*span] }));
    let Some(main) = spans.iter().position(|(_, kind)| is_main(*kind)) else {
        if spans.iter().any(|(_, kind)| !matches!(kind, Kind::Loaded(_))) {
            notes.add("columns without a cue or target, whose other spans are linked to nothing");
        }
        return;
    };
    if spans.iter().filter(|(_, kind)| is_main(*kind)).count() > 1 {
        notes.add(format!("more than one cue or target in the column `{group}`, of which the first has the links"));
    }
    for (at, (_, kind)) in spans.iter().enumerate() {
        let kind = match kind {
            Kind::Source => LinkKind::Source,
            Kind::Content => LinkKind::Content,
            Kind::Holder => LinkKind::Holder,
            Kind::Loaded(_) | Kind::Cue(..) | Kind::Target(_) => continue,
        };
        sheet.links.push(Link { kind, from: first + main, to: first + at });
    }
}

/// Where each token stands in the text, in code points; `None` if one is not there.
fn placed(text: &str, tokens: &[&str]) -> Option<Vec<Span>> {
    let offsets = Offsets::new(text);
    let mut from = 0;
    let place = |token: &&str| {
        let start = from + text.get(from..)?.find(token)?;
        from = start + token.len();
        let (start, end) = offsets.convert_span(crate::text::Span::new(start, from), OffsetUnit::Chars);
        Some(Span { start, end })
    };
    tokens.iter().map(place).collect()
}

/// The spans of a column's tags.
fn column(name: &str, at: usize, rows: &[Row<'_>], places: &[Span], path: &Path) -> Result<Vec<Tagged>> {
    let mut spans: Vec<Tagged> = Vec::new();
    let mut open: Option<Kind> = None;
    for ((number, fields), place) in rows.iter().zip(places) {
        let tag = fields.get(at).copied().unwrap_or("");
        let wrong = || {
            let expected = format!("O, or B- or I- with one of {}", Kind::names().join(", "));
            let cure = "correct the tag, and give every token one in each column, with tabs between";
            bad(&Place::line(path, *number), format!("{tag:?} as a tag of `{name}`"), expected, cure)
        };
        if tag == "O" {
            open = None;
            continue;
        }
        let (edge, kind) = tag.split_once('-').ok_or_else(wrong)?;
        let kind = Kind::named(kind).ok_or_else(wrong)?;
        match (edge, spans.last_mut()) {
            ("I", Some((span, _))) if open == Some(kind) => span.end = place.end,
            ("B" | "I", _) => spans.push((*place, kind)),
            _ => return Err(wrong()),
        }
        open = Some(kind);
    }
    Ok(spans)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::records;
    use super::*;
    use crate::train::annotation::LoadedKind;

    fn read_all(text: &str, notes: &mut Notes) -> Vec<Result<Sheet>> {
        read(text, Path::new("f.conll"), notes).into_iter().map(|(_, sheet)| sheet).collect()
    }

    #[test]
    fn each_layer_and_each_attribution_has_its_column() {
        let text = String::from_utf8(write(&records()[..1], &mut Notes::default())).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "# text = 🔥 “The vile regime,” she claimed, “will fall.”");
        assert!(text.contains("# columns = token\tloaded\tloaded.2\tattribution\tstance\tstance.2\n"), "{text}");
        let row = |token: &str| *lines.iter().find(|line| line.starts_with(&format!("{token}\t"))).unwrap();
        assert_eq!(
            row("vile"),
            "vile\tB-loaded:naming\tB-loaded:evaluative\tI-content\tB-target:against\tB-target:neutral"
        );
        assert_eq!(row("regime"), "regime\tI-loaded:naming\tO\tI-content\tI-target:against\tI-target:neutral");
        assert_eq!(row("she"), "she\tO\tO\tB-source\tB-holder\tO");
    }

    #[test]
    fn parts_that_lie_in_each_other_get_a_layer_and_words_are_cut_at_edges() {
        let text = String::from_utf8(write(&records(), &mut Notes::default())).unwrap();
        assert!(text.contains("attribution\tattribution+\tattribution.2"), "{text}");
        let arabic = text.lines().find(|line| line.starts_with("كارثية\t")).unwrap();
        assert!(arabic.contains("loaded:exaggeration"), "{arabic}");
    }

    #[test]
    fn a_file_of_tokens_and_tags_alone_is_read() {
        let text = "A\tO\r\nvile\tB-loaded:evaluative\r\nplan\tI-loaded:evaluative\r\n\r\n\r\n# a comment\n\nYes\tO\n";
        let mut notes = Notes::default();
        let sheets = read_all(text, &mut notes);
        assert_eq!(sheets.len(), 2);
        let sheet = sheets[0].as_ref().unwrap();
        assert_eq!(sheet.text, "A vile plan");
        assert_eq!(sheet.marks[0].pieces, [Span { start: 2, end: 11 }]);
        assert_eq!(sheet.marks[0].kind, Kind::Loaded(LoadedKind::Evaluative));
        assert_eq!(notes.iter().count(), 2, "{notes}");
    }

    #[test]
    fn tags_and_tokens_that_do_not_fit_are_refused_with_their_line() {
        let said = |text: &str| read_all(text, &mut Notes::default())[0].as_ref().unwrap_err().to_string();
        assert!(said("A\tO\nplan\tB-PER").contains("f.conll:2: found \"B-PER\""));
        assert!(said("A\tO\nplan").contains("f.conll:2"));
        assert!(said("# text = A plan\nAnother\tO").contains("f.conll:1"));
        assert!(said("# meta = [\nA\tO").contains("no JSON object"));
    }
}
