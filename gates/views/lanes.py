"""The lanes page: cards, what needs a person, what passes by, and the person's orders."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from gates import review
from gates.forms import WhyForm
from gates.models import Lane, Order, Passage
from gates.passages import give_order
from gates.views.cards import cards, needing_a_person, with_all_shown
from gates.views.live import refreshed
from parking.access import may

STREAM = 14  # passages beside the lanes
QUICK_REASONS = ("Plate checked by eye", "Paid at the desk", "Lets a vehicle out", "Emergency")


def _stream(car_park):
    passages = Passage.objects.filter(lane__car_park=car_park)
    return with_all_shown(passages)[:STREAM]


@may("gates.view_lane")
def lanes(request):
    shown = cards(request.car_park, timezone.now())
    context = {
        "cards": shown,
        **_needs(request, shown),
        "stream": _stream(request.car_park) if request.user.has_perm("gates.view_passage") else (),
        "quick_reasons": QUICK_REASONS,
    }
    return render(request, "gates/lanes.html", context)


@may("gates.view_lane")
def lane_card(request, name):
    return refreshed(request, "gates/_lane_card.html", {"card": _card(request, name)})


def _card(request, name):
    found = cards(request.car_park, timezone.now(), name)
    if not found:
        raise Http404(f"There is no lane '{name}'.")
    return found[0]


@may("gates.view_lane")
def tasks(request):
    context = _needs(request, cards(request.car_park, timezone.now()))
    return refreshed(request, "gates/_tasks.html", context)


def _needs(request, shown):
    """What a person has to do: vehicles that wait, lanes that are not well (what still works last), and
    how many cases wait for review; None for who does not review."""
    ill = sorted((card for card in shown if not card.well), key=lambda card: card.drifts)
    cases = None
    if request.user.has_perm("gates.review_case"):
        cases = review.queue(request.car_park, request.user, timezone.now()).left
    return {"tasks": needing_a_person(shown), "ill": ill, "cases": cases}


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
