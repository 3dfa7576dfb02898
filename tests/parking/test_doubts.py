"""A stay in doubt: raised once, the gravest shown, settled by a person or by evidence that came."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import IntegrityError
from django.template.loader import render_to_string

from gates.rules.harm import WRONG
from parking import stays
from parking.doubts import doubt_again, raise_doubt, settle, settle_these
from parking.models import CarPark, Doubt, ParkingSession, Period, StayDoubt
from parking.models.doubts import GRAVEST

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def park(db):
    return CarPark.objects.create(slug="town", name="Town")


@pytest.fixture
def stay(park):
    return stays.enter(park, "AB12CDE", permit=None, entered_at=NOON)


def shown(stay):
    """The word of doubt on the stay, in memory and in the database."""
    words = {stay.doubt, ParkingSession.objects.get(pk=stay.pk).doubt}
    assert len(words) == 1
    return words.pop()


def test_every_kind_has_its_place_among_the_gravest():
    assert sorted(GRAVEST) == sorted(set(Doubt) - {Doubt.NONE})


def test_a_doubt_is_raised_once(stay):
    first = raise_doubt(stay, Doubt.CLOCK, at=NOON)
    again = raise_doubt(stay, Doubt.CLOCK, at=NOON + HOUR)
    assert (first, again.since) == (again, NOON)
    assert shown(stay) == "clock"


def test_the_gravest_is_shown_whatever_came_first(stay):
    raise_doubt(stay, Doubt.NO_ENTRY_PICTURE, at=NOON)
    assert shown(stay) == "no_entry_picture"
    raise_doubt(stay, Doubt.MISSED_EXIT, at=NOON)
    raise_doubt(stay, Doubt.CLOCK, at=NOON)
    assert shown(stay) == "missed_exit"


def test_settling_brings_up_the_next_and_then_none(stay):
    olivia = User.objects.create_user("olivia")
    for kind in (Doubt.CLOCK, Doubt.ORPHAN_READ):
        raise_doubt(stay, kind, at=NOON)
    assert settle(stay, by=olivia, why="Seen on both", at=NOON + HOUR, kinds={"orphan_read"}) == 1
    assert shown(stay) == "clock"
    assert settle(stay, by=None, why="It came", at=NOON + HOUR) == 1
    assert shown(stay) == ""
    told = StayDoubt.objects.values_list("kind", "settled_by", "why").order_by("kind")
    assert list(told) == [("clock", None, "It came"), ("orphan_read", olivia.pk, "Seen on both")]
    assert settle(stay, by=None, why="again", at=NOON + HOUR) == 0


def test_what_was_settled_about_a_thing_stays_settled(stay):
    raise_doubt(stay, Doubt.ORPHAN_READ, "exit, 12:10", at=NOON)
    settle(stay, by=None, why="A twin", at=NOON)
    raise_doubt(stay, Doubt.ORPHAN_READ, "exit, 12:10", at=NOON)
    assert shown(stay) == ""
    raise_doubt(stay, Doubt.ORPHAN_READ, "exit, 13:10", at=NOON)
    assert shown(stay) == "orphan_read"


def test_a_new_reason_without_a_name_is_a_new_doubt(stay):
    raise_doubt(stay, Doubt.CORRECTION, at=NOON)
    settle(stay, by=None, why="Both looked at", at=NOON)
    raise_doubt(stay, Doubt.CORRECTION, at=NOON + HOUR)
    assert shown(stay) == "correction"


def test_a_period_is_doubted_once_for_each_stay(park, stay):
    period = Period.objects.create(car_park=park, lane="exit", kind="gate_open", starts_at=NOON)
    for _ in range(2):
        raise_doubt(stay, Doubt.GATE_OPEN, "exit, 12:00", at=NOON, period=period)
    assert settle_these(period.doubts.all(), by=None, why="Watched", at=NOON) == 1
    raise_doubt(stay, Doubt.GATE_OPEN, "exit, 12:00", at=NOON, period=period)
    assert shown(stay) == ""
    with pytest.raises(IntegrityError):
        StayDoubt.objects.create(session=stay, kind="gate_open", since=NOON, period=period)


def test_one_act_settles_the_doubts_of_many_stays_and_leaves_others(park, stay):
    other = stays.enter(park, "BC23DEF", permit=None, entered_at=NOON)
    for one in (stay, other):
        raise_doubt(one, Doubt.GATE_OPEN, at=NOON)
    raise_doubt(other, Doubt.CLOCK, at=NOON)
    gates = StayDoubt.objects.filter(kind="gate_open")
    assert settle_these(gates, by=None, why="Watched", at=NOON) == 2
    words = ParkingSession.objects.order_by("plate").values_list("doubt", flat=True)
    assert list(words) == ["", "clock"]


@pytest.mark.parametrize(
    ("act", "doubt"),
    [
        (lambda stay: stays.leave(stay, NOON - HOUR), "clock"),
        (lambda stay: stays.close_missed_exit(stay, NOON + HOUR), "missed_exit"),
        (lambda stay: stays.leave(stay, NOON + HOUR), ""),
    ],
)
def test_acts_that_cannot_be_right_leave_a_doubt(stay, act, doubt):
    act(stay)
    assert shown(stay) == doubt
    assert [one.kind for one in stay.doubts.all()] == ([doubt] if doubt else [])


@pytest.mark.django_db(transaction=True)
def test_doubts_of_an_earlier_version_are_carried_over():
    executor = MigrationExecutor(connection)
    executor.migrate([("parking", "0003_doubts_and_periods")])
    apps = executor.loader.project_state([("parking", "0003_doubts_and_periods")]).apps
    park = apps.get_model("parking", "CarPark").objects.create(slug="old", name="Old")
    row = {"car_park": park, "entered_at": NOON}
    old = apps.get_model("parking", "ParkingSession").objects
    old.create(plate="A1", doubt="clock", **row)
    old.create(plate="A2", doubt="missed_exit", left_at=NOON + HOUR, **row)
    old.create(plate="A3", **row)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    told = StayDoubt.objects.order_by("session__plate")
    assert [(one.session.plate, one.kind, one.since) for one in told] == [
        ("A1", "clock", NOON),
        ("A2", "missed_exit", NOON + HOUR),
    ]


def test_who_settled_a_doubt_may_take_that_back(stay):
    ann = User.objects.create_user("ann")
    doubt = raise_doubt(stay, Doubt.CLOCK, at=NOON)
    settle(stay, by=ann, why="Looked at both pictures", at=NOON)
    doubt_again([doubt.pk])
    stay.refresh_from_db()
    assert shown(stay) == "clock"
    assert [one.settled_by for one in stay.doubts.all()] == [None]


def test_a_doubt_that_was_raised_anew_is_not_doubled(stay):
    doubt = raise_doubt(stay, Doubt.CLOCK, at=NOON)
    settle(stay, by=User.objects.create_user("ann"), why="Looked at both pictures", at=NOON)
    raise_doubt(stay, Doubt.CLOCK, at=NOON + HOUR)
    doubt_again([doubt.pk])
    assert stay.doubts.filter(settled_at=None).count() == 1


@pytest.mark.parametrize("doubt", [kind for kind in Doubt if kind])
def test_every_doubt_has_a_sentence_for_the_driver_and_a_place_among_the_others(doubt):
    assert render_to_string(f"billing/doubts/{doubt}.txt").strip().endswith(".")
    assert GRAVEST.count(doubt) == 1
    assert doubt.value in WRONG
