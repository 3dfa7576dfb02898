"""What a permit says of a vehicle that stands at a lane: covered or not, and every reason for it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parking.rules.permits import (
    Asked,
    Hours,
    Right,
    best,
    contested,
    hours_kept,
    hours_recalled,
    nobodys,
    rule,
    ruling_kept,
    spans,
)

LONDON = ZoneInfo("Europe/London")
WEEK = (0, 1, 2, 3, 4)
OFFICE = Hours(WEEK, time(7), time(19))
ALWAYS = Hours((0, 1, 2, 3, 4, 5, 6), time(0), time(0))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SMITH = Right("AB12CDE", "Smith", LONG_AGO)
ACME = replace(SMITH, pool="Acme", at_once=3, hours=(OFFICE,), lanes=("south", "west"))


def london(text):
    """A moment in a June week of 2026 (1 June is a Monday) or any other day, by London's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def asked(when="2026-06-01T12:00", **facts):
    return Asked(**{"plate": "AB12CDE", "at": london(when), "zone": LONDON, **facts})


@pytest.mark.parametrize(
    ("right", "facts", "covers", "whole"),
    [
        (SMITH, {}, True, "Matched permit 'Smith'; runs with no end"),
        (
            ACME,
            {"inside": 2, "lane": "south"},
            True,
            "Matched pool 'Acme'; 2 of 3 inside; runs with no end; "
            "valid Monday to Friday 07:00-19:00; at lane south",
        ),
        (
            ACME,
            {"inside": 2, "lane": "north"},
            False,
            "Matched pool 'Acme'; 2 of 3 inside; runs with no end; "
            "valid Monday to Friday 07:00-19:00; not at lane north, but south or west",
        ),
        (
            replace(SMITH, plate="AB1ZCDE", visitor=True, visits=2),
            {"plate": "ABIZCDE", "used": 1},
            True,
            "Matched visitor pass 'Smith' by its plate AB1ZCDE, which looks the same; "
            "runs with no end; visit 2 of 2",
        ),
    ],
)
def test_the_whole_chain(right, facts, covers, whole):
    ruling = rule(right, asked(**facts))
    assert (ruling.covers, ruling.whole) == (covers, whole)


@pytest.mark.parametrize(
    ("right", "facts", "short", "why"),
    [
        (SMITH, {}, "Your permit is valid.", "Matched permit 'Smith'"),
        (
            replace(SMITH, ends_at=london("2026-06-01T23:59")),
            {},
            "Your permit is valid until 23:59.",
            "Matched permit 'Smith'",
        ),
        (
            replace(SMITH, hours=(OFFICE,)),
            {},
            "Your permit is valid. It covers you until 19:00; you pay for later time.",
            "Matched permit 'Smith'",
        ),
        (
            replace(SMITH, hours=(OFFICE,)),
            {"when": "2026-06-06T12:00"},
            "Your permit is for Monday to Friday 07:00-19:00. You pay for the time outside.",
            "valid Monday to Friday 07:00-19:00, not now",
        ),
        (
            ACME,
            {"inside": 3},
            "All 3 places of your firm are taken: you are a paying visitor.",
            "all places of 'Acme' taken, 3 of 3",
        ),
        (
            ACME,
            {"lane": "north"},
            "Your permit is for south or west, not for this lane: here you are a paying visitor.",
            "not at lane north, but south or west",
        ),
        (
            replace(SMITH, visits=1),
            {"used": 1},
            "Your pass was for 1 visit: you are a paying visitor.",
            "1 of 1 visit made already",
        ),
        (
            replace(SMITH, starts_at=london("2026-06-02T07:00")),
            {},
            "Your permit begins on 2 June 2026 07:00.",
            "not valid before 2 June 2026 07:00",
        ),
        (
            replace(SMITH, ends_at=london("2026-06-01T12:00")),
            {},
            "Your permit ended on 1 June 2026 12:00.",
            "ended on 1 June 2026 12:00",
        ),
    ],
)
def test_the_driver_and_the_attendant_get_the_same_answer_in_fewer_words(right, facts, short, why):
    ruling = rule(right, asked(**facts))
    assert (ruling.short, ruling.why) == (short, why)
    assert ruling_kept(ruling)["short"] == short
    assert [link["words"] for link in ruling_kept(ruling)["links"]] == ruling.whole.split("; ")


