"""Money as people write it."""

import re

from django import template

from billing.providers import called
from billing.rules.typed import percent_typed

register = template.Library()

# Currencies with another number of decimals than two (ISO 4217).
NONE = [
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
]
THREE = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
DECIMALS = dict.fromkeys(NONE, 0) | dict.fromkeys(THREE, 3)


@register.filter
def money(amount, currency):
    """350, "GBP" -> "3.50 GBP". Amounts are integers in the currency's smallest unit."""
    if amount is None:
        return ""
    decimals = DECIMALS.get(currency, 2)
    sign, digits = "-" if amount < 0 else "", str(abs(amount)).rjust(decimals + 1, "0")
    if not decimals:
        return f"{sign}{digits} {currency}"
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]} {currency}"


@register.filter
def hundredths(number):
    """2000 -> "20", 1950 -> "19.5": hundredths as people write them."""
    return percent_typed(number)


@register.filter
def way(provider):
    """ "stripe" -> "card": what people call a way of paying."""
    return called(provider)


def typed(text, currency):
    """ "3.50", "GBP" -> 350; a comma is a point too. Raises ValueError with a sentence."""
    decimals = DECIMALS.get(currency, 2)
    whole = re.fullmatch(r"([0-9]{1,7})(?:[.,]([0-9]+))?", text.strip(), re.ASCII)
    fraction = (whole and whole[2]) or ""
    if not whole or len(fraction) > decimals:
        example = money(1250 if decimals else 12, currency).partition(" ")[0]
        raise ValueError(f"Type an amount of money in {currency}, such as {example}.")
    return int(whole[1] + fraction.ljust(decimals, "0"))
