//! The lines of a stream, one at a time, in bounded memory.
//!
//! In: bytes. Out: [`Line`]s without their line end (LF or CRLF), each with its number and its offset
//! in the stream. Start at [`Lines::next`].

use std::io::{self, BufRead, Read};

/// Lines of a stream; no more than `cap` bytes of one are held.
pub(super) struct Lines<R> {
    reader: R,
    cap: usize,
    buffer: Vec<u8>,
    number: usize,
    offset: usize,
}

/// One line.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub number: usize,
    /// Where it starts, in bytes from the start of the stream.
    pub offset: usize,
    /// Its bytes without the line end; `None` where there are more than the cap.
    pub bytes: Option<&'a [u8]>,
}

impl<R: BufRead> Lines<R> {
    pub(super) const fn new(reader: R, cap: usize) -> Self {
        Self { reader, cap, buffer: Vec::new(), number: 0, offset: 0 }
    }

    /// The next line; `None` at the end of the stream.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        // A cap of content, and room for the line end.
        let room = self.cap as u64 + 2;
        let mut read = self.reader.by_ref().take(room).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        let (number, offset) = (self.number + 1, self.offset);
        let content = without_line_end(&self.buffer).len();
        let too_long = content > self.cap;
        if too_long && self.buffer.last() != Some(&b'\n') {
            read += self.reader.skip_until(b'\n')?;
        }
        self.number = number;
        self.offset += read;
        Ok(Some(Line { number, offset, bytes: (!too_long).then(|| &self.buffer[..content]) }))
    }
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str, cap: usize) -> Vec<(usize, usize, Option<String>)> {
        let mut lines = Lines::new(text.as_bytes(), cap);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push((line.number, line.offset, line.bytes.map(|b| String::from_utf8(b.to_vec()).unwrap())));
        }
        all
    }

    #[test]
    fn lines_have_a_number_an_offset_and_no_line_end() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(read("one\r\n\ntwo", 3), [(1, 0, some("one")), (2, 5, some("")), (3, 6, some("two"))]);
    }

    #[test]
    fn a_line_over_the_cap_is_passed_over_and_the_next_one_read() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(read("four\nfar too long\nok\n", 3), [(1, 0, None), (2, 5, None), (3, 18, some("ok"))]);
    }
}
