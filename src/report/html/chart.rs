//! Charts: inline SVG without words, which stand beside them on the page.
//!
//! In: numbers. Out: markup. Start at [`line`] and [`diverging`]. A chart has classes in the place of colours, so that
//! the style sheet gives it those of the page, and stretches to the room there is; text in it would be stretched
//! too. Every length says the same as a number in words or in a table near by.

use crate::report::{HeadScore, SentenceReport};
use maud::{Markup, PreEscaped};
use svg::node::element::{Description, Element, Line, Path, Polyline, Rectangle, Title};
use svg::node::{Node, Text, Value};

/// One series along the text: a value a sentence.
#[derive(Debug, Clone)]
pub(super) struct Series<'s> {
    /// What it is, for who cannot see it.
    pub title: &'s str,
    /// What it shows, in words.
    pub description: &'s str,
    /// The least value there could be.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// The values in order; `None` where there is none.
    pub values: &'s [Option<f64>],
}

/// The values as a line, with a dot at each; the base line is at 0, or at the nearest value there could be.
pub(super) fn line(series: &Series) -> Markup {
    const HEIGHT: f64 = 100.0;
    let range = (series.high - series.low).max(f64::MIN_POSITIVE);
    let y = |value: f64| round(HEIGHT * (series.high - value.clamp(series.low, series.high)) / range);
    let width = series.values.len().max(1) as f64;
    let mut chart = root("line", width, HEIGHT);
    chart.assign("role", "img");
    chart.assign("aria-label", format!("{}: {}", series.title, series.description));
    chart.append(Title::new(series.title));
    chart.append(Description::new().add(Text::new(series.description)));
    let (base, middle) = (0.0_f64.clamp(series.low, series.high), f64::midpoint(series.low, series.high));
    for (class, at) in [("middle", middle), ("base", base)] {
        if class == "base" || at != base {
            let line = Line::new().set("class", class).set("x1", 0).set("x2", width);
            chart.append(line.set("y1", y(at)).set("y2", y(at)));
        }
    }
    let points: Vec<(f64, f64)> =
        series.values.iter().enumerate().filter_map(|(i, value)| Some((i as f64 + 0.5, y((*value)?)))).collect();
    let along: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    chart.append(Polyline::new().set("class", "path").set("points", along.join(" ")));
    // A stroke of no length is a round dot, however the chart is stretched.
    let dots: Vec<String> = points.iter().map(|(x, y)| format!("M{x} {y}h0")).collect();
    chart.append(Path::new().set("class", "dots").set("d", dots.concat()));
    markup(&chart)
}

/// A bar from the middle: to the right for what raises, to the left for what lowers; `most` is the longest there is.
pub(super) fn diverging(value: f64, most: f64) -> Markup {
    let half = 50.0 * share(value.abs(), most);
    let (class, x) = if value < 0.0 { ("lowers", 50.0 - half) } else { ("raises", 50.0) };
    let mut chart = decoration("diverging", 100.0, 10.0);
    chart.append(Line::new().set("class", "base").set("x1", 50).set("x2", 50).set("y1", 0).set("y2", 10));
    chart.append(bar(class, x, half, 1.0, 8.0));
    markup(&chart)
}

/// Parts of a whole beside each other, each with its class; parts of 0 are left out.
pub(super) fn shares(parts: &[(&str, f64)]) -> Markup {
    let mut chart = decoration("shares", 100.0, 10.0);
    chart.append(bar("rest", 0.0, 100.0, 0.0, 10.0));
    let mut x = 0.0;
    for &(class, part) in parts {
        let width = 100.0 * share(part, 1.0);
        chart.append(bar(class, x, width, 0.0, 10.0));
        x += width;
    }
    markup(&chart)
}

/// Two counts one after the other, told apart by height: the first thick, the second thin. `most` is the greatest sum.
pub(super) fn counts(thick: usize, thin: usize, most: usize) -> Markup {
    let [thick, thin] = [thick, thin].map(|count| 100.0 * share(count as f64, most as f64));
    let mut chart = decoration("counts", 100.0, 12.0);
    chart.append(bar("thick", 0.0, thick, 0.0, 12.0));
    chart.append(bar("thin", thick, thin, 4.0, 4.0));
    markup(&chart)
}

/// A value with its interval on a scale from -1 to 1.
pub(super) fn interval(value: f64, low: f64, high: f64) -> Markup {
    let x = |value: f64| round(50.0 + 50.0 * value.clamp(-1.0, 1.0));
    let mut chart = decoration("interval", 100.0, 12.0);
    let base = Line::new().set("class", "base").set("x1", 50).set("x2", 50).set("y1", 0).set("y2", 12);
    chart.append(base);
    let reach = Line::new().set("class", "reach").set("x1", x(low)).set("x2", x(high)).set("y1", 6).set("y2", 6);
    chart.append(reach);
    chart.append(Path::new().set("class", "dots").set("d", format!("M{} 6h0", x(value))));
    markup(&chart)
}

