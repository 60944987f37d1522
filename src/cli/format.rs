//! The formats of `parallax score`, behind one writer.
//!
//! In: reports with their documents. Out: what the format's writer in [`crate::report`] makes of
//! them. Start at [`Writer::new`], or [`Writer::tables`] for all tables at once.

use crate::error::{Error, Result};
use crate::report::{Report, Standing, csv, html, json, terminal};
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
    /// A table: a row a sentence, or what --table says
    Csv,
    /// One page for the browser: the articles with their marks, and the reasons
    Html,
    /// Tidy tables, a file each: see --tables
    Parquet,
}

/// `--table`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableName {
    /// A row a sentence
    Sentences,
    /// A row a loaded term
    Loaded,
    /// A row an attribution
    Attributions,
    /// A row a source of a document
    Sources,
    /// A row a region of a document
    Regions,
    /// A row a stance toward a mention of a target
    Stances,
}

impl TableName {
    const fn table(self) -> csv::Table {
        match self {
            Self::Sentences => csv::Table::Sentences,
            Self::Loaded => csv::Table::Loaded,
            Self::Attributions => csv::Table::Attributions,
            Self::Sources => csv::Table::Sources,
            Self::Regions => csv::Table::Regions,
            Self::Stances => csv::Table::Stances,
        }
    }
}

/// The writer of one format.
pub(super) enum Writer<W: Write> {
    Text(terminal::Pages<W>),
    Json(json::Array<W>),
    Jsonl(json::Lines<W>),
    /// One table, or several at once.
    Csv(Vec<csv::Rows<W>>),
    Html(html::Pages<W>),
}

impl<W: Write> Writer<W> {
    /// Of `format`, on `out`; `style` is for text, `table` for CSV.
    ///
    /// # Errors
    /// [`Error::Settings`] for Parquet, which holds no reports.
    pub(super) fn new(format: Format, table: Option<TableName>, out: W, style: terminal::Style) -> Result<Self> {
        Ok(match format {
            Format::Text => Self::Text(terminal::Pages::new(out, style)),
            Format::Json => Self::Json(json::Array::new(out)),
            Format::Jsonl => Self::Jsonl(json::Lines::new(out)),
            Format::Html => Self::Html(html::Pages::new(out)),
            Format::Csv => {
                let table = table.unwrap_or(TableName::Sentences);
                Self::Csv(vec![csv::Rows::new(table.table(), out)])
            }
            Format::Parquet => {
                let (setting, found) = ("--format".into(), "parquet for reports".into());
                return Err(Error::Settings { setting, found, expected: "it with --tables alone".into() });
            }
        })
    }

    /// Of several tables, each on its output.
    pub(super) fn tables(outs: impl IntoIterator<Item = (csv::Table, W)>) -> Self {
        Self::Csv(outs.into_iter().map(|(table, out)| csv::Rows::new(table, out)).collect())
    }

    pub(super) fn write(&mut self, document: &Document, report: &Report) -> io::Result<()> {
        match self {
            Self::Text(pages) => pages.write(document, report),
            Self::Json(array) => array.write(report),
            Self::Jsonl(lines) => lines.write(report),
            Self::Csv(tables) => tables.iter_mut().try_for_each(|rows| rows.write(document, report)),
            Self::Html(pages) => pages.write(document, report),
        }
    }

    /// Writes where all documents stand, in the formats for a reader.
    pub(super) fn standing(&mut self, standing: &Standing) -> io::Result<()> {
        match self {
            Self::Text(pages) => pages.standing(standing),
            Self::Html(pages) => pages.standing(standing),
            Self::Json(_) | Self::Jsonl(_) | Self::Csv(_) => Ok(()),
        }
    }

    /// Writes what the format ends with, and gives the outputs back: one, or one a table.
    pub(super) fn finish(self) -> io::Result<Vec<W>> {
        match self {
            Self::Text(pages) => Ok(vec![pages.finish()]),
            Self::Json(array) => Ok(vec![array.finish()?]),
            Self::Jsonl(lines) => Ok(vec![lines.finish()]),
            Self::Csv(tables) => tables.into_iter().map(csv::Rows::finish).collect(),
            Self::Html(pages) => Ok(vec![pages.finish()?]),
        }
    }
}
