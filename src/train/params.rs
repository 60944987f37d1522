//! A recipe, checked: [`ParallaxParams`] → [`ParallaxValidParams`], the linfa idiom.
//!
//! In: a TOML file of `training/recipes/`, every key of which has a default. Out: settings that hold
//! together; only these can train. Start at [`ParallaxParams::read`].

use super::fit::WORST_TOLERANCE;
use crate::error::{Error, Place, Result};
use crate::features::NgramSettings;
use linfa::ParamGuard;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Settings of a training run, not yet checked: [`ParamGuard::check`] makes them
/// [`ParallaxValidParams`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParallaxParams(ParallaxValidParams);

/// Settings that hold together; only these can train.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ParallaxValidParams {
    /// The bundle's name. Default `en`.
    pub name: String,
    /// The bundle's version. Default `0.1.0`.
    pub version: String,
    /// The language. Default `en`.
    pub lang: String,
    /// The seed of everything drawn at random. Default 20.
    pub seed: u64,
    /// Folds of the grouped cross-validation inside training; 2 or more. Default 5.
    pub folds: u32,
    /// The share of held-out sentences that are marked uncertain; 0 to below 1. Default 0.1.
    pub abstain: f64,
    /// Labels that feed the heads but are no head themselves.
    pub auxiliary: Vec<String>,
    /// What the card says before the figures, in Markdown: sources and their terms, intended use.
    pub card: String,
    /// Whether proper names are masked, so that no score hangs on who is spoken of. Default true.
    pub mask_names: bool,
    /// The contrast families.
    pub families: FamilySettings,
    /// The n-grams.
    pub ngrams: NgramSettings,
    /// The first layer.
    pub base: BaseSettings,
    /// The second layer.
    pub stack: StackSettings,
    /// The span heads.
    pub spans: SpanSettings,
    /// The head `stance`.
    pub stance: StanceSettings,
}

/// The contrast families that are trained on beside the user's data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FamilySettings {
    /// The families' files, relative to the recipe.
    pub files: Vec<PathBuf>,
    /// The name tables that fill their slots, relative to the recipe.
    pub names: PathBuf,
    /// Random pairs of sides a family is told with, each both ways round; 1 or more. Default 1.
    pub instances: usize,
    /// The weight of one family sentence beside one labelled sentence, shared among its instances;
    /// above 0. It is 1 where there are no labelled sentences. Default 0.3.
    pub weight: f64,
}

/// The first layer: models whose logits the second layer weighs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BaseSettings {
    /// L2 strength of the n-gram models. Default 0.5.
    pub ngrams: f64,
    /// L2 strength of the models over pooled vectors and word classes, their columns standardised.
    /// Default 500.
    pub dense: f64,
    /// L2 strength of the markers. Default 2.
    pub markers: f64,
    /// The gradient's norm a row at which a fit may stop; at most 1e-4. Default 3e-5.
    pub tolerance: f64,
    /// Whether n-gram models are fitted. Default true.
    pub use_ngrams: bool,
    /// Whether models over pooled vectors are fitted. Default true.
    pub use_vectors: bool,
    /// Whether models over word classes are fitted. Default true.
    pub use_classes: bool,
    /// Whether markers are fitted where spans are labelled. Default true.
    pub use_markers: bool,
}

/// The second layer, which weighs the first layer's logits and the markers' pools.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StackSettings {
    /// L2 strengths to choose from by grouped cross-validation, each above 0.
    pub l2: Vec<f64>,
    /// The weight that one repetition of a row stands for in `linfa-logistic`; above 0. Default 0.5.
    pub repetition: f64,
    /// The gradient's norm a row at which a fit may stop; at most 1e-4. Default 1e-6.
    pub tolerance: f64,
    /// Iterations a fit may take at most. Default 500.
    pub max_iterations: u64,
}

