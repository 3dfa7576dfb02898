"""A stay, its tariff and its payments in; what is due, why, and until when to leave, out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Sum

from billing.explain import Basis
from billing.models import Payment, Tariff, Unpaid
from billing.prices.holidays import between
from billing.rules import tariffs
from billing.rules.stays import CAR
from parking.evidence import lacking
from parking.models import DRIVER_KNOWS, Doubt, Permit
from parking.rules.matching import rows_of
from parking.rules.permits import joined
from parking.rules.plates import folded
from parking.rules.sessions import State, state

# Lines that say for how long they are free: `each`.
FREE_FOR = (tariffs.Rule.FREE, tariffs.Rule.TURNED, tariffs.Rule.MINUTES)
OWED_FOR = timedelta(days=30)  # a driver finds a stay by its plate for so long after leaving
A_DAY_BEFORE = timedelta(days=2)  # a day of a vehicle may have begun on the day before


@dataclass(frozen=True)
class Quote:
    """What a stay costs at one moment.

    `due` is what remains to pay (smallest unit, never negative); None when a doubt forbids to charge
    (`held`): `doubt` is the gravest that is written down, or what lacks at this moment. `leave_by` is
    set while the stay is settled. `until` is the moment up to which the lines count. `basis` is what a
    tariff's lines come from; None where there was none.
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
    basis: Basis | None = None

    @property
    def held(self):
        return self.due is None

    @property
    def owed(self):
        """What remains to pay, also where a doubt forbids to charge it (smallest unit)."""
        return self.fee - self.paid if self.held else self.due

    @property
    def driver_knows(self):
        """Whether nothing is in doubt but what its driver's word settles: was it here all the time?"""
        return self.held and self.doubt in DRIVER_KNOWS

    @property
    def settled(self):
        """Whether it may leave because it was paid for, not because it costs nothing."""
        return self.leave_by is not None or (self.paid > 0 and self.due == 0)

    @property
    def overpaid(self):
        return max(0, self.paid - self.fee)

    @property
    def free_until(self):
        """Until when this stay costs nothing; None when it costs something already, or was paid."""
        last = self.lines[-1] if self.lines else None
        free = last and last.rule in FREE_FOR and not self.fee
        return last.start + last.each if free else None

    @property
    def permitted(self):
        """Whether a permit covers the whole of it."""
        return bool(self.lines) and {line.rule for line in self.lines} == {tariffs.Rule.PERMIT}


def paid(session):
    """What was paid for this stay, refunds taken off (smallest unit of the car park's currency)."""
    ours = session.payments.filter(currency=session.car_park.currency)
    return ours.aggregate(sum=Sum("amount"))["sum"] or 0


def left_owing(car_park, plate, now):
    """The newest stay of this plate (canonical) that has left and was not paid, or None: one that an
    exit let out in doubt, or by itself, or for a person."""
    left = car_park.sessions.filter(
        folded=folded(plate), voided_at=None, left_at__gte=now - OWED_FOR
    ).order_by("-left_at")
    return next((one for one in rows_of(plate, left) if quote(one, now).due != 0), None)


def quote(session, now, *, until=None):
    """The `Quote` of a stay at `now` (aware UTC). Time in the queue of an exit is not billed.

    `until` prices the stay up to that moment, whatever came after: what a checkout promised.
    A stay that was settled costs what was paid for, and the time to leave is free.
    A refund gives money back and forgives nothing: a vehicle that left in time owes nothing all the
    same, one that is still inside when its time to leave is over owes what is not paid then.
    A car park without prices charges nothing, and traps nobody.
    """
    stage = state(session, now)
    until = until or max(session.left_at or session.waiting_since or now, session.entered_at)
    # In time is whoever was at the exit in time: how long the queue took there is not held against them.
    in_time = session.settled_until is not None and until <= session.settled_until
    if in_time and stage != State.VOID:
        stage = State.SETTLED
    lines, basis = _lines(session, stage, until)
    fee, received = tariffs.total(lines), paid(session)
    owed = 0 if stage in (State.SETTLED, State.VOID) else max(0, fee - received)
    if owed and session.left_at and _written_off(session):
        owed = 0
    doubt = _doubt(session, now) if owed else session.doubt
    return Quote(
        lines=tuple(lines),
        fee=fee,
        paid=received,
        due=None if owed and doubt else owed,
        currency=session.car_park.currency,
        at=now,
        until=until,
        leave_by=session.settled_until if stage == State.SETTLED else None,
        doubt=doubt,
        basis=basis,
    )


def _written_off(session):
    """Whether a person has given up what was due for it."""
    return Unpaid.objects.filter(session=session, written_off_at__isnull=False).exists()


def _doubt(session, now):
    """The gravest doubt of this stay, also of evidence that is not there and that nobody has noted yet."""
    if session.doubt not in (Doubt.NONE, *DRIVER_KNOWS):
        return session.doubt
    return next((one.kind for one in lacking(session, now)), session.doubt)


