//! `parallax score --tables`: a corpus → tidy tables in Parquet or JSON Lines, in a folder.
//!
//! In: [`Tables`] and the other arguments of `score`. Out: a file a table, and one of what could not be used. Start at `run`; the
//! work is done in `columnar/run.rs`, a feature that not every program is built with.

use super::score::Score;
use super::{Outcome, Shared};
use crate::cli::console::Console;
use crate::error::{Error, Result};
use clap::{Args, ValueEnum};

/// Arguments of tables.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tables")]
pub struct Tables {
    /// Write tidy tables, a file each, into the folder --out: all, or those named, such as --tables=documents,loaded
    ///
    /// In Parquet, or with --format jsonl in JSON Lines. Records that cannot be used stand in rejects.jsonl with their
    /// reasons. Needs a program that was built with the feature `columnar`.
    #[arg(
        long,
        value_enum,
        value_name = "TABLES",
        num_args = 0..=1,
        require_equals = true,
        value_delimiter = ',',
        default_missing_value = "documents,sentences,loaded,attributions,stances",
        requires = "out",
        conflicts_with_all = ["table", "explain", "standing"],
    )]
    pub tables: Vec<TidyName>,
    /// Column or key of the records that the table of documents has too, under its own name or another: --keep date=published
    ///
    /// May be given several times, or with commas. Of Parquet a column keeps its type.
    #[arg(long, value_name = "[NEW=]NAME", value_delimiter = ',')]
    pub keep: Vec<String>,
    /// Go on with a run of tables that was interrupted, from its last finished row group, or start one
    #[arg(long)]
    pub resume: bool,
    /// MiB of text and kept columns in a row group; three row groups, and what is found in them, are in memory at once
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub row_group: u16,
}

/// A table of `--tables`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TidyName {
    /// A row a document
    Documents,
    /// A row a sentence
    Sentences,
    /// A row a loaded term
    Loaded,
    /// A row an attribution
    Attributions,
    /// A row a stance toward a mention of a target
    Stances,
}

impl Tables {
    /// Refuses what only tables have, where there are none.
    pub(super) fn check_alone(&self) -> Result<()> {
        let alone = if self.resume {
            "--resume"
        } else if !self.keep.is_empty() {
            "--keep"
        } else {
            return Ok(());
        };
        let expected = "--tables, or --format parquet, beside it".into();
        Err(Error::Settings { setting: alone.into(), found: "no tables".into(), expected })
    }
}

#[cfg(not(feature = "columnar"))]
pub(super) fn run(_: &Score, _: &Shared, _: &mut Console) -> Result<Outcome> {
    Err(Error::Settings {
        setting: "--tables".into(),
        found: "a program without the feature `columnar`".into(),
        expected: "one that was built with it: cargo build --release --features columnar".into(),
    })
}

#[cfg(feature = "columnar")]
pub(super) use columnar::run;

#[cfg(feature = "columnar")]
mod columnar {
    use super::{Console, Error, Outcome, Result, Score, Shared, Tables, TidyName};
    use crate::cli::asked::given;
    use crate::cli::format::Format;
    use crate::columnar::run::{Ended, Event};
    use crate::columnar::{Form, Plan, REJECTS, Run, Table};
    use crate::corpus::Inputs;
    use clap::ValueEnum;
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Errors of records that are said; all are in the rejects.
    const SAID: usize = 10;

