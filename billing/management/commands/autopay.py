"""`manage.py autopay`: what the moment left undone. To be run every few minutes."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.autopay import agreements, charges, letters


class Command(BaseCommand):
    help = "Find out what became of charges without an answer, and send the letters that were not sent."

    def add_arguments(self, parser):
        parser.add_argument("--tell", action="store_true", help="Send letters only.")

    def handle(self, *args, tell, **options):
        now = timezone.now()
        if not tell:
            self.stdout.write(f"{charges.sweep(now)} charges found out")
            self.stdout.write(f"{agreements.forget_the_begun(now)} never confirmed, and forgotten")
        self.stdout.write(f"{agreements.tell_of_cards(now)} cards expire soon")
        self.stdout.write(f"{letters.sweep(now)} letters sent that had not been")
