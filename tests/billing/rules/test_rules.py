"""Each rule of docs/tariffs.md, like the price board on the wall. Monday 1 June 2026, by London's clock."""

from datetime import UTC, date, datetime
from datetime import timedelta as td
from zoneinfo import ZoneInfo

import pytest

from billing.rules.lines import Rule, total
from billing.rules.stays import Earlier, Stay, Validated, facts_of, stay_of
from billing.rules.tariffs import MOST_FEE, fee
from billing.rules.terms import MOST_MONEY, terms_of

LONDON = ZoneInfo("Europe/London")
HOUR = {"kind": "steps", "minutes": 60, "price": 150}
DAYTIME = {"name": "Day", "from": "08:00", "to": "18:00"}


def at(clock, day=1, month=6, zone=LONDON, fold=0):
    hour, minute = map(int, clock.split(":"))
    shown = datetime(2026, month, day, hour, minute, tzinfo=zone, fold=fold)
    return shown.astimezone(UTC)


def tariff(charge=HOUR, **clauses):
    bands = clauses.pop("bands", [])
    return terms_of({"bands": [*bands, {"name": "Else", "charge": charge}], **clauses})


def lines(terms, came, left, **facts):
    return fee(terms, Stay(came, left, LONDON, **facts))


def costs(terms, came, left, **facts):
    came = at(came) if isinstance(came, str) else came
    left = at(left) if isinstance(left, str) else left
    return total(lines(terms, came, left, **facts))


def board(terms, *rows, came="10:00"):
    """What the board says: {length in minutes: price}."""
    return {length: costs(terms, at(came), at(came) + td(minutes=length)) for length in rows}


# free time and grace


def test_free_time_for_short_stays_only():
    terms = tariff(free={"minutes": 15, "when": "short"})
    assert board(terms, 0, 15, 16, 60, 61) == {0: 0, 15: 0, 16: 150, 60: 150, 61: 300}


def test_free_time_taken_off_every_stay():
    terms = tariff(free={"minutes": 15, "when": "always"})
    assert board(terms, 15, 16, 70, 75, 76) == {15: 0, 16: 150, 70: 150, 75: 150, 76: 300}


def test_grace_at_the_end_lets_a_step_be_overstayed_and_makes_nothing_free():
    terms = tariff(grace_at_end=10, free={"minutes": 5, "when": "short"})
    assert board(terms, 5, 6, 70, 71, 130) == {5: 0, 6: 150, 70: 150, 71: 300, 130: 300}


def test_consideration_makes_parking_free_but_not_passing():
    five = td(minutes=5)
    assert costs(tariff(), "10:00", "10:05", consideration=five) == 0
    assert costs(tariff(), "10:00", "10:06", consideration=five) == 150
    assert costs(tariff(per_pass=500), "10:00", "10:03", consideration=five) == 500


# charges and bands


def test_a_table_of_prices_and_what_comes_behind_it():
    rows = [{"up_to": 60, "price": 200}, {"up_to": 120, "price": 300}]
    terms = tariff({"kind": "tiers", "tiers": rows, "then": {"minutes": 30, "price": 100}})
    assert board(terms, 60, 61, 120, 121, 151) == {60: 200, 61: 300, 120: 300, 121: 400, 151: 500}


def test_a_table_again():
    rows = [{"up_to": 60, "price": 200}, {"up_to": 1440, "price": 1000}]
    terms = tariff({"kind": "tiers", "tiers": rows, "then": "again"})
    assert board(terms, 60, 1440, 1441, 1501) == {60: 200, 1440: 1000, 1441: 1200, 1501: 2000}


def test_the_rows_of_a_table_are_one_line():
    rows = [{"up_to": 60, "price": 200}, {"up_to": 120, "price": 300}]
    terms = tariff({"kind": "tiers", "tiers": rows, "then": "again"})
    (line,) = lines(terms, at("10:00"), at("11:30"))
    assert (line.rule, line.each, line.amount) == (Rule.TIERS, td(hours=2), 300)


