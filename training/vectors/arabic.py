#!/usr/bin/env python3
"""Learns an Arabic vocabulary, and vectors of its pieces, from plain Arabic text.

usage: arabic.py OUT_FOLDER --text FILE [FILE ...] [--parallel FIGNEWS --vectors WORDS_FOLDER --judge PARALLAX] [--width 256]

TEXT files hold a paragraph a line; of JSONL ones `text_ar`, else `text`, is read. Words are levelled and freed of
their proclitics and article as src/text/arabic.rs does it. A word is taken to begin with a proclitic if what is left
is a word too, and common enough beside it: the vocabulary keeps the words that are not cut, so that the program, which
cuts a word that is not in the vocabulary before one that is, comes to the same end. Words that stand LEAST times get a
piece of their own; the others are spelled by the longest of those they begin with and by endings. Writes
OUT_FOLDER/vocab.txt and OUT_FOLDER/vectors.f32 (pieces x width, little-endian f32, row-major):

- ppmi: positive pointwise mutual information of pieces within WINDOW of each other, nearer ones counting more,
  context counts to the power of 0.75, truncated SVD with the roots of the singular values (Levy, Goldberg & Dagan
  2015), rows centred;
- aligned (with --parallel): what the word is aligned with in the English text beside it. IBM model 1 (Brown et al. 1993)
  gives t(english | arabic) on the posts of FIGNEWS; the vector is the mean of the English words' vectors (of words.py)
  by t, shrunk towards 0 for words that stand in few posts, turned to its principal axes.

- judged (with --judge): what the English heads make of those English words, each scored as a sentence of one word by the
  bundle `en`: logits of bias and subjectivity, log-odds of a negative and a positive tone; their mean by t. Four
  numbers with a root mean square of 1, so that the fits shrink them little.

Each other part is scaled so that a number has a root mean square of 0.25. The same files give the same bytes on one
machine; signs of the axes are fixed. needs: pip install numpy scipy
"""
import argparse, collections, json, pathlib, re, subprocess
import numpy as np, scipy.sparse as sp
from scipy.sparse.linalg import svds
from letters import level, lexeme

a = argparse.ArgumentParser()
a.add_argument("out", type=pathlib.Path); a.add_argument("--text", nargs="+", required=True)
a.add_argument("--judge"); a.add_argument("--parallel"); a.add_argument("--vectors", type=pathlib.Path)
a.add_argument("--width", type=int, default=256); a.add_argument("--parallel-width", type=int, default=96)
a.add_argument("--rounds", type=int, default=6)
a.add_argument("--least", type=int, default=4); a.add_argument("--window", type=int, default=5)
a = a.parse_args()
ARABIC = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\ufb50-\ufdff\ufe70-\ufefc"
WORD = re.compile(rf"[{ARABIC}][{ARABIC}\u0640\u064b-\u065f\u0670]*|[.,:;!?،؛؟«»\"“”()…-]|[A-Za-z]+|\d")


def texts():
    for path in a.text:
        with open(path, encoding="utf8") as lines:
            for line in lines:
                if path.endswith("l"):
                    record = json.loads(line)
                    line = record.get("text_ar") or record["text"]
                yield [level(w) if w[0] > "ؠ" else w.lower() for w in WORD.findall(line)]


corpus = list(texts())
seen = collections.Counter(w for text in corpus for w in text)
known = collections.Counter()
for word, n in seen.items():
    known[lexeme(word)] += n


def proclitic(word):
    """How many letters of a proclitic a word begins with, judged by counts."""
    if word.startswith("لل") and len(word) >= 5 and known[word[2:]] >= max(2, 0.3 * seen[word]):
        return 2
    first, rest = word[0], word[1:]
    if first not in "وفبلكس" or first == "س" and rest[:1] not in tuple("يتنا"):
        return 0
    article = rest.startswith("ال") and len(rest) >= 5 and first in "وفبك"
    # Words seldom begin with waw or fa but for *and* and *so*; these two stand at the head of most sentences, where
    # a verb that is frequent after them may be rare without.
    share = 0.3 if article else 0.06 if first in "وف" else 1.0
    if len(rest) < (2 if first in "وفل" else 3):
        return 0
    return int(known[lexeme(rest)] >= max(3, share * seen[word])) and 1


def segments(word):
    out = []
    while len(out) < 3 and word[0] >= "ؠ" and (n := proclitic(word)):
        out.append(word[:n]); word = word[n:]
    return out + [lexeme(word)]


cut = {word: segments(word) for word in seen}
counts = collections.Counter()
for word, n in seen.items():
    for part in cut[word]:
        counts[part] += n
words = sorted(w for w, n in counts.items() if n >= a.least or len(w) == 1)
letters = sorted({c for w in counts for c in w})
endings = collections.Counter()
for word, n in counts.items():
    for length in (1, 2, 3, 4):
        if len(word) > length + 2 and word[:-length] in counts and counts[word[:-length]] >= a.least:
            endings["##" + word[-length:]] += 1
endings = {e for e, n in endings.most_common(600)} | {"##" + c for c in letters}
vocabulary = ["[UNK]"] + words + sorted(set(letters) - set(words)) + sorted(endings)
number = {piece: i for i, piece in enumerate(vocabulary)}


def pieces(word):
    out, at = [], 0
    while at < len(word):
        for end in range(len(word), at, -1):
            piece = ("##" if at else "") + word[at:end]
            if piece in number:
                break
        else:
            return [0]
        out.append(number[piece]); at = end
    return out


