"""The person who is asked when a machine does not know. He looks at the pictures, and says the truth."""

from django.contrib.auth.models import User

from gates.models import Order, Passage
from gates.passages import correct, give_order
from parking import stays


class Attendant:
    """Helps the vehicles of a `Play`, with what the control room's pages can do."""

    def __init__(self, play):
        self.play = play
        self.user = User.objects.get_or_create(username="attendant")[0]

    def help(self, life, passage, reason, now):
        """Do the next thing that brings this vehicle through."""
        standing = Passage.objects.select_related("lane__car_park", "session").get(pk=passage)
        truth = life.visit.plate
        if not standing.corrected or standing.plate != truth:
            correct(standing, truth, by=self.user, why="read by eye", now=now)
        elif other := self._wrongly_spelled(life, standing):
            correct(other, self._visit_of(other).plate, by=self.user, why="read by eye", now=now)
        else:
            give_order(standing.lane, Order.Action.OPEN, by=self.user, why=reason, now=now)

    def _visit_of(self, passage):
        return self.play.by_passage[str(passage.pk)]

    def _wrongly_spelled(self, life, standing):
        """An entry whose wrong plate is in this vehicle's way: another's under its name, or its own."""
        park = standing.lane.car_park
        if standing.lane.direction == "in":
            inside = stays.find(park, standing.plate)
            entry = inside and _entry(inside)
        elif standing.session is None and life.entry:
            entry = Passage.objects.filter(pk=life.entry).first()  # or its lane has not told it yet
        else:
            return None
        wrong = entry and entry.plate != self._visit_of(entry).plate
        return entry if wrong else None


def _entry(session):
    """The passage that let this stay in."""
    return session.passages.filter(lane__direction="in").order_by("seen_at").first()
