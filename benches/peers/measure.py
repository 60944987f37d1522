#!/usr/bin/env python3
"""Parallax beside its peers: how fast and how good on the same sentences, in one table.

usage: measure.py --parallax PROGRAM --fasttext PROGRAM --data LABELLED.jsonl --out FOLDER --json FILE ...
`run` beside this file calls it, with all it needs; that is where to start. Needs the standard library alone: every
contender works in a process of its own, and what is imported here would be counted in each one's memory.
"""
import argparse
import hashlib
import json
import os
import pathlib
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
HEADS = ("bias", "subjective", "tone")
# Name in the table, what it is timed by, the peer of `worker.py` whose models and F1 it has.
CONTENDERS = [
    ("Parallax, command line", "parallax", None),
    ("fastText, command line, a model a head", "fasttext-command", "fasttext"),
    ("fastText, command line, one joint model", "fasttext-command", "fasttext-joint"),
    ("fastText, Python, a model a head", "worker", "fasttext"),
    ("fastText, Python, one joint model", "worker", "fasttext-joint"),
    ("scikit-learn, HashingVectorizer + LogisticRegression", "worker", "scikit-learn"),
    ("vaderSentiment", "worker", "vader"),
    ("spaCy, tokenizer + textcat (bag of words)", "worker", "spacy"),
    ("transformer of 6 layers, onnxruntime, RANDOM WEIGHTS", "worker", "transformer"),
]
# No process is given more than this, however fast it is: the file of the sentences stays under 400 MB.
MOST = 2_000_000


def main():
    arguments = asked()
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    sentences = [" ".join(json.loads(line)["text"].split()) for line in open(arguments.data, encoding="utf8")]
    # The first hundred are to be like all of them: a slow contender gets no further.
    random.Random(0).shuffle(sentences)
    load = os.getloadavg()[0]
    if load > 0.5:
        say(f"WARNING: other work runs on this machine (load {load:.1f}): believe the figures by CPU time alone")

    models = fitted(arguments)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        folder = pathlib.Path(folder)
        contenders = [Contender(arguments, folder, models, sentences, *row) for row in CONTENDERS]
        for contender in contenders:
            contender.choose_size(arguments.seconds)
            say(f"{contender.name}: {contender.size:,} sentences a round")
        for number in range(arguments.rounds):
            say(f"round {number + 1} of {arguments.rounds}")
            for contender in contenders:
                contender.rounds.append(contender.run(contender.size))
        own = own_bench(contenders[0], arguments)
    rightness = {} if arguments.no_f1 else f1(arguments)

    report = {
        "machine": {"cpu": cpu(), "cores": os.cpu_count(), "system": platform.system(), "load": [load, os.getloadavg()[0]]},
        "settings": {
            "rounds": arguments.rounds,
            "seconds": arguments.seconds,
            "sentences": len(sentences),
            "mean_bytes": sum(len(text.encode()) for text in sentences) / len(sentences),
            "quick": arguments.quick,
            "families_in_training": bool(arguments.families),
            "parallax": contenders[0].command("FILE"),
        },
        "versions": versions(arguments.parallax),
        "contenders": [contender.result(contenders[0], rightness) for contender in contenders],
        "parallax_bench": own,
    }
    report["settings"]["parallax"][0] = "parallax"
    arguments.json.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf8")
    print(table(report))


