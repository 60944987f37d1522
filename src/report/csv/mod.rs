//! Reports as CSV, in six tables; quoted as RFC 4180 says, lines end in LF.
//!
//! In: reports of one model, each with its document. Out: [`Rows`], a header and rows of one
//! [`Table`]. Columns are added, never renamed: read them by name.
//!
//! `sentences`, a row a sentence:
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
//! | `voice` | `author`, `quoted` or `mixed`; empty where the model does not say |
//! | `region` | `headline` or `body`; empty where a document is one sentence |
//! | `lang` | its language |
//!
//! `loaded`, a row a loaded term:
//!
//! | column | holds |
//! |---|---|
//! | `document`, `sentence` | the `id` and `sentence` of the sentence it stands in |
//! | `start`, `end`, `offsets`, `text` | the term, as above |
//! | `kind`, `p` | how it judges, and the probability that it is a loaded term |
//! | `voice` | `author` or `quoted` |
//! | `attribution` | the attribution in whose content it stands, by its number in the document; or empty |
//!
//! `attributions`, a row an attribution:
//!
//! | column | holds |
//! |---|---|
//! | `document`, `attribution` | the document's id; the attribution's number in it, from 1 |
//! | `sentence` | the number of the cue's sentence |
//! | `offsets` | the unit of every start and end in the row |
//! | `p` | the probability that the cue is one |
//! | `class`, `class.CLASS` | the class of the cue, and the probability of each |
//! | `direct` | `direct`, `indirect` or `mixed` |
//! | `cue_start`, `cue_end`, `cue_text` | the cue |
//! | `source_start`, `source_end`, `source_text` | the source; empty where the text names none |
//! | `link_start`, `link_end`, `link_text`, `link_p` | the full name the source stands for, and how probably; or empty |
//! | `contents`, `content_spans` | the passages of the content with ` … ` between them, and their spans as `12-40;51-60` |
//!
//! `sources`, a row a source of a document, by falling number of words:
//!
//! | column | holds |
//! |---|---|
//! | `document` | the document's id |
//! | `name` | its fullest name; empty for what is attributed to nobody |
//! | `attributions` | in how many it is the source |
//! | `words_direct`, `words_indirect` | how many words of content it was given in quotation marks and outside them |
//! | `neutral`, `endorsing`, `distancing`, `charged` | how many of its cues are of each class |
//!
//! `regions`, a row a part of a document:
//!
//! | column | holds |
//! |---|---|
//! | `document`, `region` | the document's id; the region's number in it, from 1 |
//! | `kind` | `headline`, `byline`, `body`, `caption`, `boilerplate` or `repeat` |
//! | `start`, `end`, `offsets`, `text` | its span and text, as above |
//! | `lang` | its language |
//! | `masked` | whether it is left out of the scores: `true` or `false` |
//! | `supported` | of headlines and bodies, `false` if there is no model for `lang`; else `true` |
//!
//! `stances`, a row a stance toward a mention of a target, by target:
//!
//! | column | holds |
//! |---|---|
//! | `document`, `stance` | the document's id; the stance's number in it, from 1 |
//! | `sentence`, `offsets` | the number of its sentence, and the unit of every start and end in the row |
//! | `holder` | whose it is: `author`, an actor's name, or the fullest name in the text |
//! | `holder_start`, `holder_end`, `holder_text` | the words that name the holder; empty for the author |
//! | `target` | the target's name |
//! | `target_start`, `target_end`, `target_text` | the mention |
//! | `polarity`, `certain` | `for`, `against` or `neutral`; `false` if it is too close to call |
//! | `p`, `p.for`, `p.against`, `p.neutral` | the probability of the polarity, and of each |
//! | `attribution` | the attribution whose source the holder is, by its number in the document; or empty |
//!
//! Of a model that does not find loaded terms or attributions, their tables have their header alone.
//! `sentences` has the columns of the first report that has sentences; a document in a language without a model
//! has none.
//!
//! Text is written as it is. A spreadsheet may take a sentence that starts with `=` for a formula:
//! import the column as text. Start at [`Rows::write`].

mod regions;
mod sentences;
mod spans;
mod stances;

