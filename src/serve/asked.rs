//! What a request asks for: documents, and how to score them.
//!
//! In: a body that was read, `Sent`. Out: `Asked`. Start at `Asked::to_score`. [`ScoreRequest`] and
//! [`CompareRequest`] are what JSON bodies hold; in a body of another type there is no place for options, which stand in
//! the query then ([`Query`]).

use super::limits::{Limits, MOST_DOCUMENTS};
use super::problem::{Kind, Problem};
use super::sent::{Media, Sent};
use crate::corpus::{self, Inputs, Reading, Source};
use crate::error::Place;
use crate::score::{Options, Scope, Unit};
use crate::text::{Document, LONGEST_FORM, OffsetUnit, form_key};
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;
use std::io::Cursor;
use std::path::Path;

/// What documents without an id are called, with their number behind it.
const NAME: &str = "<request>";

/// Targets that a request may name.
const MOST_TARGETS: usize = 100;

/// `POST /v1/score`: one document (`text`), or several (`documents`), and how to score them.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreRequest {
    /// The text of a single document, whose report is answered as an object. Either this or `documents`.
    text: Option<String>,
    /// The single document's id.
    #[serde(default, deserialize_with = "id")]
    #[schemars(with = "Option<String>")]
    id: Option<String>,
    /// The documents, whose reports are answered as an array in their order.
    #[serde(default, deserialize_with = "documents")]
    #[schemars(with = "Option<Vec<DocumentRequest>>")]
    documents: Option<Vec<DocumentRequest>>,
    /// The language of all documents that do not name their own. Default: told from the text, region by region.
    lang: Option<String>,
    /// Whether a document is segmented or is one sentence. Default: `document`.
    #[serde(default)]
    unit: UnitName,
    /// Which regions are scored. Default: `article`.
    #[serde(default)]
    regions: RegionsName,
    /// What `start` and `end` count in the answer. Default: `bytes`.
    #[serde(default)]
    offsets: OffsetUnit,
    /// Whether reasons are given. Default: no.
    #[serde(default)]
    explain: bool,
    /// How many parts of each logit are listed, with `explain`. Default: all.
    top: Option<usize>,
    /// The heads to look for. Default: all.
    #[serde(default)]
    heads: Vec<String>,
    /// Toward whom or what stances are looked for. Default: what each document is about.
    #[serde(default)]
    targets: Vec<String>,
}

/// `POST /v1/compare`: several tellings of one event.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareRequest {
    /// The documents: of two outlets or more.
    #[serde(default, deserialize_with = "documents")]
    #[schemars(with = "Vec<DocumentRequest>")]
    documents: Option<Vec<DocumentRequest>>,
    /// The language of all documents that do not name their own. Default: told from the text, region by region.
    lang: Option<String>,
    /// What `start` and `end` count in the answer. Default: `bytes`.
    #[serde(default)]
    offsets: OffsetUnit,
    /// The heads to look for. Default: all.
    #[serde(default)]
    heads: Vec<String>,
    /// Toward whom or what stances are looked for. Default: what the documents are about.
    #[serde(default)]
    targets: Vec<String>,
}

/// A document of a request.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentRequest {
    /// Its id, a string or a number; no two may be alike. Default: `<request>:` and its number, from 1.
    #[serde(default, deserialize_with = "id")]
    #[schemars(with = "Option<String>")]
    id: Option<String>,
    /// Its text. Either this or `html`.
    text: Option<String>,
    /// A web page, whose article is the document: spans point into the key `text` of its report.
    html: Option<String>,
    /// Its language (ISO 639-1). Default: the request's.
    lang: Option<String>,
    /// Its outlet, in a comparison: documents of one group are folded into one. Either all documents have one or none.
    group: Option<String>,
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnitName {
    /// A document, to be cut into sentences.
    #[default]
    Document,
    /// One sentence.
    Sentence,
}

/// Which regions are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RegionsName {
    /// Headline and body; the others are masked.
    #[default]
    Article,
    /// The whole text, as body.
    All,
}

