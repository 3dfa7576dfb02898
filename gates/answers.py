"""What a lane is answered: the books looked up, the rules asked, and what follows for the stay."""

from dataclasses import dataclass, replace
from datetime import timedelta
from math import fsum

from billing import later
from billing.autopay import charges, tills
from billing.quotes import quote
from gates.changes import noted
from gates.evidence import (
    PERHAPS_INSIDE,
    SAME_VEHICLE,
    doubt_around,
    doubt_orphans,
    expect_picture,
    look_at_those_who_left,
    where,
)
from gates.matches import kept, match_of, perhaps_permitted, taken_stay
from gates.models import Answer, Finding, Order
from gates.rereads import earlier
from gates.rules.decisions import ENTRY, EXIT, Decision, Entry, Exit, Reason, decide
from gates.rules.votes import ACCEPTED_AT
from gates.vehicles import vehicle_class
from parking import stays
from parking.doubts import raise_doubt
from parking.evidence import look
from parking.models import BlockedPlate, CarPark, Doubt, ParkingSession, Permit
from parking.rules.permits import Ruling, ruling_kept
from parking.rules.plates import folded

CLOCK_LIMIT = timedelta(minutes=2)  # a lane whose clock is further off cannot time a stay
LATE = timedelta(hours=12)  # a record that comes later does not prove when it was
TOO_LATE = timedelta(days=7)  # nor on which day
LISTED_AT = (
    0.8  # so probable are all candidates of a doubtful plate together, or it is none of them
)


@dataclass(frozen=True)
class Known:
    """What the books say of a plate at this moment."""

    session: ParkingSession | None = None
    ruling: Ruling | None = None

    @property
    def permit(self):
        return self.ruling.permit if self.ruling and self.ruling.covers else None

    @property
    def contested(self):
        """Whether the read could as well be the plate of another permit."""
        return bool(self.ruling and self.ruling.doubted)


def answer(passage, now):
    """Decide on a passage that waits, write the answer down where it changed, and let it follow."""
    if first := earlier(passage):
        _answer_as(passage, first, now)
        return
    order = _order_for(passage, now)
    known = _look_up(passage, now)
    if passage.nobody:
        known = replace(known, session=None)
    passage.ruling = ruling_kept(known.ruling)
    before = passage.decision, passage.reason, passage.due
    told = _decide(passage, known, order, now)
    passage.decision, passage.reason = told.decision, told.reason
    if before != (passage.decision, passage.reason, passage.due) or passage.is_new:
        passage.decided_at = now
        write_down(passage, now)
    if told.reason == Reason.CHARGING:
        tills.charge_soon(passage.session)
    if told.decision == Decision.OPEN:
        _let_through(passage, known, order, now)
        _carried_out(order, now)
    passage.save()
    if passage.decided_at == now and readable(passage):
        doubt_around(passage, trusted_time(passage), now)


def _answer_as(passage, first, now):
    """Read twice: the same answer, and the same stay; nothing follows a second time."""
    passage.session, passage.due, passage.ruling = first.session, first.due, first.ruling
    passage.decision, passage.reason, passage.decided_at = first.decision, first.reason, now
    write_down(passage, now)
    passage.save()


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
        ruling=passage.ruling,
    )


def readable(passage):
    """Whether a machine may act on this plate. A person's word counts; no confidence does not."""
    if passage.corrected:
        return True
    return bool(passage.plate) and (passage.confidence or 0) >= ACCEPTED_AT


def legible(passage):
    """Whether its plate is surely one of its candidates."""
    if readable(passage):
        return True
    listed = fsum(one["probability"] for one in passage.candidates)
    return bool(passage.plate) and passage.confidence is not None and listed >= LISTED_AT


def visitor_anyway(passage, now):
    """Whether a doubtful plate does not matter: whichever of its candidates it is, none is blocked or
    inside, so a visitor comes in. Which it was is said by the exit, where both reads are laid together;
    but a place of a pool, or a visit, is granted at the entry or never.
    """
    car_park = passage.lane.car_park
    if not legible(passage):
        return False
    looks = {folded(one["plate"]) for one in passage.candidates} | {folded(passage.plate)}
    inside = car_park.inside().filter(folded__in=looks)
    granted = (one.right.granted for one in Permit.among(car_park, looks, now))
    blocked = BlockedPlate.among(car_park, looks, now)
    return not inside.exists() and not blocked.exists() and not any(granted)


