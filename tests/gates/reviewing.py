"""Reviewers at work in the tests: stays in doubt, vehicles held, a case taken and answered."""

from datetime import timedelta

from django.utils import timezone

from gates import findings, review
from gates.models import Case
from gates.passages import give_order
from gates.rules.agreement import asked_twice
from parking.doubts import raise_doubt
from parking.models import Doubt, ParkingSession
from tests.gates.room import held


def inside(park, plate, ago=timedelta(hours=2), **facts):
    return ParkingSession.objects.create(
        car_park=park, plate=plate, entered_at=timezone.now() - ago, **facts
    )


def doubted(park, plate, kind=Doubt.CLOCK, **facts):
    """A stay that has left and is in doubt."""
    stay = inside(park, plate, left_at=timezone.now() - timedelta(minutes=30), **facts)
    raise_doubt(stay, kind, at=timezone.now())
    return stay


# A read that could be two plates, for which the lane alone takes no stay when both are inside.
EITHER = {
    "confidence": 0.5,
    "candidates": [
        {"plate": "AE12CDE", "probability": 0.5},
        {"plate": "AB12CDE", "probability": 0.4},
    ],
}


def either(park, way_out):
    """A vehicle at the exit that could be either of two stays; its passage and the second's stay."""
    inside(park, "AE12CDE")
    stay = inside(park, "AB12CDE")
    return held(way_out, "AE12CDE", **EITHER), stay


def take(park, someone):
    return review.next_case(park, someone, timezone.now())


def say(case, what, by, **more):
    return findings.answer(case, what, by=by, now=timezone.now(), **more)


def again(lane_box, passage, plate, **more):
    """The lane asks again for the same vehicle: decision and reason."""
    return lane_box.answer(plate, passage=passage.pk, **more)


def let_out(lane_box, passage, operator, plate=None):
    give_order(lane_box.lane, "open", by=operator, why="Lets it out", now=timezone.now())
    confidence = 0.97 if plate else None
    assert again(lane_box, passage, plate, confidence=confidence) == "open operator"


def in_the_sample(park, ann):
    """A case that is asked twice, claimed by Ann."""
    number = next(number for number in range(1, 1000) if asked_twice(number))
    case = take(park, ann)
    Case.objects.filter(pk=case.pk).update(id=number)
    return Case.objects.get(pk=number)
