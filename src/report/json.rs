//! Reports as JSON.
//!
//! In: reports in order. Out: [`Lines`], one compact object a line (JSON Lines), or [`Array`], one
//! indented array of all of them, whatever their number. Start at either. Both write a report as soon
//! as they get it. Numbers are written as they are in the report.

use super::Report;
use std::io::{self, Write};

/// Writes JSON Lines.
#[derive(Debug)]
pub struct Lines<W>(W);

impl<W: Write> Lines<W> {
    /// Lines on `out`.
    pub const fn new(out: W) -> Self {
        Self(out)
    }

    /// Writes one report and a line end.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&mut self, report: &Report) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, report)?;
        self.0.write_all(b"\n")
    }

    /// Gives `out` back.
    pub fn finish(self) -> W {
        self.0
    }
}

/// Writes one JSON array; [`Array::finish`] closes it.
#[derive(Debug)]
pub struct Array<W> {
    out: W,
    is_open: bool,
}

impl<W: Write> Array<W> {
    /// An array on `out`.
    pub const fn new(out: W) -> Self {
        Self { out, is_open: false }
    }

    /// Writes one report.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&mut self, report: &Report) -> io::Result<()> {
        self.out.write_all(if self.is_open { b",\n" } else { b"[\n" })?;
        self.is_open = true;
        serde_json::to_writer_pretty(&mut self.out, report)?;
        Ok(())
    }

    /// Closes the array, an empty one included, and gives `out` back.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(if self.is_open { b"\n]\n" } else { b"[]\n" })?;
        Ok(self.out)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{full_report, report};
    use super::*;
    use crate::text::OffsetUnit;
    use serde_json::Value;

    #[test]
    fn lines_are_one_object_each_and_read_back_the_same() {
        let mut lines = Lines::new(Vec::new());
        lines.write(&report("a")).unwrap();
        lines.write(&report("b")).unwrap();
        let text = String::from_utf8(lines.finish()).unwrap();
        let back: Vec<Report> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(back, [report("a"), report("b")]);
    }

    #[test]
    fn an_array_is_valid_json_of_none_one_or_two_reports() {
        for ids in [&[][..], &["a"], &["a", "b"]] {
            let mut array = Array::new(Vec::new());
            for id in ids {
                array.write(&report(id)).unwrap();
            }
            let back: Vec<Report> = serde_json::from_slice(&array.finish().unwrap()).unwrap();
            assert_eq!(back, ids.iter().map(|id| report(id)).collect::<Vec<_>>());
        }
    }

    fn line(report: &Report) -> String {
        let mut lines = Lines::new(Vec::new());
        lines.write(report).unwrap();
        String::from_utf8(lines.finish()).unwrap()
    }

    #[test]
    fn loaded_terms_attributions_voices_and_sources_read_back_the_same() {
        for unit in [OffsetUnit::Bytes, OffsetUnit::Chars, OffsetUnit::Utf16] {
            let report = full_report("a", unit);
            assert_eq!(serde_json::from_str::<Report>(&line(&report)).unwrap(), report);
        }
    }

    #[test]
    fn terms_and_attributions_have_their_documented_keys() {
        let json: Value = serde_json::from_str(&line(&full_report("a", OffsetUnit::Bytes))).unwrap();
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(json["sentences"][1]["voice"], "mixed");
        let term = &json["loaded"][2];
        assert_eq!(keys(term), ["start", "end", "text", "kind", "p", "voice", "attribution", "sentence"]);
        assert_eq!(
            (&term["kind"], &term["voice"], &term["attribution"]),
            (&"doubt".into(), &"quoted".into(), &0.into())
        );
        assert_eq!(json["loaded"][1]["attribution"], Value::Null);
        let attribution = &json["attributions"][1];
        assert_eq!(keys(attribution), ["source", "cue", "content", "class", "classes", "direct", "p", "sentence"]);
        assert_eq!(keys(&attribution["source"]), ["start", "end", "text", "link"]);
        assert_eq!(keys(&attribution["source"]["link"]), ["start", "end", "text", "p"]);
        assert_eq!(attribution["classes"]["neutral"], 0.625);
        assert_eq!(json["attributions"][2]["source"], Value::Null);
        assert_eq!(json["document"]["loaded_per_100_words"]["author"], 25.0);
        assert_eq!(json["document"]["sources"][0]["cues"]["distancing"], 1);
    }

    #[test]
    fn what_a_model_does_not_look_for_is_left_out_and_what_it_did_not_find_is_empty() {
        let none = line(&report("a"));
        for key in ["loaded", "attributions", "voice", "loaded_per_100_words", "sources", "link"] {
            assert!(!none.contains(&format!("\"{key}\"")), "{key}: {none}");
        }
        let empty = line(&Report { loaded: Some(vec![]), attributions: Some(vec![]), ..report("a") });
        assert!(empty.contains("\"loaded\":[],\"attributions\":[]"), "{empty}");
    }
}
