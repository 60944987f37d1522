//! The table `stances`: a row a stance toward a mention of a target.

use crate::heads::label::Label;
use crate::heads::stance::Polarity;
use crate::report::{HolderReport, Report};

/// The columns of `stances`.
pub(super) const STANCES: [&str; 19] = [
    "document",
    "stance",
    "sentence",
    "offsets",
    "holder",
    "holder_start",
    "holder_end",
    "holder_text",
    "target",
    "target_start",
    "target_end",
    "target_text",
    "polarity",
    "certain",
    "p",
    "p.for",
    "p.against",
    "p.neutral",
    "attribution",
];

/// The rows of a report.
pub(super) fn rows(report: &Report) -> impl Iterator<Item = [String; STANCES.len()]> + '_ {
    let of = |(number, stance): (usize, &crate::report::StanceReport)| {
        let holder = match &stance.holder {
            HolderReport::Author(_) => ["author".to_owned(), String::new(), String::new(), String::new()],
            HolderReport::Named(actor) => {
                let passage = &actor.passage;
                [actor.name.clone(), passage.start.to_string(), passage.end.to_string(), passage.text.clone()]
            }
        };
        let [name, start, end, text] = holder;
        let p = |polarity: Polarity| stance.polarities.get(&polarity).copied().unwrap_or(0.0).to_string();
        let target = &stance.target;
        [
            report.id.clone(),
            (number + 1).to_string(),
            (stance.sentence + 1).to_string(),
            report.offsets.as_str().to_owned(),
            name,
            start,
            end,
            text,
            target.name.clone(),
            target.passage.start.to_string(),
            target.passage.end.to_string(),
            target.passage.text.clone(),
            stance.polarity.as_str().to_owned(),
            stance.certain.to_string(),
            stance.p.to_string(),
            p(Polarity::For),
            p(Polarity::Against),
            p(Polarity::Neutral),
            stance.attribution.map_or_else(String::new, |a| (a + 1).to_string()),
        ]
    };
    report.stances.iter().flatten().enumerate().map(of)
}
