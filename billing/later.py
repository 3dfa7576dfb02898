"""Pay later, where a car park allows it: let out owing, reminded once, then a line in a person's list."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from billing.models import Unpaid
from billing.payments import locked
from billing.quotes import quote

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
KEPT_FOR = timedelta(days=30)  # an address of a stay that was never paid, after its last day


class NothingToWriteOff(Exception):  # noqa: N818
    """It was paid, or written off before; the message says so."""


def may_pay_later(session, now):
    """Whether this stay's car park lets it out owing: not where its plate has an unpaid stay whose last
    day has passed, for who does not pay later pays at the exit."""
    if session.car_park.pay_later is None:
        return False
    overdue = Unpaid.objects.filter(
        Unpaid.OPEN,
        session__car_park=session.car_park,
        session__folded=session.folded,
        due_by__lt=now,
    ).select_related("session__car_park")
    return not any(quote(one.session, now).due for one in overdue)


def let_out(session, due, now):
    """This stay leaves owing `due` (smallest unit): until when it is to be paid. Safe to do twice."""
    due_by = now + timedelta(hours=session.car_park.pay_later)
    told = {"amount": due, "let_out_at": now, "due_by": due_by, "closed_at": None}
    Unpaid.objects.update_or_create(session=session, defaults=told)


def remind_at_address(session, email):
    """The driver wants to be reminded at this address, should the stay leave unpaid."""
    Unpaid.objects.update_or_create(session=session, defaults={"email": email, "reminded_at": None})


def write_off(unpaid, *, by, why, now):
    """A person gives up what is due for this stay. Raises `NothingToWriteOff`."""
    with transaction.atomic():
        session = locked(unpaid.session_id)
        if quote(session, now).due == 0:
            raise NothingToWriteOff("Nothing is due for this stay any more.")
        facts = {"written_off_at": now, "written_off_by": by, "why": why, "email": ""}
        Unpaid.objects.filter(pk=unpaid.pk, written_off_at=None).update(**facts)


def listed(car_park):
    """The stays of this car park that were let out owing, each with `received` since, as a query."""
    since = Q(session__payments__paid_at__gte=F("let_out_at"))
    received = Coalesce(Sum("session__payments__amount", filter=since), 0)
    rows = Unpaid.objects.filter(session__car_park=car_park, due_by__isnull=False)
    return rows.annotate(received=received, owed=F("amount") - received)


# ---- the sweep ----


def sweep(now):
    """Look at every open row once: close what is paid, remind who asked, erase what is not needed.

    Returns how many were (closed, reminded). Running it again does nothing more.
    """
    closed = reminded = 0
    for one in Unpaid.objects.filter(Unpaid.OPEN).select_related("session__car_park"):
        if quote(one.session, now).due == 0:
            Unpaid.objects.filter(pk=one.pk).update(closed_at=now, email="")
            closed += 1
        elif one.email and one.reminded_at is None and now >= remind_from(one):
            reminded += _remind(one, now)
    gone = Q(session__left_at__isnull=False) | Q(session__voided_at__isnull=False)
    Unpaid.objects.filter(gone, due_by=None).delete()  # it had paid when it left
    Unpaid.objects.filter(due_by__lt=now - KEPT_FOR).exclude(email="").update(email="")
    return closed, reminded


def remind_from(unpaid):
    """From when on a reminder is sent: a day before the last moment, or when half of the time is over."""
    return unpaid.due_by - min(DAY, (unpaid.due_by - unpaid.let_out_at) / 2)


def _remind(unpaid, now):
    """Send the one reminder: taken first, so that two sweeps at once send it once; 1, or 0 if not sent."""
    mine = Unpaid.objects.filter(pk=unpaid.pk, reminded_at=None)
    if not mine.update(reminded_at=now):
        return 0
    try:
        _letter(unpaid).send()
    except (OSError, smtplib.SMTPException) as fault:
        Unpaid.objects.filter(pk=unpaid.pk).update(reminded_at=None)
        log.warning("a reminder could not be sent: %s", fault)
        return 0
    return 1


def _letter(unpaid):
    """The reminder: no plate and no link into the stay, for the address was typed by anybody."""
    car_park = unpaid.session.car_park
    context = {
        "unpaid": unpaid,
        "car_park": car_park,
        "pay_at": settings.BASE_URL + reverse("pay", args=[car_park.slug]),
    }
    with timezone.override(car_park.zone):
        words = render_to_string("billing/letters/reminder.txt", context)
    return EmailMessage(f"Your parking at {car_park} is to be paid", words, to=[unpaid.email])
