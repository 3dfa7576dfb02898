"""Which open session is this read?

For now: the exact plate, else the one stay whose plate a camera cannot tell from it (O/0, I/1, Q/0).
Two such stays are no answer; a person looks.
"""

from dataclasses import dataclass
from typing import Any

from parking.rules.plates import folded


@dataclass(frozen=True)
class Match:
    session: Any
    exact: bool


def match(plate, sessions):
    """The open session that this plate is, as a `Match`, or None.

    `sessions` have a `.plate` in canonical spelling; usually those whose folded plate is equal.
    """
    for session in sessions:
        if session.plate == plate:
            return Match(session, exact=True)
    alike = [session for session in sessions if folded(session.plate) == folded(plate)]
    return Match(alike[0], exact=False) if len(alike) == 1 else None