def asked():
    parser = argparse.ArgumentParser()
    parser.add_argument("--parallax", type=pathlib.Path, required=True)
    parser.add_argument("--fasttext", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="labelled sentences: fitted to, and timed")
    parser.add_argument("--families", type=pathlib.Path, help="labelled sentences for every training part of the F1")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for what is made on the way")
    parser.add_argument("--json", type=pathlib.Path, required=True)
    parser.add_argument("--cv-json", type=pathlib.Path, help="what `parallax evaluate --cv 5 --format json` wrote")
    parser.add_argument("--no-f1", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long one run of a contender is to take")
    arguments = parser.parse_args()
    os.environ["FASTTEXT"] = str(arguments.fasttext)
    return arguments


class Contender:
    """One line of the table: a program that is run, round after round."""

    def __init__(self, arguments, folder, models, sentences, name, kind, peer):
        self.name, self.kind, self.peer = name, kind, peer
        self.folder, self.program = folder, arguments.parallax
        self.models = models.get(peer)
        self.fasttext, self.sentences = arguments.fasttext, sentences
        self.heads = kind == "parallax" and selects_heads(arguments.parallax)
        self.rounds = []
        self.least = {"seconds": float("inf"), "cpu": float("inf")}

    def choose_size(self, seconds):
        """A run is long enough to be measured, and is as long for every contender as can be."""
        trial = 128 if self.peer == "transformer" else 2_000
        taken = self.run(trial)["seconds"]
        self.size = max(trial, min(MOST, int(trial * seconds / max(taken, 1e-3))))
        if self.size > 50 * trial:
            # So short a trial says little of so many.
            taken = self.run(20 * trial)["seconds"]
            self.size = max(trial, min(MOST, int(20 * trial * seconds / max(taken, 1e-3))))

    def command(self, file):
        """Of Parallax: one document a line, each one sentence, on one thread."""
        heads = ["--heads", ",".join(HEADS)] if self.heads else []
        settings = ["--unit", "sentence", "--lang", "en", "--input", "jsonl", *heads, "--format", "csv"]
        return [str(self.program), "--quiet", "--threads", "1", "score", *settings, str(file)]

    def run(self, size):
        """Seconds, CPU seconds and bytes of so many sentences; seconds of start-up; the peak of memory in bytes."""
        if self.kind == "worker":
            return self.run_worker(size)
        # A command line's own start is what one sentence takes: it is shown apart, and the least of them is taken off.
        one, many = self.run_commands(1), self.run_commands(size)
        self.least = {key: min(one[key], self.least[key]) for key in self.least}
        return {
            "sentences": size - 1,
            "bytes": self.bytes_of(size) - self.bytes_of(1),
            "seconds": max(many["seconds"] - self.least["seconds"], many["seconds"] / 10),
            "cpu": max(many["cpu"] - self.least["cpu"], many["cpu"] / 10),
            "start": one["seconds"],
            "memory": many["memory"],
            "with_start": many["seconds"],
        }

    def run_worker(self, size):
        texts = self.file_of(len(self.sentences), "jsonl")
        command = [sys.executable, str(HERE / "worker.py"), "time", self.peer, str(self.models), str(texts), str(size)]
        begin = time.monotonic()
        ended = waited(subprocess.Popen(command, stdout=subprocess.PIPE))
        found = json.loads(ended["output"])
        found["start"] = found.pop("first") - begin
        return {**found, "memory": ended["memory"], "with_start": found["start"] + found["seconds"]}

    def run_commands(self, size):
        file = self.file_of(size, "jsonl" if self.kind == "parallax" else "txt")
        if self.kind == "parallax":
            commands = [self.command(file)]
        else:
            of_each = sorted(self.models.glob("*.bin"))
            most = ["1"] if len(of_each) > 1 else ["-1"]
            commands = [[str(self.fasttext), "predict-prob", str(model), str(file), *most] for model in of_each]
        total = {"seconds": 0.0, "cpu": 0.0, "memory": 0}
        for command in commands:
            begin = time.monotonic()
            with open(self.folder / "scored", "wb") as written:
                ended = waited(subprocess.Popen(command, stdout=written))
            total["seconds"] += time.monotonic() - begin
            total["cpu"] += ended["cpu"]
            total["memory"] = max(total["memory"], ended["memory"])
        return total

    def file_of(self, size, suffix):
        """The first `size` of the sentences, said over and over: a JSON object a line, or a line as fastText reads it."""
        file = self.folder / f"{size}.{suffix}"
        if not file.exists():
            if suffix == "jsonl":
                lines = [json.dumps({"text": text}, ensure_ascii=False) for text in self.sentences]
            else:
                lines = [prepare(text) for text in self.sentences]
            with open(file, "w", encoding="utf8") as written:
                written.writelines(f"{lines[i % len(lines)]}\n" for i in range(size))
        return file

    def bytes_of(self, size):
        lengths = [len(text.encode()) for text in self.sentences]
        return size // len(lengths) * sum(lengths) + sum(lengths[: size % len(lengths)])

    def result(self, parallax, rightness):
        rates = [r["sentences"] / r["seconds"] for r in self.rounds]
        by_cpu = [r["sentences"] / r["cpu"] for r in self.rounds]
        theirs = [r["sentences"] / r["seconds"] for r in parallax.rounds]
        theirs_by_cpu = [r["sentences"] / r["cpu"] for r in parallax.rounds]
        ratios = [a / b for a, b in zip(theirs, rates)]
        per = statistics.median(r["bytes"] / r["sentences"] for r in self.rounds)
        return {
            "name": self.name,
            "sentences": self.size,
            "sentences_per_second": statistics.median(rates),
            "range": [min(rates), max(rates)],
            "mb_per_second": statistics.median(rates) * per / 1e6,
            "sentences_per_cpu_second": statistics.median(by_cpu),
            "start_seconds": statistics.median(r["start"] for r in self.rounds),
            "peak_memory_mb": statistics.median(r["memory"] for r in self.rounds) / 1e6,
            "parallax_over_it": statistics.median(ratios),
            "parallax_over_it_range": [min(ratios), max(ratios)],
            "parallax_over_it_by_cpu": statistics.median(a / b for a, b in zip(theirs_by_cpu, by_cpu)),
            "heads": ", ".join(HEADS) if self.kind != "parallax" or self.heads else "all heads of the bundle",
            "macro_f1": rightness.get(self.peer),
            "rounds": self.rounds,
        }


def fitted(arguments):
    """Folders of every peer's models, fitted once for the same sentences and scripts."""
    known = hashlib.sha256(arguments.data.read_bytes() + str(arguments.quick).encode())
    for file in [*sorted(HERE.glob("w*.py")), HERE / "requirements.txt"]:
        known.update(file.read_bytes())
    models = arguments.out / "models" / known.hexdigest()[:12]
    folders = {}
    for peer in dict.fromkeys(peer for _, _, peer in CONTENDERS if peer):
        folders[peer] = models / peer
        if not (models / f"{peer}.done").exists():
            say(f"fitting {peer}")
            worker("fit", peer, folders[peer], arguments.data, quick=arguments.quick)
            (models / f"{peer}.done").touch()
    return folders


def own_bench(parallax, arguments):
    """What `parallax bench` says of the same sentences: the library alone, no text read and no report printed."""
    program = str(arguments.parallax)
    if " bench " not in told([program, "--help"]):
        return None
    heads = "--heads" in told([program, "bench", "--help"])
    settings = ["--unit", "sentence", "--lang", "en", "--seconds", str(min(arguments.seconds, 1.0)), "--format", "json"]
    settings += ["--heads", ",".join(HEADS)] if heads else []
    texts = parallax.file_of(len(parallax.sentences), "jsonl")
    run = json.loads(told([program, "--quiet", "--threads", "1", "bench", *settings, str(texts)]))
    rates = {
        row["name"]: row["throughput"]
        for row in run["rows"]
        if row.get("throughput") and (row["group"] == "head" or row["name"] == "whole document")
    }
    return {"heads": ", ".join(HEADS) if heads else "all heads of the bundle", "rows": rates}


def f1(arguments):
    """Macro-F1 of each head: of a peer by `folds.py`, of Parallax by its own cross-validation, on the same folds."""
    found = {}
    extra = [arguments.families] if arguments.families else []
    for peer in dict.fromkeys(peer for _, _, peer in CONTENDERS if peer):
        if peer != "transformer":
            say(f"cross-validating {peer}")
            found[peer] = worker("folds", peer, arguments.data, *extra)
    source = arguments.cv_json
    if source is None:
        source = arguments.out / "parallax_cv.json"
        say("cross-validating Parallax (--cv-json FILE takes a run that is there)")
        recipe = HERE.parents[1] / "training/recipes/en.toml"
        settings = ["--recipe", str(recipe), "--data", str(arguments.data), "--heads", ",".join(HEADS)]
        written = ["--format", "json", "--out", str(source)]
        subprocess.run([arguments.parallax, "--quiet", "evaluate", "--cv", "5", *settings, *written], check=True)
    measures = {row["head"]: row for row in json.loads(source.read_text(encoding="utf8"))["measures"]}
    found[None] = {
        head: {"macro_f1": row["macro_f1"], "interval": row["intervals"]["macro_f1"]}
        for head, row in measures.items()
        if head in HEADS
    }
    return found


def worker(what, *rest, quick=False):
    environment = {**os.environ, "QUICK": "1"} if quick else os.environ
    command = [sys.executable, str(HERE / "worker.py"), what, *map(str, rest)]
    return json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)


