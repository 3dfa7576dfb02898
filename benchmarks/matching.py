"""How fast an exit read finds its stay: `python benchmarks/matching.py [--inside N] [--reads N]`.

Fills a fresh SQLite file with open stays and as many that have left, and a database of its own on the
PostgreSQL server that DATABASE_URL names, if it names one. The plates have six patterns, seven in ten a
local district, one in ten belongs to a firm's row of siblings. Then vehicles leave, and their reads are
noisy and list what else they could be. Timed, one read after the other:

    exact    the read's very spelling by its index: the floor, which finds the fewest
    match    look-up by keys (`parking.lookup`) and posterior (`parking.rules.matching`)
    scan     all open stays' plates fetched and compared with the read's candidates by one edit

Prints the 50th and 99th percentile in milliseconds, and of these the median of this process's own work (on a
busy machine the rest is waiting; PostgreSQL's part is not in it); the ratio of the medians to the floor's;
and of the vehicles that left the shares whose stay was found, and taken rightly and wrongly.
"""

import argparse
import random
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from installation import ROOT, each_database, environment

from parking.rules.confusions import GROUPS
from parking.rules.matching import Read, Stay, match_read, weighed
from parking.rules.neighbours import near

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXYZ"
# L a letter, D a digit; and a pattern's share at a British car park, which is a guess.
PATTERNS = {
    "LLDDLLL": 80,
    "LDDDLLL": 8,
    "LLLDDD": 4,
    "LLDDDLL": 3,
    "LLLDDDD": 3,
    "DLLLDDD": 2,
}
DISTRICTS = ("LK", "LD", "LF", "KN", "BD", "YK", "GN", "RX", "EO", "HV")
LOCAL = 0.7  # of the plates of the first pattern
FLEETS = 0.1
MISREAD = 0.06  # of the reads
SLIPS = 0.2  # of the misreads: another character than those that cameras confuse
CONFUSED = {
    one: [other for group in groups if one in group for other in group if other != one]
    for rate, groups in GROUPS
    if rate > 0.001
    for one in "".join(groups)
}


def main():
    options = arguments()
    if options.of:
        return measure(options)
    print(
        f"{'database':12}{'way':8}{'p50 ms':>9}{'p99 ms':>9}{'own ms':>9}{'to exact':>10}", end=""
    )
    print(f"{'found':>9}{'right':>9}{'wrong':>9}", flush=True)
    for name, url, folder in each_database():
        apart(name, url, folder)
    return None


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inside", type=int, default=100_000, help="stays that are open")
    parser.add_argument("--reads", type=int, default=2000, help="exit reads that are timed")
    parser.add_argument("--scans", type=int, default=10, help="of them also looked for by scanning")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--of", help=argparse.SUPPRESS)  # the database, in a process of its own
    return parser.parse_args()


