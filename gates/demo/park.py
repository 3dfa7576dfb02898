"""The demo's car park: its prices, people, lanes with their keys and files, in a folder of its own."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from billing.models import Tariff
from billing.rules.terms import simple
from gates.models import Lane
from parking.models import BlockedPlate, CarPark, Permit
from parking.roles import add_person

SLUG = "demo"
OPERATOR = "operator"
MINUTE = timedelta(minutes=1)

LANE_FILE = """\
name = {name}
direction = {direction}
server = {server}
key_file = {key}
state = {state}
home = ["GB"]  # most of the drawn cars are from there

[camera]
driver = "drawn"
scene = {scene}
arm = {arm}
pace = {pace}
gap = {pace}  # a second between two cars, at any pace

[reader]
driver = "paddle"

[trigger]
driver = "motion"

[barrier]
driver = "mock"
arm = {arm}
journal = {journal}
pulse = 0.2
pause = 0.2
falls_after = {falls_after}

[deadline]
answer = 3.0  # a small machine draws, reads and answers all at once
"""


@dataclass(frozen=True)
class Site:
    """Where the demo keeps things, and where its server is. `pace` 2.0: cars move twice as fast."""

    folder: Path
    server: str
    pace: float = 1.0

    @property
    def scenes(self):
        return self.folder / "scenes"

    @property
    def logs(self):
        return self.folder / "logs"

    def state(self, name):
        return self.folder / "lanes" / name

    def lane_file(self, name):
        return self.folder / "lanes" / f"{name}.toml"


def make_car_park(*, places, free, step, price=100, cap=2000):
    """The car park `demo` in pounds; a stay up to `free` costs nothing, then `price` for each `step`.

    `free` may be seconds: it is the car park's time to consider, for a tariff counts in minutes.
    """
    car_park = CarPark.objects.create(
        slug=SLUG, name="Demo car park", places=places, consideration=free
    )
    Tariff.objects.create(
        car_park=car_park,
        version=1,
        starts_at=timezone.now() - timedelta(days=1),
        terms=simple(free=0, step=step // MINUTE, step_price=price, day_cap=cap, leave_within=10),
    )
    return car_park


def make_operator():
    """An account that may do an operator's work; returns its password, which is kept nowhere else."""
    return add_person(OPERATOR, "operator")


def permit(car_park, plate, holder):
    Permit.objects.create(car_park=car_park, plate=plate, holder=holder, starts_at=long_ago())


def block(car_park, plate, why):
    BlockedPlate.objects.create(car_park=car_park, plate=plate, why=why, starts_at=long_ago())


def long_ago():
    return timezone.now() - timedelta(days=1)


def make_lane(car_park, site, name, direction):
    """Register a lane and write its key and its lane file; returns the file's path."""
    lane = Lane(car_park=car_park, name=name, direction=direction)
    key = lane.new_key()
    lane.save()
    path = site.lane_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    key_file = path.with_suffix(".key")
    key_file.touch(mode=0o600)
    key_file.write_text(key)
    path.write_text(lane_text(site, name, direction, key_file))
    return path


def lane_text(site, name, direction, key_file):
    """The lane file of a drawn lane, as TOML (whose plain strings are JSON's)."""
    values = {
        "name": name,
        "direction": direction,
        "server": site.server,
        "key": str(key_file),
        "state": str(site.state(name)),
        "scene": str(site.scenes / f"{name}.json"),
        "arm": str(site.scenes / f"{name}.arm"),
        "journal": str(site.scenes / f"{name}.relay"),
        "pace": site.pace,
        "falls_after": 3.0 / site.pace,
    }
    return LANE_FILE.format(**{name: json.dumps(value) for name, value in values.items()})
