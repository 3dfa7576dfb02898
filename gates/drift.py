"""A watch on how well each lane reads: what its vehicles say, noted on the lane."""

from datetime import timedelta

from gates.models import Lane
from gates.rules.drift import EARLIER, RECENT, Seen, drift
from gates.rules.votes import ACCEPTED_AT
from parking.rules.plates import folded

# What is normal is that old at least: a fault that nobody mends for a weekend is no new normal.
NORMAL_IS = timedelta(days=3)
SHOWN = ("received_at", "seen_at", "plate_read", "plate", "confidence", "quality")


def watch(lane, now):
    """Note on the lane whether it reads worse than before; to be called now and then."""
    recent = _newest(lane.passages, RECENT)
    if not recent:
        return
    before = min(recent[-1]["received_at"], now - NORMAL_IS)
    earlier = _newest(lane.passages.filter(received_at__lt=before), EARLIER)
    said = drift(_seen(recent), _seen(earlier))
    if said != lane.drift:
        Lane.objects.filter(pk=lane.pk).update(drift=said)


def _newest(passages, number):
    return list(passages.values(*SHOWN)[:number])


def _seen(passages):
    return [
        Seen(
            at=one["seen_at"],
            read=_was_read(one),
            confidence=one["confidence"],
            **(one["quality"] or {}),
        )
        for one in passages
    ]


def _was_read(one):
    """A machine could act on the plate, and no person said that it is another; O for 0 is none."""
    sure = (one["confidence"] or 0) >= ACCEPTED_AT
    return bool(one["plate_read"]) and sure and folded(one["plate"]) == folded(one["plate_read"])
