from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from parking.rules.sessions import MOVES, State, may, state

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def stay(**times):
    return SimpleNamespace(**{"settled_until": None, "left_at": None, "voided_at": None, **times})


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (stay(), State.INSIDE),
        (stay(settled_until=NOON), State.SETTLED),
        (stay(settled_until=NOON - timedelta(seconds=1)), State.INSIDE),
        (stay(settled_until=NOON, left_at=NOON), State.LEFT),
        (stay(left_at=NOON, voided_at=NOON), State.VOID),
    ],
)
def test_the_state_is_read_from_the_times(session, expected):
    assert state(session, NOON) == expected


def test_a_stay_that_never_was_takes_no_money():
    assert not may("pay", stay(voided_at=NOON), NOON)
    assert may("pay", stay(left_at=NOON), NOON)
    assert set(MOVES) == set(State)
