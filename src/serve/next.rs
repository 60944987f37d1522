//! `POST /v1/next`: documents → their sentences, those first that a reader's labels would teach most.
//!
//! In: a body that was read, as for `/v1/score`. Out: a [`NextAnswer`]. Start at `answer`. Nothing is left out for being
//! labelled: what is in the store is not told to clients.

use super::App;
use super::answer::{Answer, too_large};
use super::asked::Asked;
use super::gate::Stop;
use super::problem::Problem;
use super::read::reports;
use super::score::routed;
use super::sent::{Media, Sent};
use crate::label::next::{Candidate, Reason, Settings, candidate, candidates, queue, vector};
use crate::score::Targets;
use crate::text::Offsets;
use schemars::JsonSchema;
use serde::Serialize;

/// Sentences of a queue: more than somebody reads at a sitting.
const MOST: usize = 100;

/// What to read next.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextAnswer {
    /// The sentences, the first to be read first; at most 100.
    queue: Vec<NextSentence>,
    /// How many sentences there are to choose from.
    sentences: usize,
}

/// A sentence of the queue.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextSentence {
    /// The number of its document in the request, from 0.
    document: usize,
    /// Its language.
    lang: String,
    /// Its text.
    text: String,
    /// Its place, and why it is in the queue.
    #[serde(flatten)]
    reason: Reason,
}

/// Ranks what a request holds.
///
/// # Errors
/// As [`super::score::answer`]; a problem too for a head whose doubts cannot be told.
pub(super) fn answer(app: &App, sent: &Sent, stop: &Stop) -> Result<Answer, Problem> {
    let Asked { documents, options, heads, targets, .. } = Asked::to_score(sent, &app.limits)?;
    candidate::check_heads(&heads)?;
    app.metrics.documents(documents.iter().map(|(document, _)| document.text().len()));
    let loaded = app.models.now();
    let desk = &loaded.desk_for(heads.clone(), Targets::new(&targets, loaded.aliases().to_vec()))?;
    let read = reports(desk, routed(desk, documents, &options)?, &options, stop)?;
    let mut found: Vec<Candidate> = Vec::new();
    for (number, (document, report)) in read.iter().enumerate() {
        found.append(&mut candidates(desk, (number, document), report, &heads)?);
    }
    stop.check()?;
    let of = |candidate: &Candidate| vector(desk, &candidate.lang, &candidate.text);
    let next = queue(&found, &[], &of, &Settings { count: MOST, ..Settings::default() })?;
    let sentence = |(next, rank): (&crate::label::next::Next, usize)| {
        let candidate = &found[next.candidate];
        let offsets = Offsets::new(read[candidate.document].0.text());
        let reason = Reason::new(rank, next, candidate, &offsets, options.offsets);
        let (lang, text) = (candidate.lang.clone(), candidate.text.clone());
        NextSentence { document: candidate.document, lang, text, reason }
    };
    let queue = next.iter().zip(1..).map(sentence).collect();
    let bytes = serde_json::to_vec(&NextAnswer { queue, sentences: found.len() })?;
    if bytes.len() > app.limits.answer_bytes {
        return Err(too_large(app.limits.answer_bytes));
    }
    Ok(Answer { media: Media::Json, bytes })
}
