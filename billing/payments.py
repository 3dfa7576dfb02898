"""Record money once, refund it by a negative entry, settle the stay."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from billing import events, explain, ledger, refunds
from billing.models import AutopayTry, Checkout, How, Payment, Tariff, token
from billing.providers import Can, Declined, PaidEvent, Unreachable, able, provider
from billing.quotes import quote
from billing.rules import tariffs
from parking import doubts
from parking.evidence import look
from parking.models import DRIVER_KNOWS, ParkingSession
from parking.rules.sessions import may

QUOTE_HOLDS = timedelta(minutes=10)  # how long a price that was shown may still be paid
PAYABLE = timedelta(days=1)  # longer than any provider's card page stays open
STAYED = "The driver said that the car was here all the time, and paid."
MOST_ROUNDS = 4  # others who start to pay for the same stay at the same moment


class NothingDue(Exception):  # noqa: N818
    """There is nothing to pay for this stay now; the message says why."""


class PriceChanged(Exception):  # noqa: N818
    """The price is not the one that the driver was shown: show the new one before it is paid."""


@dataclass(frozen=True)
class Wanted:
    """Who shall take a payment, where, and under which name (None: a new one)."""

    by: str
    how: str
    reference: str | None = None
    stayed: bool = False


def locked(session_id):
    """The stay, for one at a time: two clicks, two tabs and two webhooks come in turn.

    Not its car park: a lane that decides holds that one, and waits for this stay.
    SQLite knows no row locks; there our transactions are one at a time from their beginning.
    """
    stays = ParkingSession.objects.select_for_update(of=("self",)).select_related("car_park")
    return stays.get(pk=session_id)


def start_checkout(
    session, now, *, shown=None, by=None, how=How.PAGE, reference=None, stayed=False
):
    """Promise the driver this moment's price and open a checkout for it.

    `by` is the provider that will take it (that of the page where not given), `how` where. Raises
    `NothingDue`; `PriceChanged` when `shown` (smallest unit) is not what is due now; `Unreachable` when
    another checkout of this stay is open and cannot be closed.
    Asking again while the same price is open gives the same checkout: a double click is one payment.
    Every other one is closed at its provider first, so that one stay is not paid in two tabs. A desk does
    not wait for a provider that is away: what is paid there as well is found later, and goes back.
    `reference` is a name for the checkout that was given out before: a second click finds the first.
    `stayed`: the driver says that the vehicle was here all the time, where nobody knows better
    (`Quote.driver_knows`). Once that is paid, the doubt is settled.
    """
    wanted = Wanted(by or settings.PAYMENT_PROVIDER, how, reference, stayed)
    let_be = set()
    for _ in range(MOST_ROUNDS):
        promise, others = _promised(session, now, shown, wanted, let_be)
        if promise:
            return promise
        for other in others:  # outside of the transaction: a provider may take seconds
            try:
                close(other, now)
            except Unreachable:
                if how != How.DESK:
                    raise
                let_be.add(other.pk)
    raise Unreachable("Somebody else is paying for this stay at this moment.")


@transaction.atomic
def _promised(session, now, shown, wanted, let_be):
    """The checkout of this price and nothing else open, or None and those that must be closed before."""
    session = locked(session.pk)
    offer = quote(session, now)
    if offer.held and not (wanted.stayed and offer.driver_knows):
        raise NothingDue("Somebody is looking at this stay. Nothing is charged until then.")
    if not offer.owed:
        raise NothingDue("There is nothing to pay.")
    if wanted.how != How.CARD and AutopayTry.running(session, now):
        raise NothingDue("Your saved card is being charged. Look again in a moment.")
    if shown not in (None, offer.owed):
        raise PriceChanged("The price has changed since this page was opened.")
    opened = [one for one in still_open(session, now) if one.pk not in let_be]
    same = next((one for one in opened if _asks_for(one, offer, wanted, now)), None)
    if others := [one for one in opened if one != same]:
        Checkout.objects.filter(pk__in=[one.pk for one in others], expires_at__gt=now).update(
            expires_at=now
        )
        return None, others
    return same or _promise(session, offer, now, wanted), []


def still_open(session, now):
    """The unpaid checkouts of a stay that somebody might still pay at their provider."""
    lately = session.checkouts.filter(closed_at=None, quoted_at__gt=now - PAYABLE)
    return [one for one in lately.order_by("quoted_at", "id") if not is_paid(one)]


def close(checkout, now):
    """See to it that nobody can pay this checkout any more; what was paid meanwhile is credited.

    Returns whether it is closed unpaid. Raises `Unreachable`: then it may still be paid.
    """
    if able(checkout.provider, Can.PAGE) and not provider(checkout.provider).expire(checkout):
        found = provider(checkout.provider).look(checkout)
        if found:
            receive(found, now)
            return False
        raise Unreachable("A payment for this stay is on its way.")
    Checkout.objects.filter(pk=checkout.pk).update(
        closed_at=now, expires_at=min(now, checkout.expires_at)
    )
    return True


def _asks_for(checkout, offer, wanted, now):
    asked = checkout.provider, checkout.how, checkout.amount, checkout.currency
    price = wanted.by, wanted.how, offer.owed, offer.currency
    mine = wanted.reference in (None, checkout.reference) and checkout.stayed == offer.held
    return mine and checkout.expires_at > now and asked == price


def _promise(session, offer, now, wanted):
    if offer.held:
        look(session, now)  # what the driver says to it is settled when it is paid
    return Checkout.objects.create(
        session=session,
        provider=wanted.by,
        how=wanted.how,
        reference=wanted.reference or token(),
        amount=offer.owed,
        stayed=offer.held,
        currency=offer.currency,
        quoted_at=now,
        expires_at=now + QUOTE_HOLDS,
        lines=[tariffs.kept(line) for line in offer.lines],
        basis=explain.kept(offer.basis),
    )


def charge(session, card, now, *, about):
    """Charge a saved `Card` what is due at this moment, without its driver; returns the `Payment`.

    `about` says on the driver's statement what it was for (no plate). Raises `NothingDue`; `Declined`: then
    the pay page takes over; `Unreachable`: nothing is known, ask again and the card is charged once.
    """
    checkout = start_checkout(session, now, by=card.provider, how=How.CARD)
    return charge_for(checkout, card, now, about=about)


def charge_for(checkout, card, now, *, about):
    """Charge a saved `Card` for this very promise, whose reference is the key: asked again it is the same
    charge. As `charge`."""
    asked = provider(card.provider, Can.CHARGE)
    try:
        done = asked.charge(card, checkout.amount, checkout.currency, checkout.reference, about)
    except Declined:
        Checkout.objects.filter(pk=checkout.pk).update(expires_at=now, closed_at=now)
        raise
    name = f"charge {done.reference}"
    told = checkout.reference, done.amount, done.currency, done.reference
    receive(PaidEvent(card.provider, name, *told), now)
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


@ledger.retried
def credit(event, now):
    """Put a `PaidEvent` into the ledger; returns what was done, in words.

    An unknown checkout, another amount or another currency is kept for a person and credits nothing.
    Money that came although it had been paid already is written down as well, and goes back.
    """
    checkout = Checkout.objects.filter(provider=event.provider, reference=event.reference).first()
    if checkout is None:
        return f"no checkout {event.reference}: kept for a person"
    if (event.amount, event.currency) != (checkout.amount, checkout.currency):
        return f"{event.amount} {event.currency} is not what was asked: kept for a person"
    balance = ledger.seen(locked(checkout.session_id))
    first = payment_of(checkout)
    if _known(event, first):
        return "paid before"
    too_much = event.amount if first else _too_much(checkout, balance)
    payment = ledger.post(
        balance,
        amount=event.amount,
        currency=event.currency,
        provider=event.provider,
        reference=f"{event.reference}/again/{event.charge}"[:100] if first else event.reference,
        charge=event.charge,
        paid_at=now,
    )
    settle(checkout, now)
    if too_much:
        refunds.ask(payment, amount=too_much, by=None, why=refunds.PAID_TWICE, now=now)
    return "paid twice: goes back" if too_much else "paid"


def _known(event, first):
    """Whether this very movement of money is in the ledger; `first` is the payment of its checkout."""
    if first is None:
        return False
    if not event.charge or event.charge == first.charge or not first.charge:
        return True
    ours = Payment.objects.filter(provider=event.provider, charge=event.charge, amount__gt=0)
    return ours.exists()


def _too_much(checkout, balance):
    """What of this checkout somebody had paid another way since it was promised (smallest unit)."""
    meanwhile = balance.paid - balance.going_back - checkout.paid_before
    return min(checkout.amount, max(0, meanwhile))


def settle(checkout, now):
    """Let the stay leave in the tariff's time, if it paid what was due up to the promised moment; what its
    driver said is believed now.

    Otherwise (a doubt came up, the plate was corrected, money was given back) the payment stands and
    the rest is due.
    """
    session = locked(checkout.session_id)
    if checkout.stayed:
        doubts.settle(session, by=None, why=STAYED, at=now, kinds=DRIVER_KNOWS)
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
    """Give `amount` (smallest unit) of a payment back, with who and why; returns the `Refund`.

    The ledger gets its negative entry (`refund.entry`) when the provider has done it, which may be at
    once. Raises ValueError where that much was not paid, or is given back already.
    """
    asked = refunds.ask(payment, amount=amount, by=by, why=why, now=now)
    return refunds.carry_out(asked, now)
