//! The [`Comparison`]: one event as several outlets tell it, side by side.
//!
//! In: what `compare/` found in the reports of several documents. Out: one JSON object (schema `parallax-compare/1`), or
//! text for a reader. Start at [`Comparison`]. Every number comes with its [`Place`]s: a document, a sentence of it and a
//! span, so that it can be followed to the words. Documents, outlets and actors are named by their place in
//! [`Comparison::documents`], [`Comparison::outlets`] and [`Comparison::actors`]. Keys are added within a schema
//! number, never renamed.

use super::ModelName;
pub use super::statement::{Anchor, NamePlace, NumberConflict, NumberPlace, Statement, Telling, UniqueStatement};
use crate::heads::attribution::CueClass;
use crate::heads::loaded::LoadedKind;
use crate::heads::stance::Polarity;
use crate::heads::voice::Voice;
use crate::text::{OffsetUnit, RegionKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The schema that every comparison names.
pub const SCHEMA: &str = "parallax-compare/1";

/// One event as several outlets tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The unit of every `start` and `end` below.
    pub offsets: OffsetUnit,
    /// The key by which documents were folded into outlets; `None` where each document is one.
    pub group_by: Option<String>,
    /// How intervals, differences and alignments were come by.
    pub method: Method,
    /// All models that scored a document, by language.
    pub models: BTreeMap<String, ModelName>,
    /// The documents, in the order they were given.
    pub documents: Vec<ComparedDocument>,
    /// The outlets, in the order of their first documents.
    pub outlets: Vec<Outlet>,
    /// What each outlet calls the same actor or thing, most often mentioned first.
    pub actors: Vec<ActorRow>,
    /// Loaded terms, an entry an outlet, in order; `None` if no bundle has both span heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<Vec<OutletLoaded>>,
    /// Who is quoted, by falling number of words; `None` if no bundle has a head `attribution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<SourceRow>>,
    /// The cues of each outlet, in order; `None` if no bundle has a head `attribution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cues: Option<Vec<OutletCues>>,
    /// Where each holder stands toward each target, the author first; `None` if no bundle has a head `stance`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stances: Option<Vec<StanceRow>>,
    /// The same statement in several tellings, in the order of the first document that has it.
    pub statements: Vec<Statement>,
    /// What one outlet tells and no other does, most central first within each outlet, outlets in order.
    pub unique: Vec<UniqueStatement>,
    /// Every measure compared between every two outlets that have it; of shares of loaded names, and of balances, between
    /// those that have five mentions or more.
    pub differences: Vec<Difference>,
}

/// How intervals, differences and alignments were come by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Method {
    /// In words, for a reader: a sentence each.
    pub notes: Vec<String>,
    /// Bootstrap resamples.
    pub resamples: usize,
    /// Their seed.
    pub seed: u64,
    /// The share that every interval is to cover.
    pub level: f64,
    /// The false discovery rate that differences are held to (Benjamini & Hochberg 1995), within each measure.
    pub false_discovery_rate: f64,
    /// The similarity from which two passages are taken to state the same, by pair of languages (`en-en`, `ar-en`).
    pub same: BTreeMap<String, f64>,
    /// The similarity under which a sentence is taken to have no counterpart, by pair of languages.
    pub apart: BTreeMap<String, f64>,
}

/// A document that is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct ComparedDocument {
    /// Its id: its file name, or the record's `id`.
    pub id: String,
    /// Its outlet.
    pub outlet: usize,
    /// Its language (ISO 639-1).
    pub lang: String,
    /// Words in scored sentences.
    pub words: usize,
    /// Its scored sentences, in order: what every `sentence` below counts.
    pub sentences: Vec<ComparedSentence>,
}

/// A sentence of a document that is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct ComparedSentence {
    /// Where it starts in the original text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// What it says.
    pub text: String,
    /// Its language.
    pub lang: String,
    /// Whose words it holds; `None` if the bundle has no head `attribution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// The kind of region it stands in; `None` where a document is one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionKind>,
    /// The statement that it is a telling of, by its place in [`Comparison::statements`].
    pub statement: Option<usize>,
}

/// An outlet: one document, or all that were folded into one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Outlet {
    /// Its name: the value of the key it was folded by, or the document's id.
    pub name: String,
    /// Its documents, in order.
    pub documents: Vec<usize>,
    /// Words in their scored sentences.
    pub words: usize,
    /// Their scored sentences.
    pub sentences: usize,
}

/// A place in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Place {
    /// The document.
    pub document: usize,
    /// The sentence that it begins in, of the document's [`ComparedDocument::sentences`].
    pub sentence: usize,
    /// Where it starts in the document's original text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// What stands there.
    pub text: String,
}

/// A rate, share or balance with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What was counted, for instance loaded terms; of a balance those for, less those against.
    pub count: i64,
    /// Of how many, for instance words.
    pub of: usize,
}

/// How it is known that forms name one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// By the user's file of aliases or targets.
    Alias,
    /// By the table of countries, their people, capitals and seats of government.
    Table,
    /// By the name itself: the same full name, or its last part.
    Name,
    /// By the term it is made of: a loaded naming with the actor's name or adjective in it (*the Peruvian regime*).
    Term,
    /// By position: in an aligned statement it stands where other tellings have the name.
    Aligned,
}

/// What each outlet calls one actor or thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct ActorRow {
    /// The actor's name: of the table, of the user's file, or the fullest in the texts.
    pub name: String,
    /// How the actor is known.
    pub known: Known,
    /// Mentions in all outlets.
    pub mentions: usize,
    /// The outlets that name it, in order.
    pub outlets: Vec<OutletForms>,
    /// The outlets that do not.
    pub missing: Vec<usize>,
}

