"""`manage.py person NAME --role operator`: an account; its password is printed once."""

from django.core.management.base import BaseCommand

from parking.roles import ROLES, add_person


class Command(BaseCommand):
    help = "Make an account for a person, or give it another role and a new password."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--role", choices=sorted(ROLES), default="operator")

    def handle(self, *, name, role, **options):
        password = add_person(name, role)
        self.stdout.write(f"{name} may sign in as {role}. Password, shown only now: {password}")
