"""What a lane's card shows: its newest vehicle, its health, its arm, the newest order."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Prefetch, Subquery

from gates.models import Event, Lane, Order, Passage
from gates.rules.decisions import Reason

TOLD_FOR = timedelta(seconds=30)  # how long a card speaks of an order

# Most harmful first: who cannot get out, then who cannot get in, then who can help himself.
URGENCY = (
    *((Reason.UNREADABLE, "out"), (Reason.NO_SESSION, "out"), (Reason.DOUBT, "out")),
    *((Reason.UNREADABLE, "in"), (Reason.ALREADY_INSIDE, "in"), (Reason.FULL, "in")),
    *((Reason.DUE, "out"), (Reason.BLOCKED, "in")),
)


@dataclass(frozen=True)
class Card:
    """A lane as its card shows it. `passage` is the newest vehicle's; `told` the newest order."""

    lane: Lane
    passage: Passage | None
    trouble: str
    told: Order | None
    now: datetime

    @property
    def waiting(self):
        """Whether that vehicle stands before the arm now."""
        return self.passage is not None and self.passage.waits(self.now)

    @property
    def lost_sight(self):
        """Whether nobody knows what became of that vehicle: held, and its lane asks no more."""
        return self.passage.is_unresolved and not self.waiting

    @property
    def dark(self):
        return self.lane.is_dark(self.now)

    @property
    def health(self):
        """One word for the lane's health, and the whole complaint."""
        if self.lane.revoked_at:
            return "revoked", "Its key is revoked: give it a new one with manage.py lane add."
        if self.lane.last_beat_at is None:
            return "never heard", "It has not reported yet: start its lane worker."
        if self.dark:
            return "dark", "No sign of life: check the lane box and its line."
        ailments = self.lane.ailments()
        if ailments:
            words = {"camera": "blind", "reader": "cannot read", "barrier": "arm fault"}
            return words[ailments[0][0]], "; ".join(f"{part}: {word}" for part, word in ailments)
        if self.lane.drift:
            return "reads worse", self.lane.drift
        return "well", "Camera, reader and barrier are well."

    @property
    def well(self):
        return self.health[0] == "well"

    @property
    def drifts(self):
        """Whether all works, but the plates are read worse than they used to be."""
        return self.health[0] == "reads worse"

    @property
    def order_lost(self):
        """An order that the lane did not carry out in time: it is void, and a person must know."""
        told = self.told
        return bool(told and not told.done_at and not told.failed and told.expires_at <= self.now)

    @property
    def urgency(self):
        """Where this lane stands among what needs a person; smaller is more harmful."""
        if not self.waiting:
            return (len(URGENCY) + 1, self.now)
        what = (self.passage.reason, self.lane.direction)
        rank = URGENCY.index(what) if what in URGENCY else len(URGENCY)
        return (rank, self.passage.seen_at)


def with_all_shown(passages):
    """Passages with all that a row or a card shows of them, in a fixed number of queries."""
    return passages.select_related("lane__car_park", "session__permit").prefetch_related(
        "pictures", Prefetch("orders", Order.objects.select_related("by"))
    )


def cards(car_park, now, name=None):
    """The cards of all lanes in the order they stand on the site, or of the one with this name."""
    newest = Passage.objects.filter(lane=OuterRef("pk")).values("pk")[:1]
    lanes = Lane.objects.filter(car_park=car_park).annotate(newest=Subquery(newest))
    lanes = list(lanes.filter(name=name) if name else lanes)
    shown = with_all_shown(Passage.objects.all()).in_bulk([lane.newest for lane in lanes])
    troubles = _troubles(shown)
    told = _newest_orders(lanes, now)
    return [
        Card(lane, shown.get(lane.newest), troubles.get(lane.newest, ""), told.get(lane.pk), now)
        for lane in lanes
    ]


def _troubles(passages):
    """What went wrong with the arm for these passages, newest last."""
    kinds = (Event.Kind.OPEN_FAILED, Event.Kind.PULSE_UNKNOWN)
    events = Event.objects.filter(passage_id__in=list(passages), kind__in=kinds).order_by("at")
    return {event.passage_id: event.kind for event in events}


def _newest_orders(lanes, now):
    recent = Order.objects.filter(lane__in=lanes, given_at__gt=now - TOLD_FOR)
    return {order.lane_id: order for order in recent.select_related("by").order_by("given_at")}


def needing_a_person(all_cards):
    """The cards whose vehicle waits for somebody, most harmful first."""
    return sorted((card for card in all_cards if card.waiting), key=lambda card: card.urgency)
