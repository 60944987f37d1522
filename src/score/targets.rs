//! Toward whom or what stances are looked for: what was asked for, or what a document itself is about.
//!
//! In: names with their forms, or nothing. Out: [`Targets`], and for each document its [`Mention`]s. Start at
//! [`Targets::mentions`]. Spans that come with a document go before names, names before what the document is about:
//! of its names and noun phrases those that stand in it most often.

use super::reading::Reading;
use crate::error::{Error, Result};
use crate::features::phrase::{PhraseKind, phrases};
use crate::features::{classes, facts};
use crate::text::{
    Actors, AliasMention, Aliases, Document, Form, LONGEST_FORM, Span, form_key, is_calendar, normal,
    without_possessive, words,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A document's own targets: those of most stance, of so many at most.
pub(super) const OWN: usize = 10;

/// Of what a document is about, so many are looked at, those that stand in it most often.
const LOOKED_AT: usize = 30;

/// What a document of more sentences than this is about has to stand in it twice.
const SHORT: usize = 5;

/// Toward whom or what stances are looked for, and who is known under which names. The default asks for nothing, and
/// knows the shipped actors.
#[derive(Debug, Clone)]
pub struct Targets {
    asked: Aliases,
    /// For each target asked for, the actor that it is.
    asked_actors: Vec<Option<usize>>,
    actors: Cow<'static, Actors>,
    /// Whether a document that comes with targets of its own is asked for these too.
    of_all: bool,
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            asked: Aliases::default(),
            asked_actors: Vec::new(),
            actors: Cow::Borrowed(Actors::shipped()),
            of_all: false,
        }
    }
}

/// A mention of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// Where it stands.
    pub span: Span,
    /// Which target, by its place among the names given beside.
    pub target: usize,
}

impl Targets {
    /// As [`Targets::new`], of names that can be found in a text.
    ///
    /// # Errors
    /// [`Error::Settings`] for one without a word, or of more words than are looked for.
    pub fn checked(asked: &[String], aliases: Vec<(String, Vec<String>)>) -> Result<Self> {
        let is_usable = |name: &&String| {
            let key = form_key(name);
            !key.is_empty() && key.split(' ').count() <= LONGEST_FORM
        };
        match asked.iter().find(|name| !is_usable(name)) {
            None => Ok(Self::new(asked, aliases)),
            Some(bad) => Err(Error::Settings {
                setting: "--target".into(),
                found: format!("{bad:?}"),
                expected: format!("a name of 1 to {LONGEST_FORM} words"),
            }),
        }
    }

    /// Asks for these targets, in this order; `aliases` are names with their forms. A target that is a name of theirs
    /// stands for all of its forms, one that is an actor's for all that name it, any other for itself.
    #[must_use]
    pub fn new(asked: &[String], aliases: Vec<(String, Vec<String>)>) -> Self {
        Self::with_forms(asked.iter().map(|name| (name.clone(), vec![name.clone()])).collect(), aliases)
    }

    /// The same for targets that stand for these forms unless `aliases` give others.
    #[must_use]
    pub fn with_forms(asked: Vec<(String, Vec<String>)>, aliases: Vec<(String, Vec<String>)>) -> Self {
        let mut entries = asked;
        for (name, forms) in &mut entries {
            if let Some((_, known)) = aliases.iter().find(|(known, _)| known == name) {
                forms.clone_from(known);
            }
        }
        let actors =
            if aliases.is_empty() { Cow::Borrowed(Actors::shipped()) } else { Cow::Owned(Actors::with(aliases)) };
        let asked_actors = entries.iter().map(|(name, _)| actors.named(name)).collect();
        Self { asked: Aliases::new(entries), asked_actors, actors, of_all: false }
    }

    /// The same targets, asked for in documents that come with targets of their own too, as a comparison needs.
    #[must_use]
    pub fn of_all(self) -> Self {
        Self { of_all: true, ..self }
    }

    /// Who is known under which names.
    #[must_use]
    pub fn actors(&self) -> &Actors {
        &self.actors
    }

    /// The names of a document's targets, their mentions in order of the text, and whether it chose them itself.
    pub(super) fn mentions(&self, document: &Document, reading: &Reading) -> (Vec<String>, Vec<Mention>, bool) {
        let text = document.text();
        let mut spans = document.targets().to_vec();
        spans.sort_unstable_by_key(|s| (s.start, s.end));
        let asks = !self.asked.is_empty() && (self.of_all || spans.is_empty());
        if !asks && spans.is_empty() {
            let (names, mentions) = self.own(text, reading);
            return (names, mentions, true);
        }
        let (mut names, mut found) = if asks { self.found(text, reading) } else { Default::default() };
        // What was asked for goes before: a place is one mention.
        spans.retain(|span| !overlaps_one(&found, *span));
        found.extend(spans.iter().enumerate().map(|(at, span)| Mention { span: *span, target: names.len() + at }));
        names.extend(spans.iter().map(|span| span.slice(text).to_owned()));
        found.sort_by_key(|m| m.span.start);
        (names, found, false)
    }

