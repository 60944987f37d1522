//! Contrast families with names in their slots, as labelled records.
//!
//! In: families and a table of names. Out: [`Record`]s, each family told of several pairs of names,
//! and of each pair both ways round, so that no name is tied to a label. Start at [`expand`].

use std::collections::{BTreeMap, HashSet};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::annotation::{Attribution, Loaded, Span, Stance};
use super::contrast::{Family, Position, Sentence};
use super::lines::Flaw;
use super::markup::{self, Filled, Mark, Piece, Slot, Table};
use super::names::Names;
use super::quoted::directness;
use super::record::{Label, Record};
use crate::error::{Error, Place, Result};

/// How families are expanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How many pairs of names each family is told of; at least 1. Each is told both ways round.
    pub instances: usize,
    /// What the draw of names depends on, with the family's id and nothing else.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { instances: 4, seed: 0 }
    }
}

/// Expanded families.
#[derive(Debug, Clone, PartialEq)]
pub struct Expansion {
    /// The records, by family, sentence, pair and turn. An id is *family/variant/line/instance*: the
    /// sentence's line counted in its family from 1, and an instance that is even as drawn and odd
    /// with the sides swapped. The group is the family.
    pub records: Vec<Record>,
    /// Stances left out of those records because their holder or target is not in the filled text.
    pub skipped_stances: usize,
}

/// Tells every family of `instances` pairs of names, A and B (P and Q) both ways round. All sentences
/// of an instance get the same names. A sentence that comes out the same again is given once, so one
/// without slots is not repeated. The same settings give the same records, and a family's names do
/// not depend on which others there are.
///
/// Pairs are dealt from a shuffled table, so that a family uses no name twice before it has used all.
///
/// # Errors
/// [`Error::Settings`] if `instances` is 0; [`Error::Data`] if two families share an id;
/// [`Error::Input`] with file and line if a slot's table has fewer than two entries or its entries
/// lack the field.
pub fn expand(families: &[Family], names: &Names, settings: &Settings) -> Result<Expansion> {
    if settings.instances == 0 {
        return Err(Error::Settings { setting: "instances".into(), found: "0".into(), expected: "1 or more".into() });
    }
    let mut expansion = Expansion { records: Vec::new(), skipped_stances: 0 };
    let mut seen = HashSet::new();
    for family in families {
        if !seen.insert(family.id.as_str()) {
            return Err(Error::Data {
                what: "contrast families".into(),
                found: format!("the family {:?} in two files", family.id),
                expected: "families with unique ids".into(),
                cure: "rename one of them, or put all its sentences in one file".into(),
            });
        }
        tell(family, names, settings, &mut expansion)?;
    }
    Ok(expansion)
}

fn tell(family: &Family, names: &Names, settings: &Settings, expansion: &mut Expansion) -> Result<()> {
    let draws: Vec<Draw> =
        (0..settings.instances).map(|instance| Draw::new(names, settings.seed, &family.id, instance)).collect();
    for (sentence, line) in family.sentences.iter().zip(1..) {
        let mut texts = HashSet::new();
        for (turn, draw) in draws
            .iter()
            .flat_map(|draw| [(false, draw), (true, draw)])
            .map(|(swapped, draw)| Draw { swapped, ..*draw })
            .enumerate()
        {
            let (mut record, skipped) =
                record(sentence, &draw).map_err(|flaw| flaw.at(Place::line(&family.path, sentence.line)))?;
            if texts.insert(record.text.clone()) {
                record.id = format!("{}/{}/{line}/{turn}", family.id, sentence.variant);
                record.group.clone_from(&family.id);
                expansion.records.push(record);
                expansion.skipped_stances += skipped;
            }
        }
    }
    Ok(())
}

const TABLES: [Table; 6] = [Table::Sides, Table::Parties, Table::Person, Table::Place, Table::Org, Table::Company];

/// The names of one instance: two entries of every table that has two.
#[derive(Clone, Copy)]
struct Draw<'a> {
    names: &'a Names,
    pairs: [Option<[usize; 2]>; TABLES.len()],
    swapped: bool,
}

impl<'a> Draw<'a> {
    fn new(names: &'a Names, seed: u64, family: &str, instance: usize) -> Self {
        let pairs = TABLES.map(|table| deal(names.len(table), table, seed, family, instance));
        Self { names, pairs, swapped: false }
    }

    fn form(&self, slot: &Slot) -> Result<&'a str, Flaw> {
        let sided = matches!(slot.table, Table::Sides | Table::Parties);
        let second = slot.second != (sided && self.swapped);
        self.pairs[slot.table as usize]
            .and_then(|pair| self.names.form(slot.table, pair[usize::from(second)], &slot.field))
            .ok_or_else(|| {
                Flaw::new(
                    format!("the slot {{{}}}, which the names of {:?} cannot fill", slot.written, self.names.lang()),
                    "a table of at least two entries that have this field",
                    "correct the slot, or add the field or the entries to training/names",
                )
            })
    }
}

