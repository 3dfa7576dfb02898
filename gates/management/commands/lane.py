"""`manage.py lane add CAR_PARK NAME --direction in|out`, `lane revoke NAME`, `lane display NAME`."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gates import displays
from gates.models import Lane
from parking.models import CarPark


class Command(BaseCommand):
    help = "Add a lane and print its key, make its key worthless, or print its screen's address."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help="add a lane, or give it a new key; the key is shown once")
        add.add_argument("car_park", help="the car park's short name")
        add.add_argument("name", help="the lane's name, as in its lane file")
        add.add_argument("--direction", choices=["in", "out"], required=True)
        revoke = acts.add_parser("revoke", help="no request with this lane's key is answered again")
        revoke.add_argument("name")
        display = acts.add_parser("display", help="the address for the screen at this lane")
        display.add_argument("name")

    def handle(self, *, act, **options):
        getattr(self, act)(**options)

    def add(self, *, car_park, name, direction, **options):
        park = self._car_park(car_park)
        lane = Lane.objects.filter(name=name).first() or Lane(name=name)
        if lane.pk and (lane.car_park_id, lane.direction) != (park.pk, direction):
            raise CommandError(
                f"lane '{name}' is an {lane.get_direction_display()} of {lane.car_park} already;"
                " choose another name"
            )
        lane.car_park, lane.direction = park, direction
        lane.position = lane.position or park.lanes.count() + 1
        key = lane.new_key()
        lane.save()
        self.stdout.write(key)

    def _car_park(self, slug):
        """The car park of this short name; the first lane of a new installation makes it."""
        if not CarPark.objects.exists():
            self.stderr.write(f"Made the car park '{slug}'; manage.py car_park makes others.")
            return CarPark.objects.create(slug=slug, name=slug.replace("-", " ").title())
        park = CarPark.objects.filter(slug=slug).first()
        if park is None:
            raise CommandError(f"no car park '{slug}'; there are: {_names(CarPark, 'slug')}")
        return park

    def revoke(self, *, name, **options):
        if not Lane.objects.filter(name=name).update(revoked_at=timezone.now()):
            raise CommandError(f"no lane '{name}'; there are: {_names(Lane, 'name')}")
        self.stdout.write(f"The key of {name} is revoked.")

    def display(self, *, name, **options):
        lane = Lane.objects.filter(name=name, revoked_at=None).first()
        if lane is None:
            raise CommandError(f"no lane '{name}'; there are: {_names(Lane, 'name')}")
        self.stdout.write(displays.address(lane))


def _names(model, field):
    return ", ".join(model.objects.values_list(field, flat=True)) or "none yet"