    pub(in crate::cli) fn run(args: &Score, shared: &Shared, console: &mut Console) -> Result<Outcome> {
        let form = form(args)?;
        let has =
            [("--explain", args.explain), ("--standing", args.standing.is_some()), ("--table", args.table.is_some())];
        if let Some((option, _)) = has.into_iter().find(|(_, given)| *given) {
            let (found, expected) = ("it beside tables".into(), "reports, which are written without --tables".into());
            return Err(Error::Settings { setting: option.into(), found, expected });
        }
        let mut reading = args.asked.scoring.reading();
        reading.columns.keep = args.tables.kept().map(|(name, _)| name.to_owned()).collect();
        let mut inputs = Inputs::new(given(&args.inputs)?, reading);
        let size = inputs.size();
        if size.is_none() && args.tables.resume {
            let expected = "files, which can be read again".into();
            return Err(Error::Settings { setting: "--resume".into(), found: "a stream as input".into(), expected });
        }
        let desk = args.asked.scoring.desk(&shared.shelves())?.toward(args.asked.targets(args.asked.entries()?)?);
        let Some(folder) = args.out.as_deref() else {
            let expected = "--out DIR, the folder for the tables".into();
            return Err(Error::Settings { setting: "--out".into(), found: "none".into(), expected });
        };
        desk.scorers()?;
        if !folder.is_dir() {
            fs::create_dir(folder).map_err(|source| Error::Write { path: folder.to_path_buf(), source })?;
        }
        let tables = if args.tables.tables.is_empty() { TidyName::value_variants() } else { &args.tables.tables };
        let run = Run {
            tables: Table::ALL.into_iter().filter(|table| tables.iter().any(|t| t.table() == *table)).collect(),
            form,
            options: args.options(),
            keep: args.tables.kept().map(|(_, new)| new.to_owned()).collect(),
            part_bytes: usize::from(args.tables.row_group) << 20,
            is_strict: args.strict,
            resume: args.tables.resume,
            plan: plan(args, form, size),
        };
        console.start_bytes(size);
        let said = AtomicUsize::new(0);
        let shown = &*console;
        let tell = |event: Event<'_>| match event {
            Event::Rejected(error) if said.fetch_add(1, Ordering::Relaxed) < SAID => shown.error(error),
            Event::Rejected(_) => {}
            Event::Scored { documents, position } => shown.advance_bytes(position, documents),
        };
        let ended = shared.pool()?.install(|| run.over(&mut inputs, &desk, folder, &tell))?;
        let Ended { documents, rejected, resumed, unsupported } = ended;
        console.end_count();
        if resumed > 0 {
            console.note(&format!("went on behind {resumed} documents"));
        }
        if inputs.skipped() > 0 {
            console.note(&format!("files in folders with another extension, not read: {}", inputs.skipped()));
        }
        console.note(&format!("{}: documents: {documents}", folder.display()));
        if unsupported > 0 {
            console.note(&format!("documents in a language without a model, not scored: {unsupported}"));
        }
        if rejected == 0 {
            return Ok(Outcome::Done);
        }
        let rejects = folder.join(REJECTS);
        console.note(&format!("records that could not be used: {rejected}; they stand in {}", rejects.display()));
        Ok(Outcome::Incomplete)
    }

    fn form(args: &Score) -> Result<Form> {
        match args.format {
            None | Some(Format::Parquet) => Ok(Form::Parquet),
            Some(Format::Jsonl) => Ok(Form::Jsonl),
            Some(other) => Err(Error::Settings {
                setting: "--tables".into(),
                found: format!(
                    "--format {}",
                    other.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default()
                ),
                expected: "--format parquet or jsonl".into(),
            }),
        }
    }

    /// What tells this run from another one: all that the bytes of its files hang on, but the models.
    fn plan(args: &Score, form: Form, size: Option<u64>) -> Plan {
        let asked = &args.asked;
        let paths = |paths: &[std::path::PathBuf]| {
            paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" ")
        };
        let aliases =
            |path: &Path| fs::read(path).map(|bytes| crate::model::container::sha256_hex(&bytes)).unwrap_or_default();
        let said = [
            ("inputs", paths(&args.inputs)),
            ("bytes of the inputs", size.map(|size| size.to_string()).unwrap_or_default()),
            ("--input", format!("{:?}, lossy: {}", asked.scoring.input, asked.scoring.lossy)),
            ("--text-column", asked.scoring.text_column.clone()),
            ("--id-column", asked.scoring.id_column.clone().unwrap_or_default()),
            ("--keep", args.tables.keep.join(",")),
            ("--format", form.ending().to_owned()),
            ("--tables", format!("{:?}", args.tables.tables)),
            ("--row-group", args.tables.row_group.to_string()),
            ("--offsets", args.options().offsets.as_str().to_owned()),
            ("--unit", format!("{:?}", args.unit)),
            ("--regions", format!("{:?}", args.regions)),
            ("--lang", asked.scoring.lang.clone().unwrap_or_default()),
            ("--heads", asked.scoring.heads.join(",")),
            ("--target", asked.target.join(",")),
            ("--aliases", asked.aliases.as_deref().map(aliases).unwrap_or_default()),
        ];
        said.map(|(key, value)| (key.to_owned(), value)).into()
    }

    impl Tables {
        /// The column that each `--keep` names, and the name it gets.
        fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
            let pair = |(new, name)| (name, new);
            self.keep.iter().map(move |keep| keep.split_once('=').map_or((keep.as_str(), keep.as_str()), pair))
        }
    }

    impl TidyName {
        const fn table(self) -> Table {
            match self {
                Self::Documents => Table::Documents,
                Self::Sentences => Table::Sentences,
                Self::Loaded => Table::Loaded,
                Self::Attributions => Table::Attributions,
                Self::Stances => Table::Stances,
            }
        }
    }
}