/// The options of a request whose body is no JSON object, behind the `?` of its path.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Query {
    /// The language of all documents. Default: told from the text, region by region.
    lang: Option<String>,
    /// Whether a document is segmented or is one sentence. Default: `document`.
    unit: UnitName,
    /// Which regions are scored. Default: `article`.
    regions: RegionsName,
    /// What `start` and `end` count in the answer, and in the `target` of a line. Default: `bytes`.
    offsets: OffsetUnit,
    /// Whether reasons are given. Default: no.
    explain: bool,
    /// How many parts of each logit are listed, with `explain`. Default: all.
    top: Option<usize>,
    /// The heads to look for, with commas between them. Default: all.
    heads: String,
    /// Toward whom or what stances are looked for. Default: what each document is about.
    target: Option<String>,
}

/// A document and its language, where that was told.
pub(super) type Told = (Document, Option<String>);

/// How the documents came, and so how the answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One document: one object.
    One,
    /// A list: an array.
    Array,
    /// A line each: a line each.
    Lines,
}

/// What a request asks for, checked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) documents: Vec<Told>,
    pub(super) shape: Shape,
    pub(super) options: Options,
    pub(super) heads: Vec<String>,
    pub(super) targets: Vec<String>,
}

impl Asked {
    /// What a request to score asks for.
    ///
    /// # Errors
    /// A problem, where the body cannot be read, does not hold together, or holds more than allowed.
    pub(super) fn to_score(sent: &Sent, limits: &Limits) -> Result<Self, Problem> {
        if sent.media != Media::Json {
            return Self::of_stream(sent, limits);
        }
        let request: ScoreRequest = json(sent)?;
        if request.top.is_some() && !request.explain {
            return Err(Problem::new(Kind::Unusable, "found `top` without `explain`; expected both").at("#/top"));
        }
        let (documents, shape) = match (request.text, request.documents) {
            (Some(text), None) => (
                vec![DocumentRequest { id: request.id, text: Some(text), html: None, lang: None, group: None }],
                Shape::One,
            ),
            (None, Some(documents)) if request.id.is_none() => (documents, Shape::Array),
            (None, Some(_)) => {
                let detail = "found `id` beside `documents`; expected an `id` in each of them";
                return Err(Problem::new(Kind::Unusable, detail).at("#/id"));
            }
            (text, _) => {
                let found =
                    if text.is_some() { "both `text` and `documents`" } else { "neither `text` nor `documents`" };
                let detail = format!("found {found}; expected {{\"text\": …}} or {{\"documents\": [{{\"text\": …}}]}}");
                return Err(Problem::new(Kind::Unusable, detail));
            }
        };
        let options = Options {
            unit: request.unit.into(),
            scope: request.regions.into(),
            offsets: request.offsets,
            explain: request.explain,
            top: request.top,
        };
        let documents = told(documents, shape, request.lang.as_deref(), limits)?;
        Self { documents, shape, options, heads: request.heads, targets: request.targets }.checked()
    }

    /// What a request to compare asks for. Documents are in groups, or none of them is.
    ///
    /// # Errors
    /// As [`Asked::to_score`].
    pub(super) fn to_compare(sent: &Sent, limits: &Limits) -> Result<Self, Problem> {
        let request: CompareRequest = json(sent)?;
        let documents = request.documents.unwrap_or_default();
        let grouped = documents.iter().filter(|document| document.group.is_some()).count();
        if grouped != 0 && grouped != documents.len() {
            let detail = format!("found a `group` in {grouped} of {} documents; expected it in all", documents.len());
            return Err(Problem::new(Kind::Unusable, detail).at("#/documents"));
        }
        let options = Options { offsets: request.offsets, ..Options::default() };
        let documents = told(documents, Shape::Array, request.lang.as_deref(), limits)?;
        Self { documents, shape: Shape::Array, options, heads: request.heads, targets: request.targets }.checked()
    }