@pytest.mark.parametrize(
    ("crossing", "left", "price"),
    [("split", "18:20", 300), ("runs_on", "18:20", 200), ("runs_on", "18:45", 300)],
)
def test_a_step_at_a_border_is_cut_or_runs_on(crossing, left, price):
    day = {**DAYTIME, "charge": {"kind": "steps", "minutes": 60, "price": 200}}
    night = {"kind": "steps", "minutes": 60, "price": 100}
    terms = tariff(night, bands=[day], crossing=crossing)
    assert costs(terms, "17:30", left) == price


def test_a_flat_evening_and_a_free_sunday():
    evening = {
        "name": "Evening",
        "from": "18:00",
        "to": "00:00",
        "days": ["mon", "tue"],
        "charge": {"kind": "flat", "price": 400},
    }
    sunday = {"name": "Sunday", "days": ["sun"], "charge": {"kind": "free"}}
    terms = tariff(bands=[sunday, evening])
    assert costs(terms, "18:00", "23:59") == 400
    assert costs(terms, "17:00", "23:00") == 550
    assert costs(terms, at("10:00", 7), at("20:00", 7)) == 0
    (line,) = lines(terms, at("10:00", 7), at("20:00", 7))
    assert (line.rule, line.name) == (Rule.FREE_BAND, "Sunday")


def test_public_holidays_and_event_days():
    holiday = {"name": "Holiday", "days": ["holiday"], "charge": {"kind": "free"}}
    event = {
        "name": "Concert",
        "dates": [["2026-06-02", "2026-06-02"]],
        "from": "17:00",
        "to": "23:00",
        "charge": {"kind": "flat", "price": 1500},
    }
    terms = tariff(bands=[event, holiday], holidays="GB-ENG")
    monday = frozenset({date(2026, 6, 1)})
    assert costs(terms, "10:00", "12:00", holidays=monday) == 0
    assert costs(terms, "10:00", "12:00") == 300
    assert costs(terms, at("19:00", 2), at("22:00", 2)) == 1500
    assert costs(terms, at("19:00", 3), at("22:00", 3)) == 450


def test_a_table_counts_from_the_stay_or_from_the_band():
    rows = [{"up_to": 60, "price": 500}, {"up_to": 120, "price": 600}]
    table = {"kind": "tiers", "tiers": rows, "then": "again"}
    day = {**DAYTIME, "charge": {"kind": "free"}}
    counts = {}
    for way in ("stay", "band"):
        terms = tariff(table, bands=[day], tiers_count=way)
        counts[way] = costs(terms, "17:00", "18:30")
    assert counts == {"stay": 100, "band": 500}


# caps


@pytest.mark.parametrize(
    ("cap", "came", "left", "price"),
    [
        ({"per": "24h"}, at("20:00"), at("19:59", 2), 1000),
        ({"per": "24h"}, at("20:00"), at("21:00", 2), 1150),
        ({"per": "calendar_day"}, at("20:00"), at("23:00", 2), 1600),
        ({"per": "calendar_day", "resets_at": "04:00"}, at("20:00"), at("03:30", 2), 1000),
        ({"per": "calendar_day", "resets_at": "04:00"}, at("20:00"), at("05:00", 2), 1150),
        ({"per": "window", "from": "18:00", "to": "06:00"}, at("17:00"), at("07:00", 2), 1300),
        ({"per": "stay"}, at("20:00"), at("23:00", 9), 1000),
    ],
)
def test_no_more_than_a_cap_in_its_period(cap, came, left, price):
    assert costs(tariff(caps=[{**cap, "amount": 1000}]), came, left) == price


def test_no_more_than_a_band_costs_each_time():
    night = {"name": "Night", "from": "18:00", "to": "08:00", "charge": HOUR, "cap": 500}
    terms = tariff({"kind": "free"}, bands=[night])
    assert costs(terms, at("17:00"), at("09:00", 2)) == 500
    assert costs(terms, at("17:00"), at("09:00", 3)) == 1000


def test_a_vehicle_that_was_here_today_has_paid_for_a_part_of_the_day():
    terms = tariff(caps=[{"per": "vehicle_day", "amount": 1000}])
    this_morning = (Earlier(at("07:00"), at("09:00"), 800),)
    assert costs(terms, "12:00", "14:00", earlier=this_morning) == 200
    yesterday = (Earlier(at("07:00") - td(days=1), at("09:00") - td(days=1), 800),)
    assert costs(terms, "12:00", "14:00", earlier=yesterday) == 300


