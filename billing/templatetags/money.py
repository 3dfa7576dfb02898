"""Money as people write it."""

from django import template

register = template.Library()

# Currencies without, or with another number of, decimals than two (ISO 4217).
DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "HUF": 2, "BHD": 3, "KWD": 3, "TND": 3}


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
