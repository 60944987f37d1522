//! What a new model says otherwise than the one before: sentence by sentence, with the terms that moved most.
//!
//! In: two desks and documents, the reference corpus. Out: [`Verdicts`]. Start at [`verdicts`]. Both score the documents
//! whole, as a user's would be, so a verdict that changes here changes in reports.

use crate::error::Result;
use crate::report::{AttributionReport, Explanation, HeadScore, LoadedReport, Report, SentenceReport};
use crate::score::{Desk, Options};
use crate::text::Document;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Terms that are named for a verdict, at most.
const MOST_OF_VERDICT: usize = 5;
/// Terms that are named for a class over all documents, at most.
const MOST_OF_CLASS: usize = 8;
/// What stands between a cue's class and its source and content.
const OF_CUE: &str = "; ";
/// A term moves by more than this, in logits, or it is not named.
const LEAST: f64 = 0.005;

/// By head and class, how often each term stands there and by how much it moved in all.
type OfClasses = BTreeMap<(String, String), BTreeMap<String, (usize, f64)>>;

/// Every verdict that is another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdicts {
    /// Documents of the reference corpus.
    pub documents: usize,
    /// Sentences that were scored in them.
    pub sentences: usize,
    /// By head, how many verdicts are others, and in which direction.
    pub heads: Vec<HeadVerdicts>,
    /// Each of them, in the order of the documents.
    pub changes: Vec<Verdict>,
    /// By head and class, the terms that moved most over all documents.
    pub terms: Vec<MovedTerm>,
}

/// The verdicts of one head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadVerdicts {
    /// The head.
    pub head: String,
    /// How many verdicts are others: sentences with another label; terms or cues that are found by one model alone, or
    /// marked otherwise.
    pub changed: usize,
    /// How many verdicts there were to change: sentences; terms or cues that either found.
    pub of: usize,
    /// How often each change was made, the most frequent first.
    pub directions: Vec<Direction>,
}

/// A change of label; `None` is no mark at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Direction {
    /// The label before.
    pub from: Option<String>,
    /// The label after.
    pub to: Option<String>,
    /// How often.
    pub count: usize,
}

/// A verdict that is another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The document's id.
    pub document: String,
    /// The sentence's number in it, from 0.
    pub sentence: usize,
    /// First byte of the sentence, the term or the cue.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Its text.
    pub text: String,
    /// The head.
    pub head: String,
    /// The label before; of a cue with source and content where these are what changes.
    pub from: Option<String>,
    /// The label after.
    pub to: Option<String>,
    /// The probability, before, of the label after; of a term or a cue that it is one. `None` where none was found.
    pub before: Option<f64>,
    /// The same after.
    pub after: Option<f64>,
    /// The terms that moved most, in logits of the label after (of `1`, for a yes-or-no head).
    pub terms: Vec<Moved>,
}

/// A term whose part in a logit moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The term as it stands in the text.
    pub text: String,
    /// By how much, in logits.
    pub by: f64,
}

/// A term whose part moved over all documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MovedTerm {
    /// The head.
    pub head: String,
    /// The class whose logit it is a part of.
    pub class: String,
    /// The term, in lower case.
    pub term: String,
    /// How often it stands in the documents.
    pub times: usize,
    /// By how much it moved each time, on average, in logits.
    pub by: f64,
}

/// Sets two models beside each other on these documents, `new` being the one after.
///
/// # Errors
/// As [`Desk::score`].
pub fn verdicts(old: &Desk, new: &Desk, documents: &[Document]) -> Result<Verdicts> {
    let options = Options { explain: true, ..Options::default() };
    let pairs: Vec<(Report, Report)> = documents
        .par_iter()
        .map(|document| Ok((old.score(document, &options)?, new.score(document, &options)?)))
        .collect::<Result<_>>()?;
    let mut changes = Vec::new();
    let mut looked: BTreeMap<String, usize> = BTreeMap::new();
    let mut moved: OfClasses = BTreeMap::new();
    let mut sentences = 0;
    for (document, (old, new)) in documents.iter().zip(&pairs) {
        let before = changes.len();
        sentences += new.sentences.len();
        let places: BTreeMap<(usize, usize), &SentenceReport> =
            old.sentences.iter().map(|sentence| ((sentence.start, sentence.end), sentence)).collect();
        for (number, new) in new.sentences.iter().enumerate() {
            let Some(old) = places.get(&(new.start, new.end)) else { continue };
            for (head, _) in &new.labels {
                *looked.entry(head.to_owned()).or_default() += 1;
            }
            of_sentence(document, number, old, new, &mut changes);
            count_moved(old, new, &mut moved);
        }
        for (head, of) in [("loaded", terms(old, new)), ("attribution", cues(old, new))] {
            if let Some((both, verdicts)) = of {
                *looked.entry(head.to_owned()).or_default() += both;
                changes.extend(verdicts.into_iter().map(|v| Verdict { document: document.id().to_owned(), ..v }));
            }
        }
        changes[before..].sort_by_key(|verdict| (verdict.sentence, verdict.start));
    }
    let heads = looked.into_iter().map(|(head, of)| of_head(head, of, &changes)).collect();
    Ok(Verdicts { documents: documents.len(), sentences, heads, changes, terms: most_moved(moved) })
}

