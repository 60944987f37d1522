//! What is timed, by name.
//!
//! In: a [`Ground`], all that the work is done on. Out: named [`Work`], in the order of the rows. Start at [`jobs`].

use super::Subject;
use super::article::cut;
use super::reference::Reference;
use super::rounds::Work;
use super::run::Group;
use super::stage::{Depth, Prepared, write};
use crate::error::{Error, Result};
use crate::heads::{SpanHeads, attribution, stance};
use crate::model::Bundle;
use crate::report::Report;
use crate::score::{Desk, Options, Scorer, Unit};
use crate::text::Document;
use rayon::prelude::*;
use std::cell::RefCell;
use std::hint::black_box;

/// Bytes of what is called an article here.
const ARTICLE: usize = 5_000;

/// Where threads are compared, documents are given again until each thread has so many, or there are so many bytes.
const DOCUMENTS_A_THREAD: usize = 16;
const BYTES_AGAIN: usize = 8 << 20;

/// A stage of which others are parts, or that is a part of others: `rows.rs` tells them by name.
pub(super) const ROUTE: &str = "regions and languages";
pub(super) const SENTENCES: &str = "sentences";
pub(super) const NOISE: &str = "noise";
pub(super) const QUOTES: &str = "quoted passages";
/// These three are timed each with all before it.
pub(super) const TOKENS: &str = "tokens and names";
pub(super) const SPANS: &str = "span heads";
pub(super) const LOGITS: &str = "sentence heads";
pub(super) const WHOLE: &str = "whole document";

/// What the row without heads is called, which others are told by.
pub(super) const NO_HEAD: &str = "no head";

/// The row of the sentence heads of sentences that are cut already.
pub(super) const READY: &str = "ready sentences, no report";

/// The two sides of the speed-up.
pub(super) const ONE: &str = "one thread";
pub(super) const ALL: &str = "all threads";

/// The two kinds of documents whose times are told.
pub(super) const DOCUMENTS: &str = "documents";
pub(super) const ARTICLES: &str = "articles of 5 kB";

/// What a row is of, and its name.
pub(super) type Name = (Group, String);

/// All that the work is done on.
pub(super) struct Ground<'a> {
    pub subject: &'a Subject<'a>,
    pub prepared: RefCell<Prepared<'a>>,
    pub scorers: Vec<&'a Scorer>,
    pub articles: Vec<Document>,
    /// How many times the documents are given where threads are compared.
    pub again: usize,
    reports: Vec<Report>,
    buffer: RefCell<Vec<u8>>,
    reference: Reference,
}

impl<'a> Ground<'a> {
    /// # Errors
    /// As [`Desk::score`].
    pub fn new(subject: &'a Subject<'a>, prepared: Prepared<'a>) -> Result<Self> {
        let Subject { desk, documents, options, pool, .. } = *subject;
        let articles = match options.unit {
            Unit::Document => cut(documents, ARTICLE, |document| desk.route(document, &options).lang),
            Unit::Sentence => Vec::new(),
        };
        let bytes: usize = documents.iter().map(|document| document.text().len()).sum();
        let enough = (DOCUMENTS_A_THREAD * pool.current_num_threads()).div_ceil(documents.len().max(1));
        let again = enough.min(BYTES_AGAIN / bytes.max(1)).max(1);
        let reports = documents.iter().map(|document| desk.score(document, &options)).collect::<Result<_>>()?;
        Ok(Self {
            subject,
            scorers: prepared.scorers().collect(),
            prepared: RefCell::new(prepared),
            articles,
            again,
            reports,
            buffer: RefCell::default(),
            reference: Reference::default(),
        })
    }

    /// A stage that cannot fail.
    fn stage(&'a self, name: &str, run: impl Fn(&Prepared<'a>) + 'a) -> (Name, Work<'a>) {
        whole(Group::Stage, name, move || {
            run(&self.prepared.borrow());
            Ok(())
        })
    }

    /// The sentences, read that far.
    fn depth(&'a self, name: &str, depth: Depth) -> (Name, Work<'a>) {
        whole(Group::Stage, name, move || self.prepared.borrow_mut().read(depth))
    }

    fn of_documents(&'a self, name: &str, documents: &'a [Document]) -> (Name, Work<'a>) {
        let Subject { desk, options, .. } = *self.subject;
        let one = move |item: usize| documents.get(item).map_or(Ok(()), |document| scored(desk, document, &options));
        ((Group::Latency, name.to_owned()), Work::items(documents.len(), one))
    }
}

