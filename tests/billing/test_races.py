"""Two clicks, two tabs, two webhooks at the same moment: on a real server and the real database."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from billing import links, payments
from billing.models import Checkout, Payment, PlateTry, WebhookEvent
from billing.providers import PaidEvent, mock
from billing.quotes import quote
from billing.tries import MOST
from tests.billing.town import car, make_town, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = 8
AT_ONCE = 4


def together(*acts):
    """Run the acts in threads that start at the same moment; what they returned, in order."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def server(live_server):
    with httpx.Client(base_url=live_server.url, trust_env=False, timeout=60) as client:
        yield client


def deliver(server, event):
    body = json.dumps(event).encode()
    signature = mock.sign(body, timezone.now().timestamp())
    return server.post("/webhooks/mock/", content=body, headers={"Mock-Signature": signature})


def test_a_webhook_on_several_connections_at_once_is_one_payment(server):
    town = make_town()
    for number in range(ROUNDS):
        session = car(town, plate=f"CAR{number}")
        checkout = payments.start_checkout(session, timezone.now())
        event = told(checkout)
        answers = together(*[lambda event=event: deliver(server, event)] * AT_ONCE)
        outcomes = sorted(answer.json()["outcome"] for answer in answers)
        assert outcomes == ["paid"] + ["seen before"] * (AT_ONCE - 1)
        assert [one.amount for one in session.payments.all()] == [300]
        session.refresh_from_db()
        assert session.settled_until > timezone.now()
    assert WebhookEvent.objects.count() == ROUNDS


def test_several_events_of_one_checkout_at_once_are_one_payment(server):
    town = make_town()
    for number in range(ROUNDS):
        checkout = payments.start_checkout(car(town, plate=f"CAR{number}"), timezone.now())
        events = [told(checkout, id=f"evt_{number}_{one}") for one in range(AT_ONCE)]
        answers = together(*[lambda event=event: deliver(server, event) for event in events])
        outcomes = sorted(answer.json()["outcome"] for answer in answers)
        assert outcomes == ["paid"] + ["paid before"] * (AT_ONCE - 1)
    assert Payment.objects.count() == ROUNDS


def test_clicking_pay_on_several_phones_at_once_opens_one_checkout(server):
    town = make_town()
    for number in range(ROUNDS):
        session = car(town, plate=f"CAR{number}")
        address = links.pay_path(session, town)
        page = server.get(address)
        form = {"csrfmiddlewaretoken": page.cookies.get("csrftoken") or server.cookies["csrftoken"]}
        click = lambda: server.post(f"{address}checkout/", data=form)  # noqa: B023, E731
        assert len({answer.headers["location"] for answer in together(*[click] * AT_ONCE)}) == 1
        assert session.checkouts.count() == 1


def test_two_payments_at_once_that_only_together_are_enough_settle_the_stay(transactional_db):
    town = make_town()
    now = timezone.now()
    for number in range(ROUNDS):
        session = car(town, plate=f"CAR{number}")
        halves = [half_of(session, now, f"{number}-{half}") for half in range(2)]
        together(*[lambda half=half: payments.receive(half, now) for half in halves])
        session.refresh_from_db()
        assert (quote(session, now).paid, session.settled_until is not None) == (300, True)


def half_of(session, now, reference):
    """A checkout of 1.50 for a stay that costs 3.00, and the event that it was paid."""
    whole = payments.start_checkout(session, now)
    Checkout.objects.create(
        session=session,
        provider="mock",
        reference=reference,
        amount=150,
        currency="GBP",
        quoted_at=now,
        expires_at=now,
        lines=whole.lines,
    )
    return PaidEvent("mock", f"evt_{reference}", reference, 150, "GBP")


def test_two_refunds_at_once_give_back_no_more_than_was_paid(transactional_db):
    town = make_town()
    now = timezone.now()

    def give_back(payment):
        try:
            return -payments.refund(payment, amount=200, by=None, why="twice", now=now).amount
        except ValueError as error:
            return str(error)

    for number in range(ROUNDS):
        payment = Payment.objects.create(
            session=car(town, plate=f"CAR{number}"),
            amount=300,
            currency="GBP",
            provider="mock",
            reference=f"paid-{number}",
            paid_at=now,
        )
        answers = together(*[lambda payment=payment: give_back(payment)] * 2)
        assert sorted(map(str, answers)) == [
            "-200",
            "At most 1.00 GBP of this payment can be refunded.",
        ]


def test_guessing_many_plates_at_once_gives_no_more_answers(server):
    make_town()
    token = server.get("/pay/town/").cookies["csrftoken"]

    def guess(number):
        form = {"plate": f"GUESS{number}", "csrfmiddlewaretoken": token}
        return server.post("/pay/town/", data=form).status_code

    assert {guess(number) for number in range(MOST - 10)} == {302}
    tried = together(*[lambda number=number: guess(number) for number in range(20)])
    assert tried.count(302) <= 10
    assert set(tried) <= {302, 429}
    assert PlateTry.objects.count() == MOST - 10 + tried.count(302)
