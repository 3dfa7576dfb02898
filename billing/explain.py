"""Why a receipt says what it says: its lines computed again from the facts that were kept with it, alone.

A checkout keeps the terms and the facts of the stay that its price came from. Nothing else is asked: not the
stay as it is now, not the tariff, not a calendar.
"""

from dataclasses import dataclass
from itertools import zip_longest

from billing.models import Checkout, Payment
from billing.rules import tariffs
from billing.rules.stays import facts_of, stay_of
from billing.rules.terms import document_of, terms_of


class NotKept(Exception):  # noqa: N818
    """This price was promised by a version that did not keep its facts yet."""


@dataclass(frozen=True)
class Basis:
    """What a price comes from: the version of the tariff, its `Terms` and the `Stay`."""

    version: int
    terms: object
    stay: tariffs.Stay


@dataclass(frozen=True)
class Difference:
    """A line that a receipt shows and the one that its facts give; None where there is none."""

    receipt: str
    shown: tariffs.Line | None
    computed: tariffs.Line | None


@dataclass(frozen=True)
class Checked:
    """All receipts computed again. `unexplained`: how many are from before facts were kept."""

    receipts: int
    lines: int
    unexplained: int
    differences: tuple[Difference, ...]

    @property
    def sentence(self):
        said = f"Receipts computed again from their facts: {self.receipts}; lines: {self.lines}; "
        said += f"differences: {len(self.differences)}"
        return f"{said}; without facts: {self.unexplained}" if self.unexplained else said


def kept(basis):
    """A `Basis` as plain values that JSON can keep; {} for none."""
    if basis is None:
        return {}
    return {
        "version": basis.version,
        "terms": document_of(basis.terms),
        "stay": facts_of(basis.stay),
    }


def recompute(checkout):
    """The lines of a checkout's price, from its kept facts alone. Raises `NotKept`."""
    if not checkout.basis:
        raise NotKept(NotKept.__doc__)
    return tariffs.fee(terms_of(checkout.basis["terms"]), stay_of(checkout.basis["stay"]))


def differences(checkout):
    """Each line that a checkout shows and its facts do not give, and the other way round."""
    pairs = zip_longest(checkout.fee_lines, recompute(checkout))
    return [
        Difference(checkout.reference, shown, computed)
        for shown, computed in pairs
        if shown != computed
    ]


def check():
    """Compute every receipt again; returns `Checked`."""
    receipts = lines = unexplained = 0
    found = []
    for checkout in _paid():
        try:
            found += differences(checkout)
        except NotKept:
            unexplained += 1
            continue
        receipts += 1
        lines += len(checkout.lines)
    return Checked(receipts, lines, unexplained, tuple(found))


def _paid():
    """The checkouts that brought a payment, each with what its receipt is printed from."""
    payments = set(Payment.objects.values_list("provider", "reference"))
    for checkout in Checkout.objects.order_by("pk").iterator():
        if (checkout.provider, checkout.reference) in payments:
            yield checkout
