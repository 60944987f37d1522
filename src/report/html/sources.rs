//! The sources: who is given how many words, and by which cues.
//!
//! In: the sources of a document. Out: a table with a bar a row. Start at [`sources`].

use super::chart;
use super::legend::sample;
use super::mark::Part;
use crate::heads::attribution::CueClass;
use crate::heads::label::Label;
use crate::report::SourceSummary;
use maud::{Markup, html};

/// What stands for a source that the text does not name.
pub(super) const NOBODY: &str = "nobody named";

/// The table; the bars are drawn to the scale of the source with most words.
pub(super) fn sources(sources: &[SourceSummary]) -> Markup {
    let most = sources.iter().map(|source| source.words_direct + source.words_indirect).max().unwrap_or(0);
    html! {
        @if sources.is_empty() {
            p { "Nobody is made to say anything." }
        } @else {
            div.scroll tabindex="0" role="region" aria-label="Sources" {
                table.sources.stack role="table" {
                    caption {
                        "Words given to each source: thick in quotation marks (direct), thin outside them (indirect); \
                         and how its words are introduced."
                    }
                    thead role="rowgroup" {
                        tr role="row" {
                            th scope="col" role="columnheader" { "Source" }
                            th.bar scope="col" role="columnheader" { "Words" }
                            th.number scope="col" role="columnheader" { "direct" }
                            th.number scope="col" role="columnheader" { "indirect" }
                            th.number scope="col" role="columnheader" { "times" }
                            th scope="col" role="columnheader" { "Cues" }
                        }
                    }
                    tbody role="rowgroup" { @for source in sources { (row(source, most)) } }
                }
            }
        }
    }
}

fn row(source: &SourceSummary, most: usize) -> Markup {
    let cues = CueClass::ALL.iter().filter_map(|&class| Some((class, *source.cues.get(&class)?)));
    html! {
        tr role="row" {
            th scope="row" role="rowheader" {
                @match &source.name { Some(name) => bdi dir="auto" { (name) }, None => i { (NOBODY) } }
            }
            td.bar role="cell" { (chart::counts(source.words_direct, source.words_indirect, most)) }
            td.number role="cell" data-label="direct" { (source.words_direct) }
            td.number role="cell" data-label="indirect" { (source.words_indirect) }
            td.number role="cell" data-label="times" { (source.attributions) }
            td.cues role="cell" {
                @for (class, count) in cues.filter(|(_, count)| *count > 0) {
                    span.cue-count { (count) " " (sample(Part::Cue(class), class.as_str())) } " "
                }
            }
        }
    }
}
