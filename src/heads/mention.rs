//! A source as it is mentioned: a pronoun, a short name, an acronym, a noun phrase.
//!
//! In: the [`Mention`] of a source and its sentence's tokens. Out: a [`Reading`], which says of what
//! [`MentionKind`] it is and by which words it can be told whom it means. Start at [`Reading::of`].
//! The classes are closed classes of English grammar. No list of names or first names is used, and
//! *he* and *she* are one class: [`Form`] only says whether two words could be of one person.

use crate::text::{Span, Token, Tokens, is_possessive, without_possessive};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::sync::LazyLock;

/// A source in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands, in bytes of the original text.
    pub span: Span,
    /// The sentence it stands in, by its place among the document's sentences.
    pub sentence: usize,
}

/// How a source is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MentionKind {
    /// *He* or *she*, in any case.
    Person,
    /// *They*, in any case.
    They,
    /// *It*.
    It,
    /// A name or a part of one: *Duarte*, *Ana*.
    Name,
    /// A form of address and a name: *Dr Duarte*.
    Titled,
    /// One word of capitals: *TWF*.
    Acronym,
    /// A definite noun phrase: *the minister*.
    Phrase,
    /// Anything else, which is linked to nothing: *I* and *we*, *officials*, *a nurse*, *Duarte's lawyer*.
    Other,
}

impl MentionKind {
    /// Whether it is a pronoun of the third person.
    #[must_use]
    pub fn is_pronoun(self) -> bool {
        matches!(self, Self::Person | Self::They | Self::It)
    }

    /// Whether it holds a name.
    #[must_use]
    pub fn is_name(self) -> bool {
        matches!(self, Self::Name | Self::Titled | Self::Acronym)
    }
}

/// The grammatical form that a word asks of the pronoun for it. Nothing is told from a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// *He*.
    He,
    /// *She*.
    She,
}

/// Words of either form, in pairs: whatever tells one form has its counterpart for the other.
const FORMS: &[(&str, &str)] = &[
    ("he", "she"),
    ("him", "her"),
    ("his", "hers"),
    ("himself", "herself"),
    ("mr", "mrs"),
    ("mr", "ms"),
    ("mr", "miss"),
    ("sir", "dame"),
    ("lord", "lady"),
    ("king", "queen"),
    ("prince", "princess"),
    ("father", "mother"),
    ("brother", "sister"),
    ("husband", "wife"),
    ("son", "daughter"),
    ("uncle", "aunt"),
    ("nephew", "niece"),
    ("grandfather", "grandmother"),
    ("grandson", "granddaughter"),
    ("widower", "widow"),
    ("man", "woman"),
    ("spokesman", "spokeswoman"),
    ("chairman", "chairwoman"),
    ("businessman", "businesswoman"),
    ("congressman", "congresswoman"),
    ("policeman", "policewoman"),
    ("actor", "actress"),
];

impl Form {
    /// The form that a lower-case word has.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        static FORMS_OF: LazyLock<FxHashMap<&str, Form>> = LazyLock::new(|| {
            let pairs = FORMS.iter().flat_map(|(he, she)| [(*he, Form::He), (*she, Form::She)]);
            // *Actor* is said of anybody.
            pairs.filter(|(word, _)| *word != "actor").collect()
        });
        FORMS_OF.get(word).copied()
    }

    /// The other form.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::He => Self::She,
            Self::She => Self::He,
        }
    }

    /// 0 or 1.
    #[must_use]
    pub fn number(self) -> usize {
        usize::from(self == Self::She)
    }
}

/// Forms of address and offices that stand before a name.
const TITLES: &[&str] = &[
    "admiral",
    "ambassador",
    "archbishop",
    "bishop",
    "brother",
    "cardinal",
    "captain",
    "chairman",
    "chairwoman",
    "chancellor",
    "chief",
    "colonel",
    "commander",
    "commissioner",
    "congressman",
    "congresswoman",
    "coroner",
    "councillor",
    "councilor",
    "dame",
    "deputy",
    "detective",
    "doctor",
    "dr",
    "father",
    "general",
    "governor",
    "imam",
    "inspector",
    "judge",
    "justice",
    "king",
    "lady",
    "lieutenant",
    "lord",
    "major",
    "mayor",
    "minister",
    "miss",
    "mother",
    "mr",
    "mrs",
    "ms",
    "mx",
    "nurse",
    "officer",
    "pastor",
    "president",
    "prince",
    "princess",
    "prof",
    "professor",
    "prosecutor",
    "queen",
    "rabbi",
    "rear",
    "rev",
    "reverend",
    "secretary",
    "senator",
    "sergeant",
    "sheikh",
    "sheriff",
    "sir",
    "sister",
    "speaker",
    "superintendent",
    "vice",
];

