//! Reasons: for every sentence and every mark a card with what was found, how probable it is, and which words speak for
//! and against it.
//!
//! In: a report with its explanations. Out: markup. Start at [`reasons`]. The card of the mark `x` has the id `c-x`,
//! its first line `h-x`; the script shows a copy of it when the mark is in focus.

use super::chart;
use super::direction::direction;
use super::excerpt::excerpt;
use super::legend::{class_meaning, kind_meaning};
use super::mark::{attribution_id, loaded_id, sentence_id, stance_id};
use crate::heads::label::Label;
use crate::heads::voice::Voice;
use crate::report::{
    AttributionReport, Explanation, HeadScore, HolderReport, LoadedReport, Report, SentenceReport, StanceReport,
};
use maud::{Markup, html};

/// Characters of a passage that a card repeats.
const PASSAGE: usize = 240;
/// Characters of a sentence in its line.
const SENTENCE: usize = 90;

/// What stands in one sentence, by its place in the report.
#[derive(Debug, Default)]
struct Found {
    loaded: Vec<usize>,
    attributions: Vec<usize>,
    stances: Vec<usize>,
}

/// The cards, sentence by sentence; `passage` gives the text of a sentence.
pub(super) fn reasons<'t>(
    report: &Report,
    prefix: &str,
    mut passage: impl FnMut(&SentenceReport) -> &'t str,
) -> Markup {
    let mut found: Vec<Found> = report.sentences.iter().map(|_| Found::default()).collect();
    let mut add = |sentence: usize, place: fn(&mut Found) -> &mut Vec<usize>, index| {
        if let Some(found) = found.get_mut(sentence) {
            place(found).push(index);
        }
    };
    for (index, term) in report.loaded.iter().flatten().enumerate() {
        add(term.sentence, |found| &mut found.loaded, index);
    }
    for (index, attribution) in report.attributions.iter().flatten().enumerate() {
        add(attribution.sentence, |found| &mut found.attributions, index);
    }
    for (index, stance) in report.stances.iter().flatten().enumerate() {
        add(stance.sentence, |found| &mut found.stances, index);
    }
    let cards = Cards { report, prefix };
    html! {
        @for (index, (sentence, found)) in report.sentences.iter().zip(&found).enumerate() {
            @let lang = sentence.lang.as_deref().unwrap_or(&report.lang);
            details.sentence data-s=(cards.id(&sentence_id(index))) {
                summary {
                    span.number { (index + 1) } " "
                    bdi.words lang=(lang) dir=(direction(lang)) { (excerpt(passage(sentence), SENTENCE)) }
                    span.labels { (labels(sentence)) }
                }
                (cards.sentence(index, sentence))
                @for &index in &found.loaded { (cards.loaded(index)) }
                @for &index in &found.attributions { (cards.attribution(index)) }
                @for &index in &found.stances { (cards.stance(index)) }
            }
        }
    }
}

/// What the sentence heads say: `bias yes 0.67, tone negative 0.61, mixed voice`.
pub(super) fn labels(sentence: &SentenceReport) -> String {
    let heads = sentence.heads.iter().map(|(head, score)| label(head, score, sentence));
    heads.chain(sentence.voice.map(voice_of_sentence).map(str::to_owned)).collect::<Vec<_>>().join(", ")
}

fn label(head: &str, score: &HeadScore, sentence: &SentenceReport) -> String {
    let label = sentence.label(head);
    let doubt = if sentence.uncertain.iter().any(|other| other == head) { " (too close to call)" } else { "" };
    match score {
        HeadScore::Binary(p) => format!("{head} {} {p:.2}{doubt}", if label == "1" { "yes" } else { "no" }),
        HeadScore::Classes(classes) => {
            format!("{head} {label} {:.2}{doubt}", classes.get(label).copied().unwrap_or_default())
        }
    }
}

