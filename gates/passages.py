"""The server's side of a passage: a vehicle asks, passes, turns back; a person corrects or orders."""

import contextlib
import threading
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from billing.quotes import quote
from gates.answers import (
    CLOCK_LIMIT,
    answer,
    begin,
    late_doubt,
    legible,
    permit_ruling,
    readable,
    told_time,
    write_down,
)
from gates.changes import noted
from gates.evidence import doubt_around, doubt_orphans, expect_picture, is_another
from gates.matches import fits, kept, match_of, taken_stay
from gates.models import ASKS_WITHIN, Correction, Order, Passage
from gates.pairing import pair
from gates.rereads import others_of
from gates.rules.decisions import Decision, Reason
from parking import stays
from parking.doubts import raise_doubt
from parking.evidence import look
from parking.models import CarPark, Doubt, Permit
from parking.rules.permits import ruling_kept
from parking.rules.plates import folded

SQLITE_QUEUE = threading.Lock()
TAKEN_BACK = "taken back by who said it"
ORDER_HOLDS = timedelta(seconds=10)  # an order not carried out by then is void


class Conflict(Exception):  # noqa: N818
    """What was said contradicts what is kept; the message says what to do."""


@contextlib.contextmanager
def one_at_a_time(car_park_id):
    """A transaction in which nobody else decides in this car park: two lanes may see one car, or
    the last place; a person may correct or order while the lane asks. Yields the car park as it is now."""
    with _turn(), transaction.atomic():
        yield CarPark.objects.select_for_update().get(pk=car_park_id)


def _turn():
    """SQLite's writers wait by looking again and again, and the unlucky wait for seconds; within one
    process they queue. Never inside a transaction: who holds the file must not wait for the queue."""
    alone = connection.vendor == "sqlite" and not connection.in_atomic_block
    return SQLITE_QUEUE if alone else contextlib.nullcontext()


@dataclass(frozen=True)
class Ask:
    """What a lane says of a vehicle that asks; `plate` is canonical or empty, times aware UTC."""

    passage: object
    seen_at: object
    plate: str = ""
    confidence: float | None = None
    candidates: tuple = ()
    country: str = ""
    vehicle: dict | None = None
    engine: str = ""
    quality: dict | None = None


def arrive(lane, ask, now):
    """Answer a vehicle that asks to pass; returns its `Passage` with the answer on it.

    The same passage may ask any number of times. Once it was let through the answer stays the same,
    so that an answer lost on the way can be asked for again. Raises `Conflict` for a passage of
    another lane.
    """
    with one_at_a_time(lane.car_park_id) as lane.car_park:
        passage = _kept(lane, ask, now)
        if passage.decision != Decision.OPEN and not (passage.passed_at or passage.backed_out_at):
            answer(passage, now)
        return passage


def _kept(lane, ask, now):
    """The passage of this ask, with the newest read on it unless a person has corrected it."""
    read = {
        "plate_read": ask.plate,
        "confidence": ask.confidence,
        "candidates": list(ask.candidates),
        "country": ask.country,
        "vehicle": ask.vehicle or {},
        "engine": ask.engine,
        "quality": ask.quality,
        "asked_at": now,
    }
    first = {
        "lane": lane,
        "seen_at": ask.seen_at,
        "received_at": now,
        "plate": ask.plate,
        "decision": Decision.HOLD,
        "reason": Reason.UNREADABLE,
        "decided_at": now,
    }
    passage, created = Passage.objects.select_related(
        "lane__car_park", "session__car_park", "session__permit"
    ).get_or_create(id=ask.passage, defaults={**first, **read})
    if passage.lane_id != lane.pk:
        raise Conflict("This passage belongs to another lane: make a new id for each vehicle.")
    passage.is_new = created
    if not created and passage.decision != Decision.OPEN:
        if not passage.corrected:
            passage.plate = ask.plate
        for name, value in read.items():
            setattr(passage, name, value)
        passage.save()
    return passage


def passed(passage, at):
    """The vehicle drove through. One that was held went under the arm of the one before it: it is
    inside, or outside, all the same, and owes what it owes."""
    first = passage.passed_at is None
    passage.passed_at = passage.passed_at or at
    passage.save(update_fields=["passed_at"])
    if first and passage.decision != Decision.OPEN and readable(passage):
        with one_at_a_time(passage.lane.car_park_id):
            _slipped_through(passage)


