#!/usr/bin/env bash
# How many instructions it takes to score one article of 5 kB once all its words are known, in both languages: in total
# and, calls included, in the main stages. The figure does not hang on how fast the machine is, nor on what else it does.
#
#   benches/instructions.sh [TIMES]
#
# The article is made of the contrast families with a fixed seed. It is scored TIMES (default: 10) and twice as many times
# under callgrind; the difference is what the later ones took. Needs valgrind and python3; takes some minutes. The files
# of callgrind stay in OUT (default: target/instructions). Environment: OUT.
set -euo pipefail
cd "$(dirname "$0")/.."

times=${1:-10}
out=${OUT:-target/instructions}
if ! command -v valgrind >/dev/null; then
  echo "SKIPPED: valgrind is not there" >&2
  exit 0
fi
mkdir -p "$out"
program=$(cargo bench --locked --bench instructions --no-run 2>&1 | sed -n 's/.*Executable .*(\(.*\))$/\1/p')
for lang in en ar; do
  for number in "$times" $((2 * times)); do
    RAYON_NUM_THREADS=1 valgrind --tool=callgrind --callgrind-out-file="$out/$lang.$number" "$program" "$lang" "$number" \
      >"$out/$lang.$number.log" 2>&1
    callgrind_annotate --inclusive=yes --threshold=100 "$out/$lang.$number" >"$out/$lang.$number.txt"
  done
done

python3 - "$out" "$times" <<'PYTHON'
import pathlib, re, sys
out, times = pathlib.Path(sys.argv[1]), int(sys.argv[2])
# What a row is called, and the function whose count it is; one that the compiler put into its caller has none.
STAGES = [
    ("all", r"parallax::score::(desk::Desk::score|desk::Desk::score_routed|report)$"),
    ("regions", r"RegionHead::regions$"),
    ("regions and languages", r"route::Route::new$"),
    ("sentences", r"sentence::sentences_in$"),
    ("noise", r"text::noise::noise$"),
    ("quotations", r"quote::quoted_in$"),
    ("tokens, names and spans", r"fold::reader::Reader::read$"),
    ("sentence heads", r"fold::reader::Reader::score$"),
    ("attributions", r"score::attributions::find$"),
    ("links", r"score::sources::links$"),
    ("stances", r"stances::Stances::find$"),
]


def counts(path):
    """The instructions of each function, calls included; of the program as a whole under the empty name."""
    found = {}
    for line in path.read_text().splitlines():
        total = re.match(r"\s*([\d,]+) .*PROGRAM TOTALS", line)
        row = re.match(r"\s*([\d,]+) \([^)]*\)\s+(?:[^ ]*?:)?(\S.*?)(?: \[[^\]]*\])?$", line)
        if total:
            found[""] = int(total[1].replace(",", ""))
        elif row:
            name = re.sub(r"'\d+$", "", row[2].replace("???:", ""))
            found[name] = max(found.get(name, 0), int(row[1].replace(",", "")))
    return found


print("{:<28}{:>14}{:>14}".format("instructions an article", "en", "ar"))
per = {}
for lang in ("en", "ar"):
    once, twice = (counts(out / f"{lang}.{n}.txt") for n in (times, 2 * times))
    per[lang] = {name: (count - once.get(name, 0)) / times for name, count in twice.items()}
for label, pattern in STAGES:
    cells = []
    for lang in ("en", "ar"):
        values = [v for name, v in per[lang].items() if re.search(pattern, name)]
        cells.append(f"{max(values):,.0f}" if values else "–")
    print("{:<28}{:>14}{:>14}".format(label, *cells))
print("{:<28}{:>14,.0f}{:>14,.0f}".format("the program", per["en"][""], per["ar"][""]))
PYTHON
