//! The days and months, which English writes as names are.
//!
//! In: a word in lower case. Out: whether it is one of them. Start at [`is_calendar`]; [`is_weekday`]
//! tells the days, which nobody is called by as people are by *May* and *June*.

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

/// How many of them are days.
const DAYS: usize = 7;

/// Whether a word in lower case is the name of a day.
#[must_use]
pub fn is_weekday(word: &str) -> bool {
    CALENDAR.iter().take(DAYS).any(|day| *day == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_from_months() {
        assert!(is_weekday("monday") && is_weekday("sunday") && is_calendar("sunday"));
        assert!(!is_weekday("may") && !is_weekday("january") && is_calendar("january"));
    }
}
