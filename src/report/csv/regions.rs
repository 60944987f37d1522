//! The table `regions`: what each part of a document is.
//!
//! In: a report with its document. Out: rows. Start at [`rows`].

use crate::report::Report;
use crate::report::passage::Passages;
use crate::text::Document;

/// The columns.
pub(super) const REGIONS: [&str; 10] =
    ["document", "region", "kind", "start", "end", "offsets", "text", "lang", "masked", "supported"];

/// A row a region.
pub(super) fn rows(document: &Document, report: &Report) -> impl Iterator<Item = Vec<String>> {
    let mut passages = Passages::new(document.text(), report.offsets);
    report.regions.iter().enumerate().map(move |(index, region)| {
        vec![
            report.id.clone(),
            (index + 1).to_string(),
            region.kind.to_string(),
            region.start.to_string(),
            region.end.to_string(),
            report.offsets.as_str().to_owned(),
            passages.between(region.start, region.end).to_owned(),
            region.lang.clone(),
            region.masked.to_string(),
            region.supported.to_string(),
        ]
    })
}
