"""Times in, fee lines out: like the price board on the wall."""

from datetime import UTC, datetime
from datetime import timedelta as td
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from billing.rules import tariffs
from billing.rules.tariffs import DAY, Rule, Stay, kept, recalled, total
from billing.rules.terms import simple, terms_of

LONDON = ZoneInfo("Europe/London")


def plain(free, step, price, cap):
    return terms_of(simple(free=free, step=step, step_price=price, day_cap=cap))


def fee(terms, entered, leaving, zone=LONDON, **facts):
    return tariffs.fee(terms, Stay(entered, leaving, zone, **facts))


NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TOWN = plain(15, 60, 150, 1200)


@pytest.mark.parametrize(
    ("stay", "pence"),
    [
        (td(0), 0),
        (td(minutes=15), 0),
        (td(minutes=15, seconds=1), 150),
        (td(hours=1), 150),
        (td(hours=1, seconds=1), 300),
        (td(hours=7), 1050),
        (td(hours=8), 1200),
        (td(hours=24), 1200),
        (td(hours=24, seconds=1), 1350),
        (td(days=2), 2400),
        (td(days=3, hours=2), 3900),
    ],
)
def test_town_tariff(stay, pence):
    assert total(fee(TOWN, NOON, NOON + stay)) == pence


def test_a_free_stay_says_how_long_it_is_free():
    (line,) = fee(TOWN, NOON, NOON + td(minutes=4))
    assert (line.rule, line.each, line.amount) == (Rule.FREE, td(minutes=15), 0)


def test_whole_days_are_one_line_and_the_rest_another():
    days, rest = fee(TOWN, NOON, NOON + td(days=3, hours=1, minutes=30))
    assert (days.rule, days.units, days.rate, days.amount) == (Rule.DAY_CAP, 3, 1200, 3600)
    assert (rest.rule, rest.units, rest.each, rest.amount) == (Rule.STEPS, 2, td(hours=1), 300)


def test_a_month_that_never_reaches_the_cap_is_one_line_as_well():
    cheap = plain(0, 720, 100, 1200)
    (line,) = fee(cheap, NOON, NOON + td(days=30))
    assert (line.units, line.amount) == (60, 6000)


def test_a_car_whose_clocks_disagree_by_a_minute_pays_nothing():
    assert total(fee(TOWN, NOON, NOON - td(minutes=1))) == 0


def test_the_night_that_is_an_hour_longer_is_charged_as_it_was():
    """In Berlin 25 October 2026 has 25 hours; a stay from 22:00 to 07:00 took ten of them."""
    berlin = ZoneInfo("Europe/Berlin")
    entered = datetime(2026, 10, 24, 22, tzinfo=berlin).astimezone(UTC)
    leaving = datetime(2026, 10, 25, 7, tzinfo=berlin).astimezone(UTC)
    dear = plain(0, 60, 100, 10_000)
    assert total(fee(dear, entered, leaving)) == 1000


def test_a_line_is_recalled_as_it_was_kept():
    for stay in (td(minutes=3), td(hours=3), td(days=4)):
        for line in fee(TOWN, NOON, NOON + stay):
            assert recalled(kept(line)) == line


plain_tariffs = some.builds(
    plain,
    some.integers(0, 360),
    some.integers(1, 2880),
    some.integers(0, 5000),
    some.integers(1, 50_000),
)
stays = some.timedeltas(td(0), td(days=40))


@given(plain_tariffs, stays, stays)
def test_staying_longer_never_costs_less(tariff, one, other):
    shorter, longer = sorted((one, other))
    assert total(fee(tariff, NOON, NOON + shorter)) <= total(fee(tariff, NOON, NOON + longer))


@given(plain_tariffs, stays)
def test_no_day_costs_more_than_the_cap(tariff, stay):
    days = -(-stay // DAY)
    assert 0 <= total(fee(tariff, NOON, NOON + stay)) <= days * tariff.caps[0].amount


@given(plain_tariffs, stays)
def test_lines_join_without_a_gap_and_cover_the_stay(tariff, stay):
    lines = fee(tariff, NOON, NOON + stay)
    assert (lines[0].start, lines[-1].end) == (NOON, NOON + stay)
    assert all(one.end == other.start for one, other in pairwise(lines))
    if (
        not 1440 % tariff.bands[0].charge.minutes
    ):  # else the days that a step runs into are not alike
        assert len(lines) <= 2  # with a permit's line three, which is what a phone shows


@given(plain_tariffs, stays)
def test_each_line_is_its_units_times_its_rate(tariff, stay):
    for line in fee(tariff, NOON, NOON + stay):
        assert line.amount == line.units * line.rate
        assert recalled(kept(line)) == line


# parts of a stay that a permit covers


def spans(*hours):
    """Covered parts from so many hours after noon to so many."""
    return [(Rule.PERMIT, NOON + td(hours=a), NOON + td(hours=b)) for a, b in hours]


def beside(stay, *hours):
    return fee(TOWN, NOON, NOON + td(hours=stay), covered=spans(*hours))


@pytest.mark.parametrize(
    ("stay", "covered", "lines"),
    [
        (2, [], [(Rule.STEPS, 300)]),
        (0.2, [], [(Rule.FREE, 0)]),
        (2, [(0, 2)], [(Rule.PERMIT, 0)]),
        (1.5, [(0, 0.5)], [(Rule.PERMIT, 0), (Rule.STEPS, 150)]),
        (0.75, [(0, 0.5)], [(Rule.PERMIT, 0), (Rule.FREE, 0)]),
        # ten minutes before and ten after
        (2.25, [(0.125, 2.125)], [(Rule.FREE, 0), (Rule.PERMIT, 0), (Rule.FREE, 0)]),
        (4, [(1, 3)], [(Rule.STEPS, 150), (Rule.PERMIT, 0), (Rule.STEPS, 150)]),
        (34, [(7, 31)], [(Rule.STEPS, 1050), (Rule.PERMIT, 0), (Rule.STEPS, 450)]),
        # the day's cap holds for both parts together
        (22, [(10, 11)], [(Rule.DAY_CAP, 1200)]),
    ],
)
def test_what_a_permit_covers_costs_nothing(stay, covered, lines):
    assert [(line.rule, line.amount) for line in beside(stay, *covered)] == lines


minutes = some.integers(1, 4 * 24 * 60)
cuts = some.lists(minutes, unique=True, max_size=6).map(sorted)


def covered_by(marks):
    """Parts between the first and the second mark (minutes), the third and the fourth ..."""
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [(Rule.PERMIT, NOON + td(minutes=a), NOON + td(minutes=b)) for a, b in pairs]


@given(cuts, minutes)
def test_nobody_pays_for_having_a_permit(marks, rest):
    covered = covered_by(marks)
    leaving = (covered[-1][2] if covered else NOON) + td(minutes=rest)
    lines = fee(TOWN, NOON, leaving, covered=covered)
    assert total(lines) <= total(fee(TOWN, NOON, leaving))
    assert (lines[0].start, lines[-1].end) == (NOON, leaving)
    assert all(one.end == other.start for one, other in pairwise(lines))


@given(cuts, minutes, minutes)
def test_who_stays_longer_never_pays_less(marks, rest, more):
    covered = covered_by(marks)
    leaving = (covered[-1][2] if covered else NOON) + td(minutes=rest)
    sooner = fee(TOWN, NOON, leaving, covered=covered)
    later = fee(TOWN, NOON, leaving + td(minutes=more), covered=covered)
    assert total(sooner) <= total(later)
