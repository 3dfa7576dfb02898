"""Money as people write it."""

from django import template

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
    whole, rest = divmod(number, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")
