"""The prices that were columns become terms, one document for all that a tariff may say."""

from datetime import timedelta

from django.db import migrations, models

MINUTE = timedelta(minutes=1)
OLD = ("free", "step", "step_price", "day_cap", "leave_within")


def whole(length):
    """Whole minutes, rounded up: nobody's free time, step or time to leave gets shorter."""
    return -(-length // MINUTE)


def carried(tariff):
    return {
        "free": {"minutes": whole(tariff.free), "when": "short"},
        "bands": [
            {
                "charge": {
                    "kind": "steps",
                    "minutes": max(1, whole(tariff.step)),
                    "price": tariff.step_price,
                },
            }
        ],
        "caps": [{"per": "24h", "amount": max(1, tariff.day_cap)}],
        "leave_within": max(1, whole(tariff.leave_within)),
    }


def carry_over(apps, schema_editor):
    for tariff in apps.get_model("billing", "Tariff").objects.all():
        tariff.terms = carried(tariff)
        tariff.save(update_fields=["terms"])


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_unpaid")]

    operations = [
        migrations.AddField(
            "tariff",
            "terms",
            models.JSONField(
                default=dict, help_text="What it says, as billing/rules/terms.py reads it."
            ),
            preserve_default=False,
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        *(migrations.RemoveField("tariff", name) for name in OLD),
    ]
