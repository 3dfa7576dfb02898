from datetime import UTC, datetime, timedelta

import pytest

from gates.rules.alone import Asking, Span, alone

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def asking(direction="in", plate="AB12CDE", accepted=True, opens_for="permits", **lists):
    return Asking(direction, plate, accepted, opens_for, **lists)


def mine(starts=-HOUR, ends=HOUR):
    return (Span("AB12CDE", NOON + starts, None if ends is None else NOON + ends),)


@pytest.mark.parametrize(
    ("car", "decision", "reason"),
    [
        (asking(permits=mine()), "open", "permit"),
        (asking(permits=mine(ends=None)), "open", "permit"),
        (asking(permits=mine(starts=HOUR)), "hold", "alone"),
        (asking(permits=mine(ends=-HOUR / 2)), "hold", "alone"),
        (asking(permits=mine(), accepted=False), "hold", "unreadable"),
        (asking(permits=mine(), plate=None, accepted=False), "hold", "unreadable"),
        (asking(permits=mine(), blocked=mine()), "refuse", "blocked"),
        (asking(opens_for="everyone"), "open", "alone"),
        (asking(opens_for="everyone", blocked=mine()), "refuse", "blocked"),
        (asking(opens_for="everyone", plate=None, accepted=False), "open", "alone"),
        (asking(opens_for="nobody", permits=mine()), "hold", "alone"),
        (asking(settled=mine()), "hold", "alone"),
        (asking("out", opens_for="everyone"), "open", "alone"),
        (asking("out", opens_for="everyone", blocked=mine()), "open", "alone"),
        (asking("out", opens_for="everyone", plate=None, accepted=False), "open", "alone"),
        (asking("out", opens_for="permits", settled=mine()), "open", "settled"),
        (asking("out", opens_for="permits", permits=mine()), "open", "permit"),
        (asking("out", opens_for="permits"), "hold", "alone"),
        (asking("out", opens_for="nobody", settled=mine()), "hold", "alone"),
    ],
)
def test_a_lane_alone(car, decision, reason):
    answer = alone(car, NOON)
    assert (answer.decision, answer.reason) == (decision, reason)


@pytest.mark.parametrize(
    ("listed", "read", "permitted", "blocked", "settled"),
    [
        (["AB12ODE"], "AB120DE", "open", "refuse", "open"),
        (["AB10", "ABIO"], "ABIO", "open", "refuse", "open"),
        (["ABIO", "AB1O"], "AB10", "hold", "refuse", "hold"),  # whose is it?
        (["ABIO", "ABIO"], "AB10", "open", "refuse", "open"),
        (["AB12CDF"], "AB12CDE", "hold", "hold", "hold"),  # a neighbour by one character
        (["AB12CD"], "AB12CDE", "hold", "hold", "hold"),
    ],
)
def test_what_cameras_cannot_tell_apart_counts_as_one(listed, read, permitted, blocked, settled):
    spans = tuple(Span(plate) for plate in listed)
    cars = (
        asking(plate=read, permits=spans),
        asking(plate=read, blocked=spans),
        asking("out", plate=read, settled=spans),
    )
    assert [alone(car, NOON).decision for car in cars] == [permitted, blocked, settled]


def test_of_two_plates_that_look_the_same_only_what_holds_now_counts():
    permits = (Span("ABIO"), Span("AB1O", ends_at=NOON))
    assert alone(asking(plate="AB10", permits=permits), NOON).decision == "open"
