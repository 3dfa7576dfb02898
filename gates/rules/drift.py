"""Does a lane read worse than it used to, and what should somebody look at?

The newest vehicles are compared with earlier ones of the same lane that came at the same hours of the
day, so that a night is compared with nights. Each question is put so that a vehicle answers it with yes
or no ("was it not read?", "is its picture more blurred than half of the earlier ones?"), and one test
tells chance from change: Cochran's, for a two by two table in each part of the day (Mantel and Haenszel,
1959). With few vehicles it needs all the more of them to be bad.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import sqrt
from operator import attrgetter
from statistics import median

RECENT = 100  # vehicles of which the sentence speaks
NEWEST = 30  # of these show whether it is still so, and what the pictures look like now
EARLIER = 1000  # vehicles that are the lane's normal
KNOWN = 100  # with fewer there is no normal yet
PART = 3  # hours of a part of the day
IN_A_PART = 10  # earlier vehicles, or that part of the day has no normal
SURE = 3.5  # standard deviations; a lane is looked at every few minutes, so 2 would cry wolf daily
LEAST_MORE = (
    5  # vehicles more than chance has it, or five cars of a strange country would be a drift
)
LEAST_FALL = 0.05  # of the share read; less is not worth anybody's walk to the lane


@dataclass(frozen=True)
class Seen:
    """A vehicle as its lane read it; `at` is UTC.

    `read`: a machine could act on its plate, and no person said otherwise. The others are as in
    `gates.readers`; None where nobody measured.
    """

    at: datetime
    read: bool
    confidence: float | None = None
    blur: float | None = None
    contrast: float | None = None
    clipping: float | None = None
    height: int | None = None

    @property
    def part(self):
        """The part of the day in which it came."""
        return self.at.hour // PART


@dataclass(frozen=True)
class Sign:
    """A measure that may have become worse: upwards (1) or downwards (-1), by at least `least` plus
    `share` of what is usual; and what to say and do then."""

    measure: str
    way: int
    least: float
    share: float
    said: str


SIGNS = (
    Sign("blur", 1, 0.08, 0, "its pictures have become blurred: clean the lens or refocus"),
    Sign("contrast", -1, 0.12, 0, "its pictures have become pale: see to lamp, exposure and lens"),
    Sign("clipping", 1, 0.1, 0, "glare or black hides its plates: see to lamp, shade and exposure"),
    Sign("height", -1, 0, 0.15, "its plates have become smaller: was the camera moved or zoomed?"),
    Sign("confidence", -1, 0.05, 0, "it has become less sure: look at its newest pictures"),
)


def drift(recent, earlier):
    """A sentence on what became worse and what to look at, or "" while all is as it was.

    Both are `Seen` vehicles of one lane, the newest first; `recent` at most RECENT, and `earlier`
    before them.
    """
    normal = _by_part(earlier, IN_A_PART)
    recent = [car for car in recent if car.part in normal]
    if len(earlier) < KNOWN or not recent:
        return ""
    found = "; ".join(sign.said for sign in SIGNS if _shows(sign, recent[:NEWEST], normal))
    now, before = _share_read(recent), _usual_share(recent, normal)
    if not _fell(recent, normal):
        return f"Reads as before, but {found}." if found else ""
    fell = (
        f"Reads {now:.0%} of the last {len(recent)} vehicles without a person, {before:.0%} before"
    )
    return f"{fell}: {found or 'look at the pictures that it did not read'}."


def _by_part(cars, least=1):
    """The vehicles of each part of the day that has at least so many."""
    parts = defaultdict(list)
    for car in cars:
        parts[car.part].append(car)
    return {part: cars for part, cars in parts.items() if len(cars) >= least}


# the share that is read


def _fell(recent, normal):
    """Are fewer read than before, and still among the newest?"""
    is_so = _surely_more(recent, normal, lambda car: not car.read)
    return is_so and all(_fall(cars, normal) >= LEAST_FALL for cars in (recent, recent[:NEWEST]))


def _fall(cars, normal):
    return _usual_share(cars, normal) - _share_read(cars)


def _share_read(cars):
    return sum(car.read for car in cars) / len(cars)


def _usual_share(cars, normal):
    """What share of them would have been read earlier, at the hours at which they came."""
    usual = {part: _share_read(earlier) for part, earlier in normal.items()}
    return sum(usual[car.part] for car in cars) / len(cars)


# the pictures


def _shows(sign, cars, normal):
    """Have these vehicles' pictures become worse in this measure?"""
    cars, normal = _measured(sign, cars, normal)
    if not cars:
        return False
    value = attrgetter(sign.measure)
    usual = {part: median(map(value, earlier)) for part, earlier in normal.items()}

    def worse(car):
        return sign.way * (value(car) - usual[car.part])

    enough = sign.least + sign.share * median(usual[car.part] for car in cars)
    change = median(map(worse, cars))
    return change >= enough and _surely_more(cars, normal, lambda car: worse(car) > 0)


def _measured(sign, cars, normal):
    """Those of whom the measure is known, and what is normal among such."""

    def known(cars):
        return [car for car in cars if getattr(car, sign.measure) is not None]

    normal = _by_part(known(chain(*normal.values())), IN_A_PART)
    return [car for car in known(cars) if car.part in normal], normal


# chance or change


def _surely_more(cars, normal, bad):
    """Are more of the vehicles bad than earlier ones were, by more than chance explains?"""
    more = spread = 0.0
    for part, here in _by_part(cars).items():
        found, expected, variance = _table(here, normal[part], bad)
        more, spread = more + found - expected, spread + variance
    return more >= LEAST_MORE and more >= SURE * sqrt(spread)


def _table(here, earlier, bad):
    """How many are bad, how many chance would give them, and the variance of that (hypergeometric)."""
    ours, theirs = len(here), len(earlier)
    every = ours + theirs
    found = sum(map(bad, here))
    total = found + sum(map(bad, earlier))
    variance = ours * theirs * total * (every - total) / (every**2 * (every - 1))
    return found, ours * total / every, variance