use super::Report;
use crate::text::Document;
use sentences::Columns;
use std::io::{self, Write};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// A sentence.
    Sentences,
    /// A loaded term.
    Loaded,
    /// An attribution.
    Attributions,
    /// A source of a document.
    Sources,
    /// A part of a document.
    Regions,
    /// A stance toward a mention of a target.
    Stances,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 6] =
        [Self::Sentences, Self::Loaded, Self::Attributions, Self::Sources, Self::Regions, Self::Stances];

    /// The table's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sentences => "sentences",
            Self::Loaded => "loaded",
            Self::Attributions => "attributions",
            Self::Sources => "sources",
            Self::Regions => "regions",
            Self::Stances => "stances",
        }
    }

    /// Its columns, where they are the same for every model.
    const fn fixed(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Sentences => None,
            Self::Loaded => Some(&spans::LOADED),
            Self::Attributions => Some(&spans::ATTRIBUTIONS),
            Self::Sources => Some(&spans::SOURCES),
            Self::Regions => Some(&regions::REGIONS),
            Self::Stances => Some(&stances::STANCES),
        }
    }
}

/// Writes the rows of one table; of `sentences`, the first report with a model decides on the columns.
pub struct Rows<W: Write> {
    out: csv::Writer<W>,
    table: Table,
    columns: Option<Columns>,
    has_header: bool,
}

impl<W: Write> Rows<W> {
    /// Rows of `table` on `out`.
    pub fn new(table: Table, out: W) -> Self {
        Self { out: csv::Writer::from_writer(out), table, columns: None, has_header: false }
    }

