"""What a tariff says, clause by clause, as frozen facts. docs/tariffs.md says in words what each does.

Money is integers in the currency's smallest unit; lengths are whole minutes; times of day are minutes since
midnight by the car park's clock.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

DAY_MINUTES = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY = "holiday"
KINDS_OF_VALIDATION = ("minutes", "percent", "money")


@dataclass(frozen=True)
class Free:
    """`short`: only a stay not longer than so many minutes is free; `always`: they are taken off each."""

    minutes: int = 0
    when: str = "short"


@dataclass(frozen=True)
class Steps:
    """So much for each step of so many minutes, once begun."""

    minutes: int
    price: int


@dataclass(frozen=True)
class Tier:
    """A stay of up to so many minutes costs so much altogether."""

    up_to: int
    price: int


@dataclass(frozen=True)
class Tiers:
    """A table of prices by length; beyond its last row steps, or (None) the table again."""

    tiers: tuple[Tier, ...]
    then: Steps | None = None


@dataclass(frozen=True)
class Flat:
    """One price, each time that the stay comes into the band."""

    price: int


@dataclass(frozen=True)
class Nothing:
    """No charge."""


@dataclass(frozen=True)
class Band:
    """A charge and when it holds; a band without days, dates and hours holds always.

    `start` and `end` are minutes of the day; an end not after the start is on the next day. `cap`: the
    most that each coming into the band costs.
    """

    charge: Steps | Tiers | Flat | Nothing
    name: str = ""
    days: tuple[str, ...] = ()
    dates: tuple[tuple[date, date], ...] = ()
    start: int | None = None
    end: int | None = None
    cap: int | None = None

    @property
    def always(self):
        return not self.days and not self.dates and self.start is None


@dataclass(frozen=True)
class Cap:
    """The most that what is begun in one period costs. `start`, `end`: of a window; `resets_at`: of days."""

    per: str
    amount: int
    start: int | None = None
    end: int | None = None
    resets_at: int | None = None


@dataclass(frozen=True)
class Offer:
    """One price for a stay that comes and goes at certain times, where that is cheaper: early bird."""

    name: str
    price: int
    days: tuple[str, ...] = ()
    in_from: int = 0
    in_by: int = DAY_MINUTES - 1
    out_from: int = 0
    out_by: int = DAY_MINUTES - 1
    nights: int = 0


@dataclass(frozen=True)
class Share:
    """What a class of vehicles, or a group of permits, pays of the price, in percent."""

    name: str
    percent: int


@dataclass(frozen=True)
class NoReturn:
    """Who comes back within so many minutes has no free time, or has the earlier visit counted in."""

    minutes: int
    then: str


@dataclass(frozen=True)
class Rounding:
    to: int
    how: str


@dataclass(frozen=True)
class Tax:
    """`rate` in hundredths of a percent; `included` in the prices, or added to them."""

    name: str
    rate: int
    included: bool = True


@dataclass(frozen=True)
class Terms:
    """All that a tariff says. `classes` and `groups` that are not named pay the whole price."""

    bands: tuple[Band, ...]
    free: Free = Free()
    crossing: str = "split"
    tiers_count: str = "stay"
    caps: tuple[Cap, ...] = ()
    offers: tuple[Offer, ...] = ()
    classes: tuple[Share, ...] = ()
    groups: tuple[Share, ...] = ()
    per_pass: int = 0
    no_return: NoReturn | None = None
    minimum: int | None = None
    maximum: int | None = None
    rounding: Rounding | None = None
    grace_at_end: int = 0
    leave_within: int = 15
    tax: Tax | None = None
    holidays: str | None = None
    stacking: tuple[str, ...] = KINDS_OF_VALIDATION
    combine: bool = True
    declared_not_monotone: bool = False

    @cached_property
    def changes_the_whole(self):
        """Whether anything but time and validations has a part in the price."""
        clauses = self.classes, self.groups, self.per_pass, self.minimum, self.maximum
        return any((*clauses, self.rounding, self.tax))

    @cached_property
    def _hash(self):
        return hash((self.bands, self.free, self.caps, self.offers, self.per_pass))

    def __hash__(self):
        return self._hash  # asked for with each quote, by `tariffs.meter`
