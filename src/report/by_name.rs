//! A small table by name, as a report holds many thousands of: three heads a sentence, three classes a head.
//!
//! In: names with values. Out: a [`ByName`], in order of the names; in JSON an object. Start at [`ByName::insert`]. It takes an
//! eighth of the memory of a B-tree of strings: names are shared, and nothing is kept free.

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::marker::PhantomData;
use std::sync::Arc;

/// A name that many tables share.
pub type Name = Arc<str>;

/// Values by name, in order of the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByName<V> {
    entries: Vec<(Name, V)>,
}

impl<V> Default for ByName<V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<V> ByName<V> {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty table with room for so many entries.
    #[must_use]
    pub fn with_capacity(entries: usize) -> Self {
        Self { entries: Vec::with_capacity(entries) }
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&V> {
        self.find(name).ok().map(|at| &self.entries[at].1)
    }

    /// The value of a name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.find(name).ok().map(|at| &mut self.entries[at].1)
    }

    /// Whether there is a value of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Gives a name a value; the one that it had is returned.
    pub fn insert(&mut self, name: impl Into<Name>, value: V) -> Option<V> {
        let name = name.into();
        match self.find(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.entries[at].1, value)),
            Err(at) => {
                self.entries.insert(at, (name, value));
                None
            }
        }
    }

    /// Names and values, in order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.into_iter()
    }

    /// The names, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_ref())
    }

    /// The values, in order of the names.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(known, _)| known.as_ref().cmp(name))
    }
}

impl<N: Into<Name>, V> FromIterator<(N, V)> for ByName<V> {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut table = Self::with_capacity(entries.size_hint().0);
        entries.for_each(|(name, value)| drop(table.insert(name, value)));
        table
    }
}

impl<N: Into<Name>, V, const LENGTH: usize> From<[(N, V); LENGTH]> for ByName<V> {
    fn from(entries: [(N, V); LENGTH]) -> Self {
        entries.into_iter().collect()
    }
}

impl<V> IntoIterator for ByName<V> {
    type Item = (Name, V);
    type IntoIter = std::vec::IntoIter<(Name, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a ByName<V> {
    type Item = (&'a str, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (Name, V)>, fn(&'a (Name, V)) -> (&'a str, &'a V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter().map(|(name, value)| (name.as_ref(), value))
    }
}

impl<V: Serialize> Serialize for ByName<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for ByName<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = ByName<V>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut table = ByName::new();
                while let Some((name, value)) = map.next_entry::<String, V>()? {
                    table.insert(name, value);
                }
                Ok(table)
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_in_order_of_its_names_and_an_object_in_json() {
        let mut table = ByName::from([("tone", 3), ("bias", 1)]);
        assert_eq!(table.insert("loaded", 2), None);
        assert_eq!(table.insert("tone", 4), Some(3));
        assert_eq!(table.values().copied().collect::<Vec<_>>(), [1, 2, 4]);
        assert_eq!((table.get("bias"), table.get("none"), table.contains_key("tone")), (Some(&1), None, true));
        let json = serde_json::to_string(&table).unwrap();
        assert_eq!(json, r#"{"bias":1,"loaded":2,"tone":4}"#);
        assert_eq!(serde_json::from_str::<ByName<i32>>(&json).unwrap(), table);
    }
}
