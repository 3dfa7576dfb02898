"""What prices are checked for, each with an example stay."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.rules import tariffs
from billing.rules.beginnings import BEGINNINGS
from billing.rules.checks import checks
from billing.rules.stays import Stay
from billing.rules.terms import simple, terms_of

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 6, 1)
DST_MONDAY = date(2026, 10, 19)  # clocks go back on its Sunday
HOURLY = {"kind": "steps", "minutes": 60, "price": 400}


def pounds(amount):
    return f"{amount // 100}.{amount % 100:02}"


def found(document, monday=MONDAY):
    terms = terms_of(document)

    def price(entered, until):
        facts = {"entered": entered.astimezone(UTC), "until": until.astimezone(UTC)}
        stay = Stay(zone=LONDON, consideration=timedelta(0), **facts)
        return tariffs.total(tariffs.fee(terms, stay))

    return checks(terms, price, LONDON, monday, pounds)


def told(document):
    """What is not held, with its example."""
    return [(one.state, one.words, one.example) for one in found(document) if one.state != "held"]


@pytest.mark.parametrize("kind", [kind for kind in BEGINNINGS if kind != "station"])
def test_what_one_may_begin_from_holds(kind):
    assert told(BEGINNINGS[kind].document) == []


def test_plain_prices_hold_in_the_week_when_clocks_are_changed_as_well():
    plain = simple(free=15, step=60, step_price=150, day_cap=1200)
    assert [one.words for one in found(plain, DST_MONDAY)] == [
        "A longer stay never costs less.",
        "24 hours never cost more than 12.00.",
        "A minute more never costs more than 1.50 more.",
        "Prices change at no time of the day.",
        "An evening is never charged as more than a whole day.",
    ]


def test_the_midnight_trap_is_named_and_has_to_be_acknowledged():
    trap = {
        "bands": [{"charge": HOURLY}],
        "caps": [{"per": "calendar_day", "amount": 1600}],
    }
    (one,) = [one for one in found(trap) if one.state != "held"]
    assert one.state == "warned"
    assert one.words == (
        "The midnight trap: who comes on a Monday at 20:45 has paid for a whole day, 16.00, by 23:46, "
        "and is charged anew soon after."
    )
    assert one.example == (
        "Until 00:46 it costs 20.00, until 08:45 32.00; a whole day costs 16.00."
    )
    assert one.asks == (
        "I know that who comes at 20:45 pays more than a whole day by the next morning."
    )


def test_twenty_four_hours_from_the_entry_are_no_trap():
    rolling = {"bands": [{"charge": HOURLY}], "caps": [{"per": "24h", "amount": 1600}]}
    assert told(rolling) == []


EARLY = {"name": "Early bird", "price": 700, "in_by": "09:30", "out_from": "15:00"}


def test_a_longer_stay_that_costs_less_is_refused_unless_declared():
    early = {"bands": [{"charge": HOURLY}], "offers": [EARLY]}
    states = [one.state for one in found(early)]
    assert states[0] == "refused"
    assert told(early)[0] == (
        "refused",
        "A longer stay costs less. Change that, or declare it below Tax, rounding.",
        "In on Monday at 09:00: out at 14:59 for 24.00, at 15:00 for 7.00.",
    )
    declared = found({**early, "declared_not_monotone": True})
    assert declared[0].words == "A longer stay may cost less: that is declared."


def test_a_jump_of_more_than_a_step_is_told_with_both_stays():
    document = {
        "free": {"minutes": 120, "when": "short"},
        "bands": [{"charge": {"kind": "steps", "minutes": 30, "price": 100}}],
    }
    assert told(document) == [
        (
            "warned",
            "One minute more can cost 5.00 more, which is more than one step.",
            "In on Monday at 09:00: out at 11:00 for 0.00, at 11:01 for 5.00.",
        )
    ]


def test_borders_that_make_one_step_at_most_hold():
    words = [one.words for one in found(BEGINNINGS["residents"].document)]
    assert words[3] == "A minute before or after prices change makes at most one step."
