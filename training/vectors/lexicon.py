#!/usr/bin/env python3
"""Learns which English words an Arabic one is translated by, so that sentences of the two can be compared.

usage: lexicon.py FIGNEWS TOKENIZER WORDS OUT.tsv [--without N]

FIGNEWS holds posts with `text_en` and `text_ar`; TOKENIZER is `tokenizer.json` of the Arabic bundle, whose words cut
proclitics off; WORDS a list of English words, one a line (words.txt of words.py): names are not among them and get no
entry. IBM model 1 (Brown et al. 1993), ROUNDS rounds, over lower-case words and one empty word. OUT.tsv has a line
for each Arabic word of at least LEAST posts: the word as src/text/arabic.rs sees it, then at most TOP English words with
t(english | arabic) of SMALLEST or more, shrunk by n / (n + 3) for a word in n posts; English words that stand in more than
COMMON of the posts translate nothing. --without N leaves every fifth
post out, those whose number is N mod 5, so that they can be tested on. needs: pip install numpy
"""
import argparse, collections, json, re
import numpy as np
from letters import level, lexeme

a = argparse.ArgumentParser()
a.add_argument("posts"); a.add_argument("tokenizer"); a.add_argument("words"); a.add_argument("out")
a.add_argument("--without", type=int)
a = a.parse_args()
ROUNDS, LEAST, SMALLEST, TOP, COMMON = 6, 2, 0.1, 4, 0.1
LETTERS = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\ufb50-\ufdff\ufe70-\ufefc"
WORD = re.compile(rf"[{LETTERS}][{LETTERS}\u0640\u064b-\u065f\u0670]*")
pieces = json.load(open(a.tokenizer, encoding="utf8"))["model"]["vocab"]
known = set(open(a.words, encoding="utf8").read().split("\n"))


def bare(word):
    """A word without its proclitics and article."""
    for _ in range(3):
        if lexeme(word) in pieces:
            break
        if word.startswith("لل") and len(word) >= 5 and word[2:] in pieces:
            word = word[2:]
        elif word[0] in "وفبلكس" and len(word) > 3 and lexeme(word[1:]) in pieces:
            word = word[1:]
        elif word[0] in "وفبلكس" and len(word) > 4 and word[1] in "وفبلكس" and lexeme(word[2:]) in pieces:
            word = word[2:]
        else:
            break
    return lexeme(word)


posts = []
for number, record in enumerate(map(json.loads, open(a.posts, encoding="utf8"))):
    if a.without is not None and number % 5 == a.without:
        continue
    english, arabic = (re.sub(r"https?://\S+", " ", record[key]) for key in ("text_en", "text_ar"))
    posts.append((sorted({w for w in re.findall(r"[A-Za-z']+", english) if w.islower() and w in known}),
                  sorted({bare(level(w)) for w in WORD.findall(arabic)})))
english = sorted({w for e, _ in posts for w in e}); number_e = {w: i for i, w in enumerate(english)}
arabic = sorted({w for _, w in posts for w in w}); number_a = {w: i for i, w in enumerate(arabic)}
times = collections.Counter(w for _, ws in posts for w in ws)
nobody, left, right, told = len(arabic), [], [], []
for at, (es, ws) in enumerate(posts):
    e = np.array([number_e[w] for w in es], dtype=np.int64)
    w = np.array([number_a[w] for w in ws] + [nobody], dtype=np.int64)
    left.append(np.repeat(e, len(w))); right.append(np.tile(w, len(e)))
    told.append(np.repeat(at * len(english) + e, len(w)))
left, right = np.concatenate(left), np.concatenate(right)
told = np.unique(np.concatenate(told), return_inverse=True)[1]
cells, cell = np.unique(left * (nobody + 1) + right, return_inverse=True)
t = np.ones(len(cells))
for _ in range(ROUNDS):
    share = t[cell] / np.bincount(told, t[cell])[told]
    expected = np.bincount(cell, share)
    t = expected / np.bincount(cells % (nobody + 1), expected, minlength=nobody + 1)[cells % (nobody + 1)]
stands = collections.Counter(w for es, _ in posts for w in es)
of = collections.defaultdict(list)
for c, p in zip(cells.tolist(), t.tolist()):
    common = stands[english[c // (nobody + 1)]] > COMMON * len(posts)
    if c % (nobody + 1) < nobody and p >= SMALLEST and not common:
        of[arabic[c % (nobody + 1)]].append((-p, english[c // (nobody + 1)]))
with open(a.out, "w", encoding="utf8") as out:
    for word in sorted(of):
        n = times[word]
        if n >= LEAST and len(word) > 1:
            row = [f"{e}\t{-p * n / (n + 3):.3f}" for p, e in sorted(of[word])[:TOP]]
            out.write("\t".join([word, *row]) + "\n")
