"""The top bar: how full, and how much money today."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Sum
from django.utils import timezone

from billing.models import Payment
from gates.occupancy import occupied
from gates.views.live import refreshed
from parking.access import may
from parking.rules.occupancy import Occupancy

FULL = 100  # percent


@dataclass(frozen=True)
class Site:
    """`occupied` by visitors (an `Occupancy`); `permits` inside; `takings` today, None if not to be
    seen."""

    car_park: object
    occupied: Occupancy
    permits: int
    takings: int | None

    @property
    def filled(self):
        """How much of the bar is filled for certain (percent)."""
        return self._share(self.occupied.low)

    @property
    def perhaps(self):
        """How much more of it may be filled (percent)."""
        return self._share(self.occupied.high) - self.filled

    @property
    def free(self):
        """The fewest and the most places that are free."""
        return self.occupied.free(self.car_park.places)

    def _share(self, vehicles):
        return (
            min(FULL, round(FULL * vehicles / self.car_park.places)) if self.car_park.places else 0
        )


def site_facts(car_park, user, now):
    permits = car_park.inside().exclude(permit=None).count()
    takings = takings_today(car_park, now) if user.has_perm("billing.view_payment") else None
    return Site(car_park, occupied(car_park, now), permits, takings)


def midnight(zone, now):
    """When the local day of `now` began (aware)."""
    return datetime.combine(now.astimezone(zone).date(), time.min, zone)


def takings_today(car_park, now):
    """Payments less refunds since local midnight, in the smallest unit."""
    today = Payment.objects.filter(
        session__car_park=car_park,
        currency=car_park.currency,
        paid_at__gte=midnight(car_park.zone, now),
    )
    return today.aggregate(sum=Sum("amount"))["sum"] or 0


@may("gates.view_lane")
def site_bar(request):
    return refreshed(request, "_site.html", {"now": timezone.now()})