fn of_head(head: String, of: usize, changes: &[Verdict]) -> HeadVerdicts {
    let mut counts: BTreeMap<(Option<&str>, Option<&str>), usize> = BTreeMap::new();
    let of_this = changes.iter().filter(|verdict| verdict.head == head);
    // Of a cue the class alone is a direction.
    fn plain(label: &Option<String>) -> Option<&str> {
        label.as_deref().map(|label| label.split_once(OF_CUE).map_or(label, |(class, _)| class))
    }
    let mut changed = 0;
    for verdict in of_this {
        *counts.entry((plain(&verdict.from), plain(&verdict.to))).or_default() += 1;
        changed += 1;
    }
    let own = |label: Option<&str>| label.map(str::to_owned);
    let mut directions: Vec<Direction> =
        counts.into_iter().map(|((from, to), count)| Direction { from: own(from), to: own(to), count }).collect();
    directions.sort_by_key(|direction| std::cmp::Reverse(direction.count));
    HeadVerdicts { head, changed, of, directions }
}

/// The sentence's labels that are others.
fn of_sentence(document: &Document, number: usize, old: &SentenceReport, new: &SentenceReport, to: &mut Vec<Verdict>) {
    for (head, label) in &new.labels {
        let Some(before) = old.labels.get(head).filter(|before| *before != label) else { continue };
        let p = |report: &SentenceReport| {
            Some(match report.heads.get(head)? {
                HeadScore::Binary(p) => {
                    if **label == *"1" {
                        *p
                    } else {
                        1.0 - p
                    }
                }
                HeadScore::Classes(classes) => *classes.get(label)?,
            })
        };
        let is_of = |e: &&Explanation| e.head == head && (e.class == "1" || e.class == **label);
        let explained = |report: &'_ SentenceReport| report.explain.iter().find(is_of).cloned();
        let terms = explained(old).zip(explained(new)).map(|(old, new)| moved(&old, &new)).unwrap_or_default();
        to.push(Verdict {
            document: document.id().to_owned(),
            sentence: number,
            start: new.start,
            end: new.end,
            text: document.text().get(new.start..new.end).unwrap_or_default().to_owned(),
            head: head.to_owned(),
            from: Some(before.to_string()),
            to: Some(label.to_string()),
            before: p(old),
            after: p(new),
            terms,
        });
    }
}

/// The tokens whose parts moved most, first the one that moved most.
fn moved(old: &Explanation, new: &Explanation) -> Vec<Moved> {
    let mut moved: Vec<(usize, Moved)> = each_moved(old, new)
        .map(|(start, text, by)| (start, Moved { text: text.to_owned(), by }))
        .filter(|(_, moved)| is_named(&moved.text, moved.by))
        .collect();
    moved.sort_by(|a, b| b.1.by.abs().total_cmp(&a.1.by.abs()).then(a.0.cmp(&b.0)));
    moved.truncate(MOST_OF_VERDICT);
    moved.into_iter().map(|(_, moved)| moved).collect()
}

/// Whether a term is named: a word that moved by more than nothing.
fn is_named(term: &str, by: f64) -> bool {
    by.abs() > LEAST && term.chars().any(char::is_alphanumeric)
}

/// Where each token begins, its text, and by how much its part moved; in the order of the text.
fn each_moved<'e>(old: &'e Explanation, new: &'e Explanation) -> impl Iterator<Item = (usize, &'e str, f64)> {
    let before: BTreeMap<(usize, usize), f64> =
        old.contributions.iter().map(|part| ((part.start, part.end), part.value)).collect();
    let mut parts: Vec<_> = new.contributions.iter().collect();
    parts.sort_by_key(|part| part.start);
    parts.into_iter().map(move |part| {
        let was = before.get(&(part.start, part.end)).copied().unwrap_or(0.0);
        (part.start, part.text.as_str(), part.value - was)
    })
}

fn count_moved(old: &SentenceReport, new: &SentenceReport, to: &mut OfClasses) {
    for new in &new.explain {
        let is_same = |old: &&Explanation| (&old.head, &old.class) == (&new.head, &new.class);
        let Some(old) = old.explain.iter().find(is_same) else { continue };
        let of = to.entry((new.head.clone(), new.class.clone())).or_default();
        for (_, text, by) in each_moved(old, new) {
            let (times, sum) = of.entry(text.to_lowercase()).or_default();
            *times += 1;
            *sum += by;
        }
    }
}

fn most_moved(moved: OfClasses) -> Vec<MovedTerm> {
    let mut terms = Vec::new();
    for ((head, class), of) in moved {
        let mut of: Vec<(String, usize, f64)> = of
            .into_iter()
            .map(|(term, (times, sum))| (term, times, sum / times.max(1) as f64))
            .filter(|(term, _, by)| is_named(term, *by))
            .collect();
        of.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()).then_with(|| a.0.cmp(&b.0)));
        of.truncate(MOST_OF_CLASS);
        let (head, class) = (&head, &class);
        let of = of.into_iter();
        terms.extend(of.map(|(term, times, by)| MovedTerm {
            head: head.clone(),
            class: class.clone(),
            term,
            times,
            by,
        }));
    }
    terms
}

