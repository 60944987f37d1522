//! `parallax vectors`: a vocabulary and a table of vectors → a bundle without heads, to train on.
//!
//! In: [`Vectors`], the arguments. Out: a bundle's folder, for `train --base`. Start at `run`.

use super::Outcome;
use super::console::Console;
use crate::error::{Error, Place, Result};
use crate::features::{NameMask, TokenVectors, WordVectors, classes};
use crate::model::Bundle;
use crate::model::bundle::Fitted;
use crate::model::container::sha256_hex;
use crate::model::receipt::{Input, Receipt};
use crate::text::Tokenizer;
use clap::Args;
use std::collections::HashSet;
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
    /// Words in lower case, one a line, that have vectors of their own beside those of their pieces
    #[arg(long, value_name = "FILE", requires = "word_vectors")]
    pub words: Option<PathBuf>,
    /// Vectors of the words: rows of little-endian 32-bit floats
    #[arg(long, value_name = "FILE", requires = "words")]
    pub word_vectors: Option<PathBuf>,
    /// Numbers a word's vector has
    #[arg(long, value_name = "N", default_value_t = 260, value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub word_width: u16,
    /// Names, one a line, of a language whose script has no capitals: the heads see of them that they are names. Arabic
    /// ones are given without the article
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,
    /// Language of the bundle
    #[arg(long, default_value = "en")]
    pub lang: String,
    /// Folder of the new bundle
    #[arg(long, short, value_name = "DIR")]
    pub out: PathBuf,
}

pub(super) fn run(args: &Vectors, console: &Console) -> Result<Outcome> {
    let pieces = Table::read(&args.vocab, &args.vectors, args.width)?;
    let words = match (&args.words, &args.word_vectors) {
        (Some(words), Some(vectors)) => Some(Table::read(words, vectors, args.word_width)?),
        _ => None,
    };
    let vectors = TokenVectors::quantize(pieces.width, &pieces.numbers);
    let word_vectors = words.as_ref().map(Table::words).transpose()?.unwrap_or_default();
    let mut inputs = pieces.inputs;
    inputs.extend(words.into_iter().flat_map(|words| words.inputs));
    let mut mask = NameMask::default();
    if let Some(path) = &args.names {
        let list = read(path)?;
        let names = std::str::from_utf8(&list)
            .map_err(|e| Error::NotUtf8 { place: Place::file(path), offset: e.valid_up_to() })?;
        mask = mask.knowing(names.lines());
        inputs.push(input(path, &list));
    }
    let tokenizer = Tokenizer::from_parts(pieces.names).map_err(|e| Error::Input {
        place: Place::file(&args.vocab),
        found: format!("a vocabulary that cannot be used ({e})"),
        expected: "WordPiece pieces".to_owned(),
        cure: "list every piece once, one a line, [UNK] among them".to_owned(),
    })?;
    let receipt = Receipt { parallax: env!("CARGO_PKG_VERSION").to_owned(), inputs, ..Receipt::default() };
    let name = args.out.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let said = format!(
        "{}: {} pieces, {} words, {} word classes known",
        args.out.display(),
        vectors.len(),
        word_vectors.len(),
        classes::COUNT
    );
    let identity = (name.as_str(), env!("CARGO_PKG_VERSION"), args.lang.as_str());
    let fitted = Fitted { mask, ..Fitted::default() };
    Bundle::new(identity, tokenizer, (vectors, word_vectors), fitted, receipt).save(&args.out)?;
    console.note(&said);
    Ok(Outcome::Done)
}

/// Names, one a line of a file, and the vector of each.
struct Table {
    path: PathBuf,
    names: Vec<String>,
    width: usize,
    numbers: Vec<f32>,
    inputs: Vec<Input>,
}

impl Table {
    fn read(names: &Path, vectors: &Path, width: u16) -> Result<Self> {
        let list = read(names)?;
        let text = std::str::from_utf8(&list)
            .map_err(|e| Error::NotUtf8 { place: Place::file(names), offset: e.valid_up_to() })?;
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let raw = read(vectors)?;
        let width = usize::from(width);
        let expected = lines.len() * width * 4;
        if raw.len() != expected {
            return Err(Error::Input {
                place: Place::file(vectors),
                found: format!("{} bytes", raw.len()),
                expected: format!("{expected} bytes: {} pieces of {width} floats", lines.len()),
                cure: "check the width and that both files were made together".to_owned(),
            });
        }
        let numbers: Vec<f32> = raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if let Some(at) = numbers.iter().position(|n| !n.is_finite()) {
            return Err(Error::Input {
                place: Place::file(vectors),
                found: format!("{} in the vector of piece {}", numbers[at], at / width + 1),
                expected: "finite numbers".to_owned(),
                cure: "check what made the vectors, and that they are little-endian 32-bit floats".to_owned(),
            });
        }
        let inputs = vec![input(names, &list), input(vectors, &raw)];
        Ok(Self { path: names.to_path_buf(), names: lines, width, numbers, inputs })
    }

    fn words(&self) -> Result<WordVectors> {
        let mut seen = HashSet::new();
        if let Some(at) = self.names.iter().position(|word| word.is_empty() || !seen.insert(word)) {
            return Err(Error::Input {
                place: Place::line(&self.path, at + 1),
                found: format!("the word {:?}, empty or for the second time", self.names[at]),
                expected: "every word once, one a line".to_owned(),
                cure: "remove the line, and its vector".to_owned(),
            });
        }
        Ok(WordVectors::new(&self.names, self.width, &self.numbers))
    }
}

fn input(path: &Path, bytes: &[u8]) -> Input {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Input { name, sha256: sha256_hex(bytes), records: 0 }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })
}
