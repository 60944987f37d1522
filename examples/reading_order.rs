//! How much sooner a model learns if the sentences to be labelled are chosen: the figures behind `parallax label next`.
//!
//! usage: cargo run --release --example reading_order [-- SHARED]
//!
//! In: the labelled sentences of SHARED (default `../shared`), whose labels are hidden until a sentence is chosen. Out: for each
//! way to choose, how good small models of `bias`, `subjective` and `tone` are on held-out articles after so many sentences,
//! and how much better than with sentences drawn at random. Without the sentences nothing is simulated, and said so.
//!
//! A run is a held-out fold of whole articles and a seed. It begins with 100 sentences drawn at random; then the models are
//! fitted (logistic, over pooled token vectors and word classes), score what is not labelled yet, and the next 50 are chosen
//! by `parallax::label::next`, until there are 500. All ways to choose begin a run with the same sentences.
#![allow(clippy::unwrap_used)]

use linfa::ParamGuard;
use ndarray::{Array2, Axis, ShapeBuilder};
use parallax::evaluate::metrics::Confusion;
use parallax::evaluate::ranking::auc;
use parallax::evaluate::{Rows, Scored};
use parallax::features::classes;
use parallax::heads::{Decision, probabilities};
use parallax::label::next::{Candidate, Settings, Vector, doubt, queue};
use parallax::model::Bundle;
use parallax::text::Span;
use parallax::train::fit::{Solver, Targets, dense};
use parallax::train::prepare::{self, Base, Example, Origin, Prepared};
use parallax::train::{ParallaxParams, gold, record, split};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

const HEADS: [&str; 3] = ["bias", "subjective", "tone"];
const FOLDS: u32 = 5;
const SEEDS: u64 = 4;
const START: usize = 100;
const BATCH: usize = 50;
const END: usize = 500;
/// The first principal axes of the token vectors, all that so few sentences can teach.
const AXES: usize = 128;
/// Strength of the penalty.
const L2: f64 = 100.0;

/// A way to choose sentences.
#[derive(Clone, Copy)]
struct Way {
    name: &'static str,
    /// `None`: at random.
    doubt: Option<Of>,
    diversity: f64,
    likeness: Likeness,
}

/// How the doubts of the heads become one number.
#[derive(Clone, Copy)]
enum Of {
    /// Their mean.
    Mean,
    /// The largest.
    Most,
    /// The mean, as if every threshold were 0.5.
    AtHalf,
}

/// What sentences are like by.
#[derive(Clone, Copy, PartialEq)]
enum Likeness {
    Ngrams,
    /// N-grams, and the labelled ones do not count.
    NgramsOfBatch,
    Dense,
}

const fn way(name: &'static str, doubt: Option<Of>, diversity: f64, likeness: Likeness) -> Way {
    Way { name, doubt, diversity, likeness }
}

const WAYS: [Way; 14] = [
    way("at random", None, 0.0, Likeness::Ngrams),
    way("mean", Some(Of::Mean), 0.0, Likeness::Ngrams),
    way("mean, at 0.5", Some(Of::AtHalf), 0.0, Likeness::Ngrams),
    way("mean, diversity 0.5", Some(Of::Mean), 0.5, Likeness::Ngrams),
    way("mean, diversity 0.9", Some(Of::Mean), 0.9, Likeness::Ngrams),
    way("largest", Some(Of::Most), 0.0, Likeness::Ngrams),
    way("largest, diversity 0.1", Some(Of::Most), 0.1, Likeness::Ngrams),
    way("largest, diversity 0.3", Some(Of::Most), 0.3, Likeness::Ngrams),
    way("largest, diversity 0.5", Some(Of::Most), 0.5, Likeness::Ngrams),
    way("largest, diversity 0.7", Some(Of::Most), 0.7, Likeness::Ngrams),
    way("largest, diversity 0.9", Some(Of::Most), 0.9, Likeness::Ngrams),
    way("largest, 0.3 of the batch", Some(Of::Most), 0.3, Likeness::NgramsOfBatch),
    way("largest, 0.3 by vectors", Some(Of::Most), 0.3, Likeness::Dense),
    way("diversity alone", Some(Of::Most), 1.0, Likeness::Ngrams),
];