const fn voice_of_sentence(voice: Voice) -> &'static str {
    match voice {
        Voice::Author => "the author's voice",
        Voice::Quoted => "a source's voice",
        Voice::Mixed => "partly a source's voice",
    }
}

struct Cards<'r> {
    report: &'r Report,
    prefix: &'r str,
}

impl Cards<'_> {
    fn id(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    /// A card: a title, the line of what it is, and the rest.
    fn card(&self, id: &str, title: &Markup, line: &Markup, rest: &Markup) -> Markup {
        let id = self.id(id);
        html! {
            section.card id={ "c-" (id) } data-of=(id) {
                h4 { (title) }
                p.what id={ "h-" (id) } { (line) }
                (rest)
                p.back { a href={ "#" (id) } { "Show in the text" } }
            }
        }
    }

    fn sentence(&self, index: usize, sentence: &SentenceReport) -> Markup {
        let shown = sentence.explain.iter().filter_map(|reasons| match sentence.heads.get(&reasons.head) {
            Some(HeadScore::Classes(_)) => {
                (sentence.label(&reasons.head) == reasons.class).then_some((reasons, Of::Several))
            }
            _ => Some((reasons, Of::Two)),
        });
        let lang = self.lang(index);
        self.card(
            &sentence_id(index),
            &html! { "Sentence " (index + 1) },
            &html! { (labels(sentence)) },
            &html! { @for (reasons, of) in shown { (explanation(reasons, of, lang)) } },
        )
    }

    fn loaded(&self, index: usize) -> Markup {
        let Some(term) = self.report.loaded.as_ref().and_then(|all| all.get(index)) else { return html! {} };
        let LoadedReport { kind, p, voice, attribution, .. } = term;
        let lang = self.lang(term.sentence);
        let whose = if *voice == Voice::Author { "the author's word" } else { "a source's word" };
        let source = attribution.and_then(|index| Some((index, self.report.attributions.as_ref()?.get(index)?)));
        self.card(
            &loaded_id(index),
            &words(&term.passage.text, lang),
            &html! {
                "Loaded term, " b { (kind) } ": " (kind_meaning(*kind)) ". Probability " (two(*p)) ", " (whose) "."
            },
            &html! {
                @if let Some((index, attribution)) = source {
                    p { "In what " (self.source(attribution)) " is made to say: "
                        a href={ "#" (self.id(&attribution_id(index))) } { (words(&attribution.cue.text, lang)) } }
                }
                @if let Some(reasons) = &term.explain { (explanation(reasons, Of::Two, lang)) }
            },
        )
    }

    fn attribution(&self, index: usize) -> Markup {
        let Some(found) = self.report.attributions.as_ref().and_then(|all| all.get(index)) else { return html! {} };
        let lang = self.lang(found.sentence);
        let others = found.classes.iter().filter(|(class, _)| **class != found.class);
        let others: Vec<String> = others.map(|(class, p)| format!("{class} {p:.2}")).collect();
        let class_p = found.classes.get(&found.class).copied().unwrap_or_default();
        self.card(
            &attribution_id(index),
            &words(&found.cue.text, lang),
            &html! {
                "Attribution, " b { (found.class) } " cue: it " (class_meaning(found.class)) ". Probability "
                (two(found.p)) ", " (found.direct) "."
            },
            &html! {
                dl {
                    dt { "Who" } dd { (self.source(found)) }
                    dt { "What" }
                    dd {
                        @if found.content.is_empty() { "nothing found" }
                        @for content in &found.content { (words(&content.text, lang)) " " }
                    }
                    dt { "Class" } dd { (found.class) " " (two(class_p)) " (" (others.join(", ")) ")" }
                }
                @if let Some(reasons) = &found.explain { (explanation(reasons, Of::Two, lang)) }
            },
        )
    }

    fn stance(&self, index: usize) -> Markup {
        let Some(stance) = self.report.stances.as_ref().and_then(|all| all.get(index)) else { return html! {} };
        let StanceReport { holder, target, polarity, p, .. } = stance;
        let lang = self.lang(stance.sentence);
        let others = stance.polarities.iter().filter(|(other, _)| *other != polarity);
        let others: Vec<String> = others.map(|(other, p)| format!("{other} {p:.2}")).collect();
        self.card(
            &stance_id(index),
            &html! { (self.holder(holder, lang)) " → " (words(&target.passage.text, lang)) },
            &html! { "Stance: " b { (polarity) } ", probability " (two(*p)) " (" (others.join(", ")) ")." },
            &html! {
                @if target.name != target.passage.text { p { "The target is " (words(&target.name, lang)) "." } }
                @for reasons in stance.explain.iter().filter(|reasons| reasons.class == polarity.as_str()) {
                    (explanation(reasons, Of::Several, lang))
                }
            },
        )
    }

    fn holder(&self, holder: &HolderReport, lang: &str) -> Markup {
        match holder {
            HolderReport::Author(_) => html! { "the author" },
            HolderReport::Named(actor) => words(&actor.name, lang),
        }
    }

    fn source(&self, attribution: &AttributionReport) -> Markup {
        let lang = self.lang(attribution.sentence);
        match &attribution.source {
            None => html! { "nobody named" },
            Some(source) => html! {
                (words(&source.passage.text, lang))
                @if let Some(link) = &source.link {
                    " (probably " (words(&link.passage.text, lang)) ", " (two(link.p)) ")"
                }
            },
        }
    }

    fn lang(&self, sentence: usize) -> &str {
        let sentence = self.report.sentences.get(sentence);
        sentence.and_then(|sentence| sentence.lang.as_deref()).unwrap_or(&self.report.lang)
    }
}

