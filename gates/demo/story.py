"""The story that `./run demo --once` plays, as tables: the cars, the chapters, what each should meet.

The cars of a chapter come at the same moment; the next chapter begins when they are gone.
"""

from dataclasses import dataclass, field
from datetime import timedelta

PLACES = 3  # for visitors; the story fills them
FREE = timedelta(seconds=30)
STEP = timedelta(hours=1)

LANES = {"north-entry": "in", "west-entry": "in", "south-exit": "out"}


@dataclass(frozen=True)
class Vehicle:
    """One of the story's vehicles, and what it should meet in the words of `gates.demo.met`."""

    plate: str
    story: str
    should: tuple[str, ...]
    look: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Visit:
    """A vehicle comes to a lane; it drives on when the arm rises, or turns back after `gives_up`."""

    lane: str
    vehicle: str
    gives_up: float | None = None  # seconds at the line


@dataclass(frozen=True)
class Chapter:
    """Visits at the same moment; `act` is what a person does meanwhile (`gates.demo.telling`)."""

    visits: tuple[Visit, ...]
    act: str = ""
    overstays: str = ""  # begin when this vehicle has been inside for longer than the free time


VEHICLES = {
    "overstayer": Vehicle(
        "KX19RTV",
        "stays past the free time, pays at the exit",
        (
            "entry: open visitor, passed",
            "exit: hold due 1.00, open settled, passed",
            "1 stay, left, paid 1.00",
        ),
    ),
    "shopper": Vehicle(
        "MHK4127",
        "leaves within the free time",
        ("entry: open visitor, passed", "exit: open free, passed", "1 stay, left"),
        {"country": "DE", "colour": "#2f5d8a"},
    ),
    "resident": Vehicle(
        "LM68EPC",
        "permit holder, in and out",
        ("entry: open permit, passed", "exit: open permit, passed", "1 stay, left"),
        {"colour": "#e8e6df"},
    ),
    "banned": Vehicle(
        "FG347HK",
        "blocked plate",
        ("entry: refuse blocked, backed out", "no stay"),
        {"country": "FR", "colour": "#20242b"},
    ),
    "muddy": Vehicle(
        "YT15NKD",
        "cannot be read, the operator types it",
        (
            "entry: hold unreadable, typed by a person, open visitor, passed",
            "1 stay, inside",
        ),
        {"readable": False, "colour": "#6b6f4a"},
    ),
    "hesitant": Vehicle(
        "BV21JXP",
        "backs out of the entry",
        ("entry: open visitor, backed out", "no stay"),
        {"colour": "#a33b2a"},
    ),
    "twin": Vehicle(
        "WD72KFM",
        "seen by two lanes at once",
        (
            "entry: open visitor, passed",
            "entry: hold already inside, backed out",
            "1 stay, inside",
        ),
        {"colour": "#4a7a5c"},
    ),
    "latecomer": Vehicle(
        "PK66VHT",
        "visitor, car park full",
        ("entry: hold full, backed out", "no stay"),
        {"colour": "#c9a227"},
    ),
    "nurse": Vehicle(
        "EV17CDN",
        "permit holder, car park full",
        ("entry: open permit, passed", "1 stay, inside"),
        {"colour": "#d9d9d9"},
    ),
}
PERMITS = ("resident", "nurse")
BLOCKED = ("banned",)

CHAPTERS = (
    Chapter((Visit("north-entry", "overstayer"), Visit("west-entry", "resident"))),
    Chapter((Visit("north-entry", "shopper"),)),
    Chapter((Visit("south-exit", "shopper"), Visit("west-entry", "banned", gives_up=4))),
    Chapter((Visit("south-exit", "resident"), Visit("north-entry", "hesitant", gives_up=4))),
    Chapter((Visit("north-entry", "muddy"),), act="type_plate"),
    Chapter((Visit("north-entry", "twin"), Visit("west-entry", "twin")), act="turn_twin_back"),
    Chapter((Visit("north-entry", "latecomer", gives_up=4), Visit("west-entry", "nurse"))),
    Chapter((Visit("south-exit", "overstayer"),), act="pay", overstays="overstayer"),
)
