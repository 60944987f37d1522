//! Runs the real program on files of a temporary folder.

use assert_cmd::Command;
use parallax::report::{AttributionReport, Report};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Two sentences and a heading, as a user might have them.
pub const ARTICLE: &str = "Council votes on harbour plan\n\nThe council voted on Tuesday. Its shameless leaders \
                           betrayed the town again, critics said.\n";

/// The bundle that the repository ships.
pub fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join("en")
}

/// The program, in an environment that says nothing.
pub fn parallax() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallax"));
    for name in ["PARALLAX_MODELS", "NO_COLOR", "CLICOLOR_FORCE", "NO_GRAPHICS"] {
        command.env_remove(name);
    }
    command
}

/// `parallax score` with the shipped model.
pub fn score() -> Command {
    let mut command = parallax();
    command.arg("score").arg("--model").arg(model());
    command
}

/// A folder with one file.
pub fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path)
}

/// The `id` of each report in JSON Lines.
pub fn ids(jsonl: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(jsonl).unwrap();
    text.lines().map(|line| report(line)["id"].as_str().unwrap().to_owned()).collect()
}

/// One report.
pub fn report(json: &str) -> serde_json::Value {
    serde_json::from_str(json).unwrap()
}

/// Each attribution of a report as `source | cue | contents`; nobody is `-`.
pub fn attributions(report: &Report) -> Vec<String> {
    let of = |a: &AttributionReport| {
        let source = a.source.as_ref().map_or("-", |s| s.passage.text.as_str());
        let contents: Vec<&str> = a.content.iter().map(|c| c.text.as_str()).collect();
        format!("{source} | {} | {}", a.cue.text, contents.join(" … "))
    };
    report.attributions.iter().flatten().map(of).collect()
}
