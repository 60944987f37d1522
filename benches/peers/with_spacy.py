"""spaCy: its English tokenizer and, for each head, a `textcat` with the bag-of-words model (`TextCatBOW`).

One pipeline: a text is cut into tokens once for all heads.
"""
import random

import spacy
from spacy.training import Example

BATCH = 1_000
EPOCHS = 5


def fit(folder, texts, labels, quick):
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    docs = [nlp.make_doc(text) for text in texts]
    for head, values in labels.items():
        names = [f"{head}={c}" for c in sorted(set(values))]
        bag = {
            "@architectures": "spacy.TextCatBOW.v3",
            "exclusive_classes": True,
            "ngram_size": 1,
            "length": 262_144,
            "no_output_layer": False,
        }
        pipe = nlp.add_pipe("textcat", name=head, config={"model": bag})
        # Each head is fitted to examples of its own: a textcat wants one category a text.
        examples = [
            Example.from_dict(doc, {"cats": {name: float(name == f"{head}={value}") for name in names}})
            for doc, value in zip(docs, values)
        ]
        pipe.initialize(lambda: examples[:100], nlp=nlp, labels=names)
        optimizer = nlp.create_optimizer()
        draw = random.Random(0)
        for _ in range(1 if quick else EPOCHS):
            draw.shuffle(examples)
            for start in range(0, len(examples), 64):
                pipe.update(examples[start : start + 64], sgd=optimizer)
    nlp.to_disk(folder / "pipeline")


class Peer:
    def __init__(self, folder):
        self.nlp = spacy.load(folder / "pipeline")

    def score(self, texts):
        return [doc.cats for doc in self.nlp.pipe(texts, batch_size=256)]

    def probabilities(self, texts):
        """Of each head a row a text, its classes in alphabetical order."""
        found = self.score(texts)
        heads = {head: sorted(self.nlp.get_pipe(head).labels) for head in self.nlp.pipe_names}
        return {head: [[cats[name] for name in names] for cats in found] for head, names in heads.items()}
