"""What a correction or a later read makes of a stay: before and after, in time and money, and who says so."""

import contextlib

from billing.quotes import quote
from gates.models import Change
from parking.models import ParkingSession

NOTHING = {"plate": "", "entered": None, "left": None, "fee": 0}


@contextlib.contextmanager
def noted(session, *, by, why, now, new=False):
    """Write down what the block changes of this stay; `by` is a person, or None for the machine.

    `new`: the stay is being made in the block.
    """
    before = NOTHING if new else _facts(session, now)
    yield
    session.refresh_from_db()
    after = _facts(session, now)
    if after == before:
        return
    paid = quote(session, now).paid
    told = {f"{name}_before": value for name, value in before.items()}
    told |= {f"{name}_after": value for name, value in after.items()}
    refund = max(0, paid - after["fee"])
    Change.objects.create(session=session, at=now, by=by, why=why, refund=refund, **told)


def _facts(session, now):
    if session.voided_at:
        return NOTHING
    return {
        "plate": session.plate,
        "entered": session.entered_at,
        "left": session.left_at,
        "fee": quote(session, now).fee,
    }


def decided_by_a_person(sessions):
    """Those of the stays (ids) that a person has changed: no machine touches them again."""
    told = Change.objects.filter(session__in=sessions).exclude(by=None)
    return set(told.values_list("session", flat=True))


def fresh(session):
    """The stay as the database has it now, with what a quote asks of it."""
    return ParkingSession.objects.select_related("car_park", "permit").get(pk=session.pk)
