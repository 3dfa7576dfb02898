"""The terms of a tariff: a JSON document in, frozen facts out, or each thing that is wrong with it.

In a document money is integers in the currency's smallest unit, lengths are whole minutes and times of day
are "HH:MM" by the car park's clock. docs/tariffs.md says in words what each rule does.
"""

from billing.rules.clauses import (
    DAY_MINUTES,
    HOLIDAY,
    KINDS_OF_VALIDATION,
    WEEKDAYS,
    Band,
    Cap,
    Flat,
    Free,
    NoReturn,
    Nothing,
    Offer,
    Rounding,
    Share,
    Steps,
    Tax,
    Terms,
    Tier,
    Tiers,
)
from billing.rules.contradictions import contradictions
from billing.rules.reading import (
    Anything,
    Choice,
    Clock,
    Day,
    Flag,
    Listed,
    Named,
    Number,
    Optional,
    Pair,
    Record,
    Text,
    Word,
)

MOST_MONEY = 10_000_000  # in one amount of a tariff
MOST_MINUTES = 366 * DAY_MINUTES


class BadTerms(Exception):  # noqa: N818
    """`errors`: (path, sentence) for each thing to change, as ("bands.0.charge.price", "Give ...")."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__(" ".join(f"{path}: {sentence}" for path, sentence in errors))


MONEY = Number(0, MOST_MONEY, "an amount in the smallest unit, such as 150 for 1.50")
PRICE = Number(1, MOST_MONEY, "an amount in the smallest unit, such as 150 for 1.50")
LENGTH = Number(1, MOST_MINUTES, "a number of minutes")
SOME_MINUTES = Number(0, MOST_MINUTES, "a number of minutes")
PERCENT = Number(0, 1000, "a percentage of the price: 50 for half, 150 for one and a half")
NAME = Text(60)
DAYS = Listed(Word(*WEEKDAYS, HOLIDAY), 8)

STEPS = Record(Steps, minutes=LENGTH, price=MONEY)
TIER = Record(Tier, up_to=LENGTH, price=MONEY)
CHARGE = Choice(
    "kind",
    steps=STEPS,
    tiers=Record(
        Tiers, tiers=Listed(TIER, 60, least=1), then=Anything(STEPS, {"again": None}, "again")
    ),
    flat=Record(Flat, price=MONEY),
    free=Record(Nothing),
)
BAND = Record(
    Band,
    charge=CHARGE,
    name=NAME,
    days=DAYS,
    dates=Listed(Pair(Day()), 400),
    start=("from", Optional(Clock())),
    end=("to", Optional(Clock())),
    cap=Optional(PRICE),
)
CAP = Record(
    Cap,
    per=Word("24h", "calendar_day", "window", "stay", "vehicle_day"),
    amount=PRICE,
    start=("from", Optional(Clock())),
    end=("to", Optional(Clock())),
    resets_at=Optional(Clock()),
)
OFFER = Record(
    Offer,
    name=NAME,
    price=MONEY,
    days=DAYS,
    in_from=Clock(),
    in_by=Clock(),
    out_from=Clock(),
    out_by=Clock(),
    nights=Number(0, 31, "a number of nights"),
)
SHARES = Named(Record(Share, percent=PERCENT), 20)
TERMS = Record(
    Terms,
    free=Record(Free, minutes=SOME_MINUTES, when=Word("short", "always")),
    bands=Listed(BAND, 40, least=1),
    crossing=Word("split", "runs_on"),
    tiers_count=Word("stay", "band"),
    caps=Listed(CAP, 12),
    offers=Listed(OFFER, 20),
    classes=SHARES,
    groups=SHARES,
    per_pass=MONEY,
    no_return=Optional(Record(NoReturn, minutes=LENGTH, then=Word("no_free", "one_stay"))),
    minimum=Optional(PRICE),
    maximum=Optional(PRICE),
    rounding=Optional(Record(Rounding, to=PRICE, how=Word("down", "nearest", "up"))),
    grace_at_end=SOME_MINUTES,
    leave_within=LENGTH,
    tax=Optional(
        Record(
            Tax,
            name=NAME,
            rate=Number(0, 10_000, "a rate in hundredths of a percent, such as 2000 for 20 %"),
            included=Flag(),
        )
    ),
    holidays=Optional(Text(10, r"[A-Z]{2}(-[A-Z0-9]{1,3})?", "a calendar such as GB-ENG or DE-BY")),
    stacking=Listed(Word(*KINDS_OF_VALIDATION), 3),
    combine=Flag(),
    declared_not_monotone=Flag(),
)


def terms_of(document):
    """The `Terms` that a document (plain values, as from JSON) states. Raises `BadTerms`.

    What is left out is not charged, not capped, not offered; only `bands` must be there.
    """
    errors = []
    terms = TERMS.read(document, "", errors)
    errors = errors or contradictions(terms)
    if errors:
        raise BadTerms(errors)
    return terms


def document_of(terms):
    """The document that states these terms, with nothing left out."""
    return TERMS.write(terms)


def simple(*, free, step, step_price, day_cap, leave_within=15):
    """The document of the plainest tariff: a short stay is free, then steps, at most so much for 24 hours.

    `free`, `step` and `leave_within` in minutes.
    """
    terms = Terms(
        bands=(Band(Steps(step, step_price)),),
        free=Free(free),
        caps=(Cap("24h", day_cap),),
        leave_within=leave_within,
    )
    return document_of(terms)


__all__ = [
    "DAY_MINUTES",
    "HOLIDAY",
    "KINDS_OF_VALIDATION",
    "MOST_MINUTES",
    "MOST_MONEY",
    "WEEKDAYS",
    "BadTerms",
    "Band",
    "Cap",
    "Flat",
    "Free",
    "NoReturn",
    "Nothing",
    "Offer",
    "Rounding",
    "Share",
    "Steps",
    "Tax",
    "Terms",
    "Tier",
    "Tiers",
    "document_of",
    "simple",
    "terms_of",
]
