"""A made-up day through the lane API: `python benchmarks/day.py --stays N --noise P --missed P`.

--noise P     the share of reads that are not exactly the plate, 0..1 (calibrated confidences, candidates)
--missed P    the share of passings that no lane reads: behind another vehicle, with the arm up
--outage 2h   how long the server is out of reach from noon; lanes decide alone, and tell it afterwards
--dark 30m    how long from four o'clock one of two exits has no power and its arm up
--seeds K     so many different days; the mean and the worst are shown
--matcher M   only this one of: ours, exact, one-edit
--explain     why people were asked; each stay that was merged, each driver who paid too much or objected

The same days are played with each matcher, on a fresh SQLite file, or on a fresh database beside the one
that DATABASE_URL names. With TMPDIR=/dev/shm the file is in memory: what a disk takes is no part of this.
Figures are shares of the stays; what each means stands in `days/count.py`.
"""

import argparse
import contextlib
import gc
import os
import statistics
import time
from dataclasses import asdict
from datetime import timedelta

from installation import ROOT, environment, own_installation
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

UNITS = {"h": "hours", "m": "minutes", "s": "seconds"}
MATCHERS = {
    "ours": None,
    "exact": "benchmarks.days.matchers.exact",
    "one-edit": "benchmarks.days.matchers.one_edit",
}


def main():
    options = arguments()
    os.chdir(ROOT)
    with own_installation("day") as (url, folder):
        set_up(url, folder)
        measure(options)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stays", type=int, default=2000)
    parser.add_argument("--noise", type=share, default=0.03)
    parser.add_argument("--missed", type=share, default=0.005)
    parser.add_argument("--outage", type=span, default=timedelta(0))
    parser.add_argument("--dark", type=span, default=timedelta(0))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--matcher", choices=MATCHERS)
    parser.add_argument("--explain", action="store_true")
    return parser.parse_args()


def share(text):
    value = float(text)
    if not 0 <= value <= 0.4:
        raise argparse.ArgumentTypeError("a share of 0 to 0.4")
    return value


def span(text):
    with contextlib.suppress(KeyError, ValueError):
        return timedelta(**{UNITS[text[-1]]: float(text[:-1])})
    raise argparse.ArgumentTypeError("a time such as 2h or 30m")


def set_up(url, folder):
    """Make this process an installation of its own."""
    os.environ.update(environment(url, folder), DJANGO_SETTINGS_MODULE="config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    gc.freeze()  # what is loaded stays, so nobody need look through it again and again
    gc.set_threshold(100_000, 50, 100)


def measure(options):
    from django.db import connection

    names = [options.matcher] if options.matcher else list(MATCHERS)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    console = Console()
    results = {name: [] for name in names}
    with Progress(console=console) as progress:
        bar = progress.add_task("stays", total=len(names) * len(seeds) * options.stays)
        for seed in seeds:
            for name in names:
                found = play(options, seed, name, console, lambda: progress.advance(bar))
                results[name].append(found)
                console.print(f"{seed:3} {name:9}", line(found), highlight=False)
    console.print(table(results, connection.vendor, options))


def play(options, seed, name, console, step):
    """Play one day with one matcher; what it came to."""
    from django.test.utils import override_settings

    from benchmarks.days.count import counted
    from benchmarks.days.play import Play
    from benchmarks.days.visits import day

    chosen = {"MATCHER": MATCHERS[name]} if MATCHERS[name] else {}
    with override_settings(**chosen):
        began = time.perf_counter()
        the_day = day(options.stays, options.missed, seed)
        times = options.outage, options.dark
        slug = f"{name}-{seed}"
        one = Play(the_day, options.noise, *times, seed, slug)
        one.run(step)
        found = counted(one, time.perf_counter() - began)
    if options.explain:
        explain(one, console)
    return found


def explain(one, console):
    from benchmarks.days.count import merged, objected, overcharged, reasons

    console.print(
        "    " + ", ".join(f"{why} {number}" for why, number in reasons(one).most_common())
    )
    for session, entries, exits in merged(one):
        console.print(f"    stay {session}: came in as visits {entries}, left as {exits}")
    for life, session, amount in overcharged(one):
        console.print(f"    {life.visit} paid {amount} for stay {session}, owed {life.owes()}")
    for life, session, amount in objected(one):
        console.print(
            f"    {life.visit} was asked for {amount} for stay {session}, owed {life.owes()}"
        )


def line(found):
    shares = (f"{name} {getattr(found, name) / found.stays:8.3%}" for name in shown())
    return "  ".join(shares) + f"  {found.seconds:5.1f} s"


def shown():
    from benchmarks.days.count import FIGURES

    return FIGURES


def table(results, vendor, options):
    """Mean and worst of each figure, the matchers side by side."""
    what = (
        f"{vendor}: {options.stays} stays, noise {options.noise:.1%}, missed {options.missed:.1%}"
    )
    sheet = Table(
        title=f"{what}, outage {options.outage}, dark {options.dark}, {options.seeds} days"
    )
    sheet.add_column("of the stays")
    for name in results:
        sheet.add_column(f"{name}, mean", justify="right")
        sheet.add_column("worst", justify="right")
    for figure in [*shown(), "seconds"]:
        row = [figure]
        for found in results.values():
            row += _mean_and_worst(figure, [asdict(one) for one in found])
        sheet.add_row(*row)
    return sheet


def _mean_and_worst(figure, found):
    if figure == "seconds":
        values = [one["seconds"] for one in found]
        return [f"{statistics.fmean(values):.1f}", f"{max(values):.1f}"]
    values = [one[figure] / one["stays"] for one in found]
    worst = min(values) if figure == "right" else max(values)
    return [f"{statistics.fmean(values):.3%}", f"{worst:.3%}"]


if __name__ == "__main__":
    main()
