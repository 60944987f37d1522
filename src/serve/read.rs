//! `POST /v1/page`: documents → what the page shows of them.
//!
//! In: a body that was read, as for `/v1/score`. Out: an [`Answer`]: the reports, and the markup of the articles with their
//! marks. Start at [`answer`]. The page knows each mark by its number in the report, so both come of one scoring.

use super::App;
use super::answer::Answer;
use super::asked::Asked;
use super::gate::Stop;
use super::problem::Problem;
use super::score::routed;
use super::sent::Sent;
use crate::report::{Report, html};
use crate::score::{Desk, Options, Route, Targets};
use crate::text::{Document, OffsetUnit};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

/// Reasons that are shown a logit.
const REASONS: usize = 8;

/// What the page shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PageAnswer {
    /// The reports, in the order of the documents; offsets count code points.
    reports: Vec<Report>,
    /// Articles, summaries and reasons as elements of HTML, in which all text is escaped.
    html: String,
}

/// Reads what a request holds, for the page.
///
/// # Errors
/// As [`super::score::answer`].
pub(super) fn answer(app: &App, sent: &Sent, stop: &Stop) -> Result<Answer, Problem> {
    let Asked { documents, options, heads, targets, .. } = Asked::to_score(sent, &app.limits)?;
    let options = Options { offsets: OffsetUnit::Chars, explain: true, top: Some(REASONS), ..options };
    app.metrics.documents(documents.iter().map(|(document, _)| document.text().len()));
    let loaded = app.models.now();
    let desk = loaded.desk_for(heads, Targets::new(&targets, loaded.aliases().to_vec()))?;
    let read = reports(&desk, routed(&desk, documents, &options)?, &options, stop)?;
    let html = html::sections(&read);
    let reports = read.into_iter().map(|(_, report)| report).collect();
    Answer::bounded(app, serde_json::to_vec(&PageAnswer { reports, html })?)
}

/// The reports, each with its document, in order.
pub(super) fn reports(
    desk: &Desk,
    documents: Vec<(Route, Document)>,
    options: &Options,
    stop: &Stop,
) -> Result<Vec<(Document, Report)>, Problem> {
    let scored = |(route, document): (Route, Document)| {
        stop.check()?;
        let report = desk.score_routed(&document, &route, options)?;
        Ok((document, report))
    };
    let scored: Vec<Result<_, Problem>> = documents.into_par_iter().map(scored).collect();
    scored.into_iter().collect()
}
