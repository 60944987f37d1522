//! The server says what the program says.

use crate::server::{Answer, Server, models, parallax};
use serde_json::{Value, json};
use std::io::Write;
use std::process::Stdio;

const FRAMED: &str = include_str!("../../examples/articles/harbour_framed.txt");
const PLAIN: &str = include_str!("../../examples/articles/harbour_plain.txt");
const ARABIC: &str = "انهيار محادثات السد\n\nانتهت المحادثات بين بيرو والنرويج بشأن السد يوم الجمعة من دون اتفاق. \
وقالت الوزيرة آدا أوكافور إن 40 مهندسا سيغادرون الموقع خلال أسبوع.\n";
const SHORT: &str = "The clowns who run the port botched it again.";
const PAGE: &str = "<!doctype html><html><head><title>Harbour plan</title></head><body><article><h1>Harbour plan</h1>\
<p>The council voted on Tuesday, and its leaders said that the harbour would be ready in May.</p><p>Its shameless leaders \
betrayed the town again, critics said, and nobody at the meeting asked what the new cranes would cost.</p></article></body></html>";

/// What the program writes for this input.
fn told(args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = parallax();
    let mut child =
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn documents() -> Vec<Value> {
    let texts = [FRAMED, PLAIN, ARABIC, SHORT];
    texts.iter().enumerate().map(|(at, text)| json!({ "id": format!("text {at}"), "text": text })).collect()
}

fn lines(documents: &[Value]) -> Vec<u8> {
    documents.iter().flat_map(|document| format!("{document}\n").into_bytes()).collect()
}

fn ok(answer: Answer) -> Answer {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

/// The elements of a JSON array of objects, as their bytes.
fn elements(answer: &Answer) -> Vec<&str> {
    let list = answer.text().strip_prefix('[').unwrap().strip_suffix("]\n").unwrap();
    list.split(",\n").collect()
}

#[test]
fn reports_are_those_of_the_command_to_the_byte_whatever_is_asked_for() {
    let server = Server::start(&[]);
    let cases: [(&[&str], Value); 9] = [
        (&[], json!({})),
        (&["--offsets", "utf16"], json!({ "offsets": "utf16" })),
        (&["--explain", "--top", "3", "--offsets", "chars"], json!({ "explain": true, "top": 3, "offsets": "chars" })),
        (&["--explain"], json!({ "explain": true })),
        (&["--unit", "sentence"], json!({ "unit": "sentence" })),
        (&["--regions", "all"], json!({ "regions": "all" })),
        (&["--lang", "en"], json!({ "lang": "en" })),
        (&["--heads", "bias,loaded"], json!({ "heads": ["loaded", "bias"] })),
        (&["--target", "Ines Torvald", "--target", "Peru"], json!({ "targets": ["Ines Torvald", "Peru"] })),
    ];
    let documents = documents();
    for (args, mut request) in cases {
        let args = [&["score", "--format", "jsonl", "--input", "jsonl"], args, &["-"]].concat();
        let expected = String::from_utf8(told(&args, &lines(&documents))).unwrap();
        request["documents"] = documents.clone().into();
        // Twice: what one request asked for is forgotten by the next.
        for _ in 0..2 {
            let answer = ok(server.post_json("/v1/score", &request));
            assert_eq!(answer.header("content-type"), Some("application/json"));
            assert_eq!(elements(&answer), expected.lines().collect::<Vec<_>>(), "{args:?}");
        }
    }
}

#[test]
fn a_single_text_is_one_object_and_lines_are_answered_by_lines() {
    let server = Server::start(&["--lang", "en"]);
    let args = ["score", "--format", "jsonl", "--input", "jsonl", "--lang", "en", "-"];
    let one = json!({ "id": 7, "text": SHORT });
    assert_eq!(ok(server.post_json("/v1/score", &one)).body, told(&args, &lines(std::slice::from_ref(&one))));
    let documents = documents();
    let answer = ok(server.post("/v1/score", "application/x-ndjson", lines(&documents)));
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(answer.body, told(&args, &lines(&documents)));

    // Nothing but the name of the input is another where the document has none of its own.
    let named = |report: Vec<u8>| String::from_utf8(report).unwrap().replace("<stdin>", "<request>");
    let text = ok(server.post("/v1/score?offsets=chars&explain=true&top=2", "text/plain; charset=utf-8", FRAMED));
    let flags = ["--lang", "en", "--offsets", "chars", "--explain", "--top", "2", "-"];
    let args = [&["score", "--format", "jsonl"], &flags[..]].concat();
    assert_eq!(text.text(), named(told(&args, FRAMED.as_bytes())));
    let page = ok(server.post("/v1/score?heads=bias,tone", "text/html", PAGE));
    let args = ["score", "--format", "jsonl", "--lang", "en", "--heads", "bias,tone", "-"];
    assert_eq!(page.text(), named(told(&args, PAGE.as_bytes())));
    assert_eq!(page.json()["extraction"], "article");
}

#[test]
fn a_document_may_name_its_language() {
    let server = Server::start(&[]);
    let request = json!({ "lang": "en", "documents": [{ "text": SHORT }, { "text": ARABIC, "lang": "ar" }] });
    let reports = ok(server.post_json("/v1/score", &request)).json();
    assert_eq!((&reports[0]["lang"], &reports[1]["lang"]), (&"en".into(), &"ar".into()));
    assert_eq!((&reports[0]["id"], &reports[1]["id"]), (&"<request>:1".into(), &"<request>:2".into()));
}

#[test]
fn comparisons_are_those_of_the_command_to_the_byte() {
    let server = Server::start(&[]);
    let documents = &documents()[..3];
    let grouped: Vec<Value> = documents
        .iter()
        .zip(["one", "two", "one"])
        .map(|(document, group)| {
            let mut document = document.clone();
            document["group"] = group.into();
            document
        })
        .collect();
    let cases: [(&[&str], &[Value], Value); 4] = [
        (&[], documents, json!({})),
        (&["--offsets", "utf16"], documents, json!({ "offsets": "utf16" })),
        (&["--target", "Peru"], documents, json!({ "targets": ["Peru"] })),
        (&["--group-by", "group"], &grouped, json!({})),
    ];
    for (args, documents, mut request) in cases {
        let args = [&["compare", "--format", "jsonl", "--input", "jsonl"], args, &["-"]].concat();
        request["documents"] = documents.to_vec().into();
        let answer = ok(server.post_json("/v1/compare", &request));
        assert_eq!(answer.text().as_bytes(), told(&args, &lines(documents)), "{args:?}");
    }
}

#[test]
fn a_page_among_documents_is_its_article() {
    let server = Server::start(&["--lang", "en"]);
    // The body is UTF-8, whatever the page says of itself.
    let page = PAGE
        .replace("<title>", "<meta charset=\"windows-1252\"><title>")
        .replace("The council", "The council of Nordhøj");
    let documents = json!({ "documents": [{ "id": "page", "html": page }, { "id": "text", "text": SHORT }] });
    let reports = ok(server.post_json("/v1/score", &documents)).json();
    assert_eq!(reports[0]["extraction"], "article");
    assert!(reports[0]["text"].as_str().unwrap().contains("The council of Nordhøj voted"), "{reports}");
    assert!(reports[1].get("extraction").is_none());
    let alone = ok(server.post("/v1/score", "text/html", PAGE.replace("The council", "The council of Nordhøj"))).json();
    assert_eq!((&reports[0]["sentences"], &reports[0]["regions"]), (&alone["sentences"], &alone["regions"]));
    for (document, said) in [
        (json!({ "html": PAGE, "text": SHORT }), "both `text` and `html`"),
        (json!({ "id": "a" }), "neither `text` nor `html`"),
        (json!({ "html": "<html><body></body></html>" }), "empty"),
    ] {
        let problem = server.post_json("/v1/score", &json!({ "documents": [document] })).problem();
        assert!(problem["status"] == 422 && problem["detail"].as_str().unwrap().contains(said), "{problem}");
        assert!(problem["pointer"].as_str().unwrap().starts_with("#/documents/0"), "{problem}");
    }
}

#[test]
fn comparisons_on_the_page_are_those_of_the_command() {
    let server = Server::start(&[]);
    let documents = &documents()[..2];
    let shown = ok(server.post_json("/v1/page/compare", &json!({ "documents": documents }))).json();
    assert_eq!(shown["outlets"], 2);
    let args = ["compare", "--format", "html", "--input", "jsonl", "-"];
    let page = String::from_utf8(told(&args, &lines(documents))).unwrap();
    assert!(page.contains(shown["html"].as_str().unwrap()));
    let one = server.post_json("/v1/page/compare", &json!({ "documents": [documents[0]] })).problem();
    assert!(one["detail"].as_str().unwrap().contains("two documents or more"), "{one}");
}

#[test]
fn the_queue_is_that_of_the_command() {
    let server = Server::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("none.db");
    let documents = &documents()[..3];
    for heads in [&[][..], &["bias"], &["loaded", "tone"]] {
        let mut args = vec!["label", "next", "--format", "jsonl", "--input", "jsonl", "--count", "100", "--store"];
        args.push(store.to_str().unwrap());
        let asked = heads.join(",");
        if !heads.is_empty() {
            args.extend(["--heads", asked.as_str()]);
        }
        args.push("-");
        let expected = String::from_utf8(told(&args, &lines(documents))).unwrap();
        let expected: Vec<Value> = expected.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let answer = ok(server.post_json("/v1/next", &json!({ "documents": documents, "heads": heads }))).json();
        let queue = answer["queue"].as_array().unwrap();
        assert_eq!(queue.len(), expected.len());
        for (one, line) in queue.iter().zip(&expected) {
            assert_eq!((&one["text"], &one["lang"]), (&line["sentence"]["text"], &line["lang"]));
            assert_eq!(documents[one["document"].as_u64().unwrap() as usize]["id"], line["document"]["id"]);
            for key in ["rank", "sentence", "start", "end", "uncertainty", "likeness", "score", "doubts"] {
                assert_eq!(one[key], line["next"][key], "{key}");
            }
        }
    }
    let refused = server.post_json("/v1/next", &json!({ "documents": documents, "heads": ["stance"] })).problem();
    assert!(refused["detail"].as_str().unwrap().contains("toward a target"), "{refused}");
}

#[test]
fn every_answer_is_as_it_is_described() {
    let server = Server::start(&[]);
    let description = ok(server.get("/openapi.json")).json();
    let check = |name: &str, answer: &Value| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}"), "components": description["components"] });
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let wrong: Vec<String> =
            validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path)).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    };
    for options in [json!({}), json!({ "explain": true, "top": 2 }), json!({ "unit": "sentence", "heads": ["tone"] })] {
        let mut request = options;
        request["documents"] = documents().into();
        check("ScoreRequest", &request);
        for report in ok(server.post_json("/v1/score", &request)).json().as_array().unwrap() {
            check("Report", report);
        }
    }
    check("Report", &ok(server.post("/v1/score", "text/html", PAGE)).json());
    let request = json!({ "documents": documents() });
    check("CompareRequest", &request);
    check("Comparison", &ok(server.post_json("/v1/compare", &request)).json());
    check("ComparisonPageAnswer", &ok(server.post_json("/v1/page/compare", &request)).json());
    check("RetrainAnswer", &ok(server.get("/v1/retrain")).json());
    check("VersionsAnswer", &ok(server.get("/v1/versions")).json());
    let next = ok(server.post_json("/v1/next", &request)).json();
    check("NextAnswer", &next);
    assert!(next["queue"].as_array().is_some_and(|queue| queue.len() > 3), "{next}");
    check("ModelsAnswer", &ok(server.get("/v1/models")).json());
    check("Problem", &server.post("/v1/score", "application/json", "{\"text\"").problem());
    check("Problem", &server.get("/nothing").problem());
    // A schema that all is right for would show nothing.
    let schema = json!({ "$ref": "#/components/schemas/Report", "components": description["components"] });
    assert!(!jsonschema::draft202012::is_valid(&schema, &json!({ "schema": "parallax/1" })));

    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let path = path.replace("{name}", "en");
            let answer =
                server.client().send(&method.to_uppercase(), &path, &[("content-type", "text/plain")], b"One.");
            assert!(answer.status == 200 || answer.status == 415, "{method} {path}: {answer:?}");
            if answer.status == 200 {
                let told = answer.header("content-type").unwrap();
                let media = told.split(';').next().unwrap();
                assert!(operation["responses"]["200"]["content"][media].is_object(), "{path}: {media}");
            }
        }
    }
}

