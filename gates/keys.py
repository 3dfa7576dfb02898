"""Who is a lane: its key in the header `Authorization: Lane <key>`."""

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header

from gates.models import Lane, hashed


class LaneIdentity:
    """The authenticated party of a request: a lane, no person."""

    is_authenticated = True

    def __init__(self, lane):
        self.lane = lane


class LaneKey(BaseAuthentication):
    """`Authorization: Lane <key>`. The key is looked up on each request, so that revoking it holds
    from the next one on."""

    def authenticate(self, request):
        kind, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "lane":
            return None
        lane = (
            Lane.objects.filter(key_hash=hashed(key.strip()), revoked_at=None)
            .select_related("car_park")
            .first()
        )
        if lane is None:
            raise exceptions.AuthenticationFailed(
                "This lane key is wrong or revoked: make a new one with manage.py lane add."
            )
        return LaneIdentity(lane), None

    def authenticate_header(self, request):
        return "Lane"
