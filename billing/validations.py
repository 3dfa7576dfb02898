"""Give a stay what a shop or a voucher pays of it: each once, however often it is asked for."""

from datetime import datetime, time

from django.db import IntegrityError, transaction

from billing.models import Validation, Validator, Voucher
from billing.payments import locked
from billing.quotes import quote
from billing.rules import codes


class NotGiven(Exception):  # noqa: N818
    """Nothing was given; the message says why, and what to do."""


@transaction.atomic
def validate(validator, session, *, amount=None, by=None, why="", now):
    """A `Validator` gives this stay `amount` (its most, where not said); returns the `Validation`.

    Once for each stay: again it is the first one, whatever the amount. Raises `NotGiven` when it has
    ended, when this month's are given, or when it may not give as much.
    """
    locked(session.pk)
    # The row is held: the last one of a month is not given at two tills.
    validators = Validator.objects.select_for_update(of=("self",)).select_related("car_park")
    validator = validators.get(pk=validator.pk)
    if given := session.validations.filter(validator=validator, withdrawn_at=None).first():
        return given
    if refusal := unable(validator, now):
        raise NotGiven(refusal)
    amount = validator.amount if amount is None else amount
    if not 0 < amount <= validator.amount:
        raise NotGiven(f"At most {validator.words} for one stay.")
    facts = {"kind": validator.kind, "amount": amount, "name": validator.name}
    return session.validations.create(validator=validator, by=by, why=why, at=now, **facts)


def unable(validator, now):
    """Why this validator can give nothing now, in words; "" where it can."""
    if validator.ended_at:
        return f"{validator.name} validates no more stays. Ask the car park's office."
    if validator.a_month is not None and this_month(validator, now).count() >= validator.a_month:
        return f"{validator.name} has given all {validator.a_month} of this month."
    return ""


def this_month(validator, now):
    """What it has given since the first of this month, by the car park's clock; not the withdrawn."""
    since = month_began(validator.car_park.zone, now)
    return validator.validations.filter(at__gte=since, withdrawn_at=None)


def month_began(zone, now):
    """The first moment (aware) of the calendar month that it is at `now` in this zone."""
    return datetime.combine(now.astimezone(zone).date().replace(day=1), time.min, zone)


def redeem(session, typed, now):
    """Use a voucher's code (as typed) for this stay; returns the `Validation`.

    The same code for the same stay again is the first use of it. Raises `NotGiven`.
    """
    voucher = _voucher(session.car_park, typed)
    if voucher is None:
        raise NotGiven("No voucher has this code. Check it letter by letter.")
    try:
        with transaction.atomic():
            return _use(voucher, session, now)
    except IntegrityError as error:  # the same at the same moment: that one counts
        given = session.validations.filter(voucher=voucher, withdrawn_at=None).first()
        if given is None:
            raise NotGiven("This voucher was used meanwhile.") from error
        return given


def _voucher(car_park, typed):
    code = codes.canonical(typed)
    vouchers = Voucher.objects.select_related("batch__car_park")
    return vouchers.filter(car_park=car_park, code=code).first() if code else None


def _use(voucher, session, now):
    session, batch = locked(session.pk), voucher.batch
    if given := session.validations.filter(voucher=voucher, withdrawn_at=None).first():
        return given
    if refusal := _useless(batch, now):
        raise NotGiven(refusal)
    if quote(session, now).due == 0:
        raise NotGiven("There is nothing to pay now. Keep your voucher for another day.")
    if not voucher.take():
        raise NotGiven("This voucher was used already.")
    facts = {"kind": batch.kind, "amount": batch.amount, "name": batch.name}
    return session.validations.create(voucher=voucher, at=now, **facts)


def _useless(batch, now):
    """Why a voucher of this batch is not good now, in words; "" where it is."""
    zone = batch.car_park.zone
    if batch.ended_at or (batch.ends_at and batch.ends_at <= now):
        ended = min(filter(None, (batch.ended_at, batch.ends_at))).astimezone(zone)
        return f"This voucher ended on {_day(ended)}."
    if now < batch.starts_at:
        return f"This voucher is good from {_day(batch.starts_at.astimezone(zone))} on."
    return ""


def _day(moment):
    return f"{moment.day} {moment:%B %Y}"


@transaction.atomic
def withdraw(validation, *, by, why, now):
    """A validation was a mistake: it counts no more, and stays to be seen. The first word counts.

    A voucher gets its use back. What was paid meanwhile is not touched; the price follows.
    """
    locked(validation.session_id)
    still = Validation.objects.filter(pk=validation.pk, withdrawn_at=None)
    said = {"withdrawn_at": now, "withdrawn_by": by, "withdrawn_why": why}
    if still.update(**said) and validation.voucher:
        validation.voucher.give_back()
