//! Who acts in the news of the world: countries, territories, organisations and armed groups, and what
//! news calls them.
//!
//! In: a text, English, Arabic or both. Out: [`ActorMention`]s, each with its span, whom it means and by what: a
//! name, an adjective, a capital or a seat of government; and whom a phrase speaks for ([`Actors::of`]): *the White
//! House*, *US officials*, *وزير الخارجية الأمريكي*. Start at [`Actors::shipped`] and [`Actors::find`].
//!
//! The table ([`Table`], `models/actors`) has every territory of CLDR that has a capital, all with the same columns.
//! A capital is whatever city news uses for a government, and no statement on whose it is; a form that two lay claim to
//! is nobody's. Of two meanings of one form a name goes before a seat, a seat before a capital, a capital before an
//! adjective. The user's own entries ([`Actors::with`]) go before all.
//!
//! Only words that name a place or an organisation are known, no person's: who somebody without one speaks for is not
//! told.

mod surroundings;
mod table;

use super::alias::{Aliases, form_key};
use super::arabic::is_arabic;
use super::span::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;
use std::sync::LazyLock;
use surroundings::Surroundings;
use table::Table;

const SHIPPED: &str = include_str!("../../../models/actors/actors.json");
const SHIPPED_PATH: &str = "models/actors/actors.json";

/// By which of its forms an actor is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// What it is called: *United States*, *US*, *الولايات المتحدة*; and every form that the user gave.
    Name,
    /// What is of it: *American*, *الأمريكية*.
    Adjective,
    /// A city that stands for its government: *Washington*, *واشنطن*.
    Capital,
    /// A building, quarter or chamber that does: *the White House*, *البيت الأبيض*.
    Seat,
}

/// A place where an actor is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActorMention {
    /// Where, without English article, Arabic proclitics or possessive *'s*.
    pub span: Span,
    /// Which actor; its names are [`Actors::name`] and [`Actors::arabic_name`].
    pub actor: usize,
    /// By what.
    pub form: Form,
}

/// What is known of an actor besides its forms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Actor {
    code: Box<str>,
    name: Box<str>,
    arabic: Box<str>,
}

/// Finds actors. The default knows none.
#[derive(Debug, Clone, Default)]
pub struct Actors {
    actors: Vec<Actor>,
    aliases: Aliases,
    /// Of each entry of `aliases` what it means; nobody for longer names that mean somebody else.
    meanings: Vec<Option<(usize, Form)>>,
    /// English nouns, in lower case, that make the city before them a place.
    places: FxHashSet<Box<str>>,
    /// The keys of the forms that are cities' or persons' too.
    guarded: FxHashSet<String>,
    /// By the key of a name whose it is; of two actors the first's.
    named: FxHashMap<String, usize>,
}

