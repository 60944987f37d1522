//! A [`Bundle`]: everything one language needs, checked when it is read.

use super::container::{Container, FORMAT, MANIFEST, Manifest, damaged};
use super::{Receipt, Weights};
use crate::error::{Error, Result};
use crate::features::{Extractor, Marker, NameMask, Ngrams, TokenVectors, Vectors, WordVectors};
use crate::heads::stance::{self, StanceHead};
use crate::heads::{Head, SpanHeads};
use crate::text::Tokenizer;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

const TOKENIZER: &str = "tokenizer.json";
const VECTORS: &str = "vectors.bin";
/// Word vectors; a bundle without any has no such file.
const WORDS: &str = "words.bin";

/// Names of a script without capitals, one a line; only in a bundle that has some.
const NAMES: &str = "names.txt";
const HEADS: &str = "heads.bin";
/// Span heads; a bundle without any has no such file.
const SPANS: &str = "spans.bin";
/// The head `stance`; a bundle without it has no such file.
const STANCE: &str = "stance.bin";
const RECEIPT: &str = "receipt.json";

/// The card that stands beside a bundle; a text for people, not covered by its checksums.
pub const CARD: &str = "CARD.md";

/// Tokenizer, token vectors, vocabulary, weights and heads of one language.
#[derive(Debug)]
pub struct Bundle {
    pub(crate) manifest: Manifest,
    pub(crate) sha256: String,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) vectors: TokenVectors,
    pub(crate) words: WordVectors,
    pub(crate) fitted: Fitted,
    pub(crate) receipt: Receipt,
}

/// What training fits: the sentence heads are stored together as `heads.bin`, the span heads as `spans.bin`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The mask of proper names.
    pub mask: NameMask,
    /// The n-gram vocabulary.
    pub ngrams: Ngrams,
    /// The markers, in the order of their pools.
    pub markers: Vec<Marker>,
    /// The heads, in the order of their outputs.
    pub heads: Vec<Head>,
    /// The weights of all outputs.
    pub weights: Weights,
    /// The span heads.
    #[serde(skip)]
    pub spans: SpanHeads,
    /// The head `stance`, stored as `stance.bin`.
    #[serde(skip)]
    pub stance: Option<StanceHead>,
}

impl Fitted {
    /// The names of all heads: the sentence heads in the order of their outputs, then the span heads, then
    /// `stance`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let marking = self.spans.names().chain(self.stance.as_ref().map(|_| stance::NAME));
        self.heads.iter().map(|h| h.name.clone()).chain(marking.map(str::to_owned)).collect()
    }
}

impl Bundle {
    /// Puts a bundle together from what training made.
    #[must_use]
    pub fn new(
        (name, version, lang): (&str, &str, &str),
        tokenizer: Tokenizer,
        (vectors, words): (TokenVectors, WordVectors),
        fitted: Fitted,
        receipt: Receipt,
    ) -> Self {
        let manifest = Manifest {
            format: FORMAT,
            name: name.to_owned(),
            version: version.to_owned(),
            lang: lang.to_owned(),
            heads: fitted.names(),
            files: BTreeMap::new(),
        };
        Self { manifest, sha256: String::new(), tokenizer, vectors, words, fitted, receipt }
    }

    /// The same bundle with other weights of its heads: another version of it.
    #[must_use]
    pub fn updated(mut self, version: &str, fitted: Fitted, receipt: Receipt) -> Self {
        self.manifest.version = version.to_owned();
        self.manifest.heads = fitted.names();
        Self { fitted, receipt, sha256: String::new(), ..self }
    }

    /// The tokenizer and vectors of this bundle with other sentence heads, in memory.
    #[must_use]
    pub fn with_heads(&self, fitted: Fitted) -> Self {
        let Manifest { name, version, lang, .. } = &self.manifest;
        let vectors = (self.vectors.clone(), self.words.clone());
        Self::new((name, version, lang), self.tokenizer.clone(), vectors, fitted, Receipt::default())
    }

