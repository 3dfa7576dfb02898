"""The desk: a person takes cash or a card terminal's payment, in a shift with a drawer."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import desk, payments
from billing.forms.desk import CloseShiftForm, OpenShiftForm, TakeForm
from billing.models import Shift, token
from billing.quotes import quote
from billing.templatetags.money import money
from parking.access import may, searched_for

SHIFTS_SHOWN = 20


def at_desk(view):
    """A page for who takes money: gives the view `request.shift`, or sends to where one is opened."""

    @may("billing.take_payment")
    def with_shift(request, *words, **named):
        request.shift = desk.shift_of(request.user, request.car_park)
        if request.shift is None:
            return redirect("desk")
        return view(request, *words, **named)

    return with_shift


@require_http_methods(["GET", "HEAD", "POST"])
@may("billing.take_payment")
def desk_page(request):
    """Find the stay that somebody wants to pay; by POST, so that no plate stands in an address."""
    shift = desk.shift_of(request.user, request.car_park)
    if shift is None:
        return _ask_float(request, OpenShiftForm(currency=request.car_park.currency))
    now, find = timezone.now(), searched_for(request)
    stays = desk.found(request.car_park, find, now) if find else []
    context = {
        "shift": shift,
        "find": find,
        "rows": [
            {"stay": stay, "offer": quote(stay, now), "how_long": stay.stay(now)} for stay in stays
        ],
        **_drawer(shift),
    }
    return render(request, "billing/desk.html", context)


def _drawer(shift):
    sums = desk.takings(shift)
    return {
        "cash": sums.get("cash", 0),
        "terminal": sums.get("terminal", 0),
        "currency": shift.car_park.currency,
    }


def _ask_float(request, form, *, status=200):
    shifts = Shift.objects.filter(car_park=request.car_park, by=request.user)
    context = {
        "form": form,
        "shifts": shifts.select_related("car_park")[:SHIFTS_SHOWN],
        "currency": request.car_park.currency,
    }
    return render(request, "billing/desk_open.html", context, status=status)


@require_POST
@may("billing.take_payment")
def open_shift(request):
    form = OpenShiftForm(request.POST, currency=request.car_park.currency)
    if not form.is_valid():
        return _ask_float(request, form, status=422)
    try:
        desk.open_shift(request.car_park, by=request.user, now=timezone.now(), **form.cleaned_data)
    except desk.NotPossible as why:
        form.add_error(None, str(why))
        return _ask_float(request, form, status=409)
    return redirect("desk")


@require_safe
@at_desk
def desk_stay(request, pk):
    return _show_stay(request, _stay(request, pk))


def _stay(request, pk):
    return get_object_or_404(request.car_park.sessions.select_related("car_park"), pk=pk)


def _show_stay(request, stay, *, form=None, status=200):
    now = timezone.now()
    context = {
        "stay": stay,
        "offer": quote(stay, now),
        "how_long": stay.stay(now),
        "key": token(),
        "form": form,
        "payments": stay.payments.all(),
        "shift": request.shift,
    }
    return render(request, "billing/desk_stay.html", context, status=status)


@require_POST
@at_desk
def desk_take(request, pk):
    stay = _stay(request, pk)
    form = TakeForm(request.POST, currency=request.car_park.currency)
    if not form.is_valid():
        return _show_stay(request, stay, form=form, status=422)
    try:
        payment = desk.take(stay, shift=request.shift, now=timezone.now(), **form.cleaned_data)
    except (payments.NothingDue, payments.PriceChanged, desk.NotPossible) as why:
        form.add_error(None, str(why))
        stay.refresh_from_db()
        return _show_stay(request, stay, form=form, status=409)
    messages.success(request, _taken(payment, form.cleaned_data.get("given")))
    return redirect("desk_stay", pk)


def _taken(payment, given):
    told = f"{money(payment.amount, payment.currency)} taken."
    if payment.provider == "cash" and given is not None:
        told += f" Change: {money(given - payment.amount, payment.currency)}."
    return told


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def close_shift(request):
    """Count first: what is expected is said only when something else was counted."""
    shift, currency = request.shift, request.car_park.currency
    known = {"currency": currency, "expected": desk.expected(shift)}
    if request.method != "POST":
        return _ask_count(request, CloseShiftForm(**known))
    form = CloseShiftForm(request.POST, **known)
    if not form.is_valid():
        return _ask_count(request, form, status=422)
    try:
        desk.close_shift(shift, now=timezone.now(), **form.cleaned_data)
    except desk.NotPossible as why:
        form.add_error(None, str(why))
        return _ask_count(request, form, status=409)
    return redirect("shift", shift.pk)


def _ask_count(request, form, *, status=200):
    context = {"form": form, "shift": request.shift}
    return render(request, "billing/desk_close.html", context, status=status)


@require_safe
@may("billing.take_payment")
def shift_page(request, pk):
    """One shift: what it took, what was counted. Others' shifts are for who may see the day's money."""
    shifts = Shift.objects.filter(car_park=request.car_park).select_related("by", "car_park")
    if not request.user.has_perm("billing.export_payment"):
        shifts = shifts.filter(by=request.user)
    shift = get_object_or_404(shifts, pk=pk)
    context = {
        "shift": shift,
        "payments": shift.payments.select_related("session"),
        "expected": desk.expected(shift) if shift.closed_at is None else shift.expected,
        **_drawer(shift),
    }
    return render(request, "billing/shift.html", context)
