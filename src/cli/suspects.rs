//! `parallax label suspects`: labelled sentences → those whose labels models contradict which did not see them.
//!
//! In: [`Suspects`], the arguments. Out: a list by head, as text or JSON Lines. Start at `run`. The models are those of
//! `parallax evaluate --cv`: a recipe, fitted once without each fold of whole groups.

use super::console::Console;
use super::label::{StoreFile, said};
use super::next::ListFormat;
use super::{Outcome, Shared, output};
use crate::error::{Error, Place, Result};
use crate::evaluate::Scored;
use crate::heads::{attribution, loaded, stance};
use crate::label::suspects::{Suspect, suspects};
use crate::label::{Store, records};
use crate::model::Bundle;
use crate::train::crossval::{HeldOut, cross_validate};
use crate::train::prepare::{self, Base, Example, Origin};
use crate::train::record::{self, Record};
use crate::train::sources::Sources;
use crate::train::{ParallaxParams, ParallaxValidParams};
use clap::Args;
use linfa::ParamGuard;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Mutex;

/// Arguments of `parallax label suspects`.
#[derive(Debug, Args)]
#[command(
    after_help = "A suspect is to be read again, not to be changed unread: a rare or hard sentence looks wrong too."
)]
pub struct Suspects {
    /// Where corrections are.
    #[command(flatten)]
    pub file: StoreFile,
    /// Look through these labelled sentences (JSONL) instead of the store's; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "store")]
    pub data: Vec<PathBuf>,
    /// Recipe of the models [default: training/recipes/LANG.toml; with --only-data and without that, every setting's
    /// default]
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
    /// Train on the labelled sentences alone, without those that come with parallax, which is much faster
    #[arg(long)]
    pub only_data: bool,
    /// Bundle whose tokenizer and token vectors are used, by its name or folder; its language is that of the sentences
    #[arg(long, value_name = "NAME|DIR", default_value = "en")]
    pub base: String,
    /// Folds of whole groups
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=100))]
    pub folds: u16,
    /// Look through the labels of these sentence heads alone, with commas between them [default: all]
    #[arg(long, value_name = "HEADS", value_delimiter = ',')]
    pub heads: Vec<String>,
    /// Sentences a head at most
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    pub count: usize,
    /// How to write the list
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Write to a file, which is replaced when all is done
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Stop at the first record that cannot be used
    #[arg(long)]
    pub strict: bool,
}

/// Labelled sentences, each with its place.
type Labelled = Vec<(Place, Record)>;

pub(super) fn run(args: &Suspects, shared: &Shared, console: &mut Console) -> Result<Outcome> {
    let base = Bundle::load(&shared.shelves().find(Some(&args.base), None)?)?;
    let params = args.params(&base.manifest().lang)?;
    let (mut labelled, is_whole) = args.labelled(console)?;
    let heads = args.heads(&labelled, &params, console)?;
    let is_used = |record: &Record| {
        (record.lang == params.lang || record.lang == "und")
            && heads.iter().any(|head| record.labels.contains_key(head))
    };
    labelled.retain(|(_, record)| is_used(record));
    let sources = Sources::of_records(&params, labelled.iter().map(|(_, record)| record.clone()).collect())?;
    console.start_count("fits", None);
    let advance = Mutex::new(&mut *console);
    let progress = |_: usize, _: &str| {
        if let Ok(console) = advance.lock() {
            console.advance(1);
        }
    };
    // The base's own mask has seen texts that may be held out here; each round learns one anew.
    let mask = base.mask().lists();
    let ground = Base { tokenizer: base.tokenizer(), vectors: base.vectors(), words: base.words(), mask: &mask };
    let folds = u32::from(args.folds);
    let fit = || cross_validate(&params, &sources.examples, Some(&heads), folds, ground, &progress);
    let held_out = shared.pool()?.install(fit)?;
    console.end_count();
    let text = match args.format {
        ListFormat::Text => in_words(&held_out, &labelled, args.count),
        ListFormat::Jsonl => lines(&held_out, &labelled, args.count),
    };
    output::write_all(args.out.as_deref(), text.as_bytes())?;
    Ok(if is_whole { Outcome::Done } else { Outcome::Incomplete })
}

impl Suspects {
    /// The recipe of the models, for sentences in `lang`.
    fn params(&self, lang: &str) -> Result<ParallaxValidParams> {
        let usual = PathBuf::from(format!("training/recipes/{lang}.toml"));
        let path = self.recipe.as_ref().unwrap_or(&usual);
        let needs_none = self.only_data && self.recipe.is_none() && !path.exists();
        let params = if needs_none { ParallaxParams::default().lang(lang) } else { ParallaxParams::read(path)?.0 };
        let params = if self.only_data { params.without_families() } else { params }.check()?;
        if params.lang == lang {
            return Ok(params);
        }
        Err(Error::Settings {
            setting: "--recipe".into(),
            found: format!("a recipe for `{}`", params.lang),
            expected: format!("one for `{lang}`, the language of --base"),
        })
    }