/// What the sentence heads say, one small bar under the other; a head with the classes `negative` and `positive` to
/// the left and to the right of the middle. Holds no text and no line end: it stands inside the article.
pub(super) fn heads(sentence: &SentenceReport) -> Markup {
    const MOST: usize = 4;
    const STEP: f64 = 5.0;
    let bars: Vec<(&str, f64, f64)> = sentence
        .heads
        .iter()
        .filter_map(|(head, score)| {
            let is_yes = sentence.label(head) == "1";
            let is_open = sentence.uncertain.iter().any(|other| other == head);
            match score {
                HeadScore::Binary(p) => {
                    let class = if is_open {
                        "open"
                    } else if is_yes {
                        "yes"
                    } else {
                        "no"
                    };
                    Some((class, 0.0, 40.0 * share(*p, 1.0)))
                }
                HeadScore::Classes(_) => {
                    let half = 20.0 * balance(score)?;
                    Some(if half < 0.0 { ("negative", 20.0 + half, -half) } else { ("positive", 20.0, half) })
                }
            }
        })
        .take(MOST)
        .collect();
    let mut chart = decoration("heads", 40.0, STEP * bars.len().max(1) as f64);
    for (row, (class, x, width)) in bars.into_iter().enumerate() {
        let y = STEP * row as f64 + 1.0;
        chart.append(bar("rest", 0.0, 40.0, y, 3.0));
        // An open answer is a thin bar.
        let (inset, height) = if class == "open" { (1.0, 1.0) } else { (0.0, 3.0) };
        chart.append(bar(class, x, width, y + inset, height));
    }
    markup(&chart)
}

/// Positive less negative, -1 to 1, of a head that has both classes.
pub(super) fn balance(score: &HeadScore) -> Option<f64> {
    match score {
        HeadScore::Classes(classes) => Some(classes.get("positive")? - classes.get("negative")?),
        HeadScore::Binary(_) => None,
    }
}

fn root(class: &str, width: f64, height: f64) -> Element {
    let mut root = Element::new("svg");
    root.assign("class", format!("chart {class}"));
    root.assign("viewBox", format!("0 0 {width} {height}"));
    root.assign("preserveAspectRatio", "none");
    root.assign("focusable", "false");
    root
}

/// A chart that says what stands beside it already.
fn decoration(class: &str, width: f64, height: f64) -> Element {
    let mut root = root(class, width, height);
    root.assign("aria-hidden", "true");
    root
}

fn bar(class: &str, x: f64, width: f64, y: f64, height: f64) -> Rectangle {
    let set = |value: f64| Value::from(round(value));
    Rectangle::new()
        .set("class", class)
        .set("x", set(x))
        .set("y", set(y))
        .set("width", set(width))
        .set("height", set(height))
}

fn share(value: f64, most: f64) -> f64 {
    let share = value / most;
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Its elements without the line ends between them, which would be text.
fn markup(chart: &Element) -> Markup {
    PreEscaped(chart.to_string().replace('\n', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::report;

    #[test]
    fn a_chart_in_the_article_has_no_text() {
        let chart = heads(&report("a").sentences[0]).into_string();
        assert!(!chart.contains('\n') && !chart.contains("> ") && !chart.contains("title"), "{chart}");
        assert_eq!(chart.matches("class=\"rest\"").count(), 2, "{chart}");
    }

    #[test]
    fn a_line_says_in_words_what_it_shows_and_keeps_to_its_range() {
        let values = [Some(0.25), None, Some(7.0)];
        let series = Series { title: "a <b>", description: "\"c\" & d", low: 0.0, high: 1.0, values: &values };
        let chart = line(&series).into_string();
        assert!(chart.contains("<title>a &lt;b&gt;</title>") && chart.contains("points=\"0.5,75 2.5,0\""), "{chart}");
        assert!(chart.contains("role=\"img\"") && !chart.contains("\"c\" &amp; d\""), "{chart}");
    }

    #[test]
    fn bars_of_nothing_or_of_wrong_numbers_stay_inside() {
        for chart in [diverging(1.0, 0.0), diverging(f64::NAN, 1.0), counts(3, 4, 0), interval(9.0, -9.0, 9.0)] {
            let chart = chart.into_string();
            assert!(!chart.contains("inf") && !chart.contains("width=\"1e"), "{chart}");
        }
    }
}
