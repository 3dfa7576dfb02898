"""Record money once, refund it by a negative entry, settle the stay."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from billing.models import Checkout, Payment, Tariff, WebhookEvent
from billing.providers import provider
from billing.quotes import quote
from parking.models import ParkingSession

QUOTE_HOLDS = timedelta(minutes=10)  # how long a price that was shown may still be paid


class NothingDue(Exception):  # noqa: N818
    """There is nothing to pay for this stay now; the message says why."""


def start_checkout(session, now):
    """Promise the driver today's price and open a checkout for it. Raises `NothingDue`.

    Asking again while the same price is open gives the same checkout: a double click is one payment.
    """
    offer = quote(session, now)
    if offer.held:
        raise NothingDue("Somebody is looking at this stay. Nothing is charged until then.")
    if not offer.due:
        raise NothingDue("There is nothing to pay.")
    wanted = {
        "session": session,
        "provider": settings.PAYMENT_PROVIDER,
        "amount": offer.due,
        "currency": offer.currency,
    }
    for checkout in Checkout.objects.filter(**wanted, expires_at__gt=now):
        if not Payment.objects.filter(
            provider=checkout.provider, reference=checkout.reference
        ).exists():
            return checkout
    return Checkout.objects.create(**wanted, quoted_at=now, expires_at=now + QUOTE_HOLDS)


def receive(event, now):
    """Act on a `PaidEvent` once; returns what was done, in words. The same event again does nothing.

    An unknown checkout, another amount or another currency is kept for a person and credits nothing.
    """
    try:
        with transaction.atomic():
            kept = WebhookEvent.objects.create(
                provider=event.provider, event_id=event.id, received_at=now, outcome=""
            )
            kept.outcome = _credit(event, now)
            kept.save(update_fields=["outcome"])
            return kept.outcome
    except IntegrityError:
        return "seen before"


def _credit(event, now):
    checkout = (
        Checkout.objects.filter(provider=event.provider, reference=event.reference)
        .select_related("session__car_park")
        .first()
    )
    if checkout is None:
        return f"no checkout {event.reference}: kept for a person"
    if (event.amount, event.currency) != (checkout.amount, checkout.currency):
        return f"{event.amount} {event.currency} is not what was asked: kept for a person"
    _, created = Payment.objects.get_or_create(
        provider=event.provider,
        reference=event.reference,
        defaults={
            "session": checkout.session,
            "amount": event.amount,
            "currency": event.currency,
            "paid_at": now,
        },
    )
    if not created:
        return "paid before"
    settle(checkout.session_id, quoted_at=checkout.quoted_at, now=now)
    return "paid"


def settle(session_id, *, quoted_at, now):
    """Let the stay leave in the tariff's time, if it paid what was due when the price was shown."""
    session = (
        ParkingSession.objects.select_for_update().select_related("car_park").get(pk=session_id)
    )
    if quote(session, quoted_at).due != 0:  # None: a doubt came up meanwhile
        return
    leave_within = Tariff.in_force(session.car_park, session.entered_at).leave_within
    session.settled_until = max(session.settled_until or now, now + leave_within)
    session.save(update_fields=["settled_until"])


def refund(payment, *, amount, by, why, now):
    """Give `amount` (smallest unit) of a payment back: a negative entry with who and why."""
    with transaction.atomic():
        # One refund of a payment at a time; the reference numbers them, so a race is a clash.
        earlier = Payment.objects.filter(
            provider=payment.provider, reference__startswith=f"{payment.reference}/refund/"
        )
        left = payment.amount + sum(one.amount for one in earlier)
        if not 0 < amount <= left:
            raise ValueError(f"At most {left} {payment.currency} of this payment can be refunded.")
        provider(payment.provider).refund(payment, amount)
        return Payment.objects.create(
            session=payment.session,
            amount=-amount,
            currency=payment.currency,
            provider=payment.provider,
            reference=f"{payment.reference}/refund/{earlier.count() + 1}",
            paid_at=now,
            by=by,
            why=why,
        )
