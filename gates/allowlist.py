"""The list with which a lane decides alone while the server is out of reach."""

import hashlib

from django.db.models import Count, Max

from parking.models import ParkingSession, not_ended


def settled(car_park, now):
    return ParkingSession.objects.filter(
        ParkingSession.OPEN, car_park=car_park, settled_until__gt=now
    )


def version(car_park, now):
    """A short word that changes whenever the list does. Four small queries, asked every second."""
    dated = Count("id"), Max("id"), Max("changed_at")
    facts = [
        rows.filter(not_ended(now)).aggregate(*dated)
        for rows in (car_park.permits, car_park.blocked_plates)
    ]
    facts.append(car_park.pools.aggregate(*dated))
    facts.append(settled(car_park, now).aggregate(Count("id"), Max("settled_until")))
    return hashlib.sha256(repr((facts, car_park.timezone)).encode()).hexdigest()[:16]


def contents(lane, now):
    """Permits, blocked plates and settled plates, as the lane API gives them to this lane.

    `scheduled` are the permits with hours, which a lane looks up by the clock of `timezone`. An entry
    gets no permit that somebody must count: a pool's, or one for so many visits. Nor one for other
    lanes. An exit gets them all, at any hour: it traps nobody.
    """
    car_park = lane.car_park
    permits = _permits(lane, now)
    return {
        "version": version(car_park, now),
        "timezone": car_park.timezone,
        "permits": [row for row in permits if "hours" not in row],
        "scheduled": [row for row in permits if "hours" in row],
        "blocked": list(car_park.blocked_plates.filter(not_ended(now)).values(*DATED)),
        "settled": [
            {"plate": one.plate, "until": one.settled_until} for one in settled(car_park, now)
        ],
    }


DATED = ("plate", "starts_at", "ends_at")


def _permits(lane, now):
    """What this lane may open for by itself."""
    rows = lane.car_park.permits.filter(not_ended(now))
    if lane.direction == "out":
        return list(rows.values(*DATED))
    told = list(rows.values(*DATED, "hours", "lanes", "folded", "pool", "visits"))
    here = [row for row in told if _may_open(row, lane)]
    # Of two plates that look the same a machine opens for neither, though it is told of one.
    beside = {row["folded"]: row["plate"] for row in told if not _may_open(row, lane)}
    return [_alone(row) for row in here if beside.get(row["folded"], row["plate"]) == row["plate"]]


def _may_open(row, lane):
    counted = row["pool"] is not None or row["visits"] is not None
    return not counted and (not row["lanes"] or lane.name in row["lanes"])


def _alone(row):
    kept = ("hours", *DATED) if row["hours"] else DATED
    return {name: row[name] for name in kept}
