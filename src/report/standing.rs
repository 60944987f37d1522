//! The [`Standing`]: where each holder stands toward each target over several documents.
//!
//! In: what `score::StandingTally` counted. Out: one JSON object (schema `parallax-standing/1`), or what the writers for a
//! reader make of it. Start at [`Standing`]. Mentions of all documents count alike: a long document weighs more than a
//! short one, and those of one document are taken as independent.

use super::StandReport;
use crate::heads::stance::Polarity;
use crate::text::OffsetUnit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The schema's name and number.
pub const STANDING_SCHEMA: &str = "parallax-standing/1";

/// Who stands where over several documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// [`STANDING_SCHEMA`].
    pub schema: String,
    /// How many documents were looked at, those without a stance too.
    pub documents: usize,
    /// What the offsets of the evidence count.
    pub offsets: OffsetUnit,
    /// A row for every holder and target: targets in the order in which they were asked for, else by falling number of
    /// mentions; of one target the authors first, then holders by falling number of mentions.
    pub stances: Vec<StandingRow>,
}

/// Where one holder stands toward one target over several documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandingRow {
    /// Who, toward what, and where.
    #[serde(flatten)]
    pub stand: StandReport,
    /// In how many documents the mentions stand.
    pub documents: usize,
    /// Sentences that it rests on, the first few of each polarity.
    pub evidence: Vec<Evidence>,
}

/// A sentence in which a holder takes a stance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which stance.
    pub polarity: Polarity,
    /// The document's id.
    pub id: String,
    /// The document's number among those looked at, from 0.
    pub document: usize,
    /// The sentence's place in the document's `sentences`.
    pub sentence: usize,
    /// Where the sentence begins, in the unit of the offsets.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// How many holders of a target a reader is shown; the others are counted.
const SHOWN: usize = 10;

impl Standing {
    /// What a reader is shown: the rows by target, of each the first holders, and how many holders are left out.
    pub(super) fn shown(&self) -> (Vec<&StandingRow>, usize) {
        let mut of_target: BTreeMap<&str, usize> = BTreeMap::new();
        let mut shown = Vec::new();
        for row in &self.stances {
            let count = of_target.entry(&row.stand.target).or_default();
            *count += 1;
            if *count <= SHOWN {
                shown.push(row);
            }
        }
        let left_out = self.stances.len() - shown.len();
        (shown, left_out)
    }
}
