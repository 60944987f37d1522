#!/usr/bin/env python3
"""What a user would reach for instead: scikit-learn TF-IDF + logistic regression on a window around the target.

usage: stance_sklearn.py MENTIONS.jsonl [--window WORDS ...]
Takes records with "text", "target": [start, end] in code points, "polarity" and "group" (NewsMTSC's form). The target is
replaced by one word, and the words of the window to either side are kept, each marked with its side by a second
vectoriser; 0 stands for the whole sentence. Five folds; a record's fold is crc32(set:group) % 5, as Parallax has it.
Prints macro-F1 (arg max) by window. needs: pip install scikit-learn
"""
import argparse
import json
import re
import zlib

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--window", type=int, nargs="*", default=[0, 8, 15])
arguments = parser.parse_args()

rows = [json.loads(line) for line in open(arguments.data, encoding="utf8")]
rows = [row for row in rows if "target" in row and "polarity" in row]
names = ["negative", "neutral", "positive"]
gold = np.array([names.index(row["polarity"]) for row in rows])


def group(row):
    name = row["id"].split(":")[0] + ":" if ":" in row["id"] else ""
    return row["group"] if row["group"].startswith(name) else name + row["group"]


fold = np.array([zlib.crc32(group(row).encode()) % 5 for row in rows])
token = re.compile(r"\w+|[^\w\s]")

for window in arguments.window:
    masked, sided = [], []
    for row in rows:
        start, end = row["target"]
        before, after = token.findall(row["text"][:start]), token.findall(row["text"][end:])
        if window:
            before, after = before[-window:], after[:window]
        masked.append(" ".join(before + ["TARGET"] + after))
        sided.append(" ".join(["b_" + word for word in before[-8:]] + ["a_" + word for word in after[:8]]))
    probabilities = np.zeros((len(rows), 3))
    for k in range(5):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        parts = [
            (masked, TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)),
            (masked, TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3)),
            (sided, TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True, min_df=2)),
        ]
        a = sp.hstack([v.fit_transform([texts[i] for i in train]) for texts, v in parts]).tocsr()
        b = sp.hstack([v.transform([texts[i] for i in test]) for texts, v in parts]).tocsr()
        model = LogisticRegression(C=2, max_iter=1000, class_weight="balanced").fit(a, gold[train])
        probabilities[test] = model.predict_proba(b)
    predicted = probabilities.argmax(1)
    each = f1_score(gold, predicted, average=None)
    name = f"window={window}" if window else "sentence"
    f1 = f1_score(gold, predicted, average="macro")
    print(f"stance: n={len(gold)} {name} macro-F1={f1:.4f} " + " ".join(f"{c}={v:.3f}" for c, v in zip(names, each)), flush=True)
