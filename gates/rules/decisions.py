"""Facts in; open, hold or refuse, and the reason, out. Texts for the reasons live in templates."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    OPEN = "open"
    HOLD = "hold"
    REFUSE = "refuse"


class Reason(StrEnum):
    PERMIT = "permit"
    VISITOR = "visitor"
    BLOCKED = "blocked"
    FULL = "full"
    ALREADY_INSIDE = "already_inside"
    UNREADABLE = "unreadable"
    SETTLED = "settled"
    FREE = "free"
    DUE = "due"
    CHARGING = "charging"  # due, and its owner's card is being charged
    DOUBT = "doubt"
    BILLED_LATER = "billed_later"  # in doubt, and let out all the same: a person looks first
    PAY_LATER = "pay_later"  # it owes, and this car park lets it pay after leaving
    NO_SESSION = "no_session"
    OPERATOR = "operator"
    ALONE = "alone"  # the lane decided by itself: no answer came


@dataclass(frozen=True)
class Answer:
    decision: Decision
    reason: Reason


@dataclass(frozen=True)
class Entry:
    """What is known when a vehicle asks to come in. `places` left for visitors; None: no limit.

    `visitor_anyway`: the plate is not sure, but whichever it is, a visitor would come in with it.
    """

    readable: bool
    visitor_anyway: bool = False
    blocked: bool = False
    inside: bool = False
    permit: bool = False
    places: int | None = None
    ordered: bool = False


@dataclass(frozen=True)
class Exit:
    """What is known when a vehicle asks to leave.

    `due` is in the currency's smallest unit; it is None when a doubt forbids to charge, and then
    `billed_later` says that the car park lets the vehicle out and bills it after review. `pay_later`
    says that it lets this one out with what is due. `charging`: its owner's card is being charged, so it
    waits for a moment.
    """

    readable: bool
    session: bool = False
    permit: bool = False
    settled: bool = False
    due: int | None = 0
    billed_later: bool = False
    charging: bool = False
    pay_later: bool = False
    ordered: bool = False


Rule = tuple[Callable[..., bool], Decision, Reason]

# The first line that holds decides; a person's order stands above every machine's reason.
ENTRY: tuple[Rule, ...] = (
    (lambda car: car.ordered, Decision.OPEN, Reason.OPERATOR),
    (lambda car: not (car.readable or car.visitor_anyway), Decision.HOLD, Reason.UNREADABLE),
    (lambda car: car.blocked, Decision.REFUSE, Reason.BLOCKED),
    (lambda car: car.inside, Decision.HOLD, Reason.ALREADY_INSIDE),
    (lambda car: car.permit, Decision.OPEN, Reason.PERMIT),
    (lambda car: car.places is not None and car.places <= 0, Decision.HOLD, Reason.FULL),
    (lambda car: True, Decision.OPEN, Reason.VISITOR),
)

# A permit opens the exit even where the entry was missed: nobody is trapped for our camera's lapse.
# What was paid, or costs nothing, needs no evidence; a doubt only forbids to charge.
EXIT: tuple[Rule, ...] = (
    (lambda car: car.ordered, Decision.OPEN, Reason.OPERATOR),
    (lambda car: not car.readable, Decision.HOLD, Reason.UNREADABLE),
    (lambda car: car.permit, Decision.OPEN, Reason.PERMIT),
    (lambda car: not car.session, Decision.HOLD, Reason.NO_SESSION),
    (lambda car: car.settled, Decision.OPEN, Reason.SETTLED),
    (lambda car: car.due is None and car.billed_later, Decision.OPEN, Reason.BILLED_LATER),
    (lambda car: car.due is None, Decision.HOLD, Reason.DOUBT),
    (lambda car: car.due <= 0, Decision.OPEN, Reason.FREE),
    (lambda car: car.charging, Decision.HOLD, Reason.CHARGING),
    (lambda car: car.pay_later, Decision.OPEN, Reason.PAY_LATER),
    (lambda car: True, Decision.HOLD, Reason.DUE),
)


def decide(rules, car):
    """The answer of the first rule that holds for this car (an `Entry` with ENTRY, an `Exit` with
    EXIT)."""
    return next(Answer(decision, reason) for holds, decision, reason in rules if holds(car))