impl Actors {
    /// The actors of the table that ships.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static ACTORS: LazyLock<Actors> = LazyLock::new(|| Actors::new(shipped_table(), Vec::new()));
        &ACTORS
    }

    /// The shipped actors and the user's, given by name and forms as `corpus::read_aliases` reads them. A name that is
    /// one of a shipped actor's adds to that one, any other is a new actor behind them. The user's forms go before the
    /// table's.
    #[must_use]
    pub fn with(user: Vec<(String, Vec<String>)>) -> Self {
        Self::new(shipped_table(), user)
    }

    fn new(table: &Table, user: Vec<(String, Vec<String>)>) -> Self {
        let mut all = Self {
            places: table.places.iter().map(|noun| noun.to_lowercase().into()).collect(),
            guarded: table.personal.iter().map(|form| form_key(form)).collect(),
            ..Self::default()
        };
        for row in &table.actors {
            let first = |names: &[String]| names.first().map_or("", String::as_str).into();
            all.actors.push(Actor {
                code: row.code.as_str().into(),
                name: first(&row.names.en),
                arabic: first(&row.names.ar),
            });
            all.guarded.extend(row.capitals.en.iter().map(|form| form_key(form)));
        }
        for (actor, row) in table.actors.iter().enumerate() {
            row.names.all().for_each(|name| {
                all.named.entry(form_key(name)).or_insert(actor);
            });
        }
        for (name, forms) in user {
            let next = all.actors.len();
            let actor = *all.named.entry(form_key(&name)).or_insert(next);
            if actor == next {
                let (name, arabic) = (name.as_str().into(), name.as_str().into());
                all.actors.push(Actor { code: Box::default(), name, arabic });
            }
            for form in &forms {
                all.guarded.remove(&form_key(form));
            }
            all.add(Some((actor, Form::Name)), forms.iter().map(String::as_str), false);
        }
        all.add(None, table.others.all(), false);
        for (actor, row) in table.actors.iter().enumerate() {
            all.add(Some((actor, Form::Name)), row.names.all(), true);
        }
        for (actor, row) in table.actors.iter().enumerate() {
            all.add(Some((actor, Form::Seat)), row.seats.all(), true);
        }
        for (actor, row) in table.actors.iter().enumerate() {
            all.add(Some((actor, Form::Capital)), row.capitals.all(), true);
        }
        for (actor, row) in table.actors.iter().enumerate() {
            all.add(Some((actor, Form::Adjective)), row.adjectives.inflected().iter().map(String::as_str), false);
        }
        all.aliases = std::mem::take(&mut all.aliases).ordered();
        all
    }

    fn add<'f>(&mut self, meaning: Option<(usize, Form)>, forms: impl Iterator<Item = &'f str>, exact: bool) {
        self.aliases.push("", forms, exact);
        self.meanings.push(meaning);
    }

    /// Every Arabic name in the table that ships, as it is written there, and every adjective with its forms; no capital
    /// or seat.
    pub fn arabic_names() -> impl Iterator<Item = String> {
        let is_ours = |form: &String| form.starts_with(is_arabic);
        let rows = shipped_table().actors.iter();
        rows.flat_map(move |row| {
            row.names.ar.iter().cloned().chain(row.adjectives.inflected().into_iter().filter(is_ours))
        })
    }

    /// How many actors there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.actors.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.actors.is_empty()
    }

    /// The ISO 3166-1 code of a country or territory, an organisation's acronym; empty for an actor of the user's.
    #[must_use]
    pub fn code(&self, actor: usize) -> &str {
        self.actors.get(actor).map_or("", |actor| &actor.code)
    }

    /// The name that is shown in English, or the one that the user gave; empty where there is no such actor.
    #[must_use]
    pub fn name(&self, actor: usize) -> &str {
        self.actors.get(actor).map_or("", |actor| &actor.name)
    }

    /// The name that is shown in Arabic, or the one that the user gave; empty where there is no such actor.
    #[must_use]
    pub fn arabic_name(&self, actor: usize) -> &str {
        self.actors.get(actor).map_or("", |actor| &actor.arabic)
    }

    /// The actor of that code.
    #[must_use]
    pub fn coded(&self, code: &str) -> Option<usize> {
        self.actors.iter().position(|actor| *actor.code == *code && !code.is_empty())
    }

    /// The actor that `name` is a name of, an article before it aside: *Britain*, *the UK* and *بريطانيا* are the United
    /// Kingdom's. An adjective, a capital or a seat is no name, nor is a form of the user's that is not its entry's name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let bare =
            name.split_once(' ').filter(|(article, _)| article.eq_ignore_ascii_case("the")).map(|(_, rest)| rest);
        [Some(name), bare].into_iter().flatten().find_map(|name| self.named.get(&form_key(name)).copied())
    }

    /// The mentions in the part `within` of `text`, from left to right, without overlap. A city's name is a mention
    /// wherever it stands, as the place too (*in Paris*); not as part of another name (*the Paris Agreement*).
    #[must_use]
    pub fn find(&self, text: &str, within: Span) -> Vec<ActorMention> {
        let mentions = self.aliases.find(text, within).into_iter();
        mentions
            .filter_map(|mention| {
                let (actor, form) = self.meanings.get(mention.entry).copied().flatten()?;
                let guarded = self.guarded.contains(&form_key(mention.span.slice(text)));
                let another = || Surroundings::new(text, mention.span).is_another(|next| self.places.contains(next));
                (!guarded || !another()).then_some(ActorMention { span: mention.span, actor, form })
            })
            .collect()
    }

    /// Whom the noun phrase `passage` speaks for: the first actor in it, by name, adjective, capital or seat. Not one
    /// that somebody is only sent to, for, against or backed by: *the US ambassador to Peru* speaks for the United
    /// States, *the ambassador to Peru* and *Peru-backed rebels* for nobody known. `None` where there is none.
    ///
    /// ```
    /// use parallax::text::Actors;
    ///
    /// let actors = Actors::shipped();
    /// let name = |passage| actors.of(passage).map(|actor| actors.name(actor));
    /// assert_eq!(name("a White House spokesman"), Some("United States"));
    /// assert_eq!(name("وزير الخارجية البيروفي"), Some("Peru"));
    /// assert_eq!(name("the mayor"), None);
    /// ```
    #[must_use]
    pub fn of(&self, passage: &str) -> Option<usize> {
        let whole = |text: &str| Span::new(0, text.len());
        let names_one = |word: &str| !self.aliases.find(word, whole(word)).is_empty();
        let mentions = self.find(passage, whole(passage)).into_iter();
        let mut speaking = mentions.filter(|m| Surroundings::new(passage, m.span).speaks_for(names_one));
        speaking.next().map(|mention| mention.actor)
    }
}

/// The table that is built in.
fn shipped_table() -> &'static Table {
    // A test reads the file that is built in; were it damaged, nobody would be known.
    static TABLE: LazyLock<Table> =
        LazyLock::new(|| Table::from_json(SHIPPED, Path::new(SHIPPED_PATH)).unwrap_or_default());
    &TABLE
}

#[cfg(test)]
mod tests;
