"""Two lanes, one car, the same moment: from separate processes, on the real database."""

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from django.db import connection

from gates.models import Event, Passage
from parking.models import ParkingSession, Permit, Pool

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 40
START_UP = 3.0  # seconds that a racer's Python needs before it can ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def database_url():
    """The address of the database that this test runs on, for other processes."""
    now = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{now['NAME']}"
    return f"postgres://{now['USER']}@{now['HOST']}:{now['PORT']}/{now['NAME']}"


def race(keys, kind, *ids):
    """Let one process for each key ask for its ids at the same moments (one list: for all of them);
    their answers, parsed."""
    each = ids if len(ids) > 1 else ids * len(keys)
    start = str(time.time() + START_UP)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ALLOWED_HOSTS": "testserver",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "tests/gates/racer.py"]
    racers = [
        subprocess.Popen(
            [*command, key, start, kind, *ours],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for key, ours in zip(keys, each, strict=True)
    ]
    told = [racer.communicate(timeout=90) for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * len(keys), told
    return [[line.split(" ", 1) for line in out.splitlines()] for out, _ in told]


def test_two_lanes_open_one_stay_for_one_plate(entry, second_entry):
    plates = [f"RACE{number}" for number in range(ROUNDS)]
    north, south = race([entry.key, second_entry.key], "plate", plates)
    assert ParkingSession.objects.count() == ROUNDS
    for pair in zip(north, south, strict=True):
        assert sorted(json.loads(body)["reason"] for _, body in pair) == [
            "already_inside",
            "visitor",
        ]


def test_the_same_arrival_on_two_connections_is_one_passage_with_one_answer(entry):
    ids = [str(uuid.uuid4()) for _ in range(ROUNDS)]
    first, second = race([entry.key, entry.key], "passage", ids)
    assert first == second
    assert {status for status, _ in first} == {"200"}
    assert (Passage.objects.count(), ParkingSession.objects.count()) == (ROUNDS, ROUNDS)


def test_the_same_event_on_two_connections_is_stored_once(entry):
    ids = [str(uuid.uuid4()) for _ in range(ROUNDS)]
    first, second = race([entry.key, entry.key], "event", ids)
    assert first == second == [["200", json.dumps({"stored": [one]})] for one in ids]
    assert Event.objects.count() == ROUNDS


def test_two_lanes_never_give_the_last_place_of_a_pool_twice(park, entry, second_entry):
    for number in range(ROUNDS):
        pool = Pool.objects.create(car_park=park, name=f"Firm {number}", at_once=1)
        for plate in (f"N{number}RTH", f"S{number}UTH"):
            Permit.objects.create(car_park=park, plate=plate, holder=pool.name, pool=pool)
    northern = [f"N{number}RTH" for number in range(ROUNDS)]
    southern = [f"S{number}UTH" for number in range(ROUNDS)]
    north, south = race([entry.key, second_entry.key], "plate", northern, southern)
    for pair in zip(north, south, strict=True):
        assert sorted(json.loads(body)["reason"] for _, body in pair) == ["permit", "visitor"]
    assert {pool.inside().count() for pool in Pool.objects.all()} == {1}
