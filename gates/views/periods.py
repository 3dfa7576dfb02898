"""Open barriers and dark lanes: the list, one with the stays it touches, and a person's word on them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gates.forms import PeriodForm, SettleForm
from gates.passages import one_at_a_time
from gates.periods import finish
from parking import periods as acts
from parking.access import may
from parking.models import Period
from parking.rules.sessions import state

A_PAGE = 40
SHOWN_STAYS = 50

# Chips above the list: address word -> what it is called, and which periods it shows.
SHOWN = {
    "open": ("Not settled", Q(settled_at=None)),
    "running": ("Running", Q(ends_at=None)),
    "all": ("All", Q()),
}


@may("parking.view_period")
def periods(request):
    show = request.GET.get("show", "open")
    show = show if show in SHOWN else "open"
    found = request.car_park.periods.filter(SHOWN[show][1]).select_related(
        "opened_by", "closed_by", "settled_by"
    )
    unsettled = Count("doubts", filter=Q(doubts__settled_at=None))
    rows = found.annotate(in_doubt=unsettled).order_by("-starts_at", "-id")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "show": show,
        "chips": [(word, name) for word, (name, _) in SHOWN.items()],
        "page": page,
        "rows": [(one, _length(one)) for one in page],
    }
    return render(request, "gates/periods.html", context)


def _length(period):
    return (period.ends_at or timezone.now()) - period.starts_at


def _period(request, pk):
    return get_object_or_404(Period, pk=pk, car_park=request.car_park)


@may("parking.view_period")
def period(request, pk):
    return _show(request, _period(request, pk), SettleForm())


def _show(request, found, form):
    now = timezone.now()
    touched = acts.touched(found, now)
    context = {
        "period": found,
        "how_long": _length(found),
        "touched": touched.count(),
        "inside": touched.filter(left_at=None).count(),
        "in_doubt": found.doubts.filter(settled_at=None).count(),
        "rows": [
            {"stay": stay, "state": state(stay, now), "how_long": stay.stay(now)}
            for stay in touched.select_related("permit")[:SHOWN_STAYS]
        ],
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "gates/period.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may("parking.view_period", "parking.add_period")
def period_add(request):
    """Somebody says that a barrier stood open or a lane was off, though no lane told of it."""
    now = timezone.now()
    form = PeriodForm(request.POST or None, car_park=request.car_park, now=now)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "gates/period_form.html", {"form": form}, status=status)
    with one_at_a_time(request.car_park.pk):
        added = form.save(by=request.user)
        if added.ends_at:
            finish(added, at=added.ends_at, now=now, by=request.user)
    return redirect("period", added.pk)


@require_POST
@may("parking.view_period", "parking.change_period")
def period_end(request, pk):
    now = timezone.now()
    with one_at_a_time(request.car_park.pk):
        finish(_period(request, pk), at=now, now=now, by=request.user)
    return redirect("period", pk)


@require_POST
@may("parking.view_period", "parking.change_staydoubt")
def period_settle(request, pk):
    """One act for all stays that it touched: they are priced again, and it doubts nobody any more."""
    found = _period(request, pk)
    form = SettleForm(request.POST)
    if form.is_valid() and found.ends_at is None:
        form.add_error("why", "It runs still. End it first, then say what you looked at.")
    if not form.is_valid():
        return _show(request, found, form)
    with one_at_a_time(request.car_park.pk):
        why = form.cleaned_data["why"]
        number = acts.settle(found, by=request.user, why=why, at=timezone.now())
    messages.success(request, f"Settled. {number} doubt{'' if number == 1 else 's'} gone.")
    return redirect("period", pk)
