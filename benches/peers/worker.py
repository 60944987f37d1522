#!/usr/bin/env python3
"""One peer at work in a process of its own. `measure.py` starts it; what it finds is one JSON object on standard output.

usage: worker.py fit PEER FOLDER LABELLED.jsonl        fits the peer's models and puts them in the folder
       worker.py time PEER FOLDER TEXTS.jsonl N        loads them and scores N of the sentences, over and over
       worker.py folds PEER LABELLED.jsonl [MORE.jsonl] macro-F1 of each head, five folds; MORE joins every training part

A PEER is one of PEERS. `time` imports the peer's packages alone, so that start-up and memory are its own.
"""
import importlib
import json
import os
import pathlib
import sys
import time

HEADS = ("bias", "subjective", "tone")
PEERS = {
    "scikit-learn": ("with_sklearn", {}),
    "fasttext": ("with_fasttext", {}),
    "fasttext-joint": ("with_fasttext", {"joint": True}),
    "vader": ("with_vader", {}),
    "spacy": ("with_spacy", {}),
    "transformer": ("with_transformer", {}),
}


def peer(name):
    module, settings = PEERS[name]
    return importlib.import_module(module), settings


def records(path):
    with open(path, encoding="utf8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if all(head in row["labels"] for head in HEADS)]


def labels(rows):
    return {head: [str(row["labels"][head]) for row in rows] for head in HEADS}


def fit(name, folder, data):
    module, settings = peer(name)
    rows = records(data)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    module.fit(folder, [row["text"] for row in rows], labels(rows), bool(os.environ.get("QUICK")), **settings)
    return {"fitted": len(rows)}


def timed(name, folder, file, sentences):
    module, _ = peer(name)
    begin = time.monotonic()
    with open(file, encoding="utf8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    sizes = [len(text.encode()) for text in texts]
    # What stands outside of the clock: fastText's tokens, see `with_fasttext.py`.
    texts = [module.prepare(text) for text in texts] if hasattr(module, "prepare") else texts
    reading = time.monotonic() - begin
    scorer = module.Peer(pathlib.Path(folder))
    scorer.score(texts[:1])
    # The system's clock, which the process that started this one can read too.
    first = time.monotonic() - reading
    wall, cpu, done, size = 0.0, 0.0, 0, 0
    while done < sentences:
        at = done % len(texts)
        batch = texts[at : at + min(module.BATCH, sentences - done)]
        start, start_cpu = time.perf_counter(), time.process_time()
        scorer.score(batch)
        wall += time.perf_counter() - start
        cpu += time.process_time() - start_cpu
        done += len(batch)
        size += sum(sizes[at : at + len(batch)])
    return {"first": first, "seconds": wall, "cpu": cpu, "sentences": done, "bytes": size}


def folds(name, data, more=None):
    import folds as validation

    module, settings = peer(name)
    rows, extra = records(data), records(more) if more else []
    return validation.cross_validate(module, settings, rows, labels(rows), extra, labels(extra))


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "time":
        found = timed(*rest[:3], int(rest[3]))
    else:
        found = {"fit": fit, "folds": folds}[what](*rest)
    print(json.dumps(found))
