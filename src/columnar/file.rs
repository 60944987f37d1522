//! The files of a run: how Parquet is written, and what the errors of files become.

use super::arrow_error;
use crate::error::{Error, Result};
use arrow_schema::Schema;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use serde::de::DeserializeOwned;
use std::fs;
use std::io;
use std::path::Path;

/// How tables are written: compressed with Zstandard; the rows of a part are one row group. What the schema says of itself
/// stands in the file's own metadata too, where readers find it that know no Arrow.
pub(super) fn properties(schema: &Schema) -> WriterPropertiesBuilder {
    let mut said: Vec<(&String, &String)> = schema.metadata().iter().collect();
    said.sort_unstable();
    let said = said.into_iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("parallax ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_max_row_group_row_count(None)
        .set_key_value_metadata(Some(said))
}

/// What the writer of Parquet said: the error of the disk, where it is one.
pub(super) fn refused(path: &Path, error: ParquetError) -> Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(source) => Error::Write { path: path.to_path_buf(), source: *source },
            Err(error) => arrow_error(error),
        },
        error => arrow_error(error),
    }
}

/// Reads a file of a run.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
    serde_json::from_slice(&bytes).map_err(|error| Error::Input {
        place: crate::error::Place::file(path),
        found: format!("contents that cannot be read ({error})"),
        expected: "what a run of this version wrote".into(),
        cure: "remove the folder of the unfinished run, and run again without --resume".into(),
    })
}
