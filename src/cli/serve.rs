//! `parallax serve`: the models, answering over HTTP.
//!
//! In: [`Serve`], the arguments. Out: nothing but where it listens, on standard error; it runs until it is asked to stop
//! (SIGINT, SIGTERM). Start at `run`. What it answers is in [`crate::serve`].

use super::asked;
use super::console::Console;
use super::{Outcome, Shared};
use crate::corpus::read_aliases;
use crate::error::{Error, Result};
use crate::label::store;
use crate::model::bundle::CARD;
use crate::model::container::Manifest;
use crate::model::versions::{self, Versions};
use crate::score::{Desk, Scorer};
use crate::serve::corrections::{Corrections, Now};
use crate::serve::limits::MOST_DOCUMENTS;
use crate::serve::{Access, App, Clock, Limits, Loaded, Retraining, Served, serve};
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::net::TcpListener;
use tokio::runtime;

/// Threads that talk to clients: the work is done on those of `--threads`.
const TALKING: usize = 2;

/// Arguments of `parallax serve`.
#[derive(Debug, Args)]
#[command(
    after_help = "The API is described at /openapi.json. SIGINT or SIGTERM stop it, and let it finish what is in flight."
)]
pub struct Serve {
    /// Address to listen on; any but one of this machine alone needs a token
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Port to listen on, instead of that of --listen; 0 stands for any that is free
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Token that clients have to tell (`Authorization: Bearer TOKEN`)
    ///
    /// As an argument it can be read in the list of processes: better name it in the environment or a file.
    #[arg(long, value_name = "TOKEN", env = "PARALLAX_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// File whose first line is the token, instead of --token
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Bundle to score with, by its name or folder; may be given once a language [default: the bundle of each language]
    #[arg(long, short, value_name = "NAME|DIR")]
    pub model: Vec<String>,
    /// Language of all the text, such as `en` [default: told from the text, region by region]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    /// Names and what else they are called, in YAML: `ceasefire: [cease-fire, truce, هدنة]`
    #[arg(long, value_name = "FILE")]
    pub aliases: Option<PathBuf>,
    /// File that the page's corrections go into
    #[arg(long, value_name = "FILE", default_value = store::DEFAULT)]
    pub store: PathBuf,
    /// Folder that the versions of the models go into that are made of the corrections [default: parallax-versions, beside the
    /// store]
    #[arg(long, value_name = "DIR")]
    pub versions: Option<PathBuf>,
    /// What is refused, and when
    #[command(flatten)]
    pub bounds: Bounds,
}

/// Limits of `parallax serve`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct Bounds {
    /// Bytes of a request's body [default: 8388608]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_body: Option<u32>,
    /// Bytes of a document's text [default: 1048576]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_document: Option<u32>,
    /// Documents of a request [default: 256]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_DOCUMENTS as i64))]
    pub max_documents: Option<u32>,
    /// Bytes of an answer [default: 67108864]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_answer: Option<u32>,
    /// Bytes of all bodies and answers that are held at once [default: 536870912]
    #[arg(long, value_name = "BYTES")]
    pub max_held: Option<u32>,
    /// Requests that are worked on at once [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub concurrency: Option<u16>,
    /// Requests that may wait for that; others are told to come again [default: 512]
    #[arg(long, value_name = "N")]
    pub queue: Option<u16>,
    /// Open connections; others wait to be accepted [default: 768]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub connections: Option<u16>,
    /// Seconds from when a request was read to its answer [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..))]
    pub time_limit: Option<u16>,
    /// Seconds for a body to come, for a request's head, between requests, and for any more of an answer to be taken
    /// [default: 15]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..))]
    pub patience: Option<u16>,
    /// Seconds for what is in flight, when it is asked to stop [default: 10]
    #[arg(long, value_name = "SECONDS")]
    pub shutdown_time: Option<u16>,
}

impl Bounds {
    fn limits(&self, processors: usize) -> Limits {
        let default = Limits::default();
        let bytes = |asked: Option<u32>, default: usize| asked.and_then(|n| n.try_into().ok()).unwrap_or(default);
        let number = |asked: Option<u16>, default: usize| asked.map_or(default, Into::into);
        let time = |asked: Option<u16>, default| asked.map_or(default, |n| Duration::from_secs(n.into()));
        Limits {
            body_bytes: bytes(self.max_body, default.body_bytes),
            document_bytes: bytes(self.max_document, default.document_bytes),
            documents: bytes(self.max_documents, default.documents),
            answer_bytes: bytes(self.max_answer, default.answer_bytes),
            held_bytes: bytes(self.max_held, default.held_bytes),
            concurrency: number(self.concurrency, processors),
            queue: number(self.queue, default.queue),
            connections: number(self.connections, default.connections),
            request_time: time(self.time_limit, default.request_time),
            body_time: time(self.patience, default.body_time),
            idle_time: time(self.patience, default.idle_time),
            write_time: time(self.patience, default.write_time),
            shutdown_time: time(self.shutdown_time, default.shutdown_time),
        }
    }
}

