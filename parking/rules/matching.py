"""Which open session is this read, or which permit's plate?

For now: the exact plate, else the one plate that a camera cannot tell from it (O/0, I/1, Q/0).
Two such plates are no answer; a person looks.
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
    found = rows_of(plate, sessions)
    return Match(found[0], exact=found[0].plate == plate) if found else None


def rows_of(plate, rows):
    """Those of the `rows` (with a `.plate`) that are this plate's, as a list.

    They are in its very spelling, else in that of the only other plate that looks the same.
    """
    exact = [row for row in rows if row.plate == plate]
    alike = exact or [row for row in rows if folded(row.plate) == folded(plate)]
    return alike if len({row.plate for row in alike}) == 1 else []
