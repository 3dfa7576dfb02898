"""Barriers that stood open and lanes that were dark: noted from events, beats and people."""

from datetime import timedelta

from django.db.models import Q

from billing.quotes import quote
from gates.answers import CLOCK_LIMIT
from gates.models import Event
from parking import periods
from parking.doubts import raise_doubt, settle_these
from parking.models import Doubt, Period
from parking.rules.overlaps import TELLS

OPEN, DARK = Period.Kind.GATE_OPEN, Period.Kind.LANE_DARK
SLACK = timedelta(seconds=10)  # a beat comes a little after the second that it counts
OLDEST = timedelta(days=7)  # a record that says it is older than that has a wild clock
RAN = "The lane ran all the while, and has told since what passed."


def note_event(event, now):
    """A barrier that is held up is open from then to its release, whichever of the two is told first."""
    if event.kind == Event.Kind.HELD_OPEN:
        _held_up(event, now)
    elif event.kind == Event.Kind.RELEASED:
        _released(event, now)


def _held_up(event, now):
    """Open until the first release after it, or still; one that was known from later on is longer."""
    at, released = _when(event, now), _told(event, Event.Kind.RELEASED, at__gte=event.at)
    until = released and _when(released, now)
    known = Q(ends_at=None) | Q(ends_at__gte=at) if until else Q(ends_at=None)
    same = event.lane.car_park.periods.filter(
        known, lane=event.lane.name, kind=OPEN, starts_at__lte=until or now
    )
    period = same.last() or _begin(event.lane, OPEN, at=at, now=now, cause="held up", until=until)
    if at < period.starts_at:
        period.starts_at = at
        period.save(update_fields=["starts_at"])
    if until:
        finish(period, at=until, now=now)


def _released(event, now):
    """Shut from then on, unless it was held up again, which may have been told before."""
    at, period = _when(event, now), periods.running(event.lane.car_park, event.lane.name, OPEN)
    if period and period.starts_at <= at:
        finish(period, at=at, now=now)
        if again := _told(event, Event.Kind.HELD_OPEN, at__gt=event.at):
            _held_up(again, now)


def _told(event, kind, **when):
    return event.lane.events.filter(kind=kind, **when).order_by("at").first()


def _when(event, now):
    """When it happened; by the server's clock where the lane's cannot be believed."""
    apart = timedelta(seconds=abs(event.lane.clock_ahead or 0))
    believed = apart <= CLOCK_LIMIT and now - OLDEST <= event.at <= now
    return event.at if believed else min(event.received_at, now)


def note_beat(lane, health, now):
    """A beat after silence: was the lane off, or did it run and could not tell?

    `health` says for how many seconds its worker runs and how many records wait to be told; one that
    does not say counts as having been off until now. `lane` still has its earlier beat.
    """
    period = periods.running(lane.car_park, lane.name, DARK)
    since = period.starts_at if period else lane.last_beat_at
    if since is None or (period is None and now - since < TELLS):
        return
    period = period or _begin(lane, DARK, at=since, now=now, cause="no sign of life")
    runs_for = timedelta(seconds=health.get("running_seconds", 0))
    if runs_for < now - since - SLACK:
        finish(period, at=now - runs_for, now=now)
    elif not health.get("waiting"):
        finish(period, at=now, now=now)
        periods.settle(period, by=None, why=RAN, at=now)


def note_dark(car_park, now):
    """Lanes that have fallen silent: looked for when another lane speaks, so no job has to run."""
    silent = car_park.lanes.filter(revoked_at=None, last_beat_at__lte=now - TELLS)
    for lane in silent:
        noted = car_park.periods.filter(
            lane=lane.name, kind=DARK, starts_at__gte=lane.last_beat_at
        ).exists()
        if not noted:
            _begin(lane, DARK, at=lane.last_beat_at, now=now, cause="no sign of life")


def _begin(lane, kind, *, at, now, cause, until=None):
    told = {"at": at, "now": now, "cause": cause, "until": until}
    return periods.begin(lane.car_park, lane.name, kind, **told)


def finish(period, *, at, now, by=None):
    """End a period. Now it is known whom it touched: who was doubted in vain is not any more, and who
    had left and paid before anybody knew of it is looked at."""
    periods.end(period, at=at, by=by)
    touched = periods.touched(period, now)
    in_vain = period.doubts.exclude(session__in=touched)
    settle_these(in_vain, by=None, why="It did not last into this stay.", at=now)
    for session in touched.filter(left_at__lt=period.noted_at).select_related("car_park"):
        if quote(session, now).fee:
            raise_doubt(session, Doubt(period.kind), periods.about(period), at=now, period=period)