impl Default for ParallaxValidParams {
    fn default() -> Self {
        Self {
            name: "en".to_owned(),
            version: "0.1.0".to_owned(),
            lang: "en".to_owned(),
            seed: 20,
            folds: 5,
            abstain: 0.1,
            auxiliary: Vec::new(),
            card: String::new(),
            mask_names: true,
            families: FamilySettings::default(),
            ngrams: NgramSettings::default(),
            base: BaseSettings::default(),
            stack: StackSettings::default(),
            spans: SpanSettings::default(),
            stance: StanceSettings::default(),
        }
    }
}

/// The head `stance`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StanceSettings {
    /// What a mention of a public set weighs, whose polarity was labelled without a holder; above 0. Default 1.
    pub mentions: f64,
    /// What a labelled stance weighs; above 0. Default 1.
    pub stated: f64,
    /// What a phrase weighs on which nobody marked a stance, and which is taken to be neutral; above 0. Default 0.3.
    pub unstated: f64,
    /// How many such phrases of a sentence are taken, at most. Default 2.
    pub unstated_per_sentence: usize,
    /// In how many pairs of sentence and target a key has to stand; 1 or more. Default 2.
    pub least: u32,
    /// How many keys are kept, those of most weight. Default 14,000.
    pub most: usize,
    /// How many keys that tell the holder are kept. Default 4,000.
    pub most_holder: usize,
    /// How much more the keys of words that take sides weigh than others; above 0. Default 3.
    pub sides: f64,
    /// L2 strength on the weights of keys, above 0. Default 1.
    pub keys: f64,
    /// L2 strength on the weights of pooled vectors, above 0. Default 4.
    pub dense: f64,
    /// L2 strength on the weights that tell the holder, above 0. Default 1.
    pub holder: f64,
}

impl Default for StanceSettings {
    fn default() -> Self {
        Self {
            mentions: 1.0,
            stated: 1.0,
            unstated: 0.3,
            unstated_per_sentence: 2,
            least: 2,
            most: 14_000,
            most_holder: 4_000,
            sides: 3.0,
            keys: 1.0,
            dense: 4.0,
            holder: 1.0,
        }
    }
}

/// The span heads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpanSettings {
    /// How often a word, ending or beginning has to stand in the examples to be a fact; 1 or more. Default 3.
    pub least: u32,
    /// How often a pair of words has to; 1 or more. Default 8.
    pub least_pairs: u32,
    /// Folds are held out, to choose the handicap and to calibrate, until they hold so many labelled sentences.
    /// Default 1500.
    pub held_out: usize,
    /// The chain that finds loaded terms.
    pub loaded: ChainSettings,
    /// The chain that finds cues.
    pub cues: ChainSettings,
    /// The chain that finds a cue's source and contents.
    pub parts: ChainSettings,
    /// Passages that teach whom a short name or a pronoun stands for, relative to the recipe. Default none: sources
    /// are not linked then.
    pub links: PathBuf,
}

/// One linear chain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChainSettings {
    /// L2 strength on the weights of the token vectors, above 0. Default 2.
    pub dense: f64,
    /// L2 strength on all other weights, above 0. Default 1.
    pub facts: f64,
    /// Iterations at most; 1 or more. Default 120.
    pub max_iterations: u64,
    /// If given, each token's label is fitted by itself, and transitions between labels are counted and weigh this
    /// much, 0 to 1. Default: whole sequences are fitted, transitions with them.
    pub transitions: Option<f64>,
}

impl Default for SpanSettings {
    fn default() -> Self {
        let chain = ChainSettings::default();
        let loaded = ChainSettings { dense: 10.0, facts: 5.0, max_iterations: 60, transitions: None };
        Self { least: 3, least_pairs: 8, held_out: 1500, loaded, cues: chain, parts: chain, links: PathBuf::new() }
    }
}

impl Default for ChainSettings {
    fn default() -> Self {
        Self { dense: 2.0, facts: 1.0, max_iterations: 120, transitions: None }
    }
}

