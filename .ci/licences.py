#!/usr/bin/env python3
"""Fails if a dependency may not be used under the licences that deny.toml allows.

usage: cargo metadata --format-version 1 | licences.py deny.toml

Reads the list `allow` of [licenses], which cargo-deny reads too, and holds every package's SPDX
expression against it: of `A OR B` one must be allowed, of `A AND B` both.
"""
import json, re, sys

text = open(sys.argv[1], encoding="utf8").read()
section = text.split("[licenses]", 1)[1]
allowed = set(re.findall(r'"([^"]+)"', re.search(r"^allow = \[(.*?)\]", section, re.S | re.M).group(1)))


def is_allowed(expression):
    """Whether an SPDX expression can be met; `/` is the old spelling of OR."""
    words = re.findall(r"\(|\)|[^\s()/]+|/", expression)
    at = 0

    def term():
        nonlocal at
        if words[at] == "(":
            at += 1
            value = any_of()
            at += 1
            return value
        name = words[at]
        at += 1
        if at + 1 < len(words) and words[at] == "WITH":
            name += " WITH " + words[at + 1]
            at += 2
        return name in allowed

    def all_of():
        nonlocal at
        value = term()
        while at < len(words) and words[at] == "AND":
            at += 1
            value = term() and value
        return value

    def any_of():
        nonlocal at
        value = all_of()
        while at < len(words) and words[at] in ("OR", "/"):
            at += 1
            value = all_of() or value
        return value

    return any_of()


packages = json.load(sys.stdin)["packages"]
refused = [p for p in packages if not p["license"] or not is_allowed(p["license"])]
for package in refused:
    print(f"{package['name']} {package['version']}: {package['license'] or 'no licence named'}", file=sys.stderr)
print(f"{len(packages)} packages, {len(refused)} under a licence that deny.toml does not allow")
sys.exit(bool(refused))
