"""What a lane decides by itself while the server does not answer: facts in, an answer out."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from gates.rules.decisions import Answer, Decision, Reason
from parking.rules.matching import rows_of
from parking.rules.permits import Hours, spans
from parking.rules.plates import folded

EVERYONE, PERMITS, NOBODY = "everyone", "permits", "nobody"
BY_DIRECTION = {"in": PERMITS, "out": EVERYONE}  # an exit never traps people
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Span:
    """A plate that is permitted, blocked or settled until `ends_at` (None: no end).

    `hours`: within these only, by the clock of `zone`; none: at any.
    """

    plate: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    hours: tuple[Hours, ...] = ()
    zone: tzinfo | None = None

    def covers(self, plate, now):
        """Does it hold at this moment for what a camera sees as this plate?"""
        return (
            folded(self.plate) == folded(plate)
            and (self.starts_at is None or self.starts_at <= now)
            and (self.ends_at is None or now < self.ends_at)
            and (not self.hours or bool(spans(self.hours, self.zone, now, now + A_MOMENT)))
        )


@dataclass(frozen=True)
class Asking:
    """What a lane knows of a vehicle when it must decide alone; `accepted`: the plate is sure."""

    direction: str
    plate: str | None
    accepted: bool
    opens_for: str
    permits: tuple[Span, ...] = ()
    blocked: tuple[Span, ...] = ()
    settled: tuple[Span, ...] = ()


def alone(asking, now):
    """Open, hold or refuse with the reason, from the cached list and the lane file.

    An entry refuses the blocked. After that `opens_for` rules: "everyone", or "permits" (and at an
    exit those who have paid), or "nobody". An exit set to "everyone" opens for a blocked plate as
    well: to be let out is nobody's reward.
    """
    if asking.direction == "in" and _covered(asking.blocked, asking, now):
        return Answer(Decision.REFUSE, Reason.BLOCKED)
    if asking.opens_for == NOBODY:
        return Answer(Decision.HOLD, Reason.ALONE)
    if _has_one(asking.permits, asking, now):
        return Answer(Decision.OPEN, Reason.PERMIT)
    if asking.direction == "out" and _has_one(asking.settled, asking, now):
        return Answer(Decision.OPEN, Reason.SETTLED)
    if asking.opens_for == EVERYONE:
        return Answer(Decision.OPEN, Reason.ALONE)
    return Answer(Decision.HOLD, Reason.ALONE if asking.accepted else Reason.UNREADABLE)


def _covered(spans, asking, now):
    """The spans that hold for this plate, or for one that looks the same."""
    if not asking.accepted or asking.plate is None:
        return []
    return [span for span in spans if span.covers(asking.plate, now)]


def _has_one(spans, asking, now):
    """Is one plate's span behind it? Of two plates that look the same a machine cannot say which."""
    return bool(rows_of(asking.plate, _covered(spans, asking, now)))
