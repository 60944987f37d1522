//! The stances of a document: who stands where toward each mention of its targets.
//!
//! In: a [`Reading`] with its attributions, and the targets. Out: [`StanceReport`]s. Start at [`Stances::find`]. Each
//! mention is judged in its own sentence; an attribution that reaches into it from another one counts. What holds
//! of the whole document is told in `standing.rs`.

use super::attributions::Attribution;
use super::printer::{Printer, explanation, round};
use super::reading::Reading;
use super::targets::{Mention, OWN, Targets, bare};
use crate::error::Result;
use crate::features::bearing::tokens_in;
use crate::heads::holder::Candidate;
use crate::heads::label::Label;
use crate::heads::stance::{NAME, Polarity, Quote, Sentence, Stance};
use crate::model::Bundle;
use crate::report::{ActorReport, AuthorWord, Contribution, HolderReport, PassageReport, StanceReport, TargetReport};
use crate::text::{Document, Span, Tokens, mark_quoted, normal_form};

/// What finds stances.
pub(super) struct Stances<'a> {
    pub bundle: &'a Bundle,
    pub printer: Printer<'a>,
    pub document: &'a Document,
    pub reading: &'a Reading,
    pub attributions: &'a [Attribution],
    /// For each attribution its source's fullest name.
    pub names: &'a [Option<Span>],
    pub quotes: &'a [Span],
    pub targets: &'a Targets,
}

/// A judged mention.
struct Judged {
    mention: Mention,
    sentence: usize,
    stance: Stance,
    probabilities: Vec<f64>,
    polarity: Polarity,
    tokens: Vec<Span>,
    holder: Option<Span>,
    attribution: Option<usize>,
}

