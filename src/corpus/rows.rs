//! The rows of a stream of delimited values, one at a time, in bounded memory.
//!
//! In: bytes, as RFC 4180 has them: fields in quotes may hold delimiters, line ends and doubled quotes. Out: [`Row`]s, each
//! with the number of its first line. Start at [`Rows::next`]. What is read, and how leniently, is up to `csv-core`; empty
//! lines are no rows, and a byte-order mark is no part of the first field.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::{self, BufRead, ErrorKind};

/// Fields of one row, at most.
const MOST_FIELDS: usize = 1 << 16;

/// Rows of a stream; no more than `cap` bytes of one are held.
pub(super) struct Rows<R> {
    reader: R,
    parser: Reader,
    delimiter: u8,
    cap: usize,
    bytes: Vec<u8>,
    /// Where each field ends in them.
    ends: Vec<usize>,
}

/// One row.
pub(super) struct Row<'a> {
    /// The line that it begins in, from 1.
    pub line: usize,
    /// Its fields, or why there are none.
    pub fields: Result<Fields<'a>, Broken>,
}

/// Why a row has no fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It has more bytes than the cap, or too many fields.
    TooLarge,
    /// A quote is opened in it, and all that follows it is quoted.
    Unclosed,
    /// A field goes on behind the quote that closes it: one in it was not doubled, or it was never meant as quoted.
    Stray,
}

/// Where in a row a byte stands, by the quotes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    /// A field begins.
    Start,
    Unquoted,
    Quoted,
    /// Behind a quote in a quoted field: it closes the field, or is doubled.
    Closed,
}

impl Quoting {
    /// Behind one more byte; and whether it is one that must not stand there.
    const fn behind(self, byte: u8, delimiter: u8) -> (Self, bool) {
        let ends = byte == delimiter || byte == b'\n' || byte == b'\r';
        match self {
            Self::Quoted => (if byte == b'"' { Self::Closed } else { Self::Quoted }, false),
            Self::Closed if byte == b'"' => (Self::Quoted, false),
            Self::Start | Self::Unquoted | Self::Closed if ends => (Self::Start, false),
            Self::Start if byte == b'"' => (Self::Quoted, false),
            Self::Closed => (Self::Unquoted, true),
            Self::Start | Self::Unquoted => (Self::Unquoted, false),
        }
    }
}

/// The fields of a row without their quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Fields<'a> {
    pub(super) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field by its number, from 0.
    pub(super) fn get(&self, number: usize) -> Option<&'a [u8]> {
        let start = match number.checked_sub(1) {
            None => 0,
            Some(before) => *self.ends.get(before)?,
        };
        self.bytes.get(start..*self.ends.get(number)?)
    }
}