/// Nouns for organisations, as the last word of a name or of a noun phrase.
const ORGANISATIONS: &[&str] = &[
    "academy",
    "administration",
    "aerospace",
    "agency",
    "airline",
    "airlines",
    "airways",
    "alliance",
    "appliances",
    "army",
    "assembly",
    "association",
    "authority",
    "bank",
    "board",
    "broadcaster",
    "bureau",
    "business",
    "cabinet",
    "cannery",
    "centre",
    "center",
    "chamber",
    "charity",
    "church",
    "clinic",
    "club",
    "coalition",
    "college",
    "commission",
    "committee",
    "company",
    "confederation",
    "congress",
    "consulate",
    "corporation",
    "council",
    "court",
    "department",
    "developer",
    "electronics",
    "embassy",
    "energy",
    "federation",
    "firm",
    "force",
    "forces",
    "foods",
    "foundation",
    "freight",
    "fund",
    "government",
    "group",
    "guild",
    "homes",
    "hospital",
    "industries",
    "institute",
    "institution",
    "insurance",
    "laboratory",
    "logistics",
    "league",
    "maker",
    "manufacturer",
    "media",
    "minerals",
    "ministry",
    "motors",
    "movement",
    "museum",
    "network",
    "newspaper",
    "office",
    "operator",
    "orchestra",
    "organisation",
    "organization",
    "parliament",
    "partners",
    "party",
    "pharma",
    "pharmaceuticals",
    "police",
    "publisher",
    "rail",
    "railway",
    "regulator",
    "retailer",
    "school",
    "senate",
    "service",
    "services",
    "society",
    "store",
    "systems",
    "team",
    "technologies",
    "telecom",
    "theatre",
    "tribunal",
    "trust",
    "union",
    "university",
    "utility",
    "watchdog",
    // Forms of company, as a name ends with.
    "co",
    "corp",
    "gmbh",
    "holdings",
    "inc",
    "limited",
    "llc",
    "ltd",
    "plc",
    "sa",
];

/// Lower-case words inside names of persons.
const PARTICLES: &[&str] = &[
    "al", "bin", "bint", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "ten",
    "ter", "van", "von", "y", "zu",
];

/// Words after which a noun phrase goes on to say of what it is.
const PREPOSITIONS: &[&str] =
    &["about", "against", "at", "by", "for", "from", "in", "near", "of", "on", "to", "who", "which", "whose", "with"];

/// Whether a lower-case word is a form of address or an office.
#[must_use]
pub fn is_title(word: &str) -> bool {
    static SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| TITLES.iter().copied().collect());
    SET.contains(word)
}

/// Whether a lower-case word is a noun for organisations.
#[must_use]
pub fn is_organisation(word: &str) -> bool {
    static SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| ORGANISATIONS.iter().copied().collect());
    SET.contains(word)
}

/// Whether a word is one that stands in lower case inside names: *Anneke de Vries*.
#[must_use]
pub fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// A word in lower case, without the possessive ending.
#[must_use]
pub fn plain(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(without_possessive(word));
    }
    let mut lower = word.to_lowercase();
    lower.truncate(without_possessive(&lower).len());
    Cow::Owned(lower)
}

/// What can be told of a mention from itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// How the source is mentioned.
    pub kind: MentionKind,
    /// The words of the name, as [`words_of`] gives them; empty unless it is one.
    pub words: Vec<String>,
    /// The main noun of a noun phrase, in lower case; empty unless it is one.
    pub head: String,
    /// The form of its pronoun or title, where that has one.
    pub form: Option<Form>,
    /// Whether it is possessive: *Duarte's*.
    pub possessive: bool,
}

