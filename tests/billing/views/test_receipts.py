"""Receipts: tax, lines, both times, how to dispute; by e-mail when asked."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from billing import payments, receipts
from billing.models import Payment
from billing.payments import start_checkout
from billing.rules.terms import simple
from tests.billing.town import NOON, car, deliver, minutes, told


def text(response):
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body).replace("&#x27;", "'").replace("&nbsp;", " ").strip()


def taxed(town, rate=2000, *, included=True):
    terms = simple(free=15, step=60, step_price=150, day_cap=1200, leave_within=15)
    tax = {"name": "VAT", "rate": rate, "included": included}
    town.tariffs.create(version=2, starts_at=NOON, terms={**terms, "tax": tax})


def paid(client, session):
    deliver(client, told(start_checkout(session, timezone.now())))
    return Payment.objects.latest("pk")


@pytest.mark.parametrize(
    ("rate", "tax", "net", "percent"),
    [(2000, 50, 250, "20"), (550, 16, 284, "5.5"), (1900, 48, 252, "19"), (10, 0, 300, "0.1")],
)
def test_the_tax_in_a_payment(client, town, rate, tax, net, percent):
    taxed(town, rate)
    found = receipts.tax_of(paid(client, car(town)))
    assert (found.tax, found.net, found.percent) == (tax, net, percent)
    assert found.tax + found.net == 300


def test_a_refund_gives_its_tax_back_as_well(client, town):
    taxed(town)
    payment = paid(client, car(town))
    refund = payments.refund(payment, amount=150, by=None, why="too much", now=timezone.now())
    found = receipts.tax_of(refund.entry)
    assert (found.tax, found.net) == (-25, -125)


def test_without_a_tax_there_is_no_line_of_it(client, town):
    payment = paid(client, car(town))
    assert receipts.tax_of(payment) is None
    assert "VAT" not in text(client.get(f"/receipt/{payment.receipt}/"))


def test_a_receipt_has_its_tax_both_times_and_how_to_dispute(client, town):
    taxed(town)
    session = car(town)
    payment = paid(client, session)
    session.left_at = session.entered_at + minutes(95)
    session.save()
    page = text(client.get(f"/receipt/{payment.receipt}/"))
    came, left = (at.astimezone(town.zone) for at in (session.entered_at, session.left_at))
    assert f"Came in {came:%A} {came.day} {came:%B %Y}, {came:%H:%M}" in page
    assert f"Left {left:%A} {left.day} {left:%B %Y}, {left:%H:%M}" in page
    assert "2 steps of 1 h at 1.50 GBP" in page
    assert "Of this VAT 20 % 0.50 GBP Without VAT 2.50 GBP" in page
    assert "Is something wrong?" in page


def test_a_receipt_by_letter_has_all_but_the_plate_and_no_address_is_kept(client, town, settings):
    settings.BASE_URL = "https://park.example"
    taxed(town)
    session = car(town)
    payment = paid(client, session)
    page = client.post(f"/receipt/{payment.receipt}/send/", {"email": "ann@example.com"})
    assert "It is on its way. Your address was not kept." in text(page)
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (
        ["ann@example.com"],
        "Your receipt from The town square",
    )
    came = session.entered_at.astimezone(town.zone)
    for fact in (
        "You paid 3.00 GBP at The town square",
        f"Came in: {came:%A} {came.day} {came:%B %Y}, {came:%H:%M}",
        "2 steps of 1 h at 1.50 GBP",
        "Of this VAT 20 %: 0.50 GBP",
        payment.reference,
        f"https://park.example/receipt/{payment.receipt}/",
        "Is something wrong?",
    ):
        assert fact in letter.body
    assert session.plate not in letter.body


@pytest.mark.parametrize("typed", ["", "ann", "a@b", "ann@example.com\nBcc: b@example.com"])
def test_what_is_no_address_gets_a_sentence(client, town, typed):
    payment = paid(client, car(town))
    page = client.post(f"/receipt/{payment.receipt}/send/", {"email": typed})
    assert page.status_code == 422
    assert "e-mail address" in text(page)
    assert mail.outbox == []


def test_few_letters_from_one_address(client, town):
    payment = paid(client, car(town))
    answers = [
        client.post(f"/receipt/{payment.receipt}/send/", {"email": "a@b.example"}).status_code
        for _ in range(8)
    ]
    assert answers == [200] * 7 + [429]
    assert len(mail.outbox) == 7


def test_a_letter_that_cannot_be_sent_says_what_to_do(client, town, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    payment = paid(client, car(town))
    page = client.post(f"/receipt/{payment.receipt}/send/", {"email": "a@b.example"})
    assert page.status_code == 503
    assert "The letter could not be sent now. Print this page" in text(page)


def test_looking_sends_nothing(client, town):
    payment = paid(client, car(town))
    assert client.get(f"/receipt/{payment.receipt}/send/").status_code == 405
    assert client.post("/receipt/guess/send/", {"email": "a@b.example"}).status_code == 404
