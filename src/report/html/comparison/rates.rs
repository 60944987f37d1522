//! The sections of loaded terms and of cues: rates by outlet, with their intervals.
//!
//! In: the comparison's loaded terms and cues. Out: a bar with its interval an outlet, the terms and cues behind it.
//! Start at [`loaded`] and [`cues`].

use super::bars::{self, Scale};
use super::view::{View, interval, percent};
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::heads::voice::Voice;
use crate::report::comparison::{CuePlace, Estimate, LoadedPlace, OutletCues, OutletLoaded};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Loaded terms by voice per 100 words; nothing where no bundle finds them.
pub(super) fn loaded(view: View<'_>) -> Markup {
    let Some(outlets) = &view.comparison.loaded else { return html! {} };
    let scale = Scale::over(outlets.iter().flat_map(|outlet| [&outlet.author, &outlet.quoted]));
    html! {
        section #loaded aria-labelledby="loaded-title" {
            h2 #loaded-title { "Loaded terms per 100 words" }
            p.about {
                "The author's terms per 100 of the author's words, the sources' per 100 of theirs. The line over a bar is \
                 its 95 % interval: where two overlap widely, the texts do not tell them apart."
            }
            h3 { "In the author's voice" }
            @for outlet in outlets {
                (rate(view, outlet, &outlet.author, &outlet.author_kinds, Voice::Author, scale))
            }
            h3 { "In the voice of sources" }
            @for outlet in outlets {
                (rate(view, outlet, &outlet.quoted, &outlet.quoted_kinds, Voice::Quoted, scale))
            }
            div.rate.scale aria-hidden="true" { span {} p { span { "0" } span { (format!("{:.1}", scale.to)) } } }
        }
    }
}

fn rate(
    view: View<'_>,
    outlet: &OutletLoaded,
    estimate: &Estimate,
    kinds: &BTreeMap<LoadedKind, Estimate>,
    voice: Voice,
    scale: Scale,
) -> Markup {
    let words = interval(estimate);
    let label = format!("{}, {voice}: {words} loaded terms per 100 words", view.outlet(outlet.outlet));
    let number = html! { (words) " · " (estimate.count) " in " (estimate.of) " words" };
    let terms = outlet.terms.iter().filter(|term| term.voice == voice);
    html! {
        div.rate {
            (view.who(outlet.outlet))
            (bars::estimate(estimate, scale, voice.as_str(), &label))
            div {
                (view.evidence(number, terms.map(|term| (&term.place, note(term)))))
                p.facts {
                    @for (kind, estimate) in kinds { @if estimate.count > 0 { span { (kind) " " (interval(estimate)) } } }
                }
            }
        }
    }
}

fn note(term: &LoadedPlace) -> Markup {
    html! { (term.kind) " " (format!("{:.2}", term.p)) }
}

/// The share of cues of each class; nothing where no bundle finds them.
pub(super) fn cues(view: View<'_>) -> Markup {
    let Some(outlets) = &view.comparison.cues else { return html! {} };
    html! {
        section #cues aria-labelledby="cues-title" {
            h2 #cues-title { "How what is said is presented" }
            p.about {
                "Of all cues, the share that take no side (" em { "said" } "), back what is said (" em { "revealed" }
                "), hold it at arm's length (" em { "claimed" } ") or judge how it is said (" em { "boasted" } ")."
            }
            ul.key {
                @for class in CueClass::ALL { li { span class={ "swatch " (class) } {} (class) } }
            }
            @for outlet in outlets { (classes(view, outlet)) }
        }
    }
}

fn classes(view: View<'_>, outlet: &OutletCues) -> Markup {
    let of = |class: CueClass| outlet.places.iter().filter(move |place| place.class == class);
    let counts = CueClass::ALL.iter().map(|class| (of(*class).count(), class.as_str()));
    let said: Vec<String> = counts.clone().map(|(count, class)| format!("{count} {class}")).collect();
    let label = format!("{}: cues {}", view.outlet(outlet.outlet), said.join(", "));
    html! {
        div.rate {
            (view.who(outlet.outlet))
            (bars::stack(counts, outlet.places.len(), &label))
            div {
                @if outlet.places.is_empty() { p { "no cues" } }
                @for class in CueClass::ALL {
                    @if of(*class).next().is_some() {
                        @let share = outlet.classes.get(class).map_or_else(String::new, percent);
                        (view.evidence(html! { (class) " " (share) " · " (of(*class).count()) }, of(*class).map(shown)))
                    }
                }
            }
        }
    }
}

fn shown(cue: &CuePlace) -> (&crate::report::comparison::Place, Markup) {
    (&cue.place, html! { (cue.class) })
}
