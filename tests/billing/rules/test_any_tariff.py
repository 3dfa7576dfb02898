"""What holds for every tariff that can be written down, drawn at random."""

from datetime import UTC, date, datetime
from datetime import timedelta as td
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from benchmarks.quotes import Draw, compared
from billing.rules.lines import OF_THE_WHOLE, Rule, kept, recalled, total
from billing.rules.stays import Stay, facts_of, stay_of
from billing.rules.tariffs import fee
from billing.rules.terms import document_of, terms_of

NIGHT = datetime(2026, 3, 29, 1, tzinfo=UTC)
DATES = [date(2026, 3, 27) + td(days=n) for n in range(5)]
LONDON = ZoneInfo("Europe/London")
seeds = some.integers(0, 1_000_000)


def drawn(seed):
    """Terms and a stay about the night of the clock's change."""
    draw = Draw(seed)
    return draw.terms(DATES), draw.stay(LONDON, NIGHT, frozenset(DATES[:2]))


@pytest.mark.slow
def test_engine_and_oracle_say_the_same():
    different, _ = compared(1500, seed=11, each=75)
    assert different == []


@given(seeds)
def test_lines_add_up_and_cover_the_stay(seed):
    terms, stay = drawn(seed)
    lines = fee(terms, stay)
    assert total(lines) == sum(line.amount for line in lines) >= 0
    # What a cap takes off has the time of the charge before it.
    timed = [line for line in lines if line.rule not in OF_THE_WHOLE and line.rate >= 0]
    if not terms.no_return:  # else the visit before counts in
        assert (timed[0].start, timed[-1].end) == (stay.entered, stay.until)
    assert all(one.end == other.start for one, other in pairwise(timed))


@given(seeds)
def test_a_stay_is_priced_the_same_from_what_was_kept_of_it(seed):
    terms, stay = drawn(seed)
    again = fee(terms_of(document_of(terms)), stay_of(facts_of(stay)))
    assert again == fee(terms, stay)
    assert tuple(recalled(kept(line)) for line in again) == again


@given(seeds, some.integers(0, 5000))
def test_who_stays_longer_pays_no_less_where_there_are_no_offers(seed, minutes):
    terms, stay = drawn(seed)
    if terms.offers:
        return
    longer = stay.part(stay.entered, stay.until + td(minutes=minutes), stay.earlier)
    stay = stay.part(stay.entered, stay.until, stay.earlier)
    assert total(fee(terms, stay)) <= total(fee(terms, longer))


@given(seeds, some.integers(1, 10))
def test_time_costs_no_more_than_the_caps_of_its_days(seed, days):
    terms, stay = drawn(seed)
    caps = [cap.amount for cap in terms.caps if cap.per == "24h"]
    if not caps:
        return
    stay = Stay(stay.entered, stay.entered + td(days=days), LONDON, stay.holidays)
    time = [line for line in fee(terms, stay) if line.rule not in OF_THE_WHOLE]
    assert total(time) <= days * min(caps)


@given(seeds)
def test_nobody_pays_for_having_a_permit(seed):
    terms, stay = drawn(seed)
    visitor = stay.part(stay.entered, stay.until, stay.earlier)
    assert total(fee(terms, stay)) <= total(fee(terms, visitor))
    whole = Stay(
        stay.entered, stay.until, LONDON, covered=((Rule.PERMIT, stay.entered, stay.until),)
    )
    assert total(fee(terms, whole)) == 0
