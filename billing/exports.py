"""The ledger for accountants: the same lines as CSV and as a spreadsheet."""

import csv
import re
import tempfile
from decimal import Decimal

from openpyxl import Workbook

from billing.providers import called
from billing.templatetags.money import DECIMALS, money

HEAD = [
    *("number", "date", "time", "zone", "amount", "currency", "tax", "tax rate %", "paid by"),
    *(
        "reference",
        "receipt",
        "stay",
        "came in",
        "left",
        "exit",
        "prices",
        "shift",
        "person",
        "why",
    ),
]
AMOUNTS = (4, 6)  # the places of money in a row
# A spreadsheet takes a text that begins so for a formula, and runs it.
FORMULA = re.compile(r"^\s*[=+\-@\t\r\n|%]")


class Echo:
    """A file that gives back what is written, for a response that is sent while it is made."""

    def write(self, text):
        return text


def row(entry):
    """A line as what the columns of `HEAD` hold; money as (smallest unit, currency)."""
    return [
        entry.number,
        f"{entry.at:%Y-%m-%d}",
        f"{entry.at:%H:%M:%S}",
        f"{entry.at:%Z}",
        (entry.amount, entry.currency),
        entry.currency,
        (entry.tax, entry.currency),
        entry.rate / 100,
        called(entry.provider),
        entry.reference,
        entry.receipt,
        entry.stay,
        f"{entry.entered:%Y-%m-%d %H:%M}",
        f"{entry.left:%Y-%m-%d %H:%M}" if entry.left else "",
        entry.lane,
        entry.version or "",
        entry.shift or "",
        entry.by,
        entry.why,
    ]


def harmless(value):
    """A text that no spreadsheet runs; other values as they are."""
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    return value


def as_csv(found):
    """The lines of a CSV file, one after the other, as text."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(HEAD)  # a spreadsheet learns from it that this is UTF-8
    for entry in found:
        yield writer.writerow(
            [
                _written(value) if isinstance(value, tuple) else harmless(value)
                for value in row(entry)
            ]
        )


def _written(amount):
    return money(*amount).partition(" ")[0]


def as_xlsx(found):
    """A spreadsheet in a temporary file, read from its beginning."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Ledger")
    sheet.freeze_panes = "A2"
    sheet.append(HEAD)
    for entry in found:
        sheet.append(
            [_number(value) if isinstance(value, tuple) else _plain(value) for value in row(entry)]
        )
    file = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _number(amount):
    smallest, currency = amount
    return Decimal(smallest).scaleb(-DECIMALS.get(currency, 2))


def _plain(value):
    """Neither a formula nor a character that a spreadsheet's file may not hold."""
    if isinstance(value, str):
        value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", value)
    return harmless(value)
