"""The books put right: which entry and which exit are one stay, when later records come."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from billing.payments import receive, start_checkout
from billing.providers import PaidEvent
from billing.quotes import quote
from gates.changes import fresh
from gates.models import Change, Passage
from gates.passages import back_out, correct
from parking.models import ParkingSession, Permit
from tests.gates.room import text
from tests.gates.test_arrivals import ago
from tests.gates.test_events import decided_alone


def stays():
    """Plate, hours ago of entry and exit, and doubt of each stay, oldest first."""
    return [
        (stay.plate, _hours(stay.entered_at), _hours(stay.left_at), stay.doubt)
        for stay in ParkingSession.objects.filter(voided_at=None).order_by("entered_at")
    ]


def _hours(moment):
    return moment and round((datetime.now(UTC) - moment) / timedelta(hours=1), 1)


def told(box, hours, plate="AB12CDE", **more):
    assert decided_alone(box, plate=plate, seen_at=ago(hours=hours), **more) == 200


def came(entry, hours, plate="AB12CDE"):
    """A visitor came in while the server answered."""
    session = ParkingSession.objects.get(pk=entry.ask(plate).json()["session"])
    session.entered_at = ago(hours=hours)
    session.save()
    session.passages.update(seen_at=session.entered_at, received_at=session.entered_at)
    return session


def pays(session, hours):
    """The driver pays at the exit what is due then."""
    at = ago(hours=hours)
    promised = start_checkout(session, at)
    reference = promised.reference
    receive(PaidEvent("mock", f"evt_{reference}", reference, promised.amount, "GBP"), at)


TWO_VISITS = [("in", 9), ("out", 8), ("in", 4), ("out", 3)]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (0, 3, 1, 2), (2, 0, 3, 1)])
def test_two_visits_told_in_any_order_are_two_stays(entry, way_out, order):
    for number in order:
        direction, hours = TWO_VISITS[number]
        told(entry if direction == "in" else way_out, hours)
    assert [one[:3] for one in stays()] == [("AB12CDE", 9, 8), ("AB12CDE", 4, 3)]
    assert {quote(one, ago()).due for one in ParkingSession.objects.all()} == {None}


def test_whom_a_lane_let_out_by_itself_no_machine_charges_but_its_driver_may_pay(entry, way_out):
    session = came(entry, 9)
    told(way_out, 3)
    session.refresh_from_db()
    offer = quote(session, ago())
    assert (session.doubt, offer.due, offer.owed) == ("left_alone", None, 1050)
    assert offer.driver_knows


MUDDY = [{"plate": "AB12CDE", "probability": 0.5}, {"plate": "A812CDE", "probability": 0.4}]


def misread(entry, hours, confidence, candidates):
    """Its entry read an 8 for the B of AB12CDE."""
    session = came(entry, hours, "A812CDE")
    session.passages.update(confidence=confidence, candidates=candidates)
    return session


def test_a_permit_s_holder_who_was_misread_at_the_entry_leaves_by_it_while_the_server_is_away(
    park, entry, way_out
):
    Permit.objects.create(car_park=park, plate="AB12CDE", starts_at=ago(hours=99))
    session = misread(entry, 4, 0.9, MUDDY[::-1])
    told(way_out, 3, confidence=0.99)
    assert stays() == [("A812CDE", 4, 3, "")]
    assert quote(fresh(session), ago()).fee == 0
    back_out(session.passages.get(lane__direction="out"), ago(hours=2), ago())
    assert [one[2:] for one in stays()] == [(None, "")]
    assert quote(fresh(session), ago()).fee == 750  # it was not this one that left by the permit


def test_who_may_be_a_permit_s_holder_by_both_reads_is_looked_at_and_not_asked(
    park, entry, way_out
):
    Permit.objects.create(car_park=park, plate="AB12CDE", starts_at=ago(hours=99))
    session = misread(entry, 4, 0.9, MUDDY[::-1])
    told(way_out, 3, "A812CDE", confidence=0.5, candidates=MUDDY)
    offer = quote(fresh(session), ago())
    assert (offer.doubt, offer.due, offer.driver_knows) == ("weak_match", None, False)


def test_a_long_stay_becomes_two_when_the_exit_and_the_entry_between_are_told(entry, way_out):
    session = came(entry, 9)
    told(way_out, 3)
    told(way_out, 8)
    told(entry, 4)
    assert [one[:3] for one in stays()] == [("AB12CDE", 9, 8), ("AB12CDE", 4, 3)]
    change = Change.objects.filter(session=session).last()
    assert (change.by, _hours(change.left_after)) == (None, 8)
    assert [one.lasted_after.total_seconds() for one in Change.objects.filter(session=session)][
        -1
    ] == (pytest.approx(3600, abs=5))


def test_what_was_paid_too_much_is_owed_back_and_nothing_more_is_asked(entry, way_out, room):
    session = came(entry, 9)
    way_out.ask(seen_at=ago())
    ParkingSession.objects.update(waiting_since=ago(hours=3.1))
    pays(session, 3)
    assert way_out.answer() in ("open settled", "open free")
    at = ago(hours=3.1)
    Passage.objects.filter(lane=way_out.lane).update(seen_at=at, received_at=at)
    ParkingSession.objects.update(left_at=at)
    told(way_out, 8.1)
    told(entry, 4)
    session.refresh_from_db()
    assert _hours(session.left_at) == 8.1
    change = Change.objects.filter(session=session).last()
    assert (change.fee_before, change.fee_after, change.refund) == (900, 150, 750)
    later = ParkingSession.objects.latest("entered_at")
    assert (_hours(later.left_at), later.doubt) == (3.1, "weak_match")
    assert quote(later, ago()).due is None
    page = text(room.get(f"/stays/{session.pk}/"))
    assert "Owed back" in page
    assert "7.50 GBP" in page


def test_what_a_person_decided_is_not_touched(entry, way_out, operator):
    wrong, right = came(entry, 5, "AB12CDF"), came(entry, 6, "AB12CDE")
    told(way_out, 1, "AB12CDF")
    passage = Passage.objects.get(lane=way_out.lane)
    correct(passage, "AB12CDE", by=operator, why="F is E", now=ago())
    before = stays()
    call_command("pair")
    assert stays() == before
    right.refresh_from_db()
    wrong.refresh_from_db()
    assert (_hours(right.left_at), wrong.left_at) == (1, None)
    assert {change.by for change in Change.objects.all()} == {operator}


def test_an_entry_that_backed_out_gives_its_exit_back(entry, way_out):
    car = told_car(entry, 5)
    told(way_out, 4)
    back_out(Passage.objects.get(pk=car), ago(hours=5), ago())
    assert stays() == []
    told(entry, 6)
    assert [one[:3] for one in stays()] == [("AB12CDE", 6, 4)]


def told_car(box, hours):
    told(box, hours)
    return Passage.objects.latest("seen_at").pk


def test_pairing_again_changes_nothing(entry, way_out, capsys):
    for direction, hours in reversed(TWO_VISITS):
        told(entry if direction == "in" else way_out, hours)
    before, changes = stays(), Change.objects.count()
    call_command("pair", car_park="town")
    assert capsys.readouterr().out == "town: no stays changed\n"
    assert (stays(), Change.objects.count()) == (before, changes)


def test_pairing_a_car_park_that_is_none_says_which_there_are(park):
    with pytest.raises(CommandError, match="there are: town"):
        call_command("pair", car_park="nowhere")