impl Reading {
    /// Reads a mention among the tokens of its sentence, the names among which are flagged word by word.
    #[must_use]
    pub fn of(text: &str, tokens: &Tokens, span: Span) -> Self {
        let inside: Vec<&Token> = tokens.tokens.iter().filter(|t| t.span.overlaps(span)).collect();
        let mut reading =
            Self { kind: MentionKind::Other, words: Vec::new(), head: String::new(), form: None, possessive: false };
        let [first, .., last] = inside.as_slice() else {
            if let [only] = inside.as_slice() {
                reading.read_word(text, only);
            }
            return reading;
        };
        let name = trailing_name(text, &inside).or_else(|| leading_name(text, &inside));
        if let Some(name) = name {
            reading.read_name(text, name);
            reading.possessive = is_possessive(last.span.slice(text));
            return reading;
        }
        let article = plain(first.span.slice(text));
        if matches!(article.as_ref(), "the" | "this" | "that") {
            let end = inside.iter().position(|t| ends_phrase(text, t)).unwrap_or(inside.len());
            let head = inside.get(..end).and_then(<[_]>::last).map_or(Cow::Borrowed(""), |t| plain(t.span.slice(text)));
            // What goes on with a name in it (*the head of Calder Rail*) is somebody else than the name.
            let plural = head.ends_with('s') && !is_organisation(&head);
            if end > 1 && !plural && inside.get(end..).is_some_and(|rest| !rest.iter().any(|t| t.name)) {
                reading.kind = MentionKind::Phrase;
                reading.form = Form::of(&head);
                reading.head = head.into_owned();
            }
        }
        reading
    }

    fn read_word(&mut self, text: &str, token: &Token) {
        let original = token.span.slice(text);
        let word = plain(original);
        self.possessive = is_possessive(original);
        self.kind = match word.as_ref() {
            "he" | "him" | "she" | "her" => MentionKind::Person,
            "they" | "them" => MentionKind::They,
            "it" => MentionKind::It,
            _ if !token.name => MentionKind::Other,
            _ => {
                self.read_name(text, &[token]);
                return;
            }
        };
        self.form = Form::of(&word);
    }

    fn read_name(&mut self, text: &str, name: &[&Token]) {
        let all = joined(text, name);
        self.words = words_of(&all);
        self.form = all.iter().find_map(|word| Form::of(&plain(word)));
        let capitals = name.first().is_some_and(|t| t.shape.is_all_caps());
        self.kind = if self.words.len() < all.len() {
            MentionKind::Titled
        } else if name.len() == 1 && capitals {
            MentionKind::Acronym
        } else {
            MentionKind::Name
        };
    }
}

/// The words of a name in lower case, without possessive ending, hyphenated parts one word, titles
/// before the name of a person left out.
#[must_use]
pub fn words_of(name: &[String]) -> Vec<String> {
    let words: Vec<String> = name.iter().map(|word| plain(word).into_owned()).collect();
    if words.iter().any(|word| is_organisation(word)) {
        return words;
    }
    let titles = words.iter().take_while(|word| is_title(word)).count();
    words.get(titles.min(words.len().saturating_sub(1))..).unwrap_or_default().to_vec()
}

/// The words of a run of tokens as they stand in the text; tokens that touch are one word.
pub(super) fn joined(text: &str, tokens: &[&Token]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut end = usize::MAX;
    for token in tokens {
        let slice = token.span.slice(text);
        match words.last_mut() {
            Some(word) if end == token.span.start => word.push_str(slice),
            _ => words.push(slice.to_owned()),
        }
        end = token.span.end;
    }
    words
}

/// The run of names that the mention ends with, unless a preposition leads to it.
fn trailing_name<'a, 'b>(text: &str, inside: &'a [&'b Token]) -> Option<&'a [&'b Token]> {
    let start = inside.len() - inside.iter().rev().take_while(|t| is_part(text, t)).count();
    let start = start + inside.get(start..)?.iter().take_while(|t| !t.name).count();
    let run = inside.get(start..).filter(|run| !run.is_empty())?;
    let before = inside.get(..start)?;
    let led = before.iter().any(|t| {
        let word = plain(t.span.slice(text));
        PREPOSITIONS.contains(&word.as_ref()) || is_possessive(t.span.slice(text))
    });
    (!led).then_some(run)
}

/// The run of names that the mention begins with, if a comma follows: *Duarte, the mayor*.
fn leading_name<'a, 'b>(text: &str, inside: &'a [&'b Token]) -> Option<&'a [&'b Token]> {
    let end = inside.iter().take_while(|t| is_part(text, t)).count();
    let comma = inside.get(end).is_some_and(|t| t.span.slice(text) == ",");
    inside.get(..end).filter(|run| comma && run.iter().any(|t| t.name))
}

/// Whether a token may be a part of a name: a name, its hyphen or apostrophe, a particle.
fn is_part(text: &str, token: &Token) -> bool {
    token.name || matches!(token.span.slice(text), "-" | "‐" | "‑" | "'" | "’") || is_particle(token.span.slice(text))
}

fn ends_phrase(text: &str, token: &Token) -> bool {
    token.shape.is_punctuation() || PREPOSITIONS.contains(&plain(token.span.slice(text)).as_ref())
}
