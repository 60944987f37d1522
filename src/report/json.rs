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
    use super::super::sample::report;
    use super::*;

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
}
