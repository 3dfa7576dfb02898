"""The words of prices: every rule of a tariff, said once, for drivers and for who compares versions.

`terms` is a document as `billing.rules.terms.document_of` writes it; `money` puts an amount (smallest
unit) in words. A rule is said under a key, so that two versions can be laid beside each other.
"""

from dataclasses import dataclass
from datetime import date

from billing.rules.typed import minutes_typed, percent_typed

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
    "holiday": "public holidays",
}


@dataclass(frozen=True)
class Said:
    """One line: what is priced, and the price; a rule that has no price of its own is all in `what`."""

    key: str
    what: str
    price: str = ""

    def __str__(self):
        return f"{self.what}: {self.price}" if self.price else self.what


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[Said, ...]


@dataclass(frozen=True)
class Change:
    """One line of two versions that differ; empty where a version does not have it."""

    was: str
    now: str


def board(terms, money):
    """The price board: sections in the order in which a driver reads them."""
    sections = [
        Section("", tuple(_first(terms, money))),
        *(_band(terms, place, money) for place in range(len(terms["bands"]))),
        Section("At most", tuple(_limits(terms, money))),
        Section("Offers", tuple(_offers(terms, money))),
        Section("Who pays less", tuple(_shares(terms))),
        Section("Besides", tuple(_rest(terms, money))),
    ]
    return tuple(section for section in sections if section.rows)


def board_text(sections):
    """The board as plain lines: what its hash is of."""
    lines = []
    for section in sections:
        lines += [section.title] * bool(section.title) + [str(said) for said in section.rows]
    return "\n".join(lines)


def differences(before, after, money):
    """The lines (`Change`) in which two documents of terms differ, in the order of the board."""
    old, new = _by_key(before, money), _by_key(after, money)
    keys = [*new, *(key for key in old if key not in new)]
    pairs = [(old.get(key, ""), new.get(key, "")) for key in keys]
    return [Change(was, now) for was, now in pairs if was != now]


def _by_key(terms, money):
    lines = {}
    for section in board(terms, money):
        for said in section.rows:
            title = f"{section.title}, " if said.key.startswith("band ") else ""
            lines[said.key] = f"{title}{said}"
    return lines


# each part of the board


def _first(terms, money):
    free = terms["free"]
    if free["minutes"] and free["when"] == "short":
        yield Said("free", f"A stay of up to {minutes_typed(free['minutes'])}", "free")
    elif free["minutes"]:
        yield Said("free", f"The first {minutes_typed(free['minutes'])} of every stay", "free")
    if terms.get("per_pass"):
        yield Said("per pass", "Each passage", money(terms["per_pass"]))


def _band(terms, place, money):
    band, count = terms["bands"][place], len(terms["bands"])
    name, charge = f"band {band['name']}", band["charge"]
    rows = list(CHARGES[charge["kind"]](name, charge, money))
    if band.get("cap") is not None:
        rows.append(Said(f"{name} cap", "At most within this time", money(band["cap"])))
    when = _when(band)
    if when == "at all times" and count > 1:
        when = "at all other times"
    title = when[0].upper() + when[1:]
    named = count > 1 and band["name"]
    return Section(f"{band['name']}: {when}" if named else title, tuple(rows))


def _steps(name, charge, money):
    yield Said(name, f"Each {minutes_typed(charge['minutes'])} begun", money(charge["price"]))


def _tiers(name, charge, money):
    for tier in charge["tiers"]:
        until = minutes_typed(tier["up_to"])
        yield Said(f"{name} up to {tier['up_to']}", f"Up to {until}", money(tier["price"]))
    if charge["then"] == "again":
        yield Said(f"{name} then", "Longer stays begin the table again")
    else:
        then = charge["then"]
        what = f"Each further {minutes_typed(then['minutes'])} begun"
        yield Said(f"{name} then", what, money(then["price"]))


def _flat(name, charge, money):
    yield Said(name, "However long", money(charge["price"]))


def _free(name, charge, money):
    yield Said(name, "Parking", "free")


CHARGES = {"steps": _steps, "tiers": _tiers, "flat": _flat, "free": _free}


def _limits(terms, money):
    for cap in terms.get("caps", ()):
        yield Said(f"cap {cap['per']} {_hours(cap)}", CAPS[cap["per"]](cap), money(cap["amount"]))
    if terms.get("maximum") is not None:
        yield Said("maximum", "A whole stay", money(terms["maximum"]))
    if terms.get("minimum"):
        yield Said("minimum", "A stay that is not free costs at least", money(terms["minimum"]))


CAPS = {
    "24h": lambda cap: "Each 24 hours from the entry",
    "calendar_day": lambda cap: f"Each day, from {cap.get('resets_at') or '00:00'}",
    "window": lambda cap: f"Between {_hours(cap)}",
    "stay": lambda cap: "A whole stay",
    "vehicle_day": lambda cap: (
        f"All stays of a vehicle in a day, from {cap.get('resets_at') or '00:00'}"
    ),
}


