"""Arabic words as src/text/arabic.rs sees them: one form for each letter, no marks, no article."""
import unicodedata

LEVEL = dict(zip("أإآٱىیةکہ", "ااااييهكه"))


def level(word):
    parts = (LEVEL.get(c, c) for c in unicodedata.normalize("NFKC", word))
    return "".join(c for c in parts if c != "\u0640" and unicodedata.category(c) not in ("Mn", "Cf"))


def lexeme(word):
    return word[2:] if word.startswith("ال") and len(word) >= 5 else word