def trusted_time(passage):
    """When the vehicle was seen; by the server's clock where the lane's is too far off."""
    apart = abs(passage.seen_at - passage.received_at)
    return passage.seen_at if apart <= CLOCK_LIMIT else passage.received_at


def told_time(passage):
    """When a vehicle was let through. Of a record that came late the lane's time is all there is: the
    clocks cannot be compared."""
    if not passage.decided_alone:
        return trusted_time(passage)
    late = passage.received_at - passage.seen_at
    return passage.seen_at if late <= TOO_LATE else passage.received_at


def late_doubt(passage):
    """The later a record comes, the likelier a wrong clock explains it as well."""
    late = passage.decided_alone and passage.received_at - passage.seen_at > LATE
    return Doubt.CLOCK if late else Doubt.NONE


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
    """The stay is asked of all that was read, for doubtful letters may fit one stay and no other; a
    permit only of a plate that is sure."""
    match = match_of(passage, trusted_time(passage))
    passage.match = kept(match)
    session = _told_stay(passage) or taken_stay(match)
    if session is None and passage.lane.direction == "in":
        # Another vehicle perhaps, but what cameras cannot tell apart is one plate: a person looks.
        session = _of_this_plate(passage)
    return Known(session, permit_ruling(passage, now) if readable(passage) else None)


def permit_ruling(passage, at):
    """What the permits say of this passage's plate at `at`: a `Ruling`, or None where it has none."""
    leaving = passage.lane.direction == "out"
    told = () if passage.corrected else passage.candidates
    candidates = tuple((one["plate"], one["probability"]) for one in told)
    facts = {"leaving": True} if leaving else {"lane": passage.lane.name, "candidates": candidates}
    return Permit.ruling(passage.lane.car_park, passage.plate, at, **facts)


def _told_stay(passage):
    """The open stay that a reviewer chose for this passage, whatever else is like it; or None."""
    if not passage.corrected or passage.lane.direction == "in":
        return None
    told = passage.findings.filter(Finding.STANDS, stay__plate=passage.plate)
    open_ones = ParkingSession.objects.filter(ParkingSession.OPEN, pk__in=told.values("stay"))
    return open_ones.select_related("permit", "car_park").first()


def _of_this_plate(passage):
    """The open stay of this plate; of one that a person has spelled, in that very spelling."""
    car_park = passage.lane.car_park
    if passage.corrected:
        return car_park.inside().filter(plate=passage.plate).first()
    return stays.find(car_park, passage.plate)


def _decide(passage, known, order, now):
    ordered = order is not None
    passage.due = None
    if passage.lane.direction == "in":
        return decide(ENTRY, Entry(ordered=ordered, **_entry_facts(passage, known, now)))
    return decide(EXIT, Exit(ordered=ordered, **_exit_facts(passage, known, now)))


