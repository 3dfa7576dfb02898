"""What lanes say has happened: each event stored once, and acted on when its passage is known."""

import contextlib
import uuid

from django.db import IntegrityError, transaction

from gates.measures import measure
from gates.models import Event, Lane, Order, Passage
from gates.passages import Ask, Conflict, back_out, passed, tell_late
from gates.periods import note_event
from gates.rules.decisions import Decision, Reason
from gates.serializers import Arrival

GONE = {Event.Kind.PASSED, Event.Kind.BACKED_OUT}  # all is known of how that vehicle was read


def store(lane, told, now):
    """Store events (dicts with id, passage, kind, at, detail); returns the ids that are kept now.

    The same event again is a no-op. Raises `Conflict` when an id comes back with another content.
    """
    kept = [_store(lane, one, now) for one in told]
    if any(event.kind in GONE for event in kept):
        measure(lane.car_park, now)
    return [event.id for event in kept]


def _store(lane, told, now):
    event = Event(
        id=told["id"],
        lane=lane,
        passage_id=told["passage"],
        kind=told["kind"],
        at=told["at"],
        received_at=now,
        detail=told["detail"],
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
            _act(event, now)
    except IntegrityError:
        kept = Event.objects.filter(pk=event.pk).first()
        if kept is None:  # it was not about the event's id
            raise
        return _the_same(kept, event)
    return event


def _the_same(kept, event):
    if (kept.lane_id, kept.passage_id, kept.kind) != (event.lane_id, event.passage_id, event.kind):
        raise Conflict(f"Event {event.pk} was told before with another content: use a new id.")
    return kept


def catch_up(passage, now):
    """Act on the events that came before their passage did."""
    for event in Event.objects.filter(passage_id=passage.pk, lane=passage.lane_id).order_by("at"):
        _on_passage(event, passage, now)


def _act(event, now):
    _on_lane(event)
    _on_order(event)
    note_event(event, now)
    if event.passage_id is None:
        return
    if event.kind == Event.Kind.DECIDED_OFFLINE:
        _tell_late(event, now)
    elif passage := Passage.objects.filter(pk=event.passage_id, lane=event.lane).first():
        _on_passage(event, passage, now)


# What an event says of the arm: the lane's fields that take its time, and those it clears.
ARM = {
    Event.Kind.OPENED: ({"raised_at"}, set()),
    Event.Kind.PASSED: ({"lowered_at"}, set()),
    Event.Kind.BACKED_OUT: ({"lowered_at"}, set()),
    Event.Kind.HELD_OPEN: ({"held_open_at"}, set()),
    Event.Kind.RELEASED: ({"lowered_at"}, {"held_open_at"}),
}


def _on_lane(event):
    taken, cleared = ARM.get(event.kind, (set(), set()))
    change = dict.fromkeys(taken, event.at) | dict.fromkeys(cleared)
    if change:
        Lane.objects.filter(pk=event.lane_id).update(**change)


# Why an order was not carried out, where the lane gives no reason of its own.
FAILED = {
    Event.Kind.OPEN_FAILED: "the arm did not move",
    Event.Kind.PULSE_UNKNOWN: "the lane stopped while opening: look whether the arm rose",
}


def _on_order(event):
    """The lane says what became of an order that it got by beat."""
    if (order := _order_id(event)) is None:
        return
    orders = Order.objects.filter(lane=event.lane, done_at=None, pk=order)
    if event.kind in FAILED:
        orders.update(failed=str(event.detail.get("why") or FAILED[event.kind])[:200])
    else:
        orders.update(done_at=event.at)


def _order_id(event):
    """The order that the event names; None where it is no order's id, kept for a person."""
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        return uuid.UUID(event.detail.get("order"))


def _on_passage(event, passage, now):
    if event.kind == Event.Kind.OPENED and passage.opened_at is None:
        passage.opened_at = event.at
        passage.save(update_fields=["opened_at"])
    elif event.kind == Event.Kind.PASSED:
        passed(passage, event.at)
    elif event.kind == Event.Kind.BACKED_OUT:
        back_out(passage, event.at, now)


def _tell_late(event, now):
    """A decision that the lane took alone: make the passage that the server missed."""
    arrival = event.detail.get("arrival")
    if isinstance(arrival, dict):
        arrival = {**arrival, "passage": str(event.passage_id)}
    told = Arrival(data=arrival)
    decided = event.detail.get("decision"), event.detail.get("reason")
    if not told.is_valid() or decided[0] not in list(Decision) or decided[1] not in list(Reason):
        return  # kept as it came, for a person
    passage = tell_late(event.lane, Ask(**told.validated_data), *decided, now=now)
    catch_up(passage, now)
