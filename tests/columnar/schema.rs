//! The schemas of the tables, beside a golden file.

use parallax::columnar::{Schemas, Table};
use parallax::score::{Desk, Scorer};
use parallax::text::OffsetUnit;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

fn desk() -> Desk {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    Desk::new(["ar", "en"].map(|lang| Scorer::open(&models.join(lang)).unwrap()).into()).unwrap()
}

fn said(metadata: &HashMap<String, String>) -> String {
    let mut said: Vec<String> = metadata.iter().map(|(key, value)| format!("{key}={value}")).collect();
    said.sort();
    said.join(" | ")
}

#[test]
fn the_schemas_are_those_of_the_golden_file() {
    let desk = desk();
    let schemas = Schemas::new(&desk, OffsetUnit::Chars, &arrow_schema::Fields::empty()).unwrap();
    let mut text = String::new();
    for table in Table::ALL {
        let schema = schemas.of(table);
        let mut metadata = schema.metadata().clone();
        assert_eq!(metadata.insert("parallax.version".into(), "VERSION".into()).unwrap(), env!("CARGO_PKG_VERSION"));
        for scorer in desk.scorers().unwrap() {
            let model = metadata.get_mut(&format!("parallax.model.{}", scorer.lang())).unwrap();
            assert!(model.ends_with(&format!(" {}", scorer.bundle().sha256())), "{model}");
            *model = "NAME VERSION SHA256".into();
        }
        writeln!(text, "# {}\n{}", table.name(), said(&metadata)).unwrap();
        for field in schema.fields() {
            let null = if field.is_nullable() { "" } else { " not null" };
            writeln!(text, "{}: {}{null} | {}", field.name(), field.data_type(), said(field.metadata())).unwrap();
        }
    }
    insta::assert_snapshot!("tables", text);
}

#[test]
fn two_columns_of_one_name_are_refused_with_the_option_that_helps() {
    let kept = [arrow_schema::Field::new("lang", arrow_schema::DataType::Utf8, true)].into_iter().collect();
    let error = Schemas::new(&desk(), OffsetUnit::Bytes, &kept).unwrap_err().to_string();
    assert_eq!(
        error,
        "--keep: found two columns `lang` in the table documents; expected another name for it: --keep NEW_NAME=NAME"
    );
}
