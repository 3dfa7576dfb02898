"""What a price may depend on: the class of a vehicle, and the group of a permit."""

from django.db import migrations, models

GROUP = models.CharField(
    blank=True,
    help_text="A group of the tariff, such as resident: pays its share. Empty: parks free.",
    max_length=30,
)


class Migration(migrations.Migration):
    dependencies = [("parking", "0014_measures")]

    operations = [
        migrations.AddField(
            "parkingsession", "vehicle_class", models.CharField(blank=True, max_length=30)
        ),
        migrations.AddField("permit", "group", GROUP),
        migrations.AddField("pool", "group", GROUP),
    ]
