//! `parallax label agree`: how far annotators agree with each other, and a model with them.
//!
//! In: [`Agree`], the arguments. Out: measures as text or JSON. Start at `run`. A store knows what the model said when a
//! sentence was corrected; a fresh scoring needs `--model`.

use super::console::Console;
use super::evaluate::MeasureFormat;
use super::label::{StoreFile, labelled};
use super::{Outcome, Shared, output};
use crate::error::{Error, Result};
use crate::evaluate::Settings;
use crate::label::agreement::{Rated, Rater, agreement, write_agreement};
use crate::label::{Store, judgement, records, seen};
use crate::score::{Options, Scorer, Unit};
use crate::text::{Document, Offsets};
use crate::train::record::Record;
use clap::Args;
use rayon::prelude::*;
use std::path::PathBuf;

/// Arguments of `parallax label agree`.
#[derive(Debug, Args)]
pub struct Agree {
    /// Where corrections are.
    #[command(flatten)]
    pub file: StoreFile,
    /// Compare these labelled sentences (JSONL, told apart by `annotator`) instead of the store's; may be given several
    /// times
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "store")]
    pub data: Vec<PathBuf>,
    /// Score the sentences afresh with this bundle, and compare it with the annotators too
    #[arg(long, short, value_name = "NAME|DIR")]
    pub model: Option<String>,
    /// How to write the measures
    #[arg(long, short, value_enum, default_value_t)]
    pub format: MeasureFormat,
    /// Write to a file, which is replaced when all is done
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Stop at the first record that cannot be used
    #[arg(long)]
    pub strict: bool,
    /// Bootstrap replicates for the intervals
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub replicates: usize,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// What an annotator is called who gave no name.
const NOBODY: &str = "(no name)";
/// What the model is called whose labels were seen when they were corrected.
const SEEN: &str = "model, as corrected";

pub(super) fn run(args: &Agree, shared: &Shared, console: &Console) -> Result<Outcome> {
    let settings = Settings { replicates: args.replicates, seed: args.seed, ..Settings::default() };
    let (mut rated, mut is_whole) = (Vec::new(), true);
    if args.data.is_empty() {
        for one in records(&Store::existing(&args.file.store)?.all()?) {
            rated.extend(one.seen.map(|record| Rated { rater: Rater::Model(SEEN.into()), record }));
            rated.push(by_annotator(one.record));
        }
        if rated.iter().any(|one| matches!(one.rater, Rater::Model(_))) {
            console.note("the model is compared on what was corrected alone, where it is worse than elsewhere");
        }
    } else {
        let (records, whole) = labelled(&args.file.store, &args.data, args.strict, console)?;
        is_whole = whole;
        rated.extend(records.into_iter().map(by_annotator));
    }
    let pool = shared.pool()?;
    if let Some(model) = &args.model {
        let scorer = Scorer::open(&shared.shelves().find(Some(model), None)?)?;
        let (fresh, others) = pool.install(|| scored(&scorer, &rated))?;
        rated.extend(fresh);
        if others > 0 {
            console.note(&format!("{others} sentences of another language than the model's were not scored"));
        }
    }
    let agreement = pool.install(|| agreement(&rated, &settings))?;
    let refused = |error: String| Error::Write { path: "<stdout>".into(), source: std::io::Error::other(error) };
    let text = match args.format {
        MeasureFormat::Json => {
            serde_json::to_string_pretty(&agreement).map(|json| json + "\n").map_err(|e| refused(e.to_string()))?
        }
        MeasureFormat::Text => {
            let mut text = String::new();
            write_agreement(&agreement, &mut text).map_err(|e| refused(e.to_string()))?;
            text
        }
    };
    output::write_all(args.out.as_deref(), text.as_bytes())?;
    Ok(if is_whole { Outcome::Done } else { Outcome::Incomplete })
}

fn by_annotator(record: Record) -> Rated {
    let name = record.annotator.clone().unwrap_or_else(|| NOBODY.into());
    Rated { rater: Rater::Annotator(name), record }
}

/// What the model says of every sentence that was rated, each scored by itself, under the heads that annotators spoke of;
/// and how many sentences are of another language.
fn scored(scorer: &Scorer, rated: &[Rated]) -> Result<(Vec<Rated>, usize)> {
    let name = scorer.name();
    let rater = Rater::Model(format!("{} {}", name.name, name.version));
    let annotated: Vec<&Record> =
        rated.iter().filter(|one| matches!(one.rater, Rater::Annotator(_))).map(|one| &one.record).collect();
    let (ours, others): (Vec<&Record>, Vec<&Record>) =
        annotated.into_iter().partition(|record| record.lang == scorer.lang() || record.lang == "und");
    let score = |record: &&Record| -> Result<Option<Rated>> {
        let offsets = Offsets::new(&record.text);
        let target =
            |stance: &crate::train::annotation::Stance| offsets.span_of_chars(stance.target.start, stance.target.end);
        let targets = record.stances.iter().flatten().filter_map(target).collect();
        let document = Document::new(record.id.clone(), record.text.clone()).with_targets(targets);
        let report = scorer.score(&document, &Options { unit: Unit::Sentence, ..Options::default() })?;
        let Some(said) = seen::record(&document, &report, 0) else { return Ok(None) };
        let said = judgement::under(&said, &judgement::heads(record));
        Ok(Some(Rated {
            rater: rater.clone(),
            record: Record { group: record.group.clone(), text: record.text.clone(), ..said },
        }))
    };
    let fresh: Vec<Option<Rated>> = ours.par_iter().map(score).collect::<Result<_>>()?;
    Ok((fresh.into_iter().flatten().collect(), others.len()))
}
