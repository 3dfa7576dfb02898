"""How well and how fast photographs are read: `python benchmarks/read.py FOLDER...`.

Each folder holds photographs and a truth.csv with the columns file and plate. Our reader, PaddleOCR's
own pipeline and RapidOCR's own pipeline read the same photographs with as many threads, turn by
turn, each in a process of its own. The other two do not know what a plate is: the text on the
largest area is taken for their answer. Printed: the scores (exact, and folded: O as 0 and I as 1),
how reliable our confidence is, milliseconds by stage, resident sizes, and in the end the ratios.
Opening the files is not counted. `--json FILE` keeps every answer.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from installation import ROOT
from rich.console import Console
from rich.progress import track

from benchmarks.figures import Answer, bins, brier, calibration_error, score, stage_times

OURS, OTHERS = "ticketless", ("paddleocr", "rapidocr")
TITLES = {"ticketless": "Ticketless", "paddleocr": "PaddleOCR", "rapidocr": "RapidOCR"}


class Reader:
    """A pipeline in its process: `first`, `last` and `most` are resident sizes in MB."""

    def __init__(self, name, process):
        self.name, self.process = name, process
        self.answers = []  # (folder's name, Answer)
        self.first = self.last = self.most = self._line()["resident"]

    def read(self, folder, file, truth, counts=True):
        """One photograph; the first of all is only there to warm up and does not count."""
        print(folder / file, file=self.process.stdin, flush=True)
        said = self._line()
        self.last, self.most = said.pop("resident"), said.pop("most")
        if "error" in said:
            raise SystemExit(f"{folder / file}: {said['error']}")
        if counts:
            self.answers.append((folder.name, Answer(truth, **{"plate": "", **said})))

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{TITLES[self.name]} ended: run benchmarks/pipelines.py to see why.")
        return json.loads(line)

    def of(self, folder=None):
        return [answer for name, answer in self.answers if folder in (None, name)]


def main():
    options = arguments()
    photographs = [entry for folder in options.folders for entry in truth(folder)]
    if options.only:
        photographs = photographs[:: max(1, len(photographs) // options.only)]
    names = (OURS,) if options.without_others else (OURS, *OTHERS)
    with ExitStack() as running:
        readers = [running.enter_context(reader(name, options.threads)) for name in names]
        show_to(readers, photographs)
    report(readers, options)
    if options.json:
        keep(readers, options.json)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--only", type=int, help="about so many photographs, evenly spread")
    parser.add_argument("--threads", type=int, default=min(os.cpu_count() or 1, 2))
    parser.add_argument("--without-others", action="store_true", help="our own reader alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep every answer")
    return parser.parse_args()


def truth(folder):
    """(folder, file, plate) of every line of its truth.csv."""
    with (folder / "truth.csv").open(newline="") as file:
        return [(folder.resolve(), row["file"], row["plate"]) for row in csv.DictReader(file)]


@contextmanager
def reader(name, threads):
    """A `Reader`, loaded; its process ends with the block."""
    command = [sys.executable, str(ROOT / "benchmarks" / "pipelines.py"), name, str(threads)]
    process = subprocess.Popen(
        command,
        env={**os.environ, "OMP_NUM_THREADS": str(threads)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Reader(name, process)
    finally:
        process.kill()
        process.communicate()


def show_to(readers, photographs):
    """Every photograph to every reader in turn: what else the machine does hits all alike."""
    for each in readers:
        each.read(*photographs[0], counts=False)
    quiet = not sys.stderr.isatty()
    bar = track(photographs, "Reading", console=Console(stderr=True), transient=True, disable=quiet)
    for photograph in bar:
        for each in readers:
            each.read(*photograph)


def report(readers, options):
    ours, *others = readers
    print(f"{len(ours.answers)} photographs, {options.threads} threads; opening is not counted\n")
    print_scores(readers, dict.fromkeys(folder.resolve().name for folder in options.folders))
    print_reliability(ours.of())
    print_stages(ours.of())
    print_sizes(readers)
    for other in others:
        print(ratio(ours, other))


def print_scores(readers, folders):
    head = f"{'reader':12}{'folder':10}{'photos':>7}{'exact':>9}{'folded':>9}"
    print(f"{head}{'accepted':>10}{'wrong of it':>13}{'median ms':>11}{'p95 ms':>9}")
    for each in readers:
        for folder in (*folders, None) if len(folders) > 1 else (None,):
            answers = each.of(folder)
            if answers:
                print_score(TITLES[each.name], folder or "all", score(answers))
    print()


def print_score(title, folder, found):
    shares = f"{percent(found.exact):>9}{percent(found.folded):>9}"
    trust = f"{percent(found.accepted):>10}{percent(found.accepted_wrong):>13}"
    times = f"{found.median:11.1f}{found.p95:9.1f}"
    print(f"{title:12}{folder:10}{found.count:7}{shares}{trust}{times}")


def print_reliability(answers):
    print(f"{'our confidence':16}{'reads':>7}{'said':>9}{'right':>9}")
    for each in bins(answers):
        stretch = f"{each.low:.2f} to {each.high:.2f}"
        print(f"{stretch:16}{each.count:7}{percent(each.said):>9}{percent(each.right):>9}")
    if brier(answers) is not None:
        error = percent(calibration_error(answers)).strip()
        print(f"expected calibration error {error}, Brier score {brier(answers):.4f}")
    print()


def print_stages(answers):
    print(f"{'our stages':30}{'median ms':>11}{'mean ms':>9}")
    for stage, times in stage_times(answers).items():
        print(f"{stage:30}{statistics.median(times):11.1f}{statistics.fmean(times):9.1f}")
    print()


def print_sizes(readers):
    print(f"{'resident MB':30}{'loaded':>11}{'end':>9}{'most':>9}")
    for each in readers:
        print(f"{TITLES[each.name]:30}{each.first:11.0f}{each.last:9.0f}{each.most:9.0f}")
    print()


def ratio(ours, other):
    mine, theirs = score(ours.of()), score(other.of())
    times, points = theirs.median / mine.median, 100 * (mine.folded - theirs.folded)
    pipeline = f"{TITLES[other.name]}'s own pipeline"
    return f"{times:.1f} times as fast as {pipeline}, {points:+.1f} points more folded reads right"


def percent(share):
    return f"{100 * share:.1f} %"


def keep(readers, file):
    said = {each.name: [{"folder": f} | asdict(a) for f, a in each.answers] for each in readers}
    file.write_text(json.dumps(said, indent=1))


if __name__ == "__main__":
    main()