    /// The names of the targets that were asked for, and their mentions in order.
    fn found(&self, text: &str, reading: &Reading) -> (Vec<String>, Vec<Mention>) {
        let names = (0..self.asked.len()).map(|entry| self.asked.name(entry).to_owned()).collect();
        let mut found = Vec::new();
        for sentence in &reading.sentences {
            let mut here: Vec<Mention> = self.asked.find(text, sentence.span).into_iter().map(Mention::from).collect();
            if self.asked_actors.iter().any(Option::is_some) {
                let asked = here.clone();
                for actor in self.actors.find(text, sentence.span) {
                    let target = self.asked_actors.iter().position(|a| *a == Some(actor.actor));
                    let is_free = !overlaps_one(&asked, actor.span);
                    if let Some(target) = target.filter(|_| is_free && actor.form != Form::Adjective) {
                        here.push(Mention { span: actor.span, target });
                    }
                }
            }
            here.sort_by_key(|m| m.span.start);
            found.extend(here);
        }
        (names, found)
    }

    /// What a document is about: the names and noun phrases that stand in it most often. Nothing of a document whose tokens
    /// are not kept, because it is too long.
    fn own(&self, text: &str, reading: &Reading) -> (Vec<String>, Vec<Mention>) {
        let mut things: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for tokens in &reading.tokens {
            let forms = facts::words(text, tokens);
            for phrase in phrases(text, tokens, &forms) {
                let span = Span::new(tokens.tokens[phrase.first].span.start, tokens.tokens[phrase.end - 1].span.end);
                if phrase.kind != PhraseKind::Pronoun
                    && !is_date(span.slice(text))
                    && span.slice(text).chars().filter(|c| c.is_alphabetic()).count() > 1
                {
                    things.entry(self.key(text, span, phrase.kind)).or_default().push(span);
                }
            }
        }
        let least = if reading.sentences.len() > SHORT { 2 } else { 1 };
        let mut things: Vec<(String, Vec<Span>)> =
            things.into_iter().filter(|(_, spans)| spans.len() >= least).collect();
        things.sort_by_key(|(_, spans)| (std::cmp::Reverse(spans.len()), spans[0].start));
        things.truncate(LOOKED_AT);
        let mut mentions = Vec::new();
        let mut names = Vec::new();
        for (target, (key, spans)) in things.into_iter().enumerate() {
            // An actor has its own name, anything else is called as where it is called by most words.
            let longest = spans.iter().max_by_key(|s| (s.len(), std::cmp::Reverse(s.start)));
            let actor = key.strip_prefix(ACTOR).map(str::to_owned);
            names
                .push(actor.unwrap_or_else(|| {
                    longest.map_or(String::new(), |s| without_possessive(s.slice(text)).to_owned())
                }));
            mentions.extend(spans.into_iter().map(|span| Mention { span, target }));
        }
        mentions.sort_by_key(|m| m.span.start);
        (names, mentions)
    }

    /// Under which key a phrase is counted: its actor's name; of another name its last word of two letters or more; of a
    /// noun phrase all of it.
    fn key(&self, text: &str, span: Span, kind: PhraseKind) -> String {
        let named =
            self.actors.find(text, span).into_iter().find(|m| m.form != Form::Adjective && m.span.end == span.end);
        if let Some(mention) = named {
            return format!("{ACTOR}{}", self.actors.name(mention.actor));
        }
        let phrase = without_possessive(span.slice(text));
        let last = words(phrase).map(|w| w.slice(phrase)).filter(|w| w.chars().count() > 1).last().unwrap_or(phrase);
        let form = normal(if kind == PhraseKind::Name { last } else { phrase });
        let plain = if form.chars().count() > 3 { form.strip_suffix('s').unwrap_or(&form) } else { &form };
        crate::text::lexeme(plain).to_owned()
    }
}

/// Whether one of some mentions, which are in order and without overlap, stands where `span` does.
fn overlaps_one(mentions: &[Mention], span: Span) -> bool {
    let next = mentions.partition_point(|m| m.span.end <= span.start);
    mentions.get(next).is_some_and(|m| m.span.overlaps(span))
}

/// Marks a key that is an actor's name.
const ACTOR: char = '\u{1}';

impl From<AliasMention> for Mention {
    fn from(mention: AliasMention) -> Self {
        Self { span: mention.span, target: mention.entry }
    }
}

/// Whether a phrase is nothing but days and months: news is seldom about them, and English writes them as names.
fn is_date(phrase: &str) -> bool {
    let is_date = |word: &str| is_calendar(word) || classes::is_date(word);
    words(without_possessive(phrase)).all(|word| is_date(&normal(word.slice(phrase))))
}
