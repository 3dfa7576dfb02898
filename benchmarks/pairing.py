"""How long a day takes to pair, and how well: `python benchmarks/pairing.py [--reads 500 2000 8000]`.

Draws days of vehicles with the plates and misreads of `benchmarks/matching.py`: one in eight comes again
the same day, one read in fifty is missed, one in a hundred is told twice under two ids, half a minute
apart, one vehicle in a thousand has another's plate. `parking.rules.pairing` pairs each day in one go.

Prints for each size the seconds, the microseconds for each read, and of the visits whose entry and exit
both were read the shares that were paired without a doubt, paired with one, and left apart; then the
pairs without a doubt that are of two visits.
"""

import argparse
import random
import time
from datetime import UTC, datetime, timedelta

from matching import beside, fresh, noisy

from parking.rules.matching import Read
from parking.rules.pairing import Seen, paired

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
AGAIN = 0.125
MISSED = 0.02
DOUBLE = 0.01
FLEETS = 0.1
CLONED = 0.001


def main():
    options = arguments()
    print(
        f"{'reads':>7}{'seconds':>9}{'us/read':>9}{'clean':>9}{'doubt':>9}{'apart':>9}{'merged':>9}"
    )
    for count in options.reads:
        seen, visit_of = day(count, random.Random(options.seed), options.missed)
        began = time.perf_counter()
        pairs = paired(seen)
        row(len(seen), time.perf_counter() - began, *judged(pairs, visit_of))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reads", type=int, nargs="+", default=[500, 2000, 8000])
    parser.add_argument("--missed", type=float, default=MISSED, help="share of the reads")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def day(count, draw, missed=MISSED):
    """About so many reads of a day, and the visit that each is of, by its id."""
    seen, visit_of, plates = [], {}, []
    visit = 0
    while len(seen) < count:
        plate = some_plate(plates, draw)
        plates.append(plate)
        start = MIDNIGHT + timedelta(minutes=draw.randrange(18 * 60))
        for _ in range(1 + (draw.random() < AGAIN)):
            end = start + timedelta(minutes=draw.randrange(3, 300))
            for moment, entry in ((start, True), (end, False)):
                if draw.random() >= missed:
                    for late in range(1 + (draw.random() < DOUBLE)):
                        one = read(plate, moment + timedelta(seconds=30 * late), draw)
                        seen.append(Seen(len(seen), entry, one))
                        visit_of[len(seen) - 1] = visit
            visit += 1
            start = end + timedelta(minutes=draw.randrange(1, 240))
    draw.shuffle(seen)
    return seen, visit_of


def some_plate(plates, draw):
    chance = draw.random()
    if plates and chance < CLONED:
        return draw.choice(plates)
    if plates and chance < FLEETS:
        return beside(draw.choice(plates), draw)
    return fresh(draw)


def read(plate, moment, draw):
    told = noisy(plate, draw)
    return Read(told.candidates, moment, told.country)


def judged(pairs, visit_of):
    """Visits paired without a doubt, with one, left apart; pairs without a doubt of two visits."""
    whole = {}
    for pair in pairs:
        for side, pk in (("in", pair.entry), ("out", pair.exit)):
            if pk is not None:
                whole.setdefault(visit_of[pk], set()).add(side)
    both = sum(len(sides) == 2 for sides in whole.values())
    joined = [pair for pair in pairs if pair.entry is not None and pair.exit is not None]
    right = [pair for pair in joined if visit_of[pair.entry] == visit_of[pair.exit]]
    clean = sum(not pair.doubt for pair in right)
    merged = sum(not pair.doubt for pair in joined) - clean
    return clean / both, (len(right) - clean) / both, (both - len(right)) / both, merged


def row(count, seconds, clean, doubtful, apart, merged):
    shares = f"{clean:9.2%}{doubtful:9.2%}{apart:9.2%}"
    print(f"{count:7}{seconds:9.2f}{seconds / count * 1e6:9.0f}{shares}{merged:9}", flush=True)


if __name__ == "__main__":
    main()