    /// What a request with lines, a text or a page asks for: its documents are read as those of the program's inputs
    /// are.
    fn of_stream(sent: &Sent, limits: &Limits) -> Result<Self, Problem> {
        let query: Query = serde_urlencoded::from_str(&sent.query).map_err(|error| {
            Problem::new(Kind::Unusable, format!("found a query that cannot be followed: {error}; see /openapi.json"))
        })?;
        if query.top.is_some() && !query.explain {
            return Err(Problem::new(Kind::Unusable, "found `top` without `explain`; expected both"));
        }
        let kind = match sent.media {
            Media::Lines | Media::Json => corpus::Kind::Jsonl,
            Media::Text => corpus::Kind::Text,
            Media::Html => corpus::Kind::Html,
        };
        let reading = Reading { kind, offsets: query.offsets, raw: true, ..Reading::default() };
        let read = Box::new(Cursor::new(sent.bytes.clone()));
        let mut documents = Vec::new();
        for document in Inputs::new(vec![Source::Stream { name: NAME.into(), read }], reading) {
            let document = document?;
            let place = format!("document {}", documents.len() + 1);
            sized(document.text(), limits, &place)?;
            documents.push((document, query.lang.clone()));
            numbered(documents.len(), limits)?;
        }
        let options = Options {
            unit: query.unit.into(),
            scope: query.regions.into(),
            offsets: query.offsets,
            explain: query.explain,
            top: query.top,
        };
        let heads = query.heads.split(',').filter(|head| !head.is_empty()).map(str::to_owned).collect();
        let shape = if sent.media == Media::Lines { Shape::Lines } else { Shape::One };
        Self { documents, shape, options, heads, targets: query.target.into_iter().collect() }.checked()
    }

    /// Documents, of which there may be none, checked.
    ///
    /// # Errors
    /// As [`Asked::to_score`].
    pub(super) fn several(documents: Vec<DocumentRequest>, limits: &Limits) -> Result<Vec<Document>, Problem> {
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        Ok(told(documents, Shape::Array, None, limits)?.into_iter().map(|(document, _)| document).collect())
    }

    /// One document, checked.
    ///
    /// # Errors
    /// As [`Asked::to_score`].
    pub(super) fn one(document: DocumentRequest, limits: &Limits) -> Result<Vec<Told>, Problem> {
        told(vec![document], Shape::Array, None, limits)
    }

    /// Refuses targets that nothing can be found for.
    fn checked(self) -> Result<Self, Problem> {
        if self.targets.len() > MOST_TARGETS {
            let detail = format!("found {} targets; expected at most {MOST_TARGETS}", self.targets.len());
            return Err(Problem::new(Kind::Unusable, detail).at("#/targets"));
        }
        let is_bad = |name: &String| {
            let key = form_key(name);
            key.is_empty() || key.split(' ').count() > LONGEST_FORM
        };
        if let Some(at) = self.targets.iter().position(is_bad) {
            let detail = format!("found {:?}; expected a name of 1 to {LONGEST_FORM} words", self.targets[at]);
            return Err(Problem::new(Kind::Unusable, detail).at(format!("#/targets/{at}")));
        }
        Ok(self)
    }
}

/// Reads a JSON body, whose options are in it.
pub(super) fn json<T: DeserializeOwned>(sent: &Sent) -> Result<T, Problem> {
    if !sent.query.is_empty() {
        let detail = "found a query; expected the options in the JSON object";
        return Err(Problem::new(Kind::Unusable, detail));
    }
    let text = std::str::from_utf8(&sent.bytes).map_err(|error| {
        let detail = format!("found bytes that are not UTF-8, the first at byte offset {}", error.valid_up_to());
        Problem::new(Kind::NotUtf8, detail)
    })?;
    // Some write a byte-order mark before their JSON.
    Ok(serde_json::from_str(text.trim_start_matches('\u{feff}'))?)
}

