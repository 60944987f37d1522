//! The [`Report`]: everything found in one document, and how it is written.
//!
//! In: spans and probabilities from the heads. Out: one JSON object a document (schema
//! `parallax/1`), or CSV rows, or text or a page for a reader. Start at [`Report`]; [`json`], [`csv`],
//! [`terminal`] and [`html`] write it. Keys are added within a schema number, never renamed. Of several documents of
//! one event: [`comparison`].

pub mod by_name;
pub mod comparison;
mod count;
pub mod csv;
pub mod html;
pub mod json;
mod letter;
mod passage;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(feature = "serve")]
mod schema;
mod standing;
mod statement;
pub mod terminal;

pub use by_name::{ByName, Name};
#[cfg(feature = "columnar")]
pub(crate) use passage::Passages;
pub use standing::{Evidence, STANDING_SCHEMA, Standing, StandingRow};

pub(crate) use count::count;

use crate::heads::attribution::{CueClass, Directness};
use crate::heads::loaded::LoadedKind;
use crate::heads::stance::Polarity;
use crate::heads::voice::Voice;
use crate::text::{Extraction, Noise, NoiseKind, OffsetUnit, RegionKind, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The schema that every report names.
pub const SCHEMA: &str = "parallax/1";

/// Everything found in one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The document's id: its file name, or the record's `id`.
    pub id: String,
    /// Its language (ISO 639-1), as it was told or asked for; of a mixed document that of most letters in headline and
    /// body.
    pub lang: String,
    /// Whether there was a bundle for `lang`. Without one, nothing in that language is scored.
    #[serde(default = "yes")]
    pub supported: bool,
    /// The unit of every `start` and `end` below.
    pub offsets: OffsetUnit,
    /// Which model scored it, that of `lang` if there is one; `null` if none did.
    pub model: Option<ModelName>,
    /// All that did, by language, if there were several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub models: BTreeMap<String, ModelName>,
    /// Its parts, in order; each visible character is in one. Empty where a document is one sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<RegionReport>,
    /// The sentences, in order.
    pub sentences: Vec<SentenceReport>,
    /// The loaded terms, in order; `None` if the bundle has no such head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<Vec<LoadedReport>>,
    /// The attributions, in order of their cues; `None` if the bundle has no such head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributions: Option<Vec<AttributionReport>>,
    /// The stances toward the targets, in order of the targets; `None` if no bundle has such a head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stances: Option<Vec<StanceReport>>,
    /// What holds of the document as a whole.
    pub document: Summary,
    /// How far the text is damaged, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<NoiseReport>,
    /// How the text was taken from a web page; `None` for text that came as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraction: Option<Extraction>,
    /// The text that the spans point into, where it was taken from a web page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// How far a text is damaged: the less, the further the report can be trusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct NoiseReport {
    /// The share of words touched, 0 to 1.
    pub level: f64,
    /// The places, in order; they may overlap.
    pub spans: Vec<NoiseSpanReport>,
}

impl NoiseReport {
    /// The report on `noise`, with its spans as `convert` gives them.
    pub fn new(noise: &Noise, convert: impl Fn(Span) -> (usize, usize)) -> Self {
        let spans = noise.spans.iter().map(|found| {
            let (start, end) = convert(found.span);
            NoiseSpanReport { kind: found.kind, start, end }
        });
        Self { level: (noise.level() * 1e6).round() / 1e6, spans: spans.collect() }
    }
}

/// A place where a text is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct NoiseSpanReport {
    /// How.
    pub kind: NoiseKind,
    /// Where it starts.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

/// Which model made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct ModelName {
    /// The bundle's name.
    pub name: String,
    /// The bundle's version.
    pub version: String,
    /// SHA-256 of the bundle's manifest, which holds the SHA-256 of its files; lower-case hex.
    pub sha256: String,
}

/// A part of the document, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct RegionReport {
    /// What it is. Neighbours of one kind differ in language.
    pub kind: RegionKind,
    /// Where it starts in the original text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Its language.
    pub lang: String,
    /// Whether it is left out of the scores: for its kind, or because it is not `supported`.
    pub masked: bool,
    /// Of headlines and bodies: `false` if there is no bundle for `lang`. Not written otherwise.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub supported: bool,
}

