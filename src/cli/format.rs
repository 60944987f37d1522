//! The formats of `parallax score`, behind one writer.
//!
//! In: reports with their documents. Out: what the format's writer in [`crate::report`] makes of
//! them. Start at [`Writer::new`].

use crate::report::{Report, csv, json, terminal};
use crate::text::Document;
use clap::ValueEnum;
use std::io::{self, Write};

/// How reports are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading: bars, sentences, labels
    Text,
    /// One JSON array of all reports, indented
    Json,
    /// One JSON object a line for each document
    Jsonl,
    /// One row a sentence
    Csv,
}

/// The writer of one format.
pub(super) enum Writer<W: Write> {
    Text(terminal::Pages<W>),
    Json(json::Array<W>),
    Jsonl(json::Lines<W>),
    Csv(Box<csv::Rows<W>>),
}

impl<W: Write> Writer<W> {
    /// Of `format`, on `out`; `style` is for text.
    pub(super) fn new(format: Format, out: W, style: terminal::Style) -> Self {
        match format {
            Format::Text => Self::Text(terminal::Pages::new(out, style)),
            Format::Json => Self::Json(json::Array::new(out)),
            Format::Jsonl => Self::Jsonl(json::Lines::new(out)),
            Format::Csv => Self::Csv(Box::new(csv::Rows::new(out))),
        }
    }

    pub(super) fn write(&mut self, document: &Document, report: &Report) -> io::Result<()> {
        match self {
            Self::Text(pages) => pages.write(document, report),
            Self::Json(array) => array.write(report),
            Self::Jsonl(lines) => lines.write(report),
            Self::Csv(rows) => rows.write(document, report),
        }
    }

    /// Writes what the format ends with, and gives the output back.
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::Text(pages) => Ok(pages.finish()),
            Self::Json(array) => array.finish(),
            Self::Jsonl(lines) => Ok(lines.finish()),
            Self::Csv(rows) => rows.finish(),
        }
    }
}
