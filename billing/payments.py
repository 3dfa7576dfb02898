"""Record money once, refund it by a negative entry, settle the stay."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from billing import events
from billing.models import Checkout, Payment, Tariff
from billing.providers import Can, Declined, PaidEvent, able, provider
from billing.quotes import quote
from billing.rules import tariffs
from parking.models import ParkingSession
from parking.rules.sessions import may

QUOTE_HOLDS = timedelta(minutes=10)  # how long a price that was shown may still be paid


class NothingDue(Exception):  # noqa: N818
    """There is nothing to pay for this stay now; the message says why."""


class PriceChanged(Exception):  # noqa: N818
    """The price is not the one that the driver was shown: show the new one before it is paid."""


def locked(session_id):
    """The stay, for one at a time: two clicks, two tabs and two webhooks come in turn.

    SQLite knows no row locks; there our transactions are one at a time from their beginning.
    """
    return ParkingSession.objects.select_for_update().select_related("car_park").get(pk=session_id)


def start_checkout(session, now, *, shown=None, by=None):
    """Promise the driver this moment's price and open a checkout for it.

    Raises `NothingDue`; `PriceChanged` when `shown` (smallest unit) is not what is due now.
    Asking again while the same price is open gives the same checkout: a double click is one payment.
    A checkout of another price is closed, so that one stay is not paid in two tabs. `by` is the provider
    that will take it, that of the pay page where not given.
    """
    by = by or settings.PAYMENT_PROVIDER
    with transaction.atomic():
        session = locked(session.pk)
        offer = quote(session, now)
        if offer.held:
            raise NothingDue("Somebody is looking at this stay. Nothing is charged until then.")
        if not offer.due:
            raise NothingDue("There is nothing to pay.")
        if shown not in (None, offer.due):
            raise PriceChanged("The price has changed since this page was opened.")
        opened = [one for one in session.checkouts.filter(expires_at__gt=now) if not is_paid(one)]
        for checkout in opened:
            if _asks_for(checkout, offer, by):
                return checkout
            checkout.expires_at = now
            checkout.save(update_fields=["expires_at"])
        return _promise(session, offer, now, by)


def _asks_for(checkout, offer, by):
    wanted = by, offer.due, offer.currency
    return (checkout.provider, checkout.amount, checkout.currency) == wanted


def _promise(session, offer, now, by):
    return Checkout.objects.create(
        session=session,
        provider=by,
        amount=offer.due,
        currency=offer.currency,
        quoted_at=now,
        expires_at=now + QUOTE_HOLDS,
        lines=[tariffs.kept(line) for line in offer.lines],
    )


def charge(session, card, now, *, about):
    """Charge a saved `Card` what is due at this moment, without its driver; returns the `Payment`.

    `about` says on the driver's statement what it was for (no plate). Raises `NothingDue`; `Declined`: then
    the pay page takes over; `Unreachable`: nothing is known, ask again and the card is charged once.
    """
    checkout = start_checkout(session, now, by=card.provider)
    asked = provider(card.provider, Can.CHARGE)
    try:
        done = asked.charge(card, checkout.amount, checkout.currency, checkout.reference, about)
    except Declined:
        Checkout.objects.filter(pk=checkout.pk).update(expires_at=now)
        raise
    event = PaidEvent(
        card.provider,
        f"charge {done.reference}",
        checkout.reference,
        done.amount,
        done.currency,
        done.reference,
    )
    receive(event, now)
    return payment_of(checkout)


def payment_of(checkout):
    """The payment that this checkout brought, or None."""
    return Payment.objects.filter(provider=checkout.provider, reference=checkout.reference).first()


def is_paid(checkout):
    return payment_of(checkout) is not None


def checkout_of(payment):
    """The checkout that brought this payment, or None: cash and refunds have none."""
    return Checkout.objects.filter(provider=payment.provider, reference=payment.reference).first()


def receive(event, now):
    """Act on what a provider told, once; returns what was done, in words (`billing.events.take`)."""
    return events.take(event, now)


def credit(event, now):
    """Put a `PaidEvent` into the ledger; returns what was done, in words.

    An unknown checkout, another amount or another currency is kept for a person and credits nothing.
    """
    checkout = Checkout.objects.filter(provider=event.provider, reference=event.reference).first()
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
    settle(checkout, now)
    return "paid"


def settle(checkout, now):
    """Let the stay leave in the tariff's time, if it paid what was due up to the promised moment.

    Otherwise (a doubt came up, the plate was corrected, money was given back) the payment stands and
    the rest is due.
    """
    session = locked(checkout.session_id)
    if not may("pay", session, now) or not _pays_all(session, checkout):
        return
    tariff = Tariff.in_force(session.car_park, session.entered_at)
    if tariff is None:
        return  # its prices were taken away meanwhile: nothing is due, and the money stands
    # Who waits for a late webhook has the full time from now; who has left had it from paying.
    began = min(now, checkout.expires_at) if session.left_at else now
    until = began + tariff.leave_within
    session.settled_until = max(session.settled_until or until, until)
    session.save(update_fields=["settled_until"])


def _pays_all(session, checkout):
    return quote(session, checkout.quoted_at, until=checkout.priced_until).due == 0


def refund(payment, *, amount, by, why, now):
    """Give `amount` (smallest unit) of a payment back: a negative entry with who and why.

    Raises ValueError where that much was not paid, or has been given back already.
    """
    with transaction.atomic():
        locked(payment.session_id)
        earlier = Payment.objects.filter(
            provider=payment.provider, reference__startswith=f"{payment.reference}/refund/"
        )
        left = payment.amount + sum(one.amount for one in earlier)
        if not 0 < amount <= left:
            raise ValueError(
                f"At most {max(0, left)} {payment.currency} of this payment can be refunded."
            )
        entry = Payment.objects.create(
            session=payment.session,
            amount=-amount,
            currency=payment.currency,
            provider=payment.provider,
            reference=f"{payment.reference}/refund/{earlier.count() + 1}",
            paid_at=now,
            by=by,
            why=why,
        )
        # Last, so that the provider is asked only for what is written down; it may still refuse.
        if able(payment.provider, Can.REFUND):
            provider(payment.provider, Can.REFUND).refund(payment, amount, entry.reference)
        return entry
