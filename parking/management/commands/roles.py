"""`manage.py roles`: what each role may do, brought up to date after an update."""

from django.core.management.base import BaseCommand

from parking.roles import ROLES, group


class Command(BaseCommand):
    help = "Bring what each role may do up to date: run it after each update, after migrate."

    def handle(self, **options):
        for role in sorted(ROLES):
            group(role)
            self.stdout.write(f"{role}: {len(ROLES[role])} permissions")
