"""The screen at a lane: what the driver before it reads, and the code that opens the own stay."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gates import displays
from gates.views.live import refreshed


@require_safe
@never_cache
def display(request, token):
    """The whole screen. Its address is signed; it shows one lane, and can do nothing."""
    return render(request, "gates/display.html", _context(token))


@require_safe
@never_cache
def display_now(request, token):
    """What has changed since the screen asked last; 204 where nothing has."""
    return refreshed(request, "gates/_display.html", _context(token))


def _context(token):
    lane = displays.lane_of(token)
    if lane is None:
        raise Http404("This screen's address is not good any more: manage.py lane display NAME.")
    shown = displays.shown(lane, timezone.now())
    return {
        "token": token,
        "shown": shown,
        "car_park": lane.car_park,
        "code": mark_safe(displays.code(shown.pay_url)) if shown.pay_url else "",  # noqa: S308
        "pay_at": _spoken(settings.BASE_URL + reverse("pay", args=[lane.car_park.slug])),
    }


def _spoken(url):
    """An address as one types it."""
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")