/// The sentences, as the models see them.
struct Data {
    texts: Vec<String>,
    words: Vec<usize>,
    folds: Vec<u32>,
    groups: Vec<u64>,
    /// By head: its classes, and each sentence's.
    gold: Vec<(Vec<String>, Vec<usize>)>,
    x: Array2<f64>,
    ngrams: Vec<Vector>,
    dense: Vec<Vector>,
}

/// What a model of a head is after a step: macro-F1 of each head, AUC of the two that ask yes or no.
#[derive(Clone, Copy, Default)]
struct Quality {
    f1: [f64; 3],
    auc: [f64; 2],
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::args().nth(1).map_or_else(|| root.join("../shared"), PathBuf::from);
    let path = shared.join("data/annotated/en.jsonl");
    if !path.is_file() {
        println!("NOTHING SIMULATED: {} is not there", path.display());
        return;
    }
    let data = read(root, &path);
    let runs: Vec<(u32, u64)> = (0..FOLDS).flat_map(|fold| (0..SEEDS).map(move |seed| (fold, seed))).collect();
    let steps = (END - START) / BATCH + 1;
    println!("{} sentences, {} runs of {START} to {END}", data.texts.len(), runs.len());
    let tasks: Vec<(usize, usize)> = (0..WAYS.len()).flat_map(|w| (0..runs.len()).map(move |r| (w, r))).collect();
    let done: Vec<(Vec<Quality>, f64)> =
        tasks.par_iter().with_max_len(1).map(|(w, r)| run(&data, WAYS[*w], runs[*r])).collect();
    let of = |way: usize, run: usize| &done[way * runs.len() + run];
    for (what, at) in
        [("after 200", (200 - START) / BATCH), ("after 500", steps - 1), ("mean of all steps", usize::MAX)]
    {
        println!(
            "\n{what}: macro-F1 of the three heads (difference to random, 95 % interval over runs); AUC of bias, subjective; words a sentence"
        );
        let value = |way: usize, run: usize, of_one: &dyn Fn(&Quality) -> f64| {
            let curve = &of(way, run).0;
            if at == usize::MAX { mean(curve.iter().map(of_one)) } else { of_one(&curve[at]) }
        };
        for (way, named) in WAYS.iter().enumerate() {
            let f1 = |quality: &Quality| mean(quality.f1.iter().copied());
            let auc = |quality: &Quality| mean(quality.auc.iter().copied());
            let of_runs = |what: &dyn Fn(&Quality) -> f64| mean((0..runs.len()).map(|run| value(way, run, what)));
            let gain = |what: &dyn Fn(&Quality) -> f64| {
                interval(&(0..runs.len()).map(|run| value(way, run, what) - value(0, run, what)).collect::<Vec<_>>())
            };
            let heads: Vec<String> =
                (0..3).map(|head| format!("{:.3}", of_runs(&|quality: &Quality| quality.f1[head]))).collect();
            println!(
                "  {:<27} F1 {:.3} {}  [{}]  AUC {:.3} {}  words {:.1}",
                named.name,
                of_runs(&f1),
                gain(&f1),
                heads.join(" "),
                of_runs(&auc),
                gain(&auc),
                mean((0..runs.len()).map(|run| of(way, run).1)),
            );
        }
    }
    println!("\ncurves of macro-F1, by sentences labelled");
    for (way, named) in WAYS.iter().enumerate() {
        let at = |step: usize| mean((0..runs.len()).map(|run| mean(of(way, run).0[step].f1.iter().copied())));
        let curve: Vec<String> = (0..steps).map(|step| format!("{:.3}", at(step))).collect();
        println!("  {:<27} {}", named.name, curve.join(" "));
    }
}

