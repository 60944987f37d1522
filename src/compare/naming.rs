//! What each outlet calls the same actor or thing.
//!
//! In: an [`Event`], the [`Actors`] that are known and the words of its sentences. Out: [`Mentions`], and from them
//! [`ActorRow`]s. Start at [`Mentions::find`]. An actor is known by the user's file, by the table, by a proper name, or by
//! a loaded naming with its name or adjective in it. Which names are one, in all documents and both scripts, is told by
//! [`Identities`]. [`Mentions::align`] adds loaded namings that stand, in a telling of a
//! statement, where the others have a name.

use super::difference::Measured;
use super::event::{Event, span};
use super::identity::{Identities, telling};
use super::interval::{Kind, estimate};
use super::resample::{LEAST_COMPARED, ratios, resample};
use super::vocabulary::{Vocabulary, Word};
use crate::heads::loaded::LoadedKind;
use crate::report::comparison::{ActorRow, Form, Known, OutletForms};
use crate::text::{Actors, Form as ActorForm, Span, is_arabic, is_calendar, is_weekday, normal, without_possessive};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Who is mentioned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// An actor of the table, or of the user's file.
    Actor(usize),
    /// By a name, in full as far as the documents tell.
    Name(String),
}

/// A place where somebody is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The document.
    pub document: usize,
    /// The sentence, among all.
    pub sentence: usize,
    /// Where.
    pub span: Span,
    /// Who.
    pub key: Key,
    /// How that is known.
    pub known: Known,
    /// Whether it is a loaded term of kind `naming`.
    pub loaded: bool,
}

/// All mentions, in order, and the loaded namings that are nobody's yet.
#[derive(Debug, Default)]
pub struct Mentions {
    /// The mentions, by document and place.
    pub all: Vec<Mention>,
    /// By document, sentence and place: namings of nobody known.
    open: Vec<(usize, usize, Span)>,
}

impl Mentions {
    /// The mentions in the sentences of `event`, whose words are `words`.
    #[must_use]
    pub fn find(event: &Event<'_>, actors: &Actors, vocabulary: &Vocabulary, words: &[Vec<Word>]) -> Self {
        let mut found = Self::default();
        for document in 0..event.documents() {
            let text = event.text(document);
            let namings = event.report(document).loaded.iter().flatten();
            let mut namings: Vec<Span> =
                namings.filter(|term| term.kind == LoadedKind::Naming).map(|term| span(&term.passage)).collect();
            namings.sort_by_key(|naming| naming.start);
            let mut next = 0;
            for sentence in event.sentences_of(document) {
                let within = event.sentences[sentence].span;
                let start = next + namings[next..].partition_point(|n| n.start < within.start);
                next = start + namings[start..].partition_point(|n| n.start < within.end);
                let here = &namings[start..next];
                found.in_sentence((event, document, sentence), text, (actors, vocabulary), &words[sentence], here);
            }
        }
        let name = |mention: &Mention| match &mention.key {
            Key::Name(name) => Some((mention.document, name.clone())),
            Key::Actor(_) => None,
        };
        let names: Vec<(usize, String)> = found.all.iter().filter_map(name).collect();
        let identities = Identities::of(names.iter().map(|(document, name)| (*document, name.as_str())));
        for mention in &mut found.all {
            if let Key::Name(name) = &mut mention.key {
                *name = identities.key(mention.document, name).to_owned();
            }
        }
        found
    }

