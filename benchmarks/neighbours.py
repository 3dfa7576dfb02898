"""Sibling plates at a lane: `python benchmarks/neighbours.py [--fleets N] [--noise P] [--seed S]`.

A thousand firms whose plates are one character apart: four members with a permit, four neighbours without
one. Half of the firms chose characters that cameras confuse (B and 8, S and 5 ...), the others any.
Each member comes and is read with noise, frame by frame, and its frames vote as in a lane; each
neighbour comes and is read exactly. All of them ask at an entry of a car park for permit holders only,
through the lane API of a web server, so that an arm that opens has opened by a permit.

Each that was let in backs out again, so that the next finds nobody inside. Printed, for SQLite and for
the PostgreSQL server that DATABASE_URL names if it names one: by whose permit the arm opened (0 times
by a neighbour's is the aim), how many members wait for a person, and how many members' frames voted
surely enough for another member's plate: without a look at the other permits these would have
opened by a neighbour's.

The noise is that of `fleets.py`.
"""

import argparse
import json
import random
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
from installation import each_database, environment, furnish, manage, server

from benchmarks.fleets import MEMBERS, NEIGHBOURS, exactly, fleets, noisy
from gates.rules.votes import ACCEPTED_AT
from parking.rules.plates import folded

LANES = 4

PERMITS = """
import json, pathlib
from parking.models import CarPark, Permit
CarPark.objects.update(places=0)
park = CarPark.objects.get()
plates = json.loads(pathlib.Path({path!r}).read_text())
Permit.objects.bulk_create(Permit(car_park=park, plate=p, holder=h) for p, h in plates)
"""


def main():
    options = arguments()
    found = fleets(options.fleets, options.seed)
    print(
        f"{len(found)} fleets of {MEMBERS} members and {NEIGHBOURS} neighbours, noise {options.noise}"
    )
    for name, url, folder in each_database():
        measure(name, url, folder, found, options)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fleets", type=int, default=1000)
    parser.add_argument(
        "--noise", type=float, default=0.10, help="of a character being hard to read"
    )
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def measure(name, url, folder, found, options):
    variables = environment(url, folder)
    keys = furnish(variables, ["in"] * LANES)
    permits = [(plate, f"Fleet {n}") for n, one in enumerate(found) for plate in one.members]
    path = Path(folder) / "permits.json"
    path.write_text(json.dumps(permits))
    manage(variables, "shell", "--verbosity=0", "--command", PERMITS.format(path=str(path)))
    began = time.perf_counter()
    with server(variables) as base, ThreadPoolExecutor(LANES) as lanes:
        parts = [(base, keys[n], found[n::LANES], options, n) for n in range(LANES)]
        outcomes = sum(lanes.map(lambda part: ask_all(*part), parts), Counter())
    show(name, outcomes, time.perf_counter() - began)


def ask_all(base, key, found, options, number):
    """All vehicles of these fleets, one after the other: neighbours first, before members are inside."""
    chance, outcomes = random.Random(f"{options.seed} {number}"), Counter()
    with httpx.Client(base_url=base, headers={"Authorization": f"Lane {key}"}, timeout=30) as line:
        for one in found:
            for plate in one.neighbours:
                outcomes["neighbour", outcome(line, plate, exactly(plate))] += 1
            for plate in one.members:
                read = noisy(chance, plate, options.noise)
                outcomes["member", outcome(line, plate, read)] += 1
                outcomes["misread", "as another member"] += misread(one, plate, read)
    return outcomes


def misread(one, true, read):
    """Whether the votes are sure, and of another member's plate."""
    others = {folded(plate) for plate in one.members if plate != true}
    return read["confidence"] >= ACCEPTED_AT and folded(read["plate"]) in others


def outcome(line, true, read):
    """What became of this vehicle: opened by its own permit or a neighbour's, or not opened."""
    body = {"passage": str(uuid.uuid4()), "seen_at": now(), **read}
    told = line.post("/api/v1/lane/arrivals", json=body)
    told.raise_for_status()
    answer = told.json()
    if answer["decision"] != "open":
        return f"not opened: {answer['reason']}"
    back = {"id": str(uuid.uuid4()), "kind": "backed_out", "at": now(), "detail": {}}
    events = {"events": [{**back, "passage": body["passage"]}]}
    line.post("/api/v1/lane/events", json=events).raise_for_status()
    return "own permit" if folded(answer["plate"]) == folded(true) else "a neighbour's permit"


def now():
    return datetime.now(UTC).isoformat()


def show(name, outcomes, seconds):
    print(f"\n{name}, {seconds:.0f} s")
    for who in ("neighbour", "member"):
        whole = sum(count for (one, _), count in outcomes.items() if one == who)
        print(f"  {whole} {who}s came")
        for (one, what), count in sorted(outcomes.items()):
            if one == who:
                print(f"    {count:6} {100 * count / whole:7.2f} %  {what}")
    print(f"  sure reads of another member's plate: {outcomes['misread', 'as another member']}")
    print(f"  opened by a neighbour's permit: {sum(wrong(outcomes))}")


def wrong(outcomes):
    return (count for (_, what), count in outcomes.items() if what == "a neighbour's permit")


if __name__ == "__main__":
    main()
