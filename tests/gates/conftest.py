"""A small car park with its lanes, spoken to as a lane box does: over HTTP, with a key."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.test import Client

from billing.models import Tariff
from billing.rules.terms import simple
from gates.models import Lane
from parking.models import CarPark

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class LaneBox:
    """A lane's side of the API. `ask` and `tell` return Django's response."""

    lane: Lane
    key: str

    def call(self, method, path, body):
        return getattr(Client(), method)(
            f"/api/v1/lane/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Lane {self.key}"},
        )

    def ask(self, plate="AB12CDE", *, passage=None, seen_at=None, confidence=0.97, **more):
        body = {
            "passage": str(passage or uuid.uuid4()),
            "seen_at": (seen_at or datetime.now(UTC)).isoformat(),
            "plate": plate,
            "confidence": confidence,
            **more,
        }
        return self.call("post", "arrivals", body)

    def answer(self, plate="AB12CDE", **more):
        """Decision and reason of an ask, as one word: "open permit"."""
        told = self.ask(plate, **more).json()
        return f"{told['decision']} {told['reason']}"

    def tell(self, kind, passage=None, *, event=None, at=None, **detail):
        event = {
            "id": str(event or uuid.uuid4()),
            "passage": str(passage) if passage else None,
            "kind": kind,
            "at": (at or datetime.now(UTC)).isoformat(),
            "detail": detail,
        }
        return self.call("post", "events", {"events": [event]})

    def beat(self, **health):
        now = datetime.now(UTC).isoformat()
        return self.call("post", "beat", {"sent_at": now, "version": "1", "health": health})

    def send_picture(self, passage, kind, body):
        return Client().put(
            f"/api/v1/lane/passages/{passage}/pictures/{kind}",
            body,
            content_type="image/jpeg",
            headers={"Authorization": f"Lane {self.key}"},
        )


@pytest.fixture
def park(db):
    park = CarPark.objects.create(slug="town", name="Town Square")
    Tariff.objects.create(
        car_park=park,
        version=1,
        starts_at=LONG_AGO,
        terms=simple(free=15, step=60, step_price=150, day_cap=1200),
    )
    return park


def lane_box(park, name, direction):
    lane = Lane(car_park=park, name=name, direction=direction)
    key = lane.new_key()
    lane.save()
    return LaneBox(lane, key)


@pytest.fixture
def entry(park):
    return lane_box(park, "north-entry", "in")


@pytest.fixture
def second_entry(park):
    return lane_box(park, "south-entry", "in")


@pytest.fixture
def way_out(park):
    return lane_box(park, "exit", "out")


@pytest.fixture
def second_exit(park):
    return lane_box(park, "second-exit", "out")


@pytest.fixture
def operator(db):
    from django.contrib.auth.models import User

    from parking.roles import group

    person = User.objects.create_user("olivia")
    person.groups.add(group("operator"))
    return person


@pytest.fixture
def room(operator, settings, tmp_path):
    """The operator's browser in the control room."""
    from tests.gates.room import browser

    settings.MEDIA_ROOT = str(tmp_path)
    return browser(operator)


@pytest.fixture
def ann(park):
    """A reviewer, and below a second one."""
    from tests.gates.room import person

    return person("reviewer", "ann")


@pytest.fixture
def ben(park):
    from tests.gates.room import person

    return person("reviewer", "ben")
