"""Money over a desk: a shift with its drawer, cash and a card terminal."""

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from billing import ledger, payments
from billing.models import How, Payment, Shift
from billing.quotes import OWED_FOR, quote
from billing.templatetags.money import money
from parking.models import ParkingSession
from parking.rules import plates

MOST_FOUND = 12


class NotPossible(Exception):  # noqa: N818
    """This cannot be done at the desk now; the message says what to do."""


def shift_of(person, car_park):
    """The open shift of this person, or None."""
    return Shift.objects.filter(Shift.OPEN, by=person, car_park=car_park).first()


def open_shift(car_park, *, desk, by, float_amount, now):
    """Begin a shift. Raises `NotPossible` while this person or this desk has one."""
    try:
        with transaction.atomic():
            return Shift.objects.create(
                car_park=car_park, desk=desk, by=by, float_amount=float_amount, opened_at=now
            )
    except IntegrityError:
        there = (
            Shift.objects.filter(Shift.OPEN, Q(by=by) | Q(desk=desk)).select_related("by").first()
        )
        if there is None:
            raise
        raise NotPossible(
            f"{there.by.username} has a shift open at {there.desk}: close it first."
        ) from None


def takings(shift):
    """What a shift took and gave back, way by way: {"cash": smallest unit, ...}."""
    sums = shift.payments.order_by().values_list("provider").annotate(sum=Sum("amount"))
    return dict(sums)


def expected(shift):
    """The cash that should be in the drawer (smallest unit)."""
    return shift.float_amount + takings(shift).get("cash", 0)


def close_shift(shift, *, counted, why, now):
    """End a shift with what was counted. Returns it; one that is closed already stays as it is.

    Raises `NotPossible` where it differs from what is expected and nobody says why.
    """
    with transaction.atomic():
        shift = Shift.objects.select_for_update().get(pk=shift.pk)
        if shift.closed_at:
            return shift
        shift.expected = expected(shift)
        if counted != shift.expected and not why.strip():
            raise NotPossible(
                "The drawer has changed meanwhile. Count again, or say why it differs."
            )
        shift.counted, shift.why, shift.closed_at = counted, why.strip(), now
        shift.save()
        return shift


def found(car_park, text, now):
    """Stays that a person at the desk may mean by a plate or a part of it, the newest first: those
    inside, and those that left lately."""
    try:
        part = plates.folded(plates.canonical(text))
    except plates.NotAPlate:
        return []
    lately = ParkingSession.OPEN | Q(left_at__gte=now - OWED_FOR)
    stays = car_park.sessions.filter(lately, voided_at=None, folded__contains=part)
    return list(stays.select_related("car_park", "permit").order_by("-entered_at")[:MOST_FOUND])


def take(session, *, way, shown, key, shift, now, slip="", given=None, stayed=False):
    """Take what is due for a stay over the desk; returns the `Payment`. `stayed`: its driver says that
    the car was here all the time (`payments.start_checkout`).

    `shown` is what the page said is due (smallest unit), `key` the page's own name for this payment: the
    same page sent twice pays once. Raises `payments.NothingDue`, `payments.PriceChanged`, `NotPossible`.
    """
    before = Payment.objects.filter(provider=way, reference=key, session=session).first()
    if before:
        return before
    promise = payments.start_checkout(
        session, now, shown=shown, by=way, how=How.DESK, reference=key, stayed=stayed
    )
    return _write(promise, shift, now, **_told(way, slip, given, shift, now, promise))


def _told(way, slip, given, shift, now, promise):
    """What the ledger keeps of how it was paid: a slip counts once a day at a desk."""
    if way == "terminal":
        day = now.astimezone(shift.car_park.zone).date()
        return {"charge": f"{day} {shift.desk} {slip.strip()}", "why": f"slip {slip.strip()}"}
    if given in (None, promise.amount):
        return {}
    notes, change = (money(one, promise.currency) for one in (given, given - promise.amount))
    return {"why": f"given {notes}, change {change}"}


@ledger.retried
def _write(promise, shift, now, **told):
    session = payments.locked(promise.session_id)
    balance = ledger.seen(session)
    promise.refresh_from_db()
    if before := payments.payment_of(promise):
        return before
    if not Shift.objects.select_for_update().filter(Shift.OPEN, pk=shift.pk).exists():
        raise NotPossible("Your shift is closed. Open one before you take money.")
    priced = quote(session, promise.quoted_at, until=promise.priced_until)
    due = priced.owed if promise.stayed and priced.driver_knows else priced.due
    if promise.closed_at or due != promise.amount:
        raise payments.PriceChanged("Somebody has paid meanwhile, or is about to. Look again.")
    if told.get("charge") and _used(promise.provider, told["charge"]):
        raise NotPossible("This slip was used for another payment. Look at its number again.")
    payment = ledger.post(
        balance,
        amount=promise.amount,
        currency=promise.currency,
        provider=promise.provider,
        reference=promise.reference,
        paid_at=now,
        by=shift.by,
        shift=shift,
        **told,
    )
    payments.settle(promise, now)
    return payment


def _used(way, charge):
    return Payment.objects.filter(provider=way, charge=charge, amount__gt=0).exists()