spelled = {word: [p for part in parts for p in pieces(part)] for word, parts in cut.items()}
rows, columns, weights = [], [], []
stream = np.concatenate([np.array([p for w in text for p in spelled[w]] + [-1] * a.window, dtype=np.int64) for text in corpus])
for distance in range(1, a.window + 1):
    left, right = stream[:-distance], stream[distance:]
    both = (left >= 0) & (right >= 0)
    for x, y in ((left, right), (right, left)):
        rows.append(x[both]); columns.append(y[both]); weights.append(np.full(both.sum(), (a.window + 1 - distance) / a.window))
table = sp.coo_matrix((np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=[len(vocabulary)] * 2).tocsr()
margin = np.asarray(table.sum(1)).ravel(); context = margin**0.75; context /= context.sum()
table = table.tocoo()
pmi = np.log(np.maximum(table.data / (margin[table.row] * context[table.col]), 1e-12))
keep = pmi > 0
ppmi = sp.csr_matrix((pmi[keep], (table.row[keep], table.col[keep])), shape=table.shape)


def axes(matrix, width):
    u, s, vt = svds(matrix, k=width, v0=np.ones(min(matrix.shape)))
    u, s, vt = u[:, ::-1], s[::-1], vt[::-1]
    return u * np.sign(vt[range(width), np.abs(vt).argmax(axis=1)]), s


def scaled(vectors):
    vectors = vectors - vectors.mean(axis=0)
    return vectors * (0.25 / np.sqrt((vectors**2).mean()))


u, s = axes(ppmi, a.width)
u = u * np.sqrt(s)
length = np.sqrt((u**2).sum(axis=1, keepdims=True))
parts = [scaled(u / np.maximum(length, np.percentile(length, 5)))]
print(f"{len(vocabulary)} pieces, {len(words)} of them words; {sum(counts.values())} tokens, {ppmi.nnz} pairs")
if a.parallel:
    english = {w: i for i, w in enumerate((a.vectors / "words.txt").read_text(encoding="utf8").split("\n")[:-1])}
    of_english = np.fromfile(a.vectors / "words.f32", dtype="<f4").reshape(len(english), -1)
    left, right = [], []  # every English word with every Arabic piece of its post; the last piece is nobody
    times = np.zeros(len(vocabulary))
    nobody = len(vocabulary)
    for record in map(json.loads, open(a.parallel, encoding="utf8")):
        text = re.sub(r"https?://\S+", " ", record["text_en"])
        e = np.array([english.get(w.lower(), -1) if w.islower() else -2 for w in re.findall(r"[A-Za-z']+", text)])
        w = np.array(sorted({p for w in WORD.findall(record["text_ar"]) for p in spelled.get(level(w) if w[0] > "ؠ" else w.lower(), [])}), dtype=np.int64)
        e = np.unique(e[e >= 0])
        times[w] += 1
        w = np.append(w, nobody)
        left.append(np.repeat(e, len(w))); right.append(np.tile(w, len(e)))
    sizes = [len(x) for x in left]
    left, right = np.concatenate(left), np.concatenate(right)
    cells, cell = np.unique(left * (nobody + 1) + right, return_inverse=True)
    rows_of = np.unique(np.repeat(np.arange(len(sizes)), sizes) * len(english) + left, return_inverse=True)[1]
    t = np.ones(len(cells))
    for _ in range(a.rounds):
        share = t[cell] / np.bincount(rows_of, t[cell])[rows_of]
        expected = np.bincount(cell, share)
        t = expected / np.bincount(cells % (nobody + 1), expected, minlength=nobody + 1)[cells % (nobody + 1)]
    to, on = cells // (nobody + 1), cells % (nobody + 1)
    keep = (on < nobody) & (t > 0.02)
    aligned = sp.csr_matrix((t[keep], (on[keep], to[keep])), shape=(nobody, len(english))) @ of_english
    aligned *= (times / (times + 3))[:, None]
    if a.judge:
        asked = "".join(json.dumps({"id": w, "text": w}) + "\n" for w in english)
        how = ["score", "--model", "en", "--lang", "en", "--unit", "sentence", "--input", "jsonl", "--format", "jsonl", "-"]
        told = subprocess.run([a.judge, *how], input=asked, capture_output=True, text=True, check=True).stdout
        odds = lambda p, q: np.log(max(p, 1e-6) / max(q, 1e-6))
        judged = np.zeros((len(english), 4))
        for line in told.splitlines():
            report = json.loads(line); d = report["document"]; t_ = d["tone"]
            judged[english[report["id"]]] = [odds(d["bias"], 1 - d["bias"]), odds(d["subjective"], 1 - d["subjective"]),
                                             odds(t_["negative"], t_["neutral"]), odds(t_["positive"], t_["neutral"])]
        judged -= np.median(judged, axis=0)
        weights = sp.csr_matrix((t[keep], (on[keep], to[keep])), shape=(nobody, len(english)))
        scores = weights @ judged * (times / (times + 3))[:, None]
        parts.append(scores / np.sqrt((scores[times > 0] ** 2).mean(axis=0)))
    u, s = axes(aligned, a.parallel_width)
    u = u * s
    parts.append(u * (0.25 / np.sqrt((u[times > 0] ** 2).mean())))
a.out.mkdir(parents=True, exist_ok=True)
(a.out / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf8")
both = np.hstack(parts).astype("<f4")
both.tofile(a.out / "vectors.f32")
print(f"{both.shape[1]} numbers a piece")
