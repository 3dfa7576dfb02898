"""What drivers read: every rule of the prices, in words."""

import pytest

from billing.rules import words
from billing.rules.beginnings import BEGINNINGS
from billing.rules.terms import document_of, simple, terms_of


def pounds(amount):
    return f"{amount // 100}.{amount % 100:02} GBP"


def whole(**document):
    return document_of(terms_of({"bands": [STEPS], **document}))


STEPS = {"name": "Always", "charge": {"kind": "steps", "minutes": 30, "price": 150}}
DAY = {**STEPS, "name": "Day", "days": ["mon", "tue", "wed", "sat"], "from": "08:00", "to": "18:00"}


def read(document):
    return words.board_text(words.board(document, pounds)).splitlines()


def test_the_plainest_prices():
    assert read(simple(free=15, step=60, step_price=150, day_cap=1200)) == [
        "A stay of up to 15 min: free",
        "At all times",
        "Each 1 h begun: 1.50 GBP",
        "At most",
        "Each 24 hours from the entry: 12.00 GBP",
        "Besides",
        "After paying you have 15 min to leave",
    ]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ({"free": {"minutes": 20, "when": "always"}}, "The first 20 min of every stay: free"),
        ({"per_pass": 250}, "Each passage: 2.50 GBP"),
        ({"caps": [{"per": "stay", "amount": 900}]}, "A whole stay: 9.00 GBP"),
        (
            {"caps": [{"per": "window", "amount": 300, "from": "18:00", "to": "06:00"}]},
            "Between 18:00 and 06:00: 3.00 GBP",
        ),
        (
            {"caps": [{"per": "calendar_day", "amount": 900, "resets_at": "04:00"}]},
            "Each day, from 04:00: 9.00 GBP",
        ),
        (
            {"caps": [{"per": "vehicle_day", "amount": 900}]},
            "All stays of a vehicle in a day, from 00:00: 9.00 GBP",
        ),
        (
            {
                "offers": [
                    {"name": "Early bird", "price": 700, "in_by": "09:00", "out_from": "15:00"},
                ]
            },
            "Early bird: in by 09:00, out from 15:00: 7.00 GBP",
        ),
        (
            {"offers": [{"name": "Weekend", "price": 900, "days": ["fri"], "nights": 2}]},
            "Weekend: Friday, 2 nights: 9.00 GBP",
        ),
        ({"classes": {"motorcycle": {"percent": 50}}}, "Motorcycle: 50% of the price"),
        ({"groups": {"resident": {"percent": 0}}}, "Resident: free"),
        (
            {"no_return": {"minutes": 120, "then": "no_free"}},
            "Who comes back within 2 h has no free time again",
        ),
        (
            {"no_return": {"minutes": 30, "then": "one_stay"}},
            "Who comes back within 30 min goes on with the same stay",
        ),
        ({"minimum": 100}, "A stay that is not free costs at least: 1.00 GBP"),
        ({"maximum": 5000}, "A whole stay: 50.00 GBP"),
        ({"rounding": {"to": 10, "how": "down"}}, "Prices are rounded down to 0.10 GBP"),
        ({"grace_at_end": 10}, "A step may be overstayed by 10 min free of charge"),
        (
            {"tax": {"name": "VAT", "rate": 1750, "included": True}},
            "Prices include VAT of 17.5%",
        ),
        (
            {"tax": {"name": "VAT", "rate": 2000, "included": False}},
            "Prices do not include VAT of 20%",
        ),
        ({"holidays": "GB-ENG"}, "Public holidays are those of GB-ENG"),
        ({"combine": False}, "Several validations are not added up"),
        (
            {"stacking": ["minutes", "money", "percent"]},
            "Several validations are taken off in this order: minutes, then money, then percent",
        ),
        (
            {"bands": [DAY, STEPS]},
            "Day: Monday to Wednesday and Saturday 08:00 to 18:00",
        ),
        ({"bands": [DAY, STEPS]}, "Always: at all other times"),
        (
            {"bands": [DAY, STEPS], "crossing": "runs_on"},
            "A step that was begun runs on at its price when prices change",
        ),
        (
            {"bands": [{**STEPS, "charge": {"kind": "flat", "price": 500}}]},
            "However long: 5.00 GBP",
        ),
        ({"bands": [{**STEPS, "charge": {"kind": "free"}}]}, "Parking: free"),
        ({"bands": [{**STEPS, "cap": 600}]}, "At most within this time: 6.00 GBP"),
        (
            {
                "bands": [
                    {**STEPS, "name": "Fair", "dates": [["2026-12-24", "2026-12-26"]]},
                    STEPS,
                ]
            },
            "Fair: 24 to 26 December 2026",
        ),
    ],
)
def test_a_rule_has_its_words(rule, line):
    assert line in read(whole(**rule))


def test_a_table_of_prices_by_length():
    tiers = {"kind": "tiers", "tiers": [{"up_to": 60, "price": 200}, {"up_to": 120, "price": 350}]}
    again = whole(bands=[{"name": "Always", "charge": tiers}])
    beyond = {**tiers, "then": {"minutes": 60, "price": 150}}
    assert read(again)[1:4] == [
        "Up to 1 h: 2.00 GBP",
        "Up to 2 h: 3.50 GBP",
        "Longer stays begin the table again",
    ]
    further = read(whole(bands=[{"name": "Always", "charge": beyond}]))
    assert further[3] == "Each further 1 h begun: 1.50 GBP"


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_what_one_may_begin_from_is_whole_and_has_words(kind):
    document = document_of(terms_of(BEGINNINGS[kind].document))
    assert len(read(document)) > 4


def test_two_versions_beside_each_other():
    before = simple(free=15, step=60, step_price=150, day_cap=1200)
    after = {**before, "free": {"minutes": 0, "when": "short"}, "grace_at_end": 10}
    after = {**after, "caps": [{**before["caps"][0], "amount": 1500}]}
    changes = words.differences(before, after, pounds)
    assert [(change.was, change.now) for change in changes] == [
        ("Each 24 hours from the entry: 12.00 GBP", "Each 24 hours from the entry: 15.00 GBP"),
        ("", "A step may be overstayed by 10 min free of charge"),
        ("A stay of up to 15 min: free", ""),
    ]
    assert words.differences(before, before, pounds) == []
