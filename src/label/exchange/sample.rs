//! Records for the tests of the formats, with what is hard for them: emoji, two scripts, line breaks, pieces, overlaps.

use crate::label::sample::record;
use crate::train::record::Record;
use serde_json::json;

/// One of each.
pub(super) fn records() -> Vec<Record> {
    vec![
        // Contents in two pieces around the cue, a term inside a term, an emoji before everything.
        record(json!({
            "id": "a:0", "lang": "en", "group": "a", "annotator": "ann",
            "text": "🔥 “The vile regime,” she claimed, “will fall.”",
            "labels": {"bias": 1, "tone": "negative", "mood of it": "very grim"},
            "loaded": [{"start": 7, "end": 18, "kind": "naming"}, {"start": 7, "end": 11, "kind": "evaluative"}],
            "attributions": [{"source": [21, 24], "cue": [25, 32], "content": [[2, 20], [34, 46]], "class": "distancing",
                "direct": "direct"}],
            "stances": [{"holder": [21, 24], "target": [7, 18], "polarity": "against"},
                {"holder": "author", "target": [7, 18], "polarity": "neutral"}],
        })),
        // Nested attributions, a shared source, a cue that holds its source; shares and a weight.
        record(json!({
            "id": "a:1", "lang": "en", "group": "a", "text": "In his view, Reuters reported that the union said no.",
            "labels": {"bias": {"0": 0.75, "1": 0.25}}, "weight": 2.0,
            "loaded": [],
            "attributions": [
                {"source": [3, 6], "cue": [0, 11], "content": [[13, 52]], "class": "neutral", "direct": "indirect"},
                {"source": [13, 20], "cue": [21, 29], "content": [[35, 52]], "class": "neutral", "direct": "indirect"},
                {"source": [35, 44], "cue": [45, 49], "content": [[50, 52]], "class": "neutral", "direct": "mixed"},
                {"source": null, "cue": [45, 49], "content": [], "class": "endorsing", "direct": "indirect"},
            ],
        })),
        // Right to left, with marks inside a word: the term begins after a conjunction that is written to it.
        record(json!({
            "id": "b:0", "lang": "ar", "group": "b", "text": "قال الوزير 👩\u{200d}🚀 إن الخطة الفاشلة انتهت وكارثية.",
            "labels": {"bias": 1},
            "loaded": [{"start": 24, "end": 31, "kind": "evaluative"}, {"start": 39, "end": 45, "kind": "exaggeration"}],
            "attributions": [{"source": [4, 10], "cue": [0, 3], "content": [[15, 45]], "class": "neutral", "direct": "indirect"}],
            "stances": [],
        })),
        // Line breaks of two kinds, and a tab.
        record(json!({
            "id": "c:0", "lang": "en", "group": "c", "text": "The \"plan\"\r\nwas a\tsham,\nthey said.",
            "loaded": [{"start": 4, "end": 10, "kind": "doubt"}, {"start": 18, "end": 22, "kind": "naming"}],
        })),
        // Labels alone.
        record(
            json!({"id": "d:0", "lang": "en", "group": "d", "text": "Nothing was marked.", "labels": {"subjective": 0}}),
        ),
    ]
}
