"""Two lanes read one plate at the same moment: `python benchmarks/race.py [--pairs N]`.

Two processes, each with a connection of its own, wait for each other before every ask, N times: a third
of the pairs two entries, a third an entry and an exit, a third two exits. They ask over the lane
API with their keys. Afterwards the books are looked at: a plate with two stays, or a stay that two exits
let out, is doubled. On a fresh SQLite file, or on a fresh database beside the one of DATABASE_URL.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from installation import ROOT, environment, furnish, own_installation
from rich.progress import Progress

KINDS = (("in", "in"), ("in", "out"), ("out", "out"))
LANES = ("in", "in", "out", "out")
CLEAR = str.maketrans("0123456789ABCDEF", "ACEFHJKLMNPRTVXY")  # no two that look alike
PATIENCE = 60.0  # seconds that one racer waits for the other


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=10_000)
    pairs = parser.parse_args().pairs
    os.chdir(ROOT)
    with own_installation("race") as (url, folder):
        variables = {**environment(url, folder), "ALLOWED_HOSTS": "testserver"}
        keys = furnish(variables, LANES)
        started(variables)
        come_in(pairs)
        told = race(variables, keys, pairs)
        report(told, pairs)


def plates(pairs):
    """A plate for each pair, and its kind. They differ in so much that none is taken for another."""
    for number in range(pairs):
        spread = f"{number * 7919 % 100_000_007:08X}".translate(CLEAR)
        yield spread, KINDS[number % len(KINDS)]


def started(variables):
    os.environ.update(variables, DJANGO_SETTINGS_MODULE="config.settings")
    import django

    django.setup()


def come_in(pairs):
    """Let those in that will leave by two exits at once."""
    from parking.models import CarPark, ParkingSession

    park, at = CarPark.objects.get(), datetime.now(UTC) - timedelta(minutes=2)
    stays = [
        ParkingSession(car_park=park, plate=plate, entered_at=at)
        for plate, kind in plates(pairs)
        if kind == ("out", "out")
    ]
    ParkingSession.objects.bulk_create(stays, batch_size=500)


def race(variables, keys, pairs):
    """Let two processes ask, pair by pair; (milliseconds, answers) of each."""
    context = multiprocessing.get_context("spawn")  # a fork would share the database's connection
    start, queue = context.Barrier(2), context.Queue()
    racers = [
        context.Process(target=racer, args=(variables, keys, place, pairs, start, queue))
        for place in (0, 1)
    ]
    for one in racers:
        one.start()
    told = {0: [], 1: []}
    with Progress() as progress:
        bar = progress.add_task("pairs", total=2 * pairs)
        for _ in range(2 * pairs):
            place, *answer = queue.get(timeout=2 * PATIENCE)
            told[place].append(answer)
            progress.advance(bar)
    for one in racers:
        one.join()
    return told[0], told[1]


def racer(variables, keys, place, pairs, start, queue):
    """One of the two: its lane for each pair is the entry or the exit that stands at this place."""
    started(variables)
    from django.test import Client

    client = Client()
    for plate, kind in plates(pairs):
        key = keys[LANES.index(kind[place]) + place]
        body = json.dumps(
            {
                "passage": str(uuid.uuid4()),
                "seen_at": datetime.now(UTC).isoformat(),
                "plate": plate,
                "confidence": 0.99,
            }
        )
        start.wait(PATIENCE)
        began = time.perf_counter()
        answer = client.post(
            "/api/v1/lane/arrivals",
            body,
            content_type="application/json",
            headers={"Authorization": f"Lane {key}"},
        )
        took = (time.perf_counter() - began) * 1000
        told = answer.json() if answer.status_code == 200 else {"decision": answer.status_code}
        queue.put((place, took, f"{told['decision']} {told.get('reason', '')}"))


def report(told, pairs):
    from django.db import connection

    outcomes = {kind: Counter() for kind in KINDS}
    for (_, kind), (_, one), (_, two) in zip(plates(pairs), *told, strict=True):
        outcomes[kind][" + ".join(sorted([one, two]))] += 1
    for kind, counted in outcomes.items():
        for answers, number in counted.most_common():
            print(f"{' and '.join(kind):12} {answers:36} {number:6}")
    times = [took for side in told for took, _ in side]
    centiles = statistics.quantiles(times, n=100)
    print(
        f"{connection.vendor}: {pairs} pairs, p50 {centiles[49]:.1f} ms, p99 {centiles[98]:.1f} ms"
    )
    print(f"plates with two stays: {twice_in()}   stays let out twice: {twice_out()}")


def twice_in():
    from django.db.models import Count

    from parking.models import ParkingSession

    stays = ParkingSession.objects.filter(voided_at=None).order_by()
    return stays.values("plate").annotate(number=Count("id")).filter(number__gt=1).count()


def twice_out():
    from django.db.models import Count

    from gates.models import Passage

    out = Passage.objects.filter(decision="open", lane__direction="out").exclude(session=None)
    return (
        out.order_by().values("session").annotate(number=Count("id")).filter(number__gt=1).count()
    )


if __name__ == "__main__":
    main()