def waited(process):
    """Waits for a process: its output, its CPU seconds and its peak of memory in bytes."""
    output = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, process.args))}: exit code {process.returncode}")
    scale = 1 if platform.system() == "Darwin" else 1024
    return {"output": output, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * scale}


def prepare(text):
    # Imported here and from there, so that both ways to call fastText read the same tokens.
    from with_fasttext import prepare as prepared

    return prepared(text)


def selects_heads(program):
    return "--heads" in told([program, "score", "--help"])


def told(command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def versions(program):
    pinned = [line.split("==") for line in (HERE / "requirements.txt").read_text().splitlines() if "==" in line]
    own = told([program, "--version"]).split()[-1]
    return {"parallax": own, "python": platform.python_version(), **dict(pinned)}


def cpu():
    try:
        lines = open("/proc/cpuinfo", encoding="utf8").read().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def table(report):
    machine, settings = report["machine"], report["settings"]
    load = " and ".join(f"{value:.1f}" for value in machine["load"])
    lines = [
        f"{settings['sentences']:,} sentences of {settings['mean_bytes']:.0f} bytes on average, said over and over; one thread each",
        f"{machine['cpu']}, {machine['cores']} cores; load {load} at start and end",
        f"median of {settings['rounds']} rounds in turn, ± its farthest round; ÷: Parallax's throughput over this one's",
        "",
    ]
    row = "{:<54}{:>13}{:>9}{:>6}{:>14}{:>9}{:>8}{:>9}{:>11}"
    columns = ("sentences/s", "MB/s", "± %", "a CPU second", "start s", "MB", "÷", "÷ by CPU")
    lines.append(row.format("speed", *columns))
    for one in report["contenders"]:
        rate = one["sentences_per_second"]
        figures = (
            f"{rate:,.0f}",
            f"{one['mb_per_second']:.3f}" if one["mb_per_second"] < 0.1 else f"{one['mb_per_second']:.2f}",
            f"{100 * max(one['range'][1] - rate, rate - one['range'][0]) / rate:.0f}",
            f"{one['sentences_per_cpu_second']:,.0f}",
            f"{one['start_seconds']:.2f}",
            f"{one['peak_memory_mb']:,.0f}",
            f"{one['parallax_over_it']:.2f}",
            f"{one['parallax_over_it_by_cpu']:.2f}",
        )
        lines.append(row.format(one["name"], *figures))
    lines += ["", f"Parallax scored {report['contenders'][0]['heads']}: " + " ".join(settings["parallax"])]
    own = report["parallax_bench"]
    for name, rate in (own or {"rows": {}})["rows"].items():
        lines.append(
            f"parallax bench ({own['heads']}; nothing read or printed), {name}: {rate['sentences_per_s'] or 0:,.0f} "
            f"sentences/s, {rate['mb_per_s'] or 0:.2f} MB/s"
        )
    lines.append("The transformer's weights are RANDOM: its speed alone is told, and no F1.")
    lines.append("")
    if not any(one["macro_f1"] for one in report["contenders"]):
        return "\n".join([*lines, "F1 was NOT measured in this run."])
    row = "{:<54}" + "{:<24}" * len(HEADS)
    families = ", contrast families in every training part" if settings["families_in_training"] else ""
    lines.append(row.format(f"macro-F1, five folds{families}", *HEADS).rstrip())
    for one in report["contenders"]:
        figures = [(one["macro_f1"] or {}).get(head) for head in HEADS]
        lines.append(row.format(one["name"], *map(shown, figures)).rstrip())
    return "\n".join(lines)


def shown(measure):
    if measure is None:
        return "–"
    interval = " [{:.3f}, {:.3f}]".format(*measure["interval"]) if measure["interval"] else ""
    return f"{measure['macro_f1']:.3f}{interval}"


def say(what):
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
