"""What people type of prices, and how it is written back: amounts, lengths of time, times of day.

Each `..._of` takes a text and returns a number, or raises `Unclear` with a sentence that says what to type.
"""

import re
from datetime import date

DAY = 24 * 60  # minutes
MOST_MINUTES = 366 * DAY
MOST_AMOUNT = 10_000_000  # smallest units: dearer parking is a slip of the finger

LENGTH = re.compile(
    r"(?:(?P<d>\d+)\s*(?:d|days?))?\s*"
    r"(?:(?P<h>\d+)\s*(?:h|hrs?|hours?))?\s*"
    r"(?:(?P<m>\d+)\s*(?:m|mins?|minutes?)?)?"
)
AMOUNT = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?")
DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*(?:to|until|\.\.|-)\s*(\d{4}-\d\d-\d\d))?")
CLOCK = re.compile(r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?")


class Unclear(ValueError):  # noqa: N818
    """What was typed cannot be taken; the message says what to type."""


def minutes_of(text):
    """ "90", "1 h 30", "1 h 30 min", "2 days", "1:30" -> minutes."""
    text = text.strip().lower()
    if clock := re.fullmatch(r"(\d+):([0-5]\d)", text):
        minutes = int(clock[1][:6]) * 60 + int(clock[2])
    elif (found := LENGTH.fullmatch(text)) and any(found.groups()):
        days, hours, rest = (int((found[name] or "0")[:9]) for name in "dhm")
        minutes = days * DAY + hours * 60 + rest
    else:
        raise Unclear("Type whole minutes, or a time such as 1 h 30 min.")
    if minutes > MOST_MINUTES:
        raise Unclear("Type at most a year.")
    return minutes


def minutes_typed(minutes):
    """90 -> "1 h 30 min"; 30 -> "30 min"; 2880 -> "2 days"."""
    if minutes and minutes % DAY == 0 and minutes > DAY:
        return f"{minutes // DAY} days"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest)
    return " ".join(parts) or "0 min"


def amount_of(text, decimals):
    """ "1.50", "1,5", "2" -> an amount in the smallest unit of a currency with so many decimals."""
    text = re.sub(r"^[£€$]|\s+", "", text.strip())
    found = AMOUNT.fullmatch(text)
    if text.startswith("-"):
        raise Unclear("A price is never less than nothing.")
    if not found:
        raise Unclear(f"Type an amount such as {_example(decimals)}.")
    part = found["part"] or ""
    if len(part.rstrip("0")) > decimals:
        raise Unclear(f"There is no smaller coin than {_smallest(decimals)}: type fewer decimals.")
    amount = int(found["whole"][:12]) * 10**decimals + int(
        part[:decimals].ljust(decimals, "0") or "0"
    )
    if amount > MOST_AMOUNT:
        raise Unclear(f"Type at most {amount_typed(MOST_AMOUNT, decimals)}.")
    return amount


def amount_typed(amount, decimals):
    """150 -> "1.50"."""
    if not decimals:
        return str(amount)
    return f"{amount // 10**decimals}.{amount % 10**decimals:0{decimals}}"


def clock_of(text):
    """ "8", "8:00", "08.00" -> "08:00"; "24:00" is midnight, "00:00"."""
    found = CLOCK.fullmatch(text.strip().lower())
    hour, minute = (int(found["h"]), int(found["m"] or 0)) if found else (99, 0)
    if minute > 59 or hour * 60 + minute > DAY:
        raise Unclear("Type a time of day such as 08:00.")
    return f"{hour % 24:02}:{minute:02}"


def percent_of(text):
    """ "20", "17.5", "17,5 %" -> hundredths of a percent, at most a hundred percent."""
    found = AMOUNT.fullmatch(re.sub(r"\s|%", "", text))
    if not found or len((found["part"] or "").rstrip("0")) > 2:
        raise Unclear("Type a percentage such as 20 or 17.5.")
    hundredths = int(found["whole"][:6]) * 100 + int((found["part"] or "")[:2].ljust(2, "0"))
    if hundredths > 100_00:
        raise Unclear("Type at most 100.")
    return hundredths


def percent_typed(hundredths):
    """1750 -> "17.5"; 2000 -> "20"."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0") if part else str(whole)


def _example(decimals):
    return amount_typed(150 if decimals else 200, decimals)


def _smallest(decimals):
    return amount_typed(1, decimals)


def dates_of(text):
    """ "2026-12-24 to 2026-12-26, 2026-12-31" -> [["2026-12-24", "2026-12-26"], ["2026-12-31", ...]]."""
    ranges = []
    for part in filter(None, (part.strip() for part in re.split("[,;\n]", text))):
        found = DATES.fullmatch(part)
        first, last = (found[1], found[2] or found[1]) if found else ("", "")
        try:
            date.fromisoformat(first), date.fromisoformat(last)
        except ValueError as error:
            raise Unclear("Type dates such as 2026-12-24 to 2026-12-26, 2026-12-31.") from error
        if last < first:
            raise Unclear(f"{last} is before {first}: type the earlier one first.")
        ranges.append([first, last])
    return ranges


def dates_typed(ranges):
    """[["2026-12-24", "2026-12-26"]] -> "2026-12-24 to 2026-12-26"."""
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in ranges)