impl<R: BufRead> Rows<R> {
    pub(super) fn new(reader: R, delimiter: u8, cap: usize) -> Self {
        let parser = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, parser, delimiter, cap, bytes: vec![0; cap.min(8 << 10)], ends: vec![0; 64] }
    }

    /// The next row; `None` at the end of the stream.
    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        self.skip_empty_lines()?;
        let line = usize::try_from(self.parser.line()).unwrap_or(usize::MAX);
        let (mut length, mut count, mut broken, mut is_closed) = (0, 0, None, false);
        let mut quoting = Quoting::Start;
        loop {
            let input = match self.reader.fill_buf() {
                Ok(input) => input,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            // The last row gets a line end, which changes nothing, unless it becomes part of a field.
            let is_end = input.is_empty();
            let input = if is_end && !is_closed { &b"\n"[..] } else { input };
            let (result, read, written, ended) =
                self.parser.read_record(input, &mut self.bytes[length..], &mut self.ends[count..]);
            if is_end {
                is_closed |= read > 0;
                if written > 0 {
                    broken.get_or_insert(Broken::Unclosed);
                }
            } else {
                for &byte in &input[..read] {
                    let (behind, is_stray) = quoting.behind(byte, self.delimiter);
                    quoting = behind;
                    if is_stray {
                        broken.get_or_insert(Broken::Stray);
                    }
                }
                self.reader.consume(read);
            }
            length += written;
            count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.bytes.len() < self.cap => {
                    self.bytes.resize((2 * self.bytes.len()).min(self.cap), 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MOST_FIELDS => {
                    self.ends.resize(2 * self.ends.len(), 0);
                }
                // What is held of it is written over until the row ends.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    broken = Some(Broken::TooLarge);
                    (length, count) = (0, 0);
                }
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        let fields = match broken {
            None => Ok(Fields { bytes: &self.bytes[..length], ends: &self.ends[..count] }),
            Some(broken) => Err(broken),
        };
        Ok(Some(Row { line, fields }))
    }

    /// Passes over line ends, so that the next row's line is that of its first byte.
    fn skip_empty_lines(&mut self) -> io::Result<()> {
        loop {
            let input = match self.reader.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                input => input?,
            };
            let ends = input.iter().take_while(|&&byte| matches!(byte, b'\r' | b'\n')).count();
            let lines = input[..ends].iter().filter(|&&byte| byte == b'\n').count();
            let is_passed = ends == input.len() && ends > 0;
            self.reader.consume(ends);
            self.parser.set_line(self.parser.line() + lines as u64);
            if !is_passed {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    fn read(bytes: &[u8], cap: usize, at_once: usize) -> Vec<(usize, Result<Vec<String>, Broken>)> {
        let mut rows = Rows::new(BufReader::with_capacity(at_once, bytes), b',', cap);
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let text = |fields: Fields<'_>| {
                let field = |number| String::from_utf8(fields.get(number).unwrap().to_vec()).unwrap();
                (0..fields.len()).map(field).collect()
            };
            all.push((row.line, row.fields.map(text)));
        }
        all
    }

    fn row(line: usize, fields: &[&str]) -> (usize, Result<Vec<String>, Broken>) {
        (line, Ok(fields.iter().map(|&field| field.to_owned()).collect()))
    }

    #[test]
    fn rows_have_the_line_that_they_begin_in() {
        let text = "\u{feff}id,text\r\n\r\n1,\"It rained,\n\nit \"\"poured\"\".\"\n\n2,Dry\n3,";
        let expected = [
            row(1, &["id", "text"]),
            row(3, &["1", "It rained,\n\nit \"poured\"."]),
            row(7, &["2", "Dry"]),
            row(8, &["3", ""]),
        ];
        assert_eq!(read(text.as_bytes(), 100, 5), expected);
    }

    #[test]
    fn a_row_over_the_cap_is_passed_over_and_the_next_one_read() {
        let text = format!("a,b\n\"{}\n\",b\nc,d\n", "far too long ".repeat(9));
        assert_eq!(
            read(text.as_bytes(), 8, 64),
            [row(1, &["a", "b"]), (2, Err(Broken::TooLarge)), row(4, &["c", "d"])]
        );
        let wide = format!("a\n{}\nb\n", ",".repeat(MOST_FIELDS));
        assert_eq!(read(wide.as_bytes(), 100, 64), [row(1, &["a"]), (2, Err(Broken::TooLarge)), row(3, &["b"])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_from_one_that_is() {
        assert_eq!(read(b"a,\"b\nc,d\n", 100, 64), [(1, Err(Broken::Unclosed))]);
        assert_eq!(read(b"a,\"b\nc\"", 100, 64), [row(1, &["a", "b\nc"])]);
        assert_eq!(read(b"a,5\" pipe", 100, 64), [row(1, &["a", "5\" pipe"])]);
    }

    #[test]
    fn a_field_that_goes_on_behind_its_quotes_is_told_and_the_next_row_read() {
        let text = b"1,\"Clowns\" run\n2,\"He said\n3,It \"rained\" again\n4,\"It \"\"poured\"\"\",\n";
        let expected = [(1, Err(Broken::Stray)), (2, Err(Broken::Stray)), row(4, &["4", "It \"poured\"", ""])];
        for at_once in [3, 64] {
            assert_eq!(read(text, 100, at_once), expected);
        }
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_wrote_is_read_back(
            rows in prop::collection::vec(prop::collection::vec("[a\",\r\n\t\u{628}]{0,9}", 3), 1..9),
            at_once in 3..40_usize,
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = writer.into_inner().unwrap();
            let read: Vec<Vec<String>> =
                read(&text, 1 << 10, at_once).into_iter().map(|(_, fields)| fields.unwrap()).collect();
            prop_assert_eq!(read, rows);
        }
    }
}
