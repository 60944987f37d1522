//! The values of a JSON object that are read, and no others.
//!
//! In: the keys that are asked for, and JSON. Out: [`Found`]. Start at [`Keys`]. Values of any kind are let in, so that a
//! wrong one can be named; those of other keys are passed over.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// The keys that are read, each once.
#[derive(Debug)]
pub(super) struct Keys(Vec<String>);

/// The values of one object, by key.
#[derive(Debug)]
pub(super) struct Found<'k> {
    keys: &'k Keys,
    values: Vec<Option<Value>>,
}

impl Keys {
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut keys: Vec<String> = Vec::new();
        for name in names {
            if !keys.iter().any(|key| key == name) {
                keys.push(name.to_owned());
            }
        }
        Self(keys)
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|key| key == name)
    }
}

impl Found<'_> {
    /// The value of a key; `None` where the object does not have it, or it was taken.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values[self.keys.number(key)?].as_ref()
    }

    /// The value of a key, which is then gone.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        self.values[self.keys.number(key)?].take()
    }
}

impl<'de, 'k> DeserializeSeed<'de> for &'k Keys {
    type Value = Found<'k>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'k>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, 'k> Visitor<'de> for &'k Keys {
    type Value = Found<'k>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Found<'k>, A::Error> {
        let mut values = vec![None; self.0.len()];
        while let Some(number) = object.next_key_seed(Number(self))? {
            let Some(number) = number else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            if values[number].is_some() {
                return Err(A::Error::custom(format_args!("duplicate field `{}`", self.0[number])));
            }
            values[number] = Some(object.next_value()?);
        }
        Ok(Found { keys: self, values })
    }
}

/// Reads a key as its number among those that are read, if it is one of them.
struct Number<'k>(&'k Keys);

impl<'de> DeserializeSeed<'de> for Number<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Number<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.0.number(key))
    }
}
