"""A driver says that a stay is not the own one: it is charged no more until a person has looked."""

from django.db import transaction

from billing.payments import locked
from billing.quotes import quote
from parking.doubts import raise_doubt
from parking.models import Doubt

# What a driver can say: word in the form -> words on the page, and before the reviewer.
WRONG = {
    "never": ("My car was not here.", "the driver says that the car was not here"),
    "between": (
        "I drove out and came in again in between.",
        "the driver says that it was two visits",
    ),
    "times": ("I came or left at another time.", "the driver says that the times are wrong"),
    "paid": ("I have paid for this already.", "the driver says that it is paid already"),
}
LONGEST = 140  # characters of the driver's own words


class CannotDispute(Exception):  # noqa: N818
    """There is nothing to dispute, or somebody has looked already; the message says what to do."""


def dispute(session, what, words, *, now):
    """The driver of this stay says `what` (a word of WRONG) is wrong, with own `words` or none.

    Once for each stay: saying it again while somebody looks changes nothing. Raises `CannotDispute` where
    nothing is due, and where a person has settled a dispute of this stay.
    """
    with transaction.atomic():
        session = locked(session.pk)
        if session.doubts.filter(kind=Doubt.DISPUTED, settled_at=None).exists():
            return
        if answered(session):
            raise CannotDispute(
                "Somebody has looked at this stay already and found it right. If you still think that it "
                "is wrong, press the call button at the barrier, or show your receipt at the office."
            )
        if quote(session, now).due == 0:
            raise CannotDispute("There is nothing to pay for this stay.")
        said = WRONG[what][1]
        about = f'{said}: "{" ".join(words.split())[:LONGEST]}"' if words.strip() else said
        raise_doubt(session, Doubt.DISPUTED, about, at=now)


def answered(session):
    """Whether a person has looked at what this stay's driver said, and settled it."""
    settled = session.doubts.filter(kind=Doubt.DISPUTED, settled_by__isnull=False)
    return settled.exclude(settled_at=None).exists()
