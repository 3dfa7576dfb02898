"""Everybody pays twice: `python benchmarks/doublepay.py [--each N]`.

Eight kinds of double payment, N stays of each (250): the same click twice, two tabs with two prices, phone
and desk at once, cash and a terminal at two desks at once, a lost answer and a second try, a second try
after the provider forgot its key, a part given back while its webhooks come again, autopay against an open
card page.
The provider is the double of Stripe, a process of its own, reached through Stripe's library; half of its
webhooks never come. Then `reconcile` looks once, as it does every five minutes, and the books are looked at:
what the provider and the drawers hold for each stay, against what it owed. On a fresh SQLite file, or on a
fresh database beside the one of DATABASE_URL.
"""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import httpx
from installation import ROOT, environment, furnish, own_installation
from rich.progress import Progress

SECRET = "whsec_double"
STAY = timedelta(minutes=90)  # 2.00 are due, and an hour later 3.00
PAYS = "4242424242424242"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--each", type=int, default=250)
    each = parser.parse_args().each
    os.chdir(ROOT)
    with own_installation("doublepay") as (url, folder), double() as base:
        variables = {**environment(url, folder), "ALLOWED_HOSTS": "testserver", **keys(base)}
        furnish(variables, ["out"])
        started(variables)
        from django.db import connection

        began = time.monotonic()
        told = Play(base).all(each)
        print(f"{connection.vendor}, {time.monotonic() - began:.0f} s")
        report(told)
        if told["double credits"] or told["uncorrected double charges"]:
            raise SystemExit(1)


def keys(base):
    return {
        "PAYMENT_PROVIDER": "stripe",
        "STRIPE_SECRET_KEY": "sk_test_benchmark",
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "STRIPE_API": base,
    }


@contextlib.contextmanager
def double(webhook=""):
    """The double of Stripe in a process of its own; yields its address."""
    command = [sys.executable, "-m", "billing.providers.double", "--webhook", webhook]
    own = {**os.environ, "PYTHONPATH": str(ROOT), "STRIPE_WEBHOOK_SECRET": SECRET}
    process = subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(timeout=10)


def started(variables):
    os.environ.update(variables, DJANGO_SETTINGS_MODULE="config.settings")
    import django

    django.setup()


