"""What cannot hold together in a tariff: gaps, overlaps, contradictions. Each is told with what to do."""

from datetime import timedelta
from itertools import combinations, pairwise

from billing.rules.clauses import DAY_MINUTES, HOLIDAY, WEEKDAYS, Tiers

ALL_DAY = (1 << DAY_MINUTES) - 1


def contradictions(terms):
    """(path, sentence) for all that has to be changed before anybody can be charged by these terms."""
    checks = (_gap, _bands, _overlaps, _tiers, _caps, _offers, _holidays, _money, _stacking)
    return [found for check in checks for found in check(terms)]


def _gap(terms):
    if not terms.bands[-1].always:
        path = f"bands.{len(terms.bands) - 1}"
        yield (
            path,
            "There are times without a price: let the last band hold always, with no days or hours.",
        )


def _bands(terms):
    names = [band.name for band in terms.bands]
    for n, band in enumerate(terms.bands):
        path = f"bands.{n}"
        if (band.start is None) != (band.end is None):
            yield path, "Say both from and to, or neither for the whole day."
        if band.days and band.dates:
            yield path, "Choose days of the week or dates, not both: make two bands."
        if band.name in names[:n]:
            yield f"{path}.name", "Another band has this name: give each a name of its own."


def _overlaps(terms):
    """Earlier bands go before later ones. One within another is an exception to it, which is fine; two
    that share some of their hours only are a mistake in all likelihood."""
    if any((band.start is None) != (band.end is None) for band in terms.bands):
        return
    held = [hours(band) for band in terms.bands]
    for n, band in enumerate(terms.bands):
        if band.always and n < len(terms.bands) - 1:
            yield (
                f"bands.{n}",
                "Nothing after this band ever applies: give it days or hours, or put it last.",
            )
            return
    last = len(held) - 1
    for n in range(1, last):
        before = {}
        for earlier in held[:n]:
            before = {key: before.get(key, 0) | earlier.get(key, 0) for key in before | earlier}
        if _within(held[n], before):
            yield (
                f"bands.{n}",
                "This band never applies: the bands before it hold at all of its times. Take it away.",
            )
            return
    for one, other in combinations(range(last), 2):
        if _share(held[one], held[other]) and not _within(held[one], held[other]):
            names = f"'{terms.bands[one].name}' and '{terms.bands[other].name}'"
            yield (
                f"bands.{other}",
                f"{names} hold at some of the same times: end one where the other begins.",
            )


def hours(band):
    """When a band holds: weekday, "holiday" or date -> the minutes of that day, as bits."""
    start, end = band.start or 0, band.end or 0
    end = end if end > start else end + DAY_MINUTES
    span = ((1 << end) - 1) ^ ((1 << start) - 1)
    today, tomorrow = span & ALL_DAY, span >> DAY_MINUTES
    held = {}
    for key, following in _keys(band):
        held[key] = held.get(key, 0) | today
        if tomorrow and following is not None:
            held[following] = held.get(following, 0) | tomorrow
    return held


def _keys(band):
    """Each day on which the band begins, with the day after it."""
    if band.dates:
        for first, last in band.dates:
            for n in range(min((last - first).days, 400) + 1):
                yield first + timedelta(days=n), first + timedelta(days=n + 1)
        return
    for day in band.days or (*WEEKDAYS, HOLIDAY):
        after = None if day == HOLIDAY else WEEKDAYS[(WEEKDAYS.index(day) + 1) % 7]
        yield day, after


def _share(one, other):
    return any(minutes & other.get(key, 0) for key, minutes in one.items())


def _within(one, other):
    return all(not minutes & ~other.get(key, 0) for key, minutes in one.items())


def _tiers(terms):
    for n, band in enumerate(terms.bands):
        if not isinstance(band.charge, Tiers):
            continue
        for row, (one, other) in enumerate(pairwise(band.charge.tiers), 1):
            path = f"bands.{n}.charge.tiers.{row}"
            if other.up_to <= one.up_to:
                yield (
                    f"{path}.up_to",
                    f"Each row must be longer than the one before: over {one.up_to}.",
                )
            if other.price < one.price:
                yield (
                    f"{path}.price",
                    f"A longer stay may not cost less than a shorter one: {one.price} at least.",
                )


def _caps(terms):
    seen = set()
    for n, cap in enumerate(terms.caps):
        path = f"caps.{n}"
        window = cap.start is not None and cap.end is not None
        if cap.per == "window" and not window:
            yield path, "Say from when to when the window is."
        if cap.per != "window" and (cap.start is not None or cap.end is not None):
            yield path, "Only a window has from and to: leave them out, or choose window."
        if cap.resets_at is not None and cap.per not in ("calendar_day", "vehicle_day"):
            yield (
                f"{path}.resets_at",
                "Only caps of a day have a time at which it begins: leave it out.",
            )
        which = (cap.per, cap.start, cap.end)
        if which in seen:
            yield path, "There are two caps of this kind: keep one of them."
        seen.add(which)


def _offers(terms):
    for n, offer in enumerate(terms.offers):
        path = f"offers.{n}"
        if offer.in_by < offer.in_from:
            yield (
                f"{path}.in_by",
                "The last time to come in is before the first: make two offers of it.",
            )
        if offer.out_by < offer.out_from:
            yield f"{path}.out_by", "The last time to leave is before the first: exchange them."
        if not offer.nights and offer.out_by < offer.in_from:
            yield path, "Nobody can leave before coming in: say how many nights, or later times."


def _holidays(terms):
    if terms.holidays:
        return
    for kind in ("bands", "offers"):
        for n, one in enumerate(getattr(terms, kind)):
            if HOLIDAY in one.days:
                yield (
                    f"{kind}.{n}.days",
                    "Choose a calendar of public holidays, or take 'holiday' out.",
                )


def _money(terms):
    if terms.minimum is not None and terms.maximum is not None and terms.minimum > terms.maximum:
        yield "minimum", f"The minimum is above the maximum: {terms.maximum} at most."


def _stacking(terms):
    if sorted(terms.stacking) != ["minutes", "money", "percent"]:
        yield "stacking", "Name minutes, percent and money once each, in their order."
    elif terms.stacking[0] != "minutes":
        yield "stacking", "Minutes go first: they are taken off the time, before there is a price."