    /// The sentence heads as bytes, for [`Bundle::with_heads_of`].
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn heads_to_bytes(&self) -> Result<Vec<u8>> {
        let refused = |e: postcard::Error| Error::Write { path: HEADS.into(), source: std::io::Error::other(e) };
        postcard::to_stdvec(&self.fitted).map_err(refused)
    }

    /// As [`Bundle::with_heads`], with the heads that another bundle of the same tokenizer and vectors gave as bytes.
    ///
    /// # Errors
    /// [`Error::Bundle`] for bytes that are damaged, or heads that do not fit the vectors.
    pub fn with_heads_of(&self, bytes: &[u8]) -> Result<Self> {
        let folder = Path::new("");
        let mut fitted: Fitted = postcard::from_bytes(bytes).map_err(|e| unreadable(folder, HEADS, &e))?;
        let names = self.fitted.mask.known();
        if !names.is_empty() {
            // As in a folder, they stand beside the heads.
            fitted.mask = fitted.mask.knowing(names.into_iter()).knowing_actors();
        }
        let bundle = self.with_heads(fitted);
        bundle.check(folder)?;
        Ok(bundle)
    }

    /// Reads a bundle's folder.
    ///
    /// # Errors
    /// [`Error::Read`] where a file cannot be read; [`Error::Bundle`] where one is cut short,
    /// altered, of a newer format, or holds numbers that are not finite or tables of unlike size, or
    /// where the manifest names other heads.
    pub fn load(folder: &Path) -> Result<Self> {
        let container = Container::read(folder)?;
        let (tokenizer, (vectors, fitted)) = rayon::join(
            || Tokenizer::from_json(container.file(folder, TOKENIZER)?).map_err(|e| unreadable(folder, TOKENIZER, &e)),
            || {
                rayon::join(
                    || read_binary::<TokenVectors>(folder, VECTORS, &container),
                    || read_binary::<Fitted>(folder, HEADS, &container),
                )
            },
        );
        let (mut tokenizer, vectors, mut fitted) = (tokenizer?, vectors?, fitted?);
        let words = if container.has(WORDS) { read_binary(folder, WORDS, &container)? } else { WordVectors::default() };
        if container.has(SPANS) {
            fitted.spans = read_binary(folder, SPANS, &container)?;
        }
        if container.has(STANCE) {
            fitted.stance = Some(read_binary(folder, STANCE, &container)?);
        }
        if container.has(NAMES) {
            let names =
                std::str::from_utf8(container.file(folder, NAMES)?).map_err(|e| unreadable(folder, NAMES, &e))?;
            fitted.mask = std::mem::take(&mut fitted.mask).knowing(names.lines()).knowing_actors();
            tokenizer = tokenizer.knowing(fitted.mask.all_known().filter(|name| !name.contains(' ')));
        }
        let receipt =
            serde_json::from_slice(container.file(folder, RECEIPT)?).map_err(|e| unreadable(folder, RECEIPT, &e))?;
        let bundle =
            Self { manifest: container.manifest, sha256: container.sha256, tokenizer, vectors, words, fitted, receipt };
        bundle.check(folder)?;
        Ok(bundle)
    }