def _slipped_through(passage):
    car_park, plate, at = passage.lane.car_park, passage.plate, told_time(passage)
    if passage.lane.direction == "out":
        if passage.session and passage.session.left_at is None:
            stays.leave(passage.session, at, by=passage.lane.name)
            expect_picture(passage, at)
    elif stays.find(car_park, plate) is None:
        ruling = permit_ruling(passage, at)  # as if it had been asked for at this lane, for it was
        permit = ruling.permit if ruling and ruling.covers else None
        begin(passage, at, permit)
        passage.save(update_fields=["session"])
        expect_picture(passage, at)


def back_out(passage, at, now):
    """The vehicle did not pass (`at`): an entry's stay never was, an exit's goes on.

    Not so where the same vehicle was read twice, and its other passage has not backed out.
    """
    if passage.backed_out_at or passage.passed_at:
        return
    passage.backed_out_at = at
    passage.save(update_fields=["backed_out_at"])
    stay = passage.session
    twice = stay and passage.decision == Decision.OPEN and others_of(passage).exists()
    if stay and not twice:
        _take_back(passage, at)
    if passage.decided_alone:
        with one_at_a_time(passage.lane.car_park_id):
            pair(passage.lane.car_park, now, like=passage)


def _take_back(passage, at):
    if passage.lane.direction == "in":
        stays.void(passage.session, at)
    elif passage.decision == Decision.OPEN or passage.session.left_at is None:
        stays.come_back(passage.session)


def tell_late(lane, ask, decision, reason, *, now):
    """A lane that had no answer decided by itself: write down what it did, and let the stay follow."""
    with one_at_a_time(lane.car_park_id) as lane.car_park:
        passage = _kept(lane, ask, now)
        if passage.decision != Decision.OPEN:  # else the server's own answer was lost on the way
            passage.decision, passage.reason = decision, reason
            passage.decided_alone, passage.decided_at = True, passage.seen_at
            write_down(passage, now)
            if decision == Decision.OPEN:
                late = _enter_late if lane.direction == "in" else _leave_late
                late(passage, now)
            passage.save()
            pair(lane.car_park, now, like=passage)
            passage.refresh_from_db(fields=["session"])
            if readable(passage):
                doubt_around(passage, told_time(passage), now)
        return passage


def _enter_late(passage, now):
    """An entry told late."""
    car_park, plate, at = passage.lane.car_park, passage.plate, told_time(passage)
    if at > now + CLOCK_LIMIT or not legible(passage):
        return
    if stays.find(car_park, plate) is None:
        ruling = permit_ruling(passage, at) if readable(passage) else None
        passage.ruling = ruling_kept(ruling)
        permit = ruling.permit if ruling and ruling.covers else None
        begin(passage, at, permit, late_doubt(passage))
        expect_picture(passage, now)


def _leave_late(passage, now):
    """An exit told late. What was due and not paid is shown to a person, and charged by no machine."""
    match = match_of(passage, passage.seen_at)
    passage.match = kept(match)
    session = taken_stay(match)
    if session and session.entered_at <= passage.seen_at <= now + CLOCK_LIMIT:
        passage.session = session
        stays.leave(session, passage.seen_at, by=passage.lane.name)
        expect_picture(passage, now)
        if quote(session, now).due != 0:
            look(session, now)
            doubt_orphans(session, passage.seen_at, now)


def correct(passage, plate, *, by, why, now):
    """A person says what the plate is (canonical). The stay follows; the read stays as it was.

    Returns the `Correction`.
    """
    with one_at_a_time(passage.lane.car_park_id):
        passage.refresh_from_db()
        correction = Correction.objects.create(
            passage=passage, before=passage.plate, after=plate, by=by, why=why, at=now
        )
        passage.plate, passage.corrected = plate, True
        passage.save(update_fields=["plate", "corrected"])
        is_another(passage, by=by, now=now)
        if not (passage.lane.direction == "out" and passage.is_unresolved):
            doubt_around(passage, told_time(passage), now)  # one that waits finds its stay yet
        _let_stay_follow(passage, by=by, why=why, now=now)
        return correction


def take_back(correction, *, now):
    """The person who corrected takes it back: the plate is what it was; both facts are kept."""
    passage = correction.passage
    with one_at_a_time(passage.lane.car_park_id):
        passage.refresh_from_db()
        correction.undone_at = now
        correction.save(update_fields=["undone_at"])
        passage.plate = correction.before
        passage.corrected = passage.corrections.filter(undone_at=None).exists()
        passage.save(update_fields=["plate", "corrected"])
        if passage.plate:
            _let_stay_follow(passage, by=correction.by, why=TAKEN_BACK, now=now)


