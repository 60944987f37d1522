//! The section of sources: who is quoted, and how much by each.
//!
//! In: the comparison's sources. Out: one row a source, with a bar an outlet. Start at [`section`].

use super::bars;
use super::view::{View, left_out};
use crate::report::comparison::{OutletSource, SourceRow};
use crate::report::count;
use maud::{Markup, html};

/// How many sources stand open.
const OPEN: usize = 10;

/// As many are on the page.
const MOST: usize = 200;

/// The section; nothing where no bundle finds attributions.
pub(super) fn section(view: View<'_>) -> Markup {
    let Some(sources) = &view.comparison.sources else { return html! {} };
    let given = |source: &OutletSource| source.words_direct.saturating_add(source.words_indirect);
    let most = sources.iter().flat_map(|source| &source.outlets).map(given).max().unwrap_or(0);
    let shown = &sources[..sources.len().min(MOST)];
    let (open, more) = shown.split_at(shown.len().min(OPEN));
    html! {
        section #sources aria-labelledby="sources-title" {
            h2 #sources-title { "Who is quoted" }
            p.about {
                "How many words each gives a source, in quotation marks and outside them. Longest bar: "
                (count(most, "word")) "."
            }
            ul.key {
                li { span class="swatch direct" {} "in quotation marks" }
                li { span class="swatch indirect" {} "outside them" }
            }
            @for source in open { (row(view, source, most)) }
            @if !more.is_empty() {
                details.more {
                    summary { (count(more.len(), "more source")) }
                    @for source in more { (row(view, source, most)) }
                    (left_out(MOST, sources.len(), "source"))
                }
            }
        }
    }
}

fn row(view: View<'_>, source: &SourceRow, most: usize) -> Markup {
    html! {
        div.row {
            h3 { bdi { (source.name.as_deref().unwrap_or("(nobody named)")) } }
            @for outlet in &source.outlets { (quoted(view, source, outlet, most)) }
            @if !source.missing.is_empty() { p.without { "not quoted by " (view.whoever(&source.missing)) } }
        }
    }
}

fn quoted(view: View<'_>, source: &SourceRow, outlet: &OutletSource, most: usize) -> Markup {
    let OutletSource { words_direct, words_indirect, share, .. } = outlet;
    let name = source.name.as_deref().unwrap_or("nobody named");
    let said = format!("{words_direct} direct, {words_indirect} indirect");
    let label = format!("{} gives {name} {said} words", view.outlet(outlet.outlet));
    let number = html! { (said) " · " (format!("{:.0}", share * 100.0)) " % of its attributed words" };
    html! {
        div.rate {
            (view.who(outlet.outlet))
            (bars::stack([(*words_direct, "direct"), (*words_indirect, "indirect")], most, &label))
            div {
                (view.evidence(number, outlet.places.iter().map(|cue| (&cue.place, html! { (cue.class) }))))
                p.facts {
                    @for name in &outlet.names { @if Some(name) != source.name.as_ref() { span { "as " bdi { (name) } } } }
                    @for (class, count) in &outlet.cues { @if *count > 0 { span { (count) " " (class) } } }
                }
            }
        }
    }
}