    /// Writes the bundle as a folder, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn save(&self, folder: &Path) -> Result<()> {
        let refused = |e: String| Error::Write { path: folder.to_path_buf(), source: std::io::Error::other(e) };
        let mut files = BTreeMap::new();
        files.insert(TOKENIZER.to_owned(), self.tokenizer.to_json()?.into_bytes());
        files.insert(VECTORS.to_owned(), postcard::to_stdvec(&self.vectors).map_err(|e| refused(e.to_string()))?);
        files.insert(HEADS.to_owned(), postcard::to_stdvec(&self.fitted).map_err(|e| refused(e.to_string()))?);
        if !self.words.is_empty() {
            files.insert(WORDS.to_owned(), postcard::to_stdvec(&self.words).map_err(|e| refused(e.to_string()))?);
        }
        let names = self.fitted.mask.known();
        if !names.is_empty() {
            files.insert(NAMES.to_owned(), (names.join("\n") + "\n").into_bytes());
        }
        if self.fitted.spans.names().next().is_some() {
            let spans = postcard::to_stdvec(&self.fitted.spans).map_err(|e| refused(e.to_string()))?;
            files.insert(SPANS.to_owned(), spans);
        }
        if let Some(stance) = &self.fitted.stance {
            files.insert(STANCE.to_owned(), postcard::to_stdvec(stance).map_err(|e| refused(e.to_string()))?);
        }
        files.insert(RECEIPT.to_owned(), serde_json::to_vec_pretty(&self.receipt).map_err(|e| refused(e.to_string()))?);
        Container::write(folder, self.manifest.clone(), &files)
    }

    /// Name, version, language, heads and files.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 of the manifest, lower-case hex; empty for a bundle that was never read from a folder.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What the bundle was made from.
    #[must_use]
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// The span heads.
    #[must_use]
    pub fn span_heads(&self) -> &SpanHeads {
        &self.fitted.spans
    }

    /// The head `stance`.
    #[must_use]
    pub fn stance_head(&self) -> Option<&StanceHead> {
        self.fitted.stance.as_ref()
    }

    /// The sentence heads, in the order of their outputs.
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.fitted.heads
    }

    /// The tokenizer.
    #[must_use]
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The token vectors.
    #[must_use]
    pub fn vectors(&self) -> &TokenVectors {
        &self.vectors
    }

    /// The word vectors; none in a bundle that was made without.
    #[must_use]
    pub fn words(&self) -> &WordVectors {
        &self.words
    }

    /// Both, as the span heads take them.
    #[must_use]
    pub fn dense(&self) -> Vectors<'_> {
        Vectors { pieces: &self.vectors, words: &self.words }
    }

    /// The mask of proper names.
    #[must_use]
    pub fn mask(&self) -> &NameMask {
        &self.fitted.mask
    }

    /// The feature extractor of this bundle.
    #[must_use]
    pub fn extractor(&self) -> Extractor<'_> {
        Extractor { ngrams: &self.fitted.ngrams, vectors: &self.vectors }
    }

    fn check(&self, folder: &Path) -> Result<()> {
        let fitted = &self.fitted;
        let path = folder.join(HEADS);
        let outputs: usize = fitted.heads.iter().map(Head::outputs).sum();
        let whole = self.vectors.is_whole()
            && self.vectors.len() == self.tokenizer.vocabulary_size()
            && fitted.ngrams.is_whole()
            && fitted.markers.iter().all(|m| m.is_whole(self.vectors.width()))
            && fitted.heads.iter().all(Head::is_whole)
            && self.words.is_whole()
            && fitted.spans.is_whole(self.dense())
            && fitted.stance.as_ref().is_none_or(|head| head.is_whole(self.dense()))
            && fitted.weights.outputs == outputs
            && fitted.weights.is_whole(fitted.ngrams.len(), self.vectors.width(), fitted.markers.len());
        if !whole {
            let found = "weights that are not finite or tables of unlike size";
            return Err(damaged(&path, found, "finite weights that belong together"));
        }
        let names = fitted.names();
        if self.manifest.heads != names {
            let found = format!("the heads {}", self.manifest.heads.join(", "));
            return Err(damaged(&folder.join(MANIFEST), found, format!("those of {HEADS}: {}", names.join(", "))));
        }
        Ok(())
    }
}

fn read_binary<T: DeserializeOwned>(folder: &Path, name: &str, container: &Container) -> Result<T> {
    postcard::from_bytes(container.file(folder, name)?).map_err(|e| unreadable(folder, name, &e))
}

fn unreadable(folder: &Path, name: &str, error: &dyn std::fmt::Display) -> Error {
    damaged(&folder.join(name), format!("contents that cannot be read ({error})"), "a bundle of this format")
}
