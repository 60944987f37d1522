//! `parallax regions`: labelled pages → the model that tells the regions of a text.
//!
//! In: [`Regions`], the arguments. Out: a folder with `weights.json` and its card. Start at `run`.

use super::console::Console;
use super::output::{Output, write_all};
use super::{Outcome, Shared};
use crate::error::Result;
use crate::model::container::sha256_hex;
use crate::text::RegionKind;
use crate::train::page;
use crate::train::regions::{RegionCounts, RegionReceipt, Share, train};
use clap::Args;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Arguments of `parallax regions`.
#[derive(Debug, Args)]
#[command(after_help = "The form of the files is in training/README.md.")]
pub struct Regions {
    /// Labelled pages; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    pub data: Vec<PathBuf>,
    /// Folder of the model [default: nothing is written, the model is only measured]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

pub(super) fn run(args: &Regions, shared: &Shared, console: &Console) -> Result<Outcome> {
    let mut pages = Vec::new();
    let mut inputs = Vec::new();
    for path in &args.data {
        let found = page::read(path)?;
        let bytes = std::fs::read(path).map_err(|source| crate::error::Error::Read { path: path.clone(), source })?;
        inputs.push((path, found.len(), found.iter().map(|page| page.lines.len()).sum::<usize>(), sha256_hex(&bytes)));
        pages.extend(found);
    }
    let (head, receipt) = shared.pool()?.install(|| train(&pages))?;
    let measures = measures(&receipt);
    let mut out = Output::open(None)?;
    let refused = out.refused();
    out.write_all(measures.as_bytes()).map_err(refused)?;
    out.finish()?;
    for slip in &receipt.slips {
        console.note(&format!("{}: {} taken for {}: {}", slip.page, slip.gold, slip.found, slip.line));
    }
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder)
            .map_err(|source| crate::error::Error::Write { path: folder.clone(), source })?;
        let mut card = card(args, &measures);
        for (path, pages, lines, sha256) in &inputs {
            let _ = writeln!(card, "| `{}` | {pages} | {lines} | `{sha256}` |", path.display());
        }
        write_all(Some(&folder.join("weights.json")), head.to_json()?.as_bytes())?;
        write_all(Some(&folder.join("CARD.md")), card.as_bytes())?;
        console.note(&format!("{}: weights.json, CARD.md", folder.display()));
    }
    Ok(Outcome::Done)
}

/// The card of the model, up to the table of its inputs, which is the last.
fn card(args: &Regions, measures: &str) -> String {
    let data: Vec<String> = args.data.iter().map(|path| format!("--data {}", path.display())).collect();
    let out = args.out.as_deref().unwrap_or(Path::new("models/regions")).display();
    format!(
        "# Regions\n\nTells the lines of a page apart: headline, byline or date, body, caption, boilerplate, a \
         headline given again.\nOne model for every language, fitted to English and Arabic pages; only headline and \
         body are scored.\n`weights.json` has a weight a kind for each column, by name; it is built into the \
         program.\n\n## Held-out scores\n\nSites were held out whole, in five folds. Each fold was read by a model, \
         and masked by a threshold, that were chosen\nwithout it. The pages were written for this project, while the \
         features were worked out; real sites vary more.\nIntervals are Wilson\u{2019}s, of 95 %, and take lines for \
         independent, which those of a page are not quite.\n\n```\n{measures}```\n\n## Made by\n\n```sh\nparallax \
         regions {} --out {out}\n```\n\n## Inputs\n\n| file | pages | lines | SHA-256 |\n|---|---|---|---|\n",
        data.join(" ")
    )
}

/// What was measured, as text.
fn measures(receipt: &RegionReceipt) -> String {
    let mut text = format!(
        "sites {}   words with weights {}   masked above {:.2}\n",
        receipt.sites, receipt.words, receipt.threshold
    );
    section(&mut text, "pages as they are", &receipt.held_out, true);
    for (lang, counts) in &receipt.languages {
        section(&mut text, &format!("of them, {lang}"), counts, false);
    }
    section(&mut text, "the same in other layouts", &receipt.other_layouts, false);
    section(&mut text, "their bodies alone", &receipt.bodies, false);
    text
}

fn section(text: &mut String, title: &str, counts: &RegionCounts, kinds: bool) {
    let _ = writeln!(text, "\n{title} ({})", counts.pages);
    if kinds {
        let _ = writeln!(text, "  kind          precision  recall     F1   lines");
        for kind in RegionKind::ALL {
            let of = counts.kinds.get(&kind).copied().unwrap_or_default();
            let (precision, recall, f1) = (of.precision(), of.recall(), of.f1());
            let _ =
                writeln!(text, "  {:<12}      {precision:.3}   {recall:.3}  {f1:.3}  {:>6}", kind.as_str(), of.gold);
        }
    }
    let rows: [(&str, Share); 5] = [
        ("sentences of the body masked", counts.body_sentences_masked),
        ("lines of the body masked", counts.body_masked),
        ("headlines masked", counts.headlines_masked),
        ("lines of boilerplate masked", counts.boilerplate_masked),
        ("lines of all masked kinds masked", counts.others_masked),
    ];
    for (what, share) in rows.into_iter().filter(|(_, share)| share.all > 0) {
        let [low, high] = share.interval();
        let value = share.value();
        let _ = writeln!(text, "  {what:<34} {value:.4} [{low:.4}, {high:.4}]   {} of {}", share.some, share.all);
    }
}
