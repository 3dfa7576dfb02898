"""Who may come in free of charge, and who may not come in."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from parking.models.plates import PlateField, looks
from parking.models.sessions import OPEN, ParkingSession
from parking.rules import matching, permits, plates

LATELY = timedelta(days=30)  # a permit that ended, or begins, within so long is told of


def are_hours(value):
    try:
        permits.hours_recalled(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def not_ended(now, of=""):
    """The condition for rows that run at `now`, or will; `of`: the relation by which they are reached."""
    return Q(**{f"{of}ends_at": None}) | Q(**{f"{of}ends_at__gt": now})


class Dated(models.Model):
    """A right or a ban on a plate, from one moment to another; no end means until somebody ends it."""

    plate = PlateField()
    folded = looks()
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def clean(self):
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "The end must come after the start."})

    @classmethod
    def covering(cls, car_park, plate, now):
        """A row for this plate that is valid at `now`, or None: from its start to before its end.

        A row for a plate that looks the same (AB10, ABIO) covers it as well, but one in its very
        spelling goes first. Several may look the same: whichever plate it is, it is covered.
        """
        return next(iter(cls.all_of(car_park, plate, now)), None)

    @classmethod
    def all_of(cls, car_park, plate, now):
        """All rows of which `covering` gives the first."""
        alike = [row for row in cls._alike(car_park, plate, now) if row.runs(now)]
        return matching.rows_of(plate, alike) or alike

    @classmethod
    def _alike(cls, car_park, plate, since):
        """The rows, but for those that had ended at `since`, that a camera cannot tell from this plate's."""
        found = cls.objects.filter(not_ended(since), car_park=car_park)
        return list(found.filter(folded=plates.folded(plate)))

    @classmethod
    def among(cls, car_park, looks, now):
        """The rows valid at `now` whose plate looks like one of these (folded plates), as a query."""
        return cls.running(car_park, now).filter(folded__in=looks)

    @classmethod
    def running(cls, car_park, now):
        """The rows of this car park that are valid at `now`, as a query."""
        return cls.objects.filter(not_ended(now), car_park=car_park, starts_at__lte=now)

    def runs(self, now):
        """From its start to before its end."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


class Weekly(models.Model):
    """What is valid at some hours of the week, and at some lanes, only."""

    hours = models.JSONField(
        default=list,
        blank=True,
        validators=[are_hours],
        help_text='Empty: always. [{"days": [0, 4], "from": "07:00", "until": "19:00"}]; 0 is Monday.',
    )
    lanes = models.JSONField(
        default=list, blank=True, help_text="Names of the entries it is for; empty: all."
    )

    # Not everybody with a permit parks free: residents may pay half.
    group = models.CharField(
        max_length=30,
        blank=True,
        help_text="A group of the tariff, such as resident: pays its share. Empty: parks free.",
    )

    class Meta:
        abstract = True

    @property
    def weekly(self):
        return permits.hours_recalled(self.hours)


class Pool(Weekly):
    """A firm's plates, of which so many may be inside at once; its hours and lanes are for all of them.

    The cap holds because decisions of one car park are made one at a time: who counts has locked
    the car park, so nobody comes in between counting and entering.
    """

    car_park = models.ForeignKey("parking.CarPark", models.CASCADE, related_name="pools")
    name = models.CharField(max_length=80)
    at_once = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text="Further ones are paying visitors.",
    )
    note = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["car_park", "name"], name="one_pool_of_a_name"),
            models.CheckConstraint(condition=Q(at_once__gte=1), name="a_pool_has_a_place"),
        ]

    def __str__(self):
        return self.name

    def inside(self):
        """The open stays that have one of its places."""
        return ParkingSession.objects.filter(OPEN, permit__pool=self)

    def beside(self, now):
        """The open stays of its plates that have none: they came when it was full, and pay."""
        seen = self.members(now).values("folded")
        stays = ParkingSession.objects.filter(OPEN, car_park=self.car_park_id, folded__in=seen)
        return stays.exclude(permit__in=self.permits.all())

    def members(self, now):
        """The permits of its plates that have not ended."""
        return self.permits.filter(not_ended(now))

    def set_plates(self, wanted, now):
        """Have these plates (canonical) and no others: (how many were added, how many ended)."""
        had = {permit.plate: permit for permit in self.members(now)}
        new = [plate for plate in wanted if plate not in had]
        gone = [permit for plate, permit in had.items() if plate not in wanted]
        for plate in new:
            facts = {"car_park": self.car_park, "plate": plate, "starts_at": now}
            self.permits.create(holder=self.name, **facts)
        for permit in gone:
            permit.ends_at = max(now, permit.starts_at)
            permit.save(update_fields=["ends_at", "changed_at"])
        return len(new), len(gone)

    @property
    def terms(self):
        """What it is limited to, in words."""
        return [*map(str, self.weekly), *_at(self.lanes)]


def _at(lanes):
    return [f"at {' or '.join(lanes)}"] if lanes else []


class Permit(Dated, Weekly):
    car_park = models.ForeignKey("parking.CarPark", models.CASCADE, related_name="permits")
    holder = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, blank=True, related_name="permits")
    visitor = models.BooleanField(default=False, help_text="A visitor's pass.")
    visits = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="How many times it may come in; empty: any number.",
    )

    class Meta:
        ordering = ["holder", "plate"]

    def __str__(self):
        return f"{self.plate} ({self.holder})"

    @classmethod
    def _alike(cls, car_park, plate, since):
        alike = super()._alike(car_park, plate, since)
        models.prefetch_related_objects([row for row in alike if row.pool_id], "pool")
        return alike

    @classmethod
    def behind(cls, car_park, plate, now, **facts):
        """The permit that this plate has at `now`, or None: the one by which an arm may be opened.

        Where it is spelled as none and looks like several plates' (AB10: ABIO and AB1O), a machine
        cannot say whose it is. It is charged nothing all the same: `covering`. For `facts` see
        `ruling`.
        """
        found = cls.ruling(car_park, plate, now, **facts)
        return found.permit if found and found.covers else None

    @classmethod
    def ruling(cls, car_park, plate, now, *, lane="", stay=None, candidates=(), leaving=False):
        """Whether this plate has a permit at `now`, and why: a `Ruling`, or None where it never had one.

        `lane`: the name of the entry where it stands, if known. `stay`: its own, which takes no place
        of its pool from it. `candidates`: (plate, probability) that the reader told, for a read
        that could be another permit's. `leaving`: it stands at an exit, where only dates count.
        """
        alike = cls._alike(car_park, plate, now - LATELY)
        running = [row for row in alike if row.runs(now)]
        if running and not matching.rows_of(plate, running):
            return permits.nobodys({row.plate for row in running})
        rows = running or [row for row in alike if row.is_of_late(now)]
        facts = {"plate": plate, "at": now, "zone": car_park.zone, "leaving": leaving, "lane": lane}
        rows = matching.rows_of(plate, rows)
        found = permits.best([permits.rule(row.right, row.asked(facts, stay)) for row in rows])
        if found is None or not candidates:
            return found
        others = cls._permitted(car_park, {one for one, _ in candidates} - {plate}, now)
        return permits.contested(found, plate, candidates, others)

    @classmethod
    def _permitted(cls, car_park, spelled, now):
        """Those of the plates `spelled` that a permit is for, as cameras see them."""
        looks = {plates.folded(one) for one in spelled}
        permitted = set(cls.among(car_park, looks, now).values_list("folded", flat=True))
        return {one for one in spelled if plates.folded(one) in permitted}

    @classmethod
    def covering(cls, car_park, plate, now):
        """`Dated.covering` where it is also within the permit's hours. What is granted at the entry
        (`Right.granted`) covers the stay that it was granted to, and not a plate."""
        hours = car_park.zone, now, now + timedelta(microseconds=1)
        rows = cls.following(car_park, plate, now)
        return next((row for row in rows if permits.spans(row.weekly, *hours)), None)

    @classmethod
    def following(cls, car_park, plate, now):
        """The permits that follow this plate wherever it came in: all that run, but for the granted."""
        return [row for row in cls.all_of(car_park, plate, now) if not row.right.granted]

    def is_of_late(self, now):
        """Ended lately, or soon to begin: worth a word to somebody who wonders."""
        return self.starts_at <= now + LATELY

    @property
    def right(self):
        """What it says, for `parking.rules.permits`. A pool's plate has its pool's hours and lanes."""
        terms = self.pool or self
        return permits.Right(
            plate=self.plate,
            holder=self.holder,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            hours=terms.weekly,
            lanes=tuple(terms.lanes),
            pool=self.pool.name if self.pool else "",
            at_once=self.pool.at_once if self.pool else 0,
            visits=self.visits,
            visitor=self.visitor,
            permit=self,
        )

    @property
    def terms(self):
        """What it is limited to, in words, for a list."""
        if self.pool_id:
            return ["of the pool" if self.holder == self.pool.name else f"pool {self.pool.name}"]
        counted = [f"{self.visits} visit{'s'[: self.visits != 1]}"] if self.visits else []
        kind = ["visitor pass"] if self.visitor else []
        return [*kind, *map(str, self.weekly), *_at(self.lanes), *counted]

    def asked(self, facts, stay=None):
        """`permits.Asked` with what is counted: others of its pool inside, visits made."""
        ours = stay.pk if stay else None
        counted = dict(facts)
        if self.pool_id:
            # Its own stay is this vehicle's place, whether it is let in twice or read anew.
            counted["inside"] = self.pool.inside().exclude(permit=self).exclude(pk=ours).count()
        if self.visits is not None:
            counted["used"] = self.sessions.filter(voided_at=None).exclude(pk=ours).count()
        return permits.Asked(**counted)

    @property
    def rate_group(self):
        """The group of the tariff whose share it pays; empty where it parks free."""
        return (self.pool or self).group

    def spans(self, start, end, zone):
        """The parts of a stay from `start` to `end` (aware UTC) that it covers: until it ends, within
        its hours by the clock of `zone`. One that is given during a stay covers it from its beginning.
        One that pays a group's share covers none."""
        if self.rate_group:
            return ()
        return permits.spans(self.right.hours, zone, start, min(self.ends_at or end, end))


