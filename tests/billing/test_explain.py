"""Receipts computed again from the facts that were kept with them, and from nothing else."""

import json

import pytest
from django.core.management import CommandError, call_command

from billing import explain, payments
from billing.models import Checkout
from billing.providers import PaidEvent
from parking.models import ParkingSession
from tests.billing.town import DEARER, NOON, always_priced, car, minutes

PAYING = NOON + minutes(90)


@pytest.fixture
def checkout(town):
    session = car(town, ago=minutes(90), now=PAYING)
    return payments.start_checkout(session, PAYING)


def pay(checkout):
    told = checkout.reference, checkout.amount, checkout.currency
    payments.receive(PaidEvent(checkout.provider, f"evt {checkout.reference}", *told), PAYING)


def said(capsys, *words):
    try:
        call_command("receipts", "--check", *words)
    except CommandError as wrong:
        return f"{capsys.readouterr().out.strip()} / {wrong}"
    return capsys.readouterr().out.strip()


def test_a_receipt_follows_from_its_facts(checkout):
    pay(checkout)
    assert list(explain.recompute(checkout)) == checkout.fee_lines
    assert explain.differences(checkout) == []


def test_whatever_becomes_of_the_stay_and_the_prices(checkout, capsys):
    pay(checkout)
    always_priced(checkout.session.car_park, DEARER)
    ParkingSession.objects.update(entered_at=NOON - minutes(500), plate="OTHER")
    assert said(capsys) == (
        "Receipts computed again from their facts: 1; lines: 1; differences: 0."
    )


def test_a_line_that_does_not_follow_is_found(checkout, capsys):
    pay(checkout)
    checkout.lines[0]["rate"] = 100
    checkout.save()
    out = said(capsys)
    assert out.startswith(f"{checkout.reference}: shows Line(rule=<Rule.STEPS")
    assert "differences: 1. / Some receipts do not follow from their facts." in out


def test_a_line_that_was_added_is_found(checkout):
    checkout.lines.append(checkout.lines[0])
    (found,) = explain.differences(checkout)
    assert (found.shown.amount, found.computed) == (300, None)


def test_what_was_promised_before_facts_were_kept_is_counted_apart(checkout, capsys):
    pay(checkout)
    Checkout.objects.update(basis={})
    assert json.loads(said(capsys, "--json")) == {
        "receipts": 0,
        "lines": 0,
        "unexplained": 1,
        "differences": [],
    }


def test_what_nobody_paid_has_no_receipt(checkout, capsys):
    assert json.loads(said(capsys, "--json"))["receipts"] == 0
