#!/usr/bin/env python3
"""The contrast families as labelled JSONL, so that a peer can be trained on them too.

usage: families_as_jsonl.py NAMES.toml FAMILIES.jsonl ... > families.jsonl

Takes the mark-up off and fills the slots at random, once with the sides as drawn and once with them
swapped. It is simpler than `src/train/expand.rs` (no spans, no a/an) and only used to give a peer's
model what Parallax gets. needs: Python 3.11
"""
import json, random, re, sys, tomllib

names = tomllib.load(open(sys.argv[1], "rb"))
families = {}
for path in sys.argv[2:]:
    for line in open(path, encoding="utf8"):
        record = json.loads(line)
        families.setdefault(record["family"], []).append(record)

TONE = {"-": "negative", "0": "neutral", "+": "positive"}
for family, sentences in families.items():
    draw = random.Random(family)
    a, b = draw.sample(names["sides"], 2)
    p, q = draw.sample(names["parties"], 2)
    words = {key: draw.sample(names[key], len(names[key])) for key in ("person", "place", "org", "company")}
    for turn, sides in enumerate(({"A": a, "B": b, "P": p, "Q": q}, {"A": b, "B": a, "P": q, "Q": p})):

        def fill(slot):
            if slot[1] in sides:
                return sides[slot[1]][slot[2]]
            kind, number = re.fullmatch(r"([a-z]+)(\d*)", slot[3]).groups()
            return words[kind][int(number or 1) - 1]

        for n, record in enumerate(sentences):
            text = re.sub(r"⟦[^|⟧]*\||⟧", "", record["text"])
            text = re.sub(r"\{(?:([ABPQ])\.(\w+)|(\w+))\}", fill, text)
            labels = {"bias": record["b"], "subjective": record["s"], "tone": TONE[record["t"]]}
            record = {"id": f"{family}/{n}/{turn}", "group": family, "text": text[0].upper() + text[1:], "labels": labels}
            print(json.dumps(record, ensure_ascii=False))
