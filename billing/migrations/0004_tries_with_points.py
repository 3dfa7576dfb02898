from django.db import migrations, models


def forget(apps, schema_editor):
    """Tries count for ten minutes; those of before the update knew no car park."""
    apps.get_model("billing", "PlateTry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("billing", '0003_ledger_guard'),
        ("parking", "0010_stays_in_doubt"),
    ]
    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AddField(
            model_name="platetry",
            name="car_park",
            field=models.ForeignKey(
                default=None,
                on_delete=models.CASCADE,
                related_name="+",
                to="parking.carpark",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="platetry",
            name="points",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="What it cost; see tries.py."
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="platetry",
            index=models.Index(
                fields=["car_park", "at"], name="billing_pla_car_par_5c275c_idx"
            ),
        ),
    ]
