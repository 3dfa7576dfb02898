"""`manage.py reconcile`: find payments whose webhook was lost and payments made twice, and put them right."""

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from billing.reconcile import look_round
from config.ending import Ending


class Command(BaseCommand):
    help = "Ask the payment providers for what their webhooks missed, and give back what was paid twice."

    def add_arguments(self, parser):
        parser.add_argument(
            "--every", type=float, help="seconds; look again and again, until ended"
        )

    def handle(self, *, every, **options):
        self.look()
        if every is None:
            return
        ending = Ending()
        while not ending.wait(every):
            close_old_connections()  # a database that was away meanwhile is asked afresh
            self.look()

    def look(self):
        found = look_round(timezone.now())
        told = ", ".join(f"{number} {what}" for what, number in sorted(found.items()))
        self.stdout.write(f"{timezone.now():%Y-%m-%d %H:%M:%S} {told or 'nothing was missing'}")
