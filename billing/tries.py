"""How often one address may type plates that are not inside: nobody shall list who is."""

from datetime import timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

from billing.models import PlateTry

MOST = 10
WITHIN = timedelta(minutes=10)


class TooMany(Exception):  # noqa: N818
    """This address guessed too often; the message says what to do instead."""


def begin(request, now):
    """Count a try; returns it. Raises `TooMany`. Counted before looking, so that a hundred at once
    get no more answers than a hundred in a row."""
    who = salted_hmac("plate try", address(request)).hexdigest()
    tried = PlateTry.objects.create(who=who, at=now)
    if PlateTry.objects.filter(who=who, at__gt=now - WITHIN).count() > MOST:
        close(tried, was_inside=False)
        raise TooMany(
            "Too many plates were typed from your connection. Try again in ten minutes, "
            "or press the call button at the barrier."
        )
    return tried


def close(tried, *, was_inside):
    """Finding a car is no guess: a phone network shares one address among many honest drivers.

    Either way something is deleted, so that the answer takes the same time.
    """
    if was_inside:
        tried.delete()
    else:
        PlateTry.objects.filter(at__lte=tried.at - WITHIN).delete()


def address(request):
    """The client's address. Behind a proxy it is the last one named, for the proxy wrote that."""
    if settings.SECURE_PROXY_SSL_HEADER:
        named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return named or request.META["REMOTE_ADDR"]
    return request.META["REMOTE_ADDR"]
