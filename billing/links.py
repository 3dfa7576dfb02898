"""Addresses that a driver can follow without an account: signed, short-lived, and without a plate."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from parking.models import ParkingSession

SALT = "pay"
GOOD_FOR = 6 * 60 * 60  # seconds; a link on a lane's display is followed at once, a phone's later


def token(session):
    return signing.dumps(session.pk, salt=SALT)


def pay_url(session):
    path = reverse("pay_stay", args=[session.car_park.slug, token(session)])
    return settings.BASE_URL + path


def session_of(signed, car_park):
    """The stay that a token names, or None when it is forged, too old, or of another car park."""
    try:
        pk = signing.loads(signed, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    return ParkingSession.objects.filter(pk=pk, car_park=car_park).first()
