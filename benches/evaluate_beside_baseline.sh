#!/usr/bin/env bash
# Parallax beside scikit-learn on the same sentences and the same folds, in one table.
#
#   benches/evaluate_beside_baseline.sh [MORE ARGUMENTS OF `parallax evaluate`, for instance --extra FILE]
#
# The labelled sentences and the baseline are not part of this repository: they are looked for in the
# folder SHARED (default: ../shared beside the repository). Both sides: five folds, a group's fold is
# crc32(group) mod 5; decisions and probabilities are of sentences whose fold was held out. The rows
# `+ families` add the contrast families to every training part, as Parallax does.
# Needs python3 (3.11) with scikit-learn. Takes some minutes; what was said is kept in OUT (default:
# target/beside). Environment: SHARED, OUT, and PARALLAX, a program already built.
set -euo pipefail
cd "$(dirname "$0")/.."

source benches/shared.sh
out=${OUT:-target/beside}
data=$shared/data/annotated/en.jsonl
baseline=$shared/tools/baseline_sklearn.py
needs_files "$data" "$baseline"
needs_python sklearn,tomllib
mkdir -p "$out"
needs_parallax

python3 benches/peers/families_as_jsonl.py training/names/en.toml training/contrast/contrast_en_*.jsonl \
  > "$out/families.jsonl"
for label in bias subjective tone; do
  python3 "$baseline" "$data" "$label" | tee "$out/baseline-$label.txt"
  python3 "$baseline" "$data" "$label" --extra "$out/families.jsonl" | tee "$out/baseline-$label-families.txt"
done
"$PARALLAX" evaluate --cv 5 --recipe training/recipes/en.toml --data "$data" --format json --out "$out/parallax.json" "$@"

python3 - "$out" <<'PYTHON'
import json, pathlib, re, sys
out = pathlib.Path(sys.argv[1])
measures = {m["head"]: m for m in json.load(open(out / "parallax.json"))["measures"]}
row = "{:<12}{:<26}{:>10}{:>13}{:>8}"
print()
print(row.format("head", "model", "macro-F1", "AUC", "AP"))
for head in ("bias", "subjective", "tone"):
    for name, file in (("scikit-learn TF-IDF", f"baseline-{head}.txt"), ("scikit-learn + families", f"baseline-{head}-families.txt")):
        found = dict(re.findall(r"(macro-F1|AUC|AP)=([\d.]+|nan)", (out / file).read_text()))
        print(row.format(head, name, *(f"{float(found[k]):.3f}" for k in ("macro-F1", "AUC", "AP"))))
    m = measures[head]
    values = [m["macro_f1"], m["auc"], m["average_precision"]]
    print(row.format(head, "parallax", *("–" if v is None else f"{v:.3f}" for v in values)))
    if m["intervals"]["auc"]:
        low, high = m["intervals"]["auc"]
        print(row.format("", "  95 % by group", "", f"{low:.3f}–{high:.3f}", ""))
PYTHON
