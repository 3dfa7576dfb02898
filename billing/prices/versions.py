"""The versions of a car park's prices: one follows the other, none is ever changed."""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from billing.models import Tariff
from parking.models import CarPark, ParkingSession

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
FAR_OFF = datetime(2999, 12, 31, tzinfo=UTC)


class NotMade(Exception):  # noqa: N818
    """The version was not made; the message says what to do. `about_start`: with its start."""

    def __init__(self, sentence, *, about_start=False):
        super().__init__(sentence)
        self.about_start = about_start


def publish(
    car_park,
    document,
    *,
    by,
    now,
    starts_at=None,
    note="",
    acknowledged=(),
    after=None,
    replaces=None,
):
    """Make the next version of the prices from a document of terms that `billing.rules` found whole.

    `starts_at`: aware UTC, from `now` on; None is now. `after`: the newest version's number that its
    maker had seen, so that a form sent twice, or two editors at once, make one version. `replaces`:
    the number of a version that has not begun, and is withdrawn. Raises `NotMade`.
    """
    starts_at = starts_at or now
    if starts_at < now:
        raise NotMade(
            "That is in the past: stays that are priced already would change. Choose a later start.",
            about_start=True,
        )
    try:
        with transaction.atomic():
            CarPark.objects.select_for_update().get(pk=car_park.pk)
            newest = newest_number(car_park)
            if after is not None and after != newest:
                raise NotMade(
                    f"Version {newest} was made in the meantime. Look at it; save again to have yours "
                    "follow it."
                )
            if replaces is not None:
                withdraw(car_park, replaces, by=by, now=now)
            return Tariff.objects.create(
                car_park=car_park,
                version=newest + 1,
                starts_at=starts_at,
                terms=document,
                made_by=by,
                made_at=now,
                note=note,
                acknowledged=list(acknowledged),
            )
    except IntegrityError as clash:
        raise NotMade(
            "Another version begins at that very moment: choose another start, or replace that one.",
            about_start=True,
        ) from clash


def newest_number(car_park):
    """The number of the newest version, withdrawn ones included; 0 where there is none."""
    return car_park.tariffs.order_by("-version").values_list("version", flat=True).first() or 0


def withdraw(car_park, version, *, by, now):
    """Take back a version that has not begun and has priced nothing. Raises `NotMade` for any other."""
    found = with_stays(car_park).filter(version=version).first()
    if found is None:
        raise NotMade(f"There is no version {version}.")
    if found.withdrawn_at:
        return
    if found.starts_at <= now or found.stays:
        raise NotMade(f"Version {version} prices stays already: make one that follows it.")
    # Past the guard: it prices nothing, and this is all that may ever be written on a version.
    still = Tariff._base_manager.filter(pk=found.pk, withdrawn_at=None)
    still.update(withdrawn_at=now, withdrawn_by=by)


def with_stays(car_park):
    """The versions, the newest first, each with `ends_at` (None: no end yet) and `stays`: how many stays
    it has priced, those that came before the first version counted with that one."""
    ours = Tariff.objects.standing().filter(car_park=OuterRef("car_park"))
    later = ours.filter(starts_at__gt=OuterRef("starts_at")).order_by("starts_at")
    priced = ParkingSession.objects.filter(
        car_park=OuterRef("car_park"),
        voided_at=None,
        entered_at__gte=OuterRef("counts_from"),
        entered_at__lt=Coalesce(OuterRef("ends_at"), Value(FAR_OFF)),
    )
    earlier = Exists(ours.filter(starts_at__lt=OuterRef("starts_at")))
    number = priced.order_by().values("car_park").annotate(number=Count("pk")).values("number")
    found = car_park.tariffs.select_related("made_by", "withdrawn_by").annotate(
        ends_at=Subquery(later.values("starts_at")[:1]),
        counts_from=Case(When(earlier, then=F("starts_at")), default=Value(LONG_AGO)),
    )
    stays = Case(When(withdrawn_at=None, then=Coalesce(Subquery(number), 0)), default=Value(0))
    return found.annotate(stays=stays).order_by("-starts_at", "-version")


def state(version, now):
    """ "withdrawn", "to come", "in force" or "past", of a version of `with_stays`."""
    if version.withdrawn_at:
        return "withdrawn"
    if version.starts_at > now:
        return "to come"
    return "in force" if version.ends_at is None or version.ends_at > now else "past"


def before(version, found):
    """Of `found` (as `with_stays` gives them) the one that was in force until this one begins, or None."""
    earlier = [
        one for one in found if one.withdrawn_at is None and one.starts_at < version.starts_at
    ]
    return max(earlier, key=lambda one: one.starts_at, default=None)
