//! Runs for tests, of rounds that are made up.

use super::run::{Asked, BENCH_SCHEMA, Group, Machine, Row, Run, TextFacts};
use crate::report::ModelName;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A run whose sentences took `sentences` times as long as in another, on a machine of the same speed.
pub fn run(sentences: f64) -> Run {
    let row = |group, name: &str, middle: f64, stream: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        random.set_stream(stream);
        let rounds = (0..30).map(|_| middle * random.random_range(0.99..1.01)).collect();
        Row::new(group, name, rounds)
    };
    let rows = [
        row(Group::Reference, "reference loop", 0.004, 1),
        row(Group::Stage, "sentences", 0.01 * sentences, 2),
        row(Group::Stage, "whole document", 0.1, 3),
    ];
    Run {
        schema: BENCH_SCHEMA.into(),
        version: "0.0.0".into(),
        machine: Machine { os: "linux".into(), arch: "x86_64".into(), cores: 2, cpu: None },
        models: vec![ModelName { name: "en".into(), version: "1".into(), sha256: "ab".into() }],
        text: TextFacts { shipped: true, bytes: 100_000, documents: 20, sentences: 1000, sha256: "cd".into() },
        asked: Asked { unit: "document".into(), regions: "article".into(), ..Asked::default() },
        threads: 2,
        rounds: 30,
        rows: rows.into_iter().flatten().map(|row| row.through(100_000, 1000, 0.1)).collect(),
        latency: Vec::new(),
        speed_up: None,
        memory: None,
    }
}