def test_a_cap_within_another_is_told_once():
    evening = {"per": "window", "amount": 300, "from": "18:00", "to": "22:00"}
    terms = tariff(caps=[{"per": "24h", "amount": 1000}, evening])
    told = lines(terms, at("10:00"), at("23:00"))
    assert [(line.rule, line.amount) for line in told] == [(Rule.DAY_CAP, 1000)]
    told = lines(terms, at("16:00"), at("23:00"))
    assert [(line.rule, line.amount) for line in told] == [
        (Rule.STEPS, 300),
        (Rule.WINDOW_CAP, 300),
        (Rule.STEPS, 150),
    ]


# offers


BIRD = {
    "name": "Early bird",
    "price": 800,
    "in_from": "06:00",
    "in_by": "09:00",
    "out_from": "15:00",
    "out_by": "19:00",
}


@pytest.mark.parametrize(
    ("came", "left", "price"),
    [
        ("09:00", "19:00", 800),
        ("09:01", "19:00", 1500),
        ("09:00", "19:01", 1650),
        ("05:59", "15:30", 1500),
        ("08:30", "14:59", 1050),
    ],
)
def test_the_early_bird(came, left, price):
    assert costs(tariff(offers=[BIRD]), came, left) == price


def test_an_offer_that_is_dearer_is_no_offer():
    assert costs(tariff(offers=[BIRD | {"price": 2000}]), "09:00", "19:00") == 1500


def test_overnight():
    night = {"name": "Overnight", "price": 600, "in_from": "17:00", "out_by": "10:00", "nights": 1}
    terms = tariff(offers=[night])
    assert costs(terms, at("17:00"), at("10:00", 2)) == 600
    assert costs(terms, at("17:00"), at("23:00")) == 900


# who parks, and what changes the price of the whole


def test_classes_and_groups_pay_their_share_and_half_a_penny_is_the_drivers():
    terms = tariff(
        {"kind": "flat", "price": 333},
        classes={"motorcycle": {"percent": 50}, "bus": {"percent": 300}},
        groups={"resident": {"percent": 10}},
    )
    assert costs(terms, "10:00", "11:00", vehicle="motorcycle") == 166
    assert costs(terms, "10:00", "11:00", vehicle="bus") == 999
    assert costs(terms, "10:00", "11:00", vehicle="bus", group="resident") == 99
    assert costs(terms, "10:00", "11:00", vehicle="tank", group="unknown") == 333


def test_a_toll_is_paid_with_each_pass_and_not_by_who_has_a_permit():
    terms = tariff({"kind": "free"}, per_pass=250)
    assert costs(terms, "10:00", "10:01") == 250
    covered = ((Rule.PERMIT, at("10:00"), at("10:01")),)
    assert costs(terms, "10:00", "10:01", covered=covered) == 0


def test_least_and_most():
    terms = tariff(minimum=200, maximum=500, free={"minutes": 15, "when": "short"})
    assert board(terms, 15, 16, 120, 600) == {15: 0, 16: 200, 120: 300, 600: 500}


@pytest.mark.parametrize(("how", "price"), [("down", 330), ("nearest", 335), ("up", 335)])
def test_rounding(how, price):
    terms = tariff({"kind": "flat", "price": 333}, rounding={"to": 5, "how": how})
    assert costs(terms, "10:00", "11:00") == price


def test_tax_is_told_or_added():
    inside = tariff(tax={"name": "VAT", "rate": 2000, "included": True})
    *_, line = lines(inside, at("10:00"), at("11:00"))
    assert (line.amount, line.rate, line.of) == (0, 25, 2000)
    outside = tariff(tax={"name": "Tax", "rate": 875, "included": False})
    assert costs(outside, "10:00", "12:00") == 326


# validations


CINEMA = [Validated("minutes", 120, "Cinema")]
TEN = Validated("percent", 10, "Shop")
POUND = Validated("money", 100, "Shop")


