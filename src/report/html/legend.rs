//! The legend: what each mark looks like, and what it means.
//!
//! In: what there is in a report. Out: markup. Start at [`legend`].

use super::mark::Part;
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::heads::stance::Polarity;
use crate::report::Report;
use maud::{Markup, html};

/// What a loaded term of this kind does.
pub(super) const fn kind_meaning(kind: LoadedKind) -> &'static str {
    match kind {
        LoadedKind::Naming => "a name that judges who or what it names",
        LoadedKind::Evaluative => "evaluative or emotive wording",
        LoadedKind::Exaggeration => "exaggeration, or certainty beyond the facts",
        LoadedKind::Doubt => "doubt, distance or euphemism",
    }
}

/// How a cue of this class presents what is said.
pub(super) const fn class_meaning(class: CueClass) -> &'static str {
    match class {
        CueClass::Neutral => "does not say whether it holds",
        CueClass::Endorsing => "presents it as true",
        CueClass::Distancing => "holds it at arm's length",
        CueClass::Charged => "tells how it was said rather than what",
    }
}

/// A mark as it looks, on words of the page itself.
pub(super) fn sample(part: Part, words: &str) -> Markup {
    html! {
        span.m.(part.class()) {
            (words)
            @if !part.sign().is_empty() { i.sign aria-hidden="true" data-k=(part.sign()) {} }
        }
    }
}

/// The legend of what `report` can have.
pub(super) fn legend(report: &Report) -> Markup {
    html! {
        details.legend open {
            summary { "Legend: what the marks mean" }
            div.columns {
                @if report.loaded.is_some() { (loaded()) }
                @if report.attributions.is_some() { (attributions()) }
                @if report.stances.is_some() { (stances()) }
                div.wide {
                    h4 { "Beside each sentence" }
                    dl.narrow {
                        dt { span.note-sample { "3" } }
                        dd {
                            "its number; under it a bar a head ("
                            (report.document.heads.keys().collect::<Vec<_>>().join(", "))
                            "): filled where the answer is yes, outlined where it is no, thin where it is too close to \
                             call. Tone goes left from the middle if negative, right if positive."
                        }
                    }
                    @if report.regions.iter().any(|region| region.masked) {
                        dl {
                            dt { span.masked-sample { "dimmed" } }
                            dd {
                                "not part of the article (caption, menu, byline), or in a language without a model: \
                                 shown, not scored"
                            }
                        }
                    }
                }
            }
        }
    }
}

fn loaded() -> Markup {
    html! {
        div {
            h4 { "Loaded terms: wording that judges" }
            dl {
                @for &kind in LoadedKind::ALL {
                    dt { (sample(Part::Loaded(kind, false), kind.as_str())) }
                    dd { (kind_meaning(kind)) }
                }
                dt { (sample(Part::Loaded(LoadedKind::Evaluative, true), "evaluative")) }
                dd { "without a tint and with q: a source's word, not the author's" }
            }
        }
    }
}

fn attributions() -> Markup {
    html! {
        div {
            h4 { "Attributions: who is made to say what" }
            dl {
                dt { (sample(Part::Source, "source")) }
                dd { "who says it" }
                @for &class in CueClass::ALL {
                    dt { (sample(Part::Cue(class), class.as_str())) }
                    dd { "a cue that " (class_meaning(class)) }
                }
                dt { (sample(Part::Content, "content")) }
                dd { "what is said: not the author's words, or not their claim" }
            }
        }
    }
}

fn stances() -> Markup {
    html! {
        div {
            h4 { "Stances: toward whom or what" }
            dl {
                @for &polarity in Polarity::ALL {
                    dt { (sample(Part::Target(polarity), "target")) }
                    dd {
                        "whose holder is " (polarity)
                        @if polarity == Polarity::Neutral { " toward it" } @else { " it" }
                    }
                }
            }
        }
    }
}
