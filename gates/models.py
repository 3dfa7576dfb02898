"""What the lanes see and do, and what people say of it: lanes, passages, answers, events, orders,
pictures, corrections, cases, findings."""

import hashlib
import secrets
import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q

from gates.rules.decisions import Decision, Reason
from parking.models import CarPark, ParkingSession, PlateField, looks

ASKS_WITHIN = timedelta(seconds=10)  # a lane whose vehicle is held asks each second
DARK_AFTER = 5  # seconds without a beat; the lane beats once a second


def choices(enum):
    return [(item.value, item.value.replace("_", " ")) for item in enum]


def hashed(key):
    """A lane key as it is stored. It has 256 random bits, so a plain fast hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


class Lane(models.Model):
    class Direction(models.TextChoices):
        IN = "in", "entry"
        OUT = "out", "exit"

    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="lanes")
    name = models.SlugField(unique=True)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order on the lanes page.")
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_beat_at = models.DateTimeField(null=True, blank=True)
    clock_ahead = models.FloatField(null=True, blank=True, help_text="Seconds, at the last beat.")
    version = models.CharField(max_length=40, blank=True)
    health = models.JSONField(default=dict, blank=True)
    raised_at = models.DateTimeField(null=True, blank=True)
    lowered_at = models.DateTimeField(null=True, blank=True)
    held_open_at = models.DateTimeField(null=True, blank=True)
    pictured_at = models.DateTimeField(null=True, blank=True, help_text="It sent a picture then.")
    learnt_at = models.DateTimeField(
        null=True, blank=True, help_text="Its confusions were counted then (manage.py learn)."
    )
    drift = models.TextField(blank=True, help_text="What it reads worse than before.")

    class Meta:
        ordering = ["car_park", "position", "name"]

    def __str__(self):
        return self.name

    def new_key(self):
        """Give the lane a new key and return it; only its hash is kept, and the old one is dead."""
        key = secrets.token_urlsafe(32)
        self.key_hash, self.revoked_at = hashed(key), None
        return key

    def arm_is_up(self):
        """What the last events say of the arm; the lane, not the server, knows it for certain."""
        if self.held_open_at:
            return True
        return bool(self.raised_at and (not self.lowered_at or self.lowered_at < self.raised_at))

    def is_dark(self, now):
        """No sign of life: the lane, or its line, is down."""
        return self.last_beat_at is None or (now - self.last_beat_at).total_seconds() > DARK_AFTER

    def ailments(self):
        """Part and complaint for all that the lane says is not well."""
        parts = ((part, self.health.get(part, "ok")) for part in ("camera", "reader", "barrier"))
        return [(part, word) for part, word in parts if word != "ok"]


class Passage(models.Model):
    """A vehicle at a lane. Its id is the lane's own; decision and reason are the latest answer's."""

    # A vehicle that stands before the arm: asked, and neither let through nor gone.
    WAITING = Q(opened_at=None, passed_at=None, backed_out_at=None) & ~Q(decision=Decision.OPEN)

    id = models.UUIDField(primary_key=True)
    lane = models.ForeignKey(Lane, models.PROTECT, related_name="passages")
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


class Event(models.Model):
    """What a lane says has happened; its id is the lane's own. Kept as it came."""

    class Kind(models.TextChoices):
        OPENED = "opened"
        OPEN_FAILED = "open_failed"
        PASSED = "passed"
        BACKED_OUT = "backed_out"
        PULSE_UNKNOWN = "pulse_unknown"
        DECIDED_OFFLINE = "decided_offline"
        HELD_OPEN = "held_open"
        RELEASED = "released"

    id = models.UUIDField(primary_key=True)
    lane = models.ForeignKey(Lane, models.PROTECT, related_name="events")
    # Not a foreign key: an event may come before the passage that it speaks of.
    passage_id = models.UUIDField(null=True, blank=True, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "received_at"]

    def __str__(self):
        return f"{self.kind} at {self.lane}"


class Order(models.Model):
    """A person's command to a lane, with a deadline: a late pulse is worse than no pulse."""

    class Action(models.TextChoices):
        OPEN = "open"
        HOLD_OPEN = "hold_open"
        RELEASE = "release"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    lane = models.ForeignKey(Lane, models.PROTECT, related_name="orders")
    # With a passage the order is the next answer to the waiting vehicle; without, it goes by beat.
    passage = models.ForeignKey(
        Passage, models.PROTECT, null=True, blank=True, related_name="orders"
    )
    action = models.CharField(max_length=10, choices=Action.choices)
    why = models.CharField(max_length=200)
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-given_at"]

    def __str__(self):
        return f"{self.action} {self.lane}"


class Picture(models.Model):
    """Evidence: re-encoded on the way in, never replaced; shown only by a view that asks who."""

    class Kind(models.TextChoices):
        PLATE = "plate"
        SCENE = "scene"

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


class Correction(models.Model):
    """A person says what the plate is. The read that it corrects stays as it was."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="corrections")
    before = models.CharField(max_length=20, blank=True)
    after = PlateField()
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True, help_text="Taken back by its author.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.before} is {self.after}"


class Confusion(models.Model):
    """How often this lane read a true character as another, or as itself, of plates that are known.

    Without `read` the character was lost, without `true` it was added.
    """

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="confusions")
    true = models.CharField(max_length=1, blank=True)
    read = models.CharField(max_length=1, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["-count", "true", "read"]
        constraints = [
            models.UniqueConstraint(
                fields=["lane", "true", "read"], name="one_count_of_a_confusion"
            )
        ]

    def __str__(self):
        return f"{self.true or 'nothing'} read as {self.read or 'nothing'} {self.count} times"


class Change(models.Model):
    """A stay became another one after the fact. The reads it was made from stay as they were.

    Nothing before: the stay was made then. Nothing after: it never was.
    """

    session = models.ForeignKey(ParkingSession, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    why = models.CharField(max_length=200)
    by = models.ForeignKey(
        "auth.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the machine, from later reads.",
    )
    plate_before = PlateField(blank=True)
    plate_after = PlateField(blank=True)
    entered_before = models.DateTimeField(null=True, blank=True)
    entered_after = models.DateTimeField(null=True, blank=True)
    left_before = models.DateTimeField(null=True, blank=True)
    left_after = models.DateTimeField(null=True, blank=True)
    fee_before = models.IntegerField(default=0, help_text="In the smallest unit, at that moment.")
    fee_after = models.IntegerField(default=0)
    refund = models.IntegerField(default=0, help_text="What was paid beyond the fee after.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.session} changed: {self.why}"

    @property
    def lasted_before(self):
        """How long the stay was, as the books had it; None where it was open or was none."""
        return _lasted(self.entered_before, self.left_before)

    @property
    def lasted_after(self):
        return _lasted(self.entered_after, self.left_after)


def _lasted(entered, left):
    return left - entered if entered and left else None


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
        Passage, models.CASCADE, null=True, blank=True, related_name="cases"
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
        Passage, models.PROTECT, null=True, blank=True, related_name="findings"
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
        Correction, models.PROTECT, null=True, blank=True, related_name="finding"
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
