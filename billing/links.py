"""Addresses that a driver can follow without an account: signed, short-lived, and without a plate."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from parking.models import ParkingSession

SALT = "pay"
GOOD_FOR = 6 * 60 * 60  # seconds; a link on a lane's display is followed at once, a phone's later
NOBODY = 0  # no stay has this number: the link of a plate that is not inside


class NoSuchLink(Exception):  # noqa: N818
    """The token is forged, too old, or of another car park."""


def token(session):
    """The token of a stay, or one of the same kind for None: an answer shows nothing by its form."""
    return signing.dumps(f"{session.pk if session else NOBODY:012}", salt=SALT)


def pay_path(session, car_park):
    return reverse("pay_stay", args=[car_park.slug, token(session)])


def pay_url(session):
    return settings.BASE_URL + pay_path(session, session.car_park)


def session_of(signed, car_park):
    """The stay that a token names; None where it names no stay. Raises `NoSuchLink`."""
    try:
        pk = int(signing.loads(signed, salt=SALT, max_age=GOOD_FOR))
    except (signing.BadSignature, ValueError) as error:
        raise NoSuchLink(NoSuchLink.__doc__) from error
    if pk == NOBODY:
        return None
    session = ParkingSession.objects.filter(pk=pk, car_park=car_park).first()
    if session is None:
        raise NoSuchLink(NoSuchLink.__doc__)
    return session
