#!/usr/bin/env bash
# The head `stance` beside scikit-learn on the same mentions and the same folds, in one table.
#
#   benches/stance_beside_baseline.sh [MORE ARGUMENTS OF `parallax evaluate`]
#
# The mentions (NewsMTSC, Hamborg & Donnay 2021) and the annotated sentences are not part of this repository: they are
# looked for in the folder SHARED (default: ../shared beside the repository). Both sides: five folds, a group's fold is
# crc32(group) mod 5. Needs python3 with scikit-learn. Takes some minutes; what was said is kept in OUT (default:
# target/stance). Environment: SHARED, OUT, and PARALLAX, a program already built.
set -euo pipefail
cd "$(dirname "$0")/.."

source benches/shared.sh
out=${OUT:-target/stance}
mentions=$shared/data/public/newsmtsc_train.jsonl
annotated=$shared/data/annotated/en.jsonl
needs_files "$mentions" "$annotated"
needs_python sklearn
mkdir -p "$out"
needs_parallax

python3 benches/peers/stance_sklearn.py "$mentions" | tee "$out/baseline.txt"
"$PARALLAX" evaluate --cv 5 --recipe training/recipes/en_stance.toml --base en --data "$mentions" --extra "$annotated" \
  --heads stance --format json --out "$out/parallax.json" "$@"

python3 - "$out" <<'PYTHON'
import json, pathlib, re, sys
out = pathlib.Path(sys.argv[1])
row = "{:<44}{:>10}  {}"
print()
print(row.format("model", "macro-F1", "95 % by group"))
for line in (out / "baseline.txt").read_text().splitlines():
    name, f1 = re.search(r"n=\d+ (\S+) macro-F1=([\d.]+)", line).groups()
    print(row.format(f"scikit-learn TF-IDF, target masked, {name}", f"{float(f1):.3f}", ""))
measures = next(m for m in json.load(open(out / "parallax.json"))["measures"] if m["head"] == "stance")
low, high = measures["intervals"]["macro_f1"]
print(row.format("parallax", f"{measures['macro_f1']:.3f}", f"{low:.3f}–{high:.3f}"))
PYTHON
