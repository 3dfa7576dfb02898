"""What a lane is answered: the books looked up, the rules asked, and what follows for the stay."""

from dataclasses import dataclass
from datetime import timedelta

from billing.quotes import quote
from gates.evidence import (
    doubt_around,
    doubt_orphans,
    expect_picture,
    look_at_those_who_left,
)
from gates.models import Answer, Order
from gates.rules.decisions import ENTRY, EXIT, Decision, Entry, Exit, decide
from gates.rules.votes import ACCEPTED_AT
from parking import stays
from parking.doubts import raise_doubt
from parking.evidence import look
from parking.models import BlockedPlate, CarPark, Doubt, ParkingSession, Permit

CLOCK_LIMIT = timedelta(minutes=2)  # a lane whose clock is further off cannot time a stay


@dataclass(frozen=True)
class Known:
    """What the books say of a plate at this moment."""

    session: ParkingSession | None = None
    permit: Permit | None = None


def answer(passage, now):
    """Decide on a passage that waits, write the answer down where it changed, and let it follow."""
    order = _order_for(passage, now)
    known = _look_up(passage, now) if readable(passage) else Known()
    before = passage.decision, passage.reason, passage.due
    told = _decide(passage, known, order, now)
    passage.decision, passage.reason = told.decision, told.reason
    if before != (passage.decision, passage.reason, passage.due) or passage.is_new:
        passage.decided_at = now
        write_down(passage, now)
    if told.decision == Decision.OPEN:
        _let_through(passage, known, now)
        _carried_out(order, now)
    passage.save()
    if passage.decided_at == now and readable(passage):
        doubt_around(passage, trusted_time(passage), now)


def write_down(passage, now):
    """Keep the answer that this passage has now, for those who ask later what the lane was told."""
    Answer.objects.create(
        passage=passage,
        at=now,
        plate=passage.plate,
        confidence=passage.confidence,
        decision=passage.decision,
        reason=passage.reason,
        due=passage.due,
    )


def readable(passage):
    """Whether a machine may act on this plate. A person's word counts; no confidence does not."""
    if passage.corrected:
        return True
    return bool(passage.plate) and (passage.confidence or 0) >= ACCEPTED_AT


def trusted_time(passage):
    """When the vehicle was seen; by the server's clock where the lane's is too far off."""
    apart = abs(passage.seen_at - passage.received_at)
    return passage.seen_at if apart <= CLOCK_LIMIT else passage.received_at


def _order_for(passage, now):
    if passage.is_new:
        return None  # nobody can have given an order for a vehicle that nobody has seen
    return passage.orders.filter(
        action=Order.Action.OPEN, done_at=None, failed="", expires_at__gt=now
    ).first()


def _carried_out(order, now):
    if order:
        order.done_at = now
        order.save(update_fields=["done_at"])


def _look_up(passage, now):
    car_park, plate = passage.lane.car_park, passage.plate
    return Known(stays.find(car_park, plate), Permit.behind(car_park, plate, now))


def _decide(passage, known, order, now):
    facts = {"readable": readable(passage), "ordered": order is not None}
    passage.due = None
    if passage.lane.direction == "in":
        return decide(ENTRY, Entry(**facts, **_entry_facts(passage, known, now)))
    return decide(EXIT, Exit(**facts, **_exit_facts(passage, known, now)))


def _entry_facts(passage, known, now):
    car_park = passage.lane.car_park
    return {
        "blocked": BlockedPlate.covering(car_park, passage.plate, now) is not None,
        "inside": known.session is not None,
        "permit": known.permit is not None,
        "places": car_park.places_left(),
    }


def _exit_facts(passage, known, now):
    session = known.session
    if passage.session and passage.session != session:
        stays.come_back(passage.session)  # read better now: it was not this one that waited
    passage.session = session
    if session is None:
        return {"permit": known.permit is not None}
    stays.wait_at_exit(session, trusted_time(passage))
    offer = _offer(session, trusted_time(passage), now)
    passage.due = offer.due
    return {
        "permit": known.permit is not None,
        "session": True,
        "settled": offer.settled,
        "due": passage.due,
        "billed_later": session.car_park.in_doubt == CarPark.InDoubt.OPEN,
    }


def _offer(session, at, now):
    """What is due, once it is written down what this stay lacks; what costs nothing needs no proof."""
    offer = quote(session, now)
    if offer.due == 0:
        return offer
    look(session, now)
    doubt_orphans(session, at, now)
    return quote(session, now) if session.doubt and not offer.held else offer


def _clock_doubt(passage):
    return Doubt.NONE if trusted_time(passage) == passage.seen_at else Doubt.CLOCK


def _let_through(passage, known, now):
    if passage.lane.direction == "in":
        _come_in(passage, known, now)
    elif passage.session:
        stays.leave(passage.session, trusted_time(passage))
        look_at_those_who_left(passage.lane.car_park, now)
        expect_picture(passage, now)
        if doubt := _clock_doubt(passage):
            raise_doubt(passage.session, doubt, at=passage.received_at)


def _come_in(passage, known, now):
    """Open the stay. A person who lets a plate in twice says that its exit was missed."""
    if not readable(passage):
        return  # let in by a person without a plate: there is nothing to price
    at = trusted_time(passage)
    if known.session:
        stays.close_missed_exit(known.session, at)
    passage.session = stays.enter(
        passage.lane.car_park,
        passage.plate,
        permit=known.permit,
        entered_at=at,
        doubt=_clock_doubt(passage),
    )
    expect_picture(passage, now)
