"""Stays: the list, and one stay with its pictures, its price and its money."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from billing import refunds
from billing.models import Refund
from billing.quotes import quote
from gates.forms import SettleForm, WhyForm
from gates.models import Correction, Passage
from gates.passages import one_at_a_time
from gates.views.site import midnight
from parking.access import may, searched_for
from parking.doubts import settle_these
from parking.forms import ConfirmForm
from parking.models import Confirmation, Doubt, ParkingSession, StayDoubt
from parking.rules import plates
from parking.rules.sessions import state
from parking.stays import confirm, withdraw

A_PAGE = 50
UNCLOSED = Q(failed_at__isnull=False, closed_at=None)  # refunds that wait for a person
LONG = timedelta(days=2)

# Chips above the list: address word -> name, and the stays it shows (car park's zone, now).
SHOWN = {
    "inside": ("Inside", lambda zone, now: ParkingSession.OPEN),
    "settled": ("Paid, not out yet", lambda zone, now: ParkingSession.OPEN & Q(settled_until__gte=now)),
    "long": ("Inside over 2 days", lambda zone, now: ParkingSession.OPEN & Q(entered_at__lt=now - LONG)),
    "left": ("Left today", lambda zone, now: Q(left_at__gte=midnight(zone, now))),
    "doubt": ("Not certain", lambda zone, now: ~Q(doubt="")),
    "review": ("To be reviewed", lambda zone, now: ~Q(doubt="") & Q(left_at__isnull=False, voided_at=None)),
    "all": ("All", lambda zone, now: Q()),
}  # fmt: skip


def _found(request, now):
    """The stays of the chip and of what is searched for; a search looks at all of them."""
    find = searched_for(request)
    word = request.POST.get("show") or request.GET.get("show") or ("all" if find else "inside")
    show = word if word in SHOWN else "inside"
    where = SHOWN[show][1](request.car_park.zone, now)
    return {"show": show, "find": find}, where & _searched(find)


def _searched(find):
    """A plate or a part of one, however it was misread (O as 0), or a permit's holder."""
    if not find:
        return Q()
    holder = Q(permit__holder__icontains=find)
    try:
        return holder | Q(folded__contains=plates.folded(plates.canonical(find)))
    except plates.NotAPlate:
        return holder


def _listed(stays):
    """Stays with what a row shows, in a fixed number of queries."""
    passages = Passage.objects.select_related("lane").prefetch_related("pictures")
    return (
        stays.select_related("car_park", "permit")
        .annotate(received=Sum("payments__amount"))
        .prefetch_related(Prefetch("passages", passages.order_by("seen_at")))
        .order_by("-entered_at", "-id")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("parking.view_parkingsession")
def stays(request):
    """The list. A search comes by POST, so that no plate stands in an address or a log."""
    now = timezone.now()
    asked, where = _found(request, now)
    pages = Paginator(_listed(request.car_park.sessions.filter(where)), A_PAGE)
    page = pages.get_page(request.POST.get("page") or request.GET.get("page"))
    context = {
        **asked,
        "chips": [(word, name) for word, (name, _) in SHOWN.items()],
        "page": page,
        "rows": [_row(stay, now) for stay in page],
    }
    return render(request, "gates/stays.html", context)


def _row(stay, now):
    entry = next(iter(stay.passages.all()), None)
    return {"stay": stay, "state": state(stay, now), "how_long": stay.stay(now), "entry": entry}


@may("parking.view_parkingsession")
def stay(request, pk):
    return _stay_page(request, _stay(request, pk))


def _stay(request, pk):
    return get_object_or_404(_listed(request.car_park.sessions), pk=pk)


def _stay_page(request, found, **more):
    now = timezone.now()
    offer = quote(found, now)
    context = {
        "stay": found,
        "lacks": Doubt(offer.doubt).label if offer.held else "",
        "state": state(found, now),
        "how_long": found.stay(now),
        "passages": found.passages.all(),
        "doubts": found.doubts.filter(settled_at=None),
        "settled": found.doubts.exclude(settled_at=None).select_related("settled_by"),
        "corrections": Correction.objects.filter(passage__session=found).select_related("by"),
        "changes": found.changes.select_related("by"),
        "quote": offer,
        "owed_back": refunds.owed(found, offer),
        "refunds": Refund.objects.filter(Refund.WAITS | UNCLOSED, payment__session=found),
        "confirmations": found.confirmations.select_related("entitlement", "by", "withdrawn_by"),
        "confirm": ConfirmForm(car_park=request.car_park),
        "now": now,
        **more,
    }
    return render(request, "gates/stay.html", context, status=422 if more else 200)


@require_POST
@may("parking.view_parkingsession", "parking.change_staydoubt")
def settle_doubt(request, pk):
    """A person looked at this doubt of a stay, and says why it is none."""
    doubt = get_object_or_404(StayDoubt, pk=pk, session__car_park=request.car_park)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _stay_page(request, _stay(request, doubt.session_id), unsettled=pk, form=form)
    with one_at_a_time(request.car_park.pk):
        rows = StayDoubt.objects.filter(pk=pk)
        settle_these(rows, by=request.user, why=form.cleaned_data["why"], at=timezone.now())
    return redirect("stay", doubt.session_id)


@require_POST
@may("parking.view_parkingsession", "parking.add_confirmation")
def confirm_entitlement(request, pk):
    """Somebody is entitled, for this stay: the price follows at once."""
    found, form = _stay(request, pk), ConfirmForm(request.POST, car_park=request.car_park)
    if not form.is_valid():
        return _stay_page(request, found, confirm=form)
    kind, why = form.cleaned_data["entitlement"], form.cleaned_data["why"]
    with one_at_a_time(request.car_park.pk):
        confirm(found, kind, by=request.user, why=why, now=timezone.now())
    messages.success(request, f"{kind.name} is confirmed for this stay.")
    return redirect("stay", pk)


@require_POST
@may("parking.view_parkingsession", "parking.change_confirmation")
def withdraw_entitlement(request, pk):
    mine = Confirmation.objects.filter(session__car_park=request.car_park)
    found, form = get_object_or_404(mine, pk=pk), WhyForm(request.POST)
    if form.is_valid():
        with one_at_a_time(request.car_park.pk):
            withdraw(found, by=request.user, why=form.cleaned_data["why"], now=timezone.now())
        messages.success(request, "It is withdrawn, and the price follows.")
    else:
        messages.error(request, "Say why it is withdrawn, in a few words.")
    return redirect("stay", found.session_id)
