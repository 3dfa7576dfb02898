"""What needs a person, and what the person said."""

from django.db import models
from django.db.models import Q

from parking.models import CarPark, ParkingSession, PlateField


class Case(models.Model):
    """Something that a person has to look at: a passage, or a stay. Claimed by one reviewer at a time.

    It is found when somebody asks for work, and closes by itself when its reason is gone.
    """

    class Kind(models.TextChoices):
        UNREADABLE = "unreadable", "not readable"
        UNMATCHED = "unmatched", "fits no stay"
        LOW_MARGIN = "low_margin", "could be one of several stays"
        DOUBTFUL = "doubtful", "not certain"
        BLOCKED_HIT = "blocked_hit", "looks like a blocked plate"

    class Closed(models.TextChoices):
        ANSWERED = "answered", "somebody has answered"
        GONE = "gone", "its reason is gone"
        FREE = "free", "nothing could be charged"

    OPEN = Q(closed_at=None)

    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="cases")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    passage = models.ForeignKey(
        "gates.Passage", models.CASCADE, null=True, blank=True, related_name="cases"
    )
    stay = models.ForeignKey(
        ParkingSession, models.CASCADE, null=True, blank=True, related_name="cases"
    )
    # Asked a second time of somebody else, who does not know; its answer changes nothing.
    again = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="second_look"
    )
    found_at = models.DateTimeField()
    wrong = models.FloatField(help_text="Probability that the machine is wrong, 0 to 1.")
    money = models.IntegerField(help_text="What hangs on it, in the smallest unit.")
    harm = models.IntegerField(help_text="The one times the other.")
    shown = models.JSONField(default=dict, blank=True, help_text="What its reviewer chooses from.")
    claimed_by = models.ForeignKey(
        "auth.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_as = models.CharField(max_length=8, choices=Closed.choices, blank=True)

    class Meta:
        ordering = ["-harm", "id"]
        permissions = [("review_case", "Can answer cases of the review queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(passage=None, stay__isnull=False) | Q(passage__isnull=False, stay=None),
                name="a_case_is_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["passage"],
                condition=Q(closed_at=None, again=None),
                name="one_open_case_per_passage",
            ),
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(closed_at=None, again=None),
                name="one_open_case_per_stay",
            ),
        ]
        indexes = [
            models.Index(
                fields=["car_park", "-harm"], condition=Q(closed_at=None), name="open_cases"
            )
        ]

    def __str__(self):
        return f"case {self.pk}: {self.get_kind_display()}"


# A finding that counts: not taken back, not left to somebody else, not too late.
STANDS = Q(undone_at=None) & ~Q(what="left") & ~Q(effect="late")


class Finding(models.Model):
    """What a reviewer found, with the name. Never changed; taken back by `undone_at` alone."""

    class What(models.TextChoices):
        CHOSEN = "chosen", "chose a plate"
        TYPED = "typed", "typed the plate"
        RIGHT = "right", "right as it is"
        NOBODY = "nobody", "no match"
        LEFT = "left", "left to somebody else"

    class Effect(models.TextChoices):
        DONE = "done", "done"
        LATE = "late", "too late, nothing changed"
        BLIND = "blind", "a second look, nothing changed"

    case = models.ForeignKey(Case, models.PROTECT, related_name="findings")
    passage = models.ForeignKey(
        "gates.Passage", models.PROTECT, null=True, blank=True, related_name="findings"
    )
    what = models.CharField(max_length=6, choices=What.choices)
    plate = PlateField(blank=True)
    stay = models.ForeignKey(
        ParkingSession, models.PROTECT, null=True, blank=True, related_name="findings"
    )
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="findings")
    at = models.DateTimeField()
    seconds = models.FloatField(help_text="From its claim to its answer.")
    effect = models.CharField(max_length=5, choices=Effect.choices)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    correction = models.OneToOneField(
        "gates.Correction", models.PROTECT, null=True, blank=True, related_name="finding"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    STANDS = STANDS

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=STANDS, name="one_finding_stands_per_case"
            ),
        ]
        indexes = [models.Index(fields=["by", "-at"])]

    def __str__(self):
        return f"{self.by}: {self.get_what_display()}"

    @property
    def word(self):
        """What was said, however it was entered: two people who say the same say an equal word."""
        by_plate = self.what in (self.What.CHOSEN, self.What.TYPED)
        return self.plate if by_plate else self.get_what_display()