/// What one outlet calls an actor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct OutletForms {
    /// The outlet.
    pub outlet: usize,
    /// How many of its mentions are loaded terms of kind `naming`; their share.
    pub loaded: Estimate,
    /// The forms, most frequent first.
    pub forms: Vec<Form>,
}

/// One way in which an outlet names an actor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Form {
    /// As it stands at its first place.
    pub text: String,
    /// How it is known to name the actor.
    pub known: Known,
    /// Whether it is a loaded term of kind `naming`, at any of its places.
    pub loaded: bool,
    /// Where, in order; their number is the form's count.
    pub places: Vec<Place>,
}

/// The loaded terms of one outlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct OutletLoaded {
    /// The outlet.
    pub outlet: usize,
    /// The author's terms per 100 of the author's words.
    pub author: Estimate,
    /// The sources' terms per 100 of theirs.
    pub quoted: Estimate,
    /// The author's terms of each kind per 100 of the author's words.
    pub author_kinds: BTreeMap<LoadedKind, Estimate>,
    /// The sources' terms of each kind per 100 of theirs.
    pub quoted_kinds: BTreeMap<LoadedKind, Estimate>,
    /// The terms, in order.
    pub terms: Vec<LoadedPlace>,
}

/// A loaded term and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct LoadedPlace {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// How it judges.
    pub kind: LoadedKind,
    /// Whose word it is: `author` or `quoted`.
    pub voice: Voice,
    /// Calibrated probability that it is a loaded term.
    pub p: f64,
}

/// A cue and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct CuePlace {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// How it presents what is said.
    pub class: CueClass,
}

/// Who is quoted, and how much by each outlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct SourceRow {
    /// Its fullest name; `None` for what is attributed to nobody.
    pub name: Option<String>,
    /// The actor that it is, by its place in [`Comparison::actors`].
    pub actor: Option<usize>,
    /// Words given by all outlets.
    pub words: usize,
    /// The outlets that quote it, in order.
    pub outlets: Vec<OutletSource>,
    /// The outlets that do not.
    pub missing: Vec<usize>,
}

/// What one outlet gives a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct OutletSource {
    /// The outlet.
    pub outlet: usize,
    /// The names that it gives the source, in order of their first places.
    pub names: Vec<String>,
    /// How many words of content it was given in quotation marks.
    pub words_direct: usize,
    /// How many outside them.
    pub words_indirect: usize,
    /// The share of all attributed words of the outlet that are this source's, 0 to 1.
    pub share: f64,
    /// How many of its cues are of each class.
    pub cues: BTreeMap<CueClass, usize>,
    /// The cues, in order.
    pub places: Vec<CuePlace>,
}

/// The cues of one outlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct OutletCues {
    /// The outlet.
    pub outlet: usize,
    /// The share of its cues that are of each class.
    pub classes: BTreeMap<CueClass, Estimate>,
    /// The cues, in order.
    pub places: Vec<CuePlace>,
}

/// Where one holder stands toward one target, in each outlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct StanceRow {
    /// Who; `None` stands for the author of each outlet's text. A pronoun that stands for nobody whom its text names has
    /// a row of its own for its document, as `nobody named (he)`.
    pub holder: Option<String>,
    /// Toward what.
    pub target: String,
    /// The outlets in which the holder takes a stance toward the target or mentions it neutrally, in order.
    pub outlets: Vec<OutletStance>,
}

/// Where one holder stands toward one target, in one outlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct OutletStance {
    /// The outlet.
    pub outlet: usize,
    /// How many mentions are of each polarity.
    pub counts: BTreeMap<Polarity, usize>,
    /// The balance: mentions for, less those against, by their number; -1 to 1.
    pub balance: Estimate,
    /// The mentions, by document and place.
    pub places: Vec<StancePlace>,
}

/// A stance toward a mention of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct StancePlace {
    /// Where the target is mentioned.
    #[serde(flatten)]
    pub place: Place,
    /// Where the holder stands.
    pub polarity: Polarity,
    /// Calibrated probability of `polarity`.
    pub p: f64,
}

/// A measure of two outlets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Difference {
    /// The measure: `loaded.author`, `loaded.quoted`, `loaded.author.naming`, `cues.distancing`, `names.loaded`,
    /// `stance`.
    pub measure: String,
    /// What it is of, where the measure is of several: the actor named, or the target and, behind a colon, the holder.
    pub of: Option<String>,
    /// The two outlets.
    pub outlets: [usize; 2],
    /// The value of the first, less that of the second.
    pub difference: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The probability of so large a difference if there were none.
    pub p: f64,
    /// The same, corrected for all pairs of outlets and subjects of the measure that have counts enough to differ at all; 1
    /// of the others.
    pub p_adjusted: f64,
    /// Whether it is called a difference: the interval leaves 0 out and the corrected `p` is at most
    /// [`Method::false_discovery_rate`].
    pub differs: bool,
    /// The outlet with the higher value, where it is called a difference.
    pub higher: Option<usize>,
}

impl Comparison {
    /// Written as JSON: one object on one line, or indented.
    ///
    /// # Errors
    /// What `serde_json` says: of writing, as all values are finite.
    pub fn to_json(&self, indented: bool) -> serde_json::Result<String> {
        let mut json = if indented { serde_json::to_string_pretty(self)? } else { serde_json::to_string(self)? };
        json.push('\n');
        Ok(json)
    }
}
