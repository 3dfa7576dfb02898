"""`manage.py receipts --check`: compute every receipt again from its facts, and say what differs."""

import json

from django.core.management.base import BaseCommand, CommandError

from billing.explain import check
from billing.rules.tariffs import kept


class Command(BaseCommand):
    help = "Compute the lines of every receipt again, from the facts that were kept with it alone."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", required=True)
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, **options):
        checked = check()
        if options["json"]:
            self.stdout.write(json.dumps(_plain(checked), indent=1))
        else:
            for one in checked.differences:
                self.stdout.write(f"{one.receipt}: shows {one.shown}, facts give {one.computed}")
            self.stdout.write(f"{checked.sentence}.")
        if checked.differences:
            raise CommandError("Some receipts do not follow from their facts.")


def _plain(checked):
    return {
        "receipts": checked.receipts,
        "lines": checked.lines,
        "unexplained": checked.unexplained,
        "differences": [
            {
                "receipt": one.receipt,
                "shown": one.shown and kept(one.shown),
                "computed": one.computed and kept(one.computed),
            }
            for one in checked.differences
        ],
    }
