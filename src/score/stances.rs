//! The stances of a document: who stands where toward each mention of its targets.
//!
//! In: a [`Reading`] with its attributions, and the targets. Out: [`StanceReport`]s. Start at [`Stances::find`]. Each
//! mention is judged in its own sentence; an attribution that reaches into it from another one counts. What holds
//! of the whole document is told in `standing.rs`.

use super::attributions::{Attribution, around};
use super::printer::{Printer, explanation, round};
use super::reading::Reading;
use super::scorer::Attributed;
use super::targets::{Mention, OWN, Targets};
use crate::error::Result;
use crate::features::bearing::tokens_in;
use crate::heads::holder::{Candidate, Scene, candidates, words_of};
use crate::heads::label::Label;
use crate::heads::stance::{Dense, Known, NAME, Polarity, Quote, Sentence, Stance};
use crate::model::Bundle;
use crate::report::{ActorReport, AuthorWord, Contribution, HolderReport, PassageReport, StanceReport, TargetReport};
use crate::text::{Actors, Document, Noise, Span, Tokens, mark_quoted, normal, without_possessive};
use std::collections::BTreeMap;

/// What finds stances.
pub(super) struct Stances<'a> {
    pub bundle: &'a Bundle,
    pub printer: Printer<'a>,
    pub document: &'a Document,
    pub reading: &'a Reading,
    /// The attributions, and who reaches where.
    pub told: &'a Attributed,
    pub quotes: &'a [Span],
    pub noise: &'a Noise,
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
            let (mut mass, mut takes) = (vec![0.0; names.len()], vec![false; names.len()]);
            for one in &judged {
                mass[one.mention.target] += 1.0 - one.probabilities[Polarity::Neutral.number()];
                takes[one.mention.target] |= one.polarity != Polarity::Neutral;
            }
            let mut order: Vec<usize> = (0..names.len()).collect();
            order.sort_by(|a, b| mass[*b].total_cmp(&mass[*a]).then(a.cmp(b)));
            let kept: Vec<usize> = order.into_iter().filter(|target| takes[*target]).take(OWN).collect();
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
        let dense = Dense::of(head);
        let mut judged = Vec::with_capacity(mentions.len());
        let mut at = 0;
        let text = self.printer.text;
        while at < mentions.len() {
            let sentences = &self.reading.sentences;
            let number = sentences.partition_point(|s| s.span.end <= mentions[at].span.start);
            let Some(read) = sentences.get(number) else { break };
            // In no sentence that is scored: between two, or in a masked region.
            if mentions[at].span.start < read.span.start {
                at += 1;
                continue;
            }
            let here = mentions[at..].iter().take_while(|m| m.span.start < read.span.end).count();
            let (first, end) = (at, at + here.max(1));
            at = end;
            let cut;
            let tokens: &Tokens = match self.reading.tokens.get(number) {
                Some(tokens) => tokens,
                None => {
                    let mut tokens =
                        self.bundle.tokenizer().tokenize_cut(text, read.span, self.noise.cuts_in(read.span))?;
                    let first = self.quotes.partition_point(|q| q.end <= read.span.start);
                    mark_quoted(&mut tokens, &self.quotes[first..]);
                    self.bundle.mask().flag(text, &mut tokens);
                    cut = tokens;
                    &cut
                }
            };
            let numbers = self.told.reaching.of_sentence(number);
            let quotes: Vec<Quote> = numbers.iter().map(|n| quote(&self.told.attributions[*n], read.span)).collect();
            let sentence = Sentence::new(text, tokens, &quotes);
            let said = dense.said(&sentence.vectors(self.bundle.dense()));
            let mut known = Known::default();
            for mention in &mentions[first..end] {
                let Some(target) = tokens_in(tokens, mention.span.start..mention.span.end) else { continue };
                let mut stance = head.score(&sentence, &said, &mut known, target);
                let probabilities = stance.probabilities();
                let polarity = Polarity::ALL[head.decision.decide(&probabilities).0];
                let candidate = match polarity {
                    Polarity::Neutral => match innermost(&quotes, mention.span) {
                        // Whoever gave up opposing is neither for nor against, and it is theirs all the same.
                        Candidate::Author => {
                            let all = candidates(&sentence, target);
                            Scene::new(&sentence, target, &all).nearest().unwrap_or(Candidate::Author)
                        }
                        source => source,
                    },
                    _ => head.holder.choose(&sentence, target),
                };
                let holder = words_of(&sentence, candidate);
                let attribution = if let Candidate::Source(n) = candidate { Some(numbers[n]) } else { None };
                judged.push(Judged {
                    mention: mention.clone(),
                    sentence: number,
                    tokens: self.take_reasons(&mut stance, tokens),
                    stance,
                    probabilities,
                    polarity,
                    holder,
                    attribution,
                });
            }
        }
        Ok(judged)
    }

    /// Where the tokens of a sentence stand that a stance was told by; where reasons were not asked for, none, and the
    /// parts of its logits are done with.
    fn take_reasons(&self, stance: &mut Stance, tokens: &Tokens) -> Vec<Span> {
        if !self.printer.options.explain {
            stance.parts = Vec::new();
            return Vec::new();
        }
        tokens.tokens.iter().skip(stance.first).take(stance.parts.len()).map(|t| t.span).collect()
    }

    fn report(&self, one: Judged, names: &[String], directory: &Directory) -> StanceReport {
        let printer = self.printer;
        let holder = match one.holder {
            None => HolderReport::Author(AuthorWord::Author),
            Some(span) => {
                let full = one.attribution.and_then(|a| self.told.names[a]).unwrap_or(span);
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
    let length = |q: &Quote| around(&q.contents, span).map(|c| c.len());
    let of = |(number, q): (usize, &Quote)| {
        Some((length(q)?, number)).filter(|_| q.source.is_some_and(|s| !s.overlaps(span)))
    };
    quotes.iter().enumerate().filter_map(of).min().map_or(Candidate::Author, |(_, number)| Candidate::Source(number))
}

/// An attribution as it is seen from a sentence: with those contents that reach into it, each of them whole.
fn quote(a: &Attribution, sentence: Span) -> Quote {
    let first = a.contents.partition_point(|c| c.end <= sentence.start);
    let end = a.contents.partition_point(|c| c.start < sentence.end);
    let contents = a.contents.get(first..end).unwrap_or_default().to_vec();
    Quote { source: a.source, cue: a.cue, contents, class: a.class }
}

/// Under which name each holder of a document goes: an actor's, or the fullest in the text.
struct Directory {
    /// For every phrase that names a source or a holder, its actor; by the phrase as it stands in the text.
    known: BTreeMap<String, Option<usize>>,
    /// For every word of a phrase that speaks for an actor, that actor; `None` where phrases do not agree.
    words: BTreeMap<String, Option<usize>>,
}

impl Directory {
    fn new(stances: &Stances<'_>, judged: &[Judged]) -> Self {
        let text = stances.printer.text;
        let actors = stances.targets.actors();
        let named =
            stances.told.attributions.iter().filter_map(|a| a.source).chain(judged.iter().filter_map(|j| j.holder));
        let (mut known, mut words) = (BTreeMap::new(), BTreeMap::<String, Option<usize>>::new());
        for span in named.chain(stances.told.names.iter().copied().flatten()) {
            let phrase = without_possessive(span.slice(text));
            let introduced = || introduced(text, span, actors);
            let actor = *known.entry(phrase.to_owned()).or_insert_with(|| actors.of(phrase).or_else(introduced));
            let Some(actor) = actor else { continue };
            for word in names_in(phrase) {
                words.entry(word).and_modify(|of| *of = of.filter(|of| *of == actor)).or_insert(Some(actor));
            }
        }
        Self { known, words }
    }

    /// The name of a holder whose words are `span` and whose fullest name stands at `full`.
    fn name(&self, stances: &Stances<'_>, span: Span, full: Span) -> String {
        let text = stances.printer.text;
        let actors = stances.targets.actors();
        let (short, long) = (without_possessive(span.slice(text)), without_possessive(full.slice(text)));
        let known = |phrase: &str| self.known.get(phrase).copied().flatten();
        // A person's name that a fuller phrase elsewhere tells whom it speaks for; by its last word.
        let person = || names_in(long).pop().and_then(|last| self.words.get(&last).copied().flatten());
        let actor = known(short).or_else(|| known(long)).or_else(person);
        actor.map_or_else(|| long.to_owned(), |actor| actors.name(actor).to_owned())
    }
}

/// The words of a phrase that are a person's name, in normal form: its words with a capital, where it is a phrase of
/// such words alone (*Ines Torvald*), or what stands before its first comma is. A script without capitals has none.
fn names_in(phrase: &str) -> Vec<String> {
    let name = phrase.split([',', '،']).next().unwrap_or(phrase);
    let words = name.split_whitespace().filter(|word| word.starts_with(char::is_uppercase));
    let all = name.split_whitespace().all(|word| word.starts_with(char::is_uppercase) || OFFICE.contains(&word));
    if all { words.map(normal).collect() } else { Vec::new() }
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

/// No word of an office is longer, in bytes.
const LONGEST_WORD: usize = 64;

/// The last word of a text; none if it is longer than one of an office can be.
fn last_word(text: &str) -> &str {
    let near = (text.len().saturating_sub(LONGEST_WORD)..=text.len()).find(|at| text.is_char_boundary(*at));
    let start = near.unwrap_or(text.len());
    let word = text.get(start..).unwrap_or_default().rsplit(char::is_whitespace).next().unwrap_or_default();
    if word.len() == text.len() - start && start > 0 { "" } else { word }
}

/// The actor that a name's office, where it stands before the name, speaks for (*the Peruvian foreign minister Ana
/// Duarte*).
fn introduced(text: &str, name: Span, actors: &Actors) -> Option<usize> {
    if !name.slice(text).starts_with(char::is_uppercase) {
        return None;
    }
    let mut start = name.start;
    for _ in 0..LONGEST_OFFICE {
        let before = text.get(..start)?.trim_end_matches(' ');
        let word = last_word(before);
        let is_office = word.starts_with(char::is_uppercase) || OFFICE.contains(&word);
        if !is_office || word.ends_with([',', '.', ';', ':', '!', '?']) {
            break;
        }
        start = before.len() - word.len();
    }
    (start < name.start).then(|| actors.of(text.get(start..name.end)?))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_text_without_blanks_no_more_is_looked_at_than_a_word() {
        assert_eq!(last_word("the Peruvian minister"), "minister");
        assert_eq!(last_word("Peru"), "Peru");
        assert_eq!(last_word(&"وزير".repeat(100_000)), "");
        assert_eq!(last_word(&format!("{} king", "A".repeat(1_000))), "king");
    }

    #[test]
    fn a_sentence_sees_of_an_attribution_what_reaches_into_it() {
        use super::super::attributions::find;
        use super::super::sample::read;
        let text = "“It rained. It stopped,” Rin said. “It rained again.”";
        let (reading, quotes) = read(text, &[("Rin", "said", "It stopped,”")]);
        let found = find(text, &quotes, &reading);
        assert_eq!(found[0].contents.len(), 2);
        let seen = |at: usize| quote(&found[0], reading.sentences[at].span).contents;
        assert_eq!(seen(0), found[0].contents[..1]);
        assert_eq!(seen(2), found[0].contents[1..]);
    }
}