impl Default for FamilySettings {
    fn default() -> Self {
        Self { files: Vec::new(), names: PathBuf::new(), instances: 1, weight: 0.3 }
    }
}

impl Default for BaseSettings {
    fn default() -> Self {
        Self {
            ngrams: 0.5,
            dense: 500.0,
            markers: 2.0,
            tolerance: 3e-5,
            use_ngrams: true,
            use_vectors: true,
            use_classes: true,
            use_markers: true,
        }
    }
}

impl Default for StackSettings {
    fn default() -> Self {
        Self { l2: vec![10.0, 30.0, 100.0], repetition: 0.5, tolerance: 1e-6, max_iterations: 500 }
    }
}

impl ParallaxParams {
    /// Reads a recipe. Its text is returned beside it for the receipt; its paths are made
    /// relative to the recipe's folder.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::Input`] with the line of a key that is unknown or ill-typed.
    pub fn read(path: &Path) -> Result<(Self, String)> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
        let mut params: Self = toml::from_str(&text).map_err(|e| {
            let line = e.span().map(|s| 1 + text[..s.start.min(text.len())].matches('\n').count());
            Error::Input {
                place: Place { path: path.to_path_buf(), line },
                found: e.message().to_owned(),
                expected: "a recipe in TOML with the keys of training/README.md".to_owned(),
                cure: "correct the key; training/recipes/en.toml shows them all".to_owned(),
            }
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let (families, links) = (&mut params.0.families, &mut params.0.spans.links);
        for file in families.files.iter_mut().chain([&mut families.names, links]) {
            if !file.as_os_str().is_empty() {
                *file = folder.join(&*file);
            }
        }
        Ok((params, text))
    }

    /// The bundle's name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.0.name);
        self
    }

    /// The language.
    #[must_use]
    pub fn lang(mut self, lang: &str) -> Self {
        lang.clone_into(&mut self.0.lang);
        self
    }

    /// The seed of everything drawn at random.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = seed;
        self
    }

    /// Leaves the contrast families out.
    #[must_use]
    pub fn without_families(mut self) -> Self {
        self.0.families.files.clear();
        self
    }
}