def test_who_leaves_is_asked_for_the_dates_alone():
    full, saturday = {"inside": 3, "lane": "exit"}, {"when": "2026-06-06T12:00"}
    assert rule(ACME, asked(**full, **saturday, leaving=True)).covers
    assert not rule(replace(SMITH, ends_at=LONG_AGO), asked(leaving=True)).covers


def test_a_lane_that_is_not_known_is_no_reason_against_a_permit():
    assert rule(ACME, asked()).covers


def test_of_several_permits_one_that_covers_goes_first_and_takes_no_place_without_need():
    own, ended = SMITH, replace(SMITH, ends_at=LONG_AGO + timedelta(days=1))
    rulings = [rule(right, asked()) for right in (ACME, ended, own)]
    assert best(rulings) == rulings[2]
    assert best(rulings[:2]) == rulings[0]
    assert best([]) is None


def test_what_looks_like_two_permits_plates_is_nobodys():
    ruling = nobodys({"ABIO", "AB1O"})
    assert (ruling.covers, ruling.permit) == (False, None)
    assert ruling.whole == "Looks like AB1O and ABIO: a machine cannot say whose it is"


@pytest.mark.parametrize(
    ("candidates", "covers"),
    [
        ([("AB12CDE", 0.99), ("AB12CDF", 0.005)], True),
        ([("AB12CDE", 0.97), ("AB12CDF", 0.02)], False),
        ([("AB12CDE", 0.92), ("AB12CDX", 0.06)], True),  # nobody's permit
        ([("AB12CDE", 0.50), ("ABI2CDE", 0.48), ("AB12CDF", 0.009)], True),  # both look like ours
        ([("AB12CDF", 0.06)], False),  # the reader did not list its own plate
        ([], True),
    ],
)
def test_a_read_that_could_be_another_permits_plate_is_for_a_person(candidates, covers):
    ruling = contested(rule(SMITH, asked()), "AB12CDE", candidates, {"AB12CDF"})
    assert (ruling.covers, ruling.doubted) == (covers, not covers)


def test_the_rival_is_named():
    ruling = contested(
        rule(SMITH, asked()), "AB12CDE", [("AB12CDE", 0.9), ("AB12CDF", 0.08)], {"AB12CDF"}
    )
    assert ruling.why == "Could also be AB12CDF (8%), which has a permit of its own"


# hours


def covered(hours, start, end):
    found = spans((hours,), LONDON, london(start), london(end))
    return [tuple(f"{each.astimezone(LONDON):%a %H:%M}" for each in span) for span in found]


@pytest.mark.parametrize(
    ("hours", "start", "end", "found"),
    [
        (OFFICE, "2026-06-01T06:00", "2026-06-01T20:00", [("Mon 07:00", "Mon 19:00")]),
        (OFFICE, "2026-06-01T18:30", "2026-06-01T20:00", [("Mon 18:30", "Mon 19:00")]),
        (OFFICE, "2026-06-01T19:00", "2026-06-02T07:00", []),
        (OFFICE, "2026-06-05T18:00", "2026-06-08T08:00",
         [("Fri 18:00", "Fri 19:00"), ("Mon 07:00", "Mon 08:00")]),
        (Hours((4,), time(22), time(6)), "2026-06-06T01:00", "2026-06-06T23:00",
         [("Sat 01:00", "Sat 06:00")]),
        (ALWAYS, "2026-06-01T13:00", "2026-06-09T09:00", [("Mon 13:00", "Tue 09:00")]),
    ],
)  # fmt: skip
def test_what_hours_cover_of_a_stay(hours, start, end, found):
    assert covered(hours, start, end) == found


