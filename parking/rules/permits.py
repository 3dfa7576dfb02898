"""Does this permit cover this moment at this lane, and why (not)? Facts in, a chain of reasons out."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from parking.rules.plates import folded

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
A_DAY = timedelta(days=1)
AHEAD = timedelta(days=8)  # how far a driver is told when the hours of the permit end
# Of two permits' plates that one read could be, the likelier must be so many times likelier.
# Measured with benchmarks/neighbours.py: few more wait for a person than at 20, and none slips through.
FAR_AHEAD = 100


@dataclass(frozen=True)
class Hours:
    """Times of day on some weekdays (0 is Monday), by the car park's clock.

    An end that is not after the start is on the next day: 22:00 to 06:00 is a night, 00:00 to 00:00
    a whole day.
    """

    days: tuple[int, ...]
    start: time
    end: time

    def __str__(self):
        whole = self.start == self.end == time.min
        return (
            f"{_days(self.days)} {'all day' if whole else f'{self.start:%H:%M}-{self.end:%H:%M}'}"
        )


@dataclass(frozen=True)
class Right:
    """What a permit says. Empty `hours` and `lanes` mean any; no `visits`: any number.

    A permit of a `pool` has its firm's name there, and `at_once`: how many of the firm's vehicles may
    be inside at the same time.
    """

    plate: str
    holder: str
    starts_at: datetime
    ends_at: datetime | None = None
    hours: tuple[Hours, ...] = ()
    lanes: tuple[str, ...] = ()
    pool: str = ""
    at_once: int = 0
    visits: int | None = None
    visitor: bool = False
    permit: Any = field(default=None, compare=False)

    @property
    def granted(self):
        """Whether it is granted at the entry, and not to whatever bears the plate: it is counted, or
        is for some lanes only."""
        return bool(self.pool or self.lanes or self.visits is not None)


@dataclass(frozen=True)
class Asked:
    """What is asked, and what is known. `inside`: how many others of the pool; `used`: visits made.

    `lane` is empty where none is known. Who leaves is asked for the dates alone: nobody is trapped.
    """

    plate: str
    at: datetime
    zone: tzinfo
    lane: str = ""
    inside: int = 0
    used: int = 0
    leaving: bool = False


@dataclass(frozen=True)
class Link:
    """One reason: whether it speaks for the permit, for those who ask why, and for the driver."""

    holds: bool
    words: str
    driver: str = ""


@dataclass(frozen=True)
class Ruling:
    """Whether a permit covers, with all its reasons: one answer for driver, attendant and auditor."""

    covers: bool
    links: tuple[Link, ...]
    permit: Any = None
    place: str = ""  # which place of its pool it has
    doubted: bool = False  # a read that a person should see, for it could be another permit's

    @property
    def short(self):
        """For the driver, in a sentence or two."""
        broken = [link for link in self.links if not link.holds]
        return " ".join(link.driver for link in broken[:1] or self.links if link.driver)

    @property
    def why(self):
        """What decides, for the attendant: the first reason against it, else what was matched."""
        return next((link.words for link in self.links if not link.holds), self.links[0].words)

    @property
    def whole(self):
        return "; ".join(link.words for link in self.links)


def rule(right, asked):
    """The `Ruling` of a `Right` on what is `Asked`."""
    checks = LEAVING if asked.leaving else ENTERING
    links = tuple(link for check in checks if (link := check(right, asked)))
    counted = right.pool and not asked.leaving
    place = f"pool {right.pool}, place {asked.inside + 1} of {right.at_once}" if counted else ""
    return Ruling(all(link.holds for link in links), links, right.permit, place)


def best(rulings):
    """The ruling that counts where a plate has several permits; None where there is none.

    One that covers goes first, and of these one that takes no place of a pool and no visit; of
    those that do not cover the one with the fewest reasons against it.
    """
    return min(rulings, key=_rank, default=None)


def nobodys(plates):
    """The ruling on a read that looks like several permits' plates and is spelled as none."""
    spelled = " and ".join(sorted(plates))
    return Ruling(False, (Link(False, f"Looks like {spelled}: a machine cannot say whose it is"),))


def contested(ruling, plate, candidates, permitted):
    """The ruling where the read could also be another permit's plate; unchanged if it is far likelier.

    `candidates`: (plate, probability) as the reader told them; `permitted`: those of their plates that
    have a permit. A permit never opens for its neighbour.
    """
    ours = sum(share for one, share in candidates if folded(one) == folded(plate)) or 1.0
    rivals = {
        one: share for one, share in candidates if one in permitted and folded(one) != folded(plate)
    }
    if not ruling.covers or ours >= FAR_AHEAD * sum(rivals.values()):
        return ruling
    named = " or ".join(f"{one} ({share:.0%})" for one, share in rivals.items())
    link = Link(False, f"Could also be {named}, which has a permit of its own")
    return Ruling(False, (*ruling.links, link), doubted=True)


def ruling_kept(ruling):
    """A ruling as plain values that JSON can keep, for those who ask later; {} for none."""
    if ruling is None:
        return {}
    return {
        "covers": ruling.covers,
        "short": ruling.short,
        "why": ruling.why,
        "place": ruling.place,
        "doubted": ruling.doubted,
        "links": [{"holds": link.holds, "words": link.words} for link in ruling.links],
    }


# hours