def _entry_facts(passage, known, now):
    car_park, sure = passage.lane.car_park, readable(passage)
    return {
        "readable": sure and not known.contested,
        "visitor_anyway": not sure and visitor_anyway(passage, now),
        "blocked": sure and BlockedPlate.covering(car_park, passage.plate, now) is not None,
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
        # Who has looked and found no stay has answered what the reader could not.
        seen = readable(passage) or passage.nobody
        return {"readable": seen, "permit": known.permit is not None}
    stays.wait_at_exit(session, trusted_time(passage))
    _doubt_clock(session, passage)
    offer = _offer(session, trusted_time(passage), now)
    permitted = known.permit is not None and _permitted(session, passage, known.permit, offer)
    if offer.owed and not permitted and perhaps_permitted(passage, session, now):
        raise_doubt(session, Doubt.WEAK_MATCH, "its plate may be one with a permit", at=now)
        offer = quote(session, now)
    passage.due = 0 if permitted else offer.due
    return {
        "readable": True,  # sure enough for this stay, even where its letters are not
        "permit": permitted,
        "session": True,
        "settled": offer.settled,
        "due": passage.due,
        "billed_later": _billed_later(session),
        "charging": _card_pays(session, passage, offer, now),
        "pay_later": bool(passage.due) and later.may_pay_later(session, now),
    }


def _card_pays(session, passage, offer, now):
    """Whether this vehicle waits for its owner's card. Not for a likeness of its plate, and not for long:
    whatever becomes of the card, the pay page takes over."""
    if folded(session.plate) != folded(passage.plate) or not charges.waits(session, offer, now):
        return False
    first = passage.answers.filter(reason=Reason.CHARGING).order_by("at").first()
    return first is None or now < first.at + charges.PATIENCE


def _permitted(session, passage, permit, offer):
    """Whether a permit covers the whole stay, for with hours, a pool or an end it may cover a part only.
    Where the entry read another plate it could not be asked: then the exit's permit counts."""
    if folded(session.plate) == folded(passage.plate):
        return offer.permitted
    return offer.permitted or _covers(permit, session, offer.until)


def _covers(permit, session, until):
    whole = session.entered_at, until
    return permit.spans(*whole, session.car_park.zone) == (whole,)


def permit_of_exit(passage, session):
    """The permit by which this stay has left, by what its exit read; None where its entry read the same
    plate and was asked for it, and where there is no permit for the whole stay."""
    if not readable(passage) or folded(session.plate) == folded(passage.plate):
        return None
    permit = Known(session, permit_ruling(passage, told_time(passage))).permit
    return permit if permit and _covers(permit, session, session.left_at) else None


def _offer(session, at, now):
    """What is due, once it is written down what this stay lacks; what costs nothing needs no proof."""
    offer = quote(session, now)
    if offer.due == 0:
        return offer
    if offer.held:
        look(session, now)
    doubt_orphans(session, at, now)
    return quote(session, now) if session.doubt and not offer.held else offer


def _billed_later(session):
    """Whether a vehicle in doubt is let out. For what its site misses nobody is held: at the arm a person
    knows no more of it than later, and it may be half of all vehicles."""
    for_the_site_alone = session.doubt == Doubt.TWO_VISITS  # the least grave, so there is no other
    return for_the_site_alone or session.car_park.in_doubt == CarPark.InDoubt.OPEN


def _clock_doubt(passage):
    return Doubt.NONE if trusted_time(passage) == passage.seen_at else Doubt.CLOCK


def _doubt_clock(session, passage):
    """Whose times nobody can trust is charged nothing by machine."""
    if doubt := _clock_doubt(passage):
        raise_doubt(session, doubt, f"at {passage.lane.name}", at=passage.received_at)


def _let_through(passage, known, order, now):
    if passage.lane.direction == "in":
        _come_in(passage, known, order, now)
    elif passage.session:
        if passage.reason == Reason.PERMIT:
            stays.leave_by_permit(passage.session, known.permit)
        stays.leave(passage.session, trusted_time(passage), by=passage.lane.name)
        if passage.reason == Reason.PAY_LATER:
            later.let_out(passage.session, passage.due, now)
        _doubt_clock(passage.session, passage)
        look_at_those_who_left(passage.lane.car_park, now)
        expect_picture(passage, now)


def _come_in(passage, known, order, now):
    """Open the stay. A person who lets a plate in twice says that its exit was missed."""
    if not readable(passage) and passage.reason != Reason.VISITOR:
        return  # let in by a person without a plate: there is nothing to price
    at = trusted_time(passage)
    if known.session and at - known.session.entered_at < SAME_VEHICLE:
        # Nobody leaves and comes back so fast: two vehicles carry this plate, and which one is which
        # only a person can say when they leave.
        raise_doubt(known.session, Doubt.ORPHAN_READ, where(passage), at=now)
        return
    if known.session:
        with noted(
            known.session, by=order.by, why=f"Its exit was missed: {order.why}"[:200], now=at
        ):
            stays.close_missed_exit(known.session, at)
    begin(passage, at, known.permit, _clock_doubt(passage))
    if known.session and at - known.session.entered_at < PERHAPS_INSIDE:
        raise_doubt(passage.session, Doubt.CLONED, f"at {passage.lane.name}", at=at)
    expect_picture(passage, now)


def begin(passage, at, permit, doubt=Doubt.NONE):
    """The stay of a vehicle that came in at `at` (aware UTC), with its `permit` or None."""
    passage.session = stays.enter(
        passage.lane.car_park,
        passage.plate,
        permit=permit,
        entered_at=at,
        doubt=doubt,
        by=passage.lane.name,
        vehicle_class=vehicle_class(passage),
    )
