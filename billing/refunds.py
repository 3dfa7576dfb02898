"""Give money back: asked for with who and why, then asked from the provider, then written down."""

from django.db.models import Sum

from billing import ledger
from billing.models import Refund
from billing.providers import Back, Can, Unreachable, able, provider
from billing.templatetags.money import money

PAID_TWICE = "paid twice"


def left(payment):
    """How much of a payment may still be given back (smallest unit): promised refunds are taken off."""
    promised = payment.refunds.filter(failed_at=None).aggregate(sum=Sum("amount"))["sum"] or 0
    return max(0, payment.amount - promised)


@ledger.retried
def ask(payment, *, amount, by, why, now, shift=None):
    """Promise to give `amount` (smallest unit) of a payment back; returns the `Refund`.

    What no machine gives back (cash) is written down at once: the person who asks hands it out, from the
    drawer of `shift`. Raises ValueError where that much was not paid, or is given back already.
    """
    balance = ledger.seen(payment.session)
    most = left(payment)
    if not 0 < amount <= most:
        limit = money(most, payment.currency)
        raise ValueError(f"At most {limit} of this payment can be refunded.")
    refund = Refund.objects.create(payment=payment, amount=amount, by=by, why=why, asked_at=now)
    if able(payment.provider, Can.REFUND):
        ledger.move(balance, going_back=amount)
        return refund
    refund.done_at = now
    _write(refund, balance, now, shift=shift)
    return refund


def carry_out(refund, now):
    """Ask the provider for a refund that is pending; returns the `Refund` as it stands then.

    Asked again it is the same refund at the provider. What does not answer leaves it pending.
    """
    refund.refresh_from_db()
    if refund.state != "pending":
        return refund
    asked = provider(refund.payment.provider, Can.REFUND)
    try:
        if refund.at_provider:
            answer = asked.again(refund)
        else:
            answer = asked.refund(refund.payment, refund.amount, refund.key)
    except Unreachable as away:
        Refund.objects.filter(pk=refund.pk).update(trouble=away.sentence[:200])
    else:
        stands(answer, now)
    refund.refresh_from_db()
    return refund


@ledger.retried
def stands(event, now):
    """Put into the books how a refund stands (`Refunded`); returns what was done, in words."""
    refund = Refund.objects.filter(key=event.key, payment__provider=event.provider).first()
    if refund is None:
        return f"no refund {event.key}: kept for a person"
    if (event.amount, event.currency) != (refund.amount, refund.payment.currency):
        return f"{event.amount} {event.currency} is not what was to go back: kept for a person"
    balance = ledger.seen(refund.payment.session)
    refund.refresh_from_db()  # after the balance was seen: whoever changes it meanwhile overtakes us
    return STANDS[event.state](refund, event, balance, now)


def _done(refund, event, balance, now):
    if refund.done_at:
        return "done before"
    if refund.failed_at:
        return "it had failed before: kept for a person"
    refund.at_provider, refund.done_at, refund.trouble = event.reference, now, ""
    _write(refund, balance, now, going_back=-refund.amount)
    return "refunded"


def _write(refund, balance, now, *, going_back=0, shift=None):
    payment = refund.payment
    refund.entry = ledger.post(
        balance,
        amount=-refund.amount,
        going_back=going_back,
        currency=payment.currency,
        provider=payment.provider,
        reference=f"{payment.reference}/refund/{refund.pk}",
        charge=refund.at_provider,
        paid_at=now,
        by=refund.by,
        why=refund.why,
        shift=shift,
    )
    refund.save()


def _pending(refund, event, balance, now):
    if refund.state != "pending":
        return "settled before"
    Refund.objects.filter(pk=refund.pk).update(at_provider=event.reference, trouble="")
    return "pending"


def _failed(refund, event, balance, now):
    if refund.failed_at:
        return "failed before"
    was_done = refund.done_at is not None
    refund.failed_at, refund.at_provider = now, event.reference
    refund.trouble = (event.why or "The card's bank did not take the money.")[:200]
    refund.save()
    if not was_done:
        ledger.move(balance, going_back=-refund.amount)
        return "failed: kept for a person"
    # The bank sent it back days later: the money is ours again, and the ledger says so.
    ledger.post(
        balance,
        amount=refund.amount,
        currency=refund.payment.currency,
        provider=refund.payment.provider,
        reference=f"{refund.entry.reference}/came back",
        paid_at=now,
        why=f"came back: {refund.trouble}"[:200],
    )
    return "came back: kept for a person"


STANDS = {Back.DONE: _done, Back.PENDING: _pending, Back.FAILED: _failed}


def queue(car_park):
    """Refunds that need a person's eye: pending with trouble, or failed and not closed by anybody."""
    ours = Refund.objects.filter(payment__session__car_park=car_park)
    open_ones = ours.filter(Refund.WAITS) | ours.filter(failed_at__isnull=False, closed_at=None)
    return open_ones.select_related("payment__session__car_park", "by").order_by("asked_at", "id")


def close(refund, *, by, why, now):
    """A person says what became of a refund that failed. The first word counts."""
    still = Refund.objects.filter(pk=refund.pk, failed_at__isnull=False, closed_at=None)
    return still.update(closed_at=now, closed_by=by, closed_why=why)


def owed(session, offer):
    """What of a stay's money is too much, less what is promised to go back (smallest unit); `offer` is
    its quote."""
    promised = Refund.objects.filter(Refund.WAITS, payment__session=session)
    going = promised.aggregate(sum=Sum("amount"))["sum"] or 0
    return max(0, offer.overpaid - going)


def spread(session, amount):
    """Which payments so much goes back to, and how much to each: the newest first."""
    shares = []
    for payment in session.payments.filter(amount__gt=0).order_by("-paid_at", "-id"):
        share = min(amount, left(payment))
        if share:
            shares.append((payment, share))
            amount -= share
    return shares