def spans(hours, zone, start, end):
    """The parts of the time from `start` to `end` (aware UTC) within these hours, in order and apart.

    A time that the clock shows twice, or not at all, on the night when it is changed counts in the
    holder's favour.
    """
    if not hours:
        return ((start, end),) if start < end else ()
    first = start.astimezone(zone).date() - A_DAY  # a night may have begun on the day before
    count = (end.astimezone(zone).date() - first).days + 1
    return _joined(
        (max(opens, start), min(closes, end))
        for day in (first + number * A_DAY for number in range(count))
        for each in hours
        if day.weekday() in each.days
        for opens, closes in [_span(each, day, zone)]
        if opens < end and closes > start
    )


def joined(*each):
    """Several rows of spans as one."""
    return _joined(span for spans in each for span in spans)


def hours_kept(hours):
    """Hours as plain values that JSON can keep."""
    return [{"days": list(each.days), "from": f"{each.start:%H:%M}", "until": f"{each.end:%H:%M}"}
            for each in hours]  # fmt: skip


def hours_recalled(facts):
    """The hours that `hours_kept` these facts. Raises ValueError for what are none."""
    try:
        return tuple(_recalled(one) for one in facts)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"these are no hours: {facts!r}"[:200]) from error


def _recalled(fact):
    days = tuple(sorted({int(day) for day in fact["days"]}))
    if not days or not set(days) <= set(range(len(DAYS))):
        raise ValueError("hours need weekdays from 0 (Monday) to 6")
    return Hours(days, time.fromisoformat(fact["from"]), time.fromisoformat(fact["until"]))


def _span(hours, day, zone):
    last = day if hours.end > hours.start else day + A_DAY
    return min(_utc(day, hours.start, zone)), max(_utc(last, hours.end, zone))


def _utc(day: date, at: time, zone):
    """The moments that a clock on the wall may mean."""
    return [datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)]


def _joined(pieces):
    merged = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


# the links of the chain


def _matched(right, asked):
    by = "" if right.plate == asked.plate else f" by its plate {right.plate}, which looks the same"
    if right.pool:
        return Link(True, f"Matched pool '{right.pool}'{by}")
    kind = "visitor pass" if right.visitor else "permit"
    return Link(True, f"Matched {kind} '{right.holder}'{by}")


def _dates(right, asked):
    if asked.at < right.starts_at:
        begins = _when(right.starts_at, asked)
        return Link(False, f"not valid before {begins}", f"Your permit begins on {begins}.")
    if right.ends_at is not None and right.ends_at <= asked.at:
        ended = _when(right.ends_at, asked)
        return Link(False, f"ended on {ended}", f"Your permit ended on {ended}.")
    if right.ends_at is None:
        return Link(True, "runs with no end", "Your permit is valid.")
    soon = right.ends_at <= asked.at + AHEAD
    driver = f"Your permit is valid{f' until {_clock(right.ends_at, asked)}' if soon else ''}."
    return Link(True, f"runs until {_when(right.ends_at, asked)}", driver)


def _hours(right, asked):
    if not right.hours:
        return None
    said = " and ".join(map(str, right.hours))
    now = spans(right.hours, asked.zone, asked.at, asked.at + AHEAD)
    if not now or now[0][0] > asked.at:
        pays = "You pay for the time outside."
        return Link(False, f"valid {said}, not now", f"Your permit is for {said}. {pays}")
    end = now[0][1]
    if end >= asked.at + AHEAD:
        return Link(True, f"valid {said}")
    return Link(
        True, f"valid {said}", f"It covers you until {_clock(end, asked)}; you pay for later time."
    )


def _lanes(right, asked):
    if not right.lanes or not asked.lane:
        return None
    named = " or ".join(right.lanes)
    if asked.lane in right.lanes:
        return Link(True, f"at lane {asked.lane}")
    driver = f"Your permit is for {named}, not for this lane: here you are a paying visitor."
    return Link(False, f"not at lane {asked.lane}, but {named}", driver)


def _pool(right, asked):
    if not right.pool:
        return None
    if asked.inside < right.at_once:
        return Link(True, f"{asked.inside} of {right.at_once} inside")
    driver = f"All {right.at_once} places of your firm are taken: you are a paying visitor."
    return Link(
        False, f"all places of '{right.pool}' taken, {asked.inside} of {right.at_once}", driver
    )


def _visits(right, asked):
    if right.visits is None:
        return None
    if asked.used < right.visits:
        return Link(True, f"visit {asked.used + 1} of {right.visits}")
    used = f"Your pass was for {_count(right.visits, 'visit')}: you are a paying visitor."
    return Link(False, f"{asked.used} of {_count(right.visits, 'visit')} made already", used)


def _leaves(right, asked):
    return Link(True, "leaving: hours, lanes and places are not asked for")


ENTERING = (_matched, _pool, _dates, _hours, _lanes, _visits)
LEAVING = (_matched, _dates, _leaves)


def _rank(ruling):
    broken = sum(not link.holds for link in ruling.links)
    return (not ruling.covers, broken, len(ruling.links))


# words


def _days(days):
    """Weekdays as people say them: "Monday to Friday", "Monday, Wednesday and Saturday"."""
    if len(days) == len(DAYS):
        return "every day"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    names = [DAYS[day] for day in days]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _when(moment, asked):
    local = moment.astimezone(asked.zone)
    return f"{local.day} {local:%B %Y %H:%M}"


def _clock(moment, asked):
    local, today = moment.astimezone(asked.zone), asked.at.astimezone(asked.zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{DAYS[local.weekday()]} {local:%H:%M}"


def _count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
