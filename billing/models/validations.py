"""What others pay of a stay: a shop validates it, or a voucher does."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from billing.models.tokens import code
from billing.rules import codes
from billing.templatetags.money import money
from parking.models import CarPark, ParkingSession

MOST = 1_000_000  # of anything that is given; a month has 44,640 minutes


class Kind(models.TextChoices):
    """In what a gift is counted: whole minutes, percent of the price, or money (smallest unit)."""

    MINUTES = "minutes", "minutes free"
    PERCENT = "percent", "percent off"
    MONEY = "money", "money off"


class Gift(models.Model):
    """So much of a kind, taken off the price of a stay."""

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MINUTES)
    amount = models.PositiveIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text="Minutes, percent, or money in the currency's smallest unit.",
    )

    class Meta:
        abstract = True

    def clean(self):
        if self.kind == Kind.PERCENT and self.amount is not None and self.amount > 100:
            raise ValidationError({"amount": "At most 100 percent."})

    def of(self, amount, currency):
        """So much of this kind in words: "60 minutes free", "2.00 GBP off"."""
        if self.kind == Kind.MONEY:
            return f"{money(amount, currency)} off"
        if self.kind == Kind.PERCENT:
            return f"{amount} % off"
        hours, rest = divmod(amount, 60)
        words = f"{hours} h" if hours and not rest else f"{amount} min"
        return f"{words} free"


class Validator(Gift):
    """A shop or a house that validates its customers' stays: `amount` at most for each of them."""

    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="validators")
    name = models.CharField(max_length=80)
    a_month = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text="So many stays in a calendar month at most; empty: any number.",
    )
    link = models.PositiveIntegerField(
        default=1, editable=False, help_text="Which of its links is the good one; others are dead."
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["car_park", "name"], name="one_validator_of_a_name"),
            models.CheckConstraint(
                condition=~Q(kind=Kind.PERCENT) | Q(amount__lte=100), name="validator_percent"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def words(self):
        return self.of(self.amount, self.car_park.currency)


class VoucherBatch(Gift):
    """Vouchers that were made together, and are worth the same."""

    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="voucher_batches")
    name = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("auth.User", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.PERCENT) | Q(amount__lte=100), name="voucher_percent"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def words(self):
        return self.of(self.amount, self.car_park.currency)

    def make(self, count, *, uses, length=codes.LONG):
        """Make so many vouchers of it, each good for so many stays; `length` letters in a code."""
        facts = {"batch": self, "car_park": self.car_park, "uses": uses, "uses_left": uses}
        made = [Voucher(code=code(length), **facts) for _ in range(count)]
        return Voucher.objects.bulk_create(made)


class Voucher(models.Model):
    """A code that is worth what its batch says, so many times."""

    batch = models.ForeignKey(VoucherBatch, models.CASCADE, related_name="vouchers")
    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="+")
    code = models.CharField(max_length=codes.LONG)
    uses = models.PositiveIntegerField()
    uses_left = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["car_park", "code"], name="one_voucher_of_a_code"),
            models.CheckConstraint(
                condition=Q(uses_left__lte=F("uses")), name="no_more_uses_than_made"
            ),
        ]

    def __str__(self):
        return f"{self.batch}, number {self.pk}"  # never the code: it is worth money

    @property
    def printed(self):
        return codes.grouped(self.code)

    def take(self):
        """Take one use of it; whether there was one. The database says so, for two may ask at once."""
        some = Voucher.objects.filter(pk=self.pk, uses_left__gt=0)
        return some.update(uses_left=F("uses_left") - 1) == 1

    def give_back(self):
        Voucher.objects.filter(pk=self.pk, uses_left__lt=F("uses")).update(
            uses_left=F("uses_left") + 1
        )


class Validation(Gift):
    """One gift to one stay, as it was when it was given; never deleted, a mistake is withdrawn."""

    session = models.ForeignKey(ParkingSession, models.PROTECT, related_name="validations")
    validator = models.ForeignKey(
        Validator, models.PROTECT, null=True, blank=True, related_name="validations"
    )
    voucher = models.ForeignKey(
        Voucher, models.PROTECT, null=True, blank=True, related_name="validations"
    )
    name = models.CharField(max_length=80, help_text="From whom it is, as the driver reads it.")
    by = models.ForeignKey("auth.User", models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=200, blank=True)
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
                fields=["session", "validator"],
                condition=Q(withdrawn_at=None),
                name="a_stay_is_validated_once",
            ),
            models.UniqueConstraint(
                fields=["session", "voucher"],
                condition=Q(withdrawn_at=None),
                name="a_voucher_once_a_stay",
            ),
            models.CheckConstraint(
                condition=Q(validator__isnull=True) ^ Q(voucher__isnull=True),
                name="validated_by_one",
            ),
        ]
        indexes = [models.Index(fields=["validator", "at"])]

    def __str__(self):
        return f"{self.name} for {self.session}"

    @property
    def words(self):
        return self.of(self.amount, self.session.car_park.currency)
