"""What is known of a stay when it is priced: facts only, which a receipt keeps to be recomputed from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from billing.rules.lines import Rule

CAR = "car"
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Validated:
    """What a shop (`name`) or a voucher gives: `kind` "minutes", "percent" or "money" (smallest unit)."""

    kind: str
    amount: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A stay of the same vehicle before this one, and what it cost (smallest unit)."""

    entered: datetime
    left: datetime
    cost: int


@dataclass(frozen=True, slots=True)
class Stay:
    """The facts of a stay: times aware UTC, `zone` the car park's, `holidays` its public holidays (dates).

    `covered`: the parts that a permit or an entitlement covers, (rule, start, end), in order and apart.
    `consideration`: who leaves within it has not parked. `earlier`: the latest first.
    """

    entered: datetime
    until: datetime
    zone: tzinfo
    holidays: frozenset[date] = frozenset()
    vehicle: str = CAR
    group: str = ""
    validated: tuple[Validated, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    covered: tuple[tuple[Rule, datetime, datetime], ...] = ()
    consideration: timedelta = NO_TIME

    def part(self, entered, until, earlier=()):
        """The same stay, had it been no longer than this, with no part covered."""
        facts = self.holidays, self.vehicle, self.group, self.validated, earlier
        return Stay(entered, until, self.zone, *facts, (), self.consideration)


def facts_of(stay):
    """The facts as plain values that JSON can keep; of the holidays those that may touch the stay."""
    near = timedelta(days=3)
    first = min([stay.entered, *(one.entered for one in stay.earlier[:1])]) - near
    last = stay.until + near
    return {
        "entered": stay.entered.isoformat(),
        "until": stay.until.isoformat(),
        "zone": str(stay.zone),
        "holidays": sorted(
            day.isoformat() for day in stay.holidays if first.date() <= day <= last.date()
        ),
        "vehicle": stay.vehicle,
        "group": stay.group,
        "validated": [[one.kind, one.amount, one.name] for one in stay.validated],
        "earlier": [
            [one.entered.isoformat(), one.left.isoformat(), one.cost] for one in stay.earlier
        ],
        "covered": [
            [rule.value, start.isoformat(), end.isoformat()] for rule, start, end in stay.covered
        ],
        "consideration": stay.consideration.total_seconds(),
    }


def stay_of(facts):
    """The `Stay` of which `facts_of` kept these."""
    moment = datetime.fromisoformat
    return Stay(
        entered=moment(facts["entered"]),
        until=moment(facts["until"]),
        zone=ZoneInfo(facts["zone"]),
        holidays=frozenset(map(date.fromisoformat, facts["holidays"])),
        vehicle=facts["vehicle"],
        group=facts["group"],
        validated=tuple(Validated(*one) for one in facts["validated"]),
        earlier=tuple(Earlier(moment(a), moment(b), cost) for a, b, cost in facts["earlier"]),
        covered=tuple((Rule(rule), moment(a), moment(b)) for rule, a, b in facts["covered"]),
        consideration=timedelta(seconds=facts["consideration"]),
    )
