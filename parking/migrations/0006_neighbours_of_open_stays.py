from django.db import migrations, models
from django.db.models.functions import Concat, Length, Replace, Substr

OPEN = models.Q(left_at=None, voided_at=None)
KEYS = ("front", "ends", "back")


def neighbour_key(part):
    """The database fills it for the stays that are there, too."""
    seen, length = models.F("plate"), Length("plate")
    for letter, look in zip("OQDILBSZG", "000118526"):
        seen = Replace(seen, models.Value(letter), models.Value(look))
    begin, end = (length + 1) / 3, length / 3
    parts = {
        "front": Substr(seen, 1, length - end),
        "ends": Concat(Substr(seen, 1, begin), Substr(seen, length - end + 1)),
        "back": Substr(seen, begin + 1),
    }
    return models.GeneratedField(
        expression=parts[part], output_field=models.CharField(max_length=12), db_persist=True
    )


def open_by(key):
    return models.Index(fields=["car_park", key], condition=OPEN, name=f"open_by_{key}")


class Migration(migrations.Migration):

    dependencies = [
        ('parking', '0005_policies_and_pictures'),
    ]

    operations = [
        *(migrations.AddField('parkingsession', key, neighbour_key(key)) for key in KEYS),
        *(migrations.AddIndex('parkingsession', open_by(key)) for key in KEYS),
    ]
