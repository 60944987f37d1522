//! The tables of what is found inside sentences: `loaded`, `attributions` and `sources`.
//!
//! In: a report. Out: rows under a header that is the same for every model; none where the report has
//! no such part. Start at [`loaded`]. Sentences and attributions are counted from 1, as in the table
//! `sentences`.

use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::report::{AttributionReport, LoadedReport, PassageReport, Report, SourceSummary};

/// The columns of [`loaded`].
pub(super) const LOADED: [&str; 10] =
    ["document", "sentence", "start", "end", "offsets", "text", "kind", "p", "voice", "attribution"];

/// The columns of [`attributions`].
pub(super) const ATTRIBUTIONS: [&str; 23] = [
    "document",
    "attribution",
    "sentence",
    "offsets",
    "p",
    "class",
    "class.neutral",
    "class.endorsing",
    "class.distancing",
    "class.charged",
    "direct",
    "cue_start",
    "cue_end",
    "cue_text",
    "source_start",
    "source_end",
    "source_text",
    "link_start",
    "link_end",
    "link_text",
    "link_p",
    "contents",
    "content_spans",
];

/// The columns of [`sources`].
pub(super) const SOURCES: [&str; 9] = [
    "document",
    "name",
    "attributions",
    "words_direct",
    "words_indirect",
    "neutral",
    "endorsing",
    "distancing",
    "charged",
];

/// Between the passages of one content.
const GAP: &str = " … ";

/// A row a loaded term.
pub(super) fn loaded(report: &Report) -> impl Iterator<Item = Vec<String>> {
    report.loaded.iter().flatten().map(|term: &LoadedReport| {
        let PassageReport { start, end, text } = &term.passage;
        vec![
            report.id.clone(),
            (term.sentence + 1).to_string(),
            start.to_string(),
            end.to_string(),
            report.offsets.as_str().to_owned(),
            text.clone(),
            term.kind.to_string(),
            term.p.to_string(),
            term.voice.to_string(),
            term.attribution.map(|index| (index + 1).to_string()).unwrap_or_default(),
        ]
    })
}

/// A row an attribution.
pub(super) fn attributions(report: &Report) -> impl Iterator<Item = Vec<String>> {
    report.attributions.iter().flatten().enumerate().map(|(index, attribution): (usize, &AttributionReport)| {
        let link = attribution.source.as_ref().and_then(|source| source.link.as_ref());
        let mut row = vec![
            report.id.clone(),
            (index + 1).to_string(),
            (attribution.sentence + 1).to_string(),
            report.offsets.as_str().to_owned(),
            attribution.p.to_string(),
            attribution.class.to_string(),
        ];
        row.extend(by_class(|class| attribution.classes.get(&class).map(f64::to_string).unwrap_or_default()));
        row.push(attribution.direct.to_string());
        row.extend(passage(Some(&attribution.cue)));
        row.extend(passage(attribution.source.as_ref().map(|source| &source.passage)));
        row.extend(passage(link.map(|link| &link.passage)));
        row.push(link.map(|link| link.p.to_string()).unwrap_or_default());
        let texts: Vec<&str> = attribution.content.iter().map(|content| content.text.as_str()).collect();
        let spans = attribution.content.iter().map(|content| format!("{}-{}", content.start, content.end));
        row.extend([texts.join(GAP), spans.collect::<Vec<_>>().join(";")]);
        row
    })
}

/// A row a source.
pub(super) fn sources(report: &Report) -> impl Iterator<Item = Vec<String>> {
    report.document.sources.iter().flatten().map(|source: &SourceSummary| {
        let mut row = vec![
            report.id.clone(),
            source.name.clone().unwrap_or_default(),
            source.attributions.to_string(),
            source.words_direct.to_string(),
            source.words_indirect.to_string(),
        ];
        row.extend(by_class(|class| source.cues.get(&class).copied().unwrap_or_default().to_string()));
        row
    })
}

/// A field a class, in the order of the columns.
fn by_class(field: impl Fn(CueClass) -> String) -> impl Iterator<Item = String> {
    CueClass::ALL.iter().map(move |&class| field(class))
}

/// Start, end and text; empty where there is no passage.
fn passage(passage: Option<&PassageReport>) -> [String; 3] {
    passage.map_or_else(Default::default, |p| [p.start.to_string(), p.end.to_string(), p.text.clone()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{full_report, report};
    use crate::text::OffsetUnit;

    #[test]
    fn the_columns_of_the_classes_stand_in_the_order_of_the_labels() {
        let labels: Vec<&str> = CueClass::ALL.iter().map(|class| class.as_str()).collect();
        assert_eq!(SOURCES[5..], labels[..]);
        assert_eq!(ATTRIBUTIONS[6..10], labels.iter().map(|label| format!("class.{label}")).collect::<Vec<_>>()[..]);
    }

    #[test]
    fn every_row_has_a_field_a_column() {
        let report = full_report("a", OffsetUnit::Utf16);
        assert!(loaded(&report).all(|row| row.len() == LOADED.len()));
        assert!(attributions(&report).all(|row| row.len() == ATTRIBUTIONS.len()));
        assert!(sources(&report).all(|row| row.len() == SOURCES.len()));
        assert_eq!((loaded(&report).count(), attributions(&report).count(), sources(&report).count()), (3, 3, 2));
    }

    #[test]
    fn a_report_without_these_parts_has_no_rows() {
        let report = report("a");
        assert_eq!((loaded(&report).count(), attributions(&report).count(), sources(&report).count()), (0, 0, 0));
    }
}
