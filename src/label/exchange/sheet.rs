//! A labelled record as other tools have it: spans with names, links between them, classes of the whole text.
//!
//! In: a [`Record`]. Out: a [`Sheet`], and the same record of it again. Start at [`Sheet::of`] and [`Sheet::record`]. A loaded
//! term is a span named `loaded:KIND`; an attribution a span `cue:CLASS:DIRECT` with links to its `source` and to a
//! `content`, which may be in pieces; a stance a span `target:POLARITY` with a link to its `holder`, if that is not the
//! author. What else a record has is its [`Sheet::meta`], which every format keeps beside the text.

use super::notes::Notes;
use crate::error::{Place, Result};
use crate::heads::label::Label as _;
use crate::heads::{attribution, loaded, stance};
use crate::label::judgement::{heads, marks_places};
use crate::train::annotation::{CueClass, Directness, LoadedKind, Polarity, Span};
use crate::train::object;
use crate::train::record::{Label, Record, from_map};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Loaded(LoadedKind),
    Cue(CueClass, Directness),
    Source,
    Content,
    Target(Polarity),
    Holder,
}

impl Kind {
    /// Its name where a name says everything.
    pub fn name(self) -> String {
        match self {
            Self::Loaded(kind) => format!("loaded:{kind}"),
            Self::Cue(class, direct) => format!("cue:{class}:{direct}"),
            Self::Source => "source".into(),
            Self::Content => "content".into(),
            Self::Target(polarity) => format!("target:{polarity}"),
            Self::Holder => "holder".into(),
        }
    }

    /// The kind of a name; `None` if it is of none.
    pub fn named(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.split(':').collect();
        match parts.as_slice() {
            ["loaded", kind] => Some(Self::Loaded(LoadedKind::from_label(kind)?)),
            ["cue", class, direct] => Some(Self::Cue(CueClass::from_label(class)?, Directness::from_label(direct)?)),
            ["source"] => Some(Self::Source),
            ["content"] => Some(Self::Content),
            ["target", polarity] => Some(Self::Target(Polarity::from_label(polarity)?)),
            ["holder"] => Some(Self::Holder),
            _ => None,
        }
    }

    /// The head that such spans belong to.
    pub const fn head(self) -> &'static str {
        match self {
            Self::Loaded(_) => loaded::NAME,
            Self::Cue(..) | Self::Source | Self::Content => attribution::NAME,
            Self::Target(_) | Self::Holder => stance::NAME,
        }
    }

    /// All names, in the order of the documentation.
    pub fn names() -> Vec<String> {
        let loaded = LoadedKind::ALL.iter().map(|kind| Self::Loaded(*kind));
        let cue =
            |class: &CueClass| Directness::ALL.iter().map(|direct| Self::Cue(*class, *direct)).collect::<Vec<_>>();
        let targets = Polarity::ALL.iter().map(|polarity| Self::Target(*polarity));
        let all = loaded.chain(CueClass::ALL.iter().flat_map(cue)).chain([Self::Source, Self::Content]);
        all.chain(targets).chain([Self::Holder]).map(Self::name).collect()
    }
}

/// A span, or several that are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub kind: Kind,
    /// In code points; at least one, in order.
    pub pieces: Vec<Span>,
}

/// What a link says: where its end stands to its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkKind {
    Source,
    Content,
    Holder,
}

impl LinkKind {
    pub const ALL: [Self; 3] = [Self::Source, Self::Content, Self::Holder];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Content => "content",
            Self::Holder => "holder",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// A link from a cue or a target to a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub kind: LinkKind,
    /// The cue or target, by its place among the marks.
    pub from: usize,
    /// Its source, content or holder.
    pub to: usize,
}

/// A labelled text as other tools have it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sheet {
    pub text: String,
    /// `id`, `lang`, `group`, `annotator`, `weight`; `heads`, the ones whose spans were looked for; `labels` that the format
    /// does not show.
    pub meta: Map<String, Value>,
    /// Classes of the whole text by head.
    pub classes: BTreeMap<String, String>,
    pub marks: Vec<Mark>,
    pub links: Vec<Link>,
}

/// The keys of a sheet's meta.
const META: [&str; 5] = ["id", "lang", "group", "annotator", "weight"];

