//! How the labels, units and tables of a report are described in JSON Schema.
//!
//! In: types of the layers below. Out: their schemas, beside those that the report's own types derive. Start at
//! [`ByName`]'s. Labels are listed as they are written, so that a new one is described as soon as it is there.

use super::ByName;
use crate::heads::attribution::{CueClass, Directness};
use crate::heads::label::Label;
use crate::heads::loaded::LoadedKind;
use crate::heads::stance::Polarity;
use crate::heads::voice::Voice;
use crate::text::{Extraction, NoiseKind, OffsetUnit, RegionKind};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// The schema of one word out of several.
fn one_of<T: Serialize>(all: &[T]) -> Schema {
    let words: Vec<Value> = all.iter().filter_map(|one| serde_json::to_value(one).ok()).collect();
    json_schema!({ "type": "string", "enum": words })
}

macro_rules! words {
    ($($name:ident: $all:expr;)+) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                one_of($all)
            }
        }
    )+};
}

words! {
    CueClass: <CueClass as Label>::ALL;
    Directness: <Directness as Label>::ALL;
    LoadedKind: <LoadedKind as Label>::ALL;
    Polarity: <Polarity as Label>::ALL;
    Voice: <Voice as Label>::ALL;
    RegionKind: &RegionKind::ALL;
    NoiseKind: &NoiseKind::ALL;
    OffsetUnit: &[OffsetUnit::Bytes, OffsetUnit::Chars, OffsetUnit::Utf16];
    Extraction: &[Extraction::Article, Extraction::Page];
}

/// An object whose every value is of one kind.
impl<V: JsonSchema> JsonSchema for ByName<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("ByName_{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<V>() })
    }
}
