"""The form of the prices: what is typed becomes terms, and terms are shown as they were typed."""

import pytest

from billing.prices.preview import whole
from billing.prices.sheet import Sheet, changed, flat, posted, typed_of
from billing.rules.beginnings import BEGINNINGS
from billing.rules.terms import simple


def typed(document, **basics):
    """What a browser posts of a sheet that shows this document, with some fields of the basics changed."""
    first = typed_of(whole(document))
    sheet = Sheet("GBP", first=first)
    first = {
        "basics": {**_shown(sheet.basics), "begins": "now", **basics},
        **{kind: [_row(form) for form in rows] for kind, rows in sheet.rows.items()},
    }
    return flat(first)


def _shown(form):
    return {name: form[name].value() for name in form.fields}


def _row(form):
    tiers = {"tiers": [_shown(tier) for tier in form.tiers]} if hasattr(form, "tiers") else {}
    return {**_shown(form), **tiers}


def read(data):
    sheet = Sheet("GBP", data=data)
    sheet.is_valid()
    return sheet


EVERYTHING = {
    "free": {"minutes": 10, "when": "always"},
    "bands": [
        {
            "name": "Fair",
            "dates": [["2026-12-24", "2026-12-26"], ["2026-12-31", "2026-12-31"]],
            "charge": {"kind": "flat", "price": 500},
        },
        {
            "name": "Day",
            "days": ["mon", "holiday"],
            "from": "08:00",
            "to": "18:00",
            "charge": {
                "kind": "tiers",
                "tiers": [{"up_to": 60, "price": 200}, {"up_to": 90, "price": 350}],
                "then": {"minutes": 30, "price": 100},
            },
            "cap": 900,
        },
        {"name": "Night", "charge": {"kind": "steps", "minutes": 20, "price": 25}},
    ],
    "crossing": "runs_on",
    "tiers_count": "band",
    "caps": [
        {"per": "24h", "amount": 1200},
        {"per": "window", "amount": 300, "from": "18:00", "to": "06:00"},
        {"per": "vehicle_day", "amount": 2000, "resets_at": "04:00"},
    ],
    "offers": [
        {
            "name": "Early bird",
            "price": 700,
            "days": ["mon"],
            "in_from": "05:00",
            "in_by": "09:00",
            "out_from": "15:00",
            "out_by": "19:00",
            "nights": 0,
        },
    ],
    "classes": {"motorcycle": {"percent": 50}},
    "groups": {"resident": {"percent": 0}, "staff": {"percent": 20}},
    "per_pass": 100,
    "no_return": {"minutes": 120, "then": "one_stay"},
    "minimum": 50,
    "maximum": 5000,
    "rounding": {"to": 10, "how": "nearest"},
    "grace_at_end": 10,
    "leave_within": 20,
    "tax": {"name": "VAT", "rate": 1750, "included": False},
    "holidays": "GB-ENG",
    "stacking": ["minutes", "money", "percent"],
    "combine": False,
    "declared_not_monotone": True,
}


@pytest.mark.parametrize(
    "document",
    [
        EVERYTHING,
        simple(free=15, step=60, step_price=150, day_cap=1200),
        *(beginning.document for beginning in BEGINNINGS.values()),
    ],
)
def test_what_is_shown_is_typed_back_as_it_was(document):
    sheet = read(typed(document))
    assert list(sheet.lacking) == []
    assert whole(sheet.document) == whole(document)


TOWN = simple(free=15, step=60, step_price=150, day_cap=1200)


