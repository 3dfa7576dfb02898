"""`manage.py sessions --json [--car-park SLUG]`: every stay, one line each."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.quotes import quote
from parking.models import CarPark, ParkingSession


class Command(BaseCommand):
    help = "List the stays, oldest first. Stays that never were (backed out) are left out."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--car-park", help="only this one (short name)")

    def handle(self, *, json: bool, car_park, **options):
        stays = ParkingSession.objects.filter(voided_at=None).order_by("entered_at", "id")
        if car_park:
            if not CarPark.objects.filter(slug=car_park).exists():
                slugs = ", ".join(CarPark.objects.values_list("slug", flat=True)) or "none yet"
                raise CommandError(f"no car park '{car_park}'; there are: {slugs}")
            stays = stays.filter(car_park__slug=car_park)
        show = as_json if json else as_text
        now = timezone.now()
        related = stays.select_related("car_park", "permit").prefetch_related("passages")
        for stay in related.iterator(chunk_size=500):
            self.stdout.write(show(facts(stay, now)))


def facts(stay, now):
    """A stay as plain values: times in ISO 8601 (UTC), money in the smallest unit."""
    offer = quote(stay, now)
    passages = sorted(stay.passages.all(), key=lambda one: (one.seen_at, one.received_at))
    return {
        "plate": stay.plate,
        "entered_at": stay.entered_at.isoformat(),
        "left_at": stay.left_at and stay.left_at.isoformat(),
        "doubt": stay.doubt or None,
        "due": offer.due,
        "paid": offer.paid,
        "passages": [str(passage.pk) for passage in passages],
    }


def as_json(facts):
    return json.dumps(facts)


def as_text(facts):
    left = facts["left_at"] or "inside"
    return f"{facts['plate']:<12} {facts['entered_at']}  {left}  due {facts['due']}"
