//! `parallax completions` and `parallax man`: pages made from the arguments themselves.
//!
//! In: [`Completions`] or [`Man`]. Out: a completion script; a manual page, or one a command.

use super::{Cli, Outcome, output};
use crate::error::{Error, Result};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::fs;
use std::path::PathBuf;

/// Arguments of `parallax completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Arguments of `parallax man`.
#[derive(Debug, Args)]
pub struct Man {
    /// Write the pages of all commands to this folder instead, for instance ~/.local/share/man/man1
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

pub(super) fn completions(args: &Completions) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "parallax", &mut script);
    output::write_all(None, &script)?;
    Ok(Outcome::Done)
}

pub(super) fn man(args: &Man) -> Result<Outcome> {
    match &args.dir {
        Some(folder) => {
            let refused = |source| Error::Write { path: folder.clone(), source };
            fs::create_dir_all(folder).map_err(refused)?;
            clap_mangen::generate_to(Cli::command(), folder).map_err(refused)?;
        }
        None => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
            rendered.map_err(|source| Error::Write { path: "<stdout>".into(), source })?;
            output::write_all(None, &page)?;
        }
    }
    Ok(Outcome::Done)
}
