"""`manage.py remind`: remind who left owing and asked for it. Run it each hour; again does no harm."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.later import sweep


class Command(BaseCommand):
    help = "Send due reminders of unpaid stays, close what is paid, erase addresses not needed."

    def handle(self, **options):
        closed, reminded = sweep(timezone.now())
        self.stdout.write(f"{reminded} reminded, {closed} paid meanwhile")
