"""Doubt a stay, and settle its doubts. Nobody else writes `session.doubt`."""

import contextlib

from django.db import IntegrityError, transaction
from django.db.models import Q

from parking.models import Doubt, ParkingSession, StayDoubt
from parking.models.doubts import GRAVEST


def raise_doubt(session, kind, about="", *, at, period=None, again=False):
    """Doubt this stay since `at` (aware UTC) for a `Doubt`; `about`: where and when, in words.

    `period` is the `Period` that is the reason. The same doubt again is a no-op; one about a period,
    or a thing that was named, stays settled once it was. With `again` a machine's settling does not
    count: it follows from facts that may change. Returns its `StayDoubt`, settled or not.
    """
    same = {"period": period} if period else {"kind": kind, "about": about, "period": None}
    with transaction.atomic():
        found = session.doubts.filter(_stands(period, about, again), **same).last()
        if found is None:
            found = _raise(session, kind, about, at, period)
            keep_gravest([session.pk])
    session.refresh_from_db(fields=["doubt"])
    return found


def _stands(period, about, again):
    """Which of the same doubts there need not be once more."""
    if again:
        return Q(settled_at=None) | Q(settled_by__isnull=False)
    return Q() if period or about else Q(settled_at=None)


def _raise(session, kind, about, at, period):
    """A new row; the database says which of two that are raised at once is the one."""
    unsettled = {"kind": kind, "about": about, "settled_at": None, "period": None}
    key = {"period": period} if period else unsettled
    row = {"kind": kind, "about": about, "since": at}
    return session.doubts.get_or_create(**key, defaults=row)[0]


def settle(session, *, by, why, at, kinds=None):
    """Settle this stay's doubts, all or those of these `kinds`: it may be charged again as usual.

    `by` is the person, or None where the machine got the evidence that lacked; `why` says so in
    words. Returns how many were settled; those that were settled before stay as they are.
    """
    doubts = session.doubts.filter(settled_at=None)
    number = settle_these(
        doubts if kinds is None else doubts.filter(kind__in=kinds), by=by, why=why, at=at
    )
    session.refresh_from_db(fields=["doubt"])
    return number


@transaction.atomic
def settle_these(doubts, *, by, why, at):
    """Settle these `StayDoubt` rows (a queryset), of one stay or of many; returns how many."""
    open_ones = list(doubts.filter(settled_at=None).values_list("pk", "session_id"))
    settled = StayDoubt.objects.filter(pk__in=[pk for pk, _ in open_ones], settled_at=None).update(
        settled_at=at, settled_by=by, why=why
    )
    keep_gravest({session for _, session in open_ones})
    return settled


def doubt_again(settled):
    """Whoever settled these `StayDoubt` rows (ids) takes that back: they are unsettled again.

    One that was raised anew meanwhile stands for itself already. The stay's doubt follows.
    """
    for doubt in StayDoubt.objects.filter(pk__in=settled).exclude(settled_at=None):
        doubt.settled_at, doubt.settled_by, doubt.why = None, None, ""
        with contextlib.suppress(IntegrityError), transaction.atomic():
            doubt.save(update_fields=["settled_at", "settled_by", "why"])
        keep_gravest([doubt.session_id])


def keep_gravest(sessions):
    """Bring `doubt` of these stays (ids) to the gravest of what is unsettled."""
    kinds = {pk: set() for pk in sessions}
    unsettled = StayDoubt.objects.filter(session__in=kinds, settled_at=None)
    for pk, kind in unsettled.values_list("session", "kind"):
        kinds[pk].add(kind)
    by_doubt = {}
    for pk, found in kinds.items():
        by_doubt.setdefault(gravest(found), []).append(pk)
    for doubt, stays in by_doubt.items():
        ParkingSession.objects.filter(pk__in=stays).update(doubt=doubt)


def gravest(kinds):
    """The gravest of these kinds of doubt; `Doubt.NONE` where there is none."""
    return next((kind for kind in GRAVEST if kind in kinds), Doubt.NONE)
