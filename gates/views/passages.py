"""Passages: the live list, one passage with all that was said of it, and a person's correction."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gates.forms import PlateForm
from gates.models import Event, Finding, Passage
from gates.passages import correct
from gates.rules.decisions import Reason
from gates.views.cards import with_all_shown
from gates.views.live import refreshed
from parking.access import may

A_PAGE = 40

# Chips above the list: address word -> what it is called, and which passages it shows.
SHOWN = {
    "all": ("All", Q()),
    "unread": ("Not read", Q(reason=Reason.UNREADABLE) | Q(plate_read="")),
    "held": ("Not let through", Q(opened_at=None) & ~Q(decision="open")),
    "alone": ("Decided by the lane alone", Q(decided_alone=True)),
    "corrected": ("Corrected", Q(corrected=True)),
}


@dataclass(frozen=True)
class Said:
    """One line of a passage's history: `kind` names the text (gates/history/<kind>.html)."""

    at: datetime
    kind: str
    fact: object


def _chosen(request):
    show = request.GET.get("show", "all")
    return show if show in SHOWN else "all"


def _list(request):
    """The page of passages that is asked for, newest first."""
    show = _chosen(request)
    passages = Passage.objects.filter(SHOWN[show][1], lane__car_park=request.car_park)
    pages = Paginator(with_all_shown(passages), A_PAGE)
    return {"show": show, "page": pages.get_page(request.GET.get("page"))}


@may("gates.view_passage")
def passages(request):
    chips = [(word, name) for word, (name, _) in SHOWN.items()]
    return render(request, "gates/passages.html", {"chips": chips, **_list(request)})


@may("gates.view_passage")
def passages_now(request):
    return refreshed(request, "gates/_passages.html", _list(request))


def _passage(request, pk):
    shown = with_all_shown(Passage.objects.filter(lane__car_park=request.car_park))
    return get_object_or_404(shown, pk=pk)


@may("gates.view_passage")
def passage(request, pk):
    found = _passage(request, pk)
    return render(request, "gates/passage.html", {"passage": found, "history": history(found)})


def history(found):
    """All that was said of a passage, in the order in which it happened."""
    events = Event.objects.filter(passage_id=found.pk, lane=found.lane)
    said = [
        Said(found.seen_at, "seen", found),
        *(Said(answer.at, "answer", answer) for answer in found.answers.all()),
        *(Said(event.at, "event", event) for event in events),
        *(Said(order.given_at, "order", order) for order in found.orders.all()),
        *(Said(one.at, "correction", one) for one in found.corrections.select_related("by")),
        *(Said(one.at, "finding", one) for one in _findings(found)),
    ]
    return sorted(said, key=lambda line: line.at)


def _findings(found):
    """What reviewers said of this passage beside their corrections, which stand for themselves."""
    said = Finding.objects.filter(Q(case__passage=found) | Q(passage=found), correction=None)
    return said.select_related("by")


@require_http_methods(["GET", "HEAD", "POST"])
@may("gates.view_passage", "gates.add_correction")
def correct_plate(request, pk):
    found = _passage(request, pk)
    if request.method != "POST":
        return _ask_plate(request, found, PlateForm(initial={"plate": found.plate}))
    form = PlateForm(request.POST)
    if not form.is_valid():
        return _ask_plate(request, found, form)
    plate, why = form.cleaned_data["plate"], form.cleaned_data["why"]
    correct(found, plate, by=request.user, why=why, now=timezone.now())
    if request.htmx:
        return render(request, "gates/_type_plate.html", {"passage": found, "typed": True})
    return redirect("passage", found.pk)


def _ask_plate(request, found, form):
    """The form: a page of its own, or the part of a lane's card that asked."""
    template = "gates/_type_plate.html" if request.htmx else "gates/correct_plate.html"
    status = 422 if form.errors else 200
    return render(request, template, {"passage": found, "form": form}, status=status)
