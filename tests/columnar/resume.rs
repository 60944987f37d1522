//! A run that was killed goes on where it was, and its files are those of a run that nothing interrupted.

use crate::corpus::{files, records, tables};
use crate::run::{file, parallax};
use predicates::str::contains;
use rand::{Rng, SeedableRng};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// Some MiB of records, so that there are several parts; few heads, so that they are quick.
const RECORDS: usize = 12_000;
const QUICK: [&str; 6] = ["--heads", "bias,loaded", "--row-group", "1", "--keep", "outlet"];

/// The parts that stand in the folder of an unfinished run.
fn parts(out: &Path) -> usize {
    let Ok(entries) = fs::read_dir(out.join(".parallax-run")) else { return 0 };
    entries.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("part-")).count()
}

/// The command as a process of its own, which can be killed.
fn process(path: &Path, out: &Path, form: &str) -> Command {
    let command = {
        let mut command = tables(&[path], out);
        command.args(QUICK).args(["--format", form, "--resume"]);
        command
    };
    let mut process = Command::new(command.get_program());
    process.args(command.get_args()).stdout(Stdio::null()).stderr(Stdio::null());
    process
}

#[test]
fn a_run_that_is_killed_again_and_again_gives_the_bytes_of_one_that_is_not() {
    let mut text = records(RECORDS);
    text.insert_str(0, "{\"id\":\"bad\"}\n");
    let (folder, path) = file("corpus.jsonl", text);
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(8);
    for form in ["parquet", "jsonl"] {
        let (whole, killed) =
            (folder.path().join(format!("whole-{form}")), folder.path().join(format!("killed-{form}")));
        tables(&[&path], &whole).args(QUICK).args(["--format", form]).assert().code(2);
        let (mut kills, mut resumed) = (0, 0);
        loop {
            let before = parts(&killed);
            let mut child = process(&path, &killed, form).spawn().unwrap();
            // Each kill falls somewhere in the work behind one more part; the last runs are let finish.
            let mut waited = Duration::ZERO;
            let at_most = Duration::from_millis(random.random_range(0..200));
            while kills < 6 && child.try_wait().unwrap().is_none() && (parts(&killed) <= before || waited < at_most) {
                thread::sleep(Duration::from_millis(1));
                if parts(&killed) > before {
                    waited += Duration::from_millis(1);
                }
            }
            if kills < 6 && child.try_wait().unwrap().is_none() {
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
                resumed += usize::from(before > 0);
                assert!(!killed.join("documents.parquet").exists() && !killed.join("documents.jsonl").exists());
                continue;
            }
            assert_eq!(child.wait().unwrap().code(), Some(2));
            break;
        }
        assert!(kills > 1 && resumed > 0, "{form}: killed {kills} times, {resumed} of them behind finished parts");
        let (whole, killed) = (files(&whole), files(&killed));
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&whole), names(&killed), "{form}");
        for ((name, whole), (_, killed)) in whole.iter().zip(&killed) {
            assert!(whole == killed, "{form}: {name}");
        }
    }
}

/// A folder with a run that was stopped by a bad record behind its first part.
fn unfinished(path: &Path, out: &Path) {
    tables(&[path], out).args(QUICK).arg("--strict").assert().code(2);
    assert!(parts(out) > 0);
}

#[test]
fn an_unfinished_run_is_neither_overwritten_nor_gone_on_with_by_another_run() {
    let (folder, path) = file("corpus.jsonl", records(RECORDS / 2) + "{\"id\":\"bad\"}\n");
    let out = folder.path().join("out");
    unfinished(&path, &out);
    tables(&[&path], &out).args(QUICK).assert().code(2).stderr(contains("an unfinished run in"));
    let other = ["--heads", "bias", "--row-group", "1", "--keep", "outlet", "--resume"];
    tables(&[&path], &out).args(other).assert().code(2).stderr(contains("another run: --heads `bias`"));
    // Other records under the same name and of the same size.
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("Okafor", "Adeoye", 1)).unwrap();
    tables(&[&path], &out).args(QUICK).arg("--resume").assert().code(2).stderr(contains("other records than before"));
    fs::write(&path, text).unwrap();
    tables(&[&path], &out).args(QUICK).arg("--resume").assert().code(2);
    assert!(out.join("sentences.parquet").exists() && !out.join(".parallax-run").exists());
}

#[test]
fn what_is_left_of_a_run_that_was_published_is_no_part_of_the_next() {
    let (folder, path) = file("corpus.jsonl", records(RECORDS / 2) + "{\"id\":\"bad\"}\n");
    let (out, fresh) = (folder.path().join("out"), folder.path().join("fresh"));
    unfinished(&path, &out);
    fs::remove_file(out.join(".parallax-run/plan.json")).unwrap();
    let other = folder.path().join("other.jsonl");
    fs::write(&other, records(3)).unwrap();
    for out in [&out, &fresh] {
        tables(&[&other], out).args(QUICK).arg("--resume").assert().success();
    }
    assert!(files(&out) == files(&fresh));
}

#[test]
fn a_run_of_a_stream_cannot_be_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = parallax();
    command.args(["score", "--tables", "--resume", "--out"]).arg(folder.path()).arg("-");
    command.write_stdin("It rained.").assert().code(2).stderr(contains("a stream as input"));
}

#[test]
fn a_folder_that_another_process_is_at_work_in_is_refused() {
    let (folder, path) = file("corpus.jsonl", records(3));
    let out = folder.path().join("out");
    fs::create_dir_all(out.join(".parallax-run")).unwrap();
    let lock = fs::File::create(out.join(".parallax-run/lock")).unwrap();
    lock.lock().unwrap();
    for resume in [&[] as &[&str], &["--resume"]] {
        tables(&[&path], &out).args(resume).assert().code(2).stderr(contains("a run at work in"));
    }
    drop(lock);
    tables(&[&path], &out).assert().success();
}
