"""Money as people write it."""

import pytest

from billing.templatetags.money import money


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (350, "GBP", "3.50 GBP"),
        (0, "EUR", "0.00 EUR"),
        (5, "EUR", "0.05 EUR"),
        (-5, "EUR", "-0.05 EUR"),
        (1200, "JPY", "1200 JPY"),
        (0, "JPY", "0 JPY"),
        (1, "KWD", "0.001 KWD"),
        (12_345, "OMR", "12.345 OMR"),
        (None, "GBP", ""),
    ],
)
def test_money_is_written_with_its_currency(amount, currency, written):
    assert money(amount, currency) == written
