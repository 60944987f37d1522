//! The table `documents`: a row a document.

use super::{document, fields_of, scores};
use crate::columnar::column::{Column, Is};
use crate::columnar::schema::HeadColumns;
use crate::report::{LoadedRate, Report};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Fields};

fn columns<'r>(heads: &'r [HeadColumns]) -> Vec<Column<'r, &'r Report>> {
    let rate = |name: &str, doc: &str, of: fn(&LoadedRate) -> f64| {
        let value = move |report: &&Report| report.document.loaded_per_100_words.as_ref().map(of);
        Column::real(name, Is::Rate, doc, value).counting("per 100 words")
    };
    let mut columns = vec![
        document(|report: &&'r Report| *report),
        Column::text("lang", Is::Label, "language, ISO 639-1", |r: &&'r Report| Some(r.lang.as_str())).never_null(),
        Column::flag("supported", "whether there is a model for the language", |r: &&Report| r.supported),
        Column::text("model", Is::Name, "name of the model that scored it", |r: &&'r Report| {
            r.model.as_ref().map(|model| model.name.as_str())
        }),
        Column::int("words", Is::Count, "words in scored sentences", |r: &&Report| Some(r.document.words)).never_null(),
        Column::int("sentences", Is::Count, "scored sentences", |r: &&Report| Some(r.document.sentences)).never_null(),
        Column::real("noise", Is::Rate, "share of words that are damaged, 0 to 1", |r: &&Report| {
            r.noise.as_ref().map(|noise| noise.level)
        }),
        rate("loaded_author", "loaded terms of the author", |rate| rate.author),
        rate("loaded_quoted", "loaded terms of the sources", |rate| rate.quoted),
    ];
    columns.extend(scores(heads, "mean over the sentences", |report: &&'r Report| &report.document.heads));
    columns
}

/// The fields, with those that are kept of the input behind the id.
pub fn fields(heads: &[HeadColumns], kept: &Fields) -> Vec<Field> {
    let mut fields = fields_of(&columns(heads));
    fields.splice(1..1, kept.iter().map(|field| field.as_ref().clone()));
    fields
}

/// The columns of these reports; `kept` has a row for each.
pub fn arrays(heads: &[HeadColumns], reports: &[&Report], kept: Option<&RecordBatch>) -> Vec<ArrayRef> {
    let mut arrays: Vec<ArrayRef> = columns(heads).iter().map(|column| column.array(reports)).collect();
    arrays.splice(1..1, kept.into_iter().flat_map(|kept| kept.columns().iter().cloned()));
    arrays
}