def apart(name, url, folder):
    """Measure in a process of its own, for Django knows one database for good."""
    subprocess.run(
        [sys.executable, __file__, *sys.argv[1:], "--of", name],
        env={**environment(url, folder), "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=ROOT,
        check=True,
    )


def measure(options):
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    draw = random.Random(options.seed)
    park, plates = filled(options.inside, draw)
    leaving = draw.sample(plates, options.reads)
    asked = [(plate, noisy(plate, draw)) for plate in leaving]
    for _, read in asked[:100]:  # warm-up
        match(park, read, options.inside)
    floor = None
    for way, reads in ((exact, asked), (match, asked), (scan, asked[: options.scans])):
        times, own, *shares = timed(way, park, reads, options.inside)
        floor = floor or statistics.median(times)
        row(options.of, way.__name__, times, own, floor, *shares)


def filled(inside, draw):
    """A car park with so many open stays and as many that left; it and the open ones' plates."""
    from parking.models import CarPark, ParkingSession

    park = CarPark.objects.create(slug="bench", name="Bench")
    plates, here = set(), []
    while len(here) < 2 * inside:
        sibling = here and draw.random() < FLEETS
        plate = beside(draw.choice(here), draw) if sibling else fresh(draw)
        if plate not in plates:
            plates.add(plate)
            here.append(plate)
    for number, batch in enumerate(chunks(here, 1000)):
        ParkingSession.objects.bulk_create(
            ParkingSession(
                car_park=park,
                plate=plate,
                entered_at=NOON - timedelta(minutes=draw.randrange(1, 600)),
                left_at=NOON if 1000 * number >= inside else None,
            )
            for plate in batch
        )
    return park, here[:inside]


def chunks(rows, size):
    return (rows[start : start + size] for start in range(0, len(rows), size))


def fresh(draw):
    (pattern,) = draw.choices(list(PATTERNS), PATTERNS.values())
    plate = "".join(draw.choice(LETTERS if kind == "L" else "0123456789") for kind in pattern)
    local = pattern == "LLDDLLL" and draw.random() < LOCAL
    return draw.choice(DISTRICTS) + plate[2:] if local else plate


def beside(plate, draw):
    """The plate of a van of the same row."""
    at = draw.randrange(len(plate))
    kind = "0123456789" if plate[at].isdigit() else LETTERS
    return plate[:at] + draw.choice(kind.replace(plate[at], "")) + plate[at + 1 :]


def misread(plate, draw):
    at = draw.randrange(len(plate))
    usual = [spot for spot, character in enumerate(plate) if character in CONFUSED]
    if usual and draw.random() > SLIPS:
        at = draw.choice(usual)
        return plate[:at] + draw.choice(CONFUSED[plate[at]]) + plate[at + 1 :]
    return plate[:at] + draw.choice([*LETTERS, *"0123456789", ""]) + plate[at + 1 :]


def noisy(plate, draw):
    """The read of a vehicle that leaves, with three candidates, one of which is often right."""
    shown = misread(plate, draw) if draw.random() < MISREAD else plate
    others = [misread(shown, draw), misread(plate, draw)]
    listed = [{"plate": other, "probability": 0.02} for other in others if other != shown]
    return Read.from_reader(shown, draw.uniform(0.9, 0.96), listed, NOON, "GB")


# Three ways; each gives the plates found, and the one taken or None.


def exact(park, read, inside):
    from parking.models import ParkingSession

    open_ones = ParkingSession.objects.filter(ParkingSession.OPEN, car_park=park)
    found = [stay.plate for stay in open_ones.filter(plate=read.best).select_related("permit")]
    return found, next(iter(found), None)


def match(park, read, inside):
    from parking.lookup import open_stays_like

    rows = open_stays_like(park, read)
    entered = [
        Stay(row.plate, Read.from_reader(row.plate, 0.95, [], row.entered_at, "GB")) for row in rows
    ]
    taken = match_read(read, entered, inside=inside).taken
    return [row.plate for row in rows], taken and taken.id


def scan(park, read, inside):
    from parking.models import ParkingSession

    open_ones = ParkingSession.objects.filter(ParkingSession.OPEN, car_park=park)
    asked = [plate for plate, _ in weighed(read)[0]]
    found = [
        plate
        for plate in open_ones.values_list("plate", flat=True)
        if any(near(plate, one) for one in asked)
    ]
    return found, found[0] if len(found) == 1 else None


def timed(way, park, reads, inside):
    """Milliseconds of each read, those of our own work, and the shares found, taken rightly, wrongly."""
    times, own, found, right, wrong = [], [], 0, 0, 0
    for plate, read in reads:
        began, worked = time.perf_counter(), time.process_time()
        plates, taken = way(park, read, inside)
        times.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - worked) * 1000)
        found += plate in plates
        right += taken == plate
        wrong += taken not in (None, plate)
    return times, own, found / len(reads), right / len(reads), wrong / len(reads)


def row(name, way, times, own, floor, found, right, wrong):
    centiles = statistics.quantiles(times, n=100)
    ratio = f"{statistics.median(times) / floor:9.1f}x"
    shares = f"{found:9.2%}{right:9.2%}{wrong:9.2%}"
    print(
        f"{name:12}{way:8}{centiles[49]:9.2f}{centiles[98]:9.2f}{statistics.median(own):9.2f}{ratio}{shares}",
        flush=True,
    )


if __name__ == "__main__":
    main()
