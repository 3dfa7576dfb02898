"""Barriers: how a lane's arm is moved.

A relay driver is a class in a file of this folder, named in `gates/drivers.py`. It writes an output
and reads an input and decides nothing; pulse length, inversion and the least pause belong to the
one `Barrier` above it (`gates/barriers/barrier.py`). Its constructor's keyword arguments are options
of the `[barrier]` table of a lane file, beside the Barrier's own.
"""

from typing import Protocol


class RelayFailed(Exception):  # noqa: N818 - said as the engineer would: the relay failed
    """The relay did not do it, or nobody can tell whether it did; the text says what to look at."""


class Relay(Protocol):
    """A board with switched outputs and sensed inputs, both counted from 0.

    Every method raises `RelayFailed` when the board does not answer or does not obey. None of them
    tries again by itself: a command that timed out may still be carried out by the board.
    """

    def write(self, output: int, on: bool) -> None: ...

    def read(self, number: int) -> bool:
        """Is the input active?"""

    def check(self) -> None:
        """Returns when the board answers. Moves nothing."""

    def close(self) -> None: ...