#[test]
fn models_health_and_counts_are_told() {
    let server = Server::start(&[]);
    assert_eq!(ok(server.get("/healthz")).text(), "ok\n");
    let models_told = ok(server.get("/v1/models")).json();
    let listed: Vec<&str> =
        models_told["models"].as_array().unwrap().iter().map(|model| model["name"].as_str().unwrap()).collect();
    assert!(listed.contains(&"en") && listed.contains(&"ar"), "{models_told}");
    let english = models_told["models"].as_array().unwrap().iter().find(|model| model["name"] == "en").unwrap();
    let report = ok(server.post_json("/v1/score", &json!({ "text": SHORT }))).json();
    assert_eq!((&english["sha256"], &english["version"]), (&report["model"]["sha256"], &report["model"]["version"]));
    assert!(english["heads"].as_array().unwrap().contains(&"attribution".into()));
    let card = ok(server.get(english["card"].as_str().unwrap()));
    assert_eq!(card.body, std::fs::read(models().join("en/CARD.md")).unwrap());
    assert_eq!(server.get("/v1/models/..%2f..%2fCargo.toml/card").status, 404);
    assert_eq!(server.get("/v1/models/none/card").problem()["type"], "/problems/not-found");

    let _ = server.post_json("/v1/score", &json!({ "text": " " })).problem();
    let counts = ok(server.get("/metrics"));
    assert_eq!(counts.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    for line in [
        "parallax_requests_total{route=\"/v1/score\",status=\"200\"} 1",
        "parallax_requests_total{route=\"/v1/score\",status=\"422\"} 1",
        "parallax_rejected_total{reason=\"unusable\"} 1",
        "parallax_request_seconds_count{route=\"/v1/score\"} 2",
        "parallax_documents_total 1",
        &format!("parallax_documents_bytes_total {}", SHORT.len()),
        "parallax_in_flight 1",
    ] {
        assert!(counts.text().lines().any(|found| found == line), "{line} in:\n{}", counts.text());
    }
}
