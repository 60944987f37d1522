//! `GET /v1/models`: which models answer.
//!
//! In: the models that are [`Loaded`]. Out: a list. Start at [`ModelsAnswer::of`].

use super::state::Loaded;
use crate::error::Result;
use schemars::JsonSchema;
use serde::Serialize;

/// The models that answer now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModelsAnswer {
    /// One a language.
    models: Vec<ModelAnswer>,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModelAnswer {
    /// Its name.
    name: String,
    /// Its version.
    version: String,
    /// SHA-256 of its manifest, which holds the SHA-256 of its files; lower-case hex. As in the reports.
    sha256: String,
    /// The language of its texts (ISO 639-1).
    lang: String,
    /// What it looks for.
    heads: Vec<String>,
    /// Where its card is: what it is, how good it is, and the sources it was made from with their terms. `null` if it
    /// came without.
    card: Option<String>,
}

impl ModelsAnswer {
    /// The list of these.
    ///
    /// # Errors
    /// As [`Desk::scorer`](crate::score::Desk::scorer); not for bundles that were read already.
    pub fn of(loaded: &Loaded) -> Result<Self> {
        let mut models = Vec::new();
        for lang in loaded.desk().langs() {
            let Some(scorer) = loaded.desk().scorer(lang)? else { continue };
            let name = scorer.name();
            models.push(ModelAnswer {
                card: loaded.card(&name.name).map(|_| format!("/v1/models/{}/card", name.name)),
                name: name.name,
                version: name.version,
                sha256: name.sha256,
                lang: lang.to_owned(),
                heads: scorer.bundle().manifest().heads.clone(),
            });
        }
        Ok(Self { models })
    }
}
