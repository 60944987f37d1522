//! Who is quoted, under one name in all documents, and how much by each outlet.
//!
//! In: the attributions of the reports, and the mentions of `naming.rs`. Out: [`SourceRow`]s. Start at [`Sources::of`]. A
//! source is the person last named in it or in the name that it is linked to, else the actor that it speaks for, else
//! its own words; a pronoun that is linked to no name is nobody's.

use super::event::{Event, span};
use super::naming::{Key, Mentions};
use super::tally::Counted;
use crate::features::phrase::is_pronoun;
use crate::heads::attribution::CueClass;
use crate::report::comparison::{CuePlace, OutletSource, SourceRow};
use crate::report::{AttributionReport, PassageReport};
use crate::text::{Actors, normal, without_possessive};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Who a source is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Nobody is named.
    Nobody,
    /// Somebody of the mentions.
    Known(Key),
    /// By its own words, in normal form.
    Words(String),
}

/// The sources of all documents.
#[derive(Debug, Default)]
pub struct Sources {
    /// Of each document and attribution, who its source is.
    pub who: Vec<Vec<Who>>,
    /// The name that each is shown by.
    pub names: BTreeMap<Who, String>,
    /// The rows, by falling number of words.
    pub rows: Vec<SourceRow>,
}

impl Sources {
    /// The sources of `event`; `actor_of` gives a key's row among the actors, with its name.
    #[must_use]
    pub fn of(
        event: &Event<'_>,
        actors: &Actors,
        mentions: &Mentions,
        counted: &[Counted],
        actor_of: impl Fn(&Key) -> Option<(usize, String)>,
    ) -> Self {
        let mut all = Self::default();
        let mut given: BTreeMap<Who, BTreeMap<usize, Given>> = BTreeMap::new();
        let mut attributed: Vec<BTreeSet<(usize, usize)>> = vec![BTreeSet::new(); event.outlets.len()];
        for (document, words_here) in counted.iter().enumerate() {
            let mut row = Vec::new();
            for attribution in event.report(document).attributions.iter().flatten() {
                let (who, name) = who(event, actors, mentions, document, attribution);
                let outlet = event.outlet_of[document];
                let given = given.entry(who.clone()).or_default().entry(outlet).or_default();
                if let Some(source) = &attribution.source {
                    let words = without_possessive(&source.passage.text);
                    if !given.names.iter().any(|known| known == words) {
                        given.names.push(words.to_owned());
                    }
                }
                let cue = event.place(document, span(&attribution.cue));
                given.places.push(CuePlace { place: cue, class: attribution.class });
                *given.cues.entry(attribution.class).or_default() += 1;
                let words = attribution.content.iter().flat_map(|c| words_here.within(span(c)));
                given.words.extend(words.clone().map(|word| (document, word)));
                attributed[outlet].extend(words.map(|word| (document, word)));
                let known = all.names.entry(who.clone()).or_insert_with(|| name.clone());
                if name.split_whitespace().count() > known.split_whitespace().count()
                    && matches!(who, Who::Known(Key::Name(_)))
                {
                    *known = name;
                }
                row.push(who);
            }
            all.who.push(row);
        }
        for (who, outlets) in given {
            let actor = match &who {
                Who::Known(key) => actor_of(key),
                Who::Nobody | Who::Words(_) => None,
            };
            if let Some((_, name)) = &actor {
                all.names.insert(who.clone(), name.clone());
            }
            let missing = (0..event.outlets.len()).filter(|outlet| !outlets.contains_key(outlet)).collect();
            let outlets: Vec<OutletSource> = outlets
                .into_iter()
                .map(|(outlet, given)| given.told(outlet, counted, attributed[outlet].len()))
                .collect();
            all.rows.push(SourceRow {
                name: (who != Who::Nobody).then(|| all.names.get(&who).cloned().unwrap_or_default()),
                actor: actor.map(|(number, _)| number),
                words: outlets.iter().map(|o| o.words_direct + o.words_indirect).sum(),
                outlets,
                missing,
            });
        }
        all.rows.sort_by_key(|row| (Reverse(row.words), Reverse(row.outlets.len())));
        all
    }
}

/// What one outlet gives one source.
#[derive(Debug, Default)]
struct Given {
    names: Vec<String>,
    /// By document and word, so that a word in two contents counts once.
    words: BTreeSet<(usize, usize)>,
    cues: BTreeMap<CueClass, usize>,
    places: Vec<CuePlace>,
}

impl Given {
    fn told(self, outlet: usize, counted: &[Counted], all: usize) -> OutletSource {
        let in_marks = |(document, word): &&(usize, usize)| counted[*document].in_marks[*word];
        let words_direct = self.words.iter().filter(in_marks).count();
        let words = self.words.len();
        OutletSource {
            outlet,
            names: self.names,
            words_direct,
            words_indirect: words - words_direct,
            share: if all == 0 { 0.0 } else { super::interval::rounded(words as f64 / all as f64) },
            cues: self.cues,
            places: self.places,
        }
    }
}

/// Who the source of an attribution is, and its name.
fn who(
    event: &Event<'_>,
    actors: &Actors,
    mentions: &Mentions,
    document: usize,
    attribution: &AttributionReport,
) -> (Who, String) {
    let Some(source) = &attribution.source else { return (Who::Nobody, String::new()) };
    let named = |passage: &PassageReport| {
        let within = span(passage);
        let all = mentions.of_document(document);
        let first = all.partition_point(|mention| mention.span.start < within.start);
        let inside = all[first..].iter().take_while(|mention| mention.span.end <= within.end);
        inside.filter(|mention| matches!(mention.key, Key::Name(_))).last()
    };
    let link = source.link.as_ref().map(|link| &link.passage);
    let fullest = link.unwrap_or(&source.passage);
    if let Some(mention) = link.and_then(named).or_else(|| named(&source.passage)) {
        return (Who::Known(mention.key.clone()), mention.span.slice(event.text(document)).to_owned());
    }
    if let Some(actor) = actors.of(&fullest.text) {
        return (Who::Known(Key::Actor(actor)), actors.name(actor).to_owned());
    }
    let name = without_possessive(&fullest.text);
    let form = normal(name);
    if is_pronoun(&form) {
        return (Who::Nobody, String::new());
    }
    let bare = form.strip_prefix("the ").unwrap_or(&form).to_owned();
    (Who::Words(bare), name.to_owned())
}
