"""`manage.py car_park SLUG NAME`: a new car park, with where it stands and what it takes."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from parking.models import CarPark


class Command(BaseCommand):
    help = "Add a car park. Its prices are added under /admin/, its lanes with manage.py lane add."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="short name, as in addresses: town-square")
        parser.add_argument("name")
        parser.add_argument("--timezone", default="Europe/London")
        parser.add_argument("--currency", default="GBP")
        parser.add_argument("--places", type=int, help="places for visitors; none: no limit")

    def handle(self, *, slug, name, timezone, currency, places, **options):
        park = CarPark(
            slug=slug, name=name, timezone=timezone, currency=currency.upper(), places=places
        )
        try:
            park.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        park.save()
        self.stdout.write(f"{park} is there: {park.slug}")
