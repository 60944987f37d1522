//! Statements that several outlets make, and those that one alone makes.
//!
//! In: what `compare/` aligned. Out: entries of a [`Comparison`](super::comparison::Comparison). Start at [`Statement`].

use super::comparison::{CuePlace, LoadedPlace, Place};
use serde::{Deserialize, Serialize};

/// The same statement in several tellings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Statement {
    /// The mean similarity of the pairs of tellings that hold it together, 0 to 1.
    pub similarity: f64,
    /// The tellings, in the order of documents; of at least two outlets.
    pub tellings: Vec<Telling>,
    /// Names and numbers that at least two outlets' tellings have.
    pub anchors: Vec<Anchor>,
    /// Numbers that tellings give for the same thing and that differ.
    pub conflicts: Vec<NumberConflict>,
    /// Whether its tellings present it with cues of different classes, or some with a cue and some without.
    pub cues_differ: bool,
    /// Whether some tellings have loaded terms and others none, or others.
    pub terms_differ: bool,
    /// Whether its tellings call an actor by different forms.
    pub names_differ: bool,
}

/// One telling of a statement: a sentence, or a quotation in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Telling {
    /// The sentence, whole; or the passage of it that was quoted or reported.
    #[serde(flatten)]
    pub place: Place,
    /// Whether the place is the content of an attribution rather than a sentence.
    pub is_content: bool,
    /// The highest similarity to a telling of another document.
    pub similarity: f64,
    /// The source of the attribution that it is or holds, by its name in [`Comparison::sources`](super::comparison::Comparison::sources).
    pub source: Option<String>,
    /// The cues that present it, in order.
    pub cues: Vec<CuePlace>,
    /// The loaded terms in it, in order.
    pub terms: Vec<LoadedPlace>,
    /// The actors named in it, in order.
    pub names: Vec<NamePlace>,
    /// The numbers in it, in order.
    pub numbers: Vec<NumberPlace>,
}

/// A name and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct NamePlace {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// The actor, by its place in [`Comparison::actors`](super::comparison::Comparison::actors).
    pub actor: usize,
    /// Whether it is a loaded term of kind `naming`.
    pub loaded: bool,
}

/// A number and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct NumberPlace {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What it amounts to.
    pub value: f64,
}

/// What holds tellings together: a name or a number that they share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Anchor {
    /// As it stands in the first telling.
    pub text: String,
    /// The actor, where it is one's name.
    pub actor: Option<usize>,
    /// The value, where it is a number.
    pub number: Option<f64>,
    /// The tellings that have it, by their place in [`Statement::tellings`].
    pub tellings: Vec<usize>,
}

/// Numbers that differ where the same is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct NumberConflict {
    /// The numbers, in the order of tellings.
    pub numbers: Vec<NumberPlace>,
    /// The word that they count, where it is one in all: *killed*, *children*.
    pub counted: Option<String>,
}

/// What one outlet tells and no other does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct UniqueStatement {
    /// The outlet.
    pub outlet: usize,
    /// The sentence.
    #[serde(flatten)]
    pub place: Place,
    /// How much it bears on what all tell, 0 to 1: names and numbers in it, likeness to the documents, how early it stands.
    pub centrality: f64,
    /// The similarity to the nearest sentence of another outlet, 0 to 1.
    pub similarity: f64,
    /// That sentence; `None` where no other has one that could be compared.
    pub nearest: Option<Place>,
}
