//! Bars, as inline SVG.
//!
//! In: values and their scale. Out: a picture as wide as the place it stands in, with what it shows in words for those
//! who do not see it. Start at [`estimate`] for one value with its interval, [`stack`] for the parts of a whole. The
//! numbers themselves stand beside it in the page, so that a picture holds no text that could become too small.

use crate::report::comparison::Estimate;
use maud::{Markup, PreEscaped};
use svg::Document;
use svg::node::element::{Line, Rectangle, Title};

const WIDTH: f64 = 200.0;
const HEIGHT: f64 = 16.0;

/// From which value to which a picture reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub from: f64,
    pub to: f64,
}

impl Scale {
    /// From 0 to the highest end of an interval.
    pub(super) fn over<'e>(estimates: impl IntoIterator<Item = &'e Estimate>) -> Self {
        let highest = estimates.into_iter().map(|e| e.high.max(e.value)).filter(|v| v.is_finite());
        Self { from: 0.0, to: highest.fold(0.0, f64::max) }
    }

    fn x(self, value: f64) -> f64 {
        let width = self.to - self.from;
        let share = if width > 0.0 { (value - self.from) / width } else { 0.0 };
        round(if share.is_finite() { share.clamp(0.0, 1.0) * WIDTH } else { 0.0 })
    }
}

/// A bar from 0 to the value and a whisker over its interval; `label` says the same.
pub(super) fn estimate(estimate: &Estimate, scale: Scale, class: &str, label: &str) -> Markup {
    let (zero, value) = (scale.x(0.0), scale.x(estimate.value));
    let (low, high) = (scale.x(estimate.low), scale.x(estimate.high));
    let (left, width) = (zero.min(value), (value - zero).abs());
    let picture = picture(label)
        .add(rectangle(left, width, 3.0, HEIGHT - 6.0, &format!("bar {class}")))
        .add(line(zero, 0.0, zero, HEIGHT, "axis"))
        .add(line(low, HEIGHT / 2.0, high, HEIGHT / 2.0, "whisker"))
        .add(line(low, 4.0, low, HEIGHT - 4.0, "whisker"))
        .add(line(high, 4.0, high, HEIGHT - 4.0, "whisker"));
    PreEscaped(picture.to_string())
}

/// The parts of a whole beside each other, each a number with its class; `whole` is what the full width stands for.
pub(super) fn stack<'p>(parts: impl IntoIterator<Item = (usize, &'p str)>, whole: usize, label: &str) -> Markup {
    let scale = Scale { from: 0.0, to: number(whole) };
    let mut picture = picture(label);
    let mut before = 0;
    for (part, class) in parts {
        let left = scale.x(number(before));
        before = before.saturating_add(part);
        let width = scale.x(number(before)) - left;
        if width > 0.0 {
            picture = picture.add(rectangle(left, round(width), 2.0, HEIGHT - 4.0, &format!("bar {class}")));
        }
    }
    PreEscaped(picture.to_string())
}

fn picture(label: &str) -> Document {
    Document::new()
        .set("viewBox", (0, 0, 200, 16))
        .set("preserveAspectRatio", "none")
        .set("role", "img")
        .set("class", "bars")
        .add(Title::new(label))
}

fn rectangle(x: f64, width: f64, y: f64, height: f64, class: &str) -> Rectangle {
    Rectangle::new().set("x", x).set("y", y).set("width", width).set("height", height).set("class", class)
}

fn line(x1: f64, y1: f64, x2: f64, y2: f64, class: &str) -> Line {
    Line::new().set("x1", x1).set("y1", y1).set("x2", x2).set("y2", y2).set("class", class)
}

/// A count as a length.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_reaches_from_zero_to_its_value_also_below_it() {
        let value = Estimate { value: -0.5, low: -1.0, high: 0.25, count: -1, of: 2 };
        let bar = estimate(&value, Scale { from: -1.0, to: 1.0 }, "x", "a < b").into_string();
        assert!(bar.contains("width=\"50\"") && bar.contains("x=\"50\""), "{bar}");
        assert!(bar.contains("<title>") && bar.contains("a &lt; b"), "{bar}");
    }

    #[test]
    fn a_scale_without_width_and_values_that_are_no_numbers_give_a_picture() {
        let value = Estimate { value: f64::NAN, low: f64::NEG_INFINITY, high: f64::INFINITY, count: 0, of: 0 };
        let bar = estimate(&value, Scale::over([&value]), "x", "").into_string();
        assert!(!bar.contains("NaN") && !bar.contains("inf"), "{bar}");
        assert!(stack([(0, "a"), (0, "b")], 0, "").into_string().starts_with("<svg"));
    }

    #[test]
    fn the_parts_of_a_whole_follow_each_other() {
        let bar = stack([(1, "a"), (0, "b"), (3, "c")], 4, "").into_string();
        assert!(bar.contains("width=\"50\"") && bar.contains("width=\"150\"") && bar.contains("x=\"50\""), "{bar}");
        assert!(!bar.contains("bar b"), "{bar}");
    }
}
