//! `parallax vectors`: a vocabulary and a table of vectors → a bundle without heads, to train on.
//!
//! In: [`Vectors`], the arguments. Out: a bundle's folder, for `train --base`. Start at `run`.

use super::Outcome;
use super::console::Console;
use crate::error::{Error, Place, Result};
use crate::features::{TokenVectors, classes};
use crate::model::bundle::Fitted;
use crate::model::container::sha256_hex;
use crate::model::receipt::{Input, Receipt};
use crate::model::{Bundle, Weights};
use crate::text::Tokenizer;
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// Arguments of `parallax vectors`.
#[derive(Debug, Args)]
pub struct Vectors {
    /// WordPiece vocabulary, one piece a line, with `[UNK]`
    #[arg(long, value_name = "FILE")]
    pub vocab: PathBuf,
    /// Vectors of the pieces: rows of little-endian 32-bit floats
    #[arg(long, value_name = "FILE")]
    pub vectors: PathBuf,
    /// Numbers a vector has
    #[arg(long, value_name = "N", default_value_t = 384, value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub width: u16,
    /// Language of the bundle
    #[arg(long, default_value = "en")]
    pub lang: String,
    /// Folder of the new bundle
    #[arg(long, short, value_name = "DIR")]
    pub out: PathBuf,
}

pub(super) fn run(args: &Vectors, console: &Console) -> Result<Outcome> {
    let vocabulary = read(&args.vocab)?;
    let text = std::str::from_utf8(&vocabulary)
        .map_err(|e| Error::NotUtf8 { place: Place::file(&args.vocab), offset: e.valid_up_to() })?;
    let pieces: Vec<String> = text.lines().map(str::to_owned).collect();
    let raw = read(&args.vectors)?;
    let width = usize::from(args.width);
    let expected = pieces.len() * width * 4;
    if raw.len() != expected {
        return Err(Error::Input {
            place: Place::file(&args.vectors),
            found: format!("{} bytes", raw.len()),
            expected: format!("{expected} bytes: {} pieces of {width} floats", pieces.len()),
            cure: "check --width and that both files were made together".to_owned(),
        });
    }
    let numbers: Vec<f32> = raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    if let Some(at) = numbers.iter().position(|n| !n.is_finite()) {
        return Err(Error::Input {
            place: Place::file(&args.vectors),
            found: format!("{} in the vector of piece {}", numbers[at], at / width + 1),
            expected: "finite numbers".to_owned(),
            cure: "check what made the vectors, and that they are little-endian 32-bit floats".to_owned(),
        });
    }
    let tokenizer = Tokenizer::from_parts(pieces).map_err(|e| Error::Input {
        place: Place::file(&args.vocab),
        found: format!("a vocabulary that cannot be used ({e})"),
        expected: "WordPiece pieces".to_owned(),
        cure: "list every piece once, one a line, [UNK] among them".to_owned(),
    })?;
    let input = |path: &Path, bytes: &[u8]| Input {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sha256: sha256_hex(bytes),
        records: 0,
    };
    let receipt = Receipt {
        parallax: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: vec![input(&args.vocab, &vocabulary), input(&args.vectors, &raw)],
        ..Receipt::default()
    };
    let table = TokenVectors::quantize(width, &numbers);
    let fitted = Fitted { weights: Weights { ..Weights::default() }, ..Fitted::default() };
    let name = args.out.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Bundle::new((&name, env!("CARGO_PKG_VERSION"), &args.lang), tokenizer, table, fitted, receipt).save(&args.out)?;
    console.note(&format!(
        "{}: {} pieces, {} word classes known",
        args.out.display(),
        numbers.len() / width,
        classes::COUNT
    ));
    Ok(Outcome::Done)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })
}
