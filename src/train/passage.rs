//! Passages whose sources are linked to their names, to fit the linker to.
//!
//! In: a file of passages, `training/links/links_<lang>.jsonl`. Out: [`Passage`]s, tokenised, their
//! names flagged, their spans checked and in bytes. Start at [`read`]. What whom stands for means is
//! said in `training/README.md`.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::annotation;
use super::lines::{self, Flaw, text};
use crate::error::{Place, Result};
use crate::features::names::NameMask;
use crate::heads::mention::Mention;
use crate::text::{Span, Tokenizer, Tokens, mark_quoted, quoted, sentences};

/// A short text with its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Unique in its file; the group of the folds.
    pub id: String,
    /// The language as a BCP 47 tag.
    pub lang: String,
    /// The text.
    pub text: String,
    /// The tokens of its sentences, quoted ones marked, names flagged word by word.
    pub sentences: Vec<Tokens>,
    /// The mentions, in order of their starts.
    pub mentions: Vec<Linked>,
}

/// A mention and the name that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked {
    /// The mention.
    pub mention: Mention,
    /// The fullest form given before it, in bytes; `None` where the reader cannot tell, or there is none.
    pub link: Option<Span>,
    /// Whether it is the source of an attribution; the others are there to be linked, but later ones do
    /// not see them as sources.
    pub source: bool,
}

/// A mention as a file has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    span: [usize; 2],
    link: Option<[usize; 2]>,
    #[serde(default = "yes")]
    source: bool,
}

fn yes() -> bool {
    true
}

/// Reads a file, and learns which words are no names from its own texts.
///
/// # Errors
/// [`Error::Read`](crate::Error::Read); [`Error::NotUtf8`](crate::Error::NotUtf8);
/// [`Error::Input`](crate::Error::Input) with file and line: malformed JSON, a record without `id`, `lang`,
/// `text` or `mentions`, an id seen before, a span that is empty or outside the text or its sentence, a
/// link that does not end before its mention, mentions out of order, or an empty file.
pub fn read(path: &Path) -> Result<Vec<Passage>> {
    parse(&lines::bytes(path)?, path)
}

fn parse(bytes: &[u8], path: &Path) -> Result<Vec<Passage>> {
    // Only whole words are read, so the pieces of words do not matter.
    let tokenizer = Tokenizer::from_parts(vec!["[UNK]".to_owned()])?;
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut passages: Vec<Passage> = Vec::new();
    for (line, object) in lines::objects(bytes, path) {
        let at = |flaw: Flaw| flaw.at(Place::line(path, line));
        let object = object?;
        let body = text(&object, "text").map_err(at)?;
        let quotes = quoted(body);
        let mut tokens = Vec::new();
        for sentence in sentences(body) {
            let mut found = tokenizer.tokenize(body, sentence)?;
            mark_quoted(&mut found, &quotes);
            tokens.push(found);
        }
        let passage = passage(&object, body, tokens).map_err(at)?;
        if let Some(first) = seen.insert(passage.id.clone(), line) {
            return Err(at(Flaw::new(
                format!("the id {:?} on line {line}, and before on line {first}", passage.id),
                "ids that are unique in their file",
                "rename or remove one of the two passages",
            )));
        }
        passages.push(passage);
    }
    if passages.is_empty() {
        return Err(lines::empty(path));
    }
    let all = passages.iter().flat_map(|p| p.sentences.iter().map(|tokens| (p.text.as_str(), tokens)));
    let mask = NameMask::learn(true, all);
    for passage in &mut passages {
        passage.sentences.iter_mut().for_each(|tokens| mask.flag(&passage.text, tokens));
    }
    Ok(passages)
}