impl ParamGuard for ParallaxParams {
    type Checked = ParallaxValidParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&Self::Checked> {
        let p = &self.0;
        let above_zero = [
            ("families.weight", p.families.weight),
            ("base.ngrams", p.base.ngrams),
            ("base.dense", p.base.dense),
            ("base.markers", p.base.markers),
            ("stack.repetition", p.stack.repetition),
            ("stack.tolerance", p.stack.tolerance),
            ("base.tolerance", p.base.tolerance),
            ("spans.loaded.dense", p.spans.loaded.dense),
            ("spans.loaded.facts", p.spans.loaded.facts),
            ("spans.cues.dense", p.spans.cues.dense),
            ("spans.cues.facts", p.spans.cues.facts),
            ("spans.parts.dense", p.spans.parts.dense),
            ("spans.parts.facts", p.spans.parts.facts),
            ("stance.mentions", p.stance.mentions),
            ("stance.stated", p.stance.stated),
            ("stance.unstated", p.stance.unstated),
            ("stance.sides", p.stance.sides),
            ("stance.keys", p.stance.keys),
            ("stance.dense", p.stance.dense),
            ("stance.holder", p.stance.holder),
        ];
        for (setting, value) in above_zero.into_iter().chain(p.stack.l2.iter().map(|l2| ("stack.l2", *l2))) {
            require(value.is_finite() && value > 0.0, setting, value, "a finite number above 0")?;
        }
        for (setting, value) in [("stack.tolerance", p.stack.tolerance), ("base.tolerance", p.base.tolerance)] {
            require(value <= WORST_TOLERANCE, setting, value, "at most 1e-4, above which a fit fails")?;
        }
        require(!p.stack.l2.is_empty(), "stack.l2", "an empty list", "at least one L2 strength")?;
        require(p.folds >= 2, "folds", p.folds, "2 or more")?;
        require((0.0..1.0).contains(&p.abstain), "abstain", p.abstain, "a share from 0 to below 1")?;
        require(p.families.instances >= 1, "families.instances", p.families.instances, "1 or more")?;
        require(p.stack.max_iterations >= 1, "stack.max_iterations", p.stack.max_iterations, "1 or more")?;
        require(p.spans.least >= 1, "spans.least", p.spans.least, "1 or more")?;
        require(p.spans.least_pairs >= 1, "spans.least_pairs", p.spans.least_pairs, "1 or more")?;
        require(p.stance.least >= 1, "stance.least", p.stance.least, "1 or more")?;
        let chains = [("loaded", p.spans.loaded), ("cues", p.spans.cues), ("parts", p.spans.parts)];
        for (chain, settings) in chains {
            let most = settings.max_iterations;
            require(most >= 1, &format!("spans.{chain}.max_iterations"), most, "1 or more")?;
            let share = settings.transitions.unwrap_or_default();
            require(
                (0.0..=1.0).contains(&share),
                &format!("spans.{chain}.transitions"),
                share,
                "a number from 0 to 1",
            )?;
        }
        let named = !p.name.is_empty() && p.name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
        require(named, "name", &p.name, "letters, digits, `-`, `_` and `.`")?;
        let families = p.families.files.is_empty() || !p.families.names.as_os_str().is_empty();
        require(families, "families.names", "no name tables", "the file that fills the families' slots")?;
        let ngrams = p.ngrams;
        let most = NgramSettings::MOST_WORDS;
        require(ngrams.words <= most, "ngrams.words", ngrams.words, &format!("at most {most}"))?;
        let most = NgramSettings::MOST_CHARACTERS;
        require(ngrams.longest <= most, "ngrams.longest", ngrams.longest, &format!("at most {most}"))?;
        let expected = format!("1 to ngrams.longest, {}", ngrams.longest);
        require(ngrams.is_whole(), "ngrams.shortest", ngrams.shortest, &expected)?;
        let groups = [p.base.use_ngrams, p.base.use_vectors, p.base.use_classes];
        require(groups.contains(&true), "base", "every group of features switched off", "at least one left on")?;
        Ok(p)
    }

    fn check(self) -> Result<Self::Checked> {
        self.check_ref()?;
        Ok(self.0)
    }
}

fn require(holds: bool, setting: &str, found: impl std::fmt::Display, expected: &str) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Error::Settings { setting: setting.to_owned(), found: found.to_string(), expected: expected.to_owned() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refused(recipe: &str) -> String {
        let params: ParallaxParams = toml::from_str(recipe).unwrap();
        params.check().unwrap_err().to_string()
    }

    #[test]
    fn every_key_has_a_default_that_holds() {
        let params: ParallaxParams = toml::from_str("").unwrap();
        assert_eq!(params.check().unwrap(), ParallaxValidParams::default());
    }

    #[test]
    fn settings_that_cannot_train_are_refused_by_name() {
        assert!(refused("folds = 1").starts_with("folds: found 1"));
        assert!(refused("[stack]\nl2 = []").starts_with("stack.l2"));
        assert!(refused("[stack]\nl2 = [0.0]").starts_with("stack.l2"));
        assert!(refused("[families]\nweight = nan").starts_with("families.weight"));
        assert!(refused("abstain = 1.0").starts_with("abstain"));
        assert!(refused("name = \"a/b\"").starts_with("name"));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bad.toml");
        std::fs::write(&path, "seed = 1\n[stack]\nstrength = 3\n").unwrap();
        let error = ParallaxParams::read(&path).unwrap_err().to_string();
        assert!(error.contains("bad.toml:3") && error.contains("strength"), "{error}");
    }
}
