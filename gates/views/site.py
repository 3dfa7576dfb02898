"""The top bar: how full, and how much money today."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q, Sum
from django.utils import timezone

from billing.models import Payment
from gates.views.live import refreshed
from parking.access import may

FULL = 100  # percent


@dataclass(frozen=True)
class Site:
    """`visitors` and `permits` inside, of them `doubtful`; `takings` today, None if not to be seen."""

    car_park: object
    visitors: int
    permits: int
    doubtful: int
    takings: int | None

    @property
    def filled(self):
        """How much of the bar is filled for certain (percent)."""
        return self._share(self.visitors - self.doubtful)

    @property
    def perhaps(self):
        """How much more of it is filled if the doubtful ones are inside as well (percent)."""
        return self._share(self.visitors) - self.filled

    @property
    def places_left(self):
        places = self.car_park.places
        return None if places is None else max(0, places - self.visitors)

    def _share(self, vehicles):
        return (
            min(FULL, round(FULL * vehicles / self.car_park.places)) if self.car_park.places else 0
        )


def site_facts(car_park, user, now):
    visitor = Q(permit=None)
    counts = car_park.inside().aggregate(
        visitors=Count("pk", filter=visitor),
        permits=Count("pk", filter=~visitor),
        doubtful=Count("pk", filter=visitor & ~Q(doubt="")),
    )
    takings = takings_today(car_park, now) if user.has_perm("billing.view_payment") else None
    return Site(car_park, takings=takings, **counts)


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
