"""`manage.py learn`: count what each lane takes for what, from plates that are known."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from gates.learning import learn, mistaken
from gates.models import Lane


class Command(BaseCommand):
    help = "Count each lane's confusions anew, for matching. Once a day is often enough."

    def handle(self, **options):
        for lane in Lane.objects.filter(revoked_at=None):
            plates = learn(lane, timezone.now())
            worst = ", ".join(f"{t or '-'} as {r or '-'} {n}" for t, r, n, _ in mistaken(lane)[:5])
            self.stdout.write(f"{lane.name}: {plates} known plates{': ' if worst else ''}{worst}")
