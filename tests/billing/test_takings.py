"""The day's money adds up to the ledger however it is cut, and leaves the house without harm."""

import csv
import io
from datetime import UTC, date, datetime
from datetime import timedelta as td
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from billing import exports, takings
from billing.models import Payment
from tests.billing.town import NOON, car

DAY = date(2026, 6, 1)
# London's clock is one hour ahead of UTC in June: 23:30 UTC is the next day.
LATE = datetime(2026, 5, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def paid(town):
    """What was paid on one day: (time, amount, provider, exit lane, why)."""

    def pay(at, amount, provider="cash", lane="", why="", plate=""):
        number = Payment.objects.count()
        session = car(town, plate=f"{plate}CAR{number}", ago=td(hours=2), now=NOON, left_by=lane)
        return Payment.objects.create(
            session=session,
            amount=amount,
            currency="GBP",
            provider=provider,
            reference=str(number),
            paid_at=at,
            why=why,
        )

    return pay


@pytest.fixture
def a_day(paid, town):
    paid(LATE, 100, "stripe", "north")
    paid(NOON, 250, "cash", "south")
    paid(NOON, 250, "stripe", "north")
    paid(NOON + td(hours=1), -50, "stripe", "north", why="a step too many")
    paid(LATE + td(hours=24), 999)  # the next day
    paid(LATE - td(minutes=31), 999)  # the day before
    return takings.added_up(takings.entries(town, DAY, DAY), DAY, DAY)


def test_a_day_is_the_car_parks_own(a_day):
    whole = a_day.whole
    assert (whole.paid, whole.back, whole.net, whole.payments) == (600, -50, 550, 3)


def test_every_way_comes_to_the_same(a_day):
    for sums in [*[way.values() for way in a_day.ways.values()], a_day.hours]:
        assert sum(one.net for one in sums) == 550


def test_what_was_paid_where(a_day):
    net = {words: {name: one.net for name, one in way.items()} for words, way in a_day.ways.items()}
    assert net == {
        "How": {"card": 300, "cash": 250},
        "Prices": {"version 1": 550},
        "Exit": {"north": 300, "south": 250},
    }
    assert [hour for hour, one in enumerate(a_day.hours) if one.net] == [0, 13, 14]


@pytest.mark.parametrize(
    ("amount", "rate", "tax"),
    [(120, 2000, 20), (-120, 2000, -20), (100, 2000, 17), (100, 0, 0), (3, 2000, 1), (2, 2000, 0)],
)
def test_tax_is_in_the_price(a_day, amount, rate, tax):
    facts = dict.fromkeys(takings.Entry.__dataclass_fields__)
    assert takings.Entry(**{**facts, "amount": amount, "rate": rate}).tax == tax


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_csv_sums_to_the_ledger(a_day, town):
    told = rows("".join(exports.as_csv(takings.entries(town, DAY, DAY))))
    assert [row["amount"] for row in told] == ["1.00", "2.50", "2.50", "-0.50"]
    assert sum(Decimal(row["amount"]) for row in told) * 100 == a_day.whole.net
    assert told[3]["why"] == "a step too many"
    assert (told[0]["date"], told[0]["time"], told[0]["zone"]) == ("2026-06-01", "00:30:00", "BST")


def test_the_spreadsheet_sums_to_the_ledger(a_day, town):
    with exports.as_xlsx(takings.entries(town, DAY, DAY)) as file:
        sheet = load_workbook(file).active
    head, *told = sheet.iter_rows(values_only=True)
    amounts = [row[head.index("amount")] for row in told]
    assert amounts == [1, 2.5, 2.5, -0.5]


@pytest.mark.parametrize(
    "why", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "|calc", "%0A=1"]
)
def test_no_text_is_a_formula(paid, town, why):
    paid(NOON, 100, why=why)
    (row,) = rows("".join(exports.as_csv(takings.entries(town, DAY, DAY))))
    assert row["why"].startswith("'")
    with exports.as_xlsx(takings.entries(town, DAY, DAY)) as file:
        sheet = load_workbook(file).active
    cell = sheet.cell(2, exports.HEAD.index("why") + 1)
    assert (cell.data_type, cell.value[0]) == ("s", "'")


def test_characters_that_no_spreadsheet_holds_are_left_out(paid, town):
    paid(NOON, 100, why="a\x01b")
    with exports.as_xlsx(takings.entries(town, DAY, DAY)) as file:
        assert load_workbook(file).active.cell(2, exports.HEAD.index("why") + 1).value == "ab"


def test_no_plate_leaves_with_the_ledger(paid, town):
    paid(NOON, 100, plate="SECRET")
    assert "SECRET" not in "".join(exports.as_csv(takings.entries(town, DAY, DAY)))


def test_a_version_that_was_withdrawn_took_no_money(paid, town):
    """It was to begin before the stay came in, and was taken back before that."""
    starts = NOON - td(days=1)
    terms = town.tariffs.get().terms | {"tax": {"name": "VAT", "rate": 2000, "included": True}}
    town.tariffs.create(version=2, starts_at=starts, terms=terms, withdrawn_at=starts - td(hours=1))
    paid(NOON, 600)
    (entry,) = takings.entries(town, DAY, DAY)
    assert (entry.version, entry.tax) == (1, 0)