    /// The labelled sentences, and whether all of them could be used.
    fn labelled(&self, console: &Console) -> Result<(Labelled, bool)> {
        if self.data.is_empty() {
            let all = records(&Store::existing(&self.file.store)?.all()?);
            let placed = all.into_iter().map(|one| (Place::file(&self.file.store), one.record));
            return Ok((placed.collect(), true));
        }
        let (mut all, mut is_whole) = (Vec::new(), true);
        for path in &self.data {
            let (records, errors) = record::read_by_line(path)?;
            is_whole &= said(errors, self.strict, console)?;
            all.extend(records.into_iter().map(|(line, record)| (Place::line(path, line), record)));
        }
        Ok((all, is_whole))
    }

    /// The sentence heads whose labels are looked through: those that have several classes.
    fn heads(&self, labelled: &Labelled, params: &ParallaxValidParams, console: &Console) -> Result<Vec<String>> {
        let marks_places = [loaded::NAME, attribution::NAME, stance::NAME];
        if let Some(head) = self.heads.iter().find(|head| marks_places.contains(&head.as_str())) {
            return Err(Error::Settings {
                setting: "--heads".into(),
                found: format!("`{head}`, which marks places"),
                expected: "heads that label sentences".into(),
            });
        }
        let there: BTreeSet<&String> = labelled.iter().flat_map(|(_, record)| record.labels.keys()).collect();
        let asked = |head: &&String| match self.heads.as_slice() {
            [] => !params.auxiliary.contains(head),
            asked => asked.contains(head),
        };
        let example =
            |(_, record): &(Place, Record)| Example { record: record.clone(), origin: Origin::Labelled, weight: 1.0 };
        let examples: Vec<Example> = labelled.iter().map(example).collect();
        let mut heads = Vec::new();
        for head in there.into_iter().filter(asked) {
            let classes = prepare::classes(&examples, head);
            match classes.as_slice() {
                [_, _, ..] => heads.push(head.clone()),
                [only] => console.note(&format!("{head}: all labels are `{only}`: nothing to compare them with")),
                [] => {}
            }
        }
        if let Some(missing) = self.heads.iter().find(|asked| !heads.contains(asked)) {
            return Err(none(format!("no labels of `{missing}` of two classes or more")));
        }
        if heads.is_empty() { Err(none("no labels of two classes or more".into())) } else { Ok(heads) }
    }
}

fn none(found: String) -> Error {
    Error::Data {
        what: "labelled sentences".into(),
        found,
        expected: "sentences labelled under a sentence head".into(),
        cure: "name labelled sentences with --data, or a store with --store".into(),
    }
}

/// The sentences that a head's rows are of, and its suspects.
fn of_head<'h>(held_out: &'h HeldOut, rows: &'h Scored) -> Option<(&'h [usize], Vec<Suspect>)> {
    Some((held_out.examples.get(rows.head())?, suspects(rows)))
}

fn in_words(held_out: &HeldOut, labelled: &Labelled, count: usize) -> String {
    let mut text = String::new();
    for rows in &held_out.rows {
        let Some((examples, suspects)) = of_head(held_out, rows) else { continue };
        let (head, n, found) = (rows.head(), rows.len(), suspects.len());
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{head}: {n} labels, {found} contradicted by models that did not see them");
        for suspect in suspects.iter().take(count) {
            let (place, record) = &labelled[examples[suspect.row]];
            let class = |class: usize| &rows.classes()[class];
            let _ = writeln!(
                text,
                "\n{place}  {}\n  labelled {} ({:.2}), held out {} ({:.2})\n  {}",
                record.id.replace(char::is_control, " "),
                class(suspect.labelled),
                suspect.p_labelled,
                class(suspect.other),
                suspect.p_other,
                record.text.replace(char::is_control, " "),
            );
        }
    }
    text
}

fn lines(held_out: &HeldOut, labelled: &Labelled, count: usize) -> String {
    let mut text = String::new();
    let round = |number: f64| (number * 1e6).round() / 1e6;
    for rows in &held_out.rows {
        let Some((examples, suspects)) = of_head(held_out, rows) else { continue };
        for (suspect, rank) in suspects.iter().take(count).zip(1..) {
            let (place, record) = &labelled[examples[suspect.row]];
            let line = json!({
                "head": rows.head(),
                "rank": rank,
                "file": place.path,
                "line": place.line,
                "id": record.id,
                "group": record.group,
                "annotator": record.annotator,
                "label": rows.classes()[suspect.labelled],
                "p_label": round(suspect.p_labelled),
                "held_out": rows.classes()[suspect.other],
                "p_held_out": round(suspect.p_other),
                "text": record.text,
            });
            let _ = writeln!(text, "{line}");
        }
    }
    text
}
