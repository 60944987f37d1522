//! Reports as CSV, one row a sentence; quoted as RFC 4180 says, lines end in LF.
//!
//! In: reports of one model, each with its document. Out: [`Rows`], a header and rows with these columns:
//!
//! | column | holds |
//! |---|---|
//! | `id` | the document's id |
//! | `sentence` | the sentence's number in the document, from 1 |
//! | `start`, `end`, `offsets` | its span, and the unit of that |
//! | `text` | its text as it stands in the document |
//! | `HEAD` or `HEAD.CLASS` | a probability, 0 to 1 |
//! | `label.HEAD` | the head's label |
//! | `uncertain` | the heads that are too close to call, with `;` between them |
//!
//! Text is written as it is. A spreadsheet may take a sentence that starts with `=` for a formula:
//! import the column as text. Start at [`Rows::write`].

use super::passage::Passages;
use super::{HeadScore, Report, SentenceReport};
use crate::text::{Document, OffsetUnit};
use std::collections::BTreeMap;
use std::io::{self, Write};

const FIXED: [&str; 6] = ["id", "sentence", "start", "end", "offsets", "text"];

/// Writes rows; the first report decides on the columns.
pub struct Rows<W: Write> {
    out: csv::Writer<W>,
    columns: Option<Columns>,
}

/// The columns that depend on the model.
struct Columns {
    /// Head, and class for a head with more than two.
    scores: Vec<(String, Option<String>)>,
    /// Heads.
    labels: Vec<String>,
}

impl<W: Write> Rows<W> {
    /// Rows on `out`.
    pub fn new(out: W) -> Self {
        Self { out: csv::Writer::from_writer(out), columns: None }
    }

    /// Writes the sentences of one report on `document`.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&mut self, document: &Document, report: &Report) -> io::Result<()> {
        if self.columns.is_none() {
            let columns = Columns::of(&report.document.heads);
            self.out.write_record(columns.header()).map_err(io_error)?;
            self.columns = Some(columns);
        }
        let Some(columns) = &self.columns else { return Ok(()) };
        let mut passages = Passages::new(document.text(), report.offsets);
        for (index, sentence) in report.sentences.iter().enumerate() {
            let out = &mut self.out;
            let mut field = |text: &str| out.write_field(text).map_err(io_error);
            field(&report.id)?;
            field(&(index + 1).to_string())?;
            field(&sentence.start.to_string())?;
            field(&sentence.end.to_string())?;
            field(unit(report.offsets))?;
            field(passages.between(sentence.start, sentence.end))?;
            columns.fields(sentence).try_for_each(|text| field(&text))?;
            out.write_record(None::<&[u8]>).map_err(io_error)?;
        }
        Ok(())
    }

    /// Writes what is held back and gives `out` back.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

impl Columns {
    fn of(heads: &BTreeMap<String, HeadScore>) -> Self {
        let mut scores = Vec::new();
        for (head, score) in heads {
            match score {
                HeadScore::Binary(_) => scores.push((head.clone(), None)),
                HeadScore::Classes(classes) => {
                    scores.extend(classes.keys().map(|class| (head.clone(), Some(class.clone()))));
                }
            }
        }
        Self { scores, labels: heads.keys().cloned().collect() }
    }

    fn header(&self) -> Vec<String> {
        let scores = self.scores.iter().map(|(head, class)| match class {
            Some(class) => format!("{head}.{class}"),
            None => head.clone(),
        });
        let labels = self.labels.iter().map(|head| format!("label.{head}"));
        let fixed = FIXED.iter().map(|&name| name.to_owned());
        fixed.chain(scores).chain(labels).chain(["uncertain".to_owned()]).collect()
    }

    /// The fields under [`Columns::header`]; empty where the sentence has no such score.
    fn fields<'a>(&'a self, sentence: &'a SentenceReport) -> impl Iterator<Item = String> + 'a {
        let scores = self.scores.iter().map(|(head, class)| {
            let p = match (sentence.heads.get(head), class) {
                (Some(HeadScore::Binary(p)), None) => Some(p),
                (Some(HeadScore::Classes(classes)), Some(class)) => classes.get(class),
                _ => None,
            };
            p.map(f64::to_string).unwrap_or_default()
        });
        let labels = self.labels.iter().map(|head| sentence.labels.get(head).cloned().unwrap_or_default());
        scores.chain(labels).chain([sentence.uncertain.join(";")])
    }
}

const fn unit(unit: OffsetUnit) -> &'static str {
    match unit {
        OffsetUnit::Bytes => "bytes",
        OffsetUnit::Chars => "chars",
        OffsetUnit::Utf16 => "utf16",
    }
}

/// The error of the stream underneath with its kind, by which a closed pipe is told.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{document, report};
    use super::*;

    #[test]
    fn a_row_is_a_sentence_with_its_text_scores_labels_and_doubts() {
        let mut rows = Rows::new(Vec::new());
        rows.write(&document("a,1"), &report("a,1")).unwrap();
        let text = String::from_utf8(rows.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "id,sentence,start,end,offsets,text,bias,tone.negative,tone.positive,label.bias,label.tone,uncertain\n\
             \"a,1\",1,0,25,bytes,\"The \"\"brutal\"\" raid failed.\",0.91,0.75,0.25,1,negative,\n\
             \"a,1\",2,26,40,bytes,It rained.é\n.,0.125,0.5,0.5,0,negative,tone\n"
                .replace("It rained.é\n.", "\"It rained.é\n.\"")
        );
    }

    #[test]
    fn a_document_without_sentences_gives_the_header_alone() {
        let mut rows = Rows::new(Vec::new());
        let mut report = report("a");
        report.sentences.clear();
        rows.write(&document("a"), &report).unwrap();
        assert_eq!(String::from_utf8(rows.finish().unwrap()).unwrap().lines().count(), 1);
    }
}
