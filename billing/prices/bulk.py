"""Many stays priced at once, by the version that was in force and by other terms, with a few questions to
the database for all of them together."""

from bisect import bisect_right
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q, Sum

from billing.models import Checkout, Payment, Validation
from billing.prices.preview import fee_of
from billing.quotes import cheapest_group, covered_by, looks_back
from billing.rules.comparing import Compared
from billing.rules.stays import CAR, Earlier, Validated
from billing.rules.terms import terms_of
from parking.models import Confirmation, Permit, not_ended
from parking.rules.matching import rows_of


class Prices:
    """The versions of a car park's prices, and other terms (a document) beside them."""

    def __init__(self, car_park, document):
        self.car_park, self.terms = car_park, terms_of(document)
        standing = car_park.tariffs.standing().order_by("starts_at")
        self.versions = [(version.starts_at, version.rules) for version in standing]

    def compared(self, stays):
        """Each of these stays (that have left) under both prices, as `Compared`."""
        back = max(map(looks_back, [self.terms, *(terms for _, terms in self.versions)]))
        facts = _Facts(self.car_park, stays, back)
        for stay in stays:
            until, covered, rights = facts.of(stay)
            then, now = (
                self._fee(terms, stay, until, covered, facts, rights)
                for terms in (self._then(stay), self.terms)
            )
            yield Compared(stay.entered_at.isoformat(), stay.left_at.isoformat(), then, now)

    def _then(self, stay):
        """The terms in force when it came in; the first ones for older stays, as `Tariff.in_force` says."""
        if not self.versions:
            return None
        place = bisect_right(self.versions, stay.entered_at, key=lambda version: version[0])
        return self.versions[max(0, place - 1)][1]

    def _fee(self, terms, stay, until, covered, facts, rights):
        if terms is None:
            return 0  # the car park had no prices
        return fee_of(
            terms,
            self.car_park,
            stay.entered_at,
            until,
            covered=covered,
            vehicle=stay.vehicle_class or CAR,
            group=cheapest_group(terms, rights),
            validated=tuple(facts.validated[stay.pk]),
            earlier=facts.earlier(stay, looks_back(terms)),
        )


class _Facts:
    """What the prices of some stays depend on besides their times, fetched for all of them."""

    def __init__(self, car_park, stays, back):
        self.car_park, self.zone = car_park, car_park.zone
        self.permits, self.confirmed = defaultdict(list), defaultdict(list)
        self.validated, self.visits = defaultdict(list), defaultdict(list)
        self.paid_for = {}
        if stays:
            self._fetch(stays, back)

    def _fetch(self, stays, back):
        looks = {stay.folded for stay in stays}
        entered = [stay.entered_at for stay in stays]
        lasting = Permit.objects.filter(not_ended(min(entered)), car_park=self.car_park)
        for permit in lasting.filter(folded__in=looks).select_related("pool"):
            self.permits[permit.folded].append(permit)
        for one in Confirmation.objects.filter(session__in=stays, withdrawn_at=None):
            self.confirmed[one.session_id].append(one)
        for one in Validation.objects.filter(session__in=stays, withdrawn_at=None):
            self.validated[one.session_id].append(Validated(one.kind, one.amount, one.name))
        ours = Payment.objects.filter(
            provider=OuterRef("provider"), reference=OuterRef("reference")
        )
        paid = Checkout.objects.filter(Exists(ours), session__in=stays).order_by("quoted_at")
        for checkout in paid:
            self.paid_for[checkout.session_id] = checkout.priced_until
        if back:
            self._fetch_visits(looks, min(entered) - back, max(entered))

    def _fetch_visits(self, looks, since, until):
        """The stays of the same vehicles that may have been just before these."""
        ours = Sum("payments__amount", filter=Q(payments__currency=self.car_park.currency))
        before = self.car_park.sessions.filter(
            folded__in=looks, voided_at=None, left_at__gte=since, left_at__lte=until
        )
        for one in before.annotate(cost=ours).order_by("-left_at", "-pk"):
            self.visits[one.folded].append(one)

    def of(self, stay):
        """Up to when it is charged, the parts of it that cost nothing, and its permits."""
        until = max(stay.left_at, stay.entered_at)
        if stay.settled_until is not None and until <= stay.settled_until:
            until = min(self.paid_for.get(stay.pk, until), until)
        rights = [*self._following(stay, until), *filter(None, [stay.permit])]
        times = stay.entered_at, until, self.zone
        return until, tuple(covered_by(rights, self.confirmed[stay.pk], *times)), rights

    def earlier(self, stay, back):
        """Its vehicle's stays within `back` before it, as `billing.quotes` looks them up."""
        if not back:
            return ()
        before = [
            one
            for one in self.visits[stay.folded]
            if stay.entered_at - back <= one.left_at <= stay.entered_at and one.pk != stay.pk
        ]
        ours = rows_of(stay.plate, before)
        return tuple(Earlier(one.entered_at, one.left_at, one.cost or 0) for one in ours)

    def _following(self, stay, until):
        running = [row for row in self.permits[stay.folded] if row.runs(until)]
        rows = rows_of(stay.plate, running) or running
        return [row for row in rows if not row.right.granted]
