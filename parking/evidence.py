"""What a stay lacks before a machine may charge it: its pictures, lanes that could tell who passed, and a
site that reads most of those who pass."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from parking import periods
from parking.doubts import raise_doubt
from parking.models import Doubt, Period
from parking.rules import unseen

PICTURES_TAKE = timedelta(minutes=1)  # they come after the answer, which never waits for them


@dataclass(frozen=True)
class Lack:
    """One thing that is not there: why it matters, since when, and where in words."""

    kind: Doubt
    since: datetime
    about: str = ""
    period: Period | None = None


def lacking(session, now):
    """What this stay lacks at `now` and nobody has doubted or settled yet, the gravest kind first.

    To be asked only of a stay that owes: what is free, permitted or paid needs no evidence.
    """
    lacks = [*_periods(session, now), *_pictures(session, now), *_unseen(session, now)]
    if not lacks:
        return []
    told = set(session.doubts.values_list("kind", "period"))
    return [one for one in lacks if (one.kind, one.period and one.period.pk) not in told]


def look(session, now):
    """Doubt this stay for all that it lacks."""
    for one in lacking(session, now):
        raise_doubt(session, one.kind, one.about, at=now, period=one.period)


def _periods(session, now):
    found = periods.touching(session, now)
    lacks = (Lack(Doubt(one.kind), one.starts_at, periods.about(one), one) for one in found)
    return sorted(lacks, key=lambda one: one.kind != Doubt.GATE_OPEN)


def _pictures(session, now):
    due = {
        Doubt.NO_ENTRY_PICTURE: session.entry_picture_by,
        Doubt.NO_EXIT_PICTURE: session.left_at and session.exit_picture_by,
    }
    return [Lack(kind, by) for kind, by in due.items() if by and by <= now]


def _unseen(session, now):
    """So long a stay, at a site that misses so many, may be two visits: no read would tell.

    Asked of a vehicle until it leaves. What its site misses later says nothing of it.
    """
    park, lasted = session.car_park, session.stay(now)
    if (
        session.left_at is None
        and unseen.two_visits(park.missed, lasted, park.usual_stay) > unseen.MOST
    ):
        yield Lack(Doubt.TWO_VISITS, now, f"{park.missed:.1%} of all vehicles are missed here")
