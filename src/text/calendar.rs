//! The days and months, which English writes as names are.
//!
//! In: a word in lower case. Out: whether it is one of them. Start at [`is_calendar`].

#[rustfmt::skip]
const CALENDAR: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december",
];

/// Whether a word in lower case is the name of a day or a month.
#[must_use]
pub fn is_calendar(word: &str) -> bool {
    CALENDAR.contains(&word)
}
