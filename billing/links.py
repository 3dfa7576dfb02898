"""Addresses that a driver can follow without an account: signed, short-lived, and without a plate.

A link says how its holder came by it, for that decides how long it is good for and what it shows: who
typed a plate may be anybody who read it on a car; who photographed the lane's display stood at it.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from parking.models import ParkingSession

SALT = "pay"
BEAT = (
    600  # seconds; links made in the same beat are the same, so that a display's code stands still
)
NOBODY = 0  # no stay has this number: the link of a plate that is not inside
MOST_CARS = 4  # so many can be looked at on a phone; more were a list of who is inside
GONE_FOR = timedelta(
    minutes=10
)  # a display's link is spent when its car has paid and left so long ago


class By(StrEnum):
    TYPED = "t"  # a whole plate, which anybody can read on the street
    CARS = "c"  # nearly a plate, or a part of one: the cars that it could be
    LANE = "l"  # the code on the lane's display, before which the car stands


HOUR = 3600
GOOD_FOR = {By.TYPED: 6 * HOUR, By.CARS: HOUR // 4, By.LANE: HOUR}


class NoSuchLink(Exception):  # noqa: N818
    """The token is forged, too old, spent, or of another car park."""


@dataclass(frozen=True)
class Link:
    """What a token says: how its holder came by it, and the stays it opens (none: not inside)."""

    by: By
    stays: tuple

    @property
    def stay(self):
        return next(iter(self.stays), None)

    @property
    def knows(self):
        """Whether its holder was told of this stay at the car park itself, not only typed a plate."""
        return self.by == By.LANE


def token(session, by=By.TYPED):
    """The token of a stay, or one of the same kind for None: an answer shows nothing by its form."""
    return _signed(by, [session.pk if session else NOBODY])


def token_of_cars(sessions):
    """The token of an answer to what was typed: the cars it could be, MOST_CARS at most."""
    return _signed(By.CARS, [one.pk for one in sessions][:MOST_CARS])


def token_of_answer(session, cars):
    """The token with which a typed plate is answered: of one form for a stay, for cars, for nobody."""
    return token_of_cars(cars) if cars else _signed(By.TYPED, [session.pk] if session else [])


def _signed(by, numbers):
    places = (
        1 if by == By.LANE else MOST_CARS
    )  # a display's code is the easier to read, the shorter
    padded = [*numbers, *[NOBODY] * places][:places]
    return signer().sign_object([by, [f"{one:09}" for one in padded], int(time.time()) // BEAT])


def signer():
    return signing.Signer(salt=SALT)


def pay_path(session, car_park, by=By.TYPED):
    return reverse("pay_stay", args=[car_park.slug, token(session, by)])


def pay_url(session, by=By.LANE):
    return settings.BASE_URL + pay_path(session, session.car_park, by)


def read(signed, car_park):
    """The `Link` that a token is. Raises `NoSuchLink`."""
    try:
        by, numbers, beat = signer().unsign_object(signed)
        link = By(by)
        wanted = [int(one) for one in numbers if int(one) != NOBODY]
        age = time.time() - beat * BEAT
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NoSuchLink(NoSuchLink.__doc__) from error
    stays = ParkingSession.objects.filter(pk__in=wanted, car_park=car_park).order_by("pk")
    if age > GOOD_FOR[link] + BEAT or len(stays) < len(wanted):
        raise NoSuchLink(NoSuchLink.__doc__)
    if link == By.LANE and stays and _is_over(stays[0]):
        raise NoSuchLink(NoSuchLink.__doc__)
    return Link(link, tuple(stays))


def _is_over(session):
    """Whether the next car may stand before the display by now: this one has gone, and not just now."""
    return session.left_at is not None and timezone.now() - session.left_at > GONE_FOR


def session_of(signed, car_park):
    """The stay that a token names; None where it names no stay. Raises `NoSuchLink`, also where it
    names several."""
    link = read(signed, car_park)
    if link.by == By.CARS:
        raise NoSuchLink(NoSuchLink.__doc__)
    return link.stay