def _offers(terms, money):
    for offer in terms.get("offers", ()):
        parts = [
            _days(offer.get("days") or ()),
            _span("in", offer.get("in_from"), offer.get("in_by")),
            _span("out", offer.get("out_from"), offer.get("out_by")),
            _nights(offer.get("nights")),
        ]
        what = f"{offer['name']}: {', '.join(filter(None, parts))}"
        yield Said(f"offer {offer['name']}", what.rstrip(": "), money(offer["price"]))


def _shares(terms):
    for kind in ("classes", "groups"):
        for name, rule in terms.get(kind, {}).items():
            yield Said(
                f"{kind} {name}", name.replace("_", " ").capitalize(), _share(rule["percent"])
            )


def _share(percent):
    return f"{percent}% of the price" if percent else "free"


def _rest(terms, money):
    yield from _borders(terms)
    if again := terms.get("no_return"):
        yield Said("no return", AGAIN[again["then"]].format(minutes_typed(again["minutes"])))
    if grace := terms.get("grace_at_end"):
        yield Said("grace", f"A step may be overstayed by {minutes_typed(grace)} free of charge")
    yield Said(
        "leave within", f"After paying you have {minutes_typed(terms['leave_within'])} to leave"
    )
    if rounding := terms.get("rounding"):
        yield Said("rounding", f"Prices are rounded {HOW[rounding['how']]} {money(rounding['to'])}")
    if tax := terms.get("tax"):
        included = "include" if tax["included"] else "do not include"
        yield Said("tax", f"Prices {included} {tax['name']} of {percent_typed(tax['rate'])}%")
    if terms.get("holidays"):
        yield Said("holidays", f"Public holidays are those of {terms['holidays']}")
    order, together = terms.get("stacking"), terms.get("combine")
    if order and (together is False or list(order) != ["minutes", "percent", "money"]):
        words = f"taken off in this order: {', then '.join(order)}" if together else "not added up"
        yield Said("validations", f"Several validations are {words}")


AGAIN = {
    "no_free": "Who comes back within {} has no free time again",
    "one_stay": "Who comes back within {} goes on with the same stay",
}
HOW = {"down": "down to", "nearest": "to the nearest", "up": "up to"}


def _borders(terms):
    """Only where there is a border, or more than one band that a tier could count in."""
    if len(terms["bands"]) < 2:
        return
    if any(band["charge"]["kind"] in ("steps", "tiers") for band in terms["bands"]):
        runs_on = terms.get("crossing") == "runs_on"
        yield Said("crossing", RUNS_ON if runs_on else SPLIT)
    if any(band["charge"]["kind"] == "tiers" for band in terms["bands"]):
        whole = terms.get("tiers_count", "stay") == "stay"
        yield Said("tiers", WHOLE if whole else ANEW)


FIRST, LAST = "00:00", "23:59"
SPLIT = "Where prices change, time is charged up to that moment and then anew"
RUNS_ON = "A step that was begun runs on at its price when prices change"
WHOLE = "Prices by length count the whole stay"
ANEW = "Prices by length count anew where prices change"


# when


def _when(band):
    dates = ", ".join(_dates(first, last) for first, last in band.get("dates") or ())
    parts = [dates, _days(band.get("days") or ()), _hours(band, " to ")]
    return " ".join(filter(None, parts)) or "at all times"


def _days(days):
    """("mon", "tue", "wed") -> "Monday to Wednesday"; all of them, or none, need no word."""
    chosen = [day for day in WEEK if day in days]
    if len(chosen) == len(WEEK) or not days:
        return ""
    runs = []
    for day in chosen:
        if runs and WEEK.index(runs[-1][-1]) + 1 == WEEK.index(day):
            runs[-1].append(day)
        else:
            runs.append([day])
    words = [name for run in runs for name in _run(run)]
    return _and([*words, *(["public holidays"] if "holiday" in days else [])])


def _run(run):
    if len(run) < 3:
        return [NAMES[day] for day in run]
    return [f"{NAMES[run[0]]} to {NAMES[run[-1]]}"]


def _hours(rule, to=" and "):
    if not rule.get("from") or (rule["from"], rule["to"]) in (
        ("00:00", "24:00"),
        ("00:00", "00:00"),
    ):
        return ""
    return f"{rule['from']}{to}{rule['to']}"


def _dates(first, last):
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%B %Y}"
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def _span(way, start, end):
    start, end = start != FIRST and start, end != LAST and end
    if start and end:
        return f"{way} {start} to {end}"
    if start or end:
        return f"{way} from {start}" if start else f"{way} by {end}"
    return ""


def _nights(nights):
    return f"{nights} night{'s' if nights > 1 else ''}" if nights else ""


def _and(words):
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
