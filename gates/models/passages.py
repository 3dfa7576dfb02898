"""A vehicle at a lane: what was read, what the lane was told, its pictures."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from gates.rules.decisions import Decision, Reason
from gates.rules.votes import ACCEPTED_AT
from parking.models import ParkingSession, PlateField, looks

ASKS_WITHIN = timedelta(seconds=10)  # a lane whose vehicle is held asks each second


def choices(enum):
    return [(item.value, item.value.replace("_", " ")) for item in enum]


class Passage(models.Model):
    """A vehicle at a lane. Its id is the lane's own; decision and reason are the latest answer's."""

    # A vehicle that stands before the arm: asked, and neither let through nor gone.
    WAITING = Q(opened_at=None, passed_at=None, backed_out_at=None) & ~Q(decision=Decision.OPEN)
    # `gates.answers.readable`, in the database.
    READABLE = Q(corrected=True) | (Q(confidence__gte=ACCEPTED_AT) & ~Q(plate=""))

    id = models.UUIDField(primary_key=True)
    lane = models.ForeignKey("gates.Lane", models.PROTECT, related_name="passages")
    session = models.ForeignKey(
        ParkingSession, models.PROTECT, null=True, blank=True, related_name="passages"
    )
    seen_at = models.DateTimeField()
    received_at = models.DateTimeField()
    asked_at = models.DateTimeField(help_text="The lane asked last then.")
    plate_read = PlateField(blank=True, help_text="As the lane read it.")
    plate = PlateField(blank=True, help_text="As read, or as a person corrected it.")
    folded = looks()
    corrected = models.BooleanField(default=False, help_text="A person has said what it is.")
    nobody = models.BooleanField(
        default=False, help_text="A person has said that it is no vehicle whose stay is open."
    )
    confidence = models.FloatField(null=True, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    country = models.CharField(max_length=3, blank=True)
    vehicle = models.JSONField(default=dict, blank=True)
    engine = models.CharField(max_length=80, blank=True)
    quality = models.JSONField(
        null=True,
        blank=True,
        help_text="Blur, contrast, clipping, height of the surest read's plate.",
    )
    match = models.JSONField(
        default=dict,
        blank=True,
        help_text="Which open stays it could be, as the latest answer had it (gates.matches.kept).",
    )
    decision = models.CharField(max_length=10, choices=choices(Decision))
    reason = models.CharField(max_length=20, choices=choices(Reason))
    decided_at = models.DateTimeField()
    due = models.IntegerField(null=True, blank=True)
    ruling = models.JSONField(default=dict, blank=True, help_text="What its permit says, and why.")
    decided_alone = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    backed_out_at = models.DateTimeField(null=True, blank=True)

    is_new = False  # true while its first ask is answered; not stored

    class Meta:
        # By when the server heard of them, for a lane's clock may be wild; those told late come
        # together, and among them the lane's own time counts.
        ordering = ["-received_at", "-seen_at"]
        indexes = [models.Index(fields=["lane", "-received_at"])]

    def __str__(self):
        return f"{self.plate or 'unread'} at {self.lane}"

    def picture(self, kind):
        """The picture of this kind ("plate" or "scene"), or None. Prefetch `pictures` for lists."""
        return next((one for one in self.pictures.all() if one.kind == kind), None)

    @property
    def is_unresolved(self):
        """`WAITING` of this passage: neither let through nor known to have gone."""
        gone = self.opened_at or self.passed_at or self.backed_out_at
        return not gone and self.decision != Decision.OPEN

    def waits(self, now):
        """Whether the vehicle stands before the arm: one whose lane asks no more is not there for
        anything we know."""
        return self.is_unresolved and now - self.asked_at < ASKS_WITHIN

    @property
    def plate_picture(self):
        return self.picture(Picture.Kind.PLATE)

    @property
    def scene_picture(self):
        return self.picture(Picture.Kind.SCENE)


class Answer(models.Model):
    """What a lane was told about a passage; one row each time that the answer changed."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="answers")
    at = models.DateTimeField()
    plate = models.CharField(max_length=20, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=choices(Decision))
    reason = models.CharField(max_length=20, choices=choices(Reason))
    due = models.IntegerField(null=True, blank=True)
    ruling = models.JSONField(default=dict, blank=True, help_text="What its permit said, and why.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.decision} {self.reason}"


class Picture(models.Model):
    """Evidence: re-encoded on the way in, never replaced; shown only by a view that asks who."""

    class Kind(models.TextChoices):
        PLATE = "plate"
        SCENE = "scene"
        CAR = "car"  # what a driver knows the own car by; gates/lane/pictures.py

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="pictures")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    file = models.CharField(max_length=80, unique=True, help_text="Below MEDIA_ROOT; random.")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as the lane sent them.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passage", "kind"], name="one_picture_of_a_kind"),
        ]

    def __str__(self):
        return f"{self.kind} of {self.passage_id}"