    /// Writes the rows of one report on `document`.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&mut self, document: &Document, report: &Report) -> io::Result<()> {
        self.header()?;
        match self.table {
            // What nothing scored says no columns.
            Table::Sentences if report.model.is_none() => Ok(()),
            Table::Sentences => {
                let columns = match self.columns.take() {
                    Some(columns) => columns,
                    None => {
                        let columns = Columns::of(&report.document.heads);
                        self.record(columns.header())?;
                        columns
                    }
                };
                columns.rows(document, report).try_for_each(|row| self.record(row))?;
                self.columns = Some(columns);
                Ok(())
            }
            Table::Loaded => spans::loaded(report).try_for_each(|row| self.record(row)),
            Table::Attributions => spans::attributions(report).try_for_each(|row| self.record(row)),
            Table::Sources => spans::sources(report).try_for_each(|row| self.record(row)),
            Table::Regions => regions::rows(document, report).try_for_each(|row| self.record(row)),
            Table::Stances => stances::rows(report).try_for_each(|row| self.record(row)),
        }
    }

    /// Writes what is held back and gives `out` back. Without a report that a model made, `sentences` stays empty: nothing
    /// has said its columns.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(mut self) -> io::Result<W> {
        self.header()?;
        self.out.into_inner().map_err(csv::IntoInnerError::into_error)
    }

    /// Writes the header that needs no report, once.
    fn header(&mut self) -> io::Result<()> {
        match self.table.fixed() {
            Some(header) if !std::mem::replace(&mut self.has_header, true) => self.record(header),
            _ => Ok(()),
        }
    }

    fn record(&mut self, fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
        self.out.write_record(fields).map_err(io_error)
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
    use super::super::sample::{
        document, full_document, full_report, mixed_document, mixed_report, report, unsupported_report,
    };
    use super::*;
    use crate::text::OffsetUnit;

    fn full(table: Table, unit: OffsetUnit) -> String {
        let mut rows = Rows::new(table, Vec::new());
        rows.write(&full_document("a,1"), &full_report("a,1", unit)).unwrap();
        String::from_utf8(rows.finish().unwrap()).unwrap()
    }

    #[test]
    fn a_row_is_a_sentence_with_its_text_scores_labels_and_doubts() {
        let mut rows = Rows::new(Table::Sentences, Vec::new());
        rows.write(&document("a,1"), &report("a,1")).unwrap();
        let text = String::from_utf8(rows.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "id,sentence,start,end,offsets,text,bias,tone.negative,tone.positive,label.bias,label.tone,uncertain,voice,region,lang\n\
             \"a,1\",1,0,25,bytes,\"The \"\"brutal\"\" raid failed.\",0.91,0.75,0.25,1,negative,,,body,en\n\
             \"a,1\",2,26,40,bytes,It rained.é\n.,0.125,0.5,0.5,0,negative,tone,,body,en\n"
                .replace("It rained.é\n.", "\"It rained.é\n.\"")
        );
    }

    #[test]
    fn a_document_without_sentences_gives_the_header_alone() {
        let mut rows = Rows::new(Table::Sentences, Vec::new());
        let mut report = report("a");
        report.sentences.clear();
        rows.write(&document("a"), &report).unwrap();
        assert_eq!(String::from_utf8(rows.finish().unwrap()).unwrap().lines().count(), 1);
    }

    #[test]
    fn the_voice_of_a_sentence_stands_before_its_region_and_language() {
        let text = full(Table::Sentences, OffsetUnit::Chars);
        let voices = csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(|row| row.unwrap().iter().rev().nth(2).unwrap().to_owned())
            .collect::<Vec<_>>();
        assert_eq!(voices, ["author", "mixed", "quoted"]);
    }

    #[test]
    fn a_row_of_loaded_is_a_term_with_its_sentence_voice_and_attribution() {
        assert_eq!(
            full(Table::Loaded, OffsetUnit::Chars),
            "document,sentence,start,end,offsets,text,kind,p,voice,attribution\n\
             \"a,1\",1,6,19,chars,brutal regime,naming,0.875,author,\n\
             \"a,1\",1,6,12,chars,brutal,evaluative,0.875,author,\n\
             \"a,1\",2,46,62,chars,\"so-called\nreform\",doubt,0.875,quoted,1\n"
        );
    }

    #[test]
    fn a_row_of_attributions_is_a_cue_with_its_source_link_and_contents() {
        assert_eq!(
            full(Table::Attributions, OffsetUnit::Chars),
            "document,attribution,sentence,offsets,p,class,class.neutral,class.endorsing,class.distancing,\
             class.charged,direct,cue_start,cue_end,cue_text,source_start,source_end,source_text,\
             link_start,link_end,link_text,link_p,contents,content_spans\n\
             \"a,1\",1,2,chars,0.5,distancing,0.125,0.125,0.625,0.125,mixed,33,40,claimed,26,32,Okafor,,,,,\
             \"the “so-called\nreform” failed\",41-70\n\
             \"a,1\",2,3,chars,0.5,neutral,0.625,0.125,0.125,0.125,direct,85,90,added,81,84,she,26,32,Okafor,0.93,\
             \"“Never,” … “again.”\",72-80;92-100\n\
             \"a,1\",3,1,chars,0.5,charged,0.125,0.125,0.125,0.625,indirect,20,24,fell,,,,,,,,,\n"
        );
    }

    #[test]
    fn a_row_of_sources_is_a_source_with_its_words_and_cues() {
        assert_eq!(
            full(Table::Sources, OffsetUnit::Bytes),
            "document,name,attributions,words_direct,words_indirect,neutral,endorsing,distancing,charged\n\
             \"a,1\",Okafor,2,4,2,1,0,1,0\n\
             \"a,1\",,1,0,0,0,0,0,1\n"
        );
    }

    #[test]
    fn tables_of_what_the_model_does_not_find_have_their_header_alone_with_or_without_reports() {
        for table in [Table::Loaded, Table::Attributions, Table::Sources] {
            let empty = Rows::new(table, Vec::new()).finish().unwrap();
            let mut rows = Rows::new(table, Vec::new());
            rows.write(&document("a"), &report("a")).unwrap();
            rows.write(&document("b"), &report("b")).unwrap();
            let text = rows.finish().unwrap();
            assert_eq!(text, empty, "{}", table.name());
            assert_eq!(String::from_utf8(text).unwrap().lines().count(), 1, "{}", table.name());
        }
    }

    #[test]
    fn a_row_of_regions_is_a_part_with_its_text_language_and_whether_it_is_masked() {
        for (unit, first) in [(OffsetUnit::Bytes, "0,15,bytes"), (OffsetUnit::Utf16, "0,13,utf16")] {
            let mut rows = Rows::new(Table::Regions, Vec::new());
            rows.write(&mixed_document("a"), &mixed_report("a", unit)).unwrap();
            let text = String::from_utf8(rows.finish().unwrap()).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines[0], "document,region,kind,start,end,offsets,text,lang,masked,supported");
            assert_eq!(lines[1], format!("a,1,caption,{first},🔥 A picture.,en,true,true"));
            assert!(lines[2].ends_with(",The raid failed.,en,false,true"), "{text}");
            assert!(lines[3].ends_with(",قال الوزير.,ar,false,true"), "{text}");
            assert!(lines[4].ends_with(",La pluie tombe à l’aube.,fr,true,false"), "{text}");
        }
    }

    #[test]
    fn a_document_that_no_model_is_for_has_no_sentences_and_says_no_columns() {
        let mut rows = Rows::new(Table::Sentences, Vec::new());
        rows.write(&document("a"), &unsupported_report("a")).unwrap();
        rows.write(&mixed_document("b"), &mixed_report("b", OffsetUnit::Chars)).unwrap();
        let text = String::from_utf8(rows.finish().unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() == 3 && lines[0].contains(",bias,"), "{text}");
        assert!(lines[1].starts_with("b,1,") && lines[1].ends_with(",body,en"), "{text}");
        assert!(lines[2].ends_with(",body,ar"), "{text}");
    }
}
