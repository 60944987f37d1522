//! One run of the benchmark: what was timed, on what, and what came of it.
//!
//! In: rounds. Out: a [`Run`], which serializes to the JSON that a later run is compared with (schema
//! `parallax-bench/1`). Start at [`Run`]. It names no path, no host and nothing of the text but its size and SHA-256.

use super::estimate::{Estimate, Ratio, estimate};
use crate::error::{Error, Place, Result};
use crate::report::ModelName;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// The schema that every run names.
pub const BENCH_SCHEMA: &str = "parallax-bench/1";

/// Everything that one run told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Always [`BENCH_SCHEMA`].
    pub schema: String,
    /// The version of the program.
    pub version: String,
    /// Where it ran.
    pub machine: Machine,
    /// The bundles that scored the text, in the order in which it needed them.
    pub models: Vec<ModelName>,
    /// What was scored.
    pub text: TextFacts,
    /// How it was read and scored.
    pub asked: Asked,
    /// How many threads the row `all threads` had.
    pub threads: usize,
    /// How many rounds there were.
    pub rounds: usize,
    /// What was timed, in a fixed order.
    pub rows: Vec<Row>,
    /// How long single documents took, on one thread.
    pub latency: Vec<Latency>,
    /// How many times as fast all threads were as one; `None` where only one was asked for.
    pub speed_up: Option<Ratio>,
    /// The most memory that the process held; `None` where the system does not tell.
    pub memory: Option<Memory>,
}

/// The machine, as far as it bears on speed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The system, for instance `linux`.
    pub os: String,
    /// The processor's architecture, for instance `x86_64`.
    pub arch: String,
    /// How many threads it runs at once.
    pub cores: usize,
    /// The processor's name; `None` where the system does not tell.
    pub cpu: Option<String>,
}

/// The text, without its words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFacts {
    /// Whether it is the text that comes with the program.
    pub shipped: bool,
    /// Its bytes, of all documents.
    pub bytes: usize,
    /// Its documents.
    pub documents: usize,
    /// Its sentences, of those that are scored.
    pub sentences: usize,
    /// SHA-256 of the documents' texts, each behind its length in bytes (64 bits, little-endian); lower-case hex.
    pub sha256: String,
}

/// What hangs on the arguments, besides text and bundles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What a record was: `document` or `sentence`.
    pub unit: String,
    /// Which regions were scored: `article` or `all`.
    pub regions: String,
    /// The language that all text was taken to be in, if one was named.
    pub lang: Option<String>,
    /// The heads that were asked for; empty for all.
    #[serde(default)]
    pub heads: Vec<String>,
    /// The targets that were named.
    pub targets: Vec<String>,
    /// How many names the file of aliases had.
    pub aliases: usize,
}

/// What a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// The loop that no change of the program touches.
    Reference,
    /// A stage of the main path, or all of it.
    Stage,
    /// All of it with one head alone, or none; a head that needs another has it too.
    Head,
    /// Single documents.
    Latency,
    /// Starting up and reading bundles.
    Load,
    /// All documents on one thread and on several.
    Threads,
}

/// One thing that was timed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What it is of.
    pub group: Group,
    /// Its name, of which there is one in the group.
    pub name: String,
    /// The seconds it took.
    pub seconds: Estimate,
    /// The same by the size of the text, where that is what it works on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throughput: Option<Throughput>,
    /// The seconds of each round.
    pub rounds: Vec<f64>,
}

/// A time by the size of the text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Throughput {
    /// Bytes of text a second, in 10⁶; `None` where it took no time that could be told.
    pub mb_per_s: Option<f64>,
    /// Sentences a second, likewise.
    pub sentences_per_s: Option<f64>,
    /// Nanoseconds a sentence. Of a row that is a difference it may be below 0: then it was too little to tell.
    pub ns_per_sentence: f64,
    /// The part of the time of the row `whole document`.
    pub share: f64,
}

/// How long single documents took, over all rounds; seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Which documents.
    pub of: String,
    /// How many there are.
    pub documents: usize,
    /// Their mean size.
    pub bytes: usize,
    /// How many times one was timed.
    pub samples: usize,
    /// Half of the times are below this.
    pub p50: f64,
    /// Nine in ten.
    pub p90: f64,
    /// 99 in 100.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

/// The largest resident set of the process up to some moments, in bytes. It never falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Before anything was read.
    pub start: u64,
    /// With the documents.
    pub text: u64,
    /// With the bundles.
    pub loaded: u64,
    /// After every document was scored once, on one thread.
    pub scored: u64,
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--unit {} --regions {}", self.unit, self.regions)?;
        self.lang.iter().try_for_each(|lang| write!(f, " --lang {lang}"))?;
        if !self.heads.is_empty() {
            write!(f, " --heads {}", self.heads.join(","))?;
        }
        self.targets.iter().try_for_each(|target| write!(f, " --target {target:?}"))?;
        if self.aliases > 0 {
            write!(f, " and {} names in --aliases", self.aliases)?;
        }
        Ok(())
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reference => "reference",
            Self::Stage => "stage",
            Self::Head => "head",
            Self::Latency => "latency",
            Self::Load => "load",
            Self::Threads => "threads",
        })
    }
}

