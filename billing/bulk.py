"""Many stays priced at once, by the version that was in force and by other terms, with a few questions to
the database for all of them together."""

from bisect import bisect_right
from collections import defaultdict

from django.db.models import Exists, OuterRef

from billing.models import Checkout, Payment
from billing.prices import lines_of
from billing.rules import tariffs
from billing.rules.comparing import Compared
from billing.rules.terms import terms_of
from parking.models import Confirmation, Permit, not_ended
from parking.rules.matching import rows_of
from parking.rules.permits import joined


class Prices:
    """The versions of a car park's prices, and other `terms` (a document) beside them."""

    def __init__(self, car_park, document):
        self.car_park, self.terms = car_park, terms_of(document)
        standing = car_park.tariffs.filter(withdrawn_at=None).order_by("starts_at")
        self.versions = [(version.starts_at, version.rules) for version in standing]

    def compared(self, stays):
        """Each of these stays (that have left) under both prices."""
        facts = _Facts(self.car_park, stays)
        for stay in stays:
            until, covered = facts.of(stay)
            then, now = (
                self._fee(terms, stay, until, covered) for terms in (self._then(stay), self.terms)
            )
            yield Compared(stay.entered_at.isoformat(), stay.left_at.isoformat(), then, now)

    def _then(self, stay):
        """The terms in force when it came in; the first ones for older stays, as `Tariff.in_force` says."""
        if not self.versions:
            return None
        place = bisect_right(self.versions, stay.entered_at, key=lambda version: version[0])
        return self.versions[max(0, place - 1)][1]

    def _fee(self, terms, stay, until, covered):
        return tariffs.total(lines_of(terms, self.car_park, stay.entered_at, until, covered))


class _Facts:
    """What the prices of some stays depend on besides their times, fetched for all of them."""

    def __init__(self, car_park, stays):
        self.zone = car_park.zone
        self.permits = defaultdict(list)
        looks = {stay.folded for stay in stays}
        if stays:
            first = min(stay.entered_at for stay in stays)
            rows = Permit.objects.filter(not_ended(first), car_park=car_park, folded__in=looks)
            for permit in rows.select_related("pool"):
                self.permits[permit.folded].append(permit)
        self.confirmed = defaultdict(list)
        for one in Confirmation.objects.filter(session__in=stays, withdrawn_at=None):
            self.confirmed[one.session_id].append(one)
        self.paid_for = {}
        ours = Payment.objects.filter(
            provider=OuterRef("provider"), reference=OuterRef("reference")
        )
        paid = Checkout.objects.filter(Exists(ours), session__in=stays).order_by("quoted_at")
        for checkout in paid:
            self.paid_for[checkout.session_id] = checkout.priced_until

    def of(self, stay):
        """Up to when it is charged, and the parts of it that cost nothing (as `quotes.covered_parts`)."""
        until = max(stay.left_at, stay.entered_at)
        if stay.settled_until is not None and until <= stay.settled_until:
            until = min(self.paid_for.get(stay.pk, until), until)
        return until, self._covered(stay, until)

    def _covered(self, stay, until):
        start, zone = stay.entered_at, self.zone
        rights = [*self._following(stay, until), *([stay.permit] if stay.permit else [])]
        permitted = joined(*(right.spans(start, until, zone) for right in rights))
        first = max((one.span(start, until)[1] for one in self.confirmed[stay.pk]), default=start)
        parts = [(tariffs.Rule.ENTITLED, start, first)] if first > start else []
        for begins, ends in permitted:
            if ends > first:
                parts.append((tariffs.Rule.PERMIT, max(begins, first), ends))
        return parts

    def _following(self, stay, until):
        running = [row for row in self.permits[stay.folded] if row.runs(until)]
        rows = rows_of(stay.plate, running) or running
        return [row for row in rows if not row.right.granted]
