#!/usr/bin/env python3
"""Labels Arabic sentences by what the English heads say of their English translations.

usage: parallel.py FIGNEWS PARALLAX OUT.jsonl

FIGNEWS holds posts with `text_en` and `text_ar`. PARALLAX, the program, scores the English ones with the bundle `en`;
OUT.jsonl holds the Arabic ones with the auxiliary labels `en_bias`, `en_subjective`, `en_negative` and `en_positive`, each a
probability. They teach the first layer of the Arabic heads which words go with what (recipe: `auxiliary`). A post keeps
its group, so that cross-validation leaves out the translation of what it tests. OUT.jsonl holds texts: do not commit it.
"""
import json, subprocess, sys

posts = [json.loads(line) for line in open(sys.argv[1], encoding="utf8")]
asked = "".join(json.dumps({"id": str(i), "text": p["text_en"]}) + "\n" for i, p in enumerate(posts))
told = subprocess.run(
    [sys.argv[2], "score", "--model", "en", "--lang", "en", "--unit", "sentence", "--input", "jsonl", "--format", "jsonl", "-"],
    input=asked, capture_output=True, text=True, check=True,
).stdout
with open(sys.argv[3], "w", encoding="utf8") as out:
    for line in told.splitlines():
        report = json.loads(line)
        post = posts[int(report["id"])]
        heads = report["document"]
        of = {"en_bias": heads["bias"], "en_subjective": heads["subjective"],
              "en_negative": heads["tone"]["negative"], "en_positive": heads["tone"]["positive"]}
        group = post["id"].replace("fignews:", "fignews-ar:", 1)
        labels = {name: {"0": round(1 - p, 6), "1": p} for name, p in of.items()}
        out.write(json.dumps({"id": f"{group}:en", "lang": "ar", "group": group, "text": post["text_ar"], "labels": labels}, ensure_ascii=False) + "\n")
