//! Parse, run, exit code.

use clap::Parser;
use parallax::cli::{self, Cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(&Cli::parse())
}
