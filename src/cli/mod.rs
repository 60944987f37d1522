//! The command line: arguments in, exit code out.
//!
//! In: [`Cli`], the arguments. Out: results on standard output or in a file, errors, notes and
//! progress on standard error, and an exit code: 0 done, 1 a gate of `evaluate` or `bench` failed, 2 wrong usage
//! or input that could not be used. Start at [`run`]; each command is a file. This is the only layer
//! that prints or reads the environment, and it computes no score.

#[cfg(feature = "label")]
mod agree;
mod asked;
mod bench;
mod compare;
mod console;
mod evaluate;
mod fail;
mod folder;
mod format;
#[cfg(feature = "label")]
mod label;
mod locate;
mod machine;
mod models;
#[cfg(feature = "label")]
mod next;
mod output;
mod pages;
mod regions;
mod score;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "label")]
mod suspects;
mod tables;
mod train;
mod update;
mod vectors;
mod versions;

#[cfg(feature = "label")]
pub use agree::Agree;
pub use bench::Bench;
pub use compare::Compare;
pub use console::Color;
pub use evaluate::Evaluate;
pub use format::{Format, TableName};
#[cfg(feature = "label")]
pub use label::Label;
pub use models::Models;
#[cfg(feature = "label")]
pub use next::Next;
pub use pages::{Completions, Man};
pub use regions::Regions;
pub use score::Score;
#[cfg(feature = "serve")]
pub use serve::Serve;
#[cfg(feature = "label")]
pub use suspects::Suspects;
pub use tables::{Tables, TidyName};
pub use train::Train;
pub use update::{ChangeFormat, Update};
pub use vectors::Vectors;
pub use versions::{Versions, VersionsCommand};

use crate::error::{Error, Result};
use crate::model::Shelves;
use clap::{Args, Parser, Subcommand};
use console::Console;
use std::path::PathBuf;
use std::process::ExitCode;

/// Measure how a news text frames what it tells.
///
/// Scores every sentence of an article for biased wording, subjectivity and tone, with the words that
/// carry each score. It says when it does not know, and never infers what an outlet intends.
#[derive(Debug, Parser)]
#[command(name = "parallax", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What holds for every command.
    #[command(flatten)]
    pub shared: Shared,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Score articles or sentences
    Score(Score),
    /// Set several outlets' articles on one event side by side
    Compare(Compare),
    /// Answer over HTTP what `score` and `compare` do
    #[cfg(feature = "serve")]
    Serve(Serve),
    /// Keep corrections, hand them on as labelled sentences, and measure how far annotators agree
    #[cfg(feature = "label")]
    Label(Label),
    /// Train a bundle on labelled sentences
    Train(Train),
    /// Measure how good a bundle or a recipe is on labelled sentences
    Evaluate(Evaluate),
    /// Time the stages and heads on a text of yours, on your machine
    Bench(Bench),
    /// List the bundles, or show one's card and receipt
    Models(Models),
    /// List the updates of a bundle, and accept, reject or restore one
    Versions(Versions),
    /// Make a bundle without heads of a vocabulary and vectors, to train on
    Vectors(Vectors),
    /// Train the model that tells body text from what a site puts around it
    Regions(Regions),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page
    Man(Man),
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Shared {
    /// Threads to use; 0 stands for one a processor
    #[arg(long, global = true, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    pub threads: u16,
    /// Say nothing but results and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
    /// Folder of bundles [default: the folders `models` above the current folder and the program]
    #[arg(long, global = true, value_name = "DIR", env = "PARALLAX_MODELS", hide_env_values = true)]
    pub models_dir: Option<PathBuf>,
}

impl Shared {
    /// Where to look for bundles.
    fn shelves(&self) -> Shelves {
        locate::shelves(self.models_dir.clone())
    }

    /// The threads to work on.
    fn pool(&self) -> Result<rayon::ThreadPool> {
        rayon::ThreadPoolBuilder::new().num_threads(self.threads.into()).build().map_err(|error| Error::Settings {
            setting: "--threads".into(),
            found: error.to_string(),
            expected: "as many threads as the system lets run".into(),
        })
    }
}

/// How a command that was not stopped by an error ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All done.
    Done,
    /// A measure is under what `--fail-under` asks, or a row slower than `--fail-slower` lets it be.
    GateFailed,
    /// Done but for some inputs, each named in an error already.
    Incomplete,
}

/// Runs the command and says its errors.
#[must_use]
pub fn run(cli: &Cli) -> ExitCode {
    let shared = &cli.shared;
    let mut console = Console::new(shared.quiet, shared.color);
    let outcome = match &cli.command {
        Command::Score(args) => score::run(args, shared, &mut console),
        Command::Compare(args) => compare::run(args, shared, &mut console),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args, shared, &console),
        #[cfg(feature = "label")]
        Command::Label(args) => label::run(args, shared, &mut console),
        Command::Train(args) => train::run(args, shared, &mut console),
        Command::Evaluate(args) => evaluate::run(args, shared, &mut console),
        Command::Bench(args) => bench::run(args, shared, &mut console),
        Command::Models(args) => models::run(args, shared, &console),
        Command::Versions(args) => versions::run(args, &console),
        Command::Vectors(args) => vectors::run(args, &console),
        Command::Regions(args) => regions::run(args, shared, &console),
        Command::Completions(args) => pages::completions(args),
        Command::Man(args) => pages::man(args),
    };
    console.end_count();
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::GateFailed) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            console.error(&error);
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_hold_together() {
        Cli::command().debug_assert();
    }
}
