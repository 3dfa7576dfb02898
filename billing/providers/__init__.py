"""Payment providers: who takes the money. One line in the table registers one."""

import re
from dataclasses import dataclass
from importlib import import_module

MOST_MONEY = 2**31 - 1  # what every database keeps

PROVIDERS = {"mock": "billing.providers.mock:Mock"}


@dataclass(frozen=True)
class PaidEvent:
    """What a provider's signed webhook says: this checkout was paid with this much."""

    provider: str
    id: str
    reference: str
    amount: int
    currency: str


class BadSignature(Exception):  # noqa: N818
    """The webhook was not sent by the provider, or too long ago."""


class NotAnEvent(ValueError):  # noqa: N818
    """The webhook is signed, but says nothing that can be understood; the message says what."""


def provider(name):
    """The provider of this name. It has `page(checkout, request)` -> address of the hosted card
    page, `read(request, now)` -> PaidEvent or None for an event of no interest (raises
    `BadSignature`, `NotAnEvent`), and `refund(payment, amount)`. Raises KeyError with the choices."""
    if name not in PROVIDERS:
        raise KeyError(f"no payment provider '{name}'; there are: {', '.join(sorted(PROVIDERS))}")
    module, class_name = PROVIDERS[name].split(":")
    return getattr(import_module(module), class_name)()


def text(event, key, longest=100):
    """The text under this key of a provider's event (a dict). Raises `NotAnEvent`."""
    value = event.get(key)
    # The databases keep neither NUL nor half a character.
    if not isinstance(value, str) or not re.fullmatch(f"[^\0\ud800-\udfff]{{1,{longest}}}", value):
        raise NotAnEvent(f"'{key}' must be a text of 1 to {longest} characters.")
    return value


def whole(event, key):
    """The whole number under this key of a provider's event (a dict). Raises `NotAnEvent`."""
    value = event.get(key)
    if type(value) is not int or abs(value) > MOST_MONEY:  # True is an int as well
        raise NotAnEvent(f"'{key}' must be a whole number of at most {MOST_MONEY}.")
    return value