/// The documents of a JSON body, checked.
fn told(sent: Vec<DocumentRequest>, shape: Shape, lang: Option<&str>, limits: &Limits) -> Result<Vec<Told>, Problem> {
    numbered(sent.len(), limits)?;
    let mut ids = HashSet::new();
    let mut documents = Vec::with_capacity(sent.len());
    for (at, document) in sent.into_iter().enumerate() {
        let (path, called) = match shape {
            Shape::One => ("#".to_owned(), NAME.to_owned()),
            Shape::Array | Shape::Lines => (format!("#/documents/{at}"), format!("{NAME}:{}", at + 1)),
        };
        let id = document.id.unwrap_or(called);
        if !ids.insert(id.clone()) {
            let detail = format!("found the id {id:?} a second time; expected an id of its own for each document");
            return Err(Problem::new(Kind::Unusable, detail).at(format!("{path}/id")));
        }
        let told = match (document.text, document.html) {
            (Some(text), None) => Document::new(id, text),
            (None, Some(html)) => of_page(id, &html).map_err(|problem| problem.at(format!("{path}/html")))?,
            (text, _) => {
                let found = if text.is_some() { "both `text` and `html`" } else { "neither `text` nor `html`" };
                return Err(Problem::new(Kind::Unusable, format!("found {found}; expected one of them")).at(path));
            }
        };
        if told.text().trim_start_matches('\u{feff}').trim().is_empty() {
            let detail = "found an empty `text`; expected an article; leave the document out, or put its text in";
            return Err(Problem::new(Kind::Unusable, detail).at(format!("{path}/text")));
        }
        sized(told.text(), limits, "text").map_err(|problem| problem.at(format!("{path}/text")))?;
        let told = match document.group {
            Some(group) if group.trim().is_empty() => {
                let detail = "found an empty `group`; expected an outlet's name, or no `group` in any document";
                return Err(Problem::new(Kind::Unusable, detail).at(format!("{path}/group")));
            }
            Some(group) => told.in_group(group),
            None => told,
        };
        documents.push((told, document.lang.or_else(|| lang.map(str::to_owned))));
    }
    Ok(documents)
}

/// The article of a web page. Whatever encoding the page names, a JSON body is UTF-8.
fn of_page(id: String, html: &str) -> Result<Document, Problem> {
    let bytes = format!("\u{feff}{}", html.trim_start_matches('\u{feff}'));
    Ok(corpus::html::document(&Place::file(Path::new(NAME)), id, bytes.as_bytes(), false)?)
}

fn sized(text: &str, limits: &Limits, what: &str) -> Result<(), Problem> {
    if text.len() <= limits.document_bytes {
        return Ok(());
    }
    let detail = format!(
        "found {} bytes as {what}; expected at most {}; cut it into articles",
        text.len(),
        limits.document_bytes
    );
    Err(Problem::new(Kind::DocumentTooLarge, detail))
}

fn numbered(found: usize, limits: &Limits) -> Result<(), Problem> {
    let most = limits.documents.min(MOST_DOCUMENTS);
    if found == 0 {
        let detail = "found no document; expected at least one";
        return Err(Problem::new(Kind::Unusable, detail).at("#/documents"));
    }
    if found <= most {
        return Ok(());
    }
    let detail = format!("found {found} documents or more; expected at most {most}; send them in several requests");
    Err(Problem::new(Kind::TooManyDocuments, detail))
}

impl From<UnitName> for Unit {
    fn from(name: UnitName) -> Self {
        match name {
            UnitName::Document => Self::Document,
            UnitName::Sentence => Self::Sentence,
        }
    }
}

impl From<RegionsName> for Scope {
    fn from(name: RegionsName) -> Self {
        match name {
            RegionsName::Article => Self::Article,
            RegionsName::All => Self::All,
        }
    }
}

/// An id: a string, or a number as it is written.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(id) => Ok(Some(id)),
        Value::Number(id) => Ok(Some(id.to_string())),
        _ => Err(D::Error::custom("an `id` that is neither a string nor a number")),
    }
}

/// Documents, of which no more are kept than may ever be sent.
fn documents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<DocumentRequest>>, D::Error> {
    struct Bounded;
    impl<'de> Visitor<'de> for Bounded {
        type Value = Vec<DocumentRequest>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of documents")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut documents = Vec::new();
            while let Some(document) = list.next_element()? {
                if documents.len() == MOST_DOCUMENTS {
                    return Err(A::Error::custom(format!("more than {MOST_DOCUMENTS} documents")));
                }
                documents.push(document);
            }
            Ok(documents)
        }
    }
    deserializer.deserialize_seq(Bounded).map(Some)
}