impl Stances<'_> {
    /// The stances, by target, in order of the text; those toward what the document chose itself are of the
    /// [`OWN`] targets with most stance.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn find(&self) -> Result<Vec<StanceReport>> {
        let (mut names, mentions, is_own) = self.targets.mentions(self.document, self.reading);
        let mut judged = self.judge(&mentions)?;
        if is_own {
            let mut mass = vec![0.0; names.len()];
            for one in &judged {
                mass[one.mention.target] += 1.0 - one.probabilities[Polarity::Neutral.number()];
            }
            let mut order: Vec<usize> = (0..names.len()).collect();
            order.sort_by(|a, b| mass[*b].total_cmp(&mass[*a]).then(a.cmp(b)));
            let takes = |t: &usize| judged.iter().any(|j| j.mention.target == *t && j.polarity != Polarity::Neutral);
            let kept: Vec<usize> = order.into_iter().filter(takes).take(OWN).collect();
            judged.retain_mut(|one| match kept.iter().position(|k| *k == one.mention.target) {
                Some(place) => {
                    one.mention.target = place;
                    true
                }
                None => false,
            });
            names = kept.iter().map(|k| names[*k].clone()).collect();
        }
        judged.sort_by_key(|one| (one.mention.target, one.mention.span.start));
        let directory = Directory::new(self, &judged);
        Ok(judged.into_iter().map(|one| self.report(one, &names, &directory)).collect())
    }

    fn judge(&self, mentions: &[Mention]) -> Result<Vec<Judged>> {
        let Some(head) = self.bundle.stance_head() else { return Ok(Vec::new()) };
        let mut judged = Vec::with_capacity(mentions.len());
        let overlapping = self.overlapping();
        let mut at = 0;
        let text = self.printer.text;
        while at < mentions.len() {
            let sentences = &self.reading.sentences;
            let number = sentences.partition_point(|s| s.span.end <= mentions[at].span.start);
            let Some(read) = sentences.get(number) else { break };
            let here = mentions[at..].iter().take_while(|m| m.span.start < read.span.end).count();
            let (first, end) = (at, at + here.max(1));
            at = end;
            if mentions[first].span.start < read.span.start {
                continue;
            }
            let cut;
            let tokens: &Tokens = match self.reading.tokens.get(number) {
                Some(tokens) => tokens,
                None => {
                    let mut tokens = self.bundle.tokenizer().tokenize(text, read.span)?;
                    mark_quoted(&mut tokens, self.quotes);
                    self.bundle.mask().flag(text, &mut tokens);
                    cut = tokens;
                    &cut
                }
            };
            let numbers = &overlapping[number];
            let quotes: Vec<Quote> = numbers.iter().map(|n| quote(&self.attributions[*n])).collect();
            let sentence = Sentence::new(text, tokens, &quotes);
            let vectors = sentence.vectors(self.bundle.dense());
            for mention in &mentions[first..end] {
                let Some(target) = tokens_in(tokens, mention.span.start..mention.span.end) else { continue };
                let stance = head.score(&sentence, &vectors, target);
                let probabilities = stance.probabilities();
                let polarity = Polarity::ALL[head.decision.decide(&probabilities).0];
                let candidate = match polarity {
                    Polarity::Neutral => innermost(&quotes, mention.span),
                    _ => head.holder.choose(text, &sentence, target),
                };
                let (holder, attribution) = match candidate {
                    Candidate::Author => (None, None),
                    Candidate::Source(n) => (quotes[n].source, Some(numbers[n])),
                    Candidate::Named((first, end), _) => {
                        let all = &tokens.tokens;
                        (Some(Span::new(all[first].span.start, all[end - 1].span.end)), None)
                    }
                };
                judged.push(Judged {
                    mention: mention.clone(),
                    sentence: number,
                    stance,
                    probabilities,
                    polarity,
                    tokens: tokens.tokens.iter().map(|t| t.span).collect(),
                    holder,
                    attribution,
                });
            }
        }
        Ok(judged)
    }

    /// For each sentence the attributions that reach into it.
    fn overlapping(&self) -> Vec<Vec<usize>> {
        let sentences = &self.reading.sentences;
        let mut found = vec![Vec::new(); sentences.len()];
        for (number, a) in self.attributions.iter().enumerate() {
            let mut add = |at: usize| {
                if let Some(list) = found.get_mut(at).filter(|list: &&mut Vec<usize>| list.last() != Some(&number)) {
                    list.push(number);
                }
            };
            for content in &a.contents {
                let first = sentences.partition_point(|s| s.span.end <= content.start);
                let end = sentences.partition_point(|s| s.span.start < content.end);
                (first..end).filter(|at| *at < a.sentence).for_each(&mut add);
            }
            add(a.sentence);
            for content in &a.contents {
                let first = sentences.partition_point(|s| s.span.end <= content.start);
                let end = sentences.partition_point(|s| s.span.start < content.end);
                (first..end).filter(|at| *at > a.sentence).for_each(&mut add);
            }
        }
        found
    }

    fn report(&self, one: Judged, names: &[String], directory: &Directory) -> StanceReport {
        let printer = self.printer;
        let holder = match one.holder {
            None => HolderReport::Author(AuthorWord::Author),
            Some(span) => {
                let full = one.attribution.and_then(|a| self.names[a]).unwrap_or(span);
                HolderReport::Named(ActorReport {
                    passage: printer.passage(span),
                    name: directory.name(self, span, full),
                })
            }
        };
        let explain = if printer.options.explain { self.reasons(&one) } else { Vec::new() };
        let head = self.bundle.stance_head();
        StanceReport {
            holder,
            target: TargetReport {
                passage: printer.passage(one.mention.span),
                name: names.get(one.mention.target).cloned().unwrap_or_default(),
            },
            polarity: one.polarity,
            p: round(one.probabilities[one.polarity.number()]),
            polarities: Polarity::ALL.iter().copied().zip(one.probabilities.iter().map(|p| round(*p))).collect(),
            attribution: one.attribution,
            sentence: one.sentence,
            certain: head.is_none_or(|h| h.decision.decide(&one.probabilities).1),
            explain,
        }
    }

    fn reasons(&self, one: &Judged) -> Vec<crate::report::Explanation> {
        let Some(head) = self.bundle.stance_head() else { return Vec::new() };
        let of = |polarity: &Polarity| {
            let k = polarity.number();
            let part = |(span, part): (&Span, &[f64; 3])| {
                let PassageReport { start, end, text } = self.printer.passage(*span);
                Contribution { start, end, text, value: part[k] }
            };
            let parts = one.tokens.iter().zip(&one.stance.parts).map(part).collect();
            let top = self.printer.options.top;
            explanation(NAME, polarity.as_str(), one.stance.logits[k], head.intercepts[k], parts, top)
        };
        Polarity::ALL.iter().map(of).collect()
    }
}

