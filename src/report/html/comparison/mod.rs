//! The page of a comparison: several tellings side by side.
//!
//! In: a [`Comparison`]. Out: one self-contained page. Start at [`page`]. Each section is a file here: `differences`,
//! `rates` (loaded terms and cues), `names`, `sources`, `stances`, `statements`, `alone` and last the
//! `texts`, which every number above leads to. `view` gives all of them outlets and links, `bars` the pictures,
//! `marked` texts with marks. The frame is that of all pages.

mod alone;
mod bars;
mod differences;
mod marked;
mod names;
mod rates;
mod sources;
mod stances;
mod statements;
mod texts;
mod view;

use super::frame::{Frame, SCRIPT, STYLE};
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::report::comparison::{Comparison, Method, Outlet};
use crate::report::count;
use maud::{Markup, html};
use view::View;

/// The style of this page, on top of that of every page.
pub const COMPARISON_STYLE: &str = include_str!("comparison.css");

/// The page of a comparison, whole.
#[must_use]
pub fn page(comparison: &Comparison) -> String {
    let title = format!("One event, {}", count(comparison.outlets.len(), "telling"));
    let frame = Frame {
        title: &title,
        subtitle: "The same event as several texts tell it, side by side",
        styles: &[STYLE, COMPARISON_STYLE],
        scripts: &[SCRIPT],
    };
    format!("{}{}{}", frame.open(), sections(comparison), frame.close())
}

/// A comparison as the part of a page that stands in its `main`, for a page of one's own: with
/// [`STYLE`] and [`COMPARISON_STYLE`] it is as [`page`] writes it.
#[must_use]
pub fn sections(comparison: &Comparison) -> String {
    let view = View::new(comparison);
    let content = html! {
        (contents(comparison))
        (overview(view))
        (differences::section(view))
        (rates::loaded(view))
        (names::section(view))
        (statements::section(view))
        (sources::section(view))
        (rates::cues(view))
        (stances::section(view))
        (alone::section(view))
        (texts::section(view))
        (method(&comparison.method))
    };
    content.into_string()
}

/// Links to the sections that there are.
fn contents(comparison: &Comparison) -> Markup {
    let sections = [
        ("differences", "Differences", true),
        ("loaded", "Loaded terms", comparison.loaded.is_some()),
        ("names", "Names", true),
        ("statements", "Statements", true),
        ("sources", "Sources", comparison.sources.is_some()),
        ("cues", "Cues", comparison.cues.is_some()),
        ("stances", "Stances", comparison.stances.is_some()),
        ("alone", "Told by one", true),
        ("texts", "Texts", true),
        ("method", "Method", true),
    ];
    html! {
        nav.contents aria-label="Sections" {
            ul { @for (id, name, there) in sections { @if there { li { a href={ "#" (id) } { (name) } } } } }
        }
    }
}

fn overview(view: View<'_>) -> Markup {
    let facts = |outlet: &Outlet| {
        let documents = outlet.documents.iter().filter_map(|number| view.comparison.documents.get(*number));
        let mut languages: Vec<&str> = documents.map(|document| document.lang.as_str()).collect();
        languages.sort_unstable();
        languages.dedup();
        html! {
            @if outlet.documents.len() != 1 { span { (count(outlet.documents.len(), "document")) } }
            span { (languages.join(", ")) }
            span { (count(outlet.words, "word")) }
            span { (count(outlet.sentences, "sentence")) }
        }
    };
    html! {
        ul.outlets {
            @for (number, outlet) in view.comparison.outlets.iter().enumerate() {
                li { (view.who(number)) p.facts { (facts(outlet)) } }
            }
        }
        ul.key aria-label="Legend" {
            @for kind in LoadedKind::ALL { li { mark.m.loaded.author.(kind) { "loaded: " (kind) } } }
            li { mark.m.loaded.quoted.evaluative { "loaded, a source's word" } }
            @for class in CueClass::ALL { li { mark.m.cue.(class) { "cue: " (class) } } }
            li { mark.name { "name" } }
            li { mark.number { "number" } }
        }
    }
}

fn method(method: &Method) -> Markup {
    html! {
        section #method aria-labelledby="method-title" {
            h2 #method-title { "Method" }
            ul {
                @for note in &method.notes { li { (note) } }
                li {
                    "Intervals cover " (format!("{:.0}", method.level * 100.0)) " %, of " (method.resamples)
                    " resamples with seed " (method.seed) "; false discovery rate "
                    (method.false_discovery_rate) " within each measure."
                }
            }
        }
    }
}
