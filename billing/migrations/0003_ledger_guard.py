from django.db import migrations

from billing import guards


def put_up(apps, schema_editor):
    guards.put_up(schema_editor.connection)


def take_down(apps, schema_editor):
    guards.take_down(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0002_ledger'),
    ]

    operations = [
        migrations.RunPython(put_up, take_down),
    ]
