//! From a bundle's folder to a new one: update, write, and set both beside each other.
//!
//! In: folders, records and a reference corpus. Out: a bundle, its card and its [`Change`] in a folder. Start at
//! [`candidate`]. The bundle is whole before its change is written, and nothing else is touched.

use super::change::{CHANGE_SCHEMA, Change};
use super::{Progress, Settings, update, verdicts};
use crate::error::{Error, Result};
use crate::heads::stance;
use crate::model::bundle::CARD;
use crate::model::container::{sha256_hex, writable, write_whole};
use crate::model::receipt::UpdateReceipt;
use crate::model::{Bundle, Manifest, Receipt};
use crate::report::ModelName;
use crate::score::{Desk, Scorer};
use crate::text::Document;
use crate::train::object;
use crate::train::record::Record;
use std::fs;
use std::path::Path;

/// The file beside a bundle that says what changed.
pub const CHANGE: &str = "change.json";

/// The bundle that is taught, and the one that its verdicts are set beside.
#[derive(Debug, Clone, Copy)]
pub struct Folders<'a> {
    /// The bundle that is taught.
    pub base: &'a Path,
    /// The bundle that is in use: the same, or an earlier update of it.
    pub against: &'a Path,
    /// The folder of the new bundle.
    pub out: &'a Path,
}

/// Teaches the bundle these records, writes the new one with its card and `change.json`, and gives the change. `number` goes
/// into the version: 0.1.0 becomes 0.1.0+number (build metadata; Semantic Versioning 2.0.0, 10).
///
/// # Errors
/// As [`update`], [`Bundle::load`], [`Bundle::save`] and [`Desk::score`]; [`Error::Settings`] where the two bundles are for
/// different languages, or `out` is the folder of one of them.
pub fn candidate(
    folders: Folders<'_>,
    number: u32,
    records: &[Record],
    reference: &[Document],
    settings: &Settings,
    progress: Progress<'_>,
) -> Result<Change> {
    let Folders { base: folder, against, out } = folders;
    let lang = Manifest::read(folder)?.lang;
    let refused = |setting: &str, found: String, expected: &str| {
        Err(Error::Settings { setting: setting.into(), found, expected: expected.into() })
    };
    let is_same =
        |other: &Path| out.canonicalize().is_ok_and(|out| other.canonicalize().is_ok_and(|other| other == out));
    if is_same(folder) || is_same(against) {
        return refused("--out", out.display().to_string(), "another folder than those of the bundles that are read");
    }
    let other = Manifest::read(against)?.lang;
    if other != lang {
        return refused("--against", format!("a bundle for `{other}`"), &format!("one for `{lang}`"));
    }
    writable(out)?;
    let base = Bundle::load(folder)?;
    let updated = update(&base, records, settings, progress)?;
    let version = base.manifest().version.split('+').next().unwrap_or_default();
    let version = format!("{version}+{number}");
    let base_name = name_of(&base);
    let card = card(folder, &base_name, &version, &updated.added);
    let receipt = receipt(&base, records, &updated);
    base.updated(&version, updated.fitted, receipt).save(out)?;
    write_whole(&out.join(CARD), card.as_bytes())?;
    let ((old, against), (new, model)) = (desk(against)?, desk(out)?);
    let change = Change {
        schema: CHANGE_SCHEMA.to_owned(),
        base: base_name,
        model,
        added: updated.added,
        held_out: updated.held_out,
        against,
        verdicts: verdicts(&old, &new, reference)?,
    };
    let json = serde_json::to_vec_pretty(&change);
    let json = json.map_err(|e| Error::Write { path: out.join(CHANGE), source: e.into() })?;
    write_whole(&out.join(CHANGE), &json)?;
    Ok(change)
}

fn name_of(bundle: &Bundle) -> ModelName {
    let manifest = bundle.manifest();
    ModelName { name: manifest.name.clone(), version: manifest.version.clone(), sha256: bundle.sha256().to_owned() }
}

/// A desk of the bundle in a folder without the head `stance`, which no update changes and which costs most; and the
/// bundle's name.
fn desk(folder: &Path) -> Result<(Desk, ModelName)> {
    let scorer = Scorer::open(folder)?;
    let name = scorer.name();
    let heads: Vec<String> =
        scorer.bundle().manifest().heads.iter().filter(|head| *head != stance::NAME).cloned().collect();
    Ok((Desk::new(vec![scorer.only(&heads)?])?, name))
}

/// The base's receipt, and what was added.
fn receipt(base: &Bundle, records: &[Record], updated: &super::Updated) -> Receipt {
    let lines: Vec<String> =
        records.iter().map(|record| serde_json::Value::Object(object::object(record)).to_string()).collect();
    let mut receipt = base.receipt().clone();
    receipt.update = Some(UpdateReceipt {
        sha256: base.sha256().to_owned(),
        sentences: updated.added.sentences,
        documents: updated.added.documents,
        heads: updated.added.heads.clone(),
        records_sha256: sha256_hex(lines.join("\n").as_bytes()),
    });
    receipt.fits.extend(updated.fits.iter().cloned());
    receipt
}

/// The base's card behind a paragraph on the update.
fn card(folder: &Path, base: &ModelName, version: &str, added: &super::Added) -> String {
    let heads: Vec<String> = added.heads.iter().map(|(head, n)| format!("`{head}` ({n})")).collect();
    let before = fs::read_to_string(folder.join(CARD)).unwrap_or_default();
    format!(
        "# Bundle `{}`, version {version}\n\nAn update of version {} (SHA-256 `{}`): {} sentences of {} documents were \
         added, which speak of {}.\n`{CHANGE}` says what changed. The card of the bundle that was updated follows; its \
         scores are of that one.\n\n{before}",
        base.name,
        base.version,
        base.sha256,
        added.sentences,
        added.documents,
        heads.join(", "),
    )
}
