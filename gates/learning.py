"""What each lane takes for what: counted from plates that are known, and used in matching.

A plate is known where a person has corrected or confirmed it, and where a vehicle was let in and out with
the very same plate: two cameras hardly make one mistake. The counts are made anew from the passages each
time, so that a correction of a correction counts once, and as it was meant.
"""

from collections import Counter
from datetime import timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import Q

from gates.models import Confusion, Lane, Passage
from gates.rules.decisions import Decision
from parking.rules.confusions import USUAL, Confusions, observed

COUNTED = timedelta(days=90)  # a lens gets dirty, a camera is turned: older reads say little of it


def learn(lane, now):
    """Count this lane's confusions of the last three months anew; returns how many plates taught."""
    counts, plates = Counter(), 0
    for true, read in _known(lane, now - COUNTED):
        counts += observed(true, read)
        plates += 1
    rows = [Confusion(lane=lane, true=t, read=r, count=n) for (t, r), n in sorted(counts.items())]
    with transaction.atomic():
        Lane.objects.select_for_update().get(pk=lane.pk)
        lane.confusions.all().delete()
        Confusion.objects.bulk_create(rows)
        Lane.objects.filter(pk=lane.pk).update(learnt_at=now)
    return plates


def _known(lane, since):
    """The true plate and what was read, of passages whose plate is known."""
    known = Q(corrected=True) | Q(pk__in=_exact(lane, since))
    seen = lane.passages.filter(known, received_at__gte=since).exclude(plate_read="")
    return seen.values_list("plate", "plate_read")


def _exact(lane, since):
    """Passages of stays that came in and left with one plate, which no person had to say."""
    other = Lane.Direction.OUT if lane.direction == Lane.Direction.IN else Lane.Direction.IN
    told = Passage.objects.filter(
        received_at__gte=since, decision=Decision.OPEN, corrected=False, backed_out_at=None
    )
    beyond = told.filter(lane__direction=other).exclude(session=None)
    plates = dict(beyond.filter(lane__car_park=lane.car_park_id).values_list("session", "plate"))
    ours = told.filter(lane=lane, session__isnull=False).values_list("pk", "session", "plate")
    return [pk for pk, session, plate in ours if plates.get(session) == plate]


def table(lane):
    """The `Confusions` of a lane, as it learnt them last."""
    return _learnt(lane.pk, lane.learnt_at) if lane.learnt_at else USUAL


@lru_cache(maxsize=256)
def _learnt(lane, learnt_at):
    rows = Confusion.objects.filter(lane=lane).values_list("true", "read", "count")
    return Confusions({(true, read): count for true, read, count in rows})


def mistaken(lane):
    """The confusions that were seen here, the commonest first: (true, read, count, of how many)."""
    rows = list(lane.confusions.all())
    of = Counter()
    for row in rows:
        of[row.true] += row.count
    return [(row.true, row.read, row.count, of[row.true]) for row in rows if row.true != row.read]
