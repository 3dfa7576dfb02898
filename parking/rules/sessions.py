"""The states of a stay and the moves allowed in each, read from its timestamps."""

from enum import StrEnum


class State(StrEnum):
    INSIDE = "inside"
    SETTLED = "settled"  # ends by itself when `settled_until` passes; no job has to run
    LEFT = "left"
    VOID = "void"


# "return": the vehicle backed out of the exit lane.
MOVES = {
    State.INSIDE: {"pay", "leave", "void"},
    State.SETTLED: {"pay", "leave", "void"},
    State.LEFT: {"pay", "return", "void"},
    State.VOID: set(),
}


def state(session, now):
    """The state at `now` of anything with `settled_until, left_at, voided_at` (aware UTC or None)."""
    if session.voided_at:
        return State.VOID
    if session.left_at:
        return State.LEFT
    if session.settled_until and now <= session.settled_until:
        return State.SETTLED
    return State.INSIDE


def may(move, session, now):
    """Whether this move is allowed for this stay at `now`."""
    return move in MOVES[state(session, now)]
