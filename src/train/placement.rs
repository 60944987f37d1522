//! Where marks may stand, and how they may lie to one another.
//!
//! In: spans that lie inside their sentence. Out: nothing, or the [`Flaw`] of the first that cannot be used: it
//! splits a character that readers see as one, or two marks overlap that must not. Start at [`whole`],
//! [`terms`] and [`relations`].
//!
//! A loaded term may stand inside another (*brutal **regime***), but two may not cross or be the same; nor may two
//! contents of one attribution overlap. A cue may hold its source (*in his view*) or stand in it (*media reports*), and so with a content,
//! but they may not cross or be the same; its source may stand in a content. Different attributions may lie inside each other, share their source, and share
//! their cue if they differ in anything else.

use unicode_categories::UnicodeCategories;

use super::annotation::{Attribution, Loaded, Span};
use super::lines::Flaw;

const JOINER: char = '\u{200d}';

/// Checks that the span neither begins nor ends inside a visible character: between a letter and its
/// diacritic, in a joined emoji, before a skin tone or a variation selector, or between the letters of a flag.
pub(super) fn whole(span: Span, sentence: &[char]) -> Result<(), Flaw> {
    for edge in [span.start, span.end] {
        if is_inside_character(sentence, edge) {
            let shown: String = sentence.get(span.start..span.end).unwrap_or_default().iter().collect();
            return Err(Flaw::new(
                format!("the span {} ({shown:?}), which splits a character at {edge}", pair(span)),
                "spans of whole characters, with their diacritics and what is joined to them",
                "move the span's edge past the diacritics or the whole emoji",
            ));
        }
    }
    Ok(())
}

fn is_inside_character(sentence: &[char], edge: usize) -> bool {
    let (Some(before), Some(after)) = (edge.checked_sub(1).and_then(|at| sentence.get(at)), sentence.get(edge)) else {
        return false;
    };
    // A diacritic on a blank, or a joiner after one, belongs to nothing.
    if before.is_whitespace() {
        return false;
    }
    let is_flag_letter = |c: &char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    let extends = after.is_mark_nonspacing()
        || after.is_mark_spacing_combining()
        || after.is_mark_enclosing()
        || matches!(after, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}');
    let joined = *before == JOINER && is_pictograph(*after) || *after == JOINER && is_pictograph(*before);
    // Flags are pairs of letters: an odd number of them before the edge leaves one open.
    let letters = sentence.iter().take(edge).rev().take_while(|c| is_flag_letter(c)).count();
    extends || joined || is_flag_letter(after) && letters % 2 == 1
}

/// Whether the character may be a part of a joined emoji. Letters are joined too, as in Persian, but stay
/// characters of their own.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// Checks that no two loaded terms cross or are the same.
pub(super) fn terms(loaded: &[Loaded]) -> Result<(), Flaw> {
    let mut spans: Vec<Span> = loaded.iter().map(|term| term.span).collect();
    spans.sort_unstable();
    for (at, span) in spans.iter().enumerate() {
        let after = spans[at + 1..].iter().take_while(|other| other.start < span.end);
        if let Some(other) = after.clone().find(|other| cross(*span, **other)) {
            return Err(Flaw::new(
                format!("the overlapping spans {} and {} in `loaded`", pair(*span), pair(*other)),
                "loaded terms apart from each other, or one inside the other",
                "keep one of the two terms, or make them one",
            ));
        }
    }
    Ok(())
}

/// Checks the marks of each attribution, and that no attribution is there twice.
pub(super) fn relations(attributions: &[Attribution]) -> Result<(), Flaw> {
    for (at, attribution) in attributions.iter().enumerate() {
        parts(attribution).map_err(|flaw| Flaw { found: format!("{} in `attributions`", flaw.found), ..flaw })?;
        let same = |other: &&Attribution| {
            other.cue == attribution.cue && other.source == attribution.source && other.content == attribution.content
        };
        if attributions[..at].iter().any(|other| same(&other)) {
            return Err(Flaw::new(
                format!("two attributions with the cue {} and the same source and content", pair(attribution.cue)),
                "attributions that differ in cue, source or content",
                "remove one of the two",
            ));
        }
    }
    Ok(())
}

fn parts(attribution: &Attribution) -> Result<(), Flaw> {
    let cue = attribution.cue;
    if let Some(source) = attribution.source.filter(|source| cross(*source, cue)) {
        return Err(apart(("source", source), ("cue", cue)));
    }
    if let Some(content) = attribution.content.iter().find(|content| cross(**content, cue)) {
        return Err(apart(("content", *content), ("cue", cue)));
    }
    match attribution.content.windows(2).find(|two| two[1].start < two[0].end) {
        Some(two) if overlap(two[0], two[1]) => Err(apart(("content", two[0]), ("content", two[1]))),
        Some(two) => Err(Flaw::new(
            format!("the content {} before the content {}", pair(two[0]), pair(two[1])),
            "the pieces of a content in the order of the text",
            "sort the pieces by their start",
        )),
        None => Ok(()),
    }
}

fn apart((first, a): (&str, Span), (second, b): (&str, Span)) -> Flaw {
    Flaw::new(
        format!("the {first} {} overlapping the {second} {}", pair(a), pair(b)),
        "source, cue and pieces of content of one attribution beside each other, or a source inside the cue",
        "let the cue be the words that signal who speaks and no others, and give each piece of content once",
    )
}

fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether two spans overlap without one being a part of the other: *in **his** view* has its source in its cue.
fn cross(a: Span, b: Span) -> bool {
    let holds = |a: Span, b: Span| a.start <= b.start && b.end <= a.end;
    overlap(a, b) && (a == b || !holds(a, b) && !holds(b, a))
}

fn pair(span: Span) -> String {
    format!("[{}, {}]", span.start, span.end)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::heads::attribution::{CueClass, Directness};
    use crate::heads::loaded::LoadedKind;

    fn span(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    fn attribution(source: Option<Span>, cue: Span, content: &[Span]) -> Attribution {
        let (class, direct) = (CueClass::Neutral, Directness::Indirect);
        Attribution { source, cue, content: content.to_vec(), class, direct }
    }

    fn splits(text: &str, edge: usize) -> bool {
        is_inside_character(&text.chars().collect::<Vec<_>>(), edge)
    }

    #[test]
    fn an_edge_between_a_letter_and_its_diacritic_or_inside_an_emoji_is_refused() {
        for (text, edge) in [
            ("e\u{301}a", 1),
            ("كتَب", 2),
            ("कि", 1),
            ("👩\u{200d}🚀!", 1),
            ("👩\u{200d}🚀!", 2),
            ("❤\u{fe0f}!", 1),
            ("👍🏽!", 1),
            ("🇩🇪🇫🇷", 1),
            ("🇩🇪🇫🇷", 3),
        ] {
            assert!(splits(text, edge), "{text:?} at {edge}");
        }
        let flaw = whole(span(0, 1), &['e', '\u{301}', 'a']).unwrap_err();
        assert!(flaw.found.contains("[0, 1] (\"e\"), which splits a character at 1"), "{flaw:?}");
    }

    #[test]
    fn an_edge_between_characters_is_none() {
        for (text, edge) in [
            ("e\u{301}a", 2),
            ("كتَب", 3),
            ("👩\u{200d}🚀!", 3),
            ("🇩🇪🇫🇷", 2),
            ("ab", 0),
            ("ab", 2),
            ("a \u{301}", 2),
            ("می\u{200c}خواهم", 3),
        ] {
            assert!(!splits(text, edge), "{text:?} at {edge}");
        }
    }

    #[test]
    fn loaded_terms_that_cross_are_refused_with_both_spans() {
        let of = |spans: &[Span]| {
            terms(&spans.iter().map(|&span| Loaded { span, kind: LoadedKind::Doubt }).collect::<Vec<_>>())
        };
        let flaw = of(&[span(8, 12), span(0, 4), span(3, 6)]).unwrap_err();
        assert!(flaw.found.contains("[0, 4] and [3, 6] in `loaded`"), "{flaw:?}");
        assert!(of(&[span(0, 4), span(0, 4)]).is_err());
        assert!(of(&[span(0, 9), span(2, 3), span(8, 12)]).is_err());
        assert!(of(&[span(0, 9), span(2, 3)]).is_ok());
        assert!(of(&[span(4, 6), span(0, 4)]).is_ok());
    }

    #[test]
    fn a_cue_that_crosses_its_own_source_or_content_is_refused() {
        let found = |one: Attribution| relations(&[one]).unwrap_err().found;
        let source = found(attribution(Some(span(0, 8)), span(6, 9), &[]));
        assert!(source.contains("the source [0, 8] overlapping the cue [6, 9] in `attributions`"), "{source}");
        assert!(relations(&[attribution(Some(span(6, 9)), span(6, 9), &[])]).is_err());
        assert!(relations(&[attribution(Some(span(3, 6)), span(0, 9), &[])]).is_ok());
        let content = found(attribution(None, span(6, 9), &[span(0, 3), span(8, 12)]));
        assert!(content.contains("the content [8, 12] overlapping the cue [6, 9]"), "{content}");
    }

    #[test]
    fn pieces_of_content_that_overlap_or_are_out_of_order_are_refused() {
        let found = |content: &[Span]| relations(&[attribution(None, span(20, 24), content)]).unwrap_err().found;
        assert!(found(&[span(0, 5), span(4, 9)]).contains("the content [0, 5] overlapping the content [4, 9]"));
        assert!(found(&[span(8, 9), span(0, 5)]).contains("the content [8, 9] before the content [0, 5]"));
        assert!(relations(&[attribution(None, span(20, 24), &[span(0, 5), span(5, 9)])]).is_ok());
    }

    #[test]
    fn an_attribution_that_is_there_twice_is_refused() {
        let one = attribution(Some(span(0, 3)), span(4, 8), &[span(9, 12)]);
        let found = relations(&[one.clone(), one.clone()]).unwrap_err().found;
        assert!(found.contains("two attributions with the cue [4, 8]"), "{found}");
        let elsewhere = attribution(Some(span(0, 3)), span(4, 8), &[span(13, 15)]);
        assert!(relations(&[one, elsewhere]).is_ok());
    }

    #[test]
    fn attributions_inside_each_other_and_a_source_inside_a_content_are_allowed() {
        let outer = attribution(Some(span(0, 3)), span(4, 8), &[span(9, 30)]);
        let inner = attribution(Some(span(9, 12)), span(13, 17), &[span(18, 30)]);
        let own = attribution(Some(span(40, 42)), span(60, 64), &[span(40, 58)]);
        assert!(relations(&[outer, inner, own]).is_ok());
    }
}