@pytest.mark.parametrize(
    ("clauses", "given", "price"),
    [
        ({}, CINEMA, 150),
        ({}, [TEN], 405),
        ({}, [POUND], 350),
        ({}, [TEN, POUND], 305),
        ({"stacking": ["minutes", "money", "percent"]}, [TEN, POUND], 315),
        ({"combine": False}, [TEN, POUND, *CINEMA], 150),
        ({}, [Validated("percent", 100)], 0),
        ({}, [Validated("money", 10_000)], 0),
        ({}, [Validated("minutes", 10_000)], 0),
    ],
)
def test_what_a_shop_gives(clauses, given, price):
    assert costs(tariff(**clauses), "10:00", "12:30", validated=tuple(given)) == price


# coming back


TEN_MINUTES = Earlier(at("09:40"), at("09:50"), 0)


@pytest.mark.parametrize(
    ("then", "earlier", "price"),
    [
        ("no_free", [TEN_MINUTES], 150),
        ("no_free", [], 0),
        ("no_free", [Earlier(at("07:00"), at("08:00"), 150)], 0),
        ("one_stay", [TEN_MINUTES], 150),
        ("one_stay", [Earlier(at("09:00"), at("09:50"), 150)], 0),
        ("one_stay", [Earlier(at("09:00"), at("09:55"), 150)], 150),
    ],
)
def test_who_comes_back_too_soon(then, earlier, price):
    terms = tariff(free={"minutes": 15, "when": "short"}, no_return={"minutes": 120, "then": then})
    assert costs(terms, "10:00", "10:10", earlier=tuple(earlier)) == price


# the nights when the clock is changed


def test_a_night_that_is_an_hour_longer_costs_an_hour_more():
    terms = tariff()
    assert costs(terms, at("22:00", 24, 10), at("07:00", 25, 10)) == 1500
    assert costs(terms, at("22:00", 28, 3), at("07:00", 29, 3)) == 1200


def test_what_the_clock_shows_a_second_time_is_no_border():
    """On 25 October 01:30 comes twice; the first ends the night, and it does not begin again."""
    night = {"name": "Night", "from": "22:00", "to": "01:30", "charge": {"kind": "free"}}
    terms = tariff(bands=[night])
    once, twice = at("01:20", 25, 10), at("01:20", 25, 10, fold=1)
    assert costs(terms, at("22:00", 24, 10), once) == 0
    assert costs(terms, at("22:00", 24, 10), twice) == 150
    assert costs(terms, twice, at("01:40", 25, 10, fold=1)) == 150


def test_a_time_that_the_clock_jumps_over_passes_when_it_jumps():
    """On 29 March 01:00 to 02:00 is left out: the free night until 01:30 ends at 01:00 UTC."""
    night = {"name": "Night", "from": "22:00", "to": "01:30", "charge": {"kind": "free"}}
    terms = tariff(bands=[night])
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert costs(terms, at("22:00", 28, 3), jump) == 0
    assert costs(terms, at("22:00", 28, 3), jump + td(minutes=1)) == 150


# edges


def test_an_exit_before_the_entry_costs_what_no_time_costs():
    terms = tariff(free={"minutes": 15, "when": "short"})
    assert costs(terms, "10:00", "09:00") == 0


def test_a_year():
    terms = tariff(caps=[{"per": "24h", "amount": 1200}])
    assert costs(terms, at("10:00"), at("10:00") + td(days=365)) == 365 * 1200


def test_no_fee_is_more_than_a_ledger_can_hold():
    dear = tariff({"kind": "steps", "minutes": 1, "price": MOST_MONEY})
    assert costs(dear, at("10:00"), at("10:00") + td(days=366)) == MOST_FEE


def test_the_facts_of_a_stay_are_kept_and_recalled():
    stay = Stay(
        at("10:00"),
        at("12:00"),
        LONDON,
        holidays=frozenset({date(2026, 6, 2), date(2026, 12, 25)}),
        vehicle="bus",
        group="resident",
        validated=(TEN,),
        earlier=(TEN_MINUTES,),
        covered=((Rule.PERMIT, at("10:00"), at("11:00")),),
        consideration=td(minutes=5),
    )
    near = stay_of(facts_of(stay))
    assert near.holidays == {date(2026, 6, 2)}
    assert facts_of(near) == facts_of(stay)