impl Row {
    /// The row of these rounds; `None` without any.
    #[must_use]
    pub fn new(group: Group, name: impl Into<String>, mut rounds: Vec<f64>) -> Option<Self> {
        // No clock tells picoseconds apart.
        rounds.iter_mut().for_each(|round| *round = (*round * 1e12).round() / 1e12);
        let seconds = estimate(&rounds)?;
        Some(Self { group, name: name.into(), seconds, throughput: None, rounds })
    }

    /// With its throughput: of so many bytes and sentences, where all of it took `whole` seconds.
    #[must_use]
    pub fn through(mut self, bytes: usize, sentences: usize, whole: f64) -> Self {
        let seconds = self.seconds.median;
        let per_second = |count: f64| (seconds > 0.0).then(|| count / seconds);
        self.throughput = Some(Throughput {
            mb_per_s: per_second(bytes as f64 / 1e6),
            sentences_per_s: per_second(sentences as f64),
            ns_per_sentence: if sentences == 0 { 0.0 } else { seconds * 1e9 / sentences as f64 },
            share: if whole > 0.0 { seconds / whole } else { 0.0 },
        });
        self
    }
}

impl Run {
    /// The row of that name.
    #[must_use]
    pub fn row(&self, group: Group, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.group == group && row.name == name)
    }

    /// Reads a run that was saved as JSON; `path` is named where it cannot be used.
    ///
    /// # Errors
    /// [`Error::Input`] for bytes that are no run of this schema, or one whose rounds are not numbers.
    pub fn from_json(path: &Path, bytes: &[u8]) -> Result<Self> {
        let refused = |place: Place, found: String| Error::Input {
            place,
            found,
            expected: format!("a run of the benchmark, schema {BENCH_SCHEMA}"),
            cure: "name a file that `parallax bench --save FILE` wrote, or save a run again".into(),
        };
        // Before all else, so that a file of something else is not called damaged.
        #[derive(Deserialize)]
        struct Named {
            schema: Option<String>,
        }
        let unreadable =
            |e: serde_json::Error| refused(Place::line(path, e.line().max(1)), format!("JSON that is no run ({e})"));
        let named: Named = serde_json::from_slice(bytes).map_err(unreadable)?;
        match named.schema {
            Some(schema) if schema == BENCH_SCHEMA => {}
            Some(schema) => return Err(refused(Place::file(path), format!("the schema {schema:?}"))),
            None => return Err(refused(Place::file(path), "JSON without `schema`".into())),
        }
        let run: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        let is_whole = |row: &&Row| row.rounds.is_empty() || row.rounds.len() != run.rounds;
        match run.rows.iter().find(is_whole) {
            Some(row) => {
                let found = format!("{} rounds of `{}`, of {} in all", row.rounds.len(), row.name, run.rounds);
                Err(refused(Place::file(path), found))
            }
            None => Ok(run),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::run;
    use super::*;

    #[test]
    fn a_run_reads_back_the_same() {
        let run = run(1.0);
        let json = serde_json::to_vec(&run).unwrap();
        assert_eq!(Run::from_json(Path::new("a.json"), &json).unwrap(), run);
    }

    #[test]
    fn what_is_no_run_is_refused_with_its_file() {
        let said = |json: &str| Run::from_json(Path::new("old.json"), json.as_bytes()).unwrap_err().to_string();
        assert!(said("").starts_with("old.json:1: found JSON that is no run"), "{}", said(""));
        assert!(said("{}").starts_with("old.json: found JSON without `schema`"));
        assert!(said("{\"schema\":\"parallax/1\"}").contains("the schema \"parallax/1\""));
        assert!(said("{\"schema\":\"parallax-bench/1\"}").contains("missing field"));
        let mut run = run(1.0);
        run.rows[1].rounds.pop();
        assert!(said(&serde_json::to_string(&run).unwrap()).contains("rounds of `sentences`, of 30 in all"));
    }

    #[test]
    fn throughput_is_by_the_median() {
        let row = Row::new(Group::Stage, "a", vec![0.5; 5]).unwrap().through(1_000_000, 100, 2.0);
        let told = row.throughput.unwrap();
        assert_eq!((told.mb_per_s, told.sentences_per_s), (Some(2.0), Some(200.0)));
        assert_eq!((told.ns_per_sentence, told.share), (5e6, 0.25));
        let none = Row::new(Group::Stage, "a", vec![-1.0; 5]).unwrap().through(1_000_000, 100, 2.0);
        assert_eq!(none.throughput.unwrap().mb_per_s, None);
    }
}
