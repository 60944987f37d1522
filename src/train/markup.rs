//! The mark-up of contrast sentences: `⟦tag|…⟧` marks and `{slots}`.
//!
//! In: a sentence as written. Out: [`Piece`]s ([`parse`]), and from those a text with the span of
//! every mark ([`fill`]). `training/README.md` describes the mark-up; what marks mean together is in
//! `contrast`.

use super::annotation::{CueClass, LoadedKind, Span};
use super::lines::Flaw;

/// A mark's tag, with the number of its attribution (0 where none is written).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Loaded(LoadedKind),
    Source(u8),
    Cue(CueClass, u8),
    Content(u8),
}

/// A table of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Sides,
    Parties,
    Person,
    Place,
    Org,
    Company,
}

/// Which of the two names drawn from a table, and which of its fields (empty where names have none).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub table: Table,
    pub second: bool,
    pub field: String,
    /// As written, without braces.
    pub written: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Slot(Slot),
    Open(Mark),
    Close,
}

/// A filled sentence and its marks in the order in which they open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filled {
    pub text: String,
    pub marks: Vec<(Mark, Span)>,
}

/// Takes a sentence apart. Pieces of text are never empty, marks are closed in order.
pub(super) fn parse(sentence: &str) -> Result<Vec<Piece>, Flaw> {
    let mut pieces = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = sentence;
    while let Some(at) = rest.find(['⟦', '⟧', '{', '}']) {
        let (literal, tail) = rest.split_at(at);
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal.to_owned()));
        }
        let column = sentence[..sentence.len() - tail.len()].chars().count() + 1;
        let flaw = |found: String, expected: &str, cure: &str| {
            Flaw::new(format!("{found} at character {column}"), expected, cure)
        };
        let mut chars = tail.chars();
        let first = chars.next();
        let after = chars.as_str();
        rest = match first {
            Some('⟦') => {
                let (tag, inside) = after
                    .split_once('|')
                    .filter(|(tag, _)| !tag.contains(['⟦', '⟧', '{', '}']))
                    .ok_or_else(|| flaw("⟦ without a tag".into(), "⟦tag|…⟧", "write the tag and a | after it"))?;
                let mark = mark(tag).ok_or_else(|| {
                    flaw(
                        format!("the unknown tag {tag:?}"),
                        "N, E, X, D, s, cN, cF, cD, cC or q, the last six with a number 1–9 if there are several attributions",
                        "correct the tag",
                    )
                })?;
                open.push(column);
                pieces.push(Piece::Open(mark));
                inside
            }
            Some('⟧') => {
                if open.pop().is_none() {
                    return Err(flaw(
                        "⟧ without its ⟦".into(),
                        "marks that open before they close",
                        "remove it or add ⟦tag|",
                    ));
                }
                if matches!(pieces.last(), Some(Piece::Open(_))) {
                    return Err(flaw("an empty mark".into(), "marks round some text", "remove the mark"));
                }
                pieces.push(Piece::Close);
                after
            }
            Some('{') => {
                let (written, outside) = after
                    .split_once('}')
                    .filter(|(written, _)| !written.contains(['⟦', '⟧', '{']))
                    .ok_or_else(|| flaw("{ without its }".into(), "{slot}", "close the slot"))?;
                let slot = slot(written).ok_or_else(|| {
                    flaw(
                        format!("the unknown slot {{{written}}}"),
                        "{A.field}, {B.field}, {P.field}, {Q.field}, {person}, {place}, {org} or {company}, the last four also with 2",
                        "correct the slot",
                    )
                })?;
                pieces.push(Piece::Slot(slot));
                outside
            }
            _ => return Err(flaw("} without its {".into(), "{slot}", "remove it or open the slot")),
        };
    }
    if let Some(column) = open.pop() {
        return Err(Flaw::new(format!("an unclosed ⟦ at character {column}"), "a ⟧ for every ⟦", "close the mark"));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

fn mark(tag: &str) -> Option<Mark> {
    let loaded = match tag {
        "N" => Some(LoadedKind::Naming),
        "E" => Some(LoadedKind::Evaluative),
        "X" => Some(LoadedKind::Exaggeration),
        "D" => Some(LoadedKind::Doubt),
        _ => None,
    };
    if let Some(kind) = loaded {
        return Some(Mark::Loaded(kind));
    }
    let (name, number) = match tag.char_indices().next_back()? {
        (at, digit @ '1'..='9') => (&tag[..at], u8::try_from(digit.to_digit(10)?).ok()?),
        _ => (tag, 0),
    };
    Some(match name {
        "s" => Mark::Source(number),
        "q" => Mark::Content(number),
        "cN" => Mark::Cue(CueClass::Neutral, number),
        "cF" => Mark::Cue(CueClass::Endorsing, number),
        "cD" => Mark::Cue(CueClass::Distancing, number),
        "cC" => Mark::Cue(CueClass::Charged, number),
        _ => return None,
    })
}

fn slot(written: &str) -> Option<Slot> {
    let (name, field) = written.split_once('.').unwrap_or((written, ""));
    let (table, second) = match name {
        "A" => (Table::Sides, false),
        "B" => (Table::Sides, true),
        "P" => (Table::Parties, false),
        "Q" => (Table::Parties, true),
        "person" => (Table::Person, false),
        "person2" => (Table::Person, true),
        "place" => (Table::Place, false),
        "place2" => (Table::Place, true),
        "org" => (Table::Org, false),
        "org2" => (Table::Org, true),
        "company" => (Table::Company, false),
        "company2" => (Table::Company, true),
        _ => return None,
    };
    let has_fields = matches!(table, Table::Sides | Table::Parties);
    (has_fields != field.is_empty() && has_fields == written.contains('.')).then(|| Slot {
        table,
        second,
        field: field.to_owned(),
        written: written.to_owned(),
    })
}

/// Puts names into slots and notes where every mark comes to lie. With `english`, *a* or *an* right
/// before a slot is fitted to the name.
pub(super) fn fill<'a>(
    pieces: &[Piece],
    english: bool,
    name: impl Fn(&Slot) -> Result<&'a str, Flaw>,
) -> Result<Filled, Flaw> {
    let (mut text, mut length) = (String::new(), 0);
    let (mut marks, mut open): (Vec<(Mark, Span)>, Vec<usize>) = (Vec::new(), Vec::new());
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Open(mark) => {
                open.push(marks.len());
                marks.push((*mark, Span { start: length, end: length }));
            }
            Piece::Close => {
                if let Some((_, span)) = open.pop().and_then(|index| marks.get_mut(index)) {
                    span.end = length;
                }
            }
            Piece::Slot(slot) => {
                let name = name(slot)?;
                text.push_str(name);
                length += name.chars().count();
            }
            Piece::Text(literal) => {
                let next = pieces[at + 1..].iter().find(|piece| !matches!(piece, Piece::Open(_)));
                let fitted = match next {
                    Some(Piece::Slot(slot)) if english => fit_article(literal, name(slot)?),
                    _ => literal.clone(),
                };
                length += fitted.chars().count();
                text.push_str(&fitted);
            }
        }
    }
    Ok(Filled { text, marks })
}