def _lines(session, stage, until):
    if stage == State.VOID:
        return [], None  # the stay never was: all that was paid for it is too much
    charged = min(paid_for(session) or until, until) if stage == State.SETTLED else until
    lines, basis = _fee_lines(session, charged)
    if charged < until:
        lines.append(tariffs.Line(tariffs.Rule.LEAVING, charged, until))
    return lines, basis


def paid_for(session):
    """Up to which moment this stay was priced when it was last paid, or None."""
    ours = Payment.objects.filter(provider=OuterRef("provider"), reference=OuterRef("reference"))
    checkout = session.checkouts.filter(Exists(ours)).order_by("-quoted_at").first()
    return checkout and checkout.priced_until


def _fee_lines(session, until):
    """Fee lines; the time that a permit or a confirmed entitlement covers costs nothing."""
    tariff = Tariff.in_force(session.car_park, session.entered_at)
    if tariff is None:
        covered = _covered(session, until, _rights(session, until))
        unpriced = tariffs.Line(tariffs.Rule.UNPRICED, session.entered_at, until)
        return [tariffs.Line(*part) for part in covered] or [unpriced], None
    basis = Basis(tariff.version, tariff.rules, facts(session, until, tariff.rules))
    return list(tariffs.fee(basis.terms, basis.stay)), basis


def facts(session, until, terms):
    """The `Stay` that these terms price; what they do not ask for is not looked up."""
    rights = _rights(session, until)
    return tariffs.Stay(
        entered=session.entered_at,
        until=until,
        zone=session.car_park.zone,
        holidays=_holidays(terms, session.entered_at, until),
        vehicle=session.vehicle_class or CAR,
        group=cheapest_group(terms, rights),
        validated=validations_of(session),
        earlier=_earlier(session, terms),
        covered=tuple(_covered(session, until, rights)),
        consideration=session.car_park.consideration,
    )


def _holidays(terms, entered, until):
    if not terms.holidays:
        return frozenset()
    # A year before and after: hours run past midnight, and a part is not looked up in another year's.
    return between(terms.holidays, entered.year - 1, until.year + 1)


def _rights(session, until):
    """The permits that follow its plate, and the one with which it came in."""
    following = Permit.following(session.car_park, session.plate, until)
    return [*following, *filter(None, [session.permit])]


def cheapest_group(terms, rights):
    """Of the groups of these permits the one that pays the least; empty for none."""
    groups = {right.rate_group for right in rights}
    shares = [share for share in terms.groups if share.name in groups]
    return min(shares, key=lambda share: share.percent).name if shares else ""


def validations_of(session):
    """What shops and vouchers give to this stay: `tariffs.Validated`, the first given first."""
    given = session.validations.filter(withdrawn_at=None).order_by("at", "id")
    return tuple(tariffs.Validated(one.kind, one.amount, one.name) for one in given)


def _earlier(session, terms):
    """The vehicle's stays before this one that its price may depend on, the latest first; `cost` is what
    was paid for them."""
    back = looks_back(terms)
    if not back:
        return ()
    before = session.car_park.sessions.filter(
        folded=folded(session.plate),
        voided_at=None,
        left_at__gte=session.entered_at - back,
        left_at__lte=session.entered_at,
    ).exclude(pk=session.pk)
    paid = Sum("payments__amount", filter=Q(payments__currency=session.car_park.currency))
    rows = before.annotate(cost=paid).order_by("-left_at", "-pk")
    ours = rows_of(session.plate, rows)
    return tuple(tariffs.Earlier(one.entered_at, one.left_at, one.cost or 0) for one in ours)


def looks_back(terms):
    """How long before a stay its price may depend on another one of its vehicle; nothing: on none."""
    back = [timedelta(0)]
    if terms.no_return:
        back.append(timedelta(minutes=terms.no_return.minutes))
    if any(cap.per == "vehicle_day" for cap in terms.caps):
        back.append(A_DAY_BEFORE)
    return max(back)


def _covered(session, until, rights):
    confirmed = session.confirmations.filter(withdrawn_at=None)
    return covered_by(rights, confirmed, session.entered_at, until, session.car_park.zone)


def covered_by(rights, confirmed, start, until, zone):
    """The parts of a stay that cost nothing: (rule, start, end), in order and apart.

    By these permits (those that follow its plate and are valid at `until`, and the one with which it
    came in); from its entry on by what a person was confirmed to be entitled to.
    """
    permitted = joined(*(right.spans(start, until, zone) for right in rights))
    first = max((one.span(start, until)[1] for one in confirmed), default=start)
    parts = [(tariffs.Rule.ENTITLED, start, first)] if first > start else []
    for begins, ends in permitted:
        if ends > first:
            parts.append((tariffs.Rule.PERMIT, max(begins, first), ends))
    return parts
