"""scikit-learn: `HashingVectorizer` (words 1-2, 2^18 columns) and one `LogisticRegression` a head.

Texts are hashed once for all heads. Scored in batches of 10,000; one by one it is much slower.
"""
import joblib
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

BATCH = 10_000
VECTORIZER = HashingVectorizer(ngram_range=(1, 2), n_features=2**18)


def fit(folder, texts, labels, quick):
    rows = VECTORIZER.transform(texts)
    heads = {head: LogisticRegression(C=3, max_iter=1000).fit(rows, values) for head, values in labels.items()}
    joblib.dump(heads, folder / "heads.joblib")


class Peer:
    def __init__(self, folder):
        self.heads = joblib.load(folder / "heads.joblib")

    def score(self, texts):
        rows = VECTORIZER.transform(texts)
        return {head: model.predict_proba(rows) for head, model in self.heads.items()}

    def probabilities(self, texts):
        """Of each head a row a text, its classes in alphabetical order."""
        return self.score(texts)