fn read(root: &Path, path: &Path) -> Data {
    let (params, _) = ParallaxParams::read(&root.join("training/recipes/en.toml")).unwrap();
    let params = params.without_families().check().unwrap();
    let mut records = record::read(path).unwrap();
    records.retain(|record| HEADS.iter().all(|head| record.labels.contains_key(*head)));
    let bundle = Bundle::load(&root.join("models/en")).unwrap();
    let example = |record: &record::Record| Example { record: record.clone(), origin: Origin::Labelled, weight: 1.0 };
    let examples: Vec<Example> = records.iter().map(example).collect();
    let mask = bundle.mask();
    let base = Base { tokenizer: bundle.tokenizer(), vectors: bundle.vectors(), words: bundle.words(), mask };
    let prepared = Prepared::new(&params, &examples, base).unwrap();
    let axes = AXES.min(prepared.vectors.ncols());
    let mut x = Array2::zeros((records.len(), axes + classes::COUNT).f());
    for (row, mut out) in prepared.rows.iter().zip(x.axis_iter_mut(Axis(0))) {
        for kind in &row.types {
            for (axis, value) in prepared.vectors.row(*kind as usize).iter().take(axes).enumerate() {
                out[axis] += value / row.types.len().max(1) as f64;
            }
        }
        for found in &row.classes {
            out[axes + found.number as usize] += f64::from(found.value);
        }
    }
    for (at, mut column) in x.axis_iter_mut(Axis(1)).enumerate() {
        let average: f64 = column.mean().unwrap();
        let spread = (column.iter().map(|v: &f64| (v - average).powi(2)).sum::<f64>() / records.len() as f64).sqrt();
        column.mapv_inplace(|v| (v - average) / (spread + if at < axes { 1e-9 } else { 0.02 }));
    }
    let row =
        |at: usize| x.row(at).iter().take(axes).enumerate().map(|(n, v)| (n as u32, *v as f32)).collect::<Vec<_>>();
    let dense = (0..records.len()).map(|at| Vector::new(0, row(at))).collect();
    let of = |row: &prepare::Row| Vector::new(0, row.ngrams.iter().map(|found| (found.number, found.value)));
    let gold = HEADS.map(|head| {
        let classes = prepare::classes(&examples, head);
        let class = |record: &record::Record| {
            let shares = prepare::shares(&record.labels[head], &classes);
            (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap()
        };
        let labels = records.iter().map(class).collect();
        (classes, labels)
    });
    Data {
        words: records.iter().map(|record| record.text.split_whitespace().count()).collect(),
        folds: records.iter().map(|record| split::fold(&record.group, FOLDS)).collect(),
        groups: records.iter().map(|record| gold::group_number(&record.group)).collect(),
        texts: records.into_iter().map(|record| record.text).collect(),
        gold: gold.into(),
        x,
        ngrams: prepared.rows.iter().map(of).collect(),
        dense,
    }
}

/// The quality after each step, and the mean number of words of a chosen sentence.
fn run(data: &Data, way: Way, (fold, seed): (u32, u64)) -> (Vec<Quality>, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed * u64::from(FOLDS) + u64::from(fold));
    let (test, mut left): (Vec<usize>, Vec<usize>) = (0..data.texts.len()).partition(|at| data.folds[*at] == fold);
    left.shuffle(&mut rng);
    let mut labelled: Vec<usize> = left.split_off(left.len() - START);
    let mut curve = Vec::new();
    loop {
        let models: Vec<Vec<Vec<f64>>> = (0..HEADS.len()).map(|head| fitted(data, head, &labelled)).collect();
        let decisions: Vec<Decision> = models.iter().map(|p| decision(p, &left)).collect();
        curve.push(quality(data, &models, &decisions, &test));
        if labelled.len() >= END {
            let words = labelled[START..].iter().map(|at| data.words[*at] as f64);
            return (curve, mean(words));
        }
        let chosen: Vec<usize> = match way.doubt {
            None => left[..BATCH].to_vec(),
            Some(of) => chosen(data, way, of, (&models, &decisions), &left, &labelled),
        };
        left.retain(|at| !chosen.contains(at));
        labelled.extend(chosen);
    }
}

/// Every sentence's probabilities under a model of the labelled ones.
fn fitted(data: &Data, head: usize, labelled: &[usize]) -> Vec<Vec<f64>> {
    let (classes, gold) = &data.gold[head];
    let shares: Vec<f64> = labelled
        .iter()
        .flat_map(|at| (0..classes.len()).map(|class| f64::from(u8::from(gold[*at] == class))))
        .collect();
    let targets = Targets::new(HEADS[head], classes.len(), &shares, &vec![1.0; labelled.len()]).unwrap();
    let rows = dense::select_rows(data.x.view(), labelled);
    let solver = Solver { l2: L2, tolerance: 1e-5, max_iterations: 200 };
    let model = dense::fit(HEADS[head], rows.view(), &targets, 1.0, solver).unwrap();
    let logits = data.x.dot(&model.weights);
    let of = |row: ndarray::ArrayView1<'_, f64>| {
        probabilities(&row.iter().zip(&model.intercepts).map(|(z, i)| z + i).collect::<Vec<f64>>())
    };
    logits.axis_iter(Axis(0)).map(of).collect()
}

