"""The day's money as a page, and the ledger taken out of the house."""

import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from billing import payments
from billing.models import LedgerExport, Payment, WebhookEvent
from billing.providers import PaidEvent
from tests.billing.town import car, make_town
from tests.gates.room import browser, person, queries, text


@pytest.fixture
def town(db):
    return make_town()


@pytest.fixture
def room(town):
    return browser(person("auditor"))


def pay(town, plate):
    checkout = payments.start_checkout(car(town, plate=plate), timezone.now())
    event = PaidEvent("mock", f"evt_{plate}", checkout.reference, 300, "GBP")
    payments.receive(event, timezone.now())


def today():
    return str(timezone.localdate(timezone=Payment.objects.first().session.car_park.zone))


def test_a_day_without_money_says_so(room):
    page = text(room.get("/money/"))
    assert "Nobody paid on this day." in page
    assert "were never compared" in page


def test_the_day_shows_how_it_was_paid(room, town):
    pay(town, "CAR1")
    pay(town, "CAR2")
    page = text(room.get("/money/"))
    assert "6.00 GBP" in page
    assert "practice card" in page
    assert "version 1" in page


def test_what_was_kept_for_a_person_is_shown(room, town):
    WebhookEvent.objects.create(
        provider="stripe",
        event_id="evt_1",
        received_at=timezone.now(),
        outcome="1 GBP is not what was asked: kept for a person",
    )
    assert "1 GBP is not what was asked" in text(room.get("/money/"))


@pytest.mark.parametrize("day", ["2026-02-30", "x", "0001-01-01", "9999-12-31", "2026-06-01", ""])
def test_any_day_may_be_asked_for(room, day):
    assert room.get("/money/", {"day": day}).status_code == 200


def test_the_page_asks_no_more_for_more_payments(room, town):
    pay(town, "CAR1")
    few = queries(room, "/money/")
    for number in range(2, 6):
        pay(town, f"CAR{number}")
    assert queries(room, "/money/") == few


def take_out(room, **asked):
    facts = {"first": today(), "last": today(), "form": "csv"}
    return room.post("/money/export/", {**facts, **asked})


def test_who_takes_the_ledger_out_is_written_down(room, town):
    pay(town, "CAR1")
    answer = take_out(room)
    assert answer.streaming
    assert b"".join(answer.streaming_content).count(b"\r\n") == 2
    assert "attachment" in answer["Content-Disposition"]
    kept = LedgerExport.objects.get()
    assert (kept.by.username, kept.form, kept.rows) == ("ann", "csv", 1)
    assert "1 line, csv" in text(room.get("/money/"))


def test_a_spreadsheet_can_be_opened(room, town):
    pay(town, "CAR1")
    body = b"".join(take_out(room, form="xlsx").streaming_content)
    assert load_workbook(io.BytesIO(body)).active.max_row == 2


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"first": ""}, "Choose the first day."),
        ({"first": "2026-02-30"}, "Choose the first day."),
        (
            {"first": "2026-06-02", "last": "2026-06-01"},
            "Choose at most a year, the first day first.",
        ),
        ({"first": "2020-01-01", "last": "2026-01-01"}, "Choose at most a year"),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "between 1970 and 2999"),
        ({"form": "exe"}, "exe is not one of the available choices"),
    ],
)
def test_an_export_that_cannot_be_says_why_and_logs_nothing(room, town, asked, sentence):
    pay(town, "CAR1")
    answer = room.post(
        "/money/export/",
        {"first": today(), "last": today(), "form": "csv", **asked},
        follow=True,
    )
    assert sentence in text(answer)
    assert not LedgerExport.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "engineer"])
def test_money_is_for_who_may_see_it(town, role):
    other = browser(person(role))
    assert other.get("/money/").status_code == 403
    assert other.post("/money/export/").status_code == 403


def test_looking_takes_nothing_out(room):
    assert room.get("/money/export/").status_code == 405