/// The default of what is only written, or only false, where something is missing.
const fn yes() -> bool {
    true
}

/// One sentence's span, scores and, if asked for, reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct SentenceReport {
    /// Where the sentence starts in the original text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The kind of region it stands in; `None` where a document is one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionKind>,
    /// Its language, where that is not the document's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Whose words it holds; `None` if the bundle has no head `attribution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// Calibrated probabilities by head (`"bias":0.81`, `"tone":{"negative":0.7,…}`).
    #[serde(flatten)]
    pub heads: ByName<HeadScore>,
    /// The label of every head, after its threshold.
    pub labels: ByName<Name>,
    /// Heads whose label is too close to call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncertain: Vec<String>,
    /// Why, with `--explain`: one entry a logit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explain: Vec<Explanation>,
}

impl SentenceReport {
    /// The label of a head; empty where it has none.
    #[must_use]
    pub fn label(&self, head: &str) -> &str {
        self.labels.get(head).map_or("", |label| label)
    }
}

/// A passage of the original text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct PassageReport {
    /// Where it starts.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// What it says.
    pub text: String,
}

/// A word or phrase whose wording judges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct LoadedReport {
    /// The term.
    #[serde(flatten)]
    pub passage: PassageReport,
    /// How it judges.
    pub kind: LoadedKind,
    /// Calibrated probability that the passage is a loaded term.
    pub p: f64,
    /// Whose word it is: `author` or `quoted`.
    pub voice: Voice,
    /// The attribution in whose content it stands, by its place in the report's `attributions`; of
    /// nested ones the innermost.
    pub attribution: Option<usize>,
    /// The sentence it stands in, by its place in the report's `sentences`.
    pub sentence: usize,
    /// Why, with `--explain`: the logit of `p` by token; its class is the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explanation>,
}

/// Somebody is made to say, think, want, promise or deny something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct AttributionReport {
    /// Who; `None` where the text does not say.
    pub source: Option<SourceReport>,
    /// The words that signal it.
    pub cue: PassageReport,
    /// What, in one or more passages in text order; they may reach into other sentences. Empty where
    /// none was found.
    pub content: Vec<PassageReport>,
    /// How the cue presents what is said.
    pub class: CueClass,
    /// The calibrated probability of each class; they sum to 1.
    pub classes: BTreeMap<CueClass, f64>,
    /// Whether the content is quoted.
    pub direct: Directness,
    /// Calibrated probability that the cue is one.
    pub p: f64,
    /// The cue's sentence, by its place in the report's `sentences`.
    pub sentence: usize,
    /// Why, with `--explain`: the logit of `p` by token; its class is `cue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explanation>,
}

/// The source of an attribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct SourceReport {
    /// The words that name it.
    #[serde(flatten)]
    pub passage: PassageReport,
    /// The full name it stands for, where it is a short name or a pronoun and the name was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkReport>,
}

/// The full name that a short name or a pronoun stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct LinkReport {
    /// The name, where it was given.
    #[serde(flatten)]
    pub passage: PassageReport,
    /// Calibrated probability that this is whom it stands for.
    pub p: f64,
}

/// Where somebody stands toward one mention of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct StanceReport {
    /// Who.
    pub holder: HolderReport,
    /// Toward whom or what: the mention.
    pub target: TargetReport,
    /// Where they stand.
    pub polarity: Polarity,
    /// Calibrated probability of `polarity`.
    pub p: f64,
    /// The calibrated probability of each polarity; they sum to 1.
    pub polarities: BTreeMap<Polarity, f64>,
    /// The attribution whose source the holder is, by its place in the report's `attributions`.
    pub attribution: Option<usize>,
    /// `false` where the polarity is too close to call; not written otherwise.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub certain: bool,
    /// The mention's sentence, by its place in the report's `sentences`.
    pub sentence: usize,
    /// Why, with `--explain`: the logit of each polarity by token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explain: Vec<Explanation>,
}

