//! `POST /v1/compare`: tellings of one event → one comparison, as `parallax compare --format jsonl` writes it; and
//! `POST /v1/page/compare`: the same for the page, as `--format html` writes it.
//!
//! In: a body that was read. Out: an `Answer`. Start at `answer` or `shown`.

use super::App;
use super::answer::Answer;
use super::asked::Asked;
use super::gate::Stop;
use super::problem::{Kind, Problem};
use super::score::routed;
use super::sent::Sent;
use super::state::Alias;
use crate::compare::{MOST_OUTLETS, Told, compare, shared_targets};
use crate::report::comparison::Comparison;
use crate::report::html;
use crate::score::{Desk, Options, Route, Targets};
use crate::text::{Actors, Document};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// What the page shows of a comparison.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ComparisonPageAnswer {
    /// How many tellings are compared.
    outlets: usize,
    /// The comparison as elements of HTML, in which all text is escaped.
    html: String,
}

/// The key that documents are folded by: that of their outlet.
const GROUP: &str = "group";

/// Compares what a request holds.
///
/// # Errors
/// A problem, where the request cannot be followed, or nobody waits for it any more.
pub(super) fn answer(app: &App, sent: &Sent, stop: &Stop) -> Result<Answer, Problem> {
    let json = comparison(app, sent, stop)?.to_json(false).map_err(|_| Problem::internal())?;
    Answer::bounded(app, json.into_bytes())
}

/// Compares what a request holds, for the page.
///
/// # Errors
/// As [`answer`].
pub(super) fn shown(app: &App, sent: &Sent, stop: &Stop) -> Result<Answer, Problem> {
    let comparison = comparison(app, sent, stop)?;
    let shown =
        ComparisonPageAnswer { outlets: comparison.outlets.len(), html: html::comparison::sections(&comparison) };
    Answer::bounded(app, serde_json::to_vec(&shown)?)
}

fn comparison(app: &App, sent: &Sent, stop: &Stop) -> Result<Comparison, Problem> {
    let Asked { documents, options, heads, targets, .. } = Asked::to_compare(sent, &app.limits)?;
    let outlets: BTreeSet<&str> = documents.iter().map(|(document, _)| outlet(document)).collect();
    if outlets.len() > MOST_OUTLETS {
        let detail = format!("found {} outlets; expected at most {MOST_OUTLETS}", outlets.len());
        return Err(Problem::new(Kind::Unusable, detail).at("#/documents"));
    }
    app.metrics.documents(documents.iter().map(|(document, _)| document.text().len()));
    let group_by = documents.iter().any(|(document, _)| document.group().is_some()).then_some(GROUP);
    let langs: Vec<Option<String>> = documents.iter().map(|(_, lang)| lang.clone()).collect();

    let loaded = app.models.now();
    let aliases = loaded.aliases().to_vec();
    let actors = actors(&targets, aliases.clone());
    let mut desk = loaded.desk_for(heads, Targets::new(&targets, aliases.clone()).of_all())?;
    // Reports that are compared are in bytes; places are converted at the end.
    let reading = Options::default();
    let mut told = score(&desk, routed(&desk, documents, &reading)?, &reading, stop)?;
    if targets.is_empty() {
        // Each text chose its own targets; now all are asked about the same.
        desk = desk.toward(Targets::with_forms(shared_targets(&told, &actors), aliases).of_all());
        let documents = told.into_iter().map(|told| told.document).zip(langs).collect();
        told = score(&desk, routed(&desk, documents, &reading)?, &reading, stop)?;
    }
    stop.check()?;
    Ok(compare(&told, &desk, &actors, options.offsets, group_by)?)
}

/// Scores all documents, in order.
fn score(desk: &Desk, documents: Vec<(Route, Document)>, options: &Options, stop: &Stop) -> Result<Vec<Told>, Problem> {
    let told = |(route, document): (Route, Document)| {
        stop.check()?;
        let report = desk.score_routed(&document, &route, options)?;
        Ok(Told { outlet: outlet(&document).to_owned(), document, report })
    };
    let told: Vec<Result<Told, Problem>> = documents.into_par_iter().map(told).collect();
    told.into_iter().collect()
}

/// The outlet that a document is of: itself, where it is in no group.
fn outlet(document: &Document) -> &str {
    document.group().unwrap_or(document.id())
}

/// The actors of the table, the user's aliases and the targets.
fn actors(targets: &[String], mut aliases: Vec<Alias>) -> Actors {
    for target in targets {
        if !aliases.iter().any(|(name, forms)| name == target || forms.contains(target)) {
            aliases.push((target.clone(), vec![target.clone()]));
        }
    }
    Actors::with(aliases)
}
