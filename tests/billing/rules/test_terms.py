"""A tariff's document: what it may say, and the sentence for what it may not."""

import json

import pytest

from billing.rules.terms import (
    BadTerms,
    Band,
    Cap,
    Free,
    Steps,
    Terms,
    document_of,
    simple,
    terms_of,
)

ALWAYS = {"charge": {"kind": "steps", "minutes": 60, "price": 150}}
TIERS = {"kind": "tiers", "tiers": [{"up_to": 60, "price": 200}, {"up_to": 120, "price": 300}]}
# All that a tariff can say, in one.
WHOLE = {
    "free": {"minutes": 15, "when": "short"},
    "bands": [
        {
            "name": "Market",
            "days": [],
            "dates": [["2026-12-24", "2026-12-26"]],
            "from": None,
            "to": None,
            "charge": {"kind": "flat", "price": 500},
            "cap": None,
        },
        {
            "name": "Holidays",
            "days": ["sun", "holiday"],
            "dates": [],
            "from": None,
            "to": None,
            "charge": {"kind": "free"},
            "cap": None,
        },
        {
            "name": "Night",
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "dates": [],
            "from": "20:00",
            "to": "06:30",
            "charge": {**TIERS, "then": "again"},
            "cap": 400,
        },
        {
            "name": "Day",
            "days": [],
            "dates": [],
            "from": None,
            "to": None,
            "charge": {**TIERS, "then": {"minutes": 30, "price": 100}},
            "cap": None,
        },
    ],
    "crossing": "runs_on",
    "tiers_count": "band",
    "caps": [
        {"per": "24h", "amount": 1200, "from": None, "to": None, "resets_at": None},
        {"per": "window", "amount": 300, "from": "18:00", "to": "06:00", "resets_at": None},
        {"per": "vehicle_day", "amount": 1500, "from": None, "to": None, "resets_at": "04:00"},
    ],
    "offers": [
        {
            "name": "Early bird",
            "price": 800,
            "days": ["mon", "fri"],
            "in_from": "06:00",
            "in_by": "09:00",
            "out_from": "15:00",
            "out_by": "19:00",
            "nights": 0,
        }
    ],
    "classes": {"motorcycle": {"percent": 50}},
    "groups": {"resident": {"percent": 25}},
    "per_pass": 0,
    "no_return": {"minutes": 120, "then": "no_free"},
    "minimum": 100,
    "maximum": 9000,
    "rounding": {"to": 10, "how": "down"},
    "grace_at_end": 10,
    "leave_within": 20,
    "tax": {"name": "VAT", "rate": 2000, "included": True},
    "holidays": "GB-ENG",
    "stacking": ["minutes", "money", "percent"],
    "combine": False,
    "declared_not_monotone": True,
}


def errors(document):
    with pytest.raises(BadTerms) as bad:
        terms_of(document)
    return bad.value.errors


def changed(path, value):
    """WHOLE with the value at a path changed: "bands.0.charge.price"."""
    document = json.loads(json.dumps(WHOLE))
    *way, last = path.split(".")
    at = document
    for key in way:
        at = at[int(key)] if isinstance(at, list) else at[key]
    at[int(last) if isinstance(at, list) else last] = value
    return document


def test_all_that_a_tariff_can_say_is_read_and_written_back():
    assert document_of(terms_of(WHOLE)) == WHOLE
    assert terms_of(json.loads(json.dumps(WHOLE))) == terms_of(WHOLE)


def test_what_is_left_out_is_not_charged_capped_or_offered():
    assert terms_of({"bands": [ALWAYS]}) == Terms(bands=(Band(Steps(60, 150)),))


def test_terms_can_be_looked_up():
    assert {terms_of(WHOLE): 1}[terms_of(WHOLE)] == 1