class BlockedPlate(Dated):
    car_park = models.ForeignKey("parking.CarPark", models.CASCADE, related_name="blocked_plates")
    why = models.CharField(max_length=200, help_text="Who asked for it, and for what reason.")

    class Meta:
        ordering = ["plate"]

    def __str__(self):
        return self.plate


class Entitlement(models.Model):
    """What a person may be entitled to, whatever car he comes in: a disabled badge, a carer."""

    car_park = models.ForeignKey("parking.CarPark", models.CASCADE, related_name="entitlements")
    name = models.CharField(max_length=80)
    free_for = models.DurationField(
        null=True, blank=True, help_text="From the entry; empty: the whole stay."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["car_park", "name"], name="one_entitlement_of_a_name"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.free_for is not None and self.free_for.total_seconds() <= 0:
            raise ValidationError({"free_for": "Give a time longer than nothing, or none."})


class Confirmation(models.Model):
    """A person has confirmed an entitlement for one stay, and no further one. No evidence is kept:
    who, when and a few words. It is never deleted; a mistaken one is withdrawn."""

    session = models.ForeignKey(
        "parking.ParkingSession", models.PROTECT, related_name="confirmations"
    )
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="confirmations")
    # As it was when it was confirmed: what is changed later changes no price of the past.
    free_for = models.DurationField(null=True, blank=True)
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "auth.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "entitlement"],
                condition=Q(withdrawn_at=None),
                name="an_entitlement_is_confirmed_once",
            ),
        ]

    def __str__(self):
        return f"{self.entitlement} for {self.session}"

    def span(self, start, end):
        """The part of a stay from `start` to `end` that costs nothing by it."""
        return start, min(end, start + self.free_for) if self.free_for else end
