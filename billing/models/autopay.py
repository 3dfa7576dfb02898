"""Autopay: a plate and a card that its owner registered once, every charge of it, and what he was told."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse

from billing import revocable
from billing.models.checkouts import Checkout
from billing.models.tokens import token
from billing.providers import Card
from parking.models import CarPark, ParkingSession
from parking.models.plates import PlateField, looks


class State(models.TextChoices):
    """How an agreement stands. Only an active one is charged."""

    BEGUN = "begun", "waits for its owner"
    ACTIVE = "active", "active"
    PAUSED = "paused", "paused"
    FAILED = "failed", "its card was declined"
    ENDED = "ended", "ended"


# So long an exit waits for the card company; then the pay page asks.
PATIENCE = timedelta(seconds=8)
HOLDS = (State.ACTIVE, State.PAUSED)  # one of a plate at most stands like this


class Agreement(models.Model):
    """Somebody's word that this plate's stays are paid with this card. Card numbers are never here."""

    car_park = models.ForeignKey(CarPark, models.PROTECT, related_name="agreements")
    plate = PlateField()
    folded = looks()
    email = models.EmailField()
    most = models.PositiveIntegerField(
        help_text="Above this (smallest unit) the pay page asks instead."
    )
    reference = models.CharField(max_length=40, unique=True, default=token, editable=False)
    link = models.PositiveIntegerField(default=1, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BEGUN)
    state_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True, help_text="Why it stands like this.")
    begun_at = models.DateTimeField()
    # What the provider told of the card: names that mean something to it alone, and what people know.
    provider = models.CharField(max_length=20, blank=True)
    customer = models.CharField(max_length=100, blank=True)
    card_token = models.CharField(max_length=100, blank=True)
    brand = models.CharField(max_length=30, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires = models.CharField(max_length=7, blank=True, help_text="2030-04; empty: not known.")

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            # Two people may register one plate at the same moment; only the database can tell.
            models.UniqueConstraint(
                fields=["car_park", "folded"],
                condition=Q(state__in=HOLDS),
                name="one_agreement_of_a_plate",
            ),
        ]
        indexes = [models.Index(fields=["car_park", "state"])]

    def __str__(self):
        return f"Agreement {self.pk}"  # neither plate nor address: this is written to logs

    def get_absolute_url(self):
        """Its owner's page, behind a link that he alone was sent."""
        return reverse("autopay_mine", args=[revocable.token(self)])

    @property
    def card(self):
        return Card(
            self.provider, self.customer, self.card_token, self.brand, self.last4, self.expires
        )

    @property
    def ends_in(self):
        """As much of the plate as an e-mail needs to tell one's cars apart."""
        return self.plate[-2:]


class AutopayTry(models.Model):
    """One charge of a saved card. It is claimed before the provider is asked, and its outcome is written
    once; nothing else of it changes."""

    class Outcome(models.TextChoices):
        PAID = "paid", "paid"
        DECLINED = "declined", "declined"
        UNANSWERED = "unanswered", "not charged: the card company did not answer"
        NEEDLESS = "needless", "not charged: it was paid otherwise"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="tries")
    session = models.ForeignKey(ParkingSession, models.PROTECT, related_name="autopay_tries")
    quote = models.CharField(max_length=120, help_text="The price, and under what, that it is for.")
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    claimed_at = models.DateTimeField()
    asks_until = models.DateTimeField(help_text="Somebody is asking the provider until then.")
    checkout = models.OneToOneField(Checkout, models.PROTECT, null=True, related_name="autopay_try")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    said = models.CharField(max_length=200, blank=True, help_text="The provider's words.")
    code = models.CharField(max_length=60, blank=True, help_text="Its word for machines.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-claimed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "quote"], name="one_try_of_a_quote"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(outcome=""), name="one_try_at_once"
            ),
        ]

    def __str__(self):
        return (
            f"{self.amount} {self.currency} for stay {self.session_id}: {self.outcome or 'asked'}"
        )

    @classmethod
    def running(cls, session, now):
        """Whether a card is being charged for this stay now: no other way of paying may begin."""
        lately = cls.objects.filter(session=session, claimed_at__gt=now - PATIENCE)
        return lately.filter(outcome="").exists()


class AgreementEvent(models.Model):
    """What became of an agreement, in order, and that its owner was told by e-mail."""

    class Kind(models.TextChoices):
        BEGUN = "begun", "asked for its owner's confirmation"
        ACTIVE = "active", "active"
        CARD = "card", "has another card"
        EXPIRED = "expired", "was offered a card that has expired"
        PAUSED = "paused", "paused"
        FAILED = "failed", "its card was declined"
        ENDED = "ended", "ended"
        REFUSED = "refused", "refused: the plate is registered"
        ASKED = "asked", "somebody else wanted to register its plate"
        AGAIN = "again", "its owner asked for the link"
        EXPIRES = "expires", "its card expires soon"
        CHARGED = "charged", "charged"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    why = models.CharField(max_length=200, blank=True)
    autopay_try = models.ForeignKey(AutopayTry, models.PROTECT, null=True, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey("auth.User", models.PROTECT, null=True, related_name="+")
    telling_at = models.DateTimeField(null=True, help_text="Somebody began to write the e-mail.")
    told_at = models.DateTimeField(null=True, help_text="The e-mail was taken by the mail server.")

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["at"], condition=Q(told_at=None), name="agreement_events_untold")
        ]

    def __str__(self):
        return f"{self.agreement}: {self.kind}"