def test_the_plainest_tariff():
    town = simple(free=15, step=60, step_price=150, day_cap=1200)
    assert terms_of(town) == Terms(
        bands=(Band(Steps(60, 150)),), free=Free(15), caps=(Cap("24h", 1200),), leave_within=15
    )


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("bands.3.charge.tiers.0.price", -1, "from 0 to 10000000"),
        ("bands.3.charge.tiers.0.price", 1.5, "Give a whole number"),
        ("bands.3.charge.tiers.0.price", "150", "Give a whole number"),
        ("bands.3.charge.tiers.0.price", True, "Give a whole number"),
        ("bands.3.charge.tiers.0.price", None, "Give a whole number"),
        ("bands.3.charge.tiers.0.price", 10**30, "from 0 to 10000000"),
        ("bands.3.charge.then.minutes", 0, "a number of minutes, from 1 to"),
        ("caps.0.amount", 0, "from 1 to"),
        ("bands.3.charge.kind", "laser", "Choose one of: steps, tiers, flat, free."),
        ("bands.3.charge", [], "Choose one of: steps, tiers, flat, free."),
        ("bands.3.charge.tiers", [], "List 1 to 60 of them."),
        ("bands.3.charge.then", "never", "Give an object with: minutes, price."),
        ("bands.2.from", "24:00", "Give a time of day from 00:00 to 23:59."),
        ("bands.2.from", "8:00", "Give a time of day from 00:00 to 23:59."),
        ("bands.2.from", 480, "Give a time of day from 00:00 to 23:59."),
        ("bands.2.days", "mon", "Give a list."),
        ("bands.2.days", ["monday"], "Choose one of: mon, tue, wed, thu, fri, sat, sun, holiday."),
        ("bands.0.dates", [["2026-12-24"]], "List 2 to 2 of them."),
        ("bands.0.dates", [["2026-12-26", "2026-12-24"]], "exchange them."),
        ("bands.0.dates", [["2026-02-30", "2026-03-01"]], "Give a date as 2026-12-24."),
        ("bands.0.name", "x" * 61, "Make it shorter: 60 characters at most."),
        ("bands.0.name", "Day\n", "Give a text."),
        ("crossing", "jump", "Choose one of: split, runs_on."),
        ("classes.motorcycle.percent", 1001, "from 0 to 1000"),
        ("groups", {"Residents!": {"percent": 50}}, "Name it in small letters"),
        ("holidays", "Narnia", "Give a calendar such as GB-ENG or DE-BY."),
        ("combine", 1, "Say true or false."),
        ("colour", "red", "Leave this out; there are: free, bands,"),
        ("bands.1.colour", "red", "Leave this out; there are: charge, name,"),
        ("free", 15, "Give an object with: minutes, when."),
    ],
)
def test_a_value_that_cannot_be_gets_a_sentence_at_its_place(path, value, sentence):
    found = errors(changed(path, value))
    assert len(found) == 1
    assert found[0][0].startswith(path)
    assert sentence in found[0][1]


@pytest.mark.parametrize(
    ("path", "value", "wrong", "sentence"),
    [
        # a gap
        ("bands.3.days", ["sat"], "bands.3", "There are times without a price"),
        ("bands", WHOLE["bands"][:1], "bands.0", "There are times without a price"),
        # an overlap
        ("bands.1.days", ["mon", "sun"], "bands.2", "end one where the other begins"),
        ("bands.1.days", [], "bands.1", "Nothing after this band ever applies"),
        ("bands.2.days", ["sun"], "bands.2", "end one where the other begins"),
        ("bands.0.name", "Day", "bands.3.name", "a name of its own"),
        # contradictions
        ("bands.2.to", None, "bands.2", "Say both from and to"),
        ("bands.0.days", ["mon"], "bands.0", "not both"),
        ("bands.3.charge.tiers.1.up_to", 60, "bands.3.charge.tiers.1.up_to", "over 60"),
        ("bands.3.charge.tiers.1.price", 199, "bands.3.charge.tiers.1.price", "200 at least"),
        ("caps.1.to", None, "caps.1", "Say from when to when"),
        ("caps.0.from", "08:00", "caps.0", "Only a window"),
        ("caps.0.resets_at", "08:00", "caps.0.resets_at", "Only caps of a day"),
        ("caps.2", WHOLE["caps"][0], "caps.2", "keep one of them"),
        ("offers.0.in_by", "05:00", "offers.0.in_by", "make two offers"),
        ("offers.0.out_by", "14:00", "offers.0.out_by", "exchange them"),
        ("holidays", None, "bands.1.days", "Choose a calendar"),
        ("minimum", 9001, "minimum", "9000 at most"),
        ("stacking", ["percent", "minutes", "money"], "stacking", "Minutes go first"),
        ("stacking", ["minutes", "percent"], "stacking", "once each"),
    ],
)
def test_what_does_not_hold_together_gets_a_sentence(path, value, wrong, sentence):
    (found,) = errors(changed(path, value))
    assert found[0] == wrong
    assert sentence in found[1]


def test_a_band_behind_others_that_hold_at_all_its_times_is_told():
    document = changed("bands.2.days", ["sun"])
    document["bands"][2].update({"from": "08:00", "to": "10:00"})
    (found,) = errors(document)
    assert found == (
        "bands.2",
        "This band never applies: the bands before it hold at all of its times. Take it away.",
    )


def test_an_exception_within_a_longer_band_is_fine():
    special = {**ALWAYS, "name": "Market", "days": ["sat"], "from": "10:00", "to": "12:00"}
    weekend = {**ALWAYS, "name": "Weekend", "days": ["sat", "sun"]}
    assert len(terms_of({"bands": [special, weekend, ALWAYS]}).bands) == 3


def test_everything_wrong_is_told_at_once():
    document = changed("bands.0.charge.price", -5)
    document["bands"][1]["charge"] = {"kind": "steps"}
    document["free"]["minutes"] = "soon"
    assert [path for path, _ in errors(document)] == [
        "free.minutes",
        "bands.0.charge.price",
        "bands.1.charge.minutes",
        "bands.1.charge.price",
    ]


@pytest.mark.parametrize("document", [None, [], "free", 5, {}, {"bands": []}, {"bands": None}])
def test_what_is_no_tariff_at_all_gets_a_sentence_too(document):
    assert len(errors(document)) == 1
