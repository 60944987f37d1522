//! Numbers in a text: what they amount to, whatever digits they are written in.
//!
//! In: a text and a part of it. Out: [`Number`]s in order. Start at [`numbers`]. Known are digits with separators, in
//! Latin and Arabic, and a thousand, million or billion behind them, in English and Arabic.

use crate::text::{Span, normal_form, words};

/// A number and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Where, with the word behind it that multiplies it.
    pub span: Span,
    /// What it amounts to.
    pub value: f64,
}

/// Longer runs of digits are no amounts.
const LONGEST: usize = 24;

/// The numbers in the part `within` of `text`.
#[must_use]
pub fn numbers(text: &str, within: Span) -> Vec<Number> {
    let spans: Vec<Span> =
        words(within.slice(text)).map(|s| Span::new(s.start + within.start, s.end + within.start)).collect();
    let mut found: Vec<Number> = Vec::new();
    let mut form = String::new();
    for (at, span) in spans.iter().enumerate() {
        let Some(mut value) = value(span.slice(text)) else { continue };
        let mut end = span.end;
        if let Some(next) = spans.get(at + 1) {
            normal_form(next.slice(text), &mut form);
            if let Some(times) = multiplier(&form) {
                value *= times;
                end = next.end;
            }
        }
        found.push(Number { span: Span::new(span.start, end), value });
    }
    found
}

/// What a word in digits amounts to: *1,400*, *2.3*, *٣٩٠٠*. None of an ordinal, a time or a code.
fn value(word: &str) -> Option<f64> {
    if word.len() > LONGEST * 2 || !word.starts_with(|c: char| c.is_numeric()) {
        return None;
    }
    let mut plain = String::new();
    for c in word.chars() {
        match c {
            '0'..='9' | '.' | ',' => plain.push(c),
            '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' => plain.push(char::from(b'0' + (c as u32 & 0xf) as u8)),
            '\u{66b}' => plain.push('.'),
            '\u{66c}' => plain.push(','),
            _ => return None,
        }
    }
    let plain = match (plain.rfind('.'), plain.rfind(',')) {
        // Of two marks the last is the decimal one.
        (Some(point), Some(comma)) => {
            let (whole, rest) = plain.split_at(point.max(comma));
            format!("{}.{}", whole_of_groups(whole, if point < comma { '.' } else { ',' })?, rest.get(1..)?)
        }
        // Groups of three behind a mark are thousands, whichever mark it is.
        (_, comma) => whole_of_groups(&plain, if comma.is_some() { ',' } else { '.' }).unwrap_or(plain),
    };
    plain.replace(',', ".").parse::<f64>().ok().filter(|v| v.is_finite())
}

/// The digits of thousands with `mark` between them; `None` where they are not in groups of three.
fn whole_of_groups(digits: &str, mark: char) -> Option<String> {
    let (first, rest) = digits.split_once(mark)?;
    let are_groups = (1..=3).contains(&first.len())
        && first != "0"
        && rest.split(mark).all(|group| group.len() == 3)
        && digits.chars().all(|c| c == mark || c.is_ascii_digit());
    are_groups.then(|| digits.replace(mark, ""))
}

fn multiplier(form: &str) -> Option<f64> {
    Some(match form {
        "thousand" | "الف" | "الاف" => 1e3,
        "million" | "مليون" | "ملايين" => 1e6,
        "billion" | "مليار" | "مليارات" => 1e9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(text: &str) -> Vec<f64> {
        numbers(text, Span::new(0, text.len())).iter().map(|n| n.value).collect()
    }

    #[test]
    fn digits_of_both_scripts_and_words_that_multiply_are_read() {
        assert_eq!(values("1,400 died, 3.900 fled; 2.3 million of 18.000"), [1400.0, 3900.0, 2.3e6, 18000.0]);
        assert_eq!(values("قتل ١٤٠٠ وجرح 5 آلاف"), [1400.0, 5000.0]);
        assert_eq!(values("at 10:30, the 7th, B52, no 2020s"), [] as [f64; 0]);
        assert_eq!(values("0.125 percent"), [0.125]);
    }

    #[test]
    fn of_two_marks_the_last_is_the_decimal_one() {
        let written = "1,400,000.50 and 2,300.75, or 1.400.000,50 and 2.300,75";
        assert_eq!(values(written), [1_400_000.5, 2300.75, 1_400_000.5, 2300.75]);
        assert_eq!(values("1,2.5 and 1,234.567.890"), [] as [f64; 0]);
    }

    proptest! {
        #[test]
        fn spans_slice_the_text_and_values_are_finite(text in "[0-9٠-٩., a-zألف]{0,40}") {
            for number in numbers(&text, Span::new(0, text.len())) {
                prop_assert!(text.get(number.span.start..number.span.end).is_some() && number.value.is_finite());
            }
        }
    }
}
