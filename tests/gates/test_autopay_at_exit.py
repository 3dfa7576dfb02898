"""An exit where the card pays: one moment of waiting, then the arm; and every way back to the page."""

import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from billing.autopay import agreements, charges, tills
from billing.models import Agreement, AutopayTry, Payment, State
from billing.payments import receive, start_checkout
from billing.providers import PaidEvent
from billing.providers.mock import DECLINES_LATER, PAYS, SILENT
from gates.models import Answer, Order
from gates.passages import give_order
from parking.models import CarPark, Permit
from tests.billing.autopay.test_agreements import saved
from tests.billing.town import car, minutes
from tests.gates.room import person

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 5.0  # seconds in which a practice card has answered, on a busy machine


@pytest.fixture
def stay(park):
    return car(park)


def registered(stay, token=PAYS):
    now = timezone.now() - timedelta(days=1)
    agreements.begin(stay, email="ada@example.org", most=2000, now=now)
    agreement = Agreement.objects.latest("pk")
    receive(saved(agreement, token), now)
    agreement.refresh_from_db()
    return agreement


def asks(lane, passage, until, plate="AB12CDE"):
    """Ask each moment, as a lane does, until the answer is this one; all answers, each once in a row."""
    heard, ends = [], time.monotonic() + SOON
    while time.monotonic() < ends:
        told = lane.ask(plate, passage=passage).json()
        word = f"{told['decision']} {told['reason']}"
        heard += [word] if heard[-1:] != [word] else []
        if word == until:
            break
        time.sleep(0.05)
    return heard


def settled_tills():
    """Wait until all tills have done what they were given: they meet when the last one comes."""
    meet = threading.Barrier(tills.AT_ONCE)
    for one in [tills.TILLS.submit(meet.wait, SOON) for _ in range(tills.AT_ONCE)]:
        one.result(SOON)


@pytest.fixture(autouse=True)
def _tills(transactional_db):
    """Nothing is charged any more once a test's database is gone."""
    yield
    settled_tills()


def ledger():
    return [one.amount for one in Payment.objects.all()]


def test_the_card_is_charged_before_the_arm_is_asked_again(way_out, stay):
    registered(stay)
    passage = uuid.uuid4()
    first = way_out.ask(passage=passage).json()
    assert (first["decision"], first["reason"]) == ("hold", "charging")
    assert first["message"] == "Your card is being charged. One moment, please."
    assert (first["due"], first["pay_url"]) == (None, None)
    settled_tills()
    assert way_out.answer(passage=passage) == "open settled"
    assert ledger() == [300]
    assert list(Answer.objects.values_list("reason", flat=True)) == ["charging", "settled"]


def test_a_decline_falls_back_to_the_page_at_once(way_out, stay, mailoutbox):
    registered(stay, DECLINES_LATER)
    passage = uuid.uuid4()
    assert asks(way_out, passage, "hold due") == ["hold charging", "hold due"]
    told = way_out.ask(passage=passage).json()
    assert told["due"] == {"amount": 300, "currency": "GBP"}
    assert told["pay_url"]
    assert Agreement.objects.get().state == State.FAILED
    settled_tills()
    assert "OFF: your card was declined" in mailoutbox[-1].subject
    # and it is paid there, as without autopay
    now = timezone.now()
    checkout = start_checkout(stay, now)
    event = f"evt_{checkout.pk}", checkout.reference, checkout.amount, "GBP"
    receive(PaidEvent("mock", *event), now)
    assert way_out.answer(passage=passage) == "open settled"


def test_a_silent_card_company_holds_nobody(way_out, stay):
    registered(stay, SILENT)
    passage = uuid.uuid4()
    assert way_out.answer(passage=passage) == "hold charging"
    settled_tills()
    assert way_out.answer(passage=passage) == "hold charging"
    past = timezone.now() - charges.PATIENCE
    AutopayTry.objects.update(claimed_at=past)
    assert way_out.answer(passage=passage) == "hold due"


def test_tills_that_all_hang_hold_nobody(way_out, stay, monkeypatch):
    """Nobody gets to the charge: the exit waits no longer for that either, and later it is not made."""
    registered(stay)
    passage, over = uuid.uuid4(), threading.Event()
    hanging = [tills.TILLS.submit(over.wait, 60) for _ in range(tills.AT_ONCE)]
    try:
        assert way_out.answer(passage=passage) == "hold charging"
        Answer.objects.update(at=timezone.now() - charges.PATIENCE)
        assert way_out.answer(passage=passage) == "hold due"
        monkeypatch.setattr(tills, "WAITS", timedelta())
    finally:
        over.set()
    assert [one.result(SOON) for one in hanging] == [True] * tills.AT_ONCE
    settled_tills()
    assert (AutopayTry.objects.count(), ledger()) == (0, [])


@pytest.mark.parametrize("why", ["likeness", "doubt", "limit", "permit", "free", "order"])
def test_when_the_card_is_left_alone(park, way_out, stay, why):
    agreement, plate = registered(stay), "AB12CDE"
    passage = uuid.uuid4()
    expected = "hold due"
    if why == "likeness":
        plate = "AB12CDF"
    elif why == "doubt":
        CarPark.objects.update(pictures="always")
        stay.entry_picture_by = timezone.now() - minutes(60)
        stay.save()
        expected = "hold doubt"
    elif why == "limit":
        Agreement.objects.update(most=299)
    elif why == "permit":
        Permit.objects.create(car_park=park, plate=plate, holder="Smith", starts_at=stay.entered_at)
        expected = "open permit"
    elif why == "free":
        stay.entered_at = timezone.now() - minutes(9)
        stay.save()
        expected = "open free"
    else:
        agreements.pause(agreement, timezone.now())
        way_out.ask(passage=passage)
        agreements.resume(agreement, timezone.now())
        give_order(
            way_out.lane, Order.Action.OPEN, by=person(name="o"), why="x", now=timezone.now()
        )
        expected = "open operator"
    answer = way_out.answer(plate, passage=passage)
    if why == "likeness":
        assert answer in ("hold due", "hold no_session", "hold doubt")
    else:
        assert answer == expected
    settled_tills()
    assert (AutopayTry.objects.count(), ledger()) == (0, [])


def test_the_same_car_at_two_exits_is_charged_once(park, way_out, second_exit, stay):
    registered(stay)
    here, there = uuid.uuid4(), uuid.uuid4()
    way_out.ask(passage=here)
    second_exit.ask(passage=there)
    assert asks(way_out, here, "open settled")[-1] == "open settled"
    settled_tills()
    assert ledger() == [300]
    assert AutopayTry.objects.count() == 1


def test_the_page_of_the_display_leads_to_autopay(client, way_out, stay):
    told = way_out.ask().json()
    page = client.get(told["pay_url"].removeprefix("http://127.0.0.1:8000"))
    assert "Next time, pay automatically" in page.content.decode()


def test_a_lane_is_answered_as_quickly_as_without(park, way_out, stay):
    """The card company takes its seconds beside the answer, not in it."""
    registered(stay, SILENT)
    began = time.perf_counter()
    assert way_out.answer() == "hold charging"
    assert time.perf_counter() - began < 2