fn passage(object: &Map<String, Value>, body: &str, sentences: Vec<Tokens>) -> Result<Passage, Flaw> {
    let refuse = |found: String, expected: &str| {
        Err(Flaw::new(found, expected, "correct the mention; training/README.md describes the file"))
    };
    let Some(stored) = object.get("mentions") else {
        return refuse("no `mentions`".into(), "a list of mentions, each {\"span\":[start,end],\"link\":…}");
    };
    let stored: Vec<Stored> = match serde_json::from_value(stored.clone()) {
        Ok(stored) => stored,
        Err(error) => {
            return refuse(format!("`mentions` with {error}"), "{\"span\":[start,end],\"link\":[start,end]|null}");
        }
    };
    let bytes = |[start, end]: [usize; 2]| {
        let range = annotation::Span { start, end }.bytes(body).filter(|range| !range.is_empty());
        range.map(|range| Span::new(range.start, range.end))
    };
    let mut mentions: Vec<Linked> = Vec::with_capacity(stored.len());
    for one in stored {
        let Some(span) = bytes(one.span) else {
            return refuse(format!("the span {:?}", one.span), "a span inside the text, in code points");
        };
        let inside = |tokens: &Tokens| {
            let ends = tokens.tokens.first().zip(tokens.tokens.last());
            ends.is_some_and(|(first, last)| first.span.start <= span.start && span.end <= last.span.end)
        };
        let Some(sentence) = sentences.iter().position(inside) else {
            return refuse(format!("the span {:?}", one.span), "a span inside one sentence");
        };
        let link = match one.link {
            None => None,
            Some(link) => match bytes(link).filter(|link| link.end <= span.start) {
                Some(link) => Some(link),
                None => return refuse(format!("the link {link:?} of {:?}", one.span), "a span before its mention"),
            },
        };
        if mentions.last().is_some_and(|last| last.mention.span.start >= span.start) {
            return refuse(format!("the span {:?} after one that begins no earlier", one.span), "mentions in order");
        }
        mentions.push(Linked { mention: Mention { span, sentence }, link, source: one.source });
    }
    Ok(Passage {
        id: text(object, "id")?.to_owned(),
        lang: text(object, "lang")?.to_owned(),
        text: body.to_owned(),
        sentences,
        mentions,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refusal(lines: &str) -> String {
        parse(lines.as_bytes(), Path::new("l.jsonl")).unwrap_err().to_string()
    }

    #[test]
    fn spans_in_code_points_become_bytes_in_their_sentence() {
        let line =
            r#"{"id":"a","lang":"en","text":"Zoë Ilić ran. Ilić said so.","mentions":[{"span":[14,18],"link":[0,8]}]}"#;
        let passages = parse(line.as_bytes(), Path::new("l.jsonl")).unwrap();
        let linked = passages[0].mentions[0];
        assert_eq!(linked.mention.span.slice(&passages[0].text), "Ilić");
        assert_eq!((linked.mention.sentence, linked.source), (1, true));
        assert_eq!(linked.link.unwrap().slice(&passages[0].text), "Zoë Ilić");
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_line() {
        let record = |mentions: &str| {
            format!(
                "\n{{\"id\":\"a\",\"lang\":\"en\",\"text\":\"Ana Duarte ran. She said so.\",\"mentions\":{mentions}}}"
            )
        };
        for (mentions, found) in [
            (r#"[{"span":[16,99],"link":null}]"#, "the span [16, 99]"),
            (r#"[{"span":[4,4],"link":null}]"#, "the span [4, 4]"),
            (r#"[{"span":[11,19],"link":null}]"#, "inside one sentence"),
            (r#"[{"span":[0,3],"link":[16,19]}]"#, "a span before its mention"),
            (r#"[{"span":[16,19],"link":null},{"span":[0,3],"link":null}]"#, "mentions in order"),
            (r#"[{"span":[16,19],"to":null}]"#, "unknown field `to`"),
        ] {
            let message = refusal(&record(mentions));
            assert!(message.contains("l.jsonl:2") && message.contains(found), "{message}");
        }
        let one = record("[]");
        assert!(refusal(&format!("{one}{one}")).contains("before on line 2"));
        assert!(refusal("").contains("no records"));
    }
}
