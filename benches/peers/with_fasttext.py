"""fastText, supervised, words 1-2: by its command line, and by its Python package.

`fit` makes one model a head, to be run after each other, or with `joint` one model of all heads' labels (one against
all others each). Its tokens are what stands between spaces, so texts are lower-cased and punctuation is set apart
first, as its own tutorial does (`prepare`); that is done before the clock runs.

Models are fitted by the command line that `run` compiles, in a process each, on one thread, with a fixed seed. In 0.9.3 one
thread fills a tenth of the input matrix and leaves the rest as the allocator gave it; taken straight from the
kernel (MALLOC_MMAP_THRESHOLD_) that rest is zeros, and not the NaN that training stops at otherwise.
"""
import os
import re
import subprocess

BATCH = 10_000
SETTINGS = "-dim 16 -wordNgrams 2 -bucket 262144 -minCount 1 -thread 1 -seed 1 -verbose 0".split()
APART = re.compile(r"([^\w\s])")


def prepare(text):
    return " ".join(APART.sub(r" \1 ", text).lower().split())


def fit(folder, texts, labels, quick, joint=False):
    lines = [prepare(text) for text in texts]
    named = {head: [f"__label__{head}={value}" for value in values] for head, values in labels.items()}
    parts = {"joint": [" ".join(row) for row in zip(*named.values())]} if joint else named
    loss = ["-loss", "ova", "-lr", "0.5"] if joint else ["-loss", "softmax", "-lr", "0.2"]
    for name, rows in parts.items():
        file = folder / "train.txt"
        file.write_text("".join(f"{row} {line}\n" for row, line in zip(rows, lines)), encoding="utf8")
        program = [os.environ["FASTTEXT"], "supervised", "-input", file, "-output", folder / name]
        environment = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "131072"}
        subprocess.run([*program, *SETTINGS, *loss, "-epoch", "10"], env=environment, check=True)
        file.unlink()
        (folder / f"{name}.vec").unlink()


class Peer:
    def __init__(self, folder):
        import fasttext

        self.models = [fasttext.load_model(str(file)) for file in sorted(folder.glob("*.bin"))]
        # Of a model a head the likeliest label is enough, of a joint one every head's label is wanted.
        self.most = 1 if len(self.models) > 1 else -1

    def score(self, texts):
        return [model.predict(texts, k=self.most) for model in self.models]

    def probabilities(self, texts):
        """Of each head a row a text, its classes in alphabetical order."""
        found = {}
        texts = [prepare(text) for text in texts]
        for model in self.models:
            classes = sorted(label.removeprefix("__label__") for label in model.labels)
            for names, values in zip(*model.predict(texts, k=-1)):
                of = {name.removeprefix("__label__"): value for name, value in zip(names, values)}
                for head in sorted({name.split("=")[0] for name in classes}):
                    row = [float(of.get(name, 0)) + 1e-9 for name in classes if name.startswith(f"{head}=")]
                    found.setdefault(head, []).append([value / sum(row) for value in row])
        return found
