//! Where each outlet's text and its sources stand toward the same targets.
//!
//! In: the stances of the reports. Out: [`StanceRow`]s, and the balances that are compared. Start at [`stances`].

use super::difference::Measured;
use super::event::{Event, span};
use super::interval::{Kind, estimate};
use super::resample::{LEAST_COMPARED, ratios, resample};
use crate::features::phrase::is_pronoun;
use crate::heads::stance::Polarity;
use crate::report::HolderReport;
use crate::report::comparison::{OutletStance, StancePlace, StanceRow};
use crate::text::normal;
use std::collections::BTreeMap;

/// Who takes a stance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    /// The author of each text.
    Author,
    /// Somebody, by a name in normal form.
    Named(String),
    /// Whoever a pronoun of one document stands for.
    Unnamed(usize, String),
}

/// A holder and a target, in normal form.
type Key = (Holder, String);

/// The stances of one key, with the holder and the target as they are shown.
type Rows = BTreeMap<Key, (Option<String>, String, Vec<Found>)>;

/// One stance: its document, and its number in the report.
type Found = (usize, usize);

/// The stances by holder and target; `None` where no report has any list of them. `known` gives the one name of a holder
/// in all documents, where it has one. A pronoun that stands for nobody whom its text names is a holder in that document
/// alone.
#[must_use]
pub fn stances(
    event: &Event<'_>,
    known: impl Fn(usize, &crate::report::ActorReport) -> Option<String>,
) -> (Option<Vec<StanceRow>>, Vec<Measured>) {
    let mut rows: Rows = BTreeMap::new();
    let mut any = false;
    for document in 0..event.documents() {
        let Some(stances) = &event.report(document).stances else { continue };
        any = true;
        for (number, stance) in stances.iter().enumerate() {
            let (holder, shown) = match &stance.holder {
                HolderReport::Author(_) => (Holder::Author, None),
                HolderReport::Named(actor) if is_pronoun(&normal(&actor.name)) => {
                    let pronoun = normal(&actor.name);
                    let shown = format!("nobody named ({pronoun})");
                    (Holder::Unnamed(document, pronoun), Some(shown))
                }
                HolderReport::Named(actor) => {
                    let name = known(document, actor).unwrap_or_else(|| actor.name.clone());
                    (Holder::Named(normal(&name)), Some(name))
                }
            };
            let key = (holder, normal(&stance.target.name));
            let row = rows.entry(key).or_insert_with(|| (shown, stance.target.name.clone(), Vec::new()));
            row.2.push((document, number));
        }
    }
    let mut measured = Vec::new();
    let row = |(key, (holder, target, found)): (Key, (Option<String>, String, Vec<Found>))| {
        // Nobody else can have its holder.
        let is_alone = matches!(key.0, Holder::Unnamed(..));
        let mut compared = Vec::new();
        let mut outlets = Vec::new();
        for outlet in 0..event.outlets.len() {
            let of_outlet = |f: &&Found| event.outlet_of[f.0] == outlet;
            let found: Vec<Found> = found.iter().filter(of_outlet).copied().collect();
            if !found.is_empty() {
                let (stance, measure) = of_outlet_stance(event, outlet, &found, &target, holder.as_deref());
                outlets.push(stance);
                compared.extend((!is_alone && measure.counts.1 >= LEAST_COMPARED).then_some(measure));
            }
        }
        if compared.len() > 1 {
            measured.append(&mut compared);
        }
        StanceRow { holder, target, outlets }
    };
    let mut rows: Vec<StanceRow> = rows.into_iter().map(row).collect();
    let mentions = |row: &StanceRow| row.outlets.iter().map(|o| o.places.len()).sum::<usize>();
    rows.sort_by_key(|row| {
        (row.holder.is_some(), std::cmp::Reverse(row.outlets.len()), std::cmp::Reverse(mentions(row)))
    });
    (any.then_some(rows), measured)
}

fn of_outlet_stance(
    event: &Event<'_>,
    outlet: usize,
    found: &[Found],
    target: &str,
    holder: Option<&str>,
) -> (OutletStance, Measured) {
    let mut counts: BTreeMap<Polarity, usize> = BTreeMap::new();
    let mut places = Vec::new();
    // By document, in the order of ids, and sentence: for less against, and mentions.
    let mut sums: BTreeMap<usize, BTreeMap<usize, [f32; 2]>> = BTreeMap::new();
    for (document, number) in found {
        let Some(stance) = event.report(*document).stances.iter().flatten().nth(*number) else { continue };
        *counts.entry(stance.polarity).or_default() += 1;
        let sum = sums.entry(event.rank(*document)).or_default().entry(stance.sentence).or_default();
        sum[0] += match stance.polarity {
            Polarity::For => 1.0,
            Polarity::Against => -1.0,
            Polarity::Neutral => 0.0,
        };
        sum[1] += 1.0;
        let place = event.place(*document, span(&stance.target.passage));
        places.push(StancePlace { place, polarity: stance.polarity, p: stance.p });
    }
    // Spellings of one target were found one after the other.
    places.sort_by_key(|one: &StancePlace| (one.place.document, one.place.start));
    let sums: Vec<Vec<f32>> = sums.into_values().map(|rows| rows.into_values().flatten().collect()).collect();
    let resampled = ratios(&resample(&sums, 2, event.stream(outlet)), 2, 0, 1);
    let count = |polarity: Polarity| counts.get(&polarity).copied().unwrap_or(0) as i64;
    let counted = (count(Polarity::For) - count(Polarity::Against), places.len());
    let balance = estimate(Kind::Balance, counted.0, counted.1, &resampled);
    let of = format!("{target}: {}", holder.unwrap_or("author"));
    let measure =
        Measured { measure: "stance".into(), of: Some(of), kind: Kind::Balance, outlet, counts: counted, resampled };
    (OutletStance { outlet, counts, balance, places }, measure)
}
