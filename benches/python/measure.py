"""Sentences per second through the wheel, and through what a Python user would write instead.

In: sentences in JSON Lines. Out: a table, and every round's figures as JSON. Each contender takes the
same sentences in each round, in an order that changes from round to round; a ratio is one of two contenders in one round, and its
interval that of the median (order statistics, 95 %).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyarrow as pa
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import parallax


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--sentences", type=int, default=8000)
    args = parser.parse_args()
    sentences, source = read(args.data), args.data.name
    sentences = (sentences * math.ceil(args.sentences / len(sentences)))[: args.sentences]
    contenders = make(sentences)
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(args.rounds + 1):
        names = list(contenders)
        random.Random(number).shuffle(names)
        for name in names:
            run, taken = contenders[name]
            started = time.perf_counter()
            run()
            rate = taken / (time.perf_counter() - started)
            if number > 0:  # the first round warms up
                rates[name].append(rate)
    show(rates, source, len(sentences))
    facts = {"source": source, "sentences": len(sentences), "processors": os.cpu_count(), "rates": rates}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(facts, indent=1), encoding="utf-8")


def read(data: Path) -> list[str]:
    """The sentences of a file in JSON Lines."""
    return [json.loads(line)["text"] for line in data.read_text(encoding="utf-8").splitlines() if line.strip()]


def make(sentences: list[str]) -> dict[str, tuple[Callable[[], object], int]]:
    """By name what is run, and how many sentences it takes in a run: the slow ones take fewer."""
    column = pa.array(sentences)
    model = parallax.load("en", lang="en")
    three = parallax.load("en", lang="en", heads=["bias", "subjective", "tone"])
    labels = [len(sentence) % 2 for sentence in sentences]
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=50))
    pipeline.fit(sentences, labels)
    vader = SentimentIntensityAnalyzer()
    few, some = sentences[:400], sentences[:2000]
    everything = len(sentences)
    return {
        "probabilities, all processors": (lambda: model.probabilities(column), everything),
        "probabilities, one thread": (lambda: model.probabilities(column, threads=1), everything),
        "score_batch, three heads, all processors": (
            lambda: three.score_batch(column, unit="sentence", tables="sentences"),
            everything,
        ),
        "score_batch, all heads, one thread": (
            lambda: model.score_batch(column[:2000], unit="sentence", tables="sentences", threads=1),
            min(everything, 2000),
        ),
        "TF-IDF + logistic regression, one by one": (
            lambda: [pipeline.predict_proba([sentence]) for sentence in few],
            len(few),
        ),
        "TF-IDF + logistic regression, batched": (lambda: pipeline.predict_proba(sentences), everything),
        "VADER": (lambda: [vader.polarity_scores(sentence) for sentence in some], len(some)),
    }


def show(rates: dict[str, list[float]], source: str, taken: int) -> None:
    print(f"{taken} sentences of {source}; {os.cpu_count()} processors; Python {platform.python_version()}; parallax {parallax.load('en').version}")
    print(f"{'':44} sentences/s   one-thread probabilities are … times that")
    first = rates["probabilities, one thread"]
    for name, own in rates.items():
        ratios = sorted(mine / theirs for mine, theirs in zip(first, own))
        low, high = interval(ratios)
        print(f"{name:44} {median(own):11,.0f}   {median(ratios):8.2f} [{low:.2f}, {high:.2f}]")


def interval(ordered: list[float]) -> tuple[float, float]:
    """The order statistics that hold the median with at least 95 %; all of them, where there are too few."""
    n = len(ordered)
    below, at = 0.0, 0
    while at < n // 2 and below + math.comb(n, at) / 2**n <= 0.025:
        below += math.comb(n, at) / 2**n
        at += 1
    return ordered[max(0, at - 1)], ordered[n - max(1, at)]


if __name__ == "__main__":
    main()
