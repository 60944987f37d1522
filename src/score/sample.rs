//! Documents read by hand, for tests: sentences and tokens as they are, spans as told.

use super::reading::Reading;
use crate::heads::Spans;
use crate::heads::attribution::Relation;
use crate::heads::coding::Run;
use crate::heads::span::Found;
use crate::text::{Span, Tokenizer, mark_quoted, quoted, sentences};

/// Source, cue and content, each a passage of one sentence; an empty source is none.
pub type Told<'a> = (&'a str, &'a str, &'a str);

/// A reading of `text` with these attributions, and its quoted passages.
pub fn read(text: &str, told: &[Told<'_>]) -> (Reading, Vec<Span>) {
    let tokenizer = Tokenizer::from_parts(vec!["[UNK]".to_owned(), "a".to_owned()]).unwrap();
    let quotes = quoted(text);
    let mut reading = Reading::default();
    for span in sentences(text) {
        let mut tokens = tokenizer.tokenize(text, span).unwrap();
        mark_quoted(&mut tokens, &quotes);
        let run = |passage: &str| {
            let at = span.start + span.slice(text).find(passage)?;
            let inside = Span::new(at, at + passage.len());
            let first = tokens.tokens.iter().position(|t| t.span.overlaps(inside))?;
            let end = 1 + tokens.tokens.iter().rposition(|t| t.span.overlaps(inside))?;
            Some(Run { first, end, kind: 0 })
        };
        let relation = |(source, cue, content): &Told<'_>| {
            let found = Found {
                run: run(cue)?,
                logit: 2.0,
                kinds: vec![1.0, 0.0, 0.0, 0.0],
                contributions: Vec::new(),
                bias_term: 2.0,
            };
            let source = if source.is_empty() { None } else { Some(run(source)?) };
            Some(Relation { cue: found, source, contents: run(content).into_iter().collect() })
        };
        let relations = told.iter().filter_map(relation).collect();
        reading.push(span, &tokens, &Spans { loaded: Vec::new(), relations }, true, false);
    }
    (reading, quotes)
}