/// A mark as both reports may have it: its place, its label, its probability, its sentence, its text.
struct Mark<'r> {
    place: (usize, usize),
    label: String,
    p: f64,
    sentence: usize,
    text: &'r str,
}

/// How many loaded terms either found, and those that are others; `None` where one does not look for them.
fn terms(old: &Report, new: &Report) -> Option<(usize, Vec<Verdict>)> {
    fn mark(term: &LoadedReport) -> Mark<'_> {
        let place = (term.passage.start, term.passage.end);
        Mark { place, label: term.kind.to_string(), p: term.p, sentence: term.sentence, text: &term.passage.text }
    }
    let [old, new] =
        [old, new].map(|report| report.loaded.as_ref().map(|terms| terms.iter().map(mark).collect::<Vec<_>>()));
    Some(of_marks("loaded", &old?, &new?))
}

/// The same of cues, with their sources and contents.
fn cues(old: &Report, new: &Report) -> Option<(usize, Vec<Verdict>)> {
    fn mark(a: &AttributionReport) -> Mark<'_> {
        let source = a.source.as_ref().map_or("nobody", |source| source.passage.text.as_str());
        let content: Vec<&str> = a.content.iter().map(|content| content.text.as_str()).collect();
        let label = format!("{}{OF_CUE}{source}: {}", a.class, content.join(" … "));
        Mark { place: (a.cue.start, a.cue.end), label, p: a.p, sentence: a.sentence, text: &a.cue.text }
    }
    let [old, new] =
        [old, new].map(|report| report.attributions.as_ref().map(|all| all.iter().map(mark).collect::<Vec<_>>()));
    Some(of_marks("attribution", &old?, &new?))
}

fn of_marks(head: &str, old: &[Mark<'_>], new: &[Mark<'_>]) -> (usize, Vec<Verdict>) {
    let mut places: BTreeMap<(usize, usize), [Option<&Mark<'_>>; 2]> = BTreeMap::new();
    for (at, marks) in [old, new].into_iter().enumerate() {
        for mark in marks {
            places.entry(mark.place).or_default()[at] = Some(mark);
        }
    }
    let all = places.len();
    let verdict = |((start, end), [old, new]): ((usize, usize), [Option<&Mark<'_>>; 2])| {
        let label = |mark: Option<&Mark<'_>>| mark.map(|mark| mark.label.clone());
        let (from, to) = (label(old), label(new));
        let some = new.or(old)?;
        (from != to).then(|| Verdict {
            document: String::new(),
            sentence: some.sentence,
            start,
            end,
            text: some.text.to_owned(),
            head: head.to_owned(),
            from,
            to,
            before: old.map(|mark| mark.p),
            after: new.map(|mark| mark.p),
            terms: Vec::new(),
        })
    };
    (all, places.into_iter().filter_map(verdict).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark<'r>(place: (usize, usize), label: &str, text: &'r str) -> Mark<'r> {
        Mark { place, label: label.to_owned(), p: 0.9, sentence: 0, text }
    }

    #[test]
    fn marks_that_are_lost_found_or_of_another_kind_are_told_and_others_are_not() {
        let old = [mark((0, 4), "doubt", "vile"), mark((9, 12), "naming", "mob"), mark((20, 24), "doubt", "same")];
        let new =
            [mark((9, 12), "evaluative", "mob"), mark((14, 18), "naming", "thug"), mark((20, 24), "doubt", "same")];
        let (of, verdicts) = of_marks("loaded", &old, &new);
        let told: Vec<_> = verdicts
            .iter()
            .map(|v| (v.text.as_str(), v.from.as_deref(), v.to.as_deref(), v.before.is_some()))
            .collect();
        assert_eq!(of, 4);
        assert_eq!(
            told,
            [
                ("vile", Some("doubt"), None, true),
                ("mob", Some("naming"), Some("evaluative"), true),
                ("thug", None, Some("naming"), false),
            ]
        );
        let head = of_head("loaded".to_owned(), of, &verdicts);
        assert_eq!((head.changed, head.directions.len()), (3, 3));
    }

    #[test]
    fn the_direction_of_a_cue_is_that_of_its_class() {
        let old = [mark((0, 4), "neutral; the mayor: it rained", "said"), mark((9, 13), "neutral; nobody: it", "says")];
        let new = [mark((0, 4), "neutral; nobody: it rained", "said"), mark((9, 13), "charged; nobody: it", "says")];
        let (of, verdicts) = of_marks("attribution", &old, &new);
        let directions = of_head("attribution".to_owned(), of, &verdicts).directions;
        let directions: Vec<_> = directions.iter().map(|d| (d.from.as_deref(), d.to.as_deref(), d.count)).collect();
        assert_eq!(directions, [(Some("neutral"), Some("charged"), 1), (Some("neutral"), Some("neutral"), 1)]);
    }
}
