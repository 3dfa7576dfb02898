"""What a vehicle met, read back from what the lanes and the server did."""

import uuid
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from billing.models import Payment
from gates.demo.met import met
from gates.models import Passage
from gates.passages import correct


def lines(park, plate="AB12CDE"):
    return met(park, plate, timezone.now())


def pass_through(lane, plate, **more):
    passage = uuid.uuid4()
    lane.ask(plate, passage=passage, **more)
    lane.tell("opened", passage)
    lane.tell("passed", passage)
    return passage


def test_a_plate_nobody_saw_met_nothing(park):
    assert lines(park) == ["no stay"]


def test_a_free_stay(park, entry, way_out):
    pass_through(entry, "AB12CDE")
    pass_through(way_out, "AB12CDE")
    assert lines(park) == ["entry: open visitor, passed", "exit: open free, passed", "1 stay, left"]


def test_a_plate_that_a_camera_spells_otherwise_met_the_same(park, entry, way_out):
    pass_through(entry, "01L10")
    pass_through(way_out, "OIL1Q")
    assert lines(park, "OIL1O") == [
        "entry: open visitor, passed",
        "exit: open free, passed",
        "1 stay, left",
    ]


def test_a_paid_stay(park, entry, way_out):
    pass_through(entry, "AB12CDE")
    session = park.sessions.get()
    session.entered_at = datetime.now(UTC) - timedelta(minutes=90)
    session.save()
    passage = uuid.uuid4()
    way_out.ask("AB12CDE", passage=passage)
    paid = {"amount": 300, "currency": "GBP", "provider": "mock", "reference": "r1"}
    Payment.objects.create(session=session, paid_at=timezone.now(), **paid)
    way_out.ask("AB12CDE", passage=passage)
    assert lines(park) == [
        "entry: open visitor, passed",
        "exit: hold due 3.00, open settled, still there",
        "1 stay, left, paid 3.00",
    ]


def test_backing_out_leaves_no_stay(park, entry):
    passage = uuid.uuid4()
    entry.ask("AB12CDE", passage=passage)
    entry.tell("opened", passage)
    entry.tell("backed_out", passage)
    assert lines(park) == ["entry: open visitor, backed out", "no stay"]


def test_the_lane_that_opened_comes_first(park, entry, second_entry):
    held = uuid.uuid4()
    earlier = datetime.now(UTC) - timedelta(seconds=1)
    pass_through(entry, "AB12CDE")
    second_entry.ask("AB12CDE", passage=held, seen_at=earlier)
    second_entry.tell("backed_out", held)
    assert lines(park) == [
        "entry: open visitor, passed",
        "entry: hold already inside, backed out",
        "1 stay, inside",
    ]


def test_a_typed_plate_says_so(park, entry, operator):
    passage = uuid.uuid4()
    entry.ask(None, passage=passage, confidence=None)
    kept = Passage.objects.get(pk=passage)
    correct(kept, "AB12CDE", by=operator, why="mud", now=timezone.now())
    entry.ask(None, passage=passage, confidence=None)
    entry.tell("passed", passage)
    assert lines(park) == [
        "entry: hold unreadable, typed by a person, open visitor, passed",
        "1 stay, inside",
    ]
