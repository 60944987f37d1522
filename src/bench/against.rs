//! A run beside an earlier one: is the difference larger than the noise?
//!
//! In: two [`Run`]s. Out: [`Against`], a ratio a row. Start at [`against`]. A row is called faster or slower only where
//! the 99 % interval of its ratio leaves 1 out both as timed and over the ratio of the reference loop, and the ratio
//! is further from 1 than [`SMALLEST`]: rounds of one run do not show what differs from run to run, such as where the
//! system puts a program in memory.

use super::estimate::{Measured, Ratio, ratio};
use super::run::{Asked, Group, Row, Run, TextFacts};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A ratio as near to 1 as this is never called a difference.
pub const SMALLEST: f64 = 0.05;

/// The rows of two runs, set beside each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Against {
    /// What else differs between the runs and may be the reason, in words.
    pub differs: Vec<String>,
    /// How many times as long the reference loop took: how much slower the machine was.
    pub reference: Option<Ratio>,
    /// Each row that both runs have.
    pub rows: Vec<Beside>,
    /// The rows that only one of them has, as `group: name`.
    pub alone: Vec<String>,
}

/// One row of two runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// What it is of.
    pub group: Group,
    /// Its name.
    pub name: String,
    /// How many times as long it took as in the earlier run; `None` where it took too little to tell.
    pub ratio: Option<Ratio>,
    /// The same over the ratio of the reference loop.
    pub normalised: Option<Ratio>,
    /// What that means.
    pub verdict: Verdict,
}

/// Whether a difference is larger than the noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It takes less time.
    Faster,
    /// It takes more.
    Slower,
    /// The difference is not larger than the noise.
    Same,
}

impl Beside {
    /// By how many per cent it is slower: the less of as timed and normalised; 0 where it is not called slower.
    #[must_use]
    pub fn slower_percent(&self) -> f64 {
        match (self.verdict, self.ratio, self.normalised) {
            (Verdict::Slower, Some(ratio), Some(normalised)) => (ratio.value.min(normalised.value) - 1.0) * 100.0,
            _ => 0.0,
        }
    }
}

/// Sets a run beside an earlier one, which was read from `path`.
///
/// # Errors
/// [`Error::Settings`] where they cannot be compared: another text, other threads or other arguments.
pub fn against(new: &Run, old: &Run, path: &Path) -> Result<Against> {
    comparable((&new.text, new.threads, &new.asked), old, path)?;
    let reference = |run: &Run| run.rows.iter().find(|row| row.group == Group::Reference).cloned();
    let (new_reference, old_reference) = (reference(new), reference(old));
    let (Some(new_reference), Some(old_reference)) = (new_reference, old_reference) else {
        return Err(refused(path, "a run without the reference loop", "one that has it: save it again"));
    };
    let of = |new: &Row, old: &Row| {
        ratio(
            Measured { rounds: &new.rounds, reference: &new_reference.rounds },
            Measured { rounds: &old.rounds, reference: &old_reference.rounds },
        )
    };
    let mut rows = Vec::new();
    let mut alone: Vec<String> = Vec::new();
    for row in new.rows.iter().filter(|row| row.group != Group::Reference) {
        let Some(before) = old.row(row.group, &row.name) else {
            alone.push(format!("{}: {} (this run)", row.group, row.name));
            continue;
        };
        let both = of(row, before);
        rows.push(Beside {
            group: row.group,
            name: row.name.clone(),
            ratio: both.map(|(ratio, _)| ratio),
            normalised: both.map(|(_, normalised)| normalised),
            verdict: both.map_or(Verdict::Same, |(ratio, normalised)| verdict(ratio, normalised)),
        });
    }
    let gone = old.rows.iter().filter(|row| new.row(row.group, &row.name).is_none());
    alone.extend(gone.map(|row| format!("{}: {} (the earlier run)", row.group, row.name)));
    let reference = of(&new_reference, &old_reference).map(|(ratio, _)| ratio);
    Ok(Against { differs: differs(new, old), reference, rows, alone })
}

fn verdict(ratio: Ratio, normalised: Ratio) -> Verdict {
    let both = [ratio, normalised];
    if both.iter().all(|r| r.low > 1.0 && r.value > 1.0 + SMALLEST) {
        Verdict::Slower
    } else if both.iter().all(|r| r.high < 1.0 && r.value < 1.0 / (1.0 + SMALLEST)) {
        Verdict::Faster
    } else {
        Verdict::Same
    }
}