/// The source in whose content a neutral mention stands, of several that with the shortest; else the author.
fn innermost(quotes: &[Quote], span: Span) -> Candidate {
    let length = |q: &Quote| q.contents.iter().find(|c| c.start <= span.start && span.end <= c.end).map(|c| c.len());
    let of = |(number, q): (usize, &Quote)| {
        Some((length(q)?, number)).filter(|_| q.source.is_some_and(|s| !s.overlaps(span)))
    };
    quotes.iter().enumerate().filter_map(of).min().map_or(Candidate::Author, |(_, number)| Candidate::Source(number))
}

fn quote(a: &Attribution) -> Quote {
    Quote { source: a.source, cue: a.cue, contents: a.contents.clone(), class: a.class }
}

/// Under which name each holder of a document goes: an actor's, or the fullest in the text.
struct Directory {
    /// The names of those that speak for an actor, in normal form, and that actor.
    known: Vec<(String, usize)>,
}

impl Directory {
    fn new(stances: &Stances<'_>, judged: &[Judged]) -> Self {
        let text = stances.printer.text;
        let named = stances.attributions.iter().filter_map(|a| a.source).chain(judged.iter().filter_map(|j| j.holder));
        let mut known: Vec<(String, usize)> = Vec::new();
        for span in named.chain(stances.names.iter().copied().flatten()) {
            let phrase = span.slice(text);
            if let Some(actor) = stances.targets.actors().of(phrase) {
                let form = padded(phrase);
                if !known.iter().any(|(k, _)| *k == form) {
                    known.push((form, actor));
                }
            }
        }
        Self { known }
    }

    /// The name of a holder whose words are `span` and whose fullest name stands at `full`.
    fn name(&self, stances: &Stances<'_>, span: Span, full: Span) -> String {
        let text = stances.printer.text;
        let actors = stances.targets.actors();
        let (short, long) = (bare(span.slice(text)), bare(full.slice(text)));
        let actor =
            actors.of(short).or_else(|| actors.of(long)).or_else(|| introduced(text, long, actors)).or_else(|| {
                // A plain name that a fuller phrase elsewhere tells whom it speaks for.
                let form = padded(long);
                let is_name = long.chars().next().is_some_and(|c| c.is_uppercase() || crate::text::is_arabic(c));
                self.known.iter().find(|(known, _)| is_name && known.contains(&form)).map(|(_, actor)| *actor)
            });
        actor.map_or_else(|| long.to_owned(), |actor| actors.name(actor).to_owned())
    }
}

/// Words of an office that may stand before a name, beside words with a capital.
#[rustfmt::skip]
const OFFICE: &[&str] = &[
    "of", "the", "for", "and", "president", "minister", "prime", "foreign", "secretary", "spokesman", "spokeswoman",
    "spokesperson", "ambassador", "envoy", "chief", "leader", "general", "army", "military", "defence", "defense",
    "state", "king", "chancellor", "diplomat", "deputy", "vice", "national", "security", "adviser", "government",
];

/// Words of an office at most.
const LONGEST_OFFICE: usize = 8;

/// How many times a name is looked up in the text, at most.
const LOOKED_UP: usize = 16;

/// The actor that a name's office, where it stands before the name, speaks for (*the Peruvian foreign minister Ana
/// Duarte*).
fn introduced(text: &str, name: &str, actors: &crate::text::Actors) -> Option<usize> {
    let is_name = name.starts_with(char::is_uppercase) && name.contains(' ');
    let at = |(at, _): (usize, &str)| {
        let mut start = at;
        for _ in 0..LONGEST_OFFICE {
            let before = text.get(..start)?.trim_end_matches(' ');
            let from = before.rfind(char::is_whitespace).map_or(0, |white| white + 1);
            let word = &before[from..];
            let is_office = word.starts_with(char::is_uppercase) || OFFICE.contains(&word);
            if !is_office || word.ends_with([',', '.', ';', ':', '!', '?']) || text[from..start].contains('\n') {
                break;
            }
            start = from;
        }
        (start < at).then(|| actors.of(&text[start..at + name.len()]))?
    };
    text.match_indices(name).take(LOOKED_UP).filter(|_| is_name).find_map(at)
}

/// A phrase in normal form with a space at both ends, so that it is found in another at its words' bounds.
fn padded(phrase: &str) -> String {
    let mut form = String::new();
    normal_form(bare(phrase), &mut form);
    format!(" {} ", form.replace([',', '،'], " "))
}
