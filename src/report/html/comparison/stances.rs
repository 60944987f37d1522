//! The section of stances: where each text and its sources stand toward the same targets.
//!
//! In: the comparison's stances. Out: one row a holder and target, with a bar an outlet from against to for. Start at
//! [`section`].

use super::bars::{self, Scale};
use super::view::{View, interval, left_out};
use crate::report::comparison::{OutletStance, StancePlace, StanceRow};
use crate::report::count;
use maud::{Markup, html};

/// How many rows stand open.
const OPEN: usize = 12;

/// As many are on the page.
const MOST: usize = 200;

/// The scale of a balance.
const BALANCE: Scale = Scale { from: -1.0, to: 1.0 };

/// The section; nothing where no bundle finds stances.
pub(super) fn section(view: View<'_>) -> Markup {
    let Some(rows) = &view.comparison.stances else { return html! {} };
    let shown = &rows[..rows.len().min(MOST)];
    let (open, more) = shown.split_at(shown.len().min(OPEN));
    html! {
        section #stances aria-labelledby="stances-title" {
            h2 #stances-title { "Who stands where" }
            @if rows.is_empty() { p { "No stance toward a target was found." } } @else {
                p.about {
                    "The balance: mentions for a target, less those against, by their number; from −1 (all against, left) to \
                     1 (all for, right), with its 95 % interval."
                }
            }
            @for stance in open { (row(view, stance)) }
            @if !more.is_empty() {
                details.more {
                    summary { (count(more.len(), "more pair")) " of holder and target" }
                    @for stance in more { (row(view, stance)) }
                    (left_out(MOST, rows.len(), "pair"))
                }
            }
        }
    }
}

fn row(view: View<'_>, stance: &StanceRow) -> Markup {
    let holder = stance.holder.as_deref().unwrap_or("The author");
    html! {
        div.row {
            h3 { bdi { (holder) } " toward " bdi { (stance.target) } }
            @for outlet in &stance.outlets { (balance(view, stance, outlet, holder)) }
        }
    }
}

fn balance(view: View<'_>, stance: &StanceRow, outlet: &OutletStance, holder: &str) -> Markup {
    let words = interval(&outlet.balance);
    let label = format!("{}: {holder} toward {}: {words}", view.outlet(outlet.outlet), stance.target);
    let counts: Vec<String> = outlet.counts.iter().map(|(polarity, count)| format!("{count} {polarity}")).collect();
    let side = if outlet.balance.value < 0.0 { "against" } else { "for" };
    let number = html! { (words) " · " (counts.join(", ")) };
    html! {
        div.rate {
            (view.who(outlet.outlet))
            (bars::estimate(&outlet.balance, BALANCE, side, &label))
            (view.evidence(number, outlet.places.iter().map(|place| (&place.place, note(place)))))
        }
    }
}

fn note(stance: &StancePlace) -> Markup {
    html! { (stance.polarity) " " (format!("{:.2}", stance.p)) }
}
