"""Webhooks as the world delivers them: `python benchmarks/webhooks.py [--payments N] [--deliveries M]`.

N card payments (1,000) are made at the double of Stripe through Stripe's library. Of a fifth of them nothing
is ever delivered. M deliveries (10,000) come to a real gunicorn from two processes with four connections
each, in any order: each event up to five times and some three days late, and as many forgeries: wrong, old
and future signatures, another account, real money in practice, unpaid, another amount, currency or stay.
Then `manage.py reconcile` looks once. On a fresh SQLite file, or on a fresh database beside the one of
DATABASE_URL.
"""

import argparse
import json
import multiprocessing
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
from doublepay import PAYS, SECRET, double, keys, now, started
from installation import ROOT, environment, furnish, manage, own_installation, server
from rich.progress import track

DROPPED = 5  # of one in so many payments nothing is delivered
MOST_COPIES = 5
DAY = 24 * 60 * 60
PROCESSES, CONNECTIONS = 2, 4


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--payments", type=int, default=1000)
    parser.add_argument("--deliveries", type=int, default=10_000)
    asked = parser.parse_args()
    os.chdir(ROOT)
    with own_installation("webhooks") as (url, folder), double() as base:
        variables = {**environment(url, folder), "ALLOWED_HOSTS": "testserver", **keys(base)}
        furnish(variables, ["out"])
        started(variables)
        paid(base, asked.payments)
        events = httpx.get(f"{base}/double/events", trust_env=False).json()["events"]
        letters, dropped = mixed(events, asked.payments, asked.deliveries)
        with server(variables) as address:
            began = time.monotonic()
            answers = posted(address, letters)
            took = time.monotonic() - began
        if not report(base, variables, letters, answers, dropped, took):
            raise SystemExit(1)


def paid(base, number):
    """So many stays, each with a card page that its driver has paid."""
    from django.test import RequestFactory

    from billing import payments
    from billing.providers import provider
    from parking.models import CarPark, ParkingSession

    park = CarPark.objects.get()
    request, stripe = RequestFactory().get("/"), provider("stripe")
    with httpx.Client(trust_env=False, timeout=60) as driver:
        for one in track(range(number), "payments"):
            entered = now() - timedelta(minutes=90)
            stay = ParkingSession.objects.create(
                car_park=park, plate=f"X{one:07}", entered_at=entered
            )
            page = stripe.page(payments.start_checkout(stay, now()), request)
            driver.post(page, data={"number": PAYS})