impl Serve {
    /// The token, of its file if there is one.
    fn told_token(&self) -> Result<Option<String>> {
        let Some(path) = &self.token_file else { return Ok(self.token.clone()) };
        let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.clone(), source })?;
        Ok(Some(text.lines().next().unwrap_or_default().trim().to_owned()))
    }

    /// The versions of the bundles that answer.
    fn served(&self, shared: &Shared) -> Result<Served> {
        let beside = || self.store.parent().unwrap_or(Path::new("")).join(versions::DEFAULT);
        let folder = self.versions.clone().unwrap_or_else(beside);
        Served::new(Versions::new(folder), asked::folders(&self.model, self.lang.as_deref(), &shared.shelves())?)
    }

    /// The bundles, those of versions in use in place of theirs, and their cards by name.
    fn bundles(&self, shared: &Shared, served: &Served, console: &Console) -> Result<(Desk, BTreeMap<String, String>)> {
        let shelves = shared.shelves();
        let named = self.model.iter().filter_map(|model| shelves.find(Some(model), None).ok());
        let in_use = served.in_use()?;
        let mut cards = BTreeMap::new();
        for folder in in_use.values().cloned().chain(named).chain(shelves.bundles()) {
            let Ok(manifest) = Manifest::read(&folder) else { continue };
            if let Ok(card) = fs::read_to_string(folder.join(CARD)) {
                cards.entry(manifest.name).or_insert(card);
            }
        }
        let mut desk = Desk::named(&self.model, self.lang.as_deref(), &shelves)?;
        for (lang, folder) in in_use {
            let scorer = Scorer::open(&folder)?;
            console.note(&format!("{lang}: version {} of {}", scorer.name().version, folder.display()));
            desk = desk.replacing(scorer);
        }
        Ok((desk, cards))
    }
}

pub(super) fn run(args: &Serve, shared: &Shared, console: &Console) -> Result<Outcome> {
    let listen = SocketAddr::new(args.listen.ip(), args.port.unwrap_or(args.listen.port()));
    let access = Access::new(listen, args.told_token()?.as_deref())?;
    let aliases = args.aliases.as_deref().map(read_aliases).transpose()?.unwrap_or_default();
    let served = args.served(shared)?;
    let (desk, cards) = args.bundles(shared, &served, console)?;
    let pool = shared.pool()?;
    let limits = args.bounds.limits(pool.current_num_threads());
    let refused = |source: io::Error| Error::Settings {
        setting: "--listen".into(),
        found: format!("{listen}, where it cannot listen: {source}"),
        expected: "an address of this machine and a port that is free; --port 0 finds one".into(),
    };
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(TALKING)
        .max_blocking_threads(limits.concurrency + 2)
        .enable_all()
        .build()
        .map_err(refused)?;
    // Before the bundles are read, so that a port in use is said at once.
    let listener = runtime.block_on(TcpListener::bind(listen)).map_err(refused)?;
    let loaded = pool.install(|| Loaded::read(desk, aliases, cards))?;
    let address = listener.local_addr().map_err(refused)?;
    let started = Instant::now();
    let clock: Clock = Arc::new(move || started.elapsed());
    let now: Now = Arc::new(|| humantime::format_rfc3339_millis(SystemTime::now()).to_string());
    let corrections = Corrections::new(args.store.clone(), now);
    // Half of the threads at most, so that requests are answered meanwhile.
    let retraining = Retraining::new(served, pool.current_num_threads() / 2);
    let app = App::new(loaded, access, limits, Arc::new(pool), clock).keeping(corrections).retraining(retraining);
    let app = Arc::new(app);
    let done = runtime.block_on(async {
        let asked = stop_asked().map_err(refused)?;
        console.note(&format!("listening on http://{address}"));
        let stop = async {
            asked.await;
            console.note("asked to stop; finishing what is in flight");
        };
        Ok(serve(listener, app, stop).await)
    })?;
    runtime.shutdown_background();
    if done {
        return Ok(Outcome::Done);
    }
    console.complain("requests in flight were not finished in time, and were cut off");
    Ok(Outcome::Incomplete)
}

/// Is ready when the process is asked to stop.
#[cfg(unix)]
fn stop_asked() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Is ready when the process is asked to stop.
#[cfg(not(unix))]
fn stop_asked() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where that cannot be waited for, nothing stops it but its end.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
