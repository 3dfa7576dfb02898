from django.db import migrations, models
from django.db.models.functions import Replace

import parking.models


def looks():
    """The database fills it for the rows that are there, too."""
    seen = models.F("plate")
    for letter, look in (("O", "0"), ("I", "1"), ("Q", "0")):
        seen = Replace(seen, models.Value(letter), models.Value(look))
    return models.GeneratedField(
        expression=seen,
        output_field=models.CharField(max_length=12),
        db_persist=True,
        db_index=True,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('parking', '0001_initial'),
    ]

    operations = [
        migrations.AddField('blockedplate', 'folded', looks()),
        migrations.AddField('permit', 'folded', looks()),
        # A column cannot become a generated one, and nothing is lost that its plate does not say.
        migrations.RemoveField('parkingsession', 'folded'),
        migrations.AddField('parkingsession', 'folded', looks()),
        migrations.AlterField('blockedplate', 'plate', parking.models.PlateField(max_length=12)),
        migrations.AlterField('permit', 'plate', parking.models.PlateField(max_length=12)),
    ]
