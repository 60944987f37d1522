#!/usr/bin/env python3
"""How fast scikit-learn scores the sentences that `benches/scoring.rs` is made of.

usage: sklearn_score.py FAMILIES.jsonl        (made by families_as_jsonl.py)

HashingVectorizer (words 1-2, 2^18 columns) and LogisticRegression for bias, subjective and tone, one
thread, as a batch and one by one. Prints sentences and megabytes a second.
needs: pip install scikit-learn
"""
import json, sys, time
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf8")]
texts = [row["text"] for row in rows]
vectorizer = HashingVectorizer(ngram_range=(1, 2), n_features=2**18)
x = vectorizer.transform(texts)
heads = [LogisticRegression(max_iter=300).fit(x, [str(r["labels"][h]) for r in rows]) for h in ("bias", "subjective", "tone")]


def score(batch):
    x = vectorizer.transform(batch)
    return [head.predict_proba(x) for head in heads]


def best(runs, work, sentences):
    seconds = min(timed(work) for _ in range(runs))
    size = sum(len(s.encode()) for s in sentences)
    return f"{len(sentences) / seconds:>10,.0f} sentences/s {size / seconds / 1e6:>8.2f} MB/s"


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


many = (texts * (10_000 // len(texts) + 1))[:10_000]
print(f"batch of 10,000  {best(5, lambda: score(many), many)}")
few = texts[:300]
print(f"one by one       {best(3, lambda: [score([s]) for s in few], few)}")
