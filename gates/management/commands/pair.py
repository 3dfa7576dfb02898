"""`manage.py pair [--car-park SLUG]`: pair the entries and exits of the last days anew."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gates.pairing import pair
from gates.passages import one_at_a_time
from parking.models import CarPark


class Command(BaseCommand):
    help = "Pair the entries and exits of the last days anew. What a person decided stays."

    def add_arguments(self, parser):
        parser.add_argument("--car-park", help="only this one (short name)")

    def handle(self, *, car_park, **options):
        car_parks = CarPark.objects.all()
        if car_park:
            car_parks = car_parks.filter(slug=car_park)
            if not car_parks:
                slugs = ", ".join(CarPark.objects.values_list("slug", flat=True)) or "none yet"
                raise CommandError(f"no car park '{car_park}'; there are: {slugs}")
        for each in car_parks:
            with one_at_a_time(each.pk):
                changed = pair(each, timezone.now())
            self.stdout.write(
                f"{each.slug}: {changed or 'no'} stay{'' if changed == 1 else 's'} changed"
            )
