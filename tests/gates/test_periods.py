"""Barriers held up and lanes gone dark: from events in any order, from beats, and whom they touch."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from billing.payments import NothingDue, start_checkout
from gates.models import Lane
from parking.models import ParkingSession, Period, StayDoubt

pytestmark = pytest.mark.django_db


def now():
    return datetime.now(UTC)


def ago(**span):
    return now() - timedelta(**span)


def inside(park, plate="AB12CDE", **span):
    return ParkingSession.objects.create(
        car_park=park, plate=plate, entered_at=ago(**(span or {"hours": 5}))
    )


def spans():
    """All periods as kind, minutes ago they began, minutes ago they ended, and the cause."""

    def minutes(at):
        return at and round((now() - at).total_seconds() / 60)

    return [
        (one.kind, minutes(one.starts_at), minutes(one.ends_at), one.cause)
        for one in Period.objects.order_by("starts_at")
    ]


HELD = ("held_open", {"minutes": 60})
RELEASED = ("released", {"minutes": 30})
AGAIN = ("held_open", {"minutes": 20})
STILL_HELD = ("held_open", {"minutes": 50})


@pytest.mark.parametrize("told", list(permutations([HELD, RELEASED, AGAIN])))
def test_a_barrier_held_up_is_the_same_in_whatever_order_it_is_told(way_out, told):
    for kind, span in told:
        way_out.tell(kind, at=ago(**span))
    assert spans() == [("gate_open", 60, 30, "held up"), ("gate_open", 20, None, "held up")]


@pytest.mark.parametrize("told", list(permutations([HELD, STILL_HELD, RELEASED])))
def test_held_up_twice_is_one_period_from_the_first_on(way_out, told):
    for kind, span in told:
        way_out.tell(kind, at=ago(**span))
    assert spans() == [("gate_open", 60, 30, "held up")]


def test_a_release_of_what_was_not_held_up_is_nothing(way_out):
    way_out.tell("released", at=ago(minutes=3))
    assert spans() == []


def test_the_same_event_twice_is_one_period(way_out):
    event = uuid.uuid4()
    for _ in range(2):
        way_out.tell("held_open", event=event, at=ago(minutes=9))
    assert spans() == [("gate_open", 9, None, "held up")]


def test_a_wild_clock_does_not_open_a_barrier_in_1970(way_out):
    way_out.tell("held_open", at=datetime(1970, 1, 1, tzinfo=UTC))
    assert spans() == [("gate_open", 0, None, "held up")]


def test_a_lane_whose_clock_is_off_is_timed_by_the_server(way_out):
    Lane.objects.update(clock_ahead=-7200.0)
    way_out.tell("held_open", at=ago(hours=2))
    assert spans() == [("gate_open", 0, None, "held up")]


# whom they touch


@pytest.mark.parametrize(
    ("inside_for", "open_for", "answer"),
    [
        ({"hours": 5}, {"minutes": 30}, "hold doubt"),
        ({"hours": 5}, {"minutes": 3}, "hold doubt"),
        ({"hours": 5}, {"seconds": 90}, "hold due"),  # nobody leaves and comes back in that time
        ({"minutes": 20}, {"hours": 5}, "hold doubt"),
    ],
)
def test_a_barrier_that_stands_open_for_two_minutes_of_a_stay_holds_its_price(
    park, way_out, inside_for, open_for, answer
):
    inside(park, **inside_for)
    way_out.tell("held_open", at=ago(**open_for))
    assert way_out.answer() == answer


def test_one_that_was_over_before_the_vehicle_came_says_nothing(park, way_out):
    inside(park, hours=1)
    way_out.tell("held_open", at=ago(hours=3))
    way_out.tell("released", at=ago(minutes=59))
    assert way_out.answer() == "hold due"


def test_what_is_free_or_permitted_is_not_held(park, way_out):
    inside(park, minutes=10)
    way_out.tell("held_open", at=ago(minutes=9))
    assert way_out.answer() == "open free"
    assert StayDoubt.objects.count() == 0


def test_a_phone_is_not_asked_for_money_while_a_barrier_stands_open(park, entry):
    stay = inside(park)
    entry.tell("held_open", at=ago(minutes=9))
    with pytest.raises(NothingDue):
        start_checkout(stay, now())


def test_the_doubt_says_where_and_when_in_the_car_parks_time(park, way_out):
    park.timezone = "Asia/Tokyo"
    park.save()
    stay = inside(park)
    way_out.tell("held_open", at=ago(minutes=40))
    told = way_out.ask().json()
    starts = ago(minutes=40).astimezone(park.zone)
    assert stay.doubts.get().about == f"exit, {starts.day} {starts:%b %H:%M}"
    assert told["message"].startswith("A barrier stood open while you were here")


def test_whoever_was_doubted_in_vain_is_not_any_more(park, way_out):
    """The release was told after an exit had asked: the barrier had been down long before."""
    stay = inside(park, minutes=40)
    way_out.tell("held_open", at=ago(minutes=60))
    assert way_out.answer() == "hold doubt"
    way_out.tell("released", at=ago(minutes=50))
    assert way_out.answer() == "hold due"
    assert stay.doubts.get().why == "It did not last into this stay."


def test_who_had_left_before_it_was_known_is_looked_at(park, entry):
    """An hour without a line, and then the lane tells that its barrier had stood open."""
    stay = inside(park, hours=5)
    free = inside(park, "BC23DEF", minutes=40)
    ParkingSession.objects.filter(pk=stay.pk).update(left_at=ago(minutes=10))
    ParkingSession.objects.filter(pk=free.pk).update(left_at=ago(minutes=30))
    entry.tell("held_open", at=ago(minutes=60))
    entry.tell("released", at=ago(minutes=5))
    doubted = StayDoubt.objects.values_list("session__plate", "kind")
    assert list(doubted) == [("AB12CDE", "gate_open")]


# dark lanes


def beat_after(lane_box, *, silent, **health):
    """A beat after so many seconds of silence."""
    Lane.objects.filter(pk=lane_box.lane.pk).update(last_beat_at=ago(seconds=silent))
    return lane_box.beat(**health)


@pytest.mark.parametrize(
    ("silent", "health", "found"),
    [
        (3, {}, []),
        (100, {"running_seconds": 5}, []),  # started again: over before anybody could turn round
        (600, {"running_seconds": 60}, [("lane_dark", 10, 1, "no sign of life")]),
        (600, {}, [("lane_dark", 10, 0, "no sign of life")]),  # it does not say how long it runs
        (
            600,
            {"running_seconds": 9000, "waiting": 7},
            [("lane_dark", 10, None, "no sign of life")],
        ),
        (600, {"running_seconds": 9000}, [("lane_dark", 10, 0, "no sign of life")]),
    ],
)
def test_a_beat_after_silence(way_out, silent, health, found):
    beat_after(way_out, silent=silent, **health)
    assert spans() == found


def test_a_lane_that_ran_all_the_while_touches_nobody_once_it_has_told_all(park, way_out):
    stay = inside(park)
    beat_after(way_out, silent=600, running_seconds=9000, waiting=7)
    car = uuid.uuid4()
    assert way_out.answer(passage=car) == "hold doubt"
    way_out.beat(running_seconds=9003, waiting=0)
    assert way_out.answer(passage=car) == "hold due"
    why = "The lane ran all the while, and has told since what passed."
    assert (stay.doubts.get().why, Period.objects.get().why) == (why, why)


def test_a_lane_that_was_off_holds_the_price_of_who_was_inside(park, way_out):
    inside(park)
    beat_after(way_out, silent=600, running_seconds=60)
    told = way_out.ask().json()
    assert told["reason"] == "doubt"
    assert told["message"].startswith("A lane was out of order while you were here")


def test_a_lane_that_is_silent_still_is_found_by_another_lanes_beat(park, entry, way_out):
    inside(park)
    Lane.objects.filter(pk=entry.lane.pk).update(last_beat_at=ago(minutes=10))
    for _ in range(2):
        way_out.beat()
    assert spans() == [("lane_dark", 10, None, "no sign of life")]
    assert way_out.answer() == "hold doubt"
    entry.beat(running_seconds=5)
    assert spans() == [("lane_dark", 10, 0, "no sign of life")]


def test_a_lane_that_never_spoke_or_is_revoked_is_not_dark(entry, second_entry, way_out):
    Lane.objects.filter(pk=second_entry.lane.pk).update(
        last_beat_at=ago(days=3), revoked_at=ago(days=2)
    )
    way_out.beat()
    assert spans() == []


def test_a_dark_period_that_a_person_ended_is_not_begun_again(entry, way_out):
    Lane.objects.filter(pk=entry.lane.pk).update(last_beat_at=ago(minutes=10))
    way_out.beat()
    Period.objects.update(ends_at=now())
    way_out.beat()
    assert len(spans()) == 1
