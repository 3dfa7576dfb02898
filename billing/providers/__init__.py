"""Payment providers: who takes the money. One entry in the table registers one.

A provider decides nothing. What it may be asked, and what it answers:

- `page(checkout, request)` -> address of its card page for this promise. Asked twice it is one page.
- `read(request, now)` -> what its webhook tells: a `PaidEvent`, `CardSaved` or `Refunded`; None for what is
  of no interest. Raises `BadSignature`, `NotAnEvent`.
- `look(checkout)` -> the `PaidEvent` of a checkout whose webhook may have been lost, or None: not paid.
- `missed(since)` -> events that it told since then (aware UTC), as `read` would give them.
- `expire(checkout)` -> True: nobody can pay it any more; False: it was paid meanwhile.
- `refund(payment, amount, key)` -> `Refunded`; `again(refund)` -> how a refund stands that was pending.
- `save_card(agreement, request)` -> address where a driver saves a card. An agreement has `reference` (ours),
  `car_park` and `get_absolute_url()`, where its driver comes back to. `CardSaved` follows by webhook.
- `charge(card, amount, currency, key, about)` -> `Charged`. Raises `Declined`.

Amounts are integers in the currency's smallest unit. A `key` names one business action for ever: asked
again with the same key, nothing happens twice. Each of them raises `Unreachable` when the provider does not
answer as it should; then nothing is known, and it may be asked again with the same key.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib import import_module

MOST_MONEY = 2**31 - 1  # what every database keeps


class Can(StrEnum):
    """What a way of paying can do by machine."""

    PAGE = "page"  # a card page, told by webhook, closed and looked up when asked
    CHARGE = "charge"  # a card that was saved, without its driver
    REFUND = "refund"  # money back to where it came from; other ways give it back by hand


@dataclass(frozen=True)
class Way:
    """One way of paying: what people call it, what it can do, and where that is written."""

    called: str
    can: frozenset = frozenset()
    where: str = ""


CARDS = frozenset(Can)
PROVIDERS = {
    "mock": Way("practice card", CARDS, "billing.providers.mock:Mock"),
    "stripe": Way("card", CARDS, "billing.providers.stripe:Stripe"),
    "cash": Way("cash"),
    "terminal": Way("card terminal"),
}


@dataclass(frozen=True)
class PaidEvent:
    """What a provider says: this checkout (`reference`, ours) was paid with this much.

    `charge` is the provider's own name of the movement of money: two charges of one checkout are two.
    """

    provider: str
    id: str
    reference: str
    amount: int
    currency: str
    charge: str = ""


@dataclass(frozen=True)
class Card:
    """A saved card: names that mean something to its provider only, and what a person knows it by."""

    provider: str
    customer: str
    token: str = field(repr=False)
    brand: str = ""
    last4: str = ""
    expires: str = ""  # "2030-04"; empty where the provider does not say


@dataclass(frozen=True)
class CardSaved:
    """The driver of the agreement `reference` (ours) saved this card."""

    provider: str
    id: str
    reference: str
    card: Card


class Back(StrEnum):
    """How money that is to go back stands."""

    DONE = "done"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True)
class Refunded:
    """How a refund stands. `key` is ours, `reference` the provider's; `why` it failed, as a sentence."""

    provider: str
    id: str
    key: str
    reference: str
    amount: int
    currency: str
    state: Back = Back.DONE
    why: str = ""


@dataclass(frozen=True)
class Charged:
    """A saved card was charged; `reference` is the provider's own name of the movement of money."""

    reference: str
    amount: int
    currency: str
    at: datetime | None = None


class BadSignature(Exception):  # noqa: N818
    """The webhook was not sent by the provider, or too long ago."""


class NotAnEvent(ValueError):  # noqa: N818
    """The webhook is signed, but says nothing that can be understood; the message says what."""


class Declined(Exception):  # noqa: N818
    """The card's bank said no. `sentence` is for the driver; `code` is the provider's word, for the log."""

    def __init__(self, sentence, code=""):
        super().__init__(sentence)
        self.sentence, self.code = sentence, code


class Unreachable(Exception):  # noqa: N818
    """The provider did not answer, or not as it should: whether money moved is not known."""

    def __init__(self, sentence="The card company does not answer at the moment."):
        super().__init__(sentence)
        self.sentence = sentence


class CannotDo(KeyError):  # noqa: N818
    """There is no such provider, or it cannot do what is asked; the message says which can."""


def provider(name, can=Can.PAGE):
    """The provider of this name, which can do that. Raises `CannotDo` (a KeyError) with the choices."""
    if not able(name, can):
        choices = ", ".join(sorted(one for one in PROVIDERS if able(one, can)))
        raise CannotDo(f"no payment provider '{name}' for {can.value}; there are: {choices}")
    module, class_name = PROVIDERS[name].where.split(":")
    return getattr(import_module(module), class_name)()


def able(name, can):
    """Whether the way of paying of this name exists and can do that by machine."""
    return name in PROVIDERS and can in PROVIDERS[name].can


def called(name):
    """What people call this way of paying."""
    return PROVIDERS[name].called if name in PROVIDERS else name


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
