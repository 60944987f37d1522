"""Five-fold cross-validation of a peer on whole groups, judged as Parallax is.

A group's fold is crc32(group) mod 5, which is `src/train/split.rs`. Labels are decided by a threshold a class, chosen for
the best macro-F1 as `src/train/calibrate.rs` does it, on the held-out probabilities of the other four folds. Those come from
models that saw the fold that is tested, so the peers' thresholds are chosen on a little more than Parallax's are. The
interval is a bootstrap over groups, 1,000 times.
"""
import pathlib
import tempfile
import zlib

import numpy as np

FOLDS, REPLICATES = 5, 1000


def cross_validate(module, settings, rows, labels, extra, extra_labels):
    texts = [row["text"] for row in rows]
    fold = np.array([zlib.crc32(row["group"].encode()) % FOLDS for row in rows])
    found = {head: np.zeros((len(rows), len(set(values)))) for head, values in labels.items()}
    for k in range(FOLDS):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        part = {head: [values[i] for i in train] + extra_labels[head] for head, values in labels.items()}
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            module.fit(folder, [texts[i] for i in train] + [row["text"] for row in extra], part, False, **settings)
            for head, values in module.Peer(folder).probabilities([texts[i] for i in test]).items():
                found[head][test] = values
    return {head: measure(found[head], labels[head], fold, [row["group"] for row in rows]) for head in labels}


def measure(probabilities, values, fold, groups):
    names, gold = np.unique(values, return_inverse=True)
    chosen = np.zeros(len(gold), dtype=int)
    for k in range(FOLDS):
        train, test = fold != k, fold == k
        chosen[test] = (probabilities[test] / thresholds(probabilities[train], gold[train])).argmax(1)
    # A confusion matrix a group: a replicate is a sum of those that were drawn.
    _, group = np.unique(groups, return_inverse=True)
    classes = len(names)
    cells = np.bincount((group * classes + gold) * classes + chosen, minlength=(group.max() + 1) * classes**2)
    cells = cells.reshape(-1, classes * classes)
    drawn = np.random.default_rng(0).multinomial(len(cells), np.full(len(cells), 1 / len(cells)), size=REPLICATES)
    replicates = [macro_f1(table.reshape(classes, classes)) for table in drawn @ cells]
    return {
        "macro_f1": macro_f1(cells.sum(0).reshape(classes, classes)),
        "interval": [float(v) for v in np.percentile(replicates, [2.5, 97.5])],
        "at_one_half": macro_f1(confusion(gold, probabilities.argmax(1), classes)),
    }


def thresholds(probabilities, gold):
    """One a class; the class with the largest probability ÷ threshold is chosen. Coordinate ascent."""
    classes = probabilities.shape[1]

    def judged(tried):
        return macro_f1(confusion(gold, (probabilities / tried).argmax(1), classes))

    best = np.full(classes, 1 / classes)
    reached = judged(best)
    for _ in range(1 if classes == 2 else 3):
        for c in [1] if classes == 2 else reversed(range(classes)):
            for threshold in np.arange(1, 99) / 100:
                tried = best.copy()
                tried[c] = threshold
                if classes == 2:
                    tried[0] = 1 - threshold
                f1 = judged(tried)
                if f1 > reached + 1e-9:
                    best, reached = tried, f1
    return best


def confusion(gold, chosen, classes):
    return np.bincount(gold * classes + chosen, minlength=classes * classes).reshape(classes, classes)


def macro_f1(table):
    hit, total = np.diag(table), table.sum(0) + table.sum(1)
    return float(np.mean(np.divide(2 * hit, total, out=np.zeros(len(hit)), where=total > 0)))
