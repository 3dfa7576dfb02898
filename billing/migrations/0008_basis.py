"""A price keeps the terms and the facts that it came from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_money_permissions")]

    operations = [
        migrations.AddField(
            "checkout",
            "basis",
            models.JSONField(
                blank=True,
                default=dict,
                help_text="The terms and the facts that these lines come from.",
            ),
        ),
    ]
