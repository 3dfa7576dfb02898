"""Where a vehicle stands with the lane, and what moves it on: the whole machine is this table."""

from enum import StrEnum


class State(StrEnum):
    EMPTY = "empty"  # no vehicle
    LOOKING = "looking"  # one is there, its plate is being read
    ASKING = "asking"  # the server is being asked, or the lane decides alone
    HELD = "held"  # it may not go, or not yet
    OPENED = "opened"  # the arm was told to rise
    LEAVING = "leaving"  # and the vehicle has begun to move


class Happening(StrEnum):
    COMES = "comes"
    SURE = "sure"  # the verdict is firm
    WAITED = "waited"  # patience is over: ask with what there is
    MAY_GO = "may go"
    MAY_NOT = "may not"
    AGAIN = "again"  # time to ask once more
    ORDERED = "ordered"  # the arm rose because a person said so
    STUCK = "stuck"  # the arm did not rise
    MOVES = "moves"
    GOES = "goes"


S, H = State, Happening

# What is not in the table changes nothing.
MOVES = {
    (S.EMPTY, H.COMES): S.LOOKING,
    (S.LOOKING, H.SURE): S.ASKING,
    (S.LOOKING, H.WAITED): S.ASKING,
    (S.LOOKING, H.ORDERED): S.OPENED,
    (S.LOOKING, H.GOES): S.EMPTY,
    (S.ASKING, H.MAY_GO): S.OPENED,
    (S.ASKING, H.MAY_NOT): S.HELD,
    (S.HELD, H.AGAIN): S.ASKING,
    (S.HELD, H.ORDERED): S.OPENED,
    (S.HELD, H.GOES): S.EMPTY,
    (S.OPENED, H.STUCK): S.HELD,
    (S.OPENED, H.MOVES): S.LEAVING,
    (S.OPENED, H.GOES): S.EMPTY,
    (S.LEAVING, H.STUCK): S.HELD,
    (S.LEAVING, H.GOES): S.EMPTY,
}


def moved(state, happening):
    """The state after this happening."""
    return MOVES.get((state, happening), state)
