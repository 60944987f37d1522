//! `POST /v1/score`: documents → reports, as `parallax score --format jsonl` writes them.
//!
//! In: a body that was read. Out: an [`Answer`]. Start at [`answer`].

use super::App;
use super::answer::{Answer, Bounded, too_large};
use super::asked::{Asked, Shape, Told};
use super::gate::Stop;
use super::problem::{Kind, Problem};
use super::sent::{Media, Sent};
use crate::report::json::Lines;
use crate::score::{Desk, Options, Route, Targets};
use crate::text::Document;
use rayon::prelude::*;
use std::sync::atomic::AtomicUsize;

/// Scores what a request holds.
///
/// # Errors
/// A problem, where the request cannot be followed, or nobody waits for it any more.
pub(super) fn answer(app: &App, sent: &Sent, stop: &Stop) -> Result<Answer, Problem> {
    let Asked { documents, shape, options, heads, targets } = Asked::to_score(sent, &app.limits)?;
    app.metrics.documents(documents.iter().map(|(document, _)| document.text().len()));
    let loaded = app.models.now();
    let desk = loaded.desk_for(heads, Targets::new(&targets, loaded.aliases().to_vec()))?;
    let routed = routed(&desk, documents, &options)?;
    let written = AtomicUsize::new(0);
    let scored = |(route, document): (Route, Document)| {
        stop.check()?;
        let report = desk.score_routed(&document, &route, &options)?;
        let mut lines = Lines::new(Bounded::new(&written, app.limits.answer_bytes));
        lines.write(&report).map_err(|_| too_large(app.limits.answer_bytes))?;
        Ok(lines.finish().into_bytes())
    };
    let reports: Vec<Result<Vec<u8>, Problem>> = routed.into_par_iter().map(scored).collect();
    let reports = reports.into_iter().collect::<Result<Vec<_>, Problem>>()?;
    Ok(match shape {
        Shape::One => Answer { media: Media::Json, bytes: reports.concat() },
        Shape::Lines => Answer { media: Media::Lines, bytes: reports.concat() },
        Shape::Array => {
            let objects: Vec<&[u8]> = reports.iter().map(|line| line.trim_ascii_end()).collect();
            Answer { media: Media::Json, bytes: [b"[", objects.join(&b",\n"[..]).as_slice(), b"]\n"].concat() }
        }
    })
}

/// The route of each document, with the bundles that it needs read.
pub(super) fn routed(desk: &Desk, documents: Vec<Told>, options: &Options) -> Result<Vec<(Route, Document)>, Problem> {
    let langs: Vec<&str> = desk.langs().collect();
    for (at, (_, lang)) in documents.iter().enumerate() {
        if let Some(lang) = lang.as_deref().filter(|lang| !langs.contains(lang)) {
            let (number, langs) = (at + 1, langs.join(", "));
            let detail = format!("document {number}: found the language {lang:?}; expected one with a model: {langs}");
            return Err(Problem::new(Kind::Unusable, detail));
        }
    }
    let route = |(document, lang): Told| match lang {
        Some(lang) => (Route::in_language(&document, options, &lang), document),
        None => (desk.route(&document, options), document),
    };
    let routed: Vec<_> = documents.into_par_iter().map(route).collect();
    // Before the threads, so that none of them has to.
    routed.iter().try_for_each(|(route, _)| desk.open(route))?;
    Ok(routed)
}
