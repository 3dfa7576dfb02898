"""Pay later: let out owing, reminded once, then a line in a person's list."""

from datetime import timedelta as td

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from billing import later
from billing.models import Unpaid
from billing.payments import NothingDue, start_checkout
from billing.quotes import quote
from tests.billing.town import car, deliver, make_town, told


@pytest.fixture
def town(db):
    town = make_town()
    town.pay_later = 48
    town.save()
    return town


def left(town, *, ago=td(hours=1), plate="AB12CDE", email="", **facts):
    """A stay that was let out so long ago, owing 3.00."""
    now = timezone.now()
    session = car(town, plate=plate, ago=ago + td(minutes=90), left_at=now - ago, **facts)
    later.let_out(session, 300, now - ago)
    if email:
        later.remind_at_address(session, email)
    return session


def pay(client, session):
    deliver(client, told(start_checkout(session, timezone.now())))


def test_only_where_the_site_allows_it(town):
    assert later.may_pay_later(car(town), timezone.now())
    assert not later.may_pay_later(car(make_town("harbour")), timezone.now())


def test_who_did_not_pay_the_last_time_pays_at_the_exit(town, client):
    before = left(town, ago=td(hours=49))
    again = car(town)
    assert not later.may_pay_later(again, timezone.now())
    pay(client, before)
    assert later.may_pay_later(again, timezone.now())


def test_whose_time_to_pay_runs_may_go_again(town):
    left(town, ago=td(hours=47))
    assert later.may_pay_later(car(town), timezone.now())


@pytest.mark.parametrize(("hours", "letters"), [(23, 0), (25, 1), (72, 1)])
def test_one_reminder_a_day_before_the_last_moment(town, hours, letters):
    left(town, ago=td(hours=hours), email="ann@example.com")
    for _ in range(3):
        later.sweep(timezone.now())
    assert len(mail.outbox) == letters


def test_what_a_reminder_says(town, settings, capsys):
    settings.BASE_URL = "https://park.example"
    session = left(town, ago=td(hours=40), email="ann@example.com")
    call_command("remind")
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (
        ["ann@example.com"],
        "Your parking at The town square is to be paid",
    )
    assert "3.00 GBP, to be paid by" in letter.body
    assert "Type your number plate at https://park.example/pay/town/" in letter.body
    assert session.plate not in letter.body
    assert capsys.readouterr().out == "1 reminded, 0 paid meanwhile\n"


def test_who_has_paid_is_not_reminded_and_the_address_is_erased(town, client):
    session = left(town, ago=td(hours=40), email="ann@example.com")
    pay(client, session)
    assert later.sweep(timezone.now()) == (1, 0)
    assert later.sweep(timezone.now()) == (0, 0)
    assert (mail.outbox, Unpaid.objects.get().email) == ([], "")


def test_who_paid_before_leaving_leaves_no_address_behind(town):
    session = car(town)
    later.remind_at_address(session, "ann@example.com")
    later.sweep(timezone.now())
    assert Unpaid.objects.count() == 1
    session.left_at = timezone.now()
    session.save()
    later.sweep(timezone.now())
    assert Unpaid.objects.count() == 0


def test_no_address_is_kept_for_ever(town):
    left(town, ago=td(days=33), email="ann@example.com")
    later.sweep(timezone.now())
    assert Unpaid.objects.get().email == ""


def test_a_letter_that_cannot_be_sent_is_tried_again(town, settings):
    left(town, ago=td(hours=40), email="ann@example.com")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert later.sweep(timezone.now()) == (0, 0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert later.sweep(timezone.now()) == (0, 1)


def test_a_written_off_stay_owes_nothing(town):
    session, ann = left(town), User.objects.create_user("ann")
    later.write_off(session.unpaid, by=ann, why="A funeral", now=timezone.now())
    row = Unpaid.objects.get()
    assert (row.written_off_by, row.why, row.email) == (ann, "A funeral", "")
    assert quote(session, timezone.now()).due == 0
    with pytest.raises(NothingDue):
        start_checkout(session, timezone.now())
    with pytest.raises(later.NothingToWriteOff):
        later.write_off(row, by=ann, why="Again", now=timezone.now())


def test_a_vehicle_that_backed_out_again_is_in_no_list(town):
    session = left(town)
    session.left_at = None
    session.save()
    assert not later.listed(town).filter(Unpaid.OPEN).exists()
