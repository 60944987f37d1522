//! Where examples come from: the families of a recipe, and files of labelled sentences.
//!
//! In: checked settings and paths. Out: [`Sources`]: examples with their weights, and the name, hash
//! and size of every input for the receipt. Start at [`Sources::read`].

use super::expand::{Settings, expand};
use super::names::Names;
use super::params::ParallaxValidParams;
use super::prepare::{Example, Origin};
use super::record::Record;
use super::{contrast, public};
use crate::error::{Error, Place, Result};
use crate::model::container::sha256_hex;
use crate::model::receipt::Input;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Examples and the inputs that gave them.
#[derive(Debug, Default)]
pub struct Sources {
    /// Labelled sentences first, in the order of the files, then the families'.
    pub examples: Vec<Example>,
    /// The inputs, in the order they were read.
    pub inputs: Vec<Input>,
    /// Records that could not be used and were left out.
    pub rejected: Vec<Error>,
}

impl Sources {
    /// Reads the labelled files `data` and `extra`, and the families that the settings name.
    ///
    /// A family sentence weighs `families.weight`, shared among its instances; 1 where no other
    /// sentences are given. Records in another language than the settings' are left out.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Input`] and [`Error::NotUtf8`] for a file; with `strict`, for a record
    /// too.
    pub fn read(params: &ParallaxValidParams, data: &[PathBuf], extra: &[PathBuf], strict: bool) -> Result<Self> {
        let mut sources = Self::default();
        let files =
            data.iter().map(|path| (path, Origin::Labelled)).chain(extra.iter().map(|path| (path, Origin::Extra)));
        for (path, origin) in files {
            let (records, rejected) = public::read_lenient(path, &params.lang)?;
            sources.rejected.extend(rejected);
            if strict && !sources.rejected.is_empty() {
                return Err(sources.rejected.swap_remove(0));
            }
            let records: Vec<Record> = records.into_iter().filter(|r| r.is_in(&params.lang)).collect();
            sources.input(path, records.len())?;
            sources.examples.extend(records.into_iter().filter_map(|record| example(record, origin)));
        }
        sources.families(params)?;
        if !params.spans.links.as_os_str().is_empty() {
            sources.input(&params.spans.links, 0)?;
        }
        if sources.examples.is_empty() {
            return Err(Error::Input {
                place: Place::file(data.first().unwrap_or(&params.families.names)),
                found: format!("no usable record in {}", params.lang),
                expected: "labelled sentences".to_owned(),
                cure: "give labelled records with --data, or a recipe with families".to_owned(),
            });
        }
        Ok(sources)
    }

    /// Labelled records that were read already, and the families that the settings name, as [`Sources::read`] has them.
    /// Records in another language than the settings' are left out.
    ///
    /// # Errors
    /// As [`Sources::read`], for the families.
    pub fn of_records(params: &ParallaxValidParams, records: Vec<Record>) -> Result<Self> {
        let own = records.into_iter().filter(|r| r.is_in(&params.lang));
        let examples = own.filter_map(|record| example(record, Origin::Labelled)).collect();
        let mut sources = Self { examples, ..Self::default() };
        sources.families(params)?;
        Ok(sources)
    }

    fn families(&mut self, params: &ParallaxValidParams) -> Result<()> {
        let settings = &params.families;
        if settings.files.is_empty() {
            return Ok(());
        }
        let names = Names::read(&settings.names)?;
        self.input(&settings.names, 0)?;
        let weight = if self.examples.is_empty() { 1.0 } else { settings.weight };
        for path in &settings.files {
            let families = contrast::read(path)?;
            let expansion = expand(&families, &names, &Settings { instances: settings.instances, seed: params.seed })?;
            self.input(path, expansion.records.len())?;
            let mut copies: HashMap<String, usize> = HashMap::new();
            for record in &expansion.records {
                *copies.entry(sentence_of(&record.id).to_owned()).or_default() += 1;
            }
            for record in expansion.records {
                let share = 1.0 / copies.get(sentence_of(&record.id)).map_or(1.0, |n| *n as f64);
                self.examples.push(Example { record, origin: Origin::Family, weight: weight * share });
            }
        }
        Ok(())
    }

    fn input(&mut self, path: &Path, records: usize) -> Result<()> {
        let bytes = std::fs::read(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.inputs.push(Input { name, sha256: sha256_hex(&bytes), records });
        Ok(())
    }
}

/// The example of a record; `None` for one that says nothing of words or sentence (a stance alone), which teaches
/// nothing here.
fn example(record: Record, origin: Origin) -> Option<Example> {
    let says = !record.labels.is_empty() || record.loaded.is_some() || record.attributions.is_some();
    let weight = record.weight.unwrap_or(1.0);
    says.then_some(Example { record, origin, weight })
}

/// The family sentence that a record is an instance of: its id up to the last `/`.
fn sentence_of(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(sentence, _)| sentence)
}