/// Refuses an earlier run, read from `path`, of something else than this text, on so many threads, asked for so.
///
/// # Errors
/// [`Error::Settings`] that says what the earlier run was of.
pub fn comparable((text, threads, asked): (&TextFacts, usize, &Asked), old: &Run, path: &Path) -> Result<()> {
    let refuse = |found: String, expected: String| Err(refused(path, &found, &expected));
    if text.sha256 != old.text.sha256 {
        let of = |text: &TextFacts| {
            let start = text.sha256.get(..12).unwrap_or(&text.sha256);
            format!("a run on {} documents of {} bytes (SHA-256 {start}…)", text.documents, text.bytes)
        };
        return refuse(of(&old.text), of(text));
    }
    if threads != old.threads {
        let of = |threads: usize| format!("a run with --threads {threads}");
        return refuse(of(old.threads), of(threads));
    }
    if *asked != old.asked {
        return refuse(format!("a run with {}", old.asked), format!("one with {asked}"));
    }
    Ok(())
}

fn refused(path: &Path, found: &str, expected: &str) -> Error {
    Error::Settings {
        setting: format!("--against {}", path.display()),
        found: found.to_owned(),
        expected: expected.to_owned(),
    }
}

/// What may be the reason besides the program.
fn differs(new: &Run, old: &Run) -> Vec<String> {
    let mut differs = Vec::new();
    let mut say = |what: &str, new: String, old: String| {
        if new != old {
            differs.push(format!("{what}: {new}, earlier {old}"));
        }
    };
    say("version", new.version.clone(), old.version.clone());
    let models = |run: &Run| {
        let of = |m: &crate::report::ModelName| {
            format!("{} {} ({}…)", m.name, m.version, m.sha256.get(..12).unwrap_or(&m.sha256))
        };
        run.models.iter().map(of).collect::<Vec<_>>().join(", ")
    };
    say("models", models(new), models(old));
    let machine = |run: &Run| {
        let m = &run.machine;
        format!("{}, {} {}, {} cores", m.cpu.as_deref().unwrap_or("unknown processor"), m.os, m.arch, m.cores)
    };
    say("machine", machine(new), machine(old));
    differs
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::run;
    use super::*;

    fn compared(new: &Run, old: &Run) -> Result<Against> {
        against(new, old, Path::new("old.json"))
    }

    #[test]
    fn a_slower_stage_is_called_slower_and_the_others_are_not() {
        let told = compared(&run(1.5), &run(1.0)).unwrap();
        let verdicts: Vec<_> = told.rows.iter().map(|row| (row.name.as_str(), row.verdict)).collect();
        assert_eq!(verdicts, [("sentences", Verdict::Slower), ("whole document", Verdict::Same)]);
        assert!((told.rows[0].slower_percent() - 50.0).abs() < 2.0);
        assert_eq!(told.rows[1].slower_percent(), 0.0);
        let told = compared(&run(1.0), &run(1.5)).unwrap();
        assert_eq!(told.rows[0].verdict, Verdict::Faster);
    }

    #[test]
    fn a_run_differs_in_nothing_from_itself() {
        let told = compared(&run(1.0), &run(1.0)).unwrap();
        assert!(told.rows.iter().all(|row| row.verdict == Verdict::Same));
        assert!(told.differs.is_empty() && told.alone.is_empty());
        assert!((told.reference.unwrap().value - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_machine_that_was_slower_altogether_is_no_difference() {
        let mut new = run(1.0);
        for row in &mut new.rows {
            row.rounds.iter_mut().for_each(|round| *round *= 2.0);
        }
        let told = compared(&new, &run(1.0)).unwrap();
        assert!(told.rows.iter().all(|row| row.verdict == Verdict::Same));
        assert!((told.reference.unwrap().value - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_small_difference_is_none_however_steady_the_rounds_are() {
        let told = compared(&run(1.0 + SMALLEST / 2.0), &run(1.0)).unwrap();
        assert_eq!(told.rows[0].verdict, Verdict::Same);
    }

    #[test]
    fn another_text_other_threads_or_other_arguments_are_refused() {
        let said = |alter: fn(&mut Run)| {
            let mut new = run(1.0);
            alter(&mut new);
            compared(&new, &run(1.0)).unwrap_err().to_string()
        };
        let text = said(|run| run.text.sha256 = "ef".into());
        assert!(text.starts_with("--against old.json: found a run on 20 documents"), "{text}");
        assert!(said(|run| run.threads = 4).contains("--threads 2; expected a run with --threads 4"));
        assert!(said(|run| run.asked.unit = "sentence".into()).contains("--unit document"));
        assert!(said(|run| run.asked.targets.push("dam".into())).contains("--target \"dam\""));
        assert!(said(|run| drop(run.rows.remove(0))).contains("without the reference loop"));
    }

    #[test]
    fn another_bundle_is_said_and_rows_of_one_run_are_named() {
        let mut new = run(1.0);
        new.models[0].sha256 = "ff".into();
        new.rows[1].name = "clauses".into();
        let told = compared(&new, &run(1.0)).unwrap();
        assert_eq!(told.differs, ["models: en 1 (ff…), earlier en 1 (ab…)"]);
        assert_eq!(told.alone, ["stage: clauses (this run)", "stage: sentences (the earlier run)"]);
    }
}
