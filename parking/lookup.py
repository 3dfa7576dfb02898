"""The open stays that a read could be, found by the keys that the database keeps of each plate.

Nothing has to be kept up by hand: the keys are generated columns, so that a stay which is opened,
renamed or entered late has them in whatever way it is written, and their indexes hold open stays only,
so that closing a stay takes it out of them. The work does not grow with the stays of the past, and with
those inside only as far as plates share parts.
"""

from parking.models import ParkingSession
from parking.rules.matching import weighed
from parking.rules.neighbours import blurred, near, sought
from parking.rules.typed import FEWEST, backs, could_mean

PARTS = ("front", "ends", "back")


def open_stays_like(car_park, read):
    """The open stays of this car park whose plate is one edit at most from a plate that the read
    (`parking.rules.matching.Read`) could be, where characters that cameras confuse are equal.

    A list, by id, with `car_park` and `permit` fetched, in two queries. Of the read's candidates those
    count that `match_read` weighs.
    """
    texts = {blurred(plate) for plate, _ in weighed(read)[0]}
    found = [pk for pk, plate in _sharing_a_part(car_park, texts) if _near(plate, texts)]
    rows = ParkingSession.objects.filter(pk__in=found).select_related("car_park", "permit")
    return list(rows.order_by("pk")) if found else []


def _sharing_a_part(car_park, texts):
    """Id and plate of the open stays that share a part with a neighbour of one of the texts."""
    keys = [key for text in texts for key in sought(text)]
    inside = ParkingSession.objects.filter(ParkingSession.OPEN, car_park=car_park).order_by()
    # One query for each index: none is used for a condition that joins them by OR.
    first, *others = (
        inside.filter(**{f"{part}__in": {getattr(key, part) for key in keys}}).values_list(
            "pk", "plate"
        )
        for part in PARTS
    )
    return first.union(*others) if keys else []


def _near(plate, texts):
    look = blurred(plate)
    return any(near(look, text) for text in texts)


def open_stays_typed(car_park, typed):
    """The open stays of this car park that a person who typed `typed` (canonical) could mean
    (`parking.rules.typed`). A list by id, in three queries."""
    text = blurred(typed)
    if len(text) < FEWEST:
        return []
    inside = ParkingSession.objects.filter(ParkingSession.OPEN, car_park=car_park).order_by()
    ends = inside.filter(back__in=backs(text)).values_list("pk", "plate")
    alike = {*_sharing_a_part(car_park, {text}), *ends}
    found = [pk for pk, plate in alike if could_mean(text, blurred(plate))]
    rows = ParkingSession.objects.filter(pk__in=found).select_related("car_park")
    return list(rows.order_by("pk")) if found else []