def hour(day, at):
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "day", "ends"),
    [
        # 29 March 2026, 01:00: clocks go forward to 02:00; 01:30 is never shown
        (time(1, 30), "2026-03-29", hour("2026-03-29", "01:30")),
        (time(7), "2026-03-29", hour("2026-03-29", "06:00")),
        # 25 October 2026, 02:00: clocks go back to 01:00; 01:30 is shown twice, the later counts
        (time(1, 30), "2026-10-25", hour("2026-10-25", "01:30")),
        (time(7), "2026-10-25", hour("2026-10-25", "07:00")),
    ],
)
def test_a_night_on_which_the_clock_is_changed_counts_in_the_holders_favour(until, day, ends):
    night = Hours((5,), time(22), until)  # from Saturday on
    noon = hour(day, "12:00")
    assert spans((night,), LONDON, noon - timedelta(days=1), noon)[-1][1] == ends


def test_a_night_is_an_hour_shorter_or_longer_when_the_clock_is_changed():
    night = (Hours((5,), time(22), time(6)),)
    for sunday, length in (("2026-03-29", 7), ("2026-06-07", 8), ("2026-10-25", 9)):
        noon = hour(sunday, "12:00")
        ((start, end),) = spans(night, LONDON, noon - timedelta(days=1), noon)
        assert end - start == timedelta(hours=length)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (OFFICE, "Monday to Friday 07:00-19:00"),
        (Hours((5, 6), time(0), time(0)), "Saturday and Sunday all day"),
        (Hours((0, 2, 4), time(8, 30), time(12)), "Monday, Wednesday and Friday 08:30-12:00"),
        (ALWAYS, "every day all day"),
        (Hours((1,), time(22), time(6)), "Tuesday 22:00-06:00"),
    ],
)
def test_hours_in_words(hours, words):
    assert str(hours) == words


HOURS = st.builds(
    Hours,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(
        lambda d: tuple(sorted(d))
    ),
    st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30))),
    st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30))),
)


# A busy machine draws slowly: that says nothing of the rules.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patiently
@given(st.lists(HOURS, max_size=3).map(tuple))
def test_hours_are_kept_as_they_were(hours):
    assert hours_recalled(hours_kept(hours)) == hours


@pytest.mark.parametrize(
    "facts",
    [
        [{}],
        ["always"],
        [{"days": [7], "from": "07:00", "until": "19:00"}],
        [{"days": [], "from": "07:00", "until": "19:00"}],
        [{"days": [0], "from": "25:00", "until": "19:00"}],
        7,
    ],
)
def test_what_are_no_hours_is_refused(facts):
    with pytest.raises(ValueError, match="hour"):
        hours_recalled(facts)


@patiently
@given(
    hours=st.lists(HOURS, min_size=1, max_size=3).map(tuple),
    begins=st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 5), timezones=st.just(UTC)),
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=9)),
    at=st.floats(0, 0.999),
)
def test_a_moment_is_covered_when_the_clock_on_the_wall_says_so(hours, begins, length, at):
    """Away from the nights on which the clock is changed, spans and a look at the clock agree."""
    moment = begins + length * at
    found = spans(hours, LONDON, begins, begins + length)
    assert all(start < end for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    local = moment.astimezone(LONDON)
    if any(local.date() - timedelta(days=back) in CHANGES for back in (-1, 0, 1)):
        return
    by_clock = any(_shown(each, local) for each in hours)
    assert any(start <= moment < end for start, end in found) == by_clock


CHANGES = {datetime(2026, 3, 29).date(), datetime(2026, 10, 25).date()}


def _shown(hours, local):
    now, today, before = local.time(), local.weekday(), (local.weekday() - 1) % 7
    if hours.end > hours.start:
        return today in hours.days and hours.start <= now < hours.end
    begun = today in hours.days and now >= hours.start
    return begun or (before in hours.days and now < hours.end)
