//! Bounds that measures have to keep, for use in automatic checks.
//!
//! In: `HEAD.MEASURE=NUMBER` as the user writes it, such as `bias.f1=0.7`, `tone.f1.negative=0.4` or
//! `loaded.word_f1=0.4`, and the [`Measures`] or [`SpanMeasures`] of some heads. Out: the gates that are not kept, each with the number found. Start at
//! [`Gate`], then [`failed_gates`].

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::measure::Measures;
use super::panel::{KINDS, kind};
use super::spans::{SpanHead, SpanMeasures};
use crate::error::{Error, Result};
use crate::heads::label::Label;

/// A bound on one measure of one head: the least it may be, or for `brier`, `log_loss` and `ece`, of
/// which less is better, the most.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gate {
    head: String,
    measure: String,
    bound: f64,
    at_most: bool,
}

/// A gate that is not kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailedGate {
    /// The gate.
    pub gate: Gate,
    /// What was found; `None` where the measure is undefined on the rows, which fails every gate.
    pub found: Option<f64>,
}

impl Gate {
    /// The head's name: what stands before the first point.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The measure's name, with its class if there is one.
    #[must_use]
    pub fn measure(&self) -> &str {
        &self.measure
    }

    /// The bound, in the range of the measure.
    #[must_use]
    pub fn bound(&self) -> f64 {
        self.bound
    }

    /// Whether the bound is the most that is allowed instead of the least.
    #[must_use]
    pub fn is_at_most(&self) -> bool {
        self.at_most
    }

    fn is_kept(&self, found: Option<f64>) -> bool {
        found.is_some_and(|found| if self.at_most { found <= self.bound } else { found >= self.bound })
    }
}

impl FromStr for Gate {
    type Err = Error;

    /// Reads `HEAD.MEASURE=NUMBER`; whether the head and the class exist is seen in [`failed_gates`].
    ///
    /// # Errors
    /// [`Error::Settings`] for another form, a measure that is not known (the error lists those that are),
    /// or a number out of the measure's range.
    fn from_str(text: &str) -> Result<Self> {
        let form = || refuse(text, format!("`{text}`"), "HEAD.MEASURE=NUMBER, such as bias.f1=0.7".into());
        let (name, number) = text.rsplit_once('=').ok_or_else(form)?;
        let (head, measure) = name.split_once('.').ok_or_else(form)?;
        let (head, measure) = (head.trim(), measure.trim());
        if head.is_empty() || measure.is_empty() {
            return Err(form());
        }
        let ([low, high], at_most) = match kind(measure) {
            Some(kind) => (kind.range, kind.lower_is_better),
            // What only a span head has is a share, of which more is better.
            None if SpanHead::named(head).is_some_and(|head| head.has(measure)) => ([0.0, 1.0], false),
            None => return Err(refuse(text, format!("the measure `{measure}`"), known_measures(head))),
        };
        let bound: f64 = number.trim().parse().unwrap_or(f64::NAN);
        if !(low..=high).contains(&bound) {
            let range = if high == f64::MAX { format!("{low} or more") } else { format!("{low} to {high}") };
            return Err(refuse(text, format!("`{}`", number.trim()), format!("a number, {range}")));
        }
        Ok(Self { head: head.into(), measure: measure.into(), bound, at_most })
    }
}

impl fmt::Display for Gate {
    /// As it is parsed: `bias.f1=0.7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}={}", self.head, self.measure, self.bound)
    }
}

impl fmt::Display for FailedGate {
    /// `bias.f1: found 0.6512; expected at least 0.7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.gate.at_most { "at most" } else { "at least" };
        write!(f, "{}.{}: found ", self.gate.head, self.gate.measure)?;
        match self.found {
            Some(found) => write!(f, "{found:.4}")?,
            None if SpanHead::named(&self.gate.head).is_some_and(|head| head.has(&self.gate.measure)) => {
                f.write_str("no value, too little is marked")?;
            }
            None => f.write_str("no value, the labels have only one class")?,
        }
        write!(f, "; expected {side} {}", self.gate.bound)
    }
}

