from django.db import migrations


def carry_over(apps, schema_editor):
    """Each stay's word of doubt becomes a row; when it came up is known by the stay's times only."""
    stays = apps.get_model("parking", "ParkingSession").objects.exclude(doubt="")
    doubts = apps.get_model("parking", "StayDoubt").objects
    facts = stays.values_list("pk", "doubt", "left_at", "entered_at")
    rows = (
        doubts.model(session_id=pk, kind=doubt, since=left_at or entered_at)
        for pk, doubt, left_at, entered_at in facts.iterator()
    )
    doubts.bulk_create(list(rows), batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('parking', '0003_doubts_and_periods'),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