    fn in_sentence(
        &mut self,
        (event, document, sentence): (&Event<'_>, usize, usize),
        text: &str,
        (actors, vocabulary): (&Actors, &Vocabulary),
        words: &[Word],
        namings: &[Span],
    ) {
        let begins = self.all.len();
        let mention =
            |span: Span, key: Key, known: Known, loaded: bool| Mention { document, sentence, span, key, known, loaded };
        let known = actors.find(text, event.sentences[sentence].span);
        let mut taken = vec![false; namings.len()];
        for actor in &known {
            let key = Key::Actor(actor.actor);
            let beside = |naming: &Span| {
                let gap = if naming.end <= actor.span.start {
                    naming.end..actor.span.start
                } else {
                    actor.span.end..naming.start
                };
                naming.overlaps(actor.span) || text.get(gap).is_some_and(|gap| gap.trim().is_empty())
            };
            let naming = namings.iter().position(|naming| {
                if actor.form == ActorForm::Adjective { beside(naming) } else { naming.overlaps(actor.span) }
            });
            let origin = if actors.code(actor.actor).is_empty() { Known::Alias } else { Known::Table };
            match naming {
                Some(at) => {
                    taken[at] = true;
                    let naming = namings[at];
                    let whole = Span::new(naming.start.min(actor.span.start), naming.end.max(actor.span.end));
                    let origin = if whole == actor.span { origin } else { Known::Term };
                    if !self.all[begins..].iter().any(|other| other.span.overlaps(whole)) {
                        self.all.push(mention(whole, key, origin, true));
                    }
                }
                // *Peruvian troops* are not Peru.
                None if actor.form == ActorForm::Adjective => {}
                None => self.all.push(mention(actor.span, key, origin, false)),
            }
        }
        let mut at = 0;
        while at < words.len() {
            let Some(name) = vocabulary.name(words[at].form) else {
                at += 1;
                continue;
            };
            let goes_on =
                |next: &Word| vocabulary.name(next.form).is_some() && touches(text, words[at].span, next.span);
            if is_weekday(name) && !has_the(text, words[at].span) && words.get(at + 1).is_some_and(goes_on) {
                at += 1;
                continue;
            }
            let mut run = words[at].span;
            let mut names = vec![name];
            at += 1;
            while let Some((next, word)) = words.get(at).and_then(|word| Some((vocabulary.name(word.form)?, word))) {
                if bare(text, run) != run || !touches(text, run, word.span) {
                    break;
                }
                run.end = word.span.end;
                names.push(next);
                at += 1;
            }
            if is_date(&names) {
                continue;
            }
            let is_known = known.iter().any(|actor| actor.span.overlaps(run));
            if is_known || self.all[begins..].iter().any(|other| other.span.overlaps(run)) {
                continue;
            }
            let naming = namings.iter().position(|naming| naming.overlaps(run));
            if let Some(at) = naming {
                taken[at] = true;
            }
            self.all.push(mention(bare(text, run), Key::Name(telling(&names)), Known::Name, naming.is_some()));
        }
        self.all[begins..].sort_by_key(|mention| mention.span.start);
        let open = namings.iter().zip(taken).filter(|(_, taken)| !taken);
        self.open.extend(open.map(|(naming, _)| (document, sentence, *naming)));
    }

    /// Gives open namings to the one actor that all other outlets' tellings of a statement name and theirs does not.
    pub fn align(&mut self, event: &Event<'_>, clusters: &[(Vec<usize>, f64)]) {
        let mut by_sentence: FxHashMap<usize, BTreeSet<Key>> = FxHashMap::default();
        for mention in &self.all {
            by_sentence.entry(mention.sentence).or_default().insert(mention.key.clone());
        }
        let mut cluster_of: FxHashMap<usize, &[usize]> = FxHashMap::default();
        for (cluster, _) in clusters {
            cluster.iter().for_each(|at| {
                cluster_of.insert(*at, cluster);
            });
        }
        let none = BTreeSet::new();
        let mut given = Vec::new();
        for (document, sentence, span) in &self.open {
            let Some(cluster) = cluster_of.get(sentence) else { continue };
            // By outlet, all that its tellings name.
            let mut others: BTreeMap<usize, BTreeSet<Key>> = BTreeMap::new();
            for at in *cluster {
                let outlet = event.outlet_of[event.sentences[*at].document];
                if outlet != event.outlet_of[*document] {
                    others.entry(outlet).or_default().extend(by_sentence.get(at).unwrap_or(&none).iter().cloned());
                }
            }
            let shared = others.into_values().reduce(|all, other| all.intersection(&other).cloned().collect());
            let own = by_sentence.get(sentence).unwrap_or(&none);
            let missing: Vec<Key> = shared.unwrap_or_default().difference(own).cloned().collect();
            if let [key] = missing.as_slice() {
                given.push(Mention {
                    document: *document,
                    sentence: *sentence,
                    span: *span,
                    key: key.clone(),
                    known: Known::Aligned,
                    loaded: true,
                });
            }
        }
        self.all.extend(given);
        self.all.sort_by_key(|mention| (mention.document, mention.span.start));
    }

    /// The mentions of one document.
    #[must_use]
    pub fn of_document(&self, document: usize) -> &[Mention] {
        let first = self.all.partition_point(|mention| mention.document < document);
        let end = self.all.partition_point(|mention| mention.document <= document);
        &self.all[first..end]
    }

    /// The mentions of one document that begin in `within`.
    #[must_use]
    pub fn beginning_in(&self, document: usize, within: Span) -> &[Mention] {
        let mentions = self.of_document(document);
        let first = mentions.partition_point(|mention| mention.span.start < within.start);
        let end = mentions.partition_point(|mention| mention.span.start < within.end);
        &mentions[first..end.max(first)]
    }

    /// Whom a document calls by exactly this name.
    #[must_use]
    pub fn called(&self, event: &Event<'_>, document: usize, name: &str) -> Option<Key> {
        let is = |m: &&Mention| matches!(m.key, Key::Name(_)) && m.span.slice(event.text(document)) == name;
        self.of_document(document).iter().find(is).map(|m| m.key.clone())
    }

    /// The rows, most mentioned first; each key's row; and the shares of loaded names that are compared. A name that
    /// only one outlet has and once has no row.
    #[must_use]
    pub fn rows(&self, event: &Event<'_>, actors: &Actors) -> (Vec<ActorRow>, BTreeMap<Key, usize>, Vec<Measured>) {
        let mut by_key: BTreeMap<&Key, Vec<&Mention>> = BTreeMap::new();
        for mention in &self.all {
            by_key.entry(&mention.key).or_default().push(mention);
        }
        let is_row = |(key, mentions): &(&Key, Vec<&Mention>)| matches!(key, Key::Actor(_)) || mentions.len() > 1;
        let mut keyed: Vec<(&Key, Vec<&Mention>)> = by_key.into_iter().filter(is_row).collect();
        let first = |mentions: &[&Mention]| mentions.first().map(|m| (m.document, m.span.start));
        keyed.sort_by_key(|(_, mentions)| (Reverse(mentions.len()), first(mentions)));
        let mut rows = Vec::with_capacity(keyed.len());
        let (mut numbers, mut measured) = (BTreeMap::new(), Vec::new());
        for (key, mentions) in keyed {
            let name = self::name(event, actors, key, &mentions);
            let is_loaded = mentions.iter().any(|m| m.loaded);
            let (mut outlets, mut compared) = (Vec::new(), Vec::new());
            for outlet in 0..event.outlets.len() {
                let of: Vec<&Mention> =
                    mentions.iter().filter(|m| event.outlet_of[m.document] == outlet).copied().collect();
                if !of.is_empty() {
                    let (forms, measure) = forms(event, outlet, &of, &name);
                    outlets.push(forms);
                    // Nothing loaded anywhere is no difference anywhere.
                    compared.extend((is_loaded && measure.counts.1 >= LEAST_COMPARED).then_some(measure));
                }
            }
            if compared.len() > 1 {
                measured.append(&mut compared);
            }
            let missing = (0..event.outlets.len()).filter(|o| outlets.iter().all(|forms| forms.outlet != *o)).collect();
            numbers.insert(key.clone(), rows.len());
            let known = mentions.iter().map(|m| m.known).min().unwrap_or(Known::Name);
            rows.push(ActorRow { name, known, mentions: mentions.len(), outlets, missing });
        }
        (rows, numbers, measured)
    }
}

/// Whether nothing but a space stands between two words.
fn touches(text: &str, first: Span, second: Span) -> bool {
    text.get(first.end..second.start).is_some_and(|gap| gap.chars().all(|c| c == ' '))
}

/// Whether *the* stands before a word: *the Sunday Courier* is called so, *On Sunday Ada Miller* nobody is.
fn has_the(text: &str, word: Span) -> bool {
    let before = text.get(..word.start).unwrap_or_default().trim_end_matches(' ');
    before.len() < word.start
        && before.rsplit(|c: char| !c.is_alphabetic()).next().is_some_and(|w| w.eq_ignore_ascii_case("the"))
}

/// The words at `span` without a day that stands before a name: *Ada Miller* of *On Monday Ada Miller*.
pub(super) fn without_weekday(text: &str, span: Span) -> &str {
    let words = span.slice(text);
    match words.split_once(' ') {
        Some((day, rest)) if is_weekday(&day.to_lowercase()) && rest.starts_with(char::is_uppercase) => {
            if has_the(text, span) { words } else { rest }
        }
        _ => words,
    }
}

/// Whether words with capitals are a day or a month, or several.
fn is_date(names: &[&str]) -> bool {
    names.iter().all(|name| is_calendar(name))
}

/// An actor's name: of the table, or its fullest in the texts, Latin letters first.
fn name(event: &Event<'_>, actors: &Actors, key: &Key, mentions: &[&Mention]) -> String {
    if let Key::Actor(actor) = key {
        return actors.name(*actor).to_owned();
    }
    let texts = mentions.iter().filter(|m| m.known == Known::Name).map(|m| m.span.slice(event.text(m.document)));
    let fullest = |text: &&str| (!text.starts_with(is_arabic), text.split_whitespace().count().min(3));
    // Of equals the first.
    let mut best = "";
    for text in texts {
        if best.is_empty() || fullest(&text) > fullest(&best) {
            best = text;
        }
    }
    best.to_owned()
}

fn forms(event: &Event<'_>, outlet: usize, mentions: &[&Mention], name: &str) -> (OutletForms, Measured) {
    let mut forms: Vec<(String, Form)> = Vec::new();
    let mut sums: BTreeMap<usize, BTreeMap<usize, [f32; 2]>> = BTreeMap::new();
    for mention in mentions {
        let sum = sums.entry(event.rank(mention.document)).or_default().entry(mention.sentence).or_default();
        sum[0] += f32::from(u8::from(mention.loaded));
        sum[1] += 1.0;
        let place = event.place(mention.document, mention.span);
        let normal = normal(&place.text);
        match forms.iter_mut().find(|(known, _)| *known == normal) {
            Some((_, form)) => {
                form.loaded |= mention.loaded;
                form.places.push(place);
            }
            None => {
                let form = Form {
                    text: place.text.clone(),
                    known: mention.known,
                    loaded: mention.loaded,
                    places: vec![place],
                };
                forms.push((normal, form));
            }
        }
    }
    // Stable: of equals the first.
    forms.sort_by_key(|(_, form)| Reverse(form.places.len()));
    let counts = (mentions.iter().filter(|m| m.loaded).count() as i64, mentions.len());
    let resampled = if counts.0 == 0 {
        vec![0.0; super::resample::RESAMPLES]
    } else {
        let sums: Vec<Vec<f32>> = sums.into_values().map(|rows| rows.into_values().flatten().collect()).collect();
        ratios(&resample(&sums, 2, event.stream(outlet)), 2, 0, 1)
    };
    let loaded = estimate(Kind::Share, counts.0, counts.1, &resampled);
    let measure = Measured {
        measure: "names.loaded".into(),
        of: Some(name.to_owned()),
        kind: Kind::Share,
        outlet,
        counts,
        resampled,
    };
    (OutletForms { outlet, loaded, forms: forms.into_iter().map(|(_, form)| form).collect() }, measure)
}

fn bare(text: &str, span: Span) -> Span {
    Span::new(span.start, span.start + without_possessive(span.slice(text)).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_nobody_but_a_person_may_be_called_as_one_is() {
        for date in [&["may"][..], &["sunday"], &["sunday", "june"]] {
            assert!(is_date(date), "{date:?}");
        }
        for name in [&["ada", "may"][..], &["june", "carver"], &["carver"]] {
            assert!(!is_date(name), "{name:?}");
        }
    }
    #[test]
    fn a_day_before_a_name_is_no_part_of_it_unless_a_paper_is_called_so() {
        let text = "On Monday Ada Miller read the Sunday Courier. June Carver did on Friday.";
        let of = |words: &str| {
            let start = text.find(words).unwrap_or_default();
            without_weekday(text, Span::new(start, start + words.len()))
        };
        let found = ["Monday Ada Miller", "Sunday Courier", "June Carver", "Friday"].map(of);
        assert_eq!(found, ["Ada Miller", "Sunday Courier", "June Carver", "Friday"]);
    }
}