/// The gates that the measures do not keep, in the order of the gates. The number found is compared as
/// it is, not as it is printed.
///
/// # Errors
/// [`Error::Settings`] for a gate on a head that was not measured, or on a class or measure the head does not
/// have.
pub fn failed_gates(gates: &[Gate], measured: &[Measures], spans: &[SpanMeasures]) -> Result<Vec<FailedGate>> {
    let mut failed = Vec::new();
    for gate in gates {
        let found = match spans.iter().find(|measures| measures.head.as_str() == gate.head) {
            Some(measures) if measures.head.has(&gate.measure) => measures.get(&gate.measure),
            Some(measures) if !measured.iter().any(|measures| measures.head == gate.head) => {
                let known: Vec<String> = measures.head.measures();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                return Err(refuse(&gate.to_string(), format!("the measure `{}`", gate.measure), one_of(&known)));
            }
            _ => value(gate, measured, spans)?,
        };
        if !gate.is_kept(found) {
            failed.push(FailedGate { gate: gate.clone(), found });
        }
    }
    Ok(failed)
}

/// The value that a gate on a sentence head asks for.
fn value(gate: &Gate, measured: &[Measures], spans: &[SpanMeasures]) -> Result<Option<f64>> {
    let measures = measured.iter().find(|measures| measures.head == gate.head).ok_or_else(|| {
        let of_spans = spans.iter().map(|measures| measures.head.as_str());
        let heads: Vec<&str> = measured.iter().map(|measures| measures.head.as_str()).chain(of_spans).collect();
        refuse(&gate.to_string(), format!("the head `{}`", gate.head), one_of(&heads))
    })?;
    if let Some((_, class)) = gate.measure.split_once('.')
        && !measures.classes.iter().any(|known| known == class)
    {
        let classes: Vec<&str> = measures.classes.iter().map(String::as_str).collect();
        return Err(refuse(&gate.to_string(), format!("the class `{class}`"), one_of(&classes)));
    }
    Ok(measures.get(&gate.measure))
}

fn known_measures(head: &str) -> String {
    if let Some(head) = SpanHead::named(head) {
        return one_of(&head.measures().iter().map(String::as_str).collect::<Vec<_>>());
    }
    let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    names.extend(["f1.CLASS", "precision.CLASS", "recall.CLASS"]);
    one_of(&names)
}

fn one_of(names: &[&str]) -> String {
    if names.is_empty() { "none, since nothing was measured".into() } else { format!("one of {}", names.join(", ")) }
}

fn refuse(gate: &str, found: String, expected: String) -> Error {
    Error::Settings { setting: format!("gate {gate}"), found, expected }
}

#[cfg(test)]
mod tests {
    use super::super::measure::{Settings, measure};
    use super::super::sample::{binary, from_rows};
    use super::super::spans::{Marked, SpanRow, measure_spans};
    use super::*;

    fn failed(gates: &[&str]) -> Vec<String> {
        let measures = measure(&binary(), &Settings { replicates: 0, ..Settings::default() }).unwrap();
        let gates: Vec<Gate> = gates.iter().map(|gate| gate.parse().unwrap()).collect();
        failed_gates(&gates, &[measures], &[]).unwrap().iter().map(ToString::to_string).collect()
    }

    fn refusal(gate: &str) -> String {
        gate.parse::<Gate>().unwrap_err().to_string()
    }

    #[test]
    fn a_gate_is_written_as_it_was_read() {
        for text in ["bias.f1=0.7", "tone.f1.negative=0.4", "topic.recall.a=b=0.5", "tone.mcc=-0.5", "bias.ece=0.05"] {
            assert_eq!(text.parse::<Gate>().unwrap().to_string(), text);
        }
        assert_eq!("tone.f1.U.S. =1".parse::<Gate>().unwrap().measure(), "f1.U.S.");
    }

