//! The tables and the forms they are written in.

/// A table: what its rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Documents.
    Documents,
    /// Sentences that are scored.
    Sentences,
    /// Loaded terms.
    Loaded,
    /// Attributions.
    Attributions,
    /// Stances toward mentions of targets.
    Stances,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 5] = [Self::Documents, Self::Sentences, Self::Loaded, Self::Attributions, Self::Stances];

    /// Its name, and its file's without the ending.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Sentences => "sentences",
            Self::Loaded => "loaded",
            Self::Attributions => "attributions",
            Self::Stances => "stances",
        }
    }

    /// The table of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// What a table's file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Parquet, compressed with Zstandard.
    Parquet,
    /// JSON Lines: a row an object a line, with every column.
    Jsonl,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 2] = [Self::Parquet, Self::Jsonl];

    /// The ending of its files.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Jsonl => "jsonl",
        }
    }
}
