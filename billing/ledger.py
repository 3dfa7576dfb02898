"""Write money down: by compare-and-set on the stay's balance, so that no two writers act on one sight."""

from functools import wraps

from django.db import models, transaction

from billing.models import Balance, Payment

MOST_TRIES = 30


class Overtaken(Exception):  # noqa: N818
    """Somebody else wrote money for this stay since its balance was seen: look again."""


def retried(act):
    """The act in a transaction of its own, begun afresh whenever it was overtaken."""

    @wraps(act)
    def tried(*words, **named):
        for _ in range(MOST_TRIES):
            try:
                with transaction.atomic():
                    return act(*words, **named)
            except Overtaken:
                continue
        raise Overtaken(f"Overtaken {MOST_TRIES} times in a row.")

    return tried


def seen(session):
    """The balance of a stay as it is now; what is decided from here on holds only for its version."""
    found = Balance.objects.filter(session=session).first()
    if found is None:
        found, _ = Balance.objects.get_or_create(
            session=session, defaults={"paid": paid_into(session)}
        )
    return found


def paid_into(session):
    """The sum of a stay's payments, refunds taken off (smallest unit)."""
    return session.payments.aggregate(sum=models.Sum("amount"))["sum"] or 0


def post(balance, *, amount, going_back=0, **facts):
    """Add a line to the ledger, if the balance is still the one that was seen; returns the `Payment`.

    `amount` is positive for money in, negative for money back. Raises `Overtaken`, and then the whole
    transaction has to begin again.
    """
    entry = Payment.objects.create(session_id=balance.session_id, amount=amount, **facts)
    move(balance, paid=amount, going_back=going_back)
    return entry


def move(balance, *, paid=0, going_back=0):
    """Set the balance that was seen to the one after it. Raises `Overtaken`."""
    still = Balance.objects.filter(pk=balance.pk, version=balance.version)
    after = {
        "paid": balance.paid + paid,
        "going_back": balance.going_back + going_back,
        "version": balance.version + 1,
    }
    if not still.update(**after):
        raise Overtaken(Overtaken.__doc__)
    for name, value in after.items():
        setattr(balance, name, value)
