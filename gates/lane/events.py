"""The events a lane tells the server."""

from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

UNKNOWN = UUID("6f0e4f0e-6c1c-4f57-9a0b-5d3c8d4f2a11")  # names the pulse_unknown of an intent


def event(kind, passage=None, detail=None, ident=None):
    """One event, ready for the outbox; `ident` is given where it must be the same when made again."""
    return {
        "id": str(ident or uuid4()),
        "passage": passage,
        "kind": kind,
        "at": now().isoformat(),
        "detail": detail or {},
    }


def unknown(intent):
    """What is told of an intent that a killed process left without a result (a journal line)."""
    detail = {"act": intent["act"], "intended_at": intent["at"]}
    if intent.get("order"):
        detail["order"] = intent["order"]
    return event(
        "pulse_unknown",
        intent.get("passage"),
        detail,
        uuid5(UNKNOWN, intent["intent"]),
    )


def now():
    return datetime.now(UTC)
