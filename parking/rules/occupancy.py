"""How many vehicles are inside, and how sure that is: counts in and out, what is missed, what people count.

Cameras miss a vehicle now and then, so a sum of entries less exits drifts, and a stay whose exit was
missed stays open for ever. Each open stay therefore counts as likely as its age allows, once a night,
and from there on (or from what a person counted) vehicles are counted in and out, with an error that
grows with each of them.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

SURE = 2.0  # standard deviations on either side: 19 times of 20
# What is taken for granted before a lane was measured: one of 200 vehicles is missed.
MISSED, SEEN = 1.0, 200.0
MISCOUNTED = 0.01  # people who count vehicles are wrong by so much
# Stays as long as these are taken to have happened once each, so that a young car park has an idea.
FIRST_GUESSES = tuple(timedelta(hours=hours) for hours in (0.5, 1, 2, 3, 4, 6, 8, 12, 24, 48))


@dataclass(frozen=True)
class Anchor:
    """So many vehicles were inside `at` that moment, give or take `sd` (standard deviation)."""

    inside: float
    sd: float
    at: datetime
    counted: bool  # by a person; else from the stays that were open that night


@dataclass(frozen=True)
class Missed:
    """The share of vehicles that come, and that leave, without having been seen."""

    coming: float
    leaving: float


@dataclass(frozen=True)
class Occupancy:
    """Between `low` and `high` vehicles, most likely `inside`; `came` and `left` since the anchor."""

    inside: int
    low: int
    high: int
    anchor: Anchor
    came: int
    left: int

    def free(self, places):
        """The fewest and the most places that are free, of so many."""
        return max(0, places - self.high), max(0, places - self.low)


def share_missed(missed, seen):
    """How likely a vehicle is missed, where so many were and so many were not."""
    return (missed + MISSED) / (missed + seen + SEEN)


def longer_than(lengths: Sequence[timedelta]) -> Callable[[timedelta], float]:
    """From the lengths of stays: the share of stays that last longer than a time."""
    known = sorted((*lengths, *FIRST_GUESSES))

    def share(age):
        # Half a stay more: none is so long that a longer one could not be.
        return (len(known) - bisect_left(known, age) + 0.5) / (len(known) + 0.5)

    return share


def still_inside(age, longer, missed_leaving):
    """How likely the vehicle of a stay that is open at this age is inside: not, if its exit was missed."""
    stays, gone_unseen = longer(age), (1 - longer(age)) * missed_leaving
    return stays / (stays + gone_unseen)


def at_night(at, surely, ages, longer, missed):
    """The anchor of a night: `surely` vehicles that were seen to leave later, and the `ages` of the stays
    that are open still."""
    chances = [still_inside(age, longer, missed.leaving) for age in ages]
    unseen = missed.coming * (surely + len(ages))
    spread = sum(chance * (1 - chance) for chance in chances) + unseen
    return Anchor(surely + sum(chances) + unseen, sqrt(spread), at, counted=False)


def counted(at, number):
    """The anchor of a number that a person counted."""
    return Anchor(number, MISCOUNTED * number, at, counted=True)


def since(anchor, came, left, missed):
    """The `Occupancy` after so many vehicles came and left since, read or not."""
    unseen_in, unseen_out = missed.coming * came, missed.leaving * left
    inside = max(0.0, anchor.inside + came + unseen_in - left - unseen_out)
    error = SURE * sqrt(anchor.sd**2 + unseen_in + unseen_out)
    return Occupancy(
        inside=round(inside),
        low=round(max(0.0, inside - error)),
        high=round(inside + error),
        anchor=anchor,
        came=came,
        left=left,
    )


def surest(found):
    """Of several `Occupancy` the one with the shortest bar; of equal ones the latest anchor's."""
    return min(found, key=lambda one: (one.high - one.low, -one.anchor.at.timestamp()))