def mixed(events, payments, deliveries):
    """The deliveries in the order in which they come, (kind, body, secret, seconds from now at which it is
    signed), and the names of the checkouts of which none comes."""
    chance = random.Random(11)
    names = sorted({name_of(event) for event in events})
    dropped = set(chance.sample(names, payments // DROPPED))
    told = [event for event in events if name_of(event) not in dropped]
    letters = []
    for event in told:
        letters += [("true", *true(event, chance))] * chance.randint(1, MOST_COPIES)
    letters = letters[:deliveries]
    forgeries = list(FORGED.items())
    while len(letters) < deliveries:
        kind, forge = forgeries[len(letters) % len(forgeries)]
        letters.append((kind, *forge(chance.choice(events), len(letters))))
    chance.shuffle(letters)
    return letters, dropped


def name_of(event):
    about = event["data"]["object"]
    return about.get("client_reference_id") or about["metadata"]["checkout"]


def true(event, chance):
    """As Stripe sends it, one in ten three days late: signed anew when it is sent."""
    late = chance.random() < 0.1
    return signed({**event, "created": event["created"] - 3 * DAY * late})


def signed(event, *, secret=SECRET, at=0, tail=""):
    """The body, and how it is signed when it is sent: its body grows a `tail` afterwards."""
    return json.dumps(event), secret, at, tail


def changed(event, number, **about):
    """A tampered copy with an id of its own."""
    facts = {**event["data"]["object"], **about}
    return {**event, "id": f"evt_forged_{number}", "data": {"object": facts}}


FORGED = {
    "wrong secret": lambda event, number: signed(changed(event, number), secret="whsec_other"),
    "old": lambda event, number: signed(changed(event, number), at=-DAY),
    "future": lambda event, number: signed(changed(event, number), at=DAY),
    "no signature": lambda event, number: signed(changed(event, number), secret=""),
    "altered body": lambda event, number: signed(event, tail=" "),
    "another account": lambda event, number: signed(
        {**changed(event, number), "account": "acct_other"}
    ),
    "real money": lambda event, number: signed({**changed(event, number), "livemode": True}),
    "unpaid": lambda event, number: signed(
        {**changed(event, number, payment_status="unpaid"), "type": "checkout.session.completed"}
    ),
    "another amount": lambda event, number: signed(
        changed(event, number, amount_total=1, amount_received=1)
    ),
    "another currency": lambda event, number: signed(changed(event, number, currency="eur")),
    "another stay": lambda event, number: signed(
        changed(event, number, client_reference_id="nobody", metadata={"checkout": "nobody"})
    ),
}


def posted(address, letters):
    """Deliver them from several processes; (status, outcome) of each."""
    shares = [letters[place::PROCESSES] for place in range(PROCESSES)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES) as pool:
        told = pool.starmap(post_all, [(address, share) for share in shares])
    answers = [None] * len(letters)
    for place, share in enumerate(told):
        answers[place::PROCESSES] = share
    return answers


def post_all(address, letters):
    with (
        httpx.Client(base_url=address, trust_env=False, timeout=120) as client,
        ThreadPoolExecutor(CONNECTIONS) as threads,
    ):
        return list(threads.map(lambda letter: post(client, letter), letters))


def post(client, letter):
    from stripe import WebhookSignature

    _, body, secret, at, tail = letter
    headers = {"Content-Type": "application/json"}
    if secret:
        made = WebhookSignature.generate_signature_header(body, secret, int(time.time()) + at)
        headers["Stripe-Signature"] = made
    answer = client.post("/webhooks/stripe/", content=body + tail, headers=headers)
    return answer.status_code, answer.json().get("outcome", "")


def report(base, variables, letters, answers, dropped, took):
    """Print what became of it all; whether the books are right."""
    from django.db import connection

    from billing.models import Checkout, Payment

    checkouts = Checkout.objects.count()
    outcomes = Counter(
        (kind, status, "for a person" if outcome.endswith("kept for a person") else outcome)
        for (kind, *_), (status, outcome) in zip(letters, answers, strict=True)
    )
    for (kind, status, outcome), number in sorted(outcomes.items()):
        print(f"{kind:18} {status} {outcome:14} {number:6}")
    before = set(Payment.objects.values_list("reference", flat=True))
    print(f"{connection.vendor}: {len(letters)} deliveries in {took:.0f} s")
    print(f"credited {len(before)} of {checkouts - len(dropped)} that were told")
    print("reconcile:", manage(variables, "reconcile").partition(" ")[2][9:])
    credits = Counter(Payment.objects.filter(amount__gt=0).values_list("session", flat=True))
    doubled = sum(number > 1 for number in credits.values())
    money = httpx.post(f"{base}/double/money", trust_env=False).json()["money"]
    ledger = sum(Payment.objects.values_list("amount", flat=True))
    forged = sum(
        number
        for (kind, _, outcome), number in outcomes.items()
        if kind != "true" and outcome in ("paid", "paid twice: goes back")
    )
    print(f"credited after it {len(credits)} of {checkouts}, double credits {doubled}")
    print(f"forgeries that credited {forged}; the ledger {ledger}, at the provider {money}")
    whole = len(before) == checkouts - len(dropped) and len(credits) == checkouts
    return whole and not doubled and not forged and ledger == money


if __name__ == "__main__":
    main()
