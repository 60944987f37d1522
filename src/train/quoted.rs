//! Whether content is quoted, from the quotation marks of its sentence.
//!
//! In: a sentence and the spans of a content. Out: its [`Directness`]. Used for contrast sentences,
//! which do not write it down.

use super::annotation::{Directness, Span};

/// Direct if every letter and digit of the content is inside quotation marks, indirect if none is
/// (also if there is no content), else mixed.
pub(super) fn directness(text: &str, content: &[Span]) -> Directness {
    let inside = inside(text);
    let (mut quoted, mut plain) = (false, false);
    for (at, (c, within)) in text.chars().zip(inside).enumerate() {
        if c.is_alphanumeric() && content.iter().any(|span| (span.start..span.end).contains(&at)) {
            quoted |= within;
            plain |= !within;
        }
    }
    match (quoted, plain) {
        (true, false) => Directness::Direct,
        (true, true) => Directness::Mixed,
        (false, _) => Directness::Indirect,
    }
}

/// For every character, whether it stands between quotation marks that are both there. An apostrophe
/// is none: a single mark opens only before a word, and closes only after one.
fn inside(text: &str) -> Vec<bool> {
    let chars: Vec<char> = text.chars().collect();
    let word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
    let mut inside = vec![false; chars.len()];
    let mut at = 0;
    while at < chars.len() {
        let closing = match chars[at] {
            '“' | '„' => ['”', '“'],
            '«' => ['»', '»'],
            '"' => ['"', '"'],
            '‘' => ['’', '’'],
            '\'' if !word(at.checked_sub(1)) && word(Some(at + 1)) => ['\'', '\''],
            _ => {
                at += 1;
                continue;
            }
        };
        let single = matches!(closing[0], '’' | '\'');
        let end = (at + 1..chars.len()).find(|&end| closing.contains(&chars[end]) && !(single && word(Some(end + 1))));
        if let Some(end) = end {
            inside[at..=end].fill(true);
            at = end;
        }
        at += 1;
    }
    inside
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(marked: &str) -> Directness {
        let mut content = Vec::new();
        let mut text = String::new();
        let mut start = 0;
        for c in marked.chars() {
            match c {
                '[' => start = text.chars().count(),
                ']' => content.push(Span { start, end: text.chars().count() }),
                c => text.push(c),
            }
        }
        directness(&text, &content)
    }

    #[test]
    fn content_wholly_inside_marks_is_direct() {
        for text in [
            "[“We won,”] she said.",
            "“[We won],” he said.",
            "قال: [«فزنا»].",
            "[\"Yes\"] he said, [\"no\"].",
            "[‘It’s ours’]: mayor",
        ] {
            assert_eq!(of(text), Directness::Direct, "{text}");
        }
    }

    #[test]
    fn content_without_marks_is_indirect_even_with_apostrophes_and_stray_marks() {
        for text in ["He said [they'd won the players' vote].", "He said [it cost 5\" more].", "No content."] {
            assert_eq!(of(text), Directness::Indirect, "{text}");
        }
    }

    #[test]
    fn content_partly_inside_marks_is_mixed() {
        for text in ["She called it [a “farce”].", "[“Yes,”] he said, [and left].", "قال [إن «المدينة» نامت]."]
        {
            assert_eq!(of(text), Directness::Mixed, "{text}");
        }
    }
}