impl Sheet {
    /// The record as a sheet. `shows` says which labels the format has a place for; the others go beside the text, with a
    /// note.
    pub fn of(record: &Record, notes: &mut Notes, shows: impl Fn(&str, &str) -> bool) -> Self {
        let object = object::object(record);
        let meta = META.iter().filter_map(|key| Some(((*key).to_owned(), object.get(*key)?.clone()))).collect();
        let mut sheet = Self { text: record.text.clone(), meta, ..Self::default() };
        let looked: Vec<String> = heads(record).into_iter().filter(|head| marks_places(head)).collect();
        sheet.meta.insert("heads".into(), json!(looked));
        let mut hidden = BTreeMap::new();
        for (head, label) in &record.labels {
            match label {
                Label::Hard(class) if shows(head, class) => {
                    sheet.classes.insert(head.clone(), class.clone());
                }
                Label::Hard(_) => {
                    notes.add("labels that stand beside the text only, as the format cannot show their names");
                    hidden.insert(head.clone(), label.clone());
                }
                Label::Soft(_) => {
                    notes.add("soft labels that stand beside the text only, as the format cannot show shares");
                    hidden.insert(head.clone(), label.clone());
                }
            }
        }
        if !hidden.is_empty() {
            sheet.meta.insert("labels".into(), object::labels(&hidden));
        }
        for term in record.loaded.iter().flatten() {
            sheet.mark(Kind::Loaded(term.kind), vec![term.span]);
        }
        for one in record.attributions.iter().flatten() {
            let cue = sheet.mark(Kind::Cue(one.class, one.direct), vec![one.cue]);
            if let Some(source) = one.source {
                let to = sheet.mark(Kind::Source, vec![source]);
                sheet.links.push(Link { kind: LinkKind::Source, from: cue, to });
            }
            if !one.content.is_empty() {
                let to = sheet.mark(Kind::Content, one.content.clone());
                sheet.links.push(Link { kind: LinkKind::Content, from: cue, to });
            }
        }
        for one in record.stances.iter().flatten() {
            let target = sheet.mark(Kind::Target(one.polarity), vec![one.target]);
            if let Some(holder) = one.holder {
                let to = sheet.mark(Kind::Holder, vec![holder]);
                sheet.links.push(Link { kind: LinkKind::Holder, from: target, to });
            }
        }
        sheet
    }

    fn mark(&mut self, kind: Kind, pieces: Vec<Span>) -> usize {
        self.marks.push(Mark { kind, pieces });
        self.marks.len() - 1
    }

    /// The same sheet with every span in one piece: further pieces get a mark and links of their own.
    pub fn in_pieces(mut self) -> Self {
        let mut to_mark: HashMap<usize, Vec<Link>> = HashMap::new();
        for link in &self.links {
            to_mark.entry(link.to).or_default().push(*link);
        }
        for at in 0..self.marks.len() {
            let (kind, further) = match self.marks.get_mut(at) {
                Some(mark) if mark.pieces.len() > 1 => (mark.kind, mark.pieces.split_off(1)),
                _ => continue,
            };
            for piece in further {
                let to = self.mark(kind, vec![piece]);
                let links = to_mark.get(&at).into_iter().flatten();
                self.links.extend(links.map(|link| Link { to, ..*link }));
            }
        }
        self
    }

    /// The heads whose spans somebody looked for; `None` where the file does not say.
    pub fn heads(&self) -> Option<Vec<String>> {
        let heads = self.meta.get("heads")?.as_array()?;
        Some(heads.iter().filter_map(|head| head.as_str().map(str::to_owned)).collect())
    }

