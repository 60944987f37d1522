//! A stance head beside labelled stances: what there is to measure.
//!
//! In: a head and records. Out: [`Found`] rows, and of them [`Scored`] ones: of the head [`NAME`], a row a pair of
//! sentence and target; of [`HOLDER`], a row a candidate. Start at [`found`], then [`scored`].

use super::super::gold::group_number;
use super::super::record::Record;
use super::holder::right;
use super::pairs::{Holder, Pair, Reader};
use crate::error::Result;
use crate::evaluate::{Rows, Scored};
use crate::heads::holder::candidates;
use crate::heads::label::Label;
use crate::heads::stance::{Dense, Known, NAME, Polarity, StanceHead};

/// The name that measures of the holder have: of every candidate for a labelled stance, whether it is taken. A
/// labelled holder that is no candidate is one that was missed.
pub const HOLDER: &str = "stance holder";

/// What a head says of one labelled pair.
#[derive(Debug, Clone)]
pub struct Found {
    group: u64,
    gold: Polarity,
    probabilities: Vec<f64>,
    predicted: usize,
    certain: bool,
    /// For each candidate for the holder: whether it is the labelled one, its probability, and whether it is taken.
    holders: Vec<(bool, f64, bool)>,
}

/// What a head says of the pairs of a record.
///
/// # Errors
/// [`crate::Error::Tokenizer`] where the text cannot be tokenized.
pub fn found(head: &StanceHead, reader: &Reader<'_>, record: &Record) -> Result<Vec<Found>> {
    let Some(row) = reader.row(0, record)? else { return Ok(Vec::new()) };
    let sentence = row.sentence(&record.text);
    let said = Dense::of(head).said(&sentence.vectors(reader.vectors));
    let mut known = Known::default();
    let of = |pair: &Pair| {
        let probabilities = head.score(&sentence, &said, &mut known, pair.target).probabilities();
        let (predicted, certain) = head.decision.decide(&probabilities);
        let mut holders = Vec::new();
        if pair.holder != Holder::Unknown && pair.polarity != Polarity::Neutral {
            let all = candidates(&sentence, pair.target);
            let right = right(&sentence, &all, pair);
            let scores = head.holder.scores(&sentence, pair.target, &all);
            let p = crate::heads::softmax(&scores);
            let taken = p.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, _)| at);
            holders.extend(p.iter().enumerate().map(|(at, p)| (Some(at) == right, *p, Some(at) == taken)));
            if right.is_none() {
                holders.push((true, 0.0, false));
            }
        }
        Found { group: group_number(&record.group), gold: pair.polarity, probabilities, predicted, certain, holders }
    };
    Ok(row.pairs.iter().map(of).collect())
}

/// The rows to measure: of the polarity, and of the holder where somebody labelled it. Classes are in alphabetical
/// order.
///
/// # Errors
/// [`crate::Error::Data`] where the rows do not hold together.
pub fn scored(found: &[Found]) -> Result<Vec<Scored>> {
    let mut classes: Vec<Polarity> = Polarity::ALL.to_vec();
    classes.sort_by_key(|p| p.as_str());
    let place = |number: usize| classes.iter().position(|c| c.number() == number).unwrap_or(0);
    let mut polarity = Rows {
        head: NAME.to_owned(),
        classes: classes.iter().map(|c| c.as_str().to_owned()).collect(),
        ..Rows::default()
    };
    let mut holder = Rows { head: HOLDER.to_owned(), classes: vec!["0".to_owned(), "1".to_owned()], ..Rows::default() };
    for row in found {
        polarity.groups.push(row.group);
        polarity.gold.push(place(row.gold.number()));
        polarity.probabilities.extend(classes.iter().map(|c| row.probabilities[c.number()]));
        polarity.predicted.push(place(row.predicted));
        polarity.certain.push(row.certain);
        for (is_right, p, is_taken) in &row.holders {
            holder.groups.push(row.group);
            holder.gold.push(usize::from(*is_right));
            holder.probabilities.extend([1.0 - p, *p]);
            holder.predicted.push(usize::from(*is_taken));
            holder.certain.push(true);
        }
    }
    [polarity, holder].into_iter().filter(|rows| !rows.gold.is_empty()).map(Scored::new).collect()
}