/// Of two classes, the threshold at which as many sentences are positive as the probabilities expect; of more, each class's
/// mean probability, so that a rare class is not drowned.
fn decision(p: &[Vec<f64>], left: &[usize]) -> Decision {
    let classes = p[0].len();
    if classes > 2 {
        let thresholds = (0..classes).map(|class| mean(left.iter().map(|at| p[*at][class])).max(1e-6)).collect();
        return Decision { thresholds, margin: 0.0 };
    }
    let mut of: Vec<f64> = left.iter().map(|at| p[*at][1]).collect();
    of.sort_by(|a, b| b.total_cmp(a));
    let expected = of.iter().sum::<f64>().round() as usize;
    let threshold = of[expected.min(of.len() - 1)].clamp(0.01, 0.99);
    Decision { thresholds: vec![1.0 - threshold, threshold], margin: 0.0 }
}

fn chosen(
    data: &Data,
    way: Way,
    of: Of,
    (models, decisions): (&[Vec<Vec<f64>>], &[Decision]),
    left: &[usize],
    labelled: &[usize],
) -> Vec<usize> {
    let half = Decision { thresholds: vec![0.5, 0.5, 0.5], margin: 0.0 };
    let candidate = |at: &usize| {
        let doubts = models
            .iter()
            .zip(decisions)
            .map(|(p, decision)| doubt::uncertainty(&p[*at], if matches!(of, Of::AtHalf) { &half } else { decision }));
        let uncertainty = match of {
            Of::Mean | Of::AtHalf => mean(doubts),
            Of::Most => doubts.fold(0.0, f64::max),
        };
        let (span, lang, text) = (Span::new(0, 0), "en".to_owned(), data.texts[*at].clone());
        Candidate { document: *at, sentence: 0, span, lang, text, uncertainty, doubts: Vec::new() }
    };
    let candidates: Vec<Candidate> = left.iter().map(candidate).collect();
    let vectors = if way.likeness == Likeness::Dense { &data.dense } else { &data.ngrams };
    let known: Vec<Vector> = match way.likeness {
        Likeness::NgramsOfBatch => Vec::new(),
        _ => labelled.iter().map(|at| vectors[*at].clone()).collect(),
    };
    let vector = |candidate: &Candidate| Ok(vectors[candidate.document].clone());
    let settings = Settings { count: BATCH, diversity: way.diversity };
    let next = queue(&candidates, &known, &vector, &settings).unwrap();
    next.iter().map(|next| candidates[next.candidate].document).collect()
}

fn quality(data: &Data, models: &[Vec<Vec<f64>>], decisions: &[Decision], test: &[usize]) -> Quality {
    let mut quality = Quality::default();
    for (head, (p, decision)) in models.iter().zip(decisions).enumerate() {
        let (classes, gold) = &data.gold[head];
        let scored = Scored::new(Rows {
            head: HEADS[head].into(),
            classes: classes.clone(),
            groups: test.iter().map(|at| data.groups[*at]).collect(),
            gold: test.iter().map(|at| gold[*at]).collect(),
            probabilities: test.iter().flat_map(|at| p[*at].clone()).collect(),
            predicted: test.iter().map(|at| decision.decide(&p[*at]).0).collect(),
            certain: vec![true; test.len()],
        });
        let scored = scored.unwrap();
        quality.f1[head] = Confusion::new(&scored).macro_f1();
        if let Some(of) = quality.auc.get_mut(head) {
            *of = auc(&scored).unwrap();
        }
    }
    quality
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

/// The mean of differences, and its 95 % interval by Student's t of about 20 runs.
fn interval(differences: &[f64]) -> String {
    let (n, average) = (differences.len() as f64, mean(differences.iter().copied()));
    let variance = differences.iter().map(|d| (d - average).powi(2)).sum::<f64>() / (n - 1.0);
    let half = 2.09 * (variance / n).sqrt();
    format!("({average:+.3} [{:+.3}, {:+.3}])", average - half, average + half)
}
