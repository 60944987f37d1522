//! `parallax versions`: the updates of a bundle; which is in use, which waits, and what each changed.
//!
//! In: [`Versions`], the arguments. Out: a list, or another version in use. Start at `run`. A running `parallax serve` of
//! the same folder takes the new one over.

use super::console::Console;
use super::{Outcome, output};
use crate::error::{Error, Result};
use crate::model::versions::{self, Place};
use clap::{Args, Subcommand};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Arguments of `parallax versions`.
#[derive(Debug, Args)]
pub struct Versions {
    /// What to do [default: list them].
    #[command(subcommand)]
    pub command: Option<VersionsCommand>,
    /// Folder of versions
    #[arg(long, global = true, value_name = "DIR", default_value = versions::DEFAULT)]
    pub versions: PathBuf,
    /// Language
    #[arg(long, global = true, value_name = "LANG", default_value = "en")]
    pub lang: String,
}

/// The commands under `parallax versions`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum VersionsCommand {
    /// Put the version that waits into use
    Accept,
    /// Drop the version that waits; what is in use stays
    Reject,
    /// Put an earlier version into use again
    Restore {
        /// Its number; 0 is the bundle that came with parallax
        number: u32,
    },
}

pub(super) fn run(args: &Versions, console: &Console) -> Result<Outcome> {
    let (folder, lang) = (versions::Versions::new(&args.versions), args.lang.as_str());
    match args.command {
        None => output::write_all(None, list(&folder)?.as_bytes())?,
        Some(VersionsCommand::Accept) => {
            let number = folder.accept(lang)?;
            let at = args.versions.join(lang).join(number.to_string());
            console.note(&format!(
                "version {number} of {lang} is in use: by parallax serve, and by other commands with --model {}",
                at.display()
            ));
        }
        Some(VersionsCommand::Reject) => {
            let number = folder.reject(lang)?;
            console.note(&format!("version {number} of {lang} is dropped; the corrections that made it are kept"));
        }
        Some(VersionsCommand::Restore { number }) => {
            folder.restore(lang, (number > 0).then_some(number))?;
            console.note(&match number {
                0 => format!("the first bundle of {lang} is in use"),
                _ => format!("version {number} of {lang} is in use"),
            });
        }
    }
    Ok(Outcome::Done)
}

fn list(folder: &versions::Versions) -> Result<String> {
    let mut text = String::new();
    let refused =
        |error: std::fmt::Error| Error::Write { path: "<stdout>".into(), source: std::io::Error::other(error) };
    for (lang, standing) in folder.state()? {
        let first = if standing.current.is_none() { "in use" } else { "" };
        writeln!(text, "{lang}  0  {first:<7}  the bundle that came with parallax").map_err(refused)?;
        for version in folder.list(&lang)? {
            let place = match version.place {
                Place::Current => "in use",
                Place::Candidate => "waits",
                Place::Former => "",
            };
            let (number, manifest) = (version.number, &version.manifest);
            let at = version.folder.display();
            writeln!(text, "{lang}  {number}  {place:<7}  {} {}  {at}", manifest.name, manifest.version)
                .map_err(refused)?;
        }
    }
    if text.is_empty() {
        text = format!("no versions in {}\n", folder.folder().display());
    }
    Ok(text)
}
