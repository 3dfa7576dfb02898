"""What a lane's screen says to the driver before it, and the address that a screen is given.

The screen asks each second and shows the vehicle that stands there at that moment and no other: the one
that came before has taken its plate, its price and its code with it. It can be looked at and nothing
else, so its address may hang in a browser on a wall: it is made with the lane's key, so that a new key,
or a revoked one, ends it.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import segno
from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse

from billing.links import pay_url
from gates.models import Lane, Passage
from gates.rules.decisions import Decision, Reason

SALT = "display"
OPENED_FOR = timedelta(seconds=20)  # so long the answer stands after the arm opened
KEY_SHOWN = 16  # of its hash' characters: enough to tell one key from the next


@dataclass(frozen=True)
class Shown:
    """What stands on a lane's screen: no `passage` while nobody is there. `due` in the smallest unit
    and `pay_url` where something is due."""

    lane: Lane
    passage: Passage | None = None
    message: str = ""
    due: int | None = None
    pay_url: str = ""

    @property
    def colour(self):
        """What its colour means: opened, waiting or refused."""
        names = {Decision.OPEN: "opened", Decision.HOLD: "waiting", Decision.REFUSE: "refused"}
        return names[self.passage.decision]


def address(lane):
    """The address for this lane's screen."""
    token = signing.Signer(salt=SALT).sign_object([lane.pk, lane.key_hash[:KEY_SHOWN]])
    return settings.BASE_URL + reverse("display", args=[token])


def lane_of(token):
    """The lane whose screen has this token; None where it is forged, or the lane's key is another."""
    try:
        number, key = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    lanes = Lane.objects.filter(revoked_at=None).select_related("car_park")
    return lanes.filter(pk=number, key_hash__startswith=key).first()


def shown(lane, now):
    """What this lane's screen shows at `now`."""
    # What was decided alone is told late: its vehicle has gone.
    newest = lane.passages.filter(decided_alone=False).select_related("session__car_park")
    passage = newest.order_by("-received_at").first()
    if passage is None or not _is_there(passage, now):
        return Shown(lane)
    passage.lane = lane
    # Who may pay later is told of the price and shown the code as well, while the arm goes up.
    owes = is_owed(passage) or passage.reason == Reason.PAY_LATER
    return Shown(
        lane,
        passage,
        message(passage),
        passage.due if owes else None,
        pay_url(passage.session) if owes else "",
    )


def _is_there(passage, now):
    if passage.passed_at or passage.backed_out_at:
        return False
    opened = passage.decision == Decision.OPEN and now - passage.decided_at < OPENED_FOR
    return opened or passage.waits(now)


def is_owed(passage):
    """Whether this vehicle is held until its driver pays: not while its owner's card is charged."""
    held = passage.decision == Decision.HOLD and passage.reason != Reason.CHARGING
    return held and (passage.due or 0) > 0


def message(passage):
    """What a display at the lane should say to the driver; one small template for each reason."""
    context = {"passage": passage, "car_park": passage.lane.car_park}
    return " ".join(render_to_string(f"gates/display/{passage.reason}.txt", context).split())


@lru_cache(maxsize=64)
def code(text):
    """A QR code of this text as SVG, black on white with its quiet edge, whatever the screen's colours."""
    drawn = io.BytesIO()
    made = segno.make(text, error="m", micro=False)
    looks = {"border": 4, "light": "#fff", "omitsize": True, "svgclass": "code", "lineclass": None}
    inline = {"xmldecl": False, "svgns": False, "nl": False}
    made.save(drawn, kind="svg", title="The code that opens your stay", **looks, **inline)
    return drawn.getvalue().decode()
