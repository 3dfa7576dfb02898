"""What a site is like, measured now and then from its own books and kept with the car park, because rules
ask for it at each vehicle: how many pass unread, how long stays last, how many are inside. At the same
time each lane is looked at: does it read worse than it used to?"""

from datetime import timedelta
from statistics import median

from django.db.models import Q

from gates.drift import watch
from gates.occupancy import LENGTHS, MEASURED, share_missed
from parking.models import CarPark
from parking.rules.occupancy import FIRST_GUESSES

EACH = timedelta(minutes=10)


def measure(known, now):
    """Measure this car park anew if the last time is a while ago; to be called when a vehicle has gone,
    so that nobody waits for it and no job has to run. `known`: the car park as it was a moment ago."""
    if known.measured_at and now - known.measured_at < EACH:
        return
    old = Q(measured_at=None) | Q(measured_at__lte=now - EACH)
    car_park = CarPark.objects.filter(old, pk=known.pk).first()
    if car_park is None:  # another lane was faster
        return
    for lane in car_park.lanes.all():
        watch(lane, now)
    missed = share_missed(car_park, now)
    CarPark.objects.filter(pk=car_park.pk).update(
        # One who leaves unseen is noticed only if it comes again; but a lane that misses those who
        # come does not see better those who leave.
        missed=max(missed.coming, missed.leaving),
        usual_stay=_usual_stay(car_park, now),
        vehicles=car_park.inside().count(),
        measured_at=now,
    )


def _usual_stay(car_park, now):
    """How long half of the stays of the last days lasted at most. Of a young site these are the short
    ones, so a long stay is doubted there rather too often."""
    ended = car_park.sessions.filter(
        permit=None, voided_at=None, left_at__gt=now - MEASURED, left_at__lte=now
    )
    times = ended.order_by("-left_at").values_list("entered_at", "left_at")[:LENGTHS]
    return median([*(left - entered for entered, left in times), *FIRST_GUESSES])
