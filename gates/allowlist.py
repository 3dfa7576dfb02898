"""The list with which a lane decides alone while the server is out of reach."""

import hashlib

from django.db.models import Count, Max, Q

from parking.models import ParkingSession


def settled(car_park, now):
    return ParkingSession.objects.filter(
        ParkingSession.OPEN, car_park=car_park, settled_until__gt=now
    )


def current(rows, now):
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=now))


def version(car_park, now):
    """A short word that changes whenever the list does. Three small queries, asked every second."""
    dated = Count("id"), Max("id"), Max("changed_at")
    facts = [
        current(rows, now).aggregate(*dated) for rows in (car_park.permits, car_park.blocked_plates)
    ]
    facts.append(settled(car_park, now).aggregate(Count("id"), Max("settled_until")))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def contents(car_park, now):
    """Permits, blocked plates and settled plates, as the lane API gives them."""
    columns = ("plate", "starts_at", "ends_at")
    return {
        "version": version(car_park, now),
        "permits": list(current(car_park.permits, now).values(*columns)),
        "blocked": list(current(car_park.blocked_plates, now).values(*columns)),
        "settled": [
            {"plate": one.plate, "until": one.settled_until} for one in settled(car_park, now)
        ],
    }
