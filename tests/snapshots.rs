//! What a user sees of one short text, in three formats, and of two side by side. After a training that moves numbers or labels:
//! `INSTA_UPDATE=always cargo test --release --test snapshots`, and read the difference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[allow(dead_code)]
mod run;

use run::{model, parallax};
use std::fmt::Write as _;

const TEXT: &str = "Library to close on Sundays

The city will close its central library on Sundays from May, the mayor said on Thursday. About 400 people
use the building on an average Sunday, according to the library's own count.

\u{201c}We had to choose between the library and the night buses,\u{201d} Mayor Sandra Okafor told reporters. Her
so-called reform is the latest disgraceful assault on a town that she never bothered to understand. Obviously,
nobody at City Hall has opened a book in years! The union that represents the librarians said it would appeal.
Volunteers, at least, have been nothing short of heroic.
";

/// Numbers with a point are cut to two decimals and hashes left out, so that only what a reader would
/// notice counts.
fn rounded(output: &str) -> String {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut text = String::new();
    let mut rest = output;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        text.push_str(&rest[..at]);
        let tail = &rest[at..];
        let length = tail.find(|c| !is_number(c)).unwrap_or(tail.len());
        let exponent = tail[length..]
            .strip_prefix("e-")
            .map_or(0, |digits| 2 + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()));
        match tail[..length + exponent].parse::<f64>() {
            Ok(number) if tail[..length].contains('.') || exponent > 0 => {
                let number = format!("{number:.2}");
                if number == "0.00" && text.ends_with('-') {
                    text.pop();
                }
                text.push_str(&number);
            }
            _ => text.push_str(&tail[..length + exponent]),
        }
        rest = &tail[length + exponent..];
    }
    text + rest
}

fn without_hash(output: &str) -> String {
    for key in ["\"sha256\":\"", "\"sha256\": \""] {
        if let Some((before, after)) = output.split_once(key) {
            return format!("{before}{key}…{}", &after[64..]);
        }
    }
    output.to_owned()
}

#[test]
fn two_short_tellings_read_the_same_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let tellings = [
        (
            "gazette.txt",
            "Mayor Sandra Okafor opened the new ferry on Monday. The ferry will carry 300 people a day, Okafor said.\n",
        ),
        (
            "herald.txt",
            "On Monday Sandra Okafor opened her disgraceful ferry. Critics condemned the ferry. It will carry 200 people a \
             day, she claimed.\n",
        ),
    ];
    for (name, text) in tellings {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut all = String::new();
    for format in ["text", "json"] {
        let mut command = parallax();
        command.current_dir(folder.path()).arg("compare").args(["gazette.txt", "herald.txt", "--format", format]);
        let run = command.arg("--model").arg(model()).assert().success();
        let output = String::from_utf8(run.get_output().stdout.clone()).unwrap();
        writeln!(all, "$ parallax compare --format {format}\n{}", rounded(&without_hash(&output))).unwrap();
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("compare", all);
    });
}

#[test]
fn a_short_text_reads_the_same_in_every_format() {
    let mut all = String::new();
    for args in [
        &["--format", "text"][..],
        &["--format", "text", "--explain", "--top", "3"],
        &["--format", "csv"],
        &["--format", "jsonl", "--offsets", "chars", "--explain", "--top", "2"],
    ] {
        let mut command = parallax();
        command.arg("score").args(args).args(["--input", "text", "--model"]).arg(model());
        let run = command.write_stdin(TEXT).assert().success();
        let output = String::from_utf8(run.get_output().stdout.clone()).unwrap();
        writeln!(all, "$ parallax score {}\n{}", args.join(" "), rounded(&without_hash(&output))).unwrap();
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("score", all);
    });
}