/// All of the work; `read` reads the input once more, `start` starts the program.
///
/// # Errors
/// As [`Scorer::open`].
pub(super) fn jobs<'a>(
    ground: &'a Ground<'a>,
    read: &'a (dyn Fn() -> Result<()> + Sync),
    start: Option<&'a (dyn Fn() -> Result<()> + Sync)>,
) -> Result<Vec<(Name, Work<'a>)>> {
    let Subject { documents, options, pool, folders, .. } = *ground.subject;
    let mut jobs = vec![
        whole(Group::Reference, "reference loop", || {
            black_box(ground.reference.run());
            Ok(())
        }),
        whole(Group::Stage, "reading", read),
        ground.stage(ROUTE, Prepared::route),
        ground.stage(SENTENCES, Prepared::segment),
        ground.stage(NOISE, Prepared::damage),
        ground.stage(QUOTES, Prepared::quote),
        ground.depth(TOKENS, Depth::Tokens),
        ground.depth(SPANS, Depth::Spans),
        ground.depth(LOGITS, Depth::Logits),
        whole(Group::Stage, WHOLE, move || ground.prepared.borrow().score()),
        whole(Group::Stage, "report as JSON", || {
            let refused = |source| Error::Write { path: "<memory>".into(), source };
            write(&ground.reports, &mut ground.buffer.borrow_mut()).map_err(refused)
        }),
    ];
    jobs.extend(by_head(ground)?);
    jobs.push(ground.of_documents(DOCUMENTS, documents));
    if !ground.articles.is_empty() {
        jobs.push(ground.of_documents(ARTICLES, &ground.articles));
    }
    jobs.extend(start.map(|start| whole(Group::Load, "start-up", start)));
    for scorer in &ground.scorers {
        let Some((lang, folder)) = folders.iter().find(|(lang, _)| lang == scorer.lang()) else { continue };
        jobs.push(whole(Group::Load, format!("bundle {lang}"), move || {
            black_box(pool.install(|| Scorer::open(folder))?);
            Ok(())
        }));
        // Tables are made when the first sentence comes.
        let options = Options { unit: Unit::Sentence, ..options };
        jobs.push(whole(Group::Load, format!("bundle {lang} and a first sentence"), move || {
            let first = Document::new("first", "It rained.");
            black_box(pool.install(|| Scorer::open(folder)?.score(&first, &options))?);
            Ok(())
        }));
    }
    if pool.current_num_threads() > 1 {
        let (subject, again) = (ground.subject, ground.again);
        jobs.push(whole(Group::Threads, ONE, move || parallel(subject, again)));
        jobs.push(whole(Group::Threads, ALL, move || pool.install(|| parallel(subject, again))));
    }
    Ok(jobs)
}

fn whole<'a>(group: Group, name: impl Into<String>, run: impl FnMut() -> Result<()> + 'a) -> (Name, Work<'a>) {
    ((group, name.into()), Work::whole(run))
}

/// All documents, `again` times, on the threads of the pool that this is called in.
fn parallel(subject: &Subject<'_>, again: usize) -> Result<()> {
    let Subject { desk, documents, options, .. } = *subject;
    let each = (0..again).into_par_iter().flat_map(|_| documents.par_iter());
    each.try_for_each(|document| scored(desk, document, &options))
}

fn scored(desk: &Desk, document: &Document, options: &Options) -> Result<()> {
    black_box(desk.score(document, options)?);
    Ok(())
}

/// The whole with no head, and with each head alone, by what the row is called.
fn by_head<'a>(ground: &'a Ground<'a>) -> Result<Vec<(Name, Work<'a>)>> {
    let mut heads: Vec<&str> = Vec::new();
    for name in ground.scorers.iter().flat_map(|scorer| &scorer.bundle().manifest().heads) {
        if !heads.contains(&name.as_str()) {
            heads.push(name);
        }
    }
    let mut desks = Vec::with_capacity(heads.len() + 1);
    desks.extend(without_heads(ground)?.map(|desk| (NO_HEAD.to_owned(), desk)));
    for head in heads {
        // Holders are chosen from attributions' sources.
        let (name, asked) = match head {
            stance::NAME => (format!("{head}, {}", attribution::NAME), vec![attribution::NAME, head]),
            _ => (head.to_owned(), vec![head]),
        };
        desks.push((name, with_heads(ground, &asked)?));
    }
    let work =
        |(name, desk): (String, Desk)| whole(Group::Head, name, move || ground.prepared.borrow().score_by(&desk));
    let mut jobs: Vec<_> = desks.into_iter().map(work).collect();
    if ground.scorers.iter().any(|scorer| !scorer.bundle().heads().is_empty()) {
        jobs.push(whole(Group::Head, READY, move || ground.prepared.borrow().ready()));
    }
    Ok(jobs)
}

/// The bundles that have these heads, asked for no others.
fn with_heads(ground: &Ground<'_>, heads: &[&str]) -> Result<Desk> {
    let has = |scorer: &&Scorer| heads.iter().all(|head| scorer.bundle().manifest().heads.iter().any(|h| h == head));
    let langs: Vec<&str> = ground.scorers.iter().copied().filter(has).map(Scorer::lang).collect();
    let folders = ground.subject.folders.iter().filter(|(lang, _)| langs.contains(&lang.as_str())).cloned();
    let desk = Desk::of_folders(folders).toward(ground.subject.desk.targets().clone());
    desk.only(heads.iter().map(|head| (*head).to_owned()).collect())
}

/// The bundles without any head: what is left is told of every sentence. `None` where one of them has no span head, whose
/// selection leaves no sentence head.
fn without_heads(ground: &Ground<'_>) -> Result<Option<Desk>> {
    let mut bare = Vec::with_capacity(ground.scorers.len());
    for scorer in &ground.scorers {
        let folder = ground.subject.folders.iter().find(|(lang, _)| lang == scorer.lang());
        let Some((_, folder)) = folder else { return Ok(None) };
        let mut bundle = Bundle::load(folder)?;
        let Some(head) = bundle.span_heads().names().next() else { return Ok(None) };
        bundle.keep(&[head.to_owned()])?;
        bundle.fitted.spans = SpanHeads::default();
        bare.push(Scorer::new(bundle));
    }
    Ok(Desk::new(bare).ok())
}
