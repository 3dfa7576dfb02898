"""Payment providers: who takes the money. One line in the table registers one."""

from dataclasses import dataclass
from importlib import import_module

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


def provider(name):
    """The provider of this name. It has `page(checkout, request)` -> address of the hosted card
    page, `read(request, now)` -> PaidEvent or None for an event of no interest (raises
    `BadSignature`), and `refund(payment, amount)`. Raises KeyError with the choices."""
    if name not in PROVIDERS:
        raise KeyError(f"no payment provider '{name}'; there are: {', '.join(sorted(PROVIDERS))}")
    module, class_name = PROVIDERS[name].split(":")
    return getattr(import_module(module), class_name)()