def _let_stay_follow(passage, *, by, why, now):
    """The plate of this passage is another than its stay's now: a person says so."""
    session, plate = passage.session, passage.plate
    if session is None or session.plate == plate:
        return
    said = {"by": by, "why": f"{plate} and not {session.plate}: {why}"[:200], "now": now}
    if passage.lane.direction == "in":
        with noted(session, **said):
            _rename(session, plate, passage.lane.name, now)
    elif passage.decision == Decision.OPEN and not _is_of(session, passage):
        _let_another_leave(passage, said)


def join_stay(passage, *, by, now, stay=None):
    """A person has told the plate of a vehicle that was let through unread, or its `stay`: its exit ends
    that stay, or its entry begins one. Returns it, or None where there is nothing to join."""
    with one_at_a_time(passage.lane.car_park_id):
        passage.refresh_from_db()
        if passage.session or passage.decision != Decision.OPEN or passage.backed_out_at:
            return None
        if passage.lane.direction == "in":
            _enter_late(passage, now)
        else:
            _end_stay(passage, stay or taken_stay(match_of(passage, passage.seen_at)), by, now)
        passage.save(update_fields=["session"])
        return passage.session


def _end_stay(passage, session, by, now):
    if session and session.left_at is None and session.entered_at <= passage.seen_at:
        with noted(session, by=by, why="its exit was told afterwards", now=now):
            passage.session = session
            stays.leave(session, told_time(passage), by=passage.lane.name)


def leave_stay(passage, *, by, now):
    """`join_stay` taken back, or a person says that it is another vehicle's: an entry's stay never was,
    an exit's goes on."""
    with one_at_a_time(passage.lane.car_park_id):
        passage.refresh_from_db()
        session, passage.session = passage.session, None
        passage.save(update_fields=["session"])
        if session is None:
            return
        with noted(session, by=by, why="it is not this vehicle's", now=now):
            if passage.lane.direction == "in":
                stays.void(session, told_time(passage))
            else:
                stays.come_back(session)


def _is_of(session, passage):
    """Is it this vehicle's stay all the same? Its own plate was read otherwise at the entry, or is
    spelled O for 0; and no open stay fits better."""
    same = folded(session.plate) == folded(passage.plate) or fits(passage, session)
    return same and stays.find(session.car_park, passage.plate) is None


def _rename(session, plate, lane, now):
    """Give an open stay its right plate; where that one is inside already, both are in doubt."""
    other = stays.find(session.car_park, plate)
    if other and other.pk != session.pk:
        for one in (session, other):
            raise_doubt(one, Doubt.CORRECTION, at=now)
        return
    session.plate = plate
    came_in = {"lane": lane, "stay": session}
    session.permit = Permit.behind(session.car_park, plate, session.entered_at, **came_in)
    session.save(update_fields=["plate", "permit"])


def _let_another_leave(passage, said):
    """It was not this stay that ended here: it goes on, in doubt, and the right one has ended."""
    with noted(passage.session, **said):
        stays.come_back(passage.session)
        raise_doubt(passage.session, Doubt.CORRECTION, at=said["now"])
    passage.session = stays.find(passage.lane.car_park, passage.plate)
    passage.save(update_fields=["session"])
    if passage.session:
        with noted(passage.session, **said):
            stays.leave(passage.session, told_time(passage), by=passage.lane.name)


def waiting(lane, now):
    """The vehicle that stands before this lane's arm, or None.

    One whose lane stopped asking (a restart, a broken line) is not there for anything we know.
    """
    return (
        lane.passages.filter(Passage.WAITING, asked_at__gt=now - ASKS_WITHIN)
        .select_related("lane__car_park", "session")
        .order_by("-received_at")
        .first()
    )


def give_order(lane, action, *, by, why, now):
    """A person's order. Opening for a vehicle that waits is its next answer; else the beat has it.

    Either way there is one channel, so one pulse; and an order that is still to be carried out is not
    given again, or a double click would raise the arm twice.
    """
    with one_at_a_time(lane.car_park_id):
        vehicle = waiting(lane, now) if action == Order.Action.OPEN else None
        pending = lane.orders.filter(
            action=action, passage=vehicle, done_at=None, failed="", expires_at__gt=now
        )
        return pending.first() or Order.objects.create(
            lane=lane,
            passage=vehicle,
            action=action,
            why=why,
            by=by,
            given_at=now,
            expires_at=now + ORDER_HOLDS,
        )


def orders_for(lane, now):
    """The orders that this lane's beat should carry out now."""
    return list(
        lane.orders.filter(passage=None, done_at=None, failed="", expires_at__gt=now).order_by(
            "given_at"
        )
    )