@pytest.mark.parametrize(
    ("field", "words", "at", "sentence"),
    [
        ("bands-0-price", "-1", "id_bands-0-price", "A price is never less than nothing."),
        ("bands-0-price", "1.505", "id_bands-0-price", "There is no smaller coin than 0.01"),
        ("bands-0-price", "999999999", "id_bands-0-price", "Type at most 100000.00."),
        ("bands-0-price", "", "id_bands-0-price", "Type a price, such as 1.50."),
        ("bands-0-minutes", "0", "id_bands-0-minutes", "Type more than nothing"),
        ("bands-0-minutes", "soon", "id_bands-0-minutes", "Type whole minutes"),
        ("bands-0-minutes", "999 days", "id_bands-0-minutes", "Type at most a year."),
        ("bands-0-starts", "25:00", "id_bands-0-starts", "Type a time of day"),
        ("bands-0-dates", "Christmas", "id_bands-0-dates", "Type dates such as"),
        ("bands-0-kind", "barter", "id_bands-0-kind", "Select a valid choice"),
        ("caps-0-amount", "0", "id_caps-0-amount", "Type more than nothing"),
        ("minimum", "60", "id_minimum", ""),
        ("holidays", "ATLANTIS", "id_holidays", "No public holidays are known for that."),
        ("tax_rate", "20", "id_tax_name", "Type the tax's name"),
        ("starts_at", "yesterday", "id_starts_at", "Enter a valid date/time."),
        ("leave_within", "", "id_leave_within", "Type a time, such as 30 min."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field, words, at, sentence):
    data = typed(TOWN, maximum="50")
    data.setlist(field, [words])
    sheet = read(data)
    told = {where: said for where, _, said in sheet.lacking}
    assert sheet.document is None
    assert list(told) == [at]
    assert told[at].startswith(sentence)
    assert sheet.basics.data.get(field) == words  # nothing that was typed is lost


def test_a_gap_is_told_where_it_is():
    data = typed(TOWN)
    data.setlist("bands-0-days", ["mon"])
    (told,) = read(data).lacking
    assert told[1:] == (
        "Band 1, ",
        "There are times without a price: let the last band hold always, with no days or hours.",
    )


def test_overlapping_bands_are_told_where_they_are():
    day = {"charge": {"kind": "flat", "price": 100}, "days": ["mon"]}
    bands = [
        {**day, "name": "Morning", "from": "08:00", "to": "13:00"},
        {**day, "name": "Noon", "from": "12:00", "to": "14:00"},
        {"name": "Else", "charge": {"kind": "free"}},
    ]
    data = typed({"bands": bands[2:]})
    first = typed_of({**whole({"bands": bands[2:]}), "bands": [*map(_whole_band, bands)]})
    data = flat({**posted(data), "bands": _texts(first["bands"])})
    (told,) = read(data).lacking
    assert told[1:] == (
        "Band 2, ",
        "'Morning' and 'Noon' hold at some of the same times: end one where the other begins.",
    )


def _whole_band(band):
    return {"days": [], "dates": [], "from": None, "to": None, "cap": None, **band}


def _texts(bands):
    sheet = Sheet("GBP", first={"bands": bands})
    return [_row(form) for form in sheet.rows["bands"]]


def test_a_table_that_falls_or_goes_back_is_told_in_its_row():
    data = typed(EVERYTHING)
    data.setlist("bands-1-tiers-1-up_to", ["1 h"])
    data.setlist("bands-1-tiers-1-price", ["1.00"])
    assert [(at, said) for at, _, said in read(data).lacking] == [
        ("id_bands-1-tiers-1-up_to", "Longer than 1 h, please."),
        ("id_bands-1-tiers-1-price", "A longer stay must not cost less than the row above."),
    ]


def test_too_many_rows_are_too_many():
    data = typed(TOWN)
    data.setlist("bands-TOTAL_FORMS", ["100000"])
    told = [said for _, _, said in read(data).lacking]
    assert "There are too many rows: take one away." in told


def test_a_form_that_lost_its_counts_says_so():
    data = typed(TOWN)
    del data["caps-TOTAL_FORMS"]
    assert [said for _, _, said in read(data).lacking] == [
        "Something of the form was lost on the way. Load the page again."
    ]


def test_rows_are_added_moved_and_taken_away():
    first = posted(typed(EVERYTHING))
    assert changed(first, "add:bands")[1] == "bands-3"
    assert len(first["bands"]) == 4
    assert changed(first, "remove:bands:3")[1] == "add:bands"
    assert changed(first, "up:bands:2")[1] == "bands-1"
    assert [band["name"] for band in first["bands"]] == ["Fair", "Night", "Day"]
    assert changed(first, "add:bands-2-tiers")[1] == "bands-2-tiers-2"
    assert changed(first, "remove:bands-2-tiers:0")[1] == "add:bands-2-tiers"
    assert [tier["up_to"] for tier in first["bands"][2]["tiers"][:1]] == ["1 h 30 min"]


@pytest.mark.parametrize(
    "do",
    ["remove:bands:9", "remove:bands:-1", "up:bands:0", "add:nothing", "add:bands-9-tiers", "add"],
)
def test_what_asks_for_a_row_that_is_not_there_changes_nothing(do):
    before = posted(typed(EVERYTHING))
    assert changed(posted(typed(EVERYTHING)), do) == (before, "")
