"""Django's `flush`, for a database whose ledger nobody may empty: the guard goes, and comes again."""

from django.core.management.commands import flush
from django.db import connections, transaction

from billing import guards


class Command(flush.Command):
    def handle(self, **options):
        database = connections[options["database"]]
        with transaction.atomic(using=options["database"]):
            guards.take_down(database)
            try:
                super().handle(**options)
            finally:
                guards.put_up(database)
