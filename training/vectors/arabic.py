#!/usr/bin/env python3
"""Learns an Arabic vocabulary, and vectors of its pieces, from plain Arabic text.

usage: arabic.py OUT_FOLDER --text FILE [FILE ...] [--parallel FIGNEWS --vectors MINILM_FOLDER] [--width 256]

TEXT files hold a paragraph a line; of JSONL ones `text_ar`, else `text`, is read. Words are levelled and freed of
their proclitics and article as src/text/arabic.rs does it. A word is taken to begin with a proclitic if what is left
is a word too, and common enough beside it: the vocabulary keeps the words that are not cut, so that the program, which
cuts a word that is not in the vocabulary before one that is, comes to the same end. Words that stand LEAST times get a
piece of their own; the others are spelled by the longest of those they begin with and by endings. Writes
OUT_FOLDER/vocab.txt and OUT_FOLDER/vectors.f32 (pieces x width, little-endian f32, row-major):

- ppmi: positive pointwise mutual information of pieces within WINDOW of each other, nearer ones counting more,
  context counts to the power of 0.75, truncated SVD with the roots of the singular values (Levy, Goldberg & Dagan
  2015), rows centred;
- parallel (with --parallel): where the Arabic text of FIGNEWS stands beside an English one, the mean of the English
  texts' vectors (of minilm.py, without the most frequent pieces) over the texts a piece stands in, shrunk towards
  0 for rare pieces, turned to its principal axes.

Each part is scaled so that a number has a root mean square of 0.25. The same files give the same bytes on one
machine; signs of the axes are fixed. needs: pip install numpy scipy
"""
import argparse, collections, json, pathlib, re, unicodedata
import numpy as np, scipy.sparse as sp
from scipy.sparse.linalg import svds

a = argparse.ArgumentParser()
a.add_argument("out", type=pathlib.Path); a.add_argument("--text", nargs="+", required=True)
a.add_argument("--parallel"); a.add_argument("--vectors", type=pathlib.Path)
a.add_argument("--width", type=int, default=256); a.add_argument("--parallel-width", type=int, default=64)
a.add_argument("--least", type=int, default=4); a.add_argument("--window", type=int, default=5)
a = a.parse_args()
LEVEL = dict(zip("أإآٱىیةکہ", "ااااييهكه"))
ARABIC = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\ufb50-\ufdff\ufe70-\ufefc"
WORD = re.compile(rf"[{ARABIC}][{ARABIC}\u0640\u064b-\u065f\u0670]*|[.,:;!?،؛؟«»\"“”()…-]|[A-Za-z]+|\d")


def level(word):
    parts = (LEVEL.get(c, c) for c in unicodedata.normalize("NFKC", word))
    return "".join(c for c in parts if c != "\u0640" and unicodedata.category(c) not in ("Mn", "Cf"))


def lexeme(word):
    return word[2:] if word.startswith("ال") and len(word) >= 5 else word


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
    english = {p: i for i, p in enumerate((a.vectors / "vocab.txt").read_text(encoding="utf8").split("\n")[:-1])}
    table = np.fromfile(a.vectors / "vectors.f32", dtype="<f4").reshape(len(english), -1)
    records = [json.loads(line) for line in open(a.parallel, encoding="utf8")]
    sums = np.zeros((len(vocabulary), table.shape[1])); times = np.zeros(len(vocabulary))
    ids = [[english[w] for w in re.findall(r"[a-z]+", r["text_en"].lower()) if w in english] for r in records]
    often = collections.Counter(i for text in ids for i in set(text))
    idf = np.array([np.log((1 + len(ids)) / (1 + often[i])) for i in range(len(english))])
    means = np.array([(table[text] * idf[text, None]).sum(0) / max(idf[text].sum(), 1) if text else np.zeros(table.shape[1]) for text in ids])
    means -= means.mean(axis=0)
    for record, mean in zip(records, means):
        for p in {p for w in WORD.findall(record["text_ar"]) for p in spelled.get(level(w) if w[0] > "ؠ" else w.lower(), [])}:
            sums[p] += mean; times[p] += 1
    v = sums / (times + 5)[:, None]
    u, s = axes(v, a.parallel_width)
    parts.append(scaled(u * s))
a.out.mkdir(parents=True, exist_ok=True)
(a.out / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf8")
both = np.hstack(parts).astype("<f4")
both.tofile(a.out / "vectors.f32")
print(f"{both.shape[1]} numbers a piece")