    #[test]
    fn only_gates_that_are_not_kept_are_given_back() {
        assert_eq!(failed(&["bias.f1=0.7", "bias.auc=0.7", "bias.accuracy=0.67"]), Vec::<String>::new());
        assert_eq!(failed(&["bias.f1=0.72", "bias.auc=0.7"]), ["bias.f1: found 0.7105; expected at least 0.72"]);
    }

    #[test]
    fn where_less_is_better_the_bound_is_the_most() {
        assert_eq!(failed(&["bias.brier=0.23", "bias.ece=0.05"]), ["bias.ece: found 0.1288; expected at most 0.05"]);
    }

    #[test]
    fn an_undefined_measure_fails() {
        let measures = measure(&from_rows(&[(1, 0.9), (1, 0.8)]), &Settings::default()).unwrap();
        let failed = failed_gates(&["bias.auc=0".parse().unwrap()], &[measures], &[]).unwrap();
        assert_eq!(
            failed[0].to_string(),
            "bias.auc: found no value, the labels have only one class; expected at least 0"
        );
    }

    #[test]
    fn an_unknown_measure_is_refused_with_the_known_ones() {
        let refusal = refusal("bias.sharpness=0.7");
        assert!(refusal.contains("the measure `sharpness`; expected one of accuracy, macro_f1, f1, "), "{refusal}");
        assert!(refusal.ends_with("f1.CLASS, precision.CLASS, recall.CLASS"), "{refusal}");
    }

    #[test]
    fn other_forms_and_numbers_out_of_range_are_refused() {
        for text in ["", "bias", "bias.f1", "f1=0.7", ".f1=0.7", "bias.=0.7"] {
            assert!(refusal(text).contains("expected HEAD.MEASURE=NUMBER"), "{text}");
        }
        for text in ["bias.f1=70", "bias.f1=-0.1", "bias.f1=", "bias.f1=high", "bias.f1=NaN", "bias.log_loss=inf"] {
            assert!(refusal(text).contains("expected a number, "), "{text}");
        }
    }

    #[test]
    fn a_head_or_class_that_was_not_measured_is_refused() {
        let measures = [measure(&binary(), &Settings { replicates: 0, ..Settings::default() }).unwrap()];
        let check = |gate: &str| failed_gates(&[gate.parse().unwrap()], &measures, &[]).unwrap_err().to_string();
        assert_eq!(check("tone.f1=0.5"), "gate tone.f1=0.5: found the head `tone`; expected one of bias");
        assert!(check("bias.f1.negative=0.5").contains("the class `negative`; expected one of neutral, biased"));
    }

    #[test]
    fn span_heads_have_measures_of_their_own() {
        let rows = [SpanRow {
            gold: Marked { loaded: Some(vec![]), relations: None },
            found: Marked { loaded: Some(vec![]), relations: None },
            ..SpanRow::default()
        }];
        let spans = measure_spans(&rows, &Settings { replicates: 0, ..Settings::default() }).unwrap();
        let check = |gate: &str| failed_gates(&[gate.parse().unwrap()], &[], &spans);
        assert_eq!(
            check("loaded.naming_f1=0.4").unwrap()[0].to_string(),
            "loaded.naming_f1: found no value, too little is marked; expected at least 0.4"
        );
        assert!("loaded.ece=0.1".parse::<Gate>().unwrap().is_at_most());
        assert!(
            check("loaded.f1=0.4").unwrap_err().to_string().contains("the measure `f1`; expected one of word_f1, ")
        );
        assert!(check("attribution.cue_f1=0.4").unwrap_err().to_string().contains("expected one of loaded"));
        assert!(refusal("loaded.sharpness=0.4").contains("expected one of word_f1, "));
        assert!(refusal("bias.word_f1=0.4").contains("the measure `word_f1`; expected one of accuracy, "));
    }
}