class Play:
    """Plays all kinds on one car park and looks at the books."""

    def __init__(self, base):
        from django.contrib.auth.models import User

        from billing import desk
        from parking.models import CarPark

        self.park = CarPark.objects.get()
        self.http = httpx.Client(base_url=base, trust_env=False, timeout=60)
        self.random = random.Random(5)
        self.plates = count(1)
        self.seen, self.stays = 0, []
        people = [User.objects.create_user(name) for name in ("ann", "ben")]
        self.shifts = [
            desk.open_shift(self.park, desk=by.username, by=by, float_amount=0, now=now())
            for by in people
        ]

    def all(self, each):
        kinds = [
            self.double_click,
            self.two_tabs,
            self.phone_and_desk,
            self.cash_and_terminal,
            self.lost_answer,
            self.forgotten_key,
            self.refund_and_webhook,
            self.autopay_and_page,
        ]
        with Progress(disable=not sys.stderr.isatty()) as progress:
            bar = progress.add_task("double payments", total=len(kinds) * each)
            for kind in kinds:
                for _ in range(each):
                    stay = self.stay(kind.__name__)
                    kind(stay)
                    self.deliver_half()
                    progress.advance(bar)
        return self.books()

    def stay(self, kind):
        from parking.models import ParkingSession

        # Numbers only, written so that no plate looks like another's.
        stay = ParkingSession.objects.create(
            car_park=self.park, plate=f"X{next(self.plates):07}", entered_at=now() - STAY
        )
        stay.kind = kind
        self.stays.append(stay)
        return stay

    # What people do

    def page(self, stay, at=None):
        """The address of a card page for what is due; None where there is nothing to pay any more."""
        from django.test import RequestFactory

        from billing import payments
        from billing.providers import Unreachable, provider

        try:
            checkout = payments.start_checkout(stay, at or now())
            return provider("stripe").page(checkout, RequestFactory().get("/"))
        except (payments.NothingDue, Unreachable):
            return None

    def type_card(self, address):
        if address:
            self.http.post(address, data={"number": PAYS})

    def at_desk(self, stay, way, shift):
        from billing import desk, payments
        from billing.models import token
        from billing.quotes import quote

        with contextlib.suppress(payments.NothingDue, payments.PriceChanged):
            due = quote(stay, now()).due
            if due:
                slip = {"slip": token()[:8]} if way == "terminal" else {}
                desk.take(stay, way=way, shown=due, key=token(), shift=shift, now=now(), **slip)

    def card(self, stay):
        """A card that the driver saved earlier."""
        from types import SimpleNamespace

        from django.test import RequestFactory

        from billing.providers.stripe import Stripe, client, understood

        park = SimpleNamespace(currency="GBP")
        agreement = SimpleNamespace(
            reference=f"agreement-{stay.pk}", car_park=park, get_absolute_url=lambda: "/"
        )
        address = Stripe().save_card(agreement, RequestFactory().get("/"))
        self.type_card(address)
        (event,) = (
            client().v1.events.list({"types": ["checkout.session.completed"], "limit": 1}).data
        )
        return understood(event.to_dict()).card

    def charge(self, stay, card):
        from billing import payments
        from billing.providers import Unreachable

        with contextlib.suppress(payments.NothingDue, Unreachable):
            payments.charge(stay, card, now(), about="Parking")

    # The kinds

    def double_click(self, stay):
        addresses = together(lambda: self.page(stay), lambda: self.page(stay))
        together(*[lambda address=address: self.type_card(address) for address in addresses])

    def two_tabs(self, stay):
        first, later = self.page(stay), now() + timedelta(hours=1)
        together(lambda: self.type_card(first), lambda: self.type_card(self.page(stay, later)))

    def phone_and_desk(self, stay):
        address = self.page(stay)
        together(
            lambda: self.type_card(address), lambda: self.at_desk(stay, "cash", self.shifts[0])
        )

    def cash_and_terminal(self, stay):
        together(
            lambda: self.at_desk(stay, "cash", self.shifts[0]),
            lambda: self.at_desk(stay, "terminal", self.shifts[1]),
        )
        self.at_desk(stay, "cash", self.shifts[0])  # both may have been told to look again

    def lost_answer(self, stay):
        card = self.card(stay)
        self.lose(2)
        self.charge(stay, card)
        self.charge(stay, card)

    def forgotten_key(self, stay):
        card = self.card(stay)
        self.lose(2)
        self.charge(stay, card)
        self.http.post("/double/keys/forget")
        self.charge(stay, card)

    def refund_and_webhook(self, stay):
        from billing import payments

        address = self.page(stay)
        self.type_card(address)
        first, second = self.events()[:2]
        tell(first)
        payment = stay.payments.get()
        together(
            lambda: tell({**first, "id": first["id"] + "again"}),
            lambda: payments.refund(payment, amount=100, by=None, why="gift", now=now()),
            lambda: tell(second),
        )

    def autopay_and_page(self, stay):
        card, address = self.card(stay), self.page(stay)
        together(lambda: self.charge(stay, card), lambda: self.type_card(address))

    # The provider

    def lose(self, answers):
        """The next answers to charges get lost, after the act."""
        fault = {"kind": "lost", "path": "/v1/payment_intents"}
        self.http.post("/double/faults", content=json.dumps([fault] * answers))

    def events(self):
        """The events since the last look, the oldest first."""
        told = self.http.get("/double/events", params={"after": self.seen}).json()["events"]
        self.seen += len(told)
        return told

    def deliver_half(self):
        """Half of the webhooks come, in any order and some of them twice."""
        told = [event for event in self.events() if self.random.random() < 0.5]
        told += [event for event in told if self.random.random() < 0.3]
        self.random.shuffle(told)
        for event in told:
            tell(event)

    # The books

    def books(self):
        from billing.models import Payment, Refund
        from billing.reconcile import look_round

        doubled = self.money_moved_twice()
        found = look_round(now() + timedelta(minutes=11))
        again = look_round(now() + timedelta(minutes=12))
        held = self.held()
        return {
            "stays": len(self.stays),
            "kinds": Counter(stay.kind for stay in self.stays),
            "charged twice before the look": doubled,
            "found by one look": dict(found),
            "found by the next look": dict(again),
            "paid back by machine": Refund.objects.filter(done_at__isnull=False, by=None).count(),
            "lines in the ledger": Payment.objects.count(),
            "double credits": sum(self.credited(stay) != held[stay.pk] for stay in self.stays),
            "uncorrected double charges": sum(held[stay.pk] > owed(stay) for stay in self.stays),
            "stays that nobody was paid for": sum(
                held[stay.pk] < owed(stay) for stay in self.stays
            ),
        }

    def held(self):
        """What the provider and the drawers hold for each stay, refunds taken off."""
        from billing.models import Checkout, Payment

        stripe = self.http.post("/double/money").json()["by_checkout"]
        of = dict(Checkout.objects.values_list("reference", "session"))
        held = Counter({stay.pk: 0 for stay in self.stays})
        for reference, amount in stripe.items():
            held[of[reference]] += amount
        for payment in Payment.objects.filter(provider__in=["cash", "terminal"]):
            held[payment.session_id] += payment.amount
        return held

    def money_moved_twice(self):
        held = self.held()
        return dict(Counter(stay.kind for stay in self.stays if held[stay.pk] > owed(stay)))

    def credited(self, stay):
        from billing.ledger import paid_into

        return paid_into(stay)


def owed(stay):
    """What this stay has to pay in all, once: by its kind."""
    from billing.models import Checkout, Payment

    if stay.kind == "refund_and_webhook":
        return 100  # 2.00 less the 1.00 that was given back
    if stay.kind == "two_tabs":  # the price of the tab whose payment counts
        paid = Payment.objects.filter(session=stay, amount__gt=0).order_by("id").first()
        if paid is None:
            return 300
        return Checkout.objects.get(provider="stripe", reference=paid.reference).amount
    return 200


def tell(event):
    """The webhook comes."""
    from billing import payments
    from billing.providers.stripe import understood

    if known := understood(event):
        payments.receive(known, now())


def now():
    from django.utils import timezone

    return timezone.now()


def together(*acts):
    """Run the acts in threads that start at the same moment; what they returned, in order."""
    from django.db import connection

    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def report(told):
    for what, number in told.items():
        print(f"{what:32} {number}")


if __name__ == "__main__":
    main()
