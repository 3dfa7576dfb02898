"""Addresses that a driver can follow without an account: signed, short-lived, and without a plate."""

import time

from django.conf import settings
from django.core import signing
from django.urls import reverse

from parking.models import ParkingSession

SALT = "pay"
HOUR = 3600  # seconds
GOOD_FOR = 6  # hours; a link on a lane's display is followed at once, a phone's later
NOBODY = 0  # no stay has this number: the link of a plate that is not inside


class NoSuchLink(Exception):  # noqa: N818
    """The token is forged, too old, or of another car park."""


def token(session):
    """The token of a stay, or one of the same kind for None: an answer shows nothing by its form.

    Made in the same hour it is the same, so that a lane which asks each second shows one QR code.
    """
    hour = int(time.time()) // HOUR
    return signer().sign_object([f"{session.pk if session else NOBODY:012}", hour])


def signer():
    return signing.Signer(salt=SALT)


def pay_path(session, car_park):
    return reverse("pay_stay", args=[car_park.slug, token(session)])


def pay_url(session):
    return settings.BASE_URL + pay_path(session, session.car_park)


def session_of(signed, car_park):
    """The stay that a token names; None where it names no stay. Raises `NoSuchLink`."""
    try:
        pk, hour = signer().unsign_object(signed)
    except signing.BadSignature as error:
        raise NoSuchLink(NoSuchLink.__doc__) from error
    if time.time() // HOUR - hour > GOOD_FOR:
        raise NoSuchLink(NoSuchLink.__doc__)
    pk = int(pk)
    if pk == NOBODY:
        return None
    session = ParkingSession.objects.filter(pk=pk, car_park=car_park).first()
    if session is None:
        raise NoSuchLink(NoSuchLink.__doc__)
    return session
