//! Closed sets of labels, as data files and reports write them.
//!
//! In: a list of labels with their documentation. Out: an enum that is read and written by label.
//! Start at [`Label`].

/// One of a closed set of labels.
pub trait Label: Copy + PartialEq + 'static {
    /// Every label, in the order of the documentation.
    const ALL: &'static [Self];

    /// The label as data files and reports write it.
    fn as_str(self) -> &'static str;

    /// The label that data files write so; `None` if there is none.
    #[must_use]
    fn from_label(label: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|l| l.as_str() == label)
    }

    /// The label of this place in [`Label::ALL`]; the first of one that there is not.
    #[must_use]
    fn of_number(number: u8) -> Self {
        *Self::ALL.get(usize::from(number)).unwrap_or(&Self::ALL[0])
    }

    /// Its place in [`Label::ALL`].
    fn number(self) -> usize {
        Self::ALL.iter().position(|l| *l == self).unwrap_or(0)
    }
}

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $label:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $label)] $variant,)+ }

        impl $crate::heads::label::Label for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::heads::label::Label::as_str(*self))
            }
        }
    };
}

pub(crate) use labels;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::attribution::CueClass;

    #[test]
    fn labels_are_read_as_they_are_written() {
        for &class in CueClass::ALL {
            assert_eq!(CueClass::from_label(class.as_str()), Some(class));
            assert_eq!(CueClass::ALL[class.number()], class);
        }
        assert_eq!(CueClass::from_label("rude"), None);
    }
}
