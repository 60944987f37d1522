//! The terminal, if there is one: what it can show, and what is said on standard error.
//!
//! In: the options `--quiet` and `--color`, and the environment. Out: [`Console`], the one place
//! that knows them. Start at [`Console::new`]. Results go to [`super::output`] instead.

use super::fail::Drawing;
use crate::error::Error;
use crate::report::terminal::Style;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::env;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb
    #[default]
    Auto,
    /// Always, in files too
    Always,
    /// Never
    Never,
}

/// Lines are not drawn wider than this, however wide the terminal: prose gets hard to read.
const WIDEST: usize = 100;

/// What standard output and standard error can show.
#[derive(Debug)]
pub(super) struct Console {
    quiet: bool,
    color: Color,
    width: usize,
    drawing: Drawing,
    bar: ProgressBar,
}

impl Console {
    pub(super) fn new(quiet: bool, color: Color) -> Self {
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).min(WIDEST);
        let drawing = if env::var_os("NO_GRAPHICS").is_some_and(|value| !value.is_empty() && value != "0") {
            Drawing::Narrated
        } else if io::stderr().is_terminal() {
            Drawing::Graphical { colour: has_colour(color, &io::stderr()), width }
        } else {
            Drawing::Lines
        };
        Self { quiet, color, width, drawing, bar: ProgressBar::hidden() }
    }

    /// How text for a reader looks on standard output, or in a file.
    pub(super) fn style(&self, is_file: bool) -> Style {
        let colour = if is_file { self.color == Color::Always } else { has_colour(self.color, &io::stdout()) };
        Style { colour, width: self.width }
    }

    /// Whether progress is shown: standard error is a terminal, and `--quiet` was not given.
    fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Starts a count of `what`, of a `total` if that is known, where progress is shown.
    pub(super) fn start_count(&mut self, what: &'static str, total: Option<u64>) {
        if !self.shows_progress() {
            return;
        }
        let template = match total {
            Some(_) => "{bar:20} {human_pos}/{human_len} {msg}  {elapsed}",
            None => "{spinner} {human_pos} {msg}  {per_sec}  {elapsed}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        self.bar = bar.with_style(style).with_message(what);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// Starts to show how much of the inputs is read, of `total` bytes if that is known, where progress is shown.
    #[cfg(feature = "columnar")]
    pub(super) fn start_bytes(&mut self, total: Option<u64>) {
        if !self.shows_progress() {
            return;
        }
        let template = match total {
            Some(_) => "{bar:20} {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}  {eta} left  {msg}",
            None => "{spinner} {binary_bytes}  {binary_bytes_per_sec}  {elapsed}  {msg}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr()).with_style(style);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// Says how far the inputs are worked on. The first time it is where the run begins, from which its rate counts.
    #[cfg(feature = "columnar")]
    pub(super) fn advance_bytes(&self, position: u64, documents: usize) {
        if self.bar.position() == 0 {
            self.bar.set_position(position);
            self.bar.reset_eta();
        }
        // Threads say it, and not one after the other.
        self.bar.set_position(position.max(self.bar.position()));
        self.bar.set_message(format!("{documents} documents"));
    }

    /// Adds to the count.
    pub(super) fn advance(&self, by: usize) {
        self.bar.inc(by as u64);
    }

    /// Removes the count.
    pub(super) fn end_count(&self) {
        self.bar.finish_and_clear();
    }

    /// Says an error, quiet or not.
    pub(super) fn error(&self, error: &Error) {
        self.say(&self.drawing.render(error));
    }

    /// Says something worth knowing, unless quiet.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.say(&format!("parallax: {text}\n"));
        }
    }

    /// Says why the exit code is what it is, quiet or not.
    pub(super) fn complain(&self, text: &str) {
        self.say(&format!("parallax: {text}\n"));
    }

    /// Writes to standard error; nobody can be told that this failed.
    fn say(&self, text: &str) {
        self.bar.suspend(|| drop(io::stderr().write_all(text.as_bytes())));
    }
}

fn has_colour(color: Color, stream: &impl RawStream) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => AutoStream::choice(stream) != ColorChoice::Never,
    }
}
