"""The lanes: what stands before each arm, what needs a person, and the person's orders."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Prefetch, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from gates.forms import WhyForm
from gates.models import Event, Lane, Order, Passage
from gates.passages import ASKS_WITHIN, give_order
from gates.rules.decisions import Reason
from gates.views.live import refreshed
from parking.access import may

TOLD_FOR = timedelta(seconds=30)  # how long a card speaks of an order
STREAM = 14  # passages beside the lanes

# Most harmful first: who cannot get out, then who cannot get in, then who can help himself.
URGENCY = (
    *((Reason.UNREADABLE, "out"), (Reason.NO_SESSION, "out"), (Reason.DOUBT, "out")),
    *((Reason.UNREADABLE, "in"), (Reason.ALREADY_INSIDE, "in"), (Reason.FULL, "in")),
    *((Reason.DUE, "out"), (Reason.BLOCKED, "in")),
)
QUICK_REASONS = ("Plate checked by eye", "Paid at the desk", "Lets a vehicle out", "Emergency")


@dataclass(frozen=True)
class Card:
    """A lane as its card shows it. `passage` is the newest vehicle's; `told` the newest order."""

    lane: Lane
    passage: Passage | None
    trouble: str
    told: Order | None
    now: object

    @property
    def waiting(self):
        """Whether that vehicle stands before the arm now."""
        passage = self.passage
        return bool(
            passage
            and passage.decision != "open"
            and not (passage.opened_at or passage.passed_at or passage.backed_out_at)
            and self.now - passage.asked_at < ASKS_WITHIN
        )

    @property
    def dark(self):
        return self.lane.is_dark(self.now)

    @property
    def health(self):
        """One word for the lane's health, and the whole complaint."""
        if self.lane.revoked_at:
            return "revoked", "Its key is revoked: give it a new one with manage.py lane add."
        if self.lane.last_beat_at is None:
            return "never heard", "It has not reported yet: start its lane worker."
        if self.dark:
            return "dark", "No sign of life: check the lane box and its line."
        ailments = self.lane.ailments()
        if ailments:
            words = {"camera": "blind", "reader": "cannot read", "barrier": "arm fault"}
            return words[ailments[0][0]], "; ".join(f"{part}: {word}" for part, word in ailments)
        return "well", "Camera, reader and barrier are well."

    @property
    def well(self):
        return self.health[0] == "well"

    @property
    def order_lost(self):
        """An order that the lane did not carry out in time: it is void, and a person must know."""
        told = self.told
        return bool(told and not told.done_at and not told.failed and told.expires_at <= self.now)

    @property
    def urgency(self):
        """Where this lane stands among what needs a person; smaller is more harmful."""
        if not self.waiting:
            return (len(URGENCY) + 1, self.now)
        what = (self.passage.reason, self.lane.direction)
        rank = URGENCY.index(what) if what in URGENCY else len(URGENCY)
        return (rank, self.passage.seen_at)


def with_all_shown(passages):
    """Passages with all that a row or a card shows of them, in a fixed number of queries."""
    return passages.select_related("lane__car_park", "session__permit").prefetch_related(
        "pictures", Prefetch("orders", Order.objects.select_related("by"))
    )


def cards(car_park, now, name=None):
    """The cards of all lanes in the order they stand on the site, or of the one with this name."""
    newest = Passage.objects.filter(lane=OuterRef("pk")).order_by("-received_at").values("pk")[:1]
    lanes = Lane.objects.filter(car_park=car_park).annotate(newest=Subquery(newest))
    lanes = list(lanes.filter(name=name) if name else lanes)
    shown = with_all_shown(Passage.objects.all()).in_bulk([lane.newest for lane in lanes])
    troubles = _troubles(shown)
    told = _newest_orders(lanes, now)
    return [
        Card(lane, shown.get(lane.newest), troubles.get(lane.newest, ""), told.get(lane.pk), now)
        for lane in lanes
    ]


def _troubles(passages):
    """What went wrong with the arm for these passages, newest last."""
    kinds = (Event.Kind.OPEN_FAILED, Event.Kind.PULSE_UNKNOWN)
    events = Event.objects.filter(passage_id__in=list(passages), kind__in=kinds).order_by("at")
    return {event.passage_id: event.kind for event in events}


def _newest_orders(lanes, now):
    recent = Order.objects.filter(lane__in=lanes, given_at__gt=now - TOLD_FOR)
    return {order.lane_id: order for order in recent.select_related("by").order_by("given_at")}


def _tasks(all_cards):
    return sorted((card for card in all_cards if card.waiting), key=lambda card: card.urgency)


def _stream(car_park):
    passages = Passage.objects.filter(lane__car_park=car_park).order_by("-received_at", "-id")
    return with_all_shown(passages)[:STREAM]


@may("gates.view_lane")
def lanes(request):
    now = timezone.now()
    shown = cards(request.car_park, now)
    context = {
        "cards": shown,
        "tasks": _tasks(shown),
        "ill": [card for card in shown if not card.well],
        "stream": _stream(request.car_park) if request.user.has_perm("gates.view_passage") else (),
        "quick_reasons": QUICK_REASONS,
    }
    return render(request, "gates/lanes.html", context)


@may("gates.view_lane")
def lane_card(request, name):
    return refreshed(request, "gates/_lane_card.html", {"card": _card(request, name)})


def _card(request, name):
    lane = get_object_or_404(Lane, name=name, car_park=request.car_park)
    return cards(request.car_park, timezone.now(), lane.name)[0]


@may("gates.view_lane")
def tasks(request):
    shown = cards(request.car_park, timezone.now())
    context = {"tasks": _tasks(shown), "ill": [card for card in shown if not card.well]}
    return refreshed(request, "gates/_tasks.html", context)


@may("gates.view_lane", "gates.view_passage")
def stream(request):
    return refreshed(request, "gates/_stream.html", {"stream": _stream(request.car_park)})


def _order(request, name, action):
    """Give the order that a person asks for, or say which reason is missing."""
    lane = get_object_or_404(Lane, name=name, car_park=request.car_park)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _say_why(request, lane, form)
    why = form.cleaned_data["why"]
    give_order(lane, action, by=request.user, why=why, now=timezone.now())
    if not request.htmx:
        return redirect("lanes")
    return render(request, "gates/_lane_card.html", {"card": _card(request, name)})


def _say_why(request, lane, form):
    context = {"lane": lane, "form": form, "quick_reasons": QUICK_REASONS}
    if not request.htmx:
        return render(request, "gates/order.html", context, status=422)
    response = render(request, "gates/_order_form.html", context, status=422)
    return reswap(retarget(response, f"#order-{lane.name}"), "outerHTML")


@require_POST
@may("gates.view_lane", "gates.add_order")
def lane_open(request, name):
    return _order(request, name, Order.Action.OPEN)


@require_POST
@may("gates.view_lane", "gates.add_order")
def lane_hold_open(request, name):
    return _order(request, name, Order.Action.HOLD_OPEN)


@require_POST
@may("gates.view_lane", "gates.add_order")
def lane_release(request, name):
    return _order(request, name, Order.Action.RELEASE)
