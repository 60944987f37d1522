"""vaderSentiment: a lexicon of sentiment with rules, and no training.

One call gives `compound`, from -1 to 1, and every head is read off it: its size is the score of `subjective` and of
`bias` (a stand-in: VADER knows nothing of bias), its sign and size are `tone`. Where a label begins is chosen on the
training folds, as for every peer.
"""
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

BATCH = 1_000


def fit(folder, texts, labels, quick):
    pass


class Peer:
    def __init__(self, folder):
        self.analyzer = SentimentIntensityAnalyzer()

    def score(self, texts):
        return [self.analyzer.polarity_scores(text)["compound"] for text in texts]

    def probabilities(self, texts):
        """Of each head a row a text, what grows with its classes, these in alphabetical order."""
        compound = self.score(texts)
        strong = [(1 - abs(c), abs(c)) for c in compound]
        tone = [(max(-c, 0.0), 1 - abs(c), max(c, 0.0)) for c in compound]
        return {"bias": strong, "subjective": strong, "tone": tone}
