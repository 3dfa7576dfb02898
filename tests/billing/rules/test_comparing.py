"""What other prices would have made of the same stays."""

import json

from hypothesis import given
from hypothesis import strategies as st

from billing.rules import comparing
from billing.rules.comparing import Bar, Compared, Tally, bars, counted, kept, recalled


def stay(then, now, entered="2026-11-02T09:00:00+00:00"):
    return Compared(entered, "2026-11-02T11:00:00+00:00", then, now)


def test_it_says_who_pays_more_who_less_and_what_it_brings():
    told = counted(Tally(), [stay(150, 200), stay(150, 150), stay(300, 200), stay(0, 700)])
    assert (told.stays, told.then, told.now) == (4, 600, 1250)
    assert (told.more, told.less, told.same) == (2, 1, 1)
    assert told.dearest == stay(0, 700)
    assert told.cheapest == stay(300, 200)


def test_where_nobody_pays_more_there_is_no_largest_jump():
    told = counted(Tally(), [stay(150, 150), stay(150, 100)])
    assert told.dearest is None


def test_the_bars_are_round_and_the_same_stands_apart():
    told = counted(Tally(), [stay(0, gap) for gap in (-120, 0, 0, 30, 50, 51, 199)])
    assert bars(told) == [
        Bar(-150, -101, 1),
        Bar(-100, -51, 0),
        Bar(-50, -1, 0),
        Bar(0, 0, 2),
        Bar(1, 50, 2),
        Bar(51, 100, 1),
        Bar(101, 150, 0),
        Bar(151, 200, 1),
    ]


def test_nothing_counted_has_no_bars():
    assert bars(Tally()) == []


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=40))
def test_slices_counted_one_after_the_other_are_all_of_them_at_once(prices):
    stays = [stay(*pair) for pair in prices]
    whole, sliced = counted(Tally(), stays), Tally()
    for start in range(0, len(stays), 7):
        sliced = recalled(json.loads(json.dumps(kept(sliced))))
        sliced = counted(sliced, stays[start : start + 7])
    assert sliced == whole
    assert sum(bar.count for bar in bars(whole)) == len(stays)
    assert len(bars(whole)) <= 2 * comparing.BARS + 1
