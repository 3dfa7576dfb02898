"""A plate in the database: its one spelling, and how a camera sees it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Replace, Substr

from parking.rules import neighbours, plates


class PlateField(models.CharField):
    """A plate in its one spelling; whatever is typed is brought to it, or refused in a sentence."""

    def __init__(self, **options):
        super().__init__(**{"max_length": plates.LONGEST, **options})

    def to_python(self, value):
        if not value:
            return value
        try:
            return plates.canonical(value)
        except plates.NotAPlate as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value):
        return plates.canonical(value) if value else value


def looks():
    """A column that holds `plate` as a camera sees it, for `plates.folded` to be looked up in.

    The database keeps it by itself, so that no way of writing a plate can forget it.
    """
    seen = F("plate")
    for letter, look in plates.FOLD.items():
        seen = Replace(seen, Value(chr(letter)), Value(chr(look)))
    return models.GeneratedField(
        expression=seen,
        output_field=models.CharField(max_length=plates.LONGEST),
        db_persist=True,
        db_index=True,
    )


def neighbour_key(part):
    """A column that holds one of the three keys (`parking.rules.neighbours`) of the blurred plate.

    `part`: "front", "ends" or "back". Its index belongs to open stays alone, for only those are
    looked for.
    """
    return models.GeneratedField(
        expression=_PARTS[part](_blurred()),
        output_field=models.CharField(max_length=plates.LONGEST),
        db_persist=True,
    )


def _blurred():
    seen = F("plate")
    for letter, look in neighbours.BLUR.items():
        seen = Replace(seen, Value(chr(letter)), Value(chr(look)))
    return seen


# The sums of `neighbours.cuts`, which the database does for every way in which a plate is written.
_LENGTH = Length("plate")
_BEGIN, _END = (_LENGTH + 1) / 3, _LENGTH / 3
_PARTS = {
    "front": lambda text: Substr(text, 1, _LENGTH - _END),
    "ends": lambda text: Concat(Substr(text, 1, _BEGIN), Substr(text, _LENGTH - _END + 1)),
    "back": lambda text: Substr(text, _BEGIN + 1),
}
