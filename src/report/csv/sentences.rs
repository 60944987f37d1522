//! The table `sentences`: the columns that depend on the model, and a row a sentence.
//!
//! In: a report with its document. Out: rows. Start at [`Columns::of`].

use crate::report::ByName;
use crate::report::passage::Passages;
use crate::report::{HeadScore, Report, SentenceReport};
use crate::text::Document;

const FIRST: [&str; 6] = ["id", "sentence", "start", "end", "offsets", "text"];
const LAST: [&str; 4] = ["uncertain", "voice", "region", "lang"];

/// The columns of the scores and labels.
pub(super) struct Columns {
    /// Head, and class for a head with more than two.
    scores: Vec<(String, Option<String>)>,
    /// Heads.
    labels: Vec<String>,
}

impl Columns {
    /// The columns for reports with these heads.
    pub(super) fn of(heads: &ByName<HeadScore>) -> Self {
        let mut scores = Vec::new();
        for (head, score) in heads {
            match score {
                HeadScore::Binary(_) => scores.push((head.to_owned(), None)),
                HeadScore::Classes(classes) => {
                    scores.extend(classes.keys().map(|class| (head.to_owned(), Some(class.to_owned()))));
                }
            }
        }
        Self { scores, labels: heads.keys().map(str::to_owned).collect() }
    }

    /// The names of all columns.
    pub(super) fn header(&self) -> Vec<String> {
        let scores = self.scores.iter().map(|(head, class)| match class {
            Some(class) => format!("{head}.{class}"),
            None => head.clone(),
        });
        let labels = self.labels.iter().map(|head| format!("label.{head}"));
        let (first, last) = (FIRST.map(str::to_owned), LAST.map(str::to_owned));
        first.into_iter().chain(scores).chain(labels).chain(last).collect()
    }

    /// The sentences of one report.
    pub(super) fn rows(&self, document: &Document, report: &Report) -> impl Iterator<Item = Vec<String>> {
        let mut passages = Passages::new(document.text(), report.offsets);
        let lang = report.lang.as_str();
        report.sentences.iter().enumerate().map(move |(index, sentence)| {
            let mut row = vec![
                report.id.clone(),
                (index + 1).to_string(),
                sentence.start.to_string(),
                sentence.end.to_string(),
                report.offsets.as_str().to_owned(),
                passages.between(sentence.start, sentence.end).to_owned(),
            ];
            row.extend(self.fields(sentence));
            row.push(sentence.region.map(|kind| kind.to_string()).unwrap_or_default());
            row.push(sentence.lang.as_deref().unwrap_or(lang).to_owned());
            row
        })
    }

    /// The fields after the text, up to the voice; empty where the sentence has no such score.
    fn fields(&self, sentence: &SentenceReport) -> impl Iterator<Item = String> {
        let scores = self.scores.iter().map(|(head, class)| {
            let p = match (sentence.heads.get(head), class) {
                (Some(HeadScore::Binary(p)), None) => Some(p),
                (Some(HeadScore::Classes(classes)), Some(class)) => classes.get(class),
                _ => None,
            };
            p.map(f64::to_string).unwrap_or_default()
        });
        let labels = self.labels.iter().map(|head| sentence.label(head).to_owned());
        let voice = sentence.voice.map(|voice| voice.to_string()).unwrap_or_default();
        scores.chain(labels).chain([sentence.uncertain.join(";"), voice])
    }
}
