//! `parallax models`: the bundles there are, or one's card and receipt.
//!
//! In: [`Models`], the arguments. Out: a table, or JSON. Start at `run`. A list reads manifests alone;
//! `--verify` reads every file and compares its SHA-256 with the manifest's.

use super::console::Console;
use super::{Outcome, Shared, output};
use crate::error::{Error, Result};
use crate::model::Bundle;
use crate::model::container::{Container, Digests, Manifest};
use clap::Args;
use serde::Serialize;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file in a bundle's folder that tells readers about it.
const CARD: &str = "CARD.md";

/// Arguments of `parallax models`.
#[derive(Debug, Args)]
pub struct Models {
    /// Show this bundle's card and training receipt
    #[arg(value_name = "NAME|DIR")]
    pub model: Option<String>,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
    /// Read every file of the bundles and check its SHA-256
    #[arg(long)]
    pub verify: bool,
}

/// A line of the list.
#[derive(Debug, Serialize)]
struct Listed {
    name: String,
    version: String,
    lang: String,
    heads: Vec<String>,
    /// Of all files but the manifest.
    bytes: u64,
    folder: PathBuf,
}

/// Everything about one bundle.
#[derive(Debug, Serialize)]
struct Shown<'a, R> {
    #[serde(flatten)]
    listed: Listed,
    sha256: &'a str,
    card: Option<&'a str>,
    receipt: &'a R,
}

pub(super) fn run(args: &Models, shared: &Shared, console: &Console) -> Result<Outcome> {
    let shelves = shared.shelves();
    if let Some(model) = &args.model {
        let folder = shelves.find(Some(model), None)?;
        if args.verify {
            verify(&folder)?;
        }
        output::write_all(None, show(&folder, args)?.as_bytes())?;
        return Ok(Outcome::Done);
    }
    let mut bundles = Vec::new();
    let mut outcome = Outcome::Done;
    for folder in shelves.bundles() {
        let checked = if args.verify { verify(&folder) } else { Manifest::read(&folder) };
        match checked {
            Ok(manifest) => bundles.push(Listed::of(&folder, &manifest)),
            Err(error) => {
                console.error(&error);
                outcome = Outcome::Incomplete;
            }
        }
    }
    if bundles.is_empty() && outcome == Outcome::Done {
        console.note(&format!("no bundles (looked in {})", shelves.looked()));
    }
    let text = if args.json { json(&bundles)? } else { table(&bundles, args.verify) };
    output::write_all(None, text.as_bytes())?;
    Ok(outcome)
}

impl Listed {
    fn of(folder: &Path, manifest: &Manifest) -> Self {
        Self {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            lang: manifest.lang.clone(),
            heads: manifest.heads.clone(),
            bytes: manifest.files.values().map(|file| file.bytes).sum(),
            folder: folder.to_path_buf(),
        }
    }

    fn megabytes(&self) -> f64 {
        self.bytes as f64 / 1e6
    }
}

/// Compares every file with the manifest's SHA-256, behind size and CRC-32.
fn verify(folder: &Path) -> Result<Manifest> {
    let container = Container::read(folder)?;
    for (name, bytes) in &container.files {
        let (found, expected) = (Digests::of(bytes), container.manifest.files.get(name));
        if expected != Some(&found) {
            return Err(Error::Bundle {
                path: folder.join(name),
                found: format!("SHA-256 {}", found.sha256),
                expected: expected.map_or_else(|| "no such file".into(), |digests| digests.sha256.clone()),
                cure: "the bundle was altered; fetch it again or train it anew".into(),
            });
        }
    }
    Ok(container.manifest)
}

fn table(bundles: &[Listed], verified: bool) -> String {
    let wide = |field: fn(&Listed) -> &str| bundles.iter().map(|b| field(b).chars().count()).max().unwrap_or(0);
    let (name, version, lang) = (wide(|b| &b.name), wide(|b| &b.version), wide(|b| &b.lang));
    let mut text = String::new();
    for b in bundles {
        let verified = if verified { "  SHA-256 verified" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:name$}  {:version$}  {:lang$}  {:5.1} MB  {}  {}{verified}",
            b.name,
            b.version,
            b.lang,
            b.megabytes(),
            b.heads.join(", "),
            b.folder.display(),
        );
    }
    text
}

fn show(folder: &Path, args: &Models) -> Result<String> {
    let bundle = Bundle::load(folder)?;
    let path = folder.join(CARD);
    let card = match fs::read(&path) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(Error::Read { path, source }),
    };
    let listed = Listed::of(folder, bundle.manifest());
    if args.json {
        return json(&Shown { listed, sha256: bundle.sha256(), card: card.as_deref(), receipt: bundle.receipt() });
    }
    let verified = if args.verify { ", verified" } else { "" };
    Ok(format!(
        "{} {} ({}), {:.1} MB in {}\nheads: {}\nSHA-256: {}{verified}\n\n{}\n\nTraining receipt\n\n{}",
        listed.name,
        listed.version,
        listed.lang,
        listed.megabytes(),
        folder.display(),
        listed.heads.join(", "),
        bundle.sha256(),
        card.as_deref().map_or("No card.", str::trim_end),
        json(bundle.receipt())?,
    ))
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    let json = serde_json::to_string_pretty(value);
    let mut json = json.map_err(|error| Error::Write { path: "<stdout>".into(), source: error.into() })?;
    json.push('\n');
    Ok(json)
}
