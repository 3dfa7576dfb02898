"""What owners of an autopay are told by e-mail: one letter for each event, one template for each kind.

An event is claimed before its letter is written, so that two processes write one; who dies in between
leaves it to the next sweep (`manage.py autopay --tell`). Told twice is better than not told.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from billing.models import AgreementEvent

WRITES_WITHIN = timedelta(minutes=5)  # who took longer has died
TOLD_FOR = timedelta(days=7)  # what could not be sent by then helps nobody

log = logging.getLogger(__name__)


def tell(pk, now):
    """Send the letter of this event, if nobody has; whether it is sent now. Never raises."""
    untold = Q(telling_at=None) | Q(telling_at__lte=now - WRITES_WITHIN)
    ours = AgreementEvent.objects.filter(untold, pk=pk, told_at=None)
    if not ours.update(telling_at=now):
        return False
    event = AgreementEvent.objects.select_related("agreement__car_park", "autopay_try").get(pk=pk)
    try:
        letter(event).send()
    except Exception as error:  # whatever a mail server does, the stay must go on
        log.warning("the letter of %s was not sent: %s", event, type(error).__name__)
        AgreementEvent.objects.filter(pk=pk).update(telling_at=None)
        return False
    AgreementEvent.objects.filter(pk=pk).update(told_at=now)
    return True


def letter(event):
    """The e-mail of an event; the first line of its template is the subject."""
    agreement = event.agreement
    zone = agreement.car_park.zone
    with timezone.override(zone):
        context = {
            "event": event,
            "agreement": agreement,
            "car_park": agreement.car_park,
            "page": settings.BASE_URL + agreement.get_absolute_url(),
            "base": settings.BASE_URL,
        }
        words = render_to_string(f"billing/letters/autopay_{event.kind}.txt", context)
    subject, _, body = words.strip().partition("\n")
    return EmailMessage(subject.strip(), f"{body.strip()}\n", to=[agreement.email])


def sweep(now):
    """Send all letters that were not sent yet; returns how many were."""
    waiting = AgreementEvent.objects.filter(told_at=None, at__gt=now - TOLD_FOR)
    return sum(tell(pk, now) for pk in waiting.values_list("pk", flat=True))
