//! Gathers what the wheel carries beside the code: the bundles, and what training needs. `pyproject.toml` takes it from here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What goes into the wheel, as folders of the repository: a folder, and how the names of its files may end.
const CARRIED: &[(&str, &[&str])] = &[
    ("models/en", &["bin", "json", "txt", "md"]),
    ("models/ar", &["bin", "json", "txt", "md"]),
    ("training/recipes", &["toml"]),
    ("training/contrast", &["jsonl"]),
    ("training/links", &["jsonl"]),
    ("training/names", &["toml"]),
];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?).join("carried");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    for (folder, endings) in CARRIED {
        let (from, to) = (root.join(folder), out.join(folder));
        println!("cargo:rerun-if-changed={}", from.display());
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&from)? {
            let file = entry?.path();
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
            if let Some(name) = file.file_name().filter(|_| endings.contains(&ending.as_str())) {
                let there = to.join(name);
                // A link where the file system has one: a copy of the bundles is 50 MB.
                fs::hard_link(&file, &there).or_else(|_| fs::copy(&file, &there).map(drop))?;
            }
        }
    }
    Ok(())
}