/// Words of the article, in their own language and direction.
pub(super) fn words(text: &str, lang: &str) -> Markup {
    html! { bdi.words lang=(lang) dir="auto" { (excerpt(text, PASSAGE)) } }
}

/// What a logit decides between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Yes and no: above 0 is over one half.
    Two,
    /// One class and the others, of which the highest logit wins.
    Several,
}

/// The parts of one logit, as bars and numbers; `lang` is that of the tokens.
pub(super) fn explanation(reasons: &Explanation, of: Of, lang: &str) -> Markup {
    let parts = reasons.contributions.iter().map(|part| part.value);
    let most = parts.chain([reasons.bias_term, reasons.rest]).map(f64::abs).fold(0.0, f64::max);
    let name = if reasons.class == "1" { reasons.head.clone() } else { format!("{} {}", reasons.head, reasons.class) };
    let row = |label: &Markup, value: f64| {
        html! {
            tr {
                th scope="row" { (label) }
                td.value { (signed(value)) }
                td.bar { (chart::diverging(value, most)) }
            }
        }
    };
    html! {
        table.why {
            caption {
                "Why " b { (name) } ": " span.value { (signed(reasons.logit)) }
                " in all (a logit"
                @if of == Of::Two { "; above 0 is over one half" }
                ")"
            }
            thead.hidden { tr { th scope="col" { "Word" } th scope="col" { "Part" } th scope="col" { "Bar" } } }
            tbody {
                @for part in &reasons.contributions {
                    (row(&html! { bdi lang=(lang) dir="auto" { (excerpt(&part.text, 40)) } }, part.value))
                }
                @if reasons.rest != 0.0 { (row(&html! { i { "all other words" } }, reasons.rest)) }
                (row(&html! { i { "before any word" } }, reasons.bias_term))
            }
        }
    }
}

/// A probability.
pub(super) fn two(p: f64) -> String {
    format!("{p:.2}")
}

/// A number with its sign: a true minus, which reads so and is as wide as the plus.
pub(super) fn signed(value: f64) -> String {
    format!("{value:+.2}").replace('-', "\u{2212}")
}
