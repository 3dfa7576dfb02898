"""One vehicle, two passages: its lane saw it twice before it had gone, or it tows what has a plate too."""

from datetime import timedelta

from gates.models import Passage
from gates.rules.decisions import Decision
from parking.rules.plates import folded

SAME_WITHIN = timedelta(minutes=1)  # as long as a lane knows a vehicle again after a restart
TOWED = {"trailer", "caravan"}


def earlier(passage):
    """The passage of this lane with which this vehicle was let through a moment ago already, or None.

    Its second read is told the same answer and belongs to the same stay. Once the first is known to
    have passed, the same plate is another vehicle's.
    """
    before = Passage.objects.filter(
        lane=passage.lane,
        decision=Decision.OPEN,
        session__voided_at=None,
        session__isnull=False,
        backed_out_at=None,
        received_at__gte=passage.received_at - SAME_WITHIN,
        received_at__lte=passage.received_at,
    ).exclude(pk=passage.pk)
    if _is_towed(passage):
        return before.first()
    same = before.filter(folded=folded(passage.plate), passed_at=None) if passage.plate else []
    return next(iter(same), None)


def _is_towed(passage):
    """What the reader says of the vehicle, where it tells kinds of vehicle at all."""
    return str((passage.vehicle or {}).get("type", "")).lower() in TOWED


def others_of(passage):
    """The other passages by which its stay came in or left, and that did not back out."""
    return passage.session.passages.filter(
        lane__direction=passage.lane.direction, decision=Decision.OPEN, backed_out_at=None
    ).exclude(pk=passage.pk)