/// Who takes a stance: `"author"`, or the words that name somebody in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum HolderReport {
    /// Somebody in the text.
    Named(ActorReport),
    /// The author of the text.
    Author(AuthorWord),
}

/// The word `author`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub enum AuthorWord {
    /// It.
    #[serde(rename = "author")]
    Author,
}

/// Somebody who takes a stance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct ActorReport {
    /// The words that name them.
    #[serde(flatten)]
    pub passage: PassageReport,
    /// Whom that is, under one name for the whole document: of the list of actors, or the fullest name in the text.
    pub name: String,
}

/// A mention of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct TargetReport {
    /// The words that mention it.
    #[serde(flatten)]
    pub passage: PassageReport,
    /// What that is: the target as it was asked for, or one name for the whole document.
    pub name: String,
}

/// Where one holder stands toward one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct StandReport {
    /// Who; `None` stands for the author, or the authors of several documents.
    pub holder: Option<String>,
    /// Toward what.
    pub target: String,
    /// The side that most mentions take, of as many that of more probability; neutral only where none takes a side.
    pub polarity: Polarity,
    /// How many mentions are of each polarity.
    pub counts: BTreeMap<Polarity, usize>,
    /// The balance: mentions for, less those against, by their number; -1 to 1.
    pub balance: f64,
    /// 95 % interval of the balance, low and high.
    pub interval: (f64, f64),
}

/// Where one holder stands toward one target, over the whole document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct StanceSummary {
    /// Who, toward what, and where.
    #[serde(flatten)]
    pub stand: StandReport,
    /// The evidence: the mentions, by their place in the report's `stances`.
    pub stances: Vec<usize>,
}

/// One source of a document, under all its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct SourceSummary {
    /// Its fullest name; `null` for what is attributed to nobody.
    pub name: Option<String>,
    /// In how many attributions it is the source.
    pub attributions: usize,
    /// How many words of content it was given in quotation marks.
    pub words_direct: usize,
    /// How many words of content it was given outside them.
    pub words_indirect: usize,
    /// How many of its cues are of each class.
    pub cues: BTreeMap<CueClass, usize>,
}

/// A head's probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum HeadScore {
    /// Of a yes-or-no head (classes `0` and `1`): the probability of `1`, 0 to 1.
    Binary(f64),
    /// Of any other head: the probability of each class; they sum to 1.
    Classes(ByName<f64>),
}

/// The reasons for one logit: they add up to it, with the bias term.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// The head.
    pub head: String,
    /// The class whose logit this is; `1` for a yes-or-no head.
    pub class: String,
    /// The calibrated logit.
    pub logit: f64,
    /// What the logit would be of a sentence without tokens: the intercept.
    pub bias_term: f64,
    /// The tokens by falling size of their part; all, or the first of them with `--top`.
    pub contributions: Vec<Contribution>,
    /// The sum of the parts of the tokens that `--top` left out; 0 where none was.
    pub rest: f64,
}

/// A token's part in a logit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Contribution {
    /// Where the token starts in the original text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The token as it stands in the original text.
    pub text: String,
    /// What it adds to the logit.
    pub value: f64,
}

/// What holds of a document as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Words (tokens with a letter or a digit) in scored sentences.
    pub words: usize,
    /// How many sentences were scored.
    pub sentences: usize,
    /// Loaded terms per 100 words, by voice: the author's terms per 100 of the author's words, the sources' per
    /// 100 of theirs. `None` if the bundle lacks one of the two span heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded_per_100_words: Option<LoadedRate>,
    /// The sources by falling number of words; `None` if the bundle has no head `attribution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<SourceSummary>>,
    /// Where each holder stands toward each target, in order of the targets; `None` if no bundle has a head `stance`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stances: Option<Vec<StanceSummary>>,
    /// By head, the mean of the sentences' probabilities: the expected share of sentences of that
    /// class. 0 for a document without sentences.
    #[serde(flatten)]
    pub heads: ByName<HeadScore>,
}

/// Loaded terms per 100 words, by voice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct LoadedRate {
    /// Of the author's words; 0 if there are none.
    pub author: f64,
    /// Of the sources' words; 0 if there are none.
    pub quoted: f64,
}
