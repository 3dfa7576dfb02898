"""Two simpler ways to say which stay a read is, for comparison: what the trade's systems do.

Both take only a plate that is accepted, as systems do that know no candidates.
"""

from gates.answers import readable
from gates.rules.votes import distance
from parking.models import ParkingSession
from parking.rules.matching import Match, Scored


def exact(passage, now):
    """The open stay of exactly this plate."""
    return _first(passage, lambda stays: stays.filter(plate=passage.plate))


def one_edit(passage, now):
    """The open stay of exactly this plate, else the newest that differs by a character.

    A plate that a person has typed is what it is.
    """
    found = exact(passage, now)
    if found.taken or passage.corrected:
        return found
    return _first(passage, lambda stays: _near(stays, passage.plate))


def _near(stays, plate):
    return [stay for stay in stays if distance(stay.plate, plate) <= 1]


def _first(passage, choose):
    if not readable(passage):
        return Match()
    inside = ParkingSession.objects.filter(ParkingSession.OPEN, car_park=passage.lane.car_park)
    for stay in choose(inside.order_by("-entered_at")):
        taken = Scored(stay.pk, stay.plate, 1.0)
        return Match((taken,), 0.0, taken)
    return Match()