/// The pair dealt to an instance from the shuffled entries of a table, reshuffled when they run out.
fn deal(len: usize, table: Table, seed: u64, family: &str, instance: usize) -> Option<[usize; 2]> {
    let (round, place) = (instance.checked_div(len / 2)?, instance % (len / 2));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&(round as u64).to_le_bytes());
    bytes[16..20].copy_from_slice(&crc32fast::hash(family.as_bytes()).to_le_bytes());
    bytes[20] = table as u8;
    let mut entries: Vec<usize> = (0..len).collect();
    entries.shuffle(&mut ChaCha8Rng::from_seed(bytes));
    entries.get(2 * place..2 * place + 2)?.try_into().ok()
}

/// The record of one sentence, without id and group, and how many of its stances were left out.
fn record(sentence: &Sentence, draw: &Draw) -> Result<(Record, usize), Flaw> {
    let english = draw.names.lang().split('-').next() == Some("en");
    let fill = |pieces: &[Piece]| markup::fill(pieces, english, |slot| draw.form(slot));
    let filled = fill(&sentence.pieces)?;
    let sources: Vec<Span> =
        filled.marks.iter().filter_map(|(mark, span)| matches!(mark, Mark::Source(_)).then_some(*span)).collect();
    let chars: Vec<char> = filled.text.chars().collect();
    let mut stances = Vec::new();
    for Position { holder, target, polarity } in &sentence.stances {
        let target = find(&chars, &fill(target)?.text, &[]);
        let holder = match holder {
            None => Some(None),
            Some(pieces) => find(&chars, &fill(pieces)?.text, &sources).map(Some),
        };
        if let (Some(holder), Some(target)) = (holder, target) {
            stances.push(Stance { holder, target, polarity: *polarity });
        }
    }
    let skipped = sentence.stances.len() - stances.len();
    let record = Record {
        id: String::new(),
        lang: draw.names.lang().to_owned(),
        group: String::new(),
        labels: sentence.labels.iter().map(|(head, class)| (head.clone(), Label::Hard(class.clone()))).collect(),
        loaded: Some(loaded(&filled)),
        attributions: Some(attributions(&filled)),
        stances: Some(stances),
        weight: None,
        annotator: None,
        text: capitalised(&filled.text),
    };
    Ok((record, skipped))
}

fn loaded(filled: &Filled) -> Vec<Loaded> {
    let term = |(mark, span): &(Mark, Span)| match mark {
        Mark::Loaded(kind) => Some(Loaded { span: *span, kind: *kind }),
        _ => None,
    };
    filled.marks.iter().filter_map(term).collect()
}

/// One attribution for each cue, in the order of their numbers.
fn attributions(filled: &Filled) -> Vec<Attribution> {
    let mut numbered: BTreeMap<u8, Attribution> = BTreeMap::new();
    for (mark, span) in &filled.marks {
        if let Mark::Cue(class, number) = mark {
            let of = |wanted: Mark| filled.marks.iter().filter(move |(mark, _)| *mark == wanted).map(|(_, span)| *span);
            let content: Vec<Span> = of(Mark::Content(*number)).collect();
            let direct = directness(&filled.text, &content);
            let source = of(Mark::Source(*number)).next();
            numbered.insert(*number, Attribution { source, cue: *span, content, class: *class, direct });
        }
    }
    numbered.into_values().collect()
}

/// Where a text stands in a sentence: at one of the preferred spans, else first as whole words, else
/// first as part of a word (Arabic writes some prepositions and conjunctions together with the noun).
fn find(sentence: &[char], text: &str, preferred: &[Span]) -> Option<Span> {
    let text: Vec<char> = text.chars().collect();
    if text.is_empty() {
        return None;
    }
    let starts = sentence.windows(text.len()).enumerate().filter(|(_, window)| *window == text).map(|(at, _)| at);
    let spans: Vec<Span> = starts.map(|start| Span { start, end: start + text.len() }).collect();
    let word = |at: Option<usize>| at.and_then(|at| sentence.get(at)).is_some_and(|c| c.is_alphanumeric());
    let whole = |span: &&Span| !word(span.start.checked_sub(1)) && !word(Some(span.end));
    let chosen = spans.iter().find(|span| preferred.contains(span));
    chosen.or_else(|| spans.iter().find(whole)).or(spans.first()).copied()
}

/// The sentence with its first letter in upper case. A letter whose upper case is longer stays, so
/// that no span moves.
fn capitalised(text: &str) -> String {
    let Some((at, first)) = text.char_indices().find(|(_, c)| c.is_alphanumeric()) else { return text.to_owned() };
    let mut upper = first.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => format!("{}{upper}{}", &text[..at], &text[at + first.len_utf8()..]),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "expand_tests.rs"]
mod tests;
