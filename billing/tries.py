"""What a phone may ask about plates, and how often: nobody shall list who is inside.

What a stranger could learn, and what stops it:

- *Is this very plate inside?* Who types a whole plate knows it already; the answer shows its crop, the
  price, and the hour in which it came. A plate that is not inside costs one point, one that is costs
  nothing, for a phone network has one address for many honest drivers.
- *Which plates are inside?* That is what pictures of cars would tell, so they are shown only for nearly
  a whole plate (`parking.rules.typed`): one character wrong, missing or too many, or the first two not
  typed, and never fewer than five typed. Who makes up such a text from the districts and years that are
  common here hits one of 400 cars inside with one guess of a hundred at best; by the first four
  characters two guesses of three would. `benchmarks/guesses.py` measures it. Pictures cost SHOWN points,
  and nobody is shown any while a car park is being guessed at (PICTURES_UNTIL).
- *Many addresses* have one budget together: the more guesses miss at one car park, the fewer each address
  has (`ALLOWED`). It shrinks and never ends, or a dozen addresses could stop everybody from paying; and
  the code on the lane's display costs no point at all.

Counted are points within WITHIN. An address is one IPv4 address, or the first half of an IPv6 address: a
home or a rented machine has all of the other half.
"""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db.models import Sum
from django.utils.crypto import salted_hmac

from billing.models import PlateTry

WITHIN = timedelta(minutes=10)
MISS = 1  # a plate that is not inside
SHOWN = 3  # pictures of the cars that it could be
LETTER = 4  # a receipt or a reminder by e-mail
DISPUTE = 10  # to say that a stay is not one's own
GUESSED = (MISS, SHOWN)  # of these points are guesses; nobody guesses by the others
# Points of misses at one car park so far -> points that one address may have.
ALLOWED = ((2000, 3), (300, 10), (0, 30))
MOST = ALLOWED[-1][1]
PICTURES_UNTIL = 60  # points at one car park; a busy one has some thirty by honest slips


class TooMany(Exception):  # noqa: N818
    """This address guessed too often; the message says what to do instead."""


def begin(request, car_park, now, points=MISS):
    """Count a try; returns it. Raises `TooMany`. Counted before looking, so that a hundred at once
    get no more answers than a hundred in a row."""
    who = salted_hmac("plate try", address(request)).hexdigest()
    tried = PlateTry.objects.create(who=who, car_park=car_park, at=now, points=points)
    lately = PlateTry.objects.filter(at__gt=now - WITHIN)
    if _points(lately.filter(who=who)) > allowed(_guessed(lately, car_park)):
        tried.delete()  # what was not answered is no guess: one address cannot use up the others' budget
        raise TooMany(
            "Too many plates were typed from your connection. Try again in ten minutes, "
            "or press the call button at the barrier."
        )
    return tried


def allowed(missed):
    """How many points one address may have while a car park has `missed` points of guesses."""
    return next(points for since, points in ALLOWED if missed >= since)


def may_show_cars(tried):
    """Whether this try may be answered with pictures: not where a car park is being guessed at."""
    lately = PlateTry.objects.filter(at__gt=tried.at - WITHIN)
    mine = _points(lately.filter(who=tried.who))
    return (
        _guessed(lately, tried.car_park_id) <= PICTURES_UNTIL
        and mine - tried.points + SHOWN <= MOST
    )


def _guessed(tries, car_park):
    """The points of the guesses at this car park among these tries."""
    return _points(tries.filter(car_park=car_park, points__in=GUESSED))


def _points(tries):
    return tries.aggregate(sum=Sum("points"))["sum"] or 0


def close(tried, *, was_inside, shown=False):
    """Finding a car is no guess: a phone network shares one address among many honest drivers.

    Either way something is written, so that the answer takes the same time.
    """
    if was_inside:
        tried.delete()
        return
    if shown:
        tried.points = SHOWN
        tried.save(update_fields=["points"])
    PlateTry.objects.filter(at__lte=tried.at - WITHIN).delete()


def address(request):
    """The client's address. Behind a proxy it is the last one named, for the proxy wrote that."""
    named = request.META["REMOTE_ADDR"]
    if settings.SECURE_PROXY_SSL_HEADER:
        named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or named
    return _neighbourhood(named)


def _neighbourhood(named):
    try:
        found = ipaddress.ip_address(named)
    except ValueError:
        return named
    if found.version == 4 or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ipaddress.ip_network((found, 64), strict=False))