/// The literal with its last word, if that is *a* or *an*, fitted to the name that follows.
fn fit_article(literal: &str, name: &str) -> String {
    let Some(words) = literal.strip_suffix(' ') else { return literal.to_owned() };
    let last = words.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if !matches!(last, "a" | "A" | "an" | "An") {
        return literal.to_owned();
    }
    let article = words.len() - last.len();
    let n = if begins_with_vowel_sound(name) { "n" } else { "" };
    format!("{}{n} ", &words[..=article])
}

/// By spelling: a vowel, but not *eu-* or a *u* that is said as in *unit*.
fn begins_with_vowel_sound(name: &str) -> bool {
    let vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let head: Vec<char> = name.chars().take(3).flat_map(char::to_lowercase).collect();
    match head.as_slice() {
        ['e', 'u', ..] => false,
        ['u', second, third] => vowel(second) || !vowel(third) && *third != 'r',
        [first, ..] => vowel(first),
        [] => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::heads::label::Label as _;

    fn written(pieces: &[Piece]) -> String {
        let tag = |mark: &Mark| {
            let number = |n: &u8| if *n == 0 { String::new() } else { n.to_string() };
            match mark {
                Mark::Loaded(kind) => ["N", "E", "X", "D"][*kind as usize].to_owned(),
                Mark::Source(n) => format!("s{}", number(n)),
                Mark::Content(n) => format!("q{}", number(n)),
                Mark::Cue(class, n) => format!("{}{}", ["cN", "cF", "cD", "cC"][*class as usize], number(n)),
            }
        };
        let one = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Slot(slot) => format!("{{{}}}", slot.written),
            Piece::Open(mark) => format!("⟦{}|", tag(mark)),
            Piece::Close => "⟧".into(),
        };
        pieces.iter().map(one).collect()
    }

    fn any_mark() -> impl Strategy<Value = Mark> {
        prop_oneof![
            prop::sample::select(LoadedKind::ALL).prop_map(Mark::Loaded),
            (0u8..10).prop_map(Mark::Source),
            (0u8..10).prop_map(Mark::Content),
            (prop::sample::select(CueClass::ALL), 0u8..10).prop_map(|(class, n)| Mark::Cue(class, n)),
        ]
    }

    fn any_pieces() -> impl Strategy<Value = Vec<Piece>> {
        let slots = ["A.name", "B.adj", "P.leader", "Q.name", "person", "person2", "place", "org", "company2"];
        let leaf = prop_oneof![
            "[^⟦⟧{}]{1,8}".prop_map(|text| vec![Piece::Text(text)]),
            prop::sample::select(slots.to_vec()).prop_map(|written| vec![Piece::Slot(slot(written).unwrap())]),
        ];
        let tree = leaf.prop_recursive(4, 24, 4, |inner| {
            (any_mark(), prop::collection::vec(inner, 1..4))
                .prop_map(|(mark, parts)| [vec![Piece::Open(mark)], parts.concat(), vec![Piece::Close]].concat())
        });
        prop::collection::vec(tree, 0..5).prop_map(|parts| merged(parts.concat()))
    }

    fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
        let mut out: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (out.last_mut(), piece) {
                (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
                (_, piece) => out.push(piece),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn what_is_written_parses_back_and_filling_keeps_all_text_and_every_marked_text(pieces in any_pieces()) {
            prop_assert_eq!(&parse(&written(&pieces)).unwrap(), &pieces);
            let filled = fill(&pieces, false, |_| Ok("Zoë")).unwrap();
            let plain = |pieces: &[Piece]| pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Slot(_) => "Zoë",
                _ => "",
            }).collect::<String>();
            prop_assert_eq!(&filled.text, &plain(&pieces));
            let opens = pieces.iter().enumerate().filter(|(_, piece)| matches!(piece, Piece::Open(_)));
            for ((at, _), (_, span)) in opens.zip(&filled.marks) {
                let mut depth = 0;
                let inside = pieces[at..].iter().position(|piece| {
                    depth += i32::from(matches!(piece, Piece::Open(_))) - i32::from(*piece == Piece::Close);
                    depth == 0
                }).unwrap();
                let inside = plain(&pieces[at..at + inside]);
                prop_assert_eq!(span.slice(&filled.text), Some(inside.as_str()));
            }
        }

        #[test]
        fn any_text_at_all_is_parsed_or_refused(text in "[⟦⟧{}|sqcNE1-3A.name é]{0,24}") {
            let _ = parse(&text);
        }
    }

    #[test]
    fn malformed_markup_is_refused_with_its_place() {
        for (sentence, found) in [
            ("Ab ⟦N|x", "unclosed ⟦ at character 4"),
            ("x⟧", "⟧ without its ⟦ at character 2"),
            ("⟦Z|x⟧", "unknown tag \"Z\""),
            ("⟦s0|x⟧", "unknown tag \"s0\""),
            ("⟦N2|x⟧", "unknown tag \"N2\""),
            ("⟦é|x⟧", "unknown tag \"é\""),
            ("⟦x⟧ | y", "⟦ without a tag"),
            ("⟦N|⟧", "an empty mark"),
            ("{C.name}", "unknown slot {C.name}"),
            ("{A}", "unknown slot {A}"),
            ("{person.name}", "unknown slot"),
            ("{A.name", "{ without its }"),
            ("A.name}", "} without its {"),
        ] {
            let flaw = parse(sentence).unwrap_err();
            assert!(flaw.found.contains(found), "{sentence}: {}", flaw.found);
        }
    }

    #[test]
    fn english_articles_fit_the_name_and_move_the_spans() {
        for (name, text) in [
            ("Iraqi", "Hit by an Iraqi shell"),
            ("French", "Hit by a French shell"),
            ("Ukrainian", "Hit by a Ukrainian shell"),
            ("Uzbek", "Hit by an Uzbek shell"),
            ("Unity Party", "Hit by a Unity Party shell"),
        ] {
            let filled = fill(&parse("Hit by a ⟦N|{A.adj} shell⟧").unwrap(), true, |_| Ok(name)).unwrap();
            assert_eq!(filled.text, text);
            assert_eq!(filled.marks[0].1.slice(text).unwrap(), format!("{name} shell"));
        }
        assert_eq!(fit_article("Panama ", "Iraqi"), "Panama ");
        assert_eq!(fit_article("“An ", "French"), "“A ");
    }
}