    /// The record of a sheet, whose spans were looked for under `looked` if it does not say.
    ///
    /// # Errors
    /// [`crate::Error::Input`] where no record can be so.
    pub fn record(&self, looked: &[String], notes: &mut Notes, place: &Place) -> Result<Record> {
        let mut map: Map<String, Value> = self.meta.clone();
        map.remove("heads");
        map.insert("text".into(), json!(self.text));
        let mut labels = match map.remove("labels") {
            Some(Value::Object(labels)) => labels,
            _ => Map::new(),
        };
        labels.extend(self.classes.iter().map(|(head, class)| (head.clone(), json!(class))));
        if !labels.is_empty() {
            map.insert("labels".into(), Value::Object(labels));
        }
        let looked = self.heads().unwrap_or_else(|| looked.to_vec());
        let mut linked: Linked = HashMap::new();
        for link in &self.links {
            linked.entry(link.from).or_default().push(*link);
        }
        let ends: HashSet<usize> = self.links.iter().map(|link| link.to).collect();
        let mut values: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for head in [loaded::NAME, attribution::NAME, stance::NAME] {
            if looked.iter().any(|looked| looked == head) || self.marks.iter().any(|mark| mark.kind.head() == head) {
                values.insert(head, Vec::new());
            }
        }
        for (at, mark) in self.marks.iter().enumerate() {
            let of = values.entry(mark.kind.head()).or_default();
            match mark.kind {
                Kind::Loaded(kind) => {
                    if mark.pieces.len() > 1 {
                        notes.add("loaded terms in pieces, of which each became a term");
                    }
                    let term = |span: &Span| json!({"start": span.start, "end": span.end, "kind": kind.as_str()});
                    of.extend(mark.pieces.iter().map(term));
                }
                Kind::Cue(class, direct) => of.push(json!({
                    "source": self.one_of(&linked, at, LinkKind::Source, notes),
                    "cue": hull(mark, notes),
                    "content": self.contents(&linked, at),
                    "class": class.as_str(),
                    "direct": direct.as_str(),
                })),
                Kind::Target(polarity) => {
                    let holder = self.one_of(&linked, at, LinkKind::Holder, notes).unwrap_or_else(|| json!("author"));
                    let target = hull(mark, notes);
                    of.push(json!({"holder": holder, "target": target, "polarity": polarity.as_str()}));
                }
                Kind::Source | Kind::Content | Kind::Holder => {
                    if !ends.contains(&at) {
                        notes.add("sources, contents and holders that no cue or target is linked to, left out");
                    }
                }
            }
        }
        for (head, values) in values {
            let key = if head == loaded::NAME { head.to_owned() } else { format!("{head}s") };
            map.insert(key, Value::Array(values));
        }
        from_map(&map, place)
    }

    /// The one source or holder of a cue or target.
    fn one_of(&self, linked: &Linked, from: usize, kind: LinkKind, notes: &mut Notes) -> Option<Value> {
        let mut links = linked.get(&from).into_iter().flatten().filter(|link| link.kind == kind);
        let first = self.marks.get(links.next()?.to)?;
        for _ in links {
            notes.add("further sources or holders of one cue or target, left out");
        }
        Some(hull(first, notes))
    }

    /// The pieces of a cue's contents, in order.
    fn contents(&self, linked: &Linked, from: usize) -> Vec<[usize; 2]> {
        let links = linked.get(&from).into_iter().flatten().filter(|link| link.kind == LinkKind::Content);
        let marks = links.filter_map(|link| self.marks.get(link.to));
        let mut pieces: Vec<[usize; 2]> =
            marks.flat_map(|mark| &mark.pieces).map(|span| [span.start, span.end]).collect();
        pieces.sort_unstable();
        pieces
    }
}

/// The links of each cue and target.
type Linked = HashMap<usize, Vec<Link>>;

/// From the first to the last piece of what a record has in one piece.
fn hull(mark: &Mark, notes: &mut Notes) -> Value {
    if mark.pieces.len() > 1 {
        notes.add("cues, sources, targets and holders in pieces, marked from the first to the last");
    }
    let start = mark.pieces.iter().map(|span| span.start).min();
    let end = mark.pieces.iter().map(|span| span.end).max();
    json!([start, end])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::records;
    use super::*;

    #[test]
    fn kinds_are_known_by_their_names() {
        let names = Kind::names();
        assert_eq!(names.len(), 4 + 12 + 2 + 3 + 1);
        assert!(names.iter().all(|name| Kind::named(name).unwrap().name() == *name));
        assert_eq!(Kind::named("loaded:rude"), None);
        assert_eq!(Kind::named("PER"), None);
    }

    #[test]
    fn a_sheet_gives_the_same_record_again_also_in_pieces() {
        for record in records() {
            let mut notes = Notes::default();
            let sheet = Sheet::of(&record, &mut notes, |_, _| true);
            let place = Place::file("f");
            assert_eq!(sheet.record(&[], &mut notes, &place).unwrap(), record);
            let pieces = sheet.in_pieces();
            assert!(pieces.marks.iter().all(|mark| mark.pieces.len() == 1));
            assert_eq!(pieces.record(&[], &mut notes, &place).unwrap(), record);
        }
    }
}
