"""A stay, its tariff and its payments in; what is due, why, and until when to leave, out."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from billing.models import Tariff
from billing.rules import tariffs
from parking.models import Permit
from parking.rules.sessions import State, state


@dataclass(frozen=True)
class Quote:
    """What a stay costs at one moment.

    `due` is what remains to pay (smallest unit, never negative); None when a doubt forbids to charge
    (`held`). `leave_by` is set while the stay is settled.
    """

    lines: tuple[tariffs.Line, ...]
    fee: int
    paid: int
    due: int | None
    currency: str
    at: datetime
    until: datetime
    leave_by: datetime | None = None
    doubt: str = ""

    @property
    def held(self):
        return self.due is None

    @property
    def overpaid(self):
        return max(0, self.paid - self.fee)


class NoTariff(Exception):  # noqa: N818
    """The car park has no prices yet."""


def paid(session):
    """What was paid for this stay, refunds taken off (smallest unit)."""
    return session.payments.aggregate(sum=Sum("amount"))["sum"] or 0


def quote(session, now):
    """The `Quote` of a stay at `now` (aware UTC). Time in the queue of an exit is not billed.

    Raises `NoTariff` when the car park has no tariff.
    """
    stage = state(session, now)
    until = session.left_at or session.waiting_since or now
    if stage == State.LEFT and session.settled_until and until <= session.settled_until:
        stage = State.SETTLED  # left in time: what was paid is what it cost
    lines = _lines(session, until)
    fee, received = tariffs.total(lines), paid(session)
    return Quote(
        lines=tuple(lines),
        fee=fee,
        paid=received,
        due=_due(session, stage, fee - received),
        currency=session.car_park.currency,
        at=now,
        until=until,
        leave_by=session.settled_until if stage == State.SETTLED else None,
        doubt=session.doubt,
    )


def _due(session, stage, owed):
    if stage in (State.SETTLED, State.VOID) or owed <= 0:
        return 0
    return None if session.doubt else owed


def _lines(session, until):
    """Fee lines; the time that a permit covers costs nothing."""
    charged_from = session.entered_at
    free_until = permitted_until(session, until)
    if free_until:
        covered = tariffs.Line(tariffs.Rule.PERMIT, charged_from, free_until)
        if free_until >= until:
            return [covered]
        charged_from = free_until
    tariff = Tariff.in_force(session.car_park, session.entered_at)
    if tariff is None:
        raise NoTariff(f"{session.car_park} has no tariff yet: add one under Prices.")
    lines = tariffs.fee(tariff, charged_from, until)
    return [covered, *lines] if free_until else lines


def permitted_until(session, until):
    """Until when a permit covers this stay, or None: the one it entered with, or one valid now."""
    if Permit.covering(session.car_park, session.plate, until):
        return until
    if session.permit is None:
        return None
    return min(session.permit.ends_at or until, until)
