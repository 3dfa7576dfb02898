"""Times in which a lane could not tell who passed: begun, ended, and settled with all they touched."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from parking.doubts import settle_these
from parking.models import ParkingSession, Period
from parking.rules.overlaps import TELLS, touches


def begin(car_park, lane, kind, *, at, now, cause, until=None, by=None):
    """A `Period` of this kind at this lane (its name) from `at` on; where one runs already, that one.

    With `until` it is over already, and another may run. `by` is the person who says so.
    """
    where = {"car_park": car_park, "lane": lane, "kind": kind, "ends_at": until}
    facts = {"starts_at": at, "noted_at": now, "cause": cause, "opened_by": by}
    if until:
        return Period.objects.create(**where, **facts)
    return Period.objects.get_or_create(**where, defaults=facts)[0]


def end(period, *, at, by=None):
    """End it; one that has ended keeps its end. An end before its start is its start."""
    if period.ends_at is None:
        period.ends_at, period.closed_by = max(at, period.starts_at), by
        period.save(update_fields=["ends_at", "closed_by"])


def running(car_park, lane, kind):
    """The `Period` of this kind that runs at this lane, or None."""
    return Period.objects.filter(car_park=car_park, lane=lane, kind=kind, ends_at=None).first()


def touching(session, now):
    """The unsettled periods that touch this stay, as a list, the first to begin first."""
    until = session.left_at or now
    overlap = Q(starts_at__lt=until) & (Q(ends_at=None) | Q(ends_at__gt=session.entered_at))
    found = session.car_park.periods.filter(overlap, settled_at=None).order_by("starts_at", "id")
    return [period for period in found if touches(period, session, now)]


def touched(period, now):
    """The stays that it touches (a queryset): `touches` of `parking.rules.overlaps`, in the database."""
    begins, ends = period.starts_at, period.ends_at or now
    if ends - begins < TELLS:
        return ParkingSession.objects.none()
    left_late_enough = Q(left_at__gte=begins + TELLS) & Q(left_at__gte=F("entered_at") + TELLS)
    return period.car_park.sessions.filter(
        Q(left_at=None) | left_late_enough, voided_at=None, entered_at__lte=ends - TELLS
    )


@transaction.atomic
def settle(period, *, by, why, at):
    """Nobody is doubted for it any more, now or later. Returns how many doubts were settled."""
    Period.objects.filter(pk=period.pk, settled_at=None).update(
        settled_at=at, settled_by=by, why=why
    )
    period.refresh_from_db()
    return settle_these(period.doubts.all(), by=by, why=why, at=at)


def about(period):
    """Where and when, for the operator: "exit, 21 Nov 10:00 to 10:30"."""
    zone = period.car_park.zone
    starts, ends = (
        at and timezone.localtime(at, zone) for at in (period.starts_at, period.ends_at)
    )
    until = f" to {ends:%H:%M}" if ends else ""
    return f"{period.lane}, {starts.day} {starts:%b %H:%M}{until}"
