"""Lines that explain a fee: as few as say it, and none of the money lost."""

from datetime import UTC, datetime
from datetime import timedelta as td

from hypothesis import given
from hypothesis import strategies as some

from billing.rules.lines import Line, Rule, joined, kept, recalled, total

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = td(hours=1)


def told(*rows):
    """Lines of an hour each, one after the other: (rule, rate, hours of a unit)."""
    return [
        Line(rule, NOON + n * HOUR, NOON + (n + 1) * HOUR, 1, rate, hours * HOUR)
        for n, (rule, rate, hours) in enumerate(rows)
    ]


def short(lines):
    return [(line.units, line.rate, line.each // HOUR) for line in lines]


def test_what_goes_on_at_the_same_price_is_one_line():
    steps = told((Rule.STEPS, 150, 1), (Rule.STEPS, 150, 1), (Rule.STEPS, 200, 1))
    assert short(joined(steps)) == [(2, 150, 1), (1, 200, 1)]


def test_rows_of_a_table_are_one_price_as_on_the_board():
    rows = told((Rule.TIERS, 200, 1), (Rule.TIERS, 100, 2), (Rule.TIERS, 50, 3))
    assert short(joined(rows)) == [(1, 350, 3)]


def test_a_table_that_begins_again_is_told_as_often():
    rows = told(*[(Rule.TIERS, 200, 1), (Rule.TIERS, 100, 2)] * 3)
    assert short(joined(rows)) == [(3, 300, 2)]


def test_a_first_row_twice_and_then_a_second_is_not_taken_for_one_climb():
    rows = told((Rule.TIERS, 150, 2), (Rule.TIERS, 150, 2), (Rule.TIERS, 50, 3))
    assert short(joined(rows)) == [(1, 150, 2), (1, 200, 3)]


rows = some.tuples(
    some.sampled_from([Rule.STEPS, Rule.TIERS, Rule.FLAT]),
    some.sampled_from([50, 100]),
    some.integers(1, 3),
)


@given(some.lists(rows, max_size=12))
def test_joining_loses_neither_money_nor_time(rows):
    lines = told(*rows)
    fewer = joined(lines)
    assert total(fewer) == total(lines)
    ends = [line.end for line in fewer]
    assert [line.start for line in fewer] == [NOON, *ends][: len(ends)]
    assert ends[-1:] == [line.end for line in lines][-1:]


def test_a_line_is_recalled_as_it_was_kept_with_all_it_says():
    line = Line(Rule.OFFER, NOON, NOON + HOUR, 1, 800, None, "Early bird", 5)
    assert recalled(kept(line)) == line


def test_a_line_that_an_earlier_version_kept_is_recalled():
    facts = kept(Line(Rule.STEPS, NOON, NOON + HOUR, 1, 150, HOUR))
    del facts["name"], facts["of"]
    assert recalled(facts) == Line(Rule.STEPS, NOON, NOON + HOUR, 1, 150, HOUR)
